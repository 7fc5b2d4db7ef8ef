/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/history.h"

#include "cli/json_line.h"
#include "cli/options.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One property, or one of the things around the words (with an @), before and after. */
struct change {
    const char *name;
    const struct bytes *before, *after;
    size_t before_count, after_count;
};

struct changes {
    struct change *at;
    size_t count, capacity;
    struct arena *arena;
};

static bool same(const struct bytes *a, size_t a_count, const struct bytes *b,
                 size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (!bytes_equal(a[i], b[i]))
            return false;
    return true;
}

static void compare(struct changes *changes, const struct change *change)
{
    if (same(change->before, change->before_count, change->after, change->after_count))
        return;
    grow_to((void **)&changes->at, &changes->capacity, changes->count, sizeof *changes->at);
    changes->at[changes->count++] = *change;
}

static const struct bytes *values_of(size_t *count, const struct record *record,
                                     const char *name, struct arena *arena)
{
    *count = 0;
    if (record == NULL)
        return NULL;
    struct bytes *values = arena_alloc(arena, (record->count + 1) * sizeof *values);
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->values[i].name, name) == 0)
            values[(*count)++] = record->values[i].raw;
    return values;
}

static bool named_before(const struct record *record, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(record->values[j].name, record->values[i].name) == 0)
            return true;
    return false;
}

static void compare_property(struct changes *changes, const struct record *before,
                             const struct record *after, const char *name)
{
    struct change change = {.name = name};
    change.before = values_of(&change.before_count, before, name, changes->arena);
    change.after = values_of(&change.after_count, after, name, changes->arena);
    compare(changes, &change);
}

/* ---- What stands around the words ---- */

enum { AROUND_COUNT = 7 };

static const char *const around_names[AROUND_COUNT] = {
    "@owner", "@status", "@handling", "@evaluation", "@purpose", "@review", "id"};

static const char *handling_of(const struct record *record, struct arena *arena)
{
    static const enum handling_code codes[] = {HANDLING_H1, HANDLING_H2, HANDLING_H3};
    const char *text = "";
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if ((record->handling & codes[i]) != 0)
            text = arena_printf(arena, "%s%s%s", text, text[0] != '\0' ? ", " : "",
                                handling_word(codes[i]));
    return (record->handling & HANDLING_H3) != 0 && record->handling_note[0] != '\0'
               ? arena_printf(arena, "%s: %s", text, record->handling_note)
               : text;
}

static void around(const char *texts[AROUND_COUNT], const struct record *record,
                   const char *us, struct arena *arena)
{
    for (size_t i = 0; i < AROUND_COUNT; i++)
        texts[i] = "";
    if (record == NULL)
        return;
    size_t i = 0;
    texts[i++] = record->owner[0] != '\0' ? record->owner : us;
    texts[i++] = status_word(record->status);
    texts[i++] = handling_of(record, arena);
    texts[i++] =
        arena_printf(arena, "%s:%s", evaluation_scheme_word(record->evaluation.scheme),
                     record->evaluation.code);
    texts[i++] = purpose_word(record->purpose);
    texts[i++] = record->review;
    texts[i++] = record->id_made ? "" : record->id;
}

static void compare_around(struct changes *changes, const struct record *before,
                           const struct record *after, const char *us)
{
    const char *old[AROUND_COUNT], *now[AROUND_COUNT];
    around(old, before, us, changes->arena);
    around(now, after, us, changes->arena);
    for (size_t i = 0; i < AROUND_COUNT; i++) {
        struct bytes *pair = arena_alloc(changes->arena, 2 * sizeof *pair);
        pair[0] = bytes_text(old[i]);
        pair[1] = bytes_text(now[i]);
        const struct change change = {.name = around_names[i],
                                      .before = &pair[0],
                                      .after = &pair[1],
                                      .before_count = pair[0].len > 0,
                                      .after_count = pair[1].len > 0};
        compare(changes, &change);
    }
}

/* before NULL: of the first version everything is new. */
static void compare_records(struct changes *changes, const struct record *before,
                            const struct record *after, const char *us)
{
    changes->count = 0;
    for (size_t i = 0; i < after->count; i++)
        if (!named_before(after, i))
            compare_property(changes, before, after, after->values[i].name);
    for (size_t i = 0; before != NULL && i < before->count; i++)
        if (!named_before(before, i) && !record_has(after, before->values[i].name))
            compare_property(changes, before, after, before->values[i].name);
    compare_around(changes, before, after, us);
}

