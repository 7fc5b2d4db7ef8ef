/* SPDX-License-Identifier: Apache-2.0 */
#include "match/pledge.h"

#include "base/memory.h"
#include "base/pool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void pledge_salt(uint8_t salt[PLEDGE_SALT], const uint8_t seed[OPRF_SEED],
                 const uint8_t digest[HOLDING_DIGEST], uint64_t entry)
{
    static const uint8_t label[] = {'p', 'l', 'e', 'd', 'g', 'e'};
    crypto_generichash_state state;
    uint8_t number[8];
    store_be64(number, entry);
    crypto_generichash_init(&state, seed, OPRF_SEED, PLEDGE_SALT);
    crypto_generichash_update(&state, label, sizeof label);
    crypto_generichash_update(&state, digest, HOLDING_DIGEST);
    crypto_generichash_update(&state, number, sizeof number);
    crypto_generichash_final(&state, salt, PLEDGE_SALT);
}

void pledge_leaf(uint8_t leaf[MERKLE_HASH], const uint8_t salt[PLEDGE_SALT],
                 enum key_class class, struct bytes value, uint64_t entry)
{
    struct sha256_ctx sha;
    uint8_t head[3] = {(uint8_t) class, (uint8_t)(value.len >> 8), (uint8_t)value.len},
            number[8], pledge[SHA256_DIGEST_SIZE];
    assert(value.len <= KEY_VALUE_MAX);
    store_be64(number, entry);
    sha256_init(&sha);
    sha256_update(&sha, PLEDGE_SALT, salt);
    sha256_update(&sha, sizeof head, head);
    sha256_update(&sha, value.len, value.at);
    sha256_update(&sha, sizeof number, number);
    sha256_digest(&sha, sizeof pledge, pledge);
    merkle_leaf(leaf, bytes_of(pledge, sizeof pledge));
}

/* ---- Opening one ---- */

void pledge_opening_write(struct buf *out, const struct pledge_opening *opening)
{
    buf_add(out, bytes_of(opening->salt, PLEDGE_SALT));
    buf_add_be64(out, opening->entry);
    buf_add_be64(out, opening->place);
    buf_add_byte(out, (uint8_t)opening->path.count);
    buf_add(out, bytes_of(opening->path.hashes, opening->path.count * MERKLE_HASH));
}

enum status pledge_opening_read(struct pledge_opening *opening, struct cursor *cursor,
                                struct err *err)
{
    struct pledge_opening read = {.entry = 0};
    cursor_copy(read.salt, cursor, PLEDGE_SALT);
    read.entry = cursor_be64(cursor);
    read.place = cursor_be64(cursor);
    size_t count = cursor_u8(cursor);
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK && !cursor->failed; i++) {
        uint8_t hash[MERKLE_HASH];
        cursor_copy(hash, cursor, MERKLE_HASH);
        status = proof_add(&read.path, hash, NULL);
    }
    if (cursor->failed || status != OK)
        return fail(err, BAD_INPUT, "pledge: cut short or malformed");
    *opening = read;
    return OK;
}

enum status pledge_check(const struct pledge_opening *opening, const struct tree_head *head,
                         enum key_class class, struct bytes value, struct err *err)
{
    uint8_t leaf[MERKLE_HASH];
    pledge_leaf(leaf, opening->salt, class, value, opening->entry);
    if (proof_check_inclusion(&opening->path, head, opening->place, leaf, NULL) == OK)
        return OK;
    return fail(err, REFUSED,
                "pledge: this was not pledged in the announcement that was asked under");
}

/* ---- The tree ---- */

void pledges_release(struct pledges *pledges)
{
    free(pledges->leaves);
    *pledges = (struct pledges){NULL, 0, 0};
}

void pledges_add(struct pledges *pledges, const uint8_t leaf[MERKLE_HASH])
{
    void *leaves = pledges->leaves;
    grow_to(&leaves, &pledges->capacity, pledges->count, sizeof *pledges->leaves);
    pledges->leaves = leaves;
    memcpy(pledges->leaves[pledges->count++], leaf, MERKLE_HASH);
}

void pledges_reserve(struct pledges *pledges, size_t more)
{
    void *leaves = pledges->leaves;
    if (more == 0)
        return;
    grow_to(&leaves, &pledges->capacity, pledges->count + more - 1,
            sizeof *pledges->leaves);
    pledges->leaves = leaves;
    memset(pledges->leaves[pledges->count], 0, more * sizeof *pledges->leaves);
    pledges->count += more;
}

static void root_of(uint8_t root[MERKLE_HASH], const struct pledges *pledges, size_t from,
                    size_t count)
{
    struct merkle tree = {.size = 0};
    for (size_t i = 0; i < count; i++)
        merkle_add(&tree, pledges->leaves[from + i]);
    merkle_root(root, &tree);
}

