/* SPDX-License-Identifier: Apache-2.0
 *
 * link/chart_layout.h: where everything stands on a picture.
 *
 * A thing takes the room of its box: its symbol and what is written below or beside it, so that no
 * label covers another. Each part of two and more is laid out by itself (igraph's Kamada-Kawai; a large
 * one by Fruchterman-Reingold), stretched as boxes are, and its boxes are pushed apart. The parts are
 * packed, the largest first, into whatever width makes the whole fit a screen best. What nothing is
 * tied to stands below in columns. The same graph gives the same places.
 */
#ifndef LINK_CHART_LAYOUT_H
#define LINK_CHART_LAYOUT_H

#include "link/graph.h"

struct chart_box {
    double x, y;                      /* set: the middle of its symbol; pixels */
    double left, right, above, below; /* room that it takes, from there */
    uint32_t order; /* of those that nothing is tied to: who stands first */
};

struct chart_room {
    double width, height; /* of all, from 0 */
    double lone_top;      /* where the columns begin */
    size_t lone;          /* how many stand in them */
};

/* beside nodes; the components must be measured. */
void chart_lay_out(struct chart_room *room, struct chart_box *boxes,
                   const struct graph *graph);

#endif
