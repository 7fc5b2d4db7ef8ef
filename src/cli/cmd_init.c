/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"
#include "cli/json_line.h"
#include "cli/way_in.h"

#include "base/text.h"
#include "record/country.h"

#include <stdio.h>

enum { CODE_MAX = 32 };

/* The first-run text: docs/safeguards say the same at length. */
static const char prohibited[] =
    "Not to be used for: matters of a political, religious, racial or military character\n"
    "(INTERPOL's Constitution, article 3); journalists' sources and what lawyers and "
    "their\n"
    "clients say to each other; people for no more than that they use drugs.\n"
    "Every act, reading included, becomes an entry of a log that nobody can rewrite "
    "unseen.\n";

static int check_code(const struct arguments *arguments, const char *code)
{
    size_t len = strlen(code);
    bool good = len > 0 && len <= CODE_MAX;
    for (size_t i = 0; i < len && good; i++)
        good = is_letter((uint8_t)code[i]) || is_digit((uint8_t)code[i]) || code[i] == '-';
    if (!good)
        return misused(
            arguments,
            "--code %s: the code of an agency has 1 to %d letters, digits and hyphens",
            code, CODE_MAX);
    return EXIT_DONE;
}

static int check_language(const struct arguments *arguments, const char *language)
{
    static const char *const languages[] = {"en", "es", "fr", "pt"};
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++)
        if (strcmp(language, languages[i]) == 0)
            return EXIT_DONE;
    return misused(arguments, "--language %s: the languages are en, es, fr and pt",
                   language);
}

static int copy_setting(char out[STORE_WORD_MAX], const struct arguments *arguments,
                        const char *option, const char *text)
{
    if (strlen(text) >= STORE_WORD_MAX || !utf8_valid(bytes_text(text)))
        return misused(arguments, "--%s is a text in UTF-8 of at most %d bytes", option,
                       STORE_WORD_MAX - 1);
    memcpy(out, text, strlen(text) + 1);
    return EXIT_DONE;
}

static int read_settings(struct store_settings *settings, const struct arguments *arguments)
{
    const char *agency = argument(arguments, "code"), *name = argument(arguments, "name");
    const char *country = argument(arguments, "country");
    const char *language = argument(arguments, "language");
    const char *purpose = argument(arguments, "purpose");
    struct err err = {0};
    if (arguments->count != 1)
        return misused(arguments, "name the folder of the new node");
    if (agency == NULL || country == NULL)
        return misused(arguments, "a node needs --code and --country");
    const char *known = country_find(bytes_text(country));
    if (known == NULL)
        return misused(arguments,
                       "--country %s: no country of ISO 3166 (XA to XZ are fictional)",
                       country);
    if (name != NULL && !text_is_plain_line(bytes_text(name)))
        return misused(arguments, "--name is one line of text, of signs that are seen");
    int code = check_code(arguments, agency);
    if (code == EXIT_DONE && language != NULL)
        code = check_language(arguments, language);
    if (code == EXIT_DONE)
        code = copy_setting(settings->agency, arguments, "code", agency);
    if (code == EXIT_DONE)
        code =
            copy_setting(settings->name, arguments, "name", name != NULL ? name : agency);
    if (code == EXIT_DONE)
        code = copy_setting(settings->country, arguments, "country", known);
    if (code == EXIT_DONE)
        code = copy_setting(settings->language, arguments, "language",
                            language != NULL ? language : "en");
    settings->fiction = argument(arguments, "fiction") != NULL;
    settings->purpose = PURPOSE_INVESTIGATION;
    if (code == EXIT_DONE && purpose != NULL &&
        purpose_parse(&settings->purpose, bytes_text(purpose), &err) != OK)
        code = misused(arguments, "--purpose %s: %s", purpose, err.text);
    return code;
}

static void answer(const struct arguments *arguments, const struct store_settings *settings,
                   const char *login, const struct vault_last *last)
{
    char verifier[CHECKPOINT_VERIFIER_MAX];
    const char *folder = arguments->words[0];
    checkpoint_verifier(verifier, last->public_key);
    if (arguments->json) {
        struct json_line line;
        json_line_begin(&line);
        json_text_member(&line.json, "node", folder);
        json_text_member(&line.json, "agency", settings->agency);
        json_key(&line.json, "fiction");
        json_put_bool(&line.json, settings->fiction);
        json_text_member(&line.json, "user", login);
        json_key(&line.json, "roles");
        json_begin_list(&line.json);
        json_put_text(&line.json, BYTES_OF("analyst"));
        json_put_text(&line.json, BYTES_OF("administrator"));
        json_end_list(&line.json);
        json_text_member(&line.json, "key", verifier);
        json_line_end(&line);
    }
    /* Beside an answer for machines the text is for the person in front of it. */
    fprintf(
        arguments->json ? stderr : stdout,
        "The node of %s (%s) stands in %s.%s\n"
        "You are \"%s\": analyst, and administrator until a second user takes one of the "
        "two.\n"
        "Others check its log with the key\n  %s\n\n"
        "%s\n"
        "What to do next:\n"
        "  export ENLACE_NODE=%s\n"
        "  enlace case new CASE-1            a case of your own\n"
        "  enlace import FILE --case CASE-1  seizures (IDS), FollowTheMoney, or any CSV\n"
        "  enlace new Seizure --case CASE-1  one record, checked while you type\n"
        "  enlace find TEXT                  a name or number\n"
        "Keep copies of the folder: vault.key and store.keys apart from store.db.\n",
        settings->name, settings->agency, folder,
        settings->fiction ? " It holds fiction only, for good." : "", login, verifier,
        prohibited, folder);
}

int run_init(const struct arguments *arguments, const struct world *world)
{
    struct store_settings settings = {0};
    struct vault_last last;
    struct node *node = NULL;
    struct arena arena = {0};
    struct err err = {0};
    int code = read_settings(&settings, arguments);
    if (code != EXIT_DONE)
        return code;
    const char *login = desk_login(&arena);
    const struct node_options options = {.folder = arguments->words[0],
                                         .passphrase_path = desk_passphrase_path(),
                                         .world = world};
    enum status status = way_in_check_folder(options.folder, &err);
    if (status == OK)
        status = node_create(&options, &settings, login, &err);
    if (status == OK)
        status = node_open(&node, &options, &err);
    if (status == OK)
        status = node_signed(&last, node, &err);
    enum status closed = node_close(node, status == OK ? &err : NULL);
    if (status == OK)
        status = closed;
    if (status == OK)
        answer(arguments, &settings, login, &last);
    else
        code = complain(arguments, status, &err);
    arena_release(&arena);
    return code;
}
