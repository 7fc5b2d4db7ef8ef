/* SPDX-License-Identifier: Apache-2.0 */
#include "record/date.h"
#include "value_cases.h"

static const struct value_case plain[] = {
    /* ISO 8601, as precise as it is written */
    {"1984", VALUE_FINE, "1984"},
    {"1984-03", VALUE_FINE, "1984-03"},
    {"1984-03-12", VALUE_FINE, "1984-03-12"},
    {"1984-3-2", VALUE_FINE, "1984-03-02"},
    {"19840312", VALUE_FINE, "1984-03-12"},
    {"1984/03/12", VALUE_FINE, "1984-03-12"},
    {"1984.03.12", VALUE_FINE, "1984-03-12"},
    {"2026-02-03T05", VALUE_FINE, "2026-02-03T05"},
    {"2026-02-03T05:40", VALUE_FINE, "2026-02-03T05:40"},
    {"2026-02-03T05:40:00", VALUE_FINE, "2026-02-03T05:40:00"},
    {"2026-02-03T05:40:00-05:00", VALUE_FINE, "2026-02-03T05:40:00-05:00"},
    {"2026-02-03 05:40:00 -0500", VALUE_FINE, "2026-02-03T05:40:00-05:00"},
    {"2026-02-03T05:40:00.123456+05", VALUE_FINE, "2026-02-03T05:40:00+05:00"},
    {"2026-02-03T05:40Z", VALUE_FINE, "2026-02-03T05:40Z"},
    {"2026-02-03 05:40 UTC", VALUE_FINE, "2026-02-03T05:40Z"},
    {"2026-02-03T05:40:00-00:00", VALUE_FINE, "2026-02-03T05:40:00Z"},
    {"20260203T05:40", VALUE_FINE, "2026-02-03T05:40"},
    {"1000", VALUE_FINE, "1000"},
    {"2999-12-31", VALUE_FINE, "2999-12-31"},
    {"2024-02-29", VALUE_FINE, "2024-02-29"},
    {"2000-02-29", VALUE_FINE, "2000-02-29"},
    /* the month in words */
    {"3 Feb 2026", VALUE_FINE, "2026-02-03"},
    {"3 Feb 2026 05:40-05:00", VALUE_FINE, "2026-02-03T05:40-05:00"},
    {"25 Sep 1979", VALUE_FINE, "1979-09-25"},
    {"7 Jun 1988", VALUE_FINE, "1988-06-07"},
    {"03-FEB-2026", VALUE_FINE, "2026-02-03"},
    {"February 3rd, 2026", VALUE_FINE, "2026-02-03"},
    {"Feb. 3, 2026", VALUE_FINE, "2026-02-03"},
    {"2026 Feb 3", VALUE_FINE, "2026-02-03"},
    {"2026-Feb-03", VALUE_FINE, "2026-02-03"},
    {"12 de marzo de 1984", VALUE_FINE, "1984-03-12"},
    {"1º de março de 1984", VALUE_FINE, "1984-03-01"},
    {"1er août 1984", VALUE_FINE, "1984-08-01"},
    {"4 déc. 1984", VALUE_FINE, "1984-12-04"},
    {"4 DÉCEMBRE 1984", VALUE_FINE, "1984-12-04"},
    {"setiembre de 1984", VALUE_FINE, "1984-09"},
    {"Mar 1984", VALUE_FINE, "1984-03"},
    /* what is not known is left out */
    {"1984-00-00", VALUE_FINE, "1984"},
    {"1984-03-00", VALUE_FINE, "1984-03"},
    {"19840300", VALUE_FINE, "1984-03"},
    {"0000-00-00", VALUE_MISSING, NULL, "no date"},
    {"0000-00-00 00:00:00", VALUE_MISSING, NULL, "no date"},
    {"00000000", VALUE_MISSING, NULL, "no date"},
    {"9999-12-31", VALUE_MISSING, NULL, "no date"},
    /* nobody can know */
    {"03/04/2026", VALUE_INVALID, NULL, "mapping file"},
    {"25/12/2026", VALUE_INVALID, NULL, "which number is the month"},
    {"03/04/2025", VALUE_INVALID, NULL, "as 2025-04-03 or 2025-03-04, or state"},
    {"25.12.2031", VALUE_INVALID, NULL, "as 2031-12-25, or state"},
    {"25.12.2031", VALUE_INVALID, NULL, "for instance %d.%m.%Y"},
    {"25/12/2031", VALUE_INVALID, NULL, "alone does not say of its column which number"},
    {"12/25/2031", VALUE_INVALID, NULL, "as 2031-12-25, or state"},
    {"12/25/2031", VALUE_INVALID, NULL, "for instance %m/%d/%Y"},
    {"5/5/2025", VALUE_INVALID, NULL, "as 2025-05-05, or state"},
    {"45/45/2025", VALUE_INVALID, NULL, "as 2026-04-03, or state"},
    {"31/13/2023", VALUE_INVALID, NULL, "is no date, whichever number is the month; write"},
    {"00/00/2020", VALUE_INVALID, NULL, "is no date, whichever number is the month; write"},
    {"31/04/2023", VALUE_INVALID, NULL, "is no date, whichever number is the month; write"},
    {"29/02/2023", VALUE_INVALID, NULL, "is no date, whichever number is the month; write"},
    {"29/02/2024", VALUE_INVALID, NULL, "as 2024-02-29, or state"},
    {"29.02.24", VALUE_INVALID, NULL, "as YYYY-02-29, or state"},
    {"3-4-2026", VALUE_INVALID, NULL, "which number is the month"},
    {"03.04.26", VALUE_INVALID, NULL, "as YYYY-04-03 or YYYY-03-04, or state"},
    {"03.04.26", VALUE_INVALID, NULL, "which number is the month"},
    {"3 Feb 26", VALUE_INVALID, NULL, "four digits"},
    {"260203", VALUE_INVALID, NULL, "four digits"},
    {"84", VALUE_INVALID, NULL, "four digits"},
    /* impossible */
    {"1984-02-30", VALUE_INVALID, NULL, "February 1984, which has 29 days"},
    {"1983-02-29", VALUE_INVALID, NULL, "which has 28 days"},
    {"1900-02-29", VALUE_INVALID, NULL, "which has 28 days"},
    {"31 Apr 1984", VALUE_INVALID, NULL, "April 1984, which has 30 days"},
    {"1984-13-01", VALUE_INVALID, NULL, "no month 13"},
    {"12031984", VALUE_INVALID, NULL, "no month 19"},
    {"1984-00-12", VALUE_INVALID, NULL, "without a month"},
    {"0984-03-12", VALUE_INVALID, NULL, "between 1000 and 2999"},
    {"3000-01-01", VALUE_INVALID, NULL, "between 1000 and 2999"},
    {"2026-02-03T24:00", VALUE_INVALID, NULL, "24:00"},
    {"2026-02-03T05:60", VALUE_INVALID, NULL, "05:60"},
    {"2026-02-03T05:40+15:00", VALUE_INVALID, NULL, "14 hours"},
    /* not dates */
    {"hello", VALUE_INVALID, NULL, "not a date"},
    {"1984-03-12x", VALUE_INVALID, NULL},
    {"1984-03-12 ", VALUE_FINE, "1984-03-12"},
    {"1984-03/12", VALUE_INVALID, NULL},
    {"1984-", VALUE_INVALID, NULL},
    {"2026-02-03T", VALUE_INVALID, NULL},
    {"2026-02-03T5:40", VALUE_INVALID, NULL},
    {"2026-02-03T05:40:00.", VALUE_INVALID, NULL},
    {"3 Foo 2026", VALUE_INVALID, NULL},
    {"Thermidor 1984", VALUE_INVALID, NULL},
    {"Donaudampfschifffahrtsmonat 1984", VALUE_INVALID, NULL},
    {"2021-2024", VALUE_INVALID, NULL},
    {"2021-W07", VALUE_INVALID, NULL},
};

