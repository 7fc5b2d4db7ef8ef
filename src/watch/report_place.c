/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/report_world.h"

#include "record/country.h"

bool world_find(double *latitude, double *longitude, const char *country)
{
    const char *code = country_find(bytes_text(country));
    if (code == NULL)
        return false;
    for (size_t i = 0; i < world_country_count; i++) {
        const char *other = country_find(bytes_text(world_countries[i].name));
        if (other == NULL || strcmp(other, code) != 0)
            continue;
        *latitude = world_countries[i].latitude / 10.0;
        *longitude = world_countries[i].longitude / 10.0;
        return true;
    }
    return false;
}
