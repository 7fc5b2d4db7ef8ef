/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "record/country.h"
#include "record/place.h"

#include <math.h>
#include <string.h>

/* code: of the place found, "" for one without; NULL: it must not be found. */
static const struct {
    const char *text, *country, *code;
    double latitude, longitude;
} cases[] = {
    {"Port of Antwerp", "be", "BEANR", 51.2, 4.4},
    {"ANTWERPEN", "be", "BEANR", 51.2, 4.4},
    {"Anvers", NULL, "BEANR", 51.2, 4.4},
    {"Puerto de Amberes", NULL, "BEANR", 51.2, 4.4},
    {"Antuérpia", NULL, "BEANR", 51.2, 4.4},
    {"BEANR", NULL, "BEANR", 51.2, 4.4},
    {"BEANR", "nl", NULL, 0, 0},
    {"Antwerp (Belgium)", NULL, "BEANR", 51.2, 4.4},
    {"Haven Antwerpen", "be", "BEANR", 51.2, 4.4},
    {"Rotterdam", NULL, "NLRTM", 51.9, 4.5},
    {"Roterdão", "nl", "NLRTM", 51.9, 4.5},
    {"Algeciras", "es", "ESALG", 36.1, -5.5},
    {"Puerto de Barcelona", "es", "ESBCN", 41.4, 2.2},
    {"LE HAVRE", "fr", "FRLEH", 49.5, 0.1},
    {"Hambourg", NULL, "DEHAM", 53.6, 10.0},
    {"Guayaquil", NULL, "ECGYE", -2.2, -79.9},
    {"Guayaquil, Ecuador", NULL, "ECGYE", -2.2, -79.9},
    {"Posorja", "ec", "ECPSJ", -2.7, -80.3},
    {"Santos", "br", "BRSSZ", -24.0, -46.3},
    {"Paranagua", "br", "BRPNG", -25.5, -48.5},
    {"Callao", "pe", "PECLL", -12.1, -77.1},
    {"Puerto Limón", "cr", "CRLIO", 10.0, -83.0},
    {"Buenaventura", "co", "COBUN", 3.9, -77.0},
    {"Lisbonne", NULL, "PTLIS", 38.7, -9.1},
    {"Porto", "pt", "PTOPO", 41.1, -8.6},
    {"Lomé", NULL, "TGLFW", 6.1, 1.2},
    {"Londres", "gb", "GBLON", 51.5, -0.1},
    {"Bogotá, D.C.", "co", NULL, 4.6, -74.1},
    {"BOGOTA D.C.", "co", NULL, 4.6, -74.1},
    /* one name in several countries */
    {"Cartagena", "co", "COCTG", 10.4, -75.5},
    {"Cartagena", "es", "ESCAR", 37.6, -1.0},
    {"Cartagena", NULL, NULL, 0, 0},
    {"Cartagena", "it", NULL, 0, 0},
    {"Cartagena de Indias", NULL, "COCTG", 10.4, -75.5},
    {"Cartagena (Colombia)", NULL, "COCTG", 10.4, -75.5},
    {"Santiago", NULL, NULL, 0, 0},
    {"Valencia", NULL, NULL, 0, 0},
    {"Valencia", "es", "ESVLC", 39.5, -0.4},
    {"Valence", "fr", NULL, 44.9, 4.9},
    {"Tripoli", NULL, NULL, 0, 0},
    {"Tripoli", "ly", "LYTIP", 32.9, 13.2},
    {"Tripoli", "lb", "LBKYE", 34.4, 35.8},
    {"Georgetown", NULL, NULL, 0, 0},
    {"Georgetown", "gy", "GYGEO", 6.8, -58.2},
    {"San José", NULL, NULL, 0, 0},
    {"San Jose", "cr", "CRSJO", 9.9, -84.1},
    {"Hamilton", NULL, NULL, 0, 0},
    {"Manzanillo", NULL, NULL, 0, 0},
    {"Manzanillo", "mx", "MXZLO", 19.1, -104.3},
    {"Manzanillo", "xa", NULL, 0, 0},
    /* a country's name is no place in another */
    {"Spain", NULL, NULL, 0, 0},
    {"Port of Spain", "tt", "TTPOS", 10.7, -61.5},
    {"Colombia", NULL, NULL, 0, 0},
    /* airports */
    {"LHR", "gb", "LHR", 51.5, -0.5},
    {"MAD", NULL, NULL, 0, 0},
    {"Schiphol", "nl", "AMS", 52.3, 4.8},
    {"Sofia Airport", "bg", NULL, 42.7, 23.3},
    {"Charles de Gaulle", "fr", "CDG", 49.0, 2.55},
    /* two parts */
    {"Graz/Steiermark", "at", NULL, 47.1, 15.4},
    {"Jud. Giurgiu/ Mun. Giurgiu", "ro", NULL, 43.9, 26.0},
    {"Palma de Mallorca", "es", "ESPMI", 39.6, 2.7},
    {"Pointe-à-Pitre", "fr", "GPPTP", 16.2, -61.5},
    /* no place */
    {"", "es", NULL, 0, 0},
    {"Port", "es", NULL, 0, 0},
    {"Ургутский район", "uz", NULL, 0, 0},
    {"More Cities", "rs", NULL, 0, 0},
    {"Atlantis", NULL, NULL, 0, 0},
    {"Barcelona/Algeciras", "es", NULL, 0, 0},
};

