/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange/peer.h: the node of another agency, as this node knows it.
 *
 * Kept as a record of schema Peer (store/peers.h): who it is (code, name, key), where it listens, and
 * what it may ask: its agreement, one line a class. A peer may ask for a class only where there is a
 * line of it. What we may ask of it stands in *its* book: both directions are needed.
 *
 *     agreement   "phone common 10240"              class, circle, quota: padded elements a day
 *                 "phone common 10240 case 20480"   and so many for one case, in 90 days (else five times)
 *                 "phone common 10240 at-once"      and a new record of ours is asked of it at once
 *
 * A circle is a set of peers under the same conditions; they share a map. A class is in one circle a
 * peer. A peer that was removed stays in the book, without agreement, so that it can be told so.
 */
#ifndef EXCHANGE_PEER_H
#define EXCHANGE_PEER_H

#include "exchange/invitation.h"
#include "match/circle.h"
#include "store/act.h"

enum {
    QUOTA_STRONG = 10240, /* a day and class, where the agreement says nothing else */
    QUOTA_CLOSED = 256,   /* of closed numberings: imo, mmsi, plate, mark */
    QUOTA_MAX = 10 * 1000 * 1000
};
#define CIRCLE_COMMON "common"

struct peer_agreement {
    enum key_class class;
    uint32_t quota;
    uint32_t case_quota; /* for one case; 0: what is usual for the quota */
    bool at_once; /* a new record of ours with a key of the class is asked of it at once */
    struct circle circle;
};

struct peer {
    uint8_t id[ENTRY_ID]; /* of its record; version: what act.before takes */
    uint64_t version;
    char code[NODE_CODE_MAX + 1], name[NODE_NAME_MAX + 1], url[NODE_URL_MAX + 1];
    uint8_t key[NODE_KEY];
    bool removed;
    bool confirmed; /* somebody compared the fingerprint */
    int64_t invited_s;
    struct peer_agreement agreements[KEY_CLASSES]; /* by class */
    size_t agreement_count;
};

struct peer_list {
    struct peer *items;
    size_t count, capacity;
};

/* Everybody in the book, removed ones too. It replaces what stood in the list. */
MUST_USE enum status peer_list_load(struct peer_list *list, struct store *store,
                                    struct err *err);
void peer_list_release(struct peer_list *list);
/* NULL when there is none. Removed ones are found too. Codes are compared without case. */
const struct peer *peer_by_key(const struct peer_list *list, const uint8_t key[NODE_KEY]);
const struct peer *peer_by_code(const struct peer_list *list, const char *code);

/* NULL: it may not ask for this class. */
const struct peer_agreement *peer_agreement(const struct peer *peer, enum key_class class);
/* In the place of what there was of the class; quota 0 ends it. */
void peer_agree(struct peer *peer, const struct peer_agreement *agreement);
/* "phone common 10240"; false when it is not of this form. */
bool peer_agreement_read(struct peer_agreement *out, struct bytes text);
uint32_t peer_usual_quota(enum key_class class);

/* What is kept of it, finished, in the arena. */
MUST_USE enum status peer_record(struct record *record, const struct peer *peer,
                                 struct arena *arena, struct err *err);
/* BAD_INPUT: no record that peer_record wrote. */
MUST_USE enum status peer_read(struct peer *peer, const struct shown *shown,
                               struct err *err);

#endif
