/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/where.h"

#include "base/memory.h"
#include "watch/mix.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAYS_A_WEEK = 7,
    WEEKS = COUNTS_WEEKS,
    LAYERS_MAX = 7,      /* all, and the commodities seized most often */
    COMMODITY_MIN = 200, /* seizures of one, to be looked at alone */
    FOUND_MAX = 3,       /* circles of a layer a day, none sharing a spot */
};
#define NO_ROW UINT32_MAX
static const double COMMODITY_SHARE = 0.05;
static const double EFFORT_PRIOR =
    2; /* events at the rate of all agencies, as in pattern.c */
static const double OUTSIDE_MIN = 20; /* history at other spots that is a measure */
static const double LENT = 1;         /* seizures of the history at a spot that has none */
static const double COVERED_LEAST = 0.2; /* of the seizures have a spot */

/* One agency at one spot: its history, and the last weeks by week % WEEKS. */
struct share {
    uint32_t spot, agency, count;
    uint32_t recent[WEEKS];
};

/* One kind of seizure: all, or those of one commodity. */
struct layer {
    uint32_t commodity; /* 0: all */
    struct scan *scan;
    struct share *shares;
    size_t share_count, share_capacity;
    uint32_t *slots; /* hash of spot and agency to share + 1 */
    size_t slot_count;
    bool touched; /* something was added since the last look */
};

struct where {
    struct where_options options;
    struct layer layers[LAYERS_MAX];
    size_t layer_count;
    unsigned now, past, forgotten; /* week; weeks below are history; below are forgotten */
    uint32_t *head, *next;         /* rows by week */
    size_t week_count, agency_count;
    /* by agency, and all at [agency_count]: seizures of the last weeks, by week % WEEKS, and
     * before them */
    uint32_t (*recent)[WEEKS];
    uint32_t *history;
    double (*effort)[WEEKS]; /* in the last w + 1 weeks over the history */
    double *expected;        /* spot * WEEKS + w */
    struct arena arena;      /* what was found last */
    uint8_t *inside;         /* scratch, by spot */
};

unsigned candidate_weeks(const struct candidate *candidate)
{
    if (candidate->circle == NULL)
        return counts_window_weeks[candidate->window];
    return (unsigned)(candidate->circle->to - candidate->circle->from) + 1;
}

static bool counts(const struct layer *layer, const struct table_row *row)
{
    if (row->spot == 0 || row->quarantined)
        return false;
    if (layer->commodity == 0)
        return row->role == ROLE_FIRST;
    return row->value[FACET_COMMODITY] == layer->commodity &&
           (row->role == ROLE_FIRST || row->role == ROLE_SUBSTANCE);
}

/* ---- opening ---- */

static int by_count(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    if (x[1] != y[1])
        return x[1] > y[1] ? -1 : 1;
    return (x[0] > y[0]) - (x[0] < y[0]);
}

/* Commodities seized often, but not nearly always. */
static void choose_layers(struct where *where)
{
    const struct watch_table *table = where->options.table;
    size_t values = table->values[FACET_COMMODITY].count + 1;
    uint32_t(*seen)[2] = xcalloc(values, sizeof *seen), all = 0;
    for (uint32_t v = 0; v < values; v++)
        seen[v][0] = v;
    for (size_t i = 0; i < table->count; i++) {
        const struct table_row *row = &table->rows[i];
        if (row->received >= where->options.known_until || row->role != ROLE_FIRST ||
            row->spot == 0)
            continue;
        all++;
        seen[row->value[FACET_COMMODITY]][1] += row->value[FACET_COMMODITY] != 0;
    }
    qsort(seen, values, sizeof *seen, by_count);
    where->layer_count = 1;
    for (size_t v = 0; v < values && where->layer_count < LAYERS_MAX; v++)
        if (seen[v][1] >= COMMODITY_MIN && seen[v][1] >= COMMODITY_SHARE * all &&
            seen[v][1] <= 0.9 * all)
            where->layers[where->layer_count++].commodity = seen[v][0];
    free(seen);
}

