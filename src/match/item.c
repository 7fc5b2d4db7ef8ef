/* SPDX-License-Identifier: Apache-2.0 */
#include "match/item.h"

#include <assert.h>

enum status item_text(struct bytes *text, const struct match_item *item,
                      struct arena *arena, struct err *err)
{
    assert(item->class < KEY_CLASSES);
    const char *name = key_class_row(item->class)->name;
    size_t name_len = strlen(name), value_len = item->value.len;
    if (value_len < 1 || value_len > KEY_VALUE_MAX)
        return fail(err, BAD_INPUT, "a value of class %s has 1 to %d bytes, not %zu", name,
                    KEY_VALUE_MAX, value_len);
    assert(name_len + 1 + value_len <= ITEM_MAX);
    uint8_t *at = arena_alloc(arena, name_len + 1 + value_len);
    memcpy(at, name, name_len);
    at[name_len] = ':';
    memcpy(at + name_len + 1, item->value.at, value_len);
    *text = bytes_of(at, name_len + 1 + value_len);
    return OK;
}
