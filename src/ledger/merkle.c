/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/merkle.h"

#include <nettle/sha2.h>

/* Different first bytes, so that no entry can pass for a node (RFC 6962, section 2.1). */
enum { LEAF_PREFIX = 0x00, NODE_PREFIX = 0x01 };

static void hash_two(uint8_t out[MERKLE_HASH], uint8_t prefix, struct bytes a,
                     struct bytes b)
{
    struct sha256_ctx sha;
    sha256_init(&sha);
    sha256_update(&sha, 1, &prefix);
    sha256_update(&sha, a.len, a.at);
    sha256_update(&sha, b.len, b.at);
    sha256_digest(&sha, MERKLE_HASH, out);
}

void merkle_leaf(uint8_t out[MERKLE_HASH], struct bytes entry)
{
    hash_two(out, LEAF_PREFIX, entry, BYTES_OF(""));
}

void merkle_node(uint8_t out[MERKLE_HASH], const uint8_t left[MERKLE_HASH],
                 const uint8_t right[MERKLE_HASH])
{
    hash_two(out, NODE_PREFIX, bytes_of(left, MERKLE_HASH), bytes_of(right, MERKLE_HASH));
}

void merkle_add(struct merkle *tree, const uint8_t leaf[MERKLE_HASH])
{
    uint8_t carry[MERKLE_HASH];
    memcpy(carry, leaf, sizeof carry);
    unsigned level = 0;
    /* As in counting: every full subtree at the right edge joins with the new one. */
    for (; (tree->size >> level & 1) != 0; level++)
        merkle_node(carry, tree->edge[level], carry);
    memcpy(tree->edge[level], carry, sizeof carry);
    tree->size++;
}

void merkle_root(uint8_t out[MERKLE_HASH], const struct merkle *tree)
{
    if (tree->size == 0) {
        struct sha256_ctx sha;
        sha256_init(&sha);
        sha256_digest(&sha, MERKLE_HASH, out);
        return;
    }
    bool begun = false;
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if ((tree->size >> level & 1) == 0)
            continue;
        if (begun)
            merkle_node(out, tree->edge[level], out);
        else
            memcpy(out, tree->edge[level], MERKLE_HASH);
        begun = true;
    }
}
