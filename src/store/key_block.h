/* SPDX-License-Identifier: Apache-2.0
 *
 * store/key_block.h: rows of the key table, sorted and packed, about 220 in 4 KiB.
 *
 *     sum 8 | width of hi 1, 0 to 8 | width of number 1, 1 to 8 | first hi 8
 *     then for each row     hi - first hi, in its width | lo 8 | number, in its width
 *
 * Rows stand in the order of (hi, lo, number), each once, all as wide, so that a row is found by halving.
 * A block is as large as one row of SQLite can be without leaving its page. The sum tells a block that the
 * disk damaged; it keeps nobody from making one.
 */
#ifndef STORE_KEY_BLOCK_H
#define STORE_KEY_BLOCK_H

#include "base/bytes.h"

enum {
    KEY_BLOCK_MAX = 4048,
    KEY_BLOCK_HEAD = 18,
    KEY_BLOCK_ROWS_MAX = (KEY_BLOCK_MAX - KEY_BLOCK_HEAD) / (8 + 1)
};

struct key_row {
    uint64_t hi, lo; /* the keyed hash; hi orders */
    uint64_t number; /* of the record */
};

/* By (hi, lo, number); for qsort as well. */
int key_row_compare(const void *a, const void *b);
/* Sorts, and drops all but one of what is equal; gives how many are left. */
size_t key_rows_sort(struct key_row *rows, size_t count);

/* Borrows from the bytes it was opened on. */
struct key_block {
    const uint8_t *rows;
    size_t count; /* at least one */
    unsigned hi_len, number_len;
    uint64_t first_hi;
};

/* false: these bytes are no block. */
bool key_block_open(struct key_block *block, struct bytes wire);
/* i < count */
struct key_row key_block_row(const struct key_block *block, size_t i);
/* The place of the first row that is not before (hi, lo); count when there is none. */
size_t key_block_find(const struct key_block *block, uint64_t hi, uint64_t lo);

/* Rows on their way into a block. All-zero is valid and empty. */
struct key_packer {
    struct key_row rows[KEY_BLOCK_ROWS_MAX];
    size_t count;
    uint64_t number_most;
};

/* The row must not be before the last. false: there is no room, the block has to be written first. */
bool key_packer_add(struct key_packer *packer, const struct key_row *row);
/* What was added, at least one row; the packer is empty then. Gives the length. */
size_t key_packer_write(uint8_t out[KEY_BLOCK_MAX], struct key_packer *packer);

#endif
