/* SPDX-License-Identifier: Apache-2.0 */
#include "link/beside.h"

#include <stdlib.h>

static int by_ends(const void *a, const void *b)
{
    const struct beside *x = a, *y = b;
    if (x->low != y->low)
        return x->low < y->low ? -1 : 1;
    if (x->high != y->high)
        return x->high < y->high ? -1 : 1;
    return (x->edge > y->edge) - (x->edge < y->edge);
}

static int by_edge(const void *a, const void *b)
{
    const struct beside *x = a, *y = b;
    return (x->edge > y->edge) - (x->edge < y->edge);
}

struct beside *beside_read(const struct graph *graph)
{
    struct beside *besides = xcalloc(graph->edge_count + 1, sizeof *besides);
    size_t end;
    for (size_t i = 0; i < graph->edge_count; i++) {
        uint32_t a = graph->edges[i].source, b = graph->edges[i].target;
        besides[i] = (struct beside){a < b ? a : b, a < b ? b : a, (uint32_t)i, 0, 1};
    }
    if (graph->edge_count > 0)
        qsort(besides, graph->edge_count, sizeof *besides, by_ends);
    for (size_t i = 0; i < graph->edge_count; i = end) {
        for (end = i + 1; end < graph->edge_count && besides[end].low == besides[i].low &&
                          besides[end].high == besides[i].high;)
            end++;
        for (size_t j = i; j < end; j++) {
            besides[j].nth = (uint32_t)(j - i);
            besides[j].of = (uint32_t)(end - i);
        }
    }
    if (graph->edge_count > 0)
        qsort(besides, graph->edge_count, sizeof *besides, by_edge);
    return besides;
}
