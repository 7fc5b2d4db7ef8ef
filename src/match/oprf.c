/* SPDX-License-Identifier: Apache-2.0 */
#include "match/oprf.h"

#include "base/memory.h"
#include "base/pool.h"
#include "match/xmd.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

enum { UNIFORM = 64, MULTIPLY_STEP = 16 };

size_t oprf_tag(uint8_t out[OPRF_TAG_MAX], const char *prefix, enum oprf_mode mode)
{
    /* contextString = "OPRFV1-" | I2OSP(mode, 1) | "-" | identifier (section 3.1). */
    static const char version[] = "OPRFV1-", suite[] = "-ristretto255-SHA512";
    size_t prefix_len = strlen(prefix), version_len = strlen(version);
    size_t len = prefix_len + version_len + 1 + strlen(suite);
    assert(len <= OPRF_TAG_MAX);
    memcpy(out, prefix, prefix_len);
    memcpy(out + prefix_len, version, version_len);
    out[prefix_len + version_len] = (uint8_t)mode;
    memcpy(out + prefix_len + version_len + 1, suite, strlen(suite));
    return len;
}

static void expand(uint8_t out[UNIFORM], struct bytes input, const char *prefix,
                   enum oprf_mode mode)
{
    uint8_t tag[OPRF_TAG_MAX];
    size_t tag_len = oprf_tag(tag, prefix, mode);
    xmd_expand(out, UNIFORM, input, bytes_of(tag, tag_len));
}

static void scalar_of(uint8_t scalar[OPRF_SCALAR], struct bytes input, const char *prefix,
                      enum oprf_mode mode)
{
    uint8_t uniform[UNIFORM];
    expand(uniform, input, prefix, mode);
    crypto_core_ristretto255_scalar_reduce(scalar, uniform);
    sodium_memzero(uniform, sizeof uniform);
}

void oprf_derive_keys(uint8_t secret_key[OPRF_SCALAR], uint8_t public_key[OPRF_ELEMENT],
                      const uint8_t seed[OPRF_SEED], struct bytes info, enum oprf_mode mode)
{
    assert(info.len <= OPRF_INFO_MAX);
    uint8_t input[OPRF_SEED + 2 + OPRF_INFO_MAX + 1];
    memcpy(input, seed, OPRF_SEED);
    store_be16(input + OPRF_SEED, (uint16_t)info.len);
    memcpy(input + OPRF_SEED + 2, info.at, info.len);
    size_t len = OPRF_SEED + 2 + info.len;
    input[len] = 0;
    do {
        scalar_of(secret_key, bytes_of(input, len + 1), "DeriveKeyPair", mode);
        assert(input[len] < 255); /* 255 zeros in a row: 2^-64000 */
        input[len]++;
    } while (sodium_is_zero(secret_key, OPRF_SCALAR));
    int done = crypto_scalarmult_ristretto255_base(public_key, secret_key);
    assert(done == 0);
    sodium_memzero(input, sizeof input);
}

void oprf_hash_to_group(uint8_t element[OPRF_ELEMENT], struct bytes input,
                        enum oprf_mode mode)
{
    uint8_t uniform[UNIFORM];
    expand(uniform, input, "HashToGroup-", mode);
    crypto_core_ristretto255_from_hash(element, uniform);
    sodium_memzero(uniform, sizeof uniform);
}

void oprf_hash_to_scalar(uint8_t scalar[OPRF_SCALAR], struct bytes input,
                         enum oprf_mode mode)
{
    scalar_of(scalar, input, "HashToScalar-", mode);
}

bool oprf_scalar_is_canonical(const uint8_t scalar[OPRF_SCALAR])
{
    uint8_t wide[UNIFORM] = {0}, reduced[OPRF_SCALAR];
    memcpy(wide, scalar, OPRF_SCALAR);
    crypto_core_ristretto255_scalar_reduce(reduced, wide);
    return memcmp(reduced, scalar, OPRF_SCALAR) == 0;
}

void oprf_blind(uint8_t blinded[OPRF_ELEMENT], struct bytes input,
                const uint8_t blind[OPRF_SCALAR], enum oprf_mode mode)
{
    uint8_t element[OPRF_ELEMENT];
    oprf_hash_to_group(element, input, mode);
    /* Fails for the identity alone: a zero blind, or an input nobody will ever find. */
    int done = crypto_scalarmult_ristretto255(blinded, blind, element);
    assert(done == 0);
    sodium_memzero(element, sizeof element);
}

