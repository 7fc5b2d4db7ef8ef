/* SPDX-License-Identifier: Apache-2.0
 *
 * base/log.h: one event, one line on standard error.
 *
 *     warn import-rejected file=12 rows=3
 *
 * Only src/serve and src/cli call this; all other code returns a struct err. Ids and counts,
 * never personal data, never keys. A value with a space or a quote is quoted.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level least);
/* Pairs of text, key then value, ended by NULL: log_event(LOG_WARN, "disk", "free", "3", NULL). */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));

#endif
