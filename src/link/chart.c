/* SPDX-License-Identifier: Apache-2.0 */
#include "link/chart.h"

#include "base/text.h"
#include "link/graph_write.h"

#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Pixels. A node with its label is taken for a box of this size when they are pushed apart. */
enum {
    BOX_WIDTH = 176,
    BOX_HEIGHT = 86,
    SPREAD = 235, /* between neighbours, before they are pushed apart */
    MARGIN = 48,
    HEAD_HEIGHT = 84,
    ROW_WIDTH = 1500,
    LEGEND_ROW = 24,
    CAPTION_MAX = 26, /* characters; longer ones are cut */
    EXACT_LAYOUT = 150,
    PUSHES = 400,
    PUSHES_WORK = 400 * 1000 * 1000, /* pairs */
    RADIUS = 13,
    RADIUS_MORE = 13,
};

/* ---- What a thing looks like ---- */

enum shape { CIRCLE, SQUARE, DIAMOND, PILL };

static const struct look {
    const char *parent; /* a schema, or one that extends it */
    const char *word;
    enum shape shape;
    const char *fill;
} looks[] = {
    {"Person", "person", CIRCLE, "#f2b705"},
    {"Organization", "company or body", SQUARE, "#4f86c6"},
    {"LegalEntity", "company or body", SQUARE, "#4f86c6"},
    {"Sighting", "seizure or sighting", DIAMOND, "#d1495b"},
    {"Event", "event", DIAMOND, "#e98a57"},
    {"Vehicle", "ship, aircraft or vehicle", SQUARE, "#2a9d8f"},
    {"BankAccount", "account or wallet", SQUARE, "#8d6cab"},
    {"CryptoWallet", "account or wallet", SQUARE, "#8d6cab"},
    {"Phone", "phone or device", CIRCLE, "#7fb069"},
    {"Device", "phone or device", CIRCLE, "#7fb069"},
    {"Address", "address", CIRCLE, "#b08968"},
    {"Document", "document", SQUARE, "#9aa5b1"},
    {"Thing", "other thing", CIRCLE, "#c3ccd6"},
    {"Interval", "other tie", CIRCLE, "#dfe5ec"},
};
enum { LOOKS = sizeof looks / sizeof looks[0], KEY_LOOK = LOOKS };

static size_t look_of(const struct graph_node *node)
{
    if (node->kind == GRAPH_KEY)
        return KEY_LOOK;
    const struct schema *schema = schema_find(bytes_text(node->schema));
    for (size_t i = 0; i < LOOKS; i++)
        if (schema_is_a(schema, looks[i].parent))
            return i;
    return LOOKS - 2;
}

/* ---- Where everything stands ---- */

struct place {
    double x, y;
};

struct drawing {
    const struct graph *graph;
    struct place *places;
    double width, height, most_between;
    struct buf *out;
};

/* Two boxes that overlap move apart along the shorter way. A node has no place on another's label. */
static bool push_apart(struct place *places, const uint32_t *nodes, size_t count)
{
    bool moved = false;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            struct place *a = &places[nodes[i]], *b = &places[nodes[j]];
            double over_x = BOX_WIDTH - fabs(b->x - a->x);
            double over_y = BOX_HEIGHT - fabs(b->y - a->y);
            if (over_x <= 0.01 || over_y <= 0.01)
                continue;
            moved = true;
            if (over_x / BOX_WIDTH < over_y / BOX_HEIGHT) {
                double way = (b->x >= a->x ? 1 : -1) * (over_x / 2 + 0.5);
                a->x -= way;
                b->x += way;
            } else {
                double way = (b->y >= a->y ? 1 : -1) * (over_y / 2 + 0.5);
                a->y -= way;
                b->y += way;
            }
        }
    return moved;
}

