/* SPDX-License-Identifier: Apache-2.0
 *
 * The end of a publication: what is held is put in order, and made into a new base or into deltas.
 */
#include "match/publisher_inside.h"

#include "base/memory.h"
#include "base/world.h"
#include "match/announce.h"
#include "match/order.h"

#include <assert.h>
#include <stdlib.h>

/* ---- Records, pledges, holdings ---- */

static void make_records(struct publisher *publisher)
{
    struct holdings *holdings = &publisher->holdings;
    uint64_t *records = xcalloc(publisher->count + 1, sizeof *records);
    uint32_t *places = xcalloc(publisher->count + 1, sizeof *places);
    for (size_t i = 0; i < publisher->count; i++)
        records[i] = publisher->held[i].record;
    holdings->records = tag_table(&holdings->record_count, places, records,
                                  publisher->count, publisher->options.seed,
                                  &publisher->options.circle, publisher->options.pool);
    for (size_t i = 0; i < publisher->count; i++)
        publisher->held[i].place = places[i];
    free(records);
    free(places);
}

static int compare_records(const void *a, const void *b)
{
    uint64_t x = ((const struct tag_entry *)a)->record,
             y = ((const struct tag_entry *)b)->record;
    return (x > y) - (x < y);
}

static uint32_t place_of_record(const struct holdings *holdings, uint64_t record)
{
    struct tag_entry wanted = {record, 0};
    const struct tag_entry *found = bsearch(
        &wanted, holdings->records, holdings->record_count, sizeof wanted, compare_records);
    assert(found != NULL);
    return (uint32_t)(found - holdings->records);
}

/* A new pledge, and the ref it is of; of padding none. */
struct promised {
    uint8_t leaf[MERKLE_HASH];
    uint32_t ref;
};
enum { NO_REF = UINT32_MAX };

static int compare_promised(const void *a, const void *b)
{
    return memcmp(((const struct promised *)a)->leaf, ((const struct promised *)b)->leaf,
                  MERKLE_HASH);
}

/* Which of `buckets` even parts of all there can be. */
static size_t even_part(const uint8_t *first, size_t buckets)
{
    return (size_t)((load_be64(first) >> 32) * (uint64_t)buckets >> 32);
}

static size_t promised_bucket(const void *item, const void *context)
{
    const size_t *padded = context;
    return even_part(((const struct promised *)item)->leaf, *padded + 1);
}

/* In the order of their hashes, which tells nothing of class or number; and padded like a delta, so that
 * the tree's growth does not tell what the maps do not. The first of a seed comes with a base, which
 * is told. */
static void add_pledges(struct publisher *publisher)
{
    struct holdings *holdings = &publisher->holdings;
    size_t count = 0, kept = (size_t)publisher->pledges_kept;
    for (size_t i = 0; i < holdings->ref_count; i++)
        count += holdings->refs[i].pledge >= kept;
    size_t padded = kept > 0 ? (size_t)delta_padded(count) : count;
    struct promised *promised = xcalloc(padded + 1, sizeof *promised);
    size_t at = 0;
    for (size_t i = 0; i < holdings->ref_count; i++)
        if (holdings->refs[i].pledge >= kept) {
            memcpy(promised[at].leaf,
                   publisher->fresh.leaves[holdings->refs[i].pledge - kept], MERKLE_HASH);
            promised[at++].ref = (uint32_t)i;
        }
    for (; at < padded; at++) {
        world_random(publisher->options.world, promised[at].leaf, MERKLE_HASH);
        promised[at].ref = NO_REF;
    }
    const struct order order = {sizeof *promised, padded,  padded + 1,
                                promised_bucket,  &padded, compare_promised};
    void *items = promised;
    order_items(&items, &order, publisher->options.pool);
    promised = items;
    size_t place = publisher->pledges.count;
    pledges_reserve(&publisher->pledges, padded);
    for (at = 0; at < padded; at++, place++) {
        if (promised[at].ref != NO_REF)
            holdings->refs[promised[at].ref].pledge = (uint32_t)place;
        memcpy(publisher->pledges.leaves[place], promised[at].leaf, MERKLE_HASH);
    }
    free(promised);
}

