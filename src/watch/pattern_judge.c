/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/pattern_judge.h"

#include "base/memory.h"
#include "watch/mix.h"

#include <math.h>
#include <string.h>

enum { LONGEST = COUNTS_WINDOWS - 1, BISECTIONS = 60 };
static const double WELL_KNOWN = 12;    /* events that need no prior */
static const double EFFORT_PRIOR = 2;   /* events at the rate of all agencies */
static const double BURST_PRIOR = 20;   /* sightings as expected, lent to each bin */
static const double BURST_EVIDENT = 4;  /* times the expectation ... */
static const double BURST_LEAST = 0.02; /* ... and repeats a sighting: a few real novelties
                                                must not teach that novelties are usual */
static const double PARENT_LLR = 3;     /* by which a rule beats its parent's surge */

double pattern_llr(double observed, double expected)
{
    if (observed <= expected)
        return 0;
    return observed * log(observed / expected) - (observed - expected);
}

/* ---- what is expected ---- */

uint64_t effort_hash(uint32_t agency, unsigned facets)
{
    return mix(((uint64_t)agency << 16 | facets) + 0xeff0) | 1;
}

/* The agency's (and everybody's) seizures, among those that answer the facets. */
static void weigh_facets(struct pattern_scratch *s, const struct pattern *pattern,
                         uint32_t agency_value, unsigned m)
{
    unsigned facets = shape_global(s->shape, m);
    struct counts_state ours, theirs; /* zeros of an agency that never answered them */
    counts_read(&ours, &pattern->effort, effort_hash(agency_value + 1, facets),
                pattern->now);
    counts_read(&theirs, &pattern->effort, effort_hash(0, facets), pattern->now);
    double our_history = ours.total - (double)ours.sums[LONGEST];
    double all_history = theirs.total - (double)theirs.sums[LONGEST];
    for (size_t w = 0; w < COUNTS_WINDOWS; w++) {
        double of_all = (theirs.sums[w] + 0.5) / (all_history + 0.5);
        s->effort_all[m][w] = of_all;
        s->effort[m][w] =
            (ours.sums[w] + EFFORT_PRIOR) / (our_history + EFFORT_PRIOR / of_all);
        s->effort_most[m][w] = s->effort[m][w] > of_all ? s->effort[m][w] : of_all;
    }
}

static void weigh_effort(struct pattern_scratch *s, const struct pattern *pattern,
                         uint32_t agency)
{
    if (s->effort_shape == s->shape && s->effort_agency == agency &&
        s->effort_taken == pattern->taken)
        return;
    for (unsigned m = s->shape->incomplete;; m = (m - 1) & s->shape->incomplete) {
        weigh_facets(s, pattern, agency, m);
        if (m == 0)
            break;
    }
    s->effort_shape = s->shape;
    s->effort_agency = agency;
    s->effort_taken = pattern->taken;
}

static const double *effort_of(const struct pattern_scratch *s, unsigned m)
{
    unsigned facets = m & s->shape->incomplete;
    return (m & s->shape->agency) != 0 ? s->effort[facets] : s->effort_most[facets];
}

static const uint32_t *sums_of(const struct pattern_scratch *s, unsigned m)
{
    return s->states[s->shape->place[m]].sums;
}

/* Events before the last twelve weeks. */
static uint32_t history_of(const struct pattern_scratch *s, unsigned m)
{
    const struct counts_state *state = &s->states[s->shape->place[m]];
    return state->total - state->sums[LONGEST];
}

