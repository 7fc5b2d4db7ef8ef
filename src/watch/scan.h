/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/scan.h: where is more than should be? The prospective space-time scan.
 *
 * The world is a list of places and, day by day, cases at them. For a day the scan looks at every
 * cylinder: a centre, all places within a radius up to R km, the last w days up to W. Of N cases in
 * all, N_c in the circle (any day) and N_w in the last w days (anywhere), E = N_c N_w / N are
 * expected inside, and the cylinder's score is the logarithm of the likelihood ratio
 *
 *     C ln(C/E) + (N-C) ln((N-C)/(N-E))     for C > E and C >= 2      (Kulldorff et al. 2005)
 *
 * Two more statistics work on the same cases: with expectations from outside (SCAN_POISSON), and
 * over any set of places within the circle, for odd shapes (SCAN_SUBSET; Neill 2012). All are
 * exact; ties between cylinders are broken by one fixed order, so the answer is one and does not
 * depend on threads.
 *
 * For a replay: open once; every day add what became known (in any order, late too), then ask.
 * Cases of days after the asked one are not counted. One owner, one thread; the pool does the rest.
 */
#ifndef WATCH_SCAN_H
#define WATCH_SCAN_H

#include "watch/scan_near.h"

enum scan_statistic { SCAN_PERMUTATION, SCAN_POISSON, SCAN_SUBSET };

struct scan_options {
    double radius_km;
    unsigned days;         /* the longest window, 1..SCAN_DAYS_MAX */
    unsigned history_days; /* older cases are forgotten; 0: never */
    struct pool *pool;     /* or NULL; must outlive the scan */
};

struct scan;

/* The places are copied. BAD_INPUT: an option or a coordinate out of range; TOO_LARGE: the radius
 * holds too many places. */
MUST_USE enum status scan_open(struct scan **out, const struct scan_place *places,
                               size_t count, const struct scan_options *options,
                               struct err *err);
void scan_close(struct scan *scan);

/* More cases at a place on a day (days since 1970-01-01). TOO_LARGE: over SCAN_CASES_MAX in all. */
enum { SCAN_CASES_MAX = 20 * 1000 * 1000 };
MUST_USE enum status scan_add(struct scan *scan, size_t place, int32_t day, uint32_t count,
                              struct err *err);

/* A cylinder that stands out. Lists live in the arena it was asked with. */
struct scan_found {
    double llr, expected, radius_km;
    uint64_t observed;
    size_t centre;          /* the caller's number of the place, like the next */
    const uint32_t *places; /* inside, nearest first (SCAN_SUBSET: the chosen ones) */
    size_t place_count;
    int32_t from, to;
};

struct scan_question {
    int32_t day;
    enum scan_statistic statistic;
    double least; /* only scores of at least this; 0: every one that is above nothing */
    size_t most;  /* how many, best first, none sharing a place with a better one */
    /* Of the last two statistics: cases expected at a place in the last w days,
     * expected[place * days + w - 1]; NULL: place's cases times window's over all. */
    const double *expected;
};

/* Fills *found (in the arena) and *count. */
MUST_USE enum status scan_day(const struct scan_found **found, size_t *count,
                              struct scan *scan, const struct scan_question *question,
                              struct arena *arena, struct err *err);

/* The best one alone, whatever its score (llr 0: none), and how often as good a one comes by
 * chance. Deals the same cases out `replicates` times (scan_null.h). */
struct scan_chance {
    double p, p_gumbel; /* the second NAN: too few scores */
    unsigned replicates;
};
struct scan_deals {
    unsigned replicates;
    uint64_t seed;
    unsigned stop_after; /* end early when so many were as good; 0: never */
};
MUST_USE enum status scan_best_of_day(struct scan_found *found, struct scan_chance *chance,
                                      struct scan *scan,
                                      const struct scan_question *question,
                                      const struct scan_deals *deals, struct arena *arena,
                                      struct err *err);

#endif