/* By class, digest and record. */
static int compare_held(const void *a, const void *b)
{
    const struct held *x = a, *y = b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    int order = memcmp(x->digest, y->digest, HOLDING_DIGEST);
    return order != 0 ? order : (x->record > y->record) - (x->record < y->record);
}

/* Of each class so many buckets as it has keys, from here on. */
struct class_buckets {
    size_t first[KEY_CLASSES], count[KEY_CLASSES];
};

static size_t held_bucket(const void *item, const void *context)
{
    const struct held *held = item;
    const struct class_buckets *buckets = context;
    return buckets->first[held->class] +
           even_part(held->digest, buckets->count[held->class]);
}

static void sort_held(struct publisher *publisher)
{
    struct class_buckets buckets = {{0}, {0}};
    size_t all = 0;
    for (size_t i = 0; i < publisher->count; i++)
        buckets.count[publisher->held[i].class]++;
    for (size_t class = 0; class < KEY_CLASSES; class ++) {
        buckets.first[class] = all;
        all += buckets.count[class];
    }
    const struct order order = {sizeof *publisher->held,
                                publisher->count,
                                all + 1,
                                held_bucket,
                                &buckets,
                                compare_held};
    void *items = publisher->held;
    order_items(&items, &order, publisher->options.pool);
    publisher->held = items;
    publisher->capacity = publisher->count + 1;
}

static const uint8_t *output_of(const struct publisher *publisher, const struct held *held)
{
    const struct holdings *before = &publisher->before.holdings;
    return held->output < before->key_count
               ? before->keys[held->output].output
               : publisher->fresh_outputs.outputs[held->output - before->key_count];
}

static void make_holdings(struct publisher *publisher)
{
    struct holdings *holdings = &publisher->holdings;
    sort_held(publisher);
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
            memcpy(key->output, output_of(publisher, held), OPRF_OUTPUT);
        }
        holdings->keys[holdings->key_count - 1].count++;
        holdings->refs[holdings->ref_count++] = (struct holding_ref){
            .record = held->place,
            .pledge = held->pledge,
            .added = !held->was_there || held->added,
            .gone = held->gone,
        };
    }
}

/* ---- Base or delta ---- */

/* Every record is still there, under its tag: those are given in the order of records, and one that comes
 * later may take another's. */
static bool records_stay(const struct publisher *publisher)
{
    const struct holdings *holdings = &publisher->holdings;
    size_t at = 0;
    for (size_t i = 0; i < publisher->before.holdings.record_count; i++) {
        const struct tag_entry *before = &publisher->before.holdings.records[i];
        while (at < holdings->record_count && holdings->records[at].record < before->record)
            at++;
        if (at == holdings->record_count ||
            holdings->records[at].record != before->record ||
            holdings->records[at].tag != before->tag)
            return false;
    }
    return true;
}

/* Keys that stand in the base and in no record any more. */
static bool may_keep_gone(const struct publisher *publisher)
{
    const struct before *before = &publisher->before;
    bool old = publisher->options.from_s - before->holdings.base_s >= GONE_S;
    for (size_t i = 0; i < before->holdings.ref_count; i++) {
        const struct holding_ref *ref = &before->holdings.refs[i];
        if (!before->seen[i] && !ref->added &&
            (old || ref->pledge >= publisher->pledges_kept))
            return false;
    }
    return true;
}

