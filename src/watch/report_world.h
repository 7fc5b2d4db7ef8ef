/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/report_world.h: as much of the world as a map in a report needs: where countries are, and
 * the outline of the land. report_world.c is made by tools/world-table from Natural Earth.
 */
#ifndef WATCH_REPORT_WORLD_H
#define WATCH_REPORT_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORLD_GAP = INT16_MAX }; /* in latitude: the outline goes on elsewhere */

/* Tenths of a degree. */
struct world_point {
    int16_t latitude, longitude;
};
extern const struct world_point world_outline[];
extern const size_t world_outline_count;

struct world_country {
    const char *name;
    int16_t latitude, longitude; /* the middle of its largest piece */
};
extern const struct world_country world_countries[];
extern const size_t world_country_count;

/* The middle, in degrees, of a country given by any name or code that record/country knows. false:
 * it is none, or stands on no map (fiction). */
bool world_find(double *latitude, double *longitude, const char *country);
/* The same, or where a port, an airport or a town lies (record/place). */
bool world_find_place(double *latitude, double *longitude, const char *text);

#endif
