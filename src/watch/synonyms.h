/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/synonyms.h: answers of one agency that took each other's place in its history.
 *
 * Calibration deals the quarters of a history anew (watch/calibrate). Where an agency wrote "Smutville"
 * until March and "Samutville" from October on, or a country's code was another's for some quarters,
 * the deal moves the word away from the one that it replaced: it comes up out of nothing, nothing
 * explains it, and it raises the threshold. What the true order shows to be one thing is therefore
 * one answer in the shuffled history; nothing else is changed by it.
 *
 * Counts by quarter are compared with what the agency answered of the facet at all:
 *
 *     H(u)    sum over quarters of  u ln(u / (all of u * the quarter's share))
 *     excess  H - (quarters - 1) / 2, which chance has on average
 *
 * Two names that are spelled nearly the same are one when they stand out less together. Other answers
 * are one when each stands out, hardly ever in the same quarter, and the two together do half as much
 * as either: their sum is flat. They must be easily taken for each other (watch/notice), or change
 * places twice at least, there and back, for a route that moves does so once; and of many pairs some
 * look so by chance, which the logarithm of their number makes good.
 */
#ifndef WATCH_SYNONYMS_H
#define WATCH_SYNONYMS_H

#include "watch/table.h"

struct synonyms {
    struct synonym {
        uint32_t agency, value, stands_for;
        enum facet facet;
    } * items; /* by agency */
    size_t count, capacity;
};

struct synonyms_options {
    int32_t from, until; /* rows of these days, received before `until` */
    unsigned quarters;
};

/* All-zero is valid and empty. */
void synonyms_release(struct synonyms *synonyms);
void synonyms_find(struct synonyms *out, const struct watch_table *table,
                   const struct synonyms_options *options);
/* Write for each answer of the row the one it stands for. */
void synonyms_apply(struct table_row *row, const struct synonyms *synonyms);

#endif
