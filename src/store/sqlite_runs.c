/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of runs: read at opening, and kept.
 */
#include "store/sqlite.h"

#include <assert.h>

enum status sqlite_keys_are_damaged(struct database *db, struct err *err)
{
    db->keys.damaged = true;
    return fail(err, CONFLICT,
                "%s: what records are found by is damaged; `enlace rebuild` makes it again",
                db->path);
}

/* ---- Reading ---- */

/* Moving trusts these numbers: no more rows than the file has room for, and each run leaves into one
 * that is there and leaves nowhere itself. */
static bool runs_make_sense(struct database *db)
{
    enum { ROW_LEAST = 8, TIERS_MAX = 32 };
    const struct key_table *keys = &db->keys;
    sqlite3_stmt *read = NULL;
    int64_t most = 0, sum = 0;
    if (sqlite3_prepare_v2(db->sqlite,
                           "SELECT page_count * page_size FROM pragma_page_count(), "
                           "pragma_page_size()",
                           -1, &read, NULL) == SQLITE_OK &&
        sqlite3_step(read) == SQLITE_ROW)
        most = sqlite3_column_int64(read, 0) / ROW_LEAST;
    sqlite3_finalize(read);
    for (size_t i = 0; i < keys->run_count; i++) {
        const struct key_run *run = &keys->runs[i];
        bool known = run->into == 0;
        for (size_t j = 0; j < keys->run_count; j++)
            known |= keys->runs[j].run == run->into && keys->runs[j].into == 0 &&
                     keys->runs[j].tier > run->tier;
        if (!known || run->run < 1 || run->run >= KEY_RUN_RECENT || run->tier < 1 ||
            run->tier > TIERS_MAX || run->rows < 0 || run->rows > most - sum)
            return false;
        sum += run->rows;
    }
    return true;
}

void sqlite_forget_keys(struct database *db)
{
    struct key_table *keys = &db->keys;
    sqlite_forget_move(db);
    for (size_t i = 0; i < keys->run_count; i++)
        filter_release(&keys->runs[i].filter);
    key_recent_release(&keys->recent);
    *keys = (struct key_table){0};
}

static enum status load_runs(struct database *db, struct err *err)
{
    struct key_table *keys = &db->keys;
    sqlite3_stmt *all = sqlite_use(db, SQL_RUN_ALL);
    int code = SQLITE_DONE;
    while (keys->run_count < KEY_RUNS_MAX && (code = sqlite3_step(all)) == SQLITE_ROW)
        keys->runs[keys->run_count++] = (struct key_run){
            .run = sqlite3_column_int64(all, 0),
            .tier = sqlite3_column_int(all, 1),
            .rows = sqlite3_column_int64(all, 2),
            .into = sqlite3_column_int64(all, 3),
        };
    enum status status = sqlite_done(db, all, code, err);
    if (status == OK && (keys->run_count == KEY_RUNS_MAX || !runs_make_sense(db)))
        status = sqlite_keys_are_damaged(db, err);
    return status;
}

/* Of a run that others are leaving into: how far they are. */
static enum status load_reached(struct database *db, struct key_run *run, struct err *err)
{
    struct key_page page;
    enum status status = key_page_last(&page, db, run->run, err);
    if (status != OK || page.number == 0)
        return status;
    run->has_reached = true;
    run->reached = key_block_row(&page.rows, page.rows.count - 1);
    key_page_close(&page, db);
    return OK;
}

static enum status load_recent(struct database *db, struct err *err)
{
    int64_t last = sqlite_block_last(KEY_RUN_RECENT);
    int64_t from = sqlite_block_first(KEY_RUN_RECENT);
    for (;;) {
        struct key_page page;
        enum status status = key_page_next(&page, db, from, last, err);
        if (status != OK || page.number == 0)
            return status;
        for (size_t i = 0; i < page.rows.count; i++) {
            struct key_row row = key_block_row(&page.rows, i);
            key_recent_add(&db->keys.recent, &row, page.number);
        }
        db->keys.recent_block = page.number;
        from = page.number + 1;
        key_page_close(&page, db);
        if (from > last)
            return OK;
    }
}

