/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/rule.h: how a finding is named.
 *
 * The conjunction that stood out is the core: the facets without which it would not be news.
 * The seizures behind it mostly share more than that; whoever looks for the next one wants to
 * know all of it. So each other facet that all but a few of them answer alike is named too:
 * of two both, of three to seven all but one, of more three quarters. A facet of the core may have a
 * set of values (watch/grow).
 */
#ifndef WATCH_RULE_H
#define WATCH_RULE_H

#include "watch/replay.h"

struct rule {
    uint32_t value[FACET_COUNT]; /* 0: not named, or a set */
    struct value_sets sets;
    uint16_t core, named; /* bits of enum facet; core is part of named, but for a
                                    commodity for which the one substance stands */
};

/* The facet's values, in the order of the set; how many: 0 where it is not named. */
size_t rule_values(uint32_t out[SET_VALUES_MAX], const struct rule *rule, enum facet facet);
/* What the finding rests on, and that with what its rows share. */
void rule_core(struct rule *rule, const struct raised *raised);
void rule_of(struct rule *rule, const struct raised *raised);

#endif
