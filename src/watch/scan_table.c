/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan_table.h"

#include "watch/locate.h"

#include <math.h>
#include <stdlib.h>

struct builder {
    struct scan_files *files;
    const struct watch_table *table;
    const struct locations *where;
    uint32_t *slots; /* place + 1, or 0 */
    size_t mask;
};

static bool same_place(const struct scan_place *a, const struct scan_place *b)
{
    return a->latitude == b->latitude && a->longitude == b->longitude;
}

static size_t hash_place(const struct scan_place *place)
{
    uint64_t latitude, longitude;
    memcpy(&latitude, &place->latitude, sizeof latitude);
    memcpy(&longitude, &place->longitude, sizeof longitude);
    uint64_t hash = (latitude ^ longitude * 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
    return (size_t)(hash ^ hash >> 31);
}

static uint32_t place_number(struct builder *builder, const struct scan_place *place,
                             const char *name)
{
    struct scan_files *files = builder->files;
    size_t at = hash_place(place) & builder->mask;
    while (builder->slots[at] != 0 &&
           !same_place(&files->places[builder->slots[at] - 1], place))
        at = (at + 1) & builder->mask;
    if (builder->slots[at] == 0) {
        files->places[files->place_count] = *place;
        files->names[files->place_count] = bytes_text(name);
        builder->slots[at] = (uint32_t)++files->place_count;
    }
    return builder->slots[at] - 1;
}

static void add_row(struct builder *builder, struct scan_placing *placing, size_t index)
{
    struct scan_files *files = builder->files;
    const struct table_row *row = &builder->table->rows[index];
    const struct scan_place *place = &builder->where->at[index];
    enum located how = (enum located)builder->where->how[index];
    const char *name =
        watch_table_text(builder->table, FACET_PLACE, row->value[FACET_PLACE]);
    if (how == LOCATED_NOWHERE) {
        placing->nowhere++;
        return;
    }
    placing->exact += how == LOCATED_EXACT;
    placing->by_country += how == LOCATED_BY_COUNTRY;
    placing->by_name += how != LOCATED_EXACT && how != LOCATED_BY_COUNTRY;
    if (how == LOCATED_BY_COUNTRY)
        name = watch_table_text(builder->table, FACET_AGENCY, row->value[FACET_AGENCY]);
    else if (name[0] == '\0')
        name = arena_printf(&files->arena, "%.4f %.4f", place->latitude, place->longitude);
    files->cases[files->case_count++] =
        (struct scan_case){place_number(builder, place, name), 1, row->day};
    files->first_day = row->day < files->first_day ? row->day : files->first_day;
    files->last_day = row->day > files->last_day ? row->day : files->last_day;
}

enum status scan_files_from_table(struct scan_files *files, struct scan_placing *placing,
                                  const struct watch_table *table, int32_t as_of,
                                  struct err *err)
{
    *files = (struct scan_files){.first_day = INT32_MAX, .last_day = INT32_MIN};
    *placing = (struct scan_placing){0};
    size_t count = 0, slots = 16;
    for (size_t i = 0; i < table->count; i++)
        count += table->rows[i].role == ROLE_FIRST;
    while (slots < 2 * count)
        slots *= 2;
    files->cases = arena_zalloc(&files->arena, count + 1, sizeof *files->cases);
    files->places = arena_zalloc(&files->arena, count + 1, sizeof *files->places);
    files->names = arena_zalloc(&files->arena, count + 1, sizeof *files->names);
    struct locations where;
    locate(&where, table);
    struct builder builder = {.files = files,
                              .table = table,
                              .where = &where,
                              .slots = xcalloc(slots, sizeof *builder.slots),
                              .mask = slots - 1};
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].role == ROLE_FIRST && table->rows[i].received <= as_of &&
            table->rows[i].day <= as_of && !table->rows[i].quarantined)
            add_row(&builder, placing, i);
    locations_release(&where);
    free(builder.slots);
    if (files->place_count > SCAN_PLACES_MAX) {
        scan_files_release(files);
        return fail(err, TOO_LARGE, "there are more than %d places", SCAN_PLACES_MAX);
    }
    return OK;
}
