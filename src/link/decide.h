/* SPDX-License-Identifier: Apache-2.0
 *
 * link/decide.h: given what two records have in common, is it the same thing?
 *
 * The one decision of `link --keys`, `link --private` and `match`: it sees only the keys
 * that both hold, how many records the other side has, and what the asking side asked for.
 * A strong key is a hit. Weak keys alone are a hit marked weak. Person keys are evidence:
 * they are read back as facts (record/person_form), each fact counting once
 * (link/person_agree), and a person is
 *
 *     a hit      when two keys agree, or one of 18 bits or more; their facts are one of the sets
 *                below; and of others than this person (link/mixture) less than
 *                HIT_EXPECTED_MAX would be shown so:
 *                  full date   a token, letters of one, or initials; or two parts of the address
 *                  two parts   of the date (not the year alone): two tokens; one and letters of
 *                              another; any of the name with a part of the address; or three
 *                              of the address
 *                  swapped, or the year: any of the name with a part of the address, or four
 *                  no date     two tokens with a part of the address; any of the name with two
 *                All names asked and the whole birth date are one though there are up to
 *                WHOLE_EXPECTED_MAX others: weak then.
 *                A hit that a twin, a relative or a namesake would show too is weak and says so.
 *                Two forms of evidence are silent and count all the same, because the asking side
 *                knows what it asked: when its record has a full birth date and no form of it
 *                agrees, or an address of which nothing does. Where no form of a full birth date
 *                agrees, beside two names a part of the address must, else two, or three where
 *                neither the house nor letters of a second name do; and the hit is weak.
 *                In a run of fewer than 100 (DECIDE_HOUSEHOLDS_RUN) nothing tells who lives together: there
 *                both names and two parts of the address must agree where no date does, and it is
 *                no hit when no name agrees of those asked.
 *                First or last letters that more than one in eight have (-ova, -enko) are no
 *                agreement; ends are taken for such until rows show that they are not.
 *     possible   when keys agree so and the sets above fail: dates that agree only with day and
 *                month swapped, a year alone, a relative's. Shown to whoever asked, never a hit.
 *
 * Two words of a company's name and its country are a sister's as well (a branch, a trade, a number): weak, and as
 * likely wrong as right.
 *
 * expected_false says how many others there are for one right one; score = 1 / (1 +
 * expected_false). A run of many queries learns from all its agreements how often one
 * person's records agree so, and others' (link/pairs); a single query has what is reckoned
 * beforehand.
 */
#ifndef LINK_DECIDE_H
#define LINK_DECIDE_H

#include "link/frequency.h"
#include "link/mixture.h"
#include "link/score.h"
#include "record/keys.h"

enum {
    DECISION_REASONS_MAX = 64,
    DECIDE_HOUSEHOLDS_RUN = 100 /* so many queries show whether there are households */
};

struct decision {
    bool hit;
    bool weak;
    bool possible; /* not a hit, and worth a look by whoever asked */
    bool counted;  /* of a person by part keys alone: a run learns from its agreement */
    bool follows;  /* a hit by way of others alone: link/closure */
    bool keyed;    /* of link/plain: a hit by keys already */
    bool part_of_name; /* of a company two words of its name are all that agrees */
    bool plain;        /* the agreement is one of link/score */
    double score;
    double expected_false;
    double least_false; /* no less is stated, whatever third records show */
    /* The same by names, date and address alone: a phone is a household's. Infinite: no hit by these. */
    double person_false;
    struct accord accord;
    const char *why[DECISION_REASONS_MAX]; /* sentences, in the arena */
    size_t why_count;
};

/* What the asking record's keys have in them. What was asked and does not agree speaks against. */
enum decide_asks {
    ASKS_PLACE = 1,
    ASKS_HOUSE = 2,
    ASKS_DATE = 4 /* a birth date, or a part of one */,
    ASKS_STREET = 8,
    ASKS_NAME = 16, /* so many times the number of its names */
    ASKS_NAMES_MAX = 15
};

/* What is known of who asks. A name, or a part of an address, is as common on the other
 * side as among the asking side's rows, as far as these tell. */
struct decide_query {
    uint64_t population; /* records of the other side */
    unsigned asks;
    const struct frequency *parts; /* decide_count of the asking rows; or NULL */
    uint64_t same_rows;            /* further asking rows that are taken for this one */
    const struct mixture *learned; /* from the run; NULL: what is reckoned beforehand */
};

unsigned decide_asks(const struct key *keys, size_t count);
/* Counts the parts of one row's person keys, each once. */
void decide_count(struct frequency *parts, const struct key *keys, size_t count);
void decide_query(struct decision *out, const struct key *shared, size_t count,
                  const struct decide_query *query, struct arena *arena);

/* The same when nothing is known of the asking record. shared: distinct, sorted as keys_of_record sorts. population: records of the other side. */
void decide_by_keys(struct decision *out, const struct key *shared, size_t count,
                    uint64_t population, struct arena *arena);

/* The share of such hits that are wrong. */
double decision_wrong(double expected_false);

/* One more sentence; beyond DECISION_REASONS_MAX it is left out. */
void decision_reason(struct decision *out, const char *why);

#endif
