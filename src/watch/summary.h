/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/summary.h: what stands around the alerts: months, flows, and what was not looked at.
 */
#ifndef WATCH_SUMMARY_H
#define WATCH_SUMMARY_H

#include "watch/alert.h"
#include "watch/calibrate.h"

struct summary_options {
    size_t received_assumed; /* seizures whose day received could not be */
    size_t ancient;          /* rows that were too old */
    unsigned size_max;
    const struct spots *spots;
    const struct calibration *calibration;
};

/* Fills in the rest of a result that has its notices and alerts, from rows received by as_of. */
void summarise(struct watch_result *result, const struct watch_table *table,
               const struct summary_options *options);

#endif
