/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/day_order.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { MONTHS = 12 };

static struct day_order_column *column_of(struct day_order *order, const char *name)
{
    for (size_t i = 0; i < order->count; i++)
        if (strncmp(order->columns[i].name, name, DAY_ORDER_NAME - 1) == 0)
            return &order->columns[i];
    if (order->count == DAY_ORDER_COLUMNS)
        return NULL;
    struct day_order_column *column = &order->columns[order->count++];
    snprintf(column->name, sizeof column->name, "%s", name);
    return column;
}

/* One or two digits at *at, which moves behind them. */
static bool take_number(int *out, size_t *at, struct bytes text)
{
    size_t begin = *at;
    *out = 0;
    for (; *at < text.len && *at < begin + 2 && is_digit(text.at[*at]); ++*at)
        *out = *out * 10 + (text.at[*at] - '0');
    return *at > begin;
}

/* 31/12/2021, and nothing behind it. */
static bool read_numbers(int number[2], uint8_t *divider, struct bytes text)
{
    size_t at = 0;
    if (text.len >= DAY_ORDER_DATE || !take_number(&number[0], &at, text) || at == text.len)
        return false;
    *divider = text.at[at++];
    if ((*divider != '/' && *divider != '-' && *divider != '.') ||
        !take_number(&number[1], &at, text) || at == text.len || text.at[at++] != *divider)
        return false;
    for (size_t i = at; i < text.len; i++)
        if (!is_digit(text.at[i]))
            return false;
    return text.len == at + 4;
}

void day_order_note(struct day_order *order, const char *name, struct bytes text)
{
    int number[2];
    uint8_t divider;
    text = text_trim(text);
    struct day_order_column *column = text.len > 0 ? column_of(order, name) : NULL;
    if (column == NULL)
        return;
    if (!read_numbers(number, &divider, text)) {
        column->others++;
        return;
    }
    if (column->dates++ == 0)
        column->divider = divider;
    column->divided_otherwise |= divider != column->divider;
    for (int i = 0; i < 2; i++)
        column->over[i] += number[i] > MONTHS;
    if ((number[0] > MONTHS || number[1] > MONTHS) && column->example[0] == '\0')
        snprintf(column->example, sizeof column->example, "%.*s", (int)text.len,
                 (const char *)text.at);
}

static bool shows_order(const struct day_order_column *column)
{
    return (column->over[0] > 0) != (column->over[1] > 0) && !column->divided_otherwise;
}

static void tell_column(struct err *out, const struct day_order_column *column, bool mapped)
{
    char format[16], others[96] = "";
    bool day_first = column->over[0] > 0;
    snprintf(format, sizeof format, day_first ? "%%d%c%%m%c%%Y" : "%%m%c%%d%c%%Y",
             column->divider, column->divider);
    uint64_t over = column->over[day_first ? 0 : 1];
    if (column->others > 0)
        snprintf(others, sizeof others,
                 "; %llu %s written otherwise and would not be read so",
                 (unsigned long long)column->others,
                 plural(column->others, "other is", "others are"));
    fail(out, BAD_INPUT,
         "%s: the %s number is over 12 in %llu of %llu %s, as in %s, and the %s in none: "
         "the "
         "%s is the month. If that is so, write %s behind the column in %s%s",
         column->name, day_first ? "first" : "second", (unsigned long long)over,
         (unsigned long long)column->dates, plural(column->dates, "date", "dates"),
         column->example, day_first ? "second" : "first", day_first ? "second" : "first",
         format, mapped ? "the mapping file" : "a mapping file, and read with --format csv",
         others);
}

bool day_order_tell(struct err *out, const struct day_order *order, bool mapped)
{
    for (size_t i = 0; i < order->count; i++)
        if (shows_order(&order->columns[i])) {
            tell_column(out, &order->columns[i], mapped);
            return true;
        }
    return false;
}
