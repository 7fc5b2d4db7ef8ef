/* SPDX-License-Identifier: Apache-2.0
 *
 * The end of a publication: what is held is put in order, and made into a new base or into deltas.
 */
#include "match/publisher_inside.h"

#include "base/memory.h"
#include "base/world.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

/* ---- Records, pledges, holdings ---- */

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

uint64_t delta_padded(uint64_t keys)
{
    uint64_t padded = DELTA_LEAST;
    while (padded < keys)
        padded *= DELTA_STEP;
    return padded;
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
    if (padded > 0)
        qsort(promised, padded, sizeof *promised, compare_promised);
    for (at = 0; at < padded; at++) {
        if (promised[at].ref != NO_REF)
            holdings->refs[promised[at].ref].pledge = (uint32_t)publisher->pledges.count;
        pledges_add(&publisher->pledges, promised[at].leaf);
    }
    free(promised);
}

static void make_holdings(struct publisher *publisher)
{
    struct holdings *holdings = &publisher->holdings;
    if (publisher->count > 0)
        qsort(publisher->held, publisher->count, sizeof *publisher->held, held_compare);
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
        holdings->refs[holdings->ref_count++] = (struct holding_ref){
            .record = place_of_record(holdings, held->record),
            .pledge = held->pledge,
            .added = !held->was_there || held->added,
            .gone = held->gone,
        };
    }
}

static uint64_t count_records(const struct holdings *holdings, size_t from, size_t end)
{
    uint8_t *seen = xcalloc(holdings->record_count + 1, 1);
    uint64_t distinct = 0;
    for (size_t k = from; k < end; k++)
        for (uint32_t r = 0; r < holdings->keys[k].count; r++) {
            uint8_t *mark = &seen[holdings->refs[holdings->keys[k].first + r].record];
            distinct += *mark == 0;
            *mark = 1;
        }
    free(seen);
    return distinct;
}

/* ---- Base or delta ---- */

static bool is_added(const struct holdings *holdings, const struct holding *key)
{
    for (uint32_t r = 0; r < key->count; r++)
        if (holdings->refs[key->first + r].added)
            return true;
    return false;
}

/* Every record is still there, under its tag: those are given in the order of records, and one that comes
 * later may take another's. */
