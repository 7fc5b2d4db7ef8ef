/* SPDX-License-Identifier: Apache-2.0
 *
 * Bank accounts and banks. Sources: ISO 13616 and SWIFT's IBAN registry (lengths), ISO 7064
 * (the remainder modulo 97), ISO 9362 (BIC).
 */
#include "base/text.h"
#include "record/compact.h"
#include "record/country.h"
#include "record/near.h"
#include "record/value_rows.h"

/* ---- IBAN ------------------------------------------------------------------------ */

enum { IBAN_MIN = 15, IBAN_MAX = 34, IBAN_HEAD = 4, IBAN_CHECK_AT = 2, IBAN_CHECK_LEN = 2 };

/* How long a country's IBANs are. */
/* clang-format off */
static const struct {
    char country[3];
    uint8_t len;
} iban_lengths[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16},
    {"BG", 22}, {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22},
    {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20},
    {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22},
    {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HN", 28}, {"HR", 21},
    {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30},
    {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20},
    {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20},
    {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23},
    {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22},
    {"RU", 33}, {"SA", 24}, {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24},
    {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26},
    {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30},
};
/* clang-format on */

/* 0: not in the registry. */
static size_t iban_country_len(const uint8_t *country)
{
    for (size_t i = 0; i < sizeof iban_lengths / sizeof iban_lengths[0]; i++)
        if (memcmp(iban_lengths[i].country, country, 2) == 0)
            return iban_lengths[i].len;
    return 0;
}

/* User-assigned codes are fiction, of any length; XK is not among them, it is in the table.
 */
static bool iban_is_fiction(const uint8_t *country)
{
    return country[0] == 'X' && iban_country_len(country) == 0;
}

/* The remainder of text from `from` to its end, then its first IBAN_HEAD characters;
 * letters are two digits, A = 10. */
static unsigned iban_remainder(struct bytes text)
{
    unsigned remainder = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[(i + IBAN_HEAD) % text.len];
        remainder = is_digit(c) ? (remainder * 10 + (unsigned)(c - '0')) % 97
                                : (remainder * 100 + (unsigned)(c - 'A') + 10) % 97;
    }
    return remainder;
}

static bool iban_has_form(struct bytes text)
{
    if (text.len < IBAN_MIN || text.len > IBAN_MAX ||
        shape_break("AA99", text) < IBAN_HEAD || !all_plain(text))
        return false;
    size_t len = iban_country_len(text.at);
    return country_is_known(bytes_slice(text, 0, 2)) && (len == 0 || len == text.len);
}

/* Two digits from 02 to 98; 00, 01 and 99 leave the same remainders and are not issued. */
static unsigned iban_check_digits(struct bytes text)
{
    uint8_t copy[IBAN_MAX];
    memcpy(copy, text.at, text.len);
    memcpy(copy + IBAN_CHECK_AT, "00", IBAN_CHECK_LEN);
    return 98 - iban_remainder(bytes_of(copy, text.len));
}

static unsigned iban_given_digits(struct bytes text)
{
    return (unsigned)(text.at[IBAN_CHECK_AT] - '0') * 10 +
           (unsigned)(text.at[IBAN_CHECK_AT + 1] - '0');
}

static bool iban_right(struct bytes text)
{
    return iban_has_form(text) && iban_given_digits(text) == iban_check_digits(text);
}

static bool iban_repair(uint8_t *text, size_t len)
{
    struct bytes whole = bytes_of(text, len);
    if (!iban_has_form(whole))
        return false;
    unsigned digits = iban_check_digits(whole);
    text[IBAN_CHECK_AT] = (uint8_t)('0' + digits / 10);
    text[IBAN_CHECK_AT + 1] = (uint8_t)('0' + digits % 10);
    return true;
}

static void iban_compact(struct compact *compact, struct bytes raw)
{
    compact_init(compact, raw);
    compact_drop_prefix(compact, "IBAN");
}

/* Says what is wrong with the form of an IBAN that has none. */
static void iban_refuse_form(struct value_result *out, struct bytes text, size_t given,
                             struct arena *arena)
{
    if (given < IBAN_HEAD || shape_break("AA99", text) < IBAN_HEAD) {
        verdict_refuse(out, arena,
                       "an IBAN begins with its country's 2 letters and 2 check digits");
        return;
    }
    const char *country = (const char *)text.at;
    size_t len = iban_country_len(text.at);
    if (!country_is_known(bytes_slice(text, 0, 2)))
        verdict_refuse(out, arena, "begins with %.2s, which is no country", country);
    else if (len != 0)
        verdict_refuse(out, arena, "%zu %s: an IBAN of %.2s has %zu", given,
                       plural(given, "character", "characters"), country, len);
    else
        verdict_refuse(out, arena, "%zu %s: an IBAN has 15 to 34", given,
                       plural(given, "character", "characters"));
}

