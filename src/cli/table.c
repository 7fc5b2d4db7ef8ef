/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table.h"

#include <stdlib.h>

void table_release(struct table *table)
{
    buf_release(&table->cells);
    arena_release(&table->names);
    *table = (struct table){0};
}

void table_begin_row(struct table *table)
{
    table->cells.max = TABLE_BYTES_MAX;
    table->row_at = table->cells.len;
    table->rows++;
    buf_add_be32(&table->cells, 0);
}

/* The place of a column, made when it is new; TABLE_COLUMNS_MAX when there are too many. */
static size_t place_of(struct table *table, const char *column)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i], column) == 0)
            return i;
    if (table->column_count == TABLE_COLUMNS_MAX)
        return TABLE_COLUMNS_MAX;
    table->columns[table->column_count] = arena_text(&table->names, bytes_text(column));
    return table->column_count++;
}

void table_add(struct table *table, const char *column, struct bytes text)
{
    size_t place = place_of(table, column);
    buf_add_be32(&table->cells, (uint32_t)place);
    buf_add_be32(&table->cells, (uint32_t)text.len);
    buf_add(&table->cells, text);
    if (place == TABLE_COLUMNS_MAX || table->cells.overflowed) {
        table->full = true;
        return;
    }
    uint8_t *count = table->cells.at + table->row_at;
    store_be32(count, load_be32(count) + 1);
}

static void add_value(struct bytes *field, struct bytes text, struct arena *arena)
{
    *field = field->len == 0
                 ? text
                 : bytes_text(arena_printf(arena, "%.*s; %.*s", (int)field->len,
                                           (const char *)field->at, (int)text.len,
                                           (const char *)text.at));
}

enum status table_write(struct table *table, table_write_row *write, void *context,
                        struct err *err)
{
    if (table->full)
        return fail(err, TOO_LARGE,
                    "this is too much for one table; take it out case by case, or as "
                    "FollowTheMoney");
    struct cursor cells = {.rest = buf_bytes(&table->cells)};
    struct bytes *fields = xcalloc(table->column_count + 1, sizeof *fields);
    struct arena arena = {0};
    for (size_t i = 0; i < table->column_count; i++)
        fields[i] = bytes_text(table->columns[i]);
    write(context, fields, table->column_count);
    for (uint64_t row = 0; row < table->rows; row++) {
        arena_reset(&arena);
        memset(fields, 0, table->column_count * sizeof *fields);
        for (uint32_t count = cursor_be32(&cells); count > 0; count--) {
            uint32_t place = cursor_be32(&cells), len = cursor_be32(&cells);
            add_value(&fields[place], cursor_take(&cells, len), &arena);
        }
        write(context, fields, table->column_count);
    }
    arena_release(&arena);
    free(fields);
    return OK;
}
