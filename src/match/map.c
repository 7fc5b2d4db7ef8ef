/* SPDX-License-Identifier: Apache-2.0 */
#include "match/map.h"

#include "base/memory.h"
#include "base/pool.h"
#include "ledger/merkle.h"
#include "match/tag.h"

#include <assert.h>
#include <stdlib.h>

static const uint8_t magic[MAGIC] = "ENLMAP02";
static const uint64_t time_max_s = 253402300799; /* the end of the year 9999 */
static const uint64_t records_max = UINT64_C(1) << 40;

void map_write_header(struct buf *out, const struct map *map,
                      const struct identity *identity)
{
    struct buf header = {.max = MAP_HEADER};
    buf_add(&header, bytes_of(magic, MAGIC));
    buf_add(&header, bytes_of(map->owner, IDENTITY_KEY));
    buf_add_be64(&header, map->epoch);
    buf_add_byte(&header, (uint8_t)map->class);
    circle_add(&header, &map->circle);
    buf_add(&header, bytes_of(map->id, MAP_ID));
    buf_add(&header, bytes_of(map->base, MAP_ID));
    buf_add(&header, bytes_of(map->normaliser, NORMALISER));
    buf_add_be64(&header, (uint64_t)map->created_s);
    buf_add_be64(&header, (uint64_t)map->expires_s);
    buf_add_be64(&header, map->keys);
    buf_add_be64(&header, map->records);
    buf_add_be64(&header, fuse_cells(map->shape));
    buf_add_be32(&header, map->shape.segment_length);
    buf_add_be32(&header, map->shape.segment_count);
    buf_add_be64(&header, map->seed);
    buf_add(&header, bytes_of(map->root, sizeof map->root));
    identity_sign(&header, identity);
    assert(header.len == MAP_HEADER && !header.overflowed);
    buf_add(out, buf_bytes(&header));
    buf_release(&header);
}

enum status map_read_header(struct map *map, struct bytes header, struct err *err)
{
    if (header.len != MAP_HEADER || memcmp(header.at, magic, MAGIC) != 0)
        return fail(err, BAD_INPUT, "map: this is not the header of a map");
    struct map read = {.epoch = 0};
    struct cursor cursor = {bytes_slice(header, MAGIC, MAP_HEADER - MAGIC), false};
    cursor_copy(read.owner, &cursor, IDENTITY_KEY);
    read.epoch = cursor_be64(&cursor);
    uint8_t class = cursor_u8(&cursor);
    circle_read(&read.circle, &cursor);
    cursor_copy(read.id, &cursor, MAP_ID);
    cursor_copy(read.base, &cursor, MAP_ID);
    cursor_copy(read.normaliser, &cursor, NORMALISER);
    uint64_t created_s = cursor_be64(&cursor), expires_s = cursor_be64(&cursor);
    read.keys = cursor_be64(&cursor);
    read.records = cursor_be64(&cursor);
    uint64_t cells = cursor_be64(&cursor);
    read.shape.segment_length = cursor_be32(&cursor);
    read.shape.segment_count = cursor_be32(&cursor);
    read.seed = cursor_be64(&cursor);
    cursor_copy(read.root, &cursor, sizeof read.root);
    if (cursor.failed || class >= KEY_CLASSES || created_s >= expires_s ||
        expires_s > time_max_s || read.records > records_max)
        return fail(err, BAD_INPUT, "map: the header is malformed");
    if (!fuse_shape_valid(read.shape, MAP_CELLS_MAX) || fuse_cells(read.shape) != cells ||
        read.keys > cells)
        return fail(err, BAD_INPUT,
                    "map: the header gives sizes that do not go together or are "
                    "over the limit of %d cells",
                    MAP_CELLS_MAX);
    if (!identity_signed(header, read.owner))
        return fail(err, REFUSED, "map: the signature of the header does not verify");
    read.class = (enum key_class) class;
    read.created_s = (int64_t)created_s;
    read.expires_s = (int64_t)expires_s;
    *map = read;
    return OK;
}

/* What the epoch says of a map. */
struct announced {
    const char *what;
    uint64_t number;
    const uint8_t *id, *root, *base;
    uint64_t cells;
};

