/* SPDX-License-Identifier: Apache-2.0
 *
 * The kernel in AVX2's own words: it has additions that saturate, and unsigned maxima, which
 * gcc's vectors cannot say in one instruction. An empty room on other processors.
 */
#include "watch/scan_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define ALWAYS __attribute__((target("avx2"), always_inline)) static inline

ALWAYS void add_bytes(__m256i *sums, __m256i *hits, const void *more, __m256i least)
{
    *sums = _mm256_adds_epu8(*sums, _mm256_load_si256(more));
    __m256i reached = _mm256_cmpeq_epi8(_mm256_max_epu8(*sums, least), *sums);
    *hits = _mm256_or_si256(*hits, reached);
}

ALWAYS void add_words(__m256i *sums, __m256i *hits, const void *more, __m256i least)
{
    *sums = _mm256_adds_epu16(*sums, _mm256_load_si256(more));
    __m256i reached = _mm256_cmpeq_epi16(_mm256_max_epu16(*sums, least), *sums);
    *hits = _mm256_or_si256(*hits, reached);
}

/* deals and lane (bytes of it) are constants wherever this is called. */
ALWAYS unsigned sweep_lanes(const struct scan_sweep *sweep, unsigned deals, unsigned lane)
{
    const struct scan_entry *end = sweep->entries + sweep->count;
    size_t stride = sweep->stride;
    __m256i hits[SCAN_DEALS], sums[SCAN_DEALS];
    for (unsigned d = 0; d < deals; d++)
        hits[d] = _mm256_setzero_si256();
    for (size_t at = 0; at < stride; at += SCAN_BLOCK) {
        const uint8_t *counts = sweep->counts + at, *rows = sweep->rows + at;
        for (unsigned d = 0; d < deals; d++)
            sums[d] = _mm256_setzero_si256();
        for (const struct scan_entry *entry = sweep->entries; entry < end; entry++) {
            const uint8_t *more = counts + (size_t)entry->cell_at * deals;
            __m256i least = _mm256_load_si256((const void *)(rows + entry->row_at));
            for (unsigned d = 0; d < deals; d++) {
                if (lane == 1)
                    add_bytes(&sums[d], &hits[d], more + d * stride, least);
                else
                    add_words(&sums[d], &hits[d], more + d * stride, least);
            }
        }
    }
    unsigned answer = 0;
    for (unsigned d = 0; d < deals; d++)
        answer |= _mm256_testz_si256(hits[d], hits[d]) ? 0 : 1u << d;
    return answer;
}

AVX2 static unsigned bytes(const struct scan_sweep *sweep)
{
    return sweep_lanes(sweep, 1, 1);
}

AVX2 static unsigned words(const struct scan_sweep *sweep)
{
    return sweep_lanes(sweep, 1, 2);
}

AVX2 static unsigned many_bytes(const struct scan_sweep *sweep)
{
    return sweep_lanes(sweep, SCAN_DEALS, 1);
}

AVX2 static unsigned many_words(const struct scan_sweep *sweep)
{
    return sweep_lanes(sweep, SCAN_DEALS, 2);
}

const struct scan_kernel *scan_kernel_avx2(void)
{
    static const struct scan_kernel kernel = {"avx2", bytes, words, many_bytes, many_words};
    return __builtin_cpu_supports("avx2") ? &kernel : NULL;
}

#else

const struct scan_kernel *scan_kernel_avx2(void)
{
    return 0;
}

#endif
