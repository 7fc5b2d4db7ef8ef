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
MUST_USE enum status database_put_member(struct database *db, uint64_t case_number,
                                         uint64_t user, bool joins, struct err *err);

/* ---- Keys: what a record is found by ---- */

/* Sorts the rows. */
MUST_USE enum status database_add_keys(struct database *db, struct key_row *rows,
                                       size_t count, struct err *err);
MUST_USE enum status database_remove_key(struct database *db, const struct key_row *row,
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

/* A search whose payload names what record was found by: its words go with the record's. */
MUST_USE enum status database_add_search(struct database *db, uint64_t number,
                                         uint64_t sequence, struct err *err);
/* The slots of all searches that found the record; each is forgotten. Appended to *slots.
 * */
struct slot_list { /* all-zero is valid and empty */
    uint64_t *items;
    size_t count, capacity;
};
void slot_list_add(struct slot_list *slots, uint64_t slot);
void slot_list_release(struct slot_list *slots);
/* Their sequences, which stay; that of a hit is its number. */
MUST_USE enum status database_searches(struct slot_list *sequences, struct database *db,
                                       uint64_t number, struct err *err);
MUST_USE enum status database_take_searches(struct slot_list *slots, struct database *db,
                                            uint64_t number, struct err *err);
/* Slots that are to be overwritten: noted in the transaction of the act that erases, and
 * struck out when it is done. */
MUST_USE enum status database_add_doomed(struct database *db, const struct slot_list *slots,
                                         struct err *err);
MUST_USE enum status database_doomed(struct slot_list *slots, struct database *db,
                                     struct err *err);
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
