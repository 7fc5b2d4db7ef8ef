/* SPDX-License-Identifier: Apache-2.0 */
#include "record/around.h"

#include "base/text.h"
#include "record/date.h"

enum { OWNER_MAX = 64, NOTE_MAX = 4096 };

static const char *const names[AROUND_COUNT] = {
    [AROUND_OWNER] = "owner",       [AROUND_STATUS] = "status",
    [AROUND_HANDLING] = "handling", [AROUND_EVALUATION] = "evaluation",
    [AROUND_PURPOSE] = "purpose",   [AROUND_REVIEW] = "review",
};

enum around around_find(struct bytes name)
{
    enum around which = 0;
    while (which < AROUND_COUNT && !bytes_is(name, names[which]))
        which++;
    return which;
}

const char *around_name(enum around which)
{
    return names[which];
}

const char *around_list(void)
{
    return "status, owner, handling, evaluation, purpose, review";
}

static enum status set_owner(struct record *record, struct bytes text, struct err *err)
{
    if (text.len > OWNER_MAX)
        return fail(err, BAD_INPUT,
                    "the owner is %zu bytes long; an agency's code has at most %d",
                    text.len, OWNER_MAX);
    record->owner = arena_text(record->arena, text);
    return OK;
}

/* Two restrictions in words are both to be heeded. */
static const char *join_notes(struct arena *arena, const char *a, const char *b)
{
    if (a[0] == '\0' || b[0] == '\0' || strstr(a, b) != NULL)
        return a[0] == '\0' ? b : a;
    return arena_printf(arena, "%s; %s", a, b);
}

void around_join_handling(struct record *out, const struct record *other)
{
    out->handling |= other->handling;
    out->handling_note = join_notes(out->arena, out->handling_note, other->handling_note);
}

static enum status add_handling(struct record *record, struct bytes text, struct err *err)
{
    unsigned codes = record->handling;
    if (text.len > 3 && text_same(bytes_slice(text, 0, 3), "H3:")) {
        struct bytes note = text_trim(bytes_slice(text, 3, text.len - 3));
        if (note.len + strlen(record->handling_note) > NOTE_MAX)
            return fail(err, TOO_LARGE, "the text of H3 is over %d bytes", NOTE_MAX);
        record->handling_note = join_notes(record->arena, record->handling_note,
                                           arena_text(record->arena, note));
        record->handling = codes | HANDLING_H3;
        return OK;
    }
    struct bytes word;
    while (text_next_word(&word, &text, " ,;+")) {
        enum status status = handling_parse(&codes, word, err);
        if (status != OK)
            return status;
    }
    record->handling = codes;
    return OK;
}

static enum status set_review(struct record *record, struct bytes text, struct err *err)
{
    struct date date;
    enum status status = date_parse(&date, text, NULL, err);
    if (status == OK && date.precision < DATE_DAY)
        status = fail(err, BAD_INPUT, "no day is given");
    if (status != OK) {
        err_prefix(err, "the review date must be a day as 2031-01-31: ");
        return BAD_INPUT;
    }
    date.precision = DATE_DAY;
    char day[DATE_TEXT_SIZE];
    record->review = arena_text(record->arena, bytes_of(day, date_print(day, &date)));
    return OK;
}

enum status around_set(struct record *record, enum around which, struct bytes text,
                       struct err *err)
{
    record->said |= 1U << which;
    switch (which) {
    case AROUND_OWNER:
        return set_owner(record, text, err);
    case AROUND_STATUS:
        return status_parse(&record->status, text, err);
    case AROUND_HANDLING:
        return add_handling(record, text, err);
    case AROUND_EVALUATION:
        return evaluation_parse(&record->evaluation, text, err);
    case AROUND_PURPOSE:
        return purpose_parse(&record->purpose, text, err);
    case AROUND_REVIEW:
        return set_review(record, text, err);
    case AROUND_COUNT:
        break;
    }
    return fail(err, BAD_INPUT, "nothing of this name stands around a record");
}

bool around_same(const struct record *a, const struct record *b, enum around which)
{
    switch (which) {
    case AROUND_OWNER:
        return strcmp(a->owner, b->owner) == 0;
    case AROUND_STATUS:
        return a->status == b->status;
    case AROUND_HANDLING:
        return a->handling == b->handling &&
               strcmp(a->handling_note, b->handling_note) == 0;
    case AROUND_EVALUATION:
        return a->evaluation.scheme == b->evaluation.scheme &&
               strcmp(a->evaluation.code, b->evaluation.code) == 0;
    case AROUND_PURPOSE:
        return a->purpose == b->purpose;
    case AROUND_REVIEW:
        return strcmp(a->review, b->review) == 0;
    case AROUND_COUNT:
        break;
    }
    return true;
}

void around_take(struct record *out, const struct record *from, enum around which)
{
    switch (which) {
    case AROUND_OWNER:
        out->owner = from->owner;
        return;
    case AROUND_STATUS:
        out->status = from->status;
        return;
    case AROUND_HANDLING:
        out->handling = from->handling;
        out->handling_note = from->handling_note;
        return;
    case AROUND_EVALUATION:
        out->evaluation = from->evaluation;
        return;
    case AROUND_PURPOSE:
        out->purpose = from->purpose;
        return;
    case AROUND_REVIEW:
        out->review = from->review;
        return;
    case AROUND_COUNT:
        return;
    }
}
