/* SPDX-License-Identifier: Apache-2.0 */
#include "link/graph_inside.h"

#include "link/between.h"

#include "base/text.h"

#include <assert.h>
#include <igraph/igraph.h>
#include <stdlib.h>

enum { TIE_LABEL_MAX = 40 };

void graph_release(struct graph *graph)
{
    arena_release(&graph->arena);
    free(graph->nodes);
    free(graph->edges);
    free(graph->pending);
    free(graph->holdings);
    free(graph->namings);
    free(graph->aparts);
    *graph = (struct graph){0};
}

int64_t graph_find(const struct graph *graph, const uint8_t id[GRAPH_ID])
{
    for (size_t i = 0; i < graph->node_count; i++)
        if (graph->nodes[i].kind == GRAPH_RECORD &&
            memcmp(graph->nodes[i].id, id, GRAPH_ID) == 0)
            return (int64_t)i;
    return GRAPH_NONE;
}

/* ---- What is kept of a record ---- */

static const char *first_of(struct graph *graph, const struct record *record,
                            const char *const *properties)
{
    for (; *properties != NULL; properties++) {
        struct bytes value = record_first(record, *properties);
        if (value.len > 0)
            return arena_text(&graph->arena, value);
    }
    return "";
}

static const char *evaluation_of(struct graph *graph, const struct record *record)
{
    return arena_printf(&graph->arena, "%s:%s",
                        evaluation_scheme_word(record->evaluation.scheme),
                        record->evaluation.code);
}

static struct bytes caption_of(struct graph *graph, const struct record *record)
{
    struct bytes caption = record_caption(record);
    if (record->id_made && bytes_is(caption, record->id)) {
        /* Nothing names it: the first thing that is said of it. */
        for (size_t i = 0; i < record->count; i++)
            if (record->values[i].clean.len > 0 && record->values[i].property != NULL &&
                record->values[i].property->kind != VALUE_ENTITY)
                return arena_bytes(&graph->arena, record->values[i].clean);
        return (struct bytes){0};
    }
    return arena_bytes(&graph->arena, caption);
}

/* What of it stands beside a tie, whole characters. */
static size_t label_len(struct bytes value)
{
    size_t len = value.len < TIE_LABEL_MAX ? value.len : TIE_LABEL_MAX;
    while (len > 0 && len < value.len && (value.at[len] & 0xc0) == 0x80)
        len--;
    return len;
}

/* "Ownership 60 %", "Directorship (director)". */
static const char *line_label(struct graph *graph, const struct record *record)
{
    static const char *const said[] = {"percentage", "role", "relationship", "amount",
                                       "verdict"};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        struct bytes value = record_first(record, said[i]);
        if (value.len > 0)
            return arena_printf(&graph->arena, "%s (%.*s%s)", record->schema->name,
                                (int)label_len(value), (const char *)value.at,
                                i == 0 ? " %" : "");
    }
    return record->schema->name;
}

static void keep_ties(struct graph *graph, uint32_t node, const uint8_t *case_id,
                      const struct record *record)
{
    const struct schema *schema = record->schema;
    const char *owner = arena_text(&graph->arena, bytes_text(record->owner));
    for (size_t i = 0; i < record->count; i++) {
        const struct record_value *value = &record->values[i];
        if (value->property == NULL || value->property->kind != VALUE_ENTITY ||
            (value->property->flags & PROPERTY_STUB) != 0)
            continue;
        grow_to((void **)&graph->pending, &graph->pending_capacity, graph->pending_count,
                sizeof *graph->pending);
        const char *name = value->property->name;
        graph->pending[graph->pending_count++] = (struct pending){
            .node = node,
            .owner = owner,
            .case_id = case_id,
            .property = name,
            .target = arena_bytes(&graph->arena, text_trim(value->raw)),
            .is_source =
                schema->edge_source != NULL && strcmp(schema->edge_source, name) == 0,
            .is_target =
                schema->edge_target != NULL && strcmp(schema->edge_target, name) == 0,
        };
    }
}

static void keep_keys(struct graph *graph, uint32_t node, const struct record *record)
{
    struct key_list keys = {0};
    struct arena scratch = {0};
    keys_of_record(&keys, record, &scratch);
    for (size_t i = 0; i < keys.count; i++) {
        grow_to((void **)&graph->holdings, &graph->holding_capacity, graph->holding_count,
                sizeof *graph->holdings);
        struct key key = keys.items[i];
        key.value = arena_bytes(&graph->arena, key.value);
        graph->holdings[graph->holding_count++] = (struct holding){key, node};
    }
    arena_release(&scratch);
}

