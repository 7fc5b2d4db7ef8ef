/* SPDX-License-Identifier: Apache-2.0
 *
 * A country's two letters, or none, a newline, and the name of a place in it. What is found lies on
 * the Earth, and in the country given or in land of its.
 */
#include "fuzz.h"

#include "base/text.h"
#include "record/place.h"

#include <assert.h>
#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = bytes_of(data, size), first;
    char country[3] = "";
    if (!text_next_part(&first, &text, '\n') || text.at == NULL)
        return 0;
    for (size_t i = 0; i < 2 && i < first.len; i++)
        country[i] = (char)to_lower(first.at[i]);
    struct place_options options = {.country = first.len == 2 ? country : NULL,
                                    .region = size % 2 == 0};
    struct place place;
    if (place_find(&place, text, &options)) {
        assert(fabs(place.latitude) <= 90 && fabs(place.longitude) <= 180);
        assert(place.name_len > 0 || place.code[0] != '\0');
        assert(strlen(place.country) == 2);
    }
    assert(place_number(text, options.country) == 0 ||
           place_same(text, text, options.country));
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static const char *const seeds[] = {"be\nPort of Antwerp",
                                        "\nAnvers (Belgique)",
                                        "es\nCartagena/Murcia",
                                        "\nBEANR",
                                        "gb\nLHR",
                                        "ro\nJud. Galati/ Mun. Galati",
                                        "fr\nPointe-à-Pitre",
                                        "\n[;,/()]"};
    if (index >= sizeof seeds / sizeof *seeds)
        return 0;
    *data = (const uint8_t *)seeds[index];
    return strlen(seeds[index]);
}
