/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/shape.h"

#include "base/memory.h"

#include <stdlib.h>

enum { ROLES = 4, HALF_MAX = (FACET_COUNT + 1) / 2 };
static const uint64_t EMPTY_HASH = 0x51ca7c0de;

void shapes_init(struct shapes *shapes)
{
    *shapes = (struct shapes){
        .slot = xcalloc((size_t)SHAPE_MASKS_MAX * ROLES, sizeof *shapes->slot)};
}

void shapes_release(struct shapes *shapes)
{
    if (shapes == NULL)
        return;
    for (size_t i = 0; shapes->slot != NULL && i < (size_t)SHAPE_MASKS_MAX * ROLES; i++) {
        if (shapes->slot[i] != NULL)
            free(shapes->slot[i]->masks);
        free(shapes->slot[i]);
    }
    free(shapes->slot);
    *shapes = (struct shapes){0};
}

unsigned shape_global(const struct shape *shape, unsigned mask)
{
    unsigned global = 0;
    for (; mask != 0; mask &= mask - 1)
        global |= 1u << shape->facet[__builtin_ctz(mask)];
    return global;
}

/* By subset of the values: the exclusive or, beginning with the first. */
static void hash_subsets(uint64_t *out, uint64_t first, const uint64_t *value,
                         unsigned bits)
{
    out[0] = first;
    for (unsigned b = 0; b < bits; b++)
        for (unsigned m = 0; m < 1u << b; m++)
            out[1u << b | m] = out[m] ^ value[b];
}

uint64_t shape_hash_of_none(void)
{
    return EMPTY_HASH;
}

/* From two tables of half the bits each: few masks are asked for at a time. */
void shape_hash(uint64_t *out, const struct shape *shape, const uint64_t *value,
                const uint16_t *masks, size_t count)
{
    uint64_t low[1 << HALF_MAX], high[1 << HALF_MAX];
    unsigned half = (shape->bits + 1u) / 2, lowest = (1u << half) - 1;
    hash_subsets(low, EMPTY_HASH, value, half);
    hash_subsets(high, 0, value + half, shape->bits - half);
    for (size_t i = 0; i < count; i++)
        out[i] = low[masks[i] & lowest] ^ high[masks[i] >> half];
}

/* Facets are numbered 1, 2, 3, 1, 2, ...: the exclusive or spreads the conjunctions of any few of
 * them evenly over the shards. */
unsigned shape_shard(const struct shape *shape, unsigned mask)
{
    unsigned shard = 0;
    for (; mask != 0; mask &= mask - 1)
        shard ^= shape->facet[__builtin_ctz(mask)] % (SHAPE_SHARDS - 1) + 1u;
    return shard;
}

static bool is_counted(const struct shape *shape, unsigned mask, unsigned size_max)
{
    unsigned nested = shape->substance | shape->commodity;
    bool both = shape->substance != 0 && shape->commodity != 0 && (mask & nested) == nested;
    return !both && (unsigned)__builtin_popcount(mask) <= size_max;
}

static bool is_draw(const struct shape *shape, unsigned mask, enum table_role role)
{
    switch (role) {
    case ROLE_FIRST:
        return true;
    case ROLE_SUBSTANCE:
        return (mask & (shape->substance | shape->commodity)) != 0;
    case ROLE_VARIANT:
        return (mask & shape->substance) != 0;
    case ROLE_REPEAT:
        return false;
    }
    return false;
}

static void list_masks(struct shape *shape, unsigned size_max, enum table_role role)
{
    unsigned limit = 1u << shape->bits;
    shape->masks = xcalloc(3 * limit, sizeof *shape->masks);
    shape->rising = shape->masks + limit;
    shape->place = shape->rising + limit;
    size_t count = 0;
    for (unsigned shard = 0; shard < SHAPE_SHARDS; shard++) {
        shape->from[shard] = count;
        for (int draws = 1; draws >= 0; draws--) {
            for (unsigned m = 1; m < limit; m++)
                if (is_counted(shape, m, size_max) && shape_shard(shape, m) == shard &&
                    is_draw(shape, m, role) == draws) {
                    shape->place[m] = (uint16_t)count;
                    shape->masks[count++] = (uint16_t)m;
                }
            if (draws == 1)
                shape->draws[shard] = count - shape->from[shard];
        }
    }
    shape->from[SHAPE_SHARDS] = count;
    shape->mask_count = 0;
    for (unsigned m = 1; m < limit; m++)
        if (is_counted(shape, m, size_max))
            shape->rising[shape->mask_count++] = (uint16_t)m;
}

const struct shape *shapes_find(struct shapes *shapes, unsigned answered,
                                enum table_role role)
{
    struct shape **slot = &shapes->slot[answered * ROLES + role];
    if (*slot != NULL)
        return *slot;
    struct shape *shape = *slot = xcalloc(1, sizeof *shape);
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        if (!(answered >> f & 1))
            continue;
        unsigned bit = 1u << shape->bits;
        shape->agency |= f == FACET_AGENCY ? bit : 0;
        shape->substance |= f == FACET_SUBSTANCE ? bit : 0;
        shape->commodity |= f == FACET_COMMODITY ? bit : 0;
        shape->incomplete |= shapes->incomplete >> f & 1 ? bit : 0;
        shape->facet[shape->bits++] = (uint8_t)f;
    }
    list_masks(shape, shapes->size_max, role);
    return shape;
}
