/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/sets.h"

#include "watch/pattern.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { STEPS_MAX = 60 };

bool value_set_has(const struct value_set *set, uint32_t value)
{
    for (unsigned i = 0; i < set->count; i++)
        if (set->value[i] == value)
            return true;
    return false;
}

const struct value_set *value_sets_find(const struct value_sets *sets, enum facet facet)
{
    for (unsigned i = 0; sets != NULL && i < sets->count; i++)
        if (sets->set[i].facet == facet)
            return &sets->set[i];
    return NULL;
}

/* What the choice adds at x = ln q. */
static double added(const struct set_choice *choice, double x, double cost)
{
    return choice->count * x - choice->expected * expm1(x) - cost;
}

/* A zero of `added`, which is concave: from outside Newton's steps stay outside. */
static double find_end(const struct set_choice *choice, double x, double cost)
{
    for (int i = 0; i < STEPS_MAX; i++) {
        double step = added(choice, x, cost) / (choice->count - choice->expected * exp(x));
        x -= step;
        if (fabs(step) <= 1e-12 * (1 + fabs(x)))
            break;
    }
    return x;
}

struct span {
    double low, high;
};

/* Where the choice adds something; low = high: nowhere. */
static struct span span_of(const struct set_choice *choice, double cost)
{
    if (pattern_llr(choice->count, choice->expected) <= cost)
        return (struct span){0, 0};
    double top = log(choice->count / choice->expected), beyond = top + 1;
    while (added(choice, beyond, cost) > 0)
        beyond += 1;
    return (struct span){cost > 0 ? find_end(choice, cost / choice->count, cost) : 0,
                         find_end(choice, beyond, cost)};
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double score_of(const struct set_choice *choices, size_t count, uint64_t set,
                       double cost)
{
    double observed = 0, expected = 0;
    for (size_t i = 0; i < count; i++)
        if (set >> i & 1) {
            observed += choices[i].count;
            expected += choices[i].expected;
        }
    return pattern_llr(observed, expected) - cost * (__builtin_popcountll(set) - 1);
}

/* Those that add most at x. */
static uint64_t keep_most(const struct set_choice *choices, uint64_t set, double x,
                          double cost)
{
    while (__builtin_popcountll(set) > SET_VALUES_MAX) {
        int least = __builtin_ctzll(set);
        for (uint64_t rest = set; rest != 0; rest &= rest - 1) {
            int i = __builtin_ctzll(rest);
            if (added(&choices[i], x, cost) < added(&choices[least], x, cost))
                least = i;
        }
        set &= ~(UINT64_C(1) << least);
    }
    return set;
}

uint64_t sets_choose(double *score, const struct set_choice *choices, size_t count,
                     double cost)
{
    assert(count <= SET_CHOICES_MAX);
    struct span span[SET_CHOICES_MAX];
    double end[2 * SET_CHOICES_MAX];
    size_t ends = 0;
    uint64_t best = 0;
    *score = 0;
    for (size_t i = 0; i < count; i++) {
        double alone = pattern_llr(choices[i].count, choices[i].expected);
        if (alone > *score) {
            *score = alone;
            best = UINT64_C(1) << i;
        }
        span[i] = span_of(&choices[i], cost);
        if (span[i].low < span[i].high) {
            end[ends++] = span[i].low;
            end[ends++] = span[i].high;
        }
    }
    if (ends > 0)
        qsort(end, ends, sizeof *end, by_value);
    for (size_t e = 0; e + 1 < ends; e++) {
        double x = (end[e] + end[e + 1]) / 2;
        uint64_t set = 0;
        for (size_t i = 0; i < count; i++)
            if (span[i].low < x && x < span[i].high)
                set |= UINT64_C(1) << i;
        if (set == 0)
            continue;
        set = keep_most(choices, set, x, cost);
        double found = score_of(choices, count, set, cost);
        if (found > *score) {
            *score = found;
            best = set;
        }
    }
    return best;
}
