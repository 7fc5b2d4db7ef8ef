/* SPDX-License-Identifier: Apache-2.0
 *
 * store/seal.h: a payload as it lies on the disk, and what the entry says of it.
 *
 *     sealed     = nonce 24, random | XChaCha20-Poly1305(payload) | tag 16
 *     salt       = BLAKE2b-256, keyed with the payload's key, of nonce
 *     commitment = SHA-256(salt | payload)          (ledger/entry.h)
 *
 * The sequence of the entry is authenticated with it, so that no payload can stand in
 * another's place. The salt needs no room of its own, is fresh because the nonce is, and
 * dies with the key: then nobody can find the payload by guessing, though the commitment
 * stays in the log.
 */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include "base/world.h"
#include "store/secrets.h"

enum { SEAL_NONCE = 24, SEAL_TAG = 16, SEAL_OVERHEAD = SEAL_NONCE + SEAL_TAG };
enum { SEAL_PAYLOAD_MAX = 64 * 1024 * 1024 };

/* Replaces what stands in sealed. */
void seal_close(struct buf *sealed, uint8_t commitment[ENTRY_COMMITMENT],
                const uint8_t key[SECRET_KEY], uint64_t sequence, struct bytes payload,
                const struct world *world);
/* Replaces what stands in payload. REFUSED: damaged, of another entry, or another key. */
MUST_USE enum status seal_open(struct buf *payload, const uint8_t key[SECRET_KEY],
                               uint64_t sequence, struct bytes sealed, struct err *err);
/* What its entry must say, of an intact sealed form. */
void seal_commitment(uint8_t commitment[ENTRY_COMMITMENT], const uint8_t key[SECRET_KEY],
                     struct bytes sealed, struct bytes payload);

#endif