static enum status expect(const struct map *map, const struct epoch *epoch,
                          enum key_class class, const struct announced *announced,
                          int64_t now_s, struct err *err)
{
    const char *wanted = key_class_row(class)->name, *what = announced->what;
    if (memcmp(map->owner, epoch->owner, IDENTITY_KEY) != 0)
        return fail(err, REFUSED,
                    "%s: signed by somebody other than the owner of the epoch", what);
    if (map->class != class || !epoch->classes[class].offered)
        return fail(err, REFUSED, "%s: of class %s, where %s was wanted", what,
                    key_class_row(map->class)->name, wanted);
    if (!circle_equal(&map->circle, &epoch->circle))
        return fail(err, REFUSED, "%s: made for the circle \"%s\", not for \"%s\"", what,
                    map->circle.name, epoch->circle.name);
    if (map->epoch != announced->number)
        return fail(err, REFUSED, "%s: of epoch %llu, but the current one is %llu", what,
                    (unsigned long long)map->epoch, (unsigned long long)announced->number);
    if (now_s >= map->expires_s)
        return fail(err, REFUSED,
                    "%s: the map of class %s has expired; the other side must "
                    "publish a new one",
                    what, wanted);
    if (memcmp(map->normaliser, epoch->normaliser, NORMALISER) != 0)
        return fail(err, REFUSED,
                    "%s: its keys were made by other rules than the epoch announces", what);
    if (memcmp(map->base, announced->base, MAP_ID) != 0)
        return fail(err, REFUSED,
                    "%s: it adds to another base than the epoch announces for "
                    "class %s",
                    what, wanted);
    if (memcmp(map->id, announced->id, MAP_ID) != 0 ||
        memcmp(map->root, announced->root, sizeof map->root) != 0 ||
        fuse_cells(map->shape) != announced->cells)
        return fail(err, REFUSED,
                    "%s: not the one that the epoch announces for class %s: its "
                    "id, root or size differs",
                    what, wanted);
    return OK;
}

enum status map_expect(const struct map *map, const struct epoch *epoch,
                       enum key_class class, int64_t now_s, struct err *err)
{
    static const uint8_t none[MAP_ID] = {0};
    const struct epoch_class *row = &epoch->classes[class];
    const struct announced announced = {
        "map", epoch->base_number, row->map_id, row->map_root, none, row->map_cells};
    return expect(map, epoch, class, &announced, now_s, err);
}

enum status map_expect_delta(const struct map *map, const struct epoch *epoch,
                             enum key_class class, int64_t now_s, struct err *err)
{
    const struct epoch_class *row = &epoch->classes[class];
    const struct announced announced = {"delta",         epoch->number, row->delta_id,
                                        row->delta_root, row->map_id,   row->delta_cells};
    return expect(map, epoch, class, &announced, now_s, err);
}

enum status map_set_body(struct map *map, struct bytes body, struct pool *pool,
                         struct err *err)
{
    uint8_t root[32];
    if (body.len != map_body_len(map))
        return fail(err, BAD_INPUT,
                    "map: the body has %zu bytes where the header says %llu", body.len,
                    (unsigned long long)map_body_len(map));
    map_root(root, body, pool);
    if (memcmp(root, map->root, sizeof root) != 0)
        return fail(err, REFUSED,
                    "map: the body is not the one that was signed: its root "
                    "differs");
    map->body = body;
    return OK;
}

struct root_work {
    struct bytes body;
    uint8_t (*leaves)[MERKLE_HASH];
};

static void hash_piece(void *context, size_t index, unsigned thread)
{
    (void)thread;
    const struct root_work *work = context;
    size_t from = index * MAP_PIECE, left = work->body.len - from;
    merkle_leaf(work->leaves[index],
                bytes_slice(work->body, from, left < MAP_PIECE ? left : MAP_PIECE));
}

void map_root(uint8_t root[32], struct bytes body, struct pool *pool)
{
    size_t pieces = (body.len + MAP_PIECE - 1) / MAP_PIECE;
    struct root_work work = {body, xcalloc(pieces + 1, sizeof *work.leaves)};
    pool_run(pool, hash_piece, &work, pieces);
    struct merkle tree = {.size = 0};
    for (size_t i = 0; i < pieces; i++)
        merkle_add(&tree, work.leaves[i]);
    merkle_root(root, &tree);
    free(work.leaves);
}

void map_put_together(struct map *base, const struct map *delta)
{
    assert(delta == NULL || (memcmp(delta->base, base->id, MAP_ID) == 0 &&
                             delta->class == base->class && delta->delta == NULL));
    base->delta = delta;
}

uint64_t map_records(const struct map *map)
{
    return map->records + (map->delta != NULL ? map->delta->records : 0);
}

static void find_in(struct map_answer *answer, const struct map *map,
                    const uint8_t output[OPRF_OUTPUT])
{
    for (unsigned j = 0; j < CELLS_A_KEY_MAX; j++) {
        uint8_t label[CELL];
        uint64_t tag;
        fuse_read(label, map->body.at, map->shape, cell_hash(output, j, map->seed));
        if (!cell_open(&tag, label, output, map->id, j))
            return;
        /* An owner who keeps to the form says "many" himself when both together have more. */
        if (tag == TAG_MANY || answer->count == CELLS_A_KEY_MAX) {
            answer->many = true;
            return;
        }
        answer->tags[answer->count++] = tag;
    }
}

void map_find(struct map_answer *answer, const struct map *map,
              const uint8_t output[OPRF_OUTPUT])
{
    *answer = (struct map_answer){.count = 0};
    find_in(answer, map, output);
    if (map->delta != NULL && !answer->many)
        find_in(answer, map->delta, output);
    if (answer->many)
        answer->count = 0;
}
