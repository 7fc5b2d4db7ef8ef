/* SPDX-License-Identifier: Apache-2.0
 *
 * match/publisher.h: maps made from keys that come in pieces, under a seed and for a circle.
 *
 *     publisher_open --publisher_add ...--> publisher_finish --> maps, announcement, holdings, pledges
 *
 * Each piece is evaluated as it comes (0.1 ms a key that is new), so that whoever owns the keys can
 * answer others between two pieces; only solving the maps at the end is one long stretch (about 2 s
 * for 10^7 keys). What the same seed evaluated before is taken from its holdings.
 *
 * All that is held is given each time. Where no record of the last announcement is missing, and little was
 * added since its base, the maps made are deltas (match/map), padded; else they are a new base: what is
 * withdrawn goes by a base and not by a mark that would tell it. A key that is gone from a record that stays
 * (somebody corrected it) goes with the next base, at the latest in GONE_S; until then a claim on
 * it finds nothing.
 */
#ifndef MATCH_PUBLISHER_H
#define MATCH_PUBLISHER_H

#include "match/holdings.h"
#include "match/item.h"
#include "match/map_build.h"
#include "match/pledge.h"

struct publisher;

enum {
    /* So many keys, or an eighth of the base's when that is more, are added by deltas. */
    DELTA_KEYS = 4096,
    DELTA_PART = 8,
    /* A class's delta has this many cells' worth of keys, or 4, 16, 64 ... times as many. */
    DELTA_LEAST = 256,
    DELTA_STEP = 4,
    GONE_S = 7 * 24 * 3600,
};
/* The next size to which `keys` are padded; new pledges are, too. */
uint64_t delta_padded(uint64_t keys);

struct publisher_options {
    const struct world *world;
    struct pool *pool;               /* or NULL */
    const struct identity *identity; /* borrowed */
    const uint8_t *seed;             /* OPRF_SEED bytes, copied */
    struct circle circle;
    uint64_t number;
    int64_t from_s, until_s;
    uint8_t normaliser[NORMALISER];
    uint64_t previous_number;
    uint8_t previous[DIGEST];
    /* The announcement before, when it was made under this seed and by these rules; else NULL. Borrowed
     * until this returns. */
    const struct epoch *last;
};

/* before: what the last announcement under this seed and circle held, or empty; pledges: those that it
 * names, or empty. Both are taken over. */
struct publisher *publisher_open(const struct publisher_options *options,
                                 struct holdings *before, struct pledges *pledges);
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
    struct buf
        *map_wires; /* KEY_CLASSES, bases or deltas; empty where the class is not offered */
    const struct holdings *holdings;
    const struct pledges *pledges;
    uint64_t pledges_kept; /* of them were there before */
    uint64_t evaluated;    /* keys that were new */
    bool is_delta;
};
MUST_USE enum status publisher_finish(struct publisher_result *result,
                                      struct publisher *publisher, struct err *err);

#endif
