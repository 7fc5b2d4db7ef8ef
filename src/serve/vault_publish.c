/* SPDX-License-Identifier: Apache-2.0
 *
 * The vault makes maps of the keys that the core hands it: the only moment at which keys and seed meet.
 */
#include "serve/vault_match_inside.h"

#include "base/file.h"
#include "base/pool.h"
#include "base/world.h"

#include <errno.h>
#include <sys/stat.h>

static enum status make_maps_folder(const struct vault_match *match, struct err *err)
{
    struct arena arena = {0};
    const char *path = arena_printf(&arena, "%s/maps", match->options.folder);
    enum status status = OK;
    if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST)
        status = fail(err, IO_FAILED, "%s: %s", path, strerror(errno));
    arena_release(&arena);
    return status;
}

/* What was announced last for the circle; nothing before the first. *pledged: the tree that goes on. */
static enum status read_previous(struct epoch *last, struct tree_head *pledged,
                                 struct publisher_options *options,
                                 const struct vault_match *match, struct bytes wire,
                                 struct err *err)
{
    *pledged = (struct tree_head){.size = 0};
    *last = (struct epoch){.number = 0};
    if (wire.len == 0)
        return OK;
    enum status status = epoch_parse(last, wire, err);
    if (status == OK &&
        (memcmp(last->owner, options->identity->public_key, IDENTITY_KEY) != 0 ||
         !circle_equal(&last->circle, &options->circle)))
        status = fail(err, REFUSED, "publish: not an announcement of this node and circle");
    if (status != OK)
        return status;
    options->previous_number = last->number;
    message_digest(options->previous, wire);
    const struct seed *seed = seeds_find(match->seeds, last->number);
    if (seed == NULL || seed != seeds_latest(match->seeds))
        return OK;
    pledged->size = last->pledges;
    memcpy(pledged->root, last->pledges_root, MERKLE_HASH);
    /* By other rules: nothing can be added to its maps. */
    if (memcmp(last->normaliser, options->normaliser, NORMALISER) == 0)
        options->last = last;
    return OK;
}

static bool is_whole(const struct pledges *pledges, const struct tree_head *pledged,
                     struct pool *pool)
{
    uint8_t root[MERKLE_HASH];
    if (pledges->count != pledged->size)
        return false;
    pledges_root(root, pledges, pledged->size, pool);
    return memcmp(root, pledged->root, MERKLE_HASH) == 0;
}

/* What is not there, or damaged, is made again; a tree that is not the announced one is begun anew. What is
 * there and cannot be read now is neither. */
static enum status read_files(struct holdings *before, struct pledges *pledges,
                              const struct tree_head *pledged,
                              const struct vault_match *match, const struct seed *seed,
                              const struct circle *circle, struct err *err)
{
    struct arena arena = {0};
    *pledges = (struct pledges){NULL, 0, 0};
    enum status status = holdings_read(
        before, vault_held_path(&arena, match, seed->first, circle), seed->secret, err);
    if (status == NOT_FOUND || status == CONFLICT) {
        *before = (struct holdings){.records = NULL};
        status = OK;
    }
    if (status == OK && pledged->size > 0) {
        status =
            pledges_read(pledges, vault_pledges_path(&arena, match, seed->first, circle),
                         pledged->size, err);
        if (status == NOT_FOUND)
            status = OK;
        else if (status == OK && !is_whole(pledges, pledged, match->pool))
            pledges_release(pledges);
    }
    if (status != OK)
        holdings_release(before);
    arena_release(&arena);
    return status;
}

enum status vault_publish_first(struct buf *answer, struct vault_match *match,
                                struct bytes body, struct err *err)
{
    struct cursor cursor = {body, false};
    struct publisher_options options = {.world = match->options.world,
                                        .identity = match->options.identity};
    struct epoch last;
    struct tree_head pledged;
    circle_read(&options.circle, &cursor);
    cursor_copy(options.normaliser, &cursor, NORMALISER);
    uint64_t floor = cursor_be64(&cursor);
    bool new_seed = cursor_u8(&cursor) != 0;
    if (cursor.failed || floor >= UINT64_MAX / 2)
        return fail(err, BAD_INPUT, "publish: malformed");
    publisher_close(match->publisher);
    match->publisher = NULL;
    enum status status = vault_match_seeds(match, err);
    if (status == OK)
        status = make_maps_folder(match, err);
    if (status == OK)
        status = seeds_next(&options.number, match->seeds, floor, err);
    if (status != OK)
        return status;
    options.pool = match->pool;
    options.from_s = world_now_s(match->options.world);
    if (new_seed || seeds_latest(match->seeds) == NULL)
        status = seeds_add(match->seeds, options.number, options.from_s,
                           options.from_s + EPOCH_DAYS * (int64_t)DAY_S, err);
    if (status == OK)
        status = read_previous(&last, &pledged, &options, match, cursor.rest, err);
    if (status != OK)
        return status;
    const struct seed *seed = seeds_latest(match->seeds);
    options.seed = seed->secret;
    options.until_s = seed->until_s;
    if (options.from_s >= options.until_s)
        return fail(err, REFUSED,
                    "publish: the clock of this node went back; set it right");
    struct holdings before = {.records = NULL};
    struct pledges pledges;
    status = read_files(&before, &pledges, &pledged, match, seed, &options.circle, err);
    if (status != OK)
        return status;
    match->publisher = publisher_open(&options, &before, &pledges);
    match->publishing = seed->first;
    match->publishing_circle = options.circle;
    buf_add_be64(answer, options.number);
    return OK;
}

