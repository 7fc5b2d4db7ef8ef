/* SPDX-License-Identifier: Apache-2.0
 *
 * match/answer.h: what the owner of the key sends back: the evaluated elements, in the
 * order of the ask, a proof for every 1,024 of them, and a signature that binds all to this
 * one ask.
 */
#ifndef MATCH_ANSWER_H
#define MATCH_ANSWER_H

#include "match/ask.h"
#include "match/dleq.h"

enum {
    ANSWER_PROOFS_MAX = (ASK_ELEMENTS_MAX + DLEQ_BATCH_MAX - 1) / DLEQ_BATCH_MAX,
    ANSWER_HEAD = MAGIC + IDENTITY_KEY + DIGEST + 4,
    ANSWER_WIRE_MAX = ANSWER_HEAD + ASK_ELEMENTS_MAX * OPRF_ELEMENT +
                      ANSWER_PROOFS_MAX * DLEQ_PROOF + SIGNATURE,
};

/* Borrows from the wire form. */
struct answer {
    uint8_t responder[IDENTITY_KEY];
    uint8_t ask_digest[DIGEST]; /* of the whole signed ask */
    size_t count;
    const uint8_t *elements;
    const uint8_t *proofs; /* answer_proofs(count) of them */
};

static inline size_t answer_proofs(size_t count)
{
    return (count + DLEQ_BATCH_MAX - 1) / DLEQ_BATCH_MAX;
}

void answer_write(struct buf *out, const struct answer *answer,
                  const struct identity *responder);
/* Form, limits and the signature of the responder it names; the proofs are the requester's
 * business. On failure *answer is untouched. */
MUST_USE enum status answer_parse(struct answer *answer, struct bytes wire,
                                  struct err *err);

#endif
