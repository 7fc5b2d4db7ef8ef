/* SPDX-License-Identifier: Apache-2.0 */
#include "match/blinding.h"

#include "base/memory.h"
#include "base/pool.h"
#include "ledger/merkle.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

enum { LABEL = 8, PRF_OUT = 64, STEP = 16 };

static const size_t sizes[] = {8, 16, 64, 256, 1024, 4096, ASK_ELEMENTS_MAX};

size_t blinding_size(size_t count)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (count <= sizes[i])
            return sizes[i];
    return 0;
}

static void prf(uint8_t out[PRF_OUT], const char *label, const struct blinding_tuple *tuple,
                uint32_t i, struct bytes tail)
{
    uint8_t head[LABEL + IDENTITY_KEY + 8 + 1 + 4 + 4] = {0};
    assert(strlen(label) <= LABEL);
    memcpy(head, label, strlen(label));
    uint8_t *at = head + LABEL;
    memcpy(at, tuple->peer, IDENTITY_KEY);
    store_be64(at + IDENTITY_KEY, tuple->epoch);
    at[IDENTITY_KEY + 8] = (uint8_t)tuple->class;
    store_be32(at + IDENTITY_KEY + 9, tuple->batch);
    store_be32(at + IDENTITY_KEY + 13, i);
    crypto_generichash_state state;
    crypto_generichash_init(&state, tuple->seed, CASE_SEED, PRF_OUT);
    crypto_generichash_update(&state, head, sizeof head);
    crypto_generichash_update(&state, tail.at, tail.len);
    crypto_generichash_final(&state, out, PRF_OUT);
    sodium_memzero(&state, sizeof state);
}

void blinding_order(uint8_t key[ORDER_KEY], const struct blinding_tuple *tuple,
                    struct bytes item)
{
    struct blinding_tuple whole = *tuple;
    uint8_t wide[PRF_OUT];
    whole.batch = 0;
    prf(wide, "item", &whole, 0, item);
    memcpy(key, wide, ORDER_KEY);
}

void blinding_pad(uint8_t element[OPRF_ELEMENT], const struct blinding_tuple *tuple,
                  uint32_t i)
{
    uint8_t wide[PRF_OUT];
    prf(wide, "pad", tuple, i, BYTES_OF(""));
    crypto_core_ristretto255_from_hash(element, wide);
    sodium_memzero(wide, sizeof wide);
}

void blinding_blind(uint8_t blind[OPRF_SCALAR], const struct blinding_tuple *tuple,
                    uint32_t i)
{
    uint8_t wide[PRF_OUT];
    prf(wide, "blind", tuple, i, BYTES_OF(""));
    oprf_hash_to_scalar(blind, bytes_of(wide, sizeof wide), OPRF_VERIFIABLE);
    sodium_memzero(wide, sizeof wide);
}

void blinding_commitment(uint8_t commitment[COMMITMENT], const struct blinding_tuple *tuple)
{
    static const char label[] = "enlace case seed";
    uint8_t salt[PRF_OUT];
    prf(salt, "salt", tuple, 0, BYTES_OF(""));
    crypto_generichash_state state;
    crypto_generichash_init(&state, salt, crypto_generichash_KEYBYTES, COMMITMENT);
    crypto_generichash_update(&state, (const uint8_t *)label, strlen(label));
    crypto_generichash_update(&state, tuple->seed, CASE_SEED);
    crypto_generichash_final(&state, commitment, COMMITMENT);
    sodium_memzero(&state, sizeof state);
    sodium_memzero(salt, sizeof salt);
}

struct place {
    uint8_t key[ORDER_KEY];
    uint32_t position;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = memcmp(x->key, y->key, ORDER_KEY);
    return order != 0 ? order : (x->position > y->position) - (x->position < y->position);
}

/* order[r]: the position that comes r-th. */
static void order_positions(uint32_t *order, size_t size,
                            const struct blinding_tuple *tuple)
{
    struct place *places = xcalloc(size, sizeof *places);
    for (uint32_t i = 0; i < size; i++) {
        uint8_t wide[PRF_OUT];
        prf(wide, "order", tuple, i, BYTES_OF(""));
        memcpy(places[i].key, wide, ORDER_KEY);
        places[i].position = i;
    }
    qsort(places, size, sizeof *places, compare_places);
    for (size_t i = 0; i < size; i++)
        order[i] = places[i].position;
    sodium_memzero(places, size * sizeof *places);
    free(places);
}

