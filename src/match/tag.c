/* SPDX-License-Identifier: Apache-2.0 */
#include "match/tag.h"

#include "base/memory.h"
#include "base/pool.h"
#include "match/order.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

enum { INPUT = 3 + CIRCLE_FIELD + 8 + 4, STEP = 512, AHEAD = 16 };

static uint64_t tag_of(const struct circle *circle, uint64_t record, uint32_t retry,
                       const uint8_t seed[TAG_SEED])
{
    uint8_t hash[crypto_generichash_BYTES_MIN], input[INPUT] = "tag";
    memcpy(input + 3, circle->name, CIRCLE_FIELD);
    store_be64(input + 3 + CIRCLE_FIELD, record);
    store_be32(input + 3 + CIRCLE_FIELD + 8, retry);
    crypto_generichash(hash, sizeof hash, input, INPUT, seed, TAG_SEED);
    uint64_t tag = 0;
    for (size_t i = 0; i < TAG_BYTES; i++)
        tag = tag << 8 | hash[i];
    return tag;
}

struct assigning {
    struct tag_entry *entries;
    size_t count;
    const uint8_t *seed;
    const struct circle *circle;
};

/* The first that each would take. */
static void assign_step(void *context, size_t step, unsigned thread)
{
    const struct assigning *assigning = context;
    (void)thread;
    for (size_t i = step * STEP; i < (step + 1) * STEP && i < assigning->count; i++)
        assigning->entries[i].tag =
            tag_of(assigning->circle, assigning->entries[i].record, 0, assigning->seed);
}

/* Put the tag into the set (open addressing; 0 is an empty place); false when it is there.
 */
static bool set_add(uint64_t *set, size_t mask, uint64_t tag)
{
    size_t place = (size_t)tag & mask;
    for (; set[place] != 0; place = (place + 1) & mask)
        if (set[place] == tag)
            return false;
    set[place] = tag;
    return true;
}

void tag_assign(struct tag_entry *entries, size_t count, const uint8_t seed[TAG_SEED],
                const struct circle *circle, struct pool *pool)
{
    assert(count <= TAG_RECORDS_MAX);
    struct assigning assigning = {entries, count, seed, circle};
    pool_run(pool, assign_step, &assigning, (count + STEP - 1) / STEP);
    size_t places = 16;
    while (places < 2 * count)
        places *= 2;
    uint64_t *set = xcalloc(places, sizeof *set);
    for (size_t i = 0; i < count; i++) {
        uint32_t retry = 0;
        if (i + AHEAD < count)
            __builtin_prefetch(&set[(size_t)entries[i + AHEAD].tag & (places - 1)]);
        while (entries[i].tag == TAG_MANY || !set_add(set, places - 1, entries[i].tag))
            entries[i].tag = tag_of(circle, entries[i].record, ++retry, seed);
    }
    free(set);
}

struct tag_entry *tag_table(size_t *distinct, uint32_t *places, const uint64_t *records,
                            size_t count, const uint8_t seed[TAG_SEED],
                            const struct circle *circle, struct pool *pool)
{
    assert(count < UINT32_MAX);
    struct numbered *sorted = xcalloc(count + 1, sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct numbered){records[i], (uint32_t)i};
    order_numbers(sorted, count);
    struct tag_entry *entries = xcalloc(count + 1, sizeof *entries);
    size_t last = 0;
    for (size_t i = 0; i < count; i++) {
        last += i > 0 && sorted[i].number != sorted[i - 1].number;
        entries[last].record = sorted[i].number;
        if (places != NULL)
            places[sorted[i].at] = (uint32_t)last;
    }
    free(sorted);
    *distinct = count > 0 ? last + 1 : 0;
    tag_assign(entries, *distinct, seed, circle, pool);
    return entries;
}
