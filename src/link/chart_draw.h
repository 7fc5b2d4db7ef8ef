/* SPDX-License-Identifier: Apache-2.0
 *
 * link/chart_draw.h: what the files that draw a chart share: chart.c has the things, chart_ties.c the
 * lines between them, chart_words.c the head and the legend.
 */
#ifndef LINK_CHART_DRAW_H
#define LINK_CHART_DRAW_H

#include "link/chart.h"
#include "link/chart_layout.h"
#include "link/label.h"
#include "link/look.h"

enum {
    CHART_MARGIN = 40,
    CAPTION_SIZE = 12,
    DETAIL_SIZE = 10,
    CODES_SIZE = 9,
    TIE_SIZE = 10,
    WORDS_SIZE = 12,
};
/* Plain type is narrower than bold. */
static const double chart_plain = 0.92;

/* What is written with a thing, and how large the thing is. */
struct chart_thing {
    size_t look;
    double radius, grow; /* grow: of its caption, 1 and more */
    bool is_lone, is_protected;
    struct label caption;
    struct bytes detail, codes; /* a line each; codes may be empty */
};

struct drawing {
    const struct graph *graph;
    const struct chart_options *options;
    struct chart_box *boxes;
    struct chart_thing *things; /* beside nodes */
    struct chart_room room;
    double width; /* of the whole */
    double
        scale; /* 1 and more: how much larger than a screen it is, so that its words must grow */
    size_t unsaid; /* ties without room for their words */
    struct buf *out;
    struct arena arena;
};

void chart_add_dates(struct buf *out, const char *from, const char *until);
/* "2026-02-03 05:40" of a time with its zone. */
struct bytes chart_date(struct arena *arena, const char *date);

void chart_draw_symbol(struct buf *out, size_t look, double x, double y, double r);

void chart_draw_ties(struct drawing *drawing);

/* Where they end. */
double chart_draw_head(struct drawing *drawing);
double chart_draw_legend(struct drawing *drawing, double from);
/* "158 things, 3 identifiers that several share, 101 ties, 75 parts" */
const char *chart_counts(struct drawing *drawing);

#endif
