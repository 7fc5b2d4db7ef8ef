/* SPDX-License-Identifier: Apache-2.0
 *
 * base/memory.h: allocation that does not fail, and the arena.
 *
 * Out of memory aborts: the program is started again and what it had acknowledged is on disk.
 * Therefore every size that comes from outside is checked against a named limit first.
 *
 * An arena serves one request, row or job: parse, work and answer inside it, free once. Blocks
 * grow, are kept by arena_reset for the next row, and are given back by arena_release. Memory
 * from an arena is aligned for any type. Not thread-safe: one arena, one thread.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include "base/bytes.h"
#include "base/status.h"

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
/* Room for count elements of size bytes; aborts on overflow of the product. */
void *xrealloc(void *old, size_t count, size_t size);
char *xstrdup(const char *text);

/* Grow *items (elements of size bytes, *capacity of them) so that index fits; doubles. */
void grow_to(void **items, size_t *capacity, size_t index, size_t size);

struct arena_block;

/* All-zero is valid and empty. */
struct arena {
    struct arena_block *first, *current;
    size_t used; /* bytes taken from current */
};

/* A place to come back to: everything allocated after it is given up by arena_rewind. */
struct arena_mark {
    struct arena_block *block;
    size_t used;
};

void *arena_alloc(struct arena *arena, size_t size);
void *arena_zalloc(struct arena *arena, size_t count, size_t size);
/* Copies; the copy is followed by a NUL byte that is not counted. */
struct bytes arena_bytes(struct arena *arena, struct bytes from);
char *arena_text(struct arena *arena, struct bytes from);
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);
void arena_reset(struct arena *arena);   /* empty, blocks kept */
void arena_release(struct arena *arena); /* empty, blocks freed; may be called twice */

#endif
