/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/pattern.h"

#include "base/memory.h"
#include "watch/mix.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOCAL_MAX = 1 << FACET_COUNT,
    DAYS_A_WEEK = 7,
    WORK_MAX = 400 * 1000 * 1000, /* counters touched in one pass over the table */
};
#define NO_ROW UINT32_MAX
enum {
    AGENCY = 1u << FACET_AGENCY,
    SUBSTANCE = 1u << FACET_SUBSTANCE,
    COMMODITY = 1u << FACET_COMMODITY
};
static const double INCOMPLETE_SHARE = 0.02; /* of rows without an answer */
static const double WELL_KNOWN = 12;         /* events that need no prior */
static const double EFFORT_PRIOR = 2;        /* events at the rate of all agencies */
static const double BURST_PRIOR = 20;        /* sightings as expected, lent to each bin */
static const double BURST_EVIDENT = 4;       /* times the expectation ... */
static const double BURST_LEAST = 0.02; /* ... and repeats a sighting: a few real novelties
                                                must not teach that novelties are usual */
static const double PARENT_LLR = 3;     /* by which a rule beats its parent's surge */

/* Of the row being added; a local mask has one bit for each facet the row answers. */
struct pattern_scratch {
    unsigned facet[FACET_COUNT]; /* of local bit */
    unsigned bits;
    unsigned agency, substance, commodity, incomplete; /* local masks; 0: none */
    /* the local masks that are counted, smaller ones first, and those that are a new draw; kept
     * while rows of the same shape come */
    uint64_t shape;
    uint16_t masks[LOCAL_MAX], draws[LOCAL_MAX];
    size_t mask_count, draw_count;
    uint64_t hash[LOCAL_MAX];
    struct count_slot *slot[LOCAL_MAX];
    double shrunk[LOCAL_MAX];
    double burst[LOCAL_MAX];
    uint32_t sums[LOCAL_MAX][COUNTS_WINDOWS];
    double effort[LOCAL_MAX][COUNTS_WINDOWS]; /* by the incomplete facets of the rule */
    double effort_all[LOCAL_MAX][COUNTS_WINDOWS];
    double effort_most[LOCAL_MAX][COUNTS_WINDOWS]; /* the larger of the two */
};

double pattern_llr(double observed, double expected)
{
    if (observed <= expected)
        return 0;
    return observed * log(observed / expected) - (observed - expected);
}

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
        .size_max = choose_size(options->table),
        .incomplete = pattern_incomplete(options->table, options->known_until),
        .lone_commodity = find_lone_commodities(options->table, options->known_until),
        .scratch = xcalloc(1, sizeof *pattern->scratch),
        .week_count = (size_t)(options->last_day - options->first_day) / DAYS_A_WEEK + 1,
    };
    pattern->head = xmalloc(pattern->week_count * sizeof *pattern->head);
    pattern->next = xmalloc((options->row_count + 1) * sizeof *pattern->next);
    memset(pattern->head, 0xff, pattern->week_count * sizeof *pattern->head);
}

void pattern_release(struct pattern *pattern)
{
    if (pattern == NULL)
        return;
    counts_release(&pattern->rules);
    counts_release(&pattern->effort);
    for (size_t f = 0; f < FACET_COUNT; f++)
        first_release(&pattern->first[f]);
    free(pattern->lone_commodity);
    free(pattern->head);
    free(pattern->next);
    free(pattern->scratch);
    *pattern = (struct pattern){0};
}

/* ---- the conjunctions of a row ---- */

/* A local mask counts unless it names both the substance and its group, or too much; it is a new
 * draw when this row is the one of its event that adds to it. */
static void list_masks(struct pattern *pattern, unsigned role)
{
    struct pattern_scratch *s = pattern->scratch;
    uint64_t shape = ((uint64_t)s->substance << 40 | (uint64_t)s->commodity << 20 |
                      s->bits << 4 | role << 1 | 1);
    if (shape == s->shape)
        return;
    s->shape = shape;
    s->mask_count = s->draw_count = 0;
    unsigned nested = s->substance | s->commodity;
    unsigned adds = role == ROLE_SUBSTANCE ? nested : s->substance;
    for (unsigned m = 1; m < 1u << s->bits; m++) {
        bool both = s->substance != 0 && s->commodity != 0 && (m & nested) == nested;
        if (both || (unsigned)__builtin_popcount(m) > pattern->size_max)
            continue;
        s->masks[s->mask_count++] = (uint16_t)m;
        if (role == ROLE_FIRST || (m & adds) != 0)
            s->draws[s->draw_count++] = (uint16_t)m;
    }
}