static void finds(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct place place = {.code = ""};
        struct place_options options = {.country = cases[i].country};
        bool wanted = cases[i].code != NULL || cases[i].latitude != 0;
        bool found = place_find(&place, bytes_text(cases[i].text), &options);
        if (found != wanted)
            printf("%s in %s: %s\n", cases[i].text, cases[i].country,
                   found ? place.country : "not found");
        CHECK(found == wanted);
        if (!found || !wanted)
            continue;
        bool right = fabs(place.latitude - cases[i].latitude) < 0.15 &&
                     fabs(place.longitude - cases[i].longitude) < 0.15;
        if (!right || (cases[i].code != NULL && strcmp(place.code, cases[i].code) != 0))
            printf("%s in %s: %s %.2f %.2f\n", cases[i].text, cases[i].country, place.code,
                   place.latitude, place.longitude);
        CHECK(right);
        CHECK(cases[i].code == NULL || strcmp(place.code, cases[i].code) == 0);
    }
}

static void finds_regions(void)
{
    static const struct {
        const char *text, *country;
        double latitude, longitude;
    } regions[] = {{"GUAYAS", "ec", -2.2, -79.9},
                   {"Helmand", "af", 31.7, 64.4},
                   {"CARABOBO", "ve", 10.2, -68.0},
                   {"Hormozgan", "ir", 27.2, 56.3}};
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
        struct place place;
        struct place_options options = {.country = regions[i].country, .region = true};
        bool found = place_find(&place, bytes_text(regions[i].text), &options);
        CHECK(found);
        if (!found)
            continue;
        CHECK(place.kind == PLACE_REGION);
        CHECK(fabs(place.latitude - regions[i].latitude) < 0.5);
        CHECK(fabs(place.longitude - regions[i].longitude) < 0.5);
    }
    struct place place;
    struct place_options town = {.country = "es"},
                         region = {.country = "es", .region = true};
    CHECK(place_find(&place, bytes_text("Madrid"), &town) && place.kind != PLACE_REGION);
    CHECK(place_find(&place, bytes_text("Madrid"), &region) && place.kind == PLACE_REGION);
}

static void same(void)
{
    CHECK(place_same(bytes_text("Port of Antwerp"), bytes_text("Amberes"), "be"));
    CHECK(!place_same(bytes_text("Antwerp"), bytes_text("Zeebrugge"), "be"));
    /* A port and an airport of one town are two places, and so are two districts. */
    CHECK(!place_same(bytes_text("Puerto de Barcelona"),
                      bytes_text("Aeropuerto de Barcelona"), "es"));
    CHECK(
        !place_same(bytes_text("Dushanbe, Sino-1"), bytes_text("Dushanbe, Somoni"), "tj"));
    CHECK(!place_same(bytes_text("Nowhere"), bytes_text("Nowhere"), "be"));
}

static void table(void)
{
    size_t kinds[128] = {0};
    for (size_t i = 0; i < place_table_count; i++) {
        const struct place_row *row = &place_table[i];
        kinds[(unsigned char)row->kind & 127]++;
        CHECK(abs(row->latitude) <= 9000 && abs(row->longitude) <= 18000);
        CHECK(country_is_known(bytes_text(row->country)));
        CHECK(i == 0 || strcmp(row[-1].country, row->country) <= 0);
    }
    CHECK(kinds['P'] > 1000 && kinds['C'] > 5000 && kinds['A'] > 500 && kinds['R'] > 1000);
}

/* Any bytes are an answer or none. */
static void hostile(void)
{
    static const char *const texts[] = {"(((((((((((((((((((",
                                        "////",
                                        ",,,,Antwerp,,,,",
                                        "\xff\xfe\x00",
                                        "* *",
                                        "|",
                                        "#BEANR",
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct place place;
        struct place_options options = {.country = i % 2 ? "be" : NULL};
        bool found = place_find(&place, bytes_text(texts[i]), &options);
        CHECK(!found || i == 2);
    }
}

int main(void)
{
    finds();
    finds_regions();
    same();
    table();
    hostile();
    return check_done("place");
}
