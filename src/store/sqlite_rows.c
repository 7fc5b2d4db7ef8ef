/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite.h"

#include "base/memory.h"

#include <stdlib.h>

/* ---- Entries and payloads ---- */

enum status database_add_entry(struct database *db, uint64_t sequence,
                               const uint8_t entry[ENTRY_SIZE], struct err *err)
{
    sqlite3_stmt *add = sqlite_use(db, SQL_ENTRY_ADD);
    sqlite_bind(add, 1, sequence);
    sqlite_bind(add, 2, sequence >> BUCKET_BITS);
    sqlite_bind_bytes(add, 3, bytes_of(entry, ENTRY_SIZE));
    return sqlite_run(db, add, err);
}

/* Statements that give (number, bytes of a fixed size). */
static enum status visit_rows(struct database *db, sqlite3_stmt *read,
                              database_on_row *visit, void *context, struct err *err)
{
    enum status told = OK;
    int code;
    while ((code = sqlite3_step(read)) == SQLITE_ROW && told == OK)
        told = visit(
            context, sqlite_number(read, 0),
            bytes_of(sqlite3_column_blob(read, 1), (size_t)sqlite3_column_bytes(read, 1)),
            err);
    enum status status = sqlite_done(db, read, code, told == OK ? err : NULL);
    return told != OK ? told : status;
}

enum status database_entries(struct database *db, uint64_t from, uint64_t count,
                             database_on_row *visit, void *context, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_ENTRY_FROM);
    sqlite_bind(read, 1, from);
    sqlite_bind(read, 2, count);
    return visit_rows(db, read, visit, context, err);
}

enum status database_add_tile(struct database *db, uint64_t number,
                              const uint8_t root[MERKLE_HASH], struct err *err)
{
    sqlite3_stmt *add = sqlite_use(db, SQL_TILE_ADD);
    sqlite_bind(add, 1, number);
    sqlite_bind_bytes(add, 2, bytes_of(root, MERKLE_HASH));
    return sqlite_run(db, add, err);
}

enum status database_tiles(struct database *db, uint64_t from, uint64_t count,
                           database_on_row *visit, void *context, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_TILE_FROM);
    sqlite_bind(read, 1, from);
    sqlite_bind(read, 2, count);
    return visit_rows(db, read, visit, context, err);
}

enum status database_clear_tiles(struct database *db, struct err *err)
{
    return sqlite_run(db, sqlite_use(db, SQL_TILE_CLEAR), err);
}

enum status database_add_payload(struct database *db, uint64_t sequence, uint64_t slot,
                                 struct bytes sealed, struct err *err)
{
    sqlite3_stmt *add = sqlite_use(db, SQL_PAYLOAD_ADD);
    sqlite_bind(add, 1, sequence);
    sqlite_bind(add, 2, slot);
    sqlite_bind_bytes(add, 3, sealed);
    return sqlite_run(db, add, err);
}

enum status database_payload(uint64_t *slot, struct buf *sealed, struct database *db,
                             uint64_t sequence, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_PAYLOAD_READ);
    sqlite_bind(read, 1, sequence);
    buf_clear(sealed);
    int code = sqlite3_step(read);
    if (code == SQLITE_ROW) {
        *slot = sqlite_number(read, 0);
        buf_add(sealed, bytes_of(sqlite3_column_blob(read, 1),
                                 (size_t)sqlite3_column_bytes(read, 1)));
    }
    enum status status = sqlite_done(db, read, code, err);
    if (status == OK && code == SQLITE_DONE)
        status =
            fail(err, CONFLICT, "the payload of entry %llu is missing from the database",
                 (unsigned long long)sequence);
    if (status == OK && sealed->overflowed)
        status =
            fail(err, TOO_LARGE, "the payload of entry %llu is too large to be read here",
                 (unsigned long long)sequence);
    return status;
}

/* ---- Records ---- */

static void bind_record(sqlite3_stmt *statement, const struct record_row *row)
{
    sqlite_bind(statement, 1, row->number);
    sqlite_bind(statement, 2, row->case_number);
    sqlite_bind(statement, 3, row->kind);
    sqlite_bind(statement, 4, row->erased);
    sqlite_bind(statement, 5, row->slot);
    sqlite_bind(statement, 6, row->latest);
    sqlite_bind(statement, 7, row->versions);
    sqlite_bind_bytes(statement, 8, bytes_of(row->content, sizeof row->content));
}

static void take_record(struct record_row *row, sqlite3_stmt *statement)
{
    memset(row, 0, sizeof *row);
    row->number = sqlite_number(statement, 0);
    row->case_number = sqlite_number(statement, 1);
    row->kind = (enum record_kind)sqlite_number(statement, 2);
    row->erased = sqlite_number(statement, 3) != 0;
    row->slot = sqlite_number(statement, 4);
    row->latest = sqlite_number(statement, 5);
    row->versions = sqlite_number(statement, 6);
    if (sqlite3_column_bytes(statement, 7) == sizeof row->content)
        memcpy(row->content, sqlite3_column_blob(statement, 7), sizeof row->content);
}

enum status database_add_record(struct database *db, const struct record_row *row,
                                struct err *err)
{
    sqlite3_stmt *add = sqlite_use(db, SQL_RECORD_ADD);
    bind_record(add, row);
    return sqlite_run(db, add, err);
}

enum status database_put_record(struct database *db, const struct record_row *row,
                                struct err *err)
{
    sqlite3_stmt *put = sqlite_use(db, SQL_RECORD_PUT);
    bind_record(put, row);
    return sqlite_run(db, put, err);
}

