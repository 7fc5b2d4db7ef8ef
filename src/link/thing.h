/* SPDX-License-Identifier: Apache-2.0
 *
 * link/thing.h: what of a record is compared when all of it may be seen, and the blocks by which
 * two things come to be compared at all.
 *
 * A thing keeps names as folded tokens (none for a name that is nobody's, record/nobody), birth dates as far as known, addresses taken apart, and
 * identifiers as keys. Comparing every two is too slow: thing_blocks gives numbers, and only
 * things that share one are laid side by side. Blocks are wider than keys (two tokens as they
 * sound without any date, a token with a year of birth, a house in a postcode ...): they decide
 * nothing.
 */
#ifndef LINK_THING_H
#define LINK_THING_H

#include "record/address.h"
#include "record/keys.h"
#include "record/name.h"

enum {
    THING_NAMES_MAX = 8,
    THING_DATES_MAX = 4,
    THING_ADDRESSES_MAX = 4,
    THING_BLOCKS_MAX = 48,
};

enum name_role { ROLE_NAME, ROLE_GIVEN, ROLE_SURNAME };

struct thing_token {
    struct bytes text;
    double bits; /* min-entropy by the shipped tables */
    char code[PHONETIC_CODE_MAX];
    enum name_role role;
};

struct thing_name {
    struct thing_token *tokens; /* in the order of the text */
    size_t count;
    bool vowelless;
    bool korean; /* the family perhaps */
    bool
        asian; /* Chinese, Korean, Vietnamese: a letter makes another name (link/name_asian) */
    unsigned generation; /* of a person, as record/name has it: 1 Senior, 2 Junior ... */
};

enum thing_kind {
    THING_PERSON,
    THING_ORGANIZATION,
    THING_VEHICLE,
    THING_OTHER,
    THING_KINDS
};

/* "Person", "Organization", "Vehicle", "Other". */
const char *thing_kind_word(enum thing_kind kind);

struct thing {
    enum thing_kind kind;
    bool is_person; /* else an organisation, a ship ... */
    bool has_kind;  /* false: a LegalEntity, which may be either */
    struct thing_name *names;
    size_t name_count;
    struct bytes *dates; /* of birth, incorporation, building; ISO: 1984, 1984-03, 1984-03-12 */
    size_t date_count;
    struct address *addresses;
    size_t address_count;
    struct bytes country;
    struct bytes sex;       /* of a person: "male", "female"; else empty */
    struct bytes call_sign; /* of a ship or aircraft, without gaps; else empty */
    const struct key *keys; /* identifiers among them are compared too */
    size_t key_count;
};

/* Texts are copied into the arena; keys is borrowed. */
void thing_of_record(struct thing *thing, const struct record *record,
                     const struct key *keys, size_t key_count, struct arena *arena);

/* At most THING_BLOCKS_MAX numbers, each once. */
size_t thing_blocks(uint64_t out[static THING_BLOCKS_MAX], const struct thing *thing);

#endif
