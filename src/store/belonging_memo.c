/* SPDX-License-Identifier: Apache-2.0
 *
 * What was found of a record while all are looked at: whoever a thousand others are tied to is looked at once.
 * Of a number the place that its hash says, or one of those behind it; a number of 0 is none.
 */
#include "store/belonging_inside.h"

#include "record/called.h"

#include <stdlib.h>

struct belonging_memo {
    struct belonging_known *places;
    size_t count, place_count; /* a power of 2 */
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
    free(memo->places);
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

static struct belonging_known *place_of(const struct belonging_memo *memo, uint64_t number)
{
    size_t at = (size_t)(number * UINT64_C(0x9E3779B97F4A7C15) >> 32);
    for (;; at++) {
        struct belonging_known *place = &memo->places[at & (memo->place_count - 1)];
        if (place->number == 0 || place->number == number)
            return place;
    }
}

bool belonging_memo_find(struct belonging_known *known, const struct belonging_memo *memo,
                         uint64_t number)
{
    if (memo == NULL || memo->place_count == 0)
        return false;
    *known = *place_of(memo, number);
    return known->number == number;
}

void belonging_memo_keep(struct belonging_memo *memo, const struct belonging_known *known)
{
    enum { FIRST = 1024 };
    if (memo == NULL || known->number == 0)
        return;
    if (2 * memo->count >= memo->place_count) {
        struct belonging_memo old = *memo;
        memo->place_count = old.place_count > 0 ? 2 * old.place_count : FIRST;
        memo->places = xcalloc(memo->place_count, sizeof *memo->places);
        for (size_t i = 0; i < old.place_count; i++)
            if (old.places[i].number != 0)
                *place_of(memo, old.places[i].number) = old.places[i];
        free(old.places);
    }
    struct belonging_known *place = place_of(memo, known->number);
    memo->count += place->number == 0;
    *place = *known;
}
