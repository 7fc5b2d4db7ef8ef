/* SPDX-License-Identifier: Apache-2.0 */
#include "match/quota_charges.h"

#include "base/endian.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_MIN = 1024 };

void charges_release(struct charges *charges)
{
    free(charges->items);
    free(charges->places);
    free(charges->cases);
    *charges = (struct charges){0};
}

static size_t place_of(const struct charges *charges, const uint8_t *id)
{
    size_t at = (size_t)load_be64(id) & (charges->place_count - 1);
    while (charges->places[at] != 0 &&
           memcmp(charges->items[charges->places[at] - 1].id, id, BATCH_ID) != 0)
        at = (at + 1) & (charges->place_count - 1);
    return at;
}

static uint32_t *last_of_case(const struct charges *charges, uint64_t of_case)
{
    size_t at = (size_t)of_case & (charges->place_count - 1);
    while (charges->cases[at] != 0 &&
           charges->items[charges->cases[at] - 1].of_case != of_case)
        at = (at + 1) & (charges->place_count - 1);
    return &charges->cases[at];
}

static void put_in_place(struct charges *charges, size_t i)
{
    struct charge *charge = &charges->items[i];
    uint32_t *last = last_of_case(charges, charge->of_case);
    charge->before = *last;
    *last = (uint32_t)i + 1;
    charges->places[place_of(charges, charge->id)] = (uint32_t)i + 1;
}

void charges_add(struct charges *charges, const struct charge *charge)
{
    grow_to((void **)&charges->items, &charges->capacity, charges->count,
            sizeof *charges->items);
    charges->items[charges->count++] = *charge;
    if (2 * charges->count <= charges->place_count) {
        put_in_place(charges, charges->count - 1);
        return;
    }
    free(charges->places);
    free(charges->cases);
    charges->place_count = charges->place_count > 0 ? 2 * charges->place_count : PLACES_MIN;
    charges->places = xcalloc(charges->place_count, sizeof *charges->places);
    charges->cases = xcalloc(charges->place_count, sizeof *charges->cases);
    for (size_t i = 0; i < charges->count; i++)
        put_in_place(charges, i);
}

const struct charge *charges_find(const struct charges *charges, const uint8_t *id)
{
    if (charges->place_count == 0)
        return NULL;
    uint32_t place = charges->places[place_of(charges, id)];
    return place > 0 ? &charges->items[place - 1] : NULL;
}

uint64_t charges_of_case(int64_t *days, const struct charges *charges,
                         const struct charges_asked *asked)
{
    uint64_t sum = 0;
    *days = 0;
    if (charges->place_count == 0)
        return 0;
    const struct charge *charge;
    for (uint32_t at = *last_of_case(charges, asked->of_case); at > 0;
         at = charge->before) {
        charge = &charges->items[at - 1];
        if (charge->day + QUOTA_CASE_DAYS <= asked->today)
            break; /* days do not go back: all the others are older */
        if (charge->class != asked->class)
            continue;
        sum += charge->count;
        if (sum > asked->most && *days == 0)
            *days = charge->day + QUOTA_CASE_DAYS - asked->today;
    }
    return sum;
}
