/* SPDX-License-Identifier: Apache-2.0
 *
 * store/store.h: where everything of a node is kept.
 *
 * A node is a folder with two files of ours: `store.db`, the database, and `store.keys`,
 * the key file (docs/format/store.md). The store owns both, alone: whoever opens it second
 * is told so. It hands out nothing and changes nothing; that is what acts are for
 * (store/act.h). One thread owns the store and everything got from it.
 *
 * A store that met a failed write or sync, or found itself damaged, has stopped: every call
 * says why with IO_FAILED. Close it and open it again; opening verifies.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/world.h"
#include "ledger/entry.h"
#include "store/disk.h"

enum { STORE_SECRET = 32, STORE_WORD_MAX = 200 };

struct store;

/* When housekeeping sets in. A test makes it happen all the time. */
struct database_tuning {
    unsigned
        wal_pages; /* the log of SQLite is moved into the database when it has so many */
    unsigned run_rows;   /* a run of keys is full when it has so many (sqlite_keys.c) */
    unsigned slice_rows; /* so many are moved at a time */
    unsigned block_rows; /* and so many stand in a block at most, if there is room */
};

struct store_options {
    const char *folder;
    const uint8_t *secret;     /* STORE_SECRET bytes, the vault's; copied, wiped at close */
    const struct world *world; /* NULL: world_system() */
    const struct disk *disk;   /* NULL: disk_system() */
    const struct database_tuning *tuning; /* NULL: the usual */
    uint64_t signed_size; /* entries that the vault has signed: so many were here once */
};

/* What a node is called and where it is; given once, when it is made. */
struct store_settings {
    char agency[STORE_WORD_MAX]; /* code, "XA" */
    char name[STORE_WORD_MAX];   /* for people */
    char
        country[STORE_WORD_MAX]; /* ISO 3166 alpha-2, lower case: phones are read with it */
    char language[STORE_WORD_MAX]; /* "es" */
    bool fiction;                  /* marks every entry; cannot be unset */
    enum purpose purpose;          /* of acts that name none */
};

/* Makes the node in the folder (which is made when absent) and its first user, who is
 * analyst and administrator until a second user takes one of the two. CONFLICT when there
 * is a node already, or was one: something of it was signed, or its keys stand there. */
MUST_USE enum status store_create(const struct store_options *options,
                                  const struct store_settings *settings,
                                  const char *first_user, struct err *err);

/* BUSY: another program has it. REFUSED: read-only, a newer version, the wrong secret.
 * BAD_INPUT: not a node of ours. CONFLICT: what it holds and its log do not agree, or nothing
 * is there and signed_size says that something was. NOT_FOUND: there never was a node. */
MUST_USE enum status store_open(struct store **out, const struct store_options *options,
                                struct err *err);
/* Acts that were not committed are lost, as their callers were told nothing. NULL is fine.
 * */
void store_close(struct store *store);

const struct store_settings *store_settings(const struct store *store);

/* Makes everything durable that was handed in since the last commit, with one sync. */
MUST_USE enum status store_commit(struct store *store, struct err *err);

/* Names into ids, so that an act can be put together; of a user also the roles, bits 1 <<
 * enum role. Nothing else is told. NOT_FOUND. */
MUST_USE enum status store_find_user(uint8_t id[ENTRY_ID], unsigned *roles,
                                     struct store *store, const char *login,
                                     struct err *err);
MUST_USE enum status store_find_case(uint8_t id[ENTRY_ID], struct store *store,
                                     const char *reference, struct err *err);
/* The record of the case (all zero: of no case) that its source, this agency, calls so. NOT_FOUND too
 * when `who` is no member of the case. */
MUST_USE enum status store_find_source(uint8_t id[ENTRY_ID], struct store *store,
                                       const uint8_t who[ENTRY_ID],
                                       const uint8_t case_id[ENTRY_ID], const char *source,
                                       struct err *err);

struct store_status {
    uint64_t entries, records, erased, keys, users, cases; /* as of the last commit */
    uint64_t bytes;                                        /* of all files of the node */
    uint8_t root[32];  /* of the tree over the entries */
    int schema;        /* version of the database's tables */
    bool keys_damaged; /* a rebuild makes them again; until then nothing is found by them */
    bool verified;     /* the last end was no clean one, and everything was read again */
};
MUST_USE enum status store_status(struct store_status *out, struct store *store,
                                  struct err *err);

#endif
