/* SPDX-License-Identifier: Apache-2.0
 *
 * store/aside.h: the words a person gave with an act, sealed apart from what the act did.
 *
 *     reason: length 2, text | query: length 2, text
 *
 * An entry commits to its payload, the payload to these words (store/payload.h). They have a key
 * of their own, so that they can go and what the act showed, and to whom, stays proved:
 *
 *     with a record that the act showed or was about, when that is erased;
 *     with any record whose names, identifiers or address they contain, when that is erased;
 *     after ASIDE_DAYS, where the act showed no record.
 *
 * The words of a version of a record stand in the version, under the record's own key.
 */
#ifndef STORE_ASIDE_H
#define STORE_ASIDE_H

#include "store/database_rows.h"

enum { ASIDE_DAYS = 90 };

struct record;

/* Begins the payload of an act that is no version; reason and query may be empty. */
void aside_begin(struct store *store, unsigned kind, const char *reason,
                 struct bytes query);
/* The words that aside_begin was given, into the transaction, and what commits to them into the
 * payload. with_records: they go with what the act shows, not by the calendar. */
MUST_USE enum status aside_write(struct store *store, bool with_records, struct err *err);
/* The slots of all words that name what the record holds are added to slots, and forgotten. words:
 * the form of record/words, of all its versions, one after the other, each behind a length of 2. */
MUST_USE enum status aside_erase(struct slot_list *slots, struct store *store,
                                 struct bytes words, struct err *err);
/* Once a day, inside a transaction: dooms what has had its time. */
MUST_USE enum status aside_sweep(struct store *store, struct err *err);

#endif
