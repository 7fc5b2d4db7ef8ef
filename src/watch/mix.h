/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/mix.h: 64 bits well stirred, and a generator made of them.
 *
 * Not for secrets. Everything random in the watch comes from a seed that is printed, so that
 * anyone can compute it again.
 */
#ifndef WATCH_MIX_H
#define WATCH_MIX_H

#include "base/bytes.h"

#include <math.h>

static inline uint64_t mix(uint64_t x)
{
    x ^= x >> 31;
    x *= 0x9e3779b97f4a7c15u;
    x ^= x >> 29;
    x *= 0xbf58476d1ce4e5b9u;
    return x ^ x >> 32;
}

/* Of one value of one facet; their exclusive or stands for a conjunction. */
static inline uint64_t mix_value(unsigned facet, uint32_t value)
{
    return mix(((uint64_t)(facet + 1) << 40) + value);
}

static inline uint64_t mix_bytes(struct bytes text)
{
    uint64_t hash = 0x2545f4914f6cdd1du ^ text.len;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ text.at[i]) * 0x100000001b3u;
    hash = mix(hash);
    return hash | (hash == 0);
}

struct dice {
    uint64_t state;
};

static inline uint64_t dice_u64(struct dice *dice)
{
    dice->state += 0x9e3779b97f4a7c15u;
    uint64_t x = dice->state;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}
/* In [0, 1). */
static inline double dice_unit(struct dice *dice)
{
    return (double)(dice_u64(dice) >> 11) * 0x1p-53;
}
static inline unsigned dice_below(struct dice *dice, unsigned limit)
{
    return (unsigned)(dice_unit(dice) * limit);
}

#endif
