/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/briefing_draw.h"

#include "base/text.h"
#include "watch/report_world.h"

#include <math.h>
#include <pango/pangocairo.h>

static const double inks[][3] = {
    [INK_TEXT] = {0.11, 0.15, 0.20},   [INK_QUIET] = {0.35, 0.41, 0.46},
    [INK_BLUE] = {0.08, 0.19, 0.30},   [INK_ALERT] = {0.76, 0.25, 0.05},
    [INK_OLD] = {0.54, 0.43, 0.10},    [INK_BAR] = {0.56, 0.69, 0.81},
    [INK_PALE] = {0.945, 0.957, 0.97}, [INK_WHITE] = {1, 1, 1},
};

static void take_ink(struct sheet *sheet, enum ink ink)
{
    cairo_set_source_rgb(sheet->cairo, inks[ink][0], inks[ink][1], inks[ink][2]);
}

/* --- text --- */

enum { TEXT_BYTES_MAX = 2000 };

static const char *safe_text(struct arena *arena, const char *text)
{
    struct buf repaired = {.max = 4 * TEXT_BYTES_MAX}, out = {.max = 4 * TEXT_BYTES_MAX};
    size_t len = strlen(text);
    utf8_add_repaired(&repaired,
                      bytes_of(text, len < TEXT_BYTES_MAX ? len : TEXT_BYTES_MAX));
    struct bytes rest = buf_bytes(&repaired);
    uint32_t point;
    while (utf8_next(&point, &rest)) {
        bool turns = point == 0x200E || point == 0x200F ||
                     (point >= 0x202A && point <= 0x202E) ||
                     (point >= 0x2066 && point <= 0x2069);
        bool control = point < ' ' || (point >= 0x7F && point < 0xA0);
        utf8_add(&out, turns ? 0xFFFD : control ? ' ' : point);
    }
    const char *safe = arena_text(arena, buf_bytes(&out));
    buf_release(&repaired);
    buf_release(&out);
    return safe;
}

static PangoLayout *lay_text(struct sheet *sheet, const char *text, double width,
                             const struct writing *how)
{
    PangoLayout *layout = pango_cairo_create_layout(sheet->cairo);
    /* Letters stand where the font says, not where a screen's dots would be. */
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango_layout_get_context(layout), options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(pango_layout_get_context(layout), FALSE);
    pango_layout_context_changed(layout);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, "DejaVu Sans");
    pango_font_description_set_weight(font,
                                      how->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, how->size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (how->lines > 0) {
        pango_layout_set_height(layout, -how->lines);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
    pango_layout_set_alignment(layout, how->centred      ? PANGO_ALIGN_CENTER
                                       : how->from_right ? PANGO_ALIGN_RIGHT
                                                         : PANGO_ALIGN_LEFT);
    pango_layout_set_text(layout, safe_text(sheet->arena, text), -1);
    return layout;
}

double sheet_measure(struct sheet *sheet, const char *text, double width,
                     const struct writing *how)
{
    PangoLayout *layout = lay_text(sheet, text, width, how);
    int wide, tall;
    pango_layout_get_size(layout, &wide, &tall);
    g_object_unref(layout);
    return (double)tall / PANGO_SCALE;
}

double sheet_text(struct sheet *sheet, const char *text, double x, double y, double width,
                  const struct writing *how)
{
    PangoLayout *layout = lay_text(sheet, text, width, how);
    int wide, tall;
    pango_layout_get_size(layout, &wide, &tall);
    take_ink(sheet, how->ink);
    cairo_move_to(sheet->cairo, x, y);
    pango_cairo_show_layout(sheet->cairo, layout);
    g_object_unref(layout);
    return (double)tall / PANGO_SCALE;
}

void sheet_box(struct sheet *sheet, double x, double y, double width, double height,
               enum ink ink)
{
    take_ink(sheet, ink);
    cairo_rectangle(sheet->cairo, x, y, width, height);
    cairo_fill(sheet->cairo);
}

/* --- bars --- */

enum { AXIS = 26, FOOT = 12, LABELS = 8 };

void sheet_bars(struct sheet *sheet, const struct chart_bar *bars, size_t count,
                const struct box *box, bool labels)
{
    double most = 1;
    for (size_t i = 0; i < count; i++)
        most = fmax(fmax(most, bars[i].observed),
                    isfinite(bars[i].expected) ? bars[i].expected : 0);
    double left = box->x + (labels ? AXIS : 0),
           base = box->y + box->height - (labels ? FOOT : 0);
    double width = box->x + box->width - left, height = base - box->y;
    double step = width / (double)(count > 0 ? count : 1);
    for (size_t i = 0; i < count; i++) {
        double tall = bars[i].observed / most * height;
        sheet_box(sheet, left + step * (double)i, base - tall, fmax(step * 0.85, 0.4), tall,
                  bars[i].lit ? INK_ALERT : INK_BAR);
        if (bars[i].marked)
            sheet_box(sheet, left + step * (double)i, base + 0.8, fmax(step * 0.85, 1), 2,
                      INK_OLD);
    }
    take_ink(sheet, INK_BLUE);
    cairo_set_line_width(sheet->cairo, 0.8);
    cairo_new_path(sheet->cairo);
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(bars[i].expected))
            continue;
        double x = left + step * (double)i, y = base - bars[i].expected / most * height;
        if (i == 0 || !isfinite(bars[i - 1].expected))
            cairo_move_to(sheet->cairo, x, y);
        else
            cairo_line_to(sheet->cairo, x, y);
        cairo_line_to(sheet->cairo, x + step, y);
    }
    cairo_stroke(sheet->cairo);
    if (!labels)
        return;
    struct writing small = {.size = 7, .ink = INK_QUIET, .from_right = true, .lines = 1};
    sheet_text(sheet, words_number(sheet->arena, sheet->language, most, 0), box->x,
               box->y - 3, AXIS - 4, &small);
    sheet_text(sheet, "0", box->x, base - 8, AXIS - 4, &small);
    small.from_right = false;
    size_t every = count > LABELS ? (count + LABELS - 1) / LABELS : 1;
    for (size_t i = 0; i < count; i += every)
        sheet_text(
            sheet,
            arena_printf(sheet->arena, "%.7s", words_day(sheet->arena, bars[i].from)),
            left + step * (double)i, base + 3, 50, &small);
}