static bool is_covered(const struct where_options *options)
{
    size_t with = 0, all = 0;
    for (size_t i = 0; i < options->row_count; i++) {
        all += options->rows[i].role == ROLE_FIRST;
        with += options->rows[i].role == ROLE_FIRST && options->rows[i].spot != 0;
    }
    return with > 0 && (double)with >= COVERED_LEAST * (double)all;
}

struct where *where_open(const struct where_options *options)
{
    if (options->spots == NULL || options->spots->count < 2 || !is_covered(options))
        return NULL;
    struct where *where = xcalloc(1, sizeof *where);
    where->options = *options;
    choose_layers(where);
    const struct spots *spots = options->spots;
    struct scan_options scan = {
        .radius_km = SPOTS_RADIUS_KM, .days = WEEKS, .history_days = WEEKS};
    struct err err;
    for (size_t l = 0; l < where->layer_count; l++)
        if (scan_open(&where->layers[l].scan, spots->places, spots->count, &scan, &err) !=
            OK) {
            where_close(where);
            return NULL;
        }
    where->week_count = (size_t)(options->last_day - options->base_day) / DAYS_A_WEEK + 1;
    where->head = xmalloc(where->week_count * sizeof *where->head);
    memset(where->head, 0xff, where->week_count * sizeof *where->head);
    where->next = xmalloc((options->row_count + 1) * sizeof *where->next);
    where->agency_count = (size_t)options->table->values[FACET_AGENCY].count + 1;
    where->recent = xcalloc(where->agency_count + 1, sizeof *where->recent);
    where->history = xcalloc(where->agency_count + 1, sizeof *where->history);
    where->effort = xcalloc(where->agency_count + 1, sizeof *where->effort);
    where->expected = xcalloc(spots->count * WEEKS, sizeof *where->expected);
    where->inside = xcalloc(spots->count + 1, 1);
    return where;
}

void where_close(struct where *where)
{
    if (where == NULL)
        return;
    for (size_t l = 0; l < where->layer_count; l++) {
        scan_close(where->layers[l].scan);
        free(where->layers[l].shares);
        free(where->layers[l].slots);
    }
    free(where->head);
    free(where->next);
    free(where->recent);
    free(where->history);
    free(where->effort);
    free(where->expected);
    free(where->inside);
    arena_release(&where->arena);
    free(where);
}

/* ---- history ---- */

static size_t slot_of(const struct layer *layer, uint32_t spot, uint32_t agency)
{
    size_t slot = (size_t)mix((uint64_t)spot << 32 | agency) & (layer->slot_count - 1);
    while (layer->slots[slot] != 0 &&
           (layer->shares[layer->slots[slot] - 1].spot != spot ||
            layer->shares[layer->slots[slot] - 1].agency != agency))
        slot = (slot + 1) & (layer->slot_count - 1);
    return slot;
}

static struct share *share_of(struct layer *layer, uint32_t spot, uint32_t agency)
{
    if (2 * (layer->share_count + 1) > layer->slot_count) {
        layer->slot_count = layer->slot_count == 0 ? 64 : 2 * layer->slot_count;
        free(layer->slots);
        layer->slots = xcalloc(layer->slot_count, sizeof *layer->slots);
        for (size_t i = 0; i < layer->share_count; i++)
            layer->slots[slot_of(layer, layer->shares[i].spot, layer->shares[i].agency)] =
                (uint32_t)i + 1;
    }
    size_t slot = slot_of(layer, spot, agency);
    if (layer->slots[slot] == 0) {
        grow_to((void **)&layer->shares, &layer->share_capacity, layer->share_count,
                sizeof *layer->shares);
        layer->shares[layer->share_count] = (struct share){spot, agency, 0, {0}};
        layer->slots[slot] = (uint32_t)++layer->share_count;
    }
    return &layer->shares[layer->slots[slot] - 1];
}

/* A row becomes history (1), or is forgotten (-1). */
static void count_history(struct where *where, uint32_t index, int sign)
{
    const struct table_row *row = &where->options.rows[index];
    uint32_t agency = row->value[FACET_AGENCY];
    for (size_t l = 0; l < where->layer_count; l++)
        if (counts(&where->layers[l], row))
            share_of(&where->layers[l], row->spot, agency)->count += (uint32_t)sign;
    if (row->role != ROLE_FIRST)
        return;
    where->history[agency] += (uint32_t)sign;
    where->history[where->agency_count] += (uint32_t)sign;
}

