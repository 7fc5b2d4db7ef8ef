/* SPDX-License-Identifier: Apache-2.0
 *
 * match/blinding.h: everything in an ask that looks random, derived from the sealed case
 * seed, so that a supervisor with the seed and the list can recompute every byte.
 *
 *     PRF(label, i, tail) = keyed BLAKE2b-512(seed; label 8 | tuple | i 4 | tail)
 *     tuple               = peer 32 | epoch 8 | class 1 | batch 4
 *
 * Positions of a batch are put in an order by PRF("order", i); the items of the batch take
 * the first places of that order, padding the rest, so that a position says nothing. At
 * position i:
 *
 *     blind   = HashToScalar(PRF("blind", i))
 *     element = blind * HashToGroup(item), or blind * from_hash(PRF("pad", i)) for padding
 *     leaf    = SHA-256(0x00 | PRF("leaf", i) | item), the item left out for padding
 *
 * An item is the input of the oblivious function, "class:value". The seed has 32 bytes; a
 * tuple is never used for two different lists. Whoever has the seed can unblind: it is
 * sealed with the case, wiped from memory, and opened for an audit alone.
 */
#ifndef MATCH_BLINDING_H
#define MATCH_BLINDING_H

#include "match/epoch.h"
#include "match/item.h"

struct pool;

enum {
    CASE_SEED = 32,
    BATCH_ID = 16,
    COMMITMENT = 32,
    ORDER_KEY = 16,
    ASK_ELEMENTS_MAX = 10240,
};

struct blinding_tuple {
    const uint8_t *seed;
    uint8_t peer[IDENTITY_KEY]; /* the one asked */
    uint64_t epoch;
    enum key_class class;
    uint32_t batch;
};

struct blinding {
    uint8_t batch_id[BATCH_ID];
    uint8_t commitment[COMMITMENT]; /* to the seed, salted: differs for every tuple */
    uint8_t root[32];               /* Merkle root of the leaves */
    size_t size, items;
    uint8_t *elements;   /* size of them, blinded */
    uint8_t *blinds;     /* size of them; secret */
    uint32_t *positions; /* where item k stands */
};

/* The sizes an ask can have; 0 when count is over the largest. */
size_t blinding_size(size_t count);

/* Items in their order (blinding_order), count of them, 1 to ASK_ELEMENTS_MAX. */
void blinding_init(struct blinding *blinding, const struct blinding_tuple *tuple,
                   const struct bytes *items, size_t count, struct pool *pool);
void blinding_release(struct blinding *blinding);

/* Items are put in order by this key before they are cut into batches; the tuple's batch
 * does not count. */
void blinding_order(uint8_t key[ORDER_KEY], const struct blinding_tuple *tuple,
                    struct bytes item);
/* The padding at position i before it is blinded. */
void blinding_pad(uint8_t element[OPRF_ELEMENT], const struct blinding_tuple *tuple,
                  uint32_t i);
void blinding_blind(uint8_t blind[OPRF_SCALAR], const struct blinding_tuple *tuple,
                    uint32_t i);
void blinding_commitment(uint8_t commitment[COMMITMENT],
                         const struct blinding_tuple *tuple);

#endif
