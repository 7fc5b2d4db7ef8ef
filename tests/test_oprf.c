/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pool.h"
#include "base/world.h"
#include "match/dleq.h"
#include "vectors.h"

#include <sodium.h>

enum { BATCH_MAX = 8 };

/* One test of RFC 9497: a list of inputs, blinded, evaluated, proved and finalised. */
struct case_9497 {
    struct vectors *vectors;
    const struct json_object *test;
    enum oprf_mode mode;
    uint8_t secret[OPRF_SCALAR], public[OPRF_ELEMENT];
    size_t count;
    uint8_t blinded[BATCH_MAX * OPRF_ELEMENT], evaluated[BATCH_MAX * OPRF_ELEMENT];
    uint8_t blinds[BATCH_MAX * OPRF_SCALAR];
};

static struct bytes part(struct case_9497 *run, const char *list, size_t i)
{
    return vectors_hex(run->vectors, json_at(json_get(run->test, list), i));
}

static void check_elements(struct case_9497 *run)
{
    size_t bad;
    for (size_t i = 0; i < run->count; i++) {
        uint8_t *blind = run->blinds + i * OPRF_SCALAR;
        memcpy(blind, part(run, "blinds", i).at, OPRF_SCALAR);
        oprf_blind(run->blinded + i * OPRF_ELEMENT, part(run, "inputs", i), blind,
                   run->mode);
        CHECK(same_bytes(run->blinded + i * OPRF_ELEMENT, part(run, "blinded", i)));
    }
    struct oprf_product evaluate = {run->blinded, run->secret, OPRF_ONE_SCALAR, run->count};
    CHECK(oprf_multiply_all(run->evaluated, &bad, &evaluate, NULL));

    uint8_t inverses[BATCH_MAX * OPRF_SCALAR], unblinded[BATCH_MAX * OPRF_ELEMENT];
    oprf_invert_all(inverses, run->blinds, run->count);
    struct oprf_product unblind = {run->evaluated, inverses, OPRF_SCALAR_EACH, run->count};
    CHECK(oprf_multiply_all(unblinded, &bad, &unblind, NULL));
    for (size_t i = 0; i < run->count; i++) {
        uint8_t output[OPRF_OUTPUT];
        CHECK(same_bytes(run->evaluated + i * OPRF_ELEMENT, part(run, "evaluated", i)));
        oprf_finalize(output, part(run, "inputs", i), unblinded + i * OPRF_ELEMENT);
        CHECK(same_bytes(output, part(run, "outputs", i)));
        oprf_evaluate(output, run->secret, part(run, "inputs", i), run->mode);
        CHECK(same_bytes(output, part(run, "outputs", i)));
    }
}

static void check_proof(struct case_9497 *run)
{
    size_t bad;
    uint8_t proof[DLEQ_PROOF];
    struct bytes wanted = vectors_hex(run->vectors, json_get(run->test, "proof"));
    struct bytes nonce = vectors_hex(run->vectors, json_get(run->test, "nonce"));
    struct dleq_batch batch = {run->public,    run->secret, run->blinded,
                               run->evaluated, run->count,  run->mode};
    struct dleq_sums sums, again;
    CHECK(dleq_sum(&sums, &bad, &batch, NULL));
    dleq_prove(proof, &batch, &sums, nonce.at);
    CHECK(same_bytes(proof, wanted));
    batch.secret_key = NULL;
    CHECK(dleq_sum(&again, &bad, &batch, NULL));
    CHECK(memcmp(&sums, &again, sizeof sums) == 0);
    CHECK(dleq_verify(proof, &batch, &again));
}

static void test_rfc9497(void)
{
    struct vectors vectors;
    if (!vectors_open(&vectors, "tests/vectors/rfc9497-ristretto255.json"))
        return;
    const struct json_object *suites = json_get(vectors.root, "suites");
    CHECK(json_count(suites) == 2);
    for (size_t s = 0; s < json_count(suites); s++) {
        const struct json_object *suite = json_at(suites, s);
        struct case_9497 run = {.vectors = &vectors};
        run.mode = (enum oprf_mode)json_number(json_get(suite, "mode"));
        oprf_derive_keys(run.secret, run.public,
                         vectors_hex(&vectors, json_get(suite, "seed")).at,
                         vectors_hex(&vectors, json_get(suite, "info")), run.mode);
        CHECK(same_bytes(run.secret, vectors_hex(&vectors, json_get(suite, "secret"))));
        if (run.mode == OPRF_VERIFIABLE)
            CHECK(same_bytes(run.public, vectors_hex(&vectors, json_get(suite, "public"))));
        const struct json_object *tests = json_get(suite, "tests");
        CHECK(json_count(tests) == (run.mode == OPRF_VERIFIABLE ? 3 : 2));
        for (size_t t = 0; t < json_count(tests); t++) {
            run.test = json_at(tests, t);
            run.count = json_count(json_get(run.test, "inputs"));
            if (!CHECK(run.count >= 1 && run.count <= BATCH_MAX))
                continue;
            check_elements(&run);
            if (run.mode == OPRF_VERIFIABLE)
                check_proof(&run);
        }
    }
    vectors_close(&vectors);
}

