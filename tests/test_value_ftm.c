/* SPDX-License-Identifier: Apache-2.0 */
#include "value_cases.h"

#include "record/record.h"

static const struct value_case names[] = {
    {"Elske van Noordt", VALUE_FINE, "Elske van Noordt"},
    {"  Elske \t van\n Noordt ", VALUE_FINE, "Elske van Noordt"},
    {"Elske\u00a0van\u3000Noordt", VALUE_FINE, "Elske van Noordt"},
    {"\"Noordt Fruit\"", VALUE_FINE, "Noordt Fruit"},
    {"“Noordt «Fruit»”", VALUE_FINE, "Noordt «Fruit»"},
    {"'\"Noordt\"'", VALUE_FINE, "Noordt"},
    {"ООО «Ромашка»", VALUE_FINE, "ООО «Ромашка»"},
    {"El\x01ske\u200b \u202eNoordt\u202c", VALUE_FINE, "Elske Noordt"},
    {"محمد", VALUE_FINE, "محمد"},
    {"می\u200cخواهم", VALUE_FINE, "می\u200cخواهم"},
    {"O'Brien", VALUE_FINE, "O'Brien"},
    {"360", VALUE_FINE, "360"},
    {"\"Unknown\"", VALUE_MISSING, NULL, "not known"},
    {"\x01n/a", VALUE_MISSING, NULL, "not known"},
    {"+++", VALUE_INVALID, NULL, "no letter"},
    {"\"\"", VALUE_INVALID, NULL, "no letter"},
    {"“”…", VALUE_INVALID, NULL, "no letter"},
};

static const struct value_case addresses[] = {
    {"Kade 12, 1011 Nordhaven", VALUE_FINE, "Kade 12, 1011 Nordhaven"},
    {"Kade 12\r\n1011  Nordhaven\n", VALUE_FINE, "Kade 12, 1011 Nordhaven"},
    {"Kade 12,\n\n1011 Nordhaven", VALUE_FINE, "Kade 12, 1011 Nordhaven"},
    {"Kade\t12", VALUE_FINE, "Kade 12"},
    {", -", VALUE_INVALID, NULL, "no postal address"},
};

static const struct value_case identifiers[] = {
    {"12 345-678", VALUE_FINE, "12 345-678"},
    {" 12  345\u00a0678 ", VALUE_FINE, "12 345 678"},
    {"7", VALUE_FINE, "7"},
    {"#/#", VALUE_INVALID, NULL, "no letter"},
};

static const struct value_case entities[] = {
    {"XA-SZ-2026-0041", VALUE_FINE, "XA-SZ-2026-0041"},
    {"6d03aec76fdeec8f9697d8b19954ab6fc2568bc8", VALUE_FINE,
     "6d03aec76fdeec8f9697d8b19954ab6fc2568bc8"},
    {"a.b:c/d_é", VALUE_FINE, "a.b:c/d_é"},
    {"two words", VALUE_INVALID, NULL, "no blanks"},
    {"two\u00a0words", VALUE_INVALID, NULL, "no blanks"},
    {"a\x01", VALUE_INVALID, NULL, "no blanks"},
};

static const struct value_case numbers[] = {
    {"1182.4", VALUE_FINE, "1182.4"},
    {"490.0", VALUE_FINE, "490"},
    {"007", VALUE_FINE, "7"},
    {"+5", VALUE_FINE, "5"},
    {"-0.50", VALUE_FINE, "-0.5"},
    {"-0", VALUE_FINE, "0"},
    {".5", VALUE_FINE, "0.5"},
    {"5.", VALUE_FINE, "5"},
    {"0.000", VALUE_FINE, "0"},
    {"1 234 567.8", VALUE_FINE, "1234567.8"},
    {"1\u202f234", VALUE_FINE, "1234"},
    {"1'234", VALUE_FINE, "1234"},
    {"123456789012345678901234567890.12", VALUE_FINE, "123456789012345678901234567890.12"},
    {"1.5e3", VALUE_FINE, "1500"},
    {"4.2E+11", VALUE_FINE, "420000000000"},
    {"1.5e-3", VALUE_FINE, "0.0015"},
    {"1,234.5", VALUE_FINE, "1234.5", NULL},
    {"1234,5", VALUE_FINE, "1234.5", NULL},
    {"1,234", VALUE_INVALID, NULL, "comma"},
    {"1,23,4.5", VALUE_INVALID, NULL, "comma"},
    {"1.234.567", VALUE_INVALID, NULL, "no number"},
    {"1 23", VALUE_INVALID, NULL, "no number"},
    {"1234 567", VALUE_INVALID, NULL, "no number"},
    {"1 234 ", VALUE_FINE, "1234"},
    {"6.2 kg", VALUE_INVALID, NULL, "no unit"},
    {"+", VALUE_INVALID, NULL, "no number"},
    {"-.,", VALUE_INVALID, NULL, "comma"},
    {"1e999", VALUE_INVALID, NULL, "no number"},
    {"0x10", VALUE_INVALID, NULL, "no number"},
    {"nan", VALUE_MISSING},
    {"inf", VALUE_INVALID, NULL, "no number"},
};

