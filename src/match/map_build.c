/* SPDX-License-Identifier: Apache-2.0 */
#include "match/map_build.h"

#include "base/memory.h"
#include "base/pool.h"
#include "base/world.h"
#include "match/tag.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

/* A bucket is a range of places; 512 of them keep a bucket of 10^7 keys inside the cache.
 */
enum { CHUNK = 16 * 1024, BUCKET_BITS = 9, BUCKETS = 1 << BUCKET_BITS };

struct build {
    const struct map_source *source;
    const struct map *map;
    uint32_t (
        *starts)[BUCKETS]; /* a chunk each: how many slots, then where the first one goes */
    uint64_t *hashes;
    uint8_t (*labels)[CELL];
    size_t slots;
    struct fuse_order order;
    enum fuse_result result;
};

static unsigned cells_of(const struct map_source *source, size_t key)
{
    uint32_t tags = source->first[key + 1] - source->first[key];
    assert(tags >= 1);
    return tags > CELLS_A_KEY_MAX ? 1 : tags;
}

static uint64_t tag_at(const struct map_source *source, size_t key, unsigned j)
{
    uint32_t from = source->first[key], tags = source->first[key + 1] - from;
    return tags > CELLS_A_KEY_MAX ? TAG_MANY : source->tags[from + j];
}

static size_t chunk_end(const struct map_source *source, size_t chunk)
{
    size_t end = (chunk + 1) * CHUNK;
    return end < source->count ? end : source->count;
}

static size_t bucket_of(uint64_t hash)
{
    return (size_t)(hash >> (64 - BUCKET_BITS));
}

static void count_chunk(void *context, size_t chunk, unsigned thread)
{
    (void)thread;
    const struct build *build = context;
    uint32_t *counts = build->starts[chunk];
    memset(counts, 0, sizeof build->starts[chunk]);
    for (size_t key = chunk * CHUNK; key < chunk_end(build->source, chunk); key++) {
        const uint8_t *output = build->source->outputs + key * OPRF_OUTPUT;
        for (unsigned j = 0; j < cells_of(build->source, key); j++)
            counts[bucket_of(cell_hash(output, j, build->map->seed))]++;
    }
}

/* Counts become starting points: by bucket, and inside one by chunk, so that the result
 * does not depend on the number of threads. */
static void place_chunks(const struct build *build, size_t chunks)
{
    uint32_t at = 0;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++)
        for (size_t chunk = 0; chunk < chunks; chunk++) {
            uint32_t count = build->starts[chunk][bucket];
            build->starts[chunk][bucket] = at;
            at += count;
        }
    assert(at == build->slots);
}

static void place_hashes(void *context, size_t chunk, unsigned thread)
{
    (void)thread;
    const struct build *build = context;
    uint32_t next[BUCKETS];
    memcpy(next, build->starts[chunk], sizeof next);
    for (size_t key = chunk * CHUNK; key < chunk_end(build->source, chunk); key++) {
        const uint8_t *output = build->source->outputs + key * OPRF_OUTPUT;
        for (unsigned j = 0; j < cells_of(build->source, key); j++) {
            uint64_t hash = cell_hash(output, j, build->map->seed);
            build->hashes[next[bucket_of(hash)]++] = hash;
        }
    }
}

static void seal_labels(const struct build *build, size_t chunk)
{
    uint32_t next[BUCKETS];
    memcpy(next, build->starts[chunk], sizeof next);
    for (size_t key = chunk * CHUNK; key < chunk_end(build->source, chunk); key++) {
        const uint8_t *output = build->source->outputs + key * OPRF_OUTPUT;
        for (unsigned j = 0; j < cells_of(build->source, key); j++) {
            uint64_t hash = cell_hash(output, j, build->map->seed);
            cell_seal(build->labels[next[bucket_of(hash)]++], output, build->map->id, j,
                      tag_at(build->source, key, j));
        }
    }
}

/* Peeling is one walk that cannot be shared out, and needs no labels: the first job peels,
 * and the others meanwhile seal the labels, a chunk each. */
static void peel_or_seal(void *context, size_t index, unsigned thread)
{
    (void)thread;
    struct build *build = context;
    if (index == 0)
        build->result =
            fuse_peel(&build->order, build->map->shape, build->hashes, build->slots);
    else
        seal_labels(build, index - 1);
}

struct noise {
    uint8_t key[crypto_stream_chacha20_KEYBYTES];
    uint8_t *body;
    size_t len;
};

