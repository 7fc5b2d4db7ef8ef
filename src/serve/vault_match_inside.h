/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/vault_match_inside.h: what vault_match.c, vault_answer.c, vault_claim.c and vault_publish.c share.
 */
#ifndef SERVE_VAULT_MATCH_INSIDE_H
#define SERVE_VAULT_MATCH_INSIDE_H

#include "base/memory.h"
#include "match/publisher.h"
#include "match/seeds.h"
#include "serve/vault_match.h"

enum { CIRCLES_MAX = 64, DAY_S = 24 * 3600 };

/* An announcement of ours that is being answered for. */
struct serving {
    uint8_t digest[DIGEST];
    struct epoch epoch;
    struct epoch_keys *keys; /* in guarded memory */
    struct responder *responder;
};

/* What the responder's charge is told besides the ask. */
struct charging {
    struct quota *quota;
    const uint8_t *digest;
    int64_t until_s;
    uint32_t limit, total, case_limit, left;
};

struct vault_match {
    struct vault_match_options options;
    struct arena memory;
    struct pool *pool;
    struct seeds *seeds;
    struct quota *quota;
    struct serving *circles[CIRCLES_MAX];
    struct charging charging;
    struct publisher *publisher;
    uint64_t publishing; /* first number of the seed that is published under */
    struct circle publishing_circle;
    struct buf published; /* what came of it, until it is fetched */
};

/* The seeds are read, and what has expired is destroyed. */
MUST_USE enum status vault_match_seeds(struct vault_match *match, struct err *err);
const char *vault_held_path(struct arena *arena, const struct vault_match *match,
                            uint64_t first, const struct circle *circle);
const char *vault_pledges_path(struct arena *arena, const struct vault_match *match,
                               uint64_t first, const struct circle *circle);

/* Opened with the first question that needs it. */
MUST_USE enum status vault_match_quota(struct vault_match *match, struct err *err);
void vault_serving_close(struct serving *serving); /* NULL is fine */

/* vault_answer.c */
MUST_USE enum status vault_answer_ask(struct buf *answer, struct vault_match *match,
                                      struct bytes body, struct err *err);
MUST_USE enum status vault_quota_told(struct buf *answer, struct vault_match *match,
                                      struct bytes body, struct err *err);
MUST_USE enum status vault_quota_recover(struct buf *answer, struct vault_match *match,
                                         struct bytes body, struct err *err);

/* vault_claim.c */
MUST_USE enum status vault_claim_check(struct buf *answer, struct vault_match *match,
                                       struct bytes body, struct err *err);

/* vault_publish.c: the three steps of a new base; what comes of the last is in `published`. */
MUST_USE enum status vault_publish_first(struct buf *answer, struct vault_match *match,
                                         struct bytes body, struct err *err);
MUST_USE enum status vault_publish_more(struct vault_match *match, struct bytes body,
                                        struct err *err);
MUST_USE enum status vault_publish_last(struct vault_match *match, struct err *err);

#endif
