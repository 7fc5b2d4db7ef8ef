/* SPDX-License-Identifier: Apache-2.0 */
#include "link/graph_inside.h"

#include "link/decide.h"

#include <stdlib.h>

/* A part key (a name's end and a birth date) that more records have says little of any two: only
 * neighbours are compared. BESIDE_MAX: so many lines at each of them, then only those that bring
 * somebody new. POPULATION_MIN: in a small case the decision is as strict as in a file of so many. */
enum { EACH_WITH_EACH = 32, BESIDE_MAX = 3, POPULATION_MIN = 10000 };
/* What link/decide asks for at least of a person: two keys, or one of so many bits. */
static const double enough_bits = 18;

struct same_pair {
    uint32_t a, b;
    double bits;
};

struct pairing {
    struct same_pair *pairs;
    size_t count, capacity;
};

static bool is_name(enum key_class class)
{
    return class == KEY_PERSON || class == KEY_COMPANY;
}

static void add_pair(struct pairing *pairing, const struct holding *a,
                     const struct holding *b)
{
    grow_to((void **)&pairing->pairs, &pairing->capacity, pairing->count,
            sizeof *pairing->pairs);
    pairing->pairs[pairing->count++] = (struct same_pair){
        a->node, b->node, a->key.class == KEY_PERSON ? a->key.bits : enough_bits};
}

/* All who have one key. */
static void pair_holders(struct pairing *pairing, const struct holding *holders,
                         size_t count)
{
    size_t reach = count <= EACH_WITH_EACH ? count : 2;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count && j < i + reach; j++)
            add_pair(pairing, &holders[i], &holders[j]);
}

static int by_nodes(const void *a, const void *b)
{
    const struct same_pair *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

/* ---- The keys of each record ---- */

/* Of names and what goes with them. Equal keys have one place in the order of the keys. */
struct by_record {
    uint32_t *starts; /* of node i: keys starts[i] up to starts[i + 1], in rising order */
    uint32_t *places;
    const struct key **keys; /* of a place */
};

static struct by_record keys_by_record(const struct graph *graph)
{
    struct by_record by = {.starts = xcalloc(graph->node_count + 2, sizeof *by.starts),
                           .places =
                               xmalloc((graph->holding_count + 1) * sizeof *by.places),
                           .keys = xmalloc((graph->holding_count + 1) * sizeof *by.keys)};
    uint32_t place = 0;
    size_t end;
    for (size_t i = 0; i < graph->holding_count; i++)
        if (is_name(graph->holdings[i].key.class))
            by.starts[graph->holdings[i].node + 2]++;
    for (size_t i = 2; i < graph->node_count + 2; i++)
        by.starts[i] += by.starts[i - 1];
    for (size_t i = 0; i < graph->holding_count; i = end, place++) {
        end = graph_key_end(graph, i);
        by.keys[place] = &graph->holdings[i].key;
        for (size_t k = i; k < end && is_name(by.keys[place]->class); k++)
            by.places[by.starts[graph->holdings[k].node + 1]++] = place;
    }
    return by;
}

/* What both have, in the order of the keys. */
static size_t shared_keys(struct key *shared, const struct by_record *by, uint32_t a,
                          uint32_t b)
{
    size_t count = 0;
    for (uint32_t i = by->starts[a], j = by->starts[b];
         i < by->starts[a + 1] && j < by->starts[b + 1] && count < KEYS_RECORD_MAX;) {
        uint32_t x = by->places[i], y = by->places[j];
        if (x == y)
            shared[count++] = *by->keys[x];
        i += x <= y;
        j += y <= x;
    }
    return count;
}

/* ---- The lines ---- */

static int by_ids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct apart));
}