static void take_row(struct pattern *pattern, const struct table_row *row)
{
    struct pattern_scratch *s = pattern->scratch;
    s->bits = s->agency = s->substance = s->commodity = s->incomplete = 0;
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        if (row->value[f] == 0)
            continue;
        if (f == FACET_COMMODITY && row->value[FACET_SUBSTANCE] != 0 &&
            pattern->lone_commodity[row->value[f]])
            continue;
        unsigned bit = 1u << s->bits;
        s->agency |= f == FACET_AGENCY ? bit : 0;
        s->substance |= f == FACET_SUBSTANCE ? bit : 0;
        s->commodity |= f == FACET_COMMODITY ? bit : 0;
        s->incomplete |= pattern->incomplete >> f & 1 ? bit : 0;
        s->facet[s->bits++] = f;
    }
    list_masks(pattern, row->role);
    s->hash[0] = 0x51ca7c0de;
    for (unsigned b = 0; b < s->bits; b++) {
        uint64_t value = mix_value(s->facet[b], row->value[s->facet[b]]);
        for (unsigned m = 0; m < 1u << b; m++)
            s->hash[1u << b | m] = s->hash[m] ^ value;
    }
}

static bool is_new_draw(const struct pattern_scratch *s, const struct table_row *row,
                        unsigned m)
{
    if (row->role == ROLE_FIRST)
        return true;
    return (m & (row->role == ROLE_SUBSTANCE ? s->substance | s->commodity
                                             : s->substance)) != 0;
}

static uint64_t effort_hash(uint32_t agency, unsigned facets)
{
    return mix(((uint64_t)agency << 16 | facets) + 0xeff0) | 1;
}

static unsigned global_mask(const struct pattern_scratch *s, unsigned m)
{
    unsigned mask = 0;
    for (; m != 0; m &= m - 1)
        mask |= 1u << s->facet[__builtin_ctz(m)];
    return mask;
}

/* ---- forgetting ---- */

static void forget_row(struct pattern *pattern, const struct table_row *row)
{
    struct pattern_scratch *s = pattern->scratch;
    take_row(pattern, row);
    for (size_t i = 0; i < s->draw_count; i++)
        counts_prefetch(&pattern->rules, s->hash[s->draws[i]]);
    for (size_t i = 0; i < s->draw_count; i++)
        counts_look(&pattern->rules, s->hash[s->draws[i]])->total--;
    for (unsigned f = 0; f < FACET_COUNT; f++)
        if (row->value[f] != 0)
            first_forget(&pattern->first[f], row->value[f]);
    if (row->role != ROLE_FIRST)
        return;
    for (unsigned m = s->incomplete;; m = (m - 1) & s->incomplete) {
        unsigned facets = global_mask(s, m);
        counts_find(&pattern->effort, effort_hash(row->value[FACET_AGENCY] + 1, facets))
            ->total--;
        counts_find(&pattern->effort, effort_hash(0, facets))->total--;
        if (m == 0)
            break;
    }
}

void pattern_advance(struct pattern *pattern, int32_t day)
{
    assert(day >= pattern->today);
    pattern->today = day;
    pattern->now = (unsigned)(day - pattern->base_day) / DAYS_A_WEEK;
    unsigned keep = (unsigned)pattern->horizon_days / DAYS_A_WEEK + COUNTS_WEEKS;
    for (; pattern->forgotten + keep < pattern->now; pattern->forgotten++)
        for (uint32_t i = pattern->head[pattern->forgotten]; i != NO_ROW;
             i = pattern->next[i])
            forget_row(pattern, &pattern->rows[i]);
}

/* ---- counting ---- */

