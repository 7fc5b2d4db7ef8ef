/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/pattern.h"

#include "base/memory.h"
#include "base/pool.h"
#include "watch/mix.h"
#include "watch/pattern_judge.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAYS_A_WEEK = 7,
    WORK_MAX = 400 * 1000 * 1000, /* counters touched in one pass over the table */
    POOL_MIN = 3000,              /* counters, below which one thread is faster */
    ROWS_A_JOB = 16,
    PART_ROWS_MAX = PATTERN_PART_MAX / 8, /* of rows that answer next to nothing */
    RULES_A_ROW = 4,                      /* different ones, to be ready for */
    RULES_READY = 4 * 1000 * 1000,
};
#define NO_ROW UINT32_MAX
enum { SUBSTANCE = 1u << FACET_SUBSTANCE, COMMODITY = 1u << FACET_COMMODITY };
static const double INCOMPLETE_SHARE = 0.02; /* of rows without an answer */

bool pattern_counts_row(const struct table_row *row, unsigned mask)
{
    if (row->quarantined)
        return false;
    switch ((enum table_role)row->role) {
    case ROLE_FIRST:
        return true;
    case ROLE_SUBSTANCE:
        return (mask & (SUBSTANCE | COMMODITY)) != 0;
    case ROLE_VARIANT:
        return (mask & SUBSTANCE) != 0;
    case ROLE_REPEAT:
        return false;
    }
    return false;
}

bool pattern_matches(const struct table_row *row, const struct table_row *rule,
                     unsigned mask)
{
    for (unsigned rest = mask; rest != 0; rest &= rest - 1) {
        int facet = __builtin_ctz(rest);
        if (row->value[facet] != rule->value[facet])
            return false;
    }
    return true;
}

bool pattern_matches_at(const struct pattern *pattern, uint32_t i, uint32_t rule,
                        unsigned mask)
{
    const struct row_glance *a = &pattern->glances[i], *b = &pattern->glances[rule];
    for (unsigned rest = mask; rest != 0; rest &= rest - 1) {
        int facet = __builtin_ctz(rest);
        if (a->answer[facet] != b->answer[facet])
            return false;
    }
    return pattern_matches(&pattern->rows[i], &pattern->rows[rule], mask);
}

static struct row_glance *glance_at(const struct table_row *rows, size_t count)
{
    struct row_glance *glances = xcalloc(count + 1, sizeof *glances);
    _Static_assert(FACET_COUNT <= sizeof glances->answer, "an answer for each facet");
    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < FACET_COUNT; f++) {
            uint32_t value = rows[i].value[f];
            glances[i].answer[f] = (uint8_t)(value ^ value >> 8 ^ value >> 16);
        }
    return glances;
}

uint16_t pattern_incomplete(const struct watch_table *table, int32_t until)
{
    size_t missing[FACET_COUNT] = {0}, known = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i].received >= until)
            continue;
        known++;
        for (unsigned f = 0; f < FACET_COUNT; f++)
            missing[f] += table->rows[i].value[f] == 0;
    }
    uint16_t incomplete = 0;
    for (unsigned f = 0; f < FACET_COUNT; f++)
        if (known == 0 || (double)missing[f] > INCOMPLETE_SHARE * (double)known)
            incomplete |= (uint16_t)(1u << f);
    return incomplete;
}

/* A commodity that is one substance only would count everything twice. */
static uint8_t *find_lone_commodities(const struct watch_table *table, int32_t until)
{
    size_t count = table->values[FACET_COMMODITY].count + 1;
    uint8_t *lone = xcalloc(count, 1);
    uint32_t *substance = xcalloc(count, sizeof *substance);
    for (size_t i = 0; i < table->count; i++) {
        const struct table_row *row = &table->rows[i];
        uint32_t commodity = row->value[FACET_COMMODITY];
        if (row->received >= until)
            continue;
        if (substance[commodity] == 0)
            lone[commodity] = 1;
        else if (substance[commodity] != row->value[FACET_SUBSTANCE])
            lone[commodity] = 0;
        if (substance[commodity] == 0)
            substance[commodity] = row->value[FACET_SUBSTANCE];
    }
    free(substance);
    return lone;
}

