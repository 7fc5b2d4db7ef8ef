/* SPDX-License-Identifier: Apache-2.0
 *
 * store/showing.h: the acts that show what they are asked for: a record, an export, lists.
 *
 * Functions of the table in act.c, which has checked the right to do it. What is shown stands in the
 * receipt, and in the entry, before anybody sees it.
 */
#ifndef STORE_SHOWING_H
#define STORE_SHOWING_H

#include "store/inside.h"

act_function showing_read, showing_export, showing_users, showing_peers, showing_cases;

/* The entry of an act that shows what stands in the receipt. */
MUST_USE enum status showing_log(struct receipt *receipt, const struct act *act,
                                 const struct record_row *object, struct bytes query,
                                 struct err *err);
/* All records of the choice that are not erased, into the receipt. */
MUST_USE enum status showing_all(struct receipt *receipt,
                                 const struct record_filter *filter, struct err *err);

#endif
