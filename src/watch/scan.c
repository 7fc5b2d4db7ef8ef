/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan.h"

#include "base/text.h"
#include "watch/scan_null.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Days that a date can be (record/date.h: years 1000 to 2999), with room. */
enum { DAY_LIMIT = 800 * 1000, NO_EVENT = -1 };

/* Invariant: cases[p] is the sum of the events of place p whose day lies in [low, high]. */
struct scan {
    struct scan_options options;
    struct scan_near near;
    struct scan_event {
        uint32_t place, count;
        int32_t next; /* another event of the same day, or NO_EVENT */
    } * events;
    size_t event_count, event_capacity;
    int32_t *heads; /* of day first_day + i */
    int32_t first_day;
    size_t day_count;
    uint64_t all_cases;
    uint32_t *cases;
    int32_t low, high; /* high < low: nothing is summed */
};

enum status scan_open(struct scan **out, const struct scan_place *places, size_t count,
                      const struct scan_options *options, struct err *err)
{
    if (!(options->radius_km >= 0))
        return fail(err, BAD_INPUT, "a radius of %g km is none; it is 0 or more",
                    options->radius_km);
    if (options->days < 1 || options->days > SCAN_DAYS_MAX)
        return fail(err, BAD_INPUT, "a window of %u days cannot be; it has 1 to %d",
                    options->days, SCAN_DAYS_MAX);
    if (options->history_days > 0 && options->history_days < options->days)
        return fail(err, BAD_INPUT, "a history of %u %s is shorter than the window of %u",
                    options->history_days, plural(options->history_days, "day", "days"),
                    options->days);
    for (size_t i = 0; i < count; i++)
        if (!(fabs(places[i].latitude) <= 90 && fabs(places[i].longitude) <= 180))
            return fail(
                err, BAD_INPUT,
                "place %zu lies at latitude %g, longitude %g; latitudes run from -90 "
                "to 90, longitudes from -180 to 180",
                i, places[i].latitude, places[i].longitude);
    struct scan *scan = xcalloc(1, sizeof *scan);
    *scan = (struct scan){.options = *options, .high = -1};
    enum status status =
        scan_near_init(&scan->near, places, count, options->radius_km, options->pool, err);
    if (status != OK) {
        free(scan);
        return status;
    }
    scan->cases = xcalloc(count + 1, sizeof *scan->cases);
    *out = scan;
    return OK;
}

void scan_close(struct scan *scan)
{
    if (scan == NULL)
        return;
    scan_near_release(&scan->near);
    free(scan->events);
    free(scan->heads);
    free(scan->cases);
    free(scan);
}

/* --- the cases, by day --- */

/* Make room so that day has a head; days are kept without gaps. */
static int32_t *head_of(struct scan *scan, int32_t day)
{
    int32_t first = scan->day_count == 0 || day < scan->first_day ? day : scan->first_day;
    int32_t last = scan->first_day + (int32_t)scan->day_count - 1;
    last = scan->day_count == 0 || day > last ? day : last;
    size_t count = (size_t)(last - first) + 1;
    if (count != scan->day_count) {
        /* Room on the side that grows, so that a file read day by day copies seldom. */
        size_t spare = count / 2;
        if (scan->day_count > 0 && first < scan->first_day)
            first -= (int32_t)spare;
        count = (size_t)(last - first) + 1 + spare;
        int32_t *heads = xcalloc(count, sizeof *heads);
        for (size_t i = 0; i < count; i++)
            heads[i] = NO_EVENT;
        if (scan->day_count > 0)
            memcpy(heads + (scan->first_day - first), scan->heads,
                   scan->day_count * sizeof *heads);
        free(scan->heads);
        scan->heads = heads;
        scan->first_day = first;
        scan->day_count = count;
    }
    return &scan->heads[day - scan->first_day];
}

enum status scan_add(struct scan *scan, size_t place, int32_t day, uint32_t count,
                     struct err *err)
{
    assert(place < scan->near.places);
    if (day < -DAY_LIMIT || day > DAY_LIMIT)
        return fail(err, BAD_INPUT, "day %d is no day of our calendar", day);
    if (scan->all_cases + count > SCAN_CASES_MAX)
        return fail(err, TOO_LARGE, "there are more than %d cases", SCAN_CASES_MAX);
    if (count == 0)
        return OK;
    uint32_t inner = scan->near.place[place];
    int32_t *head = head_of(scan, day);
    void *events = scan->events;
    grow_to(&events, &scan->event_capacity, scan->event_count, sizeof *scan->events);
    scan->events = events;
    scan->events[scan->event_count] = (struct scan_event){inner, count, *head};
    *head = (int32_t)scan->event_count++;
    scan->all_cases += count;
    if (day >= scan->low && day <= scan->high)
        scan->cases[inner] += count;
    return OK;
}

