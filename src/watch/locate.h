/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/locate.h: where each seizure of a table lies, and how that is known.
 *
 *     EXACT       at the coordinates that the row gives
 *     AS_OTHERS   where the same agency gives coordinates for the same place, or any does
 *     BY_NAME     a port, airport or city of record/place, in the row's country
 *     BY_REGION   a region of it: good to some tens of kilometres
 *     BY_COUNTRY  the middle of the country, which is the agency's, else the record's; good to
 *                 hundreds of kilometres
 *     NOWHERE     none of these
 *
 * Each name is looked up once an agency, so that a file of many rows costs no more than one of many
 * names. What is not found is listed, the commonest first.
 */
#ifndef WATCH_LOCATE_H
#define WATCH_LOCATE_H

#include "watch/scan_near.h"
#include "watch/table.h"

enum located {
    LOCATED_NOWHERE,
    LOCATED_EXACT,
    LOCATED_AS_OTHERS,
    LOCATED_BY_NAME,
    LOCATED_BY_REGION,
    LOCATED_BY_COUNTRY,
    LOCATED_COUNT
};

/* A place's name that no table knows in its country, or that is several places there. */
struct unknown_place {
    uint32_t place; /* value of FACET_PLACE */
    size_t events;
};

struct locations {
    struct scan_place *at; /* of each row; no place where it is NOWHERE */
    uint8_t *how;          /* of each row: enum located */
    size_t row_count;
    size_t events[LOCATED_COUNT];
    struct unknown_place *unknown; /* most events first */
    size_t unknown_count, unknown_events;
};

void locate(struct locations *out, const struct watch_table *table);
/* All-zero is valid. */
void locations_release(struct locations *locations);

#endif
