/* SPDX-License-Identifier: Apache-2.0
 *
 * Handsets (3GPP TS 23.003, with ISO/IEC 7812's Luhn digit) and the fingerprints of files.
 */
#include "base/text.h"
#include "record/compact.h"
#include "record/near.h"
#include "record/value_rows.h"

/* ---- IMEI ------------------------------------------------------------------------ */

enum { IMEI_BODY = 14, IMEI_LEN = 15, IMEISV_LEN = 16 };

/* Every second digit counts twice, and the digits of that are added. */
static uint8_t luhn_digit(const uint8_t *digits, size_t len)
{
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned digit = (unsigned)(digits[i] - '0');
        if ((len - i) % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return (uint8_t)('0' + (10 - sum % 10) % 10);
}

static bool imei_right(struct bytes text)
{
    return text.len == IMEI_LEN && all_digits(text) &&
           !all_same(bytes_slice(text, 0, IMEI_BODY)) &&
           text.at[IMEI_BODY] == luhn_digit(text.at, IMEI_BODY);
}

static bool imei_repair(uint8_t *text, size_t len)
{
    if (len != IMEI_LEN || !all_digits(bytes_of(text, IMEI_BODY)))
        return false;
    text[IMEI_BODY] = luhn_digit(text, IMEI_BODY);
    return true;
}

static void imei_compact(struct compact *compact, struct bytes raw)
{
    compact_init(compact, raw);
    compact_drop_prefix(compact, "IMEI");
    compact_drop_prefix(compact, "SV");
}

static void imei_clean(struct value_result *out, struct bytes raw,
                       const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct compact compact;
    imei_compact(&compact, raw);
    if (!compact_check(out, &compact, 0, "an IMEI", arena))
        return;
    struct bytes text = compact.text;
    if (compact.len < IMEI_BODY || compact.len > IMEISV_LEN) {
        verdict_refuse(out, arena,
                       "%zu character%s: an IMEI has 15 digits, with a software version 16",
                       compact.len, plural(compact.len, "", "s"));
        return;
    }
    if (!all_digits(text)) {
        verdict_refuse(out, arena,
                       "has letters in it: an IMEI is 15 digits, with a software "
                       "version 16");
        return;
    }
    struct bytes body = bytes_slice(text, 0, IMEI_BODY);
    if (all_same(body)) {
        verdict_refuse(out, arena, "one digit over and over stands for no handset");
    } else if (text.len == IMEI_LEN && !imei_right(text)) {
        verdict_refuse(out, arena, "the check digit is %c, but %.*s gives %c",
                       text.at[IMEI_BODY], IMEI_BODY, (const char *)text.at,
                       luhn_digit(text.at, IMEI_BODY));
    } else if (text.len == IMEI_BODY) {
        verdict_doubt(out, compact_keep(&compact, body, arena), arena,
                      "14 digits, without the check digit, which would be %c",
                      luhn_digit(text.at, IMEI_BODY));
    } else {
        verdict_fine(out, compact_keep(&compact, body, arena));
    }
}

static size_t imei_suggest(struct bytes *out, size_t max, struct bytes raw,
                           struct arena *arena)
{
    static const struct near_rule rule = {
        .len = IMEI_LEN,
        .shape = "9",
        .right = imei_right,
        .repair = imei_repair,
        .check_at = IMEI_BODY,
        .check_len = 1,
    };
    struct compact compact;
    imei_compact(&compact, raw);
    /* An IMEISV is right as it is, and one digit longer. */
    if (compact.text.len == IMEISV_LEN && all_digits(compact.text))
        return 0;
    return near_suggest(out, max, &rule, compact.text, arena);
}

const struct value_type value_type_imei = {
    .name = "imei",
    .label = "handset (IMEI)",
    .ftm = "identifier",
    .clean = imei_clean,
    .suggest = imei_suggest,
};

/* ---- Hashes ---------------------------------------------------------------------- */

/* What each hash gives for no bytes at all: it stands for every empty file. */
static const char *const empty_hashes[] = {
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ("cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
     "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"),
};

enum { HASHES = sizeof empty_hashes / sizeof empty_hashes[0] };

static bool hash_has_length(size_t len)
{
    for (size_t i = 0; i < HASHES; i++)
        if (strlen(empty_hashes[i]) == len)
            return true;
    return false;
}

static void hash_clean(struct value_result *out, struct bytes raw,
                       const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct compact compact;
    compact_init(&compact, raw);
    if (!compact_check(out, &compact, 0, "a hash", arena))
        return;
    struct bytes text = compact.text;
    if (!hash_has_length(compact.len)) {
        verdict_refuse(
            out, arena,
            "%zu character%s: a hash has 32 (MD5), 40 (SHA-1), 64 (SHA-256) or 128 "
            "(SHA-512)",
            compact.len, plural(compact.len, "", "s"));
        return;
    }
    uint8_t *lower = arena_alloc(arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        lower[i] = to_lower(text.at[i]);
        if (!is_digit(lower[i]) && !(lower[i] >= 'a' && lower[i] <= 'f')) {
            verdict_refuse(
                out, arena,
                "character %zu is %c: a hash has digits 0 to 9 and letters a to f", i + 1,
                text.at[i]);
            return;
        }
    }
    struct bytes clean = bytes_of(lower, text.len);
    if (all_same(clean)) {
        verdict_refuse(out, arena, "one digit over and over stands for no file");
        return;
    }
    for (size_t i = 0; i < HASHES; i++) {
        if (bytes_is(clean, empty_hashes[i])) {
            verdict_doubt(out, clean, arena, "the hash of an empty file, which all have");
            return;
        }
    }
    verdict_fine(out, clean);
}

const struct value_type value_type_hash = {
    .name = "hash",
    .label = "hash of a file (MD5, SHA-1, SHA-256, SHA-512)",
    .ftm = "checksum",
    .clean = hash_clean,
};
