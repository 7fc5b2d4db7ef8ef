/* SPDX-License-Identifier: Apache-2.0 */
#include "record/name.h"
#include "record/name_words.h"

#include "check.h"

static void test_folding(void)
{
    static const struct {
        enum name_kind kind;
        const char *text, *folded;
    } cases[] = {
        {NAME_PERSON, "Tomás Alvear Quiroz", "alvear quiroz tomas"},
        {NAME_PERSON, "ALVEAR QUIROZ, Tomas", "alvear quiroz tomas"},
        {NAME_PERSON, "Élske van Noordt", "elske noordt"},
        {NAME_PERSON, "Idrissa da Costa Luar", "costa idrissa luar"},
        {NAME_PERSON, "Dr. Seán O'Brien", "obrien sean"},
        {NAME_PERSON, "Seán O\u2019Brien", "obrien sean"},
        {NAME_PERSON, "Jean-Luc Dupont", "dupont jean luc"},
        {NAME_PERSON, "J. R. Smith", "j r smith"},
        {NAME_PERSON, "Владимир Петров", "petrov vladimir"},
        {NAME_PERSON, "Νικόλαος", "nikolaos"},
        {NAME_PERSON, "Suharto", "suharto"},
        {NAME_PERSON, "Ana Ana", "ana"},
        {NAME_PERSON, "van der", "der van"}, /* nothing else is left: kept */
        {NAME_PERSON, "", ""},
        {NAME_PERSON, " - ", ""},
        {NAME_COMPANY, "NOORDT FRUIT IMPORT B.V.", "fruit import noordt"},
        {NAME_COMPANY, "Noordt Fruit Import", "fruit import noordt"},
        {NAME_COMPANY, "Noordt Fruit Import BV", "fruit import noordt"},
        {NAME_COMPANY, "noordt fruit import b. v.", "fruit import noordt"},
        {NAME_COMPANY, "Müller & Söhne GmbH & Co. KG", "muller sohne"},
        {NAME_COMPANY, "ООО «Ромашка»", "romashka"},
        {NAME_COMPANY, "Comercial Puerto Velero, S.A. de C.V.", "comercial puerto velero"},
        {NAME_COMPANY, "Limited", "limited"},
        {NAME_COMPANY, "Besloten Vennootschap Noordt Fruit", "fruit noordt"},
        {NAME_COMPANY, "Velero Aktiengeselschaft", "velero"}, /* misspelt */
        {NAME_COMPANY, "Velero Spółka z ograniczoną odpowiedzialnością", "velero"},
        {NAME_COMPANY, "Общество с ограниченной ответственностью Ромашка", "romashka"},
        {NAME_COMPANY, "PT Velero Jaya Tbk", "jaya velero"},
        {NAME_COMPANY, "Velero Joint Stock Company", "velero"},
        {NAME_COMPANY, "Companion Velero", "companion velero"}, /* no form */
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct name name;
        name_fold(&name, bytes_text(cases[i].text), cases[i].kind, &arena);
        struct bytes folded = name_folded(&name, &arena);
        CHECK_SEEN(bytes_is(folded, cases[i].folded), "%s: %.*s", cases[i].text,
                   (int)folded.len, folded.len ? (const char *)folded.at : "");
    }
    arena_release(&arena);
}

