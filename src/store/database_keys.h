/* SPDX-License-Identifier: Apache-2.0
 *
 * store/database_keys.h: more of database.h: keys, what a record is found by.
 */
#ifndef STORE_DATABASE_KEYS_H
#define STORE_DATABASE_KEYS_H

#include "store/database.h"
#include "store/key_block.h"

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
/* A block or the list of them is not what was written: the functions above give CONFLICT, until all are
 * cleared and made again. */
bool database_keys_damaged(const struct database *db);

#endif