void where_advance(struct where *where, int32_t day)
{
    unsigned now = (unsigned)(day - where->options.base_day) / DAYS_A_WEEK;
    while (where->now < now) {
        where->now++;
        for (size_t a = 0; a <= where->agency_count; a++)
            where->recent[a][where->now % WEEKS] = 0;
        for (size_t l = 0; l < where->layer_count; l++)
            for (size_t i = 0; i < where->layers[l].share_count; i++)
                where->layers[l].shares[i].recent[where->now % WEEKS] = 0;
    }
    for (; where->past + WEEKS <= where->now; where->past++)
        for (uint32_t i = where->head[where->past]; i != NO_ROW; i = where->next[i])
            count_history(where, i, 1);
    unsigned keep = (unsigned)where->options.horizon_days / DAYS_A_WEEK + WEEKS;
    for (; where->forgotten + keep < where->now; where->forgotten++)
        for (uint32_t i = where->head[where->forgotten]; i != NO_ROW; i = where->next[i])
            count_history(where, i, -1);
}

void where_add(struct where *where, uint32_t index)
{
    const struct table_row *row = &where->options.rows[index];
    if (row->spot == 0 || row->quarantined || row->day < where->options.base_day ||
        row->role == ROLE_REPEAT || row->role == ROLE_VARIANT)
        return;
    unsigned week = (unsigned)(row->day - where->options.base_day) / DAYS_A_WEEK;
    if (week < where->forgotten || week > where->now)
        return;
    where->next[index] = where->head[week];
    where->head[week] = index;
    if (week < where->past) {
        count_history(where, index, 1);
        return;
    }
    struct err err;
    for (size_t l = 0; l < where->layer_count; l++) {
        struct layer *layer = &where->layers[l];
        if (!counts(layer, row))
            continue;
        /* Only over SCAN_CASES_MAX, which a table cannot reach. */
        if (scan_add(layer->scan, row->spot - 1, (int32_t)week, 1, &err) == OK)
            layer->touched = true;
        share_of(layer, row->spot, row->value[FACET_AGENCY])->recent[week % WEEKS]++;
    }
    if (row->role != ROLE_FIRST)
        return;
    where->recent[row->value[FACET_AGENCY]][week % WEEKS]++;
    where->recent[where->agency_count][week % WEEKS]++;
}

/* ---- expectation ---- */

static void weigh_effort(struct where *where)
{
    size_t all = where->agency_count;
    uint32_t sum = 0;
    for (unsigned w = 0; w < WEEKS; w++) {
        if (w <= where->now)
            sum += where->recent[all][(where->now - w) % WEEKS];
        where->effort[all][w] = (sum + 0.5) / (where->history[all] + 0.5);
    }
    for (size_t a = 0; a < all; a++) {
        sum = 0;
        for (unsigned w = 0; w < WEEKS; w++) {
            if (w <= where->now)
                sum += where->recent[a][(where->now - w) % WEEKS];
            where->effort[a][w] =
                (sum + EFFORT_PRIOR) /
                (where->history[a] + EFFORT_PRIOR / where->effort[all][w]);
        }
    }
}

/* The agency's effort in the last 1 to 12 weeks, as its other spots tell it where they can. */
static void effort_beside(double out[WEEKS], const struct where *where, uint32_t spot,
                          uint32_t agency)
{
    static const struct share none;
    const struct layer *all = &where->layers[0];
    const struct share *own = &none;
    if (all->slot_count > 0) {
        uint32_t found = all->slots[slot_of(all, spot, agency)];
        own = found != 0 ? &all->shares[found - 1] : &none;
    }
    double history = (double)where->history[agency] - own->count, sum = 0;
    for (unsigned w = 0; w < WEEKS; w++) {
        if (w <= where->now) {
            unsigned at = (where->now - w) % WEEKS;
            sum += (double)where->recent[agency][at] - own->recent[at];
        }
        out[w] = history < OUTSIDE_MIN
                     ? where->effort[agency][w]
                     : (sum + EFFORT_PRIOR) /
                           (history + EFFORT_PRIOR / where->effort[where->agency_count][w]);
    }
}

