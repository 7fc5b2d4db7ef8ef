/* SPDX-License-Identifier: Apache-2.0
 *
 * Proofs against a slow twin, the recursive definitions of RFC 6962 word for word; tampering with
 * each; the largest tree; what is refused. Published proofs: test_proof_published.c.
 */
#include "ledger/proof.h"

#include "check.h"

enum { LEAVES = 300 };

/* The slow twin. MTH of leaves [begin, end), each worked out once and remembered. */
static struct {
    uint8_t leaf[LEAVES][MERKLE_HASH];
    uint8_t root[LEAVES + 1][LEAVES + 1][MERKLE_HASH];
    bool known[LEAVES + 1][LEAVES + 1];
} twin;

/* "k is the largest power of two smaller than n" */
static size_t twin_split(size_t n)
{
    size_t k = 1;
    while (2 * k < n)
        k *= 2;
    return k;
}

static const uint8_t *twin_root(size_t begin, size_t end)
{
    uint8_t *root = twin.root[begin][end];
    if (twin.known[begin][end])
        return root;
    if (end - begin == 1) {
        memcpy(root, twin.leaf[begin], MERKLE_HASH);
    } else {
        size_t k = twin_split(end - begin);
        merkle_node(root, twin_root(begin, begin + k), twin_root(begin + k, end));
    }
    twin.known[begin][end] = true;
    return root;
}

static void twin_put(struct proof *proof, const uint8_t hash[MERKLE_HASH])
{
    if (proof_add(proof, hash, NULL) != OK)
        abort();
}

static void twin_add(struct proof *proof, size_t begin, size_t end)
{
    twin_put(proof, twin_root(begin, end));
}

/* PATH(m, D[n]), D[n] being leaves [begin, end) */
static void twin_path(struct proof *proof, size_t m, size_t begin, size_t end)
{
    if (end - begin == 1)
        return;
    size_t k = twin_split(end - begin);
    if (m < k) {
        twin_path(proof, m, begin, begin + k);
        twin_add(proof, begin + k, end);
    } else {
        twin_path(proof, m - k, begin + k, end);
        twin_add(proof, begin, begin + k);
    }
}

/* SUBPROOF(m, D[n], b) */
static void twin_subproof(struct proof *proof, size_t m, size_t begin, size_t end, bool b)
{
    if (m == end - begin) {
        if (!b)
            twin_add(proof, begin, end);
        return;
    }
    size_t k = twin_split(end - begin);
    if (m <= k) {
        twin_subproof(proof, m, begin, begin + k, b);
        twin_add(proof, begin + k, end);
    } else {
        twin_subproof(proof, m - k, begin + k, end, false);
        twin_add(proof, begin, begin + k);
    }
}

static struct tree_head twin_head(size_t size)
{
    struct tree_head head = {.size = size};
    memcpy(head.root, twin_root(0, size), MERKLE_HASH);
    return head;
}

static void twin_fill(void)
{
    for (size_t i = 0; i < LEAVES; i++) {
        uint8_t entry[2];
        store_be16(entry, (uint16_t)i);
        merkle_leaf(twin.leaf[i], bytes_of(entry, sizeof entry));
    }
}

/* Hashes of the twin's full subtrees, as a store would give them. */
static enum status twin_subtree(uint8_t out[MERKLE_HASH], void *context, unsigned level,
                                uint64_t index, struct err *err)
{
    const uint64_t *size = context;
    if (level > 9 || (index + 1) << level > *size)
        return fail(err, BAD_INPUT, "not full at %llu: level %u, index %llu",
                    (unsigned long long)*size, level, (unsigned long long)index);
    memcpy(out, twin_root(index << level, (index + 1) << level), MERKLE_HASH);
    return OK;
}

static bool same_proof(const struct proof *a, const struct proof *b)
{
    return a->count == b->count &&
           memcmp(a->hashes, b->hashes, a->count * MERKLE_HASH) == 0;
}

/* What a proof claims, so that one tampering serves both kinds. Not consistency: inclusion of
 * older.root, the hash of the leaf at place older.size. */
struct claim {
    bool consistency;
    struct proof proof;
    struct tree_head older, newer;
};

static enum status check_claim(const struct claim *claim)
{
    return claim->consistency
               ? proof_check_consistency(&claim->proof, &claim->older, &claim->newer, NULL)
               : proof_check_inclusion(&claim->proof, &claim->newer, claim->older.size,
                                       claim->older.root, NULL);
}

