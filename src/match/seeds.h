/* SPDX-License-Identifier: Apache-2.0
 *
 * match/seeds.h: the secret of each epoch, 32 random bytes in a slot of a file, until it expires.
 *
 *     head 128: "enlace seeds 1\n" NUL | last number 8 | zeros | keyed hash 16
 *     slot 128: nonce 24 | sealed (first number 8 | from 8 | until 8 | seed 32) | tag 16 | zeros; all
 *               zeros: free
 *
 * Every key of an epoch, its tags and the cache of its outputs come of the seed; overwriting the slot
 * in place closes all of them for good, whoever takes the machine later. A seed serves all
 * announcements from its first number on, up to the first of the next seed. No number is ever given
 * twice: the last one is on the disk before an announcement with it is signed.
 */
#ifndef MATCH_SEEDS_H
#define MATCH_SEEDS_H

#include "match/oprf.h"

struct world;
struct seeds;

enum { SEEDS_MAX = 64, SEEDS_KEY = 32 };

struct seed {
    uint64_t first; /* number of the first announcement */
    int64_t from_s, until_s;
    uint8_t secret[OPRF_SEED];
};

struct seeds_options {
    const char *path;
    const uint8_t *key; /* SEEDS_KEY bytes, borrowed */
    const struct world *world;
};

/* Makes the file where there is none. CONFLICT: damaged, or another node's. */
MUST_USE enum status seeds_open(struct seeds **out, const struct seeds_options *options,
                                struct err *err);
void seeds_close(struct seeds *seeds); /* wipes */

/* A number that was never given, over `floor` too. */
MUST_USE enum status seeds_next(uint64_t *number, struct seeds *seeds, uint64_t floor,
                                struct err *err);
/* A fresh seed for the announcements from `first` on. BUSY: no slot is free. */
MUST_USE enum status seeds_add(struct seeds *seeds, uint64_t first, int64_t from_s,
                               int64_t until_s, struct err *err);
/* Has one expired? So has a seed from the future, that a clock made which was ahead: when another has come in
 * its place that begins before it, and that a day ago. */
bool seeds_have_expired(const struct seeds *seeds, int64_t now_s);
/* Destroys those. */
MUST_USE enum status seeds_expire(struct seeds *seeds, int64_t now_s, struct err *err);
/* The seed of an announcement; NULL: destroyed, or none. In guarded memory. */
const struct seed *seeds_find(const struct seeds *seeds, uint64_t number);
const struct seed *seeds_latest(const struct seeds *seeds);
/* By place, for a list; NULL over the end. */
const struct seed *seeds_at(const struct seeds *seeds, size_t place);

#endif
