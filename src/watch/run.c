/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/run.h"

#include "base/memory.h"
#include "base/pool.h"
#include "base/text.h"
#include "record/date.h"
#include "watch/card.h"
#include "watch/notice.h"
#include "watch/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_DAYS = COUNTS_WEEKS * 7, PAUSE_DAYS = 182, OLDEST_DAYS = 60 * 365 };

/* A finding that raised no alert, and the notice that says so. */
struct doubt {
    size_t notice; /* in the list */
    uint32_t *rows;
    size_t row_count;
    const char *why, *finding; /* "XA: a word came up", "2 seizures instead of 0.1" */
    const char *rule;
};

struct run {
    struct watch_result *result;
    struct watch_table *table;
    struct spots spots;
    struct calibration calibration;
    struct notice_list notices;
    struct watch_alert *alerts;
    size_t alert_count, alert_capacity;
    int32_t *
        alert_of; /* by row of the table: the day of the first alert it stands in, from run->from - 1; 0: none */
    struct doubt *doubts; /* notices that were made for a finding */
    size_t doubt_count, doubt_capacity;
    int32_t from, to, calibrate_until;
};

/* ---- alerts explained away ---- */

static bool is_about(const struct watch_notice *notice, const struct watch_table *table,
                     uint32_t agency)
{
    bool any = notice->facet_count > 0 && notice->facets[0].facet == FACET_AGENCY;
    if (agency == NOTICE_EVERYBODY)
        return !any;
    return any && strcmp(notice->facets[0].values[0],
                         watch_table_text(table, FACET_AGENCY, agency)) == 0;
}

/* Who a reason is about, as a notice begins. */
static const char *who(struct run *run, const struct notice_reason *reason)
{
    struct arena *arena = &run->result->arena;
    const char *text = reason->agency == NOTICE_EVERYBODY ? "several agencies at once"
                       : reason->agency == 0
                           ? "rows without agency"
                           : watch_table_text(run->table, FACET_AGENCY, reason->agency);
    if (reason->owner == 0)
        return text;
    const char *owner = watch_table_text(run->table, FACET_AGENCY, reason->owner);
    return arena_printf(arena, "%s: likely miscoding, rows of %s given as %s", text, owner,
                        text);
}

static struct watch_notice *find_notice(struct run *run, const struct notice_reason *reason,
                                        int32_t day)
{
    const char *begin = who(run, reason);
    for (size_t i = 0; i < run->notices.count; i++) {
        struct watch_notice *notice = &run->notices.items[i];
        if (notice->kind == reason->kind && is_about(notice, run->table, reason->agency) &&
            (reason->owner == 0 || strncmp(notice->text, begin, strlen(begin)) == 0) &&
            notice->day <= day + PAUSE_DAYS && notice->day >= day - PAUSE_DAYS)
            return notice;
    }
    return NULL;
}

/* The change was seen only now, at the alarm that it would have raised. */
static struct watch_notice *add_notice(struct run *run, const struct notice_reason *reason,
                                       const struct raised *raised)
{
    static const char *const why[NOTICE_KIND_COUNT] = {
        [NOTICE_SIZES] =
            "many more and much smaller seizures are reported than in the year before",
        [NOTICE_VOCABULARY] =
            "a word came up, or came back, for what was called otherwise before",
        [NOTICE_COMPLETENESS] = "an answer is given now that was hardly ever given before",
        [NOTICE_ENTERED] = "there is too little from it in the year before to compare with",
        [NOTICE_REPEATS] =
            "the same seizures stand there twice, under two spellings of their place",
        [NOTICE_ROUNDED_DATES] = "months are dated to their first day",
        [NOTICE_MISCODING] = "a name came up that is easily taken for one that went away",
    };
    struct notice_list *list = &run->notices;
    struct arena *arena = &run->result->arena;
    grow_to((void **)&list->items, &list->capacity, list->count, sizeof *list->items);
    struct watch_notice *notice = &list->items[list->count++];
    struct watch_facet *facets = arena_zalloc(arena, FACET_COUNT, sizeof *facets);
    *notice =
        (struct watch_notice){.kind = reason->kind,
                              .day = raised->day,
                              .from = raised->replay->options.rows[raised->rows[0]].day,
                              .to = raised->day,
                              .facets = facets,
                              .observed = raised->candidate->observed,
                              .expected = raised->candidate->expected,
                              .record_count = raised->row_count};
    bool one = reason->agency != 0 && reason->agency != NOTICE_EVERYBODY;
    if (one)
        card_facet(&facets[notice->facet_count++], run->table, FACET_AGENCY, reason->agency,
                   arena);
    struct rule core;
    rule_core(&core, raised);
    struct buf rule = {.max = 4096};
    const struct scan_found *circle = raised->candidate->circle;
    if (circle != NULL)
        buf_addf(&rule, "within %.0f km of %s", circle->radius_km,
                 run->spots.names[circle->centre]);
    for (enum facet f = 0; f < FACET_COUNT; f++) {
        if (!(raised->candidate->mask >> f & 1))
            continue;
        struct watch_facet facet;
        card_rule_facet(&facet, run->table, &core, f, arena);
        card_add_facet(&rule, &facet);
        if (f != FACET_AGENCY)
            facets[notice->facet_count++] = facet;
    }
    const char *because =
        why[reason->kind] != NULL ? why[reason->kind] : watch_notice_name(reason->kind);
    if (reason->owner != 0)
        because = "they lie where until now it alone seized, and it has become silent";
    struct doubt doubt = {
        .notice = list->count - 1,
        .rows = arena_alloc(arena, raised->row_count * sizeof *raised->rows),
        .row_count = raised->row_count,
        .why = arena_printf(arena, "%s: %s%s", who(run, reason), because,
                            reason->for_now ? ", as it seems so far" : ""),
        .finding = arena_printf(arena, "%u %s instead of %s", raised->candidate->observed,
                                plural(raised->candidate->observed, "seizure", "seizures"),
                                number_text(arena, raised->candidate->expected)),
        .rule = arena_text(arena, buf_bytes(&rule))};
    memcpy(doubt.rows, raised->rows, raised->row_count * sizeof *raised->rows);
    notice->text =
        arena_printf(arena, "%s. So %s %s no alert%s: %s.", doubt.why, doubt.finding,
                     plural(raised->candidate->observed, "raises", "raise"),
                     reason->for_now ? " yet" : "", doubt.rule);
    grow_to((void **)&run->doubts, &run->doubt_capacity, run->doubt_count,
            sizeof *run->doubts);
    run->doubts[run->doubt_count++] = doubt;
    buf_release(&rule);
    return notice;
}