/* Somebody has decided that they are different. The pairs are sorted. */
static bool are_apart(const struct graph *graph, uint32_t a, uint32_t b)
{
    const uint8_t *x = graph->nodes[a].id, *y = graph->nodes[b].id;
    bool ordered = memcmp(x, y, GRAPH_ID) <= 0;
    struct apart wanted;
    memcpy(wanted.low, ordered ? x : y, GRAPH_ID);
    memcpy(wanted.high, ordered ? y : x, GRAPH_ID);
    return graph->apart_count > 0 && bsearch(&wanted, graph->aparts, graph->apart_count,
                                             sizeof wanted, by_ids) != NULL;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static const char *label_of(const struct key *shared, size_t count, uint64_t population,
                            struct arena *arena)
{
    struct decision decision;
    bool born = false, named = false, company = false;
    decide_by_keys(&decision, shared, count, population, arena);
    if (!decision.hit || decision.weak)
        return NULL;
    /* One name, and letters of another: what the decision takes for the same, and yet not all of a name. */
    for (size_t i = 0; i < decision.why_count; i++) {
        born |= begins(decision.why[i], "birth date ");
        named |=
            begins(decision.why[i], "names ") || begins(decision.why[i], "whole name ");
    }
    for (size_t i = 0; i < count; i++)
        company |= shared[i].class == KEY_COMPANY;
    return company         ? "same company name"
           : born && named ? "same name and birth date"
                           : "perhaps the same person";
}

static uint32_t root_of(uint32_t *parents, uint32_t node)
{
    while (parents[node] != node)
        node = parents[node] = parents[parents[node]];
    return node;
}

struct lines {
    struct graph *graph;
    uint32_t *parents, *beside; /* of the nodes: who is the same already; lines at each */
};

static void draw(struct lines *lines, uint32_t a, uint32_t b, const char *label)
{
    uint32_t x = root_of(lines->parents, a), y = root_of(lines->parents, b);
    if (x == y && (lines->beside[a] >= BESIDE_MAX || lines->beside[b] >= BESIDE_MAX))
        return;
    lines->parents[y] = x;
    lines->beside[a]++;
    lines->beside[b]++;
    graph_add_edge(lines->graph, a, b, label, false);
}

static void judge(struct lines *lines, const struct pairing *pairing,
                  const struct by_record *by)
{
    struct key *shared = xmalloc(KEYS_RECORD_MAX * sizeof *shared);
    struct arena arena = {0};
    size_t nodes = lines->graph->node_count, end;
    for (size_t i = 0; i < pairing->count; i = end) {
        const struct same_pair *pair = &pairing->pairs[i];
        double bits = 0;
        for (end = i; end < pairing->count && by_nodes(&pairing->pairs[end], pair) == 0;
             end++)
            bits = pairing->pairs[end].bits > bits ? pairing->pairs[end].bits : bits;
        if ((end - i < 2 && bits < enough_bits) ||
            are_apart(lines->graph, pair->a, pair->b))
            continue;
        size_t count = shared_keys(shared, by, pair->a, pair->b);
        const char *label = label_of(
            shared, count, nodes > POPULATION_MIN ? nodes : POPULATION_MIN, &arena);
        if (label != NULL)
            draw(lines, pair->a, pair->b, label);
        arena_reset(&arena);
    }
    arena_release(&arena);
    free(shared);
}

void graph_tie_same(struct graph *graph)
{
    struct pairing pairing = {0};
    size_t end;
    for (size_t i = 0; i < graph->holding_count; i = end) {
        const struct holding *first = &graph->holdings[i];
        end = graph_key_end(graph, i);
        if (is_name(first->key.class) && end - i <= GRAPH_HOLDERS_MAX)
            pair_holders(&pairing, first, end - i);
    }
    if (pairing.count > 0) {
        struct by_record by = keys_by_record(graph);
        struct lines lines = {
            .graph = graph,
            .parents = xmalloc((graph->node_count + 1) * sizeof *lines.parents),
            .beside = xcalloc(graph->node_count + 1, sizeof *lines.beside)};
        for (size_t i = 0; i < graph->node_count; i++)
            lines.parents[i] = (uint32_t)i;
        qsort(pairing.pairs, pairing.count, sizeof *pairing.pairs, by_nodes);
        if (graph->apart_count > 0)
            qsort(graph->aparts, graph->apart_count, sizeof *graph->aparts, by_ids);
        judge(&lines, &pairing, &by);
        free(lines.parents);
        free(lines.beside);
        free(by.starts);
        free(by.places);
        free(by.keys);
    }
    free(pairing.pairs);
}
