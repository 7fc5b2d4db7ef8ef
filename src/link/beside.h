/* SPDX-License-Identifier: Apache-2.0
 *
 * link/beside.h: ties between the same two.
 *
 * Of each edge of a graph: which one it is, in the order of the edges, of how many between the same
 * two nodes, whichever end is named first. Drawn side by side, and told apart in files.
 */
#ifndef LINK_BESIDE_H
#define LINK_BESIDE_H

#include "link/graph.h"

struct beside {
    uint32_t low, high, edge; /* the nodes in order */
    uint32_t nth, of;         /* from 0; at least 1 */
};

/* One for each edge; the caller frees. */
struct beside *beside_read(const struct graph *graph);

#endif
