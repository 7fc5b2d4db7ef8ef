/* SPDX-License-Identifier: Apache-2.0
 *
 * match/publisher_inside.h: a publisher as its three files see it; nobody else includes this.
 *
 *     publisher.c          takes the keys, piece by piece, and has them evaluated
 *     publisher_finish.c   puts in order what is held: records, pledges, holdings; base or delta?
 *     publisher_maps.c     makes the maps of it
 */
#ifndef MATCH_PUBLISHER_INSIDE_H
#define MATCH_PUBLISHER_INSIDE_H

#include "match/outputs.h"
#include "match/publisher.h"

/* One key of one record. output: of the keys that were there before their place, then the fresh ones.
 * pledge: its place, when it was there before; else its leaf among the new ones. place: of the record. */
struct held {
    uint64_t record;
    uint8_t digest[HOLDING_DIGEST];
    uint32_t output, pledge, place;
    uint8_t class;
    bool was_there, added, gone;
};

/* What was held before. The keys of a class are in the order of their digests: by the first `bits` bits of
 * one, starts[] says nearly where it is. */
struct before {
    struct holdings holdings;
    bool *seen; /* of a ref each: it still is */
    struct before_class {
        uint32_t *starts; /* (1 << bits) + 1; NULL: nothing of this class */
        unsigned bits;
    } classes[KEY_CLASSES];
};

struct publisher {
    struct publisher_options options;
    uint8_t seed[OPRF_SEED]; /* options.seed is this: the list that it came of may move */
    struct epoch_keys keys;
    struct held *held;
    size_t count, capacity;
    struct before before;
    struct outputs fresh_outputs; /* of what was not there before */
    uint64_t evaluated;
    bool may_add; /* to the base of `last` */
    struct epoch last;
    struct pledges pledges, fresh; /* fresh: leaves of what is new, as it comes */
    uint64_t pledges_kept;
    struct holdings holdings;
    struct map maps[KEY_CLASSES];
    struct buf map_wires[KEY_CLASSES];
    struct buf epoch_wire;
};

/* In publisher.c: what has served its time is wiped. */
void publisher_drop_before(struct publisher *publisher);
void publisher_drop_held(struct publisher *publisher);

/* In publisher_maps.c: every class's map, which is announced in epoch. Holdings are made. */
MUST_USE enum status publisher_make_maps(struct publisher *publisher, struct epoch *epoch,
                                         bool delta, struct err *err);

#endif
