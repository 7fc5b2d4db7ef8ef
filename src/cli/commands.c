/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <stddef.h>

#define FORMAT_OPTION                                                                      \
    {                                                                                      \
        "format", "ids|ftm|csv", "what the file is; else it is recognised"                 \
    }

const struct command commands[] = {
    {
        .name = "check",
        .synopsis = "VALUE",
        .summary = "say what is wrong with an identifier, and what it might be",
        .description =
            "Reads one identifier (a container, ship, device, account or document number, "
            "a "
            "phone, a plate, a machine-readable line ...), brings it into the form that "
            "Enlace "
            "compares, checks its digits, and says in a sentence what is wrong. What it "
            "may have "
            "been meant to be is listed; nothing is ever corrected without you.\n\n"
            "Without --as every kind of identifier that the text could be is shown.",
        .options = {{"as", "KIND",
                     "what it is meant to be: container, imo, imei, iban, vin ..."},
                    {"country", "XX", "the country it comes from, for phones and plates"}},
        .run = run_check,
    },
    {
        .name = "keys",
        .synopsis = "FILE | SCHEMA property=value ...",
        .summary = "show the keys by which records are compared",
        .description =
            "Prints every key of every record of a file, or of one record typed here, as "
            "class:value with its min-entropy in bits. These, and nothing else, are what a "
            "blind "
            "comparison works on. Records of protected persons are keyed here, on your own "
            "machine, and marked.",
        .options = {FORMAT_OPTION,
                    {"map", "FILE", "how the columns of a CSV become properties"},
                    {"country", "XX", "read national phone numbers as this country's"},
                    {"rejects", "FILE", "write the rows that cannot be used there"},
                    {"quiet", NULL, "count only; print no key"}},
        .run = run_keys,
    },
    {
        .name = "link",
        .synopsis = "A [B]",
        .summary = "say which records of two files, or of one, are the same thing",
        .description =
            "Compares two files record by record and prints the pairs that are the same "
            "person, "
            "company, ship, phone ... with the reasons. With one file: duplicates within "
            "it.\n\n"
            "--keys decides by keys alone. --private does the same blind, between two "
            "processes "
            "of which each holds one file: neither file is disclosed, and the answer is "
            "exactly "
            "that of --keys. Without either, a little more is found by comparing in the "
            "clear.\n\n"
            "Between two files, witnesses, victims, informants and minors take no part.",
        .options = {{"map-a", "FILE", "how the columns of A become properties"},
                    {"map-b", "FILE", "how the columns of B become properties"},
                    {"map", "FILE", "the same mapping for both files"},
                    FORMAT_OPTION,
                    {"keys", NULL, "decide by keys alone, in the clear"},
                    {"private", NULL, "compare blind, between two processes"},
                    {"transcript", "FILE",
                     "with --private: keep all that passed between them; "
                     "FILE.seed keeps the secret that `link audit` needs"},
                    {"truth", "COL[:REGEX]",
                     "rows with the same label are the same thing: "
                     "measure recall and precision"},
                    {"country", "XX", "read national phone numbers as this country's"},
                    {"rejects", "FILE", "write the unusable rows of A there"},
                    {"pairs", "FILE",
                     "instead: decide each labelled pair of names in a CSV"},
                    {"left", "COL", "with --pairs: column of the first name"},
                    {"right", "COL", "with --pairs: column of the second name"},
                    {"schema", "COL", "with --pairs: column of the schema"}},
        .run = run_link,
    },
    {
        .name = "link audit",
        .synopsis = "TRANSCRIPT A",
        .summary = "prove that a blind comparison asked for nothing but file A",
        .description = "Derives every byte that the asking side sent, padding included, "
                       "from the secret seed "
                       "and file A, and compares it with the transcript. Says \"valid\" "
                       "only when all of it "
                       "is the same: no item was changed, added or left out.",
        .options = {{"seed", "FILE", "the secret; else TRANSCRIPT.seed"},
                    {"map", "FILE", "how the columns of A become properties"},
                    FORMAT_OPTION,
                    {"country", "XX", "as given to the comparison"}},
        .run = run_link_audit,
    },
    {
        .name = "completion",
        .synopsis = "",
        .summary = "print the completion script for bash",
        .description = "Use it with: source <(enlace completion)",
        .run = run_completion,
    },
    {
        .name = "manual",
        .synopsis = "",
        .summary = "print the manual page",
        .description = "In man's own format: enlace manual | man -l -",
        .run = run_manual,
    },
    {
        .name = "help",
        .synopsis = "[COMMAND]",
        .summary = "list the commands, or explain one",
        .description = "Also: enlace COMMAND --help",
        .run = run_help,
    },
    {
        .name = "version",
        .synopsis = "",
        .summary = "print the version of the program and of its normaliser",
        .description = "Two nodes compare keys only when their normalisers are the same: "
                       "the version names "
                       "the rules and the libraries that take part in them.",
        .run = run_version,
    },
};

const size_t command_count = sizeof commands / sizeof commands[0];
