/* SPDX-License-Identifier: Apache-2.0
 *
 * store/words.h: the words of all records, sealed in pieces, and told to the finder.
 *
 *     setting "words" = reached 8 | hash of the rules 32: the pieces hold what the log of that
 *                       size said; a later change is found in the log
 *     piece n         = words of the things with numbers in [n * WORDS_PIECE, + WORDS_PIECE),
 *                       sealed as a payload is, under a slot of its own:
 *                       number 8 | case 8 | length 2 | words, again and again
 *
 * A piece that is missing is made from its records; so erasing one record overwrites the key of its
 * piece, and nothing of it is left. Words of acts wait here until there are enough for a piece.
 */
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include "store/database_rows.h"
#include "store/finder.h"

enum { WORDS_PIECE_BITS = 14, WORDS_PIECE = 1 << WORDS_PIECE_BITS, WORDS_RULES = 32 };

struct record;

/* All-zero is valid and empty. */
struct words {
    struct finder finder;
    bool has_finder;
    bool known; /* reached and since are read */
    bool
        following; /* every change since `reached` waits here, or is found by catching up */
    uint64_t reached;     /* what the pieces hold */
    uint64_t since;       /* size of the log when this store began to follow */
    struct buf waiting;   /* rows of a piece */
    size_t waiting_count; /* how many */
    struct buf one;       /* the words of the record at hand */
};

void words_release(struct words *words);

/* Inside the transaction of the act that wrote it. is_new: it had no version before. */
MUST_USE enum status words_write(struct store *store, const struct record_row *row,
                                 const struct record *record, bool is_new, struct err *err);
/* Its words go, wherever they are; the slots that held them are added to slots. */
MUST_USE enum status words_erase(struct slot_list *slots, struct store *store,
                                 uint64_t number, struct err *err);
/* All pieces go, inside a transaction; they are made again when a finder is attached. */
MUST_USE enum status words_clear(struct store *store, struct err *err);
/* What waits goes into pieces, inside a transaction, if it is worth it. */
MUST_USE enum status words_save(struct store *store, struct err *err);

#endif
