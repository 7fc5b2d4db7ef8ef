/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/day_order.h: which number of a column's dates is the month, when the column itself shows it.
 *
 * "01/02/2021" is read by nobody without being told the order. But a column in which some dates have a
 * number over 12 in one place, and none has one in the other, has its month there. That is never acted
 * upon: a person is told what was seen and what to write, and says it.
 *
 * Columns are known by the name they have in sentences. Bounded: of more than DAY_ORDER_COLUMNS columns the
 * first are looked at.
 */
#ifndef FORMATS_DAY_ORDER_H
#define FORMATS_DAY_ORDER_H

#include "base/bytes.h"
#include "base/status.h"

#include <stdbool.h>

enum { DAY_ORDER_COLUMNS = 8, DAY_ORDER_NAME = 48, DAY_ORDER_DATE = 12 };

/* All-zero is valid: nothing was seen. */
struct day_order {
    struct day_order_column {
        char name[DAY_ORDER_NAME];
        uint64_t dates;               /* two numbers and a year of four digits */
        uint64_t over[2];             /* of them, the first, the second number is over 12 */
        uint64_t others;              /* written in another way */
        char example[DAY_ORDER_DATE]; /* with a number over 12 */
        uint8_t divider;
        bool divided_otherwise;
    } columns[DAY_ORDER_COLUMNS];
    size_t count;
};

/* A date for which no format was given, as it stands in the file. */
void day_order_note(struct day_order *order, const char *name, struct bytes text);
/* The first column that shows it: what was seen, and what to write. false: none does. mapped: the columns
 * are named by a mapping file, where a format can stand. */
bool day_order_tell(struct err *out, const struct day_order *order, bool mapped);

#endif
