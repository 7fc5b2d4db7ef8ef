/* SPDX-License-Identifier: Apache-2.0
 *
 * What was found of a record while all are looked at: whoever a thousand others are tied to is looked at once.
 */
#include "base/number_map.h"
#include "store/belonging_inside.h"

#include "record/called.h"

#include <stdlib.h>

struct belonging_memo {
    struct belonging_known *items;
    size_t count, capacity;
    struct number_map places; /* in the items */
    struct belonging_words words;
    struct belonging_reach reach;
};

struct belonging_memo *belonging_memo_open(void)
{
    return xcalloc(1, sizeof(struct belonging_memo));
}

void belonging_memo_close(struct belonging_memo *memo)
{
    if (memo == NULL)
        return;
    free(memo->items);
    number_map_release(&memo->places);
    free(memo->words.items);
    called_words_close(memo->words.called);
    free(memo->reach.numbers);
    free(memo);
}

struct belonging_words *belonging_memo_words(struct belonging_memo *memo)
{
    return &memo->words;
}

struct belonging_reach *belonging_memo_reach(struct belonging_memo *memo)
{
    return &memo->reach;
}

bool belonging_memo_find(struct belonging_known *known, const struct belonging_memo *memo,
                         uint64_t number)
{
    size_t at;
    if (memo == NULL || !number_map_find(&at, &memo->places, number))
        return false;
    *known = memo->items[at];
    return true;
}

void belonging_memo_keep(struct belonging_memo *memo, const struct belonging_known *known)
{
    size_t at;
    if (memo == NULL)
        return;
    if (!number_map_find(&at, &memo->places, known->number)) {
        at = memo->count++;
        grow_to((void **)&memo->items, &memo->capacity, at, sizeof *memo->items);
        number_map_keep(&memo->places, known->number, at);
    }
    memo->items[at] = *known;
}
