/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan_null.h"

#include "watch/scan_score.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Levels of the ladder. Only speed hangs on them: the best of a replicate mostly lies between 5
 * and 12. */
static const double LEVELS[LADDER_STEPS] = {0,   2, 4,   5,   5.5, 6,  6.5, 7,
                                            7.5, 8, 8.5, 9.5, 11,  13, 18,  30};

enum { BATCH = 256, PILOTS = 16, PILOT_STEP = 2 }; /* batches are whole groups of deals */

/* --- the ladder --- */

static void make_table(void *context, size_t index, unsigned thread)
{
    (void)thread;
    struct scan_ladder *ladder = context;
    scan_table_init(&ladder->tables[index], ladder->frame, LEVELS[index]);
}

void scan_ladder_init(struct scan_ladder *ladder, const struct scan_frame *frame,
                      struct pool *pool)
{
    *ladder = (struct scan_ladder){.frame = frame, .kernel = scan_kernel()};
    pool_run(pool, make_table, ladder, LADDER_STEPS);
}

void scan_ladder_release(struct scan_ladder *ladder)
{
    if (ladder == NULL)
        return;
    for (size_t i = 0; i < LADDER_STEPS; i++)
        scan_table_release(&ladder->tables[i]);
}

/* The highest step whose level the score reaches: a cylinder that ties is still seen. */
static unsigned step_of(double score)
{
    unsigned step = 0;
    while (step + 1 < LADDER_STEPS && LEVELS[step + 1] <= score)
        step++;
    return step;
}

/* One round over all centres for the deals that have no best yet. Each deal climbs its own ladder;
 * the sweep goes by the lowest step, the closer look by the deal's own. */
static void climb(struct scan_best *best, const struct scan_ladder *ladder,
                  const struct scan_counts *counts, uint32_t *sums, unsigned start)
{
    unsigned steps[SCAN_DEALS], open = 0, lowest = start;
    for (unsigned d = 0; d < counts->deals; d++) {
        steps[d] = start;
        open |= best[d].llr > 0 ? 0 : 1u << d;
    }
    struct scan_look look = {.frame = ladder->frame, .counts = counts};
    for (uint32_t centre = 0; centre < ladder->frame->near->places; centre++) {
        look.table = &ladder->tables[lowest];
        unsigned hits = scan_frame_sweep(&look, ladder->kernel, centre) & open;
        if (hits == 0)
            continue;
        lowest = LADDER_STEPS - 1;
        for (unsigned d = 0; d < counts->deals; d++) {
            if (hits & 1u << d) {
                look.deal = d;
                look.table = &ladder->tables[steps[d]];
                scan_frame_centre(&best[d], sums, &look, centre);
                if (best[d].llr > 0 && step_of(best[d].llr) > steps[d])
                    steps[d] = step_of(best[d].llr);
            }
            if ((open & 1u << d) && steps[d] < lowest)
                lowest = steps[d];
        }
    }
}

void scan_ladder_best(struct scan_best *best, const struct scan_ladder *ladder,
                      const struct scan_counts *counts, uint32_t *sums, unsigned start)
{
    memset(best, 0, counts->deals * sizeof *best);
    if (ladder->frame->total == 0)
        return;
    for (unsigned floor = start;; floor -= floor > 1 ? 2 : 1) {
        climb(best, ladder, counts, sums, floor);
        bool all = true;
        for (unsigned d = 0; d < counts->deals; d++)
            all &= best[d].llr > 0;
        if (all || floor == 0)
            return;
    }
}

/* --- random numbers: xoshiro256** (Blackman and Vigna), seeded by splitmix64 --- */

struct dice {
    uint64_t state[4];
};

static uint64_t split_mix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void dice_init(struct dice *dice, uint64_t seed, uint64_t replicate)
{
    uint64_t state = seed;
    state = split_mix(&state) ^ replicate;
    for (int i = 0; i < 4; i++)
        dice->state[i] = split_mix(&state);
}

