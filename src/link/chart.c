/* SPDX-License-Identifier: Apache-2.0 */
#include "link/chart_draw.h"

#include "base/text.h"
#include "link/graph_write.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Pixels. */
enum {
    RADIUS = 13,
    RADIUS_MORE = 9,
    LONE_RADIUS = 8,
    KEY_RADIUS = 7,
    LINES = 3,
    LINES_LONE = 2,
    SCREEN_WIDTH = 1400,
    SCREEN_HEIGHT = 880,
};
/* Ems. */
static const double caption_max = 12.5, caption_lone_max = 17, detail_max = 28;
/* Where all is so large that it is seen much smaller, the captions of what many paths lead through
 * grow, at most so far. */
static const double grow_max = 2.6;

/* ---- What a thing looks like ---- */

void chart_draw_symbol(struct buf *out, size_t look, double x, double y, double r)
{
    const char *fill = looks[look].fill;
    switch (looks[look].shape) {
    case PILL:
        buf_addf(out,
                 "<rect class=\"s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                 "rx=\"%.1f\" fill=\"%s\"/>",
                 x - 1.6 * r, y - r, 3.2 * r, 2 * r, r, fill);
        break;
    case SQUARE:
        buf_addf(out,
                 "<rect class=\"s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                 "rx=\"2\" fill=\"%s\"/>",
                 x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r, fill);
        break;
    case DIAMOND:
        buf_addf(out,
                 "<path class=\"s\" d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fZ\" "
                 "fill=\"%s\"/>",
                 x, y - 1.15 * r, x + 1.15 * r, y, x, y + 1.15 * r, x - 1.15 * r, y, fill);
        break;
    case CIRCLE:
        buf_addf(out,
                 "<circle class=\"s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>", x,
                 y, r, fill);
    }
}

/* ---- What is written with it ---- */

struct bytes chart_date(struct arena *arena, const char *date)
{
    enum { DAY = 10, MINUTE = 16 };
    if (strlen(date) < MINUTE || date[DAY] != 'T')
        return bytes_text(date);
    return bytes_text(arena_printf(arena, "%.10s %.5s", date, date + DAY + 1));
}

static const char *dates_of(struct arena *arena, const char *from, const char *until)
{
    struct bytes first = chart_date(arena, from), last = chart_date(arena, until);
    if (last.len == 0)
        return arena_text(arena, first);
    return arena_printf(arena, "%.*s – %.*s", (int)first.len, (const char *)first.at,
                        (int)last.len, (const char *)last.at);
}

static struct bytes caption_of(const struct graph_node *node)
{
    /* Of signs that nobody sees: as good as none. */
    return label_width(node->caption) > 0 ? node->caption : bytes_text(kind_word(node));
}

/* Codes that everything has are said once, in the legend. */
static const char *codes_of(struct arena *arena, const struct graph_node *node)
{
    char handling[16];
    bool is_judged = node->evaluation[0] != '\0' && strcmp(node->evaluation, "4x4:X4") != 0;
    handling_text_of(handling, node->handling);
    if (node->handling == HANDLING_H0 && !is_judged)
        return "";
    return arena_printf(arena, "%s%s%s", handling, is_judged ? " · " : "",
                        is_judged ? node->evaluation : "");
}

static struct bytes detail_of(struct arena *arena, const struct graph_node *node)
{
    const char *dates = dates_of(arena, node->from, node->until);
    const char *more = node->more > 0 ? arena_printf(arena, " · +%u", node->more) : "";
    /* A place that is the caption is not said twice. */
    const char *place = bytes_is(caption_of(node), node->place) ? "" : node->place;
    return bytes_text(arena_printf(arena, "%s%s%s%s%s%s%s%s", kind_word(node),
                                   node->status[0] != '\0' ? ", " : "", node->status,
                                   dates[0] != '\0' ? " · " : "", dates, more,
                                   place[0] != '\0' ? " · " : "", place));
}

