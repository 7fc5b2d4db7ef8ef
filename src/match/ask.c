/* SPDX-License-Identifier: Apache-2.0 */
#include "match/ask.h"

#include "base/text.h"

#include <assert.h>
#include <sodium.h>

static const uint8_t magic[MAGIC] = "ENLASK01";

static bool is_readable(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < ' ' || text.at[i] == 0x7F)
            return false;
    return text.len > 0 && utf8_valid(text);
}

enum status ask_check_reason(const struct ask_reason *reason, struct err *err)
{
    if (reason->basis.len > ASK_BASIS_MAX || !is_readable(reason->basis))
        return fail(err, BAD_INPUT,
                    "ask: a legal basis of 1 to %d bytes of plain text is needed",
                    ASK_BASIS_MAX);
    if (reason->case_ref.len > ASK_CASE_MAX || !is_readable(reason->case_ref))
        return fail(err, BAD_INPUT,
                    "ask: a case reference of 1 to %d bytes of plain text is "
                    "needed",
                    ASK_CASE_MAX);
    return OK;
}

void ask_write_unsigned(struct buf *out, const struct ask *ask)
{
    assert(out->len == 0 && ask_check_reason(&ask->reason, NULL) == OK);
    const char *purpose = purpose_word(ask->reason.purpose);
    buf_add(out, bytes_of(magic, MAGIC));
    buf_add(out, bytes_of(ask->requester, IDENTITY_KEY));
    buf_add(out, bytes_of(ask->responder, IDENTITY_KEY));
    circle_add(out, &ask->circle);
    buf_add_be64(out, ask->epoch);
    buf_add_byte(out, (uint8_t)ask->class);
    buf_add_be32(out, ask->batch);
    buf_add(out, bytes_of(ask->batch_id, BATCH_ID));
    buf_add(out, bytes_of(ask->commitment, COMMITMENT));
    buf_add(out, bytes_of(ask->root, sizeof ask->root));
    buf_add_byte(out, (uint8_t)strlen(purpose));
    buf_add_text(out, purpose);
    buf_add_be16(out, (uint16_t)ask->reason.basis.len);
    buf_add(out, ask->reason.basis);
    buf_add_byte(out, (uint8_t)ask->reason.case_ref.len);
    buf_add(out, ask->reason.case_ref);
    buf_add_be32(out, (uint32_t)ask->count);
    buf_add(out, bytes_of(ask->elements, ask->count * OPRF_ELEMENT));
}

void ask_write(struct buf *out, const struct ask *ask, const struct identity *requester)
{
    assert(memcmp(ask->requester, requester->public_key, IDENTITY_KEY) == 0);
    ask_write_unsigned(out, ask);
    identity_sign(out, requester);
}

static void read_head(struct ask *ask, uint8_t *class, struct cursor *cursor)
{
    cursor_copy(ask->requester, cursor, IDENTITY_KEY);
    cursor_copy(ask->responder, cursor, IDENTITY_KEY);
    circle_read(&ask->circle, cursor);
    ask->epoch = cursor_be64(cursor);
    *class = cursor_u8(cursor);
    ask->batch = cursor_be32(cursor);
    cursor_copy(ask->batch_id, cursor, BATCH_ID);
    cursor_copy(ask->commitment, cursor, COMMITMENT);
    cursor_copy(ask->root, cursor, sizeof ask->root);
}

static enum status check_elements(const struct ask *ask, struct err *err)
{
    for (size_t i = 0; i < ask->count; i++)
        if (sodium_is_zero(ask->elements + i * OPRF_ELEMENT, OPRF_ELEMENT))
            return fail(err, REFUSED,
                        "ask: element %zu is the identity, which asks nothing", i + 1);
    return OK;
}

enum status ask_parse(struct ask *ask, struct bytes wire, struct err *err)
{
    if (wire.len > ASK_WIRE_MAX)
        return fail(err, TOO_LARGE, "ask: %zu bytes is over the limit of %d", wire.len,
                    ASK_WIRE_MAX);
    if (wire.len < ASK_HEAD + SIGNATURE || memcmp(wire.at, magic, MAGIC) != 0)
        return fail(err, BAD_INPUT, "ask: this is not an ask");
    struct ask read = {.count = 0};
    uint8_t class = 0;
    struct cursor cursor = {bytes_slice(wire, MAGIC, wire.len - MAGIC - SIGNATURE), false};
    read_head(&read, &class, &cursor);
    struct bytes purpose = cursor_take(&cursor, cursor_u8(&cursor));
    read.reason.basis = cursor_take(&cursor, cursor_be16(&cursor));
    read.reason.case_ref = cursor_take(&cursor, cursor_u8(&cursor));
    read.count = cursor_be32(&cursor);
    if (cursor.failed || class >= KEY_CLASSES)
        return fail(err, BAD_INPUT, "ask: cut short or malformed");
    if (read.count == 0 || blinding_size(read.count) != read.count)
        return fail(err, BAD_INPUT,
                    "ask: %zu elements; an ask is padded to 8, 16, 64, 256, "
                    "1024, 4096 or %d",
                    read.count, ASK_ELEMENTS_MAX);
    if (cursor.rest.len != read.count * OPRF_ELEMENT)
        return fail(err, BAD_INPUT, "ask: %zu bytes for %zu elements of %d bytes",
                    cursor.rest.len, read.count, OPRF_ELEMENT);
    read.elements = cursor.rest.at;
    read.class = (enum key_class) class;
    enum status status = ask_check_reason(&read.reason, err);
    if (status == OK)
        status = purpose_parse(&read.reason.purpose, purpose, err);
    if (status == OK)
        status = check_elements(&read, err);
    if (status != OK)
        return status;
    if (!identity_signed(wire, read.requester))
        return fail(err, REFUSED, "ask: the signature does not verify");
    *ask = read;
    return OK;
}
