/* SPDX-License-Identifier: Apache-2.0
 *
 * The kernel in AVX2's own words: it has additions that saturate, and unsigned maxima, which
 * gcc's vectors cannot say in one instruction. An empty room on other processors.
 */
#include "watch/scan_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

AVX2 static bool sweep_bytes(const struct scan_sweep *sweep)
{
    const struct scan_entry *entries = sweep->entries, *end = entries + sweep->count;
    __m256i hits = _mm256_setzero_si256();
    for (size_t at = 0; at < sweep->stride; at += SCAN_BLOCK) {
        const uint8_t *counts = sweep->counts + at, *rows = sweep->rows + at;
        __m256i sums = _mm256_setzero_si256();
        for (const struct scan_entry *entry = entries; entry < end; entry++) {
            const void *more = counts + entry->cell * sweep->stride;
            const void *least = rows + entry->row * sweep->stride;
            sums = _mm256_adds_epu8(sums, _mm256_load_si256(more));
            __m256i greater = _mm256_max_epu8(sums, _mm256_load_si256(least));
            hits = _mm256_or_si256(hits, _mm256_cmpeq_epi8(greater, sums));
        }
    }
    return !_mm256_testz_si256(hits, hits);
}

AVX2 static bool sweep_words(const struct scan_sweep *sweep)
{
    const struct scan_entry *entries = sweep->entries, *end = entries + sweep->count;
    __m256i hits = _mm256_setzero_si256();
    for (size_t at = 0; at < sweep->stride; at += SCAN_BLOCK) {
        const uint8_t *counts = sweep->counts + at, *rows = sweep->rows + at;
        __m256i sums = _mm256_setzero_si256();
        for (const struct scan_entry *entry = entries; entry < end; entry++) {
            const void *more = counts + entry->cell * sweep->stride;
            const void *least = rows + entry->row * sweep->stride;
            sums = _mm256_adds_epu16(sums, _mm256_load_si256(more));
            __m256i greater = _mm256_max_epu16(sums, _mm256_load_si256(least));
            hits = _mm256_or_si256(hits, _mm256_cmpeq_epi16(greater, sums));
        }
    }
    return !_mm256_testz_si256(hits, hits);
}

const struct scan_kernel *scan_kernel_avx2(void)
{
    static const struct scan_kernel kernel = {"avx2", sweep_bytes, sweep_words};
    return __builtin_cpu_supports("avx2") ? &kernel : NULL;
}

#else

const struct scan_kernel *scan_kernel_avx2(void)
{
    return 0;
}

#endif
