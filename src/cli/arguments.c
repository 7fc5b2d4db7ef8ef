/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *argument(const struct arguments *arguments, const char *option)
{
    const struct option *options = arguments->command->options;
    for (size_t i = 0; i < OPTIONS_MAX && options[i].name != NULL; i++)
        if (strcmp(options[i].name, option) == 0)
            return arguments->values[i];
    assert(!"a command asks for an option that it has not declared");
    return NULL;
}

/* The command named by argv[0], or by argv[0] and argv[1] ("link audit"); the longer first. */
static const struct command *find_command(int *words, int argc, char **argv)
{
    const struct command *found = NULL;
    for (size_t i = 0; i < command_count; i++) {
        const char *name = commands[i].name;
        const char *blank = strchr(name, ' ');
        if (blank == NULL) {
            if (found == NULL && strcmp(name, argv[0]) == 0) {
                found = &commands[i];
                *words = 1;
            }
        } else if (argc >= 2 && strlen(argv[0]) == (size_t)(blank - name) &&
                   strncmp(name, argv[0], (size_t)(blank - name)) == 0 &&
                   strcmp(blank + 1, argv[1]) == 0) {
            *words = 2;
            return &commands[i];
        }
    }
    return found;
}

bool command_in_group(const struct command *command, const char *word)
{
    size_t len = strlen(word);
    return strncmp(command->name, word, len) == 0 && command->name[len] == ' ';
}

bool command_writes(const struct command *command, const char *option)
{
    for (size_t i = 0; i < WRITES_MAX && command->writes[i] != NULL; i++)
        if (strcmp(command->writes[i], option) == 0)
            return true;
    return false;
}

/* "user" alone: the first word of commands of two, and no command itself. */
static bool name_group(const char *word, struct err *err)
{
    struct buf list = {.max = ERR_TEXT_MAX};
    for (size_t i = 0; i < command_count; i++)
        if (command_in_group(&commands[i], word)) {
            buf_add_text(&list, list.len == 0 ? "\"" : ", \"");
            buf_add_text(&list, commands[i].name);
            buf_add_text(&list, "\"");
        }
    bool found = list.len > 0;
    if (found)
        fail(err, BAD_INPUT, "\"%s\" wants another word: %.*s", word, (int)list.len,
             (const char *)list.at);
    buf_release(&list);
    return found;
}

