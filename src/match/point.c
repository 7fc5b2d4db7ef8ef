/* SPDX-License-Identifier: Apache-2.0 */
#include "match/point.h"

#include <string.h>

static const struct field one = {{1}};
/* RFC 9496, 4.1: d of the curve, twice it, a square root of -1, 1 / sqrt(a - d). */
static const struct field d = {
    {0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff}};
static const struct field twice_d = {
    {0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff}};
static const struct field root_of_minus_one = {
    {0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};
static const struct field root_of_a_minus_d = {
    {0x0fdaa805d40ea, 0x2eb482e57d339, 0x007610274bc58, 0x6510b613dc8ff, 0x786c8905cfaff}};

const struct point point_identity = {.y = {{1}}, .z = {{1}}};

/* RFC 9496, 4.3.1. */
bool point_decode(struct point *out, const uint8_t element[POINT_ELEMENT])
{
    uint8_t again[POINT_ELEMENT];
    struct field s, square, u1, u2, u2_square, v, root, x_part, y_part;
    field_read(&s, element);
    field_write(again, &s);
    if (memcmp(again, element, sizeof again) != 0 || (element[0] & 1) != 0)
        return false;
    field_square(&square, &s);
    field_subtract(&u1, &one, &square);
    field_add(&u2, &one, &square);
    field_square(&u2_square, &u2);
    field_square(&v, &u1);
    field_multiply(&v, &v, &d);
    field_add(&v, &v, &u2_square);
    static const struct field zero = {{0}};
    field_subtract(&v, &zero, &v); /* -(d * u1^2) - u2^2 */
    field_multiply(&root, &v, &u2_square);
    bool is_square = field_inverse_root(&root, &root);
    field_multiply(&x_part, &root, &u2);
    field_multiply(&y_part, &root, &x_part);
    field_multiply(&y_part, &y_part, &v);
    field_multiply(&out->x, &s, &x_part);
    field_add(&out->x, &out->x, &out->x);
    field_absolute(&out->x, &out->x);
    field_multiply(&out->y, &u1, &y_part);
    out->z = one;
    field_multiply(&out->t, &out->x, &out->y);
    return is_square && !field_is_negative(&out->t) && !field_is_zero(&out->y);
}

/* RFC 9496, 4.3.2. */
void point_encode(uint8_t element[POINT_ELEMENT], const struct point *point)
{
    struct field u1, u2, root, part1, part2, z_inverse, x = point->x, y = point->y, t, s;
    field_add(&u1, &point->z, &y);
    field_subtract(&t, &point->z, &y);
    field_multiply(&u1, &u1, &t);
    field_multiply(&u2, &x, &y);
    field_square(&t, &u2);
    field_multiply(&t, &t, &u1);
    (void)field_inverse_root(&root,
                             &t); /* always a square for a point of the curve, or 0 */
    field_multiply(&part1, &root, &u1);
    field_multiply(&part2, &root, &u2);
    field_multiply(&z_inverse, &part1, &part2);
    field_multiply(&z_inverse, &z_inverse, &point->t);
    field_multiply(&t, &point->t, &z_inverse);
    if (field_is_negative(&t)) {
        field_multiply(&x, &point->y, &root_of_minus_one);
        field_multiply(&y, &point->x, &root_of_minus_one);
        field_multiply(&part2, &part1, &root_of_a_minus_d);
    }
    field_multiply(&t, &x, &z_inverse);
    if (field_is_negative(&t))
        field_add(&s, &point->z, &y);
    else
        field_subtract(&s, &point->z, &y);
    field_multiply(&s, &s, &part2);
    field_absolute(&s, &s);
    field_write(element, &s);
}

void point_addend(struct point_addend *out, const struct point *point)
{
    field_add(&out->sum, &point->y, &point->x);
    field_subtract(&out->difference, &point->y, &point->x);
    field_multiply(&out->product, &point->t, &twice_d);
}

void point_negate_addend(struct point_addend *out, const struct point_addend *addend)
{
    static const struct field zero = {{0}};
    struct field product;
    field_subtract(&product, &zero, &addend->product);
    *out = (struct point_addend){addend->difference, addend->sum, product};
}

/* The last step that all sums share (Hisil, Wong, Carter, Dawson 2008, 3.1). */
static inline void finish(struct point *out, const struct field *e, const struct field *f,
                          const struct field *g, const struct field *h)
{
    field_multiply(&out->x, e, f);
    field_multiply(&out->y, g, h);
    field_multiply(&out->z, f, g);
    field_multiply(&out->t, e, h);
}

/* b's part is ready; two_z is twice the product of the z. */
static inline void add_prepared(struct point *out, const struct point *a,
                                const struct point_addend *b, const struct field *two_z)
{
    struct field minus, plus, c, e, f, g, h;
    field_subtract(&minus, &a->y, &a->x);
    field_multiply(&minus, &minus, &b->difference);
    field_add(&plus, &a->y, &a->x);
    field_multiply(&plus, &plus, &b->sum);
    field_multiply(&c, &a->t, &b->product);
    field_subtract(&e, &plus, &minus);
    field_subtract(&f, two_z, &c);
    field_add(&g, two_z, &c);
    field_add(&h, &plus, &minus);
    finish(out, &e, &f, &g, &h);
}

void point_add_addend(struct point *out, const struct point *a,
                      const struct point_addend *b)
{
    struct field two_z;
    field_add(&two_z, &a->z, &a->z);
    add_prepared(out, a, b, &two_z);
}

void point_add(struct point *out, const struct point *a, const struct point *b)
{
    struct point_addend addend;
    struct field two_z;
    point_addend(&addend, b);
    field_multiply(&two_z, &a->z, &b->z);
    field_add(&two_z, &two_z, &two_z);
    add_prepared(out, a, &addend, &two_z);
}

void point_double(struct point *out, const struct point *a)
{
    struct field x, y, two_z, e, f, g, h;
    field_square(&x, &a->x);
    field_square(&y, &a->y);
    field_square(&two_z, &a->z);
    field_add(&two_z, &two_z, &two_z);
    field_add(&e, &a->x, &a->y);
    field_square(&e, &e);
    field_add(&h, &x, &y);
    field_subtract(&e, &h, &e);
    field_subtract(&g, &x, &y);
    field_add(&f, &two_z, &g);
    finish(out, &e, &f, &g, &h);
}
