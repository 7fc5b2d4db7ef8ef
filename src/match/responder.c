/* SPDX-License-Identifier: Apache-2.0 */
#include "match/responder.h"

#include "base/world.h"

#include <sodium.h>
#include <stdlib.h>

struct stored {
    uint8_t batch_id[BATCH_ID];
    uint8_t ask_digest[DIGEST];
    struct buf answer;
};

struct responder {
    struct responder_options options;
    struct stored *stored;
    size_t count, capacity, bytes;
};

struct responder *responder_open(const struct responder_options *options)
{
    struct responder *responder = xcalloc(1, sizeof *responder);
    responder->options = *options;
    return responder;
}

void responder_close(struct responder *responder)
{
    if (responder == NULL)
        return;
    for (size_t i = 0; i < responder->count; i++)
        buf_release(&responder->stored[i].answer);
    free(responder->stored);
    free(responder);
}

static enum status check_addressing(const struct responder *responder,
                                    const struct ask *ask, const uint8_t peer[IDENTITY_KEY],
                                    struct err *err)
{
    const struct epoch *epoch = responder->options.epoch;
    if (memcmp(ask->requester, peer, IDENTITY_KEY) != 0)
        return fail(err, REFUSED,
                    "ask: signed by somebody other than the partner who sent it");
    if (memcmp(ask->responder, epoch->owner, IDENTITY_KEY) != 0)
        return fail(err, REFUSED, "ask: addressed to somebody else");
    if (!circle_equal(&ask->circle, &epoch->circle))
        return fail(err, REFUSED, "ask: for the circle \"%s\", but this is \"%s\"",
                    ask->circle.name, epoch->circle.name);
    if (ask->epoch != epoch->number)
        return fail(err, REFUSED,
                    "ask: for epoch %llu, but the current one is %llu; fetch the "
                    "new announcement and ask again",
                    (unsigned long long)ask->epoch, (unsigned long long)epoch->number);
    int64_t now_s = world_now_s(responder->options.world);
    if (now_s >= epoch->until_s)
        return fail(err, REFUSED,
                    "ask: epoch %llu has expired; wait for the next announcement",
                    (unsigned long long)epoch->number);
    if (now_s + CLOCK_SKEW_S < epoch->from_s)
        return fail(err, REFUSED, "ask: epoch %llu has not begun",
                    (unsigned long long)epoch->number);
    if (!epoch->classes[ask->class].offered)
        return fail(err, REFUSED, "ask: class %s is not offered in this circle",
                    key_class_row(ask->class)->name);
    return OK;
}

static struct stored *find_stored(const struct responder *responder, const struct ask *ask)
{
    for (size_t i = 0; i < responder->count; i++)
        if (memcmp(responder->stored[i].batch_id, ask->batch_id, BATCH_ID) == 0)
            return &responder->stored[i];
    return NULL;
}

static enum status check_room(const struct responder *responder, struct err *err)
{
    if (responder->options.charge_remembers)
        return OK;
    if (responder->count >= RESPONDER_STORED_MAX ||
        responder->bytes + ANSWER_WIRE_MAX > RESPONDER_STORED_BYTES_MAX)
        return fail(err, BUSY,
                    "ask: too many asks in this epoch; no answer can be kept any more");
    return OK;
}

/* Room for one answer more. */
static void forget_oldest(struct responder *responder)
{
    size_t gone = 0, bytes = responder->bytes;
    while (gone < responder->count &&
           (responder->count - gone >= RESPONDER_REMEMBERED_MAX ||
            bytes + ANSWER_WIRE_MAX > RESPONDER_REMEMBERED_BYTES_MAX))
        bytes -= responder->stored[gone++].answer.len;
    for (size_t i = 0; i < gone; i++)
        buf_release(&responder->stored[i].answer);
    memmove(responder->stored, responder->stored + gone,
            (responder->count - gone) * sizeof *responder->stored);
    responder->count -= gone;
    responder->bytes = bytes;
}

