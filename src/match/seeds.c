/* SPDX-License-Identifier: Apache-2.0 */
#include "match/seeds.h"

#include "base/file.h"
#include "base/world.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    SLOT = 128,
    MAGIC_LEN = 16,
    HASH = 16,
    HASHED = SLOT - HASH,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    PLAIN = 8 + 8 + 8 + OPRF_SEED,
    FILE_LEN = SLOT * (1 + SEEDS_MAX),
};
static_assert(NONCE + PLAIN + TAG <= SLOT, "a seed fits its slot");

static const char magic[MAGIC_LEN] = "enlace seeds 1\n";

struct seeds {
    struct seeds_options options;
    int fd;
    uint64_t last;
    struct seed
        *list; /* SEEDS_MAX + 1 in guarded memory, by first number; ended by first 0 */
    uint8_t slots[SEEDS_MAX]; /* where each stands */
    size_t count;
    bool used[SEEDS_MAX];
    struct arena memory;
};

static void hash_head(uint8_t hash[HASH], const struct seeds *seeds,
                      const uint8_t head[SLOT])
{
    crypto_generichash(hash, HASH, head, HASHED, seeds->options.key, SEEDS_KEY);
}

static void make_head(uint8_t head[SLOT], const struct seeds *seeds)
{
    memset(head, 0, SLOT);
    memcpy(head, magic, MAGIC_LEN);
    store_be64(head + MAGIC_LEN, seeds->last);
    hash_head(head + HASHED, seeds, head);
}

static enum status put(struct seeds *seeds, size_t at, const uint8_t bytes[SLOT],
                       struct err *err)
{
    if (pwrite(seeds->fd, bytes, SLOT, (off_t)(at * SLOT)) != SLOT ||
        fdatasync(seeds->fd) != 0)
        return fail(err, IO_FAILED, "%s: %s", seeds->options.path, strerror(errno));
    return OK;
}

static void insert(struct seeds *seeds, const struct seed *seed, size_t slot)
{
    size_t at = seeds->count++;
    for (; at > 0 && seeds->list[at - 1].first > seed->first; at--) {
        seeds->list[at] = seeds->list[at - 1];
        seeds->slots[at] = seeds->slots[at - 1];
    }
    seeds->list[at] = *seed;
    seeds->slots[at] = (uint8_t)slot;
    seeds->used[slot] = true;
}

static enum status take_slot(struct seeds *seeds, size_t slot, const uint8_t bytes[SLOT],
                             struct err *err)
{
    uint8_t plain[PLAIN], place = (uint8_t)slot;
    if (sodium_is_zero(bytes, SLOT))
        return OK;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, bytes + NONCE,
                                                   PLAIN + TAG, &place, 1, bytes,
                                                   seeds->options.key) != 0)
        return fail(err, CONFLICT, "%s: slot %zu is damaged, or another node's",
                    seeds->options.path, slot);
    struct seed seed = {load_be64(plain),
                        (int64_t)load_be64(plain + 8),
                        (int64_t)load_be64(plain + 16),
                        {0}};
    memcpy(seed.secret, plain + 24, OPRF_SEED);
    insert(seeds, &seed, slot);
    sodium_memzero(plain, sizeof plain);
    sodium_memzero(&seed, sizeof seed);
    return OK;
}

static enum status load(struct seeds *seeds, struct err *err)
{
    struct arena arena = {0};
    struct bytes file;
    uint8_t hash[HASH];
    enum status status = file_read(&file, seeds->options.path, FILE_LEN, &arena, err);
    if (status == NOT_FOUND) {
        uint8_t *fresh = arena_zalloc(&arena, 1, FILE_LEN);
        make_head(fresh, seeds);
        file = bytes_of(fresh, FILE_LEN);
        status = file_write(seeds->options.path, file, FILE_SECRET, err);
    }
    if (status == OK && (file.len != FILE_LEN || memcmp(file.at, magic, MAGIC_LEN) != 0))
        status = fail(err, CONFLICT, "%s: not the seeds of a node", seeds->options.path);
    if (status == OK) {
        hash_head(hash, seeds, file.at);
        if (sodium_memcmp(hash, file.at + HASHED, HASH) != 0)
            status =
                fail(err, CONFLICT, "%s: damaged, or another node's", seeds->options.path);
        seeds->last = load_be64(file.at + MAGIC_LEN);
    }
    for (size_t i = 0; i < SEEDS_MAX && status == OK; i++)
        status = take_slot(seeds, i, file.at + (1 + i) * SLOT, err);
    arena_release(&arena);
    return status;
}

