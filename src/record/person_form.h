/* SPDX-License-Identifier: Apache-2.0
 *
 * record/person_form.h: the forms in which a person is a key.
 *
 * Two lists about one person seldom agree in everything, and a key must agree in every byte. So a
 * person has up to 24 keys, each of two or three facts that are usually right together:
 *
 *     ~ALSK 1988-06-07             a token as it sounds (record/phonetic), the birth date
 *     *ke 1988-06-07               its last two letters (*ske: three), or first (el*, els*)
 *     ~ALSK ~NRDT --06-07          both tokens, day and month (also 1988-06, 1988--07, 1988)
 *     ~ALSK *rdt 1988-06           one as it sounds, letters of the other
 *     ~ALSK ~NRDT 1988-06/07       both tokens, day and month in either order
 *     ~ALSK #4814                  a token and the postcode
 *     *ke &VTRN =KVLN              a token's letters, the town and the street as they sound
 *     *dt *ke #4814/69             the ends of both, the postcode and, behind a slash, the house
 *     els* noo* &VTRN              the starts of both, the town
 *     e.n. =KVLN 1988--07          the initials of both, street, year and day
 *     %gb #4814                    the first letters of street and town, postcode
 *     #48* 1988-06-07              the first two signs of the postcode, and the birth date
 *     elske noordt 1988-06-07      the whole name as spelled, the birth date
 *
 * There is none of a name alone. What two records share is read back from the keys by
 * record/person_facts.
 */
#ifndef RECORD_PERSON_FORM_H
#define RECORD_PERSON_FORM_H

#include "record/address.h"
#include "record/name.h"

enum { PERSON_CODE_LEN = 4, PERSON_FORMS_MAX = 24 };
enum {
    PERSON_YEAR_LEN = 4,
    PERSON_MONTH_LEN = 7,
    PERSON_YEAR_DAY_LEN = 8,
    PERSON_DATE_LEN = 10
};

struct person_forms {
    struct {
        struct bytes value; /* in the arena */
        double bits;
    } items[PERSON_FORMS_MAX];
    size_t count;
};

/* All the names, birth dates (ISO, as far as known; "1955--02" without the month) and addresses of one record; the forms that
 * find most come first, those of the first name, date and address before the others'. */
struct person_source {
    const struct name *names;
    size_t name_count;
    const struct bytes *dates;
    size_t date_count;
    const struct address *addresses;
    size_t address_count;
};

void person_forms_make(struct person_forms *out, const struct person_source *source,
                       struct arena *arena);

/* Parts of a birth date, in a form or in what agrees. Year, month and day together are the full date. */
enum date_fact {
    FACT_YEAR = 1,
    FACT_MONTH = 2,
    FACT_DAY = 4,
    FACT_DATE = 7,
    FACT_SWAPPED = 8
};

/* Two parts of a birth date have so many bits, or stand for an unknown day. */
#define PERSON_DATE_PARTS_BITS 8.0

/* Min-entropy of one fact, in bits; docs/format/keys.md has the reasons. */
double person_code_bits(struct bytes code);
double person_date_bits(unsigned facts, struct bytes text);

enum {
    PERSON_POSTCODE_BITS = 9,
    PERSON_REGION_BITS = 3,
    PERSON_STREET_ALONE_BITS = 7,
    PERSON_HOUSE_BITS = 5,
    PERSON_TOWN_BITS = 6,
    PERSON_INITIAL_BITS = 3,
    PERSON_START_BITS = 4,
    PERSON_START3_BITS = 5,
    PERSON_END_BITS = 3,
    PERSON_END3_BITS = 4
};

enum { PERSON_REGION_LEN = 2 }; /* signs of a postcode that name a region */

#endif
