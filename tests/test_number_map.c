/* SPDX-License-Identifier: Apache-2.0
 *
 * What was kept of a number is found, and of no other: 0 and the largest are numbers as all are.
 */
#include "base/memory.h"
#include "base/number_map.h"
#include "check.h"

#include <stdlib.h>

/* Beside a plain table of the small numbers. */
static void test_many(void)
{
    enum { NUMBERS = 5000, STEPS = 20000 };
    struct number_map map = {0};
    size_t *kept = xcalloc(NUMBERS, sizeof *kept), different = 0;
    uint64_t seed = 1;
    for (size_t step = 0; step < STEPS; step++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        size_t number = (size_t)(seed >> 33) % NUMBERS;
        different += kept[number] == 0;
        kept[number] = step + 1;
        number_map_keep(&map, number << 40, step + 1);
    }
    CHECK(map.count == different);
    for (size_t number = 0; number < NUMBERS; number++) {
        size_t value = 0;
        bool found = number_map_find(&value, &map, (uint64_t)number << 40);
        CHECK_SEEN(found == (kept[number] > 0) && value == kept[number], "%zu", number);
    }
    free(kept);
    number_map_release(&map);
}

static void test_ends(void)
{
    static const uint64_t numbers[] = {0, 1, UINT64_MAX};
    struct number_map map = {0};
    size_t value = 7;
    for (size_t i = 0; i < 3; i++)
        CHECK(!number_map_find(&value, &map, numbers[i]));
    number_map_keep(&map, 5, 9);
    for (size_t i = 0; i < 3; i++)
        CHECK_SEEN(!number_map_find(&value, &map, numbers[i]) && value == 7,
                   "%zu is not there though others are", i);
    for (size_t i = 0; i < 3; i++)
        number_map_keep(&map, numbers[i], i);
    for (size_t i = 0; i < 3; i++)
        CHECK(number_map_find(&value, &map, numbers[i]) && value == i);
    number_map_release(&map);
    number_map_release(&map);
    CHECK(!number_map_find(&value, &map, 5));
}

int main(void)
{
    test_many();
    test_ends();
    return check_done("number_map");
}
