/* SPDX-License-Identifier: Apache-2.0
 *
 * The key table, kept in runs.
 *
 * Keyed hashes are random, so a plain index would be written all over for each group of new
 * keys: a large one costs many times its size in writing. The table is therefore ordered by
 * (run, hash):
 *
 *     new keys  ->  run of tier 0, until it has run_rows (struct database_tuning)
 *     FAN full runs of tier t  ->  moved, slice by slice, into one run of tier t + 1
 *
 * A run is nothing but a stretch of the table that is sorted within itself. Any row may
 * stand in any run, and a look-up asks all (about FAN a tier) whose filter does not say that it
 * is not there (sqlite_filter.c); so moving rows needs no care but that a slice leaves and
 * arrives in one transaction. A slice is the rows whose hash lies in the next small range:
 * hashes are spread evenly, so slices are about slice_rows.
 *
 * States of a run: open (tier 0, not full); full; leaving (`into` names where to); being
 * filled (another is leaving into it, and `reached` says how far). When the last slice has
 * left, the emptied runs are struck off and the filled one is full.
 */
#include "store/sqlite.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

enum { FAN = 8 };
/* Each new row pays for so many to be moved: more than the tiers there will ever be. */
enum { CREDIT_A_ROW = 4, WALK_SLICES = 1024 };

