/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/report_world.h"

#include "record/country.h"
#include "record/place.h"

#include <assert.h>
#include <threads.h>

/* The code of each row of the table, found once: names are looked up slowly. */
enum { COUNTRIES_MAX = 300 };
static const char *world_codes[COUNTRIES_MAX];
static once_flag world_once = ONCE_FLAG_INIT;

static void find_codes(void)
{
    assert(world_country_count <= COUNTRIES_MAX);
    for (size_t i = 0; i < world_country_count; i++)
        world_codes[i] = country_find(bytes_text(world_countries[i].name));
}

bool world_find(double *latitude, double *longitude, const char *country)
{
    const char *code = country_find(bytes_text(country));
    if (code == NULL)
        return false;
    call_once(&world_once, find_codes);
    for (size_t i = 0; i < world_country_count; i++) {
        if (world_codes[i] == NULL || strcmp(world_codes[i], code) != 0)
            continue;
        *latitude = world_countries[i].latitude / 10.0;
        *longitude = world_countries[i].longitude / 10.0;
        return true;
    }
    return false;
}

bool world_find_place(double *latitude, double *longitude, const char *text)
{
    struct place place;
    if (world_find(latitude, longitude, text))
        return true;
    if (!place_find(&place, bytes_text(text), &(struct place_options){NULL, false}))
        return false;
    *latitude = place.latitude;
    *longitude = place.longitude;
    return true;
}
