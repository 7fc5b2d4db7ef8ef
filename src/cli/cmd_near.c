/* SPDX-License-Identifier: Apache-2.0
 *
 * near and path: from one record to what is tied to it, step by step. Each step is an act for each
 * record that is looked around in, all of a step durable with one sync before anything is shown.
 */
#include "cli/desk.h"
#include "cli/json_line.h"

#include "base/text.h"
#include "link/graph.h"

#include <stdio.h>
#include <stdlib.h>

enum { STEPS_MAX = 8, RECORDS_MAX = 20000, GROUP = 256, REASONS_MAX = 32 };

/* From which end a record was reached; of path both, when they meet. */
enum side { SIDE_A = 1, SIDE_B = 2 };

struct met {
    uint8_t id[ENTRY_ID];
    unsigned sides;
    unsigned looked; /* sides from which its surroundings were asked for */
    unsigned
        tied; /* sides from which ties lead to it: a part of a name in common is none */
    bool is_edge;
    uint32_t node; /* of the graph; UINT32_MAX: it ties nothing */
};

struct walk {
    struct desk desk;
    struct graph graph;
    struct met *met;
    size_t count, capacity;
    uint64_t steps, habits;
    size_t end_b; /* of path: the place of the other end among those met */
    bool joined, full;
};

static struct met *find_met(struct walk *walk, const uint8_t id[ENTRY_ID])
{
    for (size_t i = 0; i < walk->count; i++)
        if (memcmp(walk->met[i].id, id, ENTRY_ID) == 0)
            return &walk->met[i];
    return NULL;
}

static void meet(struct walk *walk, const struct shown *shown, unsigned side)
{
    struct met *known = find_met(walk, shown->id);
    size_t nodes = walk->graph.node_count;
    if (known == NULL) {
        if (walk->count == RECORDS_MAX ||
            !graph_add(&walk->graph, shown->id, shown->case_id, &shown->record)) {
            walk->full = true;
            return;
        }
        grow_to((void **)&walk->met, &walk->capacity, walk->count, sizeof *walk->met);
        known = &walk->met[walk->count++];
        *known = (struct met){.is_edge = (shown->record.schema->flags & SCHEMA_EDGE) != 0,
                              .node = walk->graph.node_count > nodes ? (uint32_t)nodes
                                                                     : UINT32_MAX};
        memcpy(known->id, shown->id, ENTRY_ID);
    }
    known->sides |= side;
}

static int meet_first(struct walk *walk, const char *id, unsigned side)
{
    struct shown shown;
    int code = desk_read(&shown, &walk->desk, id);
    if (code != EXIT_DONE)
        return code;
    meet(walk, &shown, side);
    struct met *met = find_met(walk, shown.id);
    if (met == NULL)
        return EXIT_DONE;
    met->tied |= side;
    walk->joined |= met->tied == (SIDE_A | SIDE_B);
    if (side == SIDE_B)
        walk->end_b = (size_t)(met - walk->met);
    /* A record that is a line between two others stands for itself when it is asked about. */
    int64_t node = graph_find(&walk->graph, shown.id);
    if (node >= 0)
        walk->graph.nodes[node].is_edge = false;
    return EXIT_DONE;
}

/* ---- One step ---- */

static enum status look_around(struct walk *walk, const size_t *places, size_t count,
                               unsigned side, struct err *err)
{
    struct receipt *receipts[GROUP] = {NULL};
    struct arena arena = {
        0}; /* a record is met very often, from each that has a key of it */
    struct shown shown;
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK; i++) {
        struct act act = desk_act(&walk->desk, VERB_SEARCH);
        memcpy(act.object, walk->met[places[i]].id, ENTRY_ID);
        walk->met[places[i]].looked |= side;
        status = act_submit(&receipts[i], walk->desk.store, &act, err);
    }
    if (status == OK)
        status = store_commit(walk->desk.store, err);
    for (size_t i = 0; i < count && status == OK; i++) {
        status = receipt_open(receipts[i], err);
        while (status == OK) {
            if ((status = receipt_next(&shown, receipts[i], &arena, err)) == OK)
                meet(walk, &shown, side);
            arena_reset(&arena);
        }
        if (status == NOT_FOUND)
            status = OK;
        walk->habits += receipt_withheld(receipts[i]);
    }
    for (size_t i = 0; i < count; i++)
        receipt_close(receipts[i]);
    arena_release(&arena);
    return status;
}

/* Around all of a side that were not looked around in yet, up to `until`; of records that are lines
 * between two others alone when edges_only. */
