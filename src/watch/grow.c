/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/grow.h"

#include "base/memory.h"
#include "watch/mix.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS_MAX = 6,
    NESTED = 1u << FACET_SUBSTANCE | 1u << FACET_COMMODITY,
};
static const double NOISE = 0.2;    /* of a rule's rows, in one facet */
static const double PARENT_LLR = 3; /* as in pattern_judge.c */

/* A recent row that meets the rule, or would but for one facet. */
struct near_row {
    uint32_t row;
    uint16_t but; /* the facet, as a bit; 0: it meets it */
};

void grow_release(struct grower *grower)
{
    if (grower == NULL)
        return;
    grow_begin(grower);
    free(grower->made);
    free(grower->near);
    free(grower->asked);
    *grower = (struct grower){0};
}

void grow_begin(struct grower *grower)
{
    for (size_t i = 0; i < grower->made_count; i++)
        free(grower->made[i]);
    grower->made_count = grower->asked_count = 0;
}

/* ---- the rule being grown ---- */

/* A rule and what it scores. */
struct grown {
    struct value_sets sets;
    struct weighed weighed;
    double score, cost; /* cost is in score */
    unsigned mask;
    size_t window;
};

struct growing {
    struct grower *grower;
    struct pattern *pattern;
    const struct table_row *row; /* of the seed, which has one value of each set */
    struct row_glance glance;
};

static unsigned singles(const struct grown *rule)
{
    return rule->mask & ~(unsigned)rule->sets.open;
}

static struct value_set *set_of(struct grown *rule, enum facet facet)
{
    for (unsigned k = 0; k < rule->sets.count; k++)
        if (rule->sets.set[k].facet == facet)
            return &rule->sets.set[k];
    return NULL;
}

/* The facet in which a row is not as the rule says, as a bit; the whole mask where there are
 * more. */
static unsigned differs(const struct growing *g, const struct grown *rule, uint32_t i)
{
    const struct row_glance *glance = &g->pattern->glances[i];
    unsigned but = 0;
    for (unsigned rest = singles(rule); rest != 0; rest &= rest - 1) {
        int f = __builtin_ctz(rest);
        if (glance->answer[f] == g->glance.answer[f])
            continue;
        if (but != 0)
            return rule->mask;
        but = 1u << f;
    }
    const struct table_row *row = &g->pattern->rows[i];
    but = 0;
    for (unsigned rest = rule->mask; rest != 0; rest &= rest - 1) {
        enum facet f = (enum facet)__builtin_ctz(rest);
        const struct value_set *set =
            rule->sets.open >> f & 1 ? value_sets_find(&rule->sets, f) : NULL;
        if (set != NULL ? value_set_has(set, row->value[f])
                        : row->value[f] == g->row->value[f])
            continue;
        if (but != 0 || row->value[f] == 0)
            return rule->mask;
        but = 1u << f;
    }
    return but;
}

static void find_near(const struct growing *g, const struct grown *rule)
{
    struct grower *grower = g->grower;
    const struct pattern *p = g->pattern;
    grower->near_count = 0;
    for (unsigned w = 0; w < counts_window_weeks[rule->window] && w <= p->now; w++)
        for (uint32_t i = p->head[p->now - w]; i != UINT32_MAX; i = p->next[i]) {
            unsigned but = differs(g, rule, i);
            if ((but & (but - 1)) != 0 || !pattern_counts_row(&p->rows[i], rule->mask))
                continue;
            grow_to((void **)&grower->near, &grower->near_capacity, grower->near_count,
                    sizeof *grower->near);
            grower->near[grower->near_count++] = (struct near_row){i, (uint16_t)but};
        }
}

/* ---- weighing ---- */

static void add_weighed(struct weighed *sum, const struct weighed *one)
{
    sum->told += one->told;
    sum->expected += one->expected;
    sum->expected_raw += one->expected_raw;
    sum->observed += one->observed;
    sum->comes_again |= one->comes_again;
}

/* With these values, and each combination of those of the sets from the k-th on; not of a facet
 * that is fixed. */
static void weigh_all(struct weighed *sum, const struct growing *g,
                      const struct grown *rule, uint32_t value[FACET_COUNT], unsigned fixed,
                      unsigned k)
{
    while (k < rule->sets.count && (fixed >> rule->sets.set[k].facet & 1))
        k++;
    if (k == rule->sets.count) {
        struct weighed one;
        pattern_weigh(&one, g->pattern, rule->mask, value, rule->window);
        add_weighed(sum, &one);
        return;
    }
    const struct value_set *set = &rule->sets.set[k];
    for (unsigned i = 0; i < set->count; i++) {
        value[set->facet] = set->value[i];
        weigh_all(sum, g, rule, value, fixed, k + 1);
    }
}

/* The rule with one value of a facet; FACET_COUNT: as it is. */
static struct weighed weigh_with(const struct growing *g, const struct grown *rule,
                                 enum facet facet, uint32_t value)
{
    struct weighed sum = {.told = 0};
    uint32_t values[FACET_COUNT];
    memcpy(values, g->row->value, sizeof values);
    if (facet < FACET_COUNT)
        values[facet] = value;
    weigh_all(&sum, g, rule, values, facet < FACET_COUNT ? 1u << facet : 0, 0);
    return sum;
}