static bool records_stay(const struct publisher *publisher)
{
    const struct holdings *holdings = &publisher->holdings;
    size_t at = 0;
    for (size_t i = 0; i < publisher->before_record_count; i++) {
        const struct tag_entry *before = &publisher->before_records[i];
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
    bool old = publisher->options.from_s - publisher->base_s >= GONE_S;
    for (size_t i = 0; i < publisher->before_count; i++) {
        const struct held *before = &publisher->before[i];
        if (!before->seen && !before->added &&
            (old || before->pledge >= publisher->pledges_kept))
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
    for (size_t i = 0; i < publisher->before_count; i++)
        base += !publisher->before[i].added;
    return added <= (base / DELTA_PART > DELTA_KEYS ? base / DELTA_PART : DELTA_KEYS);
}

/* They stand in the base, and are held as such; what only an earlier delta had is just left out. */
static void keep_gone(struct publisher *publisher)
{
    for (size_t i = 0; i < publisher->before_count; i++) {
        if (publisher->before[i].seen || publisher->before[i].added)
            continue;
        void *items = publisher->held;
        grow_to(&items, &publisher->capacity, publisher->count, sizeof *publisher->held);
        publisher->held = items;
        struct held *held = &publisher->held[publisher->count++];
        *held = publisher->before[i];
        held->was_there = held->gone = true;
    }
}

/* What map_build takes, filled key by key. */
struct class_source {
    uint8_t *outputs;
    uint32_t *first;
    uint64_t *tags;
    size_t count, tag_count;
};

static void source_init(struct class_source *source, size_t keys, size_t tags)
{
    *source = (struct class_source){.outputs = xcalloc(keys + 1, OPRF_OUTPUT),
                                    .first = xcalloc(keys + 2, sizeof *source->first),
                                    .tags = xcalloc(tags + 1, sizeof *source->tags)};
}

static void source_release(struct class_source *source)
{
    sodium_memzero(source->outputs, source->count * OPRF_OUTPUT);
    free(source->outputs);
    free(source->first);
    free(source->tags);
}

static void source_add(struct class_source *source, const uint8_t output[OPRF_OUTPUT],
                       const uint64_t *tags, size_t count)
{
    memcpy(source->outputs + source->count * OPRF_OUTPUT, output, OPRF_OUTPUT);
    memcpy(source->tags + source->tag_count, tags, count * sizeof *tags);
    source->tag_count += count;
    source->first[++source->count] = (uint32_t)source->tag_count;
}

/* All tags of the key; in a delta those that came since, unless there are so many in all that they are
 * not told apart. */
static void add_key(struct class_source *source, const struct holdings *holdings,
                    const struct holding *key, bool delta)
{
    uint64_t tags[CELLS_A_KEY_MAX + 1];
    size_t count = 0;
    bool many = key->count > CELLS_A_KEY_MAX;
    for (uint32_t r = 0; r < key->count && count <= CELLS_A_KEY_MAX; r++) {
        const struct holding_ref *ref = &holdings->refs[key->first + r];
        if (!delta || many || ref->added)
            tags[count++] = holdings->records[ref->record].tag;
    }
    source_add(source, key->output, tags, count);
}

static size_t slots_of(const struct class_source *source)
{
    size_t slots = 0;
    for (size_t k = 0; k < source->count; k++) {
        uint32_t tags = source->first[k + 1] - source->first[k];
        slots += tags > CELLS_A_KEY_MAX ? 1 : tags;
    }
    return slots;
}

/* Cells of keys that there are not: nobody has an output that finds them. */
static void pad(struct class_source *source, uint64_t slots, const struct world *world)
{
    for (size_t i = slots_of(source); i < slots; i++) {
        uint8_t output[OPRF_OUTPUT];
        uint64_t tag = 1;
        world_random(world, output, sizeof output);
        source_add(source, output, &tag, 1);
    }
}

static enum status build(struct publisher *publisher, const struct class_source *source,
                         struct map *map, uint64_t told, struct err *err)
{
    const struct publisher_options *options = &publisher->options;
    const struct map_source given = {source->outputs, source->first, source->tags,
                                     source->count, told};
    const struct map_signer signer = {options->identity, options->world, options->pool};
    struct buf *wire = &publisher->map_wires[map->class];
    map->epoch = options->number;
    map->circle = options->circle;
    map->created_s = options->from_s;
    map->expires_s = options->until_s;
    memcpy(map->normaliser, options->normaliser, NORMALISER);
    wire->max = MAP_WIRE_MAX;
    return map_build(wire, map, &given, &signer, err);
}

/* keys [from, end): all of one class. */
static enum status publish_base(struct publisher *publisher, struct epoch *epoch,
                                size_t from, size_t end, struct err *err)
{
    const struct holdings *holdings = &publisher->holdings;
    enum key_class class = (enum key_class)holdings->keys[from].class;
    struct map *map = &publisher->maps[class];
    struct class_source source;
    size_t tags = 0;
    for (size_t k = from; k < end; k++)
        tags += holdings->keys[k].count <= CELLS_A_KEY_MAX ? holdings->keys[k].count
                                                           : CELLS_A_KEY_MAX + 1;
    source_init(&source, end - from, tags);
    for (size_t k = from; k < end; k++)
        add_key(&source, holdings, &holdings->keys[k], false);
    *map = (struct map){.class = class, .records = count_records(holdings, from, end)};
    enum status status = build(publisher, &source, map, 0, err);
    if (status == OK) {
        struct epoch_class *row = &epoch->classes[class];
        row->offered = true;
        memcpy(row->public_key, publisher->keys.public[class], OPRF_ELEMENT);
        memcpy(row->map_id, map->id, MAP_ID);
        memcpy(row->map_root, map->root, sizeof row->map_root);
        row->map_cells = fuse_cells(map->shape);
    }
    source_release(&source);
    return status;
}

/* keys [from, end): all of the class, or none. */
static enum status publish_delta(struct publisher *publisher, struct epoch *epoch,
                                 enum key_class class, size_t from, size_t end,
                                 struct err *err)
{
    const struct holdings *holdings = &publisher->holdings;
    struct map *map = &publisher->maps[class];
    struct epoch_class *row = &epoch->classes[class];
    struct class_source source;
    size_t added = 0;
    for (size_t k = from; k < end; k++)
        added += is_added(holdings, &holdings->keys[k]);
    size_t room = (size_t)delta_padded(added * CELLS_A_KEY_MAX);
    source_init(&source, added + room, added * (CELLS_A_KEY_MAX + 1) + room);
    for (size_t k = from; k < end; k++)
        if (is_added(holdings, &holdings->keys[k]))
            add_key(&source, holdings, &holdings->keys[k], true);
    uint64_t padded = delta_padded(slots_of(&source));
    pad(&source, padded, publisher->options.world);
    *map = (struct map){.class = class, .records = padded};
    memcpy(map->base, row->map_id, MAP_ID);
    enum status status = build(publisher, &source, map, padded, err);
    if (status == OK) {
        memcpy(row->delta_id, map->id, MAP_ID);
        memcpy(row->delta_root, map->root, sizeof row->delta_root);
        row->delta_cells = fuse_cells(map->shape);
    }
    source_release(&source);
    return status;
}

static enum status publish_all(struct publisher *publisher, struct epoch *epoch, bool delta,
                               struct err *err)
{
    const struct holdings *holdings = &publisher->holdings;
    enum status status = OK;
    size_t from = 0, end = 0;
    for (unsigned class = 0; class < KEY_CLASSES && status == OK; class ++, from = end) {
        while (end < holdings->key_count && holdings->keys[end].class == class)
            end++;
        if (delta && publisher->last.classes[class].offered)
            status =
                publish_delta(publisher, epoch, (enum key_class) class, from, end, err);
        else if (!delta && from < end)
            status = publish_base(publisher, epoch, from, end, err);
    }
    return status;
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
    memcpy(epoch->owner, options->identity->public_key, IDENTITY_KEY);
    epoch->number = epoch->base_number = options->number;
    epoch->circle = options->circle;
    epoch->from_s = options->from_s;
    epoch->until_s = options->until_s;
    memcpy(epoch->normaliser, options->normaliser, NORMALISER);
    epoch->previous_number = options->previous_number;
    memcpy(epoch->previous, options->previous, DIGEST);
    make_records(publisher);
    bool delta = is_delta(publisher);
    if (delta)
        keep_gone(publisher);
    make_holdings(publisher);
    add_pledges(publisher);
    epoch->pledges = publisher->pledges.count;
    pledges_root(epoch->pledges_root, &publisher->pledges, epoch->pledges, options->pool);
    holdings->base_s = delta ? publisher->base_s : options->from_s;
    if (delta)
        begin_delta(epoch, &publisher->last);
    else
        for (size_t i = 0; i < holdings->ref_count; i++)
            holdings->refs[i].added = false;
    holdings->base_number = epoch->base_number;
    enum status status = publish_all(publisher, epoch, delta, err);
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
