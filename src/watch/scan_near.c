/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan_near.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

/* The radius of the Earth that SaTScan reckons with: so that circles are the same. */
static const double EARTH_KM = 6367;
static const double MM_PER_KM = 1e6;

enum { CHUNK = 32 };

static struct scan_point point_of(const struct scan_place *place)
{
    double latitude = place->latitude * M_PI / 180,
           longitude = place->longitude * M_PI / 180;
    return (struct scan_point){cos(latitude) * cos(longitude),
                               cos(latitude) * sin(longitude), sin(latitude)};
}

static double chord_squared(const struct scan_point *a, const struct scan_point *b)
{
    double x = a->x - b->x, y = a->y - b->y, z = a->z - b->z;
    return x * x + y * y + z * z;
}

/* By the chord: exact for near places, where the arc cosine of a product is not. */
static uint64_t millimetres(double squared)
{
    double half = sqrt(squared) / 2;
    return (uint64_t)llround(2 * asin(half < 1 ? half : 1) * EARTH_KM * MM_PER_KM);
}

uint64_t scan_near_mm(const struct scan_near *near, uint32_t a, uint32_t b)
{
    return millimetres(chord_squared(&near->points[a], &near->points[b]));
}

/* --- the order of places: bands of latitude, walked east and west in turn --- */

struct ordered {
    int band;
    double along, latitude;
    uint32_t given;
};

static int compare_ordered(const void *left, const void *right)
{
    const struct ordered *a = left, *b = right;
    if (a->band != b->band)
        return a->band < b->band ? -1 : 1;
    if (a->along != b->along)
        return a->along < b->along ? -1 : 1;
    if (a->latitude != b->latitude)
        return a->latitude < b->latitude ? -1 : 1;
    return (a->given > b->given) - (a->given < b->given);
}

static struct ordered *order_places(const struct scan_place *places, size_t count,
                                    double band_degrees)
{
    struct ordered *order = xcalloc(count + 1, sizeof *order);
    for (size_t i = 0; i < count; i++) {
        int band = (int)floor((places[i].latitude + 90) / band_degrees);
        double along = places[i].longitude;
        order[i] = (struct ordered){band, band % 2 ? -along : along, places[i].latitude,
                                    (uint32_t)i};
    }
    qsort(order, count, sizeof *order, compare_ordered);
    return order;
}

/* --- the lists, in chunks of centres --- */

struct reach {
    uint64_t mm;
    uint32_t place, given;
};

struct chunk {
    uint32_t *entries;
    size_t count, capacity;
    uint32_t lengths[CHUNK];
};

struct build {
    struct scan_near *near;
    const struct ordered *order;
    double radius_squared; /* of the chord, and a little more */
    uint64_t radius_mm;
    int band_reach;
    struct chunk *chunks;
    atomic_size_t entries;
    struct scratch {
        struct reach *items;
        size_t capacity;
    } * scratch;
};

static int compare_reach(const void *left, const void *right)
{
    const struct reach *a = left, *b = right;
    if (a->mm != b->mm)
        return a->mm < b->mm ? -1 : 1;
    return (a->given > b->given) - (a->given < b->given);
}

/* First place of a band, by bisection. */
static size_t band_start(const struct ordered *order, size_t count, int band)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (order[middle].band < band)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t reach_of(struct scratch *scratch, const struct build *build, uint32_t centre)
{
    const struct scan_near *near = build->near;
    int band = build->order[centre].band;
    size_t from = band_start(build->order, near->places, band - build->band_reach);
    size_t to = band_start(build->order, near->places, band + build->band_reach + 1);
    const struct scan_point *point = &near->points[centre];
    size_t count = 0;
    for (size_t other = from; other < to; other++) {
        double squared = chord_squared(point, &near->points[other]);
        if (squared > build->radius_squared)
            continue;
        uint64_t mm = millimetres(squared);
        if (mm > build->radius_mm)
            continue;
        if (count >= scratch->capacity) {
            void *items = scratch->items;
            grow_to(&items, &scratch->capacity, count, sizeof *scratch->items);
            scratch->items = items;
        }
        scratch->items[count++] =
            (struct reach){mm, (uint32_t)other, build->order[other].given};
    }
    qsort(scratch->items, count, sizeof *scratch->items, compare_reach);
    return count;
}