static int32_t first_event(const struct scan *scan, int64_t day)
{
    if (day < scan->first_day || day >= scan->first_day + (int64_t)scan->day_count)
        return NO_EVENT;
    return scan->heads[day - scan->first_day];
}

static void sum_day(struct scan *scan, int32_t day, bool take)
{
    for (int32_t i = first_event(scan, day); i != NO_EVENT; i = scan->events[i].next) {
        const struct scan_event *event = &scan->events[i];
        scan->cases[event->place] += take ? event->count : -event->count;
    }
}

/* Sum the history that ends on day: what enters is added, what leaves taken away. */
static void move_to(struct scan *scan, int32_t day)
{
    int32_t low = scan->options.history_days > 0 && scan->options.history_days < DAY_LIMIT
                      ? day - (int32_t)scan->options.history_days + 1
                      : -DAY_LIMIT;
    if (scan->high < scan->low || low > scan->high || day < scan->low) {
        memset(scan->cases, 0, scan->near.places * sizeof *scan->cases);
        int64_t end = scan->first_day + (int64_t)scan->day_count;
        int64_t from = low > scan->first_day ? low : scan->first_day;
        for (int64_t d = from; d <= day && d < end; d++)
            sum_day(scan, (int32_t)d, true);
        scan->low = low;
        scan->high = day;
        return;
    }
    while (scan->high < day)
        sum_day(scan, ++scan->high, true);
    while (scan->high > day)
        sum_day(scan, scan->high--, false);
    while (scan->low < low)
        sum_day(scan, scan->low++, false);
    while (scan->low > low)
        sum_day(scan, --scan->low, true);
}

/* --- one day --- */

struct view {
    struct scan_frame frame;
    struct scan_counts counts;
    double *expected; /* by place as in near; for the statistics that need it */
    double *bound;    /* by centre, beside it */
    struct scan_expect expect;
};

static void view_release(struct view *view)
{
    scan_frame_release(&view->frame);
    scan_counts_release(&view->counts);
    free(view->expected);
    free(view->bound);
}

/* The recent cases into their cells; a place's fill its cells one after the other. */
static void count_recent(struct view *view, const struct scan *scan, int32_t day)
{
    const struct scan_frame *frame = &view->frame;
    scan_counts_init(&view->counts, frame, 1);
    uint32_t most = frame->most;
    uint32_t *filled = xcalloc(scan->near.places + 1, sizeof *filled);
    for (unsigned lag = 1; lag <= frame->days; lag++) {
        int32_t i = first_event(scan, (int64_t)day - lag + 1);
        for (; i != NO_EVENT; i = scan->events[i].next) {
            uint32_t place = scan->events[i].place;
            for (uint32_t n = 0; n < scan->events[i].count; n++)
                scan_counts_add(&view->counts, frame,
                                frame->cell_from[place] + filled[place]++ / most, 0, lag);
        }
    }
    free(filled);
}

/* No expectation from outside may be 0: the score of a case where none can be has no number. Our
 * own is 0 only where there are no cases. */
static const double EXPECTED_LEAST = 1e-9;

static double at_least(double value, double least)
{
    return value > least ? value : least;
}

static void view_expect(struct view *view, const struct scan *scan,
                        const struct scan_question *question)
{
    const struct scan_frame *frame = &view->frame;
    size_t places = scan->near.places;
    view->expected = xcalloc(places * frame->days + 1, sizeof *view->expected);
    for (size_t p = 0; p < places; p++)
        for (unsigned w = 1; w <= frame->days; w++) {
            size_t given = scan->near.given[p] * frame->days + w - 1;
            view->expected[p * frame->days + w - 1] =
                question->expected != NULL
                    ? at_least(question->expected[given], EXPECTED_LEAST)
                : frame->total > 0 ? scan_frame_expected(frame, scan->cases[p], w)
                                   : 0;
        }
    view->expect = (struct scan_expect){.frame = frame,
                                        .expected = view->expected,
                                        .any_shape = question->statistic == SCAN_SUBSET,
                                        .least = question->least};
}

