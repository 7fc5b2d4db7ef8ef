/* SPDX-License-Identifier: Apache-2.0
 *
 * match/tag.h: the opaque 40-bit name of a record in the maps of one epoch and circle.
 *
 *     tag = first 5 bytes of keyed BLAKE2b(seed of the epoch; "tag" | circle | record |
 * retry)
 *
 * The same record has the same tag in the map of every class, so that a requester sees
 * whether two hits are one record; in the next epoch, and for another circle, it has
 * another. 0 is kept for "many". Two records never share a tag: the later in the order
 * given tries the next retry.
 */
#ifndef MATCH_TAG_H
#define MATCH_TAG_H

#include "match/circle.h"

enum { TAG_BYTES = 5, TAG_SEED = 32, TAG_MANY = 0, TAG_RECORDS_MAX = 1 << 28 };

struct pool;

struct tag_entry {
    uint64_t record;
    uint64_t tag;
};

/* Fill in the tags; the records are distinct, at most TAG_RECORDS_MAX. */
void tag_assign(struct tag_entry *entries, size_t count, const uint8_t seed[TAG_SEED],
                const struct circle *circle, struct pool *pool);
/* Of `count` numbers of records, in any order and repeated, the distinct ones in order, with their tags;
 * to be freed. places, or NULL: where each of the numbers stands there. pool may be NULL. */
struct tag_entry *tag_table(size_t *distinct, uint32_t *places, const uint64_t *records,
                            size_t count, const uint8_t seed[TAG_SEED],
                            const struct circle *circle, struct pool *pool);

#endif
