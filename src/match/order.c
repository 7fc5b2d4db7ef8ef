/* SPDX-License-Identifier: Apache-2.0 */
#include "match/order.h"

#include "base/memory.h"
#include "base/pool.h"

#include <assert.h>
#include <stdlib.h>

enum { STEP = 2048, FEW = 16, DIGITS = 256 };

struct ordering {
    const struct order *order;
    uint8_t *items;
    const uint32_t *ends; /* of a bucket each */
};

/* By insertion: most buckets have no more than a handful. */
static void sort_few(uint8_t *items, size_t count, const struct order *order)
{
    uint8_t moved[ORDER_ITEM_MAX];
    size_t size = order->size;
    for (size_t i = 1; i < count; i++) {
        size_t to = i;
        while (to > 0 && order->compare(items + (to - 1) * size, items + i * size) > 0)
            to--;
        if (to == i)
            continue;
        memcpy(moved, items + i * size, size);
        memmove(items + (to + 1) * size, items + to * size, (i - to) * size);
        memcpy(items + to * size, moved, size);
    }
}

static void sort_step(void *context, size_t step, unsigned thread)
{
    const struct ordering *ordering = context;
    const struct order *order = ordering->order;
    (void)thread;
    for (size_t b = step * STEP; b < (step + 1) * STEP && b < order->buckets; b++) {
        size_t from = b > 0 ? ordering->ends[b - 1] : 0, count = ordering->ends[b] - from;
        if (count <= FEW)
            sort_few(ordering->items + from * order->size, count, order);
        else
            qsort(ordering->items + from * order->size, count, order->size, order->compare);
    }
}

void order_items(void **items, const struct order *order, struct pool *pool)
{
    assert(order->size <= ORDER_ITEM_MAX && order->count < UINT32_MAX &&
           order->buckets > 0);
    uint8_t *from = *items, *to = xcalloc(order->count + 1, order->size);
    /* How many, then where the next one goes, which in the end is where the bucket ends. */
    uint32_t *next = xcalloc(order->buckets, sizeof *next), at = 0;
    for (size_t i = 0; i < order->count; i++)
        next[order->bucket(from + i * order->size, order->context)]++;
    for (size_t b = 0; b < order->buckets; b++) {
        uint32_t count = next[b];
        next[b] = at;
        at += count;
    }
    for (size_t i = 0; i < order->count; i++) {
        const uint8_t *item = from + i * order->size;
        memcpy(to + next[order->bucket(item, order->context)]++ * order->size, item,
               order->size);
    }
    struct ordering ordering = {order, to, next};
    pool_run(pool, sort_step, &ordering, (order->buckets + STEP - 1) / STEP);
    free(next);
    free(from);
    *items = to;
}

static size_t digit(uint64_t number, unsigned place)
{
    return (size_t)(number >> 8 * place) % DIGITS;
}

/* A digit in which all agree orders nothing. */
static void sort_by_digit(struct numbered *to, const struct numbered *from, size_t count,
                          unsigned place)
{
    size_t next[DIGITS] = {0}, at = 0;
    for (size_t i = 0; i < count; i++)
        next[digit(from[i].number, place)]++;
    for (size_t d = 0; d < DIGITS; d++) {
        size_t have = next[d];
        next[d] = at;
        at += have;
    }
    for (size_t i = 0; i < count; i++)
        to[next[digit(from[i].number, place)]++] = from[i];
}

void order_numbers(struct numbered *items, size_t count)
{
    uint64_t differ = 0;
    size_t rising = count > 0;
    for (size_t i = 1; i < count; i++) {
        differ |= items[i].number ^ items[0].number;
        rising += items[i].number >= items[i - 1].number;
    }
    if (rising == count)
        return;
    struct numbered *other = xcalloc(count, sizeof *other), *from = items, *to = other;
    for (unsigned place = 0; place < 8; place++) {
        if (digit(differ, place) == 0)
            continue;
        sort_by_digit(to, from, count, place);
        struct numbered *last = from;
        from = to;
        to = last;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
    free(other);
}