static const struct value_case with_format[] = {
    {"19840312", VALUE_FINE, "1984-03-12", .format = "%Y%m%d"},
    {"19840300", VALUE_FINE, "1984-03", .format = "%Y%m%d"},
    {"03/04/2026", VALUE_FINE, "2026-04-03", .format = "%d/%m/%Y"},
    {"03/04/2026", VALUE_FINE, "2026-03-04", .format = "%m/%d/%Y"},
    {"3/4/2026", VALUE_FINE, "2026-04-03", .format = "%d/%m/%Y"},
    {"3-abr-2026", VALUE_FINE, "2026-04-03", .format = "%d-%b-%Y"},
    {"3 avril 2026", VALUE_FINE, "2026-04-03", .format = "%d %B %Y"},
    {"3   avril 2026", VALUE_FINE, "2026-04-03", .format = "%d %B %Y"},
    {"03/04/2026 05:40", VALUE_FINE, "2026-04-03T05:40", .format = "%d/%m/%Y %H:%M"},
    {"03/04/2026 05:40:07", VALUE_FINE, "2026-04-03T05:40:07",
     .format = "%d/%m/%Y %H:%M:%S"},
    {"2026-04-03T05:40-0500", VALUE_FINE, "2026-04-03T05:40-05:00",
     .format = "%Y-%m-%dT%H:%M%z"},
    {"04/2026", VALUE_FINE, "2026-04", .format = "%m/%Y"},
    {"2026 100%", VALUE_FINE, "2026", .format = "%Y 100%%"},
    {"2026 %S", VALUE_FINE, "2026", .format = "%Y %%S"},
    {"30/02/1984", VALUE_INVALID, NULL, "29 days", .format = "%d/%m/%Y"},
    {"1984-03-12", VALUE_INVALID, NULL, "does not fit", .format = "%d/%m/%Y"},
    {"03/04/26", VALUE_INVALID, NULL, "does not fit", .format = "%d/%m/%Y"},
    {"03/04/2026 05:40", VALUE_INVALID, NULL, "does not fit", .format = "%d/%m/%Y"},
    {"1984121", VALUE_INVALID, NULL, "does not fit", .format = "%Y%m%d"},
    {"1031984", VALUE_INVALID, NULL, "does not fit", .format = "%d%m%Y"},
    {"030426", VALUE_INVALID, NULL, "two digits can be 1926", .format = "%d%m%y"},
    {"03/04", VALUE_INVALID, NULL, "no year", .format = "%d/%m"},
};

