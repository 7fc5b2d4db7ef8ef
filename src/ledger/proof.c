/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/proof.h"

#include <assert.h>
#include <inttypes.h>

enum status proof_add(struct proof *proof, const uint8_t hash[MERKLE_HASH], struct err *err)
{
    if (proof->count >= PROOF_HASHES_MAX)
        return fail(err, TOO_LARGE, "proof: more than %d hashes; no log needs so many",
                    PROOF_HASHES_MAX);
    memcpy(proof->hashes[proof->count++], hash, MERKLE_HASH);
    return OK;
}

static enum status check_size(uint64_t size, struct err *err)
{
    if (size > PROOF_SIZE_MAX)
        return fail(err, TOO_LARGE, "proof: no log has %" PRIu64 " entries", size);
    return OK;
}

/* Making a proof. The definition in RFC 6962 is recursive: a tree splits at the largest power
 * of two below its size. Here the same is a walk down from the whole tree to a range of it, that
 * collects the other half at each split, and then turns what it collected upside down. */

struct range {
    uint64_t begin, end; /* leaves [begin, end) */
};

static uint64_t split_of(struct range range)
{
    uint64_t count = range.end - range.begin;
    assert(count >= 2);
    return range.begin + (UINT64_C(1) << (63 - __builtin_clzll(count - 1)));
}

/* Root of a range that splits as in the walk: each set bit of its length is a full subtree, the
 * largest first, and they join from the right. */
static enum status range_root(uint8_t out[MERKLE_HASH], const struct proof_tree *tree,
                              struct range range, struct err *err)
{
    uint64_t count = range.end - range.begin, end = range.end;
    bool begun = false;
    for (unsigned level = 0; count >> level != 0; level++) {
        if ((count >> level & 1) == 0)
            continue;
        uint8_t full[MERKLE_HASH];
        end -= UINT64_C(1) << level;
        enum status status = tree->subtree(full, tree->context, level, end >> level, err);
        if (status != OK)
            return status;
        if (begun)
            merkle_node(out, full, out);
        else
            memcpy(out, full, MERKLE_HASH);
        begun = true;
    }
    assert(begun);
    return OK;
}

static enum status add_root(struct proof *proof, const struct proof_tree *tree,
                            struct range range, struct err *err)
{
    uint8_t root[MERKLE_HASH];
    enum status status = range_root(root, tree, range, err);
    return status == OK ? proof_add(proof, root, err) : status;
}

static void reverse(struct proof *proof)
{
    for (size_t i = 0, j = proof->count; i + 1 < j; i++) {
        uint8_t kept[MERKLE_HASH];
        j--;
        memcpy(kept, proof->hashes[i], MERKLE_HASH);
        memcpy(proof->hashes[i], proof->hashes[j], MERKLE_HASH);
        memcpy(proof->hashes[j], kept, MERKLE_HASH);
    }
}

enum status proof_of_inclusion(struct proof *out, const struct proof_tree *tree,
                               uint64_t leaf, struct err *err)
{
    enum status status = check_size(tree->size, err);
    if (status != OK)
        return status;
    if (leaf >= tree->size)
        return fail(err, BAD_INPUT,
                    "proof: there is no entry %" PRIu64 " in a log of %" PRIu64
                    " (the first is 0)",
                    leaf, tree->size);
    struct proof proof = {.count = 0};
    struct range walk = {0, tree->size};
    while (status == OK && walk.end - walk.begin > 1) {
        uint64_t split = split_of(walk);
        struct range left = {walk.begin, split}, right = {split, walk.end};
        walk = leaf < split ? left : right;
        status = add_root(&proof, tree, leaf < split ? right : left, err);
    }
    if (status != OK)
        return status;
    reverse(&proof);
    *out = proof;
    return OK;
}

enum status proof_of_consistency(struct proof *out, const struct proof_tree *tree,
                                 uint64_t older_size, struct err *err)
{
    enum status status = check_size(tree->size, err);
    if (status != OK)
        return status;
    if (older_size == 0 || older_size > tree->size)
        return fail(err, BAD_INPUT,
                    "proof: a log of %" PRIu64
                    " entries cannot be proved to continue one of "
                    "%" PRIu64 "; that takes 1 to %" PRIu64,
                    tree->size, older_size, tree->size);
    struct proof proof = {.count = 0};
    struct range walk = {0, tree->size};
    /* Down to the last full subtree of the older tree. */
    while (status == OK && walk.end != older_size) {
        uint64_t split = split_of(walk);
        struct range left = {walk.begin, split}, right = {split, walk.end};
        walk = older_size <= split ? left : right;
        status = add_root(&proof, tree, older_size <= split ? right : left, err);
    }
    /* When that is the whole older tree, the checker has its root already. */
    if (status == OK && walk.begin != 0)
        status = add_root(&proof, tree, walk, err);
    if (status != OK)
        return status;
    reverse(&proof);
    *out = proof;
    return OK;
}

/* Checking a proof: RFC 9162, sections 2.1.3.2 and 2.1.4.2, with their names. fn is the place of
 * the node reached so far among those of its level, sn the place of the last node there. */

struct climb {
    uint64_t fn, sn;
};

static bool joins_left(const struct climb *climb)
{
    return (climb->fn & 1) != 0 || climb->fn == climb->sn;
}

