/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/vault_client.h: what the core has the vault do when it compares with other nodes. The core
 * never holds a seed, a key of an epoch, or an output of the oblivious function.
 */
#ifndef SERVE_VAULT_CLIENT_H
#define SERVE_VAULT_CLIENT_H

#include "match/claim.h"
#include "match/epoch.h"
#include "match/pledge.h"
#include "serve/vault.h"

/* ---- Publishing: begin, keys in pieces, finish, end ---- */

struct vault_publish {
    struct circle circle;
    const uint8_t *normaliser; /* NORMALISER bytes */
    struct bytes previous; /* the announcement before, in this circle; empty: the first */
    uint64_t floor;        /* the highest number that the log knows of */
    bool new_seed;         /* a new epoch; else a base or a delta in the one there is */
};
/* *number: of the announcement to come. */
MUST_USE enum status vault_publish_begin(uint64_t *number, struct vault *vault,
                                         const struct vault_publish *publish,
                                         struct err *err);
/* keys: (class 1 | record 8 | length 2, value) ..., VAULT_KEYS_MAX bytes at most. */
enum { VAULT_KEYS_MAX = 64 * 1024 };
void vault_keys_add(struct buf *keys, enum key_class class, struct bytes value,
                    uint64_t record);
/* The vault evaluates them while the next are read; what it could not take is told by the next call. */
MUST_USE enum status vault_publish_keys(struct vault *vault, struct bytes keys,
                                        struct err *err);
/* What it has of the publication is wiped. */
void vault_publish_give_up(struct vault *vault);
/* A publication may be in several pieces, between which others use the vault; there is one at a time, and
 * who begins it says so. */
void vault_set_publishing(struct vault *vault, bool publishing);
bool vault_is_publishing(const struct vault *vault);
struct vault_published {
    uint64_t keys, records, evaluated;
    uint64_t bytes;          /* of all maps that were made */
    struct bytes epoch_wire; /* until the next call of the vault */
};
/* All keys are there: the vault makes the maps (a second or two for 10^6 keys). While it is busy, what needs no
 * vault can be done; what needs it waits. */
MUST_USE enum status vault_publish_finish(struct vault *vault, struct err *err);
/* What it was told to do and nobody has waited for goes on, wait_ms from now too. */
bool vault_is_busy(const struct vault *vault, int wait_ms);
MUST_USE enum status vault_publish_end(struct vault_published *published,
                                       struct vault *vault, struct err *err);

/* ---- Answering ---- */

struct vault_ask {
    const uint8_t *from;     /* IDENTITY_KEY bytes: who is at the other end */
    uint32_t limit, total;   /* elements of the ask's class a day */
    uint32_t case_limit;     /* and for its case */
    struct bytes epoch_wire; /* ours, the one in force for the circle of `from` */
    struct bytes ask;
};
struct vault_answered {
    uint32_t left; /* UINT32_MAX: the answer was still there, nothing was counted */
    uint64_t counter;
    struct bytes answer; /* until the next call of the vault */
};
MUST_USE enum status vault_answer(struct vault_answered *answered, struct vault *vault,
                                  const struct vault_ask *ask, struct err *err);
/* The log has seen this counter (0: it only asks). *counted: what the vault's file has then. */
MUST_USE enum status vault_told(bool *barred, uint64_t *counted, struct vault *vault,
                                uint64_t counter, struct err *err);
/* An ask that the log knows to be answered, added to the question; and the question: in the order of the log, at most
 * VAULT_PAST_MAX bytes at once. */
enum { VAULT_PAST_MAX = 512 * 1024 };
struct quota_past;
void vault_past_add(struct buf *question, const struct quota_past *past);
MUST_USE enum status vault_recover(uint64_t *recovered, struct vault *vault,
                                   struct bytes question, struct err *err);

/* ---- The rest ---- */

/* Appends the signature to an ask or claim of this node; fits requester_options.sign. */
MUST_USE enum status vault_sign_message(void *vault, struct buf *message, struct err *err);
/* The records that a claim means; its proof is right. NOT_FOUND: no longer held, or never. opened: it was
 * pledged in the announcement that the requester asked under, as the claim names it. */
enum { VAULT_CLAIM_RECORDS_MAX = CLAIM_RECORDS_MAX };
struct vault_claimed {
    uint64_t record;
    bool opened;
    struct pledge_opening opening;
};
MUST_USE enum status vault_check_claim(struct vault_claimed *claimed, size_t *count,
                                       struct vault *vault, const struct claim *claim,
                                       struct err *err);

struct vault_epoch {
    uint64_t first;
    int64_t from_s, until_s;
};
/* The seeds that the vault holds; out has room for VAULT_EPOCHS_MAX. */
enum { VAULT_EPOCHS_MAX = 64 };
MUST_USE enum status vault_epochs(struct vault_epoch *out, size_t *count,
                                  struct vault *vault, struct err *err);

#endif
