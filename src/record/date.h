/* SPDX-License-Identifier: Apache-2.0
 *
 * record/date.h: a day, month or year, or a moment, known as exactly as somebody wrote it.
 *
 * "1984" is a whole year, not 1 January: a date carries its precision and never gains any.
 * Days are of the proleptic Gregorian calendar; years run from 1000 to 2999. A time of day
 * has the zone that was written, or none.
 *
 * Invariants of a struct date that came from here: what lies below its precision is 0; the
 * day exists; has_zone only with a time of day.
 */
#ifndef RECORD_DATE_H
#define RECORD_DATE_H

#include "base/bytes.h"

enum date_precision {
    DATE_YEAR,
    DATE_MONTH,
    DATE_DAY,
    DATE_HOUR,
    DATE_MINUTE,
    DATE_SECOND
};

enum { DATE_YEAR_MIN = 1000, DATE_YEAR_MAX = 2999, DATE_TEXT_SIZE = 32 };

struct date {
    int year, month, day, hour, minute, second;
    bool has_zone;
    int zone_minutes; /* east of UTC */
    enum date_precision precision;
};

/* Read the whole text. Without a format (NULL): ISO 8601 from YYYY to a time with zone,
 * YYYYMMDD, YYYY/MM/DD, and dates with the month in words (3 Feb 2026, Feb 3, 2026;
 * English, Spanish, French, Portuguese); 03/04/2026 is refused, since nobody can know which
 * is the month. With one: %Y %m %d %b %B %H %M %S %z and %%, b and B being any month in
 * words, white space being any. Day 00, or day and month 00, mean that these are not known.
 * NOT_FOUND for what databases write for no date: 0000-00-00 and 9999-12-31. */
MUST_USE enum status date_parse(struct date *out, struct bytes text, const char *format,
                                struct err *err);
/* What a day that does not exist still tells: "1955-11" of the 92nd of November, "1955--02" of a
 * second of the 13th month. False when more of it cannot be, when it does exist, or when the
 * text is no date at all. Whether the rest is right nobody knows: for comparing alone. */
bool date_rest(char out[DATE_TEXT_SIZE], struct bytes text, const char *format);
/* A format as date_parse takes it, for a mapping file: refused with the reason otherwise.
 */
MUST_USE enum status date_check_format(const char *format, struct err *err);
/* The day exists and the time does; BAD_INPUT with the reason. Takes month and day 0 for
 * unknown and lowers the precision. */
MUST_USE enum status date_settle(struct date *date, struct err *err);

/* ISO 8601 as far as the precision goes: 1984-03, 2026-02-03T05:40:00-05:00; UTC is Z.
 * Returns the length. */
size_t date_print(char out[DATE_TEXT_SIZE], const struct date *date);

int date_days_in_month(int year, int month);
/* Days since 1970-01-01 of the date's first day. */
int32_t date_day_number(const struct date *date);
/* The day, of precision DATE_DAY; asserts that it lies in the years above. */
struct date date_from_day_number(int32_t day_number);
/* By the moment each begins (no zone counts as UTC), then the coarser first. */
int date_compare(const struct date *a, const struct date *b);
/* The same moment so many days later (earlier: negative); date must have a day. */
struct date date_add_days(struct date date, int days);
/* The same day so many years later; 29 February becomes the 28th where there is none. */
struct date date_add_years(struct date date, int years);
/* Whole years lived for certain on a day: a birth known by its year counts as its last day.
 * Below 0 when not yet born. */
int date_age_on(const struct date *birth, const struct date *day);

#endif