static void lay_out(struct drawing *drawing, const uint32_t *nodes, size_t count,
                    const uint32_t *rank)
{
    const struct graph *graph = drawing->graph;
    igraph_t as;
    igraph_vector_int_t ends;
    igraph_matrix_t at;
    size_t used = 0;
    igraph_vector_int_init(&ends, (igraph_integer_t)(2 * graph->edge_count));
    for (size_t i = 0; i < graph->edge_count; i++)
        if (graph->nodes[graph->edges[i].source].component ==
            graph->nodes[nodes[0]].component) {
            VECTOR(ends)[used++] = rank[graph->edges[i].source];
            VECTOR(ends)[used++] = rank[graph->edges[i].target];
        }
    igraph_vector_int_resize(&ends, (igraph_integer_t)used);
    igraph_create(&as, &ends, (igraph_integer_t)count, IGRAPH_UNDIRECTED);
    igraph_simplify(&as, true, true, NULL);
    igraph_matrix_init(&at, (igraph_integer_t)count, 2);
    for (size_t i = 0; i < count;
         i++) { /* on a spiral, so that no two begin in one place */
        double turn = 2.399963 * (double)i, far = sqrt((double)i + 1);
        MATRIX(at, i, 0) = far * cos(turn);
        MATRIX(at, i, 1) = far * sin(turn);
    }
    if (count > 1 && count <= EXACT_LAYOUT) {
        igraph_layout_kamada_kawai(&as, &at, true, (igraph_integer_t)(60 * count), 0,
                                   (double)count, NULL, NULL, NULL, NULL, NULL);
    } else if (count > 1) {
        igraph_rng_seed(igraph_rng_default(), 1);
        igraph_layout_fruchterman_reingold(&as, &at, true, 500, sqrt((double)count),
                                           IGRAPH_LAYOUT_AUTOGRID, NULL, NULL, NULL, NULL,
                                           NULL);
    }
    for (size_t i = 0; i < count; i++)
        drawing->places[nodes[i]] =
            (struct place){MATRIX(at, i, 0) * SPREAD, MATRIX(at, i, 1) * SPREAD * 0.8};
    /* Each push looks at all pairs: a large part gets fewer. */
    int pushes = (int)fmin(PUSHES, 10 + PUSHES_WORK / ((double)count * (double)count));
    for (int i = 0; i < pushes && push_apart(drawing->places, nodes, count); i++)
        continue;
    igraph_matrix_destroy(&at);
    igraph_destroy(&as);
    igraph_vector_int_destroy(&ends);
}

struct frame {
    double left, top, right, bottom;
};

static struct frame frame_of(const struct drawing *drawing, const uint32_t *nodes,
                             size_t count)
{
    struct frame frame = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < count; i++) {
        struct place at = drawing->places[nodes[i]];
        frame.left = fmin(frame.left, at.x - BOX_WIDTH / 2.0);
        frame.right = fmax(frame.right, at.x + BOX_WIDTH / 2.0);
        frame.top = fmin(frame.top, at.y - BOX_HEIGHT * 0.35);
        frame.bottom = fmax(frame.bottom, at.y + BOX_HEIGHT * 0.65);
    }
    return frame;
}

/* The parts stand in rows, left to right, as text does. */
static void arrange(struct drawing *drawing)
{
    const struct graph *graph = drawing->graph;
    uint32_t *nodes = xmalloc((graph->node_count + 1) * sizeof *nodes);
    uint32_t *rank = xcalloc(graph->node_count + 1, sizeof *rank);
    double x = MARGIN, y = HEAD_HEIGHT + MARGIN, row = 0;
    for (uint32_t part = 0; part < graph->component_count; part++) {
        size_t count = 0;
        for (size_t i = 0; i < graph->node_count; i++)
            if (graph->nodes[i].component == part) {
                rank[i] = (uint32_t)count;
                nodes[count++] = (uint32_t)i;
            }
        if (count == 0)
            continue;
        lay_out(drawing, nodes, count, rank);
        struct frame frame = frame_of(drawing, nodes, count);
        if (x > MARGIN && x + frame.right - frame.left > ROW_WIDTH) {
            x = MARGIN;
            y += row + MARGIN;
            row = 0;
        }
        for (size_t i = 0; i < count; i++) {
            drawing->places[nodes[i]].x += x - frame.left;
            drawing->places[nodes[i]].y += y - frame.top;
        }
        x += frame.right - frame.left + MARGIN;
        row = fmax(row, frame.bottom - frame.top);
        drawing->width = fmax(drawing->width, x);
    }
    drawing->height = y + row + MARGIN;
    free(rank);
    free(nodes);
}

/* ---- Ink ---- */

/* At most max characters, with an ellipsis when some were cut. */
static void add_cut(struct buf *out, struct bytes text, size_t max)
{
    struct bytes rest = text;
    uint32_t point;
    size_t count = 0;
    while (count < max && utf8_next(&point, &rest))
        count++;
    xml_add(out, bytes_of(text.at, text.len - rest.len));
    if (rest.len > 0)
        buf_add_text(out, "…");
}

