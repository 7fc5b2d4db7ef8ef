/* SPDX-License-Identifier: Apache-2.0
 *
 * store/note.h: what the node does by itself, or on a partner's word: no person acts, and the
 * entry has the role of the node.
 *
 * A note is an entry with a payload of the caller's bytes; with it, in the same transaction, a
 * claim may be filed, and a state may change. States are named bytes, at most STATE_MAX of them,
 * about the node itself (its announcements, those it saw of others, what it has counted): nothing
 * of a record stands in them, and they need no act to be read.
 */
#ifndef STORE_NOTE_H
#define STORE_NOTE_H

#include "store/act.h"

enum { STATE_MAX = 64 * 1024, STATE_NAME_MAX = 160 };

struct note {
    enum verb verb;
    struct bytes body;
    const uint8_t *object;       /* ENTRY_ID bytes, or NULL */
    const struct record *record; /* a Claim to be filed, or NULL */
    uint64_t about;              /* number of the record that the claim is about; 0: none */
    const char *state;           /* or NULL */
    struct bytes value;
};

/* Handed in; durable after store_commit. *id (or NULL) gets the id of the claim filed. CONFLICT, and
 * nothing done: this claim was filed before, and *id is its id. */
MUST_USE enum status store_note(uint8_t *id, struct store *store, const struct note *note,
                                struct err *err);
/* Notes of the verb since then (milliseconds), in order, with their entries' times. Stops at the first status
 * that is not OK. visit hands nothing in. */
typedef enum status store_on_note(void *context, int64_t time_ms, struct bytes body,
                                  struct err *err);
MUST_USE enum status store_notes(struct store *store, enum verb verb, int64_t since_ms,
                                 store_on_note *visit, void *context, struct err *err);
/* The state, committed or not, into value (cleared first). NOT_FOUND. */
MUST_USE enum status store_state(struct buf *value, struct store *store, const char *name,
                                 struct err *err);
/* That somebody who is no user was refused, the last of so many times: an entry of the node's. account:
 * what they are called, at most PAYLOAD_REASON_MAX bytes; kept as words beside an act are (store/aside.h).
 * Handed in. */
MUST_USE enum status store_note_stranger(struct store *store, const char *account,
                                         uint64_t times, struct err *err);
/* VERB_PUBLISH by the node itself: durable when it comes back. */
MUST_USE enum status store_publish(struct receipt **out, struct store *store,
                                   struct err *err);
/* The record with this number as it stands now, in the arena: for what the node itself is to decide, and
 * shown to nobody. NOT_FOUND: it was erased, or there is none. */
MUST_USE enum status store_current(struct record *record, struct store *store,
                                   uint64_t number, struct arena *arena, struct err *err);
/* The number of the thing with this id; false: there is none. */
bool store_number(uint64_t *number, const struct store *store, const uint8_t id[ENTRY_ID]);
/* The things that this one names by their ids, and those that name it, each once; not what it has an
 * identifier in common with. At most STORE_TIED_MAX; *more: there are others besides. Of what is committed. */
enum { STORE_TIED_MAX = 1024 };
MUST_USE enum status store_tied(uint64_t *numbers, size_t *count, bool *more,
                                struct store *store, uint64_t number,
                                const struct record *record, struct err *err);
/* The same of what this one names alone. */
MUST_USE enum status store_named(uint64_t *numbers, size_t *count, bool *more,
                                 struct store *store, uint64_t number,
                                 const struct record *record, struct err *err);
/* The case that the record belongs to; 0: none. */
MUST_USE enum status store_case_of(uint64_t *case_number, struct store *store,
                                   uint64_t number, struct err *err);
/* The things whose id this text is, as the record would name them. */
MUST_USE enum status store_called(uint64_t numbers[STORE_TIED_MAX], size_t *count,
                                  struct store *store, uint64_t number,
                                  const struct record *record, struct bytes id,
                                  struct err *err);
/* The things that have a status which protects, or may be a minor's, in any order, in the arena; informants: those alone.
 * *known false: an earlier build made this node, and it has not been rebuilt since. Of what is committed. */
MUST_USE enum status store_protected(uint64_t **numbers, size_t *count, bool *known,
                                     struct store *store, bool informants,
                                     struct arena *arena, struct err *err);
/* The things that have this key, in rising order, at most STORE_HOLDERS_MAX; *count is one more when there are
 * more. Of what is committed. */
enum { STORE_HOLDERS_MAX = 4096 };
MUST_USE enum status store_holders(uint64_t numbers[STORE_HOLDERS_MAX], size_t *count,
                                   struct store *store, const struct key *key,
                                   struct err *err);
/* Has a thing been added, changed or erased by an entry from `from` on? */
MUST_USE enum status store_changed(bool *changed, struct store *store, uint64_t from,
                                   struct err *err);
/* Is there somebody else who holds one of these roles (bits 1 << enum role)? */
MUST_USE enum status store_has_other(bool *has, struct store *store,
                                     const uint8_t who[ENTRY_ID], unsigned roles,
                                     struct err *err);
/* The id of a record by its number. */
void store_id(uint8_t id[ENTRY_ID], const struct store *store, uint64_t number);
uint64_t store_size(const struct store *store); /* entries, with those handed in */

#endif
