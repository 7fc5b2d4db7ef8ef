/* SPDX-License-Identifier: Apache-2.0 */
#include "store/key_block.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

enum { SUM = 8, LO = 8, WIDTHS_AT = SUM, FIRST_AT = SUM + 2 };

/* ---- Order ---- */

int key_row_compare(const void *a, const void *b)
{
    const struct key_row *x = a, *y = b;
    if (x->hi != y->hi)
        return x->hi < y->hi ? -1 : 1;
    if (x->lo != y->lo)
        return x->lo < y->lo ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* Few, or many that begin alike. */
static void sort_part(struct key_row *rows, size_t count)
{
    enum { FEW = 24 };
    if (count > FEW) {
        qsort(rows, count, sizeof *rows, key_row_compare);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct key_row row = rows[i];
        size_t at = i;
        for (; at > 0 && key_row_compare(&row, &rows[at - 1]) < 0; at--)
            rows[at] = rows[at - 1];
        rows[at] = row;
    }
}

/* Hashes are spread evenly: dealt out by their first bits, about four come together. */
static void deal_out(struct key_row *rows, size_t count)
{
    enum { TOGETHER = 4, BITS_MAX = 20, HASH_BITS = 64 };
    unsigned bits = 1;
    while (bits < BITS_MAX && (count >> bits) > TOGETHER)
        bits++;
    size_t parts = (size_t)1 << bits, before = 0;
    uint32_t *ends = xcalloc(parts, sizeof *ends);
    struct key_row *dealt = xmalloc(count * sizeof *dealt);
    for (size_t i = 0; i < count; i++)
        ends[rows[i].hi >> (HASH_BITS - bits)]++;
    for (size_t i = 0; i < parts; i++) {
        size_t here = ends[i];
        ends[i] = (uint32_t)before;
        before += here;
    }
    for (size_t i = 0; i < count; i++)
        dealt[ends[rows[i].hi >> (HASH_BITS - bits)]++] = rows[i];
    for (size_t i = 0, from = 0; i < parts; from = ends[i], i++)
        sort_part(dealt + from, ends[i] - from);
    memcpy(rows, dealt, count * sizeof *rows);
    free(dealt);
    free(ends);
}

size_t key_rows_sort(struct key_row *rows, size_t count)
{
    enum { WORTH_DEALING = 64 };
    size_t kept = 0;
    if (count >= WORTH_DEALING && count < UINT32_MAX)
        deal_out(rows, count);
    else
        sort_part(rows, count);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || key_row_compare(&rows[i], &rows[kept - 1]) != 0)
            rows[kept++] = rows[i];
    return kept;
}

/* ---- Reading ---- */

/* Each step can be undone, so that a change of one word always changes the sum. */
static uint64_t sum_of(struct bytes bytes)
{
    static const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t sum = bytes.len;
    size_t at = 0;
    for (; at + 8 <= bytes.len; at += 8) {
        sum = (sum ^ load_be64(bytes.at + at)) * odd;
        sum ^= sum >> 29;
    }
    for (; at < bytes.len; at++) {
        sum = (sum ^ bytes.at[at]) * odd;
        sum ^= sum >> 29;
    }
    return sum;
}

static uint64_t load_wide(const uint8_t *at, unsigned len)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < len; i++)
        number = number << 8 | at[i];
    return number;
}

static void store_wide(uint8_t *at, uint64_t number, unsigned len)
{
    for (unsigned i = len; i > 0; i--, number >>= 8)
        at[i - 1] = (uint8_t)number;
}

static unsigned width_of(uint64_t number)
{
    unsigned len = 0;
    for (; number > 0; number >>= 8)
        len++;
    return len;
}

static size_t row_len(const struct key_block *block)
{
    return block->hi_len + LO + block->number_len;
}

bool key_block_open(struct key_block *block, struct bytes wire)
{
    enum { WIDEST = 8 };
    if (wire.len <= KEY_BLOCK_HEAD || wire.len > KEY_BLOCK_MAX ||
        load_be64(wire.at) != sum_of(bytes_slice(wire, SUM, wire.len - SUM)))
        return false;
    *block = (struct key_block){
        .rows = wire.at + KEY_BLOCK_HEAD,
        .hi_len = wire.at[WIDTHS_AT],
        .number_len = wire.at[WIDTHS_AT + 1],
        .first_hi = load_be64(wire.at + FIRST_AT),
    };
    if (block->hi_len > WIDEST || block->number_len < 1 || block->number_len > WIDEST ||
        (wire.len - KEY_BLOCK_HEAD) % row_len(block) != 0)
        return false;
    block->count = (wire.len - KEY_BLOCK_HEAD) / row_len(block);
    return true;
}

struct key_row key_block_row(const struct key_block *block, size_t i)
{
    assert(i < block->count);
    const uint8_t *at = block->rows + i * row_len(block);
    return (struct key_row){
        .hi = block->first_hi + load_wide(at, block->hi_len),
        .lo = load_be64(at + block->hi_len),
        .number = load_wide(at + block->hi_len + LO, block->number_len),
    };
}

size_t key_block_find(const struct key_block *block, uint64_t hi, uint64_t lo)
{
    size_t from = 0, to = block->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        struct key_row row = key_block_row(block, middle);
        if (row.hi < hi || (row.hi == hi && row.lo < lo))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* ---- Writing ---- */

static unsigned number_width(uint64_t most)
{
    return most > 0 ? width_of(most) : 1;
}

bool key_packer_add(struct key_packer *packer, const struct key_row *row)
{
    uint64_t most = row->number > packer->number_most ? row->number : packer->number_most;
    uint64_t first = packer->count > 0 ? packer->rows[0].hi : row->hi;
    size_t len = width_of(row->hi - first) + LO + number_width(most);
    if (packer->count == KEY_BLOCK_ROWS_MAX ||
        KEY_BLOCK_HEAD + (packer->count + 1) * len > KEY_BLOCK_MAX)
        return false;
    packer->rows[packer->count++] = *row;
    packer->number_most = most;
    return true;
}

size_t key_packer_write(uint8_t out[KEY_BLOCK_MAX], struct key_packer *packer)
{
    assert(packer->count > 0);
    uint64_t first = packer->rows[0].hi;
    unsigned hi_len = width_of(packer->rows[packer->count - 1].hi - first);
    unsigned number_len = number_width(packer->number_most);
    uint8_t *at = out + KEY_BLOCK_HEAD;
    out[WIDTHS_AT] = (uint8_t)hi_len;
    out[WIDTHS_AT + 1] = (uint8_t)number_len;
    store_be64(out + FIRST_AT, first);
    for (size_t i = 0; i < packer->count; i++) {
        const struct key_row *row = &packer->rows[i];
        store_wide(at, row->hi - first, hi_len);
        store_be64(at + hi_len, row->lo);
        store_wide(at + hi_len + LO, row->number, number_len);
        at += hi_len + LO + number_len;
    }
    size_t len = (size_t)(at - out);
    store_be64(out, sum_of(bytes_of(out + SUM, len - SUM)));
    packer->count = 0;
    packer->number_most = 0;
    return len;
}