static inline uint64_t turn_left(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static inline uint64_t dice_roll(struct dice *dice)
{
    uint64_t *s = dice->state, result = turn_left(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = turn_left(s[3], 45);
    return result;
}

/* Below bound, each as likely as the other (Lemire's multiplication with rejection). */
static inline uint32_t dice_below(struct dice *dice, uint32_t bound, uint32_t rejected)
{
    for (;;) {
        uint64_t product = (dice_roll(dice) >> 32) * bound;
        if ((uint32_t)product >= rejected)
            return (uint32_t)(product >> 32);
    }
}

/* --- a replicate --- */

struct deal {
    const struct scan_null_input *input;
    uint32_t *case_cell; /* case -> its cell */
    uint32_t cases, rejected;
    uint64_t seed;
    unsigned start; /* step of the ladder */
    size_t first;   /* replicate that index 0 begins with */
    double *scores;
    struct deal_scratch {
        struct scan_counts counts;
        uint64_t *taken; /* a bit a case */
        uint32_t *sums;
        struct scan_expect_scratch expect;
    } * scratch;
};

/* The drawing order is the order of days, last day first: draw n falls on the first day back whose
 * window holds more than n cases. */
static void deal_cases(const struct deal *deal, struct deal_scratch *scratch,
                       unsigned place, uint64_t replicate)
{
    const struct scan_frame *frame = deal->input->frame;
    struct dice dice;
    dice_init(&dice, deal->seed, replicate);
    memset(scratch->taken, 0, (deal->cases + 63) / 64 * sizeof *scratch->taken);
    uint64_t drawn = 0;
    for (unsigned lag = 1; lag <= frame->days; lag++)
        for (; drawn < frame->recent[lag]; drawn++) {
            uint32_t one;
            do
                one = dice_below(&dice, deal->cases, deal->rejected);
            while (scratch->taken[one / 64] & 1ull << one % 64);
            scratch->taken[one / 64] |= 1ull << one % 64;
            scan_counts_add(&scratch->counts, frame, deal->case_cell[one], place, lag);
        }
}

/* As many replicates as go together. */
static void run_replicates(void *context, size_t index, unsigned thread)
{
    const struct deal *deal = context;
    const struct scan_null_input *input = deal->input;
    struct deal_scratch *scratch = &deal->scratch[thread];
    unsigned deals = scratch->counts.deals;
    size_t first = deal->first + index * deals;
    struct scan_best best[SCAN_DEALS];
    scan_counts_clear(&scratch->counts, input->frame);
    for (unsigned d = 0; d < deals; d++)
        deal_cases(deal, scratch, d, first + d);
    if (input->expect != NULL)
        best[0] = scan_expect_best(input->expect, &scratch->counts, &scratch->expect);
    else
        scan_ladder_best(best, input->ladder, &scratch->counts, scratch->sums, deal->start);
    for (unsigned d = 0; d < deals; d++)
        deal->scores[first + d] = best[d].llr;
}

static void deal_init(struct deal *deal, double *scores,
                      const struct scan_null_input *input, uint64_t seed, unsigned threads)
{
    const struct scan_frame *frame = input->frame;
    *deal = (struct deal){.input = input,
                          .cases = (uint32_t)frame->total,
                          .seed = seed,
                          .start = PILOT_STEP,
                          .scores = scores};
    deal->rejected = -deal->cases % deal->cases;
    deal->case_cell = xcalloc(frame->total + 1, sizeof *deal->case_cell);
    uint32_t at = 0, most = frame->most;
    for (size_t p = 0; p < frame->near->places; p++)
        for (uint32_t n = 0; n < input->cases[p]; n++)
            deal->case_cell[at++] = frame->cell_from[p] + n / most;
    deal->scratch = xcalloc(threads, sizeof *deal->scratch);
    for (unsigned t = 0; t < threads; t++) {
        struct deal_scratch *scratch = &deal->scratch[t];
        scan_counts_init(&scratch->counts, frame, input->expect != NULL ? 1 : SCAN_DEALS);
        scratch->taken = xcalloc(frame->total / 64 + 1, sizeof *scratch->taken);
        scratch->sums = xcalloc(frame->days + 1, sizeof *scratch->sums);
    }
}

static void deal_release(struct deal *deal, unsigned threads)
{
    for (unsigned t = 0; t < threads; t++) {
        scan_counts_release(&deal->scratch[t].counts);
        free(deal->scratch[t].taken);
        free(deal->scratch[t].sums);
        scan_expect_scratch_release(&deal->scratch[t].expect);
    }
    free(deal->scratch);
    free(deal->case_cell);
}

/* Where to begin: at the step that even the least of the first scores reaches. */
static unsigned step_for(const double *scores, unsigned count)
{
    double least = INFINITY;
    for (unsigned i = 0; i < count; i++)
        least = fmin(least, scores[i]);
    return step_of(least);
}

void scan_null_run(struct scan_null *out, const struct scan_null_input *input,
                   const struct scan_null_options *options, struct pool *pool)
{
    assert(options->replicates <= SCAN_REPLICATES_MAX);
    *out = (struct scan_null){.p = 1, .p_gumbel = NAN};
    if (!(input->observed_llr > 0) || options->replicates == 0)
        return;
    /* The last group may hold replicates that nobody asked for. */
    double *scores = xcalloc(options->replicates + SCAN_DEALS, sizeof *scores);
    struct deal deal;
    deal_init(&deal, scores, input, options->seed, pool_threads(pool));
    unsigned wanted = options->replicates, stop = options->stop_after;
    while (out->replicates < wanted && (stop == 0 || out->exceeded < stop)) {
        unsigned batch = out->replicates == 0 ? PILOTS : BATCH;
        batch = batch < wanted - out->replicates ? batch : wanted - out->replicates;
        deal.first = out->replicates;
        unsigned together = deal.scratch->counts.deals;
        pool_run(pool, run_replicates, &deal, (batch + together - 1) / together);
        if (deal.first == 0)
            deal.start = step_for(scores, batch);
        /* What a batch did past the end does not count: the end is where one thread would
         * have stopped. */
        for (unsigned i = 0; i < batch && (stop == 0 || out->exceeded < stop); i++)
            out->exceeded += scores[out->replicates++] >= input->observed_llr;
    }
    deal_release(&deal, pool_threads(pool));
    bool stopped = stop > 0 && out->exceeded >= stop;
    out->p = stopped ? (double)out->exceeded / out->replicates
                     : (double)(out->exceeded + 1) / (out->replicates + 1);
    out->p_gumbel = scan_gumbel_p(input->observed_llr, scores, out->replicates);
    free(scores);
}