static enum status look_around_all(struct walk *walk, unsigned side, size_t until,
                                   bool edges_only, struct err *err)
{
    size_t places[GROUP], count = 0;
    enum status status = OK;
    for (size_t i = 0; i < until && status == OK && !walk->full; i++) {
        const struct met *met = &walk->met[i];
        if ((met->tied & side) != 0 && (met->looked & side) == 0 &&
            (met->is_edge || !edges_only))
            places[count++] = i;
        if (count == GROUP || (i + 1 == until && count > 0)) {
            status = look_around(walk, places, count, side, err);
            count = 0;
        }
    }
    return status;
}

/* Which of those that were met ties lead to, from the end of this side. A search finds whoever has a
 * key in common, and what two parts of a name and a date have in common does not tie them. */
static void mark_tied(struct walk *walk, unsigned side)
{
    const struct graph *graph = &walk->graph;
    uint32_t *steps = xmalloc((graph->node_count + 1) * sizeof *steps);
    uint32_t from = walk->met[side == SIDE_A ? 0 : walk->end_b].node;
    if (from != UINT32_MAX) {
        graph_reach(steps, graph, from);
        for (size_t i = 0; i < walk->count; i++) {
            struct met *met = &walk->met[i];
            if (met->node != UINT32_MAX && steps[met->node] != UINT32_MAX)
                met->tied |= side;
            walk->joined |= met->tied == (SIDE_A | SIDE_B);
        }
    }
    free(steps);
}

/* A record that is a line leads on to its other end within the step. */
static enum status step(struct walk *walk, unsigned side, struct err *err)
{
    size_t before = walk->count;
    enum status status = look_around_all(walk, side, before, false, err);
    mark_tied(walk, side);
    if (status == OK)
        status = look_around_all(walk, side, walk->count, true, err);
    mark_tied(walk, side);
    return status;
}

/* ---- The answer ---- */

static const char *reason(struct walk *walk, const struct graph_edge *edge, uint32_t node)
{
    const struct graph *graph = &walk->graph;
    uint32_t other = edge->source == node ? edge->target : edge->source;
    const struct graph_node *key = &graph->nodes[other];
    if (key->kind == GRAPH_KEY)
        return arena_printf(&walk->desk.arena, "%s %.*s", edge->label,
                            (int)key->caption.len, (const char *)key->caption.at);
    const char *dates =
        edge->from[0] == '\0' && edge->until[0] == '\0' ? ""
        : edge->until[0] == '\0'
            ? arena_printf(&walk->desk.arena, ", %s", edge->from)
            : arena_printf(&walk->desk.arena, ", %s to %s", edge->from, edge->until);
    static const uint8_t none[GRAPH_ID];
    bool is_record = memcmp(edge->id, none, GRAPH_ID) != 0;
    if (edge->directed && edge->source == node && !is_record)
        return arena_printf(&walk->desk.arena, "it names the former as %s", edge->label);
    return arena_printf(&walk->desk.arena, "%s%s%s", edge->label,
                        edge->directed && edge->source == node ? " of the former" : "",
                        dates);
}

/* All ties of the node to `former`, direct or by a key that both have. */
static size_t reasons(const char **why, struct walk *walk, uint32_t node, uint32_t former)
{
    const struct graph *graph = &walk->graph;
    size_t count = 0;
    for (size_t i = 0; i < graph->edge_count && count < REASONS_MAX; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        if (edge->source != node && edge->target != node)
            continue;
        uint32_t other = edge->source == node ? edge->target : edge->source;
        bool shared = false;
        for (size_t j = 0; j < graph->edge_count && graph->nodes[other].kind == GRAPH_KEY;
             j++)
            shared |=
                (graph->edges[j].source == former && graph->edges[j].target == other) ||
                (graph->edges[j].target == former && graph->edges[j].source == other);
        if (other == former || shared)
            why[count++] = reason(walk, edge, node);
    }
    return count;
}

/* The record from which the node is reached: behind the key, if there is one between. */
static uint32_t former_of(const struct graph *graph, const uint32_t *previous,
                          uint32_t node)
{
    do {
        const struct graph_edge *edge = &graph->edges[previous[node]];
        node = edge->source == node ? edge->target : edge->source;
    } while (graph->nodes[node].kind == GRAPH_KEY);
    return node;
}

static const char *place_line(struct walk *walk, const struct graph_node *shown)
{
    return arena_text(&walk->desk.arena,
                      text_one_line(bytes_text(shown->place), &walk->desk.arena));
}

