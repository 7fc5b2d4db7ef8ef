/* SPDX-License-Identifier: Apache-2.0
 *
 * How people and programs write dates. The text is read from front to back by small readers
 * that take what they know from *rest or leave it; date_settle then says whether the day
 * exists.
 */
#include "record/date.h"

#include "base/text.h"
#include "record/latin.h"

#include <stdio.h>

enum { WORD_MAX = 16, SHOWN_MAX = 40, MONTHS = 12, DAYS_MAX = 31 };

/* Months in English, Spanish, French and Portuguese, folded, with the usual short forms. */
static const struct {
    const char *word;
    int month;
} month_words[] = {
    {"jan", 1},        {"january", 1},   {"ene", 1},        {"enero", 1},
    {"janvier", 1},    {"janv", 1},      {"janeiro", 1},    {"feb", 2},
    {"february", 2},   {"febrero", 2},   {"fev", 2},        {"fevr", 2},
    {"fevrier", 2},    {"fevereiro", 2}, {"mar", 3},        {"march", 3},
    {"marzo", 3},      {"mars", 3},      {"marco", 3},      {"apr", 4},
    {"april", 4},      {"abr", 4},       {"abril", 4},      {"avr", 4},
    {"avril", 4},      {"may", 5},       {"mayo", 5},       {"mai", 5},
    {"maio", 5},       {"jun", 6},       {"june", 6},       {"junio", 6},
    {"juin", 6},       {"junho", 6},     {"jul", 7},        {"july", 7},
    {"julio", 7},      {"juil", 7},      {"juillet", 7},    {"julho", 7},
    {"aug", 8},        {"august", 8},    {"ago", 8},        {"agosto", 8},
    {"aou", 8},        {"aout", 8},      {"sep", 9},        {"sept", 9},
    {"september", 9},  {"set", 9},       {"septiembre", 9}, {"setiembre", 9},
    {"septembre", 9},  {"setembro", 9},  {"oct", 10},       {"october", 10},
    {"octubre", 10},   {"octobre", 10},  {"out", 10},       {"outubro", 10},
    {"nov", 11},       {"november", 11}, {"noviembre", 11}, {"novembre", 11},
    {"novembro", 11},  {"dec", 12},      {"december", 12},  {"dic", 12},
    {"diciembre", 12}, {"decembre", 12}, {"dez", 12},       {"dezembro", 12},
};

static void step(struct bytes *rest, size_t len)
{
    *rest = bytes_slice(*rest, len, rest->len - len);
}

static uint8_t front(struct bytes rest)
{
    return rest.len > 0 ? rest.at[0] : 0;
}

static bool front_is_one_of(struct bytes rest, const char *set)
{
    return front(rest) != 0 && strchr(set, front(rest)) != NULL;
}

static size_t digits_in_front(struct bytes rest)
{
    size_t count = 0;
    while (count < rest.len && is_digit(rest.at[count]))
        count++;
    return count;
}

/* Between least and most digits, not more than stand there. */
static bool take_number(int *out, struct bytes *rest, size_t least, size_t most)
{
    size_t count = digits_in_front(*rest);
    if (count > most)
        count = most;
    if (count < least)
        return false;
    *out = 0;
    for (size_t i = 0; i < count; i++)
        *out = *out * 10 + (rest->at[i] - '0');
    step(rest, count);
    return true;
}

static bool take_byte(struct bytes *rest, uint8_t byte)
{
    if (front(*rest) != byte)
        return false;
    step(rest, 1);
    return true;
}

static void skip_spaces(struct bytes *rest)
{
    while (is_space(front(*rest)))
        step(rest, 1);
}

/* A run of letters, folded; empty when there is none or it is longer than any word here. */
static size_t take_word(char word[WORD_MAX], struct bytes *rest)
{
    size_t len = 0;
    struct bytes left = *rest;
    uint32_t point;
    while (utf8_next(&point, &left)) {
        char folded[2];
        int count = latin_fold(folded, point);
        if (count == LATIN_OTHER || (count > 0 && is_digit((uint8_t)folded[0])))
            break;
        if (len + 2 >= WORD_MAX)
            return 0;
        memcpy(word + len, folded, (size_t)count);
        len += (size_t)count;
        *rest = left;
    }
    word[len] = '\0';
    return len;
}

static bool take_month_word(int *month, struct bytes *rest)
{
    char word[WORD_MAX];
    struct bytes left = *rest;
    if (take_word(word, &left) == 0)
        return false;
    for (size_t i = 0; i < sizeof month_words / sizeof *month_words; i++) {
        if (strcmp(word, month_words[i].word) == 0) {
            *month = month_words[i].month;
            *rest = left;
            take_byte(rest, '.'); /* "Feb." */
            return true;
        }
    }
    return false;
}

