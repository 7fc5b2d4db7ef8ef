/* SPDX-License-Identifier: Apache-2.0
 *
 * chart: a case as a picture, or as a graph for other programs. What it shows leaves the node, so it is
 * taken out by the act of exporting, and under the same conditions.
 */
#include "cli/host.h"
#include "cli/json_line.h"
#include "cli/leaving.h"
#include "cli/options.h"

#include "base/text.h"
#include "link/chart.h"
#include "link/graph_choose.h"
#include "link/graph_write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* MOST_USUAL: so many things are still a picture; the other formats take all. */
enum { FILE_MAX = 512 * 1024 * 1024, MOST_USUAL = 1000, STEPS_MAX = 8, NAMED = 5 };

struct charting {
    struct desk desk;
    struct graph graph;
    const char *path;
    const struct format *format;
    bool filtered, acknowledged;
    struct evaluation least;
    uint64_t most;  /* things and shared identifiers; 0: all */
    uint64_t steps; /* around one thing; 0: the whole case */
    uint8_t around[ENTRY_ID];
    uint64_t left_out, held_back, informants, damaged;
    struct graph_left not_drawn;
    const char *not_drawn_words; /* on the picture, too; "" */
};

static enum status write_svg(struct buf *out, const struct charting *charting,
                             struct err *err)
{
    const struct desk *desk = &charting->desk;
    char today[11], filter[64] = "";
    struct arena arena = {0};
    date_text(today, world_now_s(desk->world));
    if (charting->filtered)
        snprintf(filter, sizeof filter, " · evaluated %s:%s or better",
                 evaluation_scheme_word(charting->least.scheme), charting->least.code);
    const struct chart_options options = {
        .title = desk->arguments->words[0],
        .detail = arena_printf(&arena, "%s · %s · %s · %s%s%s", desk->settings->agency,
                               today, desk->login, purpose_word(desk->act.purpose), filter,
                               desk->settings->fiction ? " · FICTION" : ""),
        .left_out = charting->not_drawn_words,
        .focus = charting->steps > 0 ? charting->around : NULL};
    enum status status = chart_write_svg(out, &charting->graph, &options, err);
    arena_release(&arena);
    return status;
}

static enum status write_graphml(struct buf *out, const struct charting *charting,
                                 struct err *err)
{
    (void)err;
    graph_write_graphml(out, &charting->graph);
    return OK;
}

static enum status write_gexf(struct buf *out, const struct charting *charting,
                              struct err *err)
{
    (void)err;
    graph_write_gexf(out, &charting->graph);
    return OK;
}

static enum status write_csv(struct buf *out, const struct charting *charting,
                             struct err *err)
{
    (void)err;
    graph_write_csv(out, &charting->graph);
    return OK;
}

static const struct format {
    const char *ending, *mark; /* mark: in the first KiB of every such file of ours */
    enum status (*write)(struct buf *out, const struct charting *charting, struct err *err);
} formats[] = {{".svg", "id=\"enlace-chart\"", write_svg},
               {".graphml", "<key id=\"kind\" for=\"node\"", write_graphml},
               {".gexf", "<attribute id=\"kind\" title=\"kind\"", write_gexf},
               {".csv", "Entity 1 Id,Entity 1 Type", write_csv}};

/* How much is drawn. */
static int read_amounts(struct charting *charting, const struct arguments *arguments)
{
    const char *most = argument(arguments, "most"), *steps = argument(arguments, "steps");
    bool is_picture = charting->format->write == write_svg;
    uint64_t limit = is_picture ? CHART_NODES_MAX : GRAPH_NODES_MAX;
    charting->most = is_picture ? MOST_USUAL : 0;
    if (most != NULL && (!text_u64(&charting->most, bytes_text(most)) ||
                         charting->most == 0 || charting->most > limit))
        return misused(arguments, "--most is a number from 1 to %llu",
                       (unsigned long long)limit);
    if (steps != NULL && argument(arguments, "around") == NULL)
        return misused(arguments,
                       "--steps says how far around a thing; name it: --around ID");
    charting->steps = argument(arguments, "around") != NULL;
    if (steps != NULL && (!text_u64(&charting->steps, bytes_text(steps)) ||
                          charting->steps == 0 || charting->steps > STEPS_MAX))
        return misused(arguments, "--steps is a number from 1 to %d", STEPS_MAX);
    return EXIT_DONE;
}

