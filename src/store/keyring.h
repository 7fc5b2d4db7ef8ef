/* SPDX-License-Identifier: Apache-2.0
 *
 * store/keyring.h: the key file: one slot of 32 random bytes for each key, apart from the
 * database.
 *
 *     head, 4096 bytes: "enlace keys 1\n" | zeros to 16 | node 16 | check 16 | zeros
 *     slot n at 4096 + 32 n: 32 random bytes; 32 zeros: erased
 *
 * The key of slot n is derived from the slot and the node's secret: neither is worth
 * anything alone. Slots are filled ahead and synced in one go, so that an act finds a
 * durable one and needs no sync of its own. Slots are used once, in order; the database
 * says which is next. What lay ahead at a crash is overwritten with fresh bytes at the next
 * opening.
 *
 * Erasing overwrites slots in place and syncs. There is no journal that could keep the old
 * bytes.
 */
#ifndef STORE_KEYRING_H
#define STORE_KEYRING_H

#include "base/world.h"
#include "store/disk.h"
#include "store/secrets.h"

enum { KEYRING_NODE = 16 };

struct keyring;

struct keyring_options {
    const char *path;
    const struct disk *disk;
    const struct world *world;
    const struct secrets *secrets; /* borrowed */
    const uint8_t *node;           /* KEYRING_NODE bytes: whose file this is */
};

/* An empty one; what stood there is gone. */
MUST_USE enum status keyring_create(const struct keyring_options *options, struct err *err);
/* Has it more keys than a node has that was just being made? */
MUST_USE enum status keyring_was_used(bool *used, const struct disk *disk, const char *path,
                                      struct err *err);
/* next: the first slot that is not in use. REFUSED: another node's, or another secret. */
MUST_USE enum status keyring_open(struct keyring **out,
                                  const struct keyring_options *options, uint64_t next,
                                  struct err *err);
void keyring_close(struct keyring *keyring);

/* The next free slot, durable already, and its key. */
MUST_USE enum status keyring_take(uint64_t *slot, uint8_t key[SECRET_KEY],
                                  struct keyring *keyring, struct err *err);
uint64_t keyring_next(const struct keyring *keyring);
/* NOT_FOUND: the slot was erased. */
MUST_USE enum status keyring_key(uint8_t key[SECRET_KEY], struct keyring *keyring,
                                 uint64_t slot, struct err *err);
/* Synced when it comes back OK. Erasing again does no harm. */
MUST_USE enum status keyring_erase(struct keyring *keyring, const uint64_t *slots,
                                   size_t count, struct err *err);

#endif
