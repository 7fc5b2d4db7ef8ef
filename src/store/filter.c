/* SPDX-License-Identifier: Apache-2.0 */
#include "store/filter.h"

#include "base/memory.h"

#include <stdlib.h>

enum { WORDS = 8, WORD_BITS = 64, BIT_OF_WORD = 6, BLOCK_BITS = WORDS * WORD_BITS };

void filter_init(struct filter *filter, uint64_t rows)
{
    enum { COUNT_MAX = UINT32_MAX / BLOCK_BITS }; /* of blocks: 512 MiB */
    uint64_t wanted = rows / BLOCK_BITS * FILTER_ROW_BITS + FILTER_ROW_BITS;
    filter->count = wanted < COUNT_MAX ? wanted : COUNT_MAX;
    filter->rows = rows > 0 ? rows : 1;
    filter->blocks = xcalloc(filter->count, sizeof *filter->blocks);
}

void filter_release(struct filter *filter)
{
    free(filter->blocks);
    *filter = (struct filter){0};
}

/* In the order of hi, so that sorted rows fill it from one end to the other. */
static uint64_t *block_of(const struct filter *filter, uint64_t hi)
{
    return filter->blocks[(hi >> 32) * filter->count >> 32];
}

static uint64_t bit(uint64_t lo, int word)
{
    return UINT64_C(1) << (lo >> BIT_OF_WORD * word & (WORD_BITS - 1));
}

void filter_add(struct filter *filter, uint64_t hi, uint64_t lo)
{
    if (filter->blocks == NULL)
        return;
    uint64_t *block = block_of(filter, hi);
    for (int i = 0; i < WORDS; i++)
        block[i] |= bit(lo, i);
}

bool filter_may_have(const struct filter *filter, uint64_t hi, uint64_t lo)
{
    if (filter->blocks == NULL)
        return true;
    const uint64_t *block = block_of(filter, hi);
    uint64_t missing = 0;
    for (int i = 0; i < WORDS; i++)
        missing |= ~block[i] & bit(lo, i);
    return missing == 0;
}
