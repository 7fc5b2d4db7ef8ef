/* SPDX-License-Identifier: Apache-2.0
 *
 * store/index.h: what a record is found by, as keyed hashes.
 *
 *     K class:value          a key of record/keys, of a thing
 *     S case 8 | owner: length 2, text | id     a thing's source: the same row of a file
 *     U login                                    a user
 *     C reference                                a case
 *     P code                                     a peer
 *     H id                                       a hit or a claim
 *     N number 8                                 what says that it is tied to the record
 *     R case 8 | owner: length 2, text | id      the same, by the source's id of the other
 *     A case 8 | id, B case 8 | id               beside S and R, of a record that has an owner
 *     Q status                                   a thing with a status that protects; "young": one that may
 *                                                be a minor's
 *
 * The hash of such a text, under a key that comes of the node's secret, stands in the
 * database beside the number of the record; the text never does. New rows wait here, and go
 * in sorted.
 */
#ifndef STORE_INDEX_H
#define STORE_INDEX_H

#include "record/keys.h"
#include "store/database_keys.h"
#include "store/database_rows.h"

/* All-zero is valid and empty. */
struct index {
    struct key_row *rows; /* waiting */
    size_t count, capacity;
    uint32_t *places; /* by hi: the last of those rows, its place + 1; 0: none */
    uint32_t *next;   /* of a row: the one before it in the same place, likewise */
    size_t place_count, next_capacity;
};

struct index_names {
    struct key_row *rows; /* number not filled in */
    size_t count;
};

void index_release(struct index *index);

/* All that a record of this kind is found by, in the arena. */
void index_of_record(struct index_names *out, const struct secrets *secrets,
                     const struct record *record, const struct record_row *row,
                     struct arena *arena);
struct key_row index_of_key(const struct secrets *secrets, const struct key *key);
struct key_row index_of_source(const struct secrets *secrets, uint64_t case_number,
                               const struct record *record);
/* The row of the record that has this id as its source's. */
struct key_row index_of_source_id(const struct secrets *secrets, uint64_t case_number,
                                  const char *owner, struct bytes id);
/* The row of whatever names that record, by its number or by its source's id. */
struct key_row index_of_tie(const struct secrets *secrets, uint64_t number);
struct key_row index_of_reference(const struct secrets *secrets, uint64_t case_number,
                                  const char *owner, struct bytes id);
/* The same of all records that have an owner, whoever that is. */
struct key_row index_of_others_source_id(const struct secrets *secrets,
                                         uint64_t case_number, struct bytes id);
struct key_row index_of_others_reference(const struct secrets *secrets,
                                         uint64_t case_number, struct bytes id);
/* Does the value name another record? And is what it says an id of ours? */
bool index_is_tie(const struct record_value *value);
bool index_tie_number(uint64_t *number, const struct secrets *secrets,
                      const struct record_value *value);
/* The row of all things with this status: those that protect, acquitted, and INDEX_YOUNG: born so late
 * that they were no adults when this was written, or when nobody can tell. */
#define INDEX_YOUNG "young"
struct key_row index_of_status(const struct secrets *secrets, const char *word);
/* What is kept of an erased record, so that an import does not bring it back. */
struct key_row index_of_tombstone(const struct secrets *secrets, uint64_t case_number,
                                  const struct record *record);
struct key_row index_of_user(const struct secrets *secrets, const char *login);
struct key_row index_of_case(const struct secrets *secrets, const char *reference);
struct key_row index_of_peer(const struct secrets *secrets, const char *code);
struct key_row index_of_finding(const struct secrets *secrets, const char *id);

void index_add(struct index *index, const struct index_names *names, uint64_t number);
/* The waiting rows go into the database. */
MUST_USE enum status index_flush(struct index *index, struct database *db, struct err *err);
/* The one record with this name; waiting ones count. NOT_FOUND without a sentence. */
MUST_USE enum status index_find_one(uint64_t *number, const struct index *index,
                                    struct database *db, struct key_row name,
                                    struct err *err);
/* What is in `old` and not in `now` is removed, the other way round added. Flushes. */
MUST_USE enum status index_change(struct index *index, struct database *db,
                                  const struct index_names *old,
                                  const struct index_names *now, uint64_t number,
                                  struct err *err);

#endif
