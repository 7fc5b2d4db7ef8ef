/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/checkpoint.h: the size and root of the log, signed: a checkpoint in a signed note
 * (c2sp.org/tlog-checkpoint, c2sp.org/signed-note).
 *
 *     enlace/3f9c1b7a02d4e586                       origin: "enlace/", 8 bytes of the key in hex
 *     1204                                          entries
 *     n3cVa0m1…=                                    root, base64
 *                                                   a blank line
 *     — enlace/3f9c1b7a02d4e586 base64(id 4 | Ed25519 64)
 *
 * id = SHA-256(origin | 0x0A | 0x01 | public key)[:4]. The same head gives the same bytes.
 */
#ifndef SERVE_CHECKPOINT_H
#define SERVE_CHECKPOINT_H

#include "ledger/proof.h"

enum {
    CHECKPOINT_PUBLIC = 32,
    CHECKPOINT_SECRET = 64,
    CHECKPOINT_TEXT_MAX = 512,
    CHECKPOINT_NAME_MAX = 32,     /* of an origin */
    CHECKPOINT_VERIFIER_MAX = 128 /* of a verifier key */
};

struct checkpoint_signer {
    uint8_t public_key[CHECKPOINT_PUBLIC];
    uint8_t secret_key[CHECKPOINT_SECRET];
};

/* Replaces what stands in out. */
void checkpoint_write(struct buf *out, const struct tree_head *head,
                      const struct checkpoint_signer *signer);
/* BAD_INPUT: no checkpoint of this form. REFUSED: not signed by this key. */
MUST_USE enum status checkpoint_read(struct tree_head *head, struct bytes text,
                                     const uint8_t public_key[CHECKPOINT_PUBLIC],
                                     struct err *err);
/* What others check its signatures with: "name+id+base64(1 | key)". */
void checkpoint_verifier(char out[CHECKPOINT_VERIFIER_MAX],
                         const uint8_t public_key[CHECKPOINT_PUBLIC]);

#endif
