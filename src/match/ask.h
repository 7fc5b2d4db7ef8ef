/* SPDX-License-Identifier: Apache-2.0
 *
 * match/ask.h: the question on the wire: blinded elements and what the question is for.
 *
 * Signed by the requester and addressed to one responder, for one epoch, circle and class.
 * All that names an item is blinded; what is in clear is what the responder must know to
 * decide and to keep account: who, for which purpose, on which legal basis, for which case,
 * how many. docs/format/ask.md has the bytes of the ask and of the answer.
 */
#ifndef MATCH_ASK_H
#define MATCH_ASK_H

#include "match/blinding.h"
#include "record/codes.h"

enum { ASK_BASIS_MAX = 500, ASK_CASE_MAX = 100, ASK_WORD_MAX = 32 };
enum {
    ASK_HEAD =
        MAGIC + 2 * IDENTITY_KEY + CIRCLE_FIELD + 8 + 1 + 4 + BATCH_ID + COMMITMENT + 32,
    ASK_TEXTS_MAX = 1 + ASK_WORD_MAX + 2 + ASK_BASIS_MAX + 1 + ASK_CASE_MAX,
    ASK_WIRE_MAX =
        ASK_HEAD + ASK_TEXTS_MAX + 4 + ASK_ELEMENTS_MAX * OPRF_ELEMENT + SIGNATURE,
};

/* Why it is asked; in clear, signed, and kept by both sides. */
struct ask_reason {
    enum purpose purpose;
    struct bytes basis;    /* the law or agreement, in words */
    struct bytes case_ref; /* the requester's reference; never a name */
};

/* Bytes borrow from the wire form. */
struct ask {
    uint8_t requester[IDENTITY_KEY], responder[IDENTITY_KEY];
    struct circle circle;
    uint64_t epoch;
    enum key_class class;
    uint32_t batch;
    uint8_t batch_id[BATCH_ID];
    uint8_t commitment[COMMITMENT];
    uint8_t root[32];
    struct ask_reason reason;
    size_t count;
    const uint8_t *elements;
};

/* Refuse texts that are too long, empty or not for reading (UTF-8 without control
 * characters). */
MUST_USE enum status ask_check_reason(const struct ask_reason *reason, struct err *err);
/* Append, signed. Asserts that the reason was checked. */
void ask_write(struct buf *out, const struct ask *ask, const struct identity *requester);
/* The same without the signature, for a signer elsewhere. */
void ask_write_unsigned(struct buf *out, const struct ask *ask);
/* Form, every limit, no identity among the elements, and the signature of the requester it
 * names. On failure *ask is untouched. */
MUST_USE enum status ask_parse(struct ask *ask, struct bytes wire, struct err *err);

#endif
