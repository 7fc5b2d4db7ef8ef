/* SPDX-License-Identifier: Apache-2.0 */
#include "match/publication.h"

#include "base/pool.h"
#include "match/announce.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

enum { ENCODE_STEP = 16 };

static int compare_u64(uint64_t x, uint64_t y)
{
    return (x > y) - (x < y);
}

static int compare_by_tag(const void *a, const void *b)
{
    return compare_u64(((const struct tag_entry *)a)->tag,
                       ((const struct tag_entry *)b)->tag);
}

/* By class, value, record. */
static int compare_held(const void *a, const void *b)
{
    const struct match_held *x = *(const struct match_held *const *)a;
    const struct match_held *y = *(const struct match_held *const *)b;
    if (x->key.class != y->key.class)
        return x->key.class < y->key.class ? -1 : 1;
    int order = bytes_compare(x->key.value, y->key.value);
    return order != 0 ? order : compare_u64(x->record, y->record);
}

/* The distinct keys of one class, as map_source wants them. */
struct class_keys {
    struct bytes *texts;
    uint8_t *outputs;
    uint32_t *first;
    uint64_t *tags;
    size_t count;
    const uint8_t *secret;
};

static void encode_step(void *context, size_t step, unsigned thread)
{
    (void)thread;
    const struct class_keys *keys = context;
    size_t end = (step + 1) * ENCODE_STEP;
    for (size_t i = step * ENCODE_STEP; i < end && i < keys->count; i++)
        oprf_evaluate(keys->outputs + i * OPRF_OUTPUT, keys->secret, keys->texts[i],
                      OPRF_VERIFIABLE);
}

/* What is published: of each thing held, where its record stands in the publication's tags. */
struct publishing {
    struct publication *publication;
    const struct publication_options *options;
    const struct match_held *held;
    uint32_t *places;
};

static const struct tag_entry *record_of(const struct publishing *publishing,
                                         const struct match_held *held)
{
    return &publishing->publication->tags[publishing->places[held - publishing->held]];
}

/* held: count pointers, of one class, sorted. */
static enum status group_keys(struct class_keys *keys, const struct publishing *publishing,
                              const struct match_held *const *held, size_t count,
                              struct arena *arena, struct err *err)
{
    keys->texts = arena_zalloc(arena, count, sizeof *keys->texts);
    keys->first = arena_zalloc(arena, count + 1, sizeof *keys->first);
    keys->tags = arena_zalloc(arena, count, sizeof *keys->tags);
    uint32_t tags = 0;
    for (size_t i = 0; i < count; i++) {
        bool same_key = i > 0 && bytes_equal(held[i]->key.value, held[i - 1]->key.value);
        if (same_key && held[i]->record == held[i - 1]->record)
            continue;
        if (!same_key) {
            enum status status =
                item_text(&keys->texts[keys->count], &held[i]->key, arena, err);
            if (status != OK)
                return status;
            keys->first[keys->count++] = tags;
        }
        keys->tags[tags++] = record_of(publishing, held[i])->tag;
    }
    keys->first[keys->count] = tags;
    return OK;
}

static uint64_t count_records(const struct publishing *publishing,
                              const struct match_held *const *held, size_t count)
{
    const struct publication *publication = publishing->publication;
    uint8_t *seen = xcalloc(publication->tag_count + 1, 1);
    uint64_t distinct = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t *mark = &seen[record_of(publishing, held[i]) - publication->tags];
        distinct += *mark == 0;
        *mark = 1;
    }
    free(seen);
    return distinct;
}

static enum status publish_class(const struct publishing *publishing,
                                 const struct match_held *const *held, size_t count,
                                 struct err *err)
{
    struct publication *publication = publishing->publication;
    const struct publication_options *options = publishing->options;
    enum key_class class = held[0]->key.class;
    struct arena arena = {NULL};
    struct class_keys keys = {.secret = publication->keys.secret[class]};
    enum status status = group_keys(&keys, publishing, held, count, &arena, err);
    if (status != OK)
        goto out;
    keys.outputs = xcalloc(keys.count, OPRF_OUTPUT);
    pool_run(options->pool, encode_step, &keys,
             (keys.count + ENCODE_STEP - 1) / ENCODE_STEP);

