/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/vault_match.h: the part of the vault's process that compares with other nodes: seeds, keys,
 * outputs and quotas. Only vault*.c include it; the core speaks to it through serve/vault.h.
 *
 *     DIR/vault.seeds                  match/seeds.h
 *     DIR/vault.quota                  match/quota.h
 *     DIR/vault.held.NUMBER.CIRCLE     match/holdings.h, of the seed that begins with NUMBER
 *     DIR/vault.pledges.NUMBER.CIRCLE  match/pledge.h, likewise
 *     DIR/maps/ID.map                  header and body, as partners get them; made here, nothing secret
 */
#ifndef SERVE_VAULT_MATCH_H
#define SERVE_VAULT_MATCH_H

#include "match/quota.h"
#include "serve/vault_line.h"

struct vault_match;

struct vault_match_options {
    const char *folder;
    const uint8_t
        *key; /* VAULT_MATCH_KEY bytes, in guarded memory, borrowed: seals its files */
    const struct identity *identity; /* likewise */
    const struct world *world;
};
enum { VAULT_MATCH_KEY = 32 };

struct vault_match *vault_match_open(const struct vault_match_options *options);
void vault_match_close(struct vault_match *match);

/* Files are opened with the first question that needs them. */
MUST_USE enum status vault_match_answer(struct buf *answer, struct vault_match *match,
                                        enum vault_kind kind, struct bytes question,
                                        struct err *err);

#endif
