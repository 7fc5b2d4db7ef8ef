/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/grow.h: a rule that stands out, grown into sets of values.
 *
 * A new route to three ports at once is three rules, each with a third of the seizures. So one facet
 * of the rule is opened: of the values that it has among the recent rows which meet the rest, those
 * are taken that stand out most together (watch/sets), each with a count and an expectation of its
 * own, as watch/pattern has them. The facet that gains most is kept; then the others are tried
 * again, until nothing is gained: at most SETS_MAX facets have a set, and one has a single value.
 *
 *     score = LLR(sum of counts, SLACK * sum of expectations) - sum of costs
 *     cost  = (ln of how many values the facet has, 1 at least) for each value beyond the first
 *
 * A set is what is reported only when this beats the rule it grew from, so it is on the same scale,
 * and it must beat the surge of what contains it: the rule without the facet, as a rule must.
 *
 * A rule alone may be too weak to be told. So growth begins with rules that reach GROW_SEED of the
 * threshold. The same is done when calibrating.
 */
#ifndef WATCH_GROW_H
#define WATCH_GROW_H

#include "watch/pattern.h"

#define GROW_SEED 0.5

/* A day's sets. All-zero is valid and empty. */
struct grower {
    struct value_sets **made; /* what candidates of the day point to */
    size_t made_count, made_capacity;
    struct near_row *near;
    size_t near_count, near_capacity;
    uint64_t *asked; /* marks of the rules that were tried today */
    size_t asked_count, asked_capacity;
};

void grow_release(struct grower *grower);
/* A new day: the sets of the last are gone. */
void grow_begin(struct grower *grower);
/* Grow the rule in its window, when that makes it stand out more; not circles. Once a day for each
 * rule: a second row of it stays as it is. */
void grow(struct candidate *candidate, struct grower *grower, struct pattern *pattern,
          double threshold);
/* Of a candidate's rule only these facets, of its mask, with their sets: the best score in any
 * window; 0 when it does not stand out. */
double grow_score(struct pattern *pattern, const struct candidate *candidate,
                  unsigned facets);

#endif
