/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ids_write.h"

#include "formats/csv_write.h"
#include "record/date.h"

#include <assert.h>

enum status ids_layout_find(const struct ids_layout **out, struct bytes name,
                            struct err *err)
{
    struct buf names = {.max = ERR_TEXT_MAX};
    enum status status = NOT_FOUND;
    for (size_t i = 0; ids_layout(i) != NULL && status != OK; i++) {
        buf_addf(&names, "%s%s", i > 0 ? ", " : "", ids_layout(i)->name);
        if (bytes_is(name, ids_layout(i)->name)) {
            *out = ids_layout(i);
            status = OK;
        }
    }
    if (status != OK)
        fail(err, status, "there is no layout \"%.*s\"; the layouts are %s",
             (int)(name.len < 60 ? name.len : 60), (const char *)name.at, buf_text(&names));
    buf_release(&names);
    return status;
}

static bool is_written(const struct ids_column *column, bool optional)
{
    return column->header != NULL && column->role != IDS_ADDITION &&
           (optional || column->role != IDS_OPTIONAL);
}

bool ids_write_needs_optional(const struct ids_layout *layout, const struct record *record)
{
    for (const struct ids_column *c = layout->columns; c->header != NULL; c++)
        for (size_t i = 0; i < record->count && c->role == IDS_OPTIONAL; i++)
            if (strcmp(record->values[i].name, c->property) == 0)
                return true;
    return false;
}

bool ids_write_refuses(const struct record *record)
{
    struct date day;
    struct bytes amount = record_first(record, "quantity");
    return date_parse(&day, record_first(record, "date"), NULL, NULL) != OK ||
           day.precision < DATE_DAY || (amount.len > 0 && amount.at[0] == '-');
}

void ids_write_header(struct buf *out, const struct ids_layout *layout, bool optional)
{
    struct bytes fields[IDS_COLUMNS_MAX];
    size_t count = 0;
    for (; is_written(&layout->columns[count], optional); count++)
        fields[count] = bytes_text(layout->columns[count].header);
    csv_write_row(out, fields, count, layout->delimiter);
}

/* The column that a property belongs into, or -1. *also: as the second one of its column, which has
 * no place of its own. */
static int column_of(bool *also, const struct ids_layout *layout, bool optional,
                     const char *property)
{
    *also = false;
    for (int i = 0; is_written(&layout->columns[i], optional); i++) {
        const struct ids_column *column = &layout->columns[i];
        if (strcmp(column->property, property) == 0)
            return i;
        if (column->also != NULL && strcmp(column->also, property) == 0) {
            *also = true;
            return i;
        }
    }
    return -1;
}

size_t ids_write_row(struct buf *out, const struct ids_layout *layout, bool optional,
                     const struct record *record)
{
    struct bytes fields[IDS_COLUMNS_MAX] = {{0}};
    size_t count = 0, left = 0;
    bool also;
    assert(strcmp(record->schema->name, "Seizure") == 0);
    while (is_written(&layout->columns[count], optional))
        count++;
    for (size_t i = 0; i < record->count; i++) {
        int at = column_of(&also, layout, optional, record->values[i].name);
        if (also)
            continue;
        if (at >= 0 && fields[at].len == 0)
            fields[at] = record->values[i].raw;
        else
            /* The group of the substance is ours, and is made again when the row is read. */
            left += strcmp(record->values[i].name, "commodity") != 0;
    }
    for (size_t i = 0; i < record->count; i++) {
        int at = column_of(&also, layout, optional, record->values[i].name);
        left += also && !bytes_equal(fields[at], record->values[i].raw);
    }
    csv_write_row(out, fields, count, layout->delimiter);
    return left;
}
