/* SPDX-License-Identifier: Apache-2.0
 *
 * Proofs that others have published: the figure of RFC 6962, the tree of Certificate
 * Transparency's reference implementations, and the public set of good and bad proofs where it
 * stands beside the project.
 */
#include "ledger/proof.h"

#include "base/text.h"
#include "vectors.h"

#include <ftw.h>
#include <sodium.h>

enum { LEAVES = 8 };

static uint64_t number(const struct json_object *map, const char *name)
{
    uint64_t out = 0;
    CHECK_SEEN(text_u64(&out, json_text(json_get(map, name))), "%s", name);
    return out;
}

/* The reference tree; its leaves first to last - 1 alone also make a tree. */
struct reference {
    uint8_t leaves[LEAVES][MERKLE_HASH];
};

static struct tree_head head_of(const struct reference *reference, uint64_t first,
                                uint64_t last)
{
    struct merkle tree = {.size = 0};
    struct tree_head head = {.size = last - first};
    for (uint64_t i = first; i < last && i < LEAVES; i++)
        merkle_add(&tree, reference->leaves[i]);
    merkle_root(head.root, &tree);
    return head;
}

static enum status reference_subtree(uint8_t out[MERKLE_HASH], void *context,
                                     unsigned level, uint64_t index, struct err *err)
{
    (void)err;
    struct tree_head head = head_of(context, index << level, (index + 1) << level);
    memcpy(out, head.root, MERKLE_HASH);
    return OK;
}

/* Which nodes of the figure a proof names, each as "first-last leaf". */
static void check_path(const struct proof *proof, const struct reference *reference,
                       const struct json_object *path)
{
    CHECK(proof->count == json_count(path));
    for (size_t i = 0; i < json_count(path) && i < proof->count; i++) {
        struct bytes last = json_text(json_at(path, i)), first;
        uint64_t from = 0, to = 0;
        CHECK(text_next_part(&first, &last, '-') && text_u64(&from, first) &&
              text_u64(&to, last));
        struct tree_head node = head_of(reference, from, to + 1);
        CHECK_SEEN(memcmp(proof->hashes[i], node.root, MERKLE_HASH) == 0, "%d-%d",
                   (int)from, (int)to);
    }
}

static void test_figure(const struct json_object *seven, struct reference *reference)
{
    struct proof_tree tree = {7, reference_subtree, reference};
    const struct json_object *list = json_get(seven, "inclusion");
    CHECK(json_count(list) == 4);
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json_object *row = json_at(list, i);
        struct proof proof = {.count = 0};
        CHECK(proof_of_inclusion(&proof, &tree, number(row, "leaf"), NULL) == OK);
        check_path(&proof, reference, json_get(row, "path"));
    }
    list = json_get(seven, "consistency");
    CHECK(json_count(list) == 3);
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json_object *row = json_at(list, i);
        struct proof proof = {.count = 0};
        CHECK(proof_of_consistency(&proof, &tree, number(row, "older"), NULL) == OK);
        check_path(&proof, reference, json_get(row, "path"));
    }
}

static bool same_hashes(const struct proof *proof, struct vectors *vectors,
                        const struct json_object *list)
{
    bool same = proof->count == json_count(list);
    for (size_t i = 0; same && i < proof->count; i++) {
        struct bytes hash = vectors_hex(vectors, json_at(list, i));
        same = hash.len == MERKLE_HASH && same_bytes(proof->hashes[i], hash);
    }
    return same;
}

static void test_reference_proofs(struct vectors *vectors, struct reference *reference)
{
    const struct json_object *list = json_get(vectors->root, "inclusion");
    CHECK(json_count(list) == 5);
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json_object *row = json_at(list, i);
        uint64_t leaf = number(row, "leaf"), size = number(row, "size");
        struct proof_tree tree = {size, reference_subtree, reference};
        struct tree_head head = head_of(reference, 0, size);
        struct proof proof = {.count = 0};
        CHECK(proof_of_inclusion(&proof, &tree, leaf, NULL) == OK);
        CHECK_SEEN(same_hashes(&proof, vectors, json_get(row, "hashes")), "row %zu", i);
        CHECK(proof_check_inclusion(&proof, &head, leaf, reference->leaves[leaf], NULL) ==
              OK);
    }
    list = json_get(vectors->root, "consistency");
    CHECK(json_count(list) == 5);
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json_object *row = json_at(list, i);
        uint64_t size = number(row, "size");
        struct proof_tree tree = {size, reference_subtree, reference};
        struct tree_head older = head_of(reference, 0, number(row, "older"));
        struct tree_head newer = head_of(reference, 0, size);
        struct proof proof = {.count = 0};
        CHECK(proof_of_consistency(&proof, &tree, older.size, NULL) == OK);
        CHECK_SEEN(same_hashes(&proof, vectors, json_get(row, "hashes")), "row %zu", i);
        CHECK(proof_check_consistency(&proof, &older, &newer, NULL) == OK);
    }
}

static void test_restated(void)
{
    struct vectors vectors;
    if (vectors_open(&vectors, "tests/vectors/rfc6962-proofs.json")) {
        struct reference reference;
        const struct json_object *leaves = json_get(vectors.root, "leaves");
        CHECK(json_count(leaves) == LEAVES);
        for (size_t i = 0; i < LEAVES; i++)
            merkle_leaf(reference.leaves[i], vectors_hex(&vectors, json_at(leaves, i)));
        test_figure(json_get(vectors.root, "seven"), &reference);
        test_reference_proofs(&vectors, &reference);
    }
    vectors_close(&vectors);
}

