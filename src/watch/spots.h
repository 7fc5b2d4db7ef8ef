/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/spots.h: where the seizures of a table lie, as few hundred places for the scan.
 *
 * A seizure stands at its coordinates; else where others with the same place name stand (a port by
 * its UN/LOCODE, say); else in the middle of its country, which is the agency's, else the one that
 * a UN/LOCODE begins with. Coordinates are put on a grid, the finest that leaves the scan little
 * enough to do every day. What lies nowhere has spot 0 and is counted in `nowhere`.
 *
 * Where every agency has one spot only there is nothing to scan: more at its one spot is more of
 * everything it does. `count` is 0 then.
 */
#ifndef WATCH_SPOTS_H
#define WATCH_SPOTS_H

#include "watch/scan_near.h"
#include "watch/table.h"

#define SPOTS_RADIUS_KM 500.0 /* the largest circle */

struct spots {
    struct scan_place *places; /* spot s is places[s - 1] */
    const char **names;        /* of the commonest place there, or its coordinates */
    size_t count, capacity;
    double grid;                                 /* degrees */
    size_t exact, by_place, by_country, nowhere; /* seizures */
    struct arena arena;
};

/* Gives each row of the settled table its spot. Rows received before known_until choose the grid. */
void spots_find(struct spots *spots, struct watch_table *table, int32_t known_until);
void spots_release(struct spots *spots);

#endif
