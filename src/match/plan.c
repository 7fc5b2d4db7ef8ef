/* SPDX-License-Identifier: Apache-2.0 */
#include "match/plan.h"

#include <stdlib.h>

struct entry {
    enum key_class class;
    uint8_t key[ORDER_KEY];
    struct bytes item;
    size_t source;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    int order = memcmp(x->key, y->key, ORDER_KEY);
    if (order == 0)
        order = bytes_compare(x->item, y->item);
    return order != 0 ? order : (x->source > y->source) - (x->source < y->source);
}

static enum status read_items(struct entry *entries, const struct blinding_tuple *tuple,
                              const struct match_item *items, size_t count,
                              struct arena *arena, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct entry *entry = &entries[i];
        enum status status = item_text(&entry->item, &items[i], arena, err);
        if (status != OK) {
            err_prefix(err, "item %zu: ", i + 1);
            return status;
        }
        entry->class = items[i].class;
        entry->source = i;
        struct blinding_tuple own = *tuple;
        own.class = items[i].class;
        blinding_order(entry->key, &own, entry->item);
    }
    return OK;
}

enum status plan_init(struct plan *plan, const struct blinding_tuple *tuple,
                      const struct match_item *items, size_t count, struct arena *arena,
                      struct err *err)
{
    *plan = (struct plan){NULL, 0, NULL};
    if (count > PLAN_ITEMS_MAX)
        return fail(err, TOO_LARGE, "%zu things to ask; the limit is %d", count,
                    PLAN_ITEMS_MAX);
    struct entry *entries = arena_zalloc(arena, count + 1, sizeof *entries);
    enum status status = read_items(entries, tuple, items, count, arena, err);
    if (status != OK)
        return status;
    qsort(entries, count, sizeof *entries, compare_entries);

    struct bytes *distinct = arena_zalloc(arena, count + 1, sizeof *distinct);
    size_t *ends = arena_zalloc(arena, count + 1, sizeof *ends);
    size_t *sources = arena_zalloc(arena, count + 1, sizeof *sources);
    struct plan_batch *batches =
        arena_zalloc(arena, KEY_CLASSES + count / ASK_ELEMENTS_MAX + 1, sizeof *batches);
    struct plan_batch *batch = NULL;
    size_t next = 0; /* place of the next distinct item */
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = &entries[i];
        sources[i] = entry->source;
        bool again = next > 0 && entry->class == entry[-1].class &&
                     bytes_equal(entry->item, distinct[next - 1]);
        if (!again) {
            bool other_class = batch == NULL || batch->class != entry->class;
            if (other_class || batch->count == ASK_ELEMENTS_MAX) {
                uint32_t number = other_class ? tuple->batch : batch->number + 1;
                batch = &batches[plan->count++];
                *batch = (struct plan_batch){.class = entry->class,
                                             .number = number,
                                             .items = distinct + next,
                                             .ends = ends + next,
                                             .begin = i};
            }
            distinct[next++] = entry->item;
            batch->count++;
        }
        ends[next - 1] = i + 1;
    }
    plan->batches = batches;
    plan->sources = sources;
    return OK;
}
