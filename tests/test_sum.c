/* SPDX-License-Identifier: Apache-2.0
 *
 * Our own group arithmetic against libsodium's, one product after the other.
 */
#include "match/point.h"
#include "match/sum.h"
#include "vectors.h"

#include <sodium.h>

static uint8_t order_less_one[OPRF_SCALAR];

static void draw(void *out, size_t len)
{
    static uint64_t counter;
    uint8_t seed[randombytes_SEEDBYTES] = {0};
    store_be64(seed, ++counter);
    randombytes_buf_deterministic(out, len, seed);
}

static void draw_element(uint8_t element[OPRF_ELEMENT])
{
    uint8_t wide[64];
    draw(wide, sizeof wide);
    crypto_core_ristretto255_from_hash(element, wide);
}

static void draw_scalar(uint8_t scalar[OPRF_SCALAR])
{
    uint8_t wide[64];
    draw(wide, sizeof wide);
    crypto_core_ristretto255_scalar_reduce(scalar, wide);
}

/* The slow twin. */
static void slow_sum(uint8_t out[OPRF_ELEMENT], const uint8_t *elements,
                     const uint8_t *scalars, size_t count)
{
    uint8_t product[OPRF_ELEMENT];
    memset(out, 0, OPRF_ELEMENT);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *scalar = scalars + i * OPRF_SCALAR;
        if (sodium_is_zero(scalar, OPRF_SCALAR))
            continue;
        CHECK(crypto_scalarmult_ristretto255(product, scalar,
                                             elements + i * OPRF_ELEMENT) == 0);
        CHECK(crypto_core_ristretto255_add(out, out, product) == 0);
    }
}

static void check_sum(const char *what, const uint8_t *elements, const uint8_t *scalars,
                      size_t count)
{
    uint8_t seen[OPRF_ELEMENT], wanted[OPRF_ELEMENT];
    size_t bad;
    CHECK(sum_products(seen, &bad, elements, scalars, count));
    slow_sum(wanted, elements, scalars, count);
    CHECK_SEEN(memcmp(seen, wanted, sizeof seen) == 0, "%s, %zu products", what, count);
}

static uint8_t elements[SUM_MAX * OPRF_ELEMENT], scalars[SUM_MAX * OPRF_SCALAR];

