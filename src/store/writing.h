/* SPDX-License-Identifier: Apache-2.0
 *
 * store/writing.h: the acts that write a record: a new one, another version, a case.
 *
 * Functions of the table in act.c, which has checked the right to do it.
 */
#ifndef STORE_WRITING_H
#define STORE_WRITING_H

#include "store/inside.h"

act_function writing_new, writing_edit, writing_case;

/* The record of the act as the next version of row, or as its first; refused when it is too large. */
MUST_USE enum status writing_version(struct receipt *receipt, const struct act *act,
                                     struct record_row *row, struct err *err);

#endif