/* Only added to, by little, and in classes that the base has. Records are made. */
static bool is_delta(const struct publisher *publisher)
{
    size_t added = 0, base = 0;
    if (!publisher->may_add || !records_stay(publisher) || !may_keep_gone(publisher))
        return false;
    for (size_t i = 0; i < publisher->count; i++) {
        const struct held *held = &publisher->held[i];
        if (!publisher->last.classes[held->class].offered)
            return false;
        added += !held->was_there || held->added;
    }
    for (size_t i = 0; i < publisher->before.holdings.ref_count; i++)
        base += !publisher->before.holdings.refs[i].added;
    return added <= (base / DELTA_PART > DELTA_KEYS ? base / DELTA_PART : DELTA_KEYS);
}

/* They stand in the base, and are held as such; what only an earlier delta had is just left out. */
static void keep_gone(struct publisher *publisher)
{
    const struct holdings *before = &publisher->before.holdings;
    for (size_t k = 0; k < before->key_count; k++)
        for (uint32_t r = 0; r < before->keys[k].count; r++) {
            const struct holding *key = &before->keys[k];
            const struct holding_ref *ref = &before->refs[key->first + r];
            if (publisher->before.seen[key->first + r] || ref->added)
                continue;
            void *items = publisher->held;
            grow_to(&items, &publisher->capacity, publisher->count,
                    sizeof *publisher->held);
            publisher->held = items;
            uint64_t record = before->records[ref->record].record;
            struct held *held = &publisher->held[publisher->count++];
            *held = (struct held){.record = record,
                                  .output = (uint32_t)k,
                                  .pledge = ref->pledge,
                                  .place = place_of_record(&publisher->holdings, record),
                                  .class = key->class,
                                  .was_there = true,
                                  .gone = true};
            memcpy(held->digest, key->digest, HOLDING_DIGEST);
        }
}

/* The rows of the base, on which deltas are put. */
static void begin_delta(struct epoch *epoch, const struct epoch *last)
{
    epoch->base_number = last->base_number;
    for (size_t i = 0; i < KEY_CLASSES; i++) {
        struct epoch_class *row = &epoch->classes[i];
        const struct epoch_class *base = &last->classes[i];
        *row = *base;
        memset(row->delta_id, 0, MAP_ID);
        memset(row->delta_root, 0, sizeof row->delta_root);
        row->delta_cells = 0;
    }
}

enum status publisher_finish(struct publisher_result *result, struct publisher *publisher,
                             struct err *err)
{
    const struct publisher_options *options = &publisher->options;
    struct holdings *holdings = &publisher->holdings;
    *result = (struct publisher_result){.evaluated = publisher->evaluated};
    struct epoch *epoch = &result->epoch;
    const struct announcing announcing = {options->identity, &options->circle,
                                          options->number,   options->from_s,
                                          options->until_s,  options->normaliser};
    announce_begin(epoch, &announcing);
    epoch->previous_number = options->previous_number;
    memcpy(epoch->previous, options->previous, DIGEST);
    make_records(publisher);
    bool delta = is_delta(publisher);
    if (delta)
        keep_gone(publisher);
    make_holdings(publisher);
    holdings->base_s = delta ? publisher->before.holdings.base_s : options->from_s;
    publisher_drop_before(publisher);
    add_pledges(publisher);
    publisher_drop_held(publisher);
    epoch->pledges = publisher->pledges.count;
    pledges_root(epoch->pledges_root, &publisher->pledges, epoch->pledges, options->pool);
    if (delta)
        begin_delta(epoch, &publisher->last);
    else
        for (size_t i = 0; i < holdings->ref_count; i++)
            holdings->refs[i].added = false;
    holdings->base_number = epoch->base_number;
    enum status status = publisher_make_maps(publisher, epoch, delta, err);
    if (status != OK)
        return status;
    publisher->epoch_wire.max = EPOCH_WIRE_MAX;
    epoch_write(&publisher->epoch_wire, epoch, options->identity);
    result->epoch_wire = publisher->epoch_wire;
    result->map_wires = publisher->map_wires;
    result->holdings = holdings;
    result->pledges = &publisher->pledges;
    result->pledges_kept = publisher->pledges_kept;
    result->is_delta = delta;
    return OK;
}
