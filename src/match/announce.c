/* SPDX-License-Identifier: Apache-2.0 */
#include "match/announce.h"

void announce_begin(struct epoch *epoch, const struct announcing *announcing)
{
    *epoch = (struct epoch){.number = announcing->number,
                            .base_number = announcing->number,
                            .circle = *announcing->circle,
                            .from_s = announcing->from_s,
                            .until_s = announcing->until_s};
    memcpy(epoch->owner, announcing->identity->public_key, IDENTITY_KEY);
    memcpy(epoch->normaliser, announcing->normaliser, NORMALISER);
}

void announce_map(struct map *map, const struct epoch *epoch)
{
    map->epoch = epoch->number;
    map->circle = epoch->circle;
    map->created_s = epoch->from_s;
    map->expires_s = epoch->until_s;
    memcpy(map->normaliser, epoch->normaliser, NORMALISER);
}

void announce_base(struct epoch *epoch, const struct map *map,
                   const uint8_t public_key[OPRF_ELEMENT])
{
    struct epoch_class *row = &epoch->classes[map->class];
    row->offered = true;
    memcpy(row->public_key, public_key, OPRF_ELEMENT);
    memcpy(row->map_id, map->id, MAP_ID);
    memcpy(row->map_root, map->root, sizeof row->map_root);
    row->map_cells = fuse_cells(map->shape);
}

void announce_delta(struct epoch *epoch, const struct map *map)
{
    struct epoch_class *row = &epoch->classes[map->class];
    memcpy(row->delta_id, map->id, MAP_ID);
    memcpy(row->delta_root, map->root, sizeof row->delta_root);
    row->delta_cells = fuse_cells(map->shape);
}
