/* SPDX-License-Identifier: Apache-2.0
 *
 * match/fuse.h: the 3-wise binary fuse structure of Graf and Lemire ("Binary Fuse Filters:
 * Fast and Smaller Than Xor Filters", 2022), here with whole labels: retrieval, not a
 * filter.
 *
 *     segments of equal length:  | 0 | 1 | 2 | 3 | ... | count + 1 |
 *     a slot's three places lie in three segments that follow one another
 *
 * The label of a slot is the exclusive or of its three cells. Solving takes away, again and
 * again, a slot that is alone on a place, and gives the places their values in the opposite
 * order. At 1.125 cells a slot that succeeds nearly always; when not, another seed is
 * tried.
 */
#ifndef MATCH_FUSE_H
#define MATCH_FUSE_H

#include "match/cell.h"

enum { FUSE_SEGMENT_MAX = 1 << 18, FUSE_PLACES = 3 };

struct fuse_shape {
    uint32_t segment_length; /* a power of two, at most FUSE_SEGMENT_MAX */
    uint32_t segment_count;  /* where a slot may begin; there are two segments more */
};

/* For as many slots; at least one. */
struct fuse_shape fuse_shape_for(size_t slots);
/* The shape of foreign bytes is well-formed and has at most cells_max cells. */
bool fuse_shape_valid(struct fuse_shape shape, uint64_t cells_max);
uint64_t fuse_cells(struct fuse_shape shape);
void fuse_read(uint8_t label[CELL], const uint8_t *cells, struct fuse_shape shape,
               uint64_t hash);

enum fuse_result {
    FUSE_SOLVED,
    FUSE_STUCK,    /* try another seed */
    FUSE_REPEATED, /* two slots have the same hash: the same key twice, or chance (2^-64) */
};

/* In which order slots were taken away, and from which place. */
struct fuse_order {
    struct fuse_step {
        uint32_t slot, place;
    } * steps;
    size_t count;
};

/* Find the order for the slots with these hashes, at least one; it does not need their
 * labels. Fast when the hashes come roughly sorted, because neighbours then share their
 * segments. */
enum fuse_result fuse_peel(struct fuse_order *order, struct fuse_shape shape,
                           const uint64_t *hashes, size_t count);
/* Write the cells so that every slot reads its label. Cells that no slot decides keep what
 * they hold: the caller fills them with random bytes first. */
void fuse_assign(uint8_t *cells, struct fuse_shape shape, const struct fuse_order *order,
                 const uint64_t *hashes, uint8_t (*labels)[CELL]);
void fuse_order_release(struct fuse_order *order);

#endif