/* The agency's (and everybody's) seizures, among those that answer the facets. */
static void weigh_effort(struct pattern *pattern, const struct table_row *row)
{
    struct pattern_scratch *s = pattern->scratch;
    for (unsigned m = s->incomplete;; m = (m - 1) & s->incomplete) {
        unsigned facets = global_mask(s, m);
        const struct count_slot *agency = counts_find(
            &pattern->effort, effort_hash(row->value[FACET_AGENCY] + 1, facets));
        const struct count_slot *all =
            counts_find(&pattern->effort, effort_hash(0, facets));
        uint32_t ours[COUNTS_WINDOWS], theirs[COUNTS_WINDOWS];
        counts_sums(ours, &pattern->effort, agency, pattern->now);
        counts_sums(theirs, &pattern->effort, all, pattern->now);
        double our_history = agency->total - (double)ours[COUNTS_WINDOWS - 1];
        double all_history = all->total - (double)theirs[COUNTS_WINDOWS - 1];
        for (size_t w = 0; w < COUNTS_WINDOWS; w++) {
            double of_all = (theirs[w] + 0.5) / (all_history + 0.5);
            s->effort_all[m][w] = of_all;
            s->effort[m][w] =
                (ours[w] + EFFORT_PRIOR) / (our_history + EFFORT_PRIOR / of_all);
            s->effort_most[m][w] = s->effort[m][w] > of_all ? s->effort[m][w] : of_all;
        }
        if (m == 0) {
            s->shrunk[0] = all_history;
            return;
        }
    }
}

static void count_effort(struct pattern *pattern, const struct table_row *row,
                         unsigned week)
{
    struct pattern_scratch *s = pattern->scratch;
    counts_reserve(&pattern->effort, (size_t)2 << s->bits);
    for (unsigned m = s->incomplete;; m = (m - 1) & s->incomplete) {
        unsigned facets = global_mask(s, m);
        struct count_slot *agency = counts_slot(
            &pattern->effort, effort_hash(row->value[FACET_AGENCY] + 1, facets));
        struct count_slot *all = counts_slot(&pattern->effort, effort_hash(0, facets));
        if (row->role == ROLE_FIRST) {
            counts_add(&pattern->effort, agency, week, pattern->now);
            counts_add(&pattern->effort, all, week, pattern->now);
        }
        if (m == 0)
            return;
    }
}

static void count_rules(struct pattern *pattern, const struct table_row *row, unsigned week)
{
    struct pattern_scratch *s = pattern->scratch;
    counts_reserve(&pattern->rules, s->mask_count);
    for (size_t i = 0; i < s->mask_count; i++)
        counts_prefetch(&pattern->rules, s->hash[s->masks[i]]);
    for (size_t i = 0; i < s->mask_count; i++)
        s->slot[s->masks[i]] = counts_slot(&pattern->rules, s->hash[s->masks[i]]);
    for (size_t i = 0; i < s->draw_count; i++)
        counts_add(&pattern->rules, s->slot[s->draws[i]], week, pattern->now);
    for (unsigned f = 0; f < FACET_COUNT; f++)
        if (row->value[f] != 0)
            first_add(&pattern->first[f], row->value[f]);
}

/* ---- judging ---- */

static double effort_of(const struct pattern_scratch *s, unsigned m, size_t w)
{
    unsigned facets = m & s->incomplete;
    return (m & s->agency) != 0 ? s->effort[facets][w] : s->effort_most[facets][w];
}

static void shrink_rule(struct pattern *pattern, unsigned m, const double *share)
{
    struct pattern_scratch *s = pattern->scratch;
    counts_sums(s->sums[m], &pattern->rules, s->slot[m], pattern->now);
    double history = s->slot[m]->total - (double)s->sums[m][COUNTS_WINDOWS - 1];
    double prior = 0;
    if ((m & (m - 1)) == 0) {
        prior = first_repeats(&pattern->first[s->facet[__builtin_ctz(m)]]);
        s->shrunk[m] = history > prior ? history : prior;
        return;
    }
    if (history >= WELL_KNOWN) {
        s->shrunk[m] = history;
        return;
    }
    for (unsigned rest = m; rest != 0; rest &= rest - 1) {
        unsigned bit = rest & -rest;
        double guess = s->shrunk[m ^ bit] * share[__builtin_ctz(bit)];
        prior = guess > prior ? guess : prior;
    }
    double shrunk = prior * (history + 1) / (prior + 1);
    s->shrunk[m] = history > shrunk ? history : shrunk;
}