static void keep_naming(struct graph *graph, uint32_t node, const uint8_t *case_id,
                        const struct record *record)
{
    grow_to((void **)&graph->namings, &graph->naming_capacity, graph->naming_count,
            sizeof *graph->namings);
    graph->namings[graph->naming_count++] =
        (struct naming){case_id, arena_text(&graph->arena, bytes_text(record->owner)),
                        arena_text(&graph->arena, bytes_text(record->id)), node};
}

/* Only "same" ties two records; that they are different keeps a line of equal names from them. */
static bool ties_nothing(struct graph *graph, const struct record *record)
{
    struct bytes verdict = record_first(record, "verdict");
    struct apart apart;
    if (strcmp(record->schema->name, "LinkDecision") != 0 || bytes_is(verdict, "same"))
        return false;
    if (bytes_is(verdict, "different") &&
        hex_read(apart.low, GRAPH_ID, record_first(record, "left")) &&
        hex_read(apart.high, GRAPH_ID, record_first(record, "right"))) {
        if (memcmp(apart.low, apart.high, GRAPH_ID) > 0) {
            struct apart other = apart;
            memcpy(apart.low, other.high, GRAPH_ID);
            memcpy(apart.high, other.low, GRAPH_ID);
        }
        grow_to((void **)&graph->aparts, &graph->apart_capacity, graph->apart_count,
                sizeof *graph->aparts);
        graph->aparts[graph->apart_count++] = apart;
    }
    return true;
}

bool graph_add(struct graph *graph, const uint8_t id[GRAPH_ID],
               const uint8_t case_id[GRAPH_ID], const struct record *record)
{
    static const char *const from[] = {
        "date", "startDate", "birthDate", "incorporationDate", "buildDate", NULL};
    static const char *const until[] = {"endDate", "deathDate", "dissolutionDate", NULL};
    static const char *const place[] = {"place", NULL};
    if (graph->node_count == GRAPH_NODES_MAX)
        return false;
    if (ties_nothing(graph, record))
        return true;
    uint32_t node = (uint32_t)graph->node_count;
    grow_to((void **)&graph->nodes, &graph->node_capacity, graph->node_count,
            sizeof *graph->nodes);
    struct graph_node *made = &graph->nodes[graph->node_count++];
    *made = (struct graph_node){
        .kind = GRAPH_RECORD,
        .schema = record->schema->name,
        .caption = caption_of(graph, record),
        .from = first_of(graph, record, from),
        .until = first_of(graph, record, until),
        .place = first_of(graph, record, place),
        .handling = record->handling | HANDLING_H0,
        .restriction = (record->handling & HANDLING_H3) != 0
                           ? arena_text(&graph->arena, bytes_text(record->handling_note))
                           : "",
        .evaluation = evaluation_of(graph, record),
        .status = record->status != STATUS_UNCATEGORISED ? status_word(record->status) : "",
        .is_edge = (record->schema->flags & SCHEMA_EDGE) != 0,
    };
    memcpy(made->id, id, GRAPH_ID);
    const uint8_t *kept_case = arena_bytes(&graph->arena, bytes_of(case_id, GRAPH_ID)).at;
    if (made->is_edge)
        made->caption = bytes_text(line_label(graph, record));
    keep_ties(graph, node, kept_case, record);
    keep_keys(graph, node, record);
    keep_naming(graph, node, kept_case, record);
    return true;
}

/* ---- Tying ---- */

static int by_id(const void *a, const void *b)
{
    const struct naming *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    if (order == 0)
        order = strcmp(x->owner, y->owner);
    if (order == 0)
        order = memcmp(x->case_id, y->case_id, GRAPH_ID);
    return order != 0 ? order : (x->node > y->node) - (x->node < y->node);
}

static int by_name_alone(const void *a, const void *b)
{
    const struct naming *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    if (order == 0)
        order = strcmp(x->owner, y->owner);
    return order != 0 ? order : memcmp(x->case_id, y->case_id, GRAPH_ID);
}

/* Our ids in order, to find a node by. */
struct node_id {
    const uint8_t *id;
    uint32_t node;
};

static int by_node_id(const void *a, const void *b)
{
    return memcmp(((const struct node_id *)a)->id, ((const struct node_id *)b)->id,
                  GRAPH_ID);
}

