/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"
#include "cli/json_line.h"

#include "base/text.h"

#include "match/ask.h"

#include <stdio.h>
#include <string.h>

/* A partner that is asked is told it. */
enum { REFERENCE_MAX = ASK_CASE_MAX, TITLE_MAX = 512 };

static void answer(const struct arguments *arguments, const uint8_t id[ENTRY_ID],
                   const char *reference, struct bytes title, bool unread)
{
    struct json_line line;
    char text[ID_TEXT];
    id_text(text, id);
    if (!arguments->json) {
        printf("%-20s %.*s%s\n", reference, (int)title.len, (const char *)title.at,
               unread ? "(nobody can read it: let somebody join)" : "");
        return;
    }
    json_line_begin(&line);
    json_text_member(&line.json, "case", reference);
    json_text_member(&line.json, "id", text);
    json_line_bytes(&line, "title", title);
    if (unread) {
        json_key(&line.json, "unread");
        json_put_bool(&line.json, true);
    }
    json_line_end(&line);
}

static struct bytes title_of(const struct record *record)
{
    return record_first(record, "name");
}

static enum status case_record(struct record *record, struct desk *desk, struct err *err)
{
    const struct arguments *arguments = desk->arguments;
    const struct schema *schema = schema_find(BYTES_OF("Case"));
    const char *reference = arguments->words[0];
    const char *title = arguments->count > 1 ? arguments->words[1] : "";
    record_init(record, schema, &desk->arena);
    record->id = reference;
    record->purpose = desk->act.purpose;
    enum status status = record_add(record, schema_property(schema, BYTES_OF("caseNumber")),
                                    "caseNumber", bytes_text(reference), NULL, err);
    if (status == OK)
        status = record_add(record, schema_property(schema, BYTES_OF("name")), "name",
                            bytes_text(title), NULL, err);
    return status == OK ? record_finish(record, NULL, err) : status;
}

int run_case_new(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct record record;
    struct receipt *receipt = NULL;
    struct err err = {0};
    if (arguments->count < 1 || arguments->count > 2)
        return misused(arguments,
                       "name the case by its reference, and if you like a title in "
                       "quotation marks");
    struct bytes reference = bytes_text(arguments->words[0]);
    if (reference.len > REFERENCE_MAX || !text_is_plain_line(reference))
        return misused(arguments,
                       "a reference is one line of text of 1 to %d bytes, of signs that "
                       "are seen",
                       REFERENCE_MAX);
    struct bytes title = bytes_text(arguments->count > 1 ? arguments->words[1] : "");
    if (title.len > TITLE_MAX || !utf8_valid(title))
        return misused(arguments, "a title is a text of at most %d bytes", TITLE_MAX);
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    enum status status = case_record(&record, &desk, &err);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    struct act act = desk_act(&desk, VERB_CASE_NEW);
    act.record = &record;
    code = desk_do(&receipt, &desk, &act);
    if (code == EXIT_DONE) {
        uint8_t id[ENTRY_ID];
        receipt_object(id, receipt);
        answer(arguments, id, record.id, title_of(&record), false);
    }
    receipt_close(receipt);
    return desk_close(&desk, code);
}

static enum status list_case(struct desk *desk, const struct shown *shown, struct err *err)
{
    (void)err;
    answer(desk->arguments, shown->id, shown->record.id, title_of(&shown->record),
           shown->unread);
    return OK;
}

int run_case_list(const struct arguments *arguments, const struct world *world)
{
    return desk_list(arguments, world, VERB_CASE_LIST, "the cases you belong to",
                     list_case);
}

/* ---- What a case holds ---- */

static void answer_record(const struct arguments *arguments, const struct shown *shown)
{
    struct json_line line;
    struct bytes caption = desk_caption(&shown->record);
    char id[ID_TEXT];
    id_text(id, shown->id);
    if (!arguments->json) {
        printf("%s  %s  %.*s  (%s)\n", id, shown->record.schema->name, (int)caption.len,
               (const char *)caption.at, status_word(shown->record.status));
        return;
    }
    json_line_begin(&line);
    json_text_member(&line.json, "id", id);
    json_text_member(&line.json, "schema", shown->record.schema->name);
    json_line_bytes(&line, "caption", caption);
    json_text_member(&line.json, "status", status_word(shown->record.status));
    json_line_end(&line);
}

int run_case_show(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct shown shown;
    struct arena arena = {0};
    struct receipt *receipt = NULL;
    struct err err = {0};
    size_t count = 0;
    if (arguments->count != 1)
        return misused(arguments, "name the case by its reference");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act act = desk_act(&desk, VERB_READ);
    act.extent = EXTENT_CONTENTS;
    enum status status = desk_case(&act, desk.store, arguments->words[0], &err);
    memcpy(act.object, act.case_id, ENTRY_ID);
    code =
        status == OK ? desk_do(&receipt, &desk, &act) : complain(arguments, status, &err);
    while (code == EXIT_DONE &&
           (status = receipt_next(&shown, receipt, &arena, &err)) == OK) {
        answer_record(arguments, &shown);
        arena_reset(&arena);
        count++;
    }
    if (code == EXIT_DONE && status != NOT_FOUND)
        code = complain(arguments, status, &err);
    if (code == EXIT_DONE && count == 0 && !arguments->json)
        printf("none; this lists the records of a case\n");
    arena_release(&arena);
    receipt_close(receipt);
    return desk_close(&desk, code);
}

static void answer_member(const struct arguments *arguments, bool joins)
{
    struct json_line line;
    if (!arguments->json) {
        printf("%s %s %s\n", arguments->words[1], joins ? "belongs to" : "has left",
               arguments->words[0]);
        return;
    }
    json_line_begin(&line);
    json_text_member(&line.json, "case", arguments->words[0]);
    json_text_member(&line.json, "user", arguments->words[1]);
    json_key(&line.json, "member");
    json_put_bool(&line.json, joins);
    json_line_end(&line);
}

int run_case_member(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct receipt *receipt = NULL;
    struct err err = {0};
    unsigned roles;
    if (arguments->count != 2)
        return misused(arguments, "name the case and the login of who joins it");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act act = desk_act(&desk, VERB_CASE_MEMBER);
    act.joins = argument(arguments, "remove") == NULL;
    enum status status = desk_case(&act, desk.store, arguments->words[0], &err);
    if (status == OK)
        status = store_find_user(act.object, &roles, desk.store, arguments->words[1], &err);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    code = desk_do(&receipt, &desk, &act);
    if (code == EXIT_DONE)
        answer_member(arguments, act.joins);
    receipt_close(receipt);
    return desk_close(&desk, code);
}
