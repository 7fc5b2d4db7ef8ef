/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/report_svg.h: the pictures of a report, as SVG in its page: bars over time, maps, flows.
 *
 * No scripts, no style attributes (the page's policy forbids both); colours come from the classes
 * of the page. Maps are in degrees, north up, longitude right. Texts are escaped here.
 */
#ifndef WATCH_REPORT_SVG_H
#define WATCH_REPORT_SVG_H

#include "base/memory.h"
#include "watch/alert.h"

/* Text in HTML or an attribute: markup escaped; control and direction characters, with which a
 * text could hide what it says, replaced. */
void html_add(struct buf *out, const char *text);

struct chart_bar {
    int32_t from;              /* its first day */
    double observed, expected; /* expected NAN: none */
    bool lit;                  /* of the alert's window */
    bool marked;               /* a notice begins here */
};

/* width: in pixels of the page at its usual size. */
void svg_bars(struct buf *out, const struct chart_bar *bars, size_t count, int width,
              const char *label, struct arena *arena);

/* The outline, once a page; the maps use it. */
void svg_land(struct buf *out);

struct map_point {
    double latitude, longitude;
    double weight; /* events; the area of the dot */
    const char *label;
};
struct map_line {
    double from_latitude, from_longitude, to_latitude, to_longitude;
    double weight, recent; /* events: all and lately */
    const char *label;
};
struct map {
    const struct map_point *points;
    size_t point_count;
    const struct map_line *lines;
    size_t line_count;
    const struct watch_circle *circle; /* or NULL */
    bool whole_world;                  /* else as near as what is on it allows */
    const char *label;
};
void svg_map(struct buf *out, const struct map *map);

/* Two columns, from and to, and a band between for each flow. */
void svg_flows(struct buf *out, const struct watch_flow *flows, size_t count,
               const char *unknown);

#endif
