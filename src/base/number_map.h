/* SPDX-License-Identifier: Apache-2.0
 *
 * base/number_map.h: a value of each number.
 *
 * Any number may be one, 0 too, and any value. In memory, at least half of it empty; all-zero is valid and holds
 * nothing. One thread at a time.
 */
#ifndef BASE_NUMBER_MAP_H
#define BASE_NUMBER_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct number_map {
    struct number_map_place {
        uint64_t number;
        size_t value;
        bool taken;
    } * places;
    size_t count, place_count; /* a power of 2, or 0 */
};

void number_map_release(struct number_map *map);
/* *value stays as it is when there is none. */
bool number_map_find(size_t *value, const struct number_map *map, uint64_t number);
/* In place of the one that it had. */
void number_map_keep(struct number_map *map, uint64_t number, size_t value);

#endif