/* Conjunctions of at most size of n facets. */
static double conjunctions(unsigned n, unsigned size)
{
    double sum = 0, choose = 1;
    for (unsigned k = 1; k <= n && k <= size; k++) {
        choose = choose * (n - k + 1) / k;
        sum += choose;
    }
    return sum;
}

/* Seven, unless so many facets are answered in so many rows that it would take too long. */
static unsigned choose_size(const struct watch_table *table)
{
    double rows_with[FACET_COUNT + 1] = {0};
    for (size_t i = 0; i < table->count; i++) {
        unsigned known = 0;
        for (unsigned f = 0; f < FACET_COUNT; f++)
            known += table->rows[i].value[f] != 0 && f != FACET_COMMODITY;
        rows_with[known]++;
    }
    for (unsigned size = PATTERN_SIZE_MAX; size > 3; size--) {
        double work = 0;
        for (unsigned k = 1; k <= FACET_COUNT; k++)
            work += rows_with[k] * 1.5 * conjunctions(k, size);
        if (work <= WORK_MAX)
            return size;
    }
    return 3;
}

void pattern_init(struct pattern *pattern, const struct pattern_options *options)
{
    assert(options->first_day <= options->last_day);
    assert(options->last_day - options->first_day <= (PATTERN_YEARS_MAX + 1) * 366);
    *pattern = (struct pattern){
        .rows = options->rows,
        .row_count = options->row_count,
        .base_day = options->first_day,
        .today = options->first_day,
        .horizon_days = options->horizon_days,
        .learn_from = options->learn_from,
        .lone_commodity = find_lone_commodities(options->table, options->known_until),
        .batch = xcalloc(1, sizeof *pattern->batch),
        .pool = options->pool,
        .threads = options->pool != NULL ? pool_threads(options->pool) : 1,
        .week_count = (size_t)(options->last_day - options->first_day) / DAYS_A_WEEK + 1,
    };
    pattern->glances = glance_at(options->rows, options->row_count);
    shapes_init(&pattern->shapes);
    pattern->shapes.size_max = pattern->size_max = choose_size(options->table);
    pattern->shapes.incomplete = pattern_incomplete(options->table, options->known_until);
    pattern->scratch = xcalloc(pattern->threads, sizeof *pattern->scratch);
    for (unsigned i = 0; i < pattern->threads; i++)
        pattern->scratch[i] = xcalloc(1, sizeof *pattern->scratch[i]);
    size_t ready = options->row_count * RULES_A_ROW;
    for (size_t i = 0; i < SHAPE_SHARDS; i++)
        counts_reserve(&pattern->rules[i],
                       (ready < RULES_READY ? ready : RULES_READY) / SHAPE_SHARDS);
    pattern->head = xmalloc(pattern->week_count * sizeof *pattern->head);
    pattern->next = xmalloc((options->row_count + 1) * sizeof *pattern->next);
    memset(pattern->head, 0xff, pattern->week_count * sizeof *pattern->head);
}

void pattern_release(struct pattern *pattern)
{
    if (pattern == NULL)
        return;
    for (size_t i = 0; i < SHAPE_SHARDS; i++)
        counts_release(&pattern->rules[i]);
    counts_release(&pattern->effort);
    shapes_release(&pattern->shapes);
    for (size_t f = 0; f < FACET_COUNT; f++)
        first_release(&pattern->first[f]);
    if (pattern->batch != NULL) {
        free(pattern->batch->rows);
        free(pattern->batch->slots);
        free(pattern->batch->states);
        free(pattern->batch->news);
    }
    for (unsigned i = 0; i < pattern->threads; i++) {
        free(pattern->scratch[i]->hash);
        free(pattern->scratch[i]->asked);
        free(pattern->scratch[i]);
    }
    free(pattern->scratch);
    free(pattern->batch);
    free(pattern->found);
    free(pattern->lone_commodity);
    free(pattern->head);
    free(pattern->next);
    free(pattern->glances);
    *pattern = (struct pattern){0};
}

