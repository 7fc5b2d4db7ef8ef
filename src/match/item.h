/* SPDX-License-Identifier: Apache-2.0
 *
 * match/item.h: one thing that is asked for or held, and what the oblivious function is
 * given of it: the key as it is written everywhere, "class:value".
 */
#ifndef MATCH_ITEM_H
#define MATCH_ITEM_H

#include "base/memory.h"
#include "record/keys.h"

enum {
    ITEM_MAX = KEY_VALUE_MAX + 16
}; /* the longest name of a class, a colon, the value */

/* The value borrows. */
struct match_item {
    enum key_class class;
    struct bytes value;
};

/* "class:value" in the arena. BAD_INPUT unless the value has 1 to KEY_VALUE_MAX bytes. */
MUST_USE enum status item_text(struct bytes *text, const struct match_item *item,
                               struct arena *arena, struct err *err);

#endif
