/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite.h"

#include "base/memory.h"
#include "base/text.h"
#include "store/page_cache.h"
#include "store/wal.h"

#include <assert.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

/* In SQLite's header: whose file it is. */
enum {
    APPLICATION = 0x456e6c63 /* "Enlc" */,
    HEADER = 100,
    PAGE = 4096,
    APPLICATION_AT = 68,
    /* Of a database so large as it was opened: what lies above the leaves of its tables fits. */
    CACHE_PART = 64,
    CACHE_LEAST_KIB = 2048,
    CACHE_MOST_KIB = 16384,
    CACHE_BULK_KIB = 131072
};
static const struct database_tuning usual = {
    .wal_pages = 4096,
    .run_rows = 8192,
    .slice_rows = 2048,
    .block_rows = KEY_BLOCK_ROWS_MAX,
};

enum status sqlite_fail(struct database *db, struct err *err)
{
    enum status status = vfs_failure(db->vfs, err);
    if (status != OK)
        return status;
    switch (sqlite3_errcode(db->sqlite)) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return fail(err, CONFLICT,
                    "%s: the database is damaged (%s); put back a copy of the whole folder",
                    db->path, sqlite3_errmsg(db->sqlite));
    default:
        return fail(err, IO_FAILED, "%s: %s", db->path, sqlite3_errmsg(db->sqlite));
    }
}

sqlite3_stmt *sqlite_use(struct database *db, enum sqlite_statement which)
{
    return db->statements[which];
}

enum status sqlite_done(struct database *db, sqlite3_stmt *statement, int code,
                        struct err *err)
{
    enum status status = OK;
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        status = sqlite_fail(db, err);
    sqlite3_reset(statement);
    return status;
}

enum status sqlite_run(struct database *db, sqlite3_stmt *statement, struct err *err)
{
    int code = sqlite3_step(statement);
    assert(code != SQLITE_ROW);
    return sqlite_done(db, statement, code, err);
}

enum status sqlite_execute(struct database *db, const char *text, struct err *err)
{
    return sqlite3_exec(db->sqlite, text, NULL, NULL, NULL) == SQLITE_OK
               ? OK
               : sqlite_fail(db, err);
}

/* ---- Opening ---- */

static enum status fail_lost(const struct database *db, struct err *err)
{
    return fail(err, CONFLICT,
                "%s: the database is missing or was emptied: %llu %s of this node %s "
                "signed already; put back a copy of store.db, and make nothing new here",
                db->path, (unsigned long long)db->signed_size,
                plural(db->signed_size, "entry", "entries"),
                plural(db->signed_size, "was", "were"));
}

static enum status fail_unfinished(const struct database *db, struct err *err)
{
    if (db->signed_size > 0)
        return fail_lost(db, err);
    return fail(err, NOT_FOUND,
                "%s: a node was begun here and not finished; run `enlace init` again",
                db->path);
}

/* A power cut while the very first page was written: nothing was ever kept here. */
static bool is_unfinished(const uint8_t header[HEADER], size_t got, uint64_t size)
{
    for (size_t i = 0; i < got; i++)
        if (header[i] != 0)
            return false;
    return size <= PAGE;
}

/* Whose file it is, read before SQLite touches anything: a stranger's stays as it is. */
static enum status look_at_header(struct database *db, bool create, struct err *err)
{
    struct disk_file *file = NULL;
    create = create && db->signed_size == 0;
    uint8_t header[HEADER] = {0};
    uint64_t size = 0;
    size_t got = 0;
    enum status status = db->disk->open(&file, db->disk->context, db->path, false, NULL);
    if (status == NOT_FOUND && db->signed_size > 0)
        return fail_lost(db, err);
    if (status == NOT_FOUND && create)
        return OK;
    if (status == NOT_FOUND)
        return fail(err, NOT_FOUND, "%s: there is no node here; `enlace init` makes one",
                    db->path);
    if (status != OK)
        return db->disk->open(&file, db->disk->context, db->path, false, err);
    status = db->disk->lock(file, err);
    if (status == OK)
        status = db->disk->read(&got, file, header, sizeof header, 0, err);
    if (status == OK)
        status = db->disk->size(&size, file, err);
    bool unfinished = status == OK && is_unfinished(header, got, size);
    if (unfinished && create && size > 0)
        status = db->disk->truncate(file, 0, err);
    db->opened_bytes = size;
    db->disk->close(file);
    if (status != OK || (unfinished && create))
        return status;
    if (unfinished)
        return fail_unfinished(db, err);
    if (got < sizeof header || memcmp(header, "SQLite format 3", 16) != 0 ||
        load_be32(header + APPLICATION_AT) != APPLICATION)
        return fail(err, BAD_INPUT,
                    "%s: this is no database of Enlace; it was left as it is", db->path);
    return OK;
}

