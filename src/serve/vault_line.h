/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/vault_line.h: what both ends of the line to the vault must know; only vault*.c include it.
 */
#ifndef SERVE_VAULT_LINE_H
#define SERVE_VAULT_LINE_H

#include "serve/vault.h"

#include "match/answer.h"

#include <assert.h>

enum vault_kind {
    VAULT_WANT_SECRET = 's',
    VAULT_WANT_LAST = 'l',
    VAULT_WANT_SIGNED = 'c',
    VAULT_WANT_CERTIFICATE = 't', /* vault_peers.h */
    VAULT_WANT_INVITATION = 'i',
    /* comparing with other nodes, vault_match.c; the bodies are in vault_client.c */
    VAULT_PUBLISH = 'p',
    VAULT_KEYS = 'a',
    VAULT_PUBLISHED = 'e',
    VAULT_RESULT = 'w',
    VAULT_GIVEN_UP = 'x',
    VAULT_ASK = 'q',
    VAULT_TOLD = 'u',
    VAULT_RECOVER = 'h',
    VAULT_SIGN = 'g',
    VAULT_CLAIM = 'v',
    VAULT_EPOCHS = 'n',
    VAULT_DONE = 'k',
    VAULT_FAILED = 'f',
};

enum {
    VAULT_HEAD = 8 + MERKLE_HASH,
    VAULT_BODY_MAX = 1 << 20, /* an ask, an answer, keys to publish, a proof */
    VAULT_FOR_EVER = -1,
};

/* One question and its answer, which is borrowed until the next. */
MUST_USE enum status vault_ask(struct bytes *body, struct vault *vault,
                               enum vault_kind kind, struct bytes question,
                               struct err *err);

/* The whole life of the vault's process; what it comes back with is its exit code. Its first frame
 * says whether it has its keys. */
int vault_process(int line, const struct vault_options *options);

static_assert((int)VAULT_BODY_MAX > (int)ASK_WIRE_MAX + (int)EPOCH_WIRE_MAX + 1024 &&
                  (int)VAULT_BODY_MAX > (int)ANSWER_WIRE_MAX + 1024 &&
                  (int)VAULT_BODY_MAX >
                      1 + ERR_TEXT_MAX + VAULT_HEAD + (int)PROOF_HASHES_MAX * MERKLE_HASH,
              "every message of the vault fits");

/* Of vault.c, for the rest of the core's side: one question, one answer, which is borrowed from the
 * vault until the next. */
struct vault;
/* Without waiting for the answer, which is read before anything else is asked; vault_hear waits for it.
 * Both tell of the last one that was not OK. */
MUST_USE enum status vault_tell(struct vault *vault, enum vault_kind kind,
                                struct bytes what, struct err *err);
MUST_USE enum status vault_hear(struct vault *vault, struct err *err);
MUST_USE enum status vault_ask(struct bytes *answer, struct vault *vault,
                               enum vault_kind kind, struct bytes question,
                               struct err *err);

#endif