static void read_thing(struct drawing *drawing, size_t i, double share, double grow)
{
    const struct graph_node *node = &drawing->graph->nodes[i];
    struct chart_thing *thing = &drawing->things[i];
    struct chart_box *box = &drawing->boxes[i];
    enum person_status status;
    thing->look = look_of(node);
    thing->is_protected = node->status[0] != '\0' &&
                          status_parse(&status, bytes_text(node->status), NULL) == OK &&
                          status_is_protected(status);
    thing->grow = thing->is_lone ? 1 : 1 + (grow - 1) * share;
    thing->radius = thing->is_lone ? LONE_RADIUS
                    : node->kind == GRAPH_KEY
                        ? KEY_RADIUS
                        : (RADIUS + RADIUS_MORE * share) * (1 + (thing->grow - 1) / 2);
    label_read(&thing->caption, caption_of(node), thing->is_lone ? LINES_LONE : LINES,
               thing->is_lone ? caption_lone_max : caption_max);
    thing->codes = bytes_text(codes_of(&drawing->arena, node));
    struct label detail;
    label_read(&detail, detail_of(&drawing->arena, node), 1, detail_max);
    thing->detail = detail.lines[0];
    if (detail.cut)
        thing->detail =
            bytes_text(arena_printf(&drawing->arena, "%.*s…", (int)detail.lines[0].len,
                                    (const char *)detail.lines[0].at));
    double width = fmax(thing->caption.width * CAPTION_SIZE * thing->grow,
                        label_width(thing->detail) * DETAIL_SIZE * chart_plain);
    double codes = label_width(thing->codes) * CODES_SIZE * chart_plain;
    double lines = (double)thing->caption.count * CAPTION_SIZE * 1.15 * thing->grow +
                   DETAIL_SIZE * 1.2 + (codes > 0 ? CODES_SIZE * 1.25 : 0);
    double r = thing->radius;
    if (thing->is_lone)
        *box = (struct chart_box){.left = r + 2,
                                  .right = r + 9 + fmax(width, codes),
                                  .above = r + 3,
                                  .below = fmax(lines - r + 3, r + 2)};
    else
        *box = (struct chart_box){.left = fmax(fmax(width, codes) / 2, 1.6 * r) + 2,
                                  .right = fmax(fmax(width, codes) / 2, 1.6 * r) + 2,
                                  .above = 1.2 * r,
                                  .below = r + 4 + lines};
}

/* How much smaller the whole is seen on a screen, about. */
static double shrinking(const struct drawing *drawing)
{
    double area = 0;
    for (size_t i = 0; i < drawing->graph->node_count; i++) {
        const struct chart_box *box = &drawing->boxes[i];
        double more = drawing->things[i].is_lone ? 1.4 : 3.2;
        area += more * (box->left + box->right) * (box->above + box->below);
    }
    return fmin(fmax(sqrt(area / (SCREEN_WIDTH * SCREEN_HEIGHT)), 1), grow_max);
}

struct ranked {
    const struct graph_node *node;
    size_t place, look;
};