static enum status look_for_wal(struct database *db, struct err *err)
{
    struct arena scratch = {0};
    const char *path = arena_printf(&scratch, "%s-wal", db->path);
    struct disk_file *file = NULL;
    uint64_t size = 0;
    enum status status = db->disk->open(&file, db->disk->context, path, false, err);
    if (status == NOT_FOUND)
        status = OK;
    else if (status == OK)
        status = db->disk->size(&size, file, err);
    if (status == OK && size > 0)
        status = wal_check(db->disk, file, path, err);
    if (file != NULL)
        db->disk->close(file);
    db->unclean = size > 0;
    arena_release(&scratch);
    return status;
}

static int count_wal(void *context, sqlite3 *sqlite, const char *name, int pages)
{
    struct database *db = context;
    (void)sqlite, (void)name;
    db->commit_pages = pages >= db->wal_pages ? pages - db->wal_pages : pages;
    db->wal_pages = pages;
    return SQLITE_OK;
}

static enum status read_version(int *version, struct database *db, struct err *err)
{
    sqlite3_stmt *read = NULL;
    *version = 0;
    int code = sqlite3_prepare_v2(db->sqlite, "PRAGMA user_version", -1, &read, NULL);
    if (code == SQLITE_OK && sqlite3_step(read) == SQLITE_ROW)
        *version = sqlite3_column_int(read, 0);
    sqlite3_finalize(read);
    if (code != SQLITE_OK)
        return sqlite_fail(db, err);
    if (*version > sqlite_newest())
        return fail(
            err, REFUSED,
            "%s: this node was used with a newer Enlace (tables of version %d, this "
            "program knows up to %d); install that one again",
            db->path, *version, sqlite_newest());
    return OK;
}

/* A trigger would change what we write, a view what we read. */
static enum status check_no_strangers(struct database *db, struct err *err)
{
    sqlite3_stmt *read = NULL;
    enum status status = OK;
    int code = sqlite3_prepare_v2(
        db->sqlite,
        "SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view')", -1, &read,
        NULL);
    if (code == SQLITE_OK && (code = sqlite3_step(read)) == SQLITE_ROW)
        status =
            fail(err, CONFLICT,
                 "%s: somebody put a %s \"%.100s\" into the database; put back a copy of "
                 "the whole folder",
                 db->path, (const char *)sqlite3_column_text(read, 0),
                 (const char *)sqlite3_column_text(read, 1));
    else if (code != SQLITE_DONE)
        status = sqlite_fail(db, err);
    sqlite3_finalize(read);
    return status;
}

/* The first thing that is ever written, before there is a WAL: look_at_header must find it
 * in the file itself. */
static enum status claim(struct database *db, struct err *err)
{
    char number[64];
    snprintf(number, sizeof number, "PRAGMA application_id = %d", APPLICATION);
    return sqlite_execute(db, number, err);
}

