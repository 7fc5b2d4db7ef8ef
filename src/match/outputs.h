/* SPDX-License-Identifier: Apache-2.0
 *
 * match/outputs.h: the outputs of the oblivious function by the digests of their keys, while maps are made.
 *
 * Digests are keyed, and so spread evenly: open addressing by their first bytes. A slot holds those bytes,
 * too, so that looking for what is not there seldom goes further, and growing never does.
 */
#ifndef MATCH_OUTPUTS_H
#define MATCH_OUTPUTS_H

#include "match/holdings.h"

/* All-zero is empty. outputs and digests have count rows, by number. */
struct outputs {
    uint8_t (*outputs)[OPRF_OUTPUT];
    uint8_t (*digests)[HOLDING_DIGEST];
    size_t count, capacity;
    uint64_t *slots; /* first bytes of the digest 4 | number + 1, 4; 0: free */
    size_t slot_count;
};

/* The number of the digest's output. *is_new: it is to be filled in. */
uint32_t outputs_number(bool *is_new, struct outputs *outputs, const uint8_t *digest);
void outputs_release(struct outputs *outputs); /* wipes */

#endif
