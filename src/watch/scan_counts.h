/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/scan_counts.h: which cases are the recent ones, of one deal or of SCAN_DEALS together
 * (scan_kernel.h): a lane a window in every cell of a frame.
 */
#ifndef WATCH_SCAN_COUNTS_H
#define WATCH_SCAN_COUNTS_H

#include "watch/scan_frame.h"

struct scan_counts {
    uint8_t *bytes;
    unsigned deals;
};

void scan_counts_init(struct scan_counts *counts, const struct scan_frame *frame,
                      unsigned deals);
void scan_counts_clear(struct scan_counts *counts, const struct scan_frame *frame);
void scan_counts_release(struct scan_counts *counts);

static inline size_t scan_counts_at(const struct scan_counts *counts,
                                    const struct scan_frame *frame, uint32_t cell,
                                    unsigned deal)
{
    return ((size_t)cell * counts->deals + deal) * frame->stride;
}

/* A case of the cell lies `lag` days back: 1 is the last day. A lane does not run over (see cells),
 * so whole words may be added. */
static inline void scan_counts_add(struct scan_counts *counts,
                                   const struct scan_frame *frame, uint32_t cell,
                                   unsigned deal, unsigned lag)
{
    typedef uint64_t block __attribute__((vector_size(SCAN_BLOCK)));
    uint8_t *at = counts->bytes + scan_counts_at(counts, frame, cell, deal);
    const uint8_t *more = frame->ones + lag * frame->stride;
    for (size_t i = 0; i < frame->stride; i += SCAN_BLOCK)
        *(block *)(void *)(at + i) += *(const block *)(const void *)(more + i);
}

/* Cases of the cell in the last w days. */
static inline uint32_t scan_counts_get(const struct scan_counts *counts,
                                       const struct scan_frame *frame, uint32_t cell,
                                       unsigned deal, unsigned window)
{
    const uint8_t *at = counts->bytes + scan_counts_at(counts, frame, cell, deal);
    return frame->lane == 1 ? at[window - 1]
                            : ((const uint16_t *)(const void *)at)[window - 1];
}

#endif
