/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of records, as acts change them: they wait, and go into pieces.
 */
#include "store/word_piece.h"

#include "record/words.h"
#include "store/version.h"

#include <sodium.h>
#include <stdlib.h>

enum {
    WAITING_ROWS = WORDS_PIECE, /* so many changes are put into pieces */
    ROW_HEAD = 8 + 8 + 2,
};

void words_release(struct words *words)
{
    words_wipe(&words->waiting);
    words_wipe(&words->one);
}

/* ---- Acts ---- */

enum status words_write(struct store *store, const struct record_row *row,
                        const struct record *record, bool is_new, struct err *err)
{
    struct words *words = &store->words;
    if (row->kind != KIND_THING)
        return OK;
    enum status status = words_read_reached(store, err);
    if (status != OK || (!words->following && !words->has_finder))
        return status;
    words_make(words, record);
    if (words->has_finder) {
        if (!is_new)
            words->finder.drop(words->finder.context, row->number);
        if (words->one.len > 0)
            words->finder.put(words->finder.context, row->number, row->case_number,
                              buf_bytes(&words->one));
    }
    if (!words->following)
        return OK;
    words->waiting.max = SIZE_MAX;
    word_row_add(&words->waiting,
                 &(struct word_row){row->number, row->case_number, buf_bytes(&words->one)});
    words->waiting_count++;
    return words->waiting_count >= WAITING_ROWS ? words_save(store, err) : OK;
}

enum status words_erase(struct slot_list *slots, struct store *store, uint64_t number,
                        struct err *err)
{
    struct words *words = &store->words;
    struct cursor cursor = {.rest = buf_bytes(&words->waiting)};
    struct word_row row;
    uint64_t slot, piece = number >> WORDS_PIECE_BITS;
    while (word_row_next(&row, &cursor))
        if (row.number == number)
            sodium_memzero((uint8_t *)words->waiting.at +
                               (row.words.at - words->waiting.at),
                           row.words.len);
    if (words->has_finder)
        words->finder.drop(words->finder.context, number);
    /* What of the piece was saved already does not wait any more: only a finder can make it whole. */
    words->since = store->head.tree.size;
    enum status status = database_piece(&slot, &store->sealed, store->db, piece, err);
    if (status == OK) {
        slot_list_add(slots, slot);
        status = database_remove_piece(store->db, piece, err);
    }
    return status == NOT_FOUND ? OK : status;
}

enum status words_clear(struct store *store, struct err *err)
{
    struct slot_list slots = {0};
    enum status status = database_clear_pieces(&slots, store->db, err);
    for (size_t i = 0; i < slots.count && status == OK; i++)
        status = words_doom(store, slots.items[i], err);
    slot_list_release(&slots);
    store->words.since = store->head.tree.size;
    return status == OK ? words_write_reached(store, err) : status;
}

/* ---- Saving what waits ---- */

/* The rows that wait, the last of each number alone, by piece. */
struct waiting_row {
    struct word_row row;
    size_t place;
};

static int by_piece(const void *a, const void *b)
{
    const struct waiting_row *x = a, *y = b;
    if (x->row.number != y->row.number)
        return x->row.number < y->row.number ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static size_t sort_waiting(struct waiting_row *rows, const struct words *words)
{
    struct cursor cursor = {.rest = buf_bytes(&words->waiting)};
    size_t count = 0, kept = 0;
    while (count < words->waiting_count && word_row_next(&rows[count].row, &cursor)) {
        rows[count].place = count;
        count++;
    }
    qsort(rows, count, sizeof *rows, by_piece);
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count || rows[i + 1].row.number != rows[i].row.number)
            rows[kept++] = rows[i];
    return kept;
}

/* Rows of one piece go into it. A piece that is missing is written only when all its records came
 * since we follow; else it is made when a finder is attached. */