static int by_caption(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int order = (x->look > y->look) - (x->look < y->look);
    if (order == 0)
        order = bytes_compare(x->node->caption, y->node->caption);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

/* Those that nothing is tied to: kind by kind, by their captions. */
static void order_lone(struct drawing *drawing)
{
    size_t count = drawing->graph->node_count;
    struct ranked *ranked = xmalloc((count + 1) * sizeof *ranked);
    for (size_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){&drawing->graph->nodes[i], i, drawing->things[i].look};
    if (count > 0)
        qsort(ranked, count, sizeof *ranked, by_caption);
    for (size_t i = 0; i < count; i++)
        drawing->boxes[ranked[i].place].order = (uint32_t)i;
    free(ranked);
}

static void read_things(struct drawing *drawing)
{
    const struct graph *graph = drawing->graph;
    uint32_t *sizes = xcalloc(graph->component_count + 1u, sizeof *sizes);
    double most = 0;
    for (size_t i = 0; i < graph->node_count; i++) {
        sizes[graph->nodes[i].component]++;
        if (graph->nodes[i].kind == GRAPH_RECORD)
            most = fmax(most, graph->nodes[i].betweenness);
    }
    for (size_t i = 0; i < graph->node_count; i++)
        drawing->things[i].is_lone = sizes[graph->nodes[i].component] == 1;
    double grow = 1;
    for (int round = 0; round < 2; round++) { /* first to see how large all is */
        for (size_t i = 0; i < graph->node_count; i++) {
            const struct graph_node *node = &graph->nodes[i];
            bool counts = most > 0 && node->kind == GRAPH_RECORD;
            read_thing(drawing, i, counts ? sqrt(node->betweenness / most) : 0, grow);
        }
        grow = shrinking(drawing);
    }
    order_lone(drawing);
    free(sizes);
}

/* ---- Ink ---- */

static void add_told(struct buf *out, const struct drawing *drawing, size_t i)
{
    const struct graph_node *node = &drawing->graph->nodes[i];
    char handling[16], hex[2 * GRAPH_ID + 1];
    handling_text_of(handling, node->handling);
    buf_add_text(out, "<title>");
    xml_add(out, caption_of(node));
    buf_addf(out, " (%s%s%s)", kind_word(node), node->status[0] != '\0' ? ", " : "",
             node->status);
    if (node->from[0] != '\0' || node->until[0] != '\0') {
        buf_add_text(out, " · ");
        chart_add_dates(out, node->from, node->until);
    }
    if (node->place[0] != '\0') {
        buf_add_text(out, " · ");
        xml_add(out, bytes_text(node->place));
    }
    buf_addf(out, " · %s", handling);
    if (node->evaluation[0] != '\0')
        buf_addf(out, " · %s", node->evaluation);
    if (node->more > 0)
        buf_addf(out, " · tied to %u more that are not drawn", node->more);
    if (node->kind == GRAPH_RECORD) {
        hex_write(hex, bytes_of(node->id, GRAPH_ID));
        buf_addf(out, " · id %s", hex);
    }
    buf_add_text(out, "</title>");
}

void chart_add_dates(struct buf *out, const char *from, const char *until)
{
    if (from[0] != '\0' || until[0] != '\0')
        xml_add(out, bytes_text(from));
    if (until[0] != '\0') {
        buf_add_text(out, " – ");
        xml_add(out, bytes_text(until));
    }
}

static void add_line(struct buf *out, const char *class, double x, double y, double size,
                     struct bytes text, bool cut)
{
    buf_addf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\"", class, x, y);
    if (size > 0)
        buf_addf(out, " style=\"font-size:%.1fpx\"", size);
    buf_add_text(out, ">");
    xml_add(out, text);
    buf_addf(out, "%s</text>", cut ? "…" : "");
}

static void draw_thing(const struct drawing *drawing, size_t i)
{
    const struct chart_thing *thing = &drawing->things[i];
    const struct chart_box *box = &drawing->boxes[i];
    const struct label *caption = &thing->caption;
    struct buf *out = drawing->out;
    double size = CAPTION_SIZE * thing->grow, r = thing->radius;
    double x = thing->is_lone ? box->x + r + 8 : box->x;
    double y = thing->is_lone ? box->y - r - 1 : box->y + r + 3;
    buf_addf(out, "<g class=\"%s\">", thing->is_lone ? "b" : "m");
    add_told(out, drawing, i);
    chart_draw_symbol(out, thing->look, box->x, box->y, r);
    const struct graph_node *node = &drawing->graph->nodes[i];
    const uint8_t *focus = drawing->options->focus;
    if (focus != NULL && node->kind == GRAPH_RECORD &&
        memcmp(focus, node->id, GRAPH_ID) == 0)
        buf_addf(out, "<circle class=\"f\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", box->x,
                 box->y, 1.2 * r + 7);
    if (thing->is_protected)
        buf_addf(out, "<circle class=\"p\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", box->x,
                 box->y, r + 4);
    for (size_t line = 0; line < caption->count; line++) {
        y += size * (line == 0 ? 1.0 : 1.15);
        add_line(out, "c", x, y, thing->grow > 1.01 ? size : 0, caption->lines[line],
                 caption->cut && line + 1 == caption->count);
    }
    y += DETAIL_SIZE * 1.2;
    add_line(out, "d", x, y, 0, thing->detail, false);
    if (thing->codes.len > 0)
        add_line(out, "h", x, y + CODES_SIZE * 1.2, 0, thing->codes, false);
    buf_add_text(out, "</g>\n");
}

static void draw_lone_head(const struct drawing *drawing)
{
    const struct chart_room *room = &drawing->room;
    if (room->lone == 0)
        return;
    double y = room->lone_top + 14;
    buf_addf(drawing->out,
             "<path class=\"r\" d=\"M%d %.1fH%.1f\"/><text class=\"l\" x=\"%d\" "
             "y=\"%.1f\">%zu thing%s that nothing %s is tied to</text>\n",
             CHART_MARGIN, y - 16, drawing->width - CHART_MARGIN, CHART_MARGIN, y + 2,
             room->lone, room->lone == 1 ? "" : "s",
             drawing->options->left_out[0] != '\0' ? "drawn here" : "in the case");
}