/* The group is libsodium's; here that it is the group of RFC 9496, and that what is not a
 * canonical encoding, or is the identity, is refused where we multiply. */
static void test_rfc9496(void)
{
    struct vectors vectors;
    if (!vectors_open(&vectors, "tests/vectors/rfc9496-ristretto255.json"))
        return;
    const struct json_object *list = json_get(vectors.root, "multiples");
    CHECK(json_count(list) == 16);
    for (size_t i = 1; i < json_count(list); i++) {
        uint8_t scalar[OPRF_SCALAR] = {(uint8_t)i}, element[OPRF_ELEMENT];
        CHECK(crypto_scalarmult_ristretto255_base(element, scalar) == 0);
        CHECK(same_bytes(element, vectors_hex(&vectors, json_at(list, i))));
    }
    list = json_get(vectors.root, "hashed");
    CHECK(json_count(list) == 7);
    for (size_t i = 0; i < json_count(list); i++) {
        struct bytes label = json_text(json_get(json_at(list, i), "label"));
        uint8_t hash[64], element[OPRF_ELEMENT];
        crypto_hash_sha512(hash, label.at, label.len);
        crypto_core_ristretto255_from_hash(element, hash);
        CHECK(same_bytes(element,
                         vectors_hex(&vectors, json_get(json_at(list, i), "point"))));
    }
    list = json_get(vectors.root, "uniform");
    CHECK(json_count(list) == 11);
    for (size_t i = 0; i < json_count(list); i++) {
        uint8_t element[OPRF_ELEMENT];
        struct bytes in = vectors_hex(&vectors, json_get(json_at(list, i), "in"));
        CHECK(in.len == 64);
        crypto_core_ristretto255_from_hash(element, in.at);
        CHECK(
            same_bytes(element, vectors_hex(&vectors, json_get(json_at(list, i), "out"))));
    }

    list = json_get(vectors.root, "bad_encodings");
    CHECK(json_count(list) == 29);
    for (size_t i = 0; i <= json_count(list); i++) {
        /* Among good ones, so that the right one must be named; the last is the identity. */
        uint8_t elements[40 * OPRF_ELEMENT], out[sizeof elements],
            scalar[OPRF_SCALAR] = {7};
        size_t bad, place = (7 * i) % 40;
        for (size_t k = 0; k < 40; k++)
            oprf_hash_to_group(elements + k * OPRF_ELEMENT, bytes_of(&k, sizeof k),
                               OPRF_VERIFIABLE);
        memset(elements + place * OPRF_ELEMENT, 0, OPRF_ELEMENT);
        if (i < json_count(list))
            memcpy(elements + place * OPRF_ELEMENT,
                   vectors_hex(&vectors, json_at(list, i)).at, OPRF_ELEMENT);
        struct oprf_product product = {elements, scalar, OPRF_ONE_SCALAR, 40};
        CHECK_SEEN(!oprf_multiply_all(out, &bad, &product, NULL) && bad == place,
                   "encoding %zu", i);
    }
    vectors_close(&vectors);

    /* A second encoding of a good element: RFC 9496 refuses the highest bit, libsodium 1.0.18
     * does not look at it. */
    uint8_t element[OPRF_ELEMENT], out[OPRF_ELEMENT], scalar[OPRF_SCALAR] = {7};
    size_t bad = 1;
    oprf_hash_to_group(element, BYTES_OF("any"), OPRF_VERIFIABLE);
    struct oprf_product product = {element, scalar, OPRF_ONE_SCALAR, 1};
    CHECK(oprf_multiply_all(out, &bad, &product, NULL));
    element[OPRF_ELEMENT - 1] |= 0x80;
    CHECK(!oprf_multiply_all(out, &bad, &product, NULL) && bad == 0);
}

/* A batch over several steps of the pool, with the owner's proof of it. */
struct proved {
    uint8_t secret[OPRF_SCALAR], public[OPRF_ELEMENT], proof[DLEQ_PROOF];
    uint8_t blinded[100 * OPRF_ELEMENT], evaluated[100 * OPRF_ELEMENT];
    struct dleq_batch batch; /* the verifier's view */
};

static void prove_batch(struct proved *proved, struct pool *pool, const struct world *world)
{
    static const uint8_t seed[OPRF_SEED] = {1};
    size_t bad;
    oprf_derive_keys(proved->secret, proved->public, seed, BYTES_OF("test"),
                     OPRF_VERIFIABLE);
    for (size_t i = 0; i < 100; i++)
        oprf_hash_to_group(proved->blinded + i * OPRF_ELEMENT, bytes_of(&i, sizeof i),
                           OPRF_VERIFIABLE);
    struct oprf_product product = {proved->blinded, proved->secret, OPRF_ONE_SCALAR, 100};
    CHECK(oprf_multiply_all(proved->evaluated, &bad, &product, pool));
    struct dleq_batch own = {
        proved->public, proved->secret, proved->blinded, proved->evaluated, 100,
        OPRF_VERIFIABLE};
    struct dleq_sums sums;
    uint8_t nonce[OPRF_SCALAR];
    CHECK(dleq_sum(&sums, &bad, &own, pool));
    dleq_nonce(nonce, &own, &sums, world);
    dleq_prove(proved->proof, &own, &sums, nonce);
    proved->batch = own;
    proved->batch.secret_key = NULL;
}