static void iban_clean(struct value_result *out, struct bytes raw,
                       const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct compact compact;
    iban_compact(&compact, raw);
    if (!compact_check(out, &compact, 0, "an IBAN", arena))
        return;
    struct bytes text = compact.text;
    if (!iban_has_form(text)) {
        iban_refuse_form(out, text, compact.len, arena);
        return;
    }
    unsigned expected = iban_check_digits(text);
    if (iban_given_digits(text) != expected) {
        verdict_refuse(out, arena, "the check digits are %.2s, but the rest gives %02u",
                       (const char *)text.at + IBAN_CHECK_AT, expected);
        return;
    }
    struct bytes clean = compact_keep(&compact, text, arena);
    if (iban_country_len(text.at) == 0 && !iban_is_fiction(text.at))
        verdict_doubt(
            out, clean, arena,
            "the check digits are right, but %.2s is not in our table of countries "
            "that have IBANs",
            (const char *)text.at);
    else
        verdict_fine(out, clean);
}

static size_t iban_suggest(struct bytes *out, size_t max, struct bytes raw,
                           struct arena *arena)
{
    static const struct near_rule any_country = {
        .shape = "AA99x",
        .right = iban_right,
        .repair = iban_repair,
        .check_at = IBAN_CHECK_AT,
        .check_len = IBAN_CHECK_LEN,
    };
    struct compact compact;
    iban_compact(&compact, raw);
    struct near_rule rule = any_country;
    if (compact.text.len >= IBAN_HEAD)
        rule.len = iban_country_len(compact.text.at);
    return near_suggest(out, max, &rule, compact.text, arena);
}

const struct value_type value_type_iban = {
    .name = "iban",
    .label = "bank account (IBAN)",
    .ftm = "identifier",
    .clean = iban_clean,
    .suggest = iban_suggest,
};

/* ---- BIC ------------------------------------------------------------------------- */

enum { BIC_LEN = 8, BIC_BRANCH_LEN = 11, BIC_COUNTRY_AT = 4 };

static bool bic_right(struct bytes text)
{
    return (text.len == BIC_LEN || text.len == BIC_BRANCH_LEN) &&
           shape_break("AAAAAA", text) == 6 && all_plain(text) &&
           country_is_known(bytes_slice(text, BIC_COUNTRY_AT, 2));
}

static void bic_clean(struct value_result *out, struct bytes raw,
                      const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct compact compact;
    compact_init(&compact, raw);
    if (!compact_check(out, &compact, 0, "a BIC", arena))
        return;
    struct bytes text = compact.text;
    if (compact.len != BIC_LEN && compact.len != BIC_BRANCH_LEN) {
        verdict_refuse(out, arena, "%zu %s: a BIC has 8, or 11 with the branch",
                       compact.len, plural(compact.len, "character", "characters"));
    } else if (shape_break("AAAAAA", text) < 6) {
        verdict_refuse(out, arena,
                       "a BIC is 4 letters of the bank, 2 of its country, 2 letters "
                       "or digits of the place, and 3 of the branch or none");
    } else if (!bic_right(text)) {
        verdict_refuse(out, arena,
                       "the country, characters 5 and 6, is %.2s, which is none",
                       (const char *)text.at + BIC_COUNTRY_AT);
    } else {
        /* XXX is the head office, as is no branch at all. */
        bool head_office =
            text.len == BIC_BRANCH_LEN && memcmp(text.at + BIC_LEN, "XXX", 3) == 0;
        verdict_fine(out, compact_keep(&compact,
                                       head_office ? bytes_slice(text, 0, BIC_LEN) : text,
                                       arena));
    }
}

static size_t bic_suggest(struct bytes *out, size_t max, struct bytes raw,
                          struct arena *arena)
{
    static const struct near_rule rule = {.shape = "AAAAAA~", .right = bic_right};
    struct compact compact;
    compact_init(&compact, raw);
    return near_suggest(out, max, &rule, compact.text, arena);
}

/* A bank is shared by all its customers. */
static double bic_specificity(struct bytes clean)
{
    (void)clean;
    return 0.3;
}

const struct value_type value_type_bic = {
    .name = "bic",
    .label = "bank (BIC)",
    .ftm = "identifier",
    .clean = bic_clean,
    .specificity = bic_specificity,
    .suggest = bic_suggest,
};
