/* SPDX-License-Identifier: Apache-2.0
 *
 * What is to be erased, and what goes with it.
 */
#include "store/sqlite.h"

#include "base/memory.h"

#include <stdlib.h>

void slot_list_release(struct slot_list *slots)
{
    free(slots->items);
    *slots = (struct slot_list){0};
}

void slot_list_add(struct slot_list *slots, uint64_t slot)
{
    grow_to((void **)&slots->items, &slots->capacity, slots->count, sizeof *slots->items);
    slots->items[slots->count++] = slot;
}

static enum status read_slots(struct slot_list *slots, struct database *db,
                              sqlite3_stmt *read, struct err *err)
{
    int code;
    while ((code = sqlite3_step(read)) == SQLITE_ROW)
        slot_list_add(slots, sqlite_number(read, 0));
    return sqlite_done(db, read, code, err);
}

/* Of a record without edits nothing is looked through. */
enum status database_versions(struct slot_list *sequences, struct database *db,
                              const struct record_row *row, struct err *err)
{
    if (row->versions <= 1) {
        slot_list_add(sequences, row->latest);
        return OK;
    }
    sqlite3_stmt *read = sqlite_use(db, SQL_VERSIONS);
    sqlite_bind(read, 1, row->number);
    sqlite_bind(read, 2, row->latest);
    sqlite_bind(read, 3, row->slot);
    return read_slots(sequences, db, read, err);
}

static sqlite3_stmt *tombstone(struct database *db, enum sqlite_statement which,
                               const struct key_row *name)
{
    sqlite3_stmt *statement = sqlite_use(db, which);
    sqlite_bind(statement, 1, name->hi);
    sqlite_bind(statement, 2, name->lo);
    return statement;
}

enum status database_add_tombstone(struct database *db, const struct key_row *name,
                                   struct err *err)
{
    return sqlite_run(db, tombstone(db, SQL_TOMBSTONE_ADD, name), err);
}

enum status database_remove_tombstone(struct database *db, const struct key_row *name,
                                      struct err *err)
{
    return sqlite_run(db, tombstone(db, SQL_TOMBSTONE_REMOVE, name), err);
}

enum status database_has_tombstone(bool *has, struct database *db,
                                   const struct key_row *name, struct err *err)
{
    sqlite3_stmt *read = tombstone(db, SQL_TOMBSTONE_READ, name);
    int code = sqlite3_step(read);
    *has = code == SQLITE_ROW;
    return sqlite_done(db, read, code, err);
}

enum status database_has_any_tombstone(bool *has, struct database *db, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_TOMBSTONE_ANY);
    int code = sqlite3_step(read);
    *has = code == SQLITE_ROW;
    return sqlite_done(db, read, code, err);
}

enum status database_add_search(struct database *db, uint64_t number, uint64_t sequence,
                                bool whole, struct err *err)
{
    sqlite3_stmt *add = sqlite_use(db, SQL_SEARCH_ADD);
    sqlite_bind(add, 1, number);
    sqlite_bind(add, 2, sequence);
    sqlite_bind(add, 3, whole);
    return sqlite_run(db, add, err);
}

enum status database_searches(struct slot_list *sequences, struct database *db,
                              uint64_t number, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_SEARCH_SEQUENCES);
    sqlite_bind(read, 1, number);
    return read_slots(sequences, db, read, err);
}

enum status database_take_searches(struct slot_list *slots, struct database *db,
                                   uint64_t number, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_SEARCH_SLOTS);
    sqlite_bind(read, 1, number);
    enum status status = read_slots(slots, db, read, err);
    if (status != OK)
        return status;
    static const enum sqlite_statement removes[] = {SQL_SEARCH_ASIDES, SQL_SEARCH_REMOVE};
    for (size_t i = 0; i < 2 && status == OK; i++) {
        sqlite3_stmt *remove = sqlite_use(db, removes[i]);
        sqlite_bind(remove, 1, number);
        status = sqlite_run(db, remove, err);
    }
    return status;
}