    struct map *map = &publication->maps[class];
    *map = (struct map){.class = class, .records = count_records(publishing, held, count)};
    announce_map(map, &publication->epoch);
    struct map_source source = {keys.outputs, keys.first, keys.tags, keys.count};
    struct map_signer signer = {options->identity, options->world, options->pool};
    publication->map_wires[class].max = MAP_WIRE_MAX;
    status = map_build(&publication->map_wires[class], map, &source, &signer, err);
    if (status == OK)
        announce_base(&publication->epoch, map, publication->keys.public[class]);
out:
    if (keys.outputs != NULL)
        sodium_memzero(keys.outputs, keys.count * OPRF_OUTPUT);
    free(keys.outputs);
    arena_release(&arena);
    return status;
}

static enum status publish_all(const struct publishing *publishing,
                               const struct match_held *const *sorted, size_t count,
                               struct err *err)
{
    enum status status = OK;
    for (size_t from = 0, end; from < count && status == OK; from = end) {
        enum key_class class = sorted[from]->key.class;
        assert(class < KEY_CLASSES);
        for (end = from; end < count && sorted[end]->key.class == class;)
            end++;
        status = publish_class(publishing, sorted + from, end - from, err);
    }
    return status;
}

/* The tags of all records that hold anything. */
static void make_tags(struct publishing *publishing, size_t count)
{
    struct publication *publication = publishing->publication;
    uint64_t *records = xcalloc(count + 1, sizeof *records);
    for (size_t i = 0; i < count; i++)
        records[i] = publishing->held[i].record;
    publishing->places = xcalloc(count + 1, sizeof *publishing->places);
    publication->tags = tag_table(&publication->tag_count, publishing->places, records,
                                  count, publishing->options->seed,
                                  &publishing->options->circle, publishing->options->pool);
    free(records);
}

enum status publication_init(struct publication *publication,
                             const struct publication_options *options,
                             const struct match_held *held, size_t count, struct err *err)
{
    const struct announcing announcing = {options->identity, &options->circle,
                                          options->number,   options->from_s,
                                          options->until_s,  options->normaliser};
    struct publishing publishing = {publication, options, held, NULL};
    *publication = (struct publication){.epoch_wire = {.max = EPOCH_WIRE_MAX}};
    if (count > TAG_RECORDS_MAX)
        return fail(err, TOO_LARGE, "%zu keys to publish; the limit is %d", count,
                    TAG_RECORDS_MAX);
    announce_begin(&publication->epoch, &announcing);
    epoch_keys_init(&publication->keys, options->seed, &options->circle);
    make_tags(&publishing, count);

    const struct match_held **sorted = xcalloc(count + 1, sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &held[i];
    qsort(sorted, count, sizeof *sorted, compare_held);
    enum status status = publish_all(&publishing, sorted, count, err);
    free(sorted);
    free(publishing.places);
    if (status != OK) {
        publication_release(publication);
        return status;
    }
    epoch_write(&publication->epoch_wire, &publication->epoch, options->identity);
    qsort(publication->tags, publication->tag_count, sizeof *publication->tags,
          compare_by_tag);
    return OK;
}

void publication_release(struct publication *publication)
{
    if (publication == NULL)
        return;
    epoch_keys_release(&publication->keys);
    buf_release(&publication->epoch_wire);
    for (size_t i = 0; i < KEY_CLASSES; i++)
        buf_release(&publication->map_wires[i]);
    free(publication->tags);
    *publication = (struct publication){.tags = NULL};
}

bool publication_record(uint64_t *record, const struct publication *publication,
                        uint64_t tag)
{
    struct tag_entry wanted = {0, tag};
    const struct tag_entry *found = bsearch(
        &wanted, publication->tags, publication->tag_count, sizeof wanted, compare_by_tag);
    if (found == NULL)
        return false;
    *record = found->record;
    return true;
}
