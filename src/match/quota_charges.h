/* SPDX-License-Identifier: Apache-2.0
 *
 * match/quota_charges.h: the charges of match/quota in memory, found by batch id and by case.
 *
 * They come in the order of their days, which never go back. Those of one case are a chain, the last one
 * first. Memory: about 120 bytes a charge.
 */
#ifndef MATCH_QUOTA_CHARGES_H
#define MATCH_QUOTA_CHARGES_H

#include "match/quota.h"

struct charge {
    uint8_t id[BATCH_ID], digest[DIGEST], requester[IDENTITY_KEY];
    int64_t day;
    uint64_t of_case;       /* keyed hash of requester and reference */
    uint32_t count, before; /* before: index + 1 of the one before of the case, 0 none */
    uint8_t class;
};

/* All-zero is valid and empty. */
struct charges {
    struct charge *items;
    size_t count, capacity;
    /* Open addressing, index + 1: by batch id; by case, its last charge. */
    uint32_t *places, *cases;
    size_t place_count;
};

void charges_release(struct charges *charges);
/* One whose id is not there yet; its `before` is set here. */
void charges_add(struct charges *charges, const struct charge *charge);
/* NULL when there is none; until the next is added. */
const struct charge *charges_find(const struct charges *charges, const uint8_t *id);

struct charges_asked {
    uint64_t of_case;
    enum key_class class;
    int64_t today;
    uint64_t most;
};
/* What was asked of the class for the case in the last QUOTA_CASE_DAYS. *days: until so much of it is
 * forgotten that no more than `most` are left. */
uint64_t charges_of_case(int64_t *days, const struct charges *charges,
                         const struct charges_asked *asked);

#endif
