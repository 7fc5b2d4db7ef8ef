/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/notice_search.h"

#include <stdlib.h>

enum { BULK_ROWS_MIN = 30, BULK_TIMES = 8 /* its habit */, BULK_DELAY_DAYS = 14 };

/* ---- bulk uploads: by the day received, before anything else ---- */

static int by_received(const void *a, const void *b, void *rows)
{
    const struct table_row *table = rows;
    const struct table_row *x = &table[*(const uint32_t *)a],
                           *y = &table[*(const uint32_t *)b];
    if (x->value[FACET_AGENCY] != y->value[FACET_AGENCY])
        return x->value[FACET_AGENCY] < y->value[FACET_AGENCY] ? -1 : 1;
    if (x->received != y->received)
        return x->received < y->received ? -1 : 1;
    return (*(const uint32_t *)a > *(const uint32_t *)b) -
           (*(const uint32_t *)a < *(const uint32_t *)b);
}

static void quarantine(struct search *s, size_t begin, size_t end, double habit)
{
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t i = begin; i < end; i++) {
        struct table_row *row = &s->table->rows[s->order[i]];
        row->quarantined = 1;
        first = row->day < first ? row->day : first;
        last = row->day > last ? row->day : last;
    }
    int32_t received = s->table->rows[s->order[begin]].received;
    struct watch_notice *n = notice_tell(s, NOTICE_BULK, received, first, last);
    n->record_count = end - begin;
    n->observed = (double)(end - begin);
    n->expected = habit;
    n->text =
        arena_printf(s->arena,
                     "%s: %zu rows were received in one day, where %s is usual, with dates "
                     "from %s to %s. A bulk upload; set aside until somebody confirms it.",
                     notice_agency_text(s), end - begin, number_text(s->arena, habit),
                     day_text(s->arena, first), day_text(s->arena, last));
}

/* One agency's days of receipt in their order; the habit is what came before. */
static void find_bulk_of_agency(struct search *s, size_t begin, size_t end)
{
    double days = 0, rows = 0, delays = 0;
    for (size_t i = begin; i < end;) {
        int32_t received = s->table->rows[s->order[i]].received;
        size_t behind = i;
        double delay = 0;
        for (; behind < end && s->table->rows[s->order[behind]].received == received;
             behind++)
            delay += received - s->table->rows[s->order[behind]].day;
        double count = (double)(behind - i), habit = days > 0 ? rows / days : 0;
        bool late = delay / count > BULK_DELAY_DAYS + (rows > 0 ? delays / rows : 0);
        if (days >= 10 && count >= BULK_ROWS_MIN && count > BULK_TIMES * habit && late) {
            quarantine(s, i, behind, habit);
        } else {
            days++;
            rows += count;
            delays += delay;
        }
        i = behind;
    }
}

void notice_look_at_bulk(struct search *s)
{
    qsort_r(s->order, s->count, sizeof *s->order, by_received, s->table->rows);
    for (size_t i = 0; i < s->count;) {
        s->agency = s->table->rows[s->order[i]].value[FACET_AGENCY];
        size_t end = i;
        while (end < s->count &&
               s->table->rows[s->order[end]].value[FACET_AGENCY] == s->agency)
            end++;
        find_bulk_of_agency(s, i, end);
        i = end;
    }
}
