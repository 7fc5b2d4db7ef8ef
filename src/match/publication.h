/* SPDX-License-Identifier: Apache-2.0
 *
 * match/publication.h: what an owner holds, made ready for one circle and one epoch: keys,
 * maps, announcement, and which record a tag means.
 *
 * Making it costs one evaluation of the oblivious function a distinct key (about 0.1 ms)
 * and is the only moment at which values and secret key meet. What may be published is
 * decided by the caller: everything given here goes in.
 */
#ifndef MATCH_PUBLICATION_H
#define MATCH_PUBLICATION_H

#include "match/item.h"
#include "match/map_build.h"
#include "match/tag.h"

struct match_held {
    struct match_item key;
    uint64_t record; /* the owner's number of a record that has the key */
};

struct publication_options {
    const struct world *world;
    struct pool *pool; /* or NULL */
    const struct identity *identity;
    const uint8_t *seed; /* OPRF_SEED bytes: the seed of the epoch */
    struct circle circle;
    uint64_t number;
    int64_t from_s, until_s;
    const uint8_t *normaliser; /* NORMALISER bytes */
};

/* Invariants: maps[c] is complete, and announced in epoch, exactly where
 * epoch.classes[c].offered; epoch_wire is the signed form of epoch; tags are in tag
 * order. */
struct publication {
    struct epoch epoch;
    struct buf epoch_wire;
    struct epoch_keys keys;
    struct map maps[KEY_CLASSES];
    struct buf map_wires[KEY_CLASSES]; /* header and body */
    struct tag_entry *tags;
    size_t tag_count;
};

/* On failure *publication is empty. The same (key, record) given twice counts once. */
MUST_USE enum status publication_init(struct publication *publication,
                                      const struct publication_options *options,
                                      const struct match_held *held, size_t count,
                                      struct err *err);
void publication_release(struct publication *publication);

/* The record a tag was given to; false when there is none. */
bool publication_record(uint64_t *record, const struct publication *publication,
                        uint64_t tag);

#endif
