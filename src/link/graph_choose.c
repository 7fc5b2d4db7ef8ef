/* SPDX-License-Identifier: Apache-2.0 */
#include "link/graph_choose.h"

#include "link/graph_inside.h"

#include <stdlib.h>

/* ---- The most tied ---- */

struct peeling {
    const struct graph *graph;
    struct graph_around around;
    uint32_t *ties;  /* to what is still there */
    uint32_t *queue; /* to go next, in this order */
    size_t first, waiting;
    bool *kept, *queued;
    size_t left;
};

struct end {
    const struct graph_node *node;
    uint32_t place;
};

/* Who goes first among those with as many ties: on fewer paths, later. */
static int by_worth(const void *a, const void *b)
{
    const struct end *x = a, *y = b;
    if (x->node->betweenness != y->node->betweenness)
        return x->node->betweenness < y->node->betweenness ? -1 : 1;
    return x->place > y->place ? -1 : 1;
}

static void enqueue(struct peeling *peeling, uint32_t place)
{
    peeling->queued[place] = true;
    peeling->queue[peeling->waiting++] = place;
}

/* All that have no more ties than this, in the order of their worth. */
static uint32_t enqueue_least(struct peeling *peeling)
{
    const struct graph *graph = peeling->graph;
    struct end *ends = xmalloc((graph->node_count + 1) * sizeof *ends);
    uint32_t least = UINT32_MAX;
    size_t count = 0;
    for (size_t i = 0; i < graph->node_count; i++)
        if (peeling->kept[i] && peeling->ties[i] < least)
            least = peeling->ties[i];
    for (size_t i = 0; i < graph->node_count; i++)
        if (peeling->kept[i] && peeling->ties[i] == least)
            ends[count++] = (struct end){&graph->nodes[i], (uint32_t)i};
    qsort(ends, count, sizeof *ends, by_worth);
    for (size_t i = 0; i < count; i++)
        enqueue(peeling, ends[i].place);
    free(ends);
    return least;
}

static void take_away(struct peeling *peeling, uint32_t place, uint32_t least)
{
    const struct graph_around *around = &peeling->around;
    peeling->kept[place] = false;
    peeling->left--;
    for (uint32_t i = around->starts[place]; i < around->starts[place + 1]; i++) {
        uint32_t other = graph_other_end(peeling->graph, around->edges[i], place);
        bool is_key = peeling->graph->nodes[other].kind == GRAPH_KEY;
        peeling->ties[other]--;
        if (peeling->kept[other] && !peeling->queued[other] &&
            peeling->ties[other] <= (is_key && least < 1 ? 1 : least))
            enqueue(peeling, other);
    }
}

/* A key by itself says nothing. */
static void drop_lone_keys(struct peeling *peeling)
{
    for (size_t i = 0; i < peeling->graph->node_count; i++)
        if (peeling->kept[i] && peeling->graph->nodes[i].kind == GRAPH_KEY &&
            peeling->ties[i] < 2)
            take_away(peeling, (uint32_t)i, 0);
}

/* Whatever has fewest ties goes, until so many are left of those kept. */
static void peel(bool *kept, const struct graph *graph, size_t count, size_t max)
{
    struct peeling peeling = {.graph = graph,
                              .ties = xcalloc(graph->node_count + 1, sizeof *peeling.ties),
                              .queue =
                                  xcalloc(graph->node_count + 1, sizeof *peeling.queue),
                              .queued = xcalloc(graph->node_count + 1, 1),
                              .kept = kept,
                              .left = count};
    graph_around_make(&peeling.around, graph);
    for (size_t i = 0; i < graph->node_count; i++)
        peeling.ties[i] = peeling.around.starts[i + 1] - peeling.around.starts[i];
    while (peeling.left > max) {
        uint32_t least = enqueue_least(&peeling);
        while (peeling.left > max && peeling.first < peeling.waiting)
            take_away(&peeling, peeling.queue[peeling.first++], least);
    }
    drop_lone_keys(&peeling);
    free(peeling.queued);
    free(peeling.queue);
    free(peeling.ties);
    graph_around_release(&peeling.around);
}

void graph_choose_most_tied(bool *kept, const struct graph *graph, size_t max)
{
    size_t *sizes = xcalloc(graph->component_count + 1u, sizeof *sizes);
    size_t parts = 0, count = 0;
    for (size_t i = 0; i < graph->node_count; i++)
        sizes[graph->nodes[i].component]++;
    while (parts < graph->component_count && count + sizes[parts] <= max)
        count += sizes[parts++];
    bool one = parts == 0; /* even the largest is too large */
    for (size_t i = 0; i < graph->node_count; i++)
        kept[i] = graph->nodes[i].component < parts + one;
    if (one && graph->component_count > 0)
        peel(kept, graph, sizes[0], max);
    free(sizes);
}

/* ---- Around somebody ---- */

void graph_choose_around(bool *kept, const struct graph *graph, uint32_t from,
                         uint32_t steps)
{
    uint32_t *far = xmalloc((graph->node_count + 1) * sizeof *far);
    uint32_t *previous = xmalloc((graph->node_count + 1) * sizeof *previous);
    uint32_t *holders = xcalloc(graph->node_count + 1, sizeof *holders);
    graph_walk(far, previous, graph, from);
    for (size_t i = 0; i < graph->node_count; i++)
        kept[i] = far[i] <= steps && graph->nodes[i].kind == GRAPH_RECORD;
    for (size_t i = 0; i < graph->edge_count; i++) {
        holders[graph->edges[i].target] += kept[graph->edges[i].source];
        holders[graph->edges[i].source] += kept[graph->edges[i].target];
    }
    for (size_t i = 0; i < graph->node_count; i++)
        kept[i] |= graph->nodes[i].kind == GRAPH_KEY && holders[i] > 1;
    free(holders);
    free(previous);
    free(far);
}

/* ---- Making it smaller ---- */

struct graph_left graph_keep(struct graph *graph, const bool *kept)
{
    uint32_t *places = xmalloc((graph->node_count + 1) * sizeof *places);
    struct graph_left left = {0};
    size_t nodes = 0, edges = 0;
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        graph->nodes[edge->source].more += !kept[edge->target];
        graph->nodes[edge->target].more += !kept[edge->source];
    }
    for (size_t i = 0; i < graph->node_count; i++) {
        places[i] = (uint32_t)nodes;
        if (kept[i])
            graph->nodes[nodes++] = graph->nodes[i];
        else if (graph->nodes[i].kind == GRAPH_KEY)
            left.keys++;
        else
            left.records++;
    }
    for (size_t i = 0; i < graph->edge_count; i++) {
        struct graph_edge edge = graph->edges[i];
        if (!kept[edge.source] || !kept[edge.target]) {
            left.edges++;
            continue;
        }
        edge.source = places[edge.source];
        edge.target = places[edge.target];
        graph->edges[edges++] = edge;
    }
    graph->node_count = nodes;
    graph->edge_count = edges;
    free(places);
    if (nodes > 0)
        graph_measure_parts(graph);
    return left;
}
