/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/scan_null.h: how good the best cylinder is when nothing happens.
 *
 * Under the null hypothesis place and time have nothing to do with each other: any of the cases
 * may be the recent ones, with how many lie on each day held fixed. A replicate draws the recent
 * cases without replacement, which costs the recent cases and not the history, and gives the best
 * score of all cylinders. Replicate r of a seed is the same whatever the number of threads.
 *
 * The best is exact and cheap because most circles are ruled out by integers: a ladder of tables
 * (scan_frame.h) lets a replicate look only at what beats the best it has.
 */
#ifndef WATCH_SCAN_NULL_H
#define WATCH_SCAN_NULL_H

#include "watch/scan_expect.h"

enum { LADDER_STEPS = 16, SCAN_REPLICATES_MAX = 1000 * 1000 };

struct scan_ladder {
    const struct scan_frame *frame;
    const struct scan_kernel *kernel;
    struct scan_table tables[LADDER_STEPS]; /* rising levels, the first 0 */
};

void scan_ladder_init(struct scan_ladder *ladder, const struct scan_frame *frame,
                      struct pool *pool);
void scan_ladder_release(struct scan_ladder *ladder);

/* The best cylinder of each deal in counts (llr 0: none scores). start: the step to begin at; any
 * gives the same answer. sums: scratch for frame->days numbers. */
void scan_ladder_best(struct scan_best *best, const struct scan_ladder *ladder,
                      const struct scan_counts *counts, uint32_t *sums, unsigned start);

struct scan_null_options {
    unsigned replicates;
    uint64_t seed;
    unsigned stop_after; /* end when so many scores reached the observed one; 0: never */
};

struct scan_null {
    double p;        /* by rank: Besag and Clifford's when it stopped early */
    double p_gumbel; /* NAN: too few scores */
    unsigned replicates, exceeded;
};

/* Chance's scores against the observed one. */
struct scan_null_input {
    double observed_llr;
    const uint32_t *cases; /* as the frame was made from */
    const struct scan_frame *frame;
    const struct scan_ladder *ladder; /* the permutation's statistic ... */
    const struct scan_expect *expect; /* ... or one of these; the other is NULL */
};
void scan_null_run(struct scan_null *out, const struct scan_null_input *input,
                   const struct scan_null_options *options, struct pool *pool);

#endif
