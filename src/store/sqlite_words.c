/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite.h"

enum status database_piece(uint64_t *slot, struct buf *sealed, struct database *db,
                           uint64_t piece, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_PIECE_READ);
    sqlite_bind(read, 1, piece);
    buf_clear(sealed);
    int code = sqlite3_step(read);
    if (code == SQLITE_ROW) {
        *slot = sqlite_number(read, 0);
        buf_add(sealed, bytes_of(sqlite3_column_blob(read, 1),
                                 (size_t)sqlite3_column_bytes(read, 1)));
    }
    enum status status = sqlite_done(db, read, code, err);
    return status == OK && code == SQLITE_DONE ? NOT_FOUND : status;
}

enum status database_add_piece(struct database *db, uint64_t piece, uint64_t slot,
                               struct bytes sealed, struct err *err)
{
    sqlite3_stmt *add = sqlite_use(db, SQL_PIECE_ADD);
    sqlite_bind(add, 1, piece);
    sqlite_bind(add, 2, slot);
    sqlite_bind_bytes(add, 3, sealed);
    return sqlite_run(db, add, err);
}

enum status database_remove_piece(struct database *db, uint64_t piece, struct err *err)
{
    sqlite3_stmt *remove = sqlite_use(db, SQL_PIECE_REMOVE);
    sqlite_bind(remove, 1, piece);
    return sqlite_run(db, remove, err);
}

enum status database_clear_pieces(struct slot_list *slots, struct database *db,
                                  struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_PIECE_SLOTS);
    int code;
    while ((code = sqlite3_step(read)) == SQLITE_ROW)
        slot_list_add(slots, sqlite_number(read, 0));
    enum status status = sqlite_done(db, read, code, err);
    return status == OK ? sqlite_run(db, sqlite_use(db, SQL_PIECE_CLEAR), err) : status;
}
