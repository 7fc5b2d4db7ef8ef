/* SPDX-License-Identifier: Apache-2.0
 *
 * match/claim.h: from a hit to a legal exchange: a person tells the owner which of its records is
 * meant, and shows that the thing was known here.
 *
 *     proof = HMAC-SHA-512-256(F(x)[16..31]; SHA-256("enlace claim" | requester | responder |
 *                              epoch 8 | length 1, case | claim id))
 *
 * F(x) is had only by who asked for x, and by the owner of the key. The proof is bound to the two
 * nodes, the case and this one claim, so that it shows nothing to anybody else and cannot be used
 * again. Nothing of x stands in a claim; an owner whose map holds x learns which it is, which is what
 * claiming means. The owner answers with the openings of what it pledged about x (match/pledge).
 * docs/format/claim.md has the bytes.
 */
#ifndef MATCH_CLAIM_H
#define MATCH_CLAIM_H

#include "match/ask.h"
#include "match/pledge.h"
#include "match/requester.h"

enum {
    CLAIM_ID = 16,
    CLAIM_PROOF = 32,
    CLAIM_HEAD = MAGIC + 2 * IDENTITY_KEY + CIRCLE_FIELD + 8 + 1 + 8 + 8 + 32 + CLAIM_ID,
    CLAIM_WIRE_MAX = CLAIM_HEAD + ASK_TEXTS_MAX + 2 + CLAIM_PROOF + SIGNATURE,
};

enum claim_urgency {
    CLAIM_ROUTINE,
    CLAIM_PRIORITY,
    CLAIM_IMMEDIATE,
    CLAIM_FLASH,
    CLAIM_URGENCIES
};

/* Texts borrow from the wire form. */
struct claim {
    uint8_t requester[IDENTITY_KEY], responder[IDENTITY_KEY];
    struct circle circle;
    uint64_t epoch;
    enum key_class class;
    uint64_t tag;             /* TAG_MANY: the thing is in five records or more */
    struct tree_head pledged; /* what the announcement named that was asked under */
    uint8_t id[CLAIM_ID];
    struct ask_reason reason;
    enum claim_urgency urgency;
    unsigned handling; /* bits of enum handling_code, of the claim itself */
    uint8_t proof[CLAIM_PROOF];
};

const char *claim_urgency_word(enum claim_urgency urgency);
MUST_USE enum status claim_urgency_parse(enum claim_urgency *out, struct bytes text,
                                         struct err *err);

/* What the proof is made over. */
void claim_digest(uint8_t digest[DIGEST], const struct claim *claim);
void claim_prove(uint8_t proof[CLAIM_PROOF], const uint8_t key[HIT_PROOF],
                 const uint8_t digest[DIGEST]);
bool claim_proves(const uint8_t proof[CLAIM_PROOF], const uint8_t key[HIT_PROOF],
                  const uint8_t digest[DIGEST]);

/* Append, without the signature. */
void claim_write_unsigned(struct buf *out, const struct claim *claim);
/* Form, every limit, and the signature of the requester it names. On failure *claim is
 * untouched. */
MUST_USE enum status claim_parse(struct claim *claim, struct bytes wire, struct err *err);

/* What the owner answers: id of the claim there 16 | records meant 1 | pledges opened 1 | openings. A
 * record that was not pledged when it was asked has none. */
enum {
    CLAIM_RECORDS_MAX = 16,
    CLAIM_RECEIPT_MAX = CLAIM_ID + 2 + CLAIM_RECORDS_MAX * PLEDGE_OPENING_MAX
};
struct claim_receipt {
    uint8_t id[CLAIM_ID];
    size_t records, opened;
    struct pledge_opening openings[CLAIM_RECORDS_MAX];
};
void claim_receipt_write(struct buf *out, const struct claim_receipt *receipt);
MUST_USE enum status claim_receipt_read(struct claim_receipt *receipt, struct bytes wire,
                                        struct err *err);

#endif
