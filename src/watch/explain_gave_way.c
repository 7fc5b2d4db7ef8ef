/* SPDX-License-Identifier: Apache-2.0
 *
 * A word went away and another came up, by numbers that agree: is it one thing with two names, or
 * has one thing taken the other's place?
 *
 *     two things by what they say (watch/word_pair)    another thing
 *     both in use side by side for half a year        one name, if the old one ended altogether and
 *                                                     the new one rose just then, not before
 *     a new word                                      one name, if no more than one in twenty is
 *                                                     called by the old one beside it
 *     a country                                       miscoded, if the one is never seen beside the
 *                                                     other and nobody had it with these drugs before
 */
#include "watch/explain.h"

#include "base/memory.h"
#include "watch/beside.h"
#include "watch/word_pair.h"

#include <math.h>
#include <stdlib.h>

enum {
    MONTH_DAYS = 28,
    SURE_ROWS = 40,  /* of a new word: a remainder of the old one would have been seen */
    LEFT_SHARE = 20, /* one in so many may be left */
    ENDED_MIN = 4,   /* that the old word would have had since its last row */
};
static const double GROWTH_LLR = 3;

struct pair {
    enum facet facet;
    uint32_t old, value;
    int32_t since; /* of the new word's rise */
};

/* Some agency used both side by side for half a year: they are two words of its. */
static bool some_used_both(const struct question *q, const struct pair *p)
{
    size_t agencies = q->table->values[FACET_AGENCY].count + 1;
    struct beside *by = xcalloc(agencies, sizeof *by);
    bool beside = false;
    EACH_OF(row, q, known_of(q->known, p->facet, p->old), INT32_MIN, q->to)
    {
        beside_old(&by[row->value[FACET_AGENCY]], row->day);
    }
    EACH_OF(row, q, known_of(q->known, p->facet, p->value), INT32_MIN, q->to)
    {
        beside_new(&by[row->value[FACET_AGENCY]], row->day);
    }
    for (size_t i = 0; i < agencies; i++)
        beside |= beside_were(&by[i]);
    free(by);
    return beside;
}

/* Of the new word so many rows since it rose, and between the first and the last of an agency's so
 * many of the old one. */
static void count_left(double *left, double *now, const struct question *q,
                       const struct pair *p)
{
    size_t agencies = q->table->values[FACET_AGENCY].count + 1;
    struct span {
        int32_t first, last;
        bool used;
    } *by = xcalloc(agencies, sizeof *by);
    *left = *now = 0;
    EACH_OF(row, q, known_of(q->known, p->facet, p->value), p->since, q->to)
    {
        struct span *span = &by[row->value[FACET_AGENCY]];
        if (!is_asked(q, row))
            continue;
        span->first = span->used ? span->first : row->day;
        span->last = row->day;
        span->used = true;
        ++*now;
    }
    EACH_OF(row, q, known_of(q->known, p->facet, p->old), p->since, q->to)
    {
        const struct span *span = &by[row->value[FACET_AGENCY]];
        *left += span->used && row->day > span->first && row->day <= span->last;
    }
    free(by);
}

/* The old word's last row lies so far back that it has ended, and what it would have had since then
 * is what the new one has more, which had no more than ever until that day. */
static bool has_ended(const struct question *q, const struct pair *p)
{
    int32_t last = INT32_MIN;
    EACH_OF(row, q, known_of(q->known, p->facet, p->old), q->to - YEAR_DAYS, q->to)
    {
        last = is_asked(q, row) ? row->day : last;
    }
    if (last == INT32_MIN)
        return false;
    double answers[2] = {0}, old = 0, value[2] = {0}, lately = 0;
    EACH_ROW(row, q, last - YEAR_DAYS + 1, q->to)
    {
        bool after = row->day > last;
        answers[after] += row->value[p->facet] != 0;
        old += row->value[p->facet] == p->old;
        value[after] += row->value[p->facet] == p->value;
        lately +=
            row->value[p->facet] == p->value && !after && row->day > last - MONTH_DAYS;
    }
    double ratio = answers[1] / fmax(answers[0], 1), loss = old * ratio;
    double gain = value[1] - value[0] * ratio;
    double usual = fmax(value[0] - lately, 1) * MONTH_DAYS / (YEAR_DAYS - MONTH_DAYS);
    return loss >= ENDED_MIN && fabs(loss - gain) <= 0.5 * fmax(loss, gain) &&
           pattern_llr(lately, PATTERN_SLACK * usual) < GROWTH_LLR;
}

/* The country was seen with these drugs before, wherever in a route. */
static bool is_known_route(const struct question *q, const struct pair *p)
{
    const char *text = watch_table_text(q->table, p->facet, p->value);
    uint32_t commodity = q->rows[q->candidate->row].value[FACET_COMMODITY];
    for (enum facet f = FACET_ORIGIN; f <= FACET_DESTINATION; f++) {
        uint32_t value = watch_table_find(q->table, f, bytes_text(text));
        if (value == 0)
            continue;
        EACH_OF(row, q, known_of(q->known, f, value), INT32_MIN, p->since - 1)
        {
            if (commodity == 0 || row->value[FACET_COMMODITY] == commodity)
                return true;
        }
    }
    return false;
}

bool explain_gave_way(bool *for_now, const struct question *q, enum facet facet,
                      uint32_t old, uint32_t value, int32_t since)
{
    const char **text = q->table->values[facet].text;
    const struct pair pair = {facet, old, value, since};
    enum word_pair like = word_pair(facet, text[value], text[old]);
    double left, now;
    *for_now = false;
    if (like == TWO_THINGS || (like == ONE_MISCODED && is_known_route(q, &pair)))
        return false;
    if (some_used_both(q, &pair)) {
        *for_now = true;
        return has_ended(q, &pair);
    }
    if (like == ONE_THING)
        return true;
    count_left(&left, &now, q, &pair);
    *for_now = now < SURE_ROWS;
    return like == ONE_MISCODED ? left == 0 : left * LEFT_SHARE <= now;
}
