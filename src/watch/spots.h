/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/spots.h: where the seizures of a table lie, as few hundred places for the scan.
 *
 * Where a seizure lies says watch/locate: at its coordinates, where others with the same place name
 * stand, or at the port, town or region of that name. Where only the country is known it stands in
 * the middle of it, if nothing better is known of any of its agency's seizures; else it is left
 * out, as what is missing must not surge. Coordinates are put on a grid, the finest that leaves the
 * scan little enough to do every day. What lies nowhere has spot 0.
 *
 * Where every agency has one spot only there is nothing to scan: more at its one spot is more of
 * everything it does. `count` is 0 then.
 */
#ifndef WATCH_SPOTS_H
#define WATCH_SPOTS_H

#include "watch/locate.h"

#define SPOTS_RADIUS_KM 500.0 /* the largest circle */

struct spots {
    struct scan_place *places; /* spot s is places[s - 1] */
    const char **names;        /* of the commonest place there, or its coordinates */
    size_t count, capacity;
    double grid; /* degrees */
    struct locations where;
    size_t vague; /* seizures left out since only their country is known */
    struct arena arena;
};

/* Gives each row of the settled table its spot. Rows received before known_until choose the grid. */
void spots_find(struct spots *spots, struct watch_table *table, int32_t known_until);
void spots_release(struct spots *spots);

#endif