static void test_formats(void)
{
    static const char *const right[] = {"%Y", "%Y%m%d", "%d %B %Y %H:%M:%S", "%b %Y",
                                        "%Y-%m-%dT%H:%M%z"};
    static const struct {
        const char *format, *why;
    } wrong[] = {{"%y%m%d", "%y"},      {"%m%d", "no year"},      {"%Y %j", "none of"},
                 {"%Y%", "none of"},    {"%Y %d", "day"},         {"%Y-%m-%d %M", "hour"},
                 {"%Y-%m-%m", "twice"}, {"%Y %m %b", "one month"}};
    struct err err = {.text = ""};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        CHECK_SEEN(date_check_format(right[i], &err) == OK, "%s: %s", right[i], err.text);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_SEEN(date_check_format(wrong[i].format, &err) == BAD_INPUT, "%s",
                   wrong[i].format);
        CHECK_SEEN(strstr(err.text, wrong[i].why) != NULL, "%s: %s", wrong[i].format,
                   err.text);
    }
}

static struct date date_of(const char *text)
{
    struct date date = {.year = 0};
    CHECK_SEEN(date_parse(&date, bytes_text(text), NULL, NULL) == OK, "%s", text);
    return date;
}

static void check_printed(struct date date, const char *wanted)
{
    char text[DATE_TEXT_SIZE];
    CHECK_TEXT(bytes_of(text, date_print(text, &date)), wanted);
}

static void test_day_numbers(void)
{
    static const struct {
        const char *date;
        int32_t number;
    } known[] = {{"1970-01-01", 0},      {"1970-01-02", 1},     {"1969-12-31", -1},
                 {"2000-03-01", 11017},  {"2026-02-03", 20487}, {"1000-01-01", -354285},
                 {"2999-12-31", 376199}, {"1984", 5113},        {"1984-03", 5173}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct date date = date_of(known[i].date);
        CHECK_SEEN(date_day_number(&date) == known[i].number, "%s: %d", known[i].date,
                   date_day_number(&date));
    }
    /* Every day there is: numbers follow one another, and lead back to the day. */
    int32_t number = known[5].number;
    bool follow = true, back = true;
    for (int year = DATE_YEAR_MIN; year <= DATE_YEAR_MAX; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= date_days_in_month(year, month); day++, number++) {
                struct date date = {
                    .year = year, .month = month, .day = day, .precision = DATE_DAY};
                struct date again = date_from_day_number(number);
                follow &= date_day_number(&date) == number;
                back &= again.year == year && again.month == month && again.day == day;
            }
    CHECK(follow);
    CHECK(back);
}

static void test_order(void)
{
    static const char *const ascending[] = {"1984",
                                            "1984-01",
                                            "1984-01-01",
                                            "1984-01-01T00:00",
                                            "1984-01-01T00:00:00",
                                            "1984-01-01T00:00:01",
                                            "1984-01-02T00:00+02:00",
                                            "1984-01-01T23:00Z",
                                            "1984-01-01T22:00-05:00",
                                            "1984-03-12",
                                            "1985"};
    enum { COUNT = sizeof ascending / sizeof *ascending };
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < COUNT; j++) {
            struct date a = date_of(ascending[i]), b = date_of(ascending[j]);
            CHECK_SEEN(date_compare(&a, &b) == (i > j) - (i < j), "%s against %s",
                       ascending[i], ascending[j]);
        }
}