static void answer(struct walk *walk, uint32_t node, uint32_t steps, int64_t former)
{
    const struct graph_node *shown = &walk->graph.nodes[node];
    const char *why[REASONS_MAX];
    size_t count = former >= 0 ? reasons(why, walk, node, (uint32_t)former) : 0;
    char id[ID_TEXT], former_id[ID_TEXT] = "";
    id_text(id, shown->id);
    if (former >= 0)
        id_text(former_id, walk->graph.nodes[former].id);
    if (!walk->desk.arguments->json) {
        struct bytes caption = text_one_line(shown->caption, &walk->desk.arena);
        printf("%*s%s  %s  %.*s%s%s%s%s%s\n", (int)(2 * steps), "", id, shown->schema,
               (int)caption.len, (const char *)caption.at,
               shown->from[0] != '\0' ? "  " : "", shown->from,
               shown->place[0] != '\0' ? "  " : "", place_line(walk, shown),
               shown->status[0] != '\0'
                   ? arena_printf(&walk->desk.arena, "  (%s)", shown->status)
                   : "");
        for (size_t i = 0; i < count; i++)
            printf("%*s%s\n", (int)(2 * steps + 4), "", why[i]);
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "id", id);
    json_text_member(&line.json, "schema", shown->schema);
    json_line_bytes(&line, "caption", shown->caption);
    json_text_member(&line.json, "date", shown->from);
    json_text_member(&line.json, "place", shown->place);
    json_text_member(&line.json, "status", shown->status);
    json_count_member(&line.json, "distance", steps);
    if (former >= 0)
        json_text_member(&line.json, "from", former_id);
    json_key(&line.json, "why");
    json_begin_list(&line.json);
    for (size_t i = 0; i < count; i++)
        json_put_text(&line.json, bytes_text(why[i]));
    json_end_list(&line.json);
    json_line_end(&line);
}

/* What ties nothing is no tie that was looked through; it is told, since it is there. */
static void tell_habits(const struct walk *walk)
{
    if (walk->habits > 0)
        fprintf(
            stderr,
            "%llu identifier%s on the way %s had by so many records (more than 256) that "
            "%s nothing; `enlace keys ID` lists the keys, and `enlace find --key` who "
            "has one\n",
            (unsigned long long)walk->habits, plural(walk->habits, "", "s"),
            plural(walk->habits, "is", "are"), plural(walk->habits, "it ties", "they tie"));
}

/* Nothing is left out unseen. */
static void tell_full(const struct walk *walk)
{
    if (walk->full)
        fprintf(stderr,
                "over %d records are on the way; not all of them were looked at, and there "
                "may be more\n",
                RECORDS_MAX);
}

static int nothing(const char *sentence)
{
    fprintf(stderr, "%s\n", sentence);
    return EXIT_REFUSED;
}

static int read_steps(struct walk *walk, uint64_t usual)
{
    const char *steps = argument(walk->desk.arguments, "steps");
    walk->steps = usual;
    if (steps != NULL && (!text_u64(&walk->steps, bytes_text(steps)) || walk->steps == 0 ||
                          walk->steps > STEPS_MAX))
        return misused(walk->desk.arguments, "--steps is a number from 1 to %d", STEPS_MAX);
    return EXIT_DONE;
}

static int end_walk(struct walk *walk, int code)
{
    tell_habits(walk);
    tell_full(walk);
    graph_release(&walk->graph);
    free(walk->met);
    return desk_close(&walk->desk, code);
}

/* ---- near ---- */

/* Who was reached from whom: the first one reached from each, and the next one from the same. */
struct reached {
    uint32_t first, next;
};

static void tell_under(struct walk *walk, const struct reached *reached, uint32_t node,
                       uint32_t distance)
{
    for (uint32_t i = reached[node].first; i != UINT32_MAX; i = reached[i].next) {
        answer(walk, i, distance, node);
        tell_under(walk, reached, i, distance + 1);
    }
}

/* In words each stands under the one from which it was reached; in JSON the nearest come first, and
 * name that one. */
static size_t tell_near(struct walk *walk, uint32_t root, const uint32_t *steps,
                        const uint32_t *previous)
{
    const struct graph *graph = &walk->graph;
    struct reached *reached = xmalloc((graph->node_count + 1) * sizeof *reached);
    size_t told = 0;
    for (size_t i = 0; i < graph->node_count; i++)
        reached[i] = (struct reached){UINT32_MAX, UINT32_MAX};
    for (uint32_t i = (uint32_t)graph->node_count; i-- > 0;)
        if (i != root && graph->nodes[i].kind == GRAPH_RECORD && steps[i] <= walk->steps) {
            uint32_t former = former_of(graph, previous, i);
            reached[i].next = reached[former].first;
            reached[former].first = i;
            told++;
        }
    if (!walk->desk.arguments->json)
        tell_under(walk, reached, root, 1);
    for (uint32_t distance = 1; walk->desk.arguments->json && distance <= walk->steps;
         distance++)
        for (uint32_t i = 0; i < graph->node_count; i++)
            if (steps[i] == distance && graph->nodes[i].kind == GRAPH_RECORD)
                answer(walk, i, distance, former_of(graph, previous, i));
    free(reached);
    return told;
}

