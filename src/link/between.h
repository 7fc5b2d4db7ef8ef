/* SPDX-License-Identifier: Apache-2.0
 *
 * link/between.h: through whom most shortest paths lead.
 *
 * Of each node the pairs of others whose shortest paths lead through it, half a pair where every second such path
 * does; several ties between the same two are one way, and a tie has no direction. Brandes: from each node of a
 * part one walk over the part, and back. A part for which that is more than BETWEEN_WORK steps is walked from
 * BETWEEN_SOURCES_MIN of its nodes or more, spread evenly, and what they show is multiplied: who stands between many is
 * found as surely, and the numbers are estimates.
 */
#ifndef LINK_BETWEEN_H
#define LINK_BETWEEN_H

#include <stddef.h>
#include <stdint.h>

struct graph_edge;

enum { BETWEEN_WORK = 40 * 1000 * 1000, BETWEEN_SOURCES_MIN = 64 };

/* out: one a node. Ties that lead from a node to itself count nothing. */
void between_measure(double *out, const struct graph_edge *edges, size_t edge_count,
                     size_t node_count);

#endif
