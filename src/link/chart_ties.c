/* SPDX-License-Identifier: Apache-2.0 */
#include "link/chart_draw.h"

#include "link/beside.h"
#include "link/graph_write.h"

#include <math.h>
#include <stdlib.h>

enum { BEND = 44 /* between two of several ties that lie side by side */ };
static const double words_max = 24; /* ems */

/* Where a tie runs: from a to b, bent towards c. */
struct way {
    double ax, ay, cx, cy, bx, by;
};

static struct way way_of(const struct drawing *drawing, const struct graph_edge *edge,
                         const struct beside *beside)
{
    const struct chart_box *a = &drawing->boxes[edge->source];
    const struct chart_box *b = &drawing->boxes[edge->target];
    struct way way = {a->x, a->y, (a->x + b->x) / 2, (a->y + b->y) / 2, b->x, b->y};
    double far = hypot(b->x - a->x, b->y - a->y);
    if (far < 1)
        return way;
    /* To the same side whichever end is named first. */
    double bend = BEND * ((double)beside->nth - (beside->of - 1) / 2.0) *
                  (edge->source < edge->target ? 1 : -1);
    way.cx += bend * (b->y - a->y) / far;
    way.cy -= bend * (b->x - a->x) / far;
    if (!edge->directed)
        return way;
    double end_x = b->x - way.cx, end_y = b->y - way.cy, end = hypot(end_x, end_y);
    double stop = drawing->things[edge->target].radius * 1.2 + 2;
    if (end > stop) {
        way.bx -= end_x / end * stop;
        way.by -= end_y / end * stop;
    }
    return way;
}

/* ---- Lines ---- */

static void add_end(struct buf *out, const struct graph_node *node)
{
    struct label label;
    label_read(&label, node->caption, 1, 30);
    if (label.count == 0)
        xml_add(out, bytes_text(node->schema));
    for (size_t i = 0; i < label.count; i++)
        xml_add(out, label.lines[i]);
    if (label.cut)
        buf_add_text(out, "…");
}

static void draw_line(const struct drawing *drawing, const struct graph_edge *edge,
                      const struct way *way)
{
    struct buf *out = drawing->out;
    char handling[16];
    bool is_straight = fabs(way->cx * 2 - way->ax - way->bx) < 8 &&
                       fabs(way->cy * 2 - way->ay - way->by) < 8 && !edge->directed;
    handling_text_of(handling, edge->handling);
    buf_add_text(out, "<g><title>");
    add_end(out, &drawing->graph->nodes[edge->source]);
    buf_add_text(out, edge->directed ? " → " : " – ");
    add_end(out, &drawing->graph->nodes[edge->target]);
    buf_add_text(out, ": ");
    xml_add(out, bytes_text(edge->label));
    if (edge->from[0] != '\0' || edge->until[0] != '\0') {
        buf_add_text(out, ", ");
        chart_add_dates(out, edge->from, edge->until);
    }
    buf_addf(out, " · %s%s%s</title><path class=\"k%s\" d=\"M%.1f %.1f", handling,
             edge->evaluation[0] != '\0' ? " · " : "", edge->evaluation,
             edge->directed ? "" : " u", way->ax, way->ay);
    if (is_straight)
        buf_addf(out, "L%.1f %.1f\"", way->bx, way->by);
    else
        buf_addf(out, "Q%.1f %.1f %.1f %.1f\"", way->cx, way->cy, way->bx, way->by);
    buf_addf(out, "%s/></g>\n", edge->directed ? " marker-end=\"url(#tip)\"" : "");
}

/* ---- Their words ---- */

struct area {
    double left, top, right, bottom;
};

struct areas {
    struct area *at;
    size_t count;
};

static bool is_free(const struct areas *areas, const struct area *area)
{
    for (size_t i = 0; i < areas->count; i++) {
        const struct area *other = &areas->at[i];
        if (area->left < other->right && other->left < area->right &&
            area->top < other->bottom && other->top < area->bottom)
            return false;
    }
    return true;
}