/* Times slack, for every spot and window. */
static void expect(struct where *where, const struct layer *layer)
{
    double *expected = where->expected;
    size_t count = where->options.spots->count * WEEKS;
    memset(expected, 0, count * sizeof *expected);
    for (size_t i = 0; i < layer->share_count; i++) {
        const struct share *share = &layer->shares[i];
        double *at = expected + (size_t)(share->spot - 1) * WEEKS, effort[WEEKS];
        if (share->count == 0)
            continue;
        effort_beside(effort, where, share->spot, share->agency);
        for (unsigned w = 0; w < WEEKS; w++)
            at[w] += share->count * effort[w];
    }
    const double *all = where->effort[where->agency_count];
    for (size_t i = 0; i < count; i += WEEKS)
        for (unsigned w = 0; w < WEEKS; w++) {
            double least = LENT * all[w];
            expected[i + w] =
                PATTERN_SLACK * (expected[i + w] > least ? expected[i + w] : least);
        }
}

static const struct layer *layer_of(const struct where *where,
                                    const struct candidate *candidate)
{
    uint32_t commodity = candidate->mask >> FACET_COMMODITY & 1
                             ? where->options.rows[candidate->row].value[FACET_COMMODITY]
                             : 0;
    for (size_t l = 0; l < where->layer_count; l++)
        if (where->layers[l].commodity == commodity)
            return &where->layers[l];
    return &where->layers[0];
}

static double expected_at(const struct where *where, const struct layer *layer,
                          uint32_t spot, unsigned weeks)
{
    double sum = 0, least = LENT * where->effort[where->agency_count][weeks - 1];
    for (size_t i = 0; i < layer->share_count; i++) {
        const struct share *share = &layer->shares[i];
        double effort[WEEKS];
        if (share->spot != spot || share->count == 0)
            continue;
        effort_beside(effort, where, spot, share->agency);
        sum += share->count * effort[weeks - 1];
    }
    return sum > least ? sum : least;
}

double where_expected(const struct where *where, const struct candidate *candidate,
                      uint32_t spot)
{
    return expected_at(where, layer_of(where, candidate), spot, candidate_weeks(candidate));
}

/* ---- looking ---- */

static void mark_inside(const struct where *where, const struct scan_found *circle, bool in)
{
    for (size_t i = 0; i < circle->place_count; i++)
        where->inside[circle->places[i] + 1] = in;
}

void where_rows(uint32_t **rows, size_t *count, size_t *capacity, uint32_t *weekly,
                const struct where *where, const struct candidate *candidate)
{
    const struct layer *layer = layer_of(where, candidate);
    unsigned weeks = candidate_weeks(candidate);
    unsigned last = weekly != NULL       ? where->forgotten
                    : weeks > where->now ? 0
                                         : where->now + 1 - weeks;
    mark_inside(where, candidate->circle, true);
    for (unsigned week = where->now + 1; week-- > last;) {
        uint32_t here = 0;
        for (uint32_t i = where->head[week]; i != NO_ROW; i = where->next[i]) {
            if (!where->inside[where->options.rows[i].spot] ||
                !counts(layer, &where->options.rows[i]))
                continue;
            here++;
            if (week + weeks <= where->now)
                continue;
            grow_to((void **)rows, capacity, *count, sizeof **rows);
            (*rows)[(*count)++] = i;
        }
        if (weekly != NULL)
            weekly[week] = here;
    }
    mark_inside(where, candidate->circle, false);
}

void where_weeks(uint32_t *weekly, const struct where *where,
                 const struct candidate *candidate, const struct known *known)
{
    const struct layer *layer = layer_of(where, candidate);
    int32_t base = where->options.base_day;
    int32_t from = base + (int32_t)where->forgotten * DAYS_A_WEEK;
    int32_t to = base + (int32_t)(where->now + 1) * DAYS_A_WEEK - 1;
    for (size_t i = 0; i < candidate->circle->place_count; i++) {
        struct known_rows list = known_at(known, candidate->circle->places[i] + 1);
        list = known_days(known, list, from, to);
        for (size_t k = 0; k < list.count; k++) {
            const struct table_row *row = &where->options.rows[list.rows[k]];
            weekly[(row->day - base) / DAYS_A_WEEK] += counts(layer, row);
        }
    }
}

