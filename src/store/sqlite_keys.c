/* SPDX-License-Identifier: Apache-2.0
 *
 * The key table: rows added, found, removed, and all of them in order. How they are kept is said in
 * sqlite_keys.h.
 */
#include "store/sqlite.h"

#include "base/memory.h"

#include <stdlib.h>

/* Each new row pays for so many to be moved: more than the tiers there will ever be. */
enum { CREDIT_A_ROW = 4 };

/* ---- Adding ---- */

static enum status add_recent(struct database *db, const struct key_row *rows, size_t count,
                              struct err *err)
{
    struct key_table *keys = &db->keys;
    struct key_writer writer = {.run = KEY_RUN_RECENT};
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK;) {
        if (keys->recent_block == 0)
            keys->recent_block = sqlite_block_first(KEY_RUN_RECENT);
        int64_t number = keys->recent_block + 1;
        for (; i < count && key_writer_add(&writer, db, &rows[i]); i++)
            key_recent_add(&keys->recent, &rows[i], number);
        status = sqlite_put_block(db, number, &writer.packer, err);
        keys->recent_block = number;
    }
    return status;
}

/* With all that are recent, a run. */
static enum status add_run(struct database *db, const struct key_row *rows, size_t count,
                           struct err *err)
{
    struct key_table *keys = &db->keys;
    size_t all = count + keys->recent.count;
    struct key_row *sorted = xmalloc(all * sizeof *sorted);
    memcpy(sorted, rows, count * sizeof *rows);
    key_recent_copy(sorted + count, &keys->recent);
    all = key_rows_sort(sorted, all);
    enum status status = sqlite_write_run(db, sorted, all, err);
    if (status == OK && keys->recent_block != 0)
        status = sqlite_delete_blocks(db, sqlite_block_first(KEY_RUN_RECENT),
                                      sqlite_block_last(KEY_RUN_RECENT), err);
    key_recent_clear(&keys->recent);
    keys->recent_block = 0;
    free(sorted);
    return status;
}

enum status database_add_keys(struct database *db, struct key_row *rows, size_t count,
                              struct err *err)
{
    if (count == 0)
        return OK;
    if (db->keys.damaged)
        return sqlite_keys_are_damaged(db, err);
    count = key_rows_sort(rows, count);
    enum status status = db->keys.recent.count + count >= db->tuning.run_rows
                             ? add_run(db, rows, count, err)
                             : add_recent(db, rows, count, err);
    db->keys.credit += CREDIT_A_ROW * count;
    return status == OK ? sqlite_tend_keys(db, err) : status;
}

/* ---- Removing ---- */

struct removal {
    struct key_row row;
    bool any_hash; /* all rows with its number */
};

static bool goes(const struct removal *removal, const struct key_row *row)
{
    return removal->any_hash ? row->number == removal->row.number
                             : key_row_compare(row, &removal->row) == 0;
}

/* Closes the page; *counted is how many of the rows that went counted, in this run (NULL: recent). */
static enum status thin_out(int64_t *counted, struct database *db, struct key_page *page,
                            const struct key_run *run, const struct removal *removal,
                            struct err *err)
{
    struct key_packer kept = {0};
    size_t count = page->rows.count;
    *counted = 0;
    for (size_t i = 0; i < count; i++) {
        struct key_row row = key_block_row(&page->rows, i);
        if (goes(removal, &row))
            *counted += run == NULL || sqlite_row_counts(db, run, &row);
        else if (!key_packer_add(&kept, &row)) {
            key_page_close(page, db);
            return sqlite_keys_are_damaged(db, err);
        }
    }
    key_page_close(page, db);
    if (kept.count == count)
        return OK;
    sqlite_forget_move(db);
    return kept.count > 0 ? sqlite_put_block(db, page->number, &kept, err)
                          : sqlite_delete_blocks(db, page->number, page->number, err);
}