static enum status view_init(struct view *view, struct scan *scan,
                             const struct scan_question *question, struct err *err)
{
    *view = (struct view){0};
    if (question->day < -DAY_LIMIT || question->day > DAY_LIMIT)
        return fail(err, BAD_INPUT, "day %d is no day of our calendar", question->day);
    move_to(scan, question->day);
    unsigned days = scan->options.days;
    uint64_t *recent = xcalloc(days + 1, sizeof *recent);
    for (unsigned lag = 1; lag <= days; lag++) {
        recent[lag] = recent[lag - 1];
        int32_t i = first_event(scan, (int64_t)question->day - lag + 1);
        for (; i != NO_EVENT; i = scan->events[i].next)
            recent[lag] += scan->events[i].count;
    }
    enum status status =
        scan_frame_init(&view->frame, &scan->near, scan->cases, recent, days,
                        question->statistic == SCAN_PERMUTATION, err);
    free(recent);
    if (status != OK)
        return status;
    count_recent(view, scan, question->day);
    if (question->statistic == SCAN_PERMUTATION)
        return OK;
    view_expect(view, scan, question);
    view->bound = xcalloc(scan->near.places + 1, sizeof *view->bound);
    scan_expect_bound(view->bound, &view->expect, &view->counts);
    view->expect.bound = view->bound;
    return OK;
}

/* The places of a circle: the centre's list up to the end of the step that its last case is in. */
static size_t circle_members(uint32_t *out, const struct scan_near *near, uint32_t centre,
                             uint32_t last)
{
    size_t count = 0;
    bool passed = false;
    for (size_t i = near->from[centre]; i < near->from[centre + 1]; i++) {
        uint32_t place = near->entries[i] & ~NEAR_STEP;
        passed |= place == last;
        out[count++] = place;
        if (passed && (near->entries[i] & NEAR_STEP))
            break;
    }
    return count;
}

static struct scan_found found_from(const struct scan_best *best, const struct view *view,
                                    const struct scan *scan,
                                    const struct scan_question *question,
                                    struct arena *arena)
{
    const struct scan_near *near = &scan->near;
    size_t room = near->from[best->centre + 1] - near->from[best->centre];
    uint32_t *members = arena_zalloc(arena, room + 1, sizeof *members);
    size_t count = best->inside;
    if (question->statistic == SCAN_SUBSET) {
        struct scan_expect_scratch scratch = {0};
        scan_expect_members(members, &view->expect, &view->counts, &scratch, best);
        scan_expect_scratch_release(&scratch);
    } else {
        const struct scan_frame *frame = &view->frame;
        uint32_t last =
            question->statistic == SCAN_POISSON
                ? near->entries[near->from[best->centre] + best->entry] & ~NEAR_STEP
                : frame->cell_place[frame->entries[frame->from[best->centre] + best->entry]
                                        .cell_at /
                                    frame->stride];
        count = circle_members(members, near, best->centre, last);
    }
    uint64_t radius_mm = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t mm = scan_near_mm(near, best->centre, members[i]);
        radius_mm = mm > radius_mm ? mm : radius_mm;
        members[i] = near->given[members[i]];
    }
    return (struct scan_found){.llr = best->llr,
                               .expected = best->expected,
                               .observed = best->observed,
                               .radius_km = (double)radius_mm / 1e6,
                               .centre = near->given[best->centre],
                               .places = members,
                               .place_count = count,
                               .from = question->day - (int32_t)best->window + 1,
                               .to = question->day};
}

/* --- the best of every centre, and of those the ones that share no place --- */

enum { CENTRES_A_JOB = 64 };

struct survey {
    const struct view *view;
    const struct scan_table *table; /* of the permutation; NULL for the others */
    const struct scan_kernel *kernel;
    struct scan_best *best; /* by centre */
    size_t centres;
    uint32_t **sums;
    struct scan_expect_scratch *scratch;
};

static void survey_centres(void *context, size_t index, unsigned thread)
{
    const struct survey *survey = context;
    const struct view *view = survey->view;
    struct scan_look look = {&view->frame, survey->table, &view->counts, 0};
    for (size_t i = 0; i < CENTRES_A_JOB; i++) {
        uint32_t centre = (uint32_t)(index * CENTRES_A_JOB + i);
        if (centre >= survey->centres)
            return;
        if (survey->table == NULL)
            scan_expect_centre(&survey->best[centre], &view->expect, &view->counts,
                               &survey->scratch[thread], centre);
        else if (scan_frame_sweep(&look, survey->kernel, centre) != 0)
            scan_frame_centre(&survey->best[centre], survey->sums[thread], &look, centre);
    }
}

static void survey_run(struct survey *survey, unsigned days, struct pool *pool)
{
    unsigned threads = pool_threads(pool);
    survey->sums = xcalloc(threads, sizeof *survey->sums);
    survey->scratch = xcalloc(threads, sizeof *survey->scratch);
    for (unsigned t = 0; t < threads; t++)
        survey->sums[t] = xcalloc(days + 1, sizeof **survey->sums);
    pool_run(pool, survey_centres, survey,
             (survey->centres + CENTRES_A_JOB - 1) / CENTRES_A_JOB);
    for (unsigned t = 0; t < threads; t++) {
        free(survey->sums[t]);
        scan_expect_scratch_release(&survey->scratch[t]);
    }
    free(survey->sums);
    free(survey->scratch);
}

