/* SPDX-License-Identifier: Apache-2.0 */
#include "match/claim.h"

#include "base/text.h"

#include <assert.h>
#include <nettle/sha2.h>
#include <sodium.h>

static const uint8_t magic[MAGIC] = "ENLCLM02";
static const uint64_t tag_max = (UINT64_C(1) << 40) - 1;
enum { HANDLING_ALL = HANDLING_H0 | HANDLING_H1 | HANDLING_H2 | HANDLING_H3 };

static const char *const urgencies[CLAIM_URGENCIES] = {"routine", "priority", "immediate",
                                                       "flash"};

const char *claim_urgency_word(enum claim_urgency urgency)
{
    return urgencies[urgency];
}

enum status claim_urgency_parse(enum claim_urgency *out, struct bytes text, struct err *err)
{
    for (int i = 0; i < CLAIM_URGENCIES; i++)
        if (bytes_is(text, urgencies[i])) {
            *out = (enum claim_urgency)i;
            return OK;
        }
    return fail(err, BAD_INPUT,
                "no urgency \"%.*s\"; there are routine, priority, immediate and flash",
                (int)text.len, (const char *)text.at);
}

void claim_digest(uint8_t digest[DIGEST], const struct claim *claim)
{
    static const char label[] = "enlace claim";
    struct sha256_ctx sha;
    uint8_t epoch[8], case_len = (uint8_t)claim->reason.case_ref.len;
    store_be64(epoch, claim->epoch);
    sha256_init(&sha);
    sha256_update(&sha, sizeof label - 1, (const uint8_t *)label);
    sha256_update(&sha, IDENTITY_KEY, claim->requester);
    sha256_update(&sha, IDENTITY_KEY, claim->responder);
    sha256_update(&sha, sizeof epoch, epoch);
    sha256_update(&sha, 1, &case_len);
    sha256_update(&sha, claim->reason.case_ref.len, claim->reason.case_ref.at);
    sha256_update(&sha, CLAIM_ID, claim->id);
    sha256_digest(&sha, DIGEST, digest);
}

void claim_prove(uint8_t proof[CLAIM_PROOF], const uint8_t key[HIT_PROOF],
                 const uint8_t digest[DIGEST])
{
    crypto_auth_hmacsha512256_state state;
    crypto_auth_hmacsha512256_init(&state, key, HIT_PROOF);
    crypto_auth_hmacsha512256_update(&state, digest, DIGEST);
    crypto_auth_hmacsha512256_final(&state, proof);
    sodium_memzero(&state, sizeof state);
}

bool claim_proves(const uint8_t proof[CLAIM_PROOF], const uint8_t key[HIT_PROOF],
                  const uint8_t digest[DIGEST])
{
    uint8_t right[CLAIM_PROOF];
    claim_prove(right, key, digest);
    return sodium_memcmp(right, proof, CLAIM_PROOF) == 0;
}

void claim_write_unsigned(struct buf *out, const struct claim *claim)
{
    const char *purpose = purpose_word(claim->reason.purpose);
    assert(out->len == 0 && ask_check_reason(&claim->reason, NULL) == OK);
    buf_add(out, bytes_of(magic, MAGIC));
    buf_add(out, bytes_of(claim->requester, IDENTITY_KEY));
    buf_add(out, bytes_of(claim->responder, IDENTITY_KEY));
    circle_add(out, &claim->circle);
    buf_add_be64(out, claim->epoch);
    buf_add_byte(out, (uint8_t)claim->class);
    buf_add_be64(out, claim->tag);
    buf_add_be64(out, claim->pledged.size);
    buf_add(out, bytes_of(claim->pledged.root, MERKLE_HASH));
    buf_add(out, bytes_of(claim->id, CLAIM_ID));
    buf_add_byte(out, (uint8_t)strlen(purpose));
    buf_add_text(out, purpose);
    buf_add_be16(out, (uint16_t)claim->reason.basis.len);
    buf_add(out, claim->reason.basis);
    buf_add_byte(out, (uint8_t)claim->reason.case_ref.len);
    buf_add(out, claim->reason.case_ref);
    buf_add_byte(out, (uint8_t)claim->urgency);
    buf_add_byte(out, (uint8_t)claim->handling);
    buf_add(out, bytes_of(claim->proof, CLAIM_PROOF));
}

