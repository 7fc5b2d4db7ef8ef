/* SPDX-License-Identifier: Apache-2.0
 *
 * store/word_piece.h: the pieces of store/words.h, one by one; for the files of the words alone.
 */
#ifndef STORE_WORD_PIECE_H
#define STORE_WORD_PIECE_H

#include "store/inside.h"

enum {
    WORD_PIECE_MAX = 48 * 1024 * 1024, /* bytes; a larger one is not kept */
    WORDS_WORTH = 256,                 /* changes; fewer wait for the next time */
};

/* ---- Rows of a piece ---- */

struct word_row {
    uint64_t number, case_number;
    struct bytes words;
};
bool word_row_next(struct word_row *row, struct cursor *cursor);
void word_row_add(struct buf *out, const struct word_row *row);
/* Of the record, into words->one. */
void words_make(struct words *words, const struct record *record);
void words_wipe(struct buf *buf);

/* ---- Pieces ---- */

/* Up to where they hold what the log says. */
MUST_USE enum status words_read_reached(struct store *store, struct err *err);
/* Up to now. */
MUST_USE enum status words_write_reached(struct store *store, struct err *err);
/* Into store->opened. NOT_FOUND without a sentence: the piece is not there. */
MUST_USE enum status word_piece_open(uint64_t *slot, struct store *store, uint64_t piece,
                                     struct err *err);
/* In place of what was there; nothing is kept when rows is empty or too long. */
MUST_USE enum status word_piece_write(struct store *store, uint64_t piece,
                                      const struct buf *rows, struct err *err);
/* The slot of a piece that is gone. */
MUST_USE enum status words_doom(struct store *store, uint64_t slot, struct err *err);

/* ---- What changed since the pieces were written ---- */

struct word_changes {
    const struct store *store;
    uint64_t *at; /* numbers, rising */
    size_t count, capacity;
};
/* In the entries from `from` to `to`. */
MUST_USE enum status word_changes_find(struct word_changes *changes, struct store *store,
                                       uint64_t from, uint64_t to, struct err *err);
/* In their order, each once. */
void word_changes_sort(struct word_changes *changes);
bool word_changes_have(const struct word_changes *changes, uint64_t number);

#endif
