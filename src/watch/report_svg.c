/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/report_svg.h"

#include "base/text.h"
#include "watch/report_words.h"
#include "watch/report_world.h"

#include <math.h>
#include <stdio.h>

enum { SVG_TEXT_MAX = 4000 }; /* bytes of a text that a page shows */

/* U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: they turn the direction of what follows. */
static bool turns_direction(uint32_t point)
{
    return point == 0x200E || point == 0x200F || (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

void html_add(struct buf *out, const char *text)
{
    struct bytes rest = bytes_text(text == NULL ? "" : text);
    bool cut = rest.len > SVG_TEXT_MAX, valid = utf8_valid(rest);
    if (cut)
        rest.len = SVG_TEXT_MAX;
    while (cut && valid && rest.len > 0 && !utf8_valid(rest))
        rest.len--;
    struct buf repaired = {.max = 4 * SVG_TEXT_MAX};
    if (!valid) {
        utf8_add_repaired(&repaired, rest);
        rest = buf_bytes(&repaired);
    }
    uint32_t point;
    while (utf8_next(&point, &rest)) {
        if (point == '&')
            buf_add_text(out, "&amp;");
        else if (point == '<')
            buf_add_text(out, "&lt;");
        else if (point == '>')
            buf_add_text(out, "&gt;");
        else if (point == '"')
            buf_add_text(out, "&quot;");
        else if (point == '\'')
            buf_add_text(out, "&#39;");
        else if (point == '\n' || point == '\t')
            buf_add_byte(out, ' ');
        else if (point < ' ' || (point >= 0x7F && point < 0xA0) || turns_direction(point))
            utf8_add(out, 0xFFFD);
        else
            utf8_add(out, point);
    }
    buf_add_text(out, cut ? "…" : "");
    buf_release(&repaired);
}

/* --- bars over time --- */

enum { CHART_HEIGHT = 150, CHART_LEFT = 44, CHART_BOTTOM = 22 };

/* The least of 1, 2, 5, 10, 20, 50 ... that is not below. */
static double round_up(double most)
{
    double step = 1;
    for (int i = 0; i < 60 && step < most; i++)
        step *= i % 3 == 1 ? 2.5 : 2;
    return step;
}

static void chart_axis(struct buf *out, int width, double top)
{
    double height = CHART_HEIGHT - CHART_BOTTOM - 8;
    for (int i = 0; i <= 2; i++) {
        double y = 8 + height * (2 - i) / 2;
        double value = top * i / 2;
        buf_addf(out, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>", CHART_LEFT, y, width);
        buf_addf(out, "<text class=\"tick end\" x=\"%d\" y=\"%.1f\">%g</text>",
                 CHART_LEFT - 6, y + 4, value);
    }
}

static void chart_bar(struct buf *out, const struct chart_bar *bar, double x, double width,
                      double top, struct arena *arena)
{
    double height = CHART_HEIGHT - CHART_BOTTOM - 8, base = 8 + height;
    double tall = bar->observed / top * height;
    buf_addf(
        out,
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>",
        bar->lit ? "bar lit" : "bar", x, base - tall, fmax(width - 1, 0.6), tall);
    buf_addf(out, "%s: %g", words_day(arena, bar->from), bar->observed);
    if (isfinite(bar->expected))
        buf_addf(out, ", expected %s",
                 words_expectation(arena, LANGUAGE_EN, bar->expected));
    buf_add_text(out, "</title></rect>");
    if (bar->marked)
        buf_addf(out, "<path class=\"mark\" d=\"M%.1f %.1fl4 7h-8z\"/>", x + width / 2,
                 base + 1.0);
}

void svg_bars(struct buf *out, const struct chart_bar *bars, size_t count, int width,
              const char *label, struct arena *arena)
{
    double most = 1;
    for (size_t i = 0; i < count; i++) {
        most = fmax(most, bars[i].observed);
        if (isfinite(bars[i].expected))
            most = fmax(most, bars[i].expected);
    }
    double top = round_up(most), height = CHART_HEIGHT - CHART_BOTTOM - 8;
    double step = (double)(width - CHART_LEFT) / (double)(count > 0 ? count : 1);
    buf_addf(out, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"",
             width, CHART_HEIGHT);
    html_add(out, label);
    buf_add_text(out, "\">");
    chart_axis(out, width, top);
    for (size_t i = 0; i < count; i++)
        chart_bar(out, &bars[i], CHART_LEFT + step * (double)i, step, top, arena);
    buf_add_text(out, "<path class=\"expected\" d=\"");
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(bars[i].expected))
            continue;
        bool begins = i == 0 || !isfinite(bars[i - 1].expected);
        double x = CHART_LEFT + step * (double)i;
        double y = 8 + height - bars[i].expected / top * height;
        buf_addf(out, "%c%.1f %.1fH%.1f", begins ? 'M' : 'L', x, y, x + step);
    }
    buf_add_text(out, "\"/>");
    size_t labels = (size_t)width / 80;
    size_t every = count > labels ? (count + labels - 1) / labels : 1;
    for (size_t i = 0; i < count; i += every)
        buf_addf(out, "<text class=\"tick\" x=\"%.1f\" y=\"%d\">%.7s</text>",
                 CHART_LEFT + step * (double)i, CHART_HEIGHT - 4,
                 words_day(arena, bars[i].from));
    buf_add_text(out, "</svg>");
}

/* --- maps: x is the longitude, y the latitude turned round --- */

void svg_land(struct buf *out)
{
    buf_add_text(out, "<svg class=\"none\" width=\"0\" height=\"0\" aria-hidden=\"true\">"
                      "<defs><path id=\"land\" vector-effect=\"non-scaling-stroke\" d=\"");
    bool begins = true;
    for (size_t i = 0; i < world_outline_count; i++) {
        const struct world_point *point = &world_outline[i];
        if (point->latitude == WORLD_GAP) {
            buf_add_byte(out, 'z');
            begins = true;
            continue;
        }
        buf_addf(out, "%c%g %g", begins ? 'M' : 'L', point->longitude / 10.0,
                 -point->latitude / 10.0);
        begins = false;
    }
    buf_add_text(out, "\"/></defs></svg>");
}

struct frame {
    double west, east, north, south;
};

static void take_in(struct frame *frame, double latitude, double longitude, double degrees)
{
    frame->west = fmin(frame->west, longitude - degrees);
    frame->east = fmax(frame->east, longitude + degrees);
    frame->north = fmax(frame->north, latitude + degrees);
    frame->south = fmin(frame->south, latitude - degrees);
}

/* Around all that is on the map, twice as wide as high, and not nearer than makes sense. */
static struct frame frame_of(const struct map *map)
{
    static const struct frame world = {-170, 190, 84, -60};
    struct frame frame = {1e9, -1e9, -1e9, 1e9};
    if (map->whole_world)
        return world;
    for (size_t i = 0; i < map->point_count; i++)
        take_in(&frame, map->points[i].latitude, map->points[i].longitude, 4);
    for (size_t i = 0; i < map->line_count; i++) {
        take_in(&frame, map->lines[i].from_latitude, map->lines[i].from_longitude, 4);
        take_in(&frame, map->lines[i].to_latitude, map->lines[i].to_longitude, 4);
    }
    if (map->circle != NULL && isfinite(map->circle->radius_km))
        take_in(&frame, map->circle->latitude, map->circle->longitude,
                map->circle->radius_km / 111 + 2);
    if (frame.west > frame.east)
        return world;
    double height = frame.north - frame.south, width = frame.east - frame.west;
    double tall = fmax(fmax(height, width / 2.2), 14), wide = fmax(width, 2.2 * tall);
    double x = (frame.west + frame.east) / 2, y = (frame.north + frame.south) / 2;
    return (struct frame){x - wide / 2, x + wide / 2, y + tall / 2, y - tall / 2};
}

static void map_line(struct buf *out, const struct map_line *line, double most)
{
    double x1 = line->from_longitude, y1 = -line->from_latitude;
    double x2 = line->to_longitude, y2 = -line->to_latitude;
    /* Bent to one side, so that there and back are two lines. */
    double cx = (x1 + x2) / 2 + (y2 - y1) * 0.18, cy = (y1 + y2) / 2 - (x2 - x1) * 0.18;
    double angle = atan2(y2 - cy, x2 - cx), width = 1 + 5 * sqrt(line->weight / most);
    double size = 1.6;
    buf_addf(out, "<g class=\"%s\"><title>", line->recent > 0 ? "flow fresh" : "flow");
    html_add(out, line->label);
    buf_addf(out,
             "</title><path d=\"M%.2f %.2fQ%.2f %.2f %.2f %.2f\" stroke-width=\"%.1f\"/>"
             "<path class=\"head\" d=\"M%.2f %.2fL%.2f %.2fL%.2f %.2fz\"/></g>",
             x1, y1, cx, cy, x2, y2, width, x2, y2, x2 - size * 2 * cos(angle - 0.4),
             y2 - size * 2 * sin(angle - 0.4), x2 - size * 2 * cos(angle + 0.4),
             y2 - size * 2 * sin(angle + 0.4));
}

void svg_map(struct buf *out, const struct map *map)
{
    struct frame frame = frame_of(map);
    double wide = frame.east - frame.west, tall = frame.north - frame.south, most = 1;
    buf_addf(
        out,
        "<svg class=\"map\" viewBox=\"%.2f %.2f %.2f %.2f\" role=\"img\" aria-label=\"",
        frame.west, -frame.north, wide, tall);
    html_add(out, map->label);
    buf_addf(
        out,
        "\"><rect class=\"sea\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>",
        frame.west, -frame.north, wide, tall);
    buf_add_text(out, "<use class=\"land\" href=\"#land\"/>");
    /* The far east once more beyond the date line: Chukotka, Fiji. */
    buf_add_text(out, "<use class=\"land\" href=\"#land\" x=\"360\"/>"
                      "<use class=\"land\" href=\"#land\" x=\"-360\"/>");
    const struct watch_circle *circle = map->circle;
    if (circle != NULL && isfinite(circle->radius_km)) {
        double ry = fmax(circle->radius_km / 111.13, wide / 200);
        double rx = ry / fmax(cos(circle->latitude * M_PI / 180), 0.05);
        buf_addf(
            out,
            "<ellipse class=\"circle\" cx=\"%.2f\" cy=\"%.2f\" rx=\"%.2f\" ry=\"%.2f\"/>",
            circle->longitude, -circle->latitude, rx, ry);
    }
    for (size_t i = 0; i < map->line_count; i++)
        most = fmax(most, map->lines[i].weight);
    for (size_t i = 0; i < map->line_count; i++)
        map_line(out, &map->lines[i], most);
    for (size_t i = 0; i < map->point_count; i++) {
        const struct map_point *point = &map->points[i];
        double radius = wide / 130 * fmin(1 + sqrt(point->weight) / 4, 4);
        buf_addf(out, "<circle class=\"dot\" cx=\"%.3f\" cy=\"%.3f\" r=\"%.3f\"><title>",
                 point->longitude, -point->latitude, radius);
        html_add(out, point->label);
        buf_add_text(out, "</title></circle>");
    }
    buf_add_text(out, "</svg>");
}

/* --- flows without a map --- */

enum { FLOWS_MAX = 16, FLOW_WIDTH = 960, FLOW_COLUMN = 290, FLOW_GAP = 7, NAME_BYTES = 34 };

struct end {
    const char *name;
    double events, top, used;
};

static size_t end_of(struct end *ends, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(ends[i].name, name) == 0)
            return i;
    ends[*count] = (struct end){.name = name};
    return (*count)++;
}