static int compare_best(const void *left, const void *right, void *near)
{
    const struct scan_best *a = left, *b = right;
    return scan_best_before(a, b, near) ? -1 : scan_best_before(b, a, near) ? 1 : 0;
}

static bool shares_place(bool *taken, const struct scan_found *found)
{
    for (size_t i = 0; i < found->place_count; i++)
        if (taken[found->places[i]])
            return true;
    for (size_t i = 0; i < found->place_count; i++)
        taken[found->places[i]] = true;
    return false;
}

/* best: of every centre; keeps question->most that share no place. */
static size_t pick(struct scan_found *out, struct scan_best *best, const struct view *view,
                   struct scan *scan, const struct scan_question *question,
                   struct arena *arena)
{
    size_t places = scan->near.places, count = 0, kept = 0;
    for (size_t i = 0; i < places; i++)
        if (best[i].llr > 0)
            best[count++] = best[i];
    if (count > 1)
        qsort_r(best, count, sizeof *best, compare_best, &scan->near);
    bool *taken = xcalloc(places + 1, sizeof *taken);
    for (size_t i = 0; i < count && kept < question->most; i++) {
        struct arena_mark mark = arena_mark(arena);
        out[kept] = found_from(&best[i], view, scan, question, arena);
        if (shares_place(taken, &out[kept]))
            arena_rewind(arena, mark);
        else
            kept++;
    }
    free(taken);
    return kept;
}

enum status scan_day(const struct scan_found **found, size_t *count, struct scan *scan,
                     const struct scan_question *question, struct arena *arena,
                     struct err *err)
{
    struct view view;
    enum status status = view_init(&view, scan, question, err);
    if (status != OK)
        return status;
    size_t places = scan->near.places, room = question->most;
    room = room < places ? room : places;
    struct scan_found *out = arena_zalloc(arena, room + 1, sizeof *out);
    struct scan_table table = {0};
    bool permutation = question->statistic == SCAN_PERMUTATION;
    struct survey survey = {.view = &view,
                            .kernel = scan_kernel(),
                            .best = xcalloc(places + 1, sizeof *survey.best),
                            .centres = view.frame.total > 0 ? places : 0};
    if (permutation) {
        scan_table_init(&table, &view.frame, question->least);
        survey.table = &table;
    }
    survey_run(&survey, view.frame.days, scan->options.pool);
    *count = pick(out, survey.best, &view, scan, question, arena);
    *found = out;
    free(survey.best);
    scan_table_release(&table);
    view_release(&view);
    return OK;
}

/* --- the best alone, and chance --- */

enum { BEST_START = 12 }; /* step of the ladder: only speed hangs on it */

enum status scan_best_of_day(struct scan_found *found, struct scan_chance *chance,
                             struct scan *scan, const struct scan_question *question,
                             const struct scan_deals *deals, struct arena *arena,
                             struct err *err)
{
    *found = (struct scan_found){0};
    *chance = (struct scan_chance){.p = 1, .p_gumbel = NAN};
    if (deals->replicates > SCAN_REPLICATES_MAX)
        return fail(err, TOO_LARGE, "%u replicates are too many; at most %d",
                    deals->replicates, SCAN_REPLICATES_MAX);
    struct view view;
    enum status status = view_init(&view, scan, question, err);
    if (status != OK || view.frame.total == 0) {
        view_release(&view);
        return status;
    }
    struct pool *pool = scan->options.pool;
    struct scan_ladder ladder = {0};
    struct scan_best best = {0};
    bool permutation = question->statistic == SCAN_PERMUTATION;
    if (permutation) {
        uint32_t *sums = xcalloc(view.frame.days + 1, sizeof *sums);
        scan_ladder_init(&ladder, &view.frame, pool);
        scan_ladder_best(&best, &ladder, &view.counts, sums, BEST_START);
        free(sums);
    } else {
        struct scan_expect_scratch scratch = {0};
        best = scan_expect_best(&view.expect, &view.counts, &scratch);
        scan_expect_scratch_release(&scratch);
    }
    if (best.llr > 0) {
        *found = found_from(&best, &view, scan, question, arena);
        struct scan_null null;
        struct scan_null_input input = {.observed_llr = best.llr,
                                        .cases = scan->cases,
                                        .frame = &view.frame,
                                        .ladder = permutation ? &ladder : NULL,
                                        .expect = permutation ? NULL : &view.expect};
        struct scan_null_options options = {deals->replicates, deals->seed,
                                            deals->stop_after};
        scan_null_run(&null, &input, &options, pool);
        *chance = (struct scan_chance){null.p, null.p_gumbel, null.replicates};
    }
    if (permutation)
        scan_ladder_release(&ladder);
    view_release(&view);
    return OK;
}
