/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether small seizures began to be reported that were left out before.
 */
#include "watch/explain.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum {
    SIZES_MIN = 30,    /* weights that make a history */
    SIZES_KNOWN = 100, /* that say how small one in a hundred is */
    WITNESSES = 4,     /* small ones, when there is no other */
    FEW = 8,
    FRESH_DAYS = 21,
};
static const double MANY_LLR = 5, FEW_LLR = 3;
static const double NEVER_SHARE = 0.75; /* of a finding's rows */

/* The k-th smallest of so many; they change places (Hoare's selection). */
static float smallest(float *of, size_t count, size_t k)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        float pivot = of[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (of[i] < pivot)
                i++;
            while (pivot < of[j])
                j--;
            if (i >= j)
                break;
            float swapped = of[i];
            of[i++] = of[j];
            of[j--] = swapped;
        }
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
    return of[k];
}

static bool is_contributing(const struct question *q, const struct table_row *row)
{
    for (size_t i = 0; i < q->raised->row_count; i++)
        if (&q->rows[q->raised->rows[i]] == row)
            return true;
    return false;
}

/* The agency's weights in the year before a day. */
static size_t weights_before(float *old, const struct question *q, int32_t begun)
{
    size_t count = 0;
    EACH_ROW(row, q, begun - YEAR_DAYS, begun - 1)
    {
        if (!isnan(row->kg))
            old[count++] = row->kg;
    }
    return count;
}

/* The others of the agency with a weight became many on a day. */
static bool became_many(const struct question *q, size_t before, int32_t begun)
{
    double now = 0, days = q->to - begun + 1;
    EACH_ROW(row, q, begun, q->to)
    {
        now += !isnan(row->kg) && !is_contributing(q, row);
    }
    return now >= WITNESSES && now / days > 2 * (double)before / YEAR_DAYS;
}

/* The agency's others: small ones became many on a day, and larger ones did not. */
static bool small_became_many(const struct question *q, const float *old, size_t before,
                              int32_t begun, float tiny)
{
    double small = 0, large = 0, small_before = 0;
    double span = (q->to - begun + 1) / (double)YEAR_DAYS;
    for (size_t i = 0; i < before; i++)
        small_before += old[i] <= tiny;
    EACH_ROW(row, q, begun, q->to)
    {
        if (isnan(row->kg) || is_contributing(q, row))
            continue;
        *(row->kg <= tiny ? &small : &large) += 1;
    }
    double large_before = (double)before - small_before;
    return small >= WITNESSES &&
           pattern_llr(small, PATTERN_SLACK * fmax(small_before, 1) * span) >= MANY_LLR &&
           pattern_llr(large, PATTERN_SLACK * large_before * span) < FEW_LLR;
}

/* Seizures became many and small on a day: smaller ones are reported now than were before. What
 * stands out is no witness of that; how much of it is as small. */
static size_t small_since(const struct question *q, float *old, size_t before,
                          int32_t begun)
{
    size_t ours = 0;
    double now = 0, small = 0;
    if (before < SIZES_MIN)
        return 0;
    float quarter = smallest(old, before, before / 4);
    float tiny = fminf(smallest(old, before, before / 2) / 4, quarter);
    bool many = became_many(q, before, begun);
    bool many_small = small_became_many(q, old, before, begun, tiny);
    if (!many && !many_small)
        return 0;
    EACH_ROW(row, q, begun, q->to)
    {
        if (isnan(row->kg))
            continue;
        if (is_contributing(q, row)) {
            ours += row->kg <= quarter;
        } else {
            now++;
            small += row->kg <= tiny;
        }
    }
    many &= now >= FEW ? small >= 0.75 * now : small == now;
    return many || many_small ? ours : 0;
}

/* Without a witness: nearly all of the agency's rows in the finding are smaller than all but one in
 * a hundred of its seizures were, and by a factor of ten than the middle one. */
static size_t never_so_small(const struct question *q, float *old, size_t before)
{
    size_t ours = 0, small = 0;
    if (before < SIZES_KNOWN || q->raised->row_count < WITNESSES)
        return 0;
    float least =
        fminf(smallest(old, before, before / 100), smallest(old, before, before / 2) / 10);
    for (size_t i = 0; i < q->raised->row_count; i++) {
        const struct table_row *row = &q->rows[q->raised->rows[i]];
        bool mine = row->value[FACET_AGENCY] == q->agency && !isnan(row->kg);
        ours += mine;
        small += mine && row->kg < least;
    }
    return ours >= WITNESSES && (double)small >= NEVER_SHARE * (double)ours ? small : 0;
}

/* So many of the agency's rows are explained by that. */
size_t explain_small(const struct question *q)
{
    const int32_t begun[] = {q->since,
                             q->to,
                             q->to - 6,
                             q->to - FRESH_DAYS + 1,
                             q->to - RECENT_DAYS + 1,
                             q->to - HALF_YEAR_DAYS + 1};
    float *old = xmalloc((asked_rows(q).count + 1) * sizeof *old);
    size_t most = 0;
    for (size_t i = 0; i < sizeof begun / sizeof *begun; i++) {
        size_t before = weights_before(old, q, begun[i]);
        size_t ours = small_since(q, old, before, begun[i]);
        size_t never = never_so_small(q, old, before);
        ours = never > ours ? never : ours;
        most = ours > most ? ours : most;
    }
    free(old);
    return most;
}
