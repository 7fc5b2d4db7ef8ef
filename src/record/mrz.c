/* SPDX-License-Identifier: Apache-2.0 */
#include "record/mrz.h"

#include "base/text.h"
#include "record/country.h"

#include <stdio.h>

enum {
    NONE = 0xFF, /* this form has no such field */
    FILLER = '<',
    NUMBER_LEN = 9,
    DATE_LEN = 6,
    ALPHA3_LEN = 3,
    EXPIRY_PIVOT = 70,
    BIRTH_PIVOT = 30,
    WRONG_MAX = 600, /* characters of sentence about wrong check digits */
};

/* A stretch of the zone. */
struct field {
    uint8_t at, len;
};

/* Where each form has what, counted from the start of the whole zone; each check digit
 * stands right behind its field. ICAO 9303, parts 4 to 7. */
static const struct layout {
    const char *what;
    uint8_t len;
    uint8_t issuer, nationality, number, birth, sex, expiry;
    struct field optional, names;
    bool optional_checked;
    struct field composite[4]; /* what the last check digit is over; none: there is none */
    uint8_t composite_check;
} layouts[MRZ_FORMS] = {
    /* clang-format off */
    [MRZ_TD3] = {
        .what = "a passport's two lines", .len = 88, .issuer = 2, .names = {5, 39},
        .number = 44, .nationality = 54, .birth = 57, .sex = 64, .expiry = 65,
        .optional = {72, 14}, .optional_checked = true,
        .composite = {{44, 10}, {57, 7}, {65, 22}}, .composite_check = 87,
    },
    [MRZ_TD3_LINE2] = {
        .what = "a passport's second line", .len = 44, .issuer = NONE, .names = {0, 0},
        .number = 0, .nationality = 10, .birth = 13, .sex = 20, .expiry = 21,
        .optional = {28, 14}, .optional_checked = true,
        .composite = {{0, 10}, {13, 7}, {21, 22}}, .composite_check = 43,
    },
    [MRZ_TD2] = {
        .what = "a card's two lines", .len = 72, .issuer = 2, .names = {5, 31},
        .number = 36, .nationality = 46, .birth = 49, .sex = 56, .expiry = 57,
        .optional = {64, 7}, .optional_checked = false,
        .composite = {{36, 10}, {49, 7}, {57, 14}}, .composite_check = 71,
    },
    [MRZ_TD1] = {
        .what = "a card's three lines", .len = 90, .issuer = 2, .names = {60, 30},
        .number = 5, .nationality = 45, .birth = 30, .sex = 37, .expiry = 38,
        .optional = {15, 15}, .optional_checked = false,
        .composite = {{5, 25}, {30, 7}, {38, 7}, {48, 11}}, .composite_check = 59,
    },
    [MRZ_VISA_A] = {
        .what = "a visa's two lines", .len = 88, .issuer = 2, .names = {5, 39},
        .number = 44, .nationality = 54, .birth = 57, .sex = 64, .expiry = 65,
        .optional = {72, 16}, .optional_checked = false, .composite_check = NONE,
    },
    [MRZ_VISA_B] = {
        .what = "a visa's two lines", .len = 72, .issuer = 2, .names = {5, 31},
        .number = 36, .nationality = 46, .birth = 49, .sex = 56, .expiry = 57,
        .optional = {64, 8}, .optional_checked = false, .composite_check = NONE,
    },
    /* clang-format on */
};

/* ---- Characters ------------------------------------------------------------------ */

/* Upper case without white space; gives the length, or MRZ_TEXT_MAX + 1 when there is
 * more. */
static size_t squeeze(char *out, struct bytes text)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (is_space(text.at[i]))
            continue;
        if (len == MRZ_TEXT_MAX)
            return MRZ_TEXT_MAX + 1;
        out[len++] = (char)to_upper(text.at[i]);
    }
    return len;
}

bool mrz_looks_like(struct bytes text)
{
    char zone[MRZ_TEXT_MAX];
    size_t len = squeeze(zone, text);
    if (len <= MRZ_TEXT_MAX)
        for (int i = 0; i < MRZ_FORMS; i++)
            if (layouts[i].len == len)
                return true;
    return text.len > 0 && memchr(text.at, FILLER, text.len) != NULL;
}

static unsigned character_value(char c)
{
    return is_digit((uint8_t)c)   ? (unsigned)(c - '0')
           : is_upper((uint8_t)c) ? (unsigned)(c - 'A') + 10
                                  : 0;
}

/* Adds the characters of one field to a sum that has come to the index-th weight. */
static unsigned weigh(const char *at, size_t len, size_t index)
{
    static const uint8_t weights[3] = {7, 3, 1};
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += character_value(at[i]) * weights[(index + i) % 3];
    return sum;
}

