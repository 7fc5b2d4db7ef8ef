/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/known.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SPOTS = FACET_COUNT, LISTS }; /* the lists by facet, and those by spot */

/* The lists of one facet, one behind the other. */
struct lists {
    uint32_t *rows;
    uint32_t *begin; /* by value; that of the next is the end of its room */
    uint32_t *count; /* by value: known by now */
};

/* Of the rows of an agency up to and with one, those that answer each facet. */
struct answered {
    uint32_t count[FACET_COUNT];
};

struct known {
    const struct table_row *rows;
    const uint32_t *order;
    size_t row_count, taken, spot_count;
    struct lists of[LISTS];
    uint32_t *all;
    size_t all_count;
    struct answered *answered; /* beside the agencies' lists */
    uint32_t *summed;          /* by agency: so many of them stand */
};

static uint32_t answer_of(const struct table_row *row, size_t list)
{
    return list == SPOTS ? row->spot : row->value[list];
}

static bool is_listed(const struct table_row *row, size_t list)
{
    return row->role != ROLE_REPEAT && !row->quarantined &&
           (answer_of(row, list) != 0 || list == FACET_AGENCY);
}

static void make_room(struct known *known, size_t list, size_t values)
{
    struct lists *lists = &known->of[list];
    lists->begin = xcalloc(values + 2, sizeof *lists->begin);
    lists->count = xcalloc(values + 1, sizeof *lists->count);
    for (size_t i = 0; i < known->row_count; i++)
        if (is_listed(&known->rows[i], list))
            lists->begin[answer_of(&known->rows[i], list) + 1]++;
    for (size_t v = 0; v <= values; v++)
        lists->begin[v + 1] += lists->begin[v];
    lists->rows = xmalloc((lists->begin[values + 1] + 1) * sizeof *lists->rows);
}

struct known *known_open(const struct watch_table *table, const struct table_row *rows,
                         const uint32_t *order, size_t row_count)
{
    struct known *known = xcalloc(1, sizeof *known);
    known->rows = rows;
    known->order = order;
    known->row_count = row_count;
    for (size_t f = 0; f < FACET_COUNT; f++)
        make_room(known, f, table->values[f].count);
    size_t spots = 0;
    for (size_t i = 0; i < row_count; i++)
        spots = rows[i].spot > spots ? rows[i].spot : spots;
    known->spot_count = spots;
    make_room(known, SPOTS, spots);
    known->all = xmalloc((row_count + 1) * sizeof *known->all);
    known->answered = xmalloc((row_count + 1) * sizeof *known->answered);
    known->summed = xcalloc(table->values[FACET_AGENCY].count + 1, sizeof *known->summed);
    return known;
}

void known_close(struct known *known)
{
    if (known == NULL)
        return;
    for (size_t f = 0; f < LISTS; f++) {
        free(known->of[f].rows);
        free(known->of[f].begin);
        free(known->of[f].count);
    }
    free(known->all);
    free(known->answered);
    free(known->summed);
    free(known);
}

/* The first of the list that lies on the day or after it. */
static size_t first_on(const struct known *known, const uint32_t *list, size_t count,
                       int32_t day)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = (low + count) / 2;
        if (known->rows[list[middle]].day < day)
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

/* Where it stands now: behind those of its day. */
static size_t insert(const struct known *known, uint32_t *list, size_t count, uint32_t row)
{
    int32_t day = known->rows[row].day;
    size_t at = count;
    if (count > 0 && known->rows[list[count - 1]].day > day)
        at = first_on(known, list, count, day + 1);
    memmove(list + at + 1, list + at, (count - at) * sizeof *list);
    list[at] = row;
    return at;
}

void known_take(struct known *known, size_t taken)
{
    assert(taken >= known->taken && taken <= known->row_count);
    for (; known->taken < taken; known->taken++) {
        uint32_t index = known->order[known->taken];
        const struct table_row *row = &known->rows[index];
        if (!is_listed(row, FACET_AGENCY))
            continue;
        for (size_t f = 0; f < LISTS; f++) {
            struct lists *lists = &known->of[f];
            uint32_t value = answer_of(row, f);
            if (!is_listed(row, f))
                continue;
            size_t at = insert(known, lists->rows + lists->begin[value],
                               lists->count[value]++, index);
            if (f == FACET_AGENCY && at < known->summed[value])
                known->summed[value] = (uint32_t)at;
        }
        insert(known, known->all, known->all_count++, index);
    }
}

struct known_rows known_all(const struct known *known)
{
    return (struct known_rows){known->all, known->all_count};
}

struct known_rows known_of(const struct known *known, enum facet facet, uint32_t value)
{
    const struct lists *lists = &known->of[facet];
    return (struct known_rows){lists->rows + lists->begin[value], lists->count[value]};
}

struct known_rows known_at(const struct known *known, uint32_t spot)
{
    const struct lists *lists = &known->of[SPOTS];
    if (spot > known->spot_count)
        return (struct known_rows){NULL, 0};
    return (struct known_rows){lists->rows + lists->begin[spot], lists->count[spot]};
}

struct known_rows known_days(const struct known *known, struct known_rows list,
                             int32_t from, int32_t to)
{
    size_t begin = first_on(known, list.rows, list.count, from);
    size_t end = first_on(known, list.rows, list.count, to + 1);
    return (struct known_rows){list.rows + begin, end > begin ? end - begin : 0};
}

/* Sum what stands behind the place where a row came in. */
static void sum_answers(struct known *known, uint32_t agency, const struct known_rows *list)
{
    struct answered *answered = known->answered + known->of[FACET_AGENCY].begin[agency];
    for (size_t i = known->summed[agency]; i < list->count; i++) {
        const struct table_row *row = &known->rows[list->rows[i]];
        for (size_t f = 0; f < FACET_COUNT; f++) {
            bool counts = f == FACET_AGENCY ? row->role == ROLE_FIRST : row->value[f] != 0;
            answered[i].count[f] = (i > 0 ? answered[i - 1].count[f] : 0) + counts;
        }
    }
    known->summed[agency] = (uint32_t)list->count;
}

size_t known_answers(struct known *known, uint32_t agency, enum facet facet, int32_t from,
                     int32_t to)
{
    struct known_rows list = known_of(known, FACET_AGENCY, agency);
    struct known_rows days = known_days(known, list, from, to);
    if (days.count == 0)
        return 0;
    if (known->summed[agency] < list.count)
        sum_answers(known, agency, &list);
    const struct answered *answered =
        known->answered + known->of[FACET_AGENCY].begin[agency];
    size_t begin = (size_t)(days.rows - list.rows);
    return answered[begin + days.count - 1].count[facet] -
           (begin > 0 ? answered[begin - 1].count[facet] : 0);
}
