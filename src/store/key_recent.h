/* SPDX-License-Identifier: Apache-2.0
 *
 * store/key_recent.h: the rows of the key table that came last, all in memory.
 *
 * They stand in blocks of their own in the database, some for each commit, and in a hash table here: found
 * without reading. When there are enough of them they become a run (sqlite_keys.c), and this is emptied.
 */
#ifndef STORE_KEY_RECENT_H
#define STORE_KEY_RECENT_H

#include "store/key_block.h"

struct key_recent_row {
    struct key_row row;
    int64_t block; /* where it is kept */
    uint32_t next; /* in its chain: place + 1, or 0 */
    bool removed;
};

/* All-zero is valid and empty. */
struct key_recent {
    struct key_recent_row *rows; /* removed ones too */
    size_t taken, capacity;
    size_t count;    /* without removed ones */
    uint32_t *heads; /* of the chains */
    size_t head_count;
};

void key_recent_release(struct key_recent *recent);
void key_recent_clear(struct key_recent *recent);
void key_recent_add(struct key_recent *recent, const struct key_row *row, int64_t block);
/* The rows with this hash, one after the other: NULL to begin with, NULL at the end. */
const struct key_recent_row *key_recent_find(const struct key_recent *recent,
                                             const struct key_recent_row *after,
                                             uint64_t hi, uint64_t lo);
/* One that key_recent_find gave, or one of rows. */
void key_recent_remove(struct key_recent *recent, const struct key_recent_row *row);
/* All that are not removed, in no order; room for count rows. */
void key_recent_copy(struct key_row *out, const struct key_recent *recent);

#endif