/* The rule without a facet. */
static struct grown without(const struct grown *rule, enum facet facet)
{
    struct grown wider = *rule;
    struct value_set *set = set_of(&wider, facet);
    wider.mask &= ~(1u << facet);
    wider.sets.open &= (uint16_t)wider.mask;
    if (set != NULL)
        *set = wider.sets.set[--wider.sets.count];
    return wider;
}

static double cost_of(const struct growing *g, enum facet facet)
{
    return fmax(1, log(g->pattern->first[facet].distinct));
}

static double cost_of_sets(const struct growing *g, const struct grown *rule)
{
    double cost = 0;
    for (unsigned k = 0; k < rule->sets.count; k++)
        cost += cost_of(g, rule->sets.set[k].facet) * (rule->sets.set[k].count - 1);
    return cost;
}

static void score(struct grown *rule, const struct growing *g)
{
    rule->weighed = weigh_with(g, rule, FACET_COUNT, 0);
    rule->cost = cost_of_sets(g, rule);
    rule->score = pattern_llr(rule->weighed.told, PATTERN_SLACK * rule->weighed.expected) -
                  rule->cost;
}

/* ---- opening a facet ---- */

/* Different values of the facet among the near rows, the seed's first; the others came twice at
 * least, for one row makes no part of a rule. */
static size_t list_values(uint32_t out[SET_CHOICES_MAX], const struct growing *g,
                          enum facet facet)
{
    uint32_t times[SET_CHOICES_MAX] = {2};
    size_t count = 1, kept = 1;
    out[0] = g->row->value[facet];
    for (size_t i = 0; i < g->grower->near_count; i++) {
        const struct near_row *near = &g->grower->near[i];
        if (near->but != 0 && near->but != 1u << facet)
            continue;
        uint32_t value = g->pattern->rows[near->row].value[facet];
        size_t at = 0;
        while (at < count && out[at] != value)
            at++;
        if (at == SET_CHOICES_MAX)
            continue;
        if (at == count) {
            out[count++] = value;
            times[at] = 0;
        }
        times[at]++;
    }
    for (size_t i = 1; i < count; i++)
        if (times[i] >= 2)
            out[kept++] = out[i];
    return kept;
}

static void put_set(struct grown *rule, const struct value_set *new)
{
    struct value_set *set = set_of(rule, new->facet);
    if (set == NULL)
        set = &rule->sets.set[rule->sets.count++];
    *set = *new;
    rule->sets.open |= (uint16_t)(1u << new->facet);
    if (new->count == 1) { /* one value is no set */
        rule->sets.open &= (uint16_t) ~(1u << new->facet);
        *set = rule->sets.set[--rule->sets.count];
    }
}

/* The rule with the best set of the facet, the others as they are; false: there is none. The near
 * rows are found. */
static bool open_facet(struct grown *out, const struct growing *g, const struct grown *rule,
                       enum facet facet)
{
    uint32_t value[SET_CHOICES_MAX];
    struct set_choice choice[SET_CHOICES_MAX];
    size_t count = list_values(value, g, facet);
    if (count < 2)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct weighed weighed = weigh_with(g, rule, facet, value[i]);
        choice[i] = (struct set_choice){weighed.told, PATTERN_SLACK * weighed.expected};
    }
    /* Rows of a rule that is new differ from it now and then: such values are not part of it. */
    struct grown all = without(rule, facet);
    score(&all, g);
    double excess = fmax(0, all.weighed.observed - all.weighed.expected);
    for (size_t i = 1; i < count; i++)
        choice[i].expected +=
            NOISE * excess * first_share(&g->pattern->first[facet], value[i]);
    double found;
    uint64_t best = sets_choose(&found, choice, count, cost_of(g, facet));
    /* A set without the seed's value is some other row's to find. */
    if (!(best & 1))
        return false;
    struct value_set set = {.facet = facet};
    for (uint64_t rest = best; rest != 0; rest &= rest - 1)
        set.value[set.count++] = value[__builtin_ctzll(rest)];
    *out = *rule;
    put_set(out, &set);
    score(out, g);
    return true;
}

/* ---- one step ---- */

static void keep_better(struct grown *best, const struct grown *rule)
{
    if (rule->score > best->score + 1e-9)
        *best = *rule;
}

/* Any of its facets opened. */
static void try_facets(struct grown *best, const struct growing *g,
                       const struct grown *rule)
{
    bool last = __builtin_popcount(singles(rule)) < 2 || rule->sets.count == SETS_MAX;
    find_near(g, rule);
    for (unsigned rest = rule->mask; rest != 0; rest &= rest - 1) {
        enum facet facet = (enum facet)__builtin_ctz(rest);
        struct grown opened;
        if ((!last || (rule->sets.open >> facet & 1)) &&
            open_facet(&opened, g, rule, facet))
            keep_better(best, &opened);
    }
}

