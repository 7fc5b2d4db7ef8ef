/* SPDX-License-Identifier: Apache-2.0
 *
 * store/database_rows.h: more of database.h: records, people, pieces of words.
 */
#ifndef STORE_DATABASE_ROWS_H
#define STORE_DATABASE_ROWS_H

#include "store/database.h"
#include "store/database_erase.h"

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