/* --- the map --- */

static const double WEST = -170, EAST = 190, NORTH = 80, SOUTH = -57;

struct projection {
    double x, y, scale;
};

static double map_x(const struct projection *to, double longitude)
{
    return to->x + (longitude - WEST) * to->scale;
}

static double map_y(const struct projection *to, double latitude)
{
    return to->y + (NORTH - latitude) * to->scale;
}

static void draw_land(struct sheet *sheet, const struct projection *to, double turn)
{
    bool begins = true;
    for (size_t i = 0; i < world_outline_count; i++) {
        const struct world_point *point = &world_outline[i];
        if (point->latitude == WORLD_GAP) {
            cairo_close_path(sheet->cairo);
            begins = true;
            continue;
        }
        double x = map_x(to, point->longitude / 10.0 + turn);
        double y = map_y(to, point->latitude / 10.0);
        (begins ? cairo_move_to : cairo_line_to)(sheet->cairo, x, y);
        begins = false;
    }
    cairo_set_source_rgb(sheet->cairo, 0.82, 0.85, 0.88);
    cairo_fill(sheet->cairo);
}

static void draw_line(struct sheet *sheet, const struct projection *to,
                      const struct map_line *line, double most)
{
    double x1 = map_x(to, line->from_longitude), y1 = map_y(to, line->from_latitude);
    double x2 = map_x(to, line->to_longitude), y2 = map_y(to, line->to_latitude);
    double cx = (x1 + x2) / 2 + (y2 - y1) * 0.18, cy = (y1 + y2) / 2 - (x2 - x1) * 0.18;
    double angle = atan2(y2 - cy, x2 - cx), head = 5;
    enum ink ink = line->recent > 0 ? INK_ALERT : INK_BAR;
    cairo_set_source_rgba(sheet->cairo, inks[ink][0], inks[ink][1], inks[ink][2], 0.75);
    cairo_set_line_width(sheet->cairo, 0.6 + 3.2 * sqrt(line->weight / most));
    cairo_move_to(sheet->cairo, x1, y1);
    cairo_curve_to(sheet->cairo, x1 + (cx - x1) * 2 / 3, y1 + (cy - y1) * 2 / 3,
                   x2 + (cx - x2) * 2 / 3, y2 + (cy - y2) * 2 / 3, x2, y2);
    cairo_stroke(sheet->cairo);
    cairo_move_to(sheet->cairo, x2, y2);
    cairo_line_to(sheet->cairo, x2 - head * cos(angle - 0.4), y2 - head * sin(angle - 0.4));
    cairo_line_to(sheet->cairo, x2 - head * cos(angle + 0.4), y2 - head * sin(angle + 0.4));
    cairo_close_path(sheet->cairo);
    cairo_fill(sheet->cairo);
}

void sheet_map(struct sheet *sheet, const struct map_line *lines, size_t count,
               const struct box *box)
{
    struct projection to = {
        box->x, box->y, fmin(box->width / (EAST - WEST), box->height / (NORTH - SOUTH))};
    to.x += (box->width - to.scale * (EAST - WEST)) / 2;
    cairo_save(sheet->cairo);
    cairo_rectangle(sheet->cairo, to.x, to.y, to.scale * (EAST - WEST),
                    to.scale * (NORTH - SOUTH));
    cairo_clip(sheet->cairo);
    sheet_box(sheet, box->x, box->y, box->width, box->height, INK_PALE);
    draw_land(sheet, &to, 0);
    draw_land(sheet, &to, 360);
    double most = 1;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, lines[i].weight);
    for (size_t i = count; i > 0; i--) /* the largest last, on top */
        draw_line(sheet, &to, &lines[i - 1], most);
    cairo_restore(sheet->cairo);
}
