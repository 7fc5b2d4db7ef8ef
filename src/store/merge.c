/* SPDX-License-Identifier: Apache-2.0 */
#include "store/merge.h"

#include "record/around.h"

#define RESTRICTIONS ((unsigned)(HANDLING_H1 | HANDLING_H2 | HANDLING_H3))

/* ---- Merging ---- */

static void add_values(struct record *out, const struct record *from, const char *name)
{
    for (size_t i = 0; i < from->count; i++)
        if (strcmp(from->values[i].name, name) == 0)
            out->values[out->count++] = from->values[i];
}

/* Properties in the order of the row, then those that only stand here. */
static void merge_values(struct record *out, const struct merge_sides *sides,
                         struct arena *arena)
{
    const struct record *given = sides->given, *base = sides->base, *last = sides->last;
    out->count = 0;
    out->capacity = given->count + last->count;
    out->values = arena_alloc(arena, (out->capacity + 1) * sizeof *out->values);
    for (size_t i = 0; i < given->count; i++) {
        const char *name = given->values[i].name;
        bool old = base != NULL && record_same_values(given, base, name);
        if (!record_has(out, name))
            add_values(out, old ? last : given, name);
    }
    for (size_t i = 0; i < last->count; i++) {
        const char *name = last->values[i].name;
        bool added_here = base == NULL || !record_has(base, name);
        if (added_here && !record_has(given, name) && !record_has(out, name))
            add_values(out, last, name);
    }
}

/* A day of review does not move further away. */
static void merge_review(struct record *out, const struct record *last, int64_t entered_s)
{
    char before[DATE_TEXT_SIZE], after[DATE_TEXT_SIZE];
    record_review(before, last, entered_s);
    record_review(after, out, entered_s);
    if (out->review[0] != '\0' && strcmp(after, before) > 0)
        out->review = last->review;
}

void merge_records(struct record *out, bool *news, const struct merge_sides *sides,
                   int64_t entered_s, struct arena *arena)
{
    const struct record *given = sides->given, *base = sides->base, *last = sides->last;
    *out = *last;
    out->arena = arena;
    out->from_file = true;
    merge_values(out, sides, arena);
    for (enum around which = 0; which < AROUND_COUNT; which++)
        if ((given->said & 1U << which) != 0 &&
            (base == NULL || !around_same(given, base, which)))
            around_take(out, given, which);
    merge_review(out, last, entered_s);
    *news = !record_same_words(out, last);
    for (enum around which = 0; which < AROUND_COUNT; which++)
        *news |= !around_same(out, last, which);
}

/* ---- What no file does ---- */

static bool is_shielding(enum person_status status)
{
    return status_is_protected(status) || status == STATUS_ACQUITTED;
}

enum status merge_check(const struct record *merged, const struct record *last,
                        bool supervisor, struct err *err)
{
    enum person_status before = last != NULL ? last->status : STATUS_UNCATEGORISED;
    if (merged->schema->flags & SCHEMA_BY_ACT)
        return fail(err, REFUSED,
                    "a %s is made by a command of its own, under somebody's name; no file "
                    "brings one",
                    merged->schema->name);
    if (merged->status == STATUS_POTENTIAL_OFFENDER && before != merged->status &&
        !supervisor)
        return fail(err, REFUSED, "the status %s is given by a supervisor",
                    status_word(merged->status));
    if (before != merged->status && is_shielding(before))
        return fail(err, REFUSED,
                    "here the status is %s, and the file says %s; a person decides that, "
                    "with `enlace edit`",
                    status_word(before), status_word(merged->status));
    if (last != NULL && (last->handling & ~merged->handling & RESTRICTIONS) != 0)
        return fail(
            err, REFUSED,
            "the record bears restrictions (H1, H2, H3) here that the file does not "
            "name; no file lifts them");
    return OK;
}
