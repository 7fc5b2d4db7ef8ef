/* SPDX-License-Identifier: Apache-2.0
 *
 * store/filter.h: which keyed hashes are certainly not in a set, answered from memory.
 *
 * A Bloom filter of blocks, each one line of a processor's cache (Putze, Sanders and Singler, "Cache-,
 * hash- and space-efficient Bloom filters", 2007): `hi` chooses the block, and six bits of `lo` choose
 * one bit in each of its eight words. Hashes are keyed and spread evenly, so they are used as they
 * are. At FILTER_ROW_BITS bits a row about one stranger in 200 is let through; of those that were
 * added, all are. Nothing is ever taken out: what was removed from the set may still be let through.
 *
 * It lives in memory only, so that no file can make it wrong. Rows beyond those it was made for let
 * more strangers through, and nothing worse.
 */
#ifndef STORE_FILTER_H
#define STORE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILTER_ROW_BITS = 12 };

/* All-zero is valid and without memory: it may have anything. */
struct filter {
    uint64_t (*blocks)[8];
    uint64_t count; /* of blocks */
    uint64_t rows;  /* that it was made for */
};

/* Empty, for so many rows; 0 is taken for 1. Aborts without memory. */
void filter_init(struct filter *filter, uint64_t rows);
void filter_release(struct filter *filter);
/* Nothing, if it is without memory. */
void filter_add(struct filter *filter, uint64_t hi, uint64_t lo);
/* false: it was never added. */
bool filter_may_have(const struct filter *filter, uint64_t hi, uint64_t lo);

#endif