static unsigned believed_flipped(struct claim *claim, uint8_t hash[MERKLE_HASH],
                                 unsigned bit)
{
    hash[bit / 8] ^= (uint8_t)(1u << bit % 8);
    bool holds = check_claim(claim) == OK;
    hash[bit / 8] ^= (uint8_t)(1u << bit % 8);
    return holds;
}

/* Cut at either end, lengthened, two neighbours exchanged. */
static unsigned believed_rearranged(const struct claim *good)
{
    unsigned count = 0;
    size_t hashes = good->proof.count;
    struct claim bad = *good;
    if (hashes < PROOF_HASHES_MAX) {
        twin_put(&bad.proof, good->newer.root);
        count += check_claim(&bad) == OK;
    }
    if (hashes > 0) {
        bad = *good;
        bad.proof.count--;
        count += check_claim(&bad) == OK;
        memmove(bad.proof.hashes[0], good->proof.hashes[1], bad.proof.count * MERKLE_HASH);
        count += check_claim(&bad) == OK;
    }
    bad = *good;
    for (size_t i = 1; i < hashes; i++) {
        memcpy(bad.proof.hashes[i], good->proof.hashes[i - 1], MERKLE_HASH);
        memcpy(bad.proof.hashes[i - 1], good->proof.hashes[i], MERKLE_HASH);
        count += check_claim(&bad) == OK;
        memcpy(bad.proof.hashes[i], good->proof.hashes[i], MERKLE_HASH);
        memcpy(bad.proof.hashes[i - 1], good->proof.hashes[i - 1], MERKLE_HASH);
    }
    return count;
}

/* Each hash with one bit changed: all bits from first on in turn, step apart. */
static unsigned believed_flips(const struct claim *good, unsigned first, unsigned step)
{
    struct claim work = *good;
    unsigned count = 0;
    for (unsigned bit = first; bit < 8 * MERKLE_HASH; bit += step) {
        count += believed_flipped(&work, work.older.root, bit);
        count += believed_flipped(&work, work.newer.root, bit);
        for (size_t i = 0; i < work.proof.count; i++)
            count += believed_flipped(&work, work.proof.hashes[i], bit);
    }
    return count;
}

/* How many of the tampered claims were believed. Small trees lose every bit in turn, larger
 * ones a single bit of each hash, which wanders. */
enum { EVERY_BIT_TO = 12, HASH_BITS = 8 * MERKLE_HASH };

static unsigned believed(const struct claim *good, size_t size, size_t part)
{
    unsigned count = believed_rearranged(good);
    if (size <= EVERY_BIT_TO)
        return count + believed_flips(good, 0, 1);
    return count + believed_flips(good, (size * 31 + part * 7) % HASH_BITS, HASH_BITS);
}

static void test_inclusion(uint64_t size)
{
    struct tree_head head = twin_head(size);
    struct proof_tree tree = {size, twin_subtree, &size};
    for (uint64_t leaf = 0; leaf < size; leaf++) {
        struct proof slow = {.count = 0};
        struct claim claim = {.older = {.size = leaf}, .newer = head};
        struct err err = {.text = ""};
        memcpy(claim.older.root, twin.leaf[leaf], MERKLE_HASH);
        twin_path(&slow, leaf, 0, size);
        CHECK_SEEN(proof_of_inclusion(&claim.proof, &tree, leaf, &err) == OK, "%s",
                   err.text);
        CHECK_SEEN(same_proof(&claim.proof, &slow), "leaf %d of %d", (int)leaf, (int)size);
        CHECK_SEEN(check_claim(&claim) == OK, "leaf %d of %d", (int)leaf, (int)size);
        unsigned wrong = believed(&claim, size, leaf);
        if (size <= EVERY_BIT_TO) {
            for (uint64_t other = 0; other <= size; other++) {
                struct claim moved = claim;
                moved.older.size = other;
                wrong += other != leaf && check_claim(&moved) == OK;
            }
        }
        CHECK_SEEN(wrong == 0, "leaf %d of %d: %u", (int)leaf, (int)size, wrong);
    }
    struct proof proof;
    CHECK(proof_of_inclusion(&proof, &tree, size, NULL) == BAD_INPUT);
}