static double radius_of(const struct drawing *drawing, const struct graph_node *node)
{
    if (node->kind == GRAPH_KEY)
        return RADIUS * 0.6;
    double share =
        drawing->most_between > 0 ? node->betweenness / drawing->most_between : 0;
    return RADIUS + RADIUS_MORE * sqrt(share);
}

static void draw_shape(struct buf *out, size_t look, double x, double y, double r)
{
    static const char *const ink = "stroke=\"#26323f\" stroke-width=\"1.2\"";
    if (look == KEY_LOOK) {
        buf_addf(out,
                 "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\" "
                 "fill=\"#ffffff\" %s/>\n",
                 x - 1.6 * r, y - r, 3.2 * r, 2 * r, r, ink);
        return;
    }
    switch (looks[look].shape) {
    case SQUARE:
        buf_addf(out,
                 "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" "
                 "fill=\"%s\" %s/>\n",
                 x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r, looks[look].fill, ink);
        break;
    case DIAMOND:
        buf_addf(
            out,
            "<path d=\"M%.1f %.1f L%.1f %.1f L%.1f %.1f L%.1f %.1fZ\" fill=\"%s\" %s/>\n",
            x, y - 1.15 * r, x + 1.15 * r, y, x, y + 1.15 * r, x - 1.15 * r, y,
            looks[look].fill, ink);
        break;
    default:
        buf_addf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" %s/>\n", x, y,
                 r, looks[look].fill, ink);
    }
}

static void add_dates(struct buf *out, const char *from, const char *until)
{
    if (from[0] != '\0' || until[0] != '\0')
        xml_add(out, bytes_text(from));
    if (until[0] != '\0') {
        buf_add_text(out, " – ");
        xml_add(out, bytes_text(until));
    }
}

static void draw_node(const struct drawing *drawing, size_t i)
{
    const struct graph_node *node = &drawing->graph->nodes[i];
    struct buf *out = drawing->out;
    struct place at = drawing->places[i];
    double r = radius_of(drawing, node);
    char handling[16];
    handling_text_of(handling, node->handling);
    buf_add_text(out, "<g><title>");
    xml_add(out, bytes_text(node->schema));
    buf_add_text(out, " ");
    xml_add(out, node->caption);
    buf_add_text(out, "</title>\n");
    draw_shape(out, look_of(node), at.x, at.y, r);
    buf_addf(out, "<text class=\"c\" x=\"%.1f\" y=\"%.1f\">", at.x, at.y + r + 15);
    add_cut(out, node->caption.len > 0 ? node->caption : bytes_text(node->schema),
            CAPTION_MAX);
    buf_addf(out, "</text>\n<text class=\"d\" x=\"%.1f\" y=\"%.1f\">", at.x, at.y + r + 28);
    xml_add(out, bytes_text(node->schema));
    if (node->status[0] != '\0')
        buf_addf(out, ", %s", node->status);
    if (node->from[0] != '\0' || node->until[0] != '\0') {
        buf_add_text(out, " · ");
        add_dates(out, node->from, node->until);
    }
    buf_add_text(out, "</text>\n");
    if (node->kind == GRAPH_RECORD)
        buf_addf(out, "<text class=\"h\" x=\"%.1f\" y=\"%.1f\">%s · %s</text>\n", at.x,
                 at.y + r + 40, handling, node->evaluation);
    buf_add_text(out, "</g>\n");
}

/* Lines between the same two nodes have their labels one under the other. */
static size_t earlier_between(const struct graph *graph, size_t edge)
{
    size_t count = 0;
    for (size_t i = 0; i < edge; i++)
        count += (graph->edges[i].source == graph->edges[edge].source &&
                  graph->edges[i].target == graph->edges[edge].target) ||
                 (graph->edges[i].source == graph->edges[edge].target &&
                  graph->edges[i].target == graph->edges[edge].source);
    return count;
}

static void draw_edge(const struct drawing *drawing, size_t i)
{
    const struct graph_edge *edge = &drawing->graph->edges[i];
    const struct graph_node *target = &drawing->graph->nodes[edge->target];
    struct place a = drawing->places[edge->source], b = drawing->places[edge->target];
    double far = hypot(b.x - a.x, b.y - a.y);
    double stop = far > 0 ? 1 - (radius_of(drawing, target) * 1.2 + 2) / far : 1;
    buf_addf(drawing->out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"%s%s/>\n",
             a.x, a.y, edge->directed ? a.x + (b.x - a.x) * stop : b.x,
             edge->directed ? a.y + (b.y - a.y) * stop : b.y,
             edge->directed ? " marker-end=\"url(#tip)\"" : "",
             edge->directed ? "" : " stroke-dasharray=\"5 3\"");
}

