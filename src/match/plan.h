/* SPDX-License-Identifier: Apache-2.0
 *
 * match/plan.h: a list of things to ask of one peer, cut into batches.
 *
 * Equal things are asked once. Things of a class are put in the order of blinding_order,
 * which only the case seed tells, and cut every ASK_ELEMENTS_MAX. Requester and audit make
 * the same plan from the same list, whatever order it was given in.
 */
#ifndef MATCH_PLAN_H
#define MATCH_PLAN_H

#include "match/blinding.h"

enum { PLAN_ITEMS_MAX = 1 << 24 };

struct plan_batch {
    enum key_class class;
    uint32_t number;           /* within the class, from the first given */
    const struct bytes *items; /* "class:value", in order, distinct */
    size_t count;
    const size_t
        *ends;    /* items[k] came from sources[ends[k - 1]] up to sources[ends[k]] - 1 */
    size_t begin; /* where items[0] begins */
};

struct plan {
    struct plan_batch *batches; /* by class, then number */
    size_t count;
    const size_t *sources; /* indices into the list given */
};

/* tuple: seed, peer and epoch; its batch is the first number to use in each class.
 * Everything lives in the arena. BAD_INPUT for a value that cannot be a key. */
MUST_USE enum status plan_init(struct plan *plan, const struct blinding_tuple *tuple,
                               const struct match_item *items, size_t count,
                               struct arena *arena, struct err *err);

#endif
