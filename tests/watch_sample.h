/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/watch_sample.h: an invented result of the watch, for who shows one. With hostile = true its
 * texts try to break out of whatever they are put into.
 */
#ifndef TESTS_WATCH_SAMPLE_H
#define TESTS_WATCH_SAMPLE_H

#include "watch/alert.h"

#include <math.h>

enum { SAMPLE_AS_OF = 20453 /* 2025-12-31 */, SAMPLE_MONTHS = 60, SAMPLE_WEEKS = 52 };

#define SAMPLE_ATTACK                                                                      \
    "</title><script>alert(1)</script><img src=http://x/ "                                 \
    "onerror='x'>\"&\x01\xE2\x80\xAE]]>\xFF"

static inline const char *sample_text(bool hostile, const char *text)
{
    return hostile ? SAMPLE_ATTACK : text;
}

static inline struct watch_facet *sample_facets(struct arena *arena, bool hostile,
                                                size_t count, const enum facet *facets,
                                                const char *const *values)
{
    struct watch_facet *made = arena_zalloc(arena, count, sizeof *made);
    for (size_t i = 0; i < count; i++) {
        const char **list = arena_zalloc(arena, 2, sizeof *list);
        list[0] = sample_text(hostile, values[i]);
        list[1] = sample_text(hostile, "Otro puerto");
        made[i] =
            (struct watch_facet){facets[i], list, i == 1 ? 2 : 1, 6.5 / (double)(i + 1)};
    }
    return made;
}

static inline void sample_rows(struct watch_alert *alert, struct arena *arena, bool hostile,
                               bool coordinates)
{
    size_t count = alert->observed + 1;
    struct watch_row *rows = arena_zalloc(arena, count, sizeof *rows);
    static const char *const text[FACET_COUNT] = {"Spain",     "Algeciras",
                                                  "Cocaine",   "cocaine",
                                                  "Bolivia",   "Ecuador",
                                                  "",          "Netherlands",
                                                  "sea",       "in the walls of a reefer",
                                                  "container", "Ecuador Spain Netherlands",
                                                  ""};
    for (size_t i = 0; i < count; i++) {
        rows[i] =
            (struct watch_row){.line = 400 + i,
                               .id = "",
                               .day = alert->from + (int32_t)i % 20,
                               .received = alert->from + (int32_t)i % 20 + 3,
                               .latitude = coordinates ? 36.1 + 0.1 * (double)i : NAN,
                               .longitude = coordinates ? -5.4 + 0.2 * (double)i : NAN,
                               .kg = i % 3 == 0 ? NAN : 12.5 * (double)i,
                               .event = (uint32_t)i / 2};
        for (int f = 0; f < FACET_COUNT; f++)
            rows[i].text[f] = text[f][0] != '\0' ? sample_text(hostile, text[f]) : "";
    }
    alert->rows = rows;
    alert->row_count = count;
}

static inline void sample_bars(struct watch_alert *alert, struct arena *arena)
{
    struct watch_bar *bars = arena_zalloc(arena, SAMPLE_WEEKS, sizeof *bars);
    for (int i = 0; i < SAMPLE_WEEKS; i++)
        bars[i] = (struct watch_bar){SAMPLE_AS_OF - 7 * (SAMPLE_WEEKS - i) + 1,
                                     i > 48       ? (unsigned)(i - 47)
                                     : i % 9 == 0 ? 1u
                                                  : 0u,
                                     0.13};
    alert->bars = bars;
    alert->bar_count = SAMPLE_WEEKS;
}

