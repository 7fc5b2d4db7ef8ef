/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "record/country.h"
#include "value_cases.h"

#include <stdlib.h>
#include <zlib.h>

static const struct value_case cases[] = {
    {"co", VALUE_FINE, "co"},
    {"CO", VALUE_FINE, "co"},
    {"COL", VALUE_FINE, "co"},
    {"DE", VALUE_FINE, "de"}, /* also a word that is dropped from names */
    {"LA", VALUE_FINE, "la"},
    {"AND", VALUE_FINE, "ad"},
    {"UK", VALUE_FINE, "gb"},
    {"EL", VALUE_FINE, "gr"},
    {"xa", VALUE_FINE, "xa"},
    {"XBA", VALUE_FINE, "xb"},
    {"xk", VALUE_FINE, "xk"},
    {"XKX", VALUE_FINE, "xk"},
    {"eu", VALUE_FINE, "eu"},
    {"SUHH", VALUE_FINE, "suhh"},
    {"SUN", VALUE_FINE, "suhh"},
    {"cshh", VALUE_FINE, "cshh"},
    {"gb-sct", VALUE_FINE, "gb-sct"},
    {"x-so", VALUE_FINE, "x-so"},
    /* as the United Nations write them */
    {"Bolivia, Plurinational State of", VALUE_FINE, "bo"},
    {"Bolivia (Plurinational State of)", VALUE_FINE, "bo"},
    {"PLURINATIONAL STATE OF BOLIVIA", VALUE_FINE, "bo"},
    {"Venezuela, Bolivarian Republic of", VALUE_FINE, "ve"},
    {"Lao Peoples Democratic Republic", VALUE_FINE, "la"},
    {"Lao People's Democratic Republic", VALUE_FINE, "la"},
    {"Lao People’s Dem. Rep.", VALUE_FINE, "la"},
    {"Hong Kong", VALUE_FINE, "hk"},
    {"China, Hong Kong SAR", VALUE_FINE, "hk"},
    {"Turkey", VALUE_FINE, "tr"},
    {"Russian Federation", VALUE_FINE, "ru"},
    {"Congo", VALUE_FINE, "cg"},
    {"Congo, the Democratic Republic of the", VALUE_FINE, "cd"},
    {"Korea, Republic of", VALUE_FINE, "kr"},
    {"Korea, Democratic People's Republic of", VALUE_FINE, "kp"},
    {"Iraq (Kurdistan Region)", VALUE_FINE, "iq-kr"},
    {"United Kingdom (England and Wales)", VALUE_FINE, "gb"},
    {"Kosovo under UNSCR 1244", VALUE_FINE, "xk"},
    /* four languages, with and without accents */
    {"España", VALUE_FINE, "es"},
    {"ESPANA", VALUE_FINE, "es"},
    {"Espan\u0303a", VALUE_FINE, "es"},
    {"États-Unis", VALUE_FINE, "us"},
    {"EE. UU.", VALUE_FINE, "us"},
    {"U.S.A.", VALUE_FINE, "us"},
    {"Países Bajos", VALUE_FINE, "nl"},
    {"Pays-Bas", VALUE_FINE, "nl"},
    {"Países Baixos", VALUE_FINE, "nl"},
    {"Alemanha", VALUE_FINE, "de"},
    {"Cote d Ivoire", VALUE_FINE, "ci"},
    {"CÔTE D'IVOIRE", VALUE_FINE, "ci"},
    {"Costa do Marfim", VALUE_FINE, "ci"},
    {"St. Lucia", VALUE_FINE, "lc"},
    {"Trinidad & Tobago", VALUE_FINE, "tt"},
    {"the  Gambia", VALUE_FINE, "gm"},
    {"República Dominicana", VALUE_FINE, "do"},
    {"Dominica", VALUE_FINE, "dm"},
    {"Guinée équatoriale", VALUE_FINE, "gq"},
    {"Nigeria", VALUE_FINE, "ng"},
    {"Níger", VALUE_FINE, "ne"},
    /* none, or not one */
    {"Korea", VALUE_INVALID, NULL, "ISO 3166"},
    {"Other", VALUE_INVALID, NULL, "ISO 3166"},
    {"Atlantis", VALUE_INVALID, NULL, "Atlantis"},
    {"QQ", VALUE_INVALID, NULL},
    {"QQQ", VALUE_INVALID, NULL},
    {"Peru, Chile", VALUE_INVALID, NULL},
    {"не Mali", VALUE_INVALID, NULL}, /* "not Mali" */
    {"the of and", VALUE_INVALID, NULL},
    {"!!!", VALUE_INVALID, NULL},
    {"A name that is far longer than that of any country or territory in the world, and "
     "goes on "
     "and on until nobody remembers how it began, nor cares",
     VALUE_INVALID, NULL,
     "A name that is far longer than that of any country or territ..."},
};

