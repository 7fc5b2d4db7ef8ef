/* SPDX-License-Identifier: Apache-2.0
 *
 * link/local.h: evidence that only the owner of both files can weigh: what no key carries.
 *
 * A whole name with birth dates that agree as far as both are known (a year, a month), and a
 * company's name, too common for a key, within one country.
 */
#ifndef LINK_LOCAL_H
#define LINK_LOCAL_H

#include "link/pairs.h"

/* Adds the pairs that pairs_find has not found by keys, and keeps the order. */
void local_evidence_add(struct pairs *pairs, const struct side *a, const struct side *b,
                        uint64_t population);

#endif
