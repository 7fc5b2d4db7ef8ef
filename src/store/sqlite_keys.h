/* SPDX-License-Identifier: Apache-2.0
 *
 * store/sqlite_keys.h: what the files of the key table share; sqlite.h includes it for them.
 *
 *     new keys  ->  recent: in memory (key_recent.h), and in blocks of their own
 *     run_rows of them (struct database_tuning)  ->  one run of tier 1
 *     FAN full runs of tier t  ->  moved, slice by slice, into one run of tier t + 1
 *
 * Keyed hashes are random: a plain index would be written all over for each group of new keys. A run is a
 * sorted list of rows, packed into blocks (key_block.h) that are written from one end to the other. Any row
 * may stand in any run; a look-up asks those (about FAN a tier) whose filter does not say that it is not
 * there, and reads one block of each.
 *
 * States of a run: full; being filled (others leave into it); leaving (`into` says where to). A row that
 * leaves arrives in the same transaction. `reached` of the run being filled is the last that did: what
 * a leaving run still has up to there, in a block that is not yet left behind whole, no longer counts.
 * When the last row has left, the emptied runs are struck off and the filled one is full.
 *
 * The number of a block: run 20 bits | first 28 bits of its first hash | 15 bits that tell those that begin
 * alike. Numbers rise within a run. A block may have a higher one than its first hash asks for (when very
 * many begin alike, or its first row was removed), never a lower one: so a hash is looked for from the last
 * block on that is below what the hash itself asks for.
 */
#ifndef STORE_SQLITE_KEYS_H
#define STORE_SQLITE_KEYS_H

#include "base/status.h"
#include "store/filter.h"
#include "store/key_recent.h"

enum { KEY_RUNS_MAX = 256, KEY_FAN = 8, KEY_RUN_RECENT = (1 << 20) - 1 };

struct key_run {
    int64_t run;
    int tier;
    int64_t rows;           /* those that count */
    int64_t into;           /* the run it is leaving to, or 0 */
    bool has_reached;       /* of a run being filled: a row has arrived, */
    struct key_row reached; /* and this was the last */

    struct filter filter; /* sqlite_filter.c; in memory alone */
    bool filter_whole;    /* all rows are in it */
    int64_t filter_next;  /* until then: those of the blocks before this one are; 0: none */
};

struct key_table {
    struct key_run runs[KEY_RUNS_MAX];
    size_t run_count;
    struct key_recent recent;
    int64_t recent_block;   /* the last of recent rows, or 0 */
    struct key_move *move;  /* where the last slice ended, or NULL (sqlite_moves.c) */
    uint64_t credit;        /* rows that housekeeping may move */
    uint64_t filter_credit; /* and may read for filters */
    bool damaged;           /* not to be believed, until they are cleared */
};

struct database;

/* ---- sqlite_runs.c ---- */

/* The list of runs and the recent rows, read anew; called once after opening. OK when they are damaged,
 * too: nothing is found by them then. */
MUST_USE enum status sqlite_load_keys(struct database *db, struct err *err);
/* CONFLICT, and from now on nothing is believed of the keys. */
enum status sqlite_keys_are_damaged(struct database *db, struct err *err);
void sqlite_forget_keys(struct database *db);
/* Makes a run, which is valid until the next is made or struck off. */
struct key_run *sqlite_new_run(struct database *db, int tier, uint64_t rows);
MUST_USE enum status sqlite_put_run(struct database *db, const struct key_run *run,
                                    struct err *err);
MUST_USE enum status sqlite_strike_run(struct database *db, size_t place, struct err *err);
/* NULL: there is no such run. */
struct key_run *sqlite_run_of(struct database *db, int64_t run);
/* false: the row has left this run. */
bool sqlite_row_counts(struct database *db, const struct key_run *run,
                       const struct key_row *row);
/* Sorted rows, each once, as a run of their own. */
MUST_USE enum status sqlite_write_run(struct database *db, const struct key_row *rows,
                                      size_t count, struct err *err);

/* ---- sqlite_moves.c ---- */

/* Moves as many rows as new ones have paid for. */
MUST_USE enum status sqlite_tend_keys(struct database *db, struct err *err);
/* Blocks were changed: what was read of them is read again. */
void sqlite_forget_move(struct database *db);

/* ---- sqlite_blocks.c ---- */

/* The least and the highest number that a block of the run can have. */
int64_t sqlite_block_first(int64_t run);
int64_t sqlite_block_last(int64_t run);

/* A block as SQLite keeps it, to be looked at until it is closed. number 0: there is none. */
struct key_page {
    int64_t number;
    struct key_block rows;
    int statement; /* enum sqlite_statement, or -1: closed */
};
/* The next from `from` to `to`, both included. */
MUST_USE enum status key_page_next(struct key_page *page, struct database *db, int64_t from,
                                   int64_t to, struct err *err);
/* The one from which on a hash is to be looked for; none: from the first. */
MUST_USE enum status key_page_before(struct key_page *page, struct database *db,
                                     int64_t run, uint64_t hi, struct err *err);
MUST_USE enum status key_page_last(struct key_page *page, struct database *db, int64_t run,
                                   struct err *err);
void key_page_close(struct key_page *page, struct database *db);
/* Instead of what stands there, if anything. The packer is empty then. */
MUST_USE enum status sqlite_put_block(struct database *db, int64_t number,
                                      struct key_packer *packer, struct err *err);
MUST_USE enum status sqlite_delete_blocks(struct database *db, int64_t from, int64_t to,
                                          struct err *err);

/* Rows in rising order, behind all that the run has. */
struct key_writer {
    int64_t run;
    int64_t last; /* the last block, or 0 */
    struct key_packer packer;
};
/* false: a block is full; flush it, then add the row. */
bool key_writer_add(struct key_writer *writer, const struct database *db,
                    const struct key_row *row);
/* What was added, if anything, becomes a block. */
MUST_USE enum status key_writer_flush(struct key_writer *writer, struct database *db,
                                      struct err *err);

/* ---- sqlite_merge.c ---- */

/* One run, read from one end to the other. */
struct key_source {
    int64_t run, number; /* of the block */
    struct key_row row;  /* the one it stands at */
    size_t at;
    struct key_block rows;
    uint8_t copy[KEY_BLOCK_MAX];
};

/* Several, read as one. All-zero is valid and empty. */
struct key_merge {
    struct key_source *sources;
    struct key_source **heap; /* the one with the least row on top */
    size_t count, left;       /* of sources, and of those in the heap: not at their end */
};
/* At the first row of each run, or the first behind `after` when that is not NULL. */
MUST_USE enum status key_merge_open(struct key_merge *merge, struct database *db,
                                    const int64_t *runs, size_t count,
                                    const struct key_row *after, struct err *err);
/* The one that stands at the least row of all, or NULL. */
const struct key_source *key_merge_top(const struct key_merge *merge);
MUST_USE enum status key_merge_next(struct key_merge *merge, struct database *db,
                                    struct err *err);
void key_merge_release(struct key_merge *merge);

#endif