enum status vault_publish_more(struct vault_match *match, struct bytes body,
                               struct err *err)
{
    struct cursor cursor = {body, false};
    struct arena arena = {0};
    struct publisher_key *keys = arena_zalloc(&arena, body.len / 12 + 1, sizeof *keys);
    size_t count = 0;
    enum status status = OK;
    while (cursor.rest.len > 0 && !cursor.failed) {
        uint8_t class = cursor_u8(&cursor);
        uint64_t record = cursor_be64(&cursor);
        struct bytes value = cursor_take(&cursor, cursor_be16(&cursor));
        if (cursor.failed || class >= KEY_CLASSES || value.len == 0)
            cursor.failed = true;
        else
            keys[count++] = (struct publisher_key){{(enum key_class) class, value}, record};
    }
    if (match->publisher == NULL)
        status = fail(err, CONFLICT, "publish: nothing was begun");
    else if (cursor.failed)
        status = fail(err, BAD_INPUT, "publish: malformed keys");
    else
        status = publisher_add(match->publisher, keys, count, err);
    arena_release(&arena);
    return status;
}

static enum status write_maps(const struct vault_match *match,
                              const struct publisher_result *result, struct err *err)
{
    enum status status = OK;
    struct arena arena = {0};
    for (size_t class = 0; class < KEY_CLASSES && status == OK; class ++) {
        char hex[2 * MAP_ID + 1];
        if (!result->epoch.classes[class].offered)
            continue;
        const struct epoch_class *row = &result->epoch.classes[class];
        hex_write(hex, bytes_of(result->is_delta ? row->delta_id : row->map_id, MAP_ID));
        status =
            file_write(arena_printf(&arena, "%s/maps/%s.map", match->options.folder, hex),
                       buf_bytes(&result->map_wires[class]), FILE_SECRET, err);
    }
    arena_release(&arena);
    return status;
}

static uint64_t count_bytes(const struct publisher_result *result)
{
    uint64_t bytes = 0;
    for (size_t class = 0; class < KEY_CLASSES; class ++)
        bytes += result->map_wires[class].len;
    return bytes;
}

enum status vault_publish_last(struct vault_match *match, struct err *err)
{
    struct publisher_result result;
    struct arena arena = {0};
    if (match->publisher == NULL)
        return fail(err, CONFLICT, "publish: nothing was begun");
    const struct seed *seed = seeds_find(match->seeds, match->publishing);
    enum status status = publisher_finish(&result, match->publisher, err);
    if (status == OK && (seed == NULL || seed->first != match->publishing))
        status = fail(err, REFUSED, "publish: the epoch expired meanwhile");
    if (status == OK)
        status = write_maps(match, &result, err);
    if (status == OK)
        status = pledges_write(
            result.pledges,
            vault_pledges_path(&arena, match, match->publishing, &match->publishing_circle),
            result.pledges_kept, err);
    if (status == OK)
        status = holdings_write(
            result.holdings,
            vault_held_path(&arena, match, match->publishing, &match->publishing_circle),
            seed->secret, err);
    if (status == OK) {
        struct buf *answer = &match->published;
        buf_clear(answer);
        buf_add_be64(answer, result.holdings->key_count);
        buf_add_be64(answer, result.holdings->record_count);
        buf_add_be64(answer, result.evaluated);
        buf_add_be64(answer, count_bytes(&result));
        buf_add(answer, buf_bytes(&result.epoch_wire));
    }
    publisher_close(match->publisher);
    match->publisher = NULL;
    arena_release(&arena);
    return status;
}
