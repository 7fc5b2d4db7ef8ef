/* SPDX-License-Identifier: Apache-2.0
 *
 * match/sum.h: scalar_0 * element_0 + scalar_1 * element_1 + ... at once, in ristretto255.
 *
 * A batched proof sums hundreds of products, of which nobody needs a single one. Taken
 * together (Pippenger's buckets) one costs about a tenth of a scalar multiplication.
 *
 * ONLY FOR WHAT IS PUBLIC: which memory is touched, and when, depends on the scalars.
 */
#ifndef MATCH_SUM_H
#define MATCH_SUM_H

#include "match/oprf.h"

enum { SUM_MAX = 1024 };

/* count is 1 to SUM_MAX; elements and scalars stand one behind the other, the scalars below
 * the order of the group. out may be the identity, which is 32 zeros. false, with the first
 * index in *bad, when an element is not a canonical encoding or is the identity. */
MUST_USE bool sum_products(uint8_t out[OPRF_ELEMENT], size_t *bad, const uint8_t *elements,
                           const uint8_t *scalars, size_t count);

#endif
