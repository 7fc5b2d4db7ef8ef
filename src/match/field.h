/* SPDX-License-Identifier: Apache-2.0
 *
 * match/field.h: numbers modulo 2^255 - 19, in five limbs of 51 bits.
 *
 * Only for what is public (match/sum): libsodium multiplies secrets.
 * Limbs may be larger than 51 bits for a while:
 *     F1  a product, a square and what was read has limbs below 2^52
 *     F2  what field_subtract takes away is at most 2^53 - 76 a limb: a product, or a sum of
 *         two of them
 *     F3  factors have limbs below 2^54: products, and up to two additions or subtractions
 */
#ifndef MATCH_FIELD_H
#define MATCH_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FIELD_LIMBS = 5, FIELD_BITS = 51, FIELD_BYTES = 32 };

typedef unsigned __int128 field_wide;

struct field {
    uint64_t at[FIELD_LIMBS];
};

static inline void field_add(struct field *out, const struct field *a,
                             const struct field *b)
{
    for (size_t i = 0; i < FIELD_LIMBS; i++)
        out->at[i] = a->at[i] + b->at[i];
}

static inline void field_subtract(struct field *out, const struct field *a,
                                  const struct field *b)
{
    /* Four times the modulus more, so that no limb falls below zero. */
    static const uint64_t four = UINT64_C(1) << 53;
    out->at[0] = a->at[0] + (four - 76) - b->at[0];
    for (size_t i = 1; i < FIELD_LIMBS; i++)
        out->at[i] = a->at[i] + (four - 4) - b->at[i];
}

/* Bring five sums of products, each below 2^115, back to limbs (F1). */
static inline void field_carry(struct field *out, field_wide sums[FIELD_LIMBS])
{
    static const uint64_t mask = (UINT64_C(1) << FIELD_BITS) - 1;
    for (size_t i = 0; i + 1 < FIELD_LIMBS; i++) {
        sums[i + 1] += (uint64_t)(sums[i] >> FIELD_BITS);
        out->at[i] = (uint64_t)sums[i] & mask;
    }
    out->at[4] = (uint64_t)sums[4] & mask;
    /* 2^255 is 19. */
    out->at[0] += 19 * (uint64_t)(sums[4] >> FIELD_BITS);
    out->at[1] += out->at[0] >> FIELD_BITS;
    out->at[0] &= mask;
}

static inline void field_multiply(struct field *out, const struct field *a,
                                  const struct field *b)
{
    const uint64_t *x = a->at, *y = b->at;
    uint64_t y1 = 19 * y[1], y2 = 19 * y[2], y3 = 19 * y[3], y4 = 19 * y[4];
    field_wide sums[FIELD_LIMBS] = {
        (field_wide)x[0] * y[0] + (field_wide)x[1] * y4 + (field_wide)x[2] * y3 +
            (field_wide)x[3] * y2 + (field_wide)x[4] * y1,
        (field_wide)x[0] * y[1] + (field_wide)x[1] * y[0] + (field_wide)x[2] * y4 +
            (field_wide)x[3] * y3 + (field_wide)x[4] * y2,
        (field_wide)x[0] * y[2] + (field_wide)x[1] * y[1] + (field_wide)x[2] * y[0] +
            (field_wide)x[3] * y4 + (field_wide)x[4] * y3,
        (field_wide)x[0] * y[3] + (field_wide)x[1] * y[2] + (field_wide)x[2] * y[1] +
            (field_wide)x[3] * y[0] + (field_wide)x[4] * y4,
        (field_wide)x[0] * y[4] + (field_wide)x[1] * y[3] + (field_wide)x[2] * y[2] +
            (field_wide)x[3] * y[1] + (field_wide)x[4] * y[0],
    };
    field_carry(out, sums);
}

static inline void field_square(struct field *out, const struct field *a)
{
    const uint64_t *x = a->at;
    uint64_t x0 = 2 * x[0], x1 = 2 * x[1], x3 = 19 * x[3], x4 = 19 * x[4];
    field_wide sums[FIELD_LIMBS] = {
        (field_wide)x[0] * x[0] + (field_wide)x1 * x4 + (field_wide)(2 * x[2]) * x3,
        (field_wide)x0 * x[1] + (field_wide)(2 * x[2]) * x4 + (field_wide)x[3] * x3,
        (field_wide)x0 * x[2] + (field_wide)x[1] * x[1] + (field_wide)(2 * x[3]) * x4,
        (field_wide)x0 * x[3] + (field_wide)x1 * x[2] + (field_wide)x[4] * x4,
        (field_wide)x0 * x[4] + (field_wide)x1 * x[3] + (field_wide)x[2] * x[2],
    };
    field_carry(out, sums);
}

/* Bit 255 is not looked at; what is written is the one form below the modulus. */
void field_read(struct field *out, const uint8_t bytes[FIELD_BYTES]);
void field_write(uint8_t bytes[FIELD_BYTES], const struct field *a);
bool field_equal(const struct field *a, const struct field *b);
bool field_is_zero(const struct field *a);
/* RFC 9496, 4.1: odd in its one form. */
bool field_is_negative(const struct field *a);
/* a or -a, whichever is not negative. */
void field_absolute(struct field *out, const struct field *a);
/* RFC 9496, 4.2, SQRT_RATIO_M1(1, v): |1 / sqrt(v)| and true, or else |sqrt(sqrt(-1) / v)|,
 * which is 0 for 0, and false. */
bool field_inverse_root(struct field *out, const struct field *v);

#endif
