/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/scan_kernel.h: the inner loop of the scan. Does any cylinder around this centre reach its
 * threshold?
 *
 * A lane is a window: lane w - 1 of a cell holds how many of its cases lie in the last w days. The
 * circle grows entry by entry; the running sums, a lane a window, are compared with the row of
 * thresholds that belongs to the number of cases in the circle. Row 0 belongs to entries that do
 * not complete a step; its thresholds are the largest number there is. Sums saturate, so an answer
 * of false is sure and true means "look closer". Lanes are of one or two bytes.
 */
#ifndef WATCH_SCAN_KERNEL_H
#define WATCH_SCAN_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCAN_BLOCK = 32 }; /* bytes worked on at once; strides are whole blocks */

struct scan_entry {
    uint32_t cell, row;
};

struct scan_sweep {
    const struct scan_entry *entries;
    size_t count;
    const uint8_t *counts; /* cell * stride; aligned to SCAN_BLOCK, like the next */
    const uint8_t *rows;   /* row * stride */
    size_t stride;         /* bytes of a cell and of a row */
};

typedef bool scan_sweep_function(const struct scan_sweep *sweep);

struct scan_kernel {
    const char *name;
    scan_sweep_function *bytes, *words; /* lanes of one byte and of two */
};

extern const struct scan_kernel scan_kernel_portable;
/* NULL where the processor, or the compiler's target, has no AVX2. */
const struct scan_kernel *scan_kernel_avx2(void);
/* The fastest here. */
const struct scan_kernel *scan_kernel(void);

#endif
