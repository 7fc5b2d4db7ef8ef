/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/scan_near.h: who lies around each place, nearest first.
 *
 * Places are put into an order in which neighbours are near in memory too (`place` of the rest of
 * the scan is a number in this order; near->given is the caller's number). For each place taken as
 * a centre stands the list of places within the radius, itself first. Distances are great circles
 * on a sphere of EARTH_KM, compared as whole millimetres; places at the same distance are one step
 * of the circle's growth, which `NEAR_STEP` marks on the last of them.
 */
#ifndef WATCH_SCAN_NEAR_H
#define WATCH_SCAN_NEAR_H

#include "base/memory.h"
#include "base/pool.h"

struct scan_place {
    double latitude, longitude; /* degrees; checked by who reads them: -90..90, -180..180 */
};

/* An entry is a place and the mark. 2^31 places, and so many entries in all (400 MB). */
#define NEAR_STEP 0x80000000u
enum { NEAR_ENTRIES_MAX = 100 * 1000 * 1000 };

struct scan_near {
    size_t places;
    uint32_t *given; /* place -> the caller's number */
    uint32_t *place; /* the caller's number -> place */
    struct scan_point {
        double x, y, z; /* on the unit sphere */
    } * points;
    size_t *from; /* entries of centre c: [from[c], from[c + 1]) */
    uint32_t *entries;
};

/* TOO_LARGE when the radius makes more entries than the limit. The pool may be NULL. */
MUST_USE enum status scan_near_init(struct scan_near *near, const struct scan_place *places,
                                    size_t count, double radius_km, struct pool *pool,
                                    struct err *err);
void scan_near_release(struct scan_near *near);

/* Between two places in millimetres. */
uint64_t scan_near_mm(const struct scan_near *near, uint32_t a, uint32_t b);

#endif