size_t pattern_conjunctions(const struct pattern *pattern)
{
    size_t count = 0;
    for (size_t i = 0; i < SHAPE_SHARDS; i++)
        count += pattern->rules[i].used;
    return count;
}

/* ---- batches of rows ---- */

void pattern_batch_clear(struct pattern_batch *batch)
{
    batch->count = batch->entries = 0;
}

static bool is_full(const struct pattern_batch *batch)
{
    return batch->entries >= PATTERN_PART_MAX || batch->count >= PART_ROWS_MAX;
}

static unsigned answered_facets(const struct table_row *row)
{
    unsigned answered = 0;
    for (unsigned f = 0; f < FACET_COUNT; f++)
        answered |= (unsigned)(row->value[f] != 0) << f;
    return answered;
}

void pattern_batch_push(struct pattern *pattern, uint32_t index)
{
    struct pattern_batch *batch = pattern->batch;
    const struct table_row *row = &pattern->rows[index];
    grow_to((void **)&batch->rows, &batch->capacity, batch->count, sizeof *batch->rows);
    unsigned answered = answered_facets(row);
    if ((answered & COMMODITY) && (answered & SUBSTANCE) &&
        pattern->lone_commodity[row->value[FACET_COMMODITY]])
        answered &= ~(unsigned)COMMODITY;
    struct batch_row *out = &batch->rows[batch->count++];
    out->shape = shapes_find(&pattern->shapes, answered, row->role);
    out->at = batch->entries;
    out->row = index;
    out->week = (unsigned)(row->day - pattern->base_day) / DAYS_A_WEEK;
    for (unsigned b = 0; b < out->shape->bits; b++) {
        unsigned f = out->shape->facet[b];
        out->value[b] = mix_value(f, row->value[f]);
    }
    batch->entries += out->shape->mask_count;
}

static void run_batch(struct pattern *pattern, pool_job *job, void *context, size_t count)
{
    bool small = pattern->batch->entries < POOL_MIN;
    pool_run(small ? NULL : pattern->pool, job, context, count);
}

/* Of all rows of the batch the conjunctions of one shard; how many. */
static size_t list_hashes(struct pattern_scratch *s, const struct pattern_batch *batch,
                          size_t shard)
{
    size_t count = 0;
    grow_to((void **)&s->hash, &s->hash_capacity, batch->entries, sizeof *s->hash);
    for (size_t i = 0; i < batch->count; i++) {
        const struct shape *shape = batch->rows[i].shape;
        size_t from = shape->from[shard], masks = shape->from[shard + 1] - from;
        shape_hash(s->hash + count, shape, batch->rows[i].value, shape->masks + from,
                   masks);
        count += masks;
    }
    return count;
}

static struct counts_row shard_row(const struct batch_row *row, const uint64_t *hash,
                                   size_t known, size_t shard)
{
    const size_t *from = row->shape->from;
    return (struct counts_row){.hash = hash,
                               .count = from[shard + 1] - from[shard],
                               .draws = row->shape->draws[shard],
                               .known = known,
                               .week = row->week};
}

static void count_shard(void *context, size_t shard, unsigned thread)
{
    struct pattern *pattern = context;
    struct pattern_batch *batch = pattern->batch;
    struct pattern_scratch *s = pattern->scratch[thread];
    struct counts *counts = &pattern->rules[shard];
    size_t count = list_hashes(s, batch, shard), done = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct counts_row row =
            shard_row(&batch->rows[i], s->hash + done, count - done, shard);
        size_t at = batch->rows[i].at + batch->rows[i].shape->from[shard];
        counts_add_all(batch->slots + at, batch->news + at, counts, &row, pattern->now);
        done += row.count;
    }
    /* Read at once, while they are still near. */
    for (size_t i = 0; i < batch->count; i++) {
        const size_t *from = batch->rows[i].shape->from;
        size_t at = batch->rows[i].at + from[shard];
        counts_read_all(batch->states + at, counts, batch->slots + at,
                        from[shard + 1] - from[shard], pattern->now);
    }
}