static void build_chunk(void *context, size_t index, unsigned thread)
{
    struct build *build = context;
    struct chunk *chunk = &build->chunks[index];
    struct scratch *scratch = &build->scratch[thread];
    for (size_t i = 0; i < CHUNK && index * CHUNK + i < build->near->places; i++) {
        if (atomic_load(&build->entries) > NEAR_ENTRIES_MAX)
            return;
        uint32_t centre = (uint32_t)(index * CHUNK + i);
        size_t count = reach_of(scratch, build, centre);
        void *entries = chunk->entries;
        grow_to(&entries, &chunk->capacity, chunk->count + count, sizeof *chunk->entries);
        chunk->entries = entries;
        for (size_t k = 0; k < count; k++) {
            bool last = k + 1 == count || scratch->items[k + 1].mm != scratch->items[k].mm;
            chunk->entries[chunk->count++] =
                scratch->items[k].place | (last ? NEAR_STEP : 0);
        }
        chunk->lengths[i] = (uint32_t)count;
        atomic_fetch_add(&build->entries, count);
    }
}

static void join_chunks(struct scan_near *near, const struct build *build, size_t chunks)
{
    near->from = xcalloc(near->places + 1, sizeof *near->from);
    near->entries = xcalloc(atomic_load(&build->entries) + 1, sizeof *near->entries);
    size_t at = 0;
    for (size_t c = 0; c < chunks; c++) {
        const struct chunk *chunk = &build->chunks[c];
        if (chunk->count > 0)
            memcpy(near->entries + at, chunk->entries,
                   chunk->count * sizeof *near->entries);
        for (size_t i = 0; i < CHUNK && c * CHUNK + i < near->places; i++) {
            near->from[c * CHUNK + i] = at;
            at += chunk->lengths[i];
        }
    }
    near->from[near->places] = at;
}

enum status scan_near_init(struct scan_near *near, const struct scan_place *places,
                           size_t count, double radius_km, struct pool *pool,
                           struct err *err)
{
    assert(radius_km >= 0 && count < NEAR_STEP);
    *near = (struct scan_near){.places = count};
    double angle = fmin(radius_km / EARTH_KM, M_PI);
    double degrees = fmax(angle * 180 / M_PI / 4, 0.25);
    struct ordered *order = order_places(places, count, degrees);
    near->given = xcalloc(count + 1, sizeof *near->given);
    near->place = xcalloc(count + 1, sizeof *near->place);
    near->points = xcalloc(count + 1, sizeof *near->points);
    for (size_t i = 0; i < count; i++) {
        near->given[i] = order[i].given;
        near->place[order[i].given] = (uint32_t)i;
        near->points[i] = point_of(&places[order[i].given]);
    }

    size_t chunks = (count + CHUNK - 1) / CHUNK;
    double chord = 2 * sin(angle / 2);
    struct build build = {.near = near,
                          .order = order,
                          .radius_squared = chord * chord * (1 + 1e-9) + 1e-20,
                          .radius_mm = (uint64_t)llround(fmin(radius_km, 1e5) * MM_PER_KM),
                          .band_reach = (int)ceil(angle * 180 / M_PI / degrees) + 1,
                          .chunks = xcalloc(chunks + 1, sizeof *build.chunks),
                          .scratch = xcalloc(pool_threads(pool), sizeof *build.scratch)};
    pool_run(pool, build_chunk, &build, chunks);
    enum status status = OK;
    if (atomic_load(&build.entries) > NEAR_ENTRIES_MAX)
        status = fail(err, TOO_LARGE,
                      "%zu places within %g km of each other make more than %d million "
                      "pairs; take a smaller radius",
                      count, radius_km, NEAR_ENTRIES_MAX / 1000000);
    else
        join_chunks(near, &build, chunks);
    for (size_t c = 0; c < chunks; c++)
        free(build.chunks[c].entries);
    for (unsigned t = 0; t < pool_threads(pool); t++)
        free(build.scratch[t].items);
    free(build.chunks);
    free(build.scratch);
    free(order);
    if (status != OK)
        scan_near_release(near);
    return status;
}

void scan_near_release(struct scan_near *near)
{
    if (near == NULL)
        return;
    free(near->given);
    free(near->place);
    free(near->points);
    free(near->from);
    free(near->entries);
    *near = (struct scan_near){0};
}
