/* SPDX-License-Identifier: Apache-2.0
 *
 * link/person_agree.h: what of two persons agrees, as their shared keys tell it.
 *
 * Facts (record/person_form) become the levels of link/mixture, the number of strangers of
 * whom chance would make the same agree, and the sentences that say so. How common a value
 * is, is what was reckoned of its kind (docs/format/keys.md) corrected by the asking side's
 * own rows.
 */
#ifndef LINK_PERSON_AGREE_H
#define LINK_PERSON_AGREE_H

#include "link/decide.h"
#include "record/person_facts.h"

struct person_agree {
    size_t names;        /* tokens that agree */
    size_t starts, ends; /* of others, first or last letters */
    size_t initials;     /* of others still */
    size_t places;       /* of postcode, street, house, town; the first letters as one */
    bool only_sounds;    /* the one token, and it is not spelled so */
    bool spelled;        /* a token as it is spelled: its letters say no more */
    bool full_date, date_part, swapped, year;
    bool
        telling_date; /* two parts of the date or all, and not of a day that stands for an unknown one */
    bool other_year; /* of the date, day and month alone agree */
    bool against;    /* a full date was asked, and nothing of it agrees */
    bool street, house;
    struct accord levels;
};

/* Adds its reasons to out. */
void person_agree(struct person_agree *agree, struct decision *out,
                  const struct person_facts *facts, const struct decide_query *query,
                  struct arena *arena);

#endif