enum status database_add_aside(struct database *db, uint64_t sequence, uint64_t slot,
                               uint64_t until, struct bytes sealed, struct err *err)
{
    sqlite3_stmt *add = sqlite_use(db, SQL_ASIDE_ADD);
    sqlite_bind(add, 1, sequence);
    sqlite_bind(add, 2, slot);
    sqlite_bind(add, 3, until);
    sqlite_bind_bytes(add, 4, sealed);
    return sqlite_run(db, add, err);
}

enum status database_next_aside(uint64_t *sequence, uint64_t *slot, struct buf *sealed,
                                struct database *db, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_ASIDE_NEXT);
    sqlite_bind(read, 1, *sequence);
    buf_clear(sealed);
    int code = sqlite3_step(read);
    if (code == SQLITE_ROW) {
        *sequence = sqlite_number(read, 0);
        *slot = sqlite_number(read, 1);
        buf_add(sealed, bytes_of(sqlite3_column_blob(read, 2),
                                 (size_t)sqlite3_column_bytes(read, 2)));
    }
    enum status status = sqlite_done(db, read, code, err);
    return status == OK && code == SQLITE_DONE ? NOT_FOUND : status;
}

enum status database_remove_aside(struct database *db, uint64_t sequence, struct err *err)
{
    sqlite3_stmt *remove = sqlite_use(db, SQL_ASIDE_REMOVE);
    sqlite_bind(remove, 1, sequence);
    return sqlite_run(db, remove, err);
}

enum status database_take_expired_asides(struct slot_list *slots, struct database *db,
                                         uint64_t day, struct err *err)
{
    sqlite3_stmt *read = sqlite_use(db, SQL_ASIDE_EXPIRED);
    sqlite_bind(read, 1, day);
    enum status status = read_slots(slots, db, read, err);
    if (status != OK || slots->count == 0)
        return status;
    sqlite3_stmt *remove = sqlite_use(db, SQL_ASIDE_EXPIRE);
    sqlite_bind(remove, 1, day);
    return sqlite_run(db, remove, err);
}

enum status database_add_doomed(struct database *db, const struct slot_list *slots,
                                struct err *err)
{
    enum status status = OK;
    for (size_t i = 0; i < slots->count && status == OK; i++) {
        sqlite3_stmt *add = sqlite_use(db, SQL_DOOMED_ADD);
        sqlite_bind(add, 1, slots->items[i]);
        status = sqlite_run(db, add, err);
    }
    return status;
}

enum status database_doomed(struct slot_list *slots, struct database *db, struct err *err)
{
    return read_slots(slots, db, sqlite_use(db, SQL_DOOMED_ALL), err);
}

enum status database_clear_doomed(struct database *db, struct err *err)
{
    return sqlite_run(db, sqlite_use(db, SQL_DOOMED_CLEAR), err);
}

enum status database_check_doomed(struct database *db, struct err *err)
{
    static const uint8_t verbs[] = {VERB_NEW, VERB_EDIT, VERB_SEARCH, VERB_ASK};
    static const enum sqlite_statement checks[] = {SQL_DOOMED_OF_RECORD, SQL_DOOMED_OF_ACT};
    for (size_t i = 0; i < 2; i++) {
        sqlite3_stmt *read = sqlite_use(db, checks[i]);
        for (int j = 0; i == 1 && j < (int)sizeof verbs; j++)
            sqlite_bind_bytes(read, j + 1, bytes_of(&verbs[j], 1));
        int code = sqlite3_step(read);
        uint64_t number = code == SQLITE_ROW ? sqlite_number(read, 0) : 0;
        enum status status = sqlite_done(db, read, code, err);
        if (status == OK && code == SQLITE_ROW)
            status =
                fail(err, CONFLICT,
                     "%s: the key of entry %llu is to be destroyed, and nothing in the "
                     "log says so; put back a copy of the whole folder",
                     db->path, (unsigned long long)number);
        if (status != OK)
            return status;
    }
    return OK;
}
