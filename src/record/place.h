/* SPDX-License-Identifier: Apache-2.0
 *
 * record/place.h: where a seaport, an airport, a city or a region lies that a file names.
 *
 * "Port of Antwerp", "ANTWERPEN", "Anvers", "Amberes", "Antwerp (Belgium)" and "BEANR" are one
 * place. Names are compared without case, accents, articles and general words (port, airport ...);
 * of "Graz/Steiermark" the part that says most counts. Codes are UN/LOCODE and, where the country
 * is known, the three letters of airports.
 *
 * Nothing is guessed. A name that several countries have (Cartagena, Santiago, Valencia, Tripoli) is
 * a place only together with one of them; a name that several towns of one country have is none,
 * unless one has five times the people of all others. What lies elsewhere than in the country given
 * is not found, be it as famous as it may.
 *
 * The table is made by tools/place-table; coordinates are those of the middle of a town, good to
 * some kilometres, and of a region the mean of its towns.
 *
 * Safe in any thread; the index is built by the first call (some 10 ms).
 */
#ifndef RECORD_PLACE_H
#define RECORD_PLACE_H

#include "base/bytes.h"

enum place_kind {
    PLACE_PORT = 'P', /* a seaport or a city with one */
    PLACE_CITY = 'C',
    PLACE_AIRPORT = 'A',
    PLACE_REGION = 'R'
};

struct place {
    const char *name; /* as the table has it first; borrowed from it, not ended by a NUL: */
    size_t name_len;
    const char *code;    /* UN/LOCODE, an airport's three letters, or "" */
    const char *country; /* alpha-2, lower case */
    enum place_kind kind;
    double latitude, longitude; /* degrees */
};

struct place_options {
    const char
        *country; /* alpha-2 in lower case that the row is about; NULL: nobody knows */
    bool region;  /* a region is meant rather than a town of the same name */
};

/* false: no such place, or several. *out is untouched then. */
bool place_find(struct place *out, struct bytes text, const struct place_options *options);
/* A number for the port or town that the whole text names, in whatever spelling; 0: none, or an
 * airport, a region, a part of a town. Texts with one number mean one place. */
uint32_t place_number(struct bytes text, const char *country);
/* Both texts name one place in this country (NULL: nobody knows which). */
bool place_same(struct bytes a, struct bytes b, const char *country);

/* For place.c and its test. By country, then ports, cities, airports, regions, each by size. */
struct place_row {
    int16_t latitude, longitude; /* hundredths of a degree */
    const char country[3];
    char kind;
    const char code[6];
    const char *names; /* '|' between; "*": says which place only within the country */
};
extern const struct place_row place_table[];
extern const size_t place_table_count;

#endif