enum status seeds_open(struct seeds **out, const struct seeds_options *options,
                       struct err *err)
{
    struct seeds *seeds = xcalloc(1, sizeof *seeds);
    seeds->options = *options;
    seeds->options.path = arena_text(&seeds->memory, bytes_text(options->path));
    seeds->fd = -1;
    seeds->list = sodium_allocarray(SEEDS_MAX + 1, sizeof *seeds->list);
    enum status status =
        seeds->list == NULL ? fail(err, IO_FAILED, "no guarded memory for the seeds") : OK;
    if (status == OK)
        sodium_memzero(seeds->list, (SEEDS_MAX + 1) * sizeof *seeds->list);
    if (status == OK)
        status = load(seeds, err);
    if (status == OK) {
        seeds->fd = open(seeds->options.path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
        if (seeds->fd < 0)
            status = fail(err, IO_FAILED, "%s: %s", seeds->options.path, strerror(errno));
    }
    if (status != OK) {
        seeds_close(seeds);
        return status;
    }
    *out = seeds;
    return OK;
}

void seeds_close(struct seeds *seeds)
{
    if (seeds == NULL)
        return;
    if (seeds->fd >= 0)
        close(seeds->fd);
    sodium_free(seeds->list);
    arena_release(&seeds->memory);
    free(seeds);
}

enum status seeds_next(uint64_t *number, struct seeds *seeds, uint64_t floor,
                       struct err *err)
{
    uint8_t head[SLOT];
    seeds->last = (floor > seeds->last ? floor : seeds->last) + 1;
    make_head(head, seeds);
    *number = seeds->last;
    return put(seeds, 0, head, err);
}

enum status seeds_add(struct seeds *seeds, uint64_t first, int64_t from_s, int64_t until_s,
                      struct err *err)
{
    uint8_t bytes[SLOT] = {0}, plain[PLAIN], place;
    struct seed seed = {first, from_s, until_s, {0}};
    size_t slot = 0;
    while (slot < SEEDS_MAX && seeds->used[slot])
        slot++;
    if (slot == SEEDS_MAX)
        return fail(
            err, BUSY,
            "there are %d epochs already that have not expired; the next one can begin "
            "when the oldest is over",
            SEEDS_MAX);
    world_random(seeds->options.world, seed.secret, OPRF_SEED);
    world_random(seeds->options.world, bytes, NONCE);
    store_be64(plain, first);
    store_be64(plain + 8, (uint64_t)from_s);
    store_be64(plain + 16, (uint64_t)until_s);
    memcpy(plain + 24, seed.secret, OPRF_SEED);
    place = (uint8_t)slot;
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + NONCE, NULL, plain, PLAIN, &place, 1,
                                               NULL, bytes, seeds->options.key);
    sodium_memzero(plain, sizeof plain);
    enum status status = put(seeds, 1 + slot, bytes, err);
    if (status == OK)
        insert(seeds, &seed, slot);
    sodium_memzero(&seed, sizeof seed);
    return status;
}

static bool is_over(const struct seeds *seeds, size_t place, int64_t now_s)
{
    enum { DAY_S = 24 * 3600 };
    const struct seed *seed = &seeds->list[place];
    bool over = now_s >= seed->until_s;
    for (size_t i = place + 1; i < seeds->count && !over; i++)
        over = seed->from_s > now_s + DAY_S && seeds->list[i].from_s < seed->from_s &&
               now_s - seeds->list[i].from_s >= DAY_S;
    return over;
}

bool seeds_have_expired(const struct seeds *seeds, int64_t now_s)
{
    bool over = false;
    for (size_t i = 0; i < seeds->count && !over; i++)
        over = is_over(seeds, i, now_s);
    return over;
}

enum status seeds_expire(struct seeds *seeds, int64_t now_s, struct err *err)
{
    static const uint8_t zeros[SLOT] = {0};
    enum status status = OK;
    size_t kept = 0;
    bool over_at[SEEDS_MAX] = {false};
    for (size_t i = 0; i < seeds->count; i++)
        over_at[i] = is_over(seeds, i, now_s);
    for (size_t i = 0; i < seeds->count; i++) {
        bool over = status == OK && over_at[i];
        if (over)
            status = put(seeds, 1 + (size_t)seeds->slots[i], zeros, err);
        if (over && status == OK) {
            seeds->used[seeds->slots[i]] = false;
            continue;
        }
        seeds->list[kept] = seeds->list[i];
        seeds->slots[kept++] = seeds->slots[i];
    }
    if (kept < seeds->count)
        sodium_memzero(seeds->list + kept, (seeds->count - kept) * sizeof *seeds->list);
    seeds->count = kept;
    return status;
}

const struct seed *seeds_find(const struct seeds *seeds, uint64_t number)
{
    const struct seed *found = NULL;
    for (size_t i = 0; i < seeds->count && seeds->list[i].first <= number; i++)
        found = &seeds->list[i];
    return found;
}

const struct seed *seeds_latest(const struct seeds *seeds)
{
    return seeds->count > 0 ? &seeds->list[seeds->count - 1] : NULL;
}

const struct seed *seeds_at(const struct seeds *seeds, size_t place)
{
    return place < seeds->count ? &seeds->list[place] : NULL;
}