static enum status checkpoint(struct database *db, struct err *err)
{
    db->wal_pages = 0;
    int code =
        sqlite3_wal_checkpoint_v2(db->sqlite, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return code == SQLITE_OK && vfs_failure(db->vfs, NULL) == OK ? OK
                                                                 : sqlite_fail(db, err);
}

enum status sqlite_prepare_all(struct database *db, struct err *err)
{
    for (int i = 0; i < SQL_COUNT; i++) {
        if (db->statements[i] != NULL)
            continue;
        int code = sqlite3_prepare_v3(db->sqlite, sqlite_text[i], -1,
                                      SQLITE_PREPARE_PERSISTENT, &db->statements[i], NULL);
        if (code != SQLITE_OK)
            return sqlite_fail(db, err);
    }
    return OK;
}

/* ---- Memory ---- */

static int cache_kib(const struct database *db)
{
    uint64_t part = db->opened_bytes / 1024 / CACHE_PART;
    if (part < CACHE_LEAST_KIB)
        return CACHE_LEAST_KIB;
    return part < CACHE_MOST_KIB ? (int)part : CACHE_MOST_KIB;
}

void database_bulk(struct database *db, bool bulk)
{
    char text[64];
    snprintf(text, sizeof text, "PRAGMA cache_size = -%d",
             bulk ? CACHE_BULK_KIB : cache_kib(db));
    sqlite3_exec(db->sqlite, text, NULL, NULL, NULL); /* a failure costs time, no more */
    if (db->bulk && !bulk) {
        sqlite3_db_release_memory(db->sqlite);
        malloc_trim(0);
    }
    db->bulk = bulk;
}

static enum status set_up(struct database *db, bool create, struct err *err)
{
    static const char *const alone = "PRAGMA locking_mode = EXCLUSIVE;"
                                     "PRAGMA synchronous = FULL;";
    static const char *const pragmas = "PRAGMA journal_mode = WAL;"
                                       "PRAGMA secure_delete = ON;"
                                       "PRAGMA temp_store = MEMORY;"
                                       "PRAGMA trusted_schema = OFF;";
    int version = 0;
    sqlite3_wal_autocheckpoint(db->sqlite, 0); /* SQLite would forgive its failures */
    sqlite3_wal_hook(db->sqlite, count_wal, db);
    enum status status = sqlite_execute(db, alone, err);
    if (status == OK)
        status = read_version(&version, db, err);
    if (status == OK && version == 0)
        status = create ? claim(db, err) : fail_unfinished(db, err);
    if (status == OK)
        status = check_no_strangers(db, err);
    if (status == OK)
        status = sqlite_execute(db, pragmas, err);
    if (status == OK)
        database_bulk(db, false);
    if (status == OK)
        status = sqlite_migrate(db, version, err);
    if (status == OK)
        status = sqlite_prepare_all(db, err);
    return status == OK ? sqlite_load_keys(db, err) : status;
}

enum status database_open(struct database **out, const struct database_options *options,
                          struct err *err)
{
    struct database *db = xcalloc(1, sizeof *db);
    const struct disk *disk = options->disk;
    const char *path = options->path;
    bool create = options->create;
    db->disk = disk;
    db->tuning = options->tuning != NULL ? *options->tuning : usual;
    assert(db->tuning.block_rows > 0 && db->tuning.run_rows > 0);
    db->path = xstrdup(path);
    db->signed_size = options->signed_size;
    page_cache_install();
    db->vfs = vfs_open(disk);
    enum status status = look_at_header(db, create, err);
    if (status == OK)
        status = look_for_wal(db, err);
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
    if (status == OK &&
        sqlite3_open_v2(path, &db->sqlite, flags, vfs_name(db->vfs)) != SQLITE_OK)
        status = sqlite_fail(db, err);
    if (status == OK)
        status = set_up(db, create, err);
    if (status != OK) {
        database_close(db, false);
        return status;
    }
    *out = db;
    return OK;
}

void database_close(struct database *db, bool clean)
{
    if (db == NULL)
        return;
    if (db->sqlite != NULL && !clean)
        sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(db->statements[i]);
    sqlite3_close(db->sqlite);
    sqlite_forget_keys(db);
    vfs_close(db->vfs);
    free(db->path);
    free(db);
}

bool database_was_unclean(const struct database *db)
{
    return db->unclean;
}

int database_schema(const struct database *db)
{
    (void)db;
    return sqlite_newest(); /* opening brought it there */
}

/* ---- Transactions, head, settings ---- */

enum status database_begin(struct database *db, struct err *err)
{
    return sqlite_run(db, sqlite_use(db, SQL_BEGIN), err);
}

enum status database_commit(struct database *db, const struct head *head,
                            uint64_t expected_size, struct err *err)
{
    sqlite3_stmt *write = sqlite_use(db, SQL_HEAD_WRITE);
    sqlite_bind(write, 1, head->tree.size);
    sqlite_bind(write, 2, head->next_slot);
    sqlite_bind_bytes(write, 3, bytes_of(head->tree.edge, sizeof head->tree.edge));
    sqlite_bind(write, 4, expected_size);
    enum status status = sqlite_run(db, write, err);
    if (status == OK && sqlite3_changes(db->sqlite) != 1)
        status = fail(err, CONFLICT, "%s: another program wrote to this node meanwhile",
                      db->path);
    if (status == OK)
        status = sqlite_run(db, sqlite_use(db, SQL_COMMIT), err);
    /* SQLite may have swallowed a failure that our disk reported. */
    return status == OK ? vfs_failure(db->vfs, err) : status;
}

/* Moving the log stops everybody for as long as the disk takes to write so many pages. Where commits
 * are small, people wait for them, and it is moved in small pieces; where they are large, an import
 * wants to be done, and hot pages are better written once. */
enum status database_tend(struct database *db, struct err *err)
{
    enum { COMMITS = 16, LEAST = 16 };
    int most = (int)db->tuning.wal_pages;
    int enough = most / LEAST + COMMITS * db->commit_pages;
    enum status status = OK;
    if (db->wal_pages >= (enough < most ? enough : most))
        status = checkpoint(db, err);
    return status == OK ? sqlite_tend_filters(db, err) : status;
}

enum status database_head(struct head *head, uint8_t writer[DATABASE_WRITER],
                          struct database *db, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_HEAD_READ);
    memset(head, 0, sizeof *head);
    bool whole = true;
    int code = sqlite3_step(read);
    if (code == SQLITE_ROW) {
        head->tree.size = sqlite_number(read, 0);
        whole = sqlite3_column_bytes(read, 1) == DATABASE_WRITER;
        if (whole)
            memcpy(writer, sqlite3_column_blob(read, 1), DATABASE_WRITER);
        head->next_slot = sqlite_number(read, 2);
        if (sqlite3_column_bytes(read, 3) == sizeof head->tree.edge)
            memcpy(head->tree.edge, sqlite3_column_blob(read, 3), sizeof head->tree.edge);
    }
    enum status status = sqlite_done(db, read, code, err);
    if (status == OK && code == SQLITE_DONE)
        status = fail_unfinished(db, err);
    if (status == OK && !whole)
        status =
            fail(err, CONFLICT,
                 "%s: whose node it is was damaged; put back a copy of the whole folder",
                 db->path);
    return status;
}

