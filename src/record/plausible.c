/* SPDX-License-Identifier: Apache-2.0 */
#include "record/plausible.h"

#include "record/date.h"

#include <math.h>
#include <stdlib.h>

static const struct range {
    const char *property;
    double least, most;
    const char *words;
} ranges[] = {
    {"quantity", 0, INFINITY, "an amount is not below zero"},
    {"grossKg", 0, INFINITY, "a weight is not below zero"},
    {"netKg", 0, INFINITY, "a weight is not below zero"},
    {"tareKg", 0, INFINITY, "a weight is not below zero"},
    {"grossWeight", 0, INFINITY, "a weight is not below zero"},
    {"netWeight", 0, INFINITY, "a weight is not below zero"},
    {"packages", 0, INFINITY, "a count is not below zero"},
    {"pieces", 0, INFINITY, "a count is not below zero"},
    {"prisonMonths", 0, INFINITY, "a count is not below zero"},
    {"purity", 0, 100, "a purity is 0 to 100 %"},
    {"latitude", -90, 90, "a latitude is -90 to 90 degrees"},
    {"longitude", -180, 180, "a longitude is -180 to 180 degrees"},
};

/* Each pair: the first is part of the second. */
static const char *const parts[][2] = {{"netKg", "grossKg"}, {"netWeight", "grossWeight"}};

static double number_of(struct bytes clean)
{
    enum { DIGITS_MAX = 64 };
    char text[DIGITS_MAX];
    if (clean.len == 0 || clean.len >= sizeof text)
        return NAN;
    memcpy(text, clean.at, clean.len);
    text[clean.len] = '\0';
    return strtod(text, NULL);
}

static enum status check_range(const struct record_value *value, struct err *err)
{
    double number = number_of(value->clean);
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (strcmp(ranges[i].property, value->name) == 0 &&
            (number < ranges[i].least || number > ranges[i].most))
            return fail(err, BAD_INPUT, "%s=%.*s: %s", value->name, (int)value->raw.len,
                        (const char *)value->raw.at, ranges[i].words);
    return OK;
}

/* A day more, for somebody east of Greenwich. */
static enum status check_day(const struct record_value *value, const char *today,
                             struct err *err)
{
    struct date now, day;
    bool happened =
        strcmp(value->name, "date") == 0 || strcmp(value->name, "receivedDate") == 0;
    if (!happened || date_parse(&now, bytes_text(today), NULL, NULL) != OK ||
        date_parse(&day, value->clean, NULL, NULL) != OK || day.precision < DATE_DAY ||
        date_day_number(&day) <= date_day_number(&now) + 1)
        return OK;
    return fail(err, BAD_INPUT, "%s=%.*s: the day lies in the future; today is %s",
                value->name, (int)value->raw.len, (const char *)value->raw.at, today);
}

enum status plausible_check(const struct record *record, size_t from, const char *today,
                            struct err *err)
{
    enum status status = OK;
    bool seized = strcmp(record->schema->name, "Seizure") == 0;
    for (size_t i = from; i < record->count && status == OK; i++) {
        const struct record_value *value = &record->values[i];
        if (!value_usable(value->grade))
            continue;
        status = check_range(value, err);
        if (status == OK && seized)
            status = check_day(value, today, err);
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && status == OK; i++) {
        double part = number_of(record_first(record, parts[i][0])),
               whole = number_of(record_first(record, parts[i][1]));
        if (from < record->count && part > whole)
            status = fail(err, BAD_INPUT, "%s is %g and %s is %g: net is part of gross",
                          parts[i][0], part, parts[i][1], whole);
    }
    return status;
}
