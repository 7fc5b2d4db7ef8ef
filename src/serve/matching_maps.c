/* SPDX-License-Identifier: Apache-2.0
 *
 * Maps of other nodes, kept in DIR/maps.in under their ids until a newer one comes.
 */
#include "serve/matching_inside.h"

#include "base/file.h"
#include "base/world.h"
#include "match/map.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *map_path(struct arena *arena, const struct matching *matching,
                            const uint8_t id[MAP_ID])
{
    char hex[2 * MAP_ID + 1];
    hex_write(hex, bytes_of(id, MAP_ID));
    return arena_printf(arena, "%s/maps.in/%s.map", matching->folder, hex);
}

/* One of the two maps of a class, as it is announced. */
struct wanted {
    const struct seen *seen;
    enum key_class class;
    bool delta;
    const uint8_t *id;
    uint64_t cells;
};

static struct wanted want(const struct seen *seen, enum key_class class, bool delta)
{
    const struct epoch_class *row = &seen->epoch.classes[class];
    return (struct wanted){seen, class, delta, delta ? row->delta_id : row->map_id,
                           delta ? row->delta_cells : row->map_cells};
}

/* All three steps of match/map. */
static enum status check(struct map *map, struct bytes wire, struct matching *matching,
                         const struct wanted *wanted, struct err *err)
{
    struct map read;
    int64_t now_s = world_now_s(matching->world);
    const struct epoch *epoch = &wanted->seen->epoch;
    if (wire.len < MAP_HEADER)
        return fail(err, BAD_INPUT, "map: this is not the header of a map");
    enum status status = map_read_header(&read, bytes_slice(wire, 0, MAP_HEADER), err);
    if (status == OK)
        status = wanted->delta ? map_expect_delta(&read, epoch, wanted->class, now_s, err)
                               : map_expect(&read, epoch, wanted->class, now_s, err);
    if (status == OK)
        status = map_set_body(&read, bytes_slice(wire, MAP_HEADER, wire.len - MAP_HEADER),
                              matching->pool, err);
    if (status == OK)
        *map = read;
    return status;
}

/* Into a buffer of just the announced size. */
static bool read_kept(struct buf *wire, const char *path)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return false;
    uint8_t *at = buf_extend(wire, wire->max);
    bool whole = at != NULL && fread(at, wire->max, 1, file) == 1 && fgetc(file) == EOF;
    fclose(file);
    return whole;
}

/* Those that no announcement names any more: the folder holds what we were given, in part
 * withdrawn since, and need not hold it longer. */
static void drop_expired(const struct matching *matching)
{
    struct arena arena = {0};
    const char *path = arena_printf(&arena, "%s/maps.in", matching->folder);
    DIR *folder = opendir(path);
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        struct bytes header;
        struct map map;
        const char *name = arena_printf(&arena, "%s/%s", path, entry->d_name);
        FILE *file = strstr(entry->d_name, ".map") != NULL ? fopen(name, "rbe") : NULL;
        uint8_t bytes[MAP_HEADER];
        if (file == NULL)
            continue;
        header = bytes_of(bytes, fread(bytes, 1, MAP_HEADER, file));
        fclose(file);
        struct buf held = {.max = STATE_MAX};
        struct epoch epoch;
        bool named = map_read_header(&map, header, NULL) == OK &&
                     seen_held(&held, (struct matching *)(uintptr_t)matching, map.owner,
                               &map.circle, NULL) == OK &&
                     epoch_parse(&epoch, buf_bytes(&held), NULL) == OK &&
                     (memcmp(epoch.classes[map.class].map_id, map.id, MAP_ID) == 0 ||
                      memcmp(epoch.classes[map.class].delta_id, map.id, MAP_ID) == 0);
        if (!named)
            unlink(name);
        buf_release(&held);
    }
    if (folder != NULL)
        closedir(folder);
    arena_release(&arena);
}

static enum status fetch(struct map *map, struct buf *wire, bool *refused,
                         struct matching *matching, const struct wanted *wanted,
                         const char *path, struct err *err)
{
    struct buf request = {.max = MAP_ID + 1};
    struct arena arena = {0};
    buf_add(&request, bytes_of(wanted->id, MAP_ID));
    buf_add_byte(&request, (uint8_t)wanted->class);
    buf_clear(wire);
    enum status status = line_call_one(&matching->line, wanted->seen->partner->key, "map",
                                       buf_bytes(&request), wire, err);
    *refused = status == REFUSED;
    if (status == OK)
        status = check(map, buf_bytes(wire), matching, wanted, err);
    /* It is only kept to spare another fetch. */
    if (status == OK) {
        const char *folder = arena_printf(&arena, "%s/maps.in", matching->folder);
        if (mkdir(folder, S_IRWXU) == 0 || errno == EEXIST)
            status = file_write(path, buf_bytes(wire), FILE_SECRET, err);
        drop_expired(matching);
    }
    buf_release(&request);
    arena_release(&arena);
    return status;
}

static enum status have_one(struct map *map, struct buf *wire, bool *refused,
                            struct matching *matching, const struct wanted *wanted,
                            struct err *err)
{
    struct arena arena = {0};
    enum status status = OK;
    if (wanted->cells > MAP_CELLS_MAX ||
        MAP_HEADER + wanted->cells * CELL > LINE_ANSWER_MAX)
        return fail(err, TOO_LARGE, "map: class %s has %llu cells, more than is taken",
                    key_class_row(wanted->class)->name, (unsigned long long)wanted->cells);
    *wire = (struct buf){.max = MAP_HEADER + (size_t)wanted->cells * CELL};
    const char *path = map_path(&arena, matching, wanted->id);
    if (!read_kept(wire, path) || check(map, buf_bytes(wire), matching, wanted, NULL) != OK)
        status = fetch(map, wire, refused, matching, wanted, path, err);
    arena_release(&arena);
    return status;
}

void had_map_release(struct had_map *had)
{
    buf_release(&had->base_wire);
    buf_release(&had->delta_wire);
}

enum status map_have(struct had_map *had, struct matching *matching,
                     const struct seen *seen, enum key_class class, struct err *err)
{
    const struct wanted base = want(seen, class, false), delta = want(seen, class, true);
    enum status status =
        have_one(&had->base, &had->base_wire, &had->refused, matching, &base, err);
    if (status != OK || epoch_is_base(&seen->epoch))
        return status;
    /* Without it hits would be missed unseen: then there is no map at all. */
    status = have_one(&had->delta, &had->delta_wire, &had->refused, matching, &delta, err);
    if (status == OK)
        map_put_together(&had->base, &had->delta);
    else
        had->base.body = (struct bytes){0};
    return status;
}
