/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/notice.h: changes of reporting, found first, so that they raise no alarm.
 *
 * A table tells what was seized, and how somebody writes it down. When an agency begins to
 * report small seizures, renames a category, leaves a column blank or sends half a year at
 * once, every counter jumps and nothing has happened. Such changes are looked for agency by
 * agency, quarter by quarter, each against the year before it; a notice is told on the last day
 * of the quarter or month that shows it, from what had been received by then.
 *
 * notice_explains asks the same questions about one finding: would the counters jump like this
 * if only the reporting had changed? It looks at nothing later than the finding's day, so that
 * a replay and a calibration may use it.
 */
#ifndef WATCH_NOTICE_H
#define WATCH_NOTICE_H

#include "watch/alert.h"
#include "watch/calibrate.h"

struct notice_list {
    struct watch_notice *items; /* by the day told */
    size_t count, capacity;
    struct form_change *changes; /* those that make what came before no measure */
    size_t change_count, change_capacity;
};

/* From rows received by as_of; what was received after today cannot have been. Marks rows of bulk uploads as quarantined. What a notice says is in
 * the arena; the list itself is released by its owner. */
void notices_find(struct notice_list *out, struct watch_table *table, int32_t as_of,
                  int32_t today, struct arena *arena);
void notices_release(struct notice_list *list);

/* Two names that are easily taken for each other, or one that was written longer; of countries also two
 * that stand side by side in their list, or have codes that differ in a letter. */
bool notice_names_alike(const char *a, const char *b);
bool notice_alike(enum facet facet, const char *a, const char *b);

/* What explains a finding: the change, the agency it is in, or NOTICE_EVERYBODY; and whose rows
 * its rows are, when they seem to be another's (0: nobody's). */
struct notice_reason {
    enum watch_notice_kind kind;
    uint32_t agency, owner;
    bool for_now; /* too few rows to be sure */
};
#define NOTICE_EVERYBODY UINT32_MAX

enum explained notice_explains(struct notice_reason *out, const struct raised *raised);

#endif
