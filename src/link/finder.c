/* SPDX-License-Identifier: Apache-2.0 */
#include "link/finder.h"

#include <stdio.h>

/* ---- For the store ---- */

static void put(void *context, uint64_t number, uint64_t case_number, struct bytes words)
{
    search_put(context, number, case_number, words);
}

static void drop(void *context, uint64_t number)
{
    search_drop(context, number);
}

static size_t find(uint64_t *numbers, void *context, const struct finder_question *asked)
{
    struct search_hit hits[SEARCH_HITS_MAX];
    struct question question;
    if (!question_read(&question, asked->text))
        return 0;
    const struct search_query query = {
        .question = &question,
        .max = asked->max < SEARCH_HITS_MAX ? asked->max : SEARCH_HITS_MAX,
        .visible = asked->visible,
        .context = asked->visible_context};
    size_t count = search_find(hits, context, &query);
    for (size_t i = 0; i < count; i++)
        numbers[i] = hits[i].number;
    return count;
}

struct finder search_as_finder(struct search *search)
{
    return (struct finder){.context = search, .put = put, .drop = drop, .find = find};
}

/* ---- Why ---- */

struct comparing {
    struct found_value *out;
    struct question *question;
    struct arena *arena;
};

/* Each line that the value alone would give. */
static void compare_value(struct comparing *comparing, const struct record *one,
                          const char *property, struct bytes raw)
{
    struct buf words = {.max = WORDS_MAX};
    struct word_line line;
    words_of_record(&words, one);
    struct cursor cursor = {.rest = buf_bytes(&words)};
    if (words.len > 0)
        cursor_u8(&cursor);
    while (words_next(&line, &cursor)) {
        double score = likeness(comparing->question, &line);
        if (score <= comparing->out->score)
            continue;
        /* The reasons may quote the line, which goes with the buffer. */
        line.text = arena_bytes(comparing->arena, line.text);
        comparing->out->score = score;
        comparing->out->property = property;
        comparing->out->value = raw;
        comparing->out->why_count =
            likeness_why(comparing->out->why, FOUND_REASONS_MAX, comparing->question, &line,
                         comparing->arena);
    }
    buf_release(&words);
}

bool found_other_date(const struct question *question, const struct record *record)
{
    struct bytes asked = bytes_text(question->date);
    const struct record_value *value;
    size_t at = 0;
    bool other = false;
    while (asked.len > 0 && (value = record_next(record, "birthDate", &at)) != NULL) {
        struct bytes date = value->clean;
        char swapped[11];
        snprintf(swapped, sizeof swapped, "%.4s-%.2s-%.2s", question->date,
                 question->date + 8, question->date + 5);
        if (bytes_is(date, swapped) ||
            (date.len <= asked.len && memcmp(date.at, asked.at, date.len) == 0))
            return false;
        other = true;
    }
    return other;
}

void found_value(struct found_value *out, struct question *question,
                 const struct record *record, struct arena *arena)
{
    struct comparing comparing = {out, question, arena};
    struct record one = *record;
    memset(out, 0, sizeof *out);
    one.id_made = true;
    for (size_t i = 0; i < record->count; i++) {
        one.values = &record->values[i];
        one.count = 1;
        compare_value(&comparing, &one, record->values[i].name, record->values[i].raw);
    }
    /* Parts of a name that make one together, and the source's id. */
    one = *record;
    one.id_made = true;
    compare_value(&comparing, &one, "name", record_caption(record));
    one.count = 0;
    one.id_made = record->id_made;
    compare_value(&comparing, &one, "sourceId", bytes_text(record->id));
}
