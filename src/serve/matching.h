/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/matching.h: comparing with other nodes, in the core.
 *
 *     publish   records --keys--> vault --maps, announcement--> entry of the log      matching_publish
 *     answer    a partner's "epoch", "map", "ask", "claim", "epochs"                  match_handlers
 *     ask       records of a case --keys--> asks --line--> answers --> hits           serve/matching_ask.h
 *     claim     a hit that a person decided on --> its owner                          serve/matching_claim.h
 *
 * Everything is an act with an entry: a person's, or the node's where a partner speaks. The core has
 * the records and no key of the oblivious function; the vault has the keys and never sees a record.
 *
 * Who calls this fills in the struct; partners and line come from exchange/ (the book of peers, TLS),
 * or from a test.
 */
#ifndef SERVE_MATCHING_H
#define SERVE_MATCHING_H

#include "exchange/line.h"
#include "exchange/partner.h"
#include "match/claim.h"
#include "match/epoch.h"
#include "serve/vault_client.h"
#include "store/note.h"

struct pool;

enum {
    MATCHING_COUNTS = 512,
    MATCHING_MAPS_A_DAY = 32,    /* the same map, to the same partner */
    MATCHING_CLAIMS_A_DAY = 500, /* of a partner */
    MATCHING_DENIED_A_DAY =
        500, /* refusals that get an entry each; then one for all the rest */
};

struct matching {
    struct store *store;
    struct vault *vault;
    const struct world *world;
    struct pool *pool;  /* or NULL */
    const char *folder; /* of the node */
    struct partners partners;
    struct line_caller line; /* call NULL: nobody can be reached */
    /* So many seconds more a partner is not waited for (serve/node.h), its context the line's; or NULL. */
    unsigned (*silent_s)(void *context, const uint8_t key[IDENTITY_KEY]);
    /* Between two pieces of a publication, which may take hours: others are answered, and true means that
     * whoever waits for it wants it given up. NULL: nobody is answered meanwhile. */
    bool (*breathe)(void *context);
    void *breathe_context;
    /* matching_open fills in the rest. */
    uint8_t key[IDENTITY_KEY];
    uint8_t normaliser[NORMALISER];
    /* What is cheap to ask and dear to answer: who had what how often today. */
    struct matching_count {
        uint8_t who[IDENTITY_KEY], what[MAP_ID];
        int64_t day;
        unsigned count;
    } counts[MATCHING_COUNTS];
    size_t count_next;
};

/* Everything but the pool and what matching_open fills in. In matching_node.c, the one place that
 * knows the book of peers and the line to them. */
struct node;
MUST_USE enum status matching_of_node(struct matching *matching, struct node *node,
                                      const char *folder, const struct world *world);

/* Tells the vault what the log knows of its quotas; *barred (or NULL): they were put back, and nobody is
 * answered today. Nothing is to be released. */
MUST_USE enum status matching_open(struct matching *matching, bool *barred,
                                   struct err *err);

/* ---- Publishing ---- */

struct matching_published {
    char circle[CIRCLE_FIELD];
    uint64_t number, keys, records, evaluated;
    uint64_t base;  /* number, or that of an earlier announcement to whose maps these add */
    uint64_t bytes; /* of the maps that were made */
    int64_t until_s;
};
enum { MATCHING_CIRCLES_MAX = 64 };

/* A new base for every circle, or deltas to the last one; with new_epoch under a fresh seed. as: whose act; NULL: the node's. out
 * has room for MATCHING_CIRCLES_MAX. */
MUST_USE enum status matching_publish(struct matching_published *out, size_t *count,
                                      struct matching *matching, const struct act *as,
                                      bool new_epoch, struct err *err);
/* What a daemon does when it starts and every hour: a new base where a circle has none or its classes
 * changed; where records changed and the last announcement is MATCHING_BASE_S old, a new base when
 * anything is to go, and deltas when not: so whatever was erased, protected or acquitted is out of the
 * maps within a day; a new seed, and so a new base, when the last is a month old. */
enum { MATCHING_BASE_S = 20 * 3600, MATCHING_SEED_S = 30 * 24 * 3600 };
MUST_USE enum status matching_tend(struct matching *matching, struct err *err);

/* The last announcement of every circle, expired or not, in the arena. */
MUST_USE enum status matching_epochs(struct epoch **out, size_t *count,
                                     struct matching *matching, struct arena *arena,
                                     struct err *err);
/* The announcement in force for a circle of ours; NOT_FOUND. */
MUST_USE enum status matching_epoch(struct epoch *epoch, struct buf *wire,
                                    struct matching *matching, const struct circle *circle,
                                    struct err *err);

/* ---- Answering: the table for the transport; their context is the struct matching. ---- */

extern const struct line_handler match_handlers[];
extern const size_t match_handler_count;

#endif
