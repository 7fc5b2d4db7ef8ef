/* SPDX-License-Identifier: Apache-2.0
 *
 * One agency falls silent while another, of a name that is easily taken for it or at its places, has
 * as many rows more: the name was given wrong, or the two were merged.
 */
#include "watch/notice_search.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum {
    AGENCIES_MAX = 2000,
    MONTHS_BEFORE = 12,
    MONTH_ROWS_MIN = 8,
    SWAPPED_MIN = 10, /* rows, to say anything */
    MONTHS_LOOKED = 6,
};
static const double SILENT = 0.25, FLAT = 0.35, AT_PLACES = 0.75;

struct swaps {
    struct search *search;
    unsigned *rows; /* agency * months + month */
    size_t *
        begin; /* by agency: the first of its rows in the search's order, which is by day */
    int first_month, months;
};

static unsigned rows_of(const struct swaps *w, uint32_t agency, int month)
{
    return w->rows[(size_t)agency * (size_t)w->months + (size_t)month];
}

/* A month's rows in the year before; NAN: it is not known for long enough. */
static double usual(const struct swaps *w, uint32_t agency, int month)
{
    double sum = 0;
    int counted = 0;
    for (int m = month - 1; m >= 0 && counted < MONTHS_BEFORE; m--, counted++)
        sum += rows_of(w, agency, m);
    return counted >= 3 ? sum / counted : NAN;
}

/* How much of what the agency has in these months lies where the owner seized before. */
static bool at_places(const struct swaps *w, uint32_t agency, uint32_t owner, int month,
                      int months)
{
    const struct search *s = w->search;
    int32_t from = notice_month_begin(w->first_month + month);
    int32_t to = notice_month_begin(w->first_month + month + months) - 1;
    uint8_t *owned = xcalloc((size_t)s->table->values[FACET_PLACE].count + 1, 1);
    double here = 0, known = 0;
    for (size_t i = w->begin[owner]; i < w->begin[owner + 1]; i++) {
        const struct table_row *row = &s->table->rows[s->order[i]];
        if (row->day >= from)
            break;
        owned[row->value[FACET_PLACE]] = 1;
    }
    for (size_t i = w->begin[agency]; i < w->begin[agency + 1]; i++) {
        const struct table_row *row = &s->table->rows[s->order[i]];
        if (row->day > to)
            break;
        if (row->day < from || row->value[FACET_PLACE] == 0)
            continue;
        known++;
        here += owned[row->value[FACET_PLACE]];
    }
    free(owned);
    return known >= SWAPPED_MIN / 2 && here >= AT_PLACES * known;
}

static void tell_swap(struct swaps *w, uint32_t agency, uint32_t owner, int month,
                      int months, double gain, double loss)
{
    struct search *s = w->search;
    int32_t from = notice_month_begin(w->first_month + month);
    int32_t to = notice_month_begin(w->first_month + month + months) - 1;
    s->agency = agency;
    struct watch_notice *n = notice_tell(s, NOTICE_MISCODING, to, from, to);
    const char *given = notice_agency_text(s);
    s->agency = owner;
    n->record_count = (size_t)gain;
    n->observed = gain;
    n->expected = 0;
    n->text =
        arena_printf(s->arena,
                     "%s: likely miscoding, rows of %s given as %s: %.0f rows more than "
                     "usual from %s to "
                     "%s, while %s has %.0f fewer. Or the two report together now.",
                     given, notice_agency_text(s), given, gain, day_text(s->arena, from),
                     day_text(s->arena, to), notice_agency_text(s), loss);
}

/* The owner is silent from this month on: who has its rows? */
static void look_for_taker(struct swaps *w, uint32_t owner, int month)
{
    const struct search *s = w->search;
    size_t agencies = s->table->values[FACET_AGENCY].count;
    double level = usual(w, owner, month), loss = 0;
    for (int months = 1; months <= MONTHS_LOOKED && month + months <= w->months; months++) {
        double has = rows_of(w, owner, month + months - 1);
        if (has > SILENT * level ||
            notice_month_begin(w->first_month + month + months) - 1 > s->as_of)
            return;
        loss += level - has;
        for (uint32_t taker = 1; taker < agencies && loss >= SWAPPED_MIN; taker++) {
            double before = usual(w, taker, month), gain = 0;
            for (int m = 0; m < months; m++)
                gain += rows_of(w, taker, month + m) - before;
            if (taker == owner || !(fabs(gain - loss) <= FLAT * fmax(gain, loss)) ||
                gain < 3 * sqrt(before * months + 1))
                continue;
            if (at_places(w, taker, owner, month, months) ||
                (before < 1 &&
                 notice_alike(FACET_AGENCY, watch_table_text(s->table, FACET_AGENCY, taker),
                              watch_table_text(s->table, FACET_AGENCY, owner)))) {
                tell_swap(w, taker, owner, month, months, gain, loss);
                return;
            }
        }
    }
}

void notice_look_at_swaps(struct search *s, size_t total, int first_month, int last_month)
{
    size_t agencies = s->table->values[FACET_AGENCY].count;
    struct swaps w = {s, NULL, NULL, first_month, last_month - first_month + 1};
    if (agencies > AGENCIES_MAX || w.months < 4)
        return;
    w.rows = xcalloc(agencies * (size_t)w.months, sizeof *w.rows);
    w.begin = xcalloc(agencies + 1, sizeof *w.begin);
    for (size_t i = 0; i < total; i++) {
        const struct table_row *row = &s->table->rows[s->order[i]];
        w.rows[(size_t)row->value[FACET_AGENCY] * (size_t)w.months +
               (size_t)(notice_month(row->day) - first_month)]++;
        w.begin[row->value[FACET_AGENCY] + 1]++;
    }
    for (size_t a = 0; a < agencies; a++)
        w.begin[a + 1] += w.begin[a];
    for (uint32_t owner = 1; owner < agencies; owner++)
        for (int month = 3; month < w.months; month++) {
            double level = usual(&w, owner, month);
            bool silent = rows_of(&w, owner, month) <= SILENT * level;
            bool before = month > 3 && rows_of(&w, owner, month - 1) <=
                                           SILENT * usual(&w, owner, month - 1);
            if (level >= MONTH_ROWS_MIN && silent && !before)
                look_for_taker(&w, owner, month);
        }
    free(w.rows);
    free(w.begin);
}
