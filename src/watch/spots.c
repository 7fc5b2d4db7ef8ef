/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/spots.h"

#include "watch/mix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SPOTS_MAX = 2000,
    PAIRS_MAX = 60 * 1000, /* of spots within the radius of each other */
};
static const double grids[] = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20};
enum { GRIDS = sizeof grids / sizeof *grids };
static const double KM_A_DEGREE = 111.13;

struct finder {
    struct spots *spots;
    struct watch_table *table;
    struct scan_place *at; /* of each row, unrounded */
    uint8_t *how;          /* of each row: enum located, NOWHERE also where it is not told
                              apart from others */
    uint32_t *slots;       /* spot, or 0 */
    size_t slot_count;
};

/* Of an agency that says of some seizures where they lie, those of which only the country is known
 * are not in its middle: they are left out. */
static void leave_out_vague(struct finder *f)
{
    uint8_t *precise = xcalloc((size_t)f->table->values[FACET_AGENCY].count + 1, 1);
    for (size_t i = 0; i < f->table->count; i++)
        precise[f->table->rows[i].value[FACET_AGENCY]] |=
            f->how[i] != LOCATED_NOWHERE && f->how[i] != LOCATED_BY_COUNTRY;
    for (size_t i = 0; i < f->table->count; i++)
        if (f->how[i] == LOCATED_BY_COUNTRY &&
            precise[f->table->rows[i].value[FACET_AGENCY]]) {
            f->how[i] = LOCATED_NOWHERE;
            f->spots->vague += f->table->rows[i].role == ROLE_FIRST;
        }
    free(precise);
}

/* ---- the grid ---- */

static struct scan_place snap(const struct scan_place *place, double grid)
{
    struct scan_place at = {round(place->latitude / grid) * grid,
                            round(place->longitude / grid) * grid};
    at.latitude = fmin(fmax(at.latitude, -90), 90);
    at.longitude = fmin(fmax(at.longitude, -180), 180);
    return at;
}

static size_t hash_place(const struct scan_place *place, double grid)
{
    int64_t latitude = llround(place->latitude / grid),
            longitude = llround(place->longitude / grid);
    return (size_t)mix((uint64_t)latitude * 1000003u + (uint64_t)longitude);
}

static uint32_t spot_at(struct finder *f, const struct scan_place *place, double grid)
{
    struct spots *spots = f->spots;
    struct scan_place at = snap(place, grid);
    size_t slot = hash_place(&at, grid) & (f->slot_count - 1);
    while (f->slots[slot] != 0) {
        const struct scan_place *other = &spots->places[f->slots[slot] - 1];
        if (other->latitude == at.latitude && other->longitude == at.longitude)
            return f->slots[slot];
        slot = (slot + 1) & (f->slot_count - 1);
    }
    grow_to((void **)&spots->places, &spots->capacity, spots->count, sizeof *spots->places);
    spots->places[spots->count] = at;
    f->slots[slot] = (uint32_t)++spots->count;
    return f->slots[slot];
}

/* Pairs within the radius of each other, about: flat, as it only says how much there is to do. */
static size_t count_pairs(const struct spots *spots)
{
    size_t pairs = 0;
    for (size_t a = 0; a < spots->count; a++)
        for (size_t b = 0; b < spots->count; b++) {
            double north = spots->places[a].latitude - spots->places[b].latitude;
            double east = fabs(spots->places[a].longitude - spots->places[b].longitude);
            east = fmin(east, 360 - east) * cos(spots->places[a].latitude * M_PI / 180);
            pairs += north * north + east * east <=
                     SPOTS_RADIUS_KM * SPOTS_RADIUS_KM / (KM_A_DEGREE * KM_A_DEGREE);
        }
    return pairs;
}