static enum status remove_one_recent(struct database *db, const struct key_recent_row *row,
                                     const struct removal *removal, struct err *err)
{
    struct key_page page;
    int64_t counted, block = row->block;
    key_recent_remove(&db->keys.recent, row);
    enum status status = key_page_next(&page, db, block, block, err);
    if (status == OK && page.number == block)
        status = thin_out(&counted, db, &page, NULL, removal, err);
    return status;
}

static enum status remove_recent(struct database *db, const struct removal *removal,
                                 struct err *err)
{
    const struct key_recent *recent = &db->keys.recent;
    const struct key_recent_row *row = NULL;
    enum status status = OK;
    if (!removal->any_hash) {
        const struct key_row *wanted = &removal->row;
        do
            row = key_recent_find(recent, row, wanted->hi, wanted->lo);
        while (row != NULL && row->row.number != wanted->number);
        return row != NULL ? remove_one_recent(db, row, removal, err) : OK;
    }
    for (size_t i = 0; i < recent->taken && status == OK; i++) {
        row = &recent->rows[i];
        if (!row->removed && goes(removal, &row->row))
            status = remove_one_recent(db, row, removal, err);
    }
    return status;
}

/* false: neither this block nor one behind it has such a row. */
static bool may_have(const struct key_page *page, const struct removal *removal)
{
    struct key_row first = key_block_row(&page->rows, 0);
    return removal->any_hash || key_row_compare(&first, &removal->row) <= 0;
}

static enum status remove_from(struct database *db, struct key_run *run,
                               const struct removal *removal, struct err *err)
{
    struct key_page page = {.statement = -1};
    int64_t last = sqlite_block_last(run->run), before = run->rows, counted;
    enum status status = OK;
    if (!removal->any_hash) {
        status = key_page_before(&page, db, run->run, removal->row.hi, err);
        key_page_close(&page, db);
    }
    int64_t from =
        status == OK && page.number != 0 ? page.number : sqlite_block_first(run->run);
    while (status == OK && from <= last) {
        status = key_page_next(&page, db, from, last, err);
        if (status != OK || page.number == 0)
            break;
        from = page.number + 1;
        if (!may_have(&page, removal)) {
            key_page_close(&page, db);
            break;
        }
        status = thin_out(&counted, db, &page, run, removal, err);
        run->rows -= counted;
    }
    return status == OK && run->rows != before ? sqlite_put_run(db, run, err) : status;
}

static enum status remove_all(struct database *db, const struct removal *removal,
                              struct err *err)
{
    if (db->keys.damaged)
        return sqlite_keys_are_damaged(db, err);
    enum status status = remove_recent(db, removal, err);
    for (size_t i = 0; i < db->keys.run_count && status == OK; i++) {
        struct key_run *run = &db->keys.runs[i];
        if (removal->any_hash || sqlite_may_have(db, run, removal->row.hi, removal->row.lo))
            status = remove_from(db, run, removal, err);
    }
    return status;
}

enum status database_remove_key(struct database *db, const struct key_row *row,
                                struct err *err)
{
    const struct removal removal = {.row = *row};
    return remove_all(db, &removal, err);
}

enum status database_remove_keys_of(struct database *db, uint64_t number, struct err *err)
{
    const struct removal removal = {.row = {.number = number}, .any_hash = true};
    return remove_all(db, &removal, err);
}

enum status database_clear_keys(struct database *db, struct err *err)
{
    enum status status = sqlite_run(db, sqlite_use(db, SQL_BLOCK_CLEAR), err);
    if (status == OK)
        status = sqlite_run(db, sqlite_use(db, SQL_RUN_CLEAR), err);
    sqlite_forget_keys(db);
    return status;
}

/* ---- Finding ---- */

struct finding {
    uint64_t hi, lo;
    uint64_t *numbers;
    size_t count, max; /* count: up to max + 1 */
};

static void found(struct finding *finding, uint64_t number)
{
    if (finding->count < finding->max)
        finding->numbers[finding->count] = number;
    finding->count++;
}

