/* SPDX-License-Identifier: Apache-2.0
 *
 * match/map.h: the labelled map: what an owner holds in one class, readable one key at a
 * time and only with the owner's help.
 *
 *     header 297 bytes, signed by the owner | body: cells of 12 bytes
 *
 * The whole is given to every partner of the circle. Who has F(x) finds the tags of the
 * records that hold x; to everybody else the cells are noise. docs/format/map.md has the
 * bytes.
 *
 * Reading goes in three steps, none of which may be left out: map_read_header (form and
 * signature), map_expect (it is the map that the epoch announces, and still valid),
 * map_set_body (length and root). The body is borrowed: keep it while the map is used.
 *
 * A base is made once a month. What comes in between stands in a delta, a map of the same form that names
 * its base and holds all that was added since; map_put_together joins the two, and map_find then reads both.
 * Nothing is ever taken out by a delta: what must go makes a new base. A delta's numbers are padded, so
 * that they do not tell how much came.
 */
#ifndef MATCH_MAP_H
#define MATCH_MAP_H

#include "match/fuse.h"

struct pool;

enum {
    MAP_HEADER = 297,
    MAP_PIECE = 64 * 1024,   /* leaves of the Merkle root of the body */
    MAP_CELLS_MAX = 1 << 28, /* 3 GiB */
};
#define MAP_WIRE_MAX (MAP_HEADER + (size_t)MAP_CELLS_MAX * CELL)

struct map {
    uint8_t owner[IDENTITY_KEY];
    uint64_t epoch;
    enum key_class class;
    struct circle circle;
    uint8_t id[MAP_ID];
    uint8_t base[MAP_ID]; /* of a delta: the map that it adds to; else zeros */
    uint8_t normaliser[NORMALISER];
    int64_t created_s, expires_s;
    uint64_t keys, records; /* distinct ones that went in */
    struct fuse_shape shape;
    uint64_t seed;
    uint8_t root[32];
    struct bytes body;
    const struct map *delta; /* borrowed; or NULL */
};

/* Append the header, signed. */
void map_write_header(struct buf *out, const struct map *map,
                      const struct identity *identity);
/* On failure *map is untouched; on success its body is empty. */
MUST_USE enum status map_read_header(struct map *map, struct bytes header, struct err *err);
MUST_USE enum status map_expect(const struct map *map, const struct epoch *epoch,
                                enum key_class class, int64_t now_s, struct err *err);
/* The same of the delta that the epoch announces for the class. */
MUST_USE enum status map_expect_delta(const struct map *map, const struct epoch *epoch,
                                      enum key_class class, int64_t now_s, struct err *err);
MUST_USE enum status map_set_body(struct map *map, struct bytes body, struct pool *pool,
                                  struct err *err);

static inline uint64_t map_body_len(const struct map *map)
{
    return fuse_cells(map->shape) * CELL;
}
/* RFC 6962 over the pieces of MAP_PIECE bytes, the last one shorter. */
void map_root(uint8_t root[32], struct bytes body, struct pool *pool);

/* Both read in all three steps under the same epoch. delta may be NULL. */
void map_put_together(struct map *base, const struct map *delta);
/* At most so many records went in: of a delta it is known no better. */
uint64_t map_records(const struct map *map);

struct map_answer {
    unsigned count; /* of tags; 0: the owner does not hold it */
    bool many;      /* held by five records or more, which are not told apart */
    uint64_t tags[CELLS_A_KEY_MAX];
};
void map_find(struct map_answer *answer, const struct map *map,
              const uint8_t output[OPRF_OUTPUT]);

#endif