static int64_t find_target(const struct graph *graph, const struct node_id *ids,
                           size_t id_count, const struct pending *pending)
{
    uint8_t id[GRAPH_ID];
    if (hex_read(id, sizeof id, pending->target)) {
        struct node_id wanted = {.id = id};
        const struct node_id *found =
            bsearch(&wanted, ids, id_count, sizeof *ids, by_node_id);
        if (found != NULL)
            return found->node;
    }
    struct naming wanted = {pending->case_id, pending->owner,
                            (const char *)pending->target.at, 0};
    const struct naming *found = bsearch(&wanted, graph->namings, graph->naming_count,
                                         sizeof *graph->namings, by_name_alone);
    return found != NULL ? (int64_t)found->node : GRAPH_NONE;
}

struct graph_edge *graph_add_edge(struct graph *graph, uint32_t source, uint32_t target,
                                  const char *label, bool directed)
{
    grow_to((void **)&graph->edges, &graph->edge_capacity, graph->edge_count,
            sizeof *graph->edges);
    struct graph_edge *edge = &graph->edges[graph->edge_count++];
    *edge = (struct graph_edge){.source = source,
                                .target = target,
                                .directed = directed,
                                .label = label,
                                .from = "",
                                .until = "",
                                .evaluation = ""};
    edge->handling = graph->nodes[source].handling | graph->nodes[target].handling;
    return edge;
}

/* The ends of one record that is a line: each source with each target. */
static bool draw_line(struct graph *graph, const struct pending *first, size_t count,
                      const int64_t *targets)
{
    const struct graph_node line = graph->nodes[first->node];
    bool drawn = false;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count && first[i].is_source && targets[i] >= 0; j++) {
            if (!first[j].is_target || targets[j] < 0 || targets[i] == targets[j])
                continue;
            struct graph_edge *edge =
                graph_add_edge(graph, (uint32_t)targets[i], (uint32_t)targets[j],
                               arena_text(&graph->arena, line.caption), true);
            edge->from = line.from;
            edge->until = line.until;
            edge->handling = line.handling;
            edge->evaluation = line.evaluation;
            memcpy(edge->id, line.id, GRAPH_ID);
            drawn = true;
        }
    return drawn;
}

/* keep_lines: records that are lines stay tied as things, too. */
static void tie_namings(struct graph *graph, bool *drawn, bool keep_lines)
{
    struct node_id *ids = xmalloc((graph->node_count + 1) * sizeof *ids);
    int64_t *targets = xmalloc((graph->pending_count + 1) * sizeof *targets);
    size_t end;
    for (size_t i = 0; i < graph->node_count; i++)
        ids[i] = (struct node_id){graph->nodes[i].id, (uint32_t)i};
    size_t id_count = graph->node_count;
    if (id_count > 0)
        qsort(ids, id_count, sizeof *ids, by_node_id);
    if (graph->naming_count > 0)
        qsort(graph->namings, graph->naming_count, sizeof *graph->namings, by_id);
    for (size_t i = 0; i < graph->pending_count; i++)
        targets[i] = find_target(graph, ids, id_count, &graph->pending[i]);
    for (size_t i = 0; i < graph->pending_count; i = end) {
        uint32_t node = graph->pending[i].node;
        for (end = i + 1; end < graph->pending_count && graph->pending[end].node == node;)
            end++;
        if (graph->nodes[node].is_edge)
            drawn[node] = draw_line(graph, &graph->pending[i], end - i, &targets[i]);
    }
    /* A line whose one end alone is here stays a node, and so do ties of all others. */
    for (size_t i = 0; i < graph->pending_count; i++) {
        uint32_t node = graph->pending[i].node;
        if (targets[i] >= 0 && targets[i] != node && (keep_lines || !drawn[node]))
            graph_add_edge(graph, node, (uint32_t)targets[i], graph->pending[i].property,
                           true);
    }
    free(targets);
    free(ids);
}

static int by_key(const void *a, const void *b)
{
    const struct holding *x = a, *y = b;
    if (x->key.class != y->key.class)
        return x->key.class < y->key.class ? -1 : 1;
    int order = bytes_compare(x->key.value, y->key.value);
    return order != 0 ? order : (x->node > y->node) - (x->node < y->node);
}

static void tie_by_key(struct graph *graph, const struct holding *holders, size_t count)
{
    const struct key *key = &holders[0].key;
    if (graph->node_count == GRAPH_NODES_MAX)
        return;
    uint32_t node = (uint32_t)graph->node_count;
    grow_to((void **)&graph->nodes, &graph->node_capacity, graph->node_count,
            sizeof *graph->nodes);
    graph->nodes[graph->node_count++] =
        (struct graph_node){.kind = GRAPH_KEY,
                            .schema = key_class_row(key->class)->name,
                            .caption = key->value,
                            .from = "",
                            .until = "",
                            .place = "",
                            .restriction = "",
                            .evaluation = "",
                            .status = ""};
    for (size_t i = 0; i < count; i++) {
        graph->nodes[node].handling |= graph->nodes[holders[i].node].handling;
        graph_add_edge(graph, holders[i].node, node, key_class_row(key->class)->label,
                       false);
    }
}

