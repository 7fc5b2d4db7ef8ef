/* SPDX-License-Identifier: Apache-2.0
 *
 * match/publisher_inside.h: a publisher as publisher.c, which takes the keys, and publisher_finish.c, which makes
 * the maps of them, see it; nobody else includes this.
 */
#ifndef MATCH_PUBLISHER_INSIDE_H
#define MATCH_PUBLISHER_INSIDE_H

#include "match/publisher.h"

/* One key of one record. pledge: its place, when it was there before; else its leaf among the new ones. */
struct held {
    uint8_t class;
    bool was_there, added, gone;
    bool seen; /* of what was there: it still is */
    uint8_t digest[HOLDING_DIGEST];
    uint64_t record;
    uint32_t output, pledge;
};

struct publisher {
    struct publisher_options options;
    uint8_t seed[OPRF_SEED]; /* options.seed is this: the list that it came of may move */
    struct epoch_keys keys;
    struct held *held;
    size_t count, capacity;
    /* What F was computed for; open addressing by digest: index + 1. */
    uint8_t (*outputs)[OPRF_OUTPUT];
    uint8_t (*digests)[HOLDING_DIGEST];
    size_t output_count, output_capacity;
    uint32_t *places;
    size_t place_count;
    uint64_t evaluated;
    /* What was held before: refs by class, digest and record, as they stand in its keys. */
    bool may_add; /* to the base of `last` */
    struct epoch last;
    struct held *before;
    size_t before_count;
    int64_t base_s;
    struct tag_entry *before_records;
    size_t before_record_count;
    struct pledges pledges, fresh; /* fresh: leaves of what is new, as it comes */
    uint64_t pledges_kept;
    struct holdings holdings;
    struct map maps[KEY_CLASSES];
    struct buf map_wires[KEY_CLASSES];
    struct buf epoch_wire;
};

/* By class, digest and record. */
int held_compare(const void *a, const void *b);

#endif
