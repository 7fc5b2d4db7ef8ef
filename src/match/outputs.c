/* SPDX-License-Identifier: Apache-2.0 */
#include "match/outputs.h"

#include "base/memory.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

enum { FIRST = 4096 };

/* Secret bytes are moved, not left behind by realloc. */
static void grow_rows(struct outputs *outputs)
{
    if (outputs->count < outputs->capacity)
        return;
    size_t wanted = outputs->capacity > 0 ? 2 * outputs->capacity : FIRST;
    assert(wanted < UINT32_MAX);
    uint8_t(*rows)[OPRF_OUTPUT] = xcalloc(wanted, sizeof *rows);
    if (outputs->count > 0) {
        memcpy(rows, outputs->outputs, outputs->count * sizeof *rows);
        sodium_memzero(outputs->outputs, outputs->count * sizeof *rows);
    }
    free(outputs->outputs);
    outputs->outputs = rows;
    outputs->digests = xrealloc(outputs->digests, wanted, sizeof *outputs->digests);
    outputs->capacity = wanted;
}

static size_t slot_of(const struct outputs *outputs, const uint8_t *digest)
{
    uint32_t start = load_be32(digest);
    size_t mask = outputs->slot_count - 1, at = start & mask;
    for (; outputs->slots[at] != 0; at = (at + 1) & mask)
        if (outputs->slots[at] >> 32 == start &&
            memcmp(outputs->digests[(uint32_t)outputs->slots[at] - 1], digest,
                   HOLDING_DIGEST) == 0)
            break;
    return at;
}

static void grow_slots(struct outputs *outputs)
{
    if (2 * (outputs->count + 1) <= outputs->slot_count)
        return;
    size_t had = outputs->slot_count;
    uint64_t *old = outputs->slots;
    outputs->slot_count = had > 0 ? 2 * had : (size_t)2 * FIRST;
    outputs->slots = xcalloc(outputs->slot_count, sizeof *outputs->slots);
    for (size_t i = 0; i < had; i++) {
        size_t at = (size_t)(old[i] >> 32) & (outputs->slot_count - 1);
        if (old[i] == 0)
            continue;
        while (outputs->slots[at] != 0)
            at = (at + 1) & (outputs->slot_count - 1);
        outputs->slots[at] = old[i];
    }
    free(old);
}

uint32_t outputs_number(bool *is_new, struct outputs *outputs, const uint8_t *digest)
{
    grow_slots(outputs);
    size_t at = slot_of(outputs, digest);
    *is_new = outputs->slots[at] == 0;
    if (*is_new) {
        grow_rows(outputs);
        memcpy(outputs->digests[outputs->count], digest, HOLDING_DIGEST);
        outputs->slots[at] = (uint64_t)load_be32(digest) << 32 | ++outputs->count;
    }
    return (uint32_t)outputs->slots[at] - 1;
}

void outputs_release(struct outputs *outputs)
{
    if (outputs->outputs != NULL)
        sodium_memzero(outputs->outputs, outputs->count * sizeof *outputs->outputs);
    free(outputs->outputs);
    free(outputs->digests);
    free(outputs->slots);
    *outputs = (struct outputs){.outputs = NULL};
}
