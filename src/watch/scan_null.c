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

enum { BATCH = 128, PILOTS = 16, PILOT_STEP = 2 };

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

struct scan_best scan_ladder_best(const struct scan_ladder *ladder, const uint8_t *counts,
                                  uint32_t *sums, unsigned start)
{
    const struct scan_frame *frame = ladder->frame;
    struct scan_best best = {0};
    for (unsigned floor = start; frame->total > 0; floor -= floor > 1 ? 2 : 1) {
        unsigned step = floor;
        for (uint32_t centre = 0; centre < frame->near->places; centre++) {
            const struct scan_table *table = &ladder->tables[step];
            if (scan_frame_quiet(frame, table, counts, ladder->kernel, centre))
                continue;
            scan_frame_centre(&best, sums, frame, table, counts, centre);
            if (best.llr > 0 && step_of(best.llr) > step)
                step = step_of(best.llr);
        }
        if (best.llr > 0 || floor == 0)
            break;
    }
    return best;
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
    size_t first;   /* replicate that index 0 is */
    double *scores;
    struct deal_scratch {
        uint8_t *counts;
        uint64_t *taken; /* a bit a case */
        uint32_t *sums;
        struct scan_expect_scratch expect;
    } * scratch;
};

/* The drawing order is the order of days, last day first: draw n falls on the first day back whose
 * window holds more than n cases. */
static void deal_cases(const struct deal *deal, const struct deal_scratch *scratch,
                       uint64_t replicate)
{
    const struct scan_frame *frame = deal->input->frame;
    struct dice dice;
    dice_init(&dice, deal->seed, replicate);
    scan_counts_clear(scratch->counts, frame);
    memset(scratch->taken, 0, (deal->cases + 63) / 64 * sizeof *scratch->taken);
    unsigned lag = 1;
    for (uint64_t drawn = 0; drawn < frame->recent[frame->days]; drawn++) {
        while (frame->recent[lag] <= drawn)
            lag++;
        uint32_t one;
        do
            one = dice_below(&dice, deal->cases, deal->rejected);
        while (scratch->taken[one / 64] & 1ull << one % 64);
        scratch->taken[one / 64] |= 1ull << one % 64;
        scan_counts_add(scratch->counts, frame, deal->case_cell[one], lag);
    }
}

static void run_replicate(void *context, size_t index, unsigned thread)
{
    const struct deal *deal = context;
    const struct scan_null_input *input = deal->input;
    struct deal_scratch *scratch = &deal->scratch[thread];
    size_t replicate = deal->first + index;
    deal_cases(deal, scratch, replicate);
    struct scan_best best =
        input->expect != NULL
            ? scan_expect_best(input->expect, scratch->counts, &scratch->expect)
            : scan_ladder_best(input->ladder, scratch->counts, scratch->sums, deal->start);
    deal->scores[replicate] = best.llr;
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
    uint32_t at = 0, most = scan_cell_most(frame->lane);
    for (size_t p = 0; p < frame->near->places; p++)
        for (uint32_t n = 0; n < input->cases[p]; n++)
            deal->case_cell[at++] = frame->cell_from[p] + n / most;
    deal->scratch = xcalloc(threads, sizeof *deal->scratch);
    for (unsigned t = 0; t < threads; t++)
        deal->scratch[t] =
            (struct deal_scratch){.counts = scan_counts_new(frame),
                                  .taken = xcalloc(frame->total / 64 + 1, sizeof(uint64_t)),
                                  .sums = xcalloc(frame->days + 1, sizeof(uint32_t))};
}

static void deal_release(struct deal *deal, unsigned threads)
{
    for (unsigned t = 0; t < threads; t++) {
        free(deal->scratch[t].counts);
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
    double *scores = xcalloc(options->replicates, sizeof *scores);
    struct deal deal;
    deal_init(&deal, scores, input, options->seed, pool_threads(pool));
    unsigned wanted = options->replicates, stop = options->stop_after;
    while (out->replicates < wanted && (stop == 0 || out->exceeded < stop)) {
        unsigned batch = out->replicates == 0 ? PILOTS : BATCH;
        batch = batch < wanted - out->replicates ? batch : wanted - out->replicates;
        deal.first = out->replicates;
        pool_run(pool, run_replicate, &deal, batch);
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