static void noise_piece(void *context, size_t index, unsigned thread)
{
    (void)thread;
    const struct noise *noise = context;
    uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
    size_t from = index * MAP_PIECE, left = noise->len - from;
    store_be64(nonce, index);
    crypto_stream_chacha20(noise->body + from, left < MAP_PIECE ? left : MAP_PIECE, nonce,
                           noise->key);
}

/* Unused cells must look like used ones: all are noise first. */
static void fill_with_noise(uint8_t *body, size_t len, const struct map_signer *signer)
{
    struct noise noise = {.body = body, .len = len};
    world_random(signer->world, noise.key, sizeof noise.key);
    pool_run(signer->pool, noise_piece, &noise, (len + MAP_PIECE - 1) / MAP_PIECE);
    sodium_memzero(&noise, sizeof noise);
}

static enum status solve(uint8_t *body, struct map *map, struct build *build,
                         const struct map_signer *signer, struct err *err)
{
    size_t chunks = (build->source->count + CHUNK - 1) / CHUNK;
    unsigned repeated = 0;
    for (unsigned tried = 0; tried < MAP_SEEDS_MAX; tried++) {
        world_random(signer->world, &map->seed, sizeof map->seed);
        pool_run(signer->pool, count_chunk, build, chunks);
        place_chunks(build, chunks);
        pool_run(signer->pool, place_hashes, build, chunks);
        pool_run(signer->pool, peel_or_seal, build, 1 + chunks);
        if (build->result == FUSE_SOLVED) {
            fuse_assign(body, map->shape, &build->order, build->hashes, build->labels);
            return OK;
        }
        /* Equal hashes under two seeds are no chance: 128 bits of the outputs agree. */
        repeated += build->result == FUSE_REPEATED;
        if (repeated >= 2)
            return fail(err, CONFLICT, "map: the same key is given twice");
    }
    return fail(err, BUSY, "map: no seed among %d worked; build it again", MAP_SEEDS_MAX);
}

static size_t count_slots(const struct map_source *source)
{
    size_t slots = 0;
    for (size_t key = 0; key < source->count; key++)
        slots += cells_of(source, key);
    return slots;
}

enum status map_build(struct buf *wire, struct map *map, const struct map_source *source,
                      const struct map_signer *signer, struct err *err)
{
    assert(wire->len == 0 && source->count >= 1);
    if (source->count > MAP_KEYS_MAX)
        return fail(err, TOO_LARGE, "map: %zu keys of class %s; one map holds at most %d",
                    source->count, key_class_row(map->class)->name, MAP_KEYS_MAX);
    struct build build = {.source = source, .map = map, .slots = count_slots(source)};
    enum status status = OK;
    struct buf header = {.max = MAP_HEADER};
    size_t body_len = 0;
    if (build.slots <= MAP_CELLS_MAX) {
        map->shape = fuse_shape_for(build.slots);
        body_len = (size_t)map_body_len(map);
    }
    uint8_t *at = body_len == 0 || fuse_cells(map->shape) > MAP_CELLS_MAX
                      ? NULL
                      : buf_extend(wire, MAP_HEADER + body_len);
    if (at == NULL)
        return fail(err, TOO_LARGE, "map: %zu keys of class %s make more than %d cells",
                    source->count, key_class_row(map->class)->name, MAP_CELLS_MAX);

    build.hashes = xrealloc(NULL, build.slots, sizeof *build.hashes);
    build.labels = xrealloc(NULL, build.slots, sizeof *build.labels);
    build.starts =
        xrealloc(NULL, (source->count + CHUNK - 1) / CHUNK, sizeof *build.starts);
    memcpy(map->owner, signer->identity->public_key, IDENTITY_KEY);
    world_random(signer->world, map->id, MAP_ID);
    map->keys = source->told > 0 ? source->told : source->count;
    fill_with_noise(at + MAP_HEADER, body_len, signer);
    status = solve(at + MAP_HEADER, map, &build, signer, err);
    if (status != OK)
        goto out;
    map->body = bytes_of(at + MAP_HEADER, body_len);
    map_root(map->root, map->body, signer->pool);
    map_write_header(&header, map, signer->identity);
    memcpy(at, header.at, MAP_HEADER);
out:
    if (status != OK)
        buf_clear(wire);
    buf_release(&header);
    fuse_order_release(&build.order);
    free(build.hashes);
    free(build.labels);
    free(build.starts);
    return status;
}