void oprf_finalize(uint8_t output[OPRF_OUTPUT], struct bytes input,
                   const uint8_t unblinded[OPRF_ELEMENT])
{
    assert(input.len <= OPRF_INPUT_MAX);
    static const char label[] = "Finalize";
    uint8_t length[2];
    crypto_hash_sha512_state sha;
    crypto_hash_sha512_init(&sha);
    store_be16(length, (uint16_t)input.len);
    crypto_hash_sha512_update(&sha, length, sizeof length);
    crypto_hash_sha512_update(&sha, input.at, input.len);
    store_be16(length, OPRF_ELEMENT);
    crypto_hash_sha512_update(&sha, length, sizeof length);
    crypto_hash_sha512_update(&sha, unblinded, OPRF_ELEMENT);
    crypto_hash_sha512_update(&sha, (const uint8_t *)label, strlen(label));
    crypto_hash_sha512_final(&sha, output);
    sodium_memzero(&sha, sizeof sha);
}

void oprf_evaluate(uint8_t output[OPRF_OUTPUT], const uint8_t secret_key[OPRF_SCALAR],
                   struct bytes input, enum oprf_mode mode)
{
    uint8_t evaluated[OPRF_ELEMENT];
    /* Blind with the key itself: k * H(input) is what unblinding would give. */
    oprf_blind(evaluated, input, secret_key, mode);
    oprf_finalize(output, input, evaluated);
    sodium_memzero(evaluated, sizeof evaluated);
}

/* RFC 9496, 4.3.1: the highest bit is zero. libsodium 1.0.18 does not look at it. */
static bool high_bit_is_clear(const uint8_t element[OPRF_ELEMENT])
{
    return (element[OPRF_ELEMENT - 1] & 0x80) == 0;
}

bool oprf_element_is_valid(const uint8_t element[OPRF_ELEMENT])
{
    return high_bit_is_clear(element) && !sodium_is_zero(element, OPRF_ELEMENT) &&
           crypto_core_ristretto255_is_valid_point(element) == 1;
}

bool oprf_multiply(uint8_t out[OPRF_ELEMENT], const uint8_t scalar[OPRF_SCALAR],
                   const uint8_t element[OPRF_ELEMENT])
{
    return high_bit_is_clear(element) &&
           crypto_scalarmult_ristretto255(out, scalar, element) == 0;
}

struct multiply_work {
    uint8_t *out;
    const struct oprf_product *product;
    bool *bad; /* one a step */
};

static void multiply_step(void *context, size_t step, unsigned thread)
{
    (void)thread;
    const struct multiply_work *work = context;
    const struct oprf_product *product = work->product;
    size_t scalar_step = product->kind == OPRF_SCALAR_EACH ? OPRF_SCALAR : 0;
    size_t end = (step + 1) * MULTIPLY_STEP;
    for (size_t i = step * MULTIPLY_STEP; i < end && i < product->count; i++) {
        uint8_t *out = work->out + i * OPRF_ELEMENT;
        const uint8_t *element = product->elements + i * OPRF_ELEMENT;
        if (!oprf_multiply(out, product->scalars + i * scalar_step, element)) {
            /* The encoding of the identity marks the place; no good product has it. */
            memset(out, 0, OPRF_ELEMENT);
            work->bad[step] = true;
        }
    }
}

bool oprf_multiply_all(uint8_t *out, size_t *bad, const struct oprf_product *product,
                       struct pool *pool)
{
    size_t steps = (product->count + MULTIPLY_STEP - 1) / MULTIPLY_STEP;
    struct multiply_work work = {out, product, xcalloc(steps + 1, sizeof(bool))};
    pool_run(pool, multiply_step, &work, steps);
    bool good = true;
    for (size_t step = 0; step < steps && good; step++) {
        if (!work.bad[step])
            continue;
        good = false;
        for (*bad = step * MULTIPLY_STEP;
             !sodium_is_zero(out + *bad * OPRF_ELEMENT, OPRF_ELEMENT);)
            ++*bad;
    }
    free(work.bad);
    return good;
}

void oprf_invert_all(uint8_t *out, const uint8_t *scalars, size_t count)
{
    uint8_t product[OPRF_SCALAR] = {1}, inverse[OPRF_SCALAR];
    /* out[i] = scalars[0] * ... * scalars[i - 1] */
    for (size_t i = 0; i < count; i++) {
        memcpy(out + i * OPRF_SCALAR, product, OPRF_SCALAR);
        crypto_core_ristretto255_scalar_mul(product, product, scalars + i * OPRF_SCALAR);
    }
    int done = crypto_core_ristretto255_scalar_invert(inverse, product);
    assert(done == 0);
    /* Here inverse = 1 / (scalars[0] * ... * scalars[i]). */
    for (size_t i = count; i-- > 0;) {
        uint8_t *place = out + i * OPRF_SCALAR;
        crypto_core_ristretto255_scalar_mul(place, place, inverse);
        crypto_core_ristretto255_scalar_mul(inverse, inverse, scalars + i * OPRF_SCALAR);
    }
    sodium_memzero(product, sizeof product);
    sodium_memzero(inverse, sizeof inverse);
}
