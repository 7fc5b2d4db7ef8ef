/* SPDX-License-Identifier: Apache-2.0 */
#include "store/payload.h"

#include "ledger/entry.h"

#include <assert.h>

void payload_add_text(struct buf *out, struct bytes text)
{
    assert(text.len <= UINT16_MAX);
    buf_add_be16(out, (uint16_t)text.len);
    buf_add(out, text);
}

void payload_begin(struct buf *out, enum payload_kind kind, const char *reason)
{
    buf_clear(out);
    buf_add_byte(out, PAYLOAD_VERSION);
    buf_add_byte(out, (uint8_t)kind);
    payload_add_text(out, bytes_text(reason != NULL ? reason : ""));
}

enum status payload_read(struct payload *out, struct bytes wire, struct err *err)
{
    struct cursor cursor = {.rest = wire};
    unsigned version = cursor_u8(&cursor), kind = cursor_u8(&cursor);
    struct bytes reason = {0};
    if (version == PAYLOAD_APART)
        cursor_take(&cursor, ENTRY_COMMITMENT);
    else
        reason = cursor_take(&cursor, cursor_be16(&cursor));
    if (cursor.failed || (version != PAYLOAD_VERSION && version != PAYLOAD_APART) ||
        kind >= PAYLOAD_KINDS)
        return fail(err, BAD_INPUT, "a payload has an unknown form (version %u, kind %u)",
                    version, kind);
    *out = (struct payload){(enum payload_kind)kind, reason, cursor.rest};
    return OK;
}