static int by_hash(const void *a, const void *b)
{
    const struct key_row *x = a, *y = b;
    if (x->hi != y->hi)
        return x->hi < y->hi ? -1 : 1;
    if (x->lo != y->lo)
        return x->lo < y->lo ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* ---- The list of runs ---- */

/* Moving trusts these numbers: no more rows than the file has room for, and each run leaves into one
 * that is there and leaves nowhere itself. */
static bool runs_make_sense(struct database *db)
{
    enum { ROW_LEAST = 8, TIERS_MAX = 32 };
    sqlite3_stmt *read = NULL;
    int64_t most = 0, sum = 0;
    if (sqlite3_prepare_v2(db->sqlite,
                           "SELECT page_count * page_size FROM pragma_page_count(), "
                           "pragma_page_size()",
                           -1, &read, NULL) == SQLITE_OK &&
        sqlite3_step(read) == SQLITE_ROW)
        most = sqlite3_column_int64(read, 0) / ROW_LEAST;
    sqlite3_finalize(read);
    for (size_t i = 0; i < db->run_count; i++) {
        const struct key_run *run = &db->runs[i];
        bool known = run->into == 0;
        for (size_t j = 0; j < db->run_count; j++)
            known |= db->runs[j].run == run->into && db->runs[j].into == 0 &&
                     db->runs[j].tier > run->tier;
        if (!known || run->run < 1 || run->tier < 0 || run->tier > TIERS_MAX ||
            run->rows < 0 || run->rows > most - sum)
            return false;
        sum += run->rows;
    }
    return true;
}

void sqlite_forget_runs(struct database *db)
{
    for (size_t i = 0; i < db->run_count; i++)
        filter_release(&db->runs[i].filter);
    db->run_count = 0;
    db->keys_credit = db->filter_credit = 0;
}

enum status sqlite_load_runs(struct database *db, struct err *err)
{
    sqlite3_stmt *all = sqlite_use(db, SQL_RUN_ALL);
    int code = SQLITE_DONE;
    sqlite_forget_runs(db);
    while (db->run_count < KEY_RUNS_MAX && (code = sqlite3_step(all)) == SQLITE_ROW)
        db->runs[db->run_count++] = (struct key_run){
            .run = sqlite3_column_int64(all, 0),
            .tier = sqlite3_column_int(all, 1),
            .rows = sqlite3_column_int64(all, 2),
            .into = sqlite3_column_int64(all, 3),
            .reached = sqlite3_column_int64(all, 4),
        };
    enum status status = sqlite_done(db, all, code, err);
    if (status == OK && (db->run_count == KEY_RUNS_MAX || !runs_make_sense(db)))
        status = fail(err, CONFLICT,
                      "%s: the list of keys is damaged; put back a copy of the "
                      "whole folder",
                      db->path);
    return status;
}

static enum status put_run(struct database *db, const struct key_run *run, struct err *err)
{
    sqlite3_stmt *put = sqlite_use(db, SQL_RUN_PUT);
    sqlite3_bind_int64(put, 1, run->run);
    sqlite3_bind_int(put, 2, run->tier);
    sqlite3_bind_int64(put, 3, run->rows);
    sqlite3_bind_int64(put, 4, run->into);
    sqlite3_bind_int64(put, 5, run->reached);
    return sqlite_run(db, put, err);
}

/* A new run for about so many rows, behind all there are in the table, so that filling it is
 * appending. */
static struct key_run *new_run(struct database *db, int tier, uint64_t rows)
{
    assert(db->run_count < KEY_RUNS_MAX);
    int64_t last = db->run_count > 0 ? db->runs[db->run_count - 1].run : 0;
    struct key_run *run = &db->runs[db->run_count++];
    *run = (struct key_run){.run = last + 1, .tier = tier, .reached = INT64_MIN};
    sqlite_filter_begin(run, rows);
    return run;
}

static struct key_run *open_run(struct database *db, size_t rows)
{
    for (size_t i = 0; i < db->run_count; i++)
        if (db->runs[i].tier == 0 && db->runs[i].into == 0 &&
            db->runs[i].rows < db->tuning.run_rows)
            return &db->runs[i];
    return new_run(db, 0, rows + db->tuning.run_rows);
}

static enum status strike_emptied(struct database *db, int64_t into, struct err *err)
{
    size_t kept = 0;
    enum status status = OK;
    for (size_t i = 0; i < db->run_count; i++) {
        if (db->runs[i].into != into) {
            db->runs[kept++] = db->runs[i];
            continue;
        }
        sqlite3_stmt *strike = sqlite_use(db, SQL_RUN_DELETE);
        sqlite3_bind_int64(strike, 1, db->runs[i].run);
        filter_release(&db->runs[i].filter);
        if (status == OK)
            status = sqlite_run(db, strike, err);
    }
    db->run_count = kept;
    return status;
}

/* ---- Rows ---- */

static enum status insert_row(struct database *db, struct key_run *run,
                              const struct key_row *row, struct err *err)
{
    sqlite3_stmt *add = sqlite_use(db, SQL_KEY_ADD);
    sqlite_filter_add(run, row->hi, row->lo);
    sqlite3_bind_int64(add, 1, run->run);
    sqlite3_bind_int64(add, 2, sqlite_of_hash(row->hi));
    sqlite_bind(add, 3, row->lo);
    sqlite_bind(add, 4, row->number);
    enum status status = sqlite_run(db, add, err);
    run->rows += sqlite3_changes(db->sqlite);
    return status;
}

enum status database_remove_key(struct database *db, const struct key_row *row,
                                struct err *err)
{
    for (size_t i = 0; i < db->run_count; i++) {
        if (!sqlite_may_have(db, &db->runs[i], row->hi, row->lo))
            continue;
        sqlite3_stmt *remove = sqlite_use(db, SQL_KEY_REMOVE);
        sqlite3_bind_int64(remove, 1, db->runs[i].run);
        sqlite3_bind_int64(remove, 2, sqlite_of_hash(row->hi));
        sqlite_bind(remove, 3, row->lo);
        sqlite_bind(remove, 4, row->number);
        enum status status = sqlite_run(db, remove, err);
        if (status != OK)
            return status;
        if (sqlite3_changes(db->sqlite) == 1) {
            db->runs[i].rows--;
            return put_run(db, &db->runs[i], err);
        }
    }
    return OK;
}

enum status database_remove_keys_of(struct database *db, uint64_t number, struct err *err)
{
    enum status status = OK;
    for (size_t i = 0; i < db->run_count && status == OK; i++) {
        sqlite3_stmt *remove = sqlite_use(db, SQL_KEY_REMOVE_OF);
        sqlite3_bind_int64(remove, 1, db->runs[i].run);
        sqlite_bind(remove, 2, number);
        status = sqlite_run(db, remove, err);
        db->runs[i].rows -= sqlite3_changes(db->sqlite);
        if (status == OK)
            status = put_run(db, &db->runs[i], err);
    }
    return status;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

enum status database_find_key(uint64_t *numbers, size_t *count, size_t max,
                              struct database *db, uint64_t hi, uint64_t lo,
                              struct err *err)
{
    *count = 0;
    for (size_t i = 0; i < db->run_count && *count <= max; i++) {
        if (!sqlite_may_have(db, &db->runs[i], hi, lo))
            continue;
        sqlite3_stmt *find = sqlite_use(db, SQL_KEY_FIND);
        sqlite3_bind_int64(find, 1, db->runs[i].run);
        sqlite3_bind_int64(find, 2, sqlite_of_hash(hi));
        sqlite_bind(find, 3, lo);
        sqlite_bind(find, 4, max + 1 - *count);
        int code;
        while ((code = sqlite3_step(find)) == SQLITE_ROW) {
            if (*count < max)
                numbers[*count] = sqlite_number(find, 0);
            (*count)++;
        }
        enum status status = sqlite_done(db, find, code, err);
        if (status != OK)
            return status;
    }
    qsort(numbers, *count < max ? *count : max, sizeof *numbers, by_number);
    return OK;
}

enum status database_clear_keys(struct database *db, struct err *err)
{
    enum status status = sqlite_run(db, sqlite_use(db, SQL_KEY_CLEAR), err);
    if (status == OK)
        status = sqlite_run(db, sqlite_use(db, SQL_RUN_CLEAR), err);
    sqlite_forget_runs(db);
    return status;
}

uint64_t database_count_keys(const struct database *db)
{
    uint64_t count = 0;
    for (size_t i = 0; i < db->run_count; i++)
        count += (uint64_t)db->runs[i].rows;
    return count;
}

/* ---- Slices ---- */

struct slice {
    struct key_row *rows;
    size_t count, capacity;
};

static enum status read_slice(struct slice *slice, struct database *db, int64_t run,
                              uint64_t from, uint64_t last, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_KEY_SLICE);
    sqlite3_bind_int64(read, 1, run);
    sqlite3_bind_int64(read, 2, sqlite_of_hash(from));
    sqlite3_bind_int64(read, 3, sqlite_of_hash(last));
    int code;
    while ((code = sqlite3_step(read)) == SQLITE_ROW) {
        grow_to((void **)&slice->rows, &slice->capacity, slice->count, sizeof *slice->rows);
        slice->rows[slice->count++] = (struct key_row){
            .hi = sqlite_hash(sqlite3_column_int64(read, 0)),
            .lo = sqlite_number(read, 1),
            .number = sqlite_number(read, 2),
        };
    }
    return sqlite_done(db, read, code, err);
}

enum status database_keys(struct database *db, database_on_key *visit, void *context,
                          struct err *err)
{
    struct slice slice = {0};
    enum status status = OK;
    const uint64_t step = UINT64_MAX / WALK_SLICES + 1;
    for (unsigned at = 0; at < WALK_SLICES && status == OK; at++) {
        slice.count = 0;
        for (size_t i = 0; i < db->run_count && status == OK; i++)
            status = read_slice(&slice, db, db->runs[i].run, at * step,
                                at * step + (step - 1), err);
        if (slice.count > 0)
            qsort(slice.rows, slice.count, sizeof *slice.rows, by_hash);
        for (size_t i = 0; i < slice.count && status == OK; i++)
            visit(context, &slice.rows[i]);
    }
    free(slice.rows);
    return status;
}

/* ---- Moving ---- */

/* FAN full runs of a tier begin to leave into a new one. */
static enum status begin_moves(struct database *db, int tier, struct err *err)
{
    size_t full[FAN], count = 0;
    uint64_t rows = 0;
    for (size_t i = 0; i < db->run_count && count < FAN; i++) {
        const struct key_run *run = &db->runs[i];
        bool being_filled = false;
        for (size_t j = 0; j < db->run_count; j++)
            being_filled |= db->runs[j].into == run->run;
        if (run->tier == tier && run->into == 0 && !being_filled &&
            (tier > 0 || run->rows >= db->tuning.run_rows))
            full[count++] = i;
    }
    for (size_t i = 0; i < count; i++)
        rows += (uint64_t)db->runs[full[i]].rows;
    if (count < FAN)
        return OK;
    struct key_run *into = new_run(db, tier + 1, rows);
    enum status status = put_run(db, into, err);
    for (size_t i = 0; i < FAN && status == OK; i++) {
        db->runs[full[i]].into = into->run;
        status = put_run(db, &db->runs[full[i]], err);
    }
    return status;
}

static enum status begin_moves_everywhere(struct database *db, struct err *err)
{
    int tiers = 0;
    for (size_t i = 0; i < db->run_count; i++)
        if (db->runs[i].tier >= tiers)
            tiers = db->runs[i].tier + 1;
    enum status status = OK;
    for (int tier = 0; tier < tiers && status == OK; tier++)
        status = begin_moves(db, tier, err);
    return status;
}

/* The run of the lowest tier that others are leaving into, or NULL. */
static struct key_run *next_filled(struct database *db)
{
    struct key_run *best = NULL;
    for (size_t i = 0; i < db->run_count; i++)
        for (size_t j = 0; j < db->run_count; j++)
            if (db->runs[j].into == db->runs[i].run &&
                (best == NULL || db->runs[i].tier < best->tier))
                best = &db->runs[i];
    return best;
}

/* Where the next slice ends: as far as slice_rows of the rows still to come should reach.
 * */
static uint64_t slice_end(const struct database *db, const struct key_run *into,
                          bool *final)
{
    uint64_t from = sqlite_hash(into->reached), left = 0;
    for (size_t i = 0; i < db->run_count; i++)
        if (db->runs[i].into == into->run)
            left += (uint64_t)db->runs[i].rows;
    *final = left <= 2 * db->tuning.slice_rows;
    return *final ? UINT64_MAX : from + (UINT64_MAX - from) / left * db->tuning.slice_rows;
}

static enum status delete_slice(struct database *db, struct key_run *run, uint64_t from,
                                uint64_t last, struct err *err)
{
    sqlite3_stmt *remove = sqlite_use(db, SQL_KEY_SLICE_DELETE);
    sqlite3_bind_int64(remove, 1, run->run);
    sqlite3_bind_int64(remove, 2, sqlite_of_hash(from));
    sqlite3_bind_int64(remove, 3, sqlite_of_hash(last));
    enum status status = sqlite_run(db, remove, err);
    run->rows -= sqlite3_changes(db->sqlite);
    return status == OK ? put_run(db, run, err) : status;
}

static enum status move_slice(size_t *moved, struct slice *slice, struct database *db,
                              struct key_run *into, struct err *err)
{
    bool final;
    uint64_t from = sqlite_hash(into->reached), last = slice_end(db, into, &final);
    enum status status = OK;
    slice->count = 0;
    for (size_t i = 0; i < db->run_count && status == OK; i++) {
        if (db->runs[i].into != into->run)
            continue;
        status = read_slice(slice, db, db->runs[i].run, from, last, err);
        if (status == OK)
            status = delete_slice(db, &db->runs[i], from, last, err);
    }
    if (slice->count > 0)
        qsort(slice->rows, slice->count, sizeof *slice->rows, by_hash);
    for (size_t i = 0; i < slice->count && status == OK; i++) {
        status = insert_row(db, into, &slice->rows[i], err);
    }
    *moved = slice->count;
    into->reached = sqlite_of_hash(final ? UINT64_MAX : last + 1);
    if (status == OK)
        status = put_run(db, into, err);
    return status == OK && final ? strike_emptied(db, into->run, err) : status;
}

/* Moves as much as new rows have paid for. */
static enum status tend_keys(struct database *db, struct err *err)
{
    struct slice slice = {0};
    enum status status = OK;
    if (db->keys_credit < db->tuning.slice_rows)
        return OK;
    status = begin_moves_everywhere(db, err);
    struct key_run *into;
    while (status == OK && db->keys_credit >= db->tuning.slice_rows &&
           (into = next_filled(db)) != NULL) {
        size_t moved = 0;
        status = move_slice(&moved, &slice, db, into, err);
        db->keys_credit -= moved < db->keys_credit ? moved : db->keys_credit;
    }
    if (status == OK && next_filled(db) == NULL)
        db->keys_credit = 0; /* nothing to do: credit is not saved up */
    free(slice.rows);
    return status;
}

enum status database_add_keys(struct database *db, struct key_row *rows, size_t count,
                              struct err *err)
{
    if (count == 0)
        return OK;
    qsort(rows, count, sizeof *rows, by_hash);
    struct key_run *run = open_run(db, count);
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK; i++) {
        status = insert_row(db, run, &rows[i], err);
    }
    db->keys_credit += CREDIT_A_ROW * count;
    if (status == OK)
        status = put_run(db, run, err);
    return status == OK ? tend_keys(db, err) : status;
}
