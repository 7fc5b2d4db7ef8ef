/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of keys as a damaged or meddled with database may hold them: read without harm, and what was
 * made of rows is read as it was.
 */
#include "fuzz.h"

#include "store/key_block.h"

#include <stdlib.h>

/* Rows drawn from the bytes, sorted and packed. */
static size_t pack(uint8_t wire[KEY_BLOCK_MAX], const uint8_t *data, size_t size)
{
    enum { ROW = 24 };
    static struct key_row rows[KEY_BLOCK_ROWS_MAX];
    static struct key_packer packer;
    size_t count = size / ROW < KEY_BLOCK_ROWS_MAX ? size / ROW : KEY_BLOCK_ROWS_MAX, i = 0;
    for (size_t row = 0; row < count; row++)
        rows[row] =
            (struct key_row){load_be64(data + row * ROW), load_be64(data + row * ROW + 8),
                             load_be64(data + row * ROW + 16)};
    count = key_rows_sort(rows, count);
    while (i < count && key_packer_add(&packer, &rows[i]))
        i++;
    size_t len = i > 0 ? key_packer_write(wire, &packer) : 0;
    struct key_block block;
    if (len == 0)
        return 0;
    if (!key_block_open(&block, bytes_of(wire, len)) || block.count != i)
        abort();
    for (size_t row = 0; row < i; row++) {
        struct key_row read = key_block_row(&block, row);
        if (key_row_compare(&read, &rows[row]) != 0)
            abort();
    }
    return len;
}

static void look(struct bytes wire, uint64_t hi, uint64_t lo)
{
    struct key_block block;
    if (!key_block_open(&block, wire))
        return;
    for (size_t i = 0; i < block.count; i++)
        hi ^= key_block_row(&block, i).hi;
    if (key_block_find(&block, hi, lo) > block.count)
        abort();
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static uint8_t wire[KEY_BLOCK_MAX];
    uint8_t rows[24 * 9];
    for (size_t i = 0; i < sizeof rows; i++)
        rows[i] = (uint8_t)(i * i);
    *data = wire;
    return index > 0 ? 0 : pack(wire, rows, sizeof rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t wire[KEY_BLOCK_MAX];
    look(bytes_of(data, size), 1, 2);
    look(bytes_of(wire, pack(wire, data, size)), 3, 4);
    return 0;
}
