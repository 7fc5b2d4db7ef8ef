/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/sets.h: of values that have a count and an expectation each, the set that stands out most.
 *
 *     F(S) = LLR(C, E) - cost * (|S| - 1)      C, E: summed over S;  LLR: pattern_llr
 *
 * LLR(C, E) is the largest over q > 1 of C ln q - (q - 1) E, so F is the largest over q of a sum of
 * what each value adds: c ln q - (q - 1) e - cost. At one q the best set holds just the values that
 * add something, and each of them does so on one interval of q. Between the ends of the intervals
 * the set stays the same: of n values at most 2n sets need be looked at, and the best is among
 * them (linear-time subset scanning: Neill 2012; with a cost for each: Speakman and others 2016).
 * A value whose own LLR is not above the cost is in none of them, unless it is alone.
 *
 * The cost is what naming one of the facet's values takes: the logarithm of how many there are.
 * Pure functions.
 */
#ifndef WATCH_SETS_H
#define WATCH_SETS_H

#include "record/facets.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SET_VALUES_MAX = 6, /* a longer list says that the facet does not matter */
    SETS_MAX = 2,       /* facets of a rule with more than one value */
    SET_CHOICES_MAX = 64,
};

/* Any of these is the rule's answer. */
struct value_set {
    enum facet facet;
    uint32_t value[SET_VALUES_MAX];
    unsigned count;
};

/* What a rule has beyond one value for each facet. */
struct value_sets {
    struct value_set set[SETS_MAX];
    unsigned count;
    uint16_t open; /* their facets, as bits */
};

bool value_set_has(const struct value_set *set, uint32_t value);
/* The facet's set; NULL: it has none. sets may be NULL. */
const struct value_set *value_sets_find(const struct value_sets *sets, enum facet facet);

struct set_choice {
    double count, expected; /* with slack */
};

/* The best set of at most SET_VALUES_MAX, as bits, of at most SET_CHOICES_MAX choices; its F in
 * *score. 0 when there is none with more than expected. Where the best set has more than
 * SET_VALUES_MAX, of each those that add most are taken. */
uint64_t sets_choose(double *score, const struct set_choice *choices, size_t count,
                     double cost);

#endif
