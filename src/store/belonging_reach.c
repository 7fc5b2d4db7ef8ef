/* SPDX-License-Identifier: Apache-2.0
 *
 * From the informants outward. Of a hundred thousand records that leave the node hardly one has to do with an
 * informant, and looking around each for one costs most of an export. The index has a list of the informants; what
 * lies within reach of them is gathered once, and only that is looked at closely.
 *
 *     informant --decided same--> informant's other record          as often as there are
 *     one of these --line, thing, event, line, thing--> record      REACH_STEPS, not over other persons
 *
 * All that belonging.c and belonging_names.c find of a record leads along such a way, which is tested by both
 * being asked of one node (tests/test_matching_belongings.c).
 */
#include "base/number_map.h"
#include "store/belonging_inside.h"

#include <stdlib.h>

enum { REACH_STEPS = 5, REACH_MAX = 1 << 20 };

struct step {
    uint64_t number;
    unsigned steps;
};
struct way {
    struct step *items; /* in the order of their steps, each number once */
    size_t count, capacity;
    struct number_map gone; /* numbers that stand there */
    struct belonging_reach *reach;
    bool lost; /* not all can be gathered */
};

static int by_number(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

bool belonging_within_reach(const struct belonging_reach *reach, uint64_t number)
{
    return reach->count > 0 && bsearch(&number, reach->numbers, reach->count,
                                       sizeof *reach->numbers, by_number) != NULL;
}

static void reach_add(struct way *way, uint64_t number)
{
    struct belonging_reach *reach = way->reach;
    grow_to((void **)&reach->numbers, &reach->capacity, reach->count,
            sizeof *reach->numbers);
    reach->numbers[reach->count++] = number;
    way->lost |= reach->count > REACH_MAX;
}

static void go_to(struct way *way, uint64_t number, unsigned steps)
{
    size_t at;
    if (number_map_find(&at, &way->gone, number))
        return;
    number_map_keep(&way->gone, number, way->count);
    grow_to((void **)&way->items, &way->capacity, way->count, sizeof *way->items);
    way->items[way->count++] = (struct step){number, steps};
}

/* A case and what is found by the watch list what has nothing to do with each other. */
static bool leads_on(const struct record *tie)
{
    return !schema_is_a(tie->schema, "LegalEntity") && !schema_is_a(tie->schema, "Case") &&
           !schema_is_a(tie->schema, "Alert") && !schema_is_a(tie->schema, "LinkDecision");
}

/* What is tied to it lies within reach; what leads on is gone from next. */
static enum status go_from(struct way *way, const struct belonging *who,
                           const struct step *at, struct err *err)
{
    struct arena arena = {0};
    struct look look = {.who = *who, .arena = &arena};
    struct record record, tie;
    struct tied_list *ties = arena_zalloc(&arena, 1, sizeof *ties);
    reach_add(way, at->number);
    enum status status = belonging_read(&record, &look, at->number, err);
    if (status == OK && record.schema != NULL)
        status = belonging_tied(&ties, &look, at->number, &record, err);
    for (size_t i = 0; i < ties->count && status == OK && look.why == NULL; i++) {
        reach_add(way, ties->numbers[i]);
        if (at->steps == REACH_STEPS)
            continue;
        status = belonging_read(&tie, &look, ties->numbers[i], err);
        if (status == OK && tie.schema != NULL && leads_on(&tie))
            go_to(way, ties->numbers[i], at->steps + 1);
    }
    way->lost |= look.why != NULL;
    arena_release(&arena);
    return status;
}

/* The other records of the informants: they stand at the beginning, too. */
static enum status go_from_same(struct way *way, const struct belonging *who, size_t at,
                                struct err *err)
{
    struct arena arena = {0};
    struct look look = {.who = *who, .arena = &arena};
    struct record record;
    struct belonging_decided decided = {0};
    uint64_t number = way->items[at].number;
    enum status status = belonging_read(&record, &look, number, err);
    if (status == OK && record.schema != NULL)
        status = belonging_decided(&decided, who->store, number, &record, err);
    for (size_t i = 0; i < decided.same_count && status == OK; i++)
        go_to(way, decided.same[i], 0);
    way->lost |= look.why != NULL || decided.why != NULL;
    belonging_decided_release(&decided);
    arena_release(&arena);
    return status;
}

enum status belonging_reach(const struct belonging_reach **out, const struct belonging *who,
                            struct err *err)
{
    struct arena arena = {0};
    struct belonging_reach *reach = belonging_memo_reach(who->memo);
    struct way way = {.reach = reach};
    uint64_t *numbers;
    size_t count;
    bool known;
    *out = reach;
    if (reach->made)
        return OK;
    enum status status =
        store_protected(&numbers, &count, &known, who->store, true, &arena, err);
    for (size_t i = 0; i < count && status == OK; i++)
        go_to(&way, numbers[i], 0);
    for (size_t i = 0; i < way.count && status == OK && !way.lost; i++)
        status = go_from_same(&way, who, i, err);
    for (size_t i = 0; i < way.count && status == OK && !way.lost; i++) {
        const struct step at = way.items[i];
        status = go_from(&way, who, &at, err);
    }
    reach->made = status == OK;
    reach->usable = known && !way.lost;
    if (reach->count > 0)
        qsort(reach->numbers, reach->count, sizeof *reach->numbers, by_number);
    free(way.items);
    number_map_release(&way.gone);
    arena_release(&arena);
    return status;
}