enum status database_record(struct record_row *row, struct database *db, uint64_t number,
                            struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_RECORD_READ);
    sqlite_bind(read, 1, number);
    int code = sqlite3_step(read);
    if (code == SQLITE_ROW)
        take_record(row, read);
    enum status status = sqlite_done(db, read, code, err);
    return status == OK && code == SQLITE_DONE
               ? fail(err, NOT_FOUND, "there is nothing with this id")
               : status;
}

enum status database_records(struct record_row *rows, size_t *count, size_t max,
                             struct database *db, const struct record_filter *filter,
                             uint64_t after, struct err *err)
{
    static const struct {
        enum sqlite_statement statement;
        enum record_kind kind;
    } choices[] = {
        [RECORDS_THINGS] = {SQL_RECORDS_ALL, KIND_THING},
        [RECORDS_OF_NO_CASE] = {SQL_RECORDS_NONE, KIND_THING},
        [RECORDS_OF_CASE] = {SQL_RECORDS_CASE, KIND_THING},
        [RECORDS_CASES] = {SQL_RECORDS_KIND, KIND_CASE},
        [RECORDS_USERS] = {SQL_RECORDS_KIND, KIND_USER},
        [RECORDS_PEERS] = {SQL_RECORDS_KIND, KIND_PEER},
        [RECORDS_HITS] = {SQL_RECORDS_KIND, KIND_HIT},
        [RECORDS_CLAIMS] = {SQL_RECORDS_KIND, KIND_CLAIM},
    };
    enum sqlite_statement which = choices[filter->choice].statement;
    sqlite3_stmt *read = sqlite_use(db, which);
    sqlite_bind(read, 1, after);
    sqlite_bind(read, 2, max);
    if (which == SQL_RECORDS_CASE)
        sqlite_bind(read, 3, filter->case_number);
    if (which == SQL_RECORDS_KIND)
        sqlite_bind(read, 3, choices[filter->choice].kind);
    int code;
    *count = 0;
    while ((code = sqlite3_step(read)) == SQLITE_ROW)
        take_record(&rows[(*count)++], read);
    return sqlite_done(db, read, code, err);
}

enum status database_count_records(struct record_counts *counts, struct database *db,
                                   struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_RECORDS_COUNT);
    memset(counts, 0, sizeof *counts);
    int code;
    while ((code = sqlite3_step(read)) == SQLITE_ROW) {
        uint64_t number = sqlite_number(read, 2);
        switch ((enum record_kind)sqlite_number(read, 0)) {
        case KIND_THING:
            *(sqlite_number(read, 1) != 0 ? &counts->erased : &counts->things) += number;
            break;
        case KIND_CASE:
            counts->cases += number;
            break;
        case KIND_USER:
            counts->users += number;
            break;
        case KIND_PEER:
        case KIND_HIT:
        case KIND_CLAIM:
            break;
        }
    }
    return sqlite_done(db, read, code, err);
}

/* ---- People ---- */

enum status database_roles(unsigned *roles, struct database *db, uint64_t user,
                           struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_ROLES_READ);
    sqlite_bind(read, 1, user);
    int code = sqlite3_step(read);
    *roles = code == SQLITE_ROW ? (unsigned)sqlite_number(read, 0) : 0;
    return sqlite_done(db, read, code, err);
}

enum status database_put_roles(struct database *db, uint64_t user, unsigned roles,
                               struct err *err)
{
    sqlite3_stmt *put = sqlite_use(db, SQL_ROLES_PUT);
    sqlite_bind(put, 1, user);
    sqlite_bind(put, 2, roles);
    return sqlite_run(db, put, err);
}

enum status database_is_member(bool *is, struct database *db, uint64_t case_number,
                               uint64_t user, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_MEMBER_READ);
    sqlite_bind(read, 1, case_number);
    sqlite_bind(read, 2, user);
    int code = sqlite3_step(read);
    *is = code == SQLITE_ROW;
    return sqlite_done(db, read, code, err);
}

enum status database_has_other_member(bool *has, struct database *db, uint64_t case_number,
                                      uint64_t user, unsigned roles, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_MEMBER_OTHER);
    sqlite_bind(read, 1, case_number);
    sqlite_bind(read, 2, user);
    sqlite_bind(read, 3, roles);
    int code = sqlite3_step(read);
    *has = code == SQLITE_ROW;
    return sqlite_done(db, read, code, err);
}

enum status database_put_member(struct database *db, uint64_t case_number, uint64_t user,
                                bool joins, struct err *err)
{
    sqlite3_stmt *put = sqlite_use(db, joins ? SQL_MEMBER_ADD : SQL_MEMBER_REMOVE);
    sqlite_bind(put, 1, case_number);
    sqlite_bind(put, 2, user);
    return sqlite_run(db, put, err);
}

static enum status visit_pairs(database_on_pair *visit, void *context, struct database *db,
                               enum sqlite_statement which, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, which);
    int code;
    while ((code = sqlite3_step(read)) == SQLITE_ROW)
        visit(context, sqlite_number(read, 0), sqlite_number(read, 1));
    return sqlite_done(db, read, code, err);
}

enum status database_roles_all(database_on_pair *visit, void *context, struct database *db,
                               struct err *err)
{
    return visit_pairs(visit, context, db, SQL_ROLES_ALL, err);
}

enum status database_members_all(database_on_pair *visit, void *context,
                                 struct database *db, struct err *err)
{
    return visit_pairs(visit, context, db, SQL_MEMBERS_ALL, err);
}

enum status database_clear_people(struct database *db, struct err *err)
{
    enum status status = sqlite_run(db, sqlite_use(db, SQL_ROLES_CLEAR), err);
    return status == OK ? sqlite_run(db, sqlite_use(db, SQL_MEMBERS_CLEAR), err) : status;
}
