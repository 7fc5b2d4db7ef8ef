/* SPDX-License-Identifier: Apache-2.0 */
#include "match/field.h"

#include "base/bytes.h"

#include <string.h>

static const uint64_t limb_mask = (UINT64_C(1) << FIELD_BITS) - 1;
static const struct field one = {{1}};
/* A square root of -1, the one that is not negative (RFC 9496, 4.1). */
static const struct field root_of_minus_one = {
    {0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};

void field_read(struct field *out, const uint8_t bytes[FIELD_BYTES])
{
    uint64_t word[4];
    for (size_t i = 0; i < 4; i++)
        word[i] = load_le64(bytes + 8 * i);
    out->at[0] = word[0] & limb_mask;
    out->at[1] = (word[0] >> 51 | word[1] << 13) & limb_mask;
    out->at[2] = (word[1] >> 38 | word[2] << 26) & limb_mask;
    out->at[3] = (word[2] >> 25 | word[3] << 39) & limb_mask;
    out->at[4] = word[3] >> 12 & limb_mask;
}

/* One round of carries: limbs below 2^51, the first a little more. */
static void carry_once(struct field *a)
{
    for (size_t i = 0; i + 1 < FIELD_LIMBS; i++) {
        a->at[i + 1] += a->at[i] >> FIELD_BITS;
        a->at[i] &= limb_mask;
    }
    a->at[0] += 19 * (a->at[4] >> FIELD_BITS);
    a->at[4] &= limb_mask;
}

void field_write(uint8_t bytes[FIELD_BYTES], const struct field *a)
{
    struct field last = *a;
    carry_once(&last);
    carry_once(&last);
    /* Now below 2^255 + 2^51. Adding 19 carries into bit 255 exactly when the number is at
     * least the modulus; how often it does is how often the modulus is taken off. */
    uint64_t times = (last.at[0] + 19) >> FIELD_BITS;
    for (size_t i = 1; i < FIELD_LIMBS; i++)
        times = (last.at[i] + times) >> FIELD_BITS;
    last.at[0] += 19 * times;
    for (size_t i = 0; i + 1 < FIELD_LIMBS; i++) {
        last.at[i + 1] += last.at[i] >> FIELD_BITS;
        last.at[i] &= limb_mask;
    }
    last.at[4] &= limb_mask;
    store_le64(bytes, last.at[0] | last.at[1] << 51);
    store_le64(bytes + 8, last.at[1] >> 13 | last.at[2] << 38);
    store_le64(bytes + 16, last.at[2] >> 26 | last.at[3] << 25);
    store_le64(bytes + 24, last.at[3] >> 39 | last.at[4] << 12);
}

bool field_equal(const struct field *a, const struct field *b)
{
    uint8_t x[FIELD_BYTES], y[FIELD_BYTES];
    field_write(x, a);
    field_write(y, b);
    return memcmp(x, y, sizeof x) == 0;
}

bool field_is_zero(const struct field *a)
{
    static const struct field zero = {{0}};
    return field_equal(a, &zero);
}

bool field_is_negative(const struct field *a)
{
    uint8_t bytes[FIELD_BYTES];
    field_write(bytes, a);
    return bytes[0] & 1;
}

void field_absolute(struct field *out, const struct field *a)
{
    static const struct field zero = {{0}};
    struct field product, negated;
    field_multiply(&product, a, &one); /* small enough to take away (F2) */
    field_subtract(&negated, &zero, &product);
    if (field_is_negative(&product))
        field_multiply(out, &negated, &one);
    else
        *out = product;
}

static void square_times(struct field *out, const struct field *a, unsigned times)
{
    field_square(out, a);
    while (--times > 0)
        field_square(out, out);
}

/* out = a^((p - 5) / 8) = a^(2^252 - 3), by a chain in which run_N is a^(2^N - 1). */
static void power(struct field *out, const struct field *a)
{
    struct field run_5, run_10, run_50, run_100, t;
    field_square(&t, a);
    field_multiply(&t, &t, a); /* run 2 */
    field_square(&t, &t);
    field_multiply(&t, &t, a); /* run 3 */
    square_times(&run_5, &t, 2);
    field_square(&t, a);
    field_multiply(&t, &t, a);
    field_multiply(&run_5, &run_5, &t); /* 2^5 - 1 = 4 * (2^3 - 1) + 3 */
    square_times(&t, &run_5, 5);
    field_multiply(&run_10, &t, &run_5);
    square_times(&t, &run_10, 10);
    field_multiply(&t, &t, &run_10); /* run 20 */
    square_times(&run_50, &t, 20);
    field_multiply(&t, &run_50, &t); /* run 40 */
    square_times(&t, &t, 10);
    field_multiply(&run_50, &t, &run_10);
    square_times(&t, &run_50, 50);
    field_multiply(&run_100, &t, &run_50);
    square_times(&t, &run_100, 100);
    field_multiply(&t, &t, &run_100); /* run 200 */
    square_times(&t, &t, 50);
    field_multiply(&t, &t, &run_50); /* run 250 */
    square_times(&t, &t, 2);
    field_multiply(out, &t, a);
}

bool field_inverse_root(struct field *out, const struct field *v)
{
    static const struct field zero = {{0}};
    struct field cube, root, check, minus_one, minus_root;
    field_square(&cube, v);
    field_multiply(&cube, &cube, v);
    field_square(&root, &cube);
    field_multiply(&root, &root, v);
    power(&root, &root); /* (v^7)^((p - 5) / 8) */
    field_multiply(&root, &root, &cube);
    field_square(&check, &root);
    field_multiply(&check, &check, v); /* a fourth root of one, or 0 */
    field_subtract(&minus_one, &zero, &one);
    field_subtract(&minus_root, &zero, &root_of_minus_one);
    bool right = field_equal(&check, &one);
    bool flipped = field_equal(&check, &minus_one);
    if (flipped || field_equal(&check, &minus_root))
        field_multiply(&root, &root, &root_of_minus_one);
    field_absolute(out, &root);
    return right || flipped;
}
