/* SPDX-License-Identifier: Apache-2.0
 *
 * store/database_erase.h: more of database.h: what is to be erased, and what goes with it.
 */
#ifndef STORE_DATABASE_ERASE_H
#define STORE_DATABASE_ERASE_H

#include "store/database.h"
#include "store/key_block.h"

struct slot_list { /* all-zero is valid and empty */
    uint64_t *items;
    size_t count, capacity;
};
void slot_list_add(struct slot_list *slots, uint64_t slot);
void slot_list_release(struct slot_list *slots);
/* Their sequences, which stay; that of a hit is its number. */
MUST_USE enum status database_searches(struct slot_list *sequences, struct database *db,
                                       uint64_t number, struct err *err);

/* The sequences of all versions of a record. Looks through all payloads since it was made when there
 * is more than one. */
MUST_USE enum status database_versions(struct slot_list *sequences, struct database *db,
                                       const struct record_row *row, struct err *err);
/* What an erased record was known by: an import does not bring it back unasked. */
MUST_USE enum status database_add_tombstone(struct database *db, const struct key_row *name,
                                            struct err *err);
MUST_USE enum status database_remove_tombstone(struct database *db,
                                               const struct key_row *name, struct err *err);
MUST_USE enum status database_has_tombstone(bool *has, struct database *db,
                                            const struct key_row *name, struct err *err);
MUST_USE enum status database_has_any_tombstone(bool *has, struct database *db,
                                                struct err *err);
/* An act whose words name the record: they go with the record's. whole: its payload goes too. */
MUST_USE enum status database_add_search(struct database *db, uint64_t number,
                                         uint64_t sequence, bool whole, struct err *err);
/* The slots of all that was so noted; each is forgotten. Appended to *slots. */
MUST_USE enum status database_take_searches(struct slot_list *slots, struct database *db,
                                            uint64_t number, struct err *err);
/* Words beside an act (store/aside.h); until: a day since 1970, or 0. */
MUST_USE enum status database_add_aside(struct database *db, uint64_t sequence,
                                        uint64_t slot, uint64_t until, struct bytes sealed,
                                        struct err *err);
/* The first behind *sequence; NOT_FOUND without a sentence. */
MUST_USE enum status database_next_aside(uint64_t *sequence, uint64_t *slot,
                                         struct buf *sealed, struct database *db,
                                         struct err *err);
MUST_USE enum status database_remove_aside(struct database *db, uint64_t sequence,
                                           struct err *err);
/* Those whose day has come are removed; their slots are appended. */
MUST_USE enum status database_take_expired_asides(struct slot_list *slots,
                                                  struct database *db, uint64_t day,
                                                  struct err *err);
/* Slots that are to be overwritten: noted in the transaction of the act that erases, and
 * struck out when it is done. */
MUST_USE enum status database_add_doomed(struct database *db, const struct slot_list *slots,
                                         struct err *err);
MUST_USE enum status database_doomed(struct slot_list *slots, struct database *db,
                                     struct err *err);
/* CONFLICT: one of them belongs to a record that was not erased, or to an act whose payload stays.
 * Looks through all records and payloads. */
MUST_USE enum status database_check_doomed(struct database *db, struct err *err);
MUST_USE enum status database_clear_doomed(struct database *db, struct err *err);

#endif
