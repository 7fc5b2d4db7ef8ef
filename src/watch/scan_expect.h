/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/scan_expect.h: scans against an expectation that is given for every place and window.
 *
 * Circles: C ln(C/B) + B - C over the places within a radius (expectation-based Poisson). Any
 * shape: the same over the best set of places within the radius. Of all those sets the best is
 * among the few that hold the places with the highest C/B (linear-time subset scanning, Neill
 * 2012), so it is found exactly by sorting; the centre need not be in it. Two cases are the least.
 * Counts are of one deal.
 */
#ifndef WATCH_SCAN_EXPECT_H
#define WATCH_SCAN_EXPECT_H

#include "watch/scan_counts.h"

struct scan_expect {
    const struct scan_frame *frame;
    const double *expected; /* [place * days + w - 1], above 0; place as in frame->near */
    bool any_shape;
    double least; /* a score of less is none */
    const double
        *bound; /* by centre, of scan_expect_bound; NULL: every centre is looked at */
};

/* Of one thread; all-zero is valid. */
struct scan_expect_scratch {
    struct scan_odds {
        double ratio, observed, expected;
        uint32_t place, order;
    } * odds;
    size_t capacity;
    double *expected; /* by window, like the next */
    double *observed;
    double *dense;                      /* counts, [place * days + w - 1] ... */
    struct rough *rough;                /* both, by place, to sort out what needs no look */
    const struct scan_counts *unpacked; /* ... of these */
};
void scan_expect_scratch_release(struct scan_expect_scratch *scratch);

/* What no circle and no set around a centre scores more than: the sum of what its places score
 * alone, each in its best window, since C ln(C/B) + B - C of a sum is at most the sum. */
void scan_expect_bound(double *bound, const struct scan_expect *expect,
                       const struct scan_counts *counts);

/* Raise *best to the best around the centre. Of a circle, `inside` is how many places of the
 * centre's list are in it and entry the last; of a set, how many. */
void scan_expect_centre(struct scan_best *best, const struct scan_expect *expect,
                        const struct scan_counts *counts,
                        struct scan_expect_scratch *scratch, uint32_t centre);
struct scan_best scan_expect_best(const struct scan_expect *expect,
                                  const struct scan_counts *counts,
                                  struct scan_expect_scratch *scratch);
/* The places of a set that was found, highest ratio first; out holds best->inside of them. */
void scan_expect_members(uint32_t *out, const struct scan_expect *expect,
                         const struct scan_counts *counts,
                         struct scan_expect_scratch *scratch, const struct scan_best *best);

#endif
