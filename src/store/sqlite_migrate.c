/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables, made and brought from version to version. They are described in docs/format/store.md.
 */
#include "store/sqlite.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

/* clang-format off */

/* Step i takes a database from version i to i + 1. */
static const char *const steps[] = {
    /* 0 to 1: the first tables */
    "CREATE TABLE head("
    "  one INTEGER PRIMARY KEY CHECK (one = 1),"
    "  size INTEGER NOT NULL CHECK (size >= 0),"
    "  writer BLOB NOT NULL CHECK (length(writer) = 16),"
    "  next_slot INTEGER NOT NULL,"
    "  edge BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE setting(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;"
    "CREATE TABLE entry("
    "  sequence INTEGER PRIMARY KEY,"
    "  bucket INTEGER NOT NULL CHECK (bucket = sequence >> 20),"
    "  entry BLOB NOT NULL CHECK (length(entry) = 101)"
    ") STRICT;"
    "CREATE TABLE tile("
    "  number INTEGER PRIMARY KEY,"
    "  root BLOB NOT NULL CHECK (length(root) = 32)"
    ") STRICT;"
    "CREATE TABLE payload("
    "  sequence INTEGER PRIMARY KEY,"
    "  slot INTEGER NOT NULL,"
    "  sealed BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE record("
    "  number INTEGER PRIMARY KEY,"
    "  case_number INTEGER NOT NULL,"
    "  kind INTEGER NOT NULL,"
    "  erased INTEGER NOT NULL,"
    "  slot INTEGER NOT NULL,"
    "  latest INTEGER NOT NULL,"
    "  versions INTEGER NOT NULL,"
    "  content BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX record_by_case ON record(case_number, number) WHERE case_number <> 0;"
    "CREATE INDEX record_by_kind ON record(kind, number) WHERE kind <> 1;"
    "CREATE TABLE role(user INTEGER PRIMARY KEY, roles INTEGER NOT NULL) STRICT;"
    "CREATE TABLE member("
    "  case_number INTEGER NOT NULL,"
    "  user INTEGER NOT NULL,"
    "  PRIMARY KEY (case_number, user)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE key("
    "  run INTEGER NOT NULL,"
    "  hi INTEGER NOT NULL,"
    "  lo INTEGER NOT NULL,"
    "  number INTEGER NOT NULL,"
    "  PRIMARY KEY (run, hi, lo, number)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE run("
    "  run INTEGER PRIMARY KEY,"
    "  tier INTEGER NOT NULL,"
    "  rows INTEGER NOT NULL,"
    "  into_run INTEGER NOT NULL,"
    "  reached INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE search("
    "  number INTEGER NOT NULL,"
    "  sequence INTEGER NOT NULL,"
    "  PRIMARY KEY (number, sequence)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE doomed(slot INTEGER PRIMARY KEY) STRICT;",
    /* 1 to 2: the words of records, sealed */
    "CREATE TABLE words("
    "  piece INTEGER PRIMARY KEY,"
    "  slot INTEGER NOT NULL,"
    "  sealed BLOB NOT NULL"
    ") STRICT;",
    /* 2 to 3: the words given with acts, apart from what the acts showed; what was erased */
    "CREATE TABLE aside("
    "  sequence INTEGER PRIMARY KEY,"
    "  slot INTEGER NOT NULL,"
    "  until INTEGER NOT NULL,"
    "  sealed BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX aside_by_until ON aside(until) WHERE until <> 0;"
    "ALTER TABLE search ADD COLUMN whole INTEGER NOT NULL DEFAULT 1;"
    "CREATE TABLE tombstone("
    "  hi INTEGER NOT NULL,"
    "  lo INTEGER NOT NULL,"
    "  PRIMARY KEY (hi, lo)"
    ") STRICT, WITHOUT ROWID;",
    /* 3 to 4: keys in packed blocks; the old tables go once their rows are in them */
    "CREATE TABLE key_block("
    "  block INTEGER PRIMARY KEY,"
    "  rows BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE key_run("
    "  run INTEGER PRIMARY KEY,"
    "  tier INTEGER NOT NULL,"
    "  rows INTEGER NOT NULL,"
    "  into_run INTEGER NOT NULL"
    ") STRICT;",
};
enum { STEPS = sizeof steps / sizeof steps[0], KEYS_PACKED = 3 };

/* clang-format on */

int sqlite_newest(void)
{
    return STEPS;
}

/* ---- Keys that stood one a row ---- */

struct rows {
    struct key_row *at;
    size_t count, capacity;
};

/* The hash was stored with its top bit flipped, since SQLite's integers have a sign. */
static struct key_row old_row(sqlite3_stmt *read)
{
    return (struct key_row){.hi = sqlite_number(read, 0) ^ UINT64_C(1) << 63,
                            .lo = sqlite_number(read, 1),
                            .number = sqlite_number(read, 2)};
}

static enum status flush(struct rows *rows, struct database *db, struct err *err)
{
    size_t count = key_rows_sort(rows->at, rows->count);
    rows->count = 0;
    return count > 0 ? sqlite_write_run(db, rows->at, count, err) : OK;
}

/* Their runs, and what was moving between them, are forgotten: all rows are read from one end to the other,
 * and each so many are a run of their own. */
static enum status pack_keys(struct database *db, struct err *err)
{
    enum { RUN_ROWS = 4 << 20 };
    sqlite3_stmt *read = NULL;
    struct rows rows = {0};
    enum status status = sqlite_prepare_all(db, err);
    int code = SQLITE_DONE;
    if (status == OK && sqlite3_prepare_v2(db->sqlite, "SELECT hi, lo, number FROM key", -1,
                                           &read, NULL) != SQLITE_OK)
        status = sqlite_fail(db, err);
    while (status == OK && (code = sqlite3_step(read)) == SQLITE_ROW) {
        grow_to((void **)&rows.at, &rows.capacity, rows.count, sizeof *rows.at);
        rows.at[rows.count++] = old_row(read);
        if (rows.count == RUN_ROWS)
            status = flush(&rows, db, err);
    }
    if (status == OK && code != SQLITE_DONE)
        status = sqlite_fail(db, err);
    if (status == OK)
        status = flush(&rows, db, err);
    sqlite3_finalize(read);
    free(rows.at);
    return status == OK ? sqlite_execute(db, "DROP TABLE key; DROP TABLE run", err)
                        : status;
}

enum status sqlite_migrate(struct database *db, int version, struct err *err)
{
    for (; version < STEPS; version++) {
        char number[64];
        snprintf(number, sizeof number, "PRAGMA user_version = %d", version + 1);
        enum status status = sqlite_execute(db, "BEGIN IMMEDIATE", err);
        if (status == OK)
            status = sqlite_execute(db, steps[version], err);
        if (status == OK && version == KEYS_PACKED)
            status = pack_keys(db, err);
        if (status == OK)
            status = sqlite_execute(db, number, err);
        if (status == OK)
            status = sqlite_execute(db, "COMMIT", err);
        if (status != OK)
            return status;
    }
    return OK;
}
