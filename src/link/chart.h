/* SPDX-License-Identifier: Apache-2.0
 *
 * link/chart.h: a graph as a picture: SVG.
 *
 * Each connected part is laid out by itself (igraph's Kamada-Kawai from a fixed beginning; a large one
 * by Fruchterman-Reingold), its nodes are pushed apart until no label covers another, and the parts are
 * set in rows, the largest first. The same graph gives the same picture. What a thing is shows in shape
 * and colour, explained in the legend; the size grows with the number of shortest paths that lead
 * through it, which says where it stands on the chart and nothing of its guilt. Under each node stand
 * its caption, its dates and its handling codes.
 */
#ifndef LINK_CHART_H
#define LINK_CHART_H

#include "link/graph.h"

struct chart_options {
    const char *title;  /* the case */
    const char *detail; /* who made it, when, for what purpose; one line */
};

/* TOO_LARGE: more nodes than anybody can read (CHART_NODES_MAX); GraphML and GEXF take any number. */
enum { CHART_NODES_MAX = 3000 };
MUST_USE enum status chart_write_svg(struct buf *out, const struct graph *graph,
                                     const struct chart_options *options, struct err *err);

#endif