/* false: too many; spots of rows received before the day, or of all. */
static bool fits(struct finder *f, double grid, int32_t until)
{
    f->spots->count = 0;
    for (size_t i = 0; i < f->slot_count; i++)
        f->slots[i] = 0;
    for (size_t i = 0; i < f->table->count; i++) {
        if (f->how[i] != LOCATED_NOWHERE && f->table->rows[i].received < until)
            spot_at(f, &f->at[i], grid);
        if (f->spots->count > SPOTS_MAX)
            return false;
    }
    return count_pairs(f->spots) <= PAIRS_MAX;
}

/* By what was known before the days judged; coarser only where what came later is too much. */
static void choose_grid(struct finder *f, int32_t known_until)
{
    size_t g = 0;
    while (g + 1 < GRIDS && !fits(f, grids[g], known_until))
        g++;
    while (g + 1 < GRIDS && !fits(f, grids[g], INT32_MAX))
        g++;
    f->spots->grid = grids[g];
    fits(f, grids[g], INT32_MAX);
}

/* ---- names ---- */

static void name_spots(struct finder *f)
{
    struct spots *spots = f->spots;
    /* The name that leads by a majority vote, which is the commonest where one is common. */
    uint32_t *place = xcalloc(spots->count + 1, sizeof *place);
    uint32_t *lead = xcalloc(spots->count + 1, sizeof *lead);
    for (size_t i = 0; i < f->table->count; i++) {
        uint32_t spot = f->table->rows[i].spot;
        uint32_t value = f->table->rows[i].value[FACET_PLACE];
        if (spot == 0 || value == 0 || f->how[i] == LOCATED_BY_COUNTRY)
            continue;
        if (lead[spot] == 0)
            place[spot] = value;
        lead[spot] = place[spot] == value ? lead[spot] + 1 : lead[spot] - 1;
    }
    spots->names = arena_zalloc(&spots->arena, spots->count + 1, sizeof *spots->names);
    for (size_t s = 1; s <= spots->count; s++) {
        const struct scan_place *at = &spots->places[s - 1];
        const char *name = watch_table_shown(f->table, FACET_PLACE, place[s]);
        spots->names[s - 1] = name[0] != '\0' ? name
                                              : arena_printf(&spots->arena, "%.2f %.2f",
                                                             at->latitude, at->longitude);
    }
    free(place);
    free(lead);
}

static bool any_agency_has_two(const struct finder *f)
{
    uint32_t *only =
        xcalloc((size_t)f->table->values[FACET_AGENCY].count + 1, sizeof *only);
    bool two = false;
    for (size_t i = 0; i < f->table->count && !two; i++) {
        const struct table_row *row = &f->table->rows[i];
        uint32_t *spot = &only[row->value[FACET_AGENCY]];
        two = row->spot != 0 && *spot != 0 && *spot != row->spot;
        if (row->spot != 0)
            *spot = row->spot;
    }
    free(only);
    return two;
}

void spots_find(struct spots *spots, struct watch_table *table, int32_t known_until)
{
    *spots = (struct spots){0};
    size_t slots = 4096;
    while (slots < 4 * SPOTS_MAX)
        slots *= 2;
    struct finder f = {
        .spots = spots,
        .table = table,
        .slots = xcalloc(slots, sizeof *f.slots),
        .slot_count = slots,
    };
    locate(&spots->where, table);
    f.at = spots->where.at;
    f.how = xmalloc(table->count + 1);
    memcpy(f.how, spots->where.how, table->count);
    leave_out_vague(&f);
    choose_grid(&f, known_until);
    for (size_t i = 0; i < table->count; i++)
        table->rows[i].spot =
            f.how[i] == LOCATED_NOWHERE ? 0 : spot_at(&f, &f.at[i], spots->grid);
    if (any_agency_has_two(&f))
        name_spots(&f);
    else
        spots->count = 0;
    free(f.how);
    free(f.slots);
}

void spots_release(struct spots *spots)
{
    if (spots == NULL)
        return;
    free(spots->places);
    locations_release(&spots->where);
    arena_release(&spots->arena);
    *spots = (struct spots){0};
}
