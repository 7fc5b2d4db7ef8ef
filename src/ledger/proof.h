/* SPDX-License-Identifier: Apache-2.0
 *
 * ledger/proof.h: short proofs about a long log (RFC 6962, section 2.1; RFC 9162, section 2.1).
 *
 * Inclusion: this leaf stands at this place of the tree with this root. Consistency: the newer
 * tree begins with all of the older one, so that nothing was changed, taken out or reordered.
 * A proof is a list of hashes, from the leaves upwards; a tree of n leaves needs about log2(n).
 *
 * Making one reads hashes of full subtrees, from wherever they are kept; checking one needs
 * nothing but the proof and the roots, which the checker must trust from elsewhere (a signed
 * checkpoint). A root belongs to its size: an inclusion proof alone does not show the size.
 */
#ifndef LEDGER_PROOF_H
#define LEDGER_PROOF_H

#include "ledger/merkle.h"

enum { PROOF_HASHES_MAX = 64 };
/* Tree sizes fit into 63 bits, as in other log tools; no proof is then longer than the above. */
#define PROOF_SIZE_MAX ((uint64_t)INT64_MAX)

/* All-zero is the empty proof. */
struct proof {
    size_t count;
    uint8_t hashes[PROOF_HASHES_MAX][MERKLE_HASH];
};

/* For a proof that is read from outside; TOO_LARGE when it is full. */
MUST_USE enum status proof_add(struct proof *proof, const uint8_t hash[MERKLE_HASH],
                               struct err *err);

struct tree_head {
    uint64_t size;
    uint8_t root[MERKLE_HASH];
};

/* A tree of `size` leaves as proofs are made from. subtree gives the root of the 2^level leaves
 * that begin with leaf index << level (level 0: the leaf itself, hashed); it is asked only for
 * subtrees that are full at that size, less than 130 for one proof. */
struct proof_tree {
    uint64_t size;
    enum status (*subtree)(uint8_t out[MERKLE_HASH], void *context, unsigned level,
                           uint64_t index, struct err *err);
    void *context;
};

/* That leaf stands in the tree. BAD_INPUT when it does not; else what subtree answers. */
MUST_USE enum status proof_of_inclusion(struct proof *out, const struct proof_tree *tree,
                                        uint64_t leaf, struct err *err);
/* That the tree begins with the one it was when it had older_size leaves, 1 to all. */
MUST_USE enum status proof_of_consistency(struct proof *out, const struct proof_tree *tree,
                                          uint64_t older_size, struct err *err);

/* REFUSED when the proof does not hold; BAD_INPUT when what it claims cannot be, as a place
 * behind the end. leaf_hash is merkle_leaf of the entry. */
MUST_USE enum status proof_check_inclusion(const struct proof *proof,
                                           const struct tree_head *head, uint64_t leaf,
                                           const uint8_t leaf_hash[MERKLE_HASH],
                                           struct err *err);
/* Refuses an older tree of size 0: every log continues the empty one, so that a proof of it
 * would say nothing, and somebody might take it for a proof. */
MUST_USE enum status proof_check_consistency(const struct proof *proof,
                                             const struct tree_head *older,
                                             const struct tree_head *newer,
                                             struct err *err);

#endif
