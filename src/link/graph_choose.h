/* SPDX-License-Identifier: Apache-2.0
 *
 * link/graph_choose.h: a part of a graph that a person can look at.
 *
 * A mask has one bool for each node: it stays. graph_keep makes the graph smaller, and each node that
 * stays knows how many of those tied to it are gone, so that no picture is silent about it. Betweenness
 * stays what it was in the whole; parts are counted anew.
 */
#ifndef LINK_GRAPH_CHOOSE_H
#define LINK_GRAPH_CHOOSE_H

#include "link/graph.h"

/* The most tied: whole parts, the largest first, as long as all of one fits. When even the largest is larger than
 * max, whatever has fewest ties goes from it, ends of ties first, until no more are left; a key that fewer than two
 * still have goes, too. After graph_measure. */
void graph_choose_most_tied(bool *kept, const struct graph *graph, size_t max);
/* The node and all within so many steps. */
void graph_choose_around(bool *kept, const struct graph *graph, uint32_t from,
                         uint32_t steps);

struct graph_left {
    size_t records, keys, edges;
};
/* What is not kept goes, with its edges; how much that was. */
struct graph_left graph_keep(struct graph *graph, const bool *kept);

#endif