static int no_command(const char *word, struct err *err)
{
    if (name_group(word, err))
        return EXIT_USAGE;
    const char *names[64];
    size_t count = 0;
    for (size_t i = 0; i < command_count && count < 64; i++)
        names[count++] = commands[i].name;
    const char *near = text_nearest(bytes_text(word), names, count);
    fail(err, BAD_INPUT, "there is no command \"%s\"%s%s%s; \"enlace help\" lists them",
         word, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return EXIT_USAGE;
}

static int no_option(const struct command *command, const char *word, struct err *err)
{
    const char *names[OPTIONS_MAX + 2] = {"json", "help"};
    size_t count = 2;
    for (size_t i = 0; i < OPTIONS_MAX && command->options[i].name != NULL; i++)
        names[count++] = command->options[i].name;
    const char *near = text_nearest(bytes_text(word + 2), names, count);
    fail(err, BAD_INPUT, "there is no option %s%s%s%s; \"enlace help %s\" lists them", word,
         near ? "; did you mean --" : "", near ? near : "", near ? "?" : "", command->name);
    return EXIT_USAGE;
}

/* One "--name", "--name value" or "--name=value" at argv[*at]. */
static int take_option(struct arguments *out, int *at, int argc, char **argv,
                       struct err *err)
{
    const char *word = argv[*at], *name = word + 2;
    const char *equals = strchr(name, '=');
    size_t len = equals != NULL ? (size_t)(equals - name) : strlen(name);
    if (equals == NULL && strcmp(name, "json") == 0) {
        out->json = true;
        return EXIT_DONE;
    }
    if (equals == NULL && strcmp(name, "help") == 0) {
        out->help = true;
        return EXIT_DONE;
    }
    const struct option *options = out->command->options;
    for (size_t i = 0; i < OPTIONS_MAX && options[i].name != NULL; i++) {
        if (strlen(options[i].name) != len || strncmp(options[i].name, name, len) != 0)
            continue;
        if (out->values[i] != NULL && options[i].again && out->count < POSITIONALS_MAX &&
            (equals != NULL || *at + 1 < argc)) {
            out->words[out->count++] = equals != NULL ? equals + 1 : argv[++*at];
            return EXIT_DONE;
        }
        if (out->values[i] != NULL) {
            fail(err, BAD_INPUT, "--%s is given twice", options[i].name);
            return EXIT_USAGE;
        }
        if (options[i].value == NULL) {
            if (equals != NULL) {
                fail(err, BAD_INPUT, "--%s takes no value", options[i].name);
                return EXIT_USAGE;
            }
            out->values[i] = "";
        } else if (equals != NULL) {
            out->values[i] = equals + 1;
        } else if (*at + 1 < argc) {
            out->values[i] = argv[++*at];
        } else {
            fail(err, BAD_INPUT, "--%s wants %s behind it", options[i].name,
                 options[i].value);
            return EXIT_USAGE;
        }
        return EXIT_DONE;
    }
    return no_option(out->command, word, err);
}

/* How many words in front of the command are options that may stand there: --json, and the node. */
static int count_in_front(int argc, char **argv)
{
    int at = 0;
    while (at < argc) {
        bool with_value = strcmp(argv[at], "-n") == 0 || strcmp(argv[at], "--node") == 0;
        bool alone = strcmp(argv[at], "--json") == 0 ||
                     strncmp(argv[at], "--node=", strlen("--node=")) == 0;
        if (!with_value && !alone)
            break;
        at += with_value ? 2 : 1;
    }
    return at < argc ? at : 0;
}

static bool has_option(const struct command *command, const char *name)
{
    for (size_t i = 0; i < OPTIONS_MAX && command->options[i].name != NULL; i++)
        if (strcmp(command->options[i].name, name) == 0)
            return true;
    return false;
}

int arguments_parse(struct arguments *out, int argc, char **argv, struct err *err)
{
    memset(out, 0, sizeof *out);
    static char help[] = "help";
    static char *help_only[] = {help};
    if (argc == 0 || strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0) {
        argc = 1;
        argv = help_only;
    }
    static char node[] = "--node"; /* "-n DIR" is short for it */
    static char o[] = "--o", output[] = "--output"; /* and "-o FILE" for either */
    int front = count_in_front(argc, argv), words = 0;
    out->command = find_command(&words, argc - front, argv + front);
    if (out->command == NULL)
        return no_command(argv[front], err);
    bool only_words = false;
    for (int i = 0; i < argc; i++) {
        if (i == front)
            i += words;
        if (i == argc)
            break;
        if (!only_words && strcmp(argv[i], "-n") == 0)
            argv[i] = node;
        if (!only_words && strcmp(argv[i], "-o") == 0)
            argv[i] = has_option(out->command, "output") ? output : o;
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && strcmp(argv[i], "-h") == 0) {
            out->help = true;
        } else if (!only_words && strncmp(argv[i], "--", 2) == 0) {
            int code = take_option(out, &i, argc, argv, err);
            if (code != EXIT_DONE)
                return code;
        } else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0') {
            fail(err, BAD_INPUT,
                 "options are written with two dashes: %s; a word that begins "
                 "with a dash goes behind \"--\"",
                 argv[i]);
            return EXIT_USAGE;
        } else if (out->count == POSITIONALS_MAX) {
            fail(err, BAD_INPUT, "over %d words", POSITIONALS_MAX);
            return EXIT_USAGE;
        } else {
            out->words[out->count++] = argv[i];
        }
    }
    return EXIT_DONE;
}

int complain(const struct arguments *arguments, enum status status, const struct err *err)
{
    fprintf(stderr, "enlace %s: %s\n", arguments->command->name, err->text);
    return status == IO_FAILED || status == BUSY ? EXIT_FAILED : EXIT_REFUSED;
}

int misused(const struct arguments *arguments, const char *format, ...)
{
    char sentence[ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    fprintf(stderr, "enlace %s: %s\nusage: enlace %s %s\n(enlace help %s says more)\n",
            arguments->command->name, sentence, arguments->command->name,
            arguments->command->synopsis, arguments->command->name);
    return EXIT_USAGE;
}
