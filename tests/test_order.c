/* SPDX-License-Identifier: Apache-2.0
 *
 * Order and outputs while maps are made, against qsort and a walk through all.
 */
#include "match/order.h"

#include "base/memory.h"
#include "base/pool.h"
#include "base/world.h"
#include "check.h"
#include "match/outputs.h"

#include <stdlib.h>

enum { MOST = 40000 };

struct thing {
    uint32_t prefix, tail;
    uint8_t noise[24];
};

static int compare_things(const void *a, const void *b)
{
    const struct thing *x = a, *y = b;
    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    return (x->tail > y->tail) - (x->tail < y->tail);
}

static size_t bucket(const void *item, const void *context)
{
    const struct thing *thing = item;
    return (size_t)((uint64_t)thing->prefix * *(const size_t *)context >> 32);
}

static void test_items(struct pool *pool)
{
    static const struct {
        const char *name;
        size_t count, buckets;
        uint32_t mask; /* of the first number: how uneven it is */
    } rows[] = {{"none", 0, 1, 0xFFFFFFFF},
                {"one", 1, 1, 0xFFFFFFFF},
                {"even", MOST, MOST, 0xFFFFFFFF},
                {"all in one bucket", MOST, MOST, 0},
                {"a few full buckets", MOST, MOST, 0xC0000000},
                {"one bucket there is", 3000, 1, 0xFFFFFFFF},
                {"more buckets than items", 100, 5000, 0xFFFFFFFF}};
    struct world_seeded random;
    world_seeded_init(&random, 4, 0);
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        size_t count = rows[row].count;
        struct thing *things = xcalloc(count + 1, sizeof *things),
                     *twin = xcalloc(count + 1, sizeof *twin);
        world_random(&random.world, things, count * sizeof *things);
        for (size_t i = 0; i < count; i++)
            things[i].prefix &= rows[row].mask;
        memcpy(twin, things, count * sizeof *twin);
        qsort(twin, count, sizeof *twin, compare_things);
        const struct order order = {sizeof *things,     count,
                                    rows[row].buckets,  bucket,
                                    &rows[row].buckets, compare_things};
        void *items = things;
        order_items(&items, &order, row % 2 == 0 ? pool : NULL);
        CHECK_SEEN(memcmp(items, twin, count * sizeof *twin) == 0, "%s", rows[row].name);
        free(items);
        free(twin);
    }
}

/* Equal numbers stay as they were. */
static void test_numbers(void)
{
    static const uint64_t masks[] = {UINT64_MAX, 0xFF, 0xFF00FF0000, 0, 0xFFFFF};
    struct world_seeded random;
    world_seeded_init(&random, 5, 0);
    for (size_t row = 0; row < sizeof masks / sizeof masks[0] * 2; row++) {
        struct numbered *items = xcalloc(MOST, sizeof *items);
        size_t wrong = 0;
        uint64_t sum = 0, sum_after = 0;
        for (uint32_t i = 0; i < MOST; i++) {
            world_random(&random.world, &items[i].number, 8);
            items[i].number &= masks[row / 2];
            if (row % 2 == 1)
                items[i].number = i / 3; /* in order already */
            items[i].at = i;
            sum += items[i].number * (i + 1);
        }
        order_numbers(items, MOST);
        for (size_t i = 0; i < MOST; i++)
            sum_after += items[i].number * (items[i].at + 1);
        for (size_t i = 1; i < MOST; i++)
            wrong +=
                items[i - 1].number > items[i].number ||
                (items[i - 1].number == items[i].number && items[i - 1].at >= items[i].at);
        CHECK_SEEN(wrong == 0 && sum == sum_after, "row %zu: %zu", row, wrong);
        free(items);
    }
    order_numbers(NULL, 0);
}

/* Digests that agree in their first bytes, which is all that a slot holds, are still told apart. */
static void test_outputs(void)
{
    struct outputs outputs = {.outputs = NULL};
    uint8_t(*digests)[HOLDING_DIGEST] = xcalloc(MOST, HOLDING_DIGEST);
    struct world_seeded random;
    bool is_new;
    size_t wrong = 0;
    world_seeded_init(&random, 6, 0);
    world_random(&random.world, digests, (size_t)MOST * HOLDING_DIGEST);
    for (size_t i = 0; i < 300; i++)
        memset(digests[i], 0xFF, 4);
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < MOST; i++) {
            uint32_t number = outputs_number(&is_new, &outputs, digests[i]);
            if (is_new)
                store_be32(outputs.outputs[number], i);
            wrong += is_new != (round == 0) || load_be32(outputs.outputs[number]) != i;
        }
    CHECK_SEEN(wrong == 0 && outputs.count == MOST, "%zu", wrong);
    outputs_release(&outputs);
    outputs_release(&outputs);
    free(digests);
}

int main(void)
{
    struct pool *pool = pool_open(3);
    test_items(pool);
    test_numbers();
    test_outputs();
    pool_close(pool);
    return check_done("order");
}
