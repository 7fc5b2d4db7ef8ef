/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/watch_node.h: the watch at a node: what it reads, and what it keeps. For the commands and for
 * the daily run of the daemon (cli/watch_daily.h).
 *
 * Reading all seizures, alerts and calibrations is one act; each alert and each calibration kept is
 * one. All are of whoever sits at the desk, in a role that may.
 */
#ifndef CLI_WATCH_NODE_H
#define CLI_WATCH_NODE_H

#include "cli/desk.h"
#include "watch/run.h"

enum {
    WATCH_DAYS = COUNTS_WEEKS * 7, /* that a run looks at */
    WATCH_MADE_MAX = 32,           /* calibrations that may still be used */
};

/* A calibration that is kept, and what it is good for. */
struct kept_calibration {
    char id[ID_TEXT];
    struct calibration calibration; /* without scores */
    int32_t until;
    size_t seizures;
    int64_t entered_s;
};

struct watch_node {
    struct desk *desk;
    struct watch_table table;
    struct bytes *seizures; /* of alerts kept */
    size_t seizure_count, seizure_capacity;
    unsigned alerts, real, artefact;
    struct kept_calibration *calibrations; /* in the order they were kept */
    size_t calibration_count, calibration_capacity;
    char made_here[WATCH_MADE_MAX * ID_TEXT +
                   1]; /* their ids, a line each, the last at the end */
};

/* The desk must stay. Other nodes are answered meanwhile when the desk is a daemon's. */
MUST_USE enum status watch_node_read(struct watch_node *node, struct desk *desk,
                                     struct err *err);
void watch_node_release(struct watch_node *node);

/* Calibrations made here stand in a state of the store, which no import can write: a record that came
 * in a file must not silence the watch.
 *
 * The last of them that was kept for these alarms a year and this seed, ends before the days looked at
 * begin, is no older than a quarter of a year, and rests on about as many seizures as there are
 * now; NULL: there is none, or it is outdated. */
const struct kept_calibration *
watch_node_calibration(const struct watch_node *node,
                       const struct watch_run_options *options);
const struct kept_calibration *watch_node_calibration_by_id(const struct watch_node *node,
                                                            const char *id);

MUST_USE enum status watch_node_keep_calibration(char id[ID_TEXT], struct watch_node *node,
                                                 const struct calibration *calibration,
                                                 int32_t until, struct err *err);

/* What an alert is computed again from: "seed 1 from DATE to DATE until DATE alarms 1 by ID". */
const char *watch_settings_text(struct arena *arena,
                                const struct watch_run_options *options,
                                const char *calibration);
/* false: not understood. calibration: "" when none is named. */
bool watch_settings_parse(struct watch_run_options *options, char calibration[ID_TEXT],
                          const char *text);

typedef void watch_node_told(void *context, const char *id,
                             const struct watch_alert *alert);
/* Of a result the alerts that are new; *added counts them. */
MUST_USE enum status watch_node_keep_alerts(unsigned *added, struct watch_node *node,
                                            const struct watch_result *result,
                                            const char *settings, watch_node_told *told,
                                            struct err *err);

#endif