static bool verifies(const struct proved *proved, struct pool *pool)
{
    struct dleq_sums sums;
    size_t bad;
    return dleq_sum(&sums, &bad, &proved->batch, pool) &&
           dleq_verify(proved->proof, &proved->batch, &sums);
}

static void test_forgeries(struct pool *pool, const struct world *world)
{
    static struct proved proved;
    uint8_t keep[OPRF_ELEMENT];
    prove_batch(&proved, pool, world);
    CHECK(verifies(&proved, pool));
    CHECK(verifies(&proved, NULL)); /* the same without threads */
    for (size_t i = 0; i < DLEQ_PROOF; i++) {
        proved.proof[i] ^= 1;
        CHECK_SEEN(!verifies(&proved, NULL), "proof, byte %zu", i);
        proved.proof[i] ^= 1;
    }
    /* The scalar plus the order of the group means the same and is not canonical. */
    static const uint8_t order[OPRF_SCALAR] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a,       0x63,
                                               0x12, 0x58, 0xd6, 0x9c, 0xf7,       0xa2,
                                               0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    uint8_t *s = proved.proof + OPRF_SCALAR, s_keep[OPRF_SCALAR];
    memcpy(s_keep, s, sizeof s_keep);
    sodium_add(s, order, OPRF_SCALAR);
    CHECK(!verifies(&proved, pool));
    memcpy(s, s_keep, sizeof s_keep);

    /* One element evaluated with another key; two in the wrong order; one that was not sent. */
    uint8_t *element = proved.evaluated + 57 * OPRF_ELEMENT;
    uint8_t other_key[OPRF_SCALAR] = {9};
    memcpy(keep, element, sizeof keep);
    CHECK(crypto_scalarmult_ristretto255(element, other_key,
                                         proved.blinded + 57 * OPRF_ELEMENT) == 0);
    CHECK(!verifies(&proved, pool));
    memcpy(element, element + OPRF_ELEMENT, OPRF_ELEMENT);
    memcpy(element + OPRF_ELEMENT, keep, OPRF_ELEMENT);
    CHECK(!verifies(&proved, pool));
    memcpy(element + OPRF_ELEMENT, element, OPRF_ELEMENT);
    memcpy(element, keep, OPRF_ELEMENT);
    CHECK(verifies(&proved, pool));
    proved.batch.count = 99;
    CHECK(!verifies(&proved, pool));
    proved.batch.count = 100;

    struct dleq_sums sums;
    size_t bad = 0;
    memset(element, 0xFF, OPRF_ELEMENT);
    CHECK(!dleq_sum(&sums, &bad, &proved.batch, pool) && bad == 57);
}

static void test_nonces(void)
{
    struct world_seeded a, b;
    static struct proved proved;
    struct dleq_sums sums = {{1}, {2}};
    uint8_t first[OPRF_SCALAR], again[OPRF_SCALAR];
    world_seeded_init(&a, 1, 0);
    world_seeded_init(&b, 1, 0);
    prove_batch(&proved, NULL, &a.world);
    proved.batch.secret_key = proved.secret;
    world_seeded_init(&a, 1, 0);
    dleq_nonce(first, &proved.batch, &sums, &a.world);
    sums.z[0] = 3;
    dleq_nonce(again, &proved.batch, &sums, &b.world);
    CHECK(memcmp(first, again, sizeof first) != 0); /* though the randomness repeats */
}

static void test_inversion(const struct world *world)
{
    enum { COUNT = 33 };
    uint8_t scalars[COUNT * OPRF_SCALAR], inverses[COUNT * OPRF_SCALAR];
    static const uint8_t one[OPRF_SCALAR] = {1};
    for (size_t i = 0; i < COUNT; i++) {
        uint8_t wide[64];
        world_random(world, wide, sizeof wide);
        crypto_core_ristretto255_scalar_reduce(scalars + i * OPRF_SCALAR, wide);
    }
    oprf_invert_all(inverses, scalars, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        uint8_t product[OPRF_SCALAR];
        crypto_core_ristretto255_scalar_mul(product, scalars + i * OPRF_SCALAR,
                                            inverses + i * OPRF_SCALAR);
        CHECK_SEEN(memcmp(product, one, sizeof one) == 0, "scalar %zu", i);
    }
}

int main(void)
{
    struct world_seeded seeded;
    CHECK(sodium_init() >= 0);
    world_seeded_init(&seeded, 9497, 0);
    struct pool *pool = pool_open(3);
    test_rfc9497();
    test_rfc9496();
    test_forgeries(pool, &seeded.world);
    test_nonces();
    test_inversion(&seeded.world);
    pool_close(pool);
    return check_done("oprf");
}
