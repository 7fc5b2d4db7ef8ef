/* SPDX-License-Identifier: Apache-2.0
 *
 * record/person_facts.h: what agreeing on keys of persons means.
 *
 * The keys that two records share (record/person_form) are read back as facts of both:
 * which names, letters, parts of the birth date and of the address. A fact that stands in
 * several keys counts once.
 */
#ifndef RECORD_PERSON_FACTS_H
#define RECORD_PERSON_FACTS_H

#include "record/person_form.h"

enum { PERSON_FACT_NAMES_MAX = 24 };

struct person_fact_name {
    struct bytes text; /* token, or code without its mark; borrowed from the key */
    bool exact;
    size_t times, here; /* in the one key that has it most (Zhang Jing: ~JNK ~JNK); in the key at hand */
};

/* Letters of tokens, each token once; borrowed from the keys. */
struct person_letters {
    struct bytes at[PERSON_FACT_NAMES_MAX];
    size_t count;
};

struct person_facts {
    struct person_fact_name names[PERSON_FACT_NAMES_MAX];
    size_t name_count;
    struct person_letters starts, ends; /* "el", "els"; "ke" */
    struct bytes initials;              /* "e.n." */
    bool start_of_other, end_of_other;  /* in one key with another token as it sounds */
    unsigned date;                      /* of enum date_fact */
    struct bytes date_text;             /* the longest written form of it */
    struct bytes postcode, region, street, town, house;
    struct bytes place_letters; /* "gb": of street and town */
    size_t forms;               /* keys added */
};

/* Adds what a key's value says; a value that is no form adds nothing. */
void person_facts_add(struct person_facts *facts, struct bytes value);

#endif
