/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan_kernel.h"

/* gcc's vectors: the compiler makes of them what the processor has. */
typedef uint8_t bytes_vector __attribute__((vector_size(SCAN_BLOCK)));
typedef uint16_t words_vector __attribute__((vector_size(SCAN_BLOCK)));
typedef uint64_t bits_vector __attribute__((vector_size(SCAN_BLOCK)));

static bool any(const bits_vector *bits)
{
    return ((*bits)[0] | (*bits)[1] | (*bits)[2] | (*bits)[3]) != 0;
}

static bool sweep_bytes(const struct scan_sweep *sweep)
{
    bits_vector hits = {0};
    for (size_t at = 0; at < sweep->stride; at += SCAN_BLOCK) {
        bytes_vector sums = {0};
        for (size_t i = 0; i < sweep->count; i++) {
            const struct scan_entry *entry = &sweep->entries[i];
            const bytes_vector *more =
                (const void *)(sweep->counts + entry->cell * sweep->stride + at);
            const bytes_vector *least =
                (const void *)(sweep->rows + entry->row * sweep->stride + at);
            bytes_vector sum = sums + *more;
            sums = sum | (bytes_vector)(sum < sums); /* all ones where it ran over */
            hits |= (bits_vector)(sums >= *least);
        }
    }
    return any(&hits);
}

static bool sweep_words(const struct scan_sweep *sweep)
{
    bits_vector hits = {0};
    for (size_t at = 0; at < sweep->stride; at += SCAN_BLOCK) {
        words_vector sums = {0};
        for (size_t i = 0; i < sweep->count; i++) {
            const struct scan_entry *entry = &sweep->entries[i];
            const words_vector *more =
                (const void *)(sweep->counts + entry->cell * sweep->stride + at);
            const words_vector *least =
                (const void *)(sweep->rows + entry->row * sweep->stride + at);
            words_vector sum = sums + *more;
            sums = sum | (words_vector)(sum < sums);
            hits |= (bits_vector)(sums >= *least);
        }
    }
    return any(&hits);
}

const struct scan_kernel scan_kernel_portable = {"portable", sweep_bytes, sweep_words};

const struct scan_kernel *scan_kernel(void)
{
    const struct scan_kernel *fast = scan_kernel_avx2();
    return fast != NULL ? fast : &scan_kernel_portable;
}