static enum status save_piece(struct store *store, uint64_t piece,
                              const struct waiting_row *rows, size_t count, struct buf *out,
                              struct err *err)
{
    struct word_row old;
    uint64_t slot;
    size_t next = 0;
    buf_clear(out);
    enum status status = word_piece_open(&slot, store, piece, err);
    if (status == NOT_FOUND && piece << WORDS_PIECE_BITS < store->words.since)
        return OK;
    struct cursor cursor = {.rest = buf_bytes(&store->opened)};
    while (status == OK && word_row_next(&old, &cursor)) {
        for (next = 0; next < count && rows[next].row.number < old.number;)
            next++;
        if (next == count || rows[next].row.number != old.number)
            word_row_add(out, &old);
    }
    if (status != OK && status != NOT_FOUND)
        return status;
    for (size_t i = 0; i < count; i++) {
        struct record_row record;
        status = database_record(&record, store->db, rows[i].row.number, err);
        if (status != OK)
            return status;
        if (!record.erased && rows[i].row.words.len > 0)
            word_row_add(out, &rows[i].row);
    }
    return word_piece_write(store, piece, out, err);
}

static enum status save_waiting(struct store *store, struct err *err)
{
    struct words *words = &store->words;
    struct waiting_row *rows = xmalloc((words->waiting_count + 1) * sizeof *rows);
    struct buf out = {.max = WORD_PIECE_MAX};
    size_t count = sort_waiting(rows, words), end;
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK; i = end) {
        uint64_t piece = rows[i].row.number >> WORDS_PIECE_BITS;
        for (end = i + 1; end < count && rows[end].row.number >> WORDS_PIECE_BITS == piece;)
            end++;
        status = save_piece(store, piece, rows + i, end - i, &out, err);
    }
    words_wipe(&out);
    free(rows);
    if (status == OK)
        status = words_write_reached(store, err);
    sodium_memzero(words->waiting.at, words->waiting.len);
    buf_clear(&words->waiting);
    words->waiting_count = 0;
    return status;
}

/* Changes from before we follow: few, or none at all when a finder read them. */
static enum status catch_up(struct store *store, struct err *err)
{
    struct words *words = &store->words;
    struct word_changes changed = {.store = store};
    enum status status = OK;
    if (words->reached >= words->since)
        return OK;
    status = word_changes_find(&changed, store, words->reached, words->since, err);
    if (status == OK && changed.count > WORDS_WORTH) {
        words->following = false; /* the next finder reads them */
        sodium_memzero(words->waiting.at, words->waiting.len);
        buf_clear(&words->waiting);
        words->waiting_count = 0;
    }
    struct word_changes waiting = {.store = store};
    struct cursor cursor = {.rest = buf_bytes(&words->waiting)};
    struct word_row row;
    while (words->following && word_row_next(&row, &cursor)) {
        grow_to((void **)&waiting.at, &waiting.capacity, waiting.count, sizeof *waiting.at);
        waiting.at[waiting.count++] = row.number;
    }
    word_changes_sort(&waiting);
    for (size_t i = 0; words->following && i < changed.count && status == OK; i++) {
        struct record_row record;
        struct record read;
        unsigned roles;
        if (word_changes_have(&waiting, changed.at[i]))
            continue;
        status = database_record(&record, store->db, changed.at[i], err);
        if (status == NOT_FOUND) { /* an object that is no record: an import */
            status = OK;
            continue;
        }
        if (status != OK || record.erased || record.kind != KIND_THING)
            continue;
        struct arena arena = {0};
        status = version_read(&read, &roles, store, record.latest, &arena, err);
        if (status == OK) {
            words_make(words, &read);
            word_row_add(&words->waiting,
                         &(struct word_row){record.number, record.case_number,
                                            buf_bytes(&words->one)});
            words->waiting_count++;
        } else if (status != IO_FAILED) {
            status = OK; /* it cannot be read, and is found by no word; the others are */
        }
        arena_release(&arena);
    }
    free(waiting.at);
    free(changed.at);
    return status;
}

enum status words_save(struct store *store, struct err *err)
{
    struct words *words = &store->words;
    if (!words->following || words->waiting_count < WORDS_WORTH)
        return OK;
    enum status status = catch_up(store, err);
    return status == OK && words->following ? save_waiting(store, err) : status;
}
