/* SPDX-License-Identifier: Apache-2.0
 *
 * Several runs, read as one in the order of their rows.
 */
#include "store/sqlite.h"

#include "base/memory.h"

#include <stdlib.h>

/* ---- One run ---- */

/* number 0 then: it is at its end. */
static enum status read_block(struct key_source *source, struct database *db, int64_t from,
                              struct err *err)
{
    struct key_page page;
    enum status status =
        key_page_next(&page, db, from, sqlite_block_last(source->run), err);
    source->number = status == OK ? page.number : 0;
    if (source->number == 0)
        return status;
    size_t head = KEY_BLOCK_HEAD;
    size_t row = page.rows.hi_len + sizeof(uint64_t) + page.rows.number_len;
    memcpy(source->copy, page.rows.rows - head, head + page.rows.count * row);
    source->rows = page.rows;
    source->rows.rows = source->copy + head;
    source->at = 0;
    key_page_close(&page, db);
    source->row = key_block_row(&source->rows, 0);
    return OK;
}

static enum status next_row(struct key_source *source, struct database *db, struct err *err)
{
    source->at++;
    if (source->at == source->rows.count)
        return read_block(source, db, source->number + 1, err);
    source->row = key_block_row(&source->rows, source->at);
    return OK;
}

static enum status open_source(struct key_source *source, struct database *db, int64_t run,
                               const struct key_row *after, struct err *err)
{
    int64_t from = sqlite_block_first(run);
    enum status status = OK;
    *source = (struct key_source){.run = run};
    if (after != NULL) {
        struct key_page page;
        status = key_page_before(&page, db, run, after->hi, err);
        if (status == OK && page.number != 0)
            from = page.number;
        if (status == OK)
            key_page_close(&page, db);
    }
    if (status == OK)
        status = read_block(source, db, from, err);
    while (status == OK && after != NULL && source->number != 0 &&
           key_row_compare(&source->row, after) <= 0)
        status = next_row(source, db, err);
    return status;
}

/* ---- Several ---- */

static bool is_less(const struct key_merge *merge, size_t a, size_t b)
{
    return key_row_compare(&merge->heap[a]->row, &merge->heap[b]->row) < 0;
}

static void sink(struct key_merge *merge, size_t at)
{
    for (;;) {
        size_t least = at, left = 2 * at + 1;
        for (size_t below = left; below < left + 2 && below < merge->left; below++)
            if (is_less(merge, below, least))
                least = below;
        if (least == at)
            return;
        struct key_source *source = merge->heap[at];
        merge->heap[at] = merge->heap[least];
        merge->heap[least] = source;
        at = least;
    }
}

enum status key_merge_open(struct key_merge *merge, struct database *db,
                           const int64_t *runs, size_t count, const struct key_row *after,
                           struct err *err)
{
    enum status status = OK;
    *merge = (struct key_merge){.count = count};
    merge->sources = xcalloc(count, sizeof *merge->sources);
    merge->heap = xcalloc(count, sizeof(*merge->heap));
    for (size_t i = 0; i < count && status == OK; i++) {
        status = open_source(&merge->sources[i], db, runs[i], after, err);
        if (merge->sources[i].number != 0)
            merge->heap[merge->left++] = &merge->sources[i];
    }
    for (size_t i = merge->left / 2; i > 0; i--)
        sink(merge, i - 1);
    return status;
}

const struct key_source *key_merge_top(const struct key_merge *merge)
{
    return merge->left > 0 ? merge->heap[0] : NULL;
}

enum status key_merge_next(struct key_merge *merge, struct database *db, struct err *err)
{
    enum status status = next_row(merge->heap[0], db, err);
    if (merge->heap[0]->number == 0)
        merge->heap[0] = merge->heap[--merge->left];
    if (merge->left > 0)
        sink(merge, 0);
    return status;
}

void key_merge_release(struct key_merge *merge)
{
    free(merge->sources);
    free(merge->heap);
    *merge = (struct key_merge){0};
}
