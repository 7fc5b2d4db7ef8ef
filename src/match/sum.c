/* SPDX-License-Identifier: Apache-2.0 */
#include "match/sum.h"

#include "base/memory.h"
#include "match/point.h"

#include <assert.h>
#include <stdlib.h>

/*
 * A scalar is written in digits of w bits, from -2^(w-1) to 2^(w-1):
 *
 *     s = d_0 + d_1 * 2^w + d_2 * 2^2w + ...
 *
 * From the highest digit down: double the sum w times, and add, for that digit, each element as
 * often as its digit says. To do so, elements of equal digit are put into one bucket, and the
 * buckets are summed from the top, so that bucket n is counted n times.
 */
enum {
    SCALAR_BITS = 253, /* the order of the group is below 2^253 */
    WIDTH_MAX = 8,
    BUCKETS_MAX = 1 << (WIDTH_MAX - 1),
    DIGITS_MAX = (SCALAR_BITS + 1 + 3) / 4, /* of the narrowest, 4 bits */
};

struct bucket {
    struct point sum;
    bool used;
};

struct summing {
    size_t count;
    unsigned width, digits;
    struct point_addend *addends;
    int16_t (*digit)[DIGITS_MAX]; /* of each scalar, the lowest first */
};

static unsigned width_for(size_t count)
{
    return count < 16 ? 4 : count < 64 ? 5 : count < 160 ? 6 : count < 512 ? 7 : WIDTH_MAX;
}

static unsigned bits_at(const uint8_t scalar[OPRF_SCALAR], unsigned from, unsigned width)
{
    unsigned byte = from / 8, word = 0;
    for (unsigned i = 0; i < 2 && byte + i < OPRF_SCALAR; i++)
        word |= (unsigned)scalar[byte + i] << 8 * i;
    return word >> from % 8 & ((1u << width) - 1);
}

static void split(int16_t digit[DIGITS_MAX], const struct summing *summing,
                  const uint8_t scalar[OPRF_SCALAR])
{
    int carry = 0, base = 1 << summing->width;
    for (unsigned i = 0; i < summing->digits; i++) {
        int value = (int)bits_at(scalar, i * summing->width, summing->width) + carry;
        carry = value > base / 2;
        digit[i] = (int16_t)(value - (carry ? base : 0));
    }
    /* The highest digit has a bit to spare for what is carried into it. */
    assert(carry == 0);
}

/* *sum += each element as often as its digit at place says. */
static void add_digits(struct point *sum, const struct summing *summing, unsigned place)
{
    struct bucket buckets[BUCKETS_MAX];
    unsigned most = 1u << (summing->width - 1);
    for (unsigned b = 0; b < most; b++)
        buckets[b].used = false;
    for (size_t i = 0; i < summing->count; i++) {
        int digit = summing->digit[i][place];
        if (digit == 0)
            continue;
        struct bucket *bucket = &buckets[(digit < 0 ? -digit : digit) - 1];
        const struct point *before = bucket->used ? &bucket->sum : &point_identity;
        struct point_addend negated;
        if (digit < 0)
            point_negate_addend(&negated, &summing->addends[i]);
        point_add_addend(&bucket->sum, before, digit < 0 ? &negated : &summing->addends[i]);
        bucket->used = true;
    }
    struct point running = point_identity;
    bool any = false;
    for (unsigned b = most; b-- > 0;) {
        if (buckets[b].used) {
            point_add(&running, &running, &buckets[b].sum);
            any = true;
        }
        if (any)
            point_add(sum, sum, &running);
    }
}

static bool read_elements(size_t *bad, struct summing *summing, const uint8_t *elements)
{
    static const uint8_t identity[OPRF_ELEMENT];
    for (size_t i = 0; i < summing->count; i++) {
        const uint8_t *element = elements + i * OPRF_ELEMENT;
        struct point point;
        if (!point_decode(&point, element) ||
            memcmp(element, identity, OPRF_ELEMENT) == 0) {
            *bad = i;
            return false;
        }
        point_addend(&summing->addends[i], &point);
    }
    return true;
}

bool sum_products(uint8_t out[OPRF_ELEMENT], size_t *bad, const uint8_t *elements,
                  const uint8_t *scalars, size_t count)
{
    assert(count >= 1 && count <= SUM_MAX);
    struct summing summing = {.count = count, .width = width_for(count)};
    summing.digits = (SCALAR_BITS + 1 + summing.width - 1) / summing.width;
    summing.addends = xcalloc(count, sizeof *summing.addends);
    summing.digit = xcalloc(count, sizeof *summing.digit);
    bool good = read_elements(bad, &summing, elements);
    if (good) {
        for (size_t i = 0; i < count; i++)
            split(summing.digit[i], &summing, scalars + i * OPRF_SCALAR);
        struct point sum = point_identity;
        for (unsigned place = summing.digits; place-- > 0;) {
            for (unsigned i = 0; i < summing.width; i++)
                point_double(&sum, &sum);
            add_digits(&sum, &summing, place);
        }
        point_encode(out, &sum);
    }
    free(summing.addends);
    free(summing.digit);
    return good;
}
