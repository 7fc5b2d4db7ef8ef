/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/summary.h"

#include "base/text.h"
#include "record/date.h"
#include "watch/mix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    RECENT_DAYS = 90,
    UNSEEN_MAX = FACET_COUNT + UNSEEN_KIND_COUNT,
    FLOWS_MAX = 200,
    MAP_ROWS_MAX = 20000,
    UNKNOWN_NAMED = 5
};

struct summary {
    struct watch_result *result;
    const struct watch_table *table;
};

static bool is_known(const struct summary *s, const struct table_row *row)
{
    return row->received <= s->result->as_of;
}

static void count_rows(struct summary *s)
{
    struct watch_result *r = s->result;
    r->first_day = INT32_MAX;
    r->last_day = INT32_MIN;
    for (size_t i = 0; i < s->table->count; i++) {
        const struct table_row *row = &s->table->rows[i];
        if (!is_known(s, row))
            continue;
        r->row_count++;
        r->event_count += row->role == ROLE_FIRST;
        r->first_day = row->day < r->first_day ? row->day : r->first_day;
        r->last_day = row->day > r->last_day ? row->day : r->last_day;
    }
}

/* ---- months ---- */

static int month_number(int32_t day)
{
    struct date date = date_from_day_number(day);
    return date.year * 12 + date.month - 1;
}

static void count_months(struct summary *s)
{
    struct watch_result *r = s->result;
    if (r->row_count == 0)
        return;
    int first = month_number(r->first_day);
    size_t count = (size_t)(month_number(r->last_day) - first) + 1;
    struct watch_month *months = arena_zalloc(&r->arena, count, sizeof *months);
    for (size_t m = 0; m < count; m++) {
        int number = first + (int)m;
        struct date date = {
            .year = number / 12, .month = number % 12 + 1, .day = 1, .precision = DATE_DAY};
        months[m] = (struct watch_month){.from = date_day_number(&date), .expected = NAN};
    }
    for (size_t i = 0; i < s->table->count; i++) {
        const struct table_row *row = &s->table->rows[i];
        if (!is_known(s, row))
            continue;
        struct watch_month *month = &months[month_number(row->day) - first];
        month->rows++;
        month->events += row->role == ROLE_FIRST;
        month->kg += isnan(row->kg) ? 0 : (double)row->kg;
    }
    for (size_t m = 12; m < count; m++) {
        double sum = 0;
        for (size_t k = m - 12; k < m; k++)
            sum += months[k].events;
        months[m].expected = sum / 12;
    }
    for (size_t n = 0; n < r->notice_count; n++) {
        int at = r->notices[n].from >= r->first_day
                     ? month_number(r->notices[n].from) - first
                     : -1;
        if (at >= 0 && (size_t)at < count)
            months[at].marked = true;
    }
    r->months = months;
    r->month_count = count;
}

/* ---- flows ---- */

struct flow {
    uint64_t key;
    const char *from, *to;
    unsigned events, recent;
    double kg;
};

static int by_key(const void *a, const void *b)
{
    const struct flow *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}
