/* SPDX-License-Identifier: Apache-2.0
 *
 * What was known on a day (watch/known) against looking through all rows: rows that come in any order
 * of their days, repeats, bulk uploads and missing answers among them.
 */
#include "check.h"

#include "base/memory.h"
#include "watch/known.h"
#include "watch/mix.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 1500, DAYS = 400, AGENCIES = 6, VALUES = 9, SPOTS = 7, QUESTIONS = 60 };

struct small_world {
    struct watch_table table;
    struct table_row rows[ROWS];
    uint32_t order[ROWS];
    struct dice dice;
};

static int by_received(const void *a, const void *b, void *rows)
{
    const struct table_row *table = rows, *x = &table[*(const uint32_t *)a],
                           *y = &table[*(const uint32_t *)b];
    return x->received != y->received ? (x->received > y->received) * 2 - 1
                                      : (x > y) - (x < y);
}

static void make_rows(struct small_world *w, int32_t delay)
{
    for (size_t f = 0; f < FACET_COUNT; f++)
        w->table.values[f].count = f == FACET_AGENCY ? AGENCIES : VALUES;
    for (uint32_t i = 0; i < ROWS; i++) {
        struct table_row *row = &w->rows[i];
        *row = (struct table_row){.day = 700 + (int32_t)dice_below(&w->dice, DAYS)};
        row->received = row->day + (int32_t)dice_below(&w->dice, (uint32_t)delay + 1);
        for (size_t f = 0; f < FACET_COUNT; f++)
            row->value[f] = dice_below(&w->dice, w->table.values[f].count);
        row->spot = dice_below(&w->dice, SPOTS + 1);
        row->role = (uint8_t)dice_below(&w->dice, ROLE_REPEAT + 1);
        row->quarantined = dice_below(&w->dice, 10) == 0;
        w->order[i] = i;
    }
    qsort_r(w->order, ROWS, sizeof *w->order, by_received, w->rows);
}

static bool counts(const struct table_row *row)
{
    return row->role != ROLE_REPEAT && !row->quarantined;
}

/* The rows of a list are those that a look through everything finds, by day, then as received. */
static bool is_right(const struct small_world *w, size_t taken, struct known_rows list,
                     enum facet facet, uint32_t value, int32_t from, int32_t to)
{
    size_t at = 0;
    for (int32_t day = from; day <= to; day++)
        for (size_t i = 0; i < taken; i++) {
            const struct table_row *row = &w->rows[w->order[i]];
            if (row->day != day || !counts(row) ||
                (facet < FACET_COUNT && row->value[facet] != value))
                continue;
            if (at == list.count || list.rows[at++] != w->order[i])
                return false;
        }
    return at == list.count;
}

static size_t answers(const struct small_world *w, size_t taken, uint32_t agency,
                      enum facet facet, int32_t from, int32_t to)
{
    size_t count = 0;
    for (size_t i = 0; i < taken; i++) {
        const struct table_row *row = &w->rows[w->order[i]];
        if (counts(row) && row->value[FACET_AGENCY] == agency && row->day >= from &&
            row->day <= to)
            count +=
                facet == FACET_AGENCY ? row->role == ROLE_FIRST : row->value[facet] != 0;
    }
    return count;
}

static void compare(int32_t delay)
{
    struct small_world *w = xcalloc(1, sizeof *w);
    w->dice = (struct dice){(uint64_t)delay + 5};
    make_rows(w, delay);
    struct known *known = known_open(&w->table, w->rows, w->order, ROWS);
    size_t wrong = 0, miscounted = 0, seen = 0, taken = 0;
    for (int q = 0; q < QUESTIONS; q++) {
        taken += dice_below(&w->dice, ROWS - (uint32_t)taken < 60 ? 1 : 60);
        known_take(known, taken);
        int32_t from = 690 + (int32_t)dice_below(&w->dice, DAYS);
        int32_t to = from + (int32_t)dice_below(&w->dice, 200) - 5;
        enum facet facet = (enum facet)dice_below(&w->dice, FACET_COUNT);
        uint32_t value = dice_below(&w->dice, w->table.values[facet].count);
        value += value == 0 && facet != FACET_AGENCY;
        struct known_rows list = known_days(known, known_of(known, facet, value), from, to);
        wrong += !is_right(w, taken, list, facet, value, from, to);
        wrong += !is_right(w, taken, known_all(known), FACET_COUNT, 0, 690, 2000);
        seen += list.count;
        uint32_t spot = 1 + dice_below(&w->dice, SPOTS);
        list = known_days(known, known_at(known, spot), from, to);
        for (size_t i = 0; i < taken; i++) {
            const struct table_row *row = &w->rows[w->order[i]];
            list.count -=
                counts(row) && row->spot == spot && row->day >= from && row->day <= to;
        }
        miscounted += list.count != 0;
        uint32_t agency = dice_below(&w->dice, AGENCIES);
        miscounted += known_answers(known, agency, facet, from, to) !=
                      answers(w, taken, agency, facet, from, to);
    }
    CHECK_SEEN(wrong == 0, "delay %d: %zu lists", delay, wrong);
    CHECK_SEEN(miscounted == 0, "delay %d: %zu counts", delay, miscounted);
    CHECK_SEEN(seen > QUESTIONS, "%zu rows", seen);
    known_close(known);
    free(w);
}

int main(void)
{
    compare(0);
    compare(3);
    compare(300);
    return check_done("watch_known");
}
