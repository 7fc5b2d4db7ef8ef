/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/table.h: a CSV whose columns are known only when its last row is.
 *
 * Cells are added row by row, under column names in any order; several of one row and column stand
 * in one field, with "; " between them. A cell that a spreadsheet would take for a formula (it begins with
 * = or @, or with + or - and is no number) gets an apostrophe in front. Then it is written: the header, and every row.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "base/memory.h"

enum { TABLE_COLUMNS_MAX = 2048, TABLE_BYTES_MAX = 1024 * 1024 * 1024 };

/* All-zero is valid and empty. cells: for each row the number of its cells, then cells of column 4,
 * length 4, text. */
struct table {
    const char *columns[TABLE_COLUMNS_MAX];
    size_t column_count;
    struct buf cells;
    size_t row_at; /* where the count of the last row stands */
    uint64_t rows;
    bool plain; /* no apostrophes: what is written has texts and formulas apart */
    bool full;
    struct arena names;
};

void table_release(struct table *table);
void table_begin_row(struct table *table);
void table_add(struct table *table, const char *column, struct bytes text);
/* Hands each row to `write`, the header first. TOO_LARGE: the table was full before its end, and
 * nothing is written. */
typedef void table_write_row(void *context, const struct bytes *fields, size_t count);
MUST_USE enum status table_write(struct table *table, table_write_row *write, void *context,
                                 struct err *err);

#endif
