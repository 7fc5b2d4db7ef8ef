/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a change of reporting would make the counters jump as a finding says.
 */
#include "watch/notice.h"

#include "base/memory.h"
#include "base/text.h"
#include "record/date.h"

#include <math.h>
#include <stdlib.h>

enum {
    YEAR_DAYS = 365,
    HALF_YEAR_DAYS = 182,
    KNOWN_MIN = 20, /* seizures of an agency that make a history */
    SIZES_MIN = 30, /* weights on either side, to compare them */
    PREFIX_MIN = 4, /* letters by which two names are alike */
};
static const double MOSTLY = 2.0 / 3;

struct question {
    const struct raised *raised;
    const struct table_row *rows;
    const struct candidate *candidate;
    const struct watch_table *table;
    uint32_t agency;
    int32_t from, to; /* the window */
};

static uint32_t main_agency(const struct raised *raised, size_t *count)
{
    const struct table_row *rows = raised->replay->options.rows;
    uint32_t best = 0;
    *count = 0;
    for (size_t i = 0; i < raised->row_count; i++) {
        uint32_t agency = rows[raised->rows[i]].value[FACET_AGENCY];
        size_t same = 0;
        for (size_t k = i; k < raised->row_count; k++)
            same += rows[raised->rows[k]].value[FACET_AGENCY] == agency;
        if (same > *count) {
            *count = same;
            best = agency;
        }
        if (2 * *count > raised->row_count)
            break;
    }
    return best;
}

/* Visit what was known of the agency. */
#define EACH_ROW(row, q)                                                                   \
    for (size_t each_ = 0; each_ < (q)->raised->replay->taken; each_++)                    \
        for (const struct table_row *row = &(q)->rows[(q)->raised->replay->order[each_]];  \
             row != NULL; row = NULL)                                                      \
            if (row->value[FACET_AGENCY] == (q)->agency && row->role != ROLE_REPEAT &&     \
                !row->quarantined)

/* Nothing to compare with: it came, or came back, within the year, or hardly ever reports. */
static bool is_newcomer(const struct question *q)
{
    size_t before = 0, last_year = 0;
    int32_t first = INT32_MAX, opening = q->raised->replay->pattern.base_day;
    EACH_ROW(row, q)
    {
        if (row->day >= q->from || row->role != ROLE_FIRST)
            continue;
        before++;
        last_year += row->day >= q->from - YEAR_DAYS;
        first = row->day < first ? row->day : first;
    }
    if (before < KNOWN_MIN || last_year < KNOWN_MIN / 2)
        return true;
    return first > opening + HALF_YEAR_DAYS && q->from - first < YEAR_DAYS;
}

/* One facet's answers in the agency, the year before and in the window. */
struct answers {
    uint32_t *before, *now;
    double known_before, known_now;
};

static void count_answers(struct answers *out, const struct question *q, enum facet facet)
{
    size_t count = q->table->values[facet].count + 1;
    *out = (struct answers){xcalloc(count, sizeof *out->before),
                            xcalloc(count, sizeof *out->now), 0, 0};
    EACH_ROW(row, q)
    {
        uint32_t value = row->value[facet];
        if (value == 0 || row->day < q->from - YEAR_DAYS || row->day > q->to)
            continue;
        if (row->day < q->from) {
            out->before[value]++;
            out->known_before++;
        } else {
            out->now[value]++;
            out->known_now++;
        }
    }
}

static bool is_name(enum facet facet)
{
    return facet == FACET_PLACE || facet == FACET_ORIGIN || facet == FACET_DEPARTURE ||
           facet == FACET_TRANSIT || facet == FACET_DESTINATION;
}

/* "Dominica" and "Dominican Republic", "MEDELLIN" and "Medellin (Antioquia)". */
static bool are_alike(const char *a, const char *b)
{
    size_t same = 0;
    while (a[same] != '\0' && to_lower((uint8_t)a[same]) == to_lower((uint8_t)b[same]))
        same++;
    return same >= PREFIX_MIN;
}

/* The value came up while another went away all over the agency, and their sum is flat. */
static bool is_renamed(bool *miscoded, const struct question *q, enum facet facet)
{
    struct answers a;
    count_answers(&a, q, facet);
    uint32_t value = q->rows[q->candidate->row].value[facet];
    bool renamed = false;
    if (a.known_before >= KNOWN_MIN && a.known_now >= 4) {
        double was = a.before[value] / a.known_before, is = a.now[value] / a.known_now;
        double gain = is - was;
        for (uint32_t other = 1; was < is / 4 && other < q->table->values[facet].count;
             other++) {
            if (other == value)
                continue;
            double had = a.before[other] / a.known_before, has = a.now[other] / a.known_now;
            bool vanished = had * a.known_now >= 3 && has <= had / 4;
            bool flat =
                fabs((had - has) - gain) <= 0.5 * (had - has > gain ? had - has : gain);
            bool alike = are_alike(q->table->values[facet].text[value],
                                   q->table->values[facet].text[other]);
            if (vanished && flat && (alike || !is_name(facet))) {
                renamed = true;
                *miscoded = is_name(facet);
            }
        }
    }
    free(a.before);
    free(a.now);
    return renamed;
}