static void test_consistency(uint64_t size)
{
    struct proof_tree tree = {size, twin_subtree, &size};
    for (uint64_t older = 1; older <= size; older++) {
        struct proof slow = {.count = 0};
        struct claim claim = {true, {0}, twin_head(older), twin_head(size)};
        struct err err = {.text = ""};
        twin_subproof(&slow, older, 0, size, true);
        CHECK_SEEN(proof_of_consistency(&claim.proof, &tree, older, &err) == OK, "%s",
                   err.text);
        CHECK_SEEN(same_proof(&claim.proof, &slow), "%d to %d", (int)older, (int)size);
        CHECK_SEEN(check_claim(&claim) == OK, "%d to %d", (int)older, (int)size);
        unsigned wrong = believed(&claim, size, older);
        CHECK_SEEN(wrong == 0, "%d to %d: %u", (int)older, (int)size, wrong);
        struct claim turned = {true, claim.proof, claim.newer, claim.older};
        CHECK(older == size || check_claim(&turned) == BAD_INPUT);
    }
    struct proof proof;
    CHECK(proof_of_consistency(&proof, &tree, 0, NULL) == BAD_INPUT);
    CHECK(proof_of_consistency(&proof, &tree, size + 1, NULL) == BAD_INPUT);
}

/* One hash too many, and roots that come out with it: the sizes alone refuse that. */
static void test_forged_length(void)
{
    struct claim claim = {.older = {.size = 3}, .newer = twin_head(4)};
    memcpy(claim.older.root, twin.leaf[3], MERKLE_HASH);
    twin_path(&claim.proof, 3, 0, 4);
    CHECK(check_claim(&claim) == OK);
    twin_put(&claim.proof, twin.leaf[9]);
    merkle_node(claim.newer.root, twin.leaf[9], claim.newer.root);
    CHECK(check_claim(&claim) == REFUSED);

    claim = (struct claim){true, {0}, twin_head(3), twin_head(4)};
    twin_subproof(&claim.proof, 3, 0, 4, true);
    CHECK(check_claim(&claim) == OK);
    twin_put(&claim.proof, twin.leaf[9]);
    merkle_node(claim.older.root, twin.leaf[9], claim.older.root);
    merkle_node(claim.newer.root, twin.leaf[9], claim.newer.root);
    CHECK(check_claim(&claim) == REFUSED);
}

/* Size 0: nothing is in it, nothing is proved of it or from it. */
static void test_empty_tree(void)
{
    uint64_t none = 0;
    struct proof_tree tree = {0, twin_subtree, &none};
    struct merkle grown = {.size = 0};
    struct claim claim = {.newer = {.size = 0}};
    CHECK(proof_of_inclusion(&claim.proof, &tree, 0, NULL) == BAD_INPUT);
    CHECK(proof_of_consistency(&claim.proof, &tree, 0, NULL) == BAD_INPUT);
    merkle_root(claim.newer.root, &grown);
    CHECK(check_claim(&claim) == BAD_INPUT);
    claim.consistency = true;
    claim.older = claim.newer;
    CHECK(check_claim(&claim) == BAD_INPUT);
    claim.newer = twin_head(1);
    CHECK(check_claim(&claim) == BAD_INPUT);
}

/* A tree of one entry over and over: each full subtree is known by its level, so that proofs
 * about the largest log there may be cost nothing. */
struct endless {
    uint8_t full[64][MERKLE_HASH];
    uint64_t size;
    unsigned asked;
};

static enum status endless_subtree(uint8_t out[MERKLE_HASH], void *context, unsigned level,
                                   uint64_t index, struct err *err)
{
    struct endless *endless = context;
    endless->asked++;
    if (level > 62 || index >= endless->size >> level)
        return fail(err, IO_FAILED, "level %u is not full there", level);
    memcpy(out, endless->full[level], MERKLE_HASH);
    return OK;
}

static struct tree_head endless_head(const struct endless *endless, uint64_t size)
{
    struct merkle tree = {.size = size};
    memcpy(tree.edge, endless->full, sizeof tree.edge);
    struct tree_head head = {.size = size};
    merkle_root(head.root, &tree);
    return head;
}