static void shrink_rule(struct pattern_scratch *s, const struct pattern *pattern,
                        unsigned m, const double *share)
{
    double history = history_of(s, m), prior = 0;
    if ((m & (m - 1)) == 0) {
        prior = first_repeats(&pattern->first[s->shape->facet[__builtin_ctz(m)]]);
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

/* Everything that scores are made of, for all conjunctions of the row. */
static void weigh_row(struct pattern_scratch *s, const struct pattern *pattern,
                      const struct batch_row *row)
{
    const struct shape *shape = s->shape = row->shape;
    const struct table_row *answers = &pattern->rows[row->row];
    s->states = pattern->batch->states + row->at;
    weigh_effort(s, pattern, answers->value[FACET_AGENCY]);
    double share[FACET_COUNT];
    for (unsigned b = 0; b < shape->bits; b++) {
        unsigned f = shape->facet[b];
        share[b] = first_share(&pattern->first[f], answers->value[f]);
    }
    for (size_t i = 0; i < shape->mask_count; i++)
        shrink_rule(s, pattern, shape->rising[i], share);
}

/* ---- bursts ---- */

static unsigned burst_bin(double expected)
{
    int bin = expected > 0 ? -ilogb(expected) / 2 : BURST_BINS - 1;
    return bin < 0 ? 0 : bin >= BURST_BINS ? BURST_BINS - 1 : (unsigned)bin;
}

/* How often a rule never seen before comes again within twelve weeks; 0 when they are no
 * more than chance. */
static double expect_burst(const struct pattern_scratch *s, const struct pattern *pattern,
                           unsigned m)
{
    if ((m & (m - 1)) == 0 || history_of(s, m) > 0)
        return 0;
    double expected = s->shrunk[m] * effort_of(s, m)[LONGEST];
    const struct burst *burst = &pattern->bursts[burst_bin(expected)];
    double repeats =
        (burst->repeats + BURST_PRIOR * expected) / (burst->seen + BURST_PRIOR);
    return repeats > BURST_LEAST && repeats > BURST_EVIDENT * expected ? repeats : 0;
}

static void learn_bursts(struct pattern_scratch *s, const struct shape *shape,
                         const uint8_t *news)
{
    for (size_t i = 0; i < shape->mask_count; i++) {
        unsigned m = shape->masks[i];
        if (news[i] == NEWS_NONE || (m & (m - 1)) == 0)
            continue;
        unsigned bin = burst_bin(s->shrunk[m] * effort_of(s, m)[LONGEST]);
        s->seen[bin] += news[i] == NEWS_FIRST;
        s->repeats[bin] += news[i] == NEWS_SECOND;
    }
}

/* ---- scores ---- */

void judge_set_floor(struct pattern_scratch *s, double floor)
{
    if (s->has_floor && s->floor == floor)
        return;
    s->has_floor = true;
    s->floor = floor;
    for (unsigned c = 0; c < FLOOR_TABLE; c++) {
        double low = 0, high = c;
        for (int i = 0; i < BISECTIONS && floor > 0; i++) {
            double middle = (low + high) / 2;
            *(pattern_llr(c, middle) >= floor ? &low : &high) = middle;
        }
        /* A little more than it is: this only says what need not be looked at. */
        s->limit[c] = high * (1 + 1e-9);
    }
}

/* The rule in the window; a value never seen before is judged by its repeats. */
static struct weighed weigh_rule(const struct pattern_scratch *s,
                                 const struct pattern *pattern, unsigned m, size_t w)
{
    bool alone = (m & (m - 1)) == 0;
    struct weighed out = {.observed = sums_of(s, m)[w],
                          .expected = s->shrunk[m] * effort_of(s, m)[w],
                          .expected_raw = s->shrunk[m] * s->effort_all[0][w],
                          .is_first = alone && history_of(s, m) == 0};
    double burst = expect_burst(s, pattern, m);
    out.comes_again = burst > out.expected;
    if (out.comes_again)
        out.expected = burst;
    out.told = out.observed;
    if ((out.is_first || out.comes_again) && out.observed > 0)
        out.told--;
    return out;
}

static double score_rule(struct candidate *out, const struct pattern_scratch *s,
                         const struct pattern *pattern, unsigned m, size_t w)
{
    uint32_t count = sums_of(s, m)[w];
    if (m == s->shape->agency || count < 2)
        return 0;
    struct weighed weighed = weigh_rule(s, pattern, m, w);
    if (weighed.is_first && count < 3)
        return 0;
    if (weighed.told <= PATTERN_SLACK * weighed.expected)
        return 0;
    double score = pattern_llr(weighed.told, PATTERN_SLACK * weighed.expected);
    if (score > out->score)
        *out = (struct candidate){.score = score,
                                  .expected = weighed.expected,
                                  .expected_raw = weighed.expected_raw,
                                  .observed = count,
                                  .mask = (uint16_t)m,
                                  .window = (uint8_t)w,
                                  .is_first = weighed.is_first,
                                  .comes_again = weighed.comes_again};
    return score;
}

static void score_windows(struct candidate *out, const struct pattern_scratch *s,
                          const struct pattern *pattern, unsigned m)
{
    for (size_t w = 0; w < COUNTS_WINDOWS; w++)
        score_rule(out, s, pattern, m, w);
}

/* In some window the count is large enough for the floor, whatever is found when it is looked
 * at. */
static bool may_stand_out(const struct pattern_scratch *s, unsigned m)
{
    const double *effort = effort_of(s, m);
    const uint32_t *sums = sums_of(s, m);
    double shrunk = PATTERN_SLACK * s->shrunk[m];
    bool may = false;
    for (size_t w = 0; w < COUNTS_WINDOWS; w++) {
        double limit = sums[w] < FLOOR_TABLE ? s->limit[sums[w]] : sums[w];
        may |= shrunk * effort[w] <= limit;
    }
    return may;
}

/* A rule that only shares in the surge of a wider one gives way to it. */
static void give_way(struct candidate *best, const struct pattern_scratch *s,
                     const struct pattern *pattern)
{
    for (unsigned rest = best->mask; rest != 0; rest &= rest - 1) {
        unsigned parent = best->mask & ~(rest & -rest);
        if (parent == 0 || parent == s->shape->agency ||
            sums_of(s, parent)[best->window] < 2 * best->observed)
            continue;
        double inherited =
            sums_of(s, parent)[best->window] * s->shrunk[best->mask] / s->shrunk[parent];
        if (pattern_llr(best->observed, inherited) >= PARENT_LLR)
            continue;
        struct candidate wider = {0};
        score_windows(&wider, s, pattern, parent);
        *best = wider;
        if (wider.score > 0)
            give_way(best, s, pattern);
        return;
    }
}

/* A value that only two of the rows share, among noise, makes a rule rarer and not truer: where the
 * rule without one of its facets would be raised too, holds half as many more, and nearly all of
 * them are beyond expectation, that is the rule. */
static void widen(struct candidate *best, const struct pattern_scratch *s,
                  const struct pattern *pattern, double floor)
{
    struct candidate widest = {.score = 0};
    for (unsigned rest = best->mask; rest != 0; rest &= rest - 1) {
        unsigned parent = best->mask & ~(rest & -rest);
        struct candidate wider = {.score = 0};
        if (parent == 0 || parent == s->shape->agency)
            continue;
        score_windows(&wider, s, pattern, parent);
        if (wider.score >= floor && wider.score > widest.score &&
            2 * wider.observed >= 3 * best->observed &&
            wider.expected <= 0.1 * wider.observed)
            widest = wider;
    }
    if (widest.score <= 0)
        return;
    *best = widest;
    widen(best, s, pattern, floor);
}

static bool has_news(const uint8_t *news, size_t count)
{
    uint8_t any = 0;
    for (size_t i = 0; i < count; i++)
        any |= news[i];
    return any != NEWS_NONE;
}

void judge_row(struct pattern_scratch *s, const struct pattern *pattern,
               struct batch_row *row, const struct pattern_floors *floors)
{
    const struct shape *shape = row->shape;
    const uint8_t *news = pattern->batch->news + row->at;
    row->best = (struct candidate){.score = 0};
    bool learns = has_news(news, shape->mask_count);
    if (isinf(floors->seed) && !learns)
        return;
    weigh_row(s, pattern, row);
    if (learns)
        learn_bursts(s, shape, news);
    if (isinf(floors->seed))
        return;
    struct candidate found = {.score = 0};
    for (size_t i = 0; i < shape->mask_count; i++) {
        unsigned m = shape->rising[i];
        if (sums_of(s, m)[LONGEST] >= 2 && may_stand_out(s, m))
            score_windows(&found, s, pattern, m);
    }
    if (found.score < floors->seed)
        return;
    give_way(&found, s, pattern);
    if (found.score < floors->seed || found.score <= 0)
        return;
    if (found.score >= floors->rule)
        widen(&found, s, pattern, floors->rule);
    found.mask = (uint16_t)shape_global(shape, found.mask);
    found.row = row->row;
    row->best = found;
}

void judge_rule(struct candidate *out, struct pattern_scratch *s,
                const struct pattern *pattern, const struct batch_row *row, unsigned mask)
{
    weigh_row(s, pattern, row);
    for (size_t i = 0; i < row->shape->mask_count; i++)
        if (shape_global(row->shape, row->shape->rising[i]) == mask)
            score_windows(out, s, pattern, row->shape->rising[i]);
}

/* Of the values that are asked about, by local bit. */
struct asked_parts {
    uint64_t first, value[FACET_COUNT]; /* hashes */
    double share[FACET_COUNT];
};

static uint64_t hash_part(const struct asked_parts *parts, unsigned m)
{
    uint64_t hash = parts->first;
    for (; m != 0; m &= m - 1)
        hash ^= parts->value[__builtin_ctz(m)];
    return hash;
}

/* The shrunk history of a part of the rule, and of those parts that it takes. */
static void shrink_part(struct pattern_scratch *s, const struct pattern *pattern,
                        const struct asked_parts *parts, unsigned m)
{
    const struct counts *counts = &pattern->rules[shape_shard(s->shape, m)];
    if (s->asked_at[m] == s->asked_now)
        return;
    s->asked_at[m] = s->asked_now;
    counts_read(&s->asked[s->shape->place[m]], counts, hash_part(parts, m), pattern->now);
    if (history_of(s, m) < WELL_KNOWN)
        for (unsigned rest = (m & (m - 1)) != 0 ? m : 0; rest != 0; rest &= rest - 1)
            shrink_part(s, pattern, parts, m & ~(rest & -rest));
    shrink_rule(s, pattern, m, parts->share);
}

void judge_values(struct weighed *out, struct pattern_scratch *s,
                  const struct pattern *pattern, const struct asked_rule *asked, size_t w)
{
    const struct shape *shape = s->shape = asked->shape;
    struct asked_parts parts = {.first = shape_hash_of_none()};
    unsigned mask = 0;
    for (unsigned b = 0; b < shape->bits; b++) {
        unsigned f = shape->facet[b];
        if (!(asked->mask >> f & 1))
            continue;
        mask |= 1u << b;
        parts.value[b] = mix_value(f, asked->value[f]);
        parts.share[b] = first_share(&pattern->first[f], asked->value[f]);
    }
    if (s->asked == NULL)
        s->asked = xcalloc(SHAPE_MASKS_MAX, sizeof *s->asked);
    s->states = s->asked;
    s->asked_now++;
    weigh_effort(s, pattern, asked->value[FACET_AGENCY]);
    shrink_part(s, pattern, &parts, mask);
    *out = weigh_rule(s, pattern, mask, w);
}
