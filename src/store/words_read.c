/* SPDX-License-Identifier: Apache-2.0
 *
 * All words told to a finder, and pieces made where they are missing or behind.
 */
#include "store/word_piece.h"

#include "record/words.h"
#include "store/version.h"

#include <stdlib.h>

enum {
    WORTH_ENTRIES = 16 * 1024, /* read to find few changes: worth it */
    PAGE = 512,
};

struct reading {
    struct store *store;
    struct word_changes changed;
    struct buf rows; /* of the piece at hand, as it will be written */
    size_t made;     /* rows of it that were made from records */
};

static void tell(struct reading *reading, const struct word_row *row)
{
    struct words *words = &reading->store->words;
    word_row_add(&reading->rows, row);
    if (words->has_finder && row->words.len > 0)
        words->finder.put(words->finder.context, row->number, row->case_number, row->words);
}

static enum status make_row(struct reading *reading, const struct record_row *row,
                            struct err *err)
{
    struct store *store = reading->store;
    struct record record;
    unsigned roles;
    if (row->erased || row->kind != KIND_THING)
        return OK;
    arena_reset(&store->scratch);
    enum status status =
        version_read(&record, &roles, store, row->latest, &store->scratch, err);
    if (status != OK) /* what cannot be read is found by no word; the others are */
        return status == IO_FAILED ? status : OK;
    words_make(&store->words, &record);
    reading->made++;
    if (store->words.one.len > 0)
        tell(reading, &(struct word_row){row->number, row->case_number,
                                         buf_bytes(&store->words.one)});
    return OK;
}

static enum status make_piece(struct reading *reading, uint64_t piece, struct err *err)
{
    struct record_row *rows = xmalloc(PAGE * sizeof *rows);
    const struct record_filter things = {.choice = RECORDS_THINGS};
    uint64_t first = piece << WORDS_PIECE_BITS, end = first + WORDS_PIECE;
    uint64_t after = first > 0 ? first - 1 : 0; /* number 0 is the node's first entry */
    enum status status = OK;
    for (;;) {
        size_t count = 0;
        status =
            database_records(rows, &count, PAGE, reading->store->db, &things, after, err);
        if (status != OK || count == 0)
            break;
        for (size_t i = 0; i < count && rows[i].number < end && status == OK; i++)
            status = make_row(reading, &rows[i], err);
        after = rows[count - 1].number;
        if (status != OK || after + 1 >= end)
            break;
    }
    free(rows);
    return status;
}

/* The piece as it was kept, but for what changed, and that from its records. */
static enum status update_piece(struct reading *reading, uint64_t piece, struct err *err)
{
    struct store *store = reading->store;
    struct cursor cursor = {.rest = buf_bytes(&store->opened)};
    struct word_row row;
    while (word_row_next(&row, &cursor))
        if (!word_changes_have(&reading->changed, row.number))
            tell(reading, &row);
    if (cursor.failed)
        return fail(err, CONFLICT, "words of records are damaged; run `enlace rebuild`");
    enum status status = OK;
    for (size_t i = 0; i < reading->changed.count && status == OK; i++) {
        struct record_row record;
        if (reading->changed.at[i] >> WORDS_PIECE_BITS != piece)
            continue;
        status = database_record(&record, store->db, reading->changed.at[i], err);
        if (status == OK)
            status = make_row(reading, &record, err);
        if (status == NOT_FOUND) /* an object that is no record: an import */
            status = OK;
    }
    return status;
}

static enum status read_piece(struct reading *reading, uint64_t piece, bool worth,
                              struct err *err)
{
    uint64_t slot;
    buf_clear(&reading->rows);
    reading->made = 0;
    enum status status = word_piece_open(&slot, reading->store, piece, err);
    if (status == NOT_FOUND)
        status = make_piece(reading, piece, err);
    else if (status == OK)
        status = update_piece(reading, piece, err);
    if (status == OK && (reading->made >= WORDS_WORTH || (worth && reading->made > 0)))
        status = word_piece_write(reading->store, piece, &reading->rows, err);
    return status;
}

static enum status read_all(struct reading *reading, struct err *err)
{
    struct store *store = reading->store;
    uint64_t size = store->head.tree.size;
    enum status status = words_read_reached(store, err);
    if (status == OK)
        status =
            word_changes_find(&reading->changed, store, store->words.reached, size, err);
    bool worth = reading->changed.count >= WORDS_WORTH ||
                 size - store->words.reached >= WORTH_ENTRIES;
    for (uint64_t piece = 0; status == OK && piece << WORDS_PIECE_BITS < size; piece++)
        status = read_piece(reading, piece, worth, err);
    if (status == OK && worth)
        status = words_write_reached(store, err);
    store->words.since = size;
    store->words.following = true;
    return status;
}

enum status store_attach(struct store *store, const struct finder *finder, struct err *err)
{
    struct reading reading = {
        .store = store, .changed = {.store = store}, .rows = {.max = WORD_PIECE_MAX}};
    struct err why = {0};
    enum status status = store_commit(store, err);
    if (status == OK)
        status = store_begin(store, err);
    if (status != OK)
        return status;
    store->words.finder = *finder;
    store->words.has_finder = true;
    status = read_all(&reading, &why);
    if (status != OK)
        status = store_stop(store, &why, err);
    else
        status = store_commit(store, err);
    words_wipe(&reading.rows);
    free(reading.changed.at);
    return status;
}
