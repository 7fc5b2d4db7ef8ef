/* SPDX-License-Identifier: Apache-2.0
 *
 * A record typed line by line at a program whose commands a service runs. Nobody at the node waits while
 * somebody thinks: each line of a person is tried by a command of its own, `new --try`, which keeps
 * nothing, and at the end all of them are sent as one.
 */
#include "cli/host_client.h"
#include "cli/typed.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct typing {
    const char *folder;
    const struct arguments *arguments;
    struct arena arena;
    char **lines; /* those that are good */
    size_t count, capacity;
};

struct words {
    char **items;
    size_t count, capacity;
};

static void add_word(struct words *words, char *word)
{
    grow_to((void **)&words->items, &words->capacity, words->count, sizeof *words->items);
    words->items[words->count++] = word;
}

/* The command as it was typed, options first, so that a line may begin with a dash. */
static void add_command(struct words *words, struct typing *typing, bool tries)
{
    const struct arguments *arguments = typing->arguments;
    const struct option *options = arguments->command->options;
    struct arena *arena = &typing->arena;
    add_word(words, arena_printf(arena, "%s", arguments->command->name));
    for (size_t i = 0; i < OPTIONS_MAX && options[i].name != NULL; i++)
        if (arguments->values[i] != NULL && options[i].value != NULL)
            add_word(words,
                     arena_printf(arena, "--%s=%s", options[i].name, arguments->values[i]));
    if (tries)
        add_word(words, arena_printf(arena, "--try"));
    if (arguments->json)
        add_word(words, arena_printf(arena, "--json"));
    add_word(words, arena_printf(arena, "--"));
    add_word(words, arena_printf(arena, "%s", arguments->words[0]));
}

static int run_there(struct typing *typing, bool tries, char *const *lines, size_t count)
{
    struct words words = {0};
    int code = EXIT_FAILED;
    add_command(&words, typing, tries);
    for (size_t i = 0; i < count; i++)
        add_word(&words, lines[i]);
    if (!host_run_there(&code, typing->folder, typing->arguments, (int)words.count,
                        words.items))
        fprintf(stderr, "enlace: the service of this node has ended; nothing was kept\n");
    free(words.items);
    return code;
}

/* A person gets another try; a script's mistake is the end. */
static int take_line(struct typing *typing, char *line, size_t len, bool person, bool *end)
{
    struct err err = {0};
    int code = EXIT_DONE;
    if (typed_line(line, len, &err) != OK)
        code = complain(typing->arguments, BAD_INPUT, &err);
    *end = code == EXIT_DONE && line[0] == '\0';
    if (code == EXIT_DONE && !*end && person)
        code = run_there(typing, true, &line, 1);
    if (code == EXIT_DONE && !*end) {
        grow_to((void **)&typing->lines, &typing->capacity, typing->count,
                sizeof *typing->lines);
        typing->lines[typing->count++] = arena_text(&typing->arena, bytes_text(line));
    }
    return person && code != EXIT_FAILED ? EXIT_DONE : code;
}

int host_type(const char *folder, const struct arguments *arguments)
{
    struct typing typing = {.folder = folder, .arguments = arguments};
    bool person = isatty(STDIN_FILENO) == 1, end = false;
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    /* Is there such a schema, and may somebody ask at all? */
    int code = run_there(&typing, true, NULL, 0);
    if (code == EXIT_DONE && person)
        typed_invite(schema_find(bytes_text(arguments->words[0])));
    while (code == EXIT_DONE && !end && (len = getline(&line, &room, stdin)) > 0)
        code = take_line(&typing, line, (size_t)len, person, &end);
    if (code == EXIT_DONE)
        code = run_there(&typing, false, typing.lines, typing.count);
    free(line);
    free(typing.lines);
    arena_release(&typing.arena);
    return code;
}
