/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include "check.h"

/* Short texts are formatted once, long ones twice: the limit is passed letter by letter. */
static void test_printf(void)
{
    struct arena arena = {0};
    char letters[600];
    memset(letters, 'x', sizeof letters);
    for (int len = 0; len < (int)sizeof letters; len++) {
        const char *text = arena_printf(&arena, "%.*s", len, letters);
        CHECK(strlen(text) == (size_t)len && memcmp(text, letters, (size_t)len) == 0);
    }
    arena_release(&arena);
}

int main(void)
{
    test_printf();
    struct arena arena = {0};
    arena_release(&arena); /* all-zero is valid */

    char *first = arena_text(&arena, BYTES_OF("first"));
    struct arena_mark mark = arena_mark(&arena);
    char *second = arena_printf(&arena, "%s-%d", "second", 2);
    CHECK(strcmp(second, "second-2") == 0);
    CHECK((uintptr_t)second % 16 == 0);
    arena_rewind(&arena, mark);
    char *third = arena_text(&arena, BYTES_OF("third"));
    CHECK(third == second); /* the place was given up */
    CHECK(strcmp(first, "first") == 0);

    /* Larger than any block, and again after a reset: blocks are kept. */
    enum { LARGE = 3 * 1024 * 1024 };
    uint8_t *large = arena_zalloc(&arena, LARGE, 1);
    CHECK(large[0] == 0 && large[LARGE - 1] == 0);
    arena_reset(&arena);
    for (int i = 0; i < 10000; i++) {
        uint64_t *number = arena_zalloc(&arena, 4, sizeof *number);
        if (number[3] != 0)
            CHECK(!"memory of a reset arena is not zeroed by arena_zalloc");
        number[3] = (uint64_t)i;
    }
    CHECK(strcmp(arena_text(&arena, (struct bytes){0}), "") == 0);
    arena_release(&arena);
    arena_release(&arena);

    int *items = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < 100; i++) {
        grow_to((void **)&items, &capacity, i, sizeof *items);
        items[i] = (int)i;
    }
    CHECK(capacity >= 100 && items[99] == 99);
    free(items);
    return check_done("memory");
}