static inline void sample_alerts(struct watch_result *result, bool hostile, size_t count)
{
    struct arena *arena = &result->arena;
    static const enum facet facets[3][4] = {
        {FACET_COMMODITY, FACET_DEPARTURE, FACET_CONCEALMENT, FACET_MODE},
        {FACET_PLACE, FACET_SUBSTANCE, FACET_ORIGIN, FACET_MODE},
        {FACET_AGENCY, FACET_DESTINATION, FACET_MARKING, FACET_MODE}};
    static const char *const values[3][4] = {
        {"cocaine", "Guayaquil", "in the walls of a reefer", "sea"},
        {"Algeciras", "Heroin", "Afghanistan", "road"},
        {"Aduanas de Valdoria", "Países Bajos", "águila azul", "air"}};
    struct watch_alert *alerts = arena_zalloc(arena, count + 1, sizeof *alerts);
    for (size_t i = 0; i < count; i++) {
        size_t k = i % 3;
        struct watch_alert *alert = &alerts[i];
        *alert = (struct watch_alert){.detector = k == 1 ? WATCH_SCAN : WATCH_PATTERN,
                                      .day = SAMPLE_AS_OF - (int32_t)i,
                                      .from = SAMPLE_AS_OF - 20 - (int32_t)i,
                                      .to = SAMPLE_AS_OF - (int32_t)i,
                                      .facet_count = k == 2 ? 4 : 3,
                                      .observed = 9 + (unsigned)i,
                                      .expected = 0.4 + (double)i,
                                      .expected_raw = 0.3,
                                      .score = 14.2,
                                      .once_in_years = k == 1 ? NAN : 6.2,
                                      .rarer_than_years = k == 1 ? 15 : NAN,
                                      .kg = 412.5,
                                      .unreported_share = 0.22,
                                      .doubling_days = k == 0 ? 12.4 : NAN,
                                      .doubling_low = k == 0 ? 8 : NAN,
                                      .doubling_high = k == 0 ? 31 : NAN,
                                      .circle = {.radius_km = NAN},
                                      .standing = k == 2 ? WATCH_ONGOING : WATCH_NEW,
                                      .first_day = SAMPLE_AS_OF - 60,
                                      .seed = 20261124};
        alert->facets =
            sample_facets(arena, hostile, alert->facet_count, facets[k], values[k]);
        alert->text =
            sample_text(hostile, "9 seizures in 21 days, expected 0.4, once per 6.2 years");
        alert->rule_text = sample_text(hostile, "cocaine from Guayaquil in reefer walls");
        alert->nearest = sample_text(hostile, "cocaine from Guayaquil among bananas, 2023");
        alert->falsifier =
            sample_text(hostile, "a control of reefers that began in December");
        memset(alert->hash, 'a', 64);
        if (k == 1)
            alert->circle = (struct watch_circle){36.14, -5.45, 120, 4,
                                                  sample_text(hostile, "Algeciras")};
        sample_rows(alert, arena, hostile, k == 1);
        sample_bars(alert, arena);
    }
    result->alerts = alerts;
    result->alert_count = count;
}

static inline void sample_notices(struct watch_result *result, bool hostile)
{
    struct arena *arena = &result->arena;
    struct watch_notice *notices = arena_zalloc(arena, NOTICE_KIND_COUNT, sizeof *notices);
    static const enum facet facets[] = {FACET_AGENCY};
    static const char *const values[] = {"Colombia"};
    for (int i = 0; i < NOTICE_KIND_COUNT; i++)
        notices[i] = (struct watch_notice){
            .kind = (enum watch_notice_kind)i,
            .day = SAMPLE_AS_OF - 400 + 30 * i,
            .from = SAMPLE_AS_OF - 420 + 30 * i,
            .to = SAMPLE_AS_OF - 400 + 30 * i,
            .facets = sample_facets(arena, hostile, 1, facets, values),
            .facet_count = 1,
            .observed = 1200,
            .expected = 118,
            .record_count = i == 0 ? 1 : 1000 + (size_t)i,
            .text = sample_text(hostile, "Ten times the rows, with fewer tonnes: small "
                                         "seizures began to be reported."),
            .explained = (unsigned)i % 4};
    result->notices = notices;
    result->notice_count = NOTICE_KIND_COUNT;
}

