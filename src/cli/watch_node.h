/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/watch_node.h: the watch at a node: what it reads, and what it keeps. For the commands and for
 * the daily run of the daemon (cli/watch_daily.h).
 *
 * Reading all seizures, alerts and calibrations is one act; each alert and each calibration kept is
 * one. All are of whoever sits at the desk, in a role that may.
 *
 * For no case the **whole** node is watched, the seizures of all cases too: the door gives of each
 * what can be counted and no more (VERB_WATCH_READ). What is kept then is the agency's own, and
 * everybody there may read it: an alert names the seizures of no case by their ids, counts the
 * others, and bears the handling codes of all. Who computes it again sees the ids that they may
 * see. A word that only one case has is not shown. For a case its members watch what lies in it, and what is kept is of the case.
 */
#ifndef CLI_WATCH_NODE_H
#define CLI_WATCH_NODE_H

#include "cli/desk.h"
#include "cli/watch_answer.h"
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

/* What stands around a seizure, for who is told of it. */
struct watch_around {
    uint8_t id[ENTRY_ID], case_id[ENTRY_ID]; /* case_id all zero: of no case */
    uint8_t handling;
    bool theirs; /* of no case, or of one that who sits at the desk belongs to */
};

struct watch_node {
    struct desk *desk;
    struct watch_table table;
    bool whole;                  /* all seizures of the node, not those of a case alone */
    struct watch_around *around; /* by id */
    size_t around_count, around_capacity;
    size_t received_assumed; /* as in watch/run.h */
    size_t withheld;         /* seizures that the door kept back */
    size_t elsewhere;        /* seizures in cases of others */
    uint64_t *marks;         /* of the seizures of alerts kept */
    size_t mark_count, mark_capacity;
    unsigned alerts, real, artefact;
    struct kept_calibration *calibrations; /* in the order they were kept */
    size_t calibration_count, calibration_capacity;
    char made_here[WATCH_MADE_MAX * ID_TEXT +
                   1]; /* their ids, a line each, the last at the end */
};

/* The desk must stay. Other nodes are answered meanwhile when the desk is a daemon's. Not whole: of
 * the case that the desk is for, or of no case. */
MUST_USE enum status watch_node_read(struct watch_node *node, struct desk *desk, bool whole,
                                     struct err *err);
/* A run for no case is of the whole node. */
bool watch_node_is_whole(const struct desk *desk);
/* Which of the seizures of an answer may be named to who sits at the desk. */
struct watch_sight watch_node_sight(const struct watch_node *node);
void watch_node_release(struct watch_node *node);
/* What stands around the seizure of an id; NULL: it was not read. */
const struct watch_around *watch_node_around(const struct watch_node *node, const char *id);
/* Of a node watched as a whole: a word that one case alone has is counted, and not shown, to
 * nobody: everybody shall compute the same. One that a seizure of no case has, or two cases, is. Our
 * codes of commodities and the names of agencies are nobody's words. */
void watch_node_hide_words(struct watch_node *node);

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

/* What an alert is computed again from: "seed 1 from DATE to DATE until DATE alarms 1 by ID", and
 * " over node" behind it when that was watched as a whole. */
const char *watch_settings_text(const struct watch_node *node,
                                const struct watch_run_options *options,
                                const char *calibration);
/* false: not understood. calibration: "" when none is named. */
bool watch_settings_parse(struct watch_run_options *options, bool *whole,
                          char calibration[ID_TEXT], const char *text);

typedef void watch_node_told(void *context, const char *id,
                             const struct watch_alert *alert);
/* Of a result the alerts that are new; *added counts them. */
MUST_USE enum status watch_node_keep_alerts(unsigned *added, struct watch_node *node,
                                            const struct watch_result *result,
                                            const char *settings, watch_node_told *told,
                                            struct err *err);

#endif
