/* SPDX-License-Identifier: Apache-2.0
 *
 * store/peers.h: the nodes of other agencies that this node knows, kept as records of their own
 * kind, so that who was let in, to what, by whom and why are entries of the log like everything
 * else. What a Peer record says is read by exchange/peer.h.
 */
#ifndef STORE_PEERS_H
#define STORE_PEERS_H

#include "store/act.h"

struct record_row;

/* ---- For whoever makes the node work ---- */

/* The last version of each, in the order of their coming. The node's own machinery works by them:
 * whom to answer, where to call. Like store_find_user this shows nothing to a person; what a person
 * is shown is the act VERB_PEER_LIST. Records live in the arena. */
typedef enum status store_visit_peer(void *context, const struct shown *peer,
                                     struct err *err);
MUST_USE enum status store_peers(struct store *store, struct arena *arena,
                                 store_visit_peer *visit, void *context, struct err *err);

/* ---- For act.c ---- */

MUST_USE enum status peers_accept(struct receipt *receipt, const struct act *act,
                                  const struct record_row *object, struct err *err);
MUST_USE enum status peers_change(struct receipt *receipt, const struct act *act,
                                  const struct record_row *object, struct err *err);

#endif
