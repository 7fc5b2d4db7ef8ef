/* SPDX-License-Identifier: Apache-2.0
 *
 * record/facets.h: a seizure reduced to what can be counted: when, where, what, how.
 *
 * The second of the three reductions. A facet is one question asked of a seizure; its answer is
 * the text as the file writes it, without the blanks around it. No answer ("", "Unknown",
 * "N/A", "-" ... in four languages) is missing: a kind of its own, with which nothing can surge.
 * The same place written "GRAND PORT" and "Grand-Port " is one value: facet_fold says so.
 *
 * Everything borrows from the record.
 */
#ifndef RECORD_FACETS_H
#define RECORD_FACETS_H

#include "record/record.h"

/* The names, in this order, are those of docs/format/answers.md: facet_name. */
enum facet {
    FACET_AGENCY,
    FACET_PLACE,
    FACET_SUBSTANCE,
    FACET_COMMODITY,
    FACET_ORIGIN,
    FACET_DEPARTURE,
    FACET_TRANSIT,
    FACET_DESTINATION,
    FACET_MODE,
    FACET_CONCEALMENT,
    FACET_INSTALLATION,
    FACET_ROUTING,
    FACET_MARKING,
    FACET_COUNT
};

enum { FACET_TEXT_MAX = 400 }; /* of a longer answer only so many bytes count */

struct facets {
    int32_t day;                    /* of the seizure, days since 1970-01-01 */
    int32_t received;               /* the day it became known; day when nobody says */
    struct bytes text[FACET_COUNT]; /* as written, trimmed; empty: missing */
    struct bytes country;           /* of the seizure, as written; empty: not given */
    bool received_assumed; /* a day was given, but none that can be: day stands for it */
    bool place_is_region;  /* no place was given, only what it lies in */
    double latitude, longitude; /* degrees; NAN: not given */
    double kg;                  /* NAN: not given, or in a unit without a weight */
};

/* "agency", "place" ... */
const char *facet_name(enum facet facet);
/* FACET_COUNT when there is no such facet. */
enum facet facet_find(struct bytes name);

/* BAD_INPUT when the record has no whole day; the record is no seizure then. */
MUST_USE enum status facets_of(struct facets *out, const struct record *record,
                               struct err *err);
/* facets_of reads this property. */
bool facets_read(const char *property);
/* The text says that nothing is known. */
bool facet_is_missing(struct bytes text);
/* The form under which texts are one value: lower case in ASCII, blanks and punctuation in a
 * row one blank. May be the text itself. */
struct bytes facet_fold(struct bytes text, struct arena *arena);
/* Kilograms of amount in a unit as files write it; NAN when that has no weight. */
double facet_kilograms(double amount, struct bytes unit, struct bytes substance);

#endif
