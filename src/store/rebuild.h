/* SPDX-License-Identifier: Apache-2.0
 *
 * store/rebuild.h: throw away what is derived, make it again, and compare.
 *
 * Derived are the keys (from the last versions of all records) and the tree (from the
 * entries). A digest of each is taken in logical order before and after; under the same
 * normaliser they must be the same. All of it is one transaction: interrupted, nothing has
 * happened.
 */
#ifndef STORE_REBUILD_H
#define STORE_REBUILD_H

#include "ledger/proof.h"
#include "store/act.h"

enum { REBUILD_DIGEST = 32, REBUILD_TABLES = 2, REBUILD_NAMED = 20 };

struct rebuild_table {
    const char *name; /* "keys", "tree" */
    uint64_t rows;
    uint8_t before[REBUILD_DIGEST], after[REBUILD_DIGEST];
};

struct rebuild {
    struct rebuild_table tables[REBUILD_TABLES];
    bool same;
    uint64_t
        damaged; /* records that cannot be read: they are found by nothing any more, and an
                         import writes them anew */
    uint8_t damaged_ids[REBUILD_NAMED][ENTRY_ID]; /* of the first of them */
    bool people_changed; /* roles and members were not what the log says; they are now */
    bool people_unknown; /* an act about people cannot be read: the tables were left */
    bool new_rules;      /* the normaliser changed since, so the keys may rightly differ */
};

/* To be asked first, with what was signed last: a tree made anew over entries that were forged would
 * hide which they are. CONFLICT names the first 256 entries that are not those that were hashed. */
MUST_USE enum status store_check_signed(struct store *store, const struct tree_head *last,
                                        struct err *err);
/* `as` says who and role. Durable when it comes back OK, whether same or not. */
MUST_USE enum status store_rebuild(struct rebuild *out, struct store *store,
                                   const struct act *as, struct err *err);

#endif
