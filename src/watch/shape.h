/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/shape.h: which conjunctions a row has, by the facets that it answers.
 *
 * Rows that answer the same facets and play the same part in their event (watch/table) are of
 * one shape, and there are few shapes. A shape has a bit for each facet answered; a **local
 * mask** is a conjunction of these. It is counted unless it names a substance and its group at
 * once, or too many facets; it is a **draw** when rows of this shape are those of their event
 * that add to it.
 *
 * The same conjunction always lies in the same **shard**, whatever the shape: each shard is one
 * table of counters, which one thread at a time works on.
 *
 *     masks     | shard 0: draws, others | shard 1: draws, others | ...   each rising
 *     rising    all of them, rising: what a mask contains comes before it
 */
#ifndef WATCH_SHAPE_H
#define WATCH_SHAPE_H

#include "watch/table.h"

enum { SHAPE_SHARDS = 4, SHAPE_MASKS_MAX = 1 << FACET_COUNT };

struct shape {
    uint8_t facet[FACET_COUNT]; /* of local bit */
    uint8_t bits;
    unsigned agency, substance, commodity; /* local masks; 0: not answered */
    unsigned incomplete;                   /* facets that many rows do not answer */
    uint16_t *masks, *rising;              /* mask_count each; one block of memory ... */
    uint16_t *place; /* ... with this: of a local mask that is counted, in masks */
    size_t mask_count;
    size_t from[SHAPE_SHARDS + 1], draws[SHAPE_SHARDS]; /* of masks */
};

struct shapes {
    struct shape **slot; /* by facets answered and role */
    unsigned size_max;   /* facets in a conjunction */
    unsigned incomplete; /* bits of enum facet */
};

/* After this, set what they are to be like. */
void shapes_init(struct shapes *shapes);
void shapes_release(struct shapes *shapes);
/* Made when it is needed first; answered: bits of enum facet. Not for several threads. */
const struct shape *shapes_find(struct shapes *shapes, unsigned answered,
                                enum table_role role);
/* Local mask to bits of enum facet. */
unsigned shape_global(const struct shape *shape, unsigned mask);
/* Which of the shards a local mask lies in. */
unsigned shape_shard(const struct shape *shape, unsigned mask);
/* The hash of no value: the first in each exclusive or. */
uint64_t shape_hash_of_none(void);
/* Of each of the local masks the exclusive or of its values' hashes (by local bit). */
void shape_hash(uint64_t *out, const struct shape *shape, const uint64_t *value,
                const uint16_t *masks, size_t count);

#endif
