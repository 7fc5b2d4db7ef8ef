/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/matching_family.h: all records that are one person, by keys and by decisions, over as many as there are.
 *
 * A family is looked through once, from whichever of its members is asked about first; then it is known of each. What
 * protects one of it stands among its roots, and protects all others but those of whom it was decided that the two
 * differ. So does a member that cannot be read, or not all of whose ties can be looked through: nobody can tell
 * whose it is.
 *
 * Internal to the core's side of matching; one thread. Of what is committed when a family is first asked about.
 */
#ifndef SERVE_MATCHING_FAMILY_H
#define SERVE_MATCHING_FAMILY_H

#include "base/number_map.h"
#include "serve/matching_inside.h"

/* ---- What two records share: matching_sharing.c ---- */

/* A record that has the key-th key of the one that is looked at. word: what was known of it before; or NULL. */
struct sharing {
    uint64_t number;
    size_t key;
    const char *word;
};
struct sharing_list {
    struct sharing *items; /* free */
    size_t count, capacity;
};
/* Do the keys that both share say that they are one? list: those of one of them. */
bool sharing_is_same(const struct key_list *list, const struct key *shared, size_t count,
                     struct arena *arena);
void sharing_add(struct sharing_list *sharing, const struct sharing *one);
/* Keeps one for each record that is the same as the one that has the list, as link/decide.h says, without a doubt. */
void sharing_keep_same(struct sharing_list *sharing, const struct key_list *list,
                       struct arena *arena);
/* The person keys alone: a phone is a household's. all: those of keys_of_record, or NULL. */
void list_person_keys(struct key_list *list, const struct key_list *all,
                      const struct record *record, struct arena *arena);

/* ---- Families ---- */

struct families {
    struct store *store;
    char day[MATCHING_DAY];
    /* Is told of each member that can be read, with its person keys; or NULL. */
    void (*tell)(void *context, uint64_t number, const struct key_list *keys);
    void *context;
    struct family {
        struct root {
            uint64_t number;
            const char *word; /* static */
        } * roots;
        size_t count, capacity;
        size_t into; /* the family that it is a part of; itself */
    } * items;
    size_t count, capacity;
    struct number_map members; /* the family of each number that was met */
    uint64_t *holders;         /* room for STORE_HOLDERS_MAX */
    bool open_ended;           /* of some member not all ties could be looked through */
};
void families_open(struct families *families, struct store *store, const char *day);
void families_close(struct families *families);
/* The number's family is looked through, unless it is known. After an error it protects all that were met. */
MUST_USE enum status families_explore(struct families *families, uint64_t number,
                                      struct err *err);
/* NULL: not explored yet. */
const struct family *families_known(const struct families *families, uint64_t number);
/* Those that have the key and are not of this family are added; *many: there are more than STORE_HOLDERS_MAX, and none
 * is. */
MUST_USE enum status families_holders(bool *many, struct sharing_list *sharing,
                                      struct families *families,
                                      const struct family *except, const struct key *key,
                                      size_t place, struct err *err);

/* Words for whom nobody can tell. */
extern const char family_unreadable[], family_crowded[];

#endif
