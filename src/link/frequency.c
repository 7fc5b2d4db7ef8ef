/* SPDX-License-Identifier: Apache-2.0 */
#include "link/frequency.h"

#include "base/memory.h"

#include <stdlib.h>

struct frequency_slot {
    uint64_t hash; /* 0: free */
    uint64_t count;
};

static uint64_t hash_of(char kind, struct bytes text)
{
    uint64_t hash = 0xcbf29ce484222325 ^ (uint8_t)kind;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ text.at[i]) * 0x100000001b3;
    hash ^= hash >> 29;
    return hash != 0 ? hash : 1;
}

static struct frequency_slot *slot_of(const struct frequency *frequency, uint64_t hash)
{
    size_t at = (size_t)hash & (frequency->capacity - 1);
    while (frequency->counts[at].hash != 0 && frequency->counts[at].hash != hash)
        at = (at + 1) & (frequency->capacity - 1);
    return &frequency->counts[at];
}

static void grow(struct frequency *frequency)
{
    struct frequency old = *frequency;
    frequency->capacity = old.capacity > 0 ? old.capacity * 2 : 1024;
    frequency->counts = xcalloc(frequency->capacity, sizeof *frequency->counts);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.counts[i].hash != 0)
            *slot_of(frequency, old.counts[i].hash) = old.counts[i];
    free(old.counts);
}

void frequency_put(struct frequency *frequency, uint64_t hash, uint64_t count)
{
    if (frequency->used * 2 >= frequency->capacity)
        grow(frequency);
    struct frequency_slot *slot = slot_of(frequency, hash);
    frequency->used += slot->hash == 0;
    slot->hash = hash;
    slot->count += count;
}

void frequency_count(struct frequency *frequency, char kind, struct bytes text)
{
    if (text.len > 0)
        frequency_put(frequency, hash_of(kind, text), 1);
}

uint64_t frequency_of(const struct frequency *frequency, char kind, struct bytes text)
{
    return frequency->capacity == 0 ? 0 : slot_of(frequency, hash_of(kind, text))->count;
}

bool frequency_next(uint64_t *hash, uint64_t *count, size_t *at,
                    const struct frequency *frequency)
{
    while (*at < frequency->capacity) {
        const struct frequency_slot *slot = &frequency->counts[(*at)++];
        *hash = slot->hash;
        *count = slot->count;
        if (slot->hash != 0)
            return true;
    }
    return false;
}

void frequency_release(struct frequency *frequency)
{
    if (frequency == NULL)
        return;
    free(frequency->counts);
    *frequency = (struct frequency){0};
}
