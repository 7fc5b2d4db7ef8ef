/* SPDX-License-Identifier: Apache-2.0
 *
 * ledger/merkle.h: the Merkle tree of RFC 6962, grown leaf by leaf.
 *
 *     leaf = SHA-256(0x00 | entry)      node = SHA-256(0x01 | left | right)
 *
 * The tree keeps only its right edge: the root of one full subtree for each set bit of its
 * size. That is all that is needed to add a leaf and to tell the root.
 */
#ifndef LEDGER_MERKLE_H
#define LEDGER_MERKLE_H

#include "base/bytes.h"

enum { MERKLE_HASH = 32, MERKLE_LEVELS = 64 };

/* All-zero is the empty tree. Invariant: edge[level] is meaningful exactly when bit `level`
 * of size is set, and then is the root of 2^level leaves; the highest level stands furthest
 * left. */
struct merkle {
    uint64_t size;
    uint8_t edge[MERKLE_LEVELS][MERKLE_HASH];
};

void merkle_leaf(uint8_t out[MERKLE_HASH], struct bytes entry);
void merkle_node(uint8_t out[MERKLE_HASH], const uint8_t left[MERKLE_HASH],
                 const uint8_t right[MERKLE_HASH]);

void merkle_add(struct merkle *tree, const uint8_t leaf[MERKLE_HASH]);
/* Of the leaves added so far; the root of the empty tree is SHA-256 of nothing. */
void merkle_root(uint8_t out[MERKLE_HASH], const struct merkle *tree);

#endif
