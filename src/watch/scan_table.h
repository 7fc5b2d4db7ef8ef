/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/scan_table.h: the seizures of a table as places and cases.
 *
 * A seizure (its first row; watch/table.h) is one case. Where it lies says watch/locate: at its
 * coordinates, at the place that it names, else in the middle of its country. One whose place and
 * country are on no map is left out and counted: fiction, mostly, and federations of states.
 */
#ifndef WATCH_SCAN_TABLE_H
#define WATCH_SCAN_TABLE_H

#include "watch/scan_files.h"
#include "watch/table.h"

struct scan_placing {
    size_t exact, by_name, by_country, nowhere; /* seizures */
};

/* The table is settled. What was received by the day; INT32_MAX: everything. The names borrow from the table. */
MUST_USE enum status scan_files_from_table(struct scan_files *files,
                                           struct scan_placing *placing,
                                           const struct watch_table *table, int32_t as_of,
                                           struct err *err);

#endif
