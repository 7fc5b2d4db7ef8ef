/* SPDX-License-Identifier: Apache-2.0
 *
 * store/database.h: rows in, rows out: all that the store asks of a database.
 *
 * Behind it stands SQLite (sqlite*.c, the only files with SQL in them); PostgreSQL can
 * stand there too. Nothing here knows of acts, and no word of a record passes through: only
 * numbers, sealed bytes and keyed hashes. docs/format/store.md lists the tables.
 *
 * Numbers: a record has the sequence of the entry that made it, so its bucket is that
 * entry's. Every change stands between database_begin and database_commit; the caller stops
 * at the first failure of any function and never commits after one.
 */
#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include "ledger/entry.h"
#include "ledger/merkle.h"
#include "store/secrets.h"
#include "store/store.h"

enum { DATABASE_WRITER = 16, BUCKET_BITS = 20 };

struct database;

struct head {
    struct merkle tree; /* its size is the number of entries */
    uint64_t next_slot; /* first unused slot of the key file */
};

/* Hits and claims are about records and no records themselves: never exported, published or asked. */
enum record_kind {
    KIND_THING = 1,
    KIND_CASE = 2,
    KIND_USER = 3,
    KIND_HIT = 4,
    KIND_CLAIM = 5,
    KIND_PEER = 6
};

struct record_row {
    uint64_t number, case_number; /* 0: of no case */
    enum record_kind kind;
    bool erased;
    uint64_t slot, latest, versions;
    uint8_t content[SECRET_HASH]; /* keyed hash of what the last version says */
};

struct database_options {
    const char *path;
    const struct disk *disk;
    bool create;          /* makes the file when absent */
    uint64_t signed_size; /* not 0: a missing or empty file is a loss and no beginning */
    const struct database_tuning *tuning; /* or NULL */
};

/* Statuses as store_open says. */
MUST_USE enum status database_open(struct database **out,
                                   const struct database_options *options, struct err *err);
/* clean: everything is moved into the one file. Else the WAL stays, and with it the mark that the
 * end was unclean. NULL is fine. */
void database_close(struct database *db, bool clean);
bool database_was_unclean(const struct database *db); /* before this opening */
int database_schema(const struct database *db);

MUST_USE enum status database_begin(struct database *db, struct err *err);
/* The head goes in only if the size there is still the one given. CONFLICT: somebody else
 * wrote. */
MUST_USE enum status database_commit(struct database *db, const struct head *head,
                                     uint64_t expected_size, struct err *err);
/* Pages kept in memory: few, so that a service stays as small as it began; many while very much is
 * written, since hot pages are then better written once. Going back gives the memory back. */
void database_bulk(struct database *db, bool bulk);
/* Housekeeping, some time after a commit: nothing acknowledged waits for it. */
MUST_USE enum status database_tend(struct database *db, struct err *err);

MUST_USE enum status database_head(struct head *head, uint8_t writer[DATABASE_WRITER],
                                   struct database *db, struct err *err);
/* Of the slots that are in use, found where the last of each kind stands. */
MUST_USE enum status database_highest_slot(uint64_t *slot, struct database *db,
                                           struct err *err);
/* The first head of a new node; inside a transaction. */
MUST_USE enum status database_found(struct database *db,
                                    const uint8_t writer[DATABASE_WRITER], struct err *err);
MUST_USE enum status database_setting(struct buf *value, struct database *db,
                                      const char *name, struct err *err);
MUST_USE enum status database_set(struct database *db, const char *name, struct bytes value,
                                  struct err *err);

/* Entries, and what is sealed beside them. */
MUST_USE enum status database_add_entry(struct database *db, uint64_t sequence,
                                        const uint8_t entry[ENTRY_SIZE], struct err *err);
typedef enum status database_on_row(void *context, uint64_t number, struct bytes row,
                                    struct err *err);
/* At most count entries from `from` on, in order; stops at the first status that is not OK.
 * */
MUST_USE enum status database_entries(struct database *db, uint64_t from, uint64_t count,
                                      database_on_row *visit, void *context,
                                      struct err *err);
/* The root of each full 256 entries, by number, as for entries. */
MUST_USE enum status database_add_tile(struct database *db, uint64_t number,
                                       const uint8_t root[MERKLE_HASH], struct err *err);
MUST_USE enum status database_tiles(struct database *db, uint64_t from, uint64_t count,
                                    database_on_row *visit, void *context, struct err *err);
MUST_USE enum status database_clear_tiles(struct database *db, struct err *err);
MUST_USE enum status database_add_payload(struct database *db, uint64_t sequence,
                                          uint64_t slot, struct bytes sealed,
                                          struct err *err);
MUST_USE enum status database_payload(uint64_t *slot, struct buf *sealed,
                                      struct database *db, uint64_t sequence,
                                      struct err *err);

#endif
