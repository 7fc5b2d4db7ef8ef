/* SPDX-License-Identifier: Apache-2.0
 *
 * record/keys.h: a record reduced to what can be compared: keys "class:value".
 *
 * The one normalisation for finding the same thing: the index inside a node, `link`, and the
 * blind comparison between nodes all use these keys. docs/format/keys.md defines every class:
 * its value, its min-entropy in bits, and why.
 *
 * A strong key names one thing by itself. A weak one comes from a closed numbering or a fashion
 * (imo, mmsi, plate, mark): a hit on it is shown as weak. A person key is a part of the evidence:
 * two or three facts that are usually right together (record/person_form); how many must agree
 * is decided in one place, link/decide. There is never a key of a name alone.
 */
#ifndef RECORD_KEYS_H
#define RECORD_KEYS_H

#include "record/record.h"

enum key_class {
    KEY_PHONE,
    KEY_IMEI,
    KEY_DOCUMENT,
    KEY_IMO,
    KEY_MMSI,
    KEY_CONTAINER,
    KEY_VIN,
    KEY_PLATE,
    KEY_ACCOUNT,
    KEY_WALLET,
    KEY_EMAIL,
    KEY_DOMAIN,
    KEY_REGNO,
    KEY_MARK,
    KEY_PERSON,
    KEY_COMPANY,
    KEY_CLASSES
};

enum key_strength { KEY_STRONG, KEY_WEAK, KEY_PART };

struct key_class_row {
    const char *name;  /* "phone" */
    const char *label; /* "phone number", as it stands in a reason */
    enum key_strength strength;
    double bits; /* min-entropy of a key of the class, where it is not counted a key */
};

struct key {
    enum key_class class;
    struct bytes value; /* in the arena; what follows "class:" */
    double bits;        /* min-entropy: the chance that a random record has it is 2^-bits */
};

enum {
    KEYS_PERSON_MAX = 24,
    /* PERSON_FORMS_MAX */ KEYS_RECORD_MAX = 4096,
    KEY_VALUE_MAX = 512
};

struct key_list {
    struct key *items;
    size_t count, capacity;
};

const struct key_class_row *key_class_row(enum key_class class);
MUST_USE enum status key_class_find(enum key_class *out, struct bytes name,
                                    struct err *err);

/* By class, then value. */
int key_compare(const struct key *a, const struct key *b);

/* All keys of a finished record, in the order of key_compare, each once. Memory from the arena.
 * Protection is not asked here: what leaves the node is the business of who sends it. */
void keys_of_record(struct key_list *out, const struct record *record, struct arena *arena);

#endif
