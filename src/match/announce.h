/* SPDX-License-Identifier: Apache-2.0
 *
 * match/announce.h: an announcement as it is put together, and the maps that go with it: what both say alike is
 * written down once.
 */
#ifndef MATCH_ANNOUNCE_H
#define MATCH_ANNOUNCE_H

#include "match/map.h"

struct announcing {
    const struct identity *identity;
    const struct circle *circle;
    uint64_t number;
    int64_t from_s, until_s;
    const uint8_t *normaliser; /* NORMALISER bytes */
};
/* A base, without maps yet. */
void announce_begin(struct epoch *epoch, const struct announcing *announcing);
/* What a map to be built takes from its announcement: all but class, base, records. */
void announce_map(struct map *map, const struct epoch *epoch);
/* The map, which is built, is the base of its class. */
void announce_base(struct epoch *epoch, const struct map *map,
                   const uint8_t public_key[OPRF_ELEMENT]);
/* It is the delta of its class; the base stays as it is. */
void announce_delta(struct epoch *epoch, const struct map *map);

#endif
