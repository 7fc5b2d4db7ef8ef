/* SPDX-License-Identifier: Apache-2.0
 *
 * match/chain.h: do two announcements of one owner, for one circle, go together?
 *
 * The announcements for a circle are one chain: each names the one before it, by number and digest.
 * Two that were signed and cannot stand in one chain prove that their owner showed one thing to one
 * partner and another to another; both together convince anybody.
 */
#ifndef MATCH_CHAIN_H
#define MATCH_CHAIN_H

#include "match/epoch.h"

enum chain {
    CHAIN_SAME,    /* the same bytes */
    CHAIN_FOLLOWS, /* b comes after a */
    CHAIN_BEFORE,  /* b comes before a */
    CHAIN_FORKED,  /* never both */
};

/* Of the same owner and circle, both with a good signature. */
enum chain chain_compare(const struct epoch *a, struct bytes a_wire, const struct epoch *b,
                         struct bytes b_wire);

#endif
