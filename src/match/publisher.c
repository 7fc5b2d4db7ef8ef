/* SPDX-License-Identifier: Apache-2.0 */
#include "match/publisher_inside.h"

#include "base/pool.h"

#include <sodium.h>
#include <stdlib.h>

enum { STEP = 16, PLACES_FIRST = 1 << 12 };

/* ---- Outputs by digest ---- */

static size_t place_of(const struct publisher *publisher, const uint8_t *digest)
{
    size_t at = (size_t)load_be64(digest) & (publisher->place_count - 1);
    while (publisher->places[at] != 0 &&
           memcmp(publisher->digests[publisher->places[at] - 1], digest, HOLDING_DIGEST) !=
               0)
        at = (at + 1) & (publisher->place_count - 1);
    return at;
}

/* Secret bytes are moved, not left behind by realloc. */
static void grow_outputs(struct publisher *publisher)
{
    if (publisher->output_count < publisher->output_capacity)
        return;
    size_t wanted = publisher->output_capacity > 0 ? 2 * publisher->output_capacity : 4096;
    uint8_t(*outputs)[OPRF_OUTPUT] = xcalloc(wanted, sizeof *outputs);
    if (publisher->output_count > 0) {
        memcpy(outputs, publisher->outputs, publisher->output_count * sizeof *outputs);
        sodium_memzero(publisher->outputs, publisher->output_count * sizeof *outputs);
    }
    free(publisher->outputs);
    publisher->outputs = outputs;
    publisher->digests = xrealloc(publisher->digests, wanted, sizeof *publisher->digests);
    publisher->output_capacity = wanted;
}

static void make_places(struct publisher *publisher)
{
    if (2 * (publisher->output_count + 1) <= publisher->place_count)
        return;
    publisher->place_count =
        publisher->place_count > 0 ? 2 * publisher->place_count : PLACES_FIRST;
    publisher->places =
        xrealloc(publisher->places, publisher->place_count, sizeof *publisher->places);
    memset(publisher->places, 0, publisher->place_count * sizeof *publisher->places);
    for (size_t i = 0; i < publisher->output_count; i++)
        publisher->places[place_of(publisher, publisher->digests[i])] = (uint32_t)i + 1;
}

/* The index of the digest's output; a new one when *is_new. */
static uint32_t output_for(bool *is_new, struct publisher *publisher, const uint8_t *digest)
{
    make_places(publisher);
    size_t place = place_of(publisher, digest);
    *is_new = publisher->places[place] == 0;
    if (*is_new) {
        grow_outputs(publisher);
        memcpy(publisher->digests[publisher->output_count], digest, HOLDING_DIGEST);
        publisher->places[place] = (uint32_t)++publisher->output_count;
    }
    return publisher->places[place] - 1;
}

/* ---- Life ---- */

static void take_before(struct publisher *publisher, struct holdings *before)
{
    publisher->before = xcalloc(before->ref_count + 1, sizeof *publisher->before);
    for (size_t i = 0; i < before->key_count; i++) {
        const struct holding *key = &before->keys[i];
        bool is_new;
        uint32_t at = output_for(&is_new, publisher, key->digest);
        memcpy(publisher->outputs[at], key->output, OPRF_OUTPUT);
        for (uint32_t r = 0; r < key->count; r++) {
            const struct holding_ref *ref = &before->refs[key->first + r];
            struct held *held = &publisher->before[publisher->before_count++];
            *held = (struct held){.class = key->class,
                                  .added = ref->added,
                                  .output = at,
                                  .record = before->records[ref->record].record,
                                  .pledge = ref->pledge};
            memcpy(held->digest, key->digest, HOLDING_DIGEST);
        }
    }
    publisher->before_records = before->records;
    publisher->before_record_count = before->record_count;
    before->records = NULL;
    holdings_release(before);
}

struct publisher *publisher_open(const struct publisher_options *options,
                                 struct holdings *before, struct pledges *pledges)
{
    struct publisher *publisher = xcalloc(1, sizeof *publisher);
    publisher->options = *options;
    memcpy(publisher->seed, options->seed, OPRF_SEED);
    publisher->options.seed = publisher->seed;
    publisher->options.last = NULL;
    if (options->last != NULL)
        publisher->last = *options->last;
    publisher->may_add = options->last != NULL && before->key_count > 0 &&
                         before->base_number == options->last->base_number;
    publisher->base_s = before->base_s;
    publisher->pledges = *pledges;
    publisher->pledges_kept = pledges->count;
    *pledges = (struct pledges){NULL, 0, 0};
    epoch_keys_init(&publisher->keys, publisher->seed, &options->circle);
    take_before(publisher, before);
    return publisher;
}

void publisher_close(struct publisher *publisher)
{
    if (publisher == NULL)
        return;
    epoch_keys_release(&publisher->keys);
    sodium_memzero(publisher->seed, OPRF_SEED);
    if (publisher->outputs != NULL)
        sodium_memzero(publisher->outputs,
                       publisher->output_count * sizeof *publisher->outputs);
    free(publisher->outputs);
    free(publisher->digests);
    free(publisher->places);
    free(publisher->held);
    free(publisher->before);
    free(publisher->before_records);
    pledges_release(&publisher->pledges);
    pledges_release(&publisher->fresh);
    holdings_release(&publisher->holdings);
    for (size_t i = 0; i < KEY_CLASSES; i++)
        buf_release(&publisher->map_wires[i]);
    buf_release(&publisher->epoch_wire);
    free(publisher);
}

