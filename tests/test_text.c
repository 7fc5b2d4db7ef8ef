/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "check.h"

static void test_trim(void)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"", ""},
        {"  ", ""},
        {" a ", "a"},
        {"\t a b\r\n", "a b"},
        {"\u00A0a\u00A0", "a"},
        {"\u00E0", "\u00E0"},
        {"a\u00A0b", "a\u00A0b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_TEXT(text_trim(bytes_text(cases[i].in)), cases[i].out);
}

static void test_numbers(void)
{
    static const struct {
        const char *text;
        bool valid;
        double value;
    } cases[] = {
        {"0", true, 0},       {"0.15", true, 0.15}, {"5673.0", true, 5673},
        {"-1.5", true, -1.5}, {"1e3", true, 1000},  {"+2", true, 2},
        {"", false, 0},       {"1,5", false, 0},    {"nan", false, 0},
        {"inf", false, 0},    {"0x10", false, 0},   {" 1", false, 0},
        {"1.2.3", false, 0},  {"1e999", false, 0},  {"--1", false, 0},
        {"e5", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = 0;
        bool valid = text_double(&value, bytes_text(cases[i].text));
        CHECK_SEEN(valid == cases[i].valid && value == cases[i].value, "%s", cases[i].text);
    }
    uint64_t whole;
    CHECK(text_u64(&whole, BYTES_OF("18446744073709551615")) && whole == UINT64_MAX);
    CHECK(!text_u64(&whole, BYTES_OF("18446744073709551616")));
    CHECK(!text_u64(&whole, BYTES_OF("-1")));
    CHECK(!text_u64(&whole, BYTES_OF("")));

    char text[32];
    text_number(text, sizeof text, 0.1);
    CHECK(strcmp(text, "0.1") == 0);
    text_number(text, sizeof text, 1.0 / 3);
    CHECK(strtod(text, NULL) == 1.0 / 3);
    static const struct {
        double number;
        const char *text;
    } wholes[] = {{0, "0"},
                  {-0.0, "0"},
                  {20, "20"},
                  {-1e6, "-1000000"},
                  {1e14, "100000000000000"},
                  {1e16, "1e+16"},
                  {20.5, "20.5"},
                  {1e300, "1e+300"}};
    for (size_t i = 0; i < sizeof wholes / sizeof wholes[0]; i++) {
        text_number(text, sizeof text, wholes[i].number);
        CHECK(strcmp(text, wholes[i].text) == 0);
    }
}

static void test_utf8(void)
{
    static const struct {
        const char *text;
        size_t len;
        bool valid;
    } cases[] = {
        {"plain ascii, longer than eight", 30, true},
        {"\xC3\xA9", 2, true},
        {"\xE2\x82\xAC", 3, true},
        {"\xF0\x9F\x98\x80", 4, true},
        {"\xC0\x80", 2, false},         /* overlong */
        {"\xE0\x80\x80", 3, false},     /* overlong */
        {"\xED\xA0\x80", 3, false},     /* surrogate */
        {"\xF4\x90\x80\x80", 4, false}, /* beyond U+10FFFF */
        {"\xC3", 1, false},             /* cut off */
        {"\xE9", 1, false},             /* Latin-1 */
        {"12345678\xFF", 9, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_SEEN(utf8_valid(bytes_of(cases[i].text, cases[i].len)) == cases[i].valid,
                   "case %zu", i);

    struct buf out = {.max = 64};
    CHECK(utf8_add_repaired(&out, BYTES_OF("Nari\xF1o \x80 \xC3\xA9")) == 2);
    CHECK_TEXT(buf_bytes(&out), "Nari\u00F1o \u20AC \u00E9");
    buf_clear(&out);
    struct bytes rest = BYTES_OF("a\xC3\xA9\xF0\x9F\x98\x80");
    for (uint32_t point; utf8_next(&point, &rest);)
        utf8_add(&out, point);
    CHECK_TEXT(buf_bytes(&out), "a\xC3\xA9\xF0\x9F\x98\x80");
    buf_release(&out);
}

static void test_plain_lines(void)
{
    static const struct {
        const char *text;
        bool plain;
    } rows[] = {
        {"Policía de la Costa", true},
        {"شرطة \xE2\x80\x8Cایران", true}, /* a joiner */
        {"", false},
        {" a", false},
        {"a\nb", false},
        {"a\x1B[2J", false},
        {"a\x7F", false},
        {"a\xC2\x85"
         "b",
         false}, /* next line */
        {"a\xE2\x80\xA8"
         "b",
         false}, /* line separator */
        {"X\xE2\x80\xAE"
         "B",
         false}, /* right to left from here */
        {"X\xE2\x81\xA6"
         "B",
         false},
        {"X\xEF\xBB\xBF"
         "B",
         false},
        {"\xC3", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_SEEN(text_is_plain_line(bytes_text(rows[i].text)) == rows[i].plain, "row %zu",
                   i);
}

static void test_parts(void)
{
    struct bytes rest = BYTES_OF("a,,b,"), part;
    CHECK(text_next_part(&part, &rest, ',') && bytes_is(part, "a"));
    CHECK(text_next_part(&part, &rest, ',') && bytes_is(part, ""));
    CHECK(text_next_part(&part, &rest, ',') && bytes_is(part, "b"));
    CHECK(text_next_part(&part, &rest, ',') && bytes_is(part, ""));
    CHECK(!text_next_part(&part, &rest, ','));
    rest = BYTES_OF("  two words ");
    CHECK(text_next_word(&part, &rest, " ") && bytes_is(part, "two"));
    CHECK(text_next_word(&part, &rest, " ") && bytes_is(part, "words"));
    CHECK(!text_next_word(&part, &rest, " "));
}

/* Numbers as people write them; NULL: nobody knows which. */
static void test_amounts(void)
{
    static const struct {
        const char *text, *means;
    } cases[] = {
        {"12,5", "12.5"},
        {"0,75", "0.75"},
        {"1.234,56", "1234.56"},
        {"1,234.56", "1234.56"},
        {"12.345.678,9", "12345678.9"},
        {"1234,5678", "1234.5678"},
        {"1.5", "1.5"},
        {"1e3", "1000"},
        {"-2,5", "-2.5"},
        {"1,234", NULL},
        {"1,234,567", NULL},
        {"1.234.567", NULL},
        {"12,", NULL},
        {",5", NULL},
        {"1.23,4.5", NULL},
        {"12.34,5", NULL},
        {"1,2,3", NULL},
        {"a,5", NULL},
        {"", NULL},
        {",", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double is = 0, wanted = 0;
        bool good = text_amount(&is, bytes_text(cases[i].text));
        CHECK_SEEN(good == (cases[i].means != NULL), "%s", cases[i].text);
        if (!good || cases[i].means == NULL)
            continue;
        CHECK(text_double(&wanted, bytes_text(cases[i].means)));
        CHECK_SEEN(is == wanted, "%s: %g", cases[i].text, is);
    }
}

static void test_nearest(void)
{
    static const char *const names[] = {"birthDate", "deathDate", "name"};
    const char *near = text_nearest(BYTES_OF("birthdat"), names, 3);
    CHECK(near == names[0]);
    CHECK(text_nearest(BYTES_OF("zzz"), names, 3) == NULL);
    CHECK(text_same(BYTES_OF("BirthDate"), "birthdate"));
    CHECK(!text_same(BYTES_OF("BirthDat"), "birthdate"));
}

static void test_plural(void)
{
    static const struct {
        uint64_t count;
        const char *said;
    } cases[] = {{0, "0 rows"},
                 {1, "1 row"},
                 {2, "2 rows"},
                 {11, "11 rows"},
                 {UINT64_C(4294967297), "4294967297 rows"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char said[64];
        snprintf(said, sizeof said, "%llu %s", (unsigned long long)cases[i].count,
                 plural(cases[i].count, "row", "rows"));
        CHECK_TEXT(bytes_text(said), cases[i].said);
    }
}

/* A bound changes nothing but how soon it is known. */
static void test_near(void)
{
    static const char *const words[] = {
        "",         "a",        "ab",       "ba",       "Velero",   "velero",
        "vleero",   "vlereo",   "gadrel",   "gadrle",   "agdrel",   "gadrell",
        "dagrel",   "noordt",   "nordto",   "onorddt",  "mercado",  "emrcado",
        "mercadou", "abcdefgh", "badcfehg", "hgfedcba", "bcdefgha", "abcdefg"};
    size_t count = sizeof words / sizeof words[0];
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            struct bytes a = bytes_text(words[i]), b = bytes_text(words[j]);
            size_t distance = text_distance(a, b);
            CHECK(distance == text_distance(b, a));
            for (size_t most = 0; most < 10; most++)
                CHECK_SEEN(text_is_near(a, b, most) == (distance <= most),
                           "%s, %s: %zu, %zu", words[i], words[j], distance, most);
        }
    CHECK(text_distance(BYTES_OF("badcfehg"), BYTES_OF("abcdefgh")) == 4);
    CHECK(text_distance(BYTES_OF("Velero"), BYTES_OF("vleero")) == 1);
}

int main(void)
{
    test_plural();
    test_trim();
    test_numbers();
    test_utf8();
    test_plain_lines();
    test_parts();
    test_amounts();
    test_nearest();
    test_near();
    return check_done("text");
}
