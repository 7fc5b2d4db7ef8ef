/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/vault.h: the process that holds a node's keys, as the core sees it.
 *
 *     core  --'s'-->  vault      wants the store's secret       'k' secret 32
 *     core  --'l'-->  vault      what was signed last?          'k' size 8 | root 32 | public 32
 *     core  --'c'-->  vault      size 8 | root 32 | proof       'k' the signed checkpoint
 *                                                               'f' status 1 | sentence
 *
 * Frames of base/frame over a socket pair; the vault is forked by the core before it opens
 * anything else, and ends when the core's end of the line is closed, for whatever reason. The secret
 * is given once. A root is signed only when a proof shows that its log continues the one that was
 * signed last, and the signed checkpoint is on the disk (`checkpoint`, beside the key) before it is
 * told. After a root that it refused the vault signs nothing more. Its states stand at the head of
 * vault_process.c.
 */
#ifndef SERVE_VAULT_H
#define SERVE_VAULT_H

#include "base/world.h"
#include "serve/checkpoint.h"
#include "serve/vault_key.h"

struct vault;

struct vault_options {
    const char *folder;          /* of the node */
    const char *passphrase_path; /* or NULL: the key is not sealed */
    bool create;                 /* make the key where there is none */
    const struct world *world;
};

/* NOT_FOUND: no key there. REFUSED, BAD_INPUT: as vault_key_read says. CONFLICT: a key, and not
 * what it signed last. */
MUST_USE enum status vault_open(struct vault **out, const struct vault_options *options,
                                struct err *err);
/* Comes back when the process is gone. NULL is fine. */
void vault_close(struct vault *vault);

/* Wipe it when the store has it. REFUSED the second time. */
MUST_USE enum status vault_secret(uint8_t secret[VAULT_SECRET], struct vault *vault,
                                  struct err *err);

/* What was signed last (size 0: only that there is a node), and the node's public key. */
struct vault_last {
    struct tree_head head;
    uint8_t public_key[CHECKPOINT_PUBLIC];
};
MUST_USE enum status vault_last(struct vault_last *last, struct vault *vault,
                                struct err *err);
/* proof: that head continues what was signed last; empty when that has size 0. REFUSED when it does
 * not; IO_FAILED when it could not be kept. */
MUST_USE enum status vault_sign(struct vault *vault, const struct tree_head *head,
                                const struct proof *proof, struct err *err);

#endif