static int read_options(struct charting *charting, const struct arguments *arguments)
{
    struct err err = {0};
    const char *evaluation = argument(arguments, "evaluation");
    charting->path = argument(arguments, "o");
    if (arguments->count != 1)
        return misused(arguments, "name the case");
    if (charting->path == NULL)
        return misused(arguments, "say where to: -o FILE.svg, .graphml, .gexf or .csv");
    size_t len = strlen(charting->path);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        size_t ending = strlen(formats[i].ending);
        if (len > ending && strcmp(charting->path + len - ending, formats[i].ending) == 0)
            charting->format = &formats[i];
    }
    if (charting->format == NULL)
        return misused(arguments, "-o %s: a chart is a .svg, .graphml, .gexf or .csv",
                       charting->path);
    charting->acknowledged = argument(arguments, "acknowledge") != NULL;
    int code = read_amounts(charting, arguments);
    if (code != EXIT_DONE)
        return code;
    charting->filtered = evaluation != NULL;
    if (evaluation != NULL &&
        evaluation_parse(&charting->least, bytes_text(evaluation), &err) != OK)
        return misused(arguments, "--evaluation %s: %s", evaluation, err.text);
    return EXIT_DONE;
}

static bool is_shown(struct charting *charting, const struct shown *shown)
{
    if (charting->filtered &&
        !evaluation_passes(&shown->record.evaluation, &charting->least)) {
        charting->left_out++;
        return false;
    }
    if (charting->acknowledged || !leaving_needs_word(&charting->desk, &shown->record, 0))
        return true;
    leaving_tell(&charting->desk, shown);
    charting->held_back++;
    return false;
}

static int fill(struct charting *charting)
{
    struct desk *desk = &charting->desk;
    struct receipt *receipt = NULL;
    struct arena arena = {0};
    struct shown shown;
    struct err err = {0};
    struct act act = desk_act(desk, VERB_EXPORT);
    enum status status = desk_case(&act, desk->store, desk->arguments->words[0], &err);
    if (status != OK)
        return complain(desk->arguments, status, &err);
    memcpy(desk->act.case_id, act.case_id, sizeof act.case_id); /* for --around */
    if (charting->acknowledged)
        leaving_acknowledge(&act, desk);
    int code = desk_do(&receipt, desk, &act);
    if (code != EXIT_DONE)
        return code;
    while ((status = receipt_next(&shown, receipt, &arena, &err)) == OK ||
           status == CONFLICT) {
        if (status == CONFLICT) {
            leaving_tell_damaged(&shown, &err);
            charting->damaged++;
        } else if (is_shown(charting, &shown) &&
                   !graph_add(&charting->graph, shown.id, shown.case_id, &shown.record)) {
            status = fail(&err, TOO_LARGE, "over %d records are too many for one chart",
                          GRAPH_NODES_MAX);
            break;
        }
        arena_reset(&arena);
    }
    charting->informants = receipt_withheld(receipt);
    arena_release(&arena);
    receipt_close(receipt);
    return status == NOT_FOUND ? EXIT_DONE : complain(desk->arguments, status, &err);
}

/* ---- What of it is drawn ---- */

static void add_left(struct graph_left *sum, const struct graph_left *left)
{
    sum->records += left->records;
    sum->keys += left->keys;
    sum->edges += left->edges;
}

static const char *left_words(struct arena *arena, const struct graph_left *left)
{
    return arena_printf(arena, "%zu thing%s, %zu shared identifier%s and %zu tie%s",
                        left->records, left->records == 1 ? "" : "s", left->keys,
                        left->keys == 1 ? "" : "s", left->edges,
                        left->edges == 1 ? "" : "s");
}