/* The public set, one JSON file a case. A hash there may be some other text, where the case is
 * about that; ours are 32 bytes by their type. Here such a text is filled up with zeros, which
 * keeps equal ones equal and different ones different. False when there is no text at all. */
static bool read_hash(uint8_t hash[MERKLE_HASH], const struct json_object *value)
{
    struct bytes text = json_text(value);
    size_t len = 0;
    memset(hash, 0, MERKLE_HASH);
    if (text.len == 0)
        return false;
    CHECK_SEEN(sodium_base642bin(hash, MERKLE_HASH, (const char *)text.at, text.len, NULL,
                                 &len, NULL, sodium_base64_VARIANT_ORIGINAL) == 0,
               "%.*s", (int)text.len, (const char *)text.at);
    return true;
}

static void read_proof(struct proof *proof, const struct json_object *list)
{
    *proof = (struct proof){.count = 0};
    for (size_t i = 0; i < json_count(list); i++) {
        uint8_t hash[MERKLE_HASH];
        /* A hash of nothing is kept as zeros: one hash too many or wrong in any case. */
        (void)read_hash(hash, json_at(list, i));
        CHECK(proof_add(proof, hash, NULL) == OK);
    }
}

static enum status check_inclusion(const struct json_object *file)
{
    struct proof proof;
    struct tree_head head = {.size = number(file, "treeSize")};
    uint8_t leaf[MERKLE_HASH];
    read_proof(&proof, json_get(file, "proof"));
    if (!read_hash(head.root, json_get(file, "root")) ||
        !read_hash(leaf, json_get(file, "leafHash")))
        return BAD_INPUT;
    return proof_check_inclusion(&proof, &head, number(file, "leafIdx"), leaf, NULL);
}

static enum status check_consistency(const struct json_object *file)
{
    struct proof proof;
    struct tree_head older = {.size = number(file, "size1")};
    struct tree_head newer = {.size = number(file, "size2")};
    read_proof(&proof, json_get(file, "proof"));
    if (!read_hash(older.root, json_get(file, "root1")) ||
        !read_hash(newer.root, json_get(file, "root2")))
        return BAD_INPUT;
    return proof_check_consistency(&proof, &older, &newer, NULL);
}

/* In a subtree [start, end) of some tree a leaf is proved as in a tree of end - start leaves.
 * Which ranges are subtrees is the business of whoever names them; here, as the set has it:
 * start is a multiple of the smallest power of two that is no less than the length. */
static enum status check_subtree_inclusion(const struct json_object *file)
{
    uint64_t start = number(file, "start"), end = number(file, "end"), step = 1;
    if (start >= end || end - start > PROOF_SIZE_MAX)
        return BAD_INPUT;
    while (step < end - start)
        step *= 2;
    if (start % step != 0)
        return BAD_INPUT;
    struct proof proof;
    struct tree_head head = {.size = end - start};
    uint8_t leaf[MERKLE_HASH];
    read_proof(&proof, json_get(file, "proof"));
    if (!read_hash(head.root, json_get(file, "root")) ||
        !read_hash(leaf, json_get(file, "leafHash")))
        return BAD_INPUT;
    /* Wraps for a leaf before start, and so lies behind the end. */
    return proof_check_inclusion(&proof, &head, number(file, "leafIdx") - start, leaf,
                                 NULL);
}

static const struct public_kind {
    const char *folder;
    enum status (*check)(const struct json_object *file);
    unsigned good, bad; /* how many cases there are */
} kinds[] = {
    {"inclusion", check_inclusion, 6, 92},
    {"consistency", check_consistency, 6, 92},
    {"subtreeinclusion", check_subtree_inclusion, 12, 192},
};

/* What nftw has no argument for. */
static const struct public_kind *kind_now;
static unsigned good_now, bad_now;

static int visit(const char *path, const struct stat *stat, int type, struct FTW *place)
{
    (void)stat;
    (void)place;
    if (type != FTW_F)
        return 0;
    struct arena arena = {0};
    struct json_reader reader = {0};
    const struct json_object *file = NULL;
    struct bytes text;
    struct err err = {.text = ""};
    bool read = file_read(&text, path, VECTOR_FILE_MAX, &arena, &err) == OK &&
                json_read(&file, &reader, text, &err) == OK;
    CHECK_SEEN(read, "%s: %s", path, err.text);
    if (read) {
        bool bad = bytes_is(json_text(json_get(file, "wantErr")), "true");
        *(bad ? &bad_now : &good_now) += 1;
        CHECK_SEEN((kind_now->check(file) == OK) != bad, "%s", path);
    }
    json_reader_release(&reader);
    arena_release(&arena);
    return 0;
}

static void test_public_set(void)
{
    const char *root = getenv("ROOT"); /* tests/run sets it */
    for (kind_now = kinds; kind_now < kinds + sizeof kinds / sizeof kinds[0]; kind_now++) {
        char folder[4096];
        snprintf(folder, sizeof folder, "%s/../shared/vectors/merkle/%s",
                 root != NULL ? root : ".", kind_now->folder);
        good_now = bad_now = 0;
        if (nftw(folder, visit, 8, FTW_PHYS) != 0) {
            CHECK_SKIP("there is no public set of proofs beside the project");
            continue;
        }
        CHECK_SEEN(good_now == kind_now->good && bad_now == kind_now->bad,
                   "%s: %u good, %u bad", kind_now->folder, good_now, bad_now);
    }
}

int main(void)
{
    test_restated();
    test_public_set();
    return check_done("proof_published");
}
