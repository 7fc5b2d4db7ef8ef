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

#include "store/act.h"

enum { REBUILD_DIGEST = 32, REBUILD_TABLES = 2 };

struct rebuild_table {
    const char *name; /* "keys", "tree" */
    uint64_t rows;
    uint8_t before[REBUILD_DIGEST], after[REBUILD_DIGEST];
};

struct rebuild {
    struct rebuild_table tables[REBUILD_TABLES];
    bool same;
    bool new_rules; /* the normaliser changed since, so the keys may rightly differ */
};

/* `as` says who and role. Durable when it comes back OK, whether same or not. */
MUST_USE enum status store_rebuild(struct rebuild *out, struct store *store,
                                   const struct act *as, struct err *err);

#endif
