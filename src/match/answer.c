/* SPDX-License-Identifier: Apache-2.0 */
#include "match/answer.h"

#include <assert.h>

static const uint8_t magic[MAGIC] = "ENLANS01";

void answer_write(struct buf *out, const struct answer *answer,
                  const struct identity *responder)
{
    assert(out->len == 0);
    buf_add(out, bytes_of(magic, MAGIC));
    buf_add(out, bytes_of(answer->responder, IDENTITY_KEY));
    buf_add(out, bytes_of(answer->ask_digest, DIGEST));
    buf_add_be32(out, (uint32_t)answer->count);
    buf_add(out, bytes_of(answer->elements, answer->count * OPRF_ELEMENT));
    buf_add(out, bytes_of(answer->proofs, answer_proofs(answer->count) * DLEQ_PROOF));
    identity_sign(out, responder);
}

enum status answer_parse(struct answer *answer, struct bytes wire, struct err *err)
{
    if (wire.len > ANSWER_WIRE_MAX)
        return fail(err, TOO_LARGE, "answer: %zu bytes is over the limit of %d", wire.len,
                    ANSWER_WIRE_MAX);
    if (wire.len < ANSWER_HEAD + SIGNATURE || memcmp(wire.at, magic, MAGIC) != 0)
        return fail(err, BAD_INPUT, "answer: this is not an answer");
    struct answer read = {.count = 0};
    struct cursor cursor = {bytes_slice(wire, MAGIC, wire.len - MAGIC - SIGNATURE), false};
    cursor_copy(read.responder, &cursor, IDENTITY_KEY);
    cursor_copy(read.ask_digest, &cursor, DIGEST);
    read.count = cursor_be32(&cursor);
    if (cursor.failed || read.count == 0 || read.count > ASK_ELEMENTS_MAX)
        return fail(err, BAD_INPUT, "answer: %zu elements; an answer has 1 to %d",
                    read.count, ASK_ELEMENTS_MAX);
    size_t elements_len = read.count * OPRF_ELEMENT;
    size_t proofs_len = answer_proofs(read.count) * DLEQ_PROOF;
    if (cursor.rest.len != elements_len + proofs_len)
        return fail(err, BAD_INPUT,
                    "answer: %zu bytes where %zu elements with their proofs take "
                    "%zu",
                    cursor.rest.len, read.count, elements_len + proofs_len);
    read.elements = cursor.rest.at;
    read.proofs = cursor.rest.at + elements_len;
    if (!identity_signed(wire, read.responder))
        return fail(err, REFUSED, "answer: the signature does not verify");
    *answer = read;
    return OK;
}