/* Pieces of a power of two are full subtrees, but for the last: their roots make the root. */
enum { PIECE_LEVEL = 12, PIECE = 1 << PIECE_LEVEL };

static void root_of_piece(void *context, size_t piece, unsigned thread)
{
    const struct pledge_tree *tree = context;
    size_t from = piece * PIECE, left = (size_t)tree->size - from;
    (void)thread;
    root_of(tree->roots[piece], tree->pledges, from, left < PIECE ? left : PIECE);
}

void pledge_tree_init(struct pledge_tree *tree, const struct pledges *pledges,
                      uint64_t size, struct pool *pool)
{
    assert(size <= pledges->count);
    size_t pieces = ((size_t)size + PIECE - 1) / PIECE;
    *tree = (struct pledge_tree){pledges, size, xcalloc(pieces + 1, sizeof *tree->roots)};
    pool_run(pool, root_of_piece, tree, pieces);
}

void pledge_tree_release(struct pledge_tree *tree)
{
    free(tree->roots);
    *tree = (struct pledge_tree){.pledges = NULL};
}

/* Of pieces [from, from + count). */
static void root_of_pieces(uint8_t root[MERKLE_HASH], const struct pledge_tree *tree,
                           size_t from, size_t count)
{
    struct merkle merkle = {.size = 0};
    for (size_t i = 0; i < count; i++)
        merkle_add(&merkle, tree->roots[from + i]);
    merkle_root(root, &merkle);
}

void pledge_tree_root(uint8_t root[MERKLE_HASH], const struct pledge_tree *tree)
{
    root_of_pieces(root, tree, 0, ((size_t)tree->size + PIECE - 1) / PIECE);
}

static enum status subtree(uint8_t out[MERKLE_HASH], void *context, unsigned level,
                           uint64_t index, struct err *err)
{
    const struct pledge_tree *tree = context;
    (void)err;
    if (level < PIECE_LEVEL)
        root_of(out, tree->pledges, (size_t)(index << level), (size_t)1 << level);
    else
        root_of_pieces(out, tree, (size_t)(index << (level - PIECE_LEVEL)),
                       (size_t)1 << (level - PIECE_LEVEL));
    return OK;
}

enum status pledge_tree_prove(struct proof *path, const struct pledge_tree *tree,
                              uint64_t place, struct err *err)
{
    struct pledge_tree own = *tree;
    const struct proof_tree whole = {tree->size, subtree, &own};
    return proof_of_inclusion(path, &whole, place, err);
}

void pledges_root(uint8_t root[MERKLE_HASH], const struct pledges *pledges, uint64_t size,
                  struct pool *pool)
{
    struct pledge_tree tree;
    pledge_tree_init(&tree, pledges, size, pool);
    pledge_tree_root(root, &tree);
    pledge_tree_release(&tree);
}

/* ---- The file ---- */

enum status pledges_read(struct pledges *pledges, const char *path, uint64_t most,
                         struct err *err)
{
    struct stat about;
    *pledges = (struct pledges){NULL, 0, 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return fail(err, errno == ENOENT ? NOT_FOUND : IO_FAILED, "%s: %s", path,
                    strerror(errno));
    if (fstat(fd, &about) != 0)
        about.st_size = 0;
    uint64_t count = (uint64_t)about.st_size / MERKLE_HASH;
    count = count < most ? count : most;
    if (count > PLEDGES_MAX) {
        close(fd);
        return fail(err, TOO_LARGE, "%s: more than %d pledges", path, PLEDGES_MAX);
    }
    pledges->leaves = xcalloc((size_t)count + 1, sizeof *pledges->leaves);
    pledges->count = (size_t)count;
    pledges->capacity = (size_t)count + 1;
    size_t want = (size_t)count * MERKLE_HASH, got = 0;
    while (got < want) {
        ssize_t part = read(fd, (uint8_t *)pledges->leaves + got, want - got);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            break;
        got += (size_t)part;
    }
    close(fd);
    if (got == want)
        return OK;
    pledges_release(pledges);
    return fail(err, IO_FAILED, "%s: cannot be read", path);
}

enum status pledges_write(const struct pledges *pledges, const char *path, uint64_t kept,
                          struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    size_t at = (size_t)kept * MERKLE_HASH, end = pledges->count * MERKLE_HASH;
    bool whole = fd >= 0 && ftruncate(fd, (off_t)at) == 0;
    assert(kept <= pledges->count);
    while (whole && at < end) {
        ssize_t part =
            pwrite(fd, (const uint8_t *)pledges->leaves + at, end - at, (off_t)at);
        if (part < 0 && errno == EINTR)
            continue;
        whole = part > 0;
        at += whole ? (size_t)part : 0;
    }
    whole = whole && fsync(fd) == 0;
    enum status status = whole ? OK : fail(err, IO_FAILED, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return status;
}