/* What raised no alert may have grown into one, or have more in common than was explained: then the
 * notice does not deny it. */
static void take_back(struct run *run)
{
    struct arena *arena = &run->result->arena;
    for (size_t i = 0; i < run->doubt_count; i++) {
        const struct doubt *doubt = &run->doubts[i];
        struct watch_notice *notice = &run->notices.items[doubt->notice];
        size_t told = 0;
        int32_t first = INT32_MAX;
        for (size_t k = 0; k < doubt->row_count; k++) {
            int32_t day = run->alert_of[doubt->rows[k]];
            told += day != 0;
            first = day != 0 && day < first ? day : first;
        }
        notice->raised = 2 * told > doubt->row_count;
        if (notice->raised)
            notice->text = arena_printf(
                arena,
                "%s. By that alone %s would raise no alert: %s. But most of them stand in "
                "the alert of %s.",
                doubt->why, doubt->finding, doubt->rule,
                day_text(arena, run->from - 1 + first));
    }
}

static enum explained explain_quietly(void *context, const struct raised *raised)
{
    (void)context;
    struct notice_reason reason;
    return notice_explains(&reason, raised);
}

static enum explained explain(void *context, const struct raised *raised)
{
    struct run *run = context;
    struct notice_reason reason;
    enum explained explained = notice_explains(&reason, raised);
    if (explained == EXPLAINED_NOT || raised->ongoing)
        return explained;
    struct watch_notice *notice = find_notice(run, &reason, raised->day);
    if (notice == NULL)
        notice = add_notice(run, &reason, raised);
    notice->explained++;
    return explained;
}

static void raise_alert(void *context, const struct raised *raised)
{
    struct run *run = context;
    grow_to((void **)&run->alerts, &run->alert_capacity, run->alert_count,
            sizeof *run->alerts);
    for (size_t i = 0; i < raised->row_count; i++)
        if (run->alert_of[raised->rows[i]] == 0)
            run->alert_of[raised->rows[i]] = raised->day - run->from + 1;
    struct card_options options = {run->table, &run->spots, &run->calibration,
                                   &run->result->arena};
    card_make(&run->alerts[run->alert_count++], raised, &options);
}

/* ---- which days ---- */

static bool find_days(struct run *run, const struct watch_run_options *options)
{
    int32_t last = INT32_MIN;
    for (size_t i = 0; i < run->table->count; i++) {
        int32_t received = run->table->rows[i].received;
        if (received <= options->today && received > last)
            last = received;
    }
    run->to = options->to != DAY_UNSET ? options->to
              : last != INT32_MIN      ? last
                                       : options->today;
    run->from = options->from != DAY_UNSET ? options->from : run->to - SHOWN_DAYS + 1;
    run->calibrate_until =
        options->calibrate_until != DAY_UNSET ? options->calibrate_until : run->from;
    return last != INT32_MIN;
}

/* Rows a lifetime ago say nothing of today, and the counters reach no further. */
static size_t drop_ancient(struct run *run)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->table->count; i++)
        if (run->table->rows[i].day >= run->from - OLDEST_DAYS)
            run->table->rows[kept++] = run->table->rows[i];
    size_t dropped = run->table->count - kept;
    run->table->count = kept;
    return dropped;
}

static int by_day_told(const void *a, const void *b)
{
    const struct watch_notice *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : strcmp(x->text, y->text);
}

/* Nobody reports any more. */
static bool is_of_everybody(const struct watch_notice *notice)
{
    return notice->kind == NOTICE_LEFT && notice->facet_count == 0;
}