static void test_codes(void)
{
    CHECK(country_is_known(BYTES_OF("co")));
    CHECK(country_is_known(BYTES_OF("CO")));
    CHECK(country_is_known(BYTES_OF("Xa")));
    CHECK(country_is_known(BYTES_OF("XZ")));
    CHECK(!country_is_known(BYTES_OF("QQ")));
    CHECK(!country_is_known(BYTES_OF("ZZ")) && country_find(BYTES_OF("ZZ")) == NULL);
    CHECK(country_find(BYTES_OF("AA")) == NULL);
    CHECK(!country_is_known(BYTES_OF("UK"))); /* a name, not a code */
    CHECK(!country_is_known(BYTES_OF("COL")));
    CHECK(!country_is_known(BYTES_OF("C1")));
    CHECK(!country_is_known(BYTES_OF("")));

    static const struct {
        const char *alpha3, *code;
    } three[] = {{"COL", "co"}, {"col", "co"}, {"D", "de"},   {"D<<", "de"}, {"DEU", "de"},
                 {"XAA", "xa"}, {"XZZ", "xz"}, {"XKX", "xk"}, {"RKS", "xk"}, {"GBD", "gb"},
                 {"UNO", "un"}, {"SUN", NULL}, {"QQQ", NULL}, {"CO", NULL},  {"UAE", NULL},
                 {"", NULL},    {"<<<", NULL}, {"X1A", NULL}, {"XXA", "xx"}};
    for (size_t i = 0; i < sizeof three / sizeof *three; i++) {
        char code[3] = "";
        bool known = country_from_alpha3(code, bytes_text(three[i].alpha3));
        CHECK_SEEN(known == (three[i].code != NULL), "%s: %s", three[i].alpha3, code);
        if (known)
            CHECK_TEXT(bytes_text(code), three[i].code);
    }
    CHECK(strcmp(country_name("co"), "Colombia") == 0);
    CHECK(country_name("qq") == NULL);
    CHECK(country_is_user_assigned("xa") && country_is_user_assigned("xz"));
    CHECK(!country_is_user_assigned("xk") && !country_is_user_assigned("x-so") &&
          !country_is_user_assigned("co"));
}

/* Each code, alpha-3 and name leads back to its own row; country.c asserts that none has two. */
static void test_table(void)
{
    for (size_t i = 0; i < country_table_count; i++) {
        const struct country *row = &country_table[i];
        if (i > 0)
            CHECK_SEEN(strcmp(country_table[i - 1].code, row->code) < 0, "%s", row->code);
        struct bytes texts[] = {bytes_text(row->code), bytes_text(row->name),
                                bytes_text(row->alpha3), bytes_text(row->others)};
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++) {
            struct bytes part;
            while (text_next_word(&part, &texts[j], j == 2 ? " " : "|")) {
                const char *code = country_find(part);
                CHECK_SEEN(code != NULL && strcmp(code, row->code) == 0, "%.*s of %s: %s",
                           (int)part.len, (const char *)part.at, row->code,
                           code ? code : "-");
            }
        }
    }
    /* ISO 3166 has 249. */
    size_t with_alpha3 = 0;
    for (size_t i = 0; i < country_table_count; i++)
        with_alpha3 += strlen(country_table[i].alpha3) >= 3;
    CHECK_SEEN(with_alpha3 >= 249, "%zu", with_alpha3);
}

static void test_suggestion(void)
{
    struct arena arena = {0};
    struct bytes meant[1] = {{NULL}};
    CHECK(value_type(VALUE_COUNTRY)->suggest(meant, 1, BYTES_OF("Colomiba"), &arena) == 1);
    CHECK_TEXT(meant[0], "Colombia");
    CHECK(value_type(VALUE_COUNTRY)->suggest(meant, 1, BYTES_OF("zzzzzzzz"), &arena) == 0);
    arena_release(&arena);
    CHECK(value_specificity(VALUE_COUNTRY, BYTES_OF("co")) == 0.1);
    CHECK(value_compare(VALUE_COUNTRY, BYTES_OF("co"), BYTES_OF("co")) == 1);
    CHECK(value_compare(VALUE_COUNTRY, BYTES_OF("co"), BYTES_OF("pe")) == 0);
}

/* The public seizure file: fields 3, 13, 14 and 15 of its 16 are countries. */
enum { LINE_SIZE = 8192, PATH_SIZE = 4096 };

static bool is_country_field(size_t field)
{
    return field == 2 || (field >= 12 && field <= 14);
}

static void test_seizures(void)
{
    const char *root = getenv("ROOT");
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/../shared/data/seizures/ids-2011-2012.csv.gz",
             root != NULL ? root : ".");
    gzFile file = gzopen(path, "rb");
    if (file == NULL) {
        CHECK_SKIP("the public seizure file of 2011 and 2012 is not here");
        return;
    }
    static char line[LINE_SIZE];
    size_t rows = 0, found = 0;
    while (gzgets(file, line, sizeof line) != NULL) {
        rows++;
        if (strchr(line, '"') != NULL) /* quoted fields are the CSV reader's business */
            continue;
        struct bytes rest = text_trim(bytes_text(line)), part;
        for (size_t field = 0; text_next_part(&part, &rest, ';'); field++) {
            part = text_trim(part);
            if (rows == 1 || !is_country_field(field) || part.len == 0 ||
                text_same(part, "Unknown") || text_same(part, "Other"))
                continue;
            bool known = country_find(part) != NULL;
            found += known;
            if (!known)
                CHECK_SEEN(known, "line %zu: \"%.*s\"", rows, (int)part.len,
                           (const char *)part.at);
        }
    }
    CHECK_SEEN(found > 60000, "%zu in %zu rows", found, rows);
    gzclose(file);
}

int main(void)
{
    CHECK_VALUES(VALUE_COUNTRY, cases);
    test_codes();
    test_table();
    test_suggestion();
    test_seizures();
    return check_done("country");
}
