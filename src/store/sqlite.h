/* SPDX-License-Identifier: Apache-2.0
 *
 * store/sqlite.h: what the sqlite*.c files share; nobody else includes it.
 *
 * All statements stand in one table (sqlite_text.c), are prepared once, and are used
 * between sqlite_use and sqlite_done. The SQL is the part that PostgreSQL understands as
 * well.
 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "store/database_keys.h"
#include "store/database_rows.h"
#include "store/sqlite_keys.h"
#include "store/vfs.h"

#include <sqlite3.h>

/* clang-format off */
enum sqlite_statement {
    SQL_BEGIN, SQL_COMMIT, SQL_HEAD_READ, SQL_HEAD_FOUND, SQL_HEAD_WRITE,
    SQL_SETTING_READ, SQL_SETTING_WRITE, SQL_ENTRY_ADD, SQL_ENTRY_FROM, SQL_TILE_ADD,
    SQL_TILE_FROM, SQL_TILE_CLEAR, SQL_PAYLOAD_ADD, SQL_PAYLOAD_READ, SQL_RECORD_ADD,
    SQL_RECORD_PUT, SQL_RECORD_READ, SQL_RECORDS_ALL, SQL_RECORDS_NONE, SQL_RECORDS_CASE,
    SQL_RECORDS_KIND, SQL_RECORDS_COUNT, SQL_ROLES_READ, SQL_ROLES_PUT, SQL_MEMBER_READ,
    SQL_MEMBER_OTHER, SQL_MEMBER_ADD, SQL_MEMBER_REMOVE, SQL_BLOCK_PUT, SQL_BLOCK_NEXT,
    SQL_BLOCK_BELOW, SQL_BLOCK_DELETE, SQL_BLOCK_CLEAR, SQL_RUN_ALL, SQL_RUN_PUT,
    SQL_RUN_DELETE, SQL_RUN_CLEAR, SQL_SEARCH_ADD, SQL_SEARCH_SEQUENCES, SQL_SEARCH_SLOTS,
    SQL_SEARCH_REMOVE,
    SQL_DOOMED_ADD, SQL_DOOMED_ALL, SQL_DOOMED_CLEAR, SQL_PIECE_READ, SQL_PIECE_ADD,
    SQL_SEARCH_ASIDES, SQL_VERSIONS, SQL_SLOT_HIGHEST, SQL_DOOMED_OF_RECORD, SQL_DOOMED_OF_ACT,
    SQL_TOMBSTONE_ADD, SQL_TOMBSTONE_READ, SQL_TOMBSTONE_REMOVE, SQL_TOMBSTONE_ANY,
    SQL_ROLES_ALL, SQL_ROLES_CLEAR, SQL_MEMBERS_ALL, SQL_MEMBERS_CLEAR,
    SQL_ASIDE_ADD, SQL_ASIDE_NEXT, SQL_ASIDE_REMOVE, SQL_ASIDE_EXPIRED, SQL_ASIDE_EXPIRE,
    SQL_PIECE_REMOVE, SQL_PIECE_SLOTS, SQL_PIECE_CLEAR, SQL_COUNT
};
/* clang-format on */

struct database {
    sqlite3 *sqlite;
    struct vfs *vfs;
    const struct disk *disk;
    struct database_tuning tuning;
    char *path;
    bool unclean, bulk;
    uint64_t signed_size, opened_bytes;
    int wal_pages, commit_pages; /* in the log, and of the last commit */
    struct key_table keys;
    sqlite3_stmt *statements[SQL_COUNT];
};

extern const char *const sqlite_text[SQL_COUNT];

/* The sentence for the last thing that failed. */
enum status sqlite_fail(struct database *db, struct err *err);
sqlite3_stmt *sqlite_use(struct database *db, enum sqlite_statement which);
/* Resets; code is what the last step gave. OK when that was a row or the end. */
MUST_USE enum status sqlite_done(struct database *db, sqlite3_stmt *statement, int code,
                                 struct err *err);
/* Steps a statement that gives no rows. */
MUST_USE enum status sqlite_run(struct database *db, sqlite3_stmt *statement,
                                struct err *err);

static inline void sqlite_bind(sqlite3_stmt *statement, int at, uint64_t number)
{
    sqlite3_bind_int64(statement, at, (sqlite3_int64)number);
}
static inline void sqlite_bind_bytes(sqlite3_stmt *statement, int at, struct bytes bytes)
{
    sqlite3_bind_blob64(statement, at, bytes.at, bytes.len, SQLITE_STATIC);
}
static inline uint64_t sqlite_number(sqlite3_stmt *statement, int column)
{
    return (uint64_t)sqlite3_column_int64(statement, column);
}

/* ---- sqlite_migrate.c ---- */

/* The version of the tables that this program has. */
int sqlite_newest(void);
/* From `version`, each step in a transaction of its own; 0: there is no table yet. */
MUST_USE enum status sqlite_migrate(struct database *db, int version, struct err *err);

/* ---- sqlite.c ---- */

MUST_USE enum status sqlite_execute(struct database *db, const char *text, struct err *err);
/* All statements; once. */
MUST_USE enum status sqlite_prepare_all(struct database *db, struct err *err);

/* ---- sqlite_filter.c ---- */

/* Of a new run, which has no row yet; `rows` it is made for. */
void sqlite_filter_begin(struct key_run *run, uint64_t rows);
/* Of each row that comes into the run. */
void sqlite_filter_add(struct key_run *run, uint64_t hi, uint64_t lo);
/* false: the run has no such row. */
bool sqlite_may_have(struct database *db, const struct key_run *run, uint64_t hi,
                     uint64_t lo);
/* Reads as many rows as look-ups without a filter have paid for. */
MUST_USE enum status sqlite_tend_filters(struct database *db, struct err *err);

#endif
