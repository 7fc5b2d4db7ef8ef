/* SPDX-License-Identifier: Apache-2.0
 *
 * match/quota_refuse.h: may an ask be charged, and if not: why, what would fit, and when to come again.
 *
 * A pure function of what was spent (match/quota). The sentence goes to the requester, who knows all that
 * stands in it but what all partners together have left. An ask is counted as it came, with its padding: who
 * has 5,000 left and asks 4,100 keys sends 10,240, so the sentence says how many keys would fit.
 */
#ifndef MATCH_QUOTA_REFUSE_H
#define MATCH_QUOTA_REFUSE_H

#include "match/quota.h"

/* Numbers are padded elements. */
struct quota_view {
    enum key_class class;
    size_t count;         /* of the ask */
    uint32_t limit, left; /* a day, of the requester; today */
    uint32_t all_left;    /* today, of all partners together */
    uint32_t asks;        /* of the requester today */
    bool broken, barred;  /* nobody is answered any more; not today */
    unsigned hours;       /* until the day is over */
    uint32_t case_limit;  /* in QUOTA_CASE_DAYS */
    uint64_t of_case;     /* of it, asked so far */
    int64_t case_days;    /* until the ask would fit, where it does not */
    struct bytes case_ref;
};

/* OK; BUSY: not now; REFUSED: never under this agreement; IO_FAILED: nobody is answered. */
MUST_USE enum status quota_refuse(const struct quota_view *view, struct err *err);

#endif
