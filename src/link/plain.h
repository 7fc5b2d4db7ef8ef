/* SPDX-License-Identifier: Apache-2.0
 *
 * link/plain.h: the plain comparison: pairs that share a block, scored from all that is known.
 */
#ifndef LINK_PLAIN_H
#define LINK_PLAIN_H

#include "link/pairs.h"

/* Adds to the pairs that were found by keys, marks those as weak whose birth dates or names
 * are those of two, and keeps the order. Rows without a thing stay as they are. */
void plain_add(struct pairs *pairs, const struct side *a, const struct side *b,
               uint64_t population);

#endif