/* The thing that --around names, among what is shown of the case. */
static int keep_around(struct charting *charting)
{
    struct desk *desk = &charting->desk;
    struct graph *graph = &charting->graph;
    const char *around = argument(desk->arguments, "around");
    int code = desk_id(charting->around, desk, around);
    if (code != EXIT_DONE)
        return code;
    int64_t node = graph_find(graph, charting->around);
    if (node < 0) {
        fprintf(stderr,
                "enlace chart: --around %s: no such thing is on this chart; a record that "
                "is the tie between two others is a line, and is not\n",
                around);
        return EXIT_REFUSED;
    }
    bool *kept = xcalloc(graph->node_count + 1, sizeof *kept);
    graph_choose_around(kept, graph, (uint32_t)node, (uint32_t)charting->steps);
    struct graph_left left = graph_keep(graph, kept);
    free(kept);
    add_left(&charting->not_drawn, &left);
    if (left.records > 0)
        charting->not_drawn_words = arena_printf(
            &desk->arena, "what is more than %llu step%s from %s: %s",
            (unsigned long long)charting->steps, charting->steps == 1 ? "" : "s", around,
            left_words(&desk->arena, &left));
    return EXIT_DONE;
}

static void keep_most_tied(struct charting *charting)
{
    struct graph *graph = &charting->graph;
    struct arena *arena = &charting->desk.arena;
    if (charting->most == 0 || graph->node_count <= charting->most)
        return;
    bool *kept = xcalloc(graph->node_count + 1, sizeof *kept);
    graph_choose_most_tied(kept, graph, charting->most);
    struct graph_left left = graph_keep(graph, kept);
    free(kept);
    add_left(&charting->not_drawn, &left);
    charting->not_drawn_words = arena_printf(
        arena, "%s%sthe least tied, since there are more than %llu (--most): %s",
        charting->not_drawn_words, charting->not_drawn_words[0] != '\0' ? "; " : "",
        (unsigned long long)charting->most, left_words(arena, &left));
}

/* ---- The answer ---- */

/* Those that most shortest paths lead through, the first one first; how many. */
static size_t find_between(const struct graph_node **best, const struct graph *graph)
{
    size_t count = 0;
    for (size_t i = 0; i < graph->node_count; i++) {
        const struct graph_node *node = &graph->nodes[i];
        size_t place = count;
        if (node->kind != GRAPH_RECORD || node->betweenness <= 0)
            continue;
        while (place > 0 && best[place - 1]->betweenness < node->betweenness)
            place--;
        if (place == NAMED)
            continue;
        count += count < NAMED;
        memmove(best + place + 1, best + place, (count - place - 1) * sizeof *best);
        best[place] = node;
    }
    return count;
}

static void tell_words(const struct charting *charting, size_t keys, struct arena *arena)
{
    const struct graph *graph = &charting->graph;
    const struct graph_node *best[NAMED];
    size_t count = find_between(best, graph), lone = 0, largest = 0;
    uint32_t *sizes = xcalloc(graph->component_count + 1u, sizeof *sizes);
    for (size_t i = 0; i < graph->node_count; i++)
        sizes[graph->nodes[i].component]++;
    for (size_t i = 0; i < graph->component_count; i++) {
        lone += sizes[i] == 1;
        largest = largest > sizes[i] ? largest : sizes[i];
    }
    printf("%s: %zu things, %zu shared identifiers, %zu ties, %u parts\n", charting->path,
           graph->node_count - keys, keys, graph->edge_count, graph->component_count);
    if (graph->component_count > 1)
        printf("a part is what hangs together: the largest has %zu %s, %zu %s alone\n",
               largest, plural(largest, "thing or identifier", "things and identifiers"),
               lone, plural(lone, "stands", "stand"));
    for (size_t i = 0; i < count; i++) {
        struct bytes caption = text_one_line(best[i]->caption, arena);
        printf("%s%s %.*s%s%.10s: %.0f\n",
               i == 0 ? "most shortest paths between two others lead through\n    "
                      : "    ",
               best[i]->schema, (int)caption.len, (const char *)caption.at,
               best[i]->from[0] != '\0' ? " " : "", best[i]->from, best[i]->betweenness);
    }
    free(sizes);
}