static const struct value_case checksums[] = {
    {"DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", VALUE_FINE,
     "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    {"da39a3ee5e6b4b0d3255bfef95601890afd8070", VALUE_INVALID, NULL, "40"},
    {"da39a3ee5e6b4b0d3255bfef95601890afd8070g", VALUE_INVALID, NULL, "40"},
};

static const struct value_case mimetypes[] = {
    {"application/pdf", VALUE_FINE, "application/pdf"},
    {"Text/HTML; charset=UTF-8", VALUE_FINE, "text/html"},
    {"image/svg+xml", VALUE_FINE, "image/svg+xml"},
    {"pdf", VALUE_INVALID, NULL, "slash"},
    {"a/b/c", VALUE_INVALID, NULL, "slash"},
    {"/b", VALUE_INVALID, NULL, "slash"},
    {"a/", VALUE_INVALID, NULL, "slash"},
    {"a b/c", VALUE_INVALID, NULL, "slash"},
    {";", VALUE_INVALID, NULL, "slash"},
};

static const struct value_case genders[] = {
    {"male", VALUE_FINE, "male"},
    {"F", VALUE_FINE, "female"},
    {"M", VALUE_FINE, "male"},
    {"M", VALUE_FINE, "male", .country = "pt"},
    {"H", VALUE_FINE, "male", .country = "mx"},
    {"Mujer", VALUE_FINE, "female", .country = "mx"},
    {"M", VALUE_INVALID, NULL, "mujer", .country = "mx"},
    {"varón", VALUE_FINE, "male"},
    {"FÉMININ", VALUE_FINE, "female"},
    {"mulher", VALUE_FINE, "female"},
    {"X", VALUE_FINE, "other"},
    {"non-binary", VALUE_FINE, "other"},
    {"não-binário", VALUE_FINE, "other"},
    {"7", VALUE_INVALID, NULL, "male, female or other"},
    {"+", VALUE_INVALID, NULL, "male, female or other"},
    {"a very long word indeed", VALUE_INVALID, NULL, "male, female or other"},
};

static const struct value_case languages[] = {
    {"spa", VALUE_FINE, "spa"},   {"ES", VALUE_FINE, "spa"},
    {"pt-BR", VALUE_FINE, "por"}, {"ger", VALUE_FINE, "deu"},
    {"nb_NO", VALUE_FINE, "nor"}, {"zz", VALUE_INVALID, NULL, "639"},
    {"+", VALUE_INVALID, NULL},   {"Spanish", VALUE_INVALID, NULL, "639"},
};

static const struct value_case topics[] = {
    {"crime.traffick.drug", VALUE_FINE, "crime.traffick.drug"},
    {"Role.PEP", VALUE_FINE, "role.pep"},
    {"fin.adivsor", VALUE_FINE, "fin.adivsor"},
    {"crime.traffick.drugs", VALUE_INVALID, NULL, "did you mean crime.traffick.drug?"},
    {"zzzzzzzzzzzz", VALUE_INVALID, NULL, "as crime.traffick.drug"},
};

static const struct value_case kept[] = {
    {"any  thing \"at all\"", VALUE_FINE, "any  thing \"at all\""},
    {"<p>1 < 2</p>", VALUE_FINE, "<p>1 < 2</p>"},
    {"{\"a\": [1, 2", VALUE_FINE, "{\"a\": [1, 2"},
};

static void test_likeness(void)
{
    static const struct {
        enum value_kind kind;
        const char *a, *b;
        double likeness;
    } cases[] = {
        {VALUE_NAME, "Élske  VAN-Noordt", "elske van noordt", 1},
        {VALUE_NAME, "Elske van Noordt", "Elske Noordt", 0},
        {VALUE_NAME, "Jean Paul", "Jeanpaul", 0},
        {VALUE_NAME, "Иванов", "Иванов", 1},
        {VALUE_NAME, "Иванов", "Петров", 0},
        {VALUE_NAME, "Noordt 1", "Noordt 2", 0},
        {VALUE_ADDRESS, "Kade 12, Nordhaven", "NORDHAVEN, Kade 12", 1},
        {VALUE_ADDRESS, "Kade 12, Nordhaven", "Kade 12", 2.0 / 3},
        {VALUE_ADDRESS, "Kade 12", "Laan 3", 0},
        {VALUE_IDENTIFIER, "12 345-678", "12345678", 1},
        {VALUE_IDENTIFIER, "nl-12345678", "NL12345678", 1},
        {VALUE_IDENTIFIER, "NL0012345678", "0012345678", 0.8},
        {VALUE_IDENTIFIER, "NL1234567", "1234567", 0.8 * 0.5},
        {VALUE_IDENTIFIER, "12345", "123", 0},
        {VALUE_IDENTIFIER, "12345678", "12345679", 0},
        {VALUE_CHECKSUM, "ab", "ab", 1},
        {VALUE_TOPIC, "crime", "mil", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes a = bytes_text(cases[i].a), b = bytes_text(cases[i].b);
        double there = value_compare(cases[i].kind, a, b);
        CHECK_SEEN(there == cases[i].likeness, "%s, %s: %g", cases[i].a, cases[i].b, there);
        CHECK_SEEN(there == value_compare(cases[i].kind, b, a), "%s, %s", cases[i].b,
                   cases[i].a);
    }
}

static void test_specificity(void)
{
    static const struct {
        enum value_kind kind;
        const char *clean;
        double specificity;
    } cases[] = {
        {VALUE_NAME, "abc", 0},
        {VALUE_NAME, "abcdefghijklmn", 11.0 / 47},
        {VALUE_ADDRESS, "Kade 12 Nordhaven", 7.0 / 50},
        {VALUE_IDENTIFIER, "1234", 0},
        {VALUE_IDENTIFIER, "1234567", 0.5},
        {VALUE_IDENTIFIER, "1234567890", 1},
        {VALUE_CHECKSUM, "x", 1},
        {VALUE_ENTITY, "x", 1},
        {VALUE_GENDER, "male", 0},
        {VALUE_LANGUAGE, "spa", 0},
        {VALUE_TOPIC, "crime", 0},
        {VALUE_NUMBER, "1234567890", 0},
        {VALUE_STRING, "1234567890", 0},
        {VALUE_TEXT, "1234567890", 0},
        {VALUE_HTML, "1234567890", 0},
        {VALUE_JSON, "1234567890", 0},
        {VALUE_MIMETYPE, "a/b", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double seen = value_specificity(cases[i].kind, bytes_text(cases[i].clean));
        CHECK_SEEN(seen == cases[i].specificity, "%s: %g", cases[i].clean, seen);
    }
}

/* Texts at and over the limits: no stack, no table and no time may give way. */
static void test_long(void)
{
    enum { LONG = VALUE_TEXT_MAX };
    struct arena arena = {0};
    struct value_result result;
    char *text = malloc(LONG);
    memset(text, '\'', LONG);
    value_clean(&result, VALUE_NAME, bytes_of(text, LONG), NULL, &arena);
    CHECK(result.grade == VALUE_INVALID);
    memset(text, '1', LONG);
    value_clean(&result, VALUE_NUMBER, bytes_of(text, LONG), NULL, &arena);
    CHECK(result.grade == VALUE_FINE && result.clean.len == LONG);
    memset(text, 'a', LONG);
    CHECK(value_compare(VALUE_NAME, bytes_of(text, LONG), bytes_of(text, LONG)) == 1);
    CHECK(value_compare(VALUE_NAME, bytes_of(text, LONG), bytes_of(text, LONG - 1)) == 0);
    value_clean(&result, VALUE_ENTITY, bytes_of(text, RECORD_ID_MAX - 1), NULL, &arena);
    CHECK(result.grade == VALUE_FINE);
    value_clean(&result, VALUE_ENTITY, bytes_of(text, RECORD_ID_MAX), NULL, &arena);
    CHECK(result.grade == VALUE_INVALID);
    for (size_t i = 0; i < LONG; i += 2)
        text[i] = '\n';
    value_clean(&result, VALUE_ADDRESS, bytes_of(text, LONG / 2), NULL, &arena);
    CHECK(result.grade == VALUE_FINE);
    CHECK(value_compare(VALUE_ADDRESS, result.clean, result.clean) == 1);
    free(text);
    arena_release(&arena);
}

int main(void)
{
    CHECK_VALUES(VALUE_NAME, names);
    CHECK_VALUES(VALUE_ADDRESS, addresses);
    CHECK_VALUES(VALUE_IDENTIFIER, identifiers);
    CHECK_VALUES(VALUE_ENTITY, entities);
    CHECK_VALUES(VALUE_NUMBER, numbers);
    CHECK_VALUES(VALUE_CHECKSUM, checksums);
    CHECK_VALUES(VALUE_MIMETYPE, mimetypes);
    CHECK_VALUES(VALUE_GENDER, genders);
    CHECK_VALUES(VALUE_LANGUAGE, languages);
    CHECK_VALUES(VALUE_TOPIC, topics);
    CHECK_VALUES(VALUE_STRING, kept);
    CHECK_VALUES(VALUE_TEXT, kept);
    CHECK_VALUES(VALUE_HTML, kept);
    CHECK_VALUES(VALUE_JSON, kept);
    test_likeness();
    test_specificity();
    test_long();
    return check_done("value_ftm");
}
