/* SPDX-License-Identifier: Apache-2.0 */
#include "record/date.h"
#include "record/value_rows.h"
#include "record/value_tools.h"
#include "record/verdict.h"

static void date_clean(struct value_result *out, struct bytes raw,
                       const struct value_hint *hint, struct arena *arena)
{
    struct date date;
    struct err err = {.text = ""};
    const char *format = hint != NULL ? hint->format : NULL;
    enum status status = date_parse(&date, raw, format, &err);
    if (status == OK) {
        char text[DATE_TEXT_SIZE];
        verdict_fine(out, arena_bytes(arena, bytes_of(text, date_print(text, &date))));
    } else if (status == NOT_FOUND) {
        value_missing(out, arena_text(arena, bytes_text(err.text)));
    } else {
        verdict_refuse(out, arena, "%s", err.text);
    }
}

/* Agreement as far as both are known: where one is a whole year, half; a part that differs is no
 * likeness at all. Two equal years are alike, but specificity says how little that means. */
static double date_likeness(struct bytes a, struct bytes b)
{
    struct date left, right;
    if (date_parse(&left, a, NULL, NULL) != OK || date_parse(&right, b, NULL, NULL) != OK)
        return 0;
    enum date_precision common =
        left.precision < right.precision ? left.precision : right.precision;
    if (left.year != right.year || (common >= DATE_MONTH && left.month != right.month) ||
        (common >= DATE_DAY && left.day != right.day))
        return 0;
    if (left.precision == right.precision || common >= DATE_DAY)
        return 1;
    return common == DATE_YEAR ? 0.5 : 0.75;
}

static double date_specificity(struct bytes clean)
{
    return value_dampen(5, 13, clean.len);
}

const struct value_type value_type_date = {
    .name = "date",
    .label = "date (ISO 8601)",
    .ftm = "date",
    .clean = date_clean,
    .compare = date_likeness,
    .specificity = date_specificity,
};