static void test_largest_tree(void)
{
    static const uint64_t places[] = {
        1,
        2,
        3,
        1000000007,
        UINT64_C(1) << 62,
        (UINT64_C(1) << 62) + 1,
        0x5555555555555555,
        PROOF_SIZE_MAX - 1,
        PROOF_SIZE_MAX,
    };
    enum { PLACES = sizeof places / sizeof places[0] };
    struct endless endless = {.size = 0};
    merkle_leaf(endless.full[0], BYTES_OF("again"));
    for (size_t i = 1; i < 64; i++)
        merkle_node(endless.full[i], endless.full[i - 1], endless.full[i - 1]);

    size_t longest = 0;
    for (size_t i = 0; i < PLACES; i++) {
        endless.size = places[i];
        struct proof_tree tree = {places[i], endless_subtree, &endless};
        for (size_t j = 0; j <= i; j++) {
            struct claim claim = {true,
                                  {0},
                                  endless_head(&endless, places[j]),
                                  endless_head(&endless, places[i])};
            struct err err = {.text = ""};
            endless.asked = 0;
            CHECK_SEEN(proof_of_consistency(&claim.proof, &tree, places[j], &err) == OK,
                       "%s", err.text);
            CHECK_SEEN(endless.asked < 130, "%u", endless.asked);
            CHECK(check_claim(&claim) == OK);
            CHECK(believed_flips(&claim, 5, 50) == 0);
            longest = claim.proof.count > longest ? claim.proof.count : longest;

            claim = (struct claim){.older = {.size = places[j] - 1}, .newer = claim.newer};
            memcpy(claim.older.root, endless.full[0], MERKLE_HASH);
            endless.asked = 0;
            CHECK_SEEN(proof_of_inclusion(&claim.proof, &tree, places[j] - 1, &err) == OK,
                       "%s", err.text);
            CHECK_SEEN(endless.asked < 130, "%u", endless.asked);
            CHECK(check_claim(&claim) == OK);
        }
    }
    CHECK_SEEN(longest == PROOF_HASHES_MAX, "%zu", longest);
}

static void test_limits(void)
{
    uint64_t size = PROOF_SIZE_MAX + 1;
    struct proof_tree tree = {size, twin_subtree, &size};
    struct proof proof = {.count = 0};
    struct tree_head small = twin_head(5), large = {.size = size};
    CHECK(proof_of_inclusion(&proof, &tree, 0, NULL) == TOO_LARGE);
    CHECK(proof_of_consistency(&proof, &tree, 1, NULL) == TOO_LARGE);
    CHECK(proof_check_inclusion(&proof, &large, 0, twin.leaf[0], NULL) == TOO_LARGE);
    CHECK(proof_check_consistency(&proof, &small, &large, NULL) == TOO_LARGE);
    CHECK(proof_check_consistency(&proof, &large, &small, NULL) == BAD_INPUT);
    CHECK(proof_check_inclusion(&proof, &small, UINT64_MAX, twin.leaf[0], NULL) ==
          BAD_INPUT);

    for (unsigned i = 0; i < PROOF_HASHES_MAX; i++)
        CHECK(proof_add(&proof, twin.leaf[i], NULL) == OK);
    CHECK(proof_add(&proof, twin.leaf[0], NULL) == TOO_LARGE);
    CHECK(proof.count == PROOF_HASHES_MAX);
    proof.count = PROOF_HASHES_MAX + 1;
    CHECK(proof_check_inclusion(&proof, &small, 0, twin.leaf[0], NULL) == TOO_LARGE);
    CHECK(proof_check_consistency(&proof, &small, &small, NULL) == TOO_LARGE);
}

static enum status broken_subtree(uint8_t out[MERKLE_HASH], void *context, unsigned level,
                                  uint64_t index, struct err *err)
{
    unsigned *left = context;
    if (*left == 0)
        return fail(err, IO_FAILED, "disk");
    (*left)--;
    memcpy(out, twin_root(index << level, (index + 1) << level), MERKLE_HASH);
    return OK;
}

/* A hash that cannot be read at any moment: its status and sentence come out, no half proof. */
static void test_broken_source(void)
{
    for (unsigned good = 0; good < 4; good++) {
        unsigned left = good;
        struct proof_tree tree = {7, broken_subtree, &left};
        struct proof proof = {.count = 0};
        struct err err = {.text = ""};
        CHECK(proof_of_inclusion(&proof, &tree, 0, &err) == IO_FAILED);
        CHECK_TEXT(bytes_text(err.text), "disk");
        left = good;
        CHECK(proof_of_consistency(&proof, &tree, 3, &err) == IO_FAILED);
        CHECK(proof.count == 0);
    }
}

int main(void)
{
    twin_fill();
    for (size_t size = 1; size <= LEAVES; size++) {
        test_inclusion(size);
        test_consistency(size);
    }
    test_forged_length();
    test_empty_tree();
    test_largest_tree();
    test_limits();
    test_broken_source();
    return check_done("proof");
}