/* A thing with its label: of its symbol, and of what is written under it. */
static void take_areas(struct areas *areas, const struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->graph->node_count; i++) {
        const struct chart_box *box = &drawing->boxes[i];
        double r = drawing->things[i].radius * 1.2;
        if (drawing->things[i].is_lone)
            continue;
        areas->at[areas->count++] =
            (struct area){box->x - r, box->y - r, box->x + r, box->y + r};
        areas->at[areas->count++] = (struct area){box->x - box->left, box->y + r,
                                                  box->x + box->right, box->y + box->below};
    }
}

/* On the line, or beside it where it is steep. */
static bool find_room(struct area *area, const struct areas *areas, const struct way *way,
                      double width)
{
    static const double parts[] = {0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73};
    static const double sides[] = {0, 1, -1};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (size_t j = 0; j < sizeof sides / sizeof sides[0]; j++) {
            double t = parts[i], u = 1 - t;
            double x = u * u * way->ax + 2 * u * t * way->cx + t * t * way->bx;
            double y = u * u * way->ay + 2 * u * t * way->cy + t * t * way->by;
            x += sides[j] * (width / 2 + 5);
            y -= j == 0 ? 0 : TIE_SIZE / 2.0 - 2;
            *area = (struct area){x - width / 2, y - TIE_SIZE - 1, x + width / 2, y + 2};
            if ((j == 0 || fabs(way->by - way->ay) > fabs(way->bx - way->ax)) &&
                is_free(areas, area))
                return true;
        }
    return false;
}

static bool write_at(struct drawing *drawing, struct areas *areas, const struct way *way,
                     struct bytes words)
{
    struct label label;
    struct area area;
    label_read(&label, words, 1, words_max);
    if (!find_room(&area, areas, way, label.width * TIE_SIZE * chart_plain))
        return false;
    areas->at[areas->count++] = area;
    buf_addf(drawing->out, "<text class=\"e\" x=\"%.1f\" y=\"%.1f\">",
             (area.left + area.right) / 2, area.bottom - 3);
    for (size_t i = 0; i < label.count; i++)
        xml_add(drawing->out, label.lines[i]);
    buf_addf(drawing->out, "%s</text>\n", label.cut ? "…" : "");
    return true;
}

static void draw_words(struct drawing *drawing, struct areas *areas,
                       const struct graph_edge *edge, const struct way *way)
{
    struct buf full = {.max = 1024};
    bool said = false;
    if (drawing->graph->nodes[edge->target].kind == GRAPH_KEY)
        return; /* the key says what it is */
    if (edge->from[0] != '\0' || edge->until[0] != '\0') {
        struct bytes from = chart_date(&drawing->arena, edge->from);
        struct bytes until = chart_date(&drawing->arena, edge->until);
        buf_addf(&full, "%s %.*s%s%.*s", edge->label, (int)from.len, (const char *)from.at,
                 until.len > 0 ? " – " : "", (int)until.len, (const char *)until.at);
        said = write_at(drawing, areas, way, buf_bytes(&full));
    }
    if (!said && !write_at(drawing, areas, way, bytes_text(edge->label)))
        drawing->unsaid++;
    buf_release(&full);
}

void chart_draw_ties(struct drawing *drawing)
{
    const struct graph *graph = drawing->graph;
    struct beside *besides = beside_read(graph);
    struct way *ways = xmalloc((graph->edge_count + 1) * sizeof *ways);
    struct areas areas = {
        .at = xmalloc((2 * graph->node_count + graph->edge_count + 1) * sizeof *areas.at)};
    take_areas(&areas, drawing);
    for (size_t i = 0; i < graph->edge_count; i++) {
        ways[i] = way_of(drawing, &graph->edges[i], &besides[i]);
        draw_line(drawing, &graph->edges[i], &ways[i]);
    }
    for (size_t i = 0; i < graph->edge_count; i++)
        draw_words(drawing, &areas, &graph->edges[i], &ways[i]);
    free(areas.at);
    free(ways);
    free(besides);
}
