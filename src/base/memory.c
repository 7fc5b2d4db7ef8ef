/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_MIN = 16 * 1024, BLOCK_MAX = 1024 * 1024, ALIGNMENT = 16 };

struct arena_block {
    struct arena_block *next;
    size_t size; /* bytes in data */
    _Alignas(ALIGNMENT) uint8_t data[];
};

static void *must(void *pointer)
{
    if (pointer == NULL) {
        fputs("enlace: out of memory\n", stderr);
        abort();
    }
    return pointer;
}

void *xmalloc(size_t size)
{
    return must(malloc(size > 0 ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
    return must(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *xrealloc(void *old, size_t count, size_t size)
{
    size_t total;
    bool overflow = __builtin_mul_overflow(count, size, &total);
    assert(!overflow);
    return must(realloc(old, total > 0 ? total : 1));
}

char *xstrdup(const char *text)
{
    return must(strdup(text));
}

void grow_to(void **items, size_t *capacity, size_t index, size_t size)
{
    if (index < *capacity)
        return;
    size_t wanted = *capacity > 0 ? *capacity : 8;
    while (wanted <= index)
        wanted *= 2;
    *items = xrealloc(*items, wanted, size);
    *capacity = wanted;
}

/* Make the block after current hold at least size bytes: a kept one if it is large enough. */
static void next_block(struct arena *arena, size_t size)
{
    struct arena_block **link = arena->current ? &arena->current->next : &arena->first;
    if (*link == NULL || (*link)->size < size) {
        size_t wanted = arena->current ? arena->current->size * 2 : BLOCK_MIN;
        if (wanted > BLOCK_MAX)
            wanted = BLOCK_MAX;
        if (wanted < size)
            wanted = size;
        assert(wanted <= SIZE_MAX - sizeof(struct arena_block));
        struct arena_block *block = xmalloc(sizeof *block + wanted);
        block->size = wanted;
        block->next = *link;
        *link = block;
    }
    arena->current = *link;
    arena->used = 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    assert(size <= SIZE_MAX - ALIGNMENT);
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (arena->current == NULL || arena->current->size - arena->used < size)
        next_block(arena, size);
    void *result = arena->current->data + arena->used;
    arena->used += size;
    return result;
}

void *arena_zalloc(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    bool overflow = __builtin_mul_overflow(count, size, &total);
    assert(!overflow);
    return memset(arena_alloc(arena, total), 0, total);
}

char *arena_text(struct arena *arena, struct bytes from)
{
    char *copy = arena_alloc(arena, from.len + 1);
    if (from.len > 0)
        memcpy(copy, from.at, from.len);
    copy[from.len] = '\0';
    return copy;
}

struct bytes arena_bytes(struct arena *arena, struct bytes from)
{
    return (struct bytes){(const uint8_t *)arena_text(arena, from), from.len};
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    char nearly_all[256]; /* texts are short: most are formatted once, not twice */
    assert(format != NULL);
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(nearly_all, sizeof nearly_all, format, args);
    va_end(args);
    assert(len >= 0);
    char *text = arena_alloc(arena, (size_t)len + 1);
    if ((size_t)len < sizeof nearly_all)
        memcpy(text, nearly_all, (size_t)len + 1);
    else
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->current, arena->used};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    arena->current = mark.block;
    arena->used = mark.used;
}

void arena_reset(struct arena *arena)
{
    arena->current = NULL;
    arena->used = 0;
}

void arena_release(struct arena *arena)
{
    for (struct arena_block *block = arena->first; block != NULL;) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    *arena = (struct arena){0};
}
