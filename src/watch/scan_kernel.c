/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan_kernel.h"

/* gcc's vectors: the compiler makes of them what the processor has. */
typedef uint8_t bytes_vector __attribute__((vector_size(SCAN_BLOCK)));
typedef uint16_t words_vector __attribute__((vector_size(SCAN_BLOCK)));
typedef uint64_t bits_vector __attribute__((vector_size(SCAN_BLOCK)));

#define ALWAYS __attribute__((always_inline)) static inline

ALWAYS void add_bytes(bytes_vector *sums, bits_vector *hits, const void *more,
                      const void *least)
{
    bytes_vector sum = *sums + *(const bytes_vector *)more;
    *sums = sum | (bytes_vector)(sum < *sums); /* all ones where it ran over */
    *hits |= (bits_vector)(*sums >= *(const bytes_vector *)least);
}

ALWAYS void add_words(words_vector *sums, bits_vector *hits, const void *more,
                      const void *least)
{
    words_vector sum = *sums + *(const words_vector *)more;
    *sums = sum | (words_vector)(sum < *sums);
    *hits |= (bits_vector)(*sums >= *(const words_vector *)least);
}

ALWAYS unsigned told(const bits_vector *hits, unsigned deals)
{
    unsigned answer = 0;
    for (unsigned d = 0; d < deals; d++)
        if ((hits[d][0] | hits[d][1] | hits[d][2] | hits[d][3]) != 0)
            answer |= 1u << d;
    return answer;
}

/* deals is a constant wherever this is called, so the sums stay in registers. */
ALWAYS unsigned sweep_bytes(const struct scan_sweep *sweep, unsigned deals)
{
    bits_vector hits[SCAN_DEALS] = {{0}};
    for (size_t at = 0; at < sweep->stride; at += SCAN_BLOCK) {
        bytes_vector sums[SCAN_DEALS] = {{0}};
        for (size_t i = 0; i < sweep->count; i++) {
            const uint8_t *more =
                sweep->counts + at + (size_t)sweep->entries[i].cell_at * deals;
            const uint8_t *least = sweep->rows + at + sweep->entries[i].row_at;
            for (unsigned d = 0; d < deals; d++)
                add_bytes(&sums[d], &hits[d], more + d * sweep->stride, least);
        }
    }
    return told(hits, deals);
}

ALWAYS unsigned sweep_words(const struct scan_sweep *sweep, unsigned deals)
{
    bits_vector hits[SCAN_DEALS] = {{0}};
    for (size_t at = 0; at < sweep->stride; at += SCAN_BLOCK) {
        words_vector sums[SCAN_DEALS] = {{0}};
        for (size_t i = 0; i < sweep->count; i++) {
            const uint8_t *more =
                sweep->counts + at + (size_t)sweep->entries[i].cell_at * deals;
            const uint8_t *least = sweep->rows + at + sweep->entries[i].row_at;
            for (unsigned d = 0; d < deals; d++)
                add_words(&sums[d], &hits[d], more + d * sweep->stride, least);
        }
    }
    return told(hits, deals);
}

static unsigned bytes(const struct scan_sweep *sweep)
{
    return sweep_bytes(sweep, 1);
}

static unsigned words(const struct scan_sweep *sweep)
{
    return sweep_words(sweep, 1);
}

static unsigned many_bytes(const struct scan_sweep *sweep)
{
    return sweep_bytes(sweep, SCAN_DEALS);
}

static unsigned many_words(const struct scan_sweep *sweep)
{
    return sweep_words(sweep, SCAN_DEALS);
}

const struct scan_kernel scan_kernel_portable = {"portable", bytes, words, many_bytes,
                                                 many_words};

const struct scan_kernel *scan_kernel(void)
{
    const struct scan_kernel *fast = scan_kernel_avx2();
    return fast != NULL ? fast : &scan_kernel_portable;
}
