/* SPDX-License-Identifier: Apache-2.0 */
#include "match/dleq.h"

#include "base/pool.h"
#include "base/world.h"
#include "match/sum.h"

#include <assert.h>
#include <sodium.h>

enum {
    HASH = crypto_hash_sha512_BYTES,
    STEP = 256, /* elements summed by one job */
    STEPS_MAX = DLEQ_BATCH_MAX / STEP,
    TEXT_MAX = 256,
};

/* A text that is hashed: every part behind its length in two bytes. */
struct text {
    uint8_t at[TEXT_MAX];
    size_t len;
};

static void text_put(struct text *text, const void *part, size_t len)
{
    assert(text->len + len <= sizeof text->at);
    memcpy(text->at + text->len, part, len);
    text->len += len;
}

static void text_part(struct text *text, const void *part, size_t len)
{
    uint8_t length[2];
    store_be16(length, (uint16_t)len);
    text_put(text, length, sizeof length);
    text_put(text, part, len);
}

static void text_label(struct text *text, const char *label)
{
    text_put(text, label, strlen(label));
}

static void composite_seed(uint8_t seed[HASH], const struct dleq_batch *batch)
{
    uint8_t tag[OPRF_TAG_MAX];
    size_t tag_len = oprf_tag(tag, "Seed-", batch->mode);
    struct text text = {.len = 0};
    text_part(&text, batch->public_key, OPRF_ELEMENT);
    text_part(&text, tag, tag_len);
    crypto_hash_sha512(seed, text.at, text.len);
}

struct sum_work {
    const struct dleq_batch *batch;
    uint8_t seed[HASH];
    struct sum_part {
        struct dleq_sums sums;
        size_t bad; /* batch->count when all is well */
    } parts[STEPS_MAX];
};

/* The weight of the element with this number in the sums; all of it is public. */
static void composite_weight(uint8_t scalar[OPRF_SCALAR], const struct sum_work *work,
                             size_t i)
{
    uint8_t number[2];
    struct text text = {.len = 0};
    store_be16(number, (uint16_t)i);
    text_part(&text, work->seed, sizeof work->seed);
    text_put(&text, number, sizeof number);
    text_part(&text, work->batch->blinded + i * OPRF_ELEMENT, OPRF_ELEMENT);
    text_part(&text, work->batch->evaluated + i * OPRF_ELEMENT, OPRF_ELEMENT);
    text_label(&text, "Composite");
    oprf_hash_to_scalar(scalar, bytes_of(text.at, text.len), work->batch->mode);
}

static void sum_step(void *context, size_t step, unsigned thread)
{
    (void)thread;
    struct sum_work *work = context;
    const struct dleq_batch *batch = work->batch;
    struct sum_part *part = &work->parts[step];
    size_t from = step * STEP, count = batch->count - from;
    if (count > STEP)
        count = STEP;
    uint8_t weights[STEP * OPRF_SCALAR];
    for (size_t i = 0; i < count; i++)
        composite_weight(weights + i * OPRF_SCALAR, work, from + i);
    size_t bad;
    *part = (struct sum_part){.bad = batch->count}; /* zeros encode the identity */
    if (!sum_products(part->sums.m, &bad, batch->blinded + from * OPRF_ELEMENT, weights,
                      count) ||
        (batch->secret_key == NULL &&
         !sum_products(part->sums.z, &bad, batch->evaluated + from * OPRF_ELEMENT, weights,
                       count)))
        part->bad = from + bad;
}

bool dleq_sum(struct dleq_sums *sums, size_t *bad, const struct dleq_batch *batch,
              struct pool *pool)
{
    assert(batch->count >= 1 && batch->count <= DLEQ_BATCH_MAX);
    struct sum_work work = {.batch = batch};
    composite_seed(work.seed, batch);
    size_t steps = (batch->count + STEP - 1) / STEP;
    pool_run(pool, sum_step, &work, steps);