size_t graph_key_end(const struct graph *graph, size_t from)
{
    const struct key *key = &graph->holdings[from].key;
    size_t end = from + 1;
    while (end < graph->holding_count && graph->holdings[end].key.class == key->class &&
           bytes_equal(graph->holdings[end].key.value, key->value))
        end++;
    return end;
}

static void tie_keys(struct graph *graph)
{
    size_t end;
    if (graph->holding_count > 0)
        qsort(graph->holdings, graph->holding_count, sizeof *graph->holdings, by_key);
    for (size_t i = 0; i < graph->holding_count; i = end) {
        const struct holding *first = &graph->holdings[i];
        end = graph_key_end(graph, i);
        if (end - i < 2 || end - i > GRAPH_HOLDERS_MAX)
            continue;
        /* A name is no thing: a line instead of a node, and only where all of it agrees. */
        if (first->key.class != KEY_PERSON && first->key.class != KEY_COMPANY)
            tie_by_key(graph, first, end - i);
    }
    graph_tie_same(graph);
}

/* Records that became lines are no nodes any more. */
static void drop_lines(struct graph *graph, const bool *drawn, size_t drawn_count)
{
    uint32_t *places = xmalloc((graph->node_count + 1) * sizeof *places);
    size_t kept = 0, kept_edges = 0;
    for (size_t i = 0; i < graph->node_count; i++) {
        bool goes = i < drawn_count && drawn[i];
        places[i] = goes ? UINT32_MAX : (uint32_t)kept;
        if (!goes)
            graph->nodes[kept++] = graph->nodes[i];
    }
    graph->node_count = kept;
    for (size_t i = 0; i < graph->edge_count; i++) {
        struct graph_edge edge = graph->edges[i];
        edge.source = places[edge.source];
        edge.target = places[edge.target];
        if (edge.source != UINT32_MAX && edge.target != UINT32_MAX)
            graph->edges[kept_edges++] = edge;
    }
    graph->edge_count = kept_edges;
    free(places);
}

void graph_tie(struct graph *graph)
{
    size_t records = graph->node_count;
    bool *drawn = xcalloc(records + 1, sizeof *drawn);
    tie_namings(graph, drawn, false);
    tie_keys(graph);
    drop_lines(graph, drawn, records);
    free(drawn);
}

void graph_reach(uint32_t *steps, const struct graph *graph, uint32_t from)
{
    struct graph tied = *graph;
    size_t records = graph->node_count;
    bool *drawn = xcalloc(records + 1, sizeof *drawn);
    tied.arena = (struct arena){0};
    tied.nodes = xmalloc((records + 1) * sizeof *tied.nodes);
    tied.node_capacity = records + 1;
    memcpy(tied.nodes, graph->nodes, records * sizeof *tied.nodes);
    tied.edges = NULL;
    tied.edge_count = tied.edge_capacity = 0;
    tie_namings(&tied, drawn, true);
    tie_keys(&tied);
    uint32_t *all = xmalloc((tied.node_count + 1) * sizeof *all);
    uint32_t *previous = xmalloc((tied.node_count + 1) * sizeof *previous);
    graph_walk(all, previous, &tied, from);
    memcpy(steps, all, records * sizeof *steps);
    free(previous);
    free(all);
    free(drawn);
    free(tied.edges);
    free(tied.nodes);
    arena_release(&tied.arena);
}

/* ---- Measures ---- */

static void fill_igraph(igraph_t *out, const struct graph *graph)
{
    igraph_vector_int_t ends;
    igraph_vector_int_init(&ends, (igraph_integer_t)(2 * graph->edge_count));
    for (size_t i = 0; i < graph->edge_count; i++) {
        VECTOR(ends)[2 * i] = graph->edges[i].source;
        VECTOR(ends)[2 * i + 1] = graph->edges[i].target;
    }
    igraph_create(out, &ends, (igraph_integer_t)graph->node_count, IGRAPH_UNDIRECTED);
    igraph_vector_int_destroy(&ends);
}

struct component_size {
    uint32_t component, size;
};

static int by_size(const void *a, const void *b)
{
    const struct component_size *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    return (x->component > y->component) - (x->component < y->component);
}

