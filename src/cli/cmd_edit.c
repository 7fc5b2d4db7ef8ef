/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk_match.h"
#include "cli/options.h"
#include "cli/typed.h"

#include "record/plausible.h"

#include <stdio.h>

static bool is_named(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* Everything of the old one but the properties that are named. */
static enum status copy_others(struct record *record, const struct record *old,
                               const char *const *names, size_t count, struct err *err)
{
    enum status status = OK;
    *record = *old;
    record->values = NULL;
    record->count = record->capacity = 0;
    if (is_named(names, count, "@handling")) {
        record->handling = HANDLING_H0;
        record->handling_note = "";
    }
    for (size_t i = 0; i < old->count && status == OK; i++) {
        const struct record_value *value = &old->values[i];
        if (!is_named(names, count, value->name))
            status = record_add_exactly(record, value->property, value->name, value->raw,
                                        value->format, err);
    }
    return status;
}

/* An acquittal has the record looked at within 30 days, whatever day it had. */
static void bring_review_near(struct record *record, struct desk *desk,
                              const struct shown *shown)
{
    enum { DAY_S = 24 * 3600 };
    char due[DATE_TEXT_SIZE], soon[DATE_TEXT_SIZE];
    if (record->status != STATUS_ACQUITTED || shown->record.status == STATUS_ACQUITTED)
        return;
    int32_t today = (int32_t)(world_now_s(desk->world) / DAY_S);
    struct date day = date_from_day_number(today + REVIEW_ACQUITTED_DAYS);
    date_print(soon, &day);
    record_review(due, &shown->record, shown->entered_s);
    if (record->review[0] != '\0' && strcmp(record->review, soon) <= 0)
        return;
    if (strcmp(due, soon) < 0)
        snprintf(soon, sizeof soon, "%s", due);
    record->review = arena_text(&desk->arena, bytes_text(soon));
    fprintf(stderr, "acquitted: it is looked at by %s, and kept or deleted\n", soon);
}

/* A property that is named gets the values given, and none when the value is empty. */
static enum status edit_record(struct record *record, struct desk *desk,
                               const struct shown *shown, struct err *err)
{
    const struct record *old = &shown->record;
    const struct arguments *arguments = desk->arguments;
    size_t count = arguments->count - 1;
    const char **names = arena_zalloc(&desk->arena, count, sizeof *names);
    struct bytes *values = arena_zalloc(&desk->arena, count, sizeof *values);
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK; i++)
        status =
            typed_split(&names[i], &values[i], arguments->words[i + 1], &desk->arena, err);
    if (status == OK)
        status = copy_others(record, old, names, count, err);
    size_t kept = record->count;
    unsigned given = 0;
    for (size_t i = 0; i < count && status == OK; i++)
        status = typed_add(record, &given, names[i], values[i], err);
    if (status == OK && record->count == 0)
        status = fail(err, BAD_INPUT,
                      "nothing would be left of it; `enlace erase` destroys a record");
    if (status == OK)
        status = record_finish(record, desk->settings->country, err);
    if (status == OK)
        bring_review_near(record, desk, shown);
    if (status == OK)
        status = typed_check(record, kept, err);
    char today[11];
    date_text(today, world_now_s(desk->world));
    return status == OK ? plausible_check(record, kept, today, err) : status;
}

int run_edit(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct shown shown;
    struct record record;
    struct err err = {0};
    if (arguments->count < 2)
        return misused(arguments, "name an id, and what is to change: ID name=value ...");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = desk_read(&shown, &desk, arguments->words[0]);
    if (code != EXIT_DONE)
        return desk_close(&desk, code);
    enum status status =
        (shown.record.schema->flags & SCHEMA_BY_ACT) != 0
            ? fail(&err, REFUSED,
                   "a %s is changed by the command it comes of (link decide, hit decide, "
                   "alert judge)",
                   shown.record.schema->name)
            : edit_record(&record, &desk, &shown, &err);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    code = desk_edit(&desk, &shown, &record);
    if (code == EXIT_DONE)
        desk_ask_at_once(&desk, shown.id, 1, shown.case_id);
    return desk_close(&desk, code);
}
