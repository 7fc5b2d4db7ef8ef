/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "ledger/merkle.h"

/* The eight leaves and nine roots that Certificate Transparency's reference implementations
 * share (RFC 6962 trees of size 0 to 8). */
static const char *const leaves[] = {
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
};
static const char *const roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void check_root(const struct merkle *tree, const char *wanted)
{
    uint8_t root[MERKLE_HASH];
    char seen[2 * MERKLE_HASH + 1];
    merkle_root(root, tree);
    hex_write(seen, bytes_of(root, sizeof root));
    CHECK_TEXT(bytes_text(seen), wanted);
}

static void test_published_roots(void)
{
    struct merkle tree = {.size = 0};
    check_root(&tree, roots[0]);
    for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++) {
        uint8_t entry[16], hash[MERKLE_HASH];
        size_t len = strlen(leaves[i]) / 2;
        CHECK(hex_read(entry, len, bytes_text(leaves[i])));
        merkle_leaf(hash, bytes_of(entry, len));
        merkle_add(&tree, hash);
        check_root(&tree, roots[i + 1]);
    }
}

/* The definition of RFC 6962, word for word: split at the largest power of two below n. */
static void slow_root(uint8_t out[MERKLE_HASH], uint8_t (*hashes)[MERKLE_HASH],
                      size_t count)
{
    if (count == 1) {
        memcpy(out, hashes[0], MERKLE_HASH);
        return;
    }
    size_t split = 1;
    while (2 * split < count)
        split *= 2;
    uint8_t left[MERKLE_HASH], right[MERKLE_HASH];
    slow_root(left, hashes, split);
    slow_root(right, hashes + split, count - split);
    merkle_node(out, left, right);
}

static void test_against_the_definition(void)
{
    enum { COUNT = 130 };
    static uint8_t hashes[COUNT][MERKLE_HASH];
    struct merkle tree = {.size = 0};
    for (size_t i = 0; i < COUNT; i++) {
        uint8_t entry = (uint8_t)i, fast[MERKLE_HASH], slow[MERKLE_HASH];
        merkle_leaf(hashes[i], bytes_of(&entry, 1));
        merkle_add(&tree, hashes[i]);
        merkle_root(fast, &tree);
        slow_root(slow, hashes, i + 1);
        CHECK_SEEN(memcmp(fast, slow, sizeof fast) == 0, "size %zu", i + 1);
    }
    CHECK(tree.size == COUNT);
}

int main(void)
{
    test_published_roots();
    test_against_the_definition();
    return check_done("merkle");
}
