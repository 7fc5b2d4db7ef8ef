/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/csv_write.h"

#include "base/text.h"

/* Also where blanks at an end would be trimmed by many a program, and where a first quotation mark
 * would be taken for the beginning of a quoted field. */
static bool wants_quotes(struct bytes text, uint8_t delimiter)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == delimiter || text.at[i] == '"' || text.at[i] == '\r' ||
            text.at[i] == '\n')
            return true;
    return text.len > 0 && (is_space(text.at[0]) || is_space(text.at[text.len - 1]));
}

static void write_field(struct buf *out, struct bytes text, uint8_t delimiter)
{
    if (!wants_quotes(text, delimiter)) {
        buf_add(out, text);
        return;
    }
    buf_add_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            buf_add_byte(out, '"');
        buf_add_byte(out, text.at[i]);
    }
    buf_add_byte(out, '"');
}

void csv_write_row(struct buf *out, const struct bytes *fields, size_t count,
                   uint8_t delimiter)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_byte(out, delimiter);
        write_field(out, fields[i], delimiter);
    }
    buf_add_text(out, "\r\n");
}
