/* SPDX-License-Identifier: Apache-2.0
 *
 * store/searching.h: the act that finds: by keys, by words, and what is tied to a record.
 *
 * A function of the table in act.c, which has checked the right to do it. Whatever finds, each record
 * found is asked of the database again, and only what this person may see is shown.
 */
#ifndef STORE_SEARCHING_H
#define STORE_SEARCHING_H

#include "store/inside.h"

act_function searching_act;

/* The things that a value of the record names, as store_tied has them. */
MUST_USE enum status searching_named(uint64_t *numbers, size_t *count, bool *more,
                                     struct store *store, uint64_t case_number,
                                     const struct record *record,
                                     const struct record_value *value, struct err *err);

#endif
