/* SPDX-License-Identifier: Apache-2.0
 *
 * store/overseeing.h: the acts of whoever watches over the log, who reads entries and no record.
 *
 * Functions of the table in act.c. What an entry says is read once the act that reads it is durable
 * (receipt_entry, store/act.h).
 */
#ifndef STORE_OVERSEEING_H
#define STORE_OVERSEEING_H

#include "store/inside.h"

act_function overseeing_read, overseeing_verify;
void overseeing_release(struct log_reader *reader); /* NULL is fine */

#endif