/* How much of a node, with what is written under it, a label here would cover. */
static double covered(const struct drawing *drawing, struct place at)
{
    double sum = 0;
    for (size_t i = 0; i < drawing->graph->node_count; i++) {
        double x = fabs(drawing->places[i].x - at.x);
        double y = fabs(drawing->places[i].y + BOX_HEIGHT * 0.15 - at.y);
        if (x < BOX_WIDTH * 0.9 && y < BOX_HEIGHT * 0.5)
            sum += (BOX_WIDTH * 0.9 - x) * (BOX_HEIGHT * 0.5 - y);
    }
    return sum;
}

/* In the middle, unless something stands there. */
static struct place label_place(const struct drawing *drawing, struct place a,
                                struct place b)
{
    static const double parts[] = {0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68};
    struct place best = {0};
    double least = INFINITY;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct place at = {a.x + (b.x - a.x) * parts[i], a.y + (b.y - a.y) * parts[i]};
        double over = covered(drawing, at);
        if (over < least - 1) {
            least = over;
            best = at;
        }
    }
    return best;
}

static void draw_edge_label(const struct drawing *drawing, size_t i)
{
    const struct graph_edge *edge = &drawing->graph->edges[i];
    struct place a = drawing->places[edge->source], b = drawing->places[edge->target];
    if (drawing->graph->nodes[edge->target].kind == GRAPH_KEY)
        return; /* the key says what it is */
    size_t row = drawing->graph->edge_count <= CHART_NODES_MAX
                     ? earlier_between(drawing->graph, i)
                     : 0;
    struct place at = label_place(drawing, a, b);
    buf_addf(drawing->out, "<text class=\"e\" x=\"%.1f\" y=\"%.1f\">", at.x,
             at.y - 3 + 12 * (double)row);
    add_cut(drawing->out, bytes_text(edge->label), CAPTION_MAX + 6);
    if (edge->from[0] != '\0' || edge->until[0] != '\0') {
        buf_add_text(drawing->out, " ");
        add_dates(drawing->out, edge->from, edge->until);
    }
    buf_add_text(drawing->out, "</text>\n");
}

/* ---- The legend ---- */

/* Each text of H3 once. */
static double draw_restrictions(const struct drawing *drawing, double y)
{
    const struct graph *graph = drawing->graph;
    for (size_t i = 0; i < graph->node_count; i++) {
        const char *text = graph->nodes[i].restriction;
        bool told = text[0] == '\0';
        for (size_t j = 0; j < i && !told; j++)
            told = strcmp(graph->nodes[j].restriction, text) == 0;
        if (told)
            continue;
        y += LEGEND_ROW * 0.75;
        buf_addf(drawing->out, "<text class=\"l\" x=\"%d\" y=\"%.1f\">H3: ", MARGIN + 24,
                 y + 4);
        xml_add(drawing->out, bytes_text(text));
        buf_add_text(drawing->out, "</text>\n");
    }
    return y;
}

static double draw_legend(const struct drawing *drawing, double y)
{
    bool used[LOOKS + 1] = {false};
    struct buf *out = drawing->out;
    unsigned handling = 0;
    double x = MARGIN;
    static const enum handling_code codes[] = {HANDLING_H0, HANDLING_H1, HANDLING_H2,
                                               HANDLING_H3};
    for (size_t i = 0; i < drawing->graph->node_count; i++) {
        used[look_of(&drawing->graph->nodes[i])] = true;
        handling |= drawing->graph->nodes[i].handling;
    }
    for (size_t i = 0; i <= LOOKS; i++) {
        const char *word = "identifier that several share";
        if (i < LOOKS)
            word = looks[i].word;
        bool repeated = false;
        for (size_t j = 0; j < i && i < LOOKS; j++)
            repeated |= used[j] && strcmp(looks[j].word, word) == 0;
        if (!used[i] || repeated || word == NULL)
            continue;
        if (x + 40 + 7 * (double)strlen(word) > drawing->width) {
            x = MARGIN;
            y += LEGEND_ROW;
        }
        draw_shape(out, i, x + 8, y, 8);
        buf_addf(out, "<text class=\"l\" x=\"%.1f\" y=\"%.1f\">", x + 28, y + 4);
        buf_add_text(out, word);
        buf_add_text(out, "</text>\n");
        x += 54 + 7 * (double)strlen(word);
    }
    y += LEGEND_ROW;
    buf_addf(
        out,
        "<text class=\"l\" x=\"%d\" y=\"%.1f\">larger: more shortest paths lead through it "
        "(says nothing of guilt) · arrow: one record names the other · dashed: both have "
        "it</text>\n",
        MARGIN, y + 4);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if ((handling & codes[i]) == 0)
            continue;
        y += LEGEND_ROW * 0.75;
        buf_addf(
            out,
            "<text class=\"l\" x=\"%d\" y=\"%.1f\"><tspan font-weight=\"bold\">%s</tspan> ",
            MARGIN, y + 4, handling_word(codes[i]));
        xml_add(out, bytes_text(handling_text(codes[i])));
        buf_add_text(out, "</text>\n");
    }
    return draw_restrictions(drawing, y) + LEGEND_ROW;
}