/* A facet left out, one more of the seed's, or another window. */
static void try_around(struct grown *best, const struct growing *g,
                       const struct grown *rule, bool open)
{
    unsigned size = (unsigned)__builtin_popcount(rule->mask);
    for (enum facet f = 0; f < FACET_COUNT; f++) {
        struct grown other = *rule;
        if (rule->mask >> f & 1) {
            if (size <= 2 || (rule->sets.open >> f & 1))
                continue;
            other = without(rule, f);
        } else {
            other.mask |= 1u << f;
            if (g->row->value[f] == 0 || size == g->pattern->size_max || open ||
                (other.mask & NESTED) == NESTED)
                continue;
        }
        if (open) {
            try_facets(best, g, &other);
        } else {
            score(&other, g);
            keep_better(best, &other);
        }
    }
    for (size_t w = 0; w < COUNTS_WINDOWS; w++) {
        struct grown other = *rule;
        other.window = w;
        if (w == rule->window)
            continue;
        if (open) {
            try_facets(best, g, &other);
        } else {
            score(&other, g);
            keep_better(best, &other);
        }
    }
}

/* A set that only shares in the surge of the rule without it is no news. */
static bool beats_parents(const struct growing *g, const struct grown *rule)
{
    for (unsigned rest = rule->mask; rest != 0; rest &= rest - 1) {
        struct grown parent = without(rule, (enum facet)__builtin_ctz(rest));
        if (parent.mask == 0 || parent.mask == 1u << FACET_AGENCY)
            continue;
        score(&parent, g);
        if (parent.weighed.observed < 2 * rule->weighed.observed)
            continue;
        double inherited =
            parent.weighed.observed * rule->weighed.expected / parent.weighed.expected;
        if (pattern_llr(rule->weighed.observed, inherited) < PARENT_LLR + rule->cost)
            return false;
    }
    return true;
}

/* The rule was tried already today. */
static bool was_asked(struct grower *grower, const struct candidate *candidate,
                      const struct table_row *row)
{
    uint64_t mark = mix((uint64_t)candidate->mask << 8 | candidate->window);
    for (unsigned rest = candidate->mask; rest != 0; rest &= rest - 1) {
        int f = __builtin_ctz(rest);
        mark ^= mix_value((unsigned)f, row->value[f]);
    }
    for (size_t i = 0; i < grower->asked_count; i++)
        if (grower->asked[i] == mark)
            return true;
    grow_to((void **)&grower->asked, &grower->asked_capacity, grower->asked_count,
            sizeof *grower->asked);
    grower->asked[grower->asked_count++] = mark;
    return false;
}

void grow(struct candidate *candidate, struct grower *grower, struct pattern *pattern,
          double threshold)
{
    struct growing g = {grower, pattern, &pattern->rows[candidate->row],
                        pattern->glances[candidate->row]};
    if (candidate->circle != NULL || (candidate->mask & (candidate->mask - 1)) == 0 ||
        was_asked(grower, candidate, g.row))
        return;
    struct grown rule = {.score = candidate->score,
                         .mask = candidate->mask,
                         .window = candidate->window},
                 best = rule;
    try_facets(&best, &g, &rule);
    if (candidate->score < threshold)
        try_around(&best, &g, &rule, true);
    for (int round = 0; round < ROUNDS_MAX && best.score > rule.score; round++) {
        rule = best;
        try_facets(&best, &g, &rule);
        try_around(&best, &g, &rule, false);
    }
    if (rule.sets.count == 0 || !beats_parents(&g, &rule))
        return;
    grow_to((void **)&grower->made, &grower->made_capacity, grower->made_count,
            sizeof *grower->made);
    struct value_sets *sets = grower->made[grower->made_count++] = xmalloc(sizeof *sets);
    *sets = rule.sets;
    candidate->sets = sets;
    candidate->mask = (uint16_t)rule.mask;
    candidate->window = (uint8_t)rule.window;
    candidate->score = rule.score;
    candidate->observed = rule.weighed.observed;
    candidate->expected = rule.weighed.expected;
    candidate->expected_raw = rule.weighed.expected_raw;
    candidate->comes_again = rule.weighed.comes_again;
}

double grow_score(struct pattern *pattern, const struct candidate *candidate,
                  unsigned facets)
{
    struct growing g = {.pattern = pattern, .row = &pattern->rows[candidate->row]};
    struct grown rule = {.mask = candidate->mask};
    double best = 0;
    if (candidate->sets == NULL) {
        struct candidate plain;
        pattern_probe(&plain, pattern, candidate->row, facets);
        return plain.score;
    }
    rule.sets = *candidate->sets;
    for (unsigned gone = candidate->mask & ~facets; gone != 0; gone &= gone - 1)
        rule = without(&rule, (enum facet)__builtin_ctz(gone));
    for (rule.window = 0; rule.window < COUNTS_WINDOWS; rule.window++) {
        score(&rule, &g);
        best = fmax(best, rule.score);
    }
    return best;
}
