/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/notice_search.h: the search for changes of reporting, and its parts.
 *
 * Internal to watch/notice and its parts. Rows are looked at agency by agency; each part asks one
 * question of a quarter, or of all the agency's days, and tells what it finds.
 */
#ifndef WATCH_NOTICE_SEARCH_H
#define WATCH_NOTICE_SEARCH_H

#include "watch/card.h"
#include "watch/notice.h"

enum {
    YEAR_DAYS = 365,
    PERIODS_BEFORE = 4, /* quarters that a quarter is compared with */
    ROWS_MIN = 30,      /* of an agency on either side, to say anything */
};

struct search {
    struct notice_list *out;
    struct watch_table *table;
    struct arena *arena;
    int32_t as_of;
    int32_t today;   /* what was received later cannot have been */
    int32_t opening; /* the first day of the table */
    uint32_t *order; /* rows by agency, then day */
    /* the agency being looked at */
    uint32_t agency;
    const uint32_t *rows;
    size_t count;
    int32_t told_until[NOTICE_KIND_COUNT]; /* the same is not told again before */
};

/* A notice about the agency, or about one value of a facet beside. */
struct watch_notice *notice_tell(struct search *s, enum watch_notice_kind kind, int32_t day,
                                 int32_t from, int32_t to);
void notice_about(struct search *s, struct watch_notice *notice, enum facet facet,
                  uint32_t value);
/* false: the same was told less than a pause before. */
bool notice_may_tell(struct search *s, enum watch_notice_kind kind, int32_t day,
                     int32_t pause);
const char *notice_agency_text(const struct search *s);

/* Months counted from the year 0. */
int notice_month(int32_t day);
int32_t notice_month_begin(int month);

static inline const struct table_row *notice_row(const struct search *s, size_t i)
{
    return &s->table->rows[s->rows[i]];
}
/* The agency's rows of days [from, to]: [*begin, *end). */
void notice_span(size_t *begin, size_t *end, const struct search *s, int32_t from,
                 int32_t to);

/* A quarter and the year before it. */
struct compared {
    int32_t from, to, before_from;
    size_t begin, end, before_begin; /* rows: before is [before_begin, begin) */
    double now, before;              /* rows */
};

/* All agencies, by the day received; before anything else, as it sets rows aside. */
void notice_look_at_bulk(struct search *s);
/* One agency, month by month: entered, left, missing months. */
void notice_look_at_presence(struct search *s, int first_month, int last_month);
/* All agencies, of which none reports any more; the days on which their rows were received, in order. */
void notice_look_at_silence(struct search *s, const int32_t *received, size_t count);
/* One agency's quarter. */
/* Its rows fall on few days; days and months were exchanged up to the month. */
void notice_look_at_days(struct search *s, const struct compared *c);
void notice_look_at_swapped(struct search *s, int month);
/* Days received and weights that cannot be, of all the agency's rows. */
void notice_look_at_received(struct search *s);
void notice_look_at_dates(struct search *s, const struct compared *c);
void notice_look_at_repeats(struct search *s, const struct compared *c);
void notice_look_at_level(struct search *s, const struct compared *c);
void notice_look_at_sizes(struct search *s, const struct compared *c);
void notice_look_at_completeness(struct search *s, const struct compared *c);
void notice_look_at_words(struct search *s, const struct compared *c, enum facet facet);
/* Between agencies, when each has been looked at: one is silent while another has its rows. */
void notice_look_at_swaps(struct search *s, size_t total, int first_month, int last_month);
/* Days that cannot be, of the whole table. */
void notice_look_at_impossible(struct search *s);

#endif
