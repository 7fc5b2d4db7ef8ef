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
#include "link/graph_write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 512 * 1024 * 1024 };

struct charting {
    struct desk desk;
    struct graph graph;
    const char *path;
    const struct format *format;
    bool filtered, acknowledged;
    struct evaluation least;
    uint64_t left_out, held_back, informants;
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
                               desk->settings->fiction ? " · FICTION" : "")};
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
} formats[] = {{".svg", "<marker id=\"tip\"", write_svg},
               {".graphml", "<key id=\"kind\" for=\"node\"", write_graphml},
               {".gexf", "<attribute id=\"kind\" title=\"kind\"", write_gexf},
               {".csv", "Entity 1 Id,Entity 1 Type", write_csv}};

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
    if (charting->acknowledged)
        leaving_acknowledge(&act, desk);
    int code = desk_do(&receipt, desk, &act);
    if (code != EXIT_DONE)
        return code;
    while ((status = receipt_next(&shown, receipt, &arena, &err)) == OK) {
        if (is_shown(charting, &shown) &&
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

static void tell(const struct charting *charting)
{
    const struct graph *graph = &charting->graph;
    const struct graph_node *centre = NULL;
    size_t keys = 0;
    for (size_t i = 0; i < graph->node_count; i++) {
        keys += graph->nodes[i].kind == GRAPH_KEY;
        if (graph->nodes[i].kind == GRAPH_RECORD &&
            (centre == NULL || graph->nodes[i].betweenness > centre->betweenness))
            centre = &graph->nodes[i];
    }
    if (charting->left_out > 0)
        fprintf(stderr, "%llu records are not evaluated so well and are not on the chart\n",
                (unsigned long long)charting->left_out);
    leaving_tell_informants(charting->informants);
    leaving_tell_all(charting->held_back);
    if (!charting->desk.arguments->json) {
        printf("%s: %zu things, %zu shared identifiers, %zu ties, %u parts\n",
               charting->path, graph->node_count - keys, keys, graph->edge_count,
               graph->component_count);
        if (centre != NULL && centre->betweenness > 0)
            printf("most paths lead through %s %.*s\n", centre->schema,
                   (int)centre->caption.len, (const char *)centre->caption.at);
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "file", charting->path);
    json_count_member(&line.json, "things", graph->node_count - keys);
    json_count_member(&line.json, "identifiers", keys);
    json_count_member(&line.json, "ties", graph->edge_count);
    json_count_member(&line.json, "parts", graph->component_count);
    json_count_member(&line.json, "left_out", charting->left_out);
    json_count_member(&line.json, "held_back", charting->held_back);
    json_line_end(&line);
}

int run_chart(const struct arguments *arguments, const struct world *world)
{
    struct charting charting = {.filtered = false};
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
        code = charting.held_back > 0 ? EXIT_REFUSED : EXIT_DONE;
    }
    buf_release(&out);
    graph_release(&charting.graph);
    return desk_close(&charting.desk, code);
}