/* The notices of the days shown, or all when only a day was named: what changed long ago still
 * says how to read the table. */
static void hand_out(struct run *run, const struct watch_run_options *options)
{
    struct watch_result *r = run->result;
    struct watch_notice *notices =
        arena_zalloc(&r->arena, run->notices.count + 1, sizeof *notices);
    for (size_t i = 0; i < run->notices.count; i++) {
        const struct watch_notice *notice = &run->notices.items[i];
        bool lasts = is_of_everybody(notice) && notice->to == run->to;
        if (notice->day > run->to ||
            (options->from != DAY_UNSET && notice->day < run->from && !lasts))
            continue;
        notices[r->notice_count] = *notice;
        if (options->from != DAY_UNSET && notice->day < run->from)
            notices[r->notice_count].day = run->from;
        r->notice_count++;
    }
    if (r->notice_count > 0)
        qsort(notices, r->notice_count, sizeof *notices, by_day_told);
    r->notices = notices;
    struct watch_alert *alerts =
        arena_zalloc(&r->arena, run->alert_count + 1, sizeof *alerts);
    if (run->alert_count > 0)
        memcpy(alerts, run->alerts, run->alert_count * sizeof *alerts);
    r->alerts = alerts;
    r->alert_count = run->alert_count;
}

static void threshold(struct run *run, const struct watch_run_options *options)
{
    struct calibrate_options calibrate_options = {
        .table = run->table,
        .spots = &run->spots,
        .until = run->calibrate_until,
        .alarms_per_year = options->alarms_per_year,
        .seed = options->seed,
        .changes = run->notices.changes,
        .change_count = run->notices.change_count,
        .threads = options->threads,
        .explain = explain_quietly,
    };
    if (options->given == NULL) {
        calibrate(&run->calibration, &calibrate_options);
        return;
    }
    run->calibration = *options->given;
    run->calibration.scores = NULL;
    run->calibration.score_count = 0;
}

/* false: no row was received. */
static bool prepare(struct run *run, size_t *ancient,
                    const struct watch_run_options *options)
{
    watch_table_settle(run->table);
    bool any = find_days(run, options);
    *ancient = drop_ancient(run);
    notices_find(&run->notices, run->table, run->to, options->today, &run->result->arena);
    spots_find(&run->spots, run->table, run->calibrate_until);
    threshold(run, options);
    return any;
}

static void run_release(struct run *run)
{
    notices_release(&run->notices);
    spots_release(&run->spots);
    free(run->alerts);
    free(run->alert_of);
    free(run->doubts);
}

void watch_calibrate(struct calibration *out, struct watch_table *table,
                     const struct watch_run_options *options)
{
    struct watch_result result = {.source = ""};
    struct run run = {.result = &result, .table = table};
    size_t ancient;
    prepare(&run, &ancient, options);
    *out = run.calibration;
    run_release(&run);
    watch_result_release(&result);
}

size_t watch_received_before(const struct watch_table *table, int32_t day)
{
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++)
        count += table->rows[i].role == ROLE_FIRST && table->rows[i].received < day;
    return count;
}

void watch_run(struct watch_result *result, struct calibration *used,
               struct watch_table *table, const struct watch_run_options *options)
{
    struct run run = {.result = result, .table = table};
    size_t ancient;
    *result = (struct watch_result){.threshold = NAN, .rate_low = NAN, .rate_high = NAN};
    bool any = prepare(&run, &ancient, options);
    struct replay replay = {0};
    struct pool *pool = pool_open(options->threads);
    struct replay_options replay_options = {.table = table,
                                            .rows = table->rows,
                                            .row_count = table->count,
                                            .from = run.from,
                                            .to = run.to,
                                            .horizon_days = run.calibration.horizon_days,
                                            .known_until = run.from,
                                            .threshold = run.calibration.threshold,
                                            .spots = &run.spots,
                                            .where_scale = run.calibration.where_scale,
                                            .pool = pool,
                                            .explain = explain,
                                            .raise = raise_alert,
                                            .context = &run};
    run.alert_of = xcalloc(table->count + 1, sizeof *run.alert_of);
    if (any && run.from <= run.to)
        replay_run(&replay, &replay_options);
    take_back(&run);
    result->source = arena_printf(&result->arena, "%s", options->source);
    result->as_of = run.to;
    result->rejected_count = options->rejected_count;
    result->alarms_per_year = options->alarms_per_year;
    result->seed = options->seed;
    result->threshold = run.calibration.threshold;
    result->rate_low = run.calibration.rate_low;
    result->rate_high = run.calibration.rate_high;
    result->history_years = run.calibration.history_years;
    hand_out(&run, options);
    struct summary_options summary = {.ancient = ancient,
                                      .received_assumed = options->received_assumed,
                                      .size_max =
                                          any ? replay.pattern.size_max : PATTERN_SIZE_MAX,
                                      .spots = &run.spots,
                                      .calibration = &run.calibration};
    summarise(result, table, &summary);
    replay_release(&replay);
    pool_close(pool);
    if (used != NULL)
        *used = run.calibration;
    else
        calibration_release(&run.calibration);
    run_release(&run);
}