enum status database_highest_slot(uint64_t *slot, struct database *db, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_SLOT_HIGHEST);
    int code = sqlite3_step(read);
    *slot = code == SQLITE_ROW ? sqlite_number(read, 0) : 0;
    return sqlite_done(db, read, code, err);
}

enum status database_found(struct database *db, const uint8_t writer[DATABASE_WRITER],
                           struct err *err)
{
    sqlite3_stmt *add = sqlite_use(db, SQL_HEAD_FOUND);
    sqlite_bind_bytes(add, 1, bytes_of(writer, DATABASE_WRITER));
    return sqlite_run(db, add, err);
}

enum status database_setting(struct buf *value, struct database *db, const char *name,
                             struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_SETTING_READ);
    sqlite3_bind_text(read, 1, name, -1, SQLITE_STATIC);
    buf_clear(value);
    int code = sqlite3_step(read);
    if (code == SQLITE_ROW)
        buf_add(value, bytes_of(sqlite3_column_blob(read, 0),
                                (size_t)sqlite3_column_bytes(read, 0)));
    enum status status = sqlite_done(db, read, code, err);
    if (status == OK && code == SQLITE_DONE)
        status = fail(err, NOT_FOUND, "%s: the setting %s is missing", db->path, name);
    if (status == OK && value->overflowed)
        status = fail(err, CONFLICT, "%s: the setting %s is too long", db->path, name);
    return status;
}

enum status database_set(struct database *db, const char *name, struct bytes value,
                         struct err *err)
{
    sqlite3_stmt *write = sqlite_use(db, SQL_SETTING_WRITE);
    sqlite3_bind_text(write, 1, name, -1, SQLITE_STATIC);
    sqlite_bind_bytes(write, 2, value);
    return sqlite_run(db, write, err);
}