/* "Z", "UTC", "GMT", "+05", "-0500", "-05:00". */
static bool take_zone(struct date *date, struct bytes *rest)
{
    char word[WORD_MAX];
    struct bytes left = *rest;
    int hours, minutes = 0;
    bool west = front(left) == '-';
    if (take_byte(&left, '+') || take_byte(&left, '-')) {
        if (!take_number(&hours, &left, 2, 2))
            return false;
        bool colon = take_byte(&left, ':');
        if (!take_number(&minutes, &left, 2, 2) && colon)
            return false;
        if (minutes > 59)
            return false;
        date->zone_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
    } else if (take_word(word, &left) == 0 ||
               (strcmp(word, "z") != 0 && strcmp(word, "utc") != 0 &&
                strcmp(word, "gmt") != 0)) {
        return false;
    }
    date->has_zone = true;
    *rest = left;
    return true;
}

/* 05, 05:40, 05:40:00, 05:40:00.25 with or without a zone. Parts of a second are dropped.
 */
static bool take_time(struct date *date, struct bytes *rest)
{
    if (!take_number(&date->hour, rest, 2, 2))
        return false;
    date->precision = DATE_HOUR;
    if (take_byte(rest, ':')) {
        if (!take_number(&date->minute, rest, 2, 2))
            return false;
        date->precision = DATE_MINUTE;
        if (take_byte(rest, ':')) {
            if (!take_number(&date->second, rest, 2, 2))
                return false;
            date->precision = DATE_SECOND;
            if (front(*rest) == '.' || front(*rest) == ',') {
                step(rest, 1);
                size_t digits = digits_in_front(*rest);
                if (digits == 0)
                    return false;
                step(rest, digits);
            }
        }
    }
    skip_spaces(rest);
    return rest->len == 0 || take_zone(date, rest);
}

static bool take_rest(struct date *date, struct bytes *rest)
{
    if (rest->len == 0)
        return true;
    bool divided = take_byte(rest, 'T') || take_byte(rest, 't') || is_space(front(*rest));
    skip_spaces(rest);
    return divided && take_time(date, rest) && rest->len == 0;
}

/* Year first: 1984, 1984-03, 1984-03-12, 1984/03/12, 1984.03.12, 19840312, then the time.
 */
static bool read_year_first(struct date *date, struct bytes rest)
{
    size_t digits = digits_in_front(rest);
    if (digits != 4 && digits != 8)
        return false;
    take_number(&date->year, &rest, 4, 4);
    date->precision = DATE_YEAR;
    if (rest.len == 0)
        return true;
    if (digits == 8) {
        date->precision = DATE_DAY;
        return take_number(&date->month, &rest, 2, 2) &&
               take_number(&date->day, &rest, 2, 2) && take_rest(date, &rest);
    }
    uint8_t divider = front(rest);
    if (divider != '-' && divider != '/' && divider != '.')
        return false;
    step(&rest, 1);
    if (!take_number(&date->month, &rest, 1, 2))
        return false;
    date->precision = DATE_MONTH;
    if (rest.len == 0)
        return true;
    if (!take_byte(&rest, divider) || !take_number(&date->day, &rest, 1, 2))
        return false;
    date->precision = DATE_DAY;
    return take_rest(date, &rest);
}

/* What stands between the parts of a date in words: "12 de marzo de 1984", "12-Mar-1984".
 */
static void skip_between(struct bytes *rest)
{
    for (;;) {
        while (front_is_one_of(*rest, " -/.,"))
            step(rest, 1);
        char word[WORD_MAX];
        struct bytes left = *rest;
        if (take_word(word, &left) == 0 ||
            (strcmp(word, "de") != 0 && strcmp(word, "del") != 0 &&
             strcmp(word, "of") != 0 && strcmp(word, "do") != 0))
            return;
        *rest = left;
    }
}

/* 1st, 2nd, 3rd, 4th, 1er, 1º, 1°: the sign behind a day. */
static void skip_ordinal(struct bytes *rest)
{
    static const char *const signs[] = {"st", "nd", "rd", "th", "er", "º", "ª", "°"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t len = strlen(signs[i]);
        if (rest->len >= len && text_same(bytes_slice(*rest, 0, len), signs[i]) &&
            (rest->len == len || !is_letter(rest->at[len]))) {
            step(rest, len);
            return;
        }
    }
}

