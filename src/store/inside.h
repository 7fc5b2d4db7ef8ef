/* SPDX-License-Identifier: Apache-2.0
 *
 * store/inside.h: the store, as its own files see it. Nobody outside src/store includes
 * this.
 *
 * A group is what becomes durable together:
 *
 *     between   --store_begin-->   open   --store_commit-->   between, one group later
 *        \                          \---- any failure ---->   stopped
 *         \---- failure of housekeeping ------------------>   stopped
 *
 *     between   head equals what is on the disk; no transaction
 *     open      a transaction; head runs ahead of the disk by the acts handed in
 *     stopped   nobody knows what is on the disk; every call is refused with `why`
 *
 * Functions that give a status here follow one rule: what is not OK is a failure of the
 * machine and stops the store. What an act came to is told in its receipt, not in the
 * status.
 */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "base/memory.h"
#include "store/act.h"
#include "store/aside.h"
#include "store/index.h"
#include "store/keyring.h"
#include "store/payload.h"
#include "store/seal.h"
#include "store/words.h"

enum { TILE = 256 }; /* entries a tile */

struct store {
    const struct disk *disk;
    const struct world *world;
    struct secrets secrets;
    struct database *db;
    struct keyring *keyring;
    struct store_settings settings;
    struct arena memory; /* paths */
    const char *database_path, *keys_path;

    struct head head;       /* as of the last act handed in */
    uint64_t durable_size;  /* entries on the disk */
    struct merkle tile;     /* over the entries of the last tile, not full */
    uint64_t group;         /* the one that is open or will be next; from 1 */
    uint64_t durable_group; /* the last that is on the disk */
    bool loaded;            /* opened, and found sound */
    bool open;
    bool stopped;
    struct err why;

    struct index index;
    struct words words;
    struct slot_list doomed; /* to be overwritten after the commit */
    bool doomed_done;        /* overwritten; to be struck out with the next group */
    uint64_t people_version; /* counts changes of roles and membership */
    int64_t swept_day;       /* asides that had their time by then are gone */
    bool rules_changed;      /* the keys were made by another normaliser */
    bool statuses_kept;      /* the index says which things have a status that protects */
    bool verified;
    struct buf payload, sealed, form, opened, aside; /* for one act at a time */
    struct arena scratch;                            /* likewise; emptied before each */
};

struct shown_row {
    uint64_t number, version, case_number, versions; /* as of the act */
    enum record_kind kind;
    uint64_t by_keys; /* of a search: bit i, it has the act's key i */
    bool by_text;
    bool unread; /* a case that nobody can read */
};

struct log_reader;

struct receipt {
    struct store *store;
    uint64_t group, sequence, object; /* object: a number, 0 none */
    enum verb verb;
    enum status outcome;
    struct err why;
    struct err logged; /* why, as it is kept: without what somebody typed */
    struct shown_row *shown;
    size_t shown_count, shown_capacity, next;
    uint64_t about; /* of a refusal that has no object: the record it is about, or 0 */
    uint64_t
        withheld; /* of a VERB_WATCH_READ, VERB_EXPORT; of a change of roles, the cases it leaves */
    uint64_t noted; /* the entry whose note is shown */
    enum extent extent;
    struct log_reader *reader;   /* of a VERB_LOG_READ (overseeing.c), else NULL */
    struct belonging_memo *memo; /* of a VERB_EXPORT, from its first record on */
};

/* ---- store.c ---- */

/* Remembers why, tells it, and gives IO_FAILED. */
enum status store_stop(struct store *store, const struct err *why, struct err *err);
MUST_USE enum status store_begin(struct store *store, struct err *err);

/* ---- status.c ---- */

/* REFUSED: the keys were made by other rules, or are damaged; a rebuild makes them again. */
MUST_USE enum status store_check_keys(const struct store *store, struct err *err);

/* ---- receipt.c ---- */

struct receipt *receipt_new(struct store *store, enum verb verb);
/* Sets the outcome and gives OK: the machine is well. */
enum status refuse(struct receipt *receipt, enum status outcome, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* The same with a word between the two that was typed: it is told, and not kept. */
enum status refuse_naming(struct receipt *receipt, enum status outcome, const char *before,
                          const char *word, const char *after);
/* The entry of a refusal, whose sentence is in the receipt. */
MUST_USE enum status receipt_log_refusal(struct receipt *receipt, const struct act *act,
                                         struct err *err);
/* The number behind an id, or an outcome. */
MUST_USE enum status receipt_find(struct record_row *row, struct receipt *receipt,
                                  const uint8_t id[ENTRY_ID], struct err *err);
void receipt_show(struct receipt *receipt, const struct record_row *row);

/* What the table in act.c holds for each verb: does it, or refuses; object: the row it is about, or NULL. */
typedef enum status act_function(struct receipt *receipt, const struct act *act,
                                 const struct record_row *object, struct err *err);

#endif
