/* SPDX-License-Identifier: Apache-2.0
 *
 * The maps of a publication: a base with all that is held, or a delta with what came since.
 */
#include "match/publisher_inside.h"

#include "base/memory.h"
#include "base/world.h"
#include "match/announce.h"

#include <sodium.h>
#include <stdlib.h>

uint64_t delta_padded(uint64_t keys)
{
    uint64_t padded = DELTA_LEAST;
    while (padded < keys)
        padded *= DELTA_STEP;
    return padded;
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

static bool is_added(const struct holdings *holdings, const struct holding *key)
{
    for (uint32_t r = 0; r < key->count; r++)
        if (holdings->refs[key->first + r].added)
            return true;
    return false;
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
                         struct map *map, const struct epoch *epoch, uint64_t told,
                         struct err *err)
{
    const struct publisher_options *options = &publisher->options;
    const struct map_source given = {source->outputs, source->first, source->tags,
                                     source->count, told};
    const struct map_signer signer = {options->identity, options->world, options->pool};
    struct buf *wire = &publisher->map_wires[map->class];
    announce_map(map, epoch);
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
    enum status status = build(publisher, &source, map, epoch, 0, err);
    if (status == OK)
        announce_base(epoch, map, publisher->keys.public[class]);
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
    memcpy(map->base, epoch->classes[class].map_id, MAP_ID);
    enum status status = build(publisher, &source, map, epoch, padded, err);
    if (status == OK)
        announce_delta(epoch, map);
    source_release(&source);
    return status;
}

enum status publisher_make_maps(struct publisher *publisher, struct epoch *epoch,
                                bool delta, struct err *err)
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