enum status sqlite_load_keys(struct database *db, struct err *err)
{
    struct key_table *keys = &db->keys;
    sqlite_forget_keys(db);
    enum status status = load_runs(db, err);
    for (size_t i = 0; i < keys->run_count && status == OK; i++) {
        struct key_run *into = sqlite_run_of(db, keys->runs[i].into);
        if (into != NULL && !into->has_reached)
            status = load_reached(db, into, err);
    }
    if (status == OK)
        status = load_recent(db, err);
    if (status == OK || !keys->damaged)
        return status;
    sqlite_forget_keys(db);
    keys->damaged = true;
    return OK;
}

/* ---- Keeping ---- */

struct key_run *sqlite_run_of(struct database *db, int64_t run)
{
    for (size_t i = 0; i < db->keys.run_count; i++)
        if (db->keys.runs[i].run == run)
            return &db->keys.runs[i];
    return NULL;
}

enum status sqlite_put_run(struct database *db, const struct key_run *run, struct err *err)
{
    sqlite3_stmt *put = sqlite_use(db, SQL_RUN_PUT);
    sqlite3_bind_int64(put, 1, run->run);
    sqlite3_bind_int(put, 2, run->tier);
    sqlite3_bind_int64(put, 3, run->rows);
    sqlite3_bind_int64(put, 4, run->into);
    return sqlite_run(db, put, err);
}

struct key_run *sqlite_new_run(struct database *db, int tier, uint64_t rows)
{
    assert(db->keys.run_count < KEY_RUNS_MAX);
    int64_t number = 1;
    while (sqlite_run_of(db, number) != NULL)
        number++;
    struct key_run *run = &db->keys.runs[db->keys.run_count++];
    *run = (struct key_run){.run = number, .tier = tier};
    sqlite_filter_begin(run, rows);
    return run;
}

enum status sqlite_strike_run(struct database *db, size_t place, struct err *err)
{
    struct key_table *keys = &db->keys;
    sqlite3_stmt *strike = sqlite_use(db, SQL_RUN_DELETE);
    sqlite3_bind_int64(strike, 1, keys->runs[place].run);
    filter_release(&keys->runs[place].filter);
    keys->run_count--;
    memmove(&keys->runs[place], &keys->runs[place + 1],
            (keys->run_count - place) * sizeof *keys->runs);
    return sqlite_run(db, strike, err);
}

bool sqlite_row_counts(struct database *db, const struct key_run *run,
                       const struct key_row *row)
{
    const struct key_run *into = run->into != 0 ? sqlite_run_of(db, run->into) : NULL;
    return into == NULL || !into->has_reached || key_row_compare(row, &into->reached) > 0;
}

/* The tier whose runs have about so many rows. */
static int tier_for(const struct database *db, uint64_t rows)
{
    int tier = 1;
    for (uint64_t full = db->tuning.run_rows; rows / KEY_FAN >= full; full *= KEY_FAN)
        tier++;
    return tier;
}

enum status sqlite_write_run(struct database *db, const struct key_row *rows, size_t count,
                             struct err *err)
{
    struct key_run *run = sqlite_new_run(db, tier_for(db, count), count);
    struct key_writer writer = {.run = run->run};
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK; i++) {
        sqlite_filter_add(run, rows[i].hi, rows[i].lo);
        run->rows++;
        if (key_writer_add(&writer, db, &rows[i]))
            continue;
        status = key_writer_flush(&writer, db, err);
        bool added = key_writer_add(&writer, db, &rows[i]);
        assert(status != OK || added);
        (void)added;
    }
    if (status == OK)
        status = key_writer_flush(&writer, db, err);
    return status == OK ? sqlite_put_run(db, run, err) : status;
}