static void forget_shard(void *context, size_t shard, unsigned thread)
{
    struct pattern *pattern = context;
    const struct pattern_batch *batch = pattern->batch;
    struct pattern_scratch *s = pattern->scratch[thread];
    size_t count = list_hashes(s, batch, shard), done = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct counts_row row =
            shard_row(&batch->rows[i], s->hash + done, count - done, shard);
        counts_forget_all(&pattern->rules[shard], &row);
        done += row.count;
    }
}

/* ---- forgetting ---- */

static void forget_effort(struct pattern *pattern, const struct batch_row *row)
{
    const struct table_row *answers = &pattern->rows[row->row];
    for (unsigned f = 0; f < FACET_COUNT; f++)
        if (answers->value[f] != 0)
            first_forget(&pattern->first[f], answers->value[f]);
    if (answers->role != ROLE_FIRST)
        return;
    unsigned incomplete = answered_facets(answers) & pattern->shapes.incomplete;
    for (unsigned facets = incomplete;; facets = (facets - 1) & incomplete) {
        counts_slot(&pattern->effort, effort_hash(answers->value[FACET_AGENCY] + 1, facets))
            ->total--;
        counts_slot(&pattern->effort, effort_hash(0, facets))->total--;
        if (facets == 0)
            break;
    }
}

static void forget_batch(struct pattern *pattern)
{
    struct pattern_batch *batch = pattern->batch;
    if (batch->count == 0)
        return;
    for (size_t i = 0; i < batch->count; i++)
        forget_effort(pattern, &batch->rows[i]);
    run_batch(pattern, forget_shard, pattern, SHAPE_SHARDS);
    pattern_batch_clear(batch);
}

void pattern_advance(struct pattern *pattern, int32_t day)
{
    assert(day >= pattern->today);
    pattern->today = day;
    pattern->now = (unsigned)(day - pattern->base_day) / DAYS_A_WEEK;
    pattern->taken++;
    unsigned keep = (unsigned)pattern->horizon_days / DAYS_A_WEEK + COUNTS_WEEKS;
    pattern_batch_clear(pattern->batch);
    for (; pattern->forgotten + keep < pattern->now; pattern->forgotten++)
        for (uint32_t i = pattern->head[pattern->forgotten]; i != NO_ROW;
             i = pattern->next[i]) {
            pattern_batch_push(pattern, i);
            if (is_full(pattern->batch))
                forget_batch(pattern);
        }
    forget_batch(pattern);
}

/* ---- counting ---- */

static void count_effort(struct pattern *pattern, const struct batch_row *row)
{
    const struct table_row *answers = &pattern->rows[row->row];
    for (unsigned f = 0; f < FACET_COUNT; f++)
        if (answers->value[f] != 0)
            first_add(&pattern->first[f], answers->value[f]);
    unsigned incomplete = answered_facets(answers) & pattern->shapes.incomplete;
    counts_reserve(&pattern->effort, (size_t)2 << __builtin_popcount(incomplete));
    for (unsigned facets = incomplete;; facets = (facets - 1) & incomplete) {
        struct count_slot *agency = counts_slot(
            &pattern->effort, effort_hash(answers->value[FACET_AGENCY] + 1, facets));
        struct count_slot *all = counts_slot(&pattern->effort, effort_hash(0, facets));
        if (answers->role == ROLE_FIRST) {
            counts_add(&pattern->effort, agency, row->week, pattern->now);
            counts_add(&pattern->effort, all, row->week, pattern->now);
        }
        if (facets == 0)
            return;
    }
}

