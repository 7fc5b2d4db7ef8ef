/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/notice_search.h"

#include "base/text.h"
#include "record/date.h"

#include <math.h>
#include <string.h>

enum {
    SWAPPED_MONTHS = 3,
    DAYS_MIN = 20, /* in a quarter, for fewer to mean something */
};
static const double FEW_DAYS = 0.4;
/* The largest seizures of cocaine that are known weighed some 30 t, of cannabis some hundred. */
static const double REFINED_KG_MAX = 5e4, KG_MAX = 1e6;

void notice_look_at_dates(struct search *s, const struct compared *c)
{
    double first = 0;
    for (size_t i = c->begin; i < c->end; i++)
        first += date_from_day_number(notice_row(s, i)->day).day == 1;
    double usual = c->now / 30.4;
    if (first < 10 || first < 3 * usual + 3 * sqrt(usual) ||
        !notice_may_tell(s, NOTICE_ROUNDED_DATES, c->to, YEAR_DAYS))
        return;
    struct watch_notice *n = notice_tell(s, NOTICE_ROUNDED_DATES, c->to, c->from, c->to);
    n->record_count = (size_t)first;
    n->observed = first;
    n->expected = usual;
    n->text = arena_printf(
        s->arena,
        "%s: %.0f of %.0f rows are dated to the first of a month, where %s would "
        "be usual: the month is known, the day is not.",
        notice_agency_text(s), first, c->now, number_text(s->arena, usual));
}

/* How many different days the rows [begin, end) fall on; they are in order. */
static double distinct_days(const struct search *s, size_t begin, size_t end)
{
    double days = 0;
    for (size_t i = begin; i < end; i++)
        days += i == begin || notice_row(s, i)->day != notice_row(s, i - 1)->day;
    return days;
}

void notice_look_at_days(struct search *s, const struct compared *c)
{
    double is = distinct_days(s, c->begin, c->end);
    double was = distinct_days(s, c->before_begin, c->begin) / PERIODS_BEFORE;
    /* Fewer rows fall on fewer days. */
    double usual = was * fmin(1, c->now / (c->before / PERIODS_BEFORE));
    if (is > usual * FEW_DAYS || usual < DAYS_MIN ||
        !notice_may_tell(s, NOTICE_DATES, c->to, YEAR_DAYS))
        return;
    struct watch_notice *n = notice_tell(s, NOTICE_DATES, c->to, c->from, c->to);
    n->record_count = (size_t)c->now;
    n->observed = is;
    n->expected = usual;
    n->text = arena_printf(s->arena,
                           "%s: the rows of the quarter from %s fall on %.0f %s, where "
                           "%s would be usual: these "
                           "are days of reporting, not of seizing.",
                           notice_agency_text(s), day_text(s->arena, c->from), is,
                           is == 1 ? "day" : "days", number_text(s->arena, usual));
}

/* In the year before it was not so; what is left is as many as ever, and spread over the rest of the months:
 * nobody began to report, or to report more, in the middle of one. */
static bool is_out_of_habit(const struct search *s, int32_t from, size_t begin, size_t end)
{
    size_t earlier, behind;
    notice_span(&earlier, &behind, s, from - YEAR_DAYS, from - 1);
    double rows = (double)(behind - earlier), low = 0, high = 0, soon = 0, until = from;
    for (size_t i = earlier; i < behind; i++)
        low += date_from_day_number(notice_row(s, i)->day).day <= 12;
    for (size_t i = begin; i < end; i++) {
        int day = date_from_day_number(notice_row(s, i)->day).day;
        high += day > 12;
        soon += day > 12 && day <= 21;
        until = notice_row(s, i)->day;
    }
    double usual = (rows - low) * (until + 1 - from) / YEAR_DAYS;
    return rows >= (double)(end - begin) && low >= 0.3 * rows && soon >= 0.33 * high &&
           high <= 1.5 * usual + 3 * sqrt(usual);
}

/* Where day and month were exchanged, days up to the twelfth went to other months. */
void notice_look_at_swapped(struct search *s, int month)
{
    static const double share = 12 / 30.4;
    for (int months = 1; months <= SWAPPED_MONTHS; months++) {
        int32_t from = notice_month_begin(month - months + 1);
        int32_t to = notice_month_begin(month + 1) - 1;
        size_t begin, end;
        notice_span(&begin, &end, s, from, to);
        double rows = (double)(end - begin), low = 0;
        if (to > s->as_of || rows < ROWS_MIN)
            continue;
        for (size_t i = begin; i < end; i++)
            low += date_from_day_number(notice_row(s, i)->day).day <= 12;
        double usual = share * rows;
        if (low > usual / 2 || usual - low < 3.7 * sqrt(usual * (1 - share)) ||
            !is_out_of_habit(s, from, begin, end) ||
            !notice_may_tell(s, NOTICE_DATES, to, YEAR_DAYS / 2))
            continue;
        struct watch_notice *n = notice_tell(s, NOTICE_DATES, to, from, to);
        n->record_count = (size_t)rows;
        n->observed = low;
        n->expected = usual;
        n->text = arena_printf(
            s->arena,
            "%s: of %.0f rows from %s to %s %.0f are dated to days 1 to 12 of a month, "
            "where "
            "%s would be usual: in an upload day and month seem to have been exchanged.",
            notice_agency_text(s), rows, day_text(s->arena, from), day_text(s->arena, to),
            low, number_text(s->arena, usual));
        return;
    }
}

