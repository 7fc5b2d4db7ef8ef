/* SPDX-License-Identifier: Apache-2.0
 *
 * link/decide.h: given what two records have in common, is it the same thing?
 *
 * The one decision of `link --keys`, `link --private` and `match`: it sees only the keys that
 * both hold, how many records the other side has, and nothing of either record. A strong key is a
 * hit. Weak keys alone are a hit marked weak. Person keys are evidence: they are read back as
 * facts (record/person_form), each fact counting once, and a person is
 *
 *     a hit      when two keys agree, or one of as many bits as a register's number has; their facts
 *                are one of the sets below; and chance alone would give such an agreement in less
 *                than HIT_EXPECTED_MAX of the queries:
 *                  full date   a token, letters of one, or initials; or two parts of the address
 *                  two parts   of the date (not the year alone): two tokens; one and letters of
 *                              another; or any of the name with a part of the address
 *                  swapped, or the year: any of the name with a part of the address
 *                  no date     two tokens with a part of the address; any of the name with two
 *                A hit that a twin, a relative or a namesake would show too is weak and says so.
 *                Two forms of evidence are silent and count all the same, because the asking side
 *                knows what it asked: when its record has a full birth date and no form of it
 *                agrees, or a house and no house agrees where the street does. Then two parts of the
 *                address must agree, three when neither two names nor the house do; the hit is weak, and
 *                its expected_false stays above what namesakes and relatives make of it. Names with
 *                day and month of another year are a namesake's unless they are rare or a part of
 *                the address agrees.
 *     possible   when keys agree so and the sets above fail: dates that agree only with day and
 *                month swapped, a year alone. Shown to whoever asked, never a hit.
 *
 * The stated number of false hits weighs how often strangers agree in just so much, at the other
 * side's size, against how often one person's records do: records times u / m, as Fellegi and Sunter
 * have it. score = 1 / (1 + expected_false). What m is, a run of many queries shows itself
 * (decision_recount): then the numbers stated add up to the false hits that chance gives.
 */
#ifndef LINK_DECIDE_H
#define LINK_DECIDE_H

#include "link/score.h"
#include "record/keys.h"

enum { DECISION_REASONS_MAX = 64, DECISION_KINDS = 193 };

#define HIT_EXPECTED_MAX 0.05

struct decision {
    bool hit;
    bool weak;
    bool possible; /* not a hit, and worth a look by whoever asked */
    double score;
    double expected_false;
    /* expected_false is the larger of what chance gives and, for people, what namesakes and
     * relatives do at least. */
    double chance, least;
    /* Of a person by part keys: which kind of agreement (0: none of them, else below
     * DECISION_KINDS), and the share of one person's pairs that were reckoned to agree so. */
    unsigned kind;
    double share;
    bool plain; /* kind is one of link/score */
    bool
        keyed; /* of link/plain: a hit by keys already, and nothing seen speaks against it */
    const char *why[DECISION_REASONS_MAX]; /* sentences, in the arena */
    size_t why_count;
};

/* What the asking record's keys have in them. What was asked and does not agree speaks against. */
enum decide_asks { ASKS_PLACE = 1, ASKS_HOUSE = 2, ASKS_DATE = 4 /* a full one */ };

/* What is known of who asks. A name, or a part of an address, that many of the asking side's rows
 * have is common on the other side, too; what is rare here may be common there. */
struct decide_query {
    uint64_t population; /* records of the other side */
    unsigned asks;
    const struct score_frequency *parts; /* decide_count of the asking rows; or NULL */
};

unsigned decide_asks(const struct key *keys, size_t count);
/* Counts the parts of one row's person keys, each once. */
void decide_count(struct score_frequency *parts, const struct key *keys, size_t count);
void decide_query(struct decision *out, const struct key *shared, size_t count,
                  const struct decide_query *query, struct arena *arena);

/* The same when nothing is known of the asking record. shared: distinct, sorted as keys_of_record sorts. population: records of the other side. */
void decide_by_keys(struct decision *out, const struct key *shared, size_t count,
                    uint64_t population, struct arena *arena);

/* Many decisions of one run say themselves how often each kind of agreement is shown: of `queries`,
 * `count` were hits of this kind. Makes expected_false and score what they are by this and the
 * share reckoned before, which counts as SHARE_QUERIES queries. The verdict stays. */
void decision_recount(struct decision *out, uint64_t count, uint64_t queries);

/* The last word on a decision: adds a reason with its bits (for evidence that is no key). */
void decision_add(struct decision *out, const char *why, double bits);

#endif
