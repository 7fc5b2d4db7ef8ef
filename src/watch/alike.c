/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/notice.h"

#include "base/text.h"
#include "record/country.h"

#include <stdlib.h>
#include <string.h>

enum {
    PREFIX_MIN = 4, /* letters by which two names are alike */
    LIST_STEP = 2, /* lines between two countries that are taken for each other in a list */
};

/* "Dominica" and "Dominican Republic", "MEDELLIN" and "Medellin (Antioquia)". */
bool notice_names_alike(const char *a, const char *b)
{
    size_t same = 0;
    while (a[same] != '\0' && to_lower((uint8_t)a[same]) == to_lower((uint8_t)b[same]))
        same++;
    /* "Sector 3" and "Sector 4" are not alike, they are numbered. */
    bool numbered = is_digit((uint8_t)a[same]) || is_digit((uint8_t)b[same]) ||
                    (same > 0 && is_digit((uint8_t)a[same - 1]));
    return same >= PREFIX_MIN && !numbered;
}

/* How many countries' names come before this one. */
static long place_in_list(const char *name)
{
    long before = 0;
    for (size_t i = 0; i < country_table_count; i++)
        before +=
            strlen(country_table[i].code) == 2 && strcmp(country_table[i].name, name) < 0;
    return before;
}

/* Chile and China, Nepal and the Netherlands; Austria (AT) and Australia (AU). */
static bool countries_alike(const char *a, const char *b)
{
    const char *x = country_find(bytes_text(a)), *y = country_find(bytes_text(b));
    if (x == NULL || y == NULL || strcmp(x, y) == 0)
        return false;
    bool codes = strlen(x) == 2 && strlen(y) == 2 && x[0] == y[0];
    return codes || labs(place_in_list(country_name(x)) - place_in_list(country_name(y))) <=
                        LIST_STEP;
}

bool notice_alike(enum facet facet, const char *a, const char *b)
{
    bool country =
        facet == FACET_AGENCY || (facet >= FACET_ORIGIN && facet <= FACET_DESTINATION);
    return notice_names_alike(a, b) || (country && countries_alike(a, b));
}
