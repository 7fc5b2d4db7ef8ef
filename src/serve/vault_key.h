/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/vault_key.h: the file with the two secrets of a node, `vault.key`.
 *
 *     "enlace vault 1\n" NUL | sealed 1 | salt 16 | nonce 24 | body 64, or sealed 80
 *     body = store's secret 32 | Ed25519 seed 32
 *
 * Nobody but its owner may read it. With a passphrase the body is sealed: XChaCha20-Poly1305 under
 * Argon2id (MODERATE) of passphrase and salt, with all that stands before it authenticated.
 * docs/format/node.md is the page of it. Only the vault reads this file.
 */
#ifndef SERVE_VAULT_KEY_H
#define SERVE_VAULT_KEY_H

#include "base/bytes.h"
#include "base/world.h"

enum { VAULT_SECRET = 32, VAULT_SEED = 32, PASSPHRASE_MAX = 1024 };

/* To be kept in guarded memory. */
struct vault_key {
    uint8_t secret[VAULT_SECRET]; /* the store's */
    uint8_t seed[VAULT_SEED];     /* of the key that signs */
};

/* The first line of the file, without its end. *passphrase is PASSPHRASE_MAX bytes, NUL-padded. */
MUST_USE enum status passphrase_read(char *passphrase, const char *path, struct err *err);

/* A fresh one, on the disk when it comes back. CONFLICT: there is such a file. passphrase: NULL,
 * not sealed. */
MUST_USE enum status vault_key_create(struct vault_key *key, const char *path,
                                      const char *passphrase, const struct world *world,
                                      struct err *err);
/* NOT_FOUND. REFUSED: others can read it, or the passphrase is wrong or missing. */
MUST_USE enum status vault_key_read(struct vault_key *key, const char *path,
                                    const char *passphrase, struct err *err);

#endif
