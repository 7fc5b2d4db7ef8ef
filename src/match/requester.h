/* SPDX-License-Identifier: Apache-2.0
 *
 * match/requester.h: the asking side, without the line: makes asks from a list, believes
 * answers only when proved, and reads the maps.
 *
 *     requester_begin     the announcement is checked, the list is planned
 *     requester_ask       one batch of the plan becomes an ask
 *     requester_take      its answer is checked, and becomes hits
 *
 * Between an ask and its answer the requester remembers the blinds of the batch, and wipes them
 * after. Batches of a class that the owner does not offer are marked, and not asked.
 */
#ifndef MATCH_REQUESTER_H
#define MATCH_REQUESTER_H

#include "match/answer.h"
#include "match/map.h"
#include "match/plan.h"

struct world;

enum { HIT_PROOF = 16 };

/* The list's item is held by the owner, in the record with this tag. */
struct match_hit {
    size_t item;
    uint64_t tag; /* 0 when many */
    bool many;    /* in five records or more, which have no tags */
    uint8_t
        proof[HIT_PROOF]; /* F(item)[16..31]: shows later that we knew it (match/claim) */
};

struct match_hits {
    struct match_hit *items; /* by item, then tag */
    size_t count, capacity;
};

void match_hits_release(struct match_hits *hits);

/* Everything is borrowed and must outlive the requester. */
struct requester_options {
    const struct world *world;
    struct pool *pool;               /* or NULL */
    const struct identity *identity; /* with `sign`: its public key alone */
    /* Appends the signature; NULL: the identity signs here. */
    enum status (*sign)(void *context, struct buf *message, struct err *err);
    void *sign_context;
    const uint8_t *peer; /* IDENTITY_KEY bytes: whom we mean to ask */
    struct circle circle;
    const uint8_t *normaliser; /* NORMALISER bytes */
    const uint8_t *seed;       /* CASE_SEED bytes: the case's, sealed by the caller */
    uint32_t first_batch;      /* of each class, above all that this seed was used for */
    struct ask_reason reason;
};

/* All-zero is empty. */
struct requester {
    struct requester_options options;
    struct arena arena;
    struct epoch epoch;
    struct plan plan;
    struct requester_batch {      /* beside plan.batches */
        struct blinding blinding; /* while the batch is out */
        uint8_t ask_digest[DIGEST];
    } * out;
    struct match_hits hits;
};

MUST_USE enum status requester_begin(struct requester *requester,
                                     const struct requester_options *options,
                                     struct bytes epoch_wire,
                                     const struct match_item *items, size_t count,
                                     struct err *err);
void requester_release(struct requester *requester);

static inline bool requester_offered(const struct requester *requester, size_t batch)
{
    return requester->epoch.classes[requester->plan.batches[batch].class].offered;
}

/* wire (empty, max ASK_WIRE_MAX) gets the ask for the batch of the plan, which is
 * offered. It fails only where the signer does. */
MUST_USE enum status requester_ask(struct buf *wire, struct requester *requester,
                                   size_t batch, struct err *err);
/* map: of the batch's class, checked (all three steps of match/map). */
MUST_USE enum status requester_take(struct requester *requester, size_t batch,
                                    struct bytes answer_wire, const struct map *map,
                                    struct err *err);
/* Bring the hits in order and hand them over. */
void requester_finish(struct match_hits *hits, struct requester *requester);

#endif
