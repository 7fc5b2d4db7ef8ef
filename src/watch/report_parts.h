/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/report_parts.h: the rooms of the page, for report.c alone.
 */
#ifndef WATCH_REPORT_PARTS_H
#define WATCH_REPORT_PARTS_H

#include "watch/report_svg.h"
#include "watch/report_words.h"

enum {
    REPORT_CARDS_MAX = 300,    /* alerts with a card; the rest are in the list */
    REPORT_RECORDS_MAX = 200,  /* records shown in a card */
    REPORT_NOTICES_MAX = 2000, /* rows of that table */
    REPORT_LINES_MAX = 40      /* flows on a map */
};

extern const char report_style[];

struct page {
    struct buf *out;
    struct arena arena;
};

/* Text escaped, or the word for nothing in grey. */
void page_text(struct page *page, const char *text);
void page_number(struct page *page, double number, int decimals);
void page_card(struct page *page, const struct watch_alert *alert, size_t number);

/* The flows that a map can show, most events first; into lines, at most REPORT_LINES_MAX. */
size_t flow_lines(struct map_line *lines, const struct watch_flow *flows, size_t count,
                  struct arena *arena);

#endif