/* ---- what cannot be ---- */

/* Rows that a day or weight speaks against, and the days of their seizures. */
struct doubtful {
    size_t count;
    int32_t first, last;
    double most;
};

static void doubt(struct doubtful *d, int32_t day, double amount)
{
    d->first = d->count == 0 || day < d->first ? day : d->first;
    d->last = d->count == 0 || day > d->last ? day : d->last;
    d->most = d->count == 0 || amount > d->most ? amount : d->most;
    d->count++;
}

/* Plants are seized by the hundred tonnes, whatever is made of them. */
static bool is_plant(const char *substance)
{
    static const char *const words[] = {"leaf",  "leaves", "hoja", "feuille",
                                        "folha", "plant",  "bush", "straw",
                                        "paja",  "paille", "palha"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(substance, words[i]) != NULL)
            return true;
    return false;
}

static struct watch_notice *tell_doubt(struct search *s, enum watch_notice_kind kind,
                                       const struct doubtful *d)
{
    struct watch_notice *n = notice_tell(s, kind, s->as_of, d->first, d->last);
    n->record_count = d->count;
    n->observed = (double)d->count;
    return n;
}

void notice_look_at_received(struct search *s)
{
    struct doubtful before = {0}, heavy = {0};
    for (size_t i = 0; i < s->count; i++) {
        const struct table_row *row = notice_row(s, i);
        const char *commodity =
            watch_table_text(s->table, FACET_COMMODITY, row->value[FACET_COMMODITY]);
        bool refined = strcmp(commodity, "cocaine") == 0 ||
                       strcmp(commodity, "opioid") == 0 || strcmp(commodity, "ats") == 0 ||
                       strcmp(commodity, "nps") == 0;
        if (row->received_assumed)
            doubt(&before, row->day, 0);
        const char *substance =
            watch_table_text(s->table, FACET_SUBSTANCE, row->value[FACET_SUBSTANCE]);
        if ((double)row->kg > REFINED_KG_MAX &&
            ((double)row->kg > KG_MAX || (refined && !is_plant(substance))))
            doubt(&heavy, row->day, (double)row->kg);
    }
    if (before.count > 0)
        tell_doubt(s, NOTICE_DATES, &before)->text = arena_printf(
            s->arena,
            "%s: %zu row%s received before the seizure, or on no day that can be read: how "
            "late "
            "such rows came is not known, and they count from the day of the seizure.",
            notice_agency_text(s), before.count, plural(before.count, " was", "s were"));
    if (heavy.count > 0)
        tell_doubt(s, NOTICE_WEIGHTS, &heavy)->text = arena_printf(
            s->arena,
            "%s: %zu row%s more than any seizure ever did, up to %s kg: the unit or the "
            "decimal sign is another. Weights raise no alert; sums of kilos are wrong.",
            notice_agency_text(s), heavy.count, plural(heavy.count, " weighs", "s weigh"),
            number_text(s->arena, heavy.most));
}

/* Rows that are dated after the day they were looked at, or received after today: not believed, not
 * counted. */
void notice_look_at_impossible(struct search *s)
{
    struct doubtful future = {0}, unreceived = {0};
    for (size_t i = 0; i < s->table->count; i++) {
        const struct table_row *row = &s->table->rows[i];
        if (row->day > s->as_of)
            doubt(&future, row->day, 0);
        else if (row->received > s->today)
            doubt(&unreceived, row->day, row->received);
    }
    s->agency = 0;
    if (future.count > 0)
        tell_doubt(s, NOTICE_FUTURE, &future)->text =
            arena_printf(s->arena, "%zu row%s dated after %s, up to %s: not looked at.",
                         future.count, plural(future.count, " is", "s are"),
                         day_text(s->arena, s->as_of), day_text(s->arena, future.last));
    if (unreceived.count > 0)
        tell_doubt(s, NOTICE_DATES, &unreceived)->text = arena_printf(
            s->arena,
            "%zu row%s received after today, %s, up to %s: that cannot be, and they are "
            "not "
            "looked at before.",
            unreceived.count, plural(unreceived.count, " was", "s were"),
            day_text(s->arena, s->today), day_text(s->arena, (int32_t)unreceived.most));
}
