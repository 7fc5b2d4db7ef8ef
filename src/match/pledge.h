/* SPDX-License-Identifier: Apache-2.0
 *
 * match/pledge.h: what an owner binds itself to when it publishes: this key stands in a record that entry
 * number so-and-so of my log made.
 *
 *     pledge = SHA-256(salt 32 | class 1 | length 2, value | entry 8)
 *     salt   = BLAKE2b-256(seed of the epoch; "pledge" | digest of the key 16 | entry 8)
 *
 * The pledges of a seed and circle are the leaves of one tree (RFC 6962) that only grows; its size and root
 * stand in every announcement, which partners have before they ask. A pledge says nothing to who lacks
 * the salt. After a claim the owner opens one: salt, entry, place and path. Who knows the value then sees
 * that it was pledged in the announcement that the ask was made under; a record that was planted after the
 * ask has no place there. New ones stand in the order of their hashes and padded with noise, so that
 * size and place tell as little as the maps do.
 *
 * One file a seed and circle, DIR/vault.pledges.NUMBER.CIRCLE: the hashes of the leaves, 32 bytes each. A
 * pledge stays when its record is withdrawn: without the salt it is noise.
 */
#ifndef MATCH_PLEDGE_H
#define MATCH_PLEDGE_H

#include "ledger/proof.h"
#include "match/holdings.h"

struct pool;

enum {
    PLEDGE_SALT = 32,
    PLEDGES_MAX = 1 << 30,
    PLEDGE_OPENING_MAX = PLEDGE_SALT + 8 + 8 + 1 + PROOF_HASHES_MAX * MERKLE_HASH
};

/* entry: number of the entry that made the record. */
void pledge_salt(uint8_t salt[PLEDGE_SALT], const uint8_t seed[OPRF_SEED],
                 const uint8_t digest[HOLDING_DIGEST], uint64_t entry);
/* The leaf's hash in the tree. */
void pledge_leaf(uint8_t leaf[MERKLE_HASH], const uint8_t salt[PLEDGE_SALT],
                 enum key_class class, struct bytes value, uint64_t entry);

/* salt 32 | entry 8 | place 8 | hashes 1 | 32 each, from the leaf upwards */
struct pledge_opening {
    uint8_t salt[PLEDGE_SALT];
    uint64_t entry, place;
    struct proof path;
};
void pledge_opening_write(struct buf *out, const struct pledge_opening *opening);
/* BAD_INPUT: cut short or malformed. */
MUST_USE enum status pledge_opening_read(struct pledge_opening *opening,
                                         struct cursor *cursor, struct err *err);
/* Was it pledged in a tree of this size and root? REFUSED: no. */
MUST_USE enum status pledge_check(const struct pledge_opening *opening,
                                  const struct tree_head *head, enum key_class class,
                                  struct bytes value, struct err *err);

/* All-zero is the empty tree. */
struct pledges {
    uint8_t (*leaves)[MERKLE_HASH];
    size_t count, capacity;
};
void pledges_release(struct pledges *pledges);
void pledges_add(struct pledges *pledges, const uint8_t leaf[MERKLE_HASH]);
/* So many more, zeros, to be filled in. */
void pledges_reserve(struct pledges *pledges, size_t more);
/* Of the first `size`. pool may be NULL. */
void pledges_root(uint8_t root[MERKLE_HASH], const struct pledges *pledges, uint64_t size,
                  struct pool *pool);
/* The tree of the first `size`, hashed once for its root and for any number of paths. Borrows the pledges. */
struct pledge_tree {
    const struct pledges *pledges;
    uint64_t size;
    uint8_t (*roots)[MERKLE_HASH]; /* of its pieces */
};
void pledge_tree_init(struct pledge_tree *tree, const struct pledges *pledges,
                      uint64_t size, struct pool *pool);
void pledge_tree_release(struct pledge_tree *tree); /* all-zero is fine */
void pledge_tree_root(uint8_t root[MERKLE_HASH], const struct pledge_tree *tree);
MUST_USE enum status pledge_tree_prove(struct proof *path, const struct pledge_tree *tree,
                                       uint64_t place, struct err *err);
/* At most the first `most`. NOT_FOUND: no such file. */
MUST_USE enum status pledges_read(struct pledges *pledges, const char *path, uint64_t most,
                                  struct err *err);
/* The first `kept` stand in the file already; what stands after them is replaced. Durable on return. */
MUST_USE enum status pledges_write(const struct pledges *pledges, const char *path,
                                   uint64_t kept, struct err *err);

#endif