    *sums = (struct dleq_sums){0};
    for (size_t step = 0; step < steps; step++) {
        const struct sum_part *part = &work.parts[step];
        *bad = part->bad;
        if (part->bad != batch->count)
            return false;
        int done = crypto_core_ristretto255_add(sums->m, sums->m, part->sums.m);
        done |= crypto_core_ristretto255_add(sums->z, sums->z, part->sums.z);
        assert(done == 0);
    }
    if (batch->secret_key != NULL)
        return crypto_scalarmult_ristretto255(sums->z, batch->secret_key, sums->m) == 0;
    return true;
}

void dleq_nonce(uint8_t nonce[OPRF_SCALAR], const struct dleq_batch *batch,
                const struct dleq_sums *sums, const struct world *world)
{
    uint8_t fresh[32], wide[64];
    crypto_generichash_state state;
    world_random(world, fresh, sizeof fresh);
    crypto_generichash_init(&state, batch->secret_key, OPRF_SCALAR, sizeof wide);
    crypto_generichash_update(&state, fresh, sizeof fresh);
    crypto_generichash_update(&state, sums->m, sizeof sums->m);
    crypto_generichash_update(&state, sums->z, sizeof sums->z);
    crypto_generichash_final(&state, wide, sizeof wide);
    crypto_core_ristretto255_scalar_reduce(nonce, wide);
    sodium_memzero(&state, sizeof state);
    sodium_memzero(fresh, sizeof fresh);
    sodium_memzero(wide, sizeof wide);
}

static void challenge(uint8_t scalar[OPRF_SCALAR], const struct dleq_batch *batch,
                      const struct dleq_sums *sums, const uint8_t t2[OPRF_ELEMENT],
                      const uint8_t t3[OPRF_ELEMENT])
{
    struct text text = {.len = 0};
    text_part(&text, batch->public_key, OPRF_ELEMENT);
    text_part(&text, sums->m, OPRF_ELEMENT);
    text_part(&text, sums->z, OPRF_ELEMENT);
    text_part(&text, t2, OPRF_ELEMENT);
    text_part(&text, t3, OPRF_ELEMENT);
    text_label(&text, "Challenge");
    oprf_hash_to_scalar(scalar, bytes_of(text.at, text.len), batch->mode);
}

void dleq_prove(uint8_t proof[DLEQ_PROOF], const struct dleq_batch *batch,
                const struct dleq_sums *sums, const uint8_t nonce[OPRF_SCALAR])
{
    uint8_t t2[OPRF_ELEMENT], t3[OPRF_ELEMENT], product[OPRF_SCALAR];
    int done = crypto_scalarmult_ristretto255_base(t2, nonce);
    done |= crypto_scalarmult_ristretto255(t3, nonce, sums->m);
    assert(done == 0);
    uint8_t *c = proof, *s = proof + OPRF_SCALAR; /* s = nonce - c * k */
    challenge(c, batch, sums, t2, t3);
    crypto_core_ristretto255_scalar_mul(product, c, batch->secret_key);
    crypto_core_ristretto255_scalar_sub(s, nonce, product);
    sodium_memzero(product, sizeof product);
}

/* *sum += scalar * element. */
static bool add_product(uint8_t sum[OPRF_ELEMENT], const uint8_t scalar[OPRF_SCALAR],
                        const uint8_t element[OPRF_ELEMENT])
{
    uint8_t product[OPRF_ELEMENT];
    return oprf_multiply(product, scalar, element) &&
           crypto_core_ristretto255_add(sum, sum, product) == 0;
}

bool dleq_verify(const uint8_t proof[DLEQ_PROOF], const struct dleq_batch *batch,
                 const struct dleq_sums *sums)
{
    const uint8_t *c = proof, *s = proof + OPRF_SCALAR;
    if (!oprf_scalar_is_canonical(c) || !oprf_scalar_is_canonical(s))
        return false;
    uint8_t t2[OPRF_ELEMENT], t3[OPRF_ELEMENT] = {0}, again[OPRF_SCALAR];
    if (crypto_scalarmult_ristretto255_base(t2, s) != 0 ||
        !add_product(t2, c, batch->public_key) || !add_product(t3, s, sums->m) ||
        !add_product(t3, c, sums->z))
        return false;
    challenge(again, batch, sums, t2, t3);
    return sodium_memcmp(again, c, sizeof again) == 0;
}
