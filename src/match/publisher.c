/* SPDX-License-Identifier: Apache-2.0 */
#include "match/publisher.h"

#include "base/pool.h"
#include "base/world.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

enum { STEP = 16, PLACES_FIRST = 1 << 12 };

/* One key of one record. */
struct held {
    uint8_t class;
    uint8_t digest[HOLDING_DIGEST];
    uint64_t record;
    uint32_t output;
};

struct publisher {
    struct publisher_options options;
    struct epoch_keys keys;
    struct held *held;
    size_t count, capacity;
    /* What F was computed for; open addressing by digest: index + 1. */
    uint8_t (*outputs)[OPRF_OUTPUT];
    uint8_t (*digests)[HOLDING_DIGEST];
    size_t output_count, output_capacity;
    uint32_t *places;
    size_t place_count;
    uint64_t evaluated;
    struct holdings holdings;
    struct map maps[KEY_CLASSES];
    struct buf map_wires[KEY_CLASSES];
    struct buf epoch_wire;
};

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

struct publisher *publisher_open(const struct publisher_options *options,
                                 struct holdings *before)
{
    struct publisher *publisher = xcalloc(1, sizeof *publisher);
    publisher->options = *options;
    epoch_keys_init(&publisher->keys, options->seed, &options->circle);
    for (size_t i = 0; i < before->key_count; i++) {
        bool is_new;
        uint32_t at = output_for(&is_new, publisher, before->keys[i].digest);
        memcpy(publisher->outputs[at], before->keys[i].output, OPRF_OUTPUT);
    }
    holdings_release(before);
    return publisher;
}

void publisher_close(struct publisher *publisher)
{
    if (publisher == NULL)
        return;
    epoch_keys_release(&publisher->keys);
    if (publisher->outputs != NULL)
        sodium_memzero(publisher->outputs,
                       publisher->output_count * sizeof *publisher->outputs);
    free(publisher->outputs);
    free(publisher->digests);
    free(publisher->places);
    free(publisher->held);
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
};

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
    struct fresh fresh = {publisher, arena_zalloc(&arena, count + 1, sizeof *fresh.work),
                          0};
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
        held->class = (uint8_t)keys[i].key.class;
        held->record = keys[i].record;
        holdings_digest(held->digest, publisher->options.seed, text);
        held->output = output_for(&is_new, publisher, held->digest);
        if (is_new)
            fresh.work[fresh.count++] = (struct work){text, held->output, held->class};
    }
    /* Also after a failure: no output may be left that was not computed. */
    pool_run(publisher->options.pool, evaluate_step, &fresh,
             (fresh.count + STEP - 1) / STEP);
    publisher->evaluated += fresh.count;
    arena_release(&arena);
    return status;
}

/* ---- The end ---- */

static int compare_held(const void *a, const void *b)
{
    const struct held *x = a, *y = b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    int order = memcmp(x->digest, y->digest, HOLDING_DIGEST);
    return order != 0 ? order : (x->record > y->record) - (x->record < y->record);
}

static int compare_records(const void *a, const void *b)
{
    uint64_t x = ((const struct tag_entry *)a)->record,
             y = ((const struct tag_entry *)b)->record;
    return (x > y) - (x < y);
}

static void make_records(struct publisher *publisher)
{
    struct holdings *holdings = &publisher->holdings;
    struct tag_entry *records = xcalloc(publisher->count + 1, sizeof *records);
    size_t distinct = 0;
    for (size_t i = 0; i < publisher->count; i++)
        records[i].record = publisher->held[i].record;
    qsort(records, publisher->count, sizeof *records, compare_records);
    for (size_t i = 0; i < publisher->count; i++)
        if (i == 0 || records[i].record != records[distinct - 1].record)
            records[distinct++].record = records[i].record;
    tag_assign(records, distinct, publisher->options.seed, &publisher->options.circle);
    holdings->records = records;
    holdings->record_count = distinct;
}

static uint32_t place_of_record(const struct holdings *holdings, uint64_t record)
{
    struct tag_entry wanted = {record, 0};
    const struct tag_entry *found = bsearch(
        &wanted, holdings->records, holdings->record_count, sizeof wanted, compare_records);
    assert(found != NULL);
    return (uint32_t)(found - holdings->records);
}

static void make_holdings(struct publisher *publisher)
{
    struct holdings *holdings = &publisher->holdings;
    if (publisher->count > 0)
        qsort(publisher->held, publisher->count, sizeof *publisher->held, compare_held);
    make_records(publisher);
    holdings->keys = xcalloc(publisher->count + 1, sizeof *holdings->keys);
    holdings->refs = xcalloc(publisher->count + 1, sizeof *holdings->refs);
    for (size_t i = 0; i < publisher->count; i++) {
        const struct held *held = &publisher->held[i], *last = i > 0 ? held - 1 : NULL;
        bool same_key = last != NULL && last->class == held->class &&
                        memcmp(last->digest, held->digest, HOLDING_DIGEST) == 0;
        if (same_key && last->record == held->record)
            continue;
        if (!same_key) {
            struct holding *key = &holdings->keys[holdings->key_count++];
            *key = (struct holding){.class = held->class,
                                    .first = (uint32_t)holdings->ref_count};
            memcpy(key->digest, held->digest, HOLDING_DIGEST);
            memcpy(key->output, publisher->outputs[held->output], OPRF_OUTPUT);
        }
        holdings->keys[holdings->key_count - 1].count++;
        holdings->refs[holdings->ref_count++] = place_of_record(holdings, held->record);
    }
}

