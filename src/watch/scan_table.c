/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan_table.h"

#include "watch/report_world.h"

#include <math.h>
#include <stdlib.h>

/* Where an agency's country lies, found once an agency. */
struct country_place {
    struct scan_place place;
    bool tried, known;
};

struct builder {
    struct scan_files *files;
    const struct watch_table *table;
    struct country_place *countries; /* by the agency's number */
    uint32_t *slots;                 /* place + 1, or 0 */
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

static const struct country_place *country_of(struct builder *builder, uint32_t agency)
{
    struct country_place *country = &builder->countries[agency];
    if (!country->tried) {
        const char *name = watch_table_text(builder->table, FACET_AGENCY, agency);
        country->tried = true;
        country->known =
            world_find(&country->place.latitude, &country->place.longitude, name);
    }
    return country;
}

/* A coordinate outside the Earth is none. */
static bool has_coordinates(const struct table_row *row)
{
    return fabsf(row->latitude) <= 90 && fabsf(row->longitude) <= 180;
}

static void add_row(struct builder *builder, struct scan_placing *placing,
                    const struct table_row *row)
{
    struct scan_files *files = builder->files;
    struct scan_place place = {row->latitude, row->longitude};
    const char *name =
        watch_table_text(builder->table, FACET_PLACE, row->value[FACET_PLACE]);
    if (has_coordinates(row)) {
        placing->exact++;
        if (name[0] == '\0')
            name =
                arena_printf(&files->arena, "%.4f %.4f", place.latitude, place.longitude);
    } else {
        const struct country_place *country = country_of(builder, row->value[FACET_AGENCY]);
        if (!country->known) {
            placing->nowhere++;
            return;
        }
        placing->by_country++;
        place = country->place;
        name = watch_table_text(builder->table, FACET_AGENCY, row->value[FACET_AGENCY]);
    }
    files->cases[files->case_count++] =
        (struct scan_case){place_number(builder, &place, name), 1, row->day};
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
    struct builder builder = {.files = files,
                              .table = table,
                              .countries =
                                  xcalloc((size_t)table->values[FACET_AGENCY].count + 1,
                                          sizeof *builder.countries),
                              .slots = xcalloc(slots, sizeof *builder.slots),
                              .mask = slots - 1};
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].role == ROLE_FIRST && table->rows[i].received <= as_of &&
            table->rows[i].day <= as_of && !table->rows[i].quarantined)
            add_row(&builder, placing, &table->rows[i]);
    free(builder.countries);
    free(builder.slots);
    if (files->place_count > SCAN_PLACES_MAX) {
        scan_files_release(files);
        return fail(err, TOO_LARGE, "there are more than %d places", SCAN_PLACES_MAX);
    }
    return OK;
}
