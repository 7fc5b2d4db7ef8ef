/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/calibrate.h: which score is reached how often when nothing is new.
 *
 * One mechanism for all detectors together: the node's own history is cut into quarters of a
 * year (no shorter than the longest window), and within each agency the quarters of the same
 * season are dealt out again to the years at random. Season, bursts and batches survive;
 * whatever was new in one place of time stands somewhere else, among other neighbours. The
 * whole watch runs over such a history, with all years but one before the year judged, and the
 * highest score of each episode is kept.
 *
 *     year     1   2   3   4   5 | 1'  2'  3' ...      each judged on the n - 1 before it
 *     agency A 3.  1.  5.  2.  4.
 *     agency B 2.  5.  1.  4.  3.
 *
 * Rules and circles (watch/where) share the budget: a first round says how high either goes alone,
 * and circles are brought to the scale of the rules so that they get a fifth of it. So the noise
 * of one way of looking does not raise what the other takes by much.
 *
 * The threshold for N alarms a year is the score passed N times a year, raised by what its error
 * (the history is only so long) costs on average; above it the episodes a year fall off
 * exponentially, and the fitted tail gives "once in X years" for any score. Beyond three
 * times the history that is not said.
 *
 * With less than two years the cut is by quarters and the season does not survive; with less
 * than a year there is no calibration, and a fixed threshold that is meant to be high.
 */
#ifndef WATCH_CALIBRATE_H
#define WATCH_CALIBRATE_H

#include "watch/replay.h"

struct calibration {
    double threshold;           /* score */
    double rate_low, rate_high; /* 90 % interval of alarms a year at the threshold */
    double history_years;   /* real, that it rests on; 0: none, the threshold is fixed */
    int32_t horizon_days;   /* history to be kept by whoever uses the threshold */
    double alarms_per_year; /* asked for */
    double tail_from, tail_rate, tail_scale; /* episodes a year above, and the fall-off */
    double judged_years;                     /* of shuffled history */
    struct where_scale where_scale;
    double *scores; /* of all episodes, highest first */
    size_t score_count;
    uint64_t seed;
};

/* From this day on the agency reports in another form (watch/notice). */
struct form_change {
    uint32_t agency;
    int32_t day;
};

struct calibrate_options {
    const struct watch_table *table;
    const struct spots *spots; /* or NULL: no circles */
    int32_t until;             /* only rows received before this day */
    double alarms_per_year;
    uint64_t seed;
    const struct form_change
        *changes; /* quarters are dealt out between two of these only */
    size_t change_count;
    unsigned replicates; /* shuffled histories; 0: as many as are worth their time */
    unsigned threads;    /* 0: as many as there are processors */
    replay_explain *explain;
    void *context; /* of explain; read by several threads */
};

void calibrate(struct calibration *out, const struct calibrate_options *options);
void calibration_release(struct calibration *calibration);
/* Expected years between episodes that reach the score. */
double calibration_years(const struct calibration *calibration, double score);

#endif
