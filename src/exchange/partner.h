/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange/partner.h: another node, as comparing needs to know it; filled from the book of peers.
 *
 * An agreement is made a class: in which circle we publish it to the partner, how much it may ask a
 * day, and that we mean to ask it for this class too. What it lets us ask stands in its own book, and
 * shows in what it announces. Partners with the same name of a circle get the same map.
 */
#ifndef EXCHANGE_PARTNER_H
#define EXCHANGE_PARTNER_H

#include "base/memory.h"
#include "match/circle.h"
#include "match/identity.h"
#include "record/keys.h"

enum { PARTNER_CODE_MAX = 32, PARTNER_BASIS_MAX = 200, PARTNERS_MAX = 4096 };

struct partner_class {
    bool agreed;         /* the rest is meaningful only then */
    bool at_once;        /* a new record is asked of it as soon as it is made */
    uint32_t quota;      /* elements a day; 0: what is usual for the class */
    uint32_t case_quota; /* elements for one case (match/quota.h); 0: what is usual */
    struct circle circle;
};

struct partner {
    char code[PARTNER_CODE_MAX + 1];
    uint8_t key[IDENTITY_KEY];
    char basis[PARTNER_BASIS_MAX +
               1]; /* the agreement in words: the legal basis where nobody gives
                                          another; "" for "agreement with CODE" */
    struct partner_class classes[KEY_CLASSES];
};

/* Who is agreed with, now. *list lives in the arena, or as long as the book does. Partners that were
 * removed are not in it. */
struct partners {
    enum status (*list)(void *context, const struct partner **list, size_t *count,
                        struct arena *arena, struct err *err);
    void *context;
};

#endif
