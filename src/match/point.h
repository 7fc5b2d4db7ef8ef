/* SPDX-License-Identifier: Apache-2.0
 *
 * match/point.h: elements of ristretto255 (RFC 9496) as points of the curve, to add many of
 * them without writing each down in between.
 *
 * In the time that the input takes: only for what is public. libsodium multiplies secrets,
 * and is what the tests compare this with.
 */
#ifndef MATCH_POINT_H
#define MATCH_POINT_H

#include "match/field.h"

enum { POINT_ELEMENT = 32 };

/* Extended coordinates: (x / z, y / z), x * y = z * t. All zero is no point. */
struct point {
    struct field x, y, z, t;
};

/* What adding a point of z = 1 needs of it: y + x, y - x, 2 * d * x * y. */
struct point_addend {
    struct field sum, difference, product;
};

extern const struct point point_identity;

/* false when the bytes are not the one encoding of an element. The identity is one. */
bool point_decode(struct point *out, const uint8_t element[POINT_ELEMENT]);
void point_encode(uint8_t element[POINT_ELEMENT], const struct point *point);

/* Of a point just decoded (z = 1). */
void point_addend(struct point_addend *out, const struct point *point);
void point_negate_addend(struct point_addend *out, const struct point_addend *addend);

/* out may be an operand. */
void point_add(struct point *out, const struct point *a, const struct point *b);
void point_add_addend(struct point *out, const struct point *a,
                      const struct point_addend *b);
void point_double(struct point *out, const struct point *a);

#endif
