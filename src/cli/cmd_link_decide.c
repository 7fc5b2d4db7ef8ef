/* SPDX-License-Identifier: Apache-2.0
 *
 * link decide and undo: a person says whether two records are the same thing. What was said is a
 * record (LinkDecision) with versions: another verdict is a new version, and so is taking it back.
 */
#include "cli/desk.h"
#include "cli/options.h"

#include "base/text.h"
#include "record/around.h"

#include <stdio.h>

static const char undone[] = "undone";

struct decision_run {
    struct desk desk;
    struct shown a, b; /* as named */
    struct shown old;  /* the decision so far */
    bool has_old;
    struct record record; /* from now on */
};

static bool names(const struct record *record, const char *property,
                  const uint8_t id[ENTRY_ID])
{
    uint8_t other[ENTRY_ID];
    return hex_read(other, sizeof other, record_first(record, property)) &&
           memcmp(other, id, ENTRY_ID) == 0;
}

static bool is_decision(const struct record *record)
{
    return strcmp(record->schema->name, "LinkDecision") == 0;
}

/* What was said of the two so far, in either order. */
static int find_old(struct decision_run *run)
{
    struct desk *desk = &run->desk;
    struct receipt *receipt = NULL;
    struct shown shown;
    struct err err = {0};
    struct act act = desk_act(desk, VERB_SEARCH);
    memcpy(act.object, run->a.id, ENTRY_ID);
    int code = desk_do(&receipt, desk, &act);
    if (code != EXIT_DONE)
        return code;
    enum status status;
    while ((status = receipt_next(&shown, receipt, &desk->arena, &err)) == OK) {
        const struct record *record = &shown.record;
        if (!is_decision(record))
            continue;
        if ((names(record, "left", run->a.id) && names(record, "right", run->b.id)) ||
            (names(record, "left", run->b.id) && names(record, "right", run->a.id))) {
            run->old = shown;
            run->has_old = true;
        }
    }
    receipt_close(receipt);
    return status == NOT_FOUND ? EXIT_DONE : complain(desk->arguments, status, &err);
}

static int read_both(struct decision_run *run)
{
    const struct arguments *arguments = run->desk.arguments;
    int code = desk_read(&run->a, &run->desk, arguments->words[0]);
    if (code == EXIT_DONE)
        code = desk_read(&run->b, &run->desk, arguments->words[1]);
    if (code != EXIT_DONE)
        return code;
    if (memcmp(run->a.id, run->b.id, ENTRY_ID) == 0)
        return misused(arguments, "name two records; both ids are of the same one");
    const struct schema *a = run->a.record.schema, *b = run->b.record.schema;
    if (!schema_may_be_one(a, b)) {
        struct err err = {0};
        enum status status =
            fail(&err, REFUSED, "a %s and a %s cannot be the same thing", a->name, b->name);
        return complain(arguments, status, &err);
    }
    return find_old(run);
}

/* ---- Writing it down ---- */

/* Of the case that is named; else of the one that both, or one of the two, belong to. */
static enum status choose_case(struct act *act, const struct decision_run *run,
                               struct err *err)
{
    const uint8_t *a = run->a.case_id, *b = run->b.case_id;
    if (!entry_id_is_none(act->case_id))
        return OK;
    if (!entry_id_is_none(a) && !entry_id_is_none(b) && memcmp(a, b, ENTRY_ID) != 0)
        return fail(
            err, BAD_INPUT,
            "the two belong to different cases; say with --case who is to see this");
    memcpy(act->case_id, entry_id_is_none(a) ? b : a, ENTRY_ID);
    return OK;
}

static enum status add(struct record *record, const char *property, const char *text,
                       struct err *err)
{
    const struct property *row = schema_property(record->schema, bytes_text(property));
    return record_add(record, row, row->name, bytes_text(text), NULL, err);
}