/* Without the fillers behind; those between become `blank`, 0: they go. */
static void copy_field(char *out, size_t max, const char *at, size_t len, char blank)
{
    size_t kept = 0;
    while (len > 0 && at[len - 1] == FILLER)
        len--;
    for (size_t i = 0; i < len && kept < max; i++) {
        if (at[i] != FILLER)
            out[kept++] = at[i];
        else if (blank != 0 && kept > 0)
            out[kept++] = blank;
    }
    out[kept] = '\0';
}

/* ---- Check digits ---------------------------------------------------------------- */

/* Collects what is wrong, one clause a check digit. */
struct wrong {
    char text[WRONG_MAX];
    size_t len;
};

/* An empty field's check digit may be a filler too. */
static void check_sum(struct wrong *wrong, unsigned sum, char given, const char *name)
{
    char expected = (char)('0' + sum % 10);
    bool empty = sum == 0 && given == FILLER;
    if (given == expected || empty || wrong->len >= sizeof wrong->text)
        return;
    int written = snprintf(wrong->text + wrong->len, sizeof wrong->text - wrong->len,
                           "%sthe check digit of the %s is %c, but it gives %c",
                           wrong->len > 0 ? "; " : "", name, given, expected);
    wrong->len += (size_t)written;
}

static void check_composite(struct wrong *wrong, const char *zone,
                            const struct layout *layout)
{
    if (layout->composite_check == NONE)
        return;
    unsigned sum = 0;
    size_t index = 0;
    for (size_t i = 0; i < sizeof layout->composite / sizeof layout->composite[0]; i++) {
        struct field field = layout->composite[i];
        sum += weigh(zone + field.at, field.len, index);
        index += field.len;
    }
    check_sum(wrong, sum, zone[layout->composite_check], "whole line");
}

/* The number and its check digit. A card whose number has more than nine characters has a
 * filler in place of the check digit, and the rest, then the check digit, in the optional
 * field. */
static void read_number(struct mrz *out, struct wrong *wrong, const char *zone,
                        const struct layout *layout)
{
    char number[NUMBER_LEN + MRZ_LINE_MAX];
    size_t len = NUMBER_LEN, taken = 0;
    char check = zone[layout->number + NUMBER_LEN];
    memcpy(number, zone + layout->number, NUMBER_LEN);
    const char *optional = zone + layout->optional.at;
    bool card = out->form == MRZ_TD1 || out->form == MRZ_TD2;
    if (card && check == FILLER && optional[0] != FILLER) {
        while (taken < layout->optional.len && optional[taken] != FILLER)
            taken++;
        memcpy(number + len, optional, taken - 1);
        len += taken - 1;
        check = optional[taken - 1];
    }
    check_sum(wrong, weigh(number, len, 0), check, "number");
    copy_field(out->number, MRZ_NUMBER_MAX, number, len, 0);
    copy_field(out->personal, MRZ_NUMBER_MAX, optional + taken,
               layout->optional.len - taken, 0);
}

static void check_fields(struct wrong *wrong, const char *zone, const struct layout *layout)
{
    char birth_check = zone[layout->birth + DATE_LEN];
    char expiry_check = zone[layout->expiry + DATE_LEN];
    check_sum(wrong, weigh(zone + layout->birth, DATE_LEN, 0), birth_check, "birth date");
    check_sum(wrong, weigh(zone + layout->expiry, DATE_LEN, 0), expiry_check,
              "expiry date");
    if (layout->optional_checked) {
        struct field field = layout->optional;
        check_sum(wrong, weigh(zone + field.at, field.len, 0), zone[field.at + field.len],
                  "personal number");
    }
}

/* ---- Dates ----------------------------------------------------------------------- */

/* Two digits, or -1 for two fillers, or -2 for anything else. */
static int two_digits(const char *at)
{
    if (at[0] == FILLER && at[1] == FILLER)
        return -1;
    if (!is_digit((uint8_t)at[0]) || !is_digit((uint8_t)at[1]))
        return -2;
    return (at[0] - '0') * 10 + (at[1] - '0');
}

