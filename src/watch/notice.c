/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/notice_search.h"

#include "base/memory.h"
#include "record/date.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void notices_release(struct notice_list *list)
{
    if (list == NULL)
        return;
    free(list->items);
    free(list->changes);
    *list = (struct notice_list){0};
}

const char *notice_agency_text(const struct search *s)
{
    return s->agency == 0 ? "rows without agency"
                          : watch_table_text(s->table, FACET_AGENCY, s->agency);
}

/* About the agency, and one value of a facet when facet is one. */
struct watch_notice *notice_tell(struct search *s, enum watch_notice_kind kind, int32_t day,
                                 int32_t from, int32_t to)
{
    grow_to((void **)&s->out->items, &s->out->capacity, s->out->count,
            sizeof *s->out->items);
    struct watch_notice *notice = &s->out->items[s->out->count++];
    *notice = (struct watch_notice){.kind = kind,
                                    .day = day,
                                    .from = from,
                                    .to = to,
                                    .observed = NAN,
                                    .expected = NAN,
                                    .text = ""};
    struct watch_facet *facets = arena_zalloc(s->arena, 2, sizeof *facets);
    if (s->agency != 0)
        card_facet(&facets[notice->facet_count++], s->table, FACET_AGENCY, s->agency,
                   s->arena);
    notice->facets = facets;
    return notice;
}

void notice_about(struct search *s, struct watch_notice *notice, enum facet facet,
                  uint32_t value)
{
    struct watch_facet *facets = (struct watch_facet *)(uintptr_t)notice->facets;
    if (value != 0)
        card_facet(&facets[notice->facet_count++], s->table, facet, value, s->arena);
}

/* ---- calendar ---- */

int notice_month(int32_t day)
{
    struct date date = date_from_day_number(day);
    return date.year * 12 + date.month - 1;
}
int32_t notice_month_begin(int month)
{
    struct date date = {
        .year = month / 12, .month = month % 12 + 1, .day = 1, .precision = DATE_DAY};
    return date_day_number(&date);
}

/* ---- one agency, month by month ---- */

/* The agency's rows of days [from, to]. */
void notice_span(size_t *begin, size_t *end, const struct search *s, int32_t from,
                 int32_t to)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (notice_row(s, middle)->day < from)
            low = middle + 1;
        else
            high = middle;
    }
    *begin = low;
    for (*end = low; *end < s->count && notice_row(s, *end)->day <= to; ++*end)
        continue;
}

static size_t rows_in(const struct search *s, int32_t from, int32_t to)
{
    size_t begin, end;
    notice_span(&begin, &end, s, from, to);
    return end - begin;
}

bool notice_may_tell(struct search *s, enum watch_notice_kind kind, int32_t day,
                     int32_t pause)
{
    if (day < s->told_until[kind])
        return false;
    s->told_until[kind] = day + pause;
    return true;
}

static void notice_look_at_quarter(struct search *s, int first_month, int month)
{
    struct compared c = {.from = notice_month_begin(month),
                         .to = notice_month_begin(month + 3) - 1,
                         .before_from = notice_month_begin(month - 12)};
    if (c.to > s->as_of)
        return;
    notice_span(&c.begin, &c.end, s, c.from, c.to);
    size_t behind;
    notice_span(&c.before_begin, &behind, s, c.before_from, c.from - 1);
    c.now = (double)(c.end - c.begin);
    c.before = (double)(c.begin - c.before_begin);
    notice_look_at_dates(s, &c);
    notice_look_at_repeats(s, &c);
    /* What follows needs a year of its own to compare with. */
    if (month - 12 < first_month ||
        rows_in(s, c.before_from, notice_month_begin(month - 9) - 1) == 0)
        return;
    notice_look_at_level(s, &c);
    if (c.now < ROWS_MIN || c.before < ROWS_MIN)
        return;
    notice_look_at_days(s, &c);
    notice_look_at_sizes(s, &c);
    notice_look_at_completeness(s, &c);
    for (enum facet f = FACET_PLACE; f < FACET_COUNT; f++)
        notice_look_at_words(s, &c, f);
}

static int by_agency(const void *a, const void *b, void *rows)
{
    const struct table_row *table = rows;
    const struct table_row *x = &table[*(const uint32_t *)a],
                           *y = &table[*(const uint32_t *)b];
    if (x->value[FACET_AGENCY] != y->value[FACET_AGENCY])
        return x->value[FACET_AGENCY] < y->value[FACET_AGENCY] ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (*(const uint32_t *)a > *(const uint32_t *)b) -
           (*(const uint32_t *)a < *(const uint32_t *)b);
}

static void notice_look_at_agencies(struct search *s, size_t total, int32_t last_day)
{
    int first_month = notice_month(s->opening), last_month = notice_month(last_day);
    qsort_r(s->order, total, sizeof *s->order, by_agency, s->table->rows);
    for (size_t i = 0; i < total;) {
        s->agency = s->table->rows[s->order[i]].value[FACET_AGENCY];
        s->rows = s->order + i;
        for (s->count = 0;
             i < total && s->table->rows[s->order[i]].value[FACET_AGENCY] == s->agency; i++)
            s->count++;
        for (size_t k = 0; k < NOTICE_KIND_COUNT; k++)
            s->told_until[k] = INT32_MIN;
        notice_look_at_presence(s, first_month, last_month);
        notice_look_at_received(s);
        for (int month = first_month; month <= last_month; month++)
            notice_look_at_swapped(s, month);
        for (int month = first_month - first_month % 3; month <= last_month; month += 3)
            notice_look_at_quarter(s, first_month, month);
    }
    notice_look_at_swaps(s, total, first_month, last_month);
}

static int by_day(const void *a, const void *b)
{
    return (*(const int32_t *)a > *(const int32_t *)b) -
           (*(const int32_t *)a < *(const int32_t *)b);
}

static void look_at_silence(struct search *s, size_t total)
{
    int32_t *received = xmalloc(total * sizeof *received);
    size_t count = 0;
    for (size_t i = 0; i < total; i++) {
        const struct table_row *row = &s->table->rows[s->order[i]];
        if (row->role == ROLE_FIRST && row->day <= s->as_of)
            received[count++] = row->received;
    }
    if (count > 0)
        qsort(received, count, sizeof *received, by_day);
    notice_look_at_silence(s, received, count);
    free(received);
}

static int by_day_told(const void *a, const void *b)
{
    const struct watch_notice *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return strcmp(x->text, y->text);
}

void notices_find(struct notice_list *out, struct watch_table *table, int32_t as_of,
                  int32_t today, struct arena *arena)
{
    struct search s = {
        .out = out, .table = table, .arena = arena, .as_of = as_of, .today = today};
    *out = (struct notice_list){0};
    s.order = xmalloc((table->count + 1) * sizeof *s.order);
    s.opening = INT32_MAX;
    int32_t last = INT32_MIN;
    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i].received > as_of || table->rows[i].day < as_of - 60 * YEAR_DAYS)
            continue;
        s.order[s.count++] = (uint32_t)i;
        s.opening = table->rows[i].day < s.opening ? table->rows[i].day : s.opening;
        last = table->rows[i].day > last ? table->rows[i].day : last;
    }
    size_t total = s.count;
    if (total > 0) {
        notice_look_at_bulk(&s);
        notice_look_at_agencies(&s, total, last);
        look_at_silence(&s, total);
    }
    notice_look_at_impossible(&s);
    free(s.order);
    if (out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, by_day_told);
}