/* Heights in proportion, the largest first on both sides by the order of the flows. */
static double lay_out(struct end *ends, size_t count, double scale)
{
    double top = 4;
    for (size_t i = 0; i < count; i++) {
        ends[i].top = ends[i].used = top;
        top += fmax(ends[i].events * scale, 3) + FLOW_GAP + 8;
    }
    return top;
}

static void flow_names(struct buf *out, const struct end *ends, size_t count, double scale,
                       bool left, const char *unknown)
{
    for (size_t i = 0; i < count; i++) {
        bool missing = ends[i].name[0] == '\0';
        struct bytes name = bytes_text(missing ? unknown : ends[i].name);
        char shown[NAME_BYTES + 8];
        size_t len = name.len < NAME_BYTES ? name.len : NAME_BYTES;
        while (len < name.len && len > 0 && (name.at[len] & 0xC0) == 0x80)
            len--;
        snprintf(shown, sizeof shown, "%.*s%s", (int)len, (const char *)name.at,
                 len < name.len ? "…" : "");
        double height = fmax(ends[i].events * scale, 3);
        int x = left ? FLOW_COLUMN - 12 : FLOW_WIDTH - FLOW_COLUMN + 12;
        buf_addf(out, "<text class=\"%s%s\" x=\"%d\" y=\"%.1f\">",
                 left ? "name end" : "name", missing ? " missing" : "", x,
                 ends[i].top + height / 2 + 4);
        html_add(out, shown);
        buf_addf(out, " %g</text>", ends[i].events);
        buf_addf(
            out, "<rect class=\"end\" x=\"%d\" y=\"%.1f\" width=\"5\" height=\"%.1f\"/>",
            left ? FLOW_COLUMN - 6 : FLOW_WIDTH - FLOW_COLUMN + 1, ends[i].top, height);
    }
}

