/* SPDX-License-Identifier: Apache-2.0 */
#include "link/between.h"

#include "base/memory.h"
#include "link/graph.h"

#include <stdlib.h>
#include <string.h>

/* Neighbours of node i: next[starts[i]] up to next[starts[i + 1]], each once. */
struct ways {
    uint32_t *starts, *next;
};

static int by_number(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static void ways_make(struct ways *ways, const struct graph_edge *edges, size_t edge_count,
                      size_t node_count)
{
    uint32_t *starts = xcalloc(node_count + 2, sizeof *starts);
    uint32_t *next = xmalloc((2 * edge_count + 1) * sizeof *next);
    for (size_t i = 0; i < edge_count; i++)
        if (edges[i].source != edges[i].target) {
            starts[edges[i].source + 2]++;
            starts[edges[i].target + 2]++;
        }
    for (size_t i = 2; i < node_count + 2; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < edge_count; i++)
        if (edges[i].source != edges[i].target) {
            next[starts[edges[i].source + 1]++] = edges[i].target;
            next[starts[edges[i].target + 1]++] = edges[i].source;
        }
    uint32_t kept = 0;
    for (size_t i = 0; i < node_count; i++) {
        uint32_t from = starts[i], count = starts[i + 1] - from;
        starts[i] = kept;
        if (count > 1)
            qsort(next + from, count, sizeof *next, by_number);
        for (uint32_t k = from; k < from + count; k++)
            if (k == from || next[k] != next[k - 1])
                next[kept++] = next[k];
    }
    starts[node_count] = kept;
    *ways = (struct ways){starts, next};
}

/* What one walk needs; of nodes that it did not come to all is zero again after it. */
struct walk {
    uint32_t *order, *steps; /* steps: 1 at the source; 0: not reached */
    double *paths, *leads;
};

/* From the source outward, and back: adds what lies behind each to its sum. Returns how many were reached. */
static size_t walk_from(double *sums, struct walk *walk, const struct ways *ways,
                        uint32_t source, double weight)
{
    size_t count = 0;
    walk->order[count++] = source;
    walk->steps[source] = 1;
    walk->paths[source] = 1;
    for (size_t at = 0; at < count; at++) {
        uint32_t node = walk->order[at];
        for (uint32_t k = ways->starts[node]; k < ways->starts[node + 1]; k++) {
            uint32_t to = ways->next[k];
            if (walk->steps[to] == 0) {
                walk->steps[to] = walk->steps[node] + 1;
                walk->order[count++] = to;
            }
            if (walk->steps[to] == walk->steps[node] + 1)
                walk->paths[to] += walk->paths[node];
        }
    }
    for (size_t at = count; at-- > 1;) {
        uint32_t node = walk->order[at];
        double share = (1 + walk->leads[node]) / walk->paths[node];
        for (uint32_t k = ways->starts[node]; k < ways->starts[node + 1]; k++) {
            uint32_t to = ways->next[k];
            if (walk->steps[to] + 1 == walk->steps[node])
                walk->leads[to] += walk->paths[to] * share;
        }
        sums[node] += weight * walk->leads[node];
    }
    for (size_t at = 0; at < count; at++) {
        uint32_t node = walk->order[at];
        walk->steps[node] = 0;
        walk->paths[node] = walk->leads[node] = 0;
    }
    return count;
}

/* The nodes of the part that the first belongs to. */
static size_t list_part(uint32_t *nodes, uint8_t *seen, const struct ways *ways,
                        uint32_t first)
{
    size_t count = 0;
    nodes[count++] = first;
    seen[first] = 1;
    for (size_t at = 0; at < count; at++)
        for (uint32_t k = ways->starts[nodes[at]]; k < ways->starts[nodes[at] + 1]; k++)
            if (!seen[ways->next[k]]) {
                seen[ways->next[k]] = 1;
                nodes[count++] = ways->next[k];
            }
    return count;
}

/* Every how-many-th of a part's nodes is walked from: all of it, or as many as the work allows. */
static size_t sources_of(const uint32_t *nodes, size_t count, const struct ways *ways)
{
    size_t steps = count;
    for (size_t i = 0; i < count; i++)
        steps += ways->starts[nodes[i] + 1] - ways->starts[nodes[i]];
    size_t most = BETWEEN_WORK / steps;
    if (most < BETWEEN_SOURCES_MIN)
        most = BETWEEN_SOURCES_MIN;
    return most < count ? most : count;
}

void between_measure(double *out, const struct graph_edge *edges, size_t edge_count,
                     size_t node_count)
{
    struct ways ways;
    struct walk walk = {.order = xcalloc(node_count + 1, sizeof *walk.order),
                        .steps = xcalloc(node_count + 1, sizeof *walk.steps),
                        .paths = xcalloc(node_count + 1, sizeof *walk.paths),
                        .leads = xcalloc(node_count + 1, sizeof *walk.leads)};
    uint32_t *nodes = xcalloc(node_count + 1, sizeof *nodes);
    uint8_t *seen = xcalloc(node_count + 1, 1);
    ways_make(&ways, edges, edge_count, node_count);
    memset(out, 0, node_count * sizeof *out);
    for (uint32_t first = 0; first < node_count; first++) {
        if (seen[first])
            continue;
        size_t count = list_part(nodes, seen, &ways, first);
        if (count < 3)
            continue;
        size_t sources = sources_of(nodes, count, &ways);
        /* Each pair is seen from both its ends. */
        double weight = 0.5 * (double)count / (double)sources;
        for (size_t i = 0; i < sources; i++)
            walk_from(out, &walk, &ways, nodes[i * count / sources], weight);
    }
    free(ways.starts);
    free(ways.next);
    free(walk.order);
    free(walk.steps);
    free(walk.paths);
    free(walk.leads);
    free(nodes);
    free(seen);
}