/* 3 Feb 2026, Feb 3, 2026, 2026 Feb 3, Feb 2026, and then perhaps the time. */
static bool read_words(struct date *date, struct bytes rest)
{
    bool year_first = digits_in_front(rest) == 4;
    if (year_first) {
        take_number(&date->year, &rest, 4, 4);
        skip_between(&rest);
    } else if (take_number(&date->day, &rest, 1, 2)) {
        date->precision = DATE_DAY;
        skip_ordinal(&rest);
        skip_between(&rest);
    }
    if (!take_month_word(&date->month, &rest))
        return false;
    skip_between(&rest);
    if (date->precision < DATE_DAY && digits_in_front(rest) <= 2 &&
        take_number(&date->day, &rest, 1, 2)) {
        date->precision = DATE_DAY;
        skip_ordinal(&rest);
        if (!year_first)
            skip_between(&rest);
    }
    if (!year_first &&
        (digits_in_front(rest) != 4 || !take_number(&date->year, &rest, 4, 4)))
        return false;
    if (date->precision < DATE_DAY) {
        date->precision = DATE_MONTH;
        return rest.len == 0;
    }
    return take_rest(date, &rest);
}

/* How much of the text a sentence repeats; never half a character. */
static int shown_len(struct bytes text)
{
    size_t len = text.len < SHOWN_MAX ? text.len : SHOWN_MAX;
    while (len < text.len && len > 0 && (text.at[len] & 0xC0) == 0x80)
        len--;
    return (int)len;
}

/* The year of two digits, or none, may be a leap year. */
static bool is_day(int year, int month, int day)
{
    return year >= 0 && month >= 1 && month <= 12 && day >= 1 &&
           day <= date_days_in_month(year, month);
}

/* Two numbers and a year behind them, none of which says that it is the month. */
struct unclear {
    char written
        [32]; /* "2025-04-03 or 2025-03-04"; the year of two digits, or none, stands as YYYY */
    char format[16]; /* one that fits: "%d/%m/%Y" */
    int ways;        /* in which there is such a day: 0 to 2 */
};

static void both_ways(struct unclear *out, int first, int second, uint8_t divider,
                      struct bytes rest)
{
    char year[5] = "YYYY";
    int number = 2000;
    if (digits_in_front(rest) == 4 && take_number(&number, &rest, 4, 4))
        snprintf(year, sizeof year, "%04d", number % 10000);
    bool day_first = is_day(number, second, first);
    bool month_first = is_day(number, first, second);
    out->ways = day_first + (month_first && (first != second || !day_first));
    snprintf(out->format, sizeof out->format, day_first ? "%%d%c%%m%c%%Y" : "%%m%c%%d%c%%Y",
             divider, divider);
    if (out->ways == 2)
        snprintf(out->written, sizeof out->written, "%s-%02d-%02d or %s-%02d-%02d", year,
                 second, first, year, first, second);
    else if (out->ways == 1)
        snprintf(out->written, sizeof out->written, "%s-%02d-%02d", year,
                 day_first ? second : first, day_first ? first : second);
}

static enum status refuse(struct bytes text, struct err *err)
{
    int len = shown_len(text);
    const char *shown = (const char *)text.at;
    struct bytes rest = text;
    int first = 0, second = 0;
    bool numbers = take_number(&first, &rest, 1, 2) && front_is_one_of(rest, "-/. ");
    uint8_t divider = front(rest);
    step(&rest, rest.len > 0 ? 1 : 0);
    if (numbers && take_number(&second, &rest, 1, 2) && rest.len > 0) {
        struct unclear unclear = {.ways = 0};
        step(&rest, 1);
        both_ways(&unclear, first, second, divider, rest);
        if (unclear.ways == 0)
            return fail(err, BAD_INPUT,
                        "\"%.*s\" is no date, whichever number is the month; write year, "
                        "month and day as 2026-04-03, or state the format of the column in "
                        "the mapping file",
                        len, shown);
        return fail(err, BAD_INPUT,
                    "\"%.*s\" %s which number is the month; write it as %s, or state the "
                    "format of the column in the mapping file, for instance %s",
                    len, shown,
                    unclear.ways == 2 ? "does not say" : "alone does not say of its column",
                    unclear.written, unclear.format);
    }
    return fail(
        err, BAD_INPUT,
        "\"%.*s\" is not a date we can read; write year, month and day as 2026-04-03, or "
        "the month in words with a year of four digits, or state the format of the column "
        "in the mapping file",
        len, shown);
}

/* One conversion of a format: %m and so on. Numbers of which no divider says where they end
 * have all their digits: 1984121 may be 1 December or 21 January. */
static bool take_conversion(struct date *date, struct bytes *rest, char conversion,
                            bool packed)
{
    size_t least = packed ? 2 : 1;
    switch (conversion) {
    case 'Y':
        return take_number(&date->year, rest, 4, 4);
    case 'm':
        return take_number(&date->month, rest, least, 2);
    case 'd':
        return take_number(&date->day, rest, least, 2);
    case 'b':
    case 'B':
        return take_month_word(&date->month, rest);
    case 'H':
        return take_number(&date->hour, rest, least, 2);
    case 'M':
        return take_number(&date->minute, rest, least, 2);
    case 'S':
        return take_number(&date->second, rest, least, 2);
    case 'z':
        return take_zone(date, rest);
    default:
        return take_byte(rest, '%');
    }
}