static int month_days(int year, int month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* With the NUL behind. */
static void put_digits(char *out, int width, int number)
{
    out[width] = '\0';
    for (; width > 0; number /= 10)
        out[--width] = (char)('0' + number % 10);
}

/* YYMMDD with its century put in front to out, ISO, as far as it is known. False when it
 * is no date. */
static bool write_date(char out[11], const char *at, int century)
{
    int year = two_digits(at), month = two_digits(at + 2), day = two_digits(at + 4);
    out[0] = '\0';
    if (year == -1)
        return month == -1 && day == -1;
    if (year < 0 || month < -1 || month == 0 || month > 12 || day < -1 || day == 0)
        return false;
    put_digits(out, 4, year + century);
    if (month == -1)
        return day == -1;
    out[4] = '-';
    put_digits(out + 5, 2, month);
    if (day == -1)
        return true;
    out[7] = '-';
    put_digits(out + 8, 2, day);
    return day <= month_days(year + century, month);
}

/* The essay in mrz.h says how the century is found. */
static bool read_dates(struct mrz *out, const char *birth, const char *expiry,
                       struct err *err)
{
    int century = two_digits(expiry) >= EXPIRY_PIVOT ? 1900 : 2000;
    if (!write_date(out->expiry, expiry, century)) {
        fail(err, BAD_INPUT, "the expiry date %.6s is no date (year, month, day)", expiry);
        return false;
    }
    century = two_digits(birth) >= BIRTH_PIVOT ? 1900 : 2000;
    if (out->expiry[0] != '\0') {
        char latest[11];
        bool later = write_date(latest, birth, 2000) && strcmp(latest, out->expiry) > 0;
        century = later ? 1900 : 2000;
    }
    if (!write_date(out->birth, birth, century)) {
        fail(err, BAD_INPUT, "the birth date %.6s is no date (year, month, day)", birth);
        return false;
    }
    return true;
}

/* ---- The zone -------------------------------------------------------------------- */

/* XXA to XXX are people without a state: such a code names no country. */
static void read_state(char alpha2[3], char alpha3[4], const char *at)
{
    copy_field(alpha3, ALPHA3_LEN, at, ALPHA3_LEN, 0);
    bool stateless = alpha3[0] == 'X' && alpha3[1] == 'X';
    if (stateless || !country_from_alpha3(alpha2, bytes_text(alpha3)))
        alpha2[0] = '\0';
}

/* SURNAME<<GIVEN<NAMES */
static void read_names(struct mrz *out, const char *at, size_t len)
{
    size_t surname = 0;
    while (surname + 1 < len && !(at[surname] == FILLER && at[surname + 1] == FILLER))
        surname++;
    bool has_given = surname + 1 < len;
    if (!has_given)
        surname = len;
    copy_field(out->surname, MRZ_LINE_MAX, at, surname, ' ');
    if (has_given)
        copy_field(out->given, MRZ_LINE_MAX, at + surname + 2, len - surname - 2, ' ');
}

static enum status find_form(enum mrz_form *form, const char *zone, size_t len,
                             struct err *err)
{
    for (int i = 0; i < MRZ_FORMS; i++) {
        if (layouts[i].len != len)
            continue;
        *form = (enum mrz_form)i;
        if (zone[0] == 'V' && *form == MRZ_TD3)
            *form = MRZ_VISA_A;
        if (zone[0] == 'V' && *form == MRZ_TD2)
            *form = MRZ_VISA_B;
        return OK;
    }
    return fail(err, BAD_INPUT,
                "%s%zu %s: a machine-readable zone has 44 (a passport's second line), 88 "
                "(both), 72 or 90 (cards)",
                len > MRZ_TEXT_MAX ? "over " : "", len > MRZ_TEXT_MAX ? len - 1 : len,
                plural(len, "character", "characters"));
}

enum status mrz_parse(struct mrz *out, struct bytes line, struct err *err)
{
    char zone[MRZ_TEXT_MAX];
    size_t len = squeeze(zone, line);
    *out = (struct mrz){0};
    enum status status = find_form(&out->form, zone, len, err);
    if (status != OK)
        return status;
    for (size_t i = 0; i < len; i++)
        if (!is_digit((uint8_t)zone[i]) && !is_upper((uint8_t)zone[i]) && zone[i] != FILLER)
            return fail(
                err, BAD_INPUT,
                "character %zu of the machine-readable zone is none of A to Z, 0 to 9 "
                "and <",
                i + 1);
    if (out->form == MRZ_TD3_LINE2 && zone[0] == 'P' && zone[1] == FILLER)
        return fail(err, BAD_INPUT,
                    "this is a passport's first line; the number is in the second");

    const struct layout *layout = &layouts[out->form];
    struct wrong wrong = {.len = 0};
    read_number(out, &wrong, zone, layout);
    check_fields(&wrong, zone, layout);
    check_composite(&wrong, zone, layout);
    if (wrong.len > 0)
        return fail(err, BAD_INPUT, "%s: %s", layout->what, wrong.text);
    if (out->number[0] == '\0')
        return fail(err, BAD_INPUT, "%s: there is no number in it", layout->what);
    if (!read_dates(out, zone + layout->birth, zone + layout->expiry, err))
        return BAD_INPUT;

    read_state(out->nationality, out->nationality_alpha3, zone + layout->nationality);
    if (layout->issuer != NONE) {
        read_state(out->issuer, out->issuer_alpha3, zone + layout->issuer);
    } else {
        memcpy(out->issuer, out->nationality, sizeof out->issuer);
        memcpy(out->issuer_alpha3, out->nationality_alpha3, sizeof out->issuer_alpha3);
    }
    char sex = zone[layout->sex];
    out->sex = sex == 'M' || sex == 'F' ? sex : 'X';
    read_names(out, zone + layout->names.at, layout->names.len);
    return OK;
}