static void test_random_sums(void)
{
    /* Around every change of width. */
    static const size_t counts[] = {1,  2,  3,   8,   15,  16,  17,  63,     64,
                                    65, 80, 159, 160, 300, 511, 512, SUM_MAX};
    for (size_t i = 0; i < SUM_MAX; i++) {
        draw_element(elements + i * OPRF_ELEMENT);
        draw_scalar(scalars + i * OPRF_SCALAR);
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        check_sum("random", elements, scalars, counts[i]);
}

/* Digits at their ends, in every width: all zeros, all ones, halves with and without carry. */
static void test_telling_scalars(void)
{
    static const uint8_t fills[] = {0x00, 0xFF, 0x80, 0x7F, 0x88, 0x77,
                                    0x08, 0x10, 0x55, 0xAA, 0x21, 0xDE};
    size_t count = 0;
    for (size_t i = 0; i < sizeof fills; i++) {
        memset(scalars + count * OPRF_SCALAR, fills[i], OPRF_SCALAR);
        scalars[count * OPRF_SCALAR + OPRF_SCALAR - 1] = 0x0F; /* below the order */
        count++;
    }
    for (unsigned bit = 0; bit < 253; bit++) { /* 2^252 is below the order */
        memset(scalars + count * OPRF_SCALAR, 0, OPRF_SCALAR);
        scalars[count * OPRF_SCALAR + bit / 8] = (uint8_t)(1u << bit % 8);
        count++;
    }
    memcpy(scalars + count++ * OPRF_SCALAR, order_less_one, OPRF_SCALAR);
    memset(scalars + count * OPRF_SCALAR, 0, OPRF_SCALAR); /* zero */
    count++;
    for (size_t i = 0; i < count; i++)
        check_sum("one telling scalar", elements + i * OPRF_ELEMENT,
                  scalars + i * OPRF_SCALAR, 1);
    check_sum("telling scalars", elements, scalars, count);
    while (count < SUM_MAX) {
        memcpy(scalars + count * OPRF_SCALAR, scalars + (count % 200) * OPRF_SCALAR,
               OPRF_SCALAR);
        count++;
    }
    check_sum("telling scalars", elements, scalars, SUM_MAX);
}

static void test_cancelling(void)
{
    /* x * E + (L - x) * E is the identity: 32 zeros. */
    uint8_t two[2 * OPRF_ELEMENT], x[2 * OPRF_SCALAR], out[OPRF_ELEMENT];
    static const uint8_t identity[OPRF_ELEMENT];
    size_t bad;
    for (int round = 0; round < 20; round++) {
        draw_element(two);
        memcpy(two + OPRF_ELEMENT, two, OPRF_ELEMENT);
        draw_scalar(x);
        crypto_core_ristretto255_scalar_negate(x + OPRF_SCALAR, x);
        CHECK(sum_products(out, &bad, two, x, 2) && memcmp(out, identity, sizeof out) == 0);
    }
    /* One element many times over, in the same bucket each time. */
    for (size_t i = 0; i < 100; i++) {
        memcpy(elements + i * OPRF_ELEMENT, two, OPRF_ELEMENT);
        memcpy(scalars + i * OPRF_SCALAR, x, OPRF_SCALAR);
    }
    check_sum("one element", elements, scalars, 100);
}

/* What libsodium takes for an element, we do, and nothing else; and it reads back. */
static void check_decoding(const uint8_t element[OPRF_ELEMENT])
{
    struct point point;
    uint8_t again[OPRF_ELEMENT], scalar[OPRF_SCALAR] = {1}, out[OPRF_ELEMENT];
    size_t bad = 7;
    bool is_identity = sodium_is_zero(element, OPRF_ELEMENT);
    /* libsodium 1.0.18 does not look at the highest bit; RFC 9496 refuses it. */
    bool wanted = crypto_core_ristretto255_is_valid_point(element) == 1 &&
                  (element[OPRF_ELEMENT - 1] & 0x80) == 0;
    bool seen = point_decode(&point, element);
    CHECK(seen == wanted);
    if (seen) {
        point_encode(again, &point);
        CHECK(memcmp(again, element, sizeof again) == 0);
    }
    CHECK(sum_products(out, &bad, element, scalar, 1) == (wanted && !is_identity));
    if (wanted && !is_identity)
        CHECK(memcmp(out, element, sizeof out) == 0);
    else
        CHECK(bad == 0);
}

static void test_decoding(void)
{
    struct vectors vectors;
    if (!vectors_open(&vectors, "tests/vectors/rfc9496-ristretto255.json"))
        return;
    static const char *const lists[] = {"multiples", "bad_encodings"};
    for (size_t l = 0; l < 2; l++) {
        const struct json_object *list = json_get(vectors.root, lists[l]);
        CHECK(json_count(list) > 0);
        for (size_t i = 0; i < json_count(list); i++)
            check_decoding(vectors_hex(&vectors, json_at(list, i)).at);
    }
    vectors_close(&vectors);

    uint8_t element[OPRF_ELEMENT];
    for (int i = 0; i < 2000; i++) {
        draw(element, sizeof element); /* one in sixteen is an element */
        element[0] &= 0xFE;
        element[31] &= 0x7F;
        check_decoding(element);
        draw_element(element);
        check_decoding(element);
        element[i % 32] ^= (uint8_t)(1u << i % 8);
        check_decoding(element);
    }
    /* The last numbers below 2^255, and the highest bit. */
    memset(element, 0xFF, sizeof element);
    for (int top = 0x7F; top <= 0xFF; top += 0x80)
        for (int low = 0; low < 256; low++) {
            element[0] = (uint8_t)low;
            element[31] = (uint8_t)top;
            check_decoding(element);
        }
    /* The smallest. */
    memset(element, 0, sizeof element);
    for (int low = 0; low < 256; low++) {
        element[0] = (uint8_t)low;
        check_decoding(element);
    }
}

static void test_bad_index(void)
{
    uint8_t out[OPRF_ELEMENT];
    size_t bad;
    for (size_t i = 0; i < 40; i++) {
        draw_element(elements + i * OPRF_ELEMENT);
        draw_scalar(scalars + i * OPRF_SCALAR);
    }
    memset(elements + 39 * OPRF_ELEMENT, 0, OPRF_ELEMENT);
    CHECK(!sum_products(out, &bad, elements, scalars, 40) && bad == 39);
    memset(elements + 17 * OPRF_ELEMENT, 0xFF, OPRF_ELEMENT);
    CHECK(!sum_products(out, &bad, elements, scalars, 40) && bad == 17);
    CHECK(sum_products(out, &bad, elements, scalars, 17));
}

/* Numbers at the ends of their limbs: (a + b) * c = a * c + b * c, and a number is its own
 * reading. */
static void test_field(void)
{
    static const uint8_t fills[] = {0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF, 0xED, 0xEC};
    enum { FILLS = sizeof fills };
    struct field numbers[FILLS * FILLS];
    for (size_t i = 0; i < FILLS * FILLS; i++) {
        uint8_t bytes[FIELD_BYTES];
        memset(bytes, fills[i % FILLS], sizeof bytes);
        bytes[0] = fills[i / FILLS];
        bytes[31] &= 0x7F;
        field_read(&numbers[i], bytes);
        uint8_t again[FIELD_BYTES];
        field_write(again, &numbers[i]);
        bool below = false; /* the modulus */
        static const uint8_t modulus_low = 0xED;
        for (size_t k = 1; k < 31; k++)
            below = below || bytes[k] != 0xFF;
        below = below || bytes[31] != 0x7F || bytes[0] < modulus_low;
        CHECK((memcmp(again, bytes, sizeof again) == 0) == below);
    }
    for (size_t a = 0; a < FILLS * FILLS; a++)
        for (size_t b = 0; b < FILLS * FILLS; b++) {
            const struct field *x = &numbers[a], *y = &numbers[b];
            struct field left, right, sum, t;
            field_add(&sum, x, y);
            field_square(&left, &sum);
            field_multiply(&right, x, y);
            field_add(&right, &right, &right);
            field_square(&t, x);
            field_add(&right, &right, &t);
            field_multiply(&right, &right, &numbers[1 * FILLS]); /* one */
            field_square(&t, y);
            field_add(&right, &right, &t);
            CHECK(field_equal(&left, &right)); /* (x + y)^2 = x^2 + 2xy + y^2 */
            field_subtract(&t, x, y);
            field_multiply(&left, &t, &sum);
            field_square(&right, x);
            field_square(&t, y);
            field_subtract(&right, &right, &t);
            CHECK(field_equal(&left, &right)); /* (x - y)(x + y) = x^2 - y^2 */
        }
}

int main(void)
{
    static const uint8_t one_scalar[OPRF_SCALAR] = {1};
    CHECK(sodium_init() >= 0);
    crypto_core_ristretto255_scalar_negate(order_less_one, one_scalar);
    test_field();
    test_decoding();
    test_random_sums();
    test_telling_scalars();
    test_cancelling();
    test_bad_index();
    return check_done("sum");
}