/* A form in the writing of its country is no part of the name. */
static void test_forms_in_scripts(void)
{
    static const struct {
        const char *with, *without;
    } cases[] = {
        {"北京龙腾贸易有限公司", "北京龙腾贸易"},
        {"北京龍騰貿易股份有限公司", "北京龍騰貿易"},
        {"北京龙腾贸易有限责任公司", "北京龙腾贸易"},
        {"株式会社青空商事", "青空商事"},
        {"青空商事株式会社", "青空商事"},
        {"(株)青空商事", "青空商事"},
        {"青空商事㈱", "青空商事"},
        {"有限会社青空商事", "青空商事"},
        {"青空商事合同会社", "青空商事"},
        {"주식회사 푸른하늘", "푸른하늘"},
        {"푸른하늘주식회사", "푸른하늘"},
        {"(주)푸른하늘", "푸른하늘"},
        {"㈜푸른하늘", "푸른하늘"},
        {"푸른하늘 유한회사", "푸른하늘"},
        {"شركة النور الذهبي ذ.م.م", "النور الذهبي"},
        {"النور الذهبي ذ.م.م.", "النور الذهبي"},
        {"النور الذهبي ذ م م", "النور الذهبي"},
        {"النور الذهبي ش.م.م", "النور الذهبي"},
        {"النور الذهبي ش.م.ك", "النور الذهبي"},
        {"النور الذهبي ش.م.ك.ع", "النور الذهبي"},
        {"النور الذهبي ش.م.ل", "النور الذهبي"},
        {"النور الذهبي ش.ذ.م.م", "النور الذهبي"},
        {"النور الذهبي ذات مسؤولية محدودة", "النور الذهبي"},
        {"שטראוס זהב בע\"מ", "שטראוס זהב"},
        {"שטראוס זהב בע״מ", "שטראוס זהב"},
        {"חברת שטראוס זהב בע\"מ", "שטראוס זהב"},
        {"บริษัท ปลาทอง จำกัด", "ปลาทอง"},
        {"บริษัทปลาทองจำกัด (มหาชน)", "ปลาทอง"},
        {"ห้างหุ้นส่วนจำกัด ปลาทอง", "ปลาทอง"},
        {"Χρυσά Φρούτα Α.Ε.", "Χρυσά Φρούτα"},
        {"Χρυσά Φρούτα Ε.Π.Ε.", "Χρυσά Φρούτα"},
        {"Χρυσά Φρούτα Μονοπρόσωπη Ι.Κ.Ε.", "Χρυσά Φρούτα"},
        {"Χρυσά Φρούτα Α.Β.Ε.Ε.", "Χρυσά Φρούτα"},
        {"Χρυσά Φρούτα Ε.Ε.", "Χρυσά Φρούτα"},
        {"Velero Quintarro A/S", "Velero Quintarro"},
        {"Velero Quintarro I/S", "Velero Quintarro"},
        {"Velero Quintarro C.A.", "Velero Quintarro"},
        {"Velero Quintarro CA", "Velero Quintarro"},
        {"Velero Quintarro SARL AU", "Velero Quintarro"},
        {"Stiftung Velero Quintarro", "Velero Quintarro"},
        {"Velero-Quintarro-Stiftung", "Velero Quintarro"},
        {"लक्ष्मी शर्मा प्राइवेट लिमिटेड", "लक्ष्मी शर्मा"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct name with, without;
        name_fold(&with, bytes_text(cases[i].with), NAME_COMPANY, &arena);
        name_fold(&without, bytes_text(cases[i].without), NAME_COMPANY, &arena);
        struct bytes a = name_folded(&with, &arena), b = name_folded(&without, &arena);
        CHECK_SEEN(with.has_legal_form && !without.has_legal_form && bytes_equal(a, b),
                   "%s: %.*s", cases[i].with, (int)a.len, (const char *)a.at);
    }
    /* Nothing but a form is a name; so is a form inside one. */
    static const char *const whole[] = {"株式会社", "有限公司", "龙有限公司腾"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        struct name name;
        name_fold(&name, bytes_text(whole[i]), NAME_COMPANY, &arena);
        CHECK_SEEN(name.count > 1 && !name.has_legal_form, "%s", whole[i]);
    }
    arena_release(&arena);
}

static void test_limits(void)
{
    struct arena arena = {0};
    struct name name;
    char long_text[NAME_TEXT_MAX + 2];
    memset(long_text, 'a', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    name_fold(&name, bytes_text(long_text), NAME_PERSON, &arena);
    CHECK(name.count == 0);
    char many[3 * (NAME_TOKENS_MAX + 1) + 1];
    for (int i = 0; i <= NAME_TOKENS_MAX; i++)
        memcpy(many + 3 * i, (char[]){(char)('a' + i), 'z', ' ', 0}, 4);
    name_fold(&name, bytes_text(many), NAME_PERSON, &arena);
    CHECK(name.count == 0);
    arena_release(&arena);
}

static void test_bits(void)
{
    struct arena arena = {0};
    struct name common, rare, company;
    name_fold(&common, BYTES_OF("Maria"), NAME_PERSON, &arena);
    name_fold(&rare, BYTES_OF("Elske"), NAME_PERSON, &arena);
    CHECK(common.bits[0] < rare.bits[0]);
    name_fold(&company, BYTES_OF("Noordt Fruit Import B.V."), NAME_COMPANY, &arena);
    CHECK(company.has_legal_form);
    double bits = 0;
    for (size_t i = 0; i < company.count; i++)
        bits += company.bits[i];
    CHECK_SEEN(bits >= 16, "%f", bits);
    CHECK(name_birth_date_bits(BYTES_OF("1970-01-01")) <
          name_birth_date_bits(BYTES_OF("1970-02-01")));
    CHECK(name_birth_date_bits(BYTES_OF("1970-02-01")) <
          name_birth_date_bits(BYTES_OF("1970-02-03")));
    arena_release(&arena);
}

static void test_tables_are_sorted(void)
{
    static const struct name_words *const tables[] = {&name_particles, &name_common_tokens,
                                                      &name_company_words};
    for (size_t t = 0; t < 3; t++) {
        bool sorted = true;
        for (size_t i = 1; i < tables[t]->count; i++)
            sorted = sorted &&
                     strcmp(tables[t]->words[i - 1].text, tables[t]->words[i].text) < 0;
        CHECK_SEEN(sorted, "table %zu", t);
    }
}

static void test_legal_forms(void)
{
    bool sorted = true;
    for (size_t i = 1; i < legal_form_count; i++)
        sorted = sorted && strcmp(legal_forms[i - 1].words, legal_forms[i].words) < 0;
    CHECK(sorted);
    CHECK(legal_form_kind(NULL) == LEGAL_EITHER);
    char seen[26 * 26] = {0};
    size_t countries = 0;
    for (size_t i = 0; i < legal_form_count; i++)
        for (const char *at = legal_forms[i].countries; at[0] != '\0' && at[1] != '\0';
             at += at[2] == ' ' ? 3 : 2) {
            CHECK_SEEN(at[0] >= 'A' && at[0] <= 'Z' && at[1] >= 'A' && at[1] <= 'Z', "%s",
                       legal_forms[i].words);
            char *mark = &seen[(at[0] - 'A') * 26 + at[1] - 'A'];
            countries += *mark == 0;
            *mark = 1;
        }
    CHECK_SEEN(countries >= 40, "%zu countries", countries);
}

int main(void)
{
    test_legal_forms();
    test_folding();
    test_forms_in_scripts();
    test_limits();
    test_bits();
    test_tables_are_sorted();
    return check_done("name");
}
