/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "record/normaliser.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 78 };

/* Paragraphs at WIDTH columns, each line indented. */
static void print_wrapped(const char *text, int indent)
{
    int column = 0;
    for (const char *at = text; *at != '\0';) {
        if (*at == '\n') {
            printf("\n");
            column = 0;
            at++;
            continue;
        }
        size_t word = strcspn(at, " \n");
        if (column > 0 && column + 1 + (int)word > WIDTH) {
            printf("\n");
            column = 0;
        }
        column += printf("%*s%.*s", column == 0 ? indent : 1, "", (int)word, at);
        at += word;
        at += *at == ' ';
    }
    printf("\n");
}

void print_command_help(const struct command *command)
{
    printf("enlace %s: %s\n\nusage: enlace %s%s%s%s\n\n", command->name, command->summary,
           command->name, command->synopsis[0] ? " " : "", command->synopsis,
           command->options[0].name ? " [options]" : "");
    print_wrapped(command->description, 2);
    printf("\noptions:\n");
    for (size_t i = 0; i < OPTIONS_MAX && command->options[i].name != NULL; i++) {
        const struct option *option = &command->options[i];
        printf("  --%s%s%s\n", option->name, option->value ? " " : "",
               option->value ? option->value : "");
        print_wrapped(option->help, 10);
    }
    printf("  --json\n          answer in JSON lines on standard output\n");
    printf("  --help\n          this page\n");
}

static void print_summary(const struct command *command)
{
    printf("  %-12s %s\n", command->name, command->summary);
}

int run_help(const struct arguments *arguments, const struct world *world)
{
    (void)world;
    if (arguments->count == 0) {
        printf("Enlace finds what two agencies both hold, without disclosing the rest.\n\n"
               "usage: enlace COMMAND ...\n\n");
        for (size_t i = 0; i < command_count; i++)
            print_summary(&commands[i]);
        printf("\n\"enlace help COMMAND\" explains one. Exit codes: 0 done, 1 refused, not "
               "valid or\nnothing accepted, 2 wrong use, 3 failure.\n");
        return EXIT_DONE;
    }
    char name[64];
    snprintf(name, sizeof name, "%s%s%s", arguments->words[0],
             arguments->count > 1 ? " " : "",
             arguments->count > 1 ? arguments->words[1] : "");
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i].name, name) == 0) {
            print_command_help(&commands[i]);
            return EXIT_DONE;
        }
    bool any = false;
    for (size_t i = 0; i < command_count; i++)
        if (arguments->count == 1 && command_in_group(&commands[i], name)) {
            print_summary(&commands[i]);
            any = true;
        }
    return any ? EXIT_DONE : misused(arguments, "there is no command \"%s\"", name);
}

int run_version(const struct arguments *arguments, const struct world *world)
{
    (void)world;
    char normaliser[NORMALISER_TEXT_MAX];
    normaliser_describe(normaliser);
    if (arguments->json)
        printf("{\"version\":\"%s\",\"normaliser\":\"%s\"}\n", ENLACE_VERSION, normaliser);
    else
        printf("enlace %s\nnormaliser %s\n", ENLACE_VERSION, normaliser);
    return EXIT_DONE;
}

/* The first words of all commands, each once: "user add" and "user role" are one "user". */
static void print_first_words(void)
{
    for (size_t i = 0; i < command_count; i++) {
        int len = (int)strcspn(commands[i].name, " ");
        bool seen = false;
        for (size_t j = 0; j < i; j++)
            seen = seen || (strncmp(commands[i].name, commands[j].name, (size_t)len) == 0 &&
                            strchr(" ", commands[j].name[len]) != NULL);
        if (!seen)
            printf("%.*s ", len, commands[i].name);
    }
}

/* What may stand behind a first word, as lines of a case. */
static void print_second_words(void)
{
    for (size_t i = 0; i < command_count; i++) {
        const char *blank = strchr(commands[i].name, ' ');
        if (blank != NULL)
            printf("            '%.*s') next+=' %s' ;;&\n", (int)(blank - commands[i].name),
                   commands[i].name, blank + 1);
    }
}

