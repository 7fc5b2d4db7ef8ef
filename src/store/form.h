/* SPDX-License-Identifier: Apache-2.0
 *
 * store/form.h: a record as bytes, the same bytes for the same record.
 *
 *     1 | schema | id | made 1 | owner | status | handling 1 | note | scheme | code |
 *     purpose | review | count 2 | count x (property | format | length 4, raw text)
 *
 * where each word is length 2, bytes (docs/format/store.md). What was given is kept, not
 * what was read out of it: reading back cleans every value again, by today's rules, with
 * the country of the node. Code lists are kept as words, so that a list may grow.
 */
#ifndef STORE_FORM_H
#define STORE_FORM_H

#include "record/record.h"

enum { FORM_MAX = 32 * 1024 * 1024 };

/* TOO_LARGE over FORM_MAX, or over what `out` may hold. */
MUST_USE enum status form_add(struct buf *out, const struct record *record,
                              struct err *err);

/* A finished record in the arena; home as in record_finish. BAD_INPUT: no form of ours. */
MUST_USE enum status form_read(struct record *record, struct bytes form, const char *home,
                               struct arena *arena, struct err *err);

#endif
