/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/repeats.h"

#include <assert.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PARTS = 1 << 16, /* by the first 16 of the 72 bits, which are thereby known */
    ENTRY_SIZE = 7,  /* the other 56 */
    ID_DIGEST = 16,
};

/* Entries of equal first bits, sorted, packed. */
struct repeats_part {
    uint8_t *entries;
    uint32_t count, capacity;
};

struct fingerprint {
    size_t part;
    uint64_t entry; /* 56 bits */
};

static uint64_t mix(uint64_t z)
{
    /* splitmix64's finaliser: a bijection that spreads every bit. */
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* The digest is uniform; the ordinal moves it to another place that looks as uniform. */
static struct fingerprint fingerprint_of(const uint8_t *digest, uint64_t ordinal)
{
    uint64_t high = load_be64(digest), low = load_be64(digest + 8);
    if (ordinal > 1) {
        high = mix(high + ordinal * 0x9E3779B97F4A7C15u);
        low = mix(low ^ high);
    }
    return (struct fingerprint){high >> 48, (high << 8 | low >> 56) & 0xFFFFFFFFFFFFFFu};
}

static uint64_t entry_at(const struct repeats_part *part, size_t index)
{
    const uint8_t *at = part->entries + index * ENTRY_SIZE;
    return (uint64_t)at[0] << 48 | (uint64_t)load_be16(at + 1) << 32 | load_be32(at + 3);
}

/* Index of the first entry that is not less. */
static size_t lower_bound(const struct repeats_part *part, uint64_t entry)
{
    size_t from = 0, to = part->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (entry_at(part, middle) < entry)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static bool has(const struct repeats *repeats, struct fingerprint print)
{
    const struct repeats_part *part = &repeats->parts[print.part];
    size_t at = lower_bound(part, print.entry);
    return at < part->count && entry_at(part, at) == print.entry;
}

static void put(struct repeats *repeats, struct fingerprint print)
{
    struct repeats_part *part = &repeats->parts[print.part];
    if (part->count == part->capacity) {
        /* Little slack: this is the one structure that grows with the file. */
        part->capacity += part->capacity / 16 + 8;
        part->entries = xrealloc(part->entries, part->capacity, ENTRY_SIZE);
    }
    size_t at = lower_bound(part, print.entry);
    uint8_t *place = part->entries + at * ENTRY_SIZE;
    memmove(place + ENTRY_SIZE, place, (part->count - at) * ENTRY_SIZE);
    place[0] = (uint8_t)(print.entry >> 48);
    store_be16(place + 1, (uint16_t)(print.entry >> 32));
    store_be32(place + 3, (uint32_t)print.entry);
    part->count++;
    repeats->count++;
}

/* How many rows with this content came before: ordinals 1 to n are in the set, n + 1 is
 * not. */
static uint64_t count_before(const struct repeats *repeats, const uint8_t *digest)
{
    uint64_t present = 0, absent = 1;
    while (has(repeats, fingerprint_of(digest, absent))) {
        present = absent;
        absent *= 2;
    }
    while (absent - present > 1) {
        uint64_t middle = present + (absent - present) / 2;
        if (has(repeats, fingerprint_of(digest, middle)))
            present = middle;
        else
            absent = middle;
    }
    return present;
}

void repeats_add_content(struct buf *content, struct bytes name, struct bytes value)
{
    buf_add_be32(content, (uint32_t)name.len);
    buf_add(content, name);
    buf_add_be32(content, (uint32_t)value.len);
    buf_add(content, value);
}

const char *repeats_identify(bool *repeated, struct repeats *repeats, const char *prefix,
                             struct bytes content, size_t line, struct arena *arena)
{
    assert(strlen(prefix) <= REPEATS_PREFIX_MAX);
    if (repeats->parts == NULL)
        repeats->parts = xcalloc(PARTS, sizeof *repeats->parts);

    /* nettle's, because it uses the processor's own SHA-256 where there is one. */
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx sha;
    sha256_init(&sha);
    sha256_update(&sha, content.len, content.at);
    sha256_digest(&sha, sizeof digest, digest);
    uint64_t before = count_before(repeats, digest);
    *repeated = before > 0;

    char id[REPEATS_PREFIX_MAX + 2 * ID_DIGEST + 32];
    char *at = stpcpy(id, prefix);
    hex_write(at, bytes_of(digest, ID_DIGEST));
    at += 2 * ID_DIGEST;
    if (repeats->count >= REPEATS_MAX) {
        snprintf(at, 32, "-line-%zu", line);
    } else {
        put(repeats, fingerprint_of(digest, before + 1));
        if (before > 0)
            snprintf(at, 32, "-%llu", (unsigned long long)before + 1);
    }
    return arena_text(arena, bytes_text(id));
}

void repeats_release(struct repeats *repeats)
{
    if (repeats == NULL)
        return;
    for (size_t i = 0; repeats->parts != NULL && i < PARTS; i++)
        free(repeats->parts[i].entries);
    free(repeats->parts);
    *repeats = (struct repeats){0};
}