void where_all(double *observed, double *expected, const struct where *where,
               const struct candidate *candidate)
{
    unsigned weeks = candidate_weeks(candidate);
    *observed = *expected = 0;
    for (size_t i = 0; i < candidate->circle->place_count; i++)
        *expected +=
            expected_at(where, &where->layers[0], candidate->circle->places[i] + 1, weeks);
    mark_inside(where, candidate->circle, true);
    for (unsigned w = 0; w < weeks && w <= where->now; w++)
        for (uint32_t i = where->head[where->now - w]; i != NO_ROW; i = where->next[i])
            *observed += where->inside[where->options.rows[i].spot] &&
                         counts(&where->layers[0], &where->options.rows[i]);
    mark_inside(where, candidate->circle, false);
}

/* The row received last that it counts: it made the circle stand out. */
static uint32_t last_row(const struct where *where, const struct layer *layer,
                         const struct scan_found *circle, unsigned weeks)
{
    const struct table_row *rows = where->options.rows;
    uint32_t last = NO_ROW;
    mark_inside(where, circle, true);
    for (unsigned w = 0; w < weeks && w <= where->now; w++)
        for (uint32_t i = where->head[where->now - w]; i != NO_ROW; i = where->next[i])
            if (where->inside[rows[i].spot] && counts(layer, &rows[i]) &&
                (last == NO_ROW || rows[i].received > rows[last].received ||
                 (rows[i].received == rows[last].received && i > last)))
                last = i;
    mark_inside(where, circle, false);
    return last;
}

/* By history alone: what all agencies together would have seized there. */
static double expect_raw(const struct where *where, const struct layer *layer,
                         const struct scan_found *circle, unsigned weeks)
{
    double sum = 0;
    mark_inside(where, circle, true);
    for (size_t i = 0; i < layer->share_count; i++)
        if (where->inside[layer->shares[i].spot])
            sum += layer->shares[i].count;
    mark_inside(where, circle, false);
    return fmax(sum, LENT) * where->effort[where->agency_count][weeks - 1];
}

static void look_at_layer(struct candidate **list, size_t *count, size_t *capacity,
                          struct where *where, struct layer *layer, double floor)
{
    const struct scan_found *found = NULL;
    size_t found_count = 0;
    struct err err;
    expect(where, layer);
    struct scan_question question = {.day = (int32_t)where->now,
                                     .statistic = SCAN_POISSON,
                                     .least = floor,
                                     .most = FOUND_MAX,
                                     .expected = where->expected};
    if (scan_day(&found, &found_count, layer->scan, &question, &where->arena, &err) != OK)
        return;
    for (size_t i = 0; i < found_count; i++) {
        unsigned weeks = (unsigned)(found[i].to - found[i].from) + 1;
        uint32_t row = last_row(where, layer, &found[i], weeks);
        if (row == NO_ROW)
            continue;
        grow_to((void **)list, capacity, *count, sizeof **list);
        (*list)[(*count)++] =
            (struct candidate){.score = found[i].llr,
                               .expected = found[i].expected / PATTERN_SLACK,
                               .expected_raw = expect_raw(where, layer, &found[i], weeks),
                               .row = row,
                               .observed = (uint32_t)found[i].observed,
                               .mask = layer->commodity != 0 ? 1u << FACET_COMMODITY : 0,
                               .circle = &found[i]};
    }
}

void where_look(struct candidate **list, size_t *count, size_t *capacity,
                struct where *where, double floor)
{
    arena_reset(&where->arena);
    bool weighed = false;
    for (size_t l = 0; l < where->layer_count; l++) {
        struct layer *layer = &where->layers[l];
        if (!layer->touched)
            continue;
        layer->touched = false;
        if (!weighed)
            weigh_effort(where);
        weighed = true;
        look_at_layer(list, count, capacity, where, layer, floor);
    }
}
