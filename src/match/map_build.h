/* SPDX-License-Identifier: Apache-2.0
 *
 * match/map_build.h: a map from outputs of the oblivious function that are already
 * computed.
 *
 * A pure job, apart from the random bytes it draws: it needs no key but the one that signs.
 * Slots are first brought into the order of their places, bucket by bucket, so that solving
 * walks through memory instead of jumping about in it.
 */
#ifndef MATCH_MAP_BUILD_H
#define MATCH_MAP_BUILD_H

#include "match/map.h"

struct world;

enum { MAP_SEEDS_MAX = 100, MAP_KEYS_MAX = 1 << 27 };

/* count distinct keys; key i has outputs[i * OPRF_OUTPUT] and the tags[first[i]] up to
 * tags[first[i + 1] - 1], at least one, none of them TAG_MANY. first has count + 1 numbers.
 */
struct map_source {
    const uint8_t *outputs;
    const uint32_t *first;
    const uint64_t *tags;
    size_t count;
    uint64_t told; /* keys as the header says them; 0: count */
};

struct map_signer {
    const struct identity *identity;
    const struct world *world;
    struct pool *pool; /* or NULL */
};

/* The caller fills in map's epoch, class, circle, normaliser, times and records; the rest
 * is decided here. wire (empty, max MAP_WIRE_MAX) gets header and body, and map->body
 * borrows from it. CONFLICT when a key is given twice; TOO_LARGE over the limits. */
MUST_USE enum status map_build(struct buf *wire, struct map *map,
                               const struct map_source *source,
                               const struct map_signer *signer, struct err *err);

#endif
