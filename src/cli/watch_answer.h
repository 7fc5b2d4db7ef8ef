/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/watch_answer.h: what the watch found, as JSON lines or in words, and its options.
 */
#ifndef CLI_WATCH_ANSWER_H
#define CLI_WATCH_ANSWER_H

#include "cli/command.h"
#include "watch/alert.h"
#include "watch/load.h"

/* Which rows may be named to whom it is told; the others are counted. NULL everywhere for a file's. */
struct watch_sight {
    bool (*may_name)(const void *context, const char *id);
    const void *context;
};

/* Notices and alerts by day on standard output; on standard error what they rest on. */
void watch_answer(const struct watch_result *result, bool json,
                  const struct watch_sight *sight);
/* On standard error: what is wrong with the rows of a file that are not watched. Quiet when all are. */
void watch_tell_unread(const char *path, const struct load_counts *counts);
/* One alert as a JSON line. */
void watch_answer_alert(const struct watch_alert *alert, const struct watch_sight *sight);

/* --NAME DATE; untouched when not given. These say what is wrong and give EXIT_USAGE. */
MUST_USE int watch_option_day(int32_t *out, const struct arguments *arguments,
                              const char *name);
MUST_USE int watch_option_alarms(double *out, const struct arguments *arguments);
MUST_USE int watch_option_seed(uint64_t *out, const struct arguments *arguments);

#endif
