/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of keys: what goes in comes out, what was damaged does not; and the rows that came last.
 */
#include "check.h"
#include "sim_disk.h"

#include "store/key_recent.h"

enum { MANY = 5000 };

static struct sim_disk sim;

static uint64_t draw64(void)
{
    return sim_draw(&sim, UINT32_MAX) << 32 | sim_draw(&sim, UINT32_MAX);
}

/* How wide hashes and numbers are, and how many begin alike. */
static const struct shape {
    const char *name;
    uint64_t hi_mask, lo_mask, number_mask;
} shapes[] = {
    {"spread", UINT64_MAX, UINT64_MAX, 0xFFFFFF},
    {"narrow", 0xFF, UINT64_MAX, 0xFF},
    {"one hash", 0, 0, UINT64_MAX},
    {"one hash and few numbers", 0, 0, 3},
    {"all wide", UINT64_MAX, UINT64_MAX, UINT64_MAX},
    {"near the end", UINT64_C(0xFF) << 56, UINT64_MAX, 0xFFFFFFFF},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static size_t make_rows(struct key_row rows[MANY], const struct shape *shape, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct key_row){draw64() & shape->hi_mask, draw64() & shape->lo_mask,
                                   draw64() & shape->number_mask};
    return key_rows_sort(rows, count);
}

/* Against the sort of the library; equal ones once. */
static void test_sort(const struct shape *shape, size_t count)
{
    static struct key_row rows[MANY], twin[MANY];
    size_t kept = 0, left;
    for (size_t i = 0; i < count; i++)
        rows[i] = twin[i] =
            (struct key_row){draw64() & shape->hi_mask, draw64() & shape->lo_mask,
                             draw64() & shape->number_mask & 0xFF};
    qsort(twin, count, sizeof *twin, key_row_compare);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || key_row_compare(&twin[i], &twin[kept - 1]) != 0)
            twin[kept++] = twin[i];
    left = key_rows_sort(rows, count);
    CHECK_SEEN(left == kept && memcmp(rows, twin, kept * sizeof *rows) == 0, "%s, %zu",
               shape->name, count);
}

static void check_block(struct bytes wire, const struct key_row *rows, size_t count)
{
    struct key_block block;
    if (!CHECK(key_block_open(&block, wire) && block.count == count))
        return;
    for (size_t i = 0; i < count; i++) {
        struct key_row row = key_block_row(&block, i);
        size_t first = i;
        while (first > 0 && rows[first - 1].hi == row.hi && rows[first - 1].lo == row.lo)
            first--;
        CHECK(key_row_compare(&row, &rows[i]) == 0);
        CHECK(key_block_find(&block, row.hi, row.lo) == first);
    }
    CHECK(key_block_find(&block, 0, 0) == 0);
    bool beyond = rows[count - 1].hi == UINT64_MAX && rows[count - 1].lo == UINT64_MAX;
    CHECK(beyond || key_block_find(&block, UINT64_MAX, UINT64_MAX) == count);
}

static void test_blocks(const struct shape *shape)
{
    static struct key_row rows[MANY];
    static struct key_packer packer;
    uint8_t wire[KEY_BLOCK_MAX];
    size_t count = make_rows(rows, shape, MANY), from = 0, blocks = 0;
    for (size_t i = 0; i <= count; i++) {
        if (i < count && key_packer_add(&packer, &rows[i]))
            continue;
        size_t packed = packer.count, len = key_packer_write(wire, &packer);
        CHECK(packer.count == 0 && packed == i - from && len <= KEY_BLOCK_MAX);
        check_block(bytes_of(wire, len), &rows[from], packed);
        blocks++;
        from = i;
        CHECK(i == count || key_packer_add(&packer, &rows[i]));
    }
    packer = (struct key_packer){0};
    CHECK_SEEN(count < MANY || blocks < 35, "%s: %zu", shape->name, blocks);
}

/* Any bit of it; and any end. */
static void test_damage(void)
{
    static struct key_row rows[MANY];
    struct key_packer packer = {0};
    struct key_block block;
    uint8_t wire[KEY_BLOCK_MAX];
    size_t count = make_rows(rows, &shapes[0], 20);
    for (size_t i = 0; i < count; i++)
        CHECK(key_packer_add(&packer, &rows[i]));
    size_t len = key_packer_write(wire, &packer);
    unsigned missed = 0;
    for (size_t bit = 0; bit < 8 * len; bit++) {
        wire[bit / 8] ^= (uint8_t)(1U << bit % 8);
        missed += key_block_open(&block, bytes_of(wire, len));
        wire[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t cut = 0; cut < len; cut++)
        missed += key_block_open(&block, bytes_of(wire, cut));
    CHECK_SEEN(missed == 0, "%u", missed);
    CHECK(key_block_open(&block, bytes_of(wire, len)));
}

static void test_recent(void)
{
    struct key_recent recent = {0};
    struct key_row rows[600], out[600];
    const struct key_recent_row *found = NULL;
    CHECK(key_recent_find(&recent, NULL, 1, 2) == NULL);
    for (size_t i = 0; i < 600; i++) { /* each hash three times */
        rows[i] = (struct key_row){i / 3, 7 * (i / 3), i};
        key_recent_add(&recent, &rows[i], (int64_t)i / 100);
    }
    for (size_t i = 0; i < 200; i++) {
        unsigned count = 0;
        while ((found = key_recent_find(&recent, found, i, 7 * i)) != NULL) {
            CHECK(found->row.number / 3 == i &&
                  found->block == (int64_t)found->row.number / 100);
            count++;
        }
        CHECK(count == 3 && key_recent_find(&recent, NULL, i, 7 * i + 1) == NULL);
    }
    for (size_t i = 0; i < 200; i++) { /* two of the three */
        key_recent_remove(&recent, key_recent_find(&recent, NULL, i, 7 * i));
        key_recent_remove(&recent, key_recent_find(&recent, NULL, i, 7 * i));
        found = key_recent_find(&recent, NULL, i, 7 * i);
        CHECK(found != NULL && key_recent_find(&recent, found, i, 7 * i) == NULL);
    }
    CHECK(recent.count == 200);
    key_recent_copy(out, &recent);
    CHECK(key_rows_sort(out, 200) == 200 && out[0].hi == 0 && out[199].hi == 199);
    key_recent_clear(&recent);
    CHECK(recent.count == 0 && key_recent_find(&recent, NULL, 5, 35) == NULL);
    key_recent_release(&recent);
    key_recent_release(&recent);
}

int main(void)
{
    static const size_t counts[] = {0, 1, 2, 24, 25, 63, 64, 65, 1000, MANY};
    sim_init(&sim, 20261127);
    for (size_t i = 0; i < SHAPES; i++) {
        for (size_t j = 0; j < sizeof counts / sizeof counts[0]; j++)
            test_sort(&shapes[i], counts[j]);
        test_blocks(&shapes[i]);
    }
    test_damage();
    test_recent();
    sim_release(&sim);
    return check_done("key_block");
}
