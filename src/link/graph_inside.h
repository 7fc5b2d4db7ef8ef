/* SPDX-License-Identifier: Apache-2.0
 *
 * link/graph_inside.h: what a graph keeps of records until they are tied, and how it is walked; for
 * graph.c, graph_same.c and graph_choose.c.
 */
#ifndef LINK_GRAPH_INSIDE_H
#define LINK_GRAPH_INSIDE_H

#include "link/graph.h"

/* A reference by a source's id holds within one case and owner. */
struct naming {
    const uint8_t *case_id;
    const char *owner, *id;
    uint32_t node;
};

struct pending {
    uint32_t node;
    const char *owner;
    const uint8_t *case_id;
    const char *property; /* what names the other */
    struct bytes target;
    const char *label;
    bool is_source, is_target; /* an end of a record that is a line */
};

struct holding {
    struct key key;
    uint32_t node;
};

/* Our ids of two records, the lower one first. */
struct apart {
    uint8_t low[GRAPH_ID], high[GRAPH_ID];
};

struct graph_edge *graph_add_edge(struct graph *graph, uint32_t source, uint32_t target,
                                  const char *label, bool directed);
/* The holdings from this one on that have its key: where they end. */
size_t graph_key_end(const struct graph *graph, size_t from);

/* The edges of each node: edges[starts[i]] up to edges[starts[i + 1]]; one from a node to itself stands there
 * twice. */
struct graph_around {
    uint32_t *starts, *edges;
};
void graph_around_make(struct graph_around *around, const struct graph *graph);
void graph_around_release(struct graph_around *around);
uint32_t graph_other_end(const struct graph *graph, uint32_t edge, uint32_t node);

/* Ties of records that are the same person or company, as link/decide judges by their keys. The
 * holdings are sorted by key, then by node. */
void graph_tie_same(struct graph *graph);

#endif