static void draw_head(const struct drawing *drawing, const struct chart_options *options)
{
    struct buf *out = drawing->out;
    unsigned handling = HANDLING_H0;
    char codes[16];
    for (size_t i = 0; i < drawing->graph->node_count; i++)
        handling |= drawing->graph->nodes[i].handling;
    handling_text_of(codes, handling);
    buf_addf(out, "<text class=\"t\" x=\"%d\" y=\"40\">", MARGIN);
    xml_add(out, bytes_text(options->title));
    buf_addf(out, "</text>\n<text class=\"l\" x=\"%d\" y=\"62\">", MARGIN);
    xml_add(out, bytes_text(options->detail));
    buf_addf(out,
             "</text>\n<text class=\"l\" x=\"%d\" y=\"80\">handling of the whole: "
             "<tspan font-weight=\"bold\">%s</tspan></text>\n",
             MARGIN, codes);
}

static const char style[] =
    "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
    "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8Z\" "
    "fill=\"#5b6773\"/></marker>"
    "</defs>\n<style>text{font-family:'DejaVu Sans','Noto Sans',sans-serif;fill:#1d2731}"
    ".c{font-size:12px;font-weight:bold;text-anchor:middle}"
    ".d{font-size:10px;text-anchor:middle;fill:#45525f}"
    ".h{font-size:9px;text-anchor:middle;fill:#8a1c2c}"
    ".e{font-size:10px;text-anchor:middle;fill:#2c4a68;paint-order:stroke;stroke:#ffffff;"
    "stroke-width:3px}"
    ".c,.d,.h{paint-order:stroke;stroke:#ffffff;stroke-width:3px}"
    ".l{font-size:12px}.t{font-size:22px;font-weight:bold}"
    "line{stroke:#5b6773;stroke-width:1.2}</style>\n";

enum status chart_write_svg(struct buf *out, const struct graph *graph,
                            const struct chart_options *options, struct err *err)
{
    enum { WIDTH_MIN = 980 };
    if (graph->node_count > CHART_NODES_MAX)
        return fail(
            err, TOO_LARGE,
            "%zu things are more than a picture can show (%d); write GraphML or GEXF, "
            "or filter by --evaluation",
            graph->node_count, CHART_NODES_MAX);
    struct buf body = {.max = out->max};
    struct drawing drawing = {.graph = graph, .width = WIDTH_MIN, .out = &body};
    drawing.places = xcalloc(graph->node_count + 1, sizeof *drawing.places);
    for (size_t i = 0; i < graph->node_count; i++)
        if (graph->nodes[i].kind == GRAPH_RECORD)
            drawing.most_between = fmax(drawing.most_between, graph->nodes[i].betweenness);
    arrange(&drawing);
    draw_head(&drawing, options);
    for (size_t i = 0; i < graph->edge_count; i++)
        draw_edge(&drawing, i);
    for (size_t i = 0; i < graph->edge_count; i++)
        draw_edge_label(&drawing, i);
    for (size_t i = 0; i < graph->node_count; i++)
        draw_node(&drawing, i);
    double height = draw_legend(&drawing, drawing.height);
    buf_addf(out,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
             "viewBox=\"0 0 %.0f %.0f\">\n<rect width=\"100%%\" height=\"100%%\" "
             "fill=\"#ffffff\"/>\n",
             drawing.width, height, drawing.width, height);
    buf_add_text(out, style);
    buf_add(out, buf_bytes(&body));
    buf_add_text(out, "</svg>\n");
    buf_release(&body);
    free(drawing.places);
    return OK;
}
