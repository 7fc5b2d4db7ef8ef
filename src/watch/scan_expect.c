/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan_expect.h"

#include "watch/scan_score.h"

#include <stdlib.h>

void scan_expect_scratch_release(struct scan_expect_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->odds);
    *scratch = (struct scan_expect_scratch){0};
}

static uint32_t recent_at(const struct scan_frame *frame, const struct scan_counts *counts,
                          uint32_t place, unsigned window)
{
    uint32_t sum = 0;
    for (uint32_t c = frame->cell_from[place]; c < frame->cell_from[place + 1]; c++)
        sum += scan_counts_get(counts, frame, c, 0, window);
    return sum;
}

static void offer(struct scan_best *best, const struct scan_best *found, double least,
                  const struct scan_near *near)
{
    if (found->observed >= 2 && found->llr > 0 && found->llr >= least &&
        (best->llr <= 0 || scan_best_before(found, best, near)))
        *best = *found;
}

static void circles(struct scan_best *best, const struct scan_expect *expect,
                    const struct scan_counts *counts, uint32_t centre, unsigned window)
{
    const struct scan_near *near = expect->frame->near;
    struct scan_best now = {.centre = centre, .window = window};
    for (size_t i = near->from[centre]; i < near->from[centre + 1]; i++) {
        uint32_t place = near->entries[i] & ~NEAR_STEP;
        now.observed += recent_at(expect->frame, counts, place, window);
        now.expected += expect->expected[place * expect->frame->days + window - 1];
        now.inside++;
        if (!(near->entries[i] & NEAR_STEP))
            continue;
        now.entry = now.inside - 1;
        now.llr = scan_poisson_llr(now.observed, now.expected);
        offer(best, &now, expect->least, near);
    }
}

static int compare_odds(const void *left, const void *right)
{
    const struct scan_odds *a = left, *b = right;
    if (a->ratio != b->ratio)
        return a->ratio > b->ratio ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

/* Places with cases in the window, the highest ratio first. */
static size_t sort_odds(const struct scan_expect *expect, const struct scan_counts *counts,
                        struct scan_expect_scratch *scratch, uint32_t centre,
                        unsigned window)
{
    const struct scan_near *near = expect->frame->near;
    size_t count = 0;
    for (size_t i = near->from[centre]; i < near->from[centre + 1]; i++) {
        uint32_t place = near->entries[i] & ~NEAR_STEP;
        uint32_t observed = recent_at(expect->frame, counts, place, window);
        if (observed == 0)
            continue;
        void *odds = scratch->odds;
        grow_to(&odds, &scratch->capacity, count, sizeof *scratch->odds);
        scratch->odds = odds;
        double expected = expect->expected[place * expect->frame->days + window - 1];
        scratch->odds[count] = (struct scan_odds){observed / expected, observed, expected,
                                                  place, (uint32_t)count};
        count++;
    }
    if (count > 1)
        qsort(scratch->odds, count, sizeof *scratch->odds, compare_odds);
    return count;
}

static void sets(struct scan_best *best, const struct scan_expect *expect,
                 const struct scan_counts *counts, struct scan_expect_scratch *scratch,
                 uint32_t centre, unsigned window)
{
    size_t count = sort_odds(expect, counts, scratch, centre, window);
    struct scan_best now = {.centre = centre, .window = window};
    for (size_t i = 0; i < count; i++) {
        now.observed += (uint32_t)scratch->odds[i].observed;
        now.expected += scratch->odds[i].expected;
        now.inside++;
        now.llr = scan_poisson_llr(now.observed, now.expected);
        offer(best, &now, expect->least, expect->frame->near);
    }
}

static bool has_recent(const struct scan_expect *expect, const struct scan_counts *counts,
                       uint32_t centre)
{
    const struct scan_near *near = expect->frame->near;
    for (size_t i = near->from[centre]; i < near->from[centre + 1]; i++)
        if (recent_at(expect->frame, counts, near->entries[i] & ~NEAR_STEP,
                      expect->frame->days) > 0)
            return true;
    return false;
}

void scan_expect_centre(struct scan_best *best, const struct scan_expect *expect,
                        const struct scan_counts *counts,
                        struct scan_expect_scratch *scratch, uint32_t centre)
{
    if (!has_recent(expect, counts, centre))
        return;
    for (unsigned window = 1; window <= expect->frame->days; window++) {
        if (expect->any_shape)
            sets(best, expect, counts, scratch, centre, window);
        else
            circles(best, expect, counts, centre, window);
    }
}

struct scan_best scan_expect_best(const struct scan_expect *expect,
                                  const struct scan_counts *counts,
                                  struct scan_expect_scratch *scratch)
{
    struct scan_best best = {0};
    for (uint32_t centre = 0; centre < expect->frame->near->places; centre++)
        scan_expect_centre(&best, expect, counts, scratch, centre);
    return best;
}

void scan_expect_members(uint32_t *out, const struct scan_expect *expect,
                         const struct scan_counts *counts,
                         struct scan_expect_scratch *scratch, const struct scan_best *best)
{
    sort_odds(expect, counts, scratch, best->centre, best->window);
    for (uint32_t i = 0; i < best->inside; i++)
        out[i] = scratch->odds[i].place;
}
