/* SPDX-License-Identifier: Apache-2.0
 *
 * match/publisher.h: maps made from keys that come in pieces, under a seed and for a circle.
 *
 *     publisher_open --publisher_add ...--> publisher_finish --> maps, announcement, holdings
 *
 * Each piece is evaluated as it comes (0.1 ms a key that is new), so that whoever owns the keys can
 * answer others between two pieces; only solving the maps at the end is one long stretch (about 2 s
 * for 10^7 keys). What the same seed evaluated for the last base is taken from its holdings.
 */
#ifndef MATCH_PUBLISHER_H
#define MATCH_PUBLISHER_H

#include "match/holdings.h"
#include "match/item.h"
#include "match/map_build.h"

struct publisher;

struct publisher_options {
    const struct world *world;
    struct pool *pool;               /* or NULL */
    const struct identity *identity; /* borrowed, as is the seed */
    const uint8_t *seed;             /* OPRF_SEED bytes */
    struct circle circle;
    uint64_t number;
    int64_t from_s, until_s;
    uint8_t normaliser[NORMALISER];
    uint64_t previous_number;
    uint8_t previous[DIGEST];
};

/* before: of the last base under this seed and circle, or empty; taken over. */
struct publisher *publisher_open(const struct publisher_options *options,
                                 struct holdings *before);
void publisher_close(struct publisher *publisher); /* wipes; NULL is fine */

struct publisher_key {
    struct match_item key;
    uint64_t record;
};
/* TOO_LARGE, BAD_INPUT as for any map. */
MUST_USE enum status publisher_add(struct publisher *publisher,
                                   const struct publisher_key *keys, size_t count,
                                   struct err *err);

/* Everything is owned by the publisher. */
struct publisher_result {
    struct epoch epoch;
    struct buf epoch_wire;
    struct buf *map_wires; /* KEY_CLASSES; empty where the class is not offered */
    const struct holdings *holdings;
    uint64_t evaluated; /* keys that were new */
};
MUST_USE enum status publisher_finish(struct publisher_result *result,
                                      struct publisher *publisher, struct err *err);

#endif
