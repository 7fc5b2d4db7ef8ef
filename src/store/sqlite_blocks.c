/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of the key table: read, written behind one another, changed, deleted.
 */
#include "store/sqlite.h"

enum { RUN_SHIFT = 43, PREFIX_SHIFT = 15, PREFIX_BITS = 28, HASH_BITS = 64 };

int64_t sqlite_block_first(int64_t run)
{
    return run << RUN_SHIFT;
}

int64_t sqlite_block_last(int64_t run)
{
    return (run << RUN_SHIFT) + ((INT64_C(1) << RUN_SHIFT) - 1);
}

/* What a block that begins with this hash asks for. */
static int64_t number_for(int64_t run, uint64_t hi)
{
    return run << RUN_SHIFT | (int64_t)(hi >> (HASH_BITS - PREFIX_BITS)) << PREFIX_SHIFT;
}

/* ---- Reading ---- */

void key_page_close(struct key_page *page, struct database *db)
{
    if (page->statement >= 0)
        sqlite3_reset(sqlite_use(db, (enum sqlite_statement)page->statement));
    page->statement = -1;
}

/* One block, or none, comes of the statement, whose bounds are bound. */
static enum status read_page(struct key_page *page, struct database *db,
                             enum sqlite_statement which, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, which);
    int code = sqlite3_step(read);
    *page = (struct key_page){.statement = -1};
    if (code != SQLITE_ROW)
        return sqlite_done(db, read, code, err);
    struct bytes wire =
        bytes_of(sqlite3_column_blob(read, 1), (size_t)sqlite3_column_bytes(read, 1));
    page->number = sqlite3_column_int64(read, 0);
    if (key_block_open(&page->rows, wire)) {
        page->statement = (int)which;
        return OK;
    }
    sqlite3_reset(read);
    return sqlite_keys_are_damaged(db, err);
}

enum status key_page_next(struct key_page *page, struct database *db, int64_t from,
                          int64_t to, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_BLOCK_NEXT);
    sqlite3_bind_int64(read, 1, from);
    sqlite3_bind_int64(read, 2, to);
    return read_page(page, db, SQL_BLOCK_NEXT, err);
}

static enum status read_below(struct key_page *page, struct database *db, int64_t from,
                              int64_t below, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_BLOCK_BELOW);
    sqlite3_bind_int64(read, 1, from);
    sqlite3_bind_int64(read, 2, below);
    return read_page(page, db, SQL_BLOCK_BELOW, err);
}

enum status key_page_before(struct key_page *page, struct database *db, int64_t run,
                            uint64_t hi, struct err *err)
{
    return read_below(page, db, sqlite_block_first(run), number_for(run, hi), err);
}

enum status key_page_last(struct key_page *page, struct database *db, int64_t run,
                          struct err *err)
{
    return read_below(page, db, sqlite_block_first(run), sqlite_block_last(run) + 1, err);
}

/* ---- Writing ---- */

enum status sqlite_put_block(struct database *db, int64_t number, struct key_packer *packer,
                             struct err *err)
{
    uint8_t wire[KEY_BLOCK_MAX];
    sqlite3_stmt *put = sqlite_use(db, SQL_BLOCK_PUT);
    size_t len = key_packer_write(wire, packer);
    sqlite3_bind_int64(put, 1, number);
    sqlite_bind_bytes(put, 2, bytes_of(wire, len));
    return sqlite_run(db, put, err);
}

enum status sqlite_delete_blocks(struct database *db, int64_t from, int64_t to,
                                 struct err *err)
{
    sqlite3_stmt *remove = sqlite_use(db, SQL_BLOCK_DELETE);
    sqlite3_bind_int64(remove, 1, from);
    sqlite3_bind_int64(remove, 2, to);
    return sqlite_run(db, remove, err);
}

bool key_writer_add(struct key_writer *writer, const struct database *db,
                    const struct key_row *row)
{
    return writer->packer.count < db->tuning.block_rows &&
           key_packer_add(&writer->packer, row);
}

enum status key_writer_flush(struct key_writer *writer, struct database *db,
                             struct err *err)
{
    if (writer->packer.count == 0)
        return OK;
    int64_t number = number_for(writer->run, writer->packer.rows[0].hi);
    if (number <= writer->last)
        number = writer->last + 1;
    if (number > sqlite_block_last(writer->run))
        return fail(err, CONFLICT, "%s: more keys begin alike than any file can hold",
                    db->path);
    writer->last = number;
    return sqlite_put_block(db, number, &writer->packer, err);
}