static enum status evaluate(uint8_t *elements, uint8_t *proofs,
                            const struct responder *responder, const struct ask *ask,
                            struct err *err)
{
    const struct responder_options *options = &responder->options;
    const uint8_t *secret = options->keys->secret[ask->class];
    struct oprf_product product = {ask->elements, secret, OPRF_ONE_SCALAR, ask->count};
    size_t bad;
    if (!oprf_multiply_all(elements, &bad, &product, options->pool))
        return fail(err, REFUSED, "ask: element %zu is not a point of the group", bad + 1);

    for (size_t from = 0, n = 0; from < ask->count; from += DLEQ_BATCH_MAX, n++) {
        size_t left = ask->count - from;
        struct dleq_batch batch = {
            .public_key = options->keys->public[ask->class],
            .secret_key = secret,
            .blinded = ask->elements + from * OPRF_ELEMENT,
            .evaluated = elements + from * OPRF_ELEMENT,
            .count = left < DLEQ_BATCH_MAX ? left : DLEQ_BATCH_MAX,
            .mode = OPRF_VERIFIABLE,
        };
        struct dleq_sums sums;
        uint8_t nonce[OPRF_SCALAR];
        if (!dleq_sum(&sums, &bad, &batch, options->pool))
            return fail(err, REFUSED, "ask: its elements cannot be proved together");
        dleq_nonce(nonce, &batch, &sums, options->world);
        dleq_prove(proofs + n * DLEQ_PROOF, &batch, &sums, nonce);
        sodium_memzero(nonce, sizeof nonce);
    }
    return OK;
}

static enum status answer_new(struct bytes *answer, struct responder *responder,
                              const struct ask *ask, const uint8_t digest[DIGEST],
                              struct err *err)
{
    struct arena arena = {NULL};
    uint8_t *elements = arena_alloc(&arena, ask->count * OPRF_ELEMENT);
    uint8_t *proofs = arena_alloc(&arena, answer_proofs(ask->count) * DLEQ_PROOF);
    enum status status = evaluate(elements, proofs, responder, ask, err);
    if (status != OK)
        goto out;
    struct answer made = {.count = ask->count, .elements = elements, .proofs = proofs};
    memcpy(made.responder, responder->options.identity->public_key, IDENTITY_KEY);
    memcpy(made.ask_digest, digest, DIGEST);

    if (responder->options.charge_remembers && responder->count > 0)
        forget_oldest(responder);
    void *items = responder->stored;
    grow_to(&items, &responder->capacity, responder->count, sizeof *responder->stored);
    responder->stored = items;
    struct stored *stored = &responder->stored[responder->count++];
    *stored = (struct stored){.answer = {.max = ANSWER_WIRE_MAX}};
    memcpy(stored->batch_id, ask->batch_id, BATCH_ID);
    memcpy(stored->ask_digest, digest, DIGEST);
    answer_write(&stored->answer, &made, responder->options.identity);
    responder->bytes += stored->answer.len;
    *answer = buf_bytes(&stored->answer);
out:
    arena_release(&arena);
    return status;
}

enum status responder_answer(struct bytes *answer, struct responder *responder,
                             struct bytes ask_wire, const uint8_t peer[IDENTITY_KEY],
                             struct err *err)
{
    struct ask ask;
    uint8_t digest[DIGEST];
    enum status status = ask_parse(&ask, ask_wire, err);
    if (status == OK)
        status = check_addressing(responder, &ask, peer, err);
    if (status != OK)
        return status;
    message_digest(digest, ask_wire);
    const struct stored *stored = find_stored(responder, &ask);
    if (stored != NULL && memcmp(stored->ask_digest, digest, DIGEST) != 0)
        return fail(err, REFUSED,
                    "ask: a batch with this id was already asked with other "
                    "content; a batch id is used once");
    if (stored != NULL) {
        *answer = buf_bytes(&stored->answer);
        return OK;
    }
    status = check_room(responder, err);
    if (status == OK && responder->options.charge != NULL)
        status = responder->options.charge(responder->options.charge_context, &ask, err);
    if (status != OK)
        return status;
    return answer_new(answer, responder, &ask, digest, err);
}