static int by_events(const void *a, const void *b)
{
    const struct flow *x = a, *y = b;
    if (x->events != y->events)
        return x->events > y->events ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

static struct flow flow_of(const struct summary *s, const struct table_row *row)
{
    enum facet from = row->value[FACET_DEPARTURE] != 0 ? FACET_DEPARTURE : FACET_ORIGIN;
    enum facet to = row->value[FACET_DESTINATION] != 0 ? FACET_DESTINATION : FACET_AGENCY;
    const char *a = watch_table_shown(s->table, from, row->value[from]);
    const char *b = watch_table_shown(s->table, to, row->value[to]);
    return (struct flow){
        .key = mix(mix_bytes(bytes_text(a)) * 3 + mix_bytes(bytes_text(b))),
        .from = a,
        .to = b,
        .events = row->role == ROLE_FIRST,
        .recent = row->role == ROLE_FIRST && row->day > s->result->as_of - RECENT_DAYS,
        .kg = isnan(row->kg) ? 0 : (double)row->kg};
}

static void count_flows(struct summary *s)
{
    struct watch_result *r = s->result;
    struct flow *all = xmalloc((s->table->count + 1) * sizeof *all);
    size_t count = 0, distinct = 0;
    for (size_t i = 0; i < s->table->count; i++) {
        const struct table_row *row = &s->table->rows[i];
        if (!is_known(s, row) ||
            (row->value[FACET_DEPARTURE] == 0 && row->value[FACET_ORIGIN] == 0))
            continue;
        all[count++] = flow_of(s, row);
    }
    if (count > 0)
        qsort(all, count, sizeof *all, by_key);
    for (size_t i = 0; i < count; i++) {
        if (distinct > 0 && all[distinct - 1].key == all[i].key) {
            all[distinct - 1].events += all[i].events;
            all[distinct - 1].recent += all[i].recent;
            all[distinct - 1].kg += all[i].kg;
        } else {
            all[distinct++] = all[i];
        }
    }
    if (distinct > 0)
        qsort(all, distinct, sizeof *all, by_events);
    r->flow_count = distinct < FLOWS_MAX ? distinct : FLOWS_MAX;
    struct watch_flow *flows = arena_zalloc(&r->arena, r->flow_count + 1, sizeof *flows);
    for (size_t i = 0; i < r->flow_count; i++)
        flows[i] = (struct watch_flow){arena_printf(&r->arena, "%s", all[i].from),
                                       arena_printf(&r->arena, "%s", all[i].to),
                                       all[i].events, all[i].recent, all[i].kg};
    r->flows = flows;
    free(all);
}

/* ---- the map: rows whose place is known, the newest first ---- */

static bool is_on_map(const struct locations *where, size_t row)
{
    return where->how[row] != LOCATED_NOWHERE && where->how[row] != LOCATED_BY_COUNTRY;
}

static void copy_map_rows(struct summary *s, const struct locations *where)
{
    struct watch_result *r = s->result;
    size_t count = 0;
    for (size_t i = 0; i < s->table->count && count < MAP_ROWS_MAX; i++)
        count += is_known(s, &s->table->rows[i]) && is_on_map(where, i);
    struct watch_row *rows = arena_zalloc(&r->arena, count + 1, sizeof *rows);
    for (size_t i = s->table->count; i-- > 0 && r->map_row_count < count;) {
        const struct table_row *row = &s->table->rows[i];
        if (!is_known(s, row) || !is_on_map(where, i))
            continue;
        struct watch_row *out = &rows[r->map_row_count++];
        *out = (struct watch_row){.line = s->table->ids == NULL ? row->line : 0,
                                  .id = "",
                                  .day = row->day,
                                  .received = row->received,
                                  .latitude = where->at[i].latitude,
                                  .longitude = where->at[i].longitude,
                                  .kg = (double)row->kg,
                                  .event = row->event};
        for (enum facet f = 0; f < FACET_COUNT; f++)
            out->text[f] = "";
        out->text[FACET_PLACE] =
            arena_printf(&r->arena, "%s",
                         watch_table_shown(s->table, FACET_PLACE, row->value[FACET_PLACE]));
    }
    r->rows = rows;
}

/* ---- what was not looked at ---- */

static void add_unseen(struct watch_result *r, struct watch_unseen *list,
                       enum watch_unseen_kind kind, size_t count, const char *text)
{
    list[r->unseen_count++] = (struct watch_unseen){
        .kind = kind, .facet = FACET_COUNT, .record_count = count, .text = text};
}

/* Names that the table of places does not have, or has several times in their country. */
static void list_unknown_places(struct summary *s, struct watch_unseen *list,
                                const struct locations *where)
{
    struct buf names = {.max = 2048};
    for (size_t i = 0; i < where->unknown_count && i < UNKNOWN_NAMED; i++)
        buf_addf(&names, "%s%.60s %zu", i > 0 ? ", " : "",
                 watch_table_shown(s->table, FACET_PLACE, where->unknown[i].place),
                 where->unknown[i].events);
    if (where->unknown_count > 0)
        add_unseen(
            s->result, list, UNSEEN_UNKNOWN_PLACES, where->unknown_events,
            arena_printf(&s->result->arena,
                         "where: %zu %s %s not known, or %s several in %s country: %.*s%s",
                         where->unknown_events,
                         plural(where->unknown_events, "seizure names", "seizures name"),
                         where->unknown_count == 1
                             ? "a place that is"
                             : arena_printf(&s->result->arena, "one of %zu places that are",
                                            where->unknown_count),
                         plural(where->unknown_count, "is", "are"),
                         plural(where->unknown_count, "its", "their"), (int)names.len,
                         (const char *)names.at,
                         where->unknown_count > UNKNOWN_NAMED ? " ..." : ""));
    buf_release(&names);
}

/* Which seizures the scan over places could not see. */
static void list_unplaced(struct summary *s, struct watch_unseen *list,
                          const struct spots *spots)
{
    struct watch_result *r = s->result;
    const struct locations *where = &spots->where;
    size_t nowhere = where->events[LOCATED_NOWHERE];
    size_t by_country = where->events[LOCATED_BY_COUNTRY] - spots->vague;
    list_unknown_places(s, list, where);
    if (nowhere > 0)
        add_unseen(r, list, UNSEEN_NOWHERE, nowhere,
                   arena_printf(&r->arena,
                                "where: %zu %s nowhere: no coordinates, no place "
                                "that is known, no country on the map",
                                nowhere, plural(nowhere, "seizure lies", "seizures lie")));
    if (spots->vague > 0)
        add_unseen(r, list, UNSEEN_VAGUE, spots->vague,
                   arena_printf(&r->arena,
                                "where: of %zu %s only the country is known, of others of "
                                "%s agency the place: no circle counts %s",
                                spots->vague, plural(spots->vague, "seizure", "seizures"),
                                plural(spots->vague, "its", "their"),
                                plural(spots->vague, "it", "them")));
    if (spots->count == 0 && where->row_count > 0 && nowhere < r->event_count)
        add_unseen(
            r, list, UNSEEN_ONE_PLACE_EACH, by_country,
            "where: each agency's seizures lie at one place: more there is more of all "
            "it does, and no circle is looked for");
    else if (by_country > 0)
        add_unseen(
            r, list, UNSEEN_BY_COUNTRY, by_country,
            arena_printf(&r->arena,
                         "where: %zu %s country, to "
                         "some hundred kilometres, for want of a place that is known",
                         by_country,
                         plural(by_country, "seizure stands in the middle of its",
                                "seizures stand in the middle of their")));
}

static void list_unseen(struct summary *s, const struct summary_options *options)
{
    struct watch_result *r = s->result;
    struct watch_unseen *list = arena_zalloc(&r->arena, UNSEEN_MAX, sizeof *list);
    r->unseen = list;
    size_t missing[FACET_COUNT] = {0}, weightless = 0, quarantined = 0;
    for (size_t i = 0; i < s->table->count; i++) {
        const struct table_row *row = &s->table->rows[i];
        if (!is_known(s, row))
            continue;
        for (size_t f = 0; f < FACET_COUNT; f++)
            missing[f] += row->value[f] == 0;
        weightless += isnan(row->kg);
        quarantined += row->quarantined;
    }
    for (enum facet f = 0; f < FACET_COUNT && r->row_count > 0; f++) {
        if (missing[f] == r->row_count)
            add_unseen(r, list, UNSEEN_BLANK, missing[f],
                       arena_printf(&r->arena, "%s: no row says anything", facet_name(f)));
        else if (missing[f] * 2 > r->row_count)
            add_unseen(r, list, UNSEEN_BLANK, missing[f],
                       arena_printf(&r->arena, "%s: %.0f %% of the rows say nothing",
                                    facet_name(f),
                                    100.0 * (double)missing[f] / (double)r->row_count));
        else
            continue;
        list[r->unseen_count - 1].facet = f;
    }
    if (r->row_count == 0)
        add_unseen(r, list, UNSEEN_NO_ROW, 0, "there is no row to look at");
    if (weightless > 0)
        add_unseen(r, list, UNSEEN_WEIGHTLESS, weightless,
                   arena_printf(&r->arena,
                                "%zu %s no weight: no amount, or a unit without one",
                                weightless, plural(weightless, "row has", "rows have")));
    if (quarantined > 0)
        add_unseen(r, list, UNSEEN_QUARANTINED, quarantined,
                   arena_printf(&r->arena, "%zu %s set aside", quarantined,
                                plural(quarantined, "row of a bulk upload is",
                                       "rows of bulk uploads are")));
    if (options->ancient > 0)
        add_unseen(r, list, UNSEEN_ANCIENT, options->ancient,
                   arena_printf(&r->arena, "%zu %s older than sixty years",
                                options->ancient,
                                plural(options->ancient, "row is", "rows are")));
    if (options->received_assumed > 0)
        add_unseen(r, list, UNSEEN_DELAYS, options->received_assumed,
                   arena_printf(&r->arena,
                                "%zu %s a day received that cannot be read or lies "
                                "before the seizure: taken as received on the day of the "
                                "seizure, so how late %s came is not known",
                                options->received_assumed,
                                plural(options->received_assumed, "row has", "rows have"),
                                plural(options->received_assumed, "it", "they")));
    if (r->rejected_count > 0)
        add_unseen(r, list, UNSEEN_REJECTED, r->rejected_count,
                   arena_printf(&r->arena, "%zu %s could not be read", r->rejected_count,
                                plural(r->rejected_count, "row", "rows")));
    if (options->size_max < PATTERN_SIZE_MAX)
        add_unseen(r, list, UNSEEN_LONG_RULES, 0,
                   arena_printf(
                       &r->arena, "rules of more than %u %s: the table is too large",
                       options->size_max, plural(options->size_max, "answer", "answers")));
    for (size_t i = 0; i < r->unseen_count; i++)
        if (list[i].kind == UNSEEN_LONG_RULES)
            list[i].answers = options->size_max;
    list_unplaced(s, list, options->spots);
    if (options->calibration->history_years <= 0)
        add_unseen(r, list, UNSEEN_NO_RATE, 0,
                   "the history is shorter than a year: how often an alarm would come for "
                   "nothing is not known, and a fixed, high threshold is used");
    else if (options->calibration->history_years < 2)
        add_unseen(r, list, UNSEEN_NO_SEASON, 0,
                   "the history is shorter than two years: the season cannot be told from "
                   "a trend");
}

void summarise(struct watch_result *result, const struct watch_table *table,
               const struct summary_options *options)
{
    struct summary s = {result, table};
    count_rows(&s);
    count_months(&s);
    count_flows(&s);
    copy_map_rows(&s, &options->spots->where);
    list_unseen(&s, options);
}