static uint64_t count_records(const struct holdings *holdings, size_t from, size_t end)
{
    uint8_t *seen = xcalloc(holdings->record_count + 1, 1);
    uint64_t distinct = 0;
    for (size_t k = from; k < end; k++)
        for (uint32_t r = 0; r < holdings->keys[k].count; r++) {
            uint8_t *mark = &seen[holdings->refs[holdings->keys[k].first + r]];
            distinct += *mark == 0;
            *mark = 1;
        }
    free(seen);
    return distinct;
}

/* keys [from, end): all of one class. */
static enum status publish_class(struct publisher *publisher, struct epoch *epoch,
                                 size_t from, size_t end, struct err *err)
{
    const struct publisher_options *options = &publisher->options;
    const struct holdings *holdings = &publisher->holdings;
    enum key_class class = (enum key_class)holdings->keys[from].class;
    size_t count = end - from, tag = 0;
    uint8_t *outputs = xcalloc(count, OPRF_OUTPUT);
    uint32_t *first = xcalloc(count + 1, sizeof *first);
    uint32_t begin = holdings->keys[from].first;
    size_t refs = holdings->keys[end - 1].first + holdings->keys[end - 1].count - begin;
    uint64_t *tags = xcalloc(refs + 1, sizeof *tags);
    for (size_t k = 0; k < count; k++) {
        const struct holding *key = &holdings->keys[from + k];
        memcpy(outputs + k * OPRF_OUTPUT, key->output, OPRF_OUTPUT);
        first[k] = (uint32_t)tag;
        for (uint32_t r = 0; r < key->count; r++)
            tags[tag++] = holdings->records[holdings->refs[key->first + r]].tag;
    }
    first[count] = (uint32_t)tag;
    struct map *map = &publisher->maps[class];
    *map = (struct map){
        .epoch = options->number,
        .class = class,
        .circle = options->circle,
        .created_s = options->from_s,
        .expires_s = options->until_s,
        .records = count_records(holdings, from, end),
    };
    memcpy(map->normaliser, options->normaliser, NORMALISER);
    struct map_source source = {outputs, first, tags, count};
    struct map_signer signer = {options->identity, options->world, options->pool};
    publisher->map_wires[class].max = MAP_WIRE_MAX;
    enum status status =
        map_build(&publisher->map_wires[class], map, &source, &signer, err);
    if (status == OK) {
        struct epoch_class *row = &epoch->classes[class];
        row->offered = true;
        memcpy(row->public_key, publisher->keys.public[class], OPRF_ELEMENT);
        memcpy(row->map_id, map->id, MAP_ID);
        memcpy(row->map_root, map->root, sizeof row->map_root);
        row->map_cells = fuse_cells(map->shape);
    }
    sodium_memzero(outputs, count * OPRF_OUTPUT);
    free(outputs);
    free(first);
    free(tags);
    return status;
}

enum status publisher_finish(struct publisher_result *result, struct publisher *publisher,
                             struct err *err)
{
    const struct publisher_options *options = &publisher->options;
    const struct holdings *holdings = &publisher->holdings;
    enum status status = OK;
    *result = (struct publisher_result){.evaluated = publisher->evaluated};
    struct epoch *epoch = &result->epoch;
    memcpy(epoch->owner, options->identity->public_key, IDENTITY_KEY);
    epoch->number = options->number;
    epoch->circle = options->circle;
    epoch->from_s = options->from_s;
    epoch->until_s = options->until_s;
    memcpy(epoch->normaliser, options->normaliser, NORMALISER);
    epoch->previous_number = options->previous_number;
    memcpy(epoch->previous, options->previous, DIGEST);
    make_holdings(publisher);
    for (size_t from = 0, end; from < holdings->key_count && status == OK; from = end) {
        for (end = from; end < holdings->key_count &&
                         holdings->keys[end].class == holdings->keys[from].class;)
            end++;
        status = publish_class(publisher, epoch, from, end, err);
    }
    if (status != OK)
        return status;
    publisher->epoch_wire.max = EPOCH_WIRE_MAX;
    epoch_write(&publisher->epoch_wire, epoch, options->identity);
    result->epoch_wire = publisher->epoch_wire;
    result->map_wires = publisher->map_wires;
    result->holdings = holdings;
    return OK;
}
