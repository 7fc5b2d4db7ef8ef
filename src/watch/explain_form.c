/* SPDX-License-Identifier: Apache-2.0
 *
 * A form was changed, or a column of it began to be filled in: what came before is no measure.
 */
#include "watch/explain_parts.h"

#include <math.h>

enum { FRESH_DAYS = 21 };
static const double FORM_CHANGE = 0.3; /* of a column's share of answers */
static const double FORM_ROWS = 0.5;   /* of an agency's rows, since its form changed */

/* The form was changed: several columns began or ceased to be filled in. What came before it is
 * another agency's, as it were. */
static bool form_changed(unsigned *columns, const struct question *q, int32_t from)
{
    double rows_before = 0, rows_now = 0, before[FACET_COUNT] = {0}, now[FACET_COUNT] = {0};
    EACH_ROW(row, q, from - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST)
            continue;
        *(row->day < from ? &rows_before : &rows_now) += 1;
        for (size_t f = 0; f < FACET_COUNT; f++)
            (row->day < from ? before : now)[f] += row->value[f] != 0;
    }
    if (rows_before < KNOWN_MIN || rows_now < KNOWN_MIN / 2)
        return false;
    *columns = 0;
    for (size_t f = 0; f < FACET_COUNT; f++)
        if (fabs(now[f] / rows_now - before[f] / rows_before) > FORM_CHANGE)
            *columns |= 1u << f;
    return __builtin_popcount(*columns) >= 2;
}

/* The answers that the form asked for before and after are new together, whatever the others say. Of
 * an agency's rows in the window more than `most` do not: what nearly all of them say is the form. */
bool explain_stands_without(const struct question *q, unsigned columns, double most)
{
    unsigned mask = q->candidate->mask & ~columns;
    double before = 0, now = 0, all_before = 0, all_now = 0;
    if (__builtin_popcount(mask) < 2 || q->candidate->circle != NULL)
        return false;
    EACH_ROW(row, q, q->from - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST)
            continue;
        bool is_now = row->day >= q->since;
        if (row->day >= q->from && !is_now)
            continue;
        *(is_now ? &all_now : &all_before) += 1;
        if (meets(q, row, mask))
            *(is_now ? &now : &before) += 1;
    }
    double expected = fmax(before, 1) * all_now / fmax(all_before, 1);
    return now <= most * all_now && pattern_llr(now, PATTERN_SLACK * expected) >=
                                        q->raised->replay->options.threshold;
}

/* Seen in the last weeks, or in those of the longest window. */
bool explain_new_form(const struct question *q)
{
    unsigned lately, before;
    bool changed_lately = form_changed(&lately, q, q->to - FRESH_DAYS);
    bool changed = form_changed(&before, q, q->to - RECENT_DAYS);
    unsigned columns = (changed_lately ? lately : 0) | (changed ? before : 0);
    return columns != 0 && !explain_stands_without(q, columns, FORM_ROWS);
}

/* Regions stand where places stood: the column of places is no longer filled in. */
bool explain_coarser(const struct question *q)
{
    double rows_before = 0, rows_now = 0, before = 0, now = 0;
    if (!q->rows[q->candidate->row].place_is_region)
        return false;
    EACH_ROW(row, q, q->from - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST)
            continue;
        *(row->day < q->from ? &rows_before : &rows_now) += 1;
        *(row->day < q->from ? &before : &now) += row->place_is_region;
    }
    return rows_before >= KNOWN_MIN && rows_now >= 4 &&
           now / rows_now > before / rows_before + 0.15;
}

/* A region is no answer to where, once the place itself is given. */
static bool is_answered(const struct question *q, const struct table_row *row,
                        enum facet facet)
{
    bool region = facet == FACET_PLACE && row->place_is_region &&
                  !q->rows[q->candidate->row].place_is_region;
    return row->value[facet] != 0 && !region;
}

/* The facet was hardly answered in the year before a day, and is since: all its values come up at
 * once. */
static bool is_answered_since(const struct question *q, enum facet facet, int32_t begun)
{
    double rows_before = 0, rows_now = 0, known_before = 0, known_now = 0;
    EACH_ROW(row, q, begun - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST)
            continue;
        bool known = is_answered(q, row, facet);
        if (row->day < begun) {
            rows_before++;
            known_before += known;
        } else if (row->day >= q->since) {
            rows_now++;
            known_now += known;
        }
    }
    if (rows_before >= KNOWN_MIN && known_before == 0)
        return true;
    if (rows_before < KNOWN_MIN || rows_now < 4 || begun < q->from)
        return false;
    double was = known_before / rows_before, is = known_now / rows_now;
    return is > 0.1 && is > 3 * was &&
           known_now - was * rows_now >= (double)q->raised->row_count / 2;
}

/* In the window, or shortly before it. */
bool explain_newly_answered(const struct question *q, enum facet facet)
{
    return is_answered_since(q, facet, q->from) ||
           is_answered_since(q, facet, q->to - FRESH_DAYS + 1) ||
           is_answered_since(q, facet, q->to - RECENT_DAYS + 1);
}