static const char style[] =
    "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
    "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8Z\" "
    "fill=\"#5b6773\"/></marker></defs>\n"
    "<style>#enlace-chart{max-width:100%;max-height:100vh}"
    "#enlace-chart:target{max-width:none;max-height:none}"
    "text{font-family:'DejaVu Sans','Noto Sans','Segoe UI',sans-serif;fill:#1d2731}"
    ".c{font-size:12px;font-weight:bold}.d{font-size:10px;fill:#45525f}"
    ".h{font-size:9px;fill:#8a1c2c}.m text,.e{text-anchor:middle}"
    ".e{font-size:10px;fill:#2c4a68}"
    ".m text,.e{paint-order:stroke;stroke:#ffffff;stroke-width:3px;stroke-linejoin:round}"
    ".l{font-size:12px}.t{font-size:22px;font-weight:bold}.a{fill:#1f5fa8;"
    "text-decoration:underline}.s{stroke:#26323f;stroke-width:1.2}"
    ".f{fill:none;stroke:#1f5fa8;stroke-width:3}.p{fill:none;stroke:#8a1c2c;stroke-width:2;"
    "stroke-dasharray:3 2}"
    ".k,.r{fill:none;stroke:#5b6773;stroke-width:1.2}.r{stroke:#c3ccd6}"
    ".k.u{stroke-dasharray:5 3}g:hover>.k{stroke:#d1495b;stroke-width:2.5}"
    "@media print{#enlace-chart{max-width:100%;max-height:100vh}}</style>\n";

static void write_whole(struct buf *out, struct drawing *drawing, double height)
{
    const struct chart_options *options = drawing->options;
    buf_addf(out,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"enlace-chart\" "
             "role=\"graphics-document document\" aria-labelledby=\"chart-title "
             "chart-words\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">\n"
             "<title id=\"chart-title\">",
             drawing->width, height, drawing->width, height);
    xml_add(out, bytes_text(options->title));
    buf_addf(out, "</title>\n<desc id=\"chart-words\">%s. ", chart_counts(drawing));
    xml_add(out, bytes_text(options->detail));
    buf_add_text(out, ". ");
    xml_add(out, bytes_text(options->left_out));
    buf_add_text(out, "</desc>\n");
    buf_add_text(out, style);
    buf_add_text(out, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    buf_add(out, buf_bytes(drawing->out));
    buf_add_text(out, "</svg>\n");
}

enum status chart_write_svg(struct buf *out, const struct graph *graph,
                            const struct chart_options *options, struct err *err)
{
    enum { WIDTH_MIN = 900 };
    if (graph->node_count > CHART_NODES_MAX)
        return fail(err, TOO_LARGE,
                    "%zu things are more than a picture can show (%d); draw the most tied, "
                    "or write GraphML or GEXF",
                    graph->node_count, CHART_NODES_MAX);
    struct buf body = {.max = out->max};
    struct drawing drawing = {.graph = graph, .options = options, .out = &body};
    drawing.boxes = xcalloc(graph->node_count + 1, sizeof *drawing.boxes);
    drawing.things = xcalloc(graph->node_count + 1, sizeof *drawing.things);
    read_things(&drawing);
    chart_lay_out(&drawing.room, drawing.boxes, graph);
    drawing.width = fmax(drawing.room.width + 2 * CHART_MARGIN, WIDTH_MIN);
    drawing.scale =
        fmax(1, fmax(drawing.width / SCREEN_WIDTH, drawing.room.height / SCREEN_HEIGHT));
    double top = chart_draw_head(&drawing);
    double left = (drawing.width - drawing.room.width) / 2;
    for (size_t i = 0; i < graph->node_count; i++) {
        drawing.boxes[i].x += drawing.things[i].is_lone ? CHART_MARGIN : left;
        drawing.boxes[i].y += top;
    }
    drawing.room.lone_top += top;
    chart_draw_ties(&drawing);
    draw_lone_head(&drawing);
    for (size_t i = 0; i < graph->node_count; i++)
        draw_thing(&drawing, i);
    double height = chart_draw_legend(&drawing, top + drawing.room.height + CHART_MARGIN);
    write_whole(out, &drawing, height);
    out->overflowed |= body.overflowed;
    buf_release(&body);
    arena_release(&drawing.arena);
    free(drawing.things);
    free(drawing.boxes);
    return OK;
}
