/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk_match.h"
#include "cli/host.h"
#include "cli/options.h"
#include "cli/typed.h"

#include "base/text.h"
#include "record/plausible.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct typing {
    struct record *record;
    const char *home;
    struct arena *arena;
    char today[11];
    unsigned given; /* see typed_add */
};

/* One line of what is typed. Nothing of it stays in the record when it is no good. */
static enum status take_line(struct typing *typing, const char *text, struct err *err)
{
    struct record *record = typing->record;
    size_t count = record->count;
    const char *name;
    struct bytes value;
    enum status status = typed_split(&name, &value, text, typing->arena, err);
    if (status == OK)
        status = typed_add(record, &typing->given, name, value, err);
    if (status == OK) {
        /* Required properties may still come; that is asked at the end. */
        enum status finished = record_finish(record, typing->home, NULL);
        (void)finished;
        status = typed_check(record, count, err);
    }
    if (status == OK)
        status = plausible_check(record, count, typing->today, err);
    if (status != OK)
        record->count = count;
    return status;
}

/* Lines of standard input up to an empty one; of a program that a service runs this for, none come: it
 * takes the lines itself (host_typing.c). A person gets another try; a script's mistake is the
 * end. */
static enum status take_lines(struct typing *typing, struct err *err)
{
    bool person = host_node() == NULL && host_is_terminal(STDIN_FILENO);
    enum status status = OK;
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    if (person)
        typed_invite(typing->record->schema);
    while (status == OK && (len = getline(&line, &room, stdin)) > 0) {
        status = typed_line(line, (size_t)len, err);
        if (status == OK && line[0] == '\0')
            break;
        if (status == OK)
            status = take_line(typing, line, err);
        if (status != OK && person) {
            fprintf(stderr, "%s\n", err->text);
            status = OK;
        }
    }
    free(line);
    return status;
}

static enum status take_words(struct typing *typing, const struct arguments *arguments,
                              struct err *err)
{
    enum status status = OK;
    for (size_t i = 1; i < arguments->count && status == OK; i++) {
        const char *name;
        struct bytes value;
        status = typed_split(&name, &value, arguments->words[i], typing->arena, err);
        if (status == OK)
            status = typed_add(typing->record, &typing->given, name, value, err);
    }
    return status;
}

/* What FollowTheMoney asks of the schema is advice; ours is asked by record_finish. */
static void advise(const struct record *record)
{
    for (const char *const *name = record->schema->required; *name != NULL; name++)
        if (record_first(record, *name).len == 0)
            fprintf(stderr, "a %s usually has the property %s\n", record->schema->name,
                    *name);
}

static enum status type_record(struct record *record, struct desk *desk,
                               const struct schema *schema, struct err *err)
{
    struct typing typing = {record, desk->settings->country, &desk->arena, "", 0};
    date_text(typing.today, world_now_s(desk->world));
    uint8_t random[ENTRY_ID];
    char made[ID_TEXT];
    record_init(record, schema, &desk->arena);
    world_random(desk->world, random, sizeof random);
    id_text(made, random);
    record->id = arena_printf(&desk->arena, "typed-%s", made);
    record->id_made = true;
    record->purpose = desk->act.purpose;
    bool lines = desk->arguments->count == 1;
    bool tries = argument(desk->arguments, "try") != NULL;
    enum status status =
        lines ? take_lines(&typing, err) : take_words(&typing, desk->arguments, err);
    if (status == OK && !tries && record->count == 0)
        status = fail(err, BAD_INPUT, "a %s of which nothing is known is no record",
                      schema->name);
    if (status == OK) {
        enum status finished = record_finish(record, typing.home, tries ? NULL : err);
        status = tries ? OK : finished; /* what is required may still come */
    }
    if (status == OK && !lines)
        status = typed_check(record, 0, err);
    if (status == OK && !lines)
        status = plausible_check(record, 0, typing.today, err);
    if (status == OK && !tries)
        advise(record);
    return status;
}

static int refuse_made(const struct arguments *arguments, const char *word)
{
    struct err err = {0};
    return complain(arguments,
                    fail(&err, REFUSED,
                         "a %s comes of a command of its own (link decide, link learn, "
                         "match, claim, watch run, peer accept), under the name of whoever "
                         "gives it",
                         word),
                    &err);
}

static const struct schema *find_schema(const struct arguments *arguments, int *code)
{
    const char *word = arguments->words[0];
    const struct schema *schema = schema_find(bytes_text(word));
    const char *near = schema_nearest(bytes_text(word));
    *code = EXIT_DONE;
    if (schema == NULL)
        *code = misused(arguments, "there is no schema \"%s\"%s%s%s", word,
                        near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    else if ((schema->flags & SCHEMA_ABSTRACT) != 0)
        *code =
            misused(arguments,
                    "%s is only there to be extended by others; name one of those", word);
    else if (strcmp(schema->name, "Case") == 0)
        *code = misused(arguments, "a case is opened by `enlace case new`");
    else if ((schema->flags & SCHEMA_BY_ACT) != 0)
        *code = refuse_made(arguments, word);
    return schema;
}

int run_new(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct record record;
    struct receipt *receipt = NULL;
    struct err err = {0};
    int code;
    if (arguments->count == 0)
        return misused(arguments, "name a schema: Seizure, Person, Vessel ...");
    const struct schema *schema = find_schema(arguments, &code);
    if (code == EXIT_DONE)
        code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    enum status status = type_record(&record, &desk, schema, &err);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    if (argument(arguments, "try") != NULL)
        return desk_close(&desk, EXIT_DONE);
    struct act act = desk_act(&desk, VERB_NEW);
    act.record = &record;
    code = desk_do(&receipt, &desk, &act);
    if (code == EXIT_DONE) {
        uint8_t id[ENTRY_ID];
        receipt_object(id, receipt);
        desk_show(&desk, id, &record, world_now_s(world));
        desk_ask_at_once(&desk, id, 1, desk.act.case_id);
    }
    receipt_close(receipt);
    return desk_close(&desk, code);
}
