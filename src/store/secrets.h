/* SPDX-License-Identifier: Apache-2.0
 *
 * store/secrets.h: the node's secret, and the four keys that come of it.
 *
 * The vault holds one secret of 32 bytes. Each use has a key of its own, derived with
 * libsodium's crypto_kdf (BLAKE2b), so that no two uses can be played against each other.
 *
 * Ids. Inside, a record is a 64-bit number; outside, in entries and on the screen, it is
 * 128 bits that say nothing: AES-256 of (number, 0), under the key `ids`. Whoever has the
 * secret turns one into the other without an index; to everybody else the ids are random,
 * and one that was made up is recognised, but for a chance of 2^-64.
 */
#ifndef STORE_SECRETS_H
#define STORE_SECRETS_H

#include "ledger/entry.h"

enum { SECRET_KEY = 32, SECRET_CHECK = 16, SECRET_HASH = 16 };

struct secrets {
    uint8_t slots[SECRET_KEY];   /* with a slot of the key file: the key of a record */
    uint8_t index[SECRET_KEY];   /* hash of what a record is found by */
    uint8_t content[SECRET_KEY]; /* hash of what a record says: is it unchanged? */
    uint8_t ids[SECRET_KEY];
    uint8_t check[SECRET_CHECK]; /* not secret: tells the right secret from a wrong one */
};

void secrets_init(struct secrets *secrets, const uint8_t master[SECRET_KEY]);
void secrets_release(struct secrets *secrets); /* wiped */

/* The key of a slot, whose 32 random bytes are seed. */
void secrets_slot_key(uint8_t key[SECRET_KEY], const struct secrets *secrets, uint64_t slot,
                      const uint8_t seed[SECRET_KEY]);
/* Keyed BLAKE2b, 128 bits. */
void secrets_hash(uint8_t hash[SECRET_HASH], const uint8_t key[SECRET_KEY],
                  struct bytes text);

void secrets_id(uint8_t id[ENTRY_ID], const struct secrets *secrets, uint64_t number);
/* false: not an id of this node. */
bool secrets_number(uint64_t *number, const struct secrets *secrets,
                    const uint8_t id[ENTRY_ID]);

#endif
