/* SPDX-License-Identifier: Apache-2.0
 *
 * Of a number the place that its hash says, or the first empty one behind it.
 */
#include "base/number_map.h"

#include "base/memory.h"

#include <stdlib.h>

void number_map_release(struct number_map *map)
{
    free(map->places);
    *map = (struct number_map){0};
}

static struct number_map_place *place_of(const struct number_map *map, uint64_t number)
{
    size_t at = (size_t)(number * UINT64_C(0x9E3779B97F4A7C15) >> 32);
    for (;; at++) {
        struct number_map_place *place = &map->places[at & (map->place_count - 1)];
        if (!place->taken || place->number == number)
            return place;
    }
}

bool number_map_find(size_t *value, const struct number_map *map, uint64_t number)
{
    if (map->place_count == 0)
        return false;
    const struct number_map_place *place = place_of(map, number);
    if (place->taken)
        *value = place->value;
    return place->taken;
}

static void grow(struct number_map *map)
{
    enum { FIRST = 64 };
    struct number_map old = *map;
    map->place_count = old.place_count > 0 ? 2 * old.place_count : FIRST;
    map->places = xcalloc(map->place_count, sizeof *map->places);
    for (size_t i = 0; i < old.place_count; i++)
        if (old.places[i].taken)
            *place_of(map, old.places[i].number) = old.places[i];
    free(old.places);
}

void number_map_keep(struct number_map *map, uint64_t number, size_t value)
{
    if (2 * map->count >= map->place_count)
        grow(map);
    struct number_map_place *place = place_of(map, number);
    map->count += !place->taken;
    *place = (struct number_map_place){number, value, true};
}
