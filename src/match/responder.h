/* SPDX-License-Identifier: Apache-2.0
 *
 * match/responder.h: the owner's side: checks an ask, has it charged, evaluates, proves,
 * signs.
 *
 * In this order, each step only when the one before passed:
 *
 *     form and signature > is it the peer we speak to > is it for us, this circle, this
 *     epoch > not expired > class offered > asked before? the same bytes get the stored
 *     answer, other bytes are refused > charge > evaluate > prove > sign > store
 *
 * The charge comes before the evaluation and is never given back: what fails later is paid
 * for. The stored answers live as long as the responder.
 */
#ifndef MATCH_RESPONDER_H
#define MATCH_RESPONDER_H

#include "match/answer.h"

struct world;

enum { RESPONDER_STORED_MAX = 4096, RESPONDER_STORED_BYTES_MAX = 256 << 20 };
/* With charge_remembers. */
enum { RESPONDER_REMEMBERED_MAX = 32, RESPONDER_REMEMBERED_BYTES_MAX = 32 << 20 };

/* Count the ask against the requester's quota, durably; anything but OK refuses it, with
 * the sentence that the requester is told: why, and when to come again. */
typedef enum status responder_charge(void *context, const struct ask *ask, struct err *err);

/* Everything is borrowed and must outlive the responder. */
struct responder_options {
    const struct world *world;
    struct pool *pool; /* or NULL */
    const struct identity *identity;
    const struct epoch *epoch;
    const struct epoch_keys *keys;
    responder_charge *charge; /* NULL: no quota */
    void *charge_context;
    /* The charge itself knows the batches it charged, and charges none twice: when there is no room
     * the oldest stored answer goes, and is made again if it is asked for again. */
    bool charge_remembers;
};

struct responder;

struct responder *responder_open(const struct responder_options *options);
void responder_close(struct responder *responder);

/* *answer borrows from the responder until it is closed. peer is who has shown to be at the
 * other end of the line. */
MUST_USE enum status responder_answer(struct bytes *answer, struct responder *responder,
                                      struct bytes ask_wire,
                                      const uint8_t peer[IDENTITY_KEY], struct err *err);

#endif