static struct burst *burst_of(struct pattern *pattern, double expected)
{
    int bin = expected > 0 ? -ilogb(expected) / 2 : BURST_BINS - 1;
    return &pattern->bursts[bin < 0 ? 0 : bin >= BURST_BINS ? BURST_BINS - 1 : bin];
}

/* How often a rule never seen before comes again within twelve weeks; 0 when they are no
 * more than chance. May learn from the row just added. */
static double expect_burst(struct pattern *pattern, const struct table_row *row, unsigned m,
                           bool learn)
{
    struct pattern_scratch *s = pattern->scratch;
    uint32_t recent = s->sums[m][COUNTS_WINDOWS - 1];
    if ((m & (m - 1)) == 0 || s->slot[m]->total != recent)
        return 0;
    double expected = s->shrunk[m] * effort_of(s, m, COUNTS_WINDOWS - 1);
    struct burst *burst = burst_of(pattern, expected);
    double repeats =
        (burst->repeats + BURST_PRIOR * expected) / (burst->seen + BURST_PRIOR);
    if (learn && is_new_draw(s, row, m)) {
        burst->seen += recent == 1;
        burst->repeats += recent == 2;
    }
    return repeats > BURST_LEAST && repeats > BURST_EVIDENT * expected ? repeats : 0;
}

/* The rule in the window; a value never seen before is judged by its repeats. */
static double score_rule(struct candidate *out, const struct pattern *pattern, unsigned m,
                         size_t w)
{
    const struct pattern_scratch *s = pattern->scratch;
    uint32_t count = s->sums[m][w];
    bool is_first =
        (m & (m - 1)) == 0 && s->slot[m]->total == s->sums[m][COUNTS_WINDOWS - 1];
    if (m == s->agency || count < 2u + is_first)
        return 0;
    double raw = s->shrunk[m] * s->effort_all[0][w];
    double expected = s->shrunk[m] * effort_of(s, m, w);
    if (s->burst[m] > expected) {
        expected = s->burst[m];
        is_first = true;
    }
    double told = count - (double)is_first;
    if (told <= PATTERN_SLACK * expected)
        return 0;
    double score = pattern_llr(told, PATTERN_SLACK * expected);
    if (score > out->score)
        *out = (struct candidate){.score = score,
                                  .expected = expected,
                                  .expected_raw = raw,
                                  .observed = count,
                                  .mask = (uint16_t)m,
                                  .window = (uint8_t)w,
                                  .is_first = is_first && (m & (m - 1)) == 0};
    return score;
}

/* A rule that only shares in the surge of a wider one gives way to it. */
static void give_way(struct candidate *best, const struct pattern *pattern)
{
    const struct pattern_scratch *s = pattern->scratch;
    for (unsigned rest = best->mask; rest != 0; rest &= rest - 1) {
        unsigned parent = best->mask & ~(rest & -rest);
        if (parent == 0 || parent == s->agency ||
            s->sums[parent][best->window] < 2 * best->observed)
            continue;
        double inherited =
            s->sums[parent][best->window] * s->shrunk[best->mask] / s->shrunk[parent];
        if (pattern_llr(best->observed, inherited) >= PARENT_LLR)
            continue;
        struct candidate wider = {0};
        for (size_t w = 0; w < COUNTS_WINDOWS; w++)
            score_rule(&wider, pattern, parent, w);
        *best = wider;
        if (wider.score > 0)
            give_way(best, pattern);
        return;
    }
}

/* What stands out most of the row's rules, or of the one of them that only says. */
static void judge_rules(struct candidate *found, struct pattern *pattern,
                        const struct table_row *row, unsigned only)
{
    struct pattern_scratch *s = pattern->scratch;
    double share[FACET_COUNT];
    for (unsigned b = 0; b < s->bits; b++)
        share[b] = first_share(&pattern->first[s->facet[b]], row->value[s->facet[b]]);
    for (size_t i = 0; i < s->mask_count; i++) {
        unsigned m = s->masks[i];
        shrink_rule(pattern, m, share);
        s->burst[m] = expect_burst(pattern, row, m, only == 0);
        if (s->sums[m][COUNTS_WINDOWS - 1] < 2 || (only != 0 && global_mask(s, m) != only))
            continue;
        for (size_t w = 0; w < COUNTS_WINDOWS; w++)
            if (s->sums[m][w] > PATTERN_SLACK * s->shrunk[m] * effort_of(s, m, w))
                score_rule(found, pattern, m, w);
    }
}