/* Of options whose value is one of a few words, "ids|ftm|csv", the words. */
static void print_value_words(void)
{
    for (size_t i = 0; i < command_count; i++)
        for (size_t j = 0; j < OPTIONS_MAX && commands[i].options[j].name != NULL; j++) {
            const struct option *option = &commands[i].options[j];
            if (option->value == NULL || strchr(option->value, '|') == NULL)
                continue;
            printf("        '%s --%s') COMPREPLY=($(compgen -W '", commands[i].name,
                   option->name);
            for (const char *at = option->value; *at != '\0'; at++)
                putchar(*at == '|' ? ' ' : *at);
            printf("' -- \"$word\")); return ;;\n");
        }
}

int run_completion(const struct arguments *arguments, const struct world *world)
{
    (void)arguments;
    (void)world;
    printf("# bash completion for enlace; made by \"enlace completion\"\n"
           "_enlace() {\n"
           "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    local command=${COMP_WORDS[1]} next=\n"
           "    if [[ $COMP_CWORD -eq 1 ]]; then\n"
           "        COMPREPLY=($(compgen -W '");
    print_first_words();
    printf("' -- \"$word\")); return\n    fi\n"
           "    if [[ $COMP_CWORD -eq 2 && $word != -* ]]; then\n"
           "        case $command in\n");
    print_second_words();
    printf("        esac\n"
           "        COMPREPLY=($(compgen -W \"$next\" -- \"$word\"))\n"
           "        [[ ${#COMPREPLY[@]} -gt 0 ]] && return\n"
           "    fi\n"
           "    [[ ${COMP_WORDS[2]} != -* ]] && case \"$command ${COMP_WORDS[2]}\" in\n");
    for (size_t i = 0; i < command_count; i++)
        if (strchr(commands[i].name, ' ') != NULL)
            printf("        '%s') command='%s' ;;\n", commands[i].name, commands[i].name);
    printf("    esac\n    case \"$command $before\" in\n");
    print_value_words();
    printf("    esac\n    case $command in\n");
    for (size_t i = 0; i < command_count; i++) {
        printf("        '%s') local words='--json --help", commands[i].name);
        for (size_t j = 0; j < OPTIONS_MAX && commands[i].options[j].name != NULL; j++)
            printf(" --%s", commands[i].options[j].name);
        printf("' ;;\n");
    }
    printf(
        "        *) local words= ;;\n    esac\n"
        "    if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
        "    else COMPREPLY=($(compgen -f -- \"$word\")); fi\n"
        "}\n"
        "complete -o filenames -F _enlace enlace\n");
    return EXIT_DONE;
}

/* Text for roff: each sentence on a line of its own, a blank line becomes a paragraph, a line may
 * not begin with a dot or a quote, a backslash is written as \e. */
static void print_roff(const char *text)
{
    bool line_start = true;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\n') {
            printf("%s", line_start ? "" : "\n.Pp\n");
            line_start = true;
        } else if (*at == ' ' && at > text && strchr(".:?", at[-1]) != NULL) {
            putchar('\n');
            line_start = true;
        } else {
            if (line_start && (*at == '.' || *at == '\''))
                printf("\\&");
            if (*at == '\\')
                printf("\\e");
            else
                putchar(*at);
            line_start = false;
        }
    }
    printf("\n");
}

static void print_roff_options(const struct option *options)
{
    if (options[0].name == NULL)
        return;
    printf(".Bl -tag -width indent\n");
    for (size_t i = 0; i < OPTIONS_MAX && options[i].name != NULL; i++) {
        printf(".It Fl \\-%s%s%s\n", options[i].name, options[i].value ? " Ar " : "",
               options[i].value ? options[i].value : "");
        print_roff(options[i].help);
    }
    printf(".El\n");
}

int run_manual(const struct arguments *arguments, const struct world *world)
{
    (void)arguments;
    (void)world;
    printf(".Dd November 24, 2026\n.Dt ENLACE 1\n.Os\n.Sh NAME\n.Nm enlace\n"
           ".Nd find what two agencies both hold, without disclosing the rest\n"
           ".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op options\n.Sh COMMANDS\n");
    for (size_t i = 0; i < command_count; i++) {
        printf(".Ss %s %s\n", commands[i].name, commands[i].synopsis);
        print_roff(commands[i].description);
        print_roff_options(commands[i].options);
    }
    printf(".Sh EXIT STATUS\n.Bl -tag -width indent\n"
           ".It 0\ndone; zero hits is done\n"
           ".It 1\nrefused, nothing accepted, not valid, or nothing found\n"
           ".It 2\nwrong use\n.It 3\nfailure\n.El\n");
    return EXIT_DONE;
}
