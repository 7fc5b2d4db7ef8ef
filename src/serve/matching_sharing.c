/* SPDX-License-Identifier: Apache-2.0
 *
 * Which of those that have a key of a record are the same person as it is.
 */
#include "link/decide.h"
#include "serve/matching_family.h"

#include <stdlib.h>

/* Of so many others one is the same, whatever this node holds: protection does not lessen as it grows. */
enum { KIN_POPULATION = 1000 };

void list_person_keys(struct key_list *list, const struct key_list *all,
                      const struct record *record, struct arena *arena)
{
    struct key_list made = {0};
    *list = (struct key_list){0};
    if (!schema_is_a(record->schema, "Person"))
        return;
    if (all == NULL)
        keys_of_record(&made, record, arena);
    else
        made = *all;
    list->items = arena_alloc(arena, (made.count + 1) * sizeof *list->items);
    for (size_t i = 0; i < made.count; i++)
        if (made.items[i].class == KEY_PERSON)
            list->items[list->count++] = made.items[i];
}

void sharing_add(struct sharing_list *sharing, const struct sharing *one)
{
    grow_to((void **)&sharing->items, &sharing->capacity, sharing->count,
            sizeof *sharing->items);
    sharing->items[sharing->count++] = *one;
}

static int by_record(const void *a, const void *b)
{
    const struct sharing *x = a, *y = b;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

bool sharing_is_same(const struct key_list *list, const struct key *shared, size_t count,
                     struct arena *arena)
{
    const struct decide_query query = {.population = KIN_POPULATION,
                                       .asks = decide_asks(list->items, list->count)};
    struct decision decision;
    decide_query(&decision, shared, count, &query, arena);
    return decision.hit && !decision.weak;
}

void sharing_keep_same(struct sharing_list *sharing, const struct key_list *list,
                       struct arena *arena)
{
    struct key *shared = arena_zalloc(arena, list->count + 1, sizeof *shared);
    struct sharing *items = sharing->items;
    size_t kept = 0;
    if (sharing->count > 0)
        qsort(items, sharing->count, sizeof *items, by_record);
    for (size_t i = 0, end; i < sharing->count; i = end) {
        size_t count = 0;
        for (end = i; end < sharing->count && items[end].number == items[i].number; end++)
            if (end == i || items[end].key != items[end - 1].key)
                shared[count++] = list->items[items[end].key];
        if (sharing_is_same(list, shared, count, arena))
            items[kept++] = items[i];
    }
    sharing->count = kept;
}
