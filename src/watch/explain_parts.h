/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/explain_parts.h: what is asked about the answers of a rule, and about circles.
 *
 * Internal to watch/explain.c and the files named here, as watch/explain.h is.
 */
#ifndef WATCH_EXPLAIN_PARTS_H
#define WATCH_EXPLAIN_PARTS_H

#include "watch/explain.h"

/* One facet's answers in the agency, the year before and in the window; context: only where
 * these facets are answered as in the rule. */
struct answers {
    uint32_t *before, *now;
    double known_before, known_now;
};

/* Names of places and countries, which are taken for each other where they are alike. */
static inline bool explain_is_name(enum facet facet)
{
    return facet == FACET_PLACE || facet == FACET_ORIGIN || facet == FACET_DEPARTURE ||
           facet == FACET_TRANSIT || facet == FACET_DESTINATION;
}

/* ---- explain_form ---- */

/* The agency's form was changed in the last weeks, or in those of the longest window. */
bool explain_new_form(const struct question *q);
/* The answers but those of the columns are new together, whatever the others say; at most so large a share
 * of the agency's rows in the window gives them. */
bool explain_stands_without(const struct question *q, unsigned columns, double most);
/* Regions stand where places stood. */
bool explain_coarser(const struct question *q);
/* The facet was hardly answered until the window, or shortly before it. */
bool explain_newly_answered(const struct question *q, enum facet facet);

/* ---- explain_renamed ---- */

/* The value took another's place, and but for it the rule has as many as ever. */
bool explain_renamed(bool *miscoded, bool *for_now, const struct question *q,
                     enum facet facet);
/* A word that went out of use is back. */
bool explain_returning(const struct question *q, enum facet facet);
/* Nearly nothing is left of a value that was common; all: nothing at all. */
bool explain_has_vanished(const struct answers *answers, uint32_t value, bool all);

/* ---- explain_circle ---- */

/* Coordinates began to be given. */
bool explain_newly_located(const struct question *q);
/* The places of the circle were written elsewhere before, or what stood close by stands in it now. */
bool explain_relocated(const struct question *q);
/* The row of the agency whose place most of its rows in the circle name. */
uint32_t explain_typical_row(const struct question *q);

#endif