static void test_moving(void)
{
    check_printed(date_add_days(date_of("2026-02-03"), 180), "2026-08-02");
    check_printed(date_add_days(date_of("2024-02-28"), 1), "2024-02-29");
    check_printed(date_add_days(date_of("2026-01-01"), -1), "2025-12-31");
    check_printed(date_add_days(date_of("2026-02-03T05:40:00-05:00"), 30),
                  "2026-03-05T05:40:00-05:00");
    check_printed(date_add_years(date_of("2026-02-03"), 5), "2031-02-03");
    check_printed(date_add_years(date_of("2024-02-29"), 5), "2029-02-28");
    check_printed(date_add_years(date_of("2024-02-29"), 4), "2028-02-29");
    check_printed(date_add_years(date_of("2024"), 1), "2025");
}

static void test_age(void)
{
    static const struct {
        const char *birth, *day;
        int age;
    } cases[] = {
        {"1984-03-12", "2026-03-11", 41},
        {"1984-03-12", "2026-03-12", 42},
        {"2008-02-29", "2026-02-28", 17},
        {"2008-02-29", "2026-03-01", 18},
        /* Not known: the youngest it can be, so that nobody loses a minor's protection. */
        {"2008", "2026-12-30", 17},
        {"2008", "2026-12-31", 18},
        {"2008-02", "2026-02-28", 17},
        {"2008-02", "2026-03-01", 18},
        {"2030-01-01", "2026-01-01", -4},
        {"1984-03-12", "2026", 41},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct date birth = date_of(cases[i].birth), day = date_of(cases[i].day);
        CHECK_SEEN(date_age_on(&birth, &day) == cases[i].age, "%s on %s: %d",
                   cases[i].birth, cases[i].day, date_age_on(&birth, &day));
    }
}

static void test_likeness(void)
{
    static const struct {
        const char *a, *b;
        double likeness;
    } cases[] = {
        {"1984-03-12", "1984-03-12", 1},       {"1984-03-12", "1984-03", 0.75},
        {"1984-03-12", "1984", 0.5},           {"1984", "1984", 1},
        {"1984-03-12", "1984-03-13", 0},       {"1984-03-12", "1984-12-03", 0},
        {"1984-03-12T10:00", "1984-03-12", 1}, {"1984", "1985", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double seen =
            value_compare(VALUE_DATE, bytes_text(cases[i].a), bytes_text(cases[i].b));
        CHECK_SEEN(seen == cases[i].likeness, "%s, %s: %g", cases[i].a, cases[i].b, seen);
    }
    CHECK(value_specificity(VALUE_DATE, BYTES_OF("1984")) == 0);
    CHECK(value_specificity(VALUE_DATE, BYTES_OF("1984-03-12")) == 5.0 / 8);
}

/* Of a day that does not exist, the parts that may stand. */
static void test_rest(void)
{
    static const struct {
        const char *text, *format, *rest; /* NULL: nothing is left, or nothing is wrong */
    } cases[] = {
        {"1955-11-92", NULL, "1955-11"},   {"19551192", "%Y%m%d", "1955-11"},
        {" 1955/11/92 ", NULL, "1955-11"}, {"92.11.1955", "%d.%m.%Y", "1955-11"},
        {"1955-02-31", NULL, "1955-02"},   {"1955-13-02", NULL, "1955--02"},
        {"1955-13-31", NULL, "1955--31"},  {"1955-00-02", NULL, "1955--02"},
        {"1955-13-32", NULL, NULL},        {"1955-11-02", NULL, NULL},
        {"1955-11", NULL, NULL},           {"1955-13", NULL, NULL},
        {"0955-11-92", NULL, NULL},        {"9955-11-92", NULL, NULL},
        {"0000-00-00", NULL, NULL},        {"1955-11-92 and more", NULL, NULL},
        {"92/11/1955", NULL, NULL},        {"", NULL, NULL},
        {"19551192", "%Y%q", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char rest[DATE_TEXT_SIZE] = "";
        bool left = date_rest(rest, bytes_text(cases[i].text), cases[i].format);
        CHECK_SEEN(left == (cases[i].rest != NULL), "%s: %s", cases[i].text, rest);
        if (left)
            CHECK_TEXT(bytes_text(rest), cases[i].rest != NULL ? cases[i].rest : "");
    }
}

int main(void)
{
    CHECK_VALUES(VALUE_DATE, plain);
    CHECK_VALUES(VALUE_DATE, with_format);
    test_formats();
    test_day_numbers();
    test_order();
    test_moving();
    test_age();
    test_likeness();
    test_rest();
    return check_done("date");
}
