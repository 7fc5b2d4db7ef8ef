/* SPDX-License-Identifier: Apache-2.0 */
#include "match/circle.h"

#include "base/text.h"

enum status circle_parse(struct circle *circle, struct bytes name, struct err *err)
{
    if (name.len < 1 || name.len > CIRCLE_MAX)
        return fail(err, BAD_INPUT, "the name of a circle has 1 to %d characters, not %zu",
                    CIRCLE_MAX, name.len);
    for (size_t i = 0; i < name.len; i++)
        if (!is_lower(name.at[i]) && !is_digit(name.at[i]) && name.at[i] != '-')
            return fail(err, BAD_INPUT,
                        "the name of a circle is written with the letters a to "
                        "z, digits and hyphens only");
    *circle = (struct circle){{0}};
    memcpy(circle->name, name.at, name.len);
    return OK;
}

void circle_read(struct circle *circle, struct cursor *cursor)
{
    *circle = (struct circle){{0}};
    struct bytes field = cursor_take(cursor, CIRCLE_FIELD);
    if (cursor->failed)
        return;
    size_t len = strnlen((const char *)field.at, CIRCLE_FIELD);
    if (circle_parse(circle, bytes_of(field.at, len), NULL) != OK ||
        memcmp(circle->name, field.at, CIRCLE_FIELD) != 0)
        cursor->failed = true;
}

void circle_add(struct buf *out, const struct circle *circle)
{
    buf_add(out, bytes_of(circle->name, CIRCLE_FIELD));
}

bool circle_equal(const struct circle *a, const struct circle *b)
{
    return memcmp(a->name, b->name, CIRCLE_FIELD) == 0;
}
