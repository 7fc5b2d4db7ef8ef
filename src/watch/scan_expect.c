/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan_expect.h"

#include "watch/scan_score.h"

#include <math.h>
#include <stdlib.h>

enum {
    DAYS_FAST = 12, /* windows that the watch looks at */
    TOGETHER = 8,   /* entries */
};

void scan_expect_scratch_release(struct scan_expect_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->odds);
    free(scratch->expected);
    free(scratch->observed);
    free(scratch->dense);
    free(scratch->rough);
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

/* Twelve windows as floats stay in registers. Sums of floats are good for this only: where a circle
 * might reach what is wanted, were less expected in it by the hair, it is looked at in doubles. */
typedef float four __attribute__((vector_size(16)));
typedef int four_bits __attribute__((vector_size(16)));
enum { FOURS = DAYS_FAST / 4 };
static const float HAIR = 1.0F / 1024;

struct rough { /* of a place, or of all places up to one */
    four expected[FOURS], observed[FOURS];
};

static void make_rough(const struct scan_expect *expect,
                       struct scan_expect_scratch *scratch)
{
    size_t places = expect->frame->near->places;
    if (scratch->rough == NULL)
        scratch->rough = xcalloc(places + 1, sizeof *scratch->rough);
    for (size_t p = 0; p < places; p++)
        for (size_t w = 0; w < DAYS_FAST; w++) {
            struct rough *rough = &scratch->rough[p];
            rough->expected[w / 4][w % 4] = (float)expect->expected[p * DAYS_FAST + w];
            rough->observed[w / 4][w % 4] = (float)scratch->dense[p * DAYS_FAST + w];
        }
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
    if (days == DAYS_FAST)
        make_rough(expect, scratch);
    scratch->unpacked = counts;
}

/* May any window reach what is wanted? */
static bool any_reaches(const double *observed, const double *expected, unsigned days,
                        double wanted)
{
    unsigned any = 0;
    for (unsigned w = 0; w < days; w++) {
        double more = observed[w] - expected[w];
        any |= (more > 0) & (more * more * (1 + 1e-9) >= wanted * expected[w]);
    }
    return any != 0;
}

/* A centre's circles as they grow, entry by entry. */
struct growth {
    struct scan_best *best, now;
    const struct scan_expect *expect;
    const struct scan_near *near;
    const double *dense;         /* counts */
    double *expected, *observed; /* of the circle, by window */
    bool more_cases; /* than at the last step looked at: else no window scores more */
};

static void add(const struct growth *g, size_t entry, unsigned days)
{
    size_t place = g->near->entries[entry] & ~NEAR_STEP;
    const double *more = g->expect->expected + place * days;
    const double *cases = g->dense + place * days;
    for (unsigned w = 0; w < days; w++)
        g->expected[w] += more[w];
    for (unsigned w = 0; cases[days - 1] > 0 && w < days; w++)
        g->observed[w] += cases[w];
}

static double wanted(const struct growth *g)
{
    return fmax(g->best->llr, g->expect->least);
}

/* The circle up to and with an entry, all windows; the logarithm is taken only where there is too
 * much. */
static void look(struct growth *g, size_t entry, unsigned days)
{
    size_t place = g->near->entries[entry] & ~NEAR_STEP;
    g->more_cases |= g->dense[place * days + days - 1] > 0;
    add(g, entry, days);
    g->now.entry = g->now.inside++;
    if (!(g->near->entries[entry] & NEAR_STEP) || !g->more_cases)
        return;
    g->more_cases = false;
    if (!any_reaches(g->observed, g->expected, days, wanted(g)))
        return;
    for (unsigned w = 0; w < days; w++) {
        if (g->observed[w] < 2 || !may_reach(g->observed[w], g->expected[w], wanted(g)))
            continue;
        g->now.window = w + 1;
        g->now.observed = (uint32_t)g->observed[w];
        g->now.expected = g->expected[w];
        g->now.llr = scan_poisson_llr(g->now.observed, g->now.expected);
        offer(g->best, &g->now, g->expect->least, g->near);
    }
}

/* ---- the same, a few circles at once ---- */

/* May any circle reach what is wanted that has at most these cases, and so many are expected in it at
 * least? */
static inline bool rough_reaches(const four *observed, const four *least, float score)
{
    four_bits any = {0};
    for (size_t k = 0; k < FOURS; k++) {
        four expected = least[k] * (1 - HAIR), more = observed[k] - expected;
        any |= (more > 0) & (more * more >= score * expected);
    }
    return (any[0] | any[1] | any[2] | any[3]) != 0;
}

static void look_fast(struct growth *g, const struct rough *rough, size_t entry, size_t end)
{
    const uint32_t *entries = g->near->entries;
    size_t done = entry; /* so many are in the sums of doubles */
    struct rough sum = {.expected = {{0}}};
    for (size_t next; entry < end; entry = next) {
        four least[FOURS];
        next = end - entry > TOGETHER ? entry + TOGETHER : end;
        for (size_t k = 0; k < FOURS; k++)
            least[k] = sum.expected[k] + rough[entries[entry] & ~NEAR_STEP].expected[k];
        for (size_t i = entry; i < next; i++) {
            const struct rough *more = &rough[entries[i] & ~NEAR_STEP];
            for (size_t k = 0; k < FOURS; k++) {
                sum.expected[k] += more->expected[k];
                sum.observed[k] += more->observed[k];
            }
        }
        if (!rough_reaches(sum.observed, least, (float)(wanted(g) * (1 - 1e-6))))
            continue;
        g->now.inside += (uint32_t)(entry - done);
        g->more_cases |= done < entry; /* perhaps */
        for (; done < entry; done++)
            add(g, done, DAYS_FAST);
        for (; done < next; done++)
            look(g, done, DAYS_FAST);
    }
}

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
    struct growth g = {.best = best,
                       .now = {.centre = centre},
                       .expect = expect,
                       .near = near,
                       .dense = scratch->dense,
                       .expected = scratch->expected,
                       .observed = scratch->observed};
    if (days == DAYS_FAST) {
        look_fast(&g, scratch->rough, near->from[centre], near->from[centre + 1]);
        return;
    }
    for (size_t i = near->from[centre]; i < near->from[centre + 1]; i++)
        look(&g, i, days);
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