static int answer_near(struct walk *walk)
{
    struct graph *graph = &walk->graph;
    uint32_t *steps = xmalloc((graph->node_count + 1) * sizeof *steps);
    uint32_t *previous = xmalloc((graph->node_count + 1) * sizeof *previous);
    int64_t root = graph_find(graph, walk->met[0].id);
    size_t told = 0;
    if (root >= 0) {
        graph_walk(steps, previous, graph, (uint32_t)root);
        told = tell_near(walk, (uint32_t)root, steps, previous);
    }
    free(previous);
    free(steps);
    return told > 0 ? EXIT_DONE : nothing("nothing that you may see is tied to it");
}

int run_near(const struct arguments *arguments, const struct world *world)
{
    struct walk walk = {.count = 0};
    struct err err = {0};
    if (arguments->count != 1)
        return misused(arguments, "name one id");
    int code = desk_open(&walk.desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = read_steps(&walk, 1);
    if (code == EXIT_DONE)
        code = meet_first(&walk, arguments->words[0], SIDE_A);
    enum status status = OK;
    for (uint64_t i = 0; i < walk.steps && code == EXIT_DONE && status == OK; i++)
        status = step(&walk, SIDE_A, &err);
    if (status != OK)
        code = complain(arguments, status, &err);
    if (code == EXIT_DONE) {
        graph_tie(&walk.graph);
        code = answer_near(&walk);
    }
    return end_walk(&walk, code);
}

/* ---- path ---- */

static int answer_path(struct walk *walk)
{
    struct graph *graph = &walk->graph;
    uint32_t *steps = xmalloc((graph->node_count + 1) * sizeof *steps);
    uint32_t *previous = xmalloc((graph->node_count + 1) * sizeof *previous);
    int64_t a = graph_find(graph, walk->met[0].id);
    int64_t b = graph_find(graph, walk->met[walk->end_b].id);
    int code = EXIT_DONE;
    if (b >= 0)
        graph_walk(steps, previous, graph,
                   (uint32_t)b); /* backwards, to be told forwards */
    if (a < 0 || b < 0 || steps[a] == UINT32_MAX) {
        code = nothing(arena_printf(&walk->desk.arena,
                                    "no path of at most %llu step%s between them that you "
                                    "may see",
                                    (unsigned long long)walk->steps,
                                    walk->steps == 1 ? "" : "s"));
    } else {
        uint32_t node = (uint32_t)a;
        int64_t former = GRAPH_NONE;
        for (uint32_t i = 0;; i++) {
            answer(walk, node, i, former);
            if (node == (uint32_t)b)
                break;
            former = node;
            node = former_of(graph, previous, node);
        }
    }
    free(previous);
    free(steps);
    return code;
}

/* From the end around which there is less, until both meet. */
static enum status walk_together(struct walk *walk, struct err *err)
{
    enum status status = OK;
    for (uint64_t i = 0; i < walk->steps && status == OK && !walk->joined && !walk->full;
         i++) {
        size_t waiting[2] = {0};
        for (size_t j = 0; j < walk->count; j++)
            for (unsigned side = SIDE_A; side <= SIDE_B; side++)
                waiting[side - SIDE_A] +=
                    (walk->met[j].tied & side) != 0 && (walk->met[j].looked & side) == 0;
        if (waiting[0] == 0 || waiting[1] == 0)
            break;
        status = step(walk, waiting[0] <= waiting[1] ? SIDE_A : SIDE_B, err);
    }
    return status;
}

int run_path(const struct arguments *arguments, const struct world *world)
{
    struct walk walk = {.count = 0};
    struct err err = {0};
    if (arguments->count != 2)
        return misused(arguments, "name two ids");
    int code = desk_open(&walk.desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = read_steps(&walk, STEPS_MAX);
    if (code == EXIT_DONE)
        code = meet_first(&walk, arguments->words[0], SIDE_A);
    if (code == EXIT_DONE)
        code = meet_first(&walk, arguments->words[1], SIDE_B);
    enum status status = code == EXIT_DONE ? walk_together(&walk, &err) : OK;
    if (status != OK)
        code = complain(arguments, status, &err);
    if (code == EXIT_DONE) {
        graph_tie(&walk.graph);
        code = answer_path(&walk);
    }
    return end_walk(&walk, code);
}