struct blinding_work {
    struct blinding *blinding;
    const struct blinding_tuple *tuple;
    const struct bytes *items;
    uint32_t *order;
    uint8_t (*leaves)[MERKLE_HASH];
};

static void make_leaf(uint8_t leaf[MERKLE_HASH], const struct blinding_tuple *tuple,
                      uint32_t i, struct bytes item)
{
    uint8_t entry[PRF_OUT + ITEM_MAX];
    assert(item.len <= ITEM_MAX);
    prf(entry, "leaf", tuple, i, BYTES_OF(""));
    if (item.len > 0)
        memcpy(entry + PRF_OUT, item.at, item.len);
    merkle_leaf(leaf, bytes_of(entry, PRF_OUT + item.len));
    sodium_memzero(entry, sizeof entry);
}

/* The rank-th position in order: an item while there are items, then padding. */
static void blind_position(const struct blinding_work *work, size_t rank)
{
    struct blinding *blinding = work->blinding;
    uint32_t i = work->order[rank];
    bool padding = rank >= blinding->items;
    uint8_t *blind = blinding->blinds + (size_t)i * OPRF_SCALAR;
    uint8_t *element = blinding->elements + (size_t)i * OPRF_ELEMENT;
    uint8_t plain[OPRF_ELEMENT];
    blinding_blind(blind, work->tuple, i);
    if (padding)
        blinding_pad(plain, work->tuple, i);
    else
        oprf_hash_to_group(plain, work->items[rank], OPRF_VERIFIABLE);
    int done = crypto_scalarmult_ristretto255(element, blind, plain);
    assert(done == 0); /* only for a zero blind, or the identity: 2^-252 */
    make_leaf(work->leaves[i], work->tuple, i, padding ? BYTES_OF("") : work->items[rank]);
    sodium_memzero(plain, sizeof plain);
}

static void blind_step(void *context, size_t step, unsigned thread)
{
    (void)thread;
    const struct blinding_work *work = context;
    size_t end = (step + 1) * STEP;
    for (size_t rank = step * STEP; rank < end && rank < work->blinding->size; rank++)
        blind_position(work, rank);
}

void blinding_init(struct blinding *blinding, const struct blinding_tuple *tuple,
                   const struct bytes *items, size_t count, struct pool *pool)
{
    assert(count >= 1 && count <= ASK_ELEMENTS_MAX);
    size_t size = blinding_size(count);
    *blinding = (struct blinding){.size = size, .items = count};
    blinding->elements = xcalloc(size, OPRF_ELEMENT);
    blinding->blinds = xcalloc(size, OPRF_SCALAR);
    blinding->positions = xcalloc(count, sizeof *blinding->positions);
    uint8_t wide[PRF_OUT];
    prf(wide, "batch", tuple, 0, BYTES_OF(""));
    memcpy(blinding->batch_id, wide, BATCH_ID);
    blinding_commitment(blinding->commitment, tuple);

    struct blinding_work work = {blinding, tuple, items, xcalloc(size, sizeof *work.order),
                                 xcalloc(size, sizeof *work.leaves)};
    order_positions(work.order, size, tuple);
    memcpy(blinding->positions, work.order, count * sizeof *work.order);
    pool_run(pool, blind_step, &work, (size + STEP - 1) / STEP);
    struct merkle tree = {.size = 0};
    for (size_t i = 0; i < size; i++)
        merkle_add(&tree, work.leaves[i]);
    merkle_root(blinding->root, &tree);
    sodium_memzero(work.order, size * sizeof *work.order);
    free(work.order);
    free(work.leaves);
}

void blinding_release(struct blinding *blinding)
{
    if (blinding == NULL || blinding->elements == NULL)
        return;
    sodium_memzero(blinding->blinds, blinding->size * OPRF_SCALAR);
    sodium_memzero(blinding->positions, blinding->items * sizeof *blinding->positions);
    free(blinding->elements);
    free(blinding->blinds);
    free(blinding->positions);
    *blinding = (struct blinding){.size = 0};
}
