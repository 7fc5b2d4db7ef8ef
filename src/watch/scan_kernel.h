/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/scan_kernel.h: the inner loop of the scan. Does any cylinder around this centre reach its
 * threshold?
 *
 * A lane is a window: lane w - 1 of a cell holds how many of its cases lie in the last w days. The
 * circle grows entry by entry; the running sums, a lane a window, are compared with the row of
 * thresholds that belongs to the number of cases in the circle. Row 0 belongs to entries that do
 * not complete a step; its thresholds are the largest number there is. Sums saturate, so an answer
 * of no is sure and yes means "look closer". Lanes are of one or two bytes.
 *
 *     counts of one deal         cell 0: stride bytes | cell 1 | ...
 *     counts of SCAN_DEALS       cell 0: deal 0, 1, 2, 3, stride bytes each | cell 1 | ...
 *
 * Several deals go round together: the walk and the thresholds are the same for all.
 */
#ifndef WATCH_SCAN_KERNEL_H
#define WATCH_SCAN_KERNEL_H

#include <stddef.h>
#include <stdint.h>

enum { SCAN_BLOCK = 32, SCAN_DEALS = 4 }; /* strides are whole blocks of bytes */

/* Where the cell's counts (of one deal) and the row stand, in bytes. */
struct scan_entry {
    uint32_t cell_at, row_at;
};

struct scan_sweep {
    const struct scan_entry *entries;
    size_t count;
    const uint8_t *counts; /* aligned to SCAN_BLOCK, like the next */
    const uint8_t *rows;
    size_t stride;
};

/* A bit for each deal: 1 may reach a threshold. */
typedef unsigned scan_sweep_function(const struct scan_sweep *sweep);

struct scan_kernel {
    const char *name;
    scan_sweep_function *bytes, *words; /* one deal, lanes of one byte and of two */
    scan_sweep_function *many_bytes, *many_words; /* SCAN_DEALS deals */
};

extern const struct scan_kernel scan_kernel_portable;
/* NULL where the processor, or the compiler's target, has no AVX2. */
const struct scan_kernel *scan_kernel_avx2(void);
/* The fastest here. */
const struct scan_kernel *scan_kernel(void);

#endif