void svg_flows(struct buf *out, const struct watch_flow *flows, size_t count,
               const char *unknown)
{
    struct end from[FLOWS_MAX], to[FLOWS_MAX];
    size_t from_count = 0, to_count = 0, from_of[FLOWS_MAX], to_of[FLOWS_MAX];
    double sum = 0;
    count = count < FLOWS_MAX ? count : FLOWS_MAX;
    for (size_t i = 0; i < count; i++) {
        from_of[i] = end_of(from, &from_count, flows[i].from);
        to_of[i] = end_of(to, &to_count, flows[i].to);
        from[from_of[i]].events += flows[i].events;
        to[to_of[i]].events += flows[i].events;
        sum += flows[i].events;
    }
    double scale = 180 / fmax(sum, 1);
    double height = fmax(lay_out(from, from_count, scale), lay_out(to, to_count, scale));
    buf_addf(out,
             "<svg class=\"flows\" viewBox=\"0 0 %d %.0f\" role=\"img\" "
             "aria-label=\"From where to where\">",
             FLOW_WIDTH, height);
    for (size_t i = 0; i < count; i++) {
        struct end *a = &from[from_of[i]], *b = &to[to_of[i]];
        double wide = fmax(flows[i].events * scale, 1), y1 = a->used + wide / 2,
               y2 = b->used + wide / 2, x1 = FLOW_COLUMN, x2 = FLOW_WIDTH - FLOW_COLUMN,
               middle = (x1 + x2) / 2;
        a->used += wide;
        b->used += wide;
        buf_addf(out, "<g class=\"%s\"><title>",
                 flows[i].recent > 0 ? "flow fresh" : "flow");
        html_add(out, flows[i].from[0] ? flows[i].from : unknown);
        buf_add_text(out, " → ");
        html_add(out, flows[i].to[0] ? flows[i].to : unknown);
        buf_addf(out, ": %u, of the last 90 days %u</title>", flows[i].events,
                 flows[i].recent);
        buf_addf(
            out,
            "<path d=\"M%.0f %.1fC%.0f %.1f %.0f %.1f %.0f %.1f\" stroke-width=\"%.1f\"/>",
            x1, y1, middle, y1, middle, y2, x2, y2, wide);
        buf_add_text(out, "</g>");
    }
    flow_names(out, from, from_count, scale, true, unknown);
    flow_names(out, to, to_count, scale, false, unknown);
    buf_add_text(out, "</svg>");
}
