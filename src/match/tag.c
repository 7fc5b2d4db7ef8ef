/* SPDX-License-Identifier: Apache-2.0 */
#include "match/tag.h"

#include "base/memory.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

enum { INPUT = 3 + CIRCLE_FIELD + 8 + 4 };

static uint64_t tag_of(uint8_t input[INPUT], uint64_t record, uint32_t retry,
                       const uint8_t seed[TAG_SEED])
{
    uint8_t hash[crypto_generichash_BYTES_MIN];
    store_be64(input + 3 + CIRCLE_FIELD, record);
    store_be32(input + 3 + CIRCLE_FIELD + 8, retry);
    crypto_generichash(hash, sizeof hash, input, INPUT, seed, TAG_SEED);
    uint64_t tag = 0;
    for (size_t i = 0; i < TAG_BYTES; i++)
        tag = tag << 8 | hash[i];
    return tag;
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
                const struct circle *circle)
{
    assert(count <= TAG_RECORDS_MAX);
    uint8_t input[INPUT] = "tag";
    memcpy(input + 3, circle->name, CIRCLE_FIELD);
    size_t places = 16;
    while (places < 2 * count)
        places *= 2;
    uint64_t *set = xcalloc(places, sizeof *set);
    for (size_t i = 0; i < count; i++) {
        uint32_t retry = 0;
        do
            entries[i].tag = tag_of(input, entries[i].record, retry++, seed);
        while (entries[i].tag == TAG_MANY || !set_add(set, places - 1, entries[i].tag));
    }
    free(set);
}