/* One level up; a last node without a sibling goes up unchanged until it has one. */
static void climb_up(struct climb *climb)
{
    if (joins_left(climb)) {
        while ((climb->fn & 1) == 0 && climb->fn != 0) {
            climb->fn >>= 1;
            climb->sn >>= 1;
        }
    }
    climb->fn >>= 1;
    climb->sn >>= 1;
}

static enum status check_count(const struct proof *proof, struct err *err)
{
    if (proof->count > PROOF_HASHES_MAX)
        return fail(err, TOO_LARGE,
                    "proof: %zu hashes are more than the %d that any log needs",
                    proof->count, PROOF_HASHES_MAX);
    return OK;
}

static enum status wrong_length(const struct proof *proof, struct err *err)
{
    return fail(err, REFUSED, "proof: %zu hashes is not the length that these sizes need",
                proof->count);
}

enum status proof_check_inclusion(const struct proof *proof, const struct tree_head *head,
                                  uint64_t leaf, const uint8_t leaf_hash[MERKLE_HASH],
                                  struct err *err)
{
    enum status status = check_count(proof, err);
    if (status == OK)
        status = check_size(head->size, err);
    if (status != OK)
        return status;
    if (leaf >= head->size)
        return fail(err, BAD_INPUT,
                    "proof: entry %" PRIu64 " lies behind the end of a log of %" PRIu64
                    " (the first is 0)",
                    leaf, head->size);

    struct climb climb = {.fn = leaf, .sn = head->size - 1};
    uint8_t root[MERKLE_HASH];
    memcpy(root, leaf_hash, MERKLE_HASH);
    for (size_t i = 0; i < proof->count; i++) {
        if (climb.sn == 0)
            return wrong_length(proof, err);
        if (joins_left(&climb))
            merkle_node(root, proof->hashes[i], root);
        else
            merkle_node(root, root, proof->hashes[i]);
        climb_up(&climb);
    }
    if (climb.sn != 0)
        return wrong_length(proof, err);
    if (memcmp(root, head->root, MERKLE_HASH) != 0)
        return fail(err, REFUSED,
                    "proof: entry %" PRIu64 " as given is not part of the log of %" PRIu64
                    " entries: the root does not come out",
                    leaf, head->size);
    return OK;
}

/* Sizes first: what remains for the climb is 1 <= older < newer. */
static enum status check_sizes(const struct tree_head *older, const struct tree_head *newer,
                               struct err *err)
{
    enum status status = check_size(newer->size, err);
    if (status != OK)
        return status;
    if (older->size == 0)
        return fail(err, BAD_INPUT,
                    "proof: that a log continues the empty log says nothing; "
                    "the older size must be at least 1");
    if (older->size > newer->size)
        return fail(err, BAD_INPUT,
                    "proof: a log of %" PRIu64 " entries cannot continue one of %" PRIu64,
                    newer->size, older->size);
    return OK;
}

static enum status check_same(const struct proof *proof, const struct tree_head *older,
                              const struct tree_head *newer, struct err *err)
{
    if (proof->count != 0)
        return wrong_length(proof, err);
    if (memcmp(older->root, newer->root, MERKLE_HASH) != 0)
        return fail(err, REFUSED, "proof: two different logs of %" PRIu64 " entries",
                    newer->size);
    return OK;
}

enum status proof_check_consistency(const struct proof *proof,
                                    const struct tree_head *older,
                                    const struct tree_head *newer, struct err *err)
{
    enum status status = check_count(proof, err);
    if (status == OK)
        status = check_sizes(older, newer, err);
    if (status != OK)
        return status;
    if (older->size == newer->size)
        return check_same(proof, older, newer, err);
    if (proof->count == 0)
        return wrong_length(proof, err);

    struct climb climb = {.fn = older->size - 1, .sn = newer->size - 1};
    while ((climb.fn & 1) != 0) {
        climb.fn >>= 1;
        climb.sn >>= 1;
    }
    /* An older tree that is full is itself the first node; else the proof begins with it. */
    bool full = (older->size & (older->size - 1)) == 0;
    const uint8_t *first = full ? older->root : proof->hashes[0];
    uint8_t older_root[MERKLE_HASH], newer_root[MERKLE_HASH];
    memcpy(older_root, first, MERKLE_HASH);
    memcpy(newer_root, first, MERKLE_HASH);
    for (size_t i = full ? 0 : 1; i < proof->count; i++) {
        if (climb.sn == 0)
            return wrong_length(proof, err);
        if (joins_left(&climb)) {
            merkle_node(older_root, proof->hashes[i], older_root);
            merkle_node(newer_root, proof->hashes[i], newer_root);
        } else {
            merkle_node(newer_root, newer_root, proof->hashes[i]);
        }
        climb_up(&climb);
    }
    if (climb.sn != 0)
        return wrong_length(proof, err);
    if (memcmp(older_root, older->root, MERKLE_HASH) != 0 ||
        memcmp(newer_root, newer->root, MERKLE_HASH) != 0)
        return fail(err, REFUSED,
                    "proof: the log of %" PRIu64
                    " entries does not continue the one of %" PRIu64
                    ": a root does not come out",
                    newer->size, older->size);
    return OK;
}
