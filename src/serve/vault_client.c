/* SPDX-License-Identifier: Apache-2.0
 *
 *     'p'  circle 32 | normaliser 32 | previous number 8, digest 32 | floor 8 | new seed 1     number 8
 *     'a'  (class 1 | record 8 | length 2, value) ...                         nothing
 *     'e'                                                                     nothing
 *     'w'                                      keys 8 | records 8 | new 8 | bytes 8 | announcement
 *     'q'  from 32 | limit 4 | total 4 | length 2, announcement | ask    left 4 | counter 8 | answer
 *     'u'  counter 8                                                          counter 8 | barred 1
 *     'h'  (requester 32 | batch id 16 | digest 32 | class 1 | elements 4 | time 8 | length 2, case) ...    how many 8
 *     'g'  message                                                            signature 64
 *     'v'  circle 32 | epoch 8 | class 1 | tag 8 | digest 32 | proof 32       record 8 ...
 *     'n'                                                          (first 8 | from 8 | until 8) ...
 */
#include "serve/vault_client.h"

#include "match/quota.h"
#include "serve/vault_line.h"

static enum status nonsense(struct err *err)
{
    return fail(err, IO_FAILED, "the vault does not make sense");
}

enum status vault_publish_begin(uint64_t *number, struct vault *vault,
                                const struct vault_publish *publish, struct err *err)
{
    struct buf question = {.max = VAULT_BODY_MAX};
    struct bytes body;
    circle_add(&question, &publish->circle);
    buf_add(&question, bytes_of(publish->normaliser, NORMALISER));
    buf_add_be64(&question, publish->floor);
    buf_add_byte(&question, publish->new_seed);
    buf_add(&question, publish->previous);
    /* What became of one that was given up is of no interest any more. */
    enum status status = vault_hear(vault, NULL);
    status = vault_ask(&body, vault, VAULT_PUBLISH, buf_bytes(&question), err);
    buf_release(&question);
    if (status == OK && body.len != 8)
        return nonsense(err);
    if (status == OK)
        *number = load_be64(body.at);
    return status;
}

void vault_keys_add(struct buf *keys, enum key_class class, struct bytes value,
                    uint64_t record)
{
    buf_add_byte(keys, (uint8_t) class);
    buf_add_be64(keys, record);
    buf_add_be16(keys, (uint16_t)value.len);
    buf_add(keys, value);
}

enum status vault_publish_keys(struct vault *vault, struct bytes keys, struct err *err)
{
    return vault_tell(vault, VAULT_KEYS, keys, err);
}

enum status vault_publish_finish(struct vault *vault, struct err *err)
{
    return vault_tell(vault, VAULT_PUBLISHED, (struct bytes){0}, err);
}

enum status vault_publish_end(struct vault_published *published, struct vault *vault,
                              struct err *err)
{
    struct bytes body;
    enum status status = vault_hear(vault, err);
    if (status == OK)
        status = vault_ask(&body, vault, VAULT_RESULT, (struct bytes){0}, err);
    if (status != OK)
        return status;
    struct cursor cursor = {body, false};
    published->keys = cursor_be64(&cursor);
    published->records = cursor_be64(&cursor);
    published->evaluated = cursor_be64(&cursor);
    published->bytes = cursor_be64(&cursor);
    published->epoch_wire = cursor.rest;
    return cursor.failed ? nonsense(err) : OK;
}

void vault_publish_give_up(struct vault *vault)
{
    struct bytes none;
    if (vault_hear(vault, NULL) == IO_FAILED ||
        vault_ask(&none, vault, VAULT_GIVEN_UP, (struct bytes){0}, NULL) != OK)
        return; /* without a vault there is nothing to wipe */
}

enum status vault_answer(struct vault_answered *answered, struct vault *vault,
                         const struct vault_ask *ask, struct err *err)
{
    struct buf question = {.max = VAULT_BODY_MAX};
    struct bytes body;
    buf_add(&question, bytes_of(ask->from, IDENTITY_KEY));
    buf_add_be32(&question, ask->limit);
    buf_add_be32(&question, ask->total);
    buf_add_be32(&question, ask->case_limit);
    buf_add_be16(&question, (uint16_t)ask->epoch_wire.len);
    buf_add(&question, ask->epoch_wire);
    buf_add(&question, ask->ask);
    enum status status =
        question.overflowed ? fail(err, TOO_LARGE, "ask: %zu bytes is over the limit of %d",
                                   ask->ask.len, ASK_WIRE_MAX)
                            : vault_ask(&body, vault, VAULT_ASK, buf_bytes(&question), err);
    buf_release(&question);
    if (status != OK)
        return status;
    struct cursor cursor = {body, false};
    answered->left = cursor_be32(&cursor);
    answered->counter = cursor_be64(&cursor);
    answered->answer = cursor.rest;
    return cursor.failed ? nonsense(err) : OK;
}