/* The facet was hardly answered before, and is now: all its values come up at once. */
static bool is_newly_answered(const struct question *q, enum facet facet)
{
    double rows_before = 0, rows_now = 0, known_before = 0, known_now = 0;
    EACH_ROW(row, q)
    {
        if (row->role != ROLE_FIRST || row->day < q->from - YEAR_DAYS || row->day > q->to)
            continue;
        bool known = row->value[facet] != 0;
        if (row->day < q->from) {
            rows_before++;
            known_before += known;
        } else {
            rows_now++;
            known_now += known;
        }
    }
    if (rows_before < KNOWN_MIN || rows_now < 4)
        return false;
    double was = known_before / rows_before, is = known_now / rows_now;
    return is > 0.1 && is > 3 * was &&
           known_now - was * rows_now >= (double)q->raised->row_count / 2;
}

static int by_weight(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Seizures became many and small: a smaller one is reported now than was before. */
static bool sizes_broke(const struct question *q)
{
    size_t room = q->raised->replay->taken + 1, before = 0, now = 0, count = 0;
    float *old = xmalloc(room * sizeof *old), *new = xmalloc(room * sizeof *new);
    float *ours = xmalloc((q->raised->row_count + 1) * sizeof *ours);
    EACH_ROW(row, q)
    {
        if (isnan(row->kg) || row->day < q->from - YEAR_DAYS || row->day > q->to)
            continue;
        if (row->day < q->from)
            old[before++] = row->kg;
        else
            new[now++] = row->kg;
    }
    for (size_t i = 0; i < q->raised->row_count; i++)
        if (!isnan(q->rows[q->raised->rows[i]].kg))
            ours[count++] = q->rows[q->raised->rows[i]].kg;
    bool broke = false;
    if (before >= SIZES_MIN && now >= SIZES_MIN && count > 0) {
        qsort(old, before, sizeof *old, by_weight);
        qsort(new, now, sizeof *new, by_weight);
        qsort(ours, count, sizeof *ours, by_weight);
        double days = q->to - q->from + 1;
        bool many = (double)now / days > 2 * (double)before / YEAR_DAYS;
        broke = many && new[now / 2] < old[before / 2] / 4 &&
                ours[count / 2] <= old[before / 4];
    }
    free(old);
    free(new);
    free(ours);
    return broke;
}

/* Most of it is dated to one first of a month, in an agency that dates many so. */
static bool is_rounded(const struct question *q)
{
    double first = 0, all = 0, ours = 0;
    EACH_ROW(row, q)
    {
        if (row->day < q->from - YEAR_DAYS)
            continue;
        all++;
        first += date_from_day_number(row->day).day == 1;
    }
    for (size_t i = 0; i < q->raised->row_count; i++)
        ours += date_from_day_number(q->rows[q->raised->rows[i]].day).day == 1;
    return all >= KNOWN_MIN && first > 0.12 * all &&
           ours >= MOSTLY * (double)q->raised->row_count;
}

enum watch_notice_kind notice_explains(uint32_t *agency, const struct raised *raised)
{
    size_t count;
    const struct pattern *p = &raised->replay->pattern;
    unsigned weeks = counts_window_weeks[raised->candidate->window];
    struct question q = {
        .raised = raised,
        .rows = raised->replay->options.rows,
        .candidate = raised->candidate,
        .table = raised->replay->options.table,
        .agency = main_agency(raised, &count),
        .from = p->base_day + (weeks > p->now ? 0 : (int32_t)(p->now + 1 - weeks) * 7),
        .to = raised->day,
    };
    *agency = q.agency;
    if ((double)count < MOSTLY * (double)raised->row_count)
        return NOTICE_KIND_COUNT;
    if (is_newcomer(&q))
        return NOTICE_ENTERED;
    for (unsigned rest = raised->candidate->mask & ~(1u << FACET_AGENCY); rest != 0;
         rest &= rest - 1) {
        enum facet facet = (enum facet)__builtin_ctz(rest);
        bool miscoded = false;
        if (is_renamed(&miscoded, &q, facet))
            return miscoded ? NOTICE_MISCODING : NOTICE_VOCABULARY;
        if (is_newly_answered(&q, facet))
            return NOTICE_COMPLETENESS;
    }
    if (sizes_broke(&q))
        return NOTICE_SIZES;
    if (is_rounded(&q))
        return NOTICE_ROUNDED_DATES;
    return NOTICE_KIND_COUNT;
}