enum status claim_parse(struct claim *claim, struct bytes wire, struct err *err)
{
    if (wire.len > CLAIM_WIRE_MAX)
        return fail(err, TOO_LARGE, "claim: %zu bytes is over the limit of %d", wire.len,
                    CLAIM_WIRE_MAX);
    if (wire.len < CLAIM_HEAD + SIGNATURE || memcmp(wire.at, magic, MAGIC) != 0)
        return fail(err, BAD_INPUT, "claim: this is not a claim");
    struct claim read = {.epoch = 0};
    struct cursor cursor = {bytes_slice(wire, MAGIC, wire.len - MAGIC - SIGNATURE), false};
    cursor_copy(read.requester, &cursor, IDENTITY_KEY);
    cursor_copy(read.responder, &cursor, IDENTITY_KEY);
    circle_read(&read.circle, &cursor);
    read.epoch = cursor_be64(&cursor);
    uint8_t class = cursor_u8(&cursor);
    read.tag = cursor_be64(&cursor);
    read.pledged.size = cursor_be64(&cursor);
    cursor_copy(read.pledged.root, &cursor, MERKLE_HASH);
    cursor_copy(read.id, &cursor, CLAIM_ID);
    struct bytes purpose = cursor_take(&cursor, cursor_u8(&cursor));
    read.reason.basis = cursor_take(&cursor, cursor_be16(&cursor));
    read.reason.case_ref = cursor_take(&cursor, cursor_u8(&cursor));
    uint8_t urgency = cursor_u8(&cursor);
    read.handling = cursor_u8(&cursor);
    cursor_copy(read.proof, &cursor, CLAIM_PROOF);
    if (cursor.failed || cursor.rest.len != 0 || class >= KEY_CLASSES ||
        urgency >= CLAIM_URGENCIES || (read.handling & ~(unsigned)HANDLING_ALL) != 0 ||
        (read.handling & HANDLING_H0) == 0 || read.tag > tag_max)
        return fail(err, BAD_INPUT, "claim: cut short or malformed");
    read.class = (enum key_class) class;
    read.urgency = (enum claim_urgency)urgency;
    enum status status = ask_check_reason(&read.reason, err);
    if (status == OK)
        status = purpose_parse(&read.reason.purpose, purpose, err);
    if (status == OK && !bytes_is(purpose, purpose_word(read.reason.purpose)))
        status = fail(err, BAD_INPUT, "its purpose is not written as it should be");
    if (status != OK) {
        err_prefix(err, "claim: ");
        return status;
    }
    if (!identity_signed(wire, read.requester))
        return fail(err, REFUSED, "claim: the signature does not verify");
    *claim = read;
    return OK;
}

void claim_receipt_write(struct buf *out, const struct claim_receipt *receipt)
{
    assert(receipt->opened <= receipt->records && receipt->records <= CLAIM_RECORDS_MAX);
    buf_add(out, bytes_of(receipt->id, CLAIM_ID));
    buf_add_byte(out, (uint8_t)receipt->records);
    buf_add_byte(out, (uint8_t)receipt->opened);
    for (size_t i = 0; i < receipt->opened; i++)
        pledge_opening_write(out, &receipt->openings[i]);
}

enum status claim_receipt_read(struct claim_receipt *receipt, struct bytes wire,
                               struct err *err)
{
    struct cursor cursor = {wire, false};
    enum status status = OK;
    memset(receipt, 0, sizeof *receipt);
    cursor_copy(receipt->id, &cursor, CLAIM_ID);
    receipt->records = cursor_u8(&cursor);
    size_t opened = cursor_u8(&cursor);
    if (cursor.failed || receipt->records == 0 || receipt->records > CLAIM_RECORDS_MAX ||
        opened > receipt->records)
        return fail(err, BAD_INPUT, "claim: the receipt is cut short or malformed");
    for (; receipt->opened < opened && status == OK; receipt->opened++)
        status = pledge_opening_read(&receipt->openings[receipt->opened], &cursor, err);
    if (status == OK && cursor.rest.len != 0)
        status = fail(err, BAD_INPUT, "claim: the receipt is too long");
    return status;
}
