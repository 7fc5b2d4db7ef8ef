/* SPDX-License-Identifier: Apache-2.0
 *
 * FollowTheMoney's closed lists: gender, language, topic. The lists are facts from its
 * model.
 */
#include "base/text.h"
#include "record/latin.h"
#include "record/value_rows.h"
#include "record/value_tools.h"
#include "record/verdict.h"

enum { WORD_MAX = 16 };

/* The text's letters folded to ASCII; 0 when it is longer than any word of the lists. */
static size_t fold_word(char out[WORD_MAX], struct bytes text)
{
    size_t len = 0;
    uint32_t point;
    while (utf8_next(&point, &text)) {
        char folded[2];
        int count = latin_fold(folded, point);
        if (count == LATIN_OTHER)
            continue;
        if (len + (size_t)count >= WORD_MAX)
            return 0;
        memcpy(out + len, folded, (size_t)count);
        len += (size_t)count;
    }
    out[len] = '\0';
    return len;
}

/* ---- gender ---- */

static const struct {
    const char *word, *gender;
} gender_words[] = {
    {"male", "male"},        {"m", "male"},          {"man", "male"},
    {"h", "male"},           {"hombre", "male"},     {"homme", "male"},
    {"homem", "male"},       {"masculino", "male"},  {"masculin", "male"},
    {"masculine", "male"},   {"masc", "male"},       {"varon", "male"},
    {"female", "female"},    {"f", "female"},        {"woman", "female"},
    {"mujer", "female"},     {"femme", "female"},    {"mulher", "female"},
    {"femenino", "female"},  {"feminin", "female"},  {"feminino", "female"},
    {"feminine", "female"},  {"fem", "female"},      {"other", "other"},
    {"otro", "other"},       {"otra", "other"},      {"autre", "other"},
    {"outro", "other"},      {"outra", "other"},     {"x", "other"},
    {"nonbinary", "other"},  {"nobinario", "other"}, {"nonbinaire", "other"},
    {"naobinario", "other"}, {"diverse", "other"},
};

/* Where Spanish is official, files write H and M for hombre and mujer. */
static bool speaks_spanish(const char *country)
{
    static const char *const countries[] = {"ar", "bo", "cl", "co", "cr", "cu", "do",
                                            "ec", "es", "gq", "gt", "hn", "mx", "ni",
                                            "pa", "pe", "pr", "py", "sv", "uy", "ve"};
    for (size_t i = 0; country != NULL && i < sizeof countries / sizeof *countries; i++)
        if (strcmp(country, countries[i]) == 0)
            return true;
    return false;
}

static void gender_clean(struct value_result *out, struct bytes raw,
                         const struct value_hint *hint, struct arena *arena)
{
    char word[WORD_MAX];
    if (text_same(raw, "m") && hint != NULL && speaks_spanish(hint->country)) {
        verdict_refuse(
            out, arena,
            "\"M\" is a man in a passport and a woman (mujer) beside H; write male or "
            "female");
        return;
    }
    size_t len = fold_word(word, raw);
    for (size_t i = 0; len > 0 && i < sizeof gender_words / sizeof *gender_words; i++) {
        if (strcmp(word, gender_words[i].word) == 0) {
            verdict_fine(out, bytes_text(gender_words[i].gender));
            return;
        }
    }
    verdict_refuse(out, arena, "\"%s\" is no gender we know; write male, female or other",
                   value_shown(raw, arena));
}

const struct value_type value_type_gender = {
    .name = "gender",
    .label = "gender",
    .ftm = "gender",
    .clean = gender_clean,
    .specificity = value_says_nothing,
};

/* ---- language ---- */

