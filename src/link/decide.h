/* SPDX-License-Identifier: Apache-2.0
 *
 * link/decide.h: given what two records have in common, is it the same thing?
 *
 * The one decision of `link --keys`, `link --private` and `match`: it sees only the keys that
 * both hold, how many records the other side has, and nothing of either record. A strong key is a
 * hit. A person key is evidence: a whole name with the birth date, or two tokens with the same
 * birth date, are a hit; one token with it is not. Weak keys alone are a hit marked weak.
 *
 * The stated number of false hits is what chance alone would give: other side's records times
 * 2^-(bits of what agrees); a birth date counts once. score = 1 / (1 + expected_false).
 */
#ifndef LINK_DECIDE_H
#define LINK_DECIDE_H

#include "record/keys.h"

enum { DECISION_REASONS_MAX = 64 };

struct decision {
    bool hit;
    bool weak;
    double score;
    double expected_false;
    const char *why[DECISION_REASONS_MAX]; /* sentences, in the arena */
    size_t why_count;
};

/* shared: distinct, sorted as keys_of_record sorts. population: records of the other side. */
void decide_by_keys(struct decision *out, const struct key *shared, size_t count,
                    uint64_t population, struct arena *arena);

/* The last word on a decision: adds a reason with its bits (for evidence that is no key). */
void decision_add(struct decision *out, const char *why, double bits);

#endif
