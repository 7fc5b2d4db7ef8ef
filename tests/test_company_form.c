/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys of companies: two ways to write one name share one; names that are two do not.
 */
#include "record/company_form.h"

#include "base/text.h"
#include "check.h"
#include "record/company_fold.h"

enum share { NONE, WEAK, STRONG };

static const struct {
    const char *a, *b, *state;
    enum share share;
} pairs[] = {
    {"Müller Logistik GmbH", "Mueller Logistik GmbH", "DE", WEAK},
    {"Müller Kestrelhof GmbH", "MUELLER KESTRELHOF G.m.b.H.", "", STRONG},
    {"Jørgensen Shipping A/S", "Joergensen Shipping AS", "DK", WEAK},
    {"Åkerlund Vestervik AB", "Aakerlund Vestervik AB", "", STRONG},
    {"Baker & Sons Ltd", "Baker and Sons Limited", "GB", WEAK},
    {"Pérez y Hijos S.L.", "Perez & Hijos SL", "ES", WEAK},
    {"Grünwald & Söhne GmbH & Co. KG", "Gruenwald und Soehne GmbH", "DE", WEAK},
    {"Dupont et Varmelle SARL", "Dupont & Varmelle S.A.R.L.", "", STRONG},
    {"Zarandeko S.A.", "Zarandeko Sociedad Anónima", "ES", WEAK},
    {"Zarandeko S.A.", "Zarandeko Sociedad Anónima", "", NONE},
    {"ЗАО Газтранс Логистик", "Gaztrans Logistic JSC", "RU", WEAK},
    {"Noordt Fruit Import B.V.", "Noordt Fruit B.V.", "XC", NONE},
    {"Noordt Velero Import B.V.", "Noordt Velero Export B.V.", "XC", WEAK},
    /* Two companies. */
    {"Zarandeko S.A.", "Zarandeko S.L.", "ES", NONE},
    {"Zarandeko S.A.", "Zarandeko", "ES", NONE},
    {"General Trading LLC", "General Trading LLC", "AE", NONE},
    {"Garcia S.L.", "García SL", "ES", NONE},
    {"Malta Ltd", "Malta Limited", "MT", NONE},
    {"BAE Ltd", "BA Ltd", "GB", NONE},
    {"Baker & Sons Ltd", "Baker Sons Marine Ltd", "GB", NONE},
};

/* A key of both? WEAK: with the country alone. */
static enum share shared(const struct company_forms *a, const struct company_forms *b)
{
    enum share share = NONE;
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++) {
            struct bytes value = a->items[i].value;
            if (!bytes_equal(value, b->items[j].value))
                continue;
            enum share own = memchr(value.at, '+', value.len) != NULL ? WEAK : STRONG;
            share = own > share ? own : share;
        }
    return share;
}

static void test_pairs(struct arena *arena)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct company_forms forms[2];
        const char *const texts[] = {pairs[i].a, pairs[i].b};
        for (size_t k = 0; k < 2; k++) {
            struct name name;
            name_fold(&name, bytes_text(texts[k]), NAME_COMPANY, arena);
            company_forms_make(&forms[k], &name, bytes_text(pairs[i].state), arena);
            for (size_t f = 0; f < forms[k].count; f++)
                CHECK_SEEN(forms[k].items[f].bits >= 16, "%s", texts[k]);
        }
        CHECK_SEEN(shared(&forms[0], &forms[1]) == pairs[i].share, "%s, %s: %d", pairs[i].a,
                   pairs[i].b, (int)shared(&forms[0], &forms[1]));
    }
}

static const struct {
    const char *word, *folded;
} words[] = {
    {"mueller", "muler"},      {"muller", "muler"},   {"joergensen", "jorgensen"},
    {"aakerlund", "akerlund"}, {"bae", "bae"},        {"duo", "duo"},
    {"logistic", "logistik"},  {"chico", "chiko"},    {"celta", "celta"},
    {"quick", "kuik"},         {"philips", "filips"}, {"wyatt", "viat"},
    {"maxim", "maksim"},       {"noordt", "noordt"},  {"atto", "atto"},
    {"2000", "2000"},          {"11ck", "11k"},       {"", ""},
};

static void test_words(struct arena *arena)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        CHECK_TEXT(company_word_fold(bytes_text(words[i].word), arena), words[i].folded);
    CHECK(company_word_joins(BYTES_OF("und")) && !company_word_joins(BYTES_OF("unda")));
}

/* Whatever the bytes, what comes out is bounded. */
static void test_any(struct arena *arena)
{
    uint8_t text[40];
    uint32_t state = 20261127;
    for (int i = 0; i < 20000; i++) {
        size_t len = 0;
        for (; len < sizeof text; len++) {
            state = state * 1664525 + 1013904223;
            text[len] =
                (uint8_t)(state >> 29 == 0 ? state >> 16 : 'a' + (state >> 16) % 26);
            if (state >> 24 < 24)
                break;
        }
        struct bytes once = company_word_fold(bytes_of(text, len), arena);
        CHECK(once.len <= 2 * len);
        arena_reset(arena);
    }
}

int main(void)
{
    struct arena arena = {0};
    test_pairs(&arena);
    test_words(&arena);
    test_any(&arena);
    arena_release(&arena);
    return check_done("company-form");
}
