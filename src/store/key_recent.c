/* SPDX-License-Identifier: Apache-2.0 */
#include "store/key_recent.h"

#include "base/memory.h"

#include <stdlib.h>

enum { HEADS_FIRST = 256 };

static uint32_t *head_of(const struct key_recent *recent, uint64_t hi, uint64_t lo)
{
    return &recent->heads[(hi ^ lo) & (recent->head_count - 1)];
}

static void link_row(struct key_recent *recent, size_t place)
{
    struct key_recent_row *row = &recent->rows[place];
    uint32_t *head = head_of(recent, row->row.hi, row->row.lo);
    row->next = *head;
    *head = (uint32_t)place + 1;
}

/* As many chains as rows, or more. */
static void make_heads(struct key_recent *recent)
{
    if (recent->taken <= recent->head_count)
        return;
    recent->head_count = recent->head_count > 0 ? 2 * recent->head_count : HEADS_FIRST;
    recent->heads = xrealloc(recent->heads, recent->head_count, sizeof *recent->heads);
    memset(recent->heads, 0, recent->head_count * sizeof *recent->heads);
    for (size_t i = 0; i + 1 < recent->taken; i++) /* the last is linked by its adder */
        link_row(recent, i);
}

void key_recent_release(struct key_recent *recent)
{
    free(recent->rows);
    free(recent->heads);
    *recent = (struct key_recent){0};
}

void key_recent_clear(struct key_recent *recent)
{
    recent->taken = recent->count = 0;
    if (recent->heads != NULL)
        memset(recent->heads, 0, recent->head_count * sizeof *recent->heads);
}

void key_recent_add(struct key_recent *recent, const struct key_row *row, int64_t block)
{
    grow_to((void **)&recent->rows, &recent->capacity, recent->taken, sizeof *recent->rows);
    recent->rows[recent->taken++] = (struct key_recent_row){.row = *row, .block = block};
    recent->count++;
    make_heads(recent);
    link_row(recent, recent->taken - 1);
}

const struct key_recent_row *key_recent_find(const struct key_recent *recent,
                                             const struct key_recent_row *after,
                                             uint64_t hi, uint64_t lo)
{
    uint32_t at = 0;
    if (after != NULL)
        at = after->next;
    else if (recent->head_count > 0)
        at = *head_of(recent, hi, lo);
    while (at != 0) {
        const struct key_recent_row *row = &recent->rows[at - 1];
        if (row->row.hi == hi && row->row.lo == lo && !row->removed)
            return row;
        at = row->next;
    }
    return NULL;
}

void key_recent_remove(struct key_recent *recent, const struct key_recent_row *row)
{
    struct key_recent_row *own = &recent->rows[row - recent->rows];
    recent->count -= !own->removed;
    own->removed = true;
}

void key_recent_copy(struct key_row *out, const struct key_recent *recent)
{
    for (size_t i = 0; i < recent->taken; i++)
        if (!recent->rows[i].removed)
            *out++ = recent->rows[i].row;
}
