/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/card.h: from a finding to an alert that a person can check in a minute.
 */
#ifndef WATCH_CARD_H
#define WATCH_CARD_H

#include "watch/alert.h"
#include "watch/calibrate.h"
#include "watch/rule.h"

struct card_options {
    const struct watch_table *table;
    const struct spots *spots;
    const struct calibration *calibration;
    struct arena *arena; /* of the result */
};

void card_make(struct watch_alert *alert, const struct raised *raised,
               const struct card_options *options);

/* "2012-03-01"; in the arena. */
const char *day_text(struct arena *arena, int32_t day);
/* A number as a sentence shows it: 0.04, 1.2, 37. */
const char *number_text(struct arena *arena, double number);
/* One value of one facet as a list. */
void card_facet(struct watch_facet *out, const struct watch_table *table, enum facet facet,
                uint32_t value, struct arena *arena);
/* A rule's, its values in the order of the alphabet; and as words: "destination A, B or C", behind a
 * comma when something stands there. */
void card_rule_facet(struct watch_facet *out, const struct watch_table *table,
                     const struct rule *rule, enum facet facet, struct arena *arena);
void card_add_facet(struct buf *text, const struct watch_facet *facet);

#endif
