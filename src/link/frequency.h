/* SPDX-License-Identifier: Apache-2.0
 *
 * link/frequency.h: how often each value occurs: a word of a name, a postcode, the letters
 * of a key.
 *
 * A table of counts by the hash of a kind of text (whatever kinds its owner has) and the
 * text. All-zero is valid and empty. Only hashes are kept, so that it can be sent elsewhere
 * without a word of it; two texts of one hash are counted as one, once in 2^63 or so.
 */
#ifndef LINK_FREQUENCY_H
#define LINK_FREQUENCY_H

#include "base/bytes.h"

struct frequency {
    struct frequency_slot *counts;
    size_t capacity, used;
    uint64_t things; /* that were counted: for whoever counts them */
};

/* One more of a text; an empty one is not counted. */
void frequency_count(struct frequency *frequency, char kind, struct bytes text);
uint64_t frequency_of(const struct frequency *frequency, char kind, struct bytes text);
/* All of it, by hashes (nonzero): start with at 0. */
bool frequency_next(uint64_t *hash, uint64_t *count, size_t *at,
                    const struct frequency *frequency);
void frequency_put(struct frequency *frequency, uint64_t hash, uint64_t count);
void frequency_release(struct frequency *frequency);

#endif
