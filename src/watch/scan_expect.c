/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan_expect.h"

#include "watch/scan_score.h"

#include <math.h>
#include <stdlib.h>

void scan_expect_scratch_release(struct scan_expect_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->odds);
    free(scratch->expected);
    free(scratch->observed);
    free(scratch->dense);
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

/* ln x <= x - 1, so the score is at most (C - B)^2 / B: most need no logarithm. The hair is for
 * rounding; a tie must still be looked at. */
static bool may_reach(double observed, double expected, double wanted)
{
    double more = observed - expected;
    return more > 0 && more * more * (1 + 1e-9) >= wanted * expected;
}

static void offer(struct scan_best *best, const struct scan_best *found, double least,
                  const struct scan_near *near)
{
    if (found->observed >= 2 && found->llr > 0 && found->llr >= least &&
        (best->llr <= 0 || scan_best_before(found, best, near)))
        *best = *found;
}

/* Counts of every place and window, as doubles beside the expectation: sums of both are loops that
 * the compiler makes vectors of. */
static void unpack(const struct scan_expect *expect, const struct scan_counts *counts,
                   struct scan_expect_scratch *scratch)
{
    const struct scan_frame *frame = expect->frame;
    unsigned days = frame->days;
    if (scratch->dense == NULL) {
        scratch->expected = xcalloc(days, sizeof *scratch->expected);
        scratch->observed = xcalloc(days, sizeof *scratch->observed);
        scratch->dense = xcalloc(frame->near->places * days + 1, sizeof *scratch->dense);
    }
    for (uint32_t place = 0; place < frame->near->places; place++)
        for (unsigned w = 0; w < days; w++)
            scratch->dense[(size_t)place * days + w] =
                recent_at(frame, counts, place, w + 1);
    scratch->unpacked = counts;
}

/* The most of may_reach's ratio is not met by any window: most steps end here. */
static bool none_reaches(const struct scan_expect_scratch *scratch, unsigned days,
                         double wanted)
{
    unsigned any = 0;
    for (unsigned w = 0; w < days; w++) {
        double more = scratch->observed[w] - scratch->expected[w];
        any |= (more > 0) & (more * more * (1 + 1e-9) >= wanted * scratch->expected[w]);
    }
    return any == 0;
}

/* All windows at once, entry by entry; the logarithm is taken only where there is too much. */
static void circles(struct scan_best *best, const struct scan_expect *expect,
                    const struct scan_counts *counts, struct scan_expect_scratch *scratch,
                    uint32_t centre)
{
    const struct scan_near *near = expect->frame->near;
    unsigned days = expect->frame->days;
    if (scratch->unpacked != counts)
        unpack(expect, counts, scratch);
    memset(scratch->expected, 0, days * sizeof *scratch->expected);
    memset(scratch->observed, 0, days * sizeof *scratch->observed);
    struct scan_best now = {.centre = centre};
    bool more_cases = false; /* than at the last step: else no window scores more */
    for (size_t i = near->from[centre]; i < near->from[centre + 1]; i++) {
        size_t place = near->entries[i] & ~NEAR_STEP;
        const double *more = expect->expected + place * days;
        const double *cases = scratch->dense + place * days;
        bool has_cases = cases[days - 1] > 0;
        more_cases |= has_cases;
        for (unsigned w = 0; w < days; w++)
            scratch->expected[w] += more[w];
        for (unsigned w = 0; has_cases && w < days; w++)
            scratch->observed[w] += cases[w];
        now.entry = now.inside++;
        double wanted = best->llr > expect->least ? best->llr : expect->least;
        if (!(near->entries[i] & NEAR_STEP) || !more_cases)
            continue;
        more_cases = false;
        if (none_reaches(scratch, days, wanted))
            continue;
        for (unsigned w = 0; w < days; w++) {
            if (scratch->observed[w] < 2 ||
                !may_reach(scratch->observed[w], scratch->expected[w],
                           fmax(best->llr, expect->least)))
                continue;
            now.window = w + 1;
            now.observed = (uint32_t)scratch->observed[w];
            now.expected = scratch->expected[w];
            now.llr = scan_poisson_llr(now.observed, now.expected);
            offer(best, &now, expect->least, near);
        }
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
        if (now.observed < 2 ||
            !may_reach(now.observed, now.expected, fmax(best->llr, expect->least)))
            continue;
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

static double best_alone(const struct scan_expect *expect, const struct scan_counts *counts,
                         uint32_t place)
{
    const struct scan_frame *frame = expect->frame;
    const double *expected = expect->expected + (size_t)place * frame->days;
    double best = 0;
    if (recent_at(frame, counts, place, frame->days) == 0)
        return 0;
    for (unsigned w = 1; w <= frame->days; w++) {
        double observed = recent_at(frame, counts, place, w);
        if (may_reach(observed, expected[w - 1], best))
            best = fmax(best, scan_poisson_llr(observed, expected[w - 1]));
    }
    return best;
}

void scan_expect_bound(double *bound, const struct scan_expect *expect,
                       const struct scan_counts *counts)
{
    const struct scan_near *near = expect->frame->near;
    double *alone = xcalloc(near->places + 1, sizeof *alone);
    for (uint32_t place = 0; place < near->places; place++)
        alone[place] = best_alone(expect, counts, place);
    for (uint32_t centre = 0; centre < near->places; centre++) {
        bound[centre] = 0;
        for (size_t i = near->from[centre]; i < near->from[centre + 1]; i++)
            bound[centre] += alone[near->entries[i] & ~NEAR_STEP];
    }
    free(alone);
}

void scan_expect_centre(struct scan_best *best, const struct scan_expect *expect,
                        const struct scan_counts *counts,
                        struct scan_expect_scratch *scratch, uint32_t centre)
{
    /* The hair is for rounding. */
    if (expect->bound != NULL ? expect->bound[centre] * (1 + 1e-9) < expect->least ||
                                    expect->bound[centre] <= 0
                              : !has_recent(expect, counts, centre))
        return;
    if (!expect->any_shape) {
        circles(best, expect, counts, scratch, centre);
        return;
    }
    for (unsigned window = 1; window <= expect->frame->days; window++)
        sets(best, expect, counts, scratch, centre, window);
}

struct scan_best scan_expect_best(const struct scan_expect *expect,
                                  const struct scan_counts *counts,
                                  struct scan_expect_scratch *scratch)
{
    struct scan_best best = {0};
    scratch->unpacked = NULL; /* the same place may hold other counts than the last time */
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