/* ---- Evaluating ---- */

struct fresh {
    struct publisher *publisher;
    struct work {
        struct bytes text;
        uint32_t output;
        uint8_t class;
    } * work;
    size_t count;
    struct promise {
        struct bytes value;
        const uint8_t *digest;
        uint64_t record;
        uint32_t leaf;
        uint8_t class;
    } * promises;
    size_t promise_count;
};

static void promise_step(void *context, size_t step, unsigned thread)
{
    const struct fresh *fresh = context;
    size_t end = (step + 1) * STEP;
    (void)thread;
    for (size_t i = step * STEP; i < end && i < fresh->promise_count; i++) {
        const struct promise *promise = &fresh->promises[i];
        uint8_t salt[PLEDGE_SALT];
        pledge_salt(salt, fresh->publisher->options.seed, promise->digest, promise->record);
        pledge_leaf(fresh->publisher->fresh.leaves[promise->leaf], salt,
                    (enum key_class)promise->class, promise->value, promise->record);
        sodium_memzero(salt, sizeof salt);
    }
}

int held_compare(const void *a, const void *b)
{
    const struct held *x = a, *y = b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    int order = memcmp(x->digest, y->digest, HOLDING_DIGEST);
    return order != 0 ? order : (x->record > y->record) - (x->record < y->record);
}

/* A pledge that the tree of the last announcement has not is made anew. */
static void remember(struct fresh *fresh, struct held *held, const struct match_item *key,
                     const uint8_t *digest)
{
    static const uint8_t empty[MERKLE_HASH] = {0};
    struct publisher *publisher = fresh->publisher;
    struct held *before = NULL;
    if (publisher->before_count > 0)
        before = bsearch(held, publisher->before, publisher->before_count, sizeof *before,
                         held_compare);
    held->was_there = before != NULL;
    held->added = before != NULL && before->added;
    if (before != NULL)
        before->seen = true;
    if (before != NULL && before->pledge < publisher->pledges_kept) {
        held->pledge = before->pledge;
        return;
    }
    held->pledge = (uint32_t)(publisher->pledges_kept + publisher->fresh.count);
    fresh->promises[fresh->promise_count++] =
        (struct promise){.value = key->value,
                         .digest = digest,
                         .record = held->record,
                         .leaf = (uint32_t)publisher->fresh.count,
                         .class = held->class};
    pledges_add(&publisher->fresh, empty);
}

static void evaluate_step(void *context, size_t step, unsigned thread)
{
    const struct fresh *fresh = context;
    size_t end = (step + 1) * STEP;
    (void)thread;
    for (size_t i = step * STEP; i < end && i < fresh->count; i++) {
        const struct work *work = &fresh->work[i];
        oprf_evaluate(fresh->publisher->outputs[work->output],
                      fresh->publisher->keys.secret[work->class], work->text,
                      OPRF_VERIFIABLE);
    }
}

enum status publisher_add(struct publisher *publisher, const struct publisher_key *keys,
                          size_t count, struct err *err)
{
    struct arena arena = {0};
    struct fresh fresh = {
        .publisher = publisher,
        .work = arena_zalloc(&arena, count + 1, sizeof *fresh.work),
        .promises = arena_zalloc(&arena, count + 1, sizeof *fresh.promises),
    };
    uint8_t(*digests)[HOLDING_DIGEST] = arena_zalloc(&arena, count + 1, sizeof *digests);
    enum status status = OK;
    if (publisher->count + count > MAP_KEYS_MAX)
        status = fail(err, TOO_LARGE, "more than %d keys to publish", MAP_KEYS_MAX);
    for (size_t i = 0; i < count && status == OK; i++) {
        struct bytes text;
        bool is_new;
        status = item_text(&text, &keys[i].key, &arena, err);
        if (status != OK)
            break;
        void *items = publisher->held;
        grow_to(&items, &publisher->capacity, publisher->count, sizeof *publisher->held);
        publisher->held = items;
        struct held *held = &publisher->held[publisher->count++];
        *held =
            (struct held){.class = (uint8_t)keys[i].key.class, .record = keys[i].record};
        holdings_digest(held->digest, publisher->options.seed, text);
        held->output = output_for(&is_new, publisher, held->digest);
        memcpy(digests[i], held->digest, HOLDING_DIGEST);
        remember(&fresh, held, &keys[i].key, digests[i]);
        if (is_new)
            fresh.work[fresh.count++] = (struct work){text, held->output, held->class};
    }
    /* Also after a failure: no output may be left that was not computed. */
    pool_run(publisher->options.pool, evaluate_step, &fresh,
             (fresh.count + STEP - 1) / STEP);
    pool_run(publisher->options.pool, promise_step, &fresh,
             (fresh.promise_count + STEP - 1) / STEP);
    publisher->evaluated += fresh.count;
    arena_release(&arena);
    return status;
}
