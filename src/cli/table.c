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

/* "+999 55-01" is a number; "-2+3+cmd|' /C calc'!A0" is not. */
static bool is_formula(struct bytes text)
{
    if (text.len == 0 || strchr("=@+-\t\r", text.at[0]) == NULL)
        return false;
    for (size_t i = 1; i < text.len; i++)
        if (strchr("0123456789 .-", text.at[i]) == NULL)
            return true;
    return strchr("+-", text.at[0]) == NULL;
}

/* All values of one row and column, one behind the other. */
static struct bytes cell_text(const struct table *table, const struct bytes *values,
                              const uint32_t *places, size_t count, uint32_t place,
                              struct arena *arena)
{
    size_t len = 0, kept = 0;
    for (size_t i = 0; i < count; i++)
        if (places[i] == place)
            len += values[i].len + 2;
    if (len == 0)
        return (struct bytes){0};
    char *text = arena_alloc(arena, len + 1);
    for (size_t i = 0; i < count; i++) {
        if (places[i] != place)
            continue;
        if (kept > 0) {
            memcpy(text + kept, "; ", 2);
            kept += 2;
        } else if (!table->plain && is_formula(values[i])) {
            text[kept++] = '\'';
        }
        if (values[i].len > 0)
            memcpy(text + kept, values[i].at, values[i].len);
        kept += values[i].len;
    }
    return bytes_of(text, kept);
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
        uint32_t count = cursor_be32(&cells);
        struct bytes *values = arena_alloc(&arena, (count + 1) * sizeof *values);
        uint32_t *places = arena_alloc(&arena, (count + 1) * sizeof *places);
        for (uint32_t i = 0; i < count; i++) {
            places[i] = cursor_be32(&cells);
            values[i] = cursor_take(&cells, cursor_be32(&cells));
        }
        for (uint32_t place = 0; place < table->column_count; place++)
            fields[place] = cell_text(table, values, places, count, place, &arena);
        write(context, fields, table->column_count);
    }
    arena_release(&arena);
    free(fields);
    return OK;
}
