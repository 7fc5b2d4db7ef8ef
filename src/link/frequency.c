/* SPDX-License-Identifier: Apache-2.0 */
#include "link/frequency.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

static const uint64_t KIND_MASK = 0x00ffffffffffffff;
enum { KIND_SHIFT = 56 };

struct frequency_slot {
    uint64_t hash; /* the kind in its first byte; 0: free */
    uint64_t count;
};

static uint64_t hash_of(char kind, struct bytes text)
{
    uint64_t hash = 0xcbf29ce484222325 ^ (uint8_t)kind;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ text.at[i]) * 0x100000001b3;
    hash ^= hash >> 29;
    return (hash & KIND_MASK) | (uint64_t)(uint8_t)kind << KIND_SHIFT;
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
    if (count == 0)
        return;
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

/* ---- how the values of a kind are spread ---- */

__extension__ typedef unsigned __int128 wide;

/* Factorial sums over the values of a kind: how often one is had, pairs and triples that have the same. */
struct sums {
    char kind;
    wide values, pairs, triples; /* whole numbers: the same in any order */
};

static struct sums *sums_of(struct sums sums[FREQUENCY_KINDS_MAX], size_t *count, char kind)
{
    for (size_t i = 0; i < *count; i++)
        if (sums[i].kind == kind)
            return &sums[i];
    if (*count == FREQUENCY_KINDS_MAX)
        return NULL;
    sums[*count].kind = kind;
    return &sums[(*count)++];
}

/* A mean known from n rows is worth no more than twice as many, and half of it when PAIRS_HALF pairs of
 * rows with one value have shown it: a few rows that share nothing say little. */
static const double WEIGHT_ROWS = 2, PAIRS_HALF = 10;

static struct frequency_kind settled(const struct sums *sums, double things)
{
    double values = (double)sums->values, pairs = (double)sums->pairs;
    double rows = fmin(things, values);
    double others = fmax(rows - 1, 1), thirds = fmax(rows - 2, 1);
    double mean = pairs / (values * others);
    double second = (double)sums->triples / (values * others * thirds);
    double spread = second - mean * mean, most = WEIGHT_ROWS * rows;
    double weight = spread > 0 ? mean * (1 - mean) / spread - 1 : most;
    double known = pairs / (pairs + 2 * PAIRS_HALF);
    return (struct frequency_kind){sums->kind, rows, fmin(mean, 1),
                                   known * fmin(fmax(weight, 0), most)};
}

void frequency_settle(struct frequency *frequency)
{
    struct sums sums[FREQUENCY_KINDS_MAX] = {{0}};
    frequency->kind_count = 0;
    for (size_t i = 0; i < frequency->capacity; i++) {
        const struct frequency_slot *slot = &frequency->counts[i];
        struct sums *kind = slot->hash != 0 ? sums_of(sums, &frequency->kind_count,
                                                      (char)(slot->hash >> KIND_SHIFT))
                                            : NULL;
        if (kind == NULL)
            continue;
        wide count = slot->count;
        kind->values += count;
        kind->pairs += count * (count - 1);
        kind->triples += count > 1 ? count * (count - 1) * (count - 2) : 0;
    }
    for (size_t i = 0; i < frequency->kind_count; i++)
        frequency->kinds[i] = settled(&sums[i], (double)frequency->things);
}

double frequency_share(const struct frequency *frequency, char kind, struct bytes text,
                       double own, struct frequency_reckoned reckoned)
{
    struct frequency_kind spread = {.rows = (double)frequency->things};
    for (size_t i = 0; i < frequency->kind_count; i++)
        if (frequency->kinds[i].kind == kind)
            spread = frequency->kinds[i];
    double others = fmax(spread.rows - own, 0);
    double count = fmin(fmax((double)frequency_of(frequency, kind, text) - own, 0), others);
    return (count + spread.weight * spread.mean + reckoned.rows * reckoned.share) /
           (others + spread.weight + reckoned.rows);
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
