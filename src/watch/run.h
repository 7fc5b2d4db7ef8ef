/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/run.h: the whole watch over a table: notices first, then alerts.
 *
 *     table --notice--> notices, rows set aside --calibrate--> threshold --replay--> alerts
 *                             \-------- explain away ---------------------^
 */
#ifndef WATCH_RUN_H
#define WATCH_RUN_H

#include "watch/alert.h"
#include "watch/calibrate.h"
#include "watch/table.h"

/* Day numbers; a day left out is DAY_UNSET. */
#define DAY_UNSET INT32_MIN

struct watch_run_options {
    const char *source; /* the file's name, for the page */
    int32_t today;      /* what is dated later is not believed */
    int32_t from,
        to; /* alerts raised on these days; to: as of. Unset: the last twelve weeks
                           up to the last day received */
    int32_t calibrate_until; /* unset: from */
    double alarms_per_year;
    uint64_t seed;
    unsigned threads;
    size_t rejected_count;
    size_t received_assumed;         /* seizures whose day received could not be */
    const struct calibration *given; /* use this one; NULL: calibrate */
};

/* Marks bulk uploads in the table. A table without rows gives a result without alerts. *used (or
 * NULL) becomes the calibration that set the threshold, to be released. */
void watch_run(struct watch_result *result, struct calibration *used,
               struct watch_table *table, const struct watch_run_options *options);
/* The calibration alone. */
void watch_calibrate(struct calibration *out, struct watch_table *table,
                     const struct watch_run_options *options);
/* Seizures received before the day: how much a calibration rests on. */
size_t watch_received_before(const struct watch_table *table, int32_t day);

#endif
