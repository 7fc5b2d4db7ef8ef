/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/briefing_draw.h: text, bars and the map on a page of paper, in points from its upper left
 * corner. For briefing.c alone.
 *
 * Texts of the data are made safe here: valid UTF-8, no control or direction characters, one
 * direction, never markup.
 */
#ifndef WATCH_BRIEFING_DRAW_H
#define WATCH_BRIEFING_DRAW_H

#include "watch/report_parts.h"

typedef struct _cairo cairo_t; /* cairo's */

enum ink {
    INK_TEXT,
    INK_QUIET,
    INK_BLUE,
    INK_ALERT,
    INK_OLD,
    INK_BAR,
    INK_PALE,
    INK_WHITE
};

struct sheet {
    cairo_t *cairo;
    enum language language;
    struct arena *arena;
    double left, right, bottom; /* of what may be written on */
};

struct writing {
    double size;
    bool bold, centred, from_right;
    enum ink ink;
    int lines; /* at most, then an ellipsis; 0: as many as it takes */
};

/* The height that the text takes in the width, and the same drawn at x, y. */
double sheet_measure(struct sheet *sheet, const char *text, double width,
                     const struct writing *how);
double sheet_text(struct sheet *sheet, const char *text, double x, double y, double width,
                  const struct writing *how);
void sheet_box(struct sheet *sheet, double x, double y, double width, double height,
               enum ink ink);

struct box {
    double x, y, width, height;
};
/* labels: with an axis and days below. */
void sheet_bars(struct sheet *sheet, const struct chart_bar *bars, size_t count,
                const struct box *box, bool labels);
void sheet_map(struct sheet *sheet, const struct map_line *lines, size_t count,
               const struct box *box);

#endif
