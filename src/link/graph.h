/* SPDX-License-Identifier: Apache-2.0
 *
 * link/graph.h: who and what is tied to whom, among records that somebody may see.
 *
 *     record  --property-->  record        "holder", "vessel": one names the other
 *     record  ==Ownership==> record        a record that links two others is the line between them
 *     record  --- phone ---  record        both have one key; the key is a node of its own, so that
 *                                          five records with one phone are a star
 *     record  -------------  record        same name and birth date, same company name: a line where
 *                                          link/decide takes both for the same without a doubt,
 *                                          and nobody has decided that they are different
 *
 * Put records in, one by one, then have them tied. The graph keeps what a chart shows of a record:
 * what it is called, its dates, handling codes and evaluation; the records themselves may go. A key
 * of more than GRAPH_HOLDERS_MAX records is a habit and ties none. Ties are found in the order of the
 * records, so the same records give the same graph. Everything lives in the graph's arena; the
 * measures are igraph's.
 */
#ifndef LINK_GRAPH_H
#define LINK_GRAPH_H

#include "record/keys.h"

enum { GRAPH_ID = 16, GRAPH_NODES_MAX = 200000, GRAPH_HOLDERS_MAX = 256, GRAPH_NONE = -1 };

enum node_kind { GRAPH_RECORD, GRAPH_KEY };

struct graph_node {
    enum node_kind kind;
    uint8_t id[GRAPH_ID];     /* of a record */
    const char *schema;       /* of a key: its class, "phone" */
    struct bytes caption;     /* of a key: its value */
    const char *from, *until; /* ISO dates or parts of them; "" */
    const char *place;        /* of a seizure or sighting; "" */
    unsigned handling;        /* bits; of a key the union of its holders' */
    const char *restriction;  /* the words of H3; "" */
    const char *evaluation;   /* "4x4:B2"; "" */
    const char *status;       /* of a person, "suspect"; "" */
    bool is_edge;             /* a record that links two others; without both ends here */
    uint32_t component;       /* set by graph_measure, from 0, the largest first */
    double betweenness;       /* pairs of nodes whose shortest paths lead through it */
    uint32_t more;            /* ties to what graph_keep has left out */
};

struct graph_edge {
    uint32_t source, target;
    bool directed;
    const char *label;        /* "holder", "Ownership 60 %", "phone number" */
    const char *from, *until; /* of a record that is the line */
    unsigned handling;
    const char *evaluation;
    uint8_t id[GRAPH_ID]; /* of that record; all zero: of none */
};

struct graph {
    struct arena arena;
    struct graph_node *nodes;
    size_t node_count, node_capacity;
    struct graph_edge *edges;
    size_t edge_count, edge_capacity;
    struct pending *pending; /* what each record says of others, until it is tied */
    size_t pending_count, pending_capacity;
    struct holding *holdings;
    size_t holding_count, holding_capacity;
    struct naming *namings;
    size_t naming_count, naming_capacity;
    struct apart *aparts; /* pairs that somebody has decided to be different */
    size_t apart_count, apart_capacity;
    uint32_t component_count;
};

/* All-zero is valid and empty. */
void graph_release(struct graph *graph);
/* id and case_id: 16 bytes, as acts show them. false: GRAPH_NODES_MAX are there already. A record that
 * is there is not added again. */
bool graph_add(struct graph *graph, const uint8_t id[GRAPH_ID],
               const uint8_t case_id[GRAPH_ID], const struct record *record);
/* Once, after all were added. */
void graph_tie(struct graph *graph);
/* Before graph_tie, which is done but once: the steps from a record to each of those that are here by
 * now, as graph_walk would count them; a record that is a line counts as a thing. steps: beside nodes. */
void graph_reach(uint32_t *steps, const struct graph *graph, uint32_t from);
/* Components and betweenness (link/between.h); of a very large part the latter is an estimate. */
void graph_measure(struct graph *graph);
void graph_measure_parts(struct graph *graph); /* components alone */

/* The node of the record, or GRAPH_NONE. */
int64_t graph_find(const struct graph *graph, const uint8_t id[GRAPH_ID]);
/* Steps from the node to each, a key between two records counting as no step of its own; UINT32_MAX:
 * not to be reached. previous: the edge by which each is reached, or UINT32_MAX. Both have room for
 * node_count. */
void graph_walk(uint32_t *steps, uint32_t *previous, const struct graph *graph,
                uint32_t from);

/* The evaluation is at least as good as the one asked for, in the same scheme: "4x4:B2" lets A1 and B2
 * pass and C1 not. What cannot be judged (X, and F and 6 of 6x6) never passes. */
bool evaluation_passes(const struct evaluation *evaluation, const struct evaluation *least);

#endif
