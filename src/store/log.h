/* SPDX-License-Identifier: Apache-2.0
 *
 * store/log.h: the hashes of the log, for proofs (ledger/proof.h).
 *
 * Hashes tell nothing of what was done, so they need no act. Only what is durable is in the
 * tree.
 */
#ifndef STORE_LOG_H
#define STORE_LOG_H

#include "ledger/proof.h"
#include "store/store.h"

/* Borrows the store; good until the next commit. */
void log_tree(struct proof_tree *tree, struct store *store);
/* Of the log on the disk, its root made anew from the hashes that stand there. CONFLICT: it
 * is not the one that was grown leaf by leaf. */
MUST_USE enum status log_head(struct tree_head *head, struct store *store, struct err *err);
/* Hashes the entries from the tile of `from` on again: a root that is stored is not believed before it
 * is signed. CONFLICT: they are not those that were hashed when they were written. */
MUST_USE enum status log_check_tiles(struct store *store, uint64_t from, struct err *err);
/* Reads all entries again, computes the tree on another way than by adding leaf after leaf, and compares
 * it with the stored one and its first entries with what was signed. CONFLICT: they do not agree. */
MUST_USE enum status log_check(struct store *store, const struct tree_head *was_signed,
                               struct err *err);
/* What merkle_leaf makes of the entry. NOT_FOUND: there is no such entry, or not yet. */
MUST_USE enum status log_leaf(uint8_t leaf[MERKLE_HASH], struct store *store,
                              uint64_t sequence, struct err *err);

#endif