static enum status make_record(struct decision_run *run, const char *verdict,
                               const char *reason, struct err *err)
{
    struct desk *desk = &run->desk;
    struct record *record = &run->record;
    char a[ID_TEXT], b[ID_TEXT], today[11];
    id_text(a, run->a.id);
    id_text(b, run->b.id);
    date_text(today, world_now_s(desk->world));
    record_init(record, schema_find(BYTES_OF("LinkDecision")), &desk->arena);
    /* One a pair in a case, however they are named. */
    record->id = strcmp(a, b) < 0 ? arena_printf(&desk->arena, "decision-%s-%s", a, b)
                                  : arena_printf(&desk->arena, "decision-%s-%s", b, a);
    record->id_made = true;
    record->purpose = desk->act.purpose;
    around_join_handling(record, &run->a.record);
    around_join_handling(record, &run->b.record);
    if (run->has_old)
        around_join_handling(record, &run->old.record);
    enum status status = add(record, "left", a, err);
    if (status == OK)
        status = add(record, "right", b, err);
    if (status == OK)
        status = add(record, "verdict", verdict, err);
    if (status == OK && reason != NULL)
        status = add(record, "reason", reason, err);
    if (status == OK)
        status = add(record, "decidedBy", desk->login, err);
    if (status == OK)
        status = add(record, "date", today, err);
    return status == OK ? record_finish(record, NULL, err) : status;
}

static int keep(struct decision_run *run, const char *verdict, const char *reason)
{
    struct desk *desk = &run->desk;
    struct receipt *receipt = NULL;
    struct err err = {0};
    struct act act = desk_act(desk, run->has_old ? VERB_EDIT : VERB_NEW);
    enum status status = make_record(run, verdict, reason, &err);
    act.record = &run->record;
    /* The two are named in it, and so are words about them: it goes when one of them is erased. */
    uint8_t both[2 * ENTRY_ID];
    memcpy(both, run->a.id, ENTRY_ID);
    memcpy(both + ENTRY_ID, run->b.id, ENTRY_ID);
    act.objects = both;
    act.object_count = 2;
    if (reason != NULL && act.reason == NULL)
        act.reason = reason;
    if (run->has_old) {
        run->record.id = run->old.record.id;
        memcpy(act.object, run->old.id, ENTRY_ID);
        act.before = run->old.version;
    } else if (status == OK) {
        status = choose_case(&act, run, &err);
    }
    if (status != OK)
        return complain(desk->arguments, status, &err);
    int code = desk_do(&receipt, desk, &act);
    if (code == EXIT_DONE) {
        uint8_t id[ENTRY_ID];
        receipt_object(id, receipt);
        desk_show(desk, id, &run->record,
                  run->has_old ? run->old.entered_s : world_now_s(desk->world));
    }
    receipt_close(receipt);
    return code;
}

int run_link_decide(const struct arguments *arguments, const struct world *world)
{
    struct decision_run run = {.has_old = false};
    const char *reason = argument(arguments, "reason");
    if (arguments->count != 3)
        return misused(arguments, "name two ids, and same, different or unsure");
    const char *verdict = arguments->words[2];
    if (strcmp(verdict, "same") != 0 && strcmp(verdict, "different") != 0 &&
        strcmp(verdict, "unsure") != 0)
        return misused(arguments, "\"%s\" is no verdict: same, different or unsure",
                       verdict);
    if (reason == NULL || text_trim(bytes_text(reason)).len == 0)
        return misused(arguments, "say why: --reason TEXT");
    if (!utf8_valid(bytes_text(reason)))
        return misused(arguments, "--reason is not UTF-8");
    int code = desk_open(&run.desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = read_both(&run);
    if (code == EXIT_DONE)
        code = keep(&run, verdict, reason);
    return desk_close(&run.desk, code);
}

int run_link_undo(const struct arguments *arguments, const struct world *world)
{
    struct decision_run run = {.has_old = false};
    struct err err = {0};
    const char *reason = argument(arguments, "reason");
    if (arguments->count != 2)
        return misused(arguments, "name the two ids that were decided about");
    if (reason != NULL && !utf8_valid(bytes_text(reason)))
        return misused(arguments, "--reason is not UTF-8");
    int code = desk_open(&run.desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = read_both(&run);
    if (code == EXIT_DONE &&
        (!run.has_old || bytes_is(record_first(&run.old.record, "verdict"), undone))) {
        enum status status =
            fail(&err, NOT_FOUND, "nothing that you may see was decided about these two");
        code = complain(arguments, status, &err);
    }
    if (code == EXIT_DONE)
        code = keep(&run, undone, reason);
    return desk_close(&run.desk, code);
}
