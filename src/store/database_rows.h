/* SPDX-License-Identifier: Apache-2.0
 *
 * store/database_rows.h: the rest of database.h: records, people, keys, what is to be
 * erased.
 */
#ifndef STORE_DATABASE_ROWS_H
#define STORE_DATABASE_ROWS_H

#include "store/database.h"

/* ---- Records ---- */

MUST_USE enum status database_add_record(struct database *db, const struct record_row *row,
                                         struct err *err);
MUST_USE enum status database_put_record(struct database *db, const struct record_row *row,
                                         struct err *err);
MUST_USE enum status database_record(struct record_row *row, struct database *db,
                                     uint64_t number, struct err *err);

enum record_choice {
    RECORDS_THINGS,
    RECORDS_OF_NO_CASE,
    RECORDS_OF_CASE,
    RECORDS_CASES,
    RECORDS_USERS,
    RECORDS_PEERS,
    RECORDS_HITS,
    RECORDS_CLAIMS
};
struct record_filter {
    enum record_choice choice;
    uint64_t case_number; /* RECORDS_OF_CASE */
};
/* The next rows with a number over `after`, in order, at most max; *count 0 at the end. */
MUST_USE enum status database_records(struct record_row *rows, size_t *count, size_t max,
                                      struct database *db,
                                      const struct record_filter *filter, uint64_t after,
                                      struct err *err);

struct record_counts {
    uint64_t things, erased, cases, users;
};
MUST_USE enum status database_count_records(struct record_counts *counts,
                                            struct database *db, struct err *err);

/* ---- People ---- */

/* No row is no role. */
MUST_USE enum status database_roles(unsigned *roles, struct database *db, uint64_t user,
                                    struct err *err);
MUST_USE enum status database_put_roles(struct database *db, uint64_t user, unsigned roles,
                                        struct err *err);
MUST_USE enum status database_is_member(bool *is, struct database *db, uint64_t case_number,
                                        uint64_t user, struct err *err);
/* Does another user belong to it who holds one of the roles? */
MUST_USE enum status database_has_other_member(bool *has, struct database *db,
                                               uint64_t case_number, uint64_t user,
                                               unsigned roles, struct err *err);
MUST_USE enum status database_put_member(struct database *db, uint64_t case_number,
                                         uint64_t user, bool joins, struct err *err);

typedef void database_on_pair(void *context, uint64_t a, uint64_t b);
/* (user, roles), and (case, user). */
MUST_USE enum status database_roles_all(database_on_pair *visit, void *context,
                                        struct database *db, struct err *err);
MUST_USE enum status database_members_all(database_on_pair *visit, void *context,
                                          struct database *db, struct err *err);
MUST_USE enum status database_clear_people(struct database *db, struct err *err);

/* ---- Keys: what a record is found by ---- */

/* Sorts the rows. */
MUST_USE enum status database_add_keys(struct database *db, struct key_row *rows,
                                       size_t count, struct err *err);
MUST_USE enum status database_remove_key(struct database *db, const struct key_row *row,
                                         struct err *err);
/* All keys of a record, without knowing them; looks through all there are. */
MUST_USE enum status database_remove_keys_of(struct database *db, uint64_t number,
                                             struct err *err);
/* Numbers in rising order, at most max; *count is how many there are, up to max + 1. */
MUST_USE enum status database_find_key(uint64_t *numbers, size_t *count, size_t max,
                                       struct database *db, uint64_t hi, uint64_t lo,
                                       struct err *err);
MUST_USE enum status database_clear_keys(struct database *db, struct err *err);
typedef void database_on_key(void *context, const struct key_row *row);
/* All in the order of (hi, lo, number). */
MUST_USE enum status database_keys(struct database *db, database_on_key *visit,
                                   void *context, struct err *err);
uint64_t database_count_keys(const struct database *db);

/* ---- What to erase ---- */

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

/* ---- Pieces of words (store/words.h) ---- */

/* NOT_FOUND without a sentence. */
MUST_USE enum status database_piece(uint64_t *slot, struct buf *sealed, struct database *db,
                                    uint64_t piece, struct err *err);
MUST_USE enum status database_add_piece(struct database *db, uint64_t piece, uint64_t slot,
                                        struct bytes sealed, struct err *err);
MUST_USE enum status database_remove_piece(struct database *db, uint64_t piece,
                                           struct err *err);
/* All of them; their slots are appended. */
MUST_USE enum status database_clear_pieces(struct slot_list *slots, struct database *db,
                                           struct err *err);

#endif