/* ISO 639-3, 639-1 and, where it differs, 639-2/B. */
/* clang-format off */
static const struct {
    const char *code, *two_letters, *other;
} languages[] = {
    {"afr", "af", ""}, {"ara", "ar", ""}, {"aze", "az", ""}, {"bel", "be", ""},
    {"ben", "bn", ""}, {"bos", "bs", ""}, {"bul", "bg", ""}, {"cat", "ca", ""},
    {"ces", "cs", "cze"}, {"cnr", "", ""}, {"dan", "da", ""}, {"deu", "de", "ger"},
    {"ell", "el", "gre"}, {"eng", "en", ""}, {"est", "et", ""}, {"fas", "fa", "per"},
    {"fil", "", ""}, {"fin", "fi", ""}, {"fra", "fr", "fre"}, {"heb", "he", ""},
    {"hin", "hi", ""}, {"hrv", "hr", ""}, {"hun", "hu", ""}, {"hye", "hy", "arm"},
    {"ind", "id", ""}, {"isl", "is", "ice"}, {"ita", "it", ""}, {"jpn", "ja", ""},
    {"kan", "kn", ""}, {"kat", "ka", "geo"}, {"kaz", "kk", ""}, {"khm", "km", ""},
    {"kir", "ky", ""}, {"kor", "ko", ""}, {"lav", "lv", ""}, {"lit", "lt", ""},
    {"ltz", "lb", ""}, {"mkd", "mk", "mac"}, {"mlt", "mt", ""}, {"mon", "mn", ""},
    {"msa", "ms", "may"}, {"mya", "my", "bur"}, {"nep", "ne", ""}, {"nld", "nl", "dut"},
    {"nor", "no", ""}, {"nor", "nb", "nob"}, {"nor", "nn", "nno"}, {"pol", "pl", ""},
    {"por", "pt", ""}, {"ron", "ro", "rum"}, {"rus", "ru", ""}, {"slk", "sk", "slo"},
    {"slv", "sl", ""}, {"spa", "es", ""}, {"sqi", "sq", "alb"}, {"srp", "sr", ""},
    {"swa", "sw", ""}, {"swe", "sv", ""}, {"tgk", "tg", ""}, {"tgl", "tl", ""},
    {"tuk", "tk", ""}, {"tur", "tr", ""}, {"ukr", "uk", ""}, {"urd", "ur", ""},
    {"uzb", "uz", ""}, {"zho", "zh", "chi"},
};
/* clang-format on */

static void language_clean(struct value_result *out, struct bytes raw,
                           const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct bytes rest = raw, code;
    if (text_next_word(&code, &rest, "-_")) { /* "pt-BR" is Portuguese */
        for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
            if (text_same(code, languages[i].code) ||
                text_same(code, languages[i].two_letters) ||
                text_same(code, languages[i].other)) {
                verdict_fine(out, bytes_text(languages[i].code));
                return;
            }
        }
    }
    verdict_refuse(
        out, arena,
        "\"%s\" is no language code we know; write three letters of ISO 639-3 (spa) or "
        "two of ISO 639-1 (es)",
        value_shown(raw, arena));
}

const struct value_type value_type_language = {
    .name = "language",
    .label = "language (ISO 639)",
    .ftm = "language",
    .clean = language_clean,
    .specificity = value_says_nothing,
};

/* ---- topic ---- */

/* Sorted. "adivsor" is FollowTheMoney's own slip and so the code. */
/* clang-format off */
static const char *const topics[] = {
    "asset.frozen", "corp.disqual", "corp.offshore", "corp.public", "corp.shell",
    "crime", "crime.boss", "crime.cyber", "crime.env", "crime.fin", "crime.fraud",
    "crime.terror", "crime.theft", "crime.traffick", "crime.traffick.drug",
    "crime.traffick.human", "crime.war", "debarment", "export.control",
    "export.control.linked", "export.risk", "fin", "fin.adivsor", "fin.bank",
    "fin.fund", "forced.labor", "gov", "gov.admin", "gov.executive", "gov.financial",
    "gov.head", "gov.igo", "gov.judicial", "gov.legislative", "gov.muni",
    "gov.national", "gov.religion", "gov.security", "gov.soe", "gov.state",
    "mare.detained", "mare.shadow", "mare.sts", "mil", "poi", "pol.party", "pol.union",
    "reg.action", "reg.warn", "rel", "role.acct", "role.act", "role.civil",
    "role.diplo", "role.journo", "role.judge", "role.lawyer", "role.lobby",
    "role.oligarch", "role.pep", "role.pol", "role.rca", "role.spy", "sanction",
    "sanction.counter", "sanction.linked", "wanted",
};
/* clang-format on */

enum { TOPICS = sizeof topics / sizeof *topics };

static void topic_clean(struct value_result *out, struct bytes raw,
                        const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    for (size_t i = 0; i < TOPICS; i++) {
        if (text_same(raw, topics[i])) {
            verdict_fine(out, bytes_text(topics[i]));
            return;
        }
    }
    const char *near = text_nearest(raw, topics, TOPICS);
    verdict_refuse(out, arena, "\"%s\" is none of FollowTheMoney's topics%s%s%s",
                   value_shown(raw, arena),
                   near ? "; did you mean " : ", as crime.traffick.drug", near ? near : "",
                   near ? "?" : "");
}

const struct value_type value_type_topic = {
    .name = "topic",
    .label = "topic",
    .ftm = "topic",
    .clean = topic_clean,
    .specificity = value_says_nothing,
};