void graph_measure_parts(struct graph *graph)
{
    igraph_t as;
    igraph_vector_int_t membership, sizes;
    igraph_integer_t count = 0;
    if (graph->node_count == 0)
        return;
    fill_igraph(&as, graph);
    igraph_vector_int_init(&membership, 0);
    igraph_vector_int_init(&sizes, 0);
    igraph_connected_components(&as, &membership, &sizes, &count, IGRAPH_WEAK);
    struct component_size *order = xmalloc(((size_t)count + 1) * sizeof *order);
    uint32_t *rank = xmalloc(((size_t)count + 1) * sizeof *rank);
    for (igraph_integer_t i = 0; i < count; i++)
        order[i] = (struct component_size){(uint32_t)i, (uint32_t)VECTOR(sizes)[i]};
    qsort(order, (size_t)count, sizeof *order, by_size);
    for (igraph_integer_t i = 0; i < count; i++)
        rank[order[i].component] = (uint32_t)i;
    for (size_t i = 0; i < graph->node_count; i++)
        graph->nodes[i].component = rank[VECTOR(membership)[i]];
    graph->component_count = (uint32_t)count;
    free(order);
    free(rank);
    igraph_vector_int_destroy(&membership);
    igraph_vector_int_destroy(&sizes);
    igraph_destroy(&as);
}

void graph_measure(struct graph *graph)
{
    if (graph->node_count == 0)
        return;
    graph_measure_parts(graph);
    double *between = xcalloc(graph->node_count, sizeof *between);
    between_measure(between, graph->edges, graph->edge_count, graph->node_count);
    for (size_t i = 0; i < graph->node_count; i++)
        graph->nodes[i].betweenness = between[i];
    free(between);
}

/* ---- Walking ---- */

/* A step into a key costs nothing, the step out of it one: keys come first in the queue. */
void graph_around_make(struct graph_around *around, const struct graph *graph)
{
    uint32_t *starts = xcalloc(graph->node_count + 2, sizeof *starts);
    uint32_t *edges = xmalloc((2 * graph->edge_count + 1) * sizeof *edges);
    for (size_t i = 0; i < graph->edge_count; i++) {
        starts[graph->edges[i].source + 2]++;
        starts[graph->edges[i].target + 2]++;
    }
    for (size_t i = 2; i < graph->node_count + 2; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < graph->edge_count; i++) {
        edges[starts[graph->edges[i].source + 1]++] = (uint32_t)i;
        edges[starts[graph->edges[i].target + 1]++] = (uint32_t)i;
    }
    *around = (struct graph_around){starts, edges};
}

void graph_around_release(struct graph_around *around)
{
    free(around->starts);
    free(around->edges);
}

uint32_t graph_other_end(const struct graph *graph, uint32_t edge, uint32_t node)
{
    const struct graph_edge *ends = &graph->edges[edge];
    return ends->source == node ? ends->target : ends->source;
}

void graph_walk(uint32_t *steps, uint32_t *previous, const struct graph *graph,
                uint32_t from)
{
    struct graph_around around;
    uint32_t *now = xmalloc((graph->node_count + 1) * sizeof *now);
    uint32_t *next = xmalloc((graph->node_count + 1) * sizeof *next);
    size_t now_count = 0, next_count;
    graph_around_make(&around, graph);
    for (size_t i = 0; i < graph->node_count; i++)
        steps[i] = previous[i] = UINT32_MAX;
    steps[from] = 0;
    now[now_count++] = from;
    for (uint32_t distance = 0; now_count > 0; distance++) {
        next_count = 0;
        for (size_t i = 0; i < now_count; i++) { /* grows by keys while it is read */
            uint32_t node = now[i];
            for (uint32_t j = around.starts[node]; j < around.starts[node + 1]; j++) {
                uint32_t other = graph_other_end(graph, around.edges[j], node);
                if (steps[other] != UINT32_MAX)
                    continue;
                bool is_key = graph->nodes[other].kind == GRAPH_KEY;
                steps[other] = is_key ? distance : distance + 1;
                previous[other] = around.edges[j];
                if (is_key)
                    now[now_count++] = other;
                else
                    next[next_count++] = other;
            }
        }
        uint32_t *empty = now;
        now = next;
        now_count = next_count;
        next = empty;
    }
    free(next);
    free(now);
    graph_around_release(&around);
}

/* ---- Evaluation ---- */

bool evaluation_passes(const struct evaluation *evaluation, const struct evaluation *least)
{
    if (evaluation->scheme != least->scheme)
        return false;
    char source = evaluation->code[0], information = evaluation->code[1];
    bool unknown = source == 'X' || (evaluation->scheme == EVALUATION_6X6 &&
                                     (source == 'F' || information == '6'));
    return !unknown && source <= least->code[0] && information <= least->code[1];
}