enum status vault_told(bool *barred, uint64_t *counted, struct vault *vault,
                       uint64_t counter, struct err *err)
{
    uint8_t question[8];
    struct bytes body;
    store_be64(question, counter);
    enum status status =
        vault_ask(&body, vault, VAULT_TOLD, bytes_of(question, sizeof question), err);
    if (status == OK && body.len != 9)
        return nonsense(err);
    if (status == OK) {
        *counted = load_be64(body.at);
        *barred = body.at[8] != 0;
    }
    return status;
}

void vault_past_add(struct buf *question, const struct quota_past *past)
{
    buf_add(question, bytes_of(past->requester, IDENTITY_KEY));
    buf_add(question, bytes_of(past->batch_id, BATCH_ID));
    buf_add(question, bytes_of(past->digest, DIGEST));
    buf_add_byte(question, (uint8_t)past->class);
    buf_add_be32(question, (uint32_t)past->count);
    buf_add_be64(question, (uint64_t)past->time_s);
    buf_add_be16(question, (uint16_t)past->case_ref.len);
    buf_add(question, past->case_ref);
}

enum status vault_recover(uint64_t *recovered, struct vault *vault, struct bytes question,
                          struct err *err)
{
    struct bytes body;
    enum status status = vault_ask(&body, vault, VAULT_RECOVER, question, err);
    if (status == OK && body.len != 8)
        return nonsense(err);
    if (status == OK)
        *recovered += load_be64(body.at);
    return status;
}

enum status vault_sign_message(void *vault, struct buf *message, struct err *err)
{
    struct bytes body;
    enum status status = vault_ask(&body, vault, VAULT_SIGN, buf_bytes(message), err);
    if (status == OK && body.len != SIGNATURE)
        return nonsense(err);
    if (status == OK)
        buf_add(message, body);
    return status;
}

enum status vault_check_claim(struct vault_claimed *claimed, size_t *count,
                              struct vault *vault, const struct claim *claim,
                              struct err *err)
{
    struct buf question = {.max = VAULT_BODY_MAX};
    uint8_t digest[DIGEST];
    struct bytes body = {0};
    claim_digest(digest, claim);
    circle_add(&question, &claim->circle);
    buf_add_be64(&question, claim->epoch);
    buf_add_byte(&question, (uint8_t)claim->class);
    buf_add_be64(&question, claim->tag);
    buf_add(&question, bytes_of(digest, DIGEST));
    buf_add(&question, bytes_of(claim->proof, CLAIM_PROOF));
    buf_add_be64(&question, claim->pledged.size);
    buf_add(&question, bytes_of(claim->pledged.root, MERKLE_HASH));
    enum status status = vault_ask(&body, vault, VAULT_CLAIM, buf_bytes(&question), err);
    buf_release(&question);
    struct cursor cursor = {body, false};
    for (*count = 0; status == OK && cursor.rest.len > 0; (*count)++) {
        struct vault_claimed *one = &claimed[*count];
        if (*count == VAULT_CLAIM_RECORDS_MAX)
            return nonsense(err);
        one->record = cursor_be64(&cursor);
        one->opened = cursor_u8(&cursor) != 0;
        if (one->opened)
            status = pledge_opening_read(&one->opening, &cursor, err);
        if (cursor.failed)
            return nonsense(err);
    }
    return status;
}

enum status vault_epochs(struct vault_epoch *out, size_t *count, struct vault *vault,
                         struct err *err)
{
    struct bytes body;
    enum status status = vault_ask(&body, vault, VAULT_EPOCHS, (struct bytes){0}, err);
    struct cursor cursor = {status == OK ? body : (struct bytes){0}, false};
    for (*count = 0; cursor.rest.len > 0 && *count < VAULT_EPOCHS_MAX; (*count)++) {
        out[*count].first = cursor_be64(&cursor);
        out[*count].from_s = (int64_t)cursor_be64(&cursor);
        out[*count].until_s = (int64_t)cursor_be64(&cursor);
    }
    return status == OK && cursor.failed ? nonsense(err) : status;
}