/* ---- The answer ---- */

static void put_list(struct json_line *line, const char *key, const struct bytes *values,
                     size_t count)
{
    json_key(&line->json, key);
    json_begin_list(&line->json);
    for (size_t i = 0; i < count; i++)
        json_put_text(&line->json, values[i]);
    json_end_list(&line->json);
}

static void answer_json(const struct shown *shown, uint64_t number,
                        const struct changes *changes)
{
    struct json_line line;
    char id[ID_TEXT], when[MOMENT_TEXT];
    id_text(id, shown->id);
    json_line_begin(&line);
    json_text_member(&line.json, "id", id);
    json_count_member(&line.json, "version", number);
    json_text_member(&line.json, "when", moment_text(when, shown->written_ms));
    json_text_member(&line.json, "who", shown->who);
    json_text_member(&line.json, "verb", verb_word(shown->verb));
    json_count_member(&line.json, "entry", shown->version);
    json_key(&line.json, "changed");
    json_begin_map(&line.json);
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->at[i];
        json_key(&line.json, change->name);
        json_begin_map(&line.json);
        put_list(&line, "before", change->before, change->before_count);
        put_list(&line, "after", change->after, change->after_count);
        json_end_map(&line.json);
    }
    json_end_map(&line.json);
    json_line_end(&line);
}

static void say_values(const struct bytes *values, size_t count, struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        struct bytes text = text_one_line(values[i], arena);
        printf("%s%.*s", i > 0 ? "; " : "", (int)text.len, (const char *)text.at);
    }
    if (count == 0)
        printf("nothing");
}

static void answer_words(const struct shown *shown, uint64_t number,
                         const struct changes *changes)
{
    char when[MOMENT_TEXT];
    printf("version %llu  %s  %s  %s\n", (unsigned long long)number,
           moment_text(when, shown->written_ms), shown->who, verb_word(shown->verb));
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->at[i];
        printf("  %-20s ", change->name);
        if (change->before_count > 0 || number > 1) {
            say_values(change->before, change->before_count, changes->arena);
            printf(" -> ");
        }
        say_values(change->after, change->after_count, changes->arena);
        printf("\n");
    }
}

/* Two arenas take turns: a version is compared with the one before it, and no other is kept. */
static enum status tell(struct desk *desk, struct receipt *receipt, uint64_t wanted,
                        bool *found, struct err *err)
{
    struct arena arenas[2] = {{0}};
    struct shown shown[2];
    struct changes changes = {0};
    uint64_t number = 0;
    enum status status;
    while ((status = receipt_next(&shown[number % 2], receipt, &arenas[number % 2], err)) ==
           OK) {
        const struct shown *now = &shown[number % 2];
        const struct shown *last = number > 0 ? &shown[(number + 1) % 2] : NULL;
        changes.arena = &arenas[number % 2];
        number++;
        if (wanted == 0) {
            compare_records(&changes, last != NULL ? &last->record : NULL, &now->record,
                            desk->settings->agency);
            if (desk->arguments->json)
                answer_json(now, number, &changes);
            else
                answer_words(now, number, &changes);
        } else if (number == wanted) {
            desk_show(desk, now->id, &now->record, now->entered_s);
        }
        arena_reset(&arenas[number % 2]);
    }
    *found = wanted == 0 || wanted <= number;
    free(changes.at);
    arena_release(&arenas[0]);
    arena_release(&arenas[1]);
    return status == NOT_FOUND ? OK : status;
}

int history_show(struct desk *desk, const char *id, uint64_t version)
{
    struct receipt *receipt = NULL;
    struct err err = {0};
    bool found = false;
    struct act act = desk_act(desk, VERB_READ);
    act.extent = EXTENT_HISTORY;
    int code = desk_id(act.object, desk, id);
    if (code == EXIT_DONE)
        code = desk_do(&receipt, desk, &act);
    if (code != EXIT_DONE)
        return code;
    enum status status = tell(desk, receipt, version, &found, &err);
    if (status == OK && !found)
        status = fail(&err, NOT_FOUND, "there is no version %llu of this record",
                      (unsigned long long)version);
    receipt_close(receipt);
    return status == OK ? EXIT_DONE : complain(desk->arguments, status, &err);
}
