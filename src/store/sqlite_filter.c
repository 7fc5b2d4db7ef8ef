/* SPDX-License-Identifier: Apache-2.0
 *
 * Filters of runs: a look-up asks only the runs that may have the row.
 *
 *     none     rows, and no filter: every look-up asks the run
 *     making   `filter` has the rows of the blocks before filter_next, and all that came since it was begun
 *     whole    it has all rows: what it does not let through is not there
 *
 *     new run --sqlite_filter_begin--> whole
 *     run read at opening: none --sqlite_tend_filters--> making, slice by slice --> whole
 *     more rows than it was made for: --sqlite_filter_add--> none
 *
 * Filters are in memory alone, and made by reading the rows: no file, no crash and no copy that was
 * put back can make one say that a row is not there. Rows that leave or are removed stay in the
 * filter, which costs a look-up now and then. A group that is not committed stops the store, and its
 * filters with it.
 *
 * Reading all rows at opening would make everybody wait. Instead each look-up that had to ask a run
 * pays for reading a few rows: a command that does one act reads nothing ahead, and a node that serves
 * has all its filters after some ten thousand acts.
 */
#include "store/sqlite.h"

/* Reading so many rows takes as long as two look-ups or three. */
enum { ROWS_A_LOOK_UP = 16 };
/* No filter is made of larger ones: 96 MiB. */
enum { FILTERED_ROWS_MAX = 1 << 26 };

void sqlite_filter_begin(struct key_run *run, uint64_t rows)
{
    if (rows > FILTERED_ROWS_MAX)
        return;
    filter_init(&run->filter, rows);
    run->filter_whole = true;
}

static void forget(struct key_run *run)
{
    filter_release(&run->filter);
    run->filter_whole = false;
    run->filter_next = 0;
}

void sqlite_filter_add(struct key_run *run, uint64_t hi, uint64_t lo)
{
    if (run->filter.blocks != NULL && (uint64_t)run->rows >= 2 * run->filter.rows)
        forget(run);
    filter_add(&run->filter, hi, lo);
}

bool sqlite_may_have(struct database *db, const struct key_run *run, uint64_t hi,
                     uint64_t lo)
{
    if (!run->filter_whole) {
        db->keys.filter_credit += ROWS_A_LOOK_UP;
        return true;
    }
    return filter_may_have(&run->filter, hi, lo);
}

/* The rows a run has, and those that are leaving into it. */
static uint64_t rows_to_come(const struct database *db, const struct key_run *run)
{
    uint64_t rows = (uint64_t)run->rows;
    for (size_t i = 0; i < db->keys.run_count; i++)
        if (db->keys.runs[i].into == run->run)
            rows += (uint64_t)db->keys.runs[i].rows;
    return rows;
}

/* One that is begun is made to its end; else the smallest, since each costs a look-up the same. */
static struct key_run *next_unmade(struct database *db)
{
    struct key_run *best = NULL;
    for (size_t i = 0; i < db->keys.run_count; i++) {
        struct key_run *run = &db->keys.runs[i];
        if (run->filter_whole || rows_to_come(db, run) > FILTERED_ROWS_MAX)
            continue;
        if (run->filter.blocks != NULL)
            return run;
        if (best == NULL || run->rows < best->rows)
            best = run;
    }
    return best;
}

/* About slice_rows rows more; *read is how many they were. */
static enum status make_slice(uint64_t *read, struct database *db, struct key_run *run,
                              struct err *err)
{
    int64_t last = sqlite_block_last(run->run);
    enum status status = OK;
    if (run->filter.blocks == NULL) {
        filter_init(&run->filter, rows_to_come(db, run));
        run->filter_next = sqlite_block_first(run->run);
    }
    for (*read = 0; *read < db->tuning.slice_rows && !run->filter_whole;) {
        struct key_page page = {.statement = -1};
        if (run->filter_next <= last)
            status = key_page_next(&page, db, run->filter_next, last, err);
        if (status != OK)
            return status;
        run->filter_whole = page.number == 0;
        if (run->filter_whole)
            break;
        for (size_t i = 0; i < page.rows.count; i++) {
            struct key_row row = key_block_row(&page.rows, i);
            filter_add(&run->filter, row.hi, row.lo);
        }
        *read += page.rows.count;
        run->filter_next = page.number + 1;
        key_page_close(&page, db);
    }
    return OK;
}

enum status sqlite_tend_filters(struct database *db, struct err *err)
{
    enum { LEAST = 64 }; /* a slice without rows costs something, too */
    enum status status = OK;
    struct key_run *run;
    while (status == OK && db->keys.filter_credit >= db->tuning.slice_rows) {
        run = next_unmade(db);
        if (run == NULL) {
            db->keys.filter_credit = 0; /* credit is not saved up */
            break;
        }
        uint64_t read;
        status = make_slice(&read, db, run, err);
        uint64_t cost = read > LEAST ? read : LEAST;
        db->keys.filter_credit -=
            cost < db->keys.filter_credit ? cost : db->keys.filter_credit;
    }
    return status;
}
