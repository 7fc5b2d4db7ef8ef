/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "record/facets.h"

#include <math.h>

static void fill(struct record *record, struct arena *arena, const char *const *pairs)
{
    const struct schema *schema = schema_find(BYTES_OF("Seizure"));
    record_init(record, schema, arena);
    for (size_t i = 0; pairs[i] != NULL; i += 2)
        CHECK(record_add_exactly(record, schema_property(schema, bytes_text(pairs[i])),
                                 pairs[i], bytes_text(pairs[i + 1]), NULL, NULL) == OK);
}

static void check_record(void)
{
    struct arena arena = {0};
    struct record record;
    struct facets f;
    const char *const whole[] = {"date",
                                 "2012-03-04",
                                 "country",
                                 "Spain",
                                 "place",
                                 " Unknown ",
                                 "administrativeRegion",
                                 "Madrid ",
                                 "substance",
                                 "Cocaine",
                                 "quantity",
                                 "250",
                                 "unit",
                                 "Gram",
                                 "transportMode",
                                 "",
                                 "departureCountry",
                                 "Brazil",
                                 "location",
                                 "Other",
                                 "RECEIVED_DATE",
                                 "2012-04-01",
                                 NULL};
    fill(&record, &arena, whole);
    CHECK(facets_of(&f, &record, NULL) == OK);
    CHECK(f.received - f.day == 28);
    CHECK_TEXT(f.text[FACET_AGENCY], "Spain");
    CHECK_TEXT(f.text[FACET_PLACE], "Madrid");
    CHECK(f.place_is_region);
    CHECK_TEXT(f.text[FACET_DEPARTURE], "Brazil");
    CHECK(f.text[FACET_MODE].len == 0 && f.text[FACET_INSTALLATION].len == 0);
    CHECK(fabs(f.kg - 0.25) < 1e-12 && isnan(f.latitude));

    const char *const early[] = {"date",       "2012-03-04", "receivedDate",
                                 "2011-01-01", "latitude",   "95",
                                 "longitude",  "3",          NULL};
    fill(&record, &arena, early);
    CHECK(facets_of(&f, &record, NULL) == OK);
    CHECK(f.received == f.day && isnan(f.latitude) && isnan(f.longitude));

    const char *const undated[] = {"date", "2012", "country", "Spain", NULL};
    struct err err = {.text = ""};
    fill(&record, &arena, undated);
    CHECK(facets_of(&f, &record, &err) == BAD_INPUT && err.text[0] != '\0');
    arena_release(&arena);
}

static void check_words(void)
{
    static const char *const missing[] = {"",  "  ",    "Unknown",    "n/a",
                                          "-", "OTHER", "desconocido"};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        CHECK(facet_is_missing(bytes_text(missing[i])));
    CHECK(!facet_is_missing(BYTES_OF("Othersea")) && !facet_is_missing(BYTES_OF("0")));
    struct arena arena = {0};
    CHECK_TEXT(facet_fold(BYTES_OF(" GRAND-PORT  "), &arena), "grand port");
    CHECK_TEXT(facet_fold(BYTES_OF("Bogota, D.C."), &arena), "bogota d c");
    CHECK_TEXT(facet_fold(BYTES_OF("+-*"), &arena), "+");
    CHECK_TEXT(facet_fold(BYTES_OF("***"), &arena), "***");
    arena_release(&arena);
    for (enum facet f = 0; f < FACET_COUNT; f++)
        CHECK(facet_find(bytes_text(facet_name(f))) == f);
    CHECK(facet_find(BYTES_OF("colour")) == FACET_COUNT);
}

static void check_weights(void)
{
    CHECK(facet_kilograms(2, BYTES_OF("Kilogram"), BYTES_OF("x")) == 2);
    CHECK(fabs(facet_kilograms(3, BYTES_OF("ton(s)"), BYTES_OF("x")) - 3000) < 1e-9);
    CHECK(fabs(facet_kilograms(10, BYTES_OF("Tablet"), BYTES_OF("Methamphetamine")) -
               1e-3) < 1e-12);
    CHECK(isnan(facet_kilograms(10, BYTES_OF("Tablet"), BYTES_OF("Ecstasy"))));
    CHECK(isnan(facet_kilograms(10, BYTES_OF(""), BYTES_OF("Heroin"))));
}

int main(void)
{
    check_record();
    check_words();
    check_weights();
    return check_done("facets");
}