/* *more: the next block may have some, too. */
static void look_in(bool *more, struct finding *finding, struct database *db,
                    const struct key_run *run, const struct key_block *rows)
{
    size_t i = key_block_find(rows, finding->hi, finding->lo);
    for (; i < rows->count && finding->count <= finding->max; i++) {
        struct key_row row = key_block_row(rows, i);
        if (row.hi != finding->hi || row.lo != finding->lo)
            break;
        if (sqlite_row_counts(db, run, &row))
            found(finding, row.number);
    }
    *more = i == rows->count;
}

static enum status find_in(struct finding *finding, struct database *db,
                           const struct key_run *run, struct err *err)
{
    struct key_page page;
    int64_t from = sqlite_block_first(run->run), last = sqlite_block_last(run->run);
    bool more = true;
    enum status status = key_page_before(&page, db, run->run, finding->hi, err);
    while (status == OK && more && finding->count <= finding->max) {
        if (page.number != 0) {
            look_in(&more, finding, db, run, &page.rows);
            from = page.number + 1;
            key_page_close(&page, db);
        }
        if (!more || from > last)
            break;
        status = key_page_next(&page, db, from, last, err);
        if (status == OK && page.number == 0)
            break;
    }
    if (status == OK)
        key_page_close(&page, db);
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
    const struct key_recent_row *recent = NULL;
    struct finding finding = {.hi = hi, .lo = lo, .numbers = numbers, .max = max};
    *count = 0;
    if (db->keys.damaged)
        return sqlite_keys_are_damaged(db, err);
    enum status status = OK;
    while (finding.count <= max &&
           (recent = key_recent_find(&db->keys.recent, recent, hi, lo)) != NULL)
        found(&finding, recent->row.number);
    for (size_t i = 0; i < db->keys.run_count && finding.count <= max && status == OK; i++)
        if (sqlite_may_have(db, &db->keys.runs[i], hi, lo))
            status = find_in(&finding, db, &db->keys.runs[i], err);
    *count = finding.count;
    qsort(numbers, *count < max ? *count : max, sizeof *numbers, by_number);
    return status;
}

/* ---- All of them ---- */

bool database_keys_damaged(const struct database *db)
{
    return db->keys.damaged;
}

uint64_t database_count_keys(const struct database *db)
{
    uint64_t count = db->keys.recent.count;
    for (size_t i = 0; i < db->keys.run_count; i++)
        count += (uint64_t)db->keys.runs[i].rows;
    return count;
}

/* The recent rows and the runs, each in order, as one. A row may stand in a leaving run and in the one
 * that is being filled: it is seen once. */
enum status database_keys(struct database *db, database_on_key *visit, void *context,
                          struct err *err)
{
    struct key_table *keys = &db->keys;
    struct key_merge merge = {0};
    int64_t runs[KEY_RUNS_MAX];
    if (keys->damaged)
        return sqlite_keys_are_damaged(db, err);
    struct key_row *recent = xmalloc(keys->recent.count * sizeof *recent), last;
    bool any = false;
    for (size_t i = 0; i < keys->run_count; i++)
        runs[i] = keys->runs[i].run;
    key_recent_copy(recent, &keys->recent);
    size_t count = key_rows_sort(recent, keys->recent.count), at = 0;
    const struct key_source *top;
    enum status status = key_merge_open(&merge, db, runs, keys->run_count, NULL, err);
    while (status == OK && ((top = key_merge_top(&merge)) != NULL || at < count)) {
        bool from_recent =
            top == NULL || (at < count && key_row_compare(&recent[at], &top->row) < 0);
        struct key_row row = from_recent ? recent[at++] : top->row;
        if (!from_recent)
            status = key_merge_next(&merge, db, err);
        if (status == OK && (!any || key_row_compare(&row, &last) != 0))
            visit(context, &row);
        last = row;
        any = true;
    }
    key_merge_release(&merge);
    free(recent);
    return status;
}
