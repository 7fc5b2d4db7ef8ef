/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/vault_line.h: what both ends of the line to the vault must know; only vault*.c include it.
 */
#ifndef SERVE_VAULT_LINE_H
#define SERVE_VAULT_LINE_H

#include "serve/vault.h"

enum vault_kind {
    VAULT_WANT_SECRET = 's',
    VAULT_WANT_LAST = 'l',
    VAULT_WANT_SIGNED = 'c',
    VAULT_WANT_CERTIFICATE = 't', /* vault_peers.h */
    VAULT_WANT_INVITATION = 'i',
    VAULT_DONE = 'k',
    VAULT_FAILED = 'f',
};

enum {
    VAULT_HEAD = 8 + MERKLE_HASH,
    VAULT_BODY_MAX = 1 + ERR_TEXT_MAX + VAULT_HEAD + PROOF_HASHES_MAX * MERKLE_HASH,
    VAULT_FOR_EVER = -1,
};

/* One question and its answer, which is borrowed until the next. */
MUST_USE enum status vault_ask(struct bytes *body, struct vault *vault, enum vault_kind kind,
                               struct bytes question, struct err *err);

/* The whole life of the vault's process; what it comes back with is its exit code. Its first frame
 * says whether it has its keys. */
int vault_process(int line, const struct vault_options *options);

#endif
