/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/where.h: *where* more is seized than should be: the space-time scan inside a replay.
 *
 * Every day on which something was received, for all seizures together and for each commodity
 * that is seized often, the best cylinders (watch/scan.h: a circle, the last 1 to 12 weeks) are
 * looked for. A spot p in the last w weeks is expected to have
 *
 *     sum over agencies a   h[p][a] * seizures of a in the window / seizures of a in its history
 *
 * with h the history (without the last twelve weeks) of the agency at the spot, and both numbers of
 * the ratio taken at its other spots, if they have a history: else a surge would raise its own
 * expectation. So an agency's campaign, the season and late reports touch both sides and cancel
 * out, as they do for the rules of watch/pattern; where an agency seizes everything at one spot
 * nothing can stand out. A spot is
 * never expected to have less than one seizure of the history would make it. The score is the
 * Poisson LLR against PATTERN_SLACK times that, the same as a rule's.
 *
 * Weeks are those of watch/pattern: counted from base_day. A row is added once, by the day it was
 * received, and forgotten when it is older than the horizon.
 */
#ifndef WATCH_WHERE_H
#define WATCH_WHERE_H

#include "watch/known.h"
#include "watch/pattern.h"
#include "watch/scan.h"
#include "watch/spots.h"

struct where_options {
    const struct spots *spots;
    const struct watch_table *table;
    const struct table_row *rows; /* the timeline */
    size_t row_count;
    int32_t base_day, last_day;
    int32_t horizon_days;
    int32_t known_until; /* rows of the table received before say what is seized often */
};

struct where;

/* How long a candidate's window is: a rule's or a circle's. */
unsigned candidate_weeks(const struct candidate *candidate);

/* NULL when there is nothing to scan: no spots, or too few seizures that have one. */
struct where *where_open(const struct where_options *options);
void where_close(struct where *where);

void where_advance(struct where *where, int32_t day);
void where_add(struct where *where, uint32_t row);
/* Appends cylinders that score at least floor to the list, as candidates with `circle` set, by the
 * rows added so far; none when nothing was added since it was asked last. What they point to
 * stays until the next call. */
void where_look(struct candidate **list, size_t *count, size_t *capacity,
                struct where *where, double floor);

/* The rows that a circle counts, in no order; and how many there were in each week before, for
 * weeks [0, now], in counts (may be NULL). */
void where_rows(uint32_t **rows, size_t *count, size_t *capacity, uint32_t *counts,
                const struct where *where, const struct candidate *candidate);
/* The same weeks alone, from lists of what is known by spot (of all that was added, at least). */
void where_weeks(uint32_t *counts, const struct where *where,
                 const struct candidate *candidate, const struct known *known);
/* The same circle and window for all seizures, whatever the commodity. */
void where_all(double *observed, double *expected, const struct where *where,
               const struct candidate *candidate);
/* What is expected in the candidate's window at one spot of it, without slack. */
double where_expected(const struct where *where, const struct candidate *candidate,
                      uint32_t spot);

#endif
