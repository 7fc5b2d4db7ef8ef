/* SPDX-License-Identifier: Apache-2.0
 *
 * link/decide.h: given what two records have in common, is it the same thing?
 *
 * The one decision of `link --keys`, `link --private` and `match`: it sees only the keys that
 * both hold, how many records the other side has, and nothing of either record. A strong key is a
 * hit. Weak keys alone are a hit marked weak. Person keys are evidence: they are read back as
 * facts (record/person_form), each fact counting once, and a person is
 *
 *     a hit      when a whole name and the birth date agree; or when two keys or more agree,
 *                their facts are one of the sets below, and chance alone would give such an
 *                agreement in less than HIT_EXPECTED_MAX of the queries:
 *                  full date   one token; letters of two; letters of one with a postcode or a
 *                              street; or the street with a postcode or the town
 *                  two parts   of the date (not the year alone): two tokens; or one with a
 *                              postcode or a street
 *                  swapped     one token with a postcode or a street
 *                  no date, or two tokens with a postcode, street or town; or one with the house
 *                  a year      and the postcode or the initials
 *                A hit that a twin, a relative or a namesake would show too is weak and says so.
 *     possible   when two keys agree and the sets above fail: dates that agree only with day and
 *                month swapped, a year alone. Shown to whoever asked, never a hit.
 *
 * The stated number of false hits is what chance alone would give: other side's records times
 * 2^-(bits of what agrees). score = 1 / (1 + expected_false).
 */
#ifndef LINK_DECIDE_H
#define LINK_DECIDE_H

#include "record/keys.h"

enum { DECISION_REASONS_MAX = 64 };

#define HIT_EXPECTED_MAX 0.03

struct decision {
    bool hit;
    bool weak;
    bool possible; /* not a hit, and worth a look by whoever asked */
    double score;
    double expected_false;
    const char *why[DECISION_REASONS_MAX]; /* sentences, in the arena */
    size_t why_count;
};

/* What is known of who asks: it counts against a person when the asking record has an address and
 * no part of it agrees. */
struct decide_query {
    uint64_t population; /* records of the other side */
    bool has_place;
};

/* The asking record's keys have a place in them. */
bool decide_has_place(const struct key *keys, size_t count);
void decide_query(struct decision *out, const struct key *shared, size_t count,
                  const struct decide_query *query, struct arena *arena);

/* The same when nothing is known of the asking record. shared: distinct, sorted as keys_of_record sorts. population: records of the other side. */
void decide_by_keys(struct decision *out, const struct key *shared, size_t count,
                    uint64_t population, struct arena *arena);

/* The last word on a decision: adds a reason with its bits (for evidence that is no key). */
void decision_add(struct decision *out, const char *why, double bits);

#endif