static void tell_json(const struct charting *charting, size_t keys)
{
    const struct graph *graph = &charting->graph;
    const struct graph_node *best[NAMED];
    size_t count = find_between(best, graph);
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "file", charting->path);
    json_count_member(&line.json, "things", graph->node_count - keys);
    json_count_member(&line.json, "identifiers", keys);
    json_count_member(&line.json, "ties", graph->edge_count);
    json_count_member(&line.json, "parts", graph->component_count);
    json_count_member(&line.json, "left_out", charting->left_out);
    json_count_member(&line.json, "held_back", charting->held_back);
    json_count_member(&line.json, "informants", charting->informants);
    json_count_member(&line.json, "not_drawn", charting->not_drawn.records);
    json_key(&line.json, "between");
    json_begin_list(&line.json);
    for (size_t i = 0; i < count; i++) {
        char id[ID_TEXT];
        id_text(id, best[i]->id);
        json_begin_map(&line.json);
        json_text_member(&line.json, "id", id);
        json_text_member(&line.json, "schema", best[i]->schema);
        json_line_bytes(&line, "caption", best[i]->caption);
        json_line_rounded(&line, "betweenness", best[i]->betweenness);
        json_end_map(&line.json);
    }
    json_end_list(&line.json);
    json_line_end(&line);
}

static void tell(struct charting *charting)
{
    const struct graph *graph = &charting->graph;
    size_t keys = 0;
    for (size_t i = 0; i < graph->node_count; i++)
        keys += graph->nodes[i].kind == GRAPH_KEY;
    if (charting->left_out > 0)
        fprintf(stderr, "%llu records are not evaluated so well and are not on the chart\n",
                (unsigned long long)charting->left_out);
    if (charting->not_drawn_words[0] != '\0')
        fprintf(stderr, "not drawn: %s\n", charting->not_drawn_words);
    leaving_tell_informants(charting->informants);
    leaving_tell_all_damaged(charting->damaged);
    leaving_tell_all(charting->held_back);
    if (charting->desk.arguments->json)
        tell_json(charting, keys);
    else
        tell_words(charting, keys, &charting->desk.arena);
}

int run_chart(const struct arguments *arguments, const struct world *world)
{
    struct charting charting = {.not_drawn_words = ""};
    struct buf out = {.max = FILE_MAX};
    struct err err = {0};
    int code = read_options(&charting, arguments);
    if (code == EXIT_DONE)
        code = desk_open(&charting.desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = fill(&charting);
    if (code == EXIT_DONE) {
        graph_tie(&charting.graph);
        graph_measure(&charting.graph);
        if (charting.steps > 0)
            code = keep_around(&charting);
        keep_most_tied(&charting);
    }
    if (code == EXIT_DONE) {
        enum status status = charting.format->write(&out, &charting, &err);
        if (status == OK && out.overflowed)
            status =
                fail(&err, TOO_LARGE, "the chart is longer than %d MiB", FILE_MAX >> 20);
        if (status == OK)
            status = host_write_file(
                charting.path, buf_bytes(&out), FILE_SECRET,
                argument(arguments, "force") == NULL ? charting.format->mark : NULL, &err);
        if (status != OK)
            code = complain(arguments, status, &err);
    }
    if (code == EXIT_DONE) {
        tell(&charting);
        code = charting.held_back + charting.damaged > 0 ? EXIT_REFUSED : EXIT_DONE;
    }
    buf_release(&out);
    graph_release(&charting.graph);
    return desk_close(&charting.desk, code);
}