/* A value that only two of the rows share, among noise, makes a rule rarer and not truer: where the
 * rule without one of its facets would be raised too, holds half as many more, and nearly all of
 * them are beyond expectation, that is the rule. */
static void widen(struct candidate *best, const struct pattern *pattern, double floor)
{
    const struct pattern_scratch *s = pattern->scratch;
    struct candidate widest = {.score = 0};
    for (unsigned rest = best->mask; rest != 0; rest &= rest - 1) {
        unsigned parent = best->mask & ~(rest & -rest);
        struct candidate wider = {.score = 0};
        if (parent == 0 || parent == s->agency)
            continue;
        for (size_t w = 0; w < COUNTS_WINDOWS; w++)
            score_rule(&wider, pattern, parent, w);
        if (wider.score >= floor && wider.score > widest.score &&
            2 * wider.observed >= 3 * best->observed &&
            wider.expected <= 0.1 * wider.observed)
            widest = wider;
    }
    if (widest.score <= 0)
        return;
    *best = widest;
    widen(best, pattern, floor);
}

void pattern_probe(struct candidate *out, struct pattern *pattern, uint32_t index,
                   unsigned mask)
{
    struct pattern_scratch *s = pattern->scratch;
    const struct table_row *row = &pattern->rows[index];
    *out = (struct candidate){.row = index, .mask = (uint16_t)mask};
    take_row(pattern, row);
    for (size_t i = 0; i < s->mask_count; i++)
        s->slot[s->masks[i]] = counts_look(&pattern->rules, s->hash[s->masks[i]]);
    weigh_effort(pattern, row);
    judge_rules(out, pattern, row, mask);
    out->mask = (uint16_t)mask;
}

void pattern_counters(uint32_t *total, uint32_t sums[COUNTS_WINDOWS],
                      struct pattern *pattern, uint32_t index, unsigned mask)
{
    struct pattern_scratch *s = pattern->scratch;
    take_row(pattern, &pattern->rows[index]);
    *total = 0;
    memset(sums, 0, COUNTS_WINDOWS * sizeof *sums);
    for (size_t i = 0; i < s->mask_count; i++) {
        const struct count_slot *slot = NULL;
        if (global_mask(s, s->masks[i]) == mask)
            slot = counts_find(&pattern->rules, s->hash[s->masks[i]]);
        if (slot == NULL)
            continue;
        *total = slot->total;
        counts_sums(sums, &pattern->rules, slot, pattern->now);
    }
}

bool pattern_add(struct candidate *best, struct pattern *pattern, uint32_t index,
                 double floor)
{
    const struct table_row *row = &pattern->rows[index];
    assert(row->day <= pattern->today);
    if (row->quarantined || row->role == ROLE_REPEAT || row->day < pattern->base_day)
        return false;
    unsigned week = (unsigned)(row->day - pattern->base_day) / DAYS_A_WEEK;
    if (week < pattern->forgotten)
        return false;
    struct pattern_scratch *s = pattern->scratch;
    take_row(pattern, row);
    count_effort(pattern, row, week);
    count_rules(pattern, row, week);
    pattern->next[index] = pattern->head[week];
    pattern->head[week] = index;
    if (pattern->now - week >= COUNTS_WEEKS || pattern->today < pattern->learn_from)
        return false;

    weigh_effort(pattern, row);
    struct candidate found = {.score = 0};
    judge_rules(&found, pattern, row, 0);
    if (best == NULL || found.score < floor)
        return false;
    give_way(&found, pattern);
    if (found.score < floor || found.score <= 0)
        return false;
    widen(&found, pattern, floor);
    found.mask = (uint16_t)global_mask(s, found.mask);
    found.row = index;
    *best = found;
    return true;
}
