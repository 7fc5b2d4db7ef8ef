/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/known.h: what was known on a day, by answer and by the day of the seizure.
 *
 * A question about a finding (watch/explain) is about the rows of one agency, or of one answer, in a
 * year; there are thousands of such questions. So for each answer of each facet the rows that have
 * it are kept in the order of their days, so too for each spot, and for each agency how many of its rows up to there
 * answer each facet: a range of days is found by halving, and mostly need not be looked through.
 *
 * The timeline is fixed and rows are taken in the order received, so each list has its place from
 * the beginning; a row that comes late moves those behind it. Rows that are not counted (repeats,
 * bulk uploads) are in no list, and rows without an answer in none of that facet; an agency that is
 * not named is one.
 *
 * Memory: 112 bytes a row at most. Of one thread, also where it is only asked.
 */
#ifndef WATCH_KNOWN_H
#define WATCH_KNOWN_H

#include "watch/table.h"

struct known;

/* Rows of the timeline by day, those of one day in the order received; borrowed until more is
 * taken. */
struct known_rows {
    const uint32_t *rows;
    size_t count;
};

/* rows and order (by the day received) are borrowed. */
struct known *known_open(const struct watch_table *table, const struct table_row *rows,
                         const uint32_t *order, size_t row_count);
void known_close(struct known *known);
/* So many of order are known now: never fewer than before. */
void known_take(struct known *known, size_t taken);

struct known_rows known_all(const struct known *known);
/* value 0 is of agencies only. */
struct known_rows known_of(const struct known *known, enum facet facet, uint32_t value);
/* Of a spot of watch/spots, from 1. */
struct known_rows known_at(const struct known *known, uint32_t spot);
/* Those of the days from `from` to `to`, both included. */
struct known_rows known_days(const struct known *known, struct known_rows list,
                             int32_t from, int32_t to);
/* How many of the agency's rows of these days answer a facet; of FACET_AGENCY, how many are the
 * first of an event. */
size_t known_answers(struct known *known, uint32_t agency, enum facet facet, int32_t from,
                     int32_t to);

#endif