static void count_batch(struct pattern *pattern)
{
    struct pattern_batch *batch = pattern->batch;
    size_t more[SHAPE_SHARDS] = {0};
    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_row *row = &batch->rows[i];
        count_effort(pattern, row);
        pattern->next[row->row] = pattern->head[row->week];
        pattern->head[row->week] = row->row;
        for (size_t k = 0; k < SHAPE_SHARDS; k++)
            more[k] += row->shape->from[k + 1] - row->shape->from[k];
    }
    for (size_t k = 0; k < SHAPE_SHARDS; k++)
        counts_reserve(&pattern->rules[k], more[k]);
    grow_to((void **)&batch->slots, &batch->slot_capacity, batch->entries,
            sizeof *batch->slots);
    grow_to((void **)&batch->states, &batch->state_capacity, batch->entries,
            sizeof *batch->states);
    grow_to((void **)&batch->news, &batch->news_capacity, batch->entries, 1);
    run_batch(pattern, count_shard, pattern, SHAPE_SHARDS);
}

struct judging {
    struct pattern *pattern;
    const struct pattern_floors *floors;
};

static void judge_rows(void *context, size_t index, unsigned thread)
{
    const struct judging *judging = context;
    const struct pattern *pattern = judging->pattern;
    struct pattern_scratch *s = pattern->scratch[thread];
    size_t end = (index + 1) * ROWS_A_JOB;
    judge_set_floor(s, judging->floors->seed);
    for (size_t i = index * ROWS_A_JOB; i < end && i < pattern->batch->count; i++) {
        struct batch_row *row = &pattern->batch->rows[i];
        row->best.score = 0;
        if (pattern->now - row->week < COUNTS_WEEKS)
            judge_row(s, pattern, row, judging->floors);
    }
}

static void judge_batch(struct pattern *pattern, const struct pattern_floors *floors)
{
    struct judging judging = {pattern, floors};
    const struct pattern_batch *batch = pattern->batch;
    run_batch(pattern, judge_rows, &judging, (batch->count + ROWS_A_JOB - 1) / ROWS_A_JOB);
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->rows[i].best.score <= 0)
            continue;
        grow_to((void **)&pattern->found, &pattern->found_capacity, pattern->found_count,
                sizeof *pattern->found);
        pattern->found[pattern->found_count++] = batch->rows[i].best;
    }
    for (unsigned t = 0; t < pattern->threads; t++)
        for (size_t bin = 0; bin < BURST_BINS; bin++) {
            struct pattern_scratch *s = pattern->scratch[t];
            pattern->bursts[bin].seen += s->seen[bin];
            pattern->bursts[bin].repeats += s->repeats[bin];
            s->seen[bin] = s->repeats[bin] = 0;
        }
}

static bool is_wanted(const struct pattern *pattern, const struct table_row *row)
{
    assert(row->day <= pattern->today);
    if (row->quarantined || row->role == ROLE_REPEAT || row->day < pattern->base_day)
        return false;
    return (unsigned)(row->day - pattern->base_day) / DAYS_A_WEEK >= pattern->forgotten;
}

const struct candidate *pattern_day(size_t *found, struct pattern *pattern,
                                    const uint32_t *rows, size_t count,
                                    const struct pattern_floors *floors)
{
    pattern->found_count = 0;
    pattern_batch_clear(pattern->batch);
    for (size_t i = 0; i < count; i++) {
        if (is_wanted(pattern, &pattern->rows[rows[i]]))
            pattern_batch_push(pattern, rows[i]);
        if (pattern->batch->count == 0 || (i + 1 < count && !is_full(pattern->batch)))
            continue;
        count_batch(pattern);
        pattern->taken++;
        if (pattern->today >= pattern->learn_from)
            judge_batch(pattern, floors);
        pattern_batch_clear(pattern->batch);
    }
    *found = pattern->found_count;
    return pattern->found;
}