static inline void sample_counts(struct watch_result *result, bool hostile)
{
    struct arena *arena = &result->arena;
    struct watch_month *months = arena_zalloc(arena, SAMPLE_MONTHS, sizeof *months);
    for (int i = 0; i < SAMPLE_MONTHS; i++)
        months[i] = (struct watch_month){
            .from = SAMPLE_AS_OF - 30 - 30 * (SAMPLE_MONTHS - 1 - i),
            .rows = 900 + 7u * (unsigned)(i % 12),
            .events = (unsigned)(700 + 40 * sin(i / 2.0) + (i == 41 ? 900 : 0)),
            .kg = 1e4,
            .expected = i < 12 ? NAN : 700 + 30 * sin(i / 2.0),
            .marked = i == 41 || i == 20};
    result->months = months;
    result->month_count = SAMPLE_MONTHS;
    static const char *const ends[][2] = {
        {"Ecuador", "Belgium"},  {"Colombia", "Spain"},
        {"Afghanistan", "Iran"}, {"Brazil", "Cabo Verde"},
        {"Morocco", "Spain"},    {"Myanmar", "Australia"},
        {"", "Italy"},           {"Colombia", ""},
        {"Bolivia", "Brazil"},   {"China", "United States"},
        {"Valdoria", "Kestrel"}};
    enum { FLOWS = sizeof ends / sizeof *ends };
    struct watch_flow *flows = arena_zalloc(arena, FLOWS, sizeof *flows);
    for (size_t i = 0; i < FLOWS; i++)
        flows[i] =
            (struct watch_flow){ends[i][0][0] && hostile ? SAMPLE_ATTACK : ends[i][0],
                                ends[i][1][0] && hostile ? SAMPLE_ATTACK : ends[i][1],
                                (unsigned)(800 / (i + 1)), i % 2 ? 20 : 0, 5e3};
    result->flows = flows;
    result->flow_count = FLOWS;
    struct watch_unseen *unseen = arena_zalloc(arena, 3, sizeof *unseen);
    unseen[0] =
        (struct watch_unseen){UNSEEN_BLANK, 0, FACET_TRANSIT, 45113,
                              sample_text(hostile, "Transit: blank in all records")};
    unseen[1] = (struct watch_unseen){
        UNSEEN_BLANK, 0, FACET_DESTINATION, 38800,
        sample_text(hostile, "Destination: blank in 86 % of records")};
    unseen[2] = (struct watch_unseen){
        UNSEEN_WEIGHTLESS, 0, FACET_COUNT, 12,
        sample_text(hostile, "12 rows have no weight: no amount, or a unit without one")};
    result->unseen = unseen;
    result->unseen_count = 3;
}

static inline void sample_result(struct watch_result *result, bool hostile, size_t alerts)
{
    *result =
        (struct watch_result){.source = sample_text(hostile, "seizures-2021-2025.xlsx"),
                              .as_of = SAMPLE_AS_OF,
                              .first_day = SAMPLE_AS_OF - 1826,
                              .last_day = SAMPLE_AS_OF,
                              .row_count = 45113,
                              .event_count = 39871,
                              .rejected_count = 3,
                              .alarms_per_year = 1,
                              .threshold = 11.3,
                              .rate_low = 0.5,
                              .rate_high = 1.7,
                              .history_years = 5,
                              .seed = 20261124};
    sample_alerts(result, hostile, alerts);
    sample_notices(result, hostile);
    sample_counts(result, hostile);
}

/* A file without a row. */
static inline void sample_nothing(struct watch_result *result)
{
    *result = (struct watch_result){.source = "empty.csv",
                                    .as_of = SAMPLE_AS_OF,
                                    .first_day = 1,
                                    .last_day = 0,
                                    .threshold = NAN,
                                    .rate_low = NAN,
                                    .rate_high = NAN,
                                    .alarms_per_year = 1};
}

#endif
