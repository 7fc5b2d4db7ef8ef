/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/report.h: what the watch found, for people: one page, or a workbook.
 *
 * The page is one HTML file that asks nothing of any network: styles and pictures are in it, it has
 * no script, and its policy (Content-Security-Policy) forbids both to load anything and to run
 * anything. Every text of the data is escaped. The workbook has the same as tables: alerts, their
 * records, notices, months, flows, what was not looked at.
 */
#ifndef WATCH_REPORT_H
#define WATCH_REPORT_H

#include "watch/alert.h"

/* Written whole or not at all; a name that ends in .xlsx gives the workbook, any other the page. */
MUST_USE enum status report_write(const char *path, const struct watch_result *result,
                                  struct err *err);

/* The page alone. TOO_LARGE when it passes out's maximum. */
enum { REPORT_BYTES_MAX = 256 * 1024 * 1024 };
MUST_USE enum status report_page(struct buf *out, const struct watch_result *result,
                                 struct err *err);
MUST_USE enum status report_workbook(const char *path, const struct watch_result *result,
                                     struct err *err);

#endif
