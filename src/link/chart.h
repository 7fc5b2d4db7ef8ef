/* SPDX-License-Identifier: Apache-2.0
 *
 * link/chart.h: a graph as a picture: SVG.
 *
 * Places are link/chart_layout.h's; the same graph gives the same picture. What a thing is shows in shape
 * and colour, explained in the legend; the size grows with the number of shortest paths that lead
 * through it, which says where it stands on the chart and nothing of its guilt. Under each thing stand
 * its caption in up to three lines, its dates and its handling codes; what was cut is told in full when
 * the pointer rests on it. A tie has its words beside it where there is room, and always under the pointer.
 *
 * The file stands by itself: no script, nothing from elsewhere. It fits the window that it is opened in;
 * a link in it shows it in full size. A title and a description say in words what it shows.
 */
#ifndef LINK_CHART_H
#define LINK_CHART_H

#include "link/graph.h"

struct chart_options {
    const char *title;    /* the case */
    const char *detail;   /* who made it, when, for what purpose; one line */
    const char *left_out; /* what is not drawn, and why; one line, or "" */
    const uint8_t *focus; /* the id of the thing that this is drawn around; or NULL */
};

/* TOO_LARGE: more nodes than anybody can read (CHART_NODES_MAX): link/graph_choose makes it smaller;
 * GraphML and GEXF take any number. */
enum { CHART_NODES_MAX = 3000 };
MUST_USE enum status chart_write_svg(struct buf *out, const struct graph *graph,
                                     const struct chart_options *options, struct err *err);

#endif