static enum date_precision precision_of(char conversion)
{
    switch (conversion) {
    case 'm':
    case 'b':
    case 'B':
        return DATE_MONTH;
    case 'd':
        return DATE_DAY;
    case 'H':
        return DATE_HOUR;
    case 'M':
        return DATE_MINUTE;
    case 'S':
        return DATE_SECOND;
    default:
        return DATE_YEAR;
    }
}

static bool read_format(struct date *date, struct bytes rest, const char *format)
{
    bool behind_conversion = false;
    for (const char *at = format; *at != '\0'; at++) {
        bool packed = behind_conversion;
        behind_conversion = *at == '%';
        if (is_space((uint8_t)*at)) {
            skip_spaces(&rest);
        } else if (*at == '%') {
            at++;
            if (!take_conversion(date, &rest, *at, packed || at[1] == '%'))
                return false;
            if (precision_of(*at) > date->precision)
                date->precision = precision_of(*at);
        } else if (!take_byte(&rest, (uint8_t)*at)) {
            return false;
        }
    }
    return rest.len == 0;
}

/* Each part at most once, and none without the next coarser one. */
static enum status check_parts(const bool *has, const char *format, struct err *err)
{
    if (!has['Y'])
        return fail(err, BAD_INPUT,
                    "the date format \"%s\" has no year; write %%Y for a year of "
                    "four digits",
                    format);
    bool month = has['m'] || has['b'] || has['B'];
    if (has['m'] + has['b'] + has['B'] > 1 || (has['d'] && !month) ||
        (has['H'] && !has['d']) || (has['M'] && !has['H']) || (has['S'] && !has['M']) ||
        (has['z'] && !has['H']))
        return fail(
            err, BAD_INPUT,
            "the date format \"%s\" must have one month (%%m, or %%b in words) where it "
            "has a day (%%d), a day where it has an hour (%%H), an hour where it has "
            "minutes (%%M) or a zone (%%z), minutes where it has seconds (%%S)",
            format);
    return OK;
}

enum status date_check_format(const char *format, struct err *err)
{
    bool has[128] = {false};
    for (const char *at = format; *at != '\0'; at++) {
        if (*at != '%')
            continue;
        at++;
        if (*at == 'y')
            return fail(
                err, BAD_INPUT,
                "the date format \"%s\" has %%y: a year of two digits can be 1926 or "
                "2026; have the file written with four (%%Y)",
                format);
        if (*at == '\0' || strchr("YmdbBHMSz%", *at) == NULL)
            return fail(
                err, BAD_INPUT,
                "the date format \"%s\" has a %% that is none of %%Y %%m %%d %%b %%B "
                "%%H %%M %%S %%z",
                format);
        if (*at != '%' && has[(uint8_t)*at])
            return fail(err, BAD_INPUT, "the date format \"%s\" has %%%c twice", format,
                        *at);
        has[(uint8_t)*at] = true;
    }
    return check_parts(has, format, err);
}

bool date_rest(char out[DATE_TEXT_SIZE], struct bytes text, const char *format)
{
    struct date date = {.year = 0};
    text = text_trim(text);
    bool read = format != NULL ? date_check_format(format, NULL) == OK &&
                                     read_format(&date, text, format)
                               : read_year_first(&date, text);
    if (!read || date.precision != DATE_DAY || date.year < DATE_YEAR_MIN ||
        date.year > DATE_YEAR_MAX)
        return false;
    bool month = date.month >= 1 && date.month <= MONTHS;
    int last = month ? date_days_in_month(date.year, date.month) : DAYS_MAX;
    bool day = date.day >= 1 && date.day <= last;
    if (month == day)
        return false;
    if (month)
        snprintf(out, DATE_TEXT_SIZE, "%04d-%02d", date.year, date.month);
    else
        snprintf(out, DATE_TEXT_SIZE, "%04d--%02d", date.year, date.day);
    return true;
}

enum status date_parse(struct date *out, struct bytes text, const char *format,
                       struct err *err)
{
    struct date date = {.year = 0};
    text = text_trim(text);
    if (format != NULL) {
        enum status status = date_check_format(format, err);
        if (status != OK)
            return status;
        if (!read_format(&date, text, format))
            return fail(err, BAD_INPUT, "\"%.*s\" does not fit the date format \"%s\"",
                        shown_len(text), (const char *)text.at, format);
    } else if (!read_year_first(&date, text)) {
        date = (struct date){.year = 0};
        if (!read_words(&date, text))
            return refuse(text, err);
    }
    enum status status = date_settle(&date, err);
    if (status == OK)
        *out = date;
    return status;
}
