/* SPDX-License-Identifier: Apache-2.0 */
#include "record/date.h"

#include <assert.h>
#include <stdio.h>

enum { MONTHS = 12, MINUTES_OF_DAY = 24 * 60, ZONE_MINUTES_MAX = 14 * 60 };

static const char *const month_names[MONTHS] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int date_days_in_month(int year, int month)
{
    static const int days[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    assert(month >= 1 && month <= MONTHS);
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static enum status settle_time(const struct date *date, struct err *err)
{
    if (date->hour > 23 || date->minute > 59 || date->second > 59)
        return fail(err, BAD_INPUT,
                    "there is no time %02d:%02d:%02d; hours go from 00 to 23, minutes and "
                    "seconds from 00 to 59",
                    date->hour, date->minute, date->second);
    if (date->zone_minutes > ZONE_MINUTES_MAX || date->zone_minutes < -ZONE_MINUTES_MAX)
        return fail(err, BAD_INPUT, "no time zone is more than 14 hours from UTC");
    return OK;
}

enum status date_settle(struct date *date, struct err *err)
{
    if ((date->year == 0 && date->month == 0 && date->day == 0) ||
        (date->year == 9999 && (date->month == 12 || date->precision == DATE_YEAR)))
        return fail(err, NOT_FOUND, "%04d stands for \"no date\"", date->year);
    if (date->year < DATE_YEAR_MIN || date->year > DATE_YEAR_MAX)
        return fail(err, BAD_INPUT, "year %04d is not between %d and %d", date->year,
                    DATE_YEAR_MIN, DATE_YEAR_MAX);
    if (date->precision >= DATE_MONTH && date->month == 0) {
        if (date->day != 0)
            return fail(err, BAD_INPUT, "a day without a month: month 00 with day %02d",
                        date->day);
        *date = (struct date){.year = date->year, .precision = DATE_YEAR};
        return OK;
    }
    if (date->precision >= DATE_MONTH && date->month > MONTHS)
        return fail(err, BAD_INPUT, "there is no month %02d; the order is year, month, day",
                    date->month);
    if (date->precision >= DATE_DAY && date->day == 0) {
        *date = (struct date){
            .year = date->year, .month = date->month, .precision = DATE_MONTH};
        return OK;
    }
    if (date->precision >= DATE_DAY &&
        date->day > date_days_in_month(date->year, date->month))
        return fail(err, BAD_INPUT, "there is no day %d in %s %d, which has %d days",
                    date->day, month_names[date->month - 1], date->year,
                    date_days_in_month(date->year, date->month));
    return settle_time(date, err);
}

size_t date_print(char out[DATE_TEXT_SIZE], const struct date *date)
{
    size_t len = (size_t)snprintf(out, DATE_TEXT_SIZE, "%04d", date->year);
    const struct {
        enum date_precision from;
        char before;
        int number;
    } parts[] = {{DATE_MONTH, '-', date->month},
                 {DATE_DAY, '-', date->day},
                 {DATE_HOUR, 'T', date->hour},
                 {DATE_MINUTE, ':', date->minute},
                 {DATE_SECOND, ':', date->second}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (date->precision >= parts[i].from)
            len += (size_t)snprintf(out + len, DATE_TEXT_SIZE - len, "%c%02d",
                                    parts[i].before, parts[i].number);
    if (!date->has_zone)
        return len;
    if (date->zone_minutes == 0)
        return len + (size_t)snprintf(out + len, DATE_TEXT_SIZE - len, "Z");
    int minutes = date->zone_minutes < 0 ? -date->zone_minutes : date->zone_minutes;
    return len + (size_t)snprintf(out + len, DATE_TEXT_SIZE - len, "%c%02d:%02d",
                                  date->zone_minutes < 0 ? '-' : '+', minutes / 60,
                                  minutes % 60);
}

/* Counted from 1 March of year 0, so that the leap day is the last of its year: 400 years
 * are 146,097 days, and (153 m + 2) / 5 days lie before the m-th month from March. 719,468
 * of them lie before 1970. Years are positive here, so that division cuts the right way. */
int32_t date_day_number(const struct date *date)
{
    int month = date->precision >= DATE_MONTH ? date->month : 1;
    int day = date->precision >= DATE_DAY ? date->day : 1;
    int year = month <= 2 ? date->year - 1 : date->year;
    int from_march = month <= 2 ? month + 9 : month - 3;
    return year * 365 + year / 4 - year / 100 + year / 400 + (153 * from_march + 2) / 5 +
           day - 1 - 719468;
}

struct date date_from_day_number(int32_t day_number)
{
    int32_t days = day_number + 719468;
    assert(days > 0);
    int era = days / 146097, of_era = days % 146097;
    int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * year + year / 4 - year / 100);
    int from_march = (5 * of_year + 2) / 153;
    struct date date = {.year = year + 400 * era + (from_march >= 10 ? 1 : 0),
                        .month = from_march >= 10 ? from_march - 9 : from_march + 3,
                        .day = of_year - (153 * from_march + 2) / 5 + 1,
                        .precision = DATE_DAY};
    assert(date.year >= DATE_YEAR_MIN && date.year <= DATE_YEAR_MAX);
    return date;
}

static int64_t begins_at(const struct date *date)
{
    int64_t minutes = (int64_t)date_day_number(date) * MINUTES_OF_DAY + date->hour * 60 +
                      date->minute - date->zone_minutes;
    return minutes * 60 + date->second;
}

int date_compare(const struct date *a, const struct date *b)
{
    int64_t a_begins = begins_at(a), b_begins = begins_at(b);
    if (a_begins != b_begins)
        return a_begins < b_begins ? -1 : 1;
    if (a->precision != b->precision)
        return a->precision < b->precision ? -1 : 1;
    return 0;
}

struct date date_add_days(struct date date, int days)
{
    assert(date.precision >= DATE_DAY);
    struct date moved = date_from_day_number(date_day_number(&date) + days);
    date.year = moved.year;
    date.month = moved.month;
    date.day = moved.day;
    return date;
}

struct date date_add_years(struct date date, int years)
{
    date.year += years;
    assert(date.year >= DATE_YEAR_MIN && date.year <= DATE_YEAR_MAX);
    if (date.precision >= DATE_DAY && date.month == 2 && date.day == 29 &&
        !is_leap(date.year))
        date.day = 28;
    return date;
}

int date_age_on(const struct date *birth, const struct date *day)
{
    int month = birth->precision >= DATE_MONTH ? birth->month : MONTHS;
    int of_month =
        birth->precision >= DATE_DAY ? birth->day : date_days_in_month(birth->year, month);
    int today_month = day->precision >= DATE_MONTH ? day->month : 1;
    int today = day->precision >= DATE_DAY ? day->day : 1;
    bool had_birthday = today_month > month || (today_month == month && today >= of_month);
    return day->year - birth->year - (had_birthday ? 0 : 1);
}
