/* SPDX-License-Identifier: Apache-2.0
 *
 * Phone numbers to E.164.
 *
 *     +57 601 555-0188     in full: plus or 00, the calling code, the number
 *     601 555 0188         as dialled at home: read with the country of the record
 *     +999 55 010 7788     a calling code that is nobody's: kept, with a warning
 *     999 55 010 7788      in XA to XZ, where fiction lives, 999 is the calling code
 *
 * First the text becomes digits and what was said beside them, then the numbering plan is
 * asked.
 */
#include "base/text.h"
#include "record/compact.h"
#include "record/country.h"
#include "record/phone.h"
#include "record/value_rows.h"
#include "record/value_tools.h"
#include "record/verdict.h"

enum {
    E164_DIGITS_MIN = 7,
    E164_DIGITS_MAX = 15,
    DIGITS_MAX = 20,
    EXTENSION_DIGITS_MAX = 8
};

struct dialled {
    char digits[1 + DIGITS_MAX + 1]; /* with "+" in front when in full */
    size_t count;                    /* of digits */
    bool in_full;
    bool has_extension;
};

static bool is_direction_mark(uint32_t point)
{
    return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

/* "ext. 12", "x12", "interno 12", "poste 12", "ramal 12", "#12": what follows a whole
 * number. */
static bool is_extension(struct bytes rest)
{
    static const char *const words[] = {";ext=", "extension", "extensión", "extensão",
                                        "ext",   "anexo",     "interno",   "int",
                                        "poste", "ramal",     "x",         "#"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t len = strlen(words[i]);
        if (rest.len < len || !text_same(bytes_slice(rest, 0, len), words[i]))
            continue;
        struct bytes number = bytes_slice(rest, len, rest.len - len);
        while (number.len > 0 &&
               (is_space(number.at[0]) || number.at[0] == '.' || number.at[0] == ':'))
            number = bytes_slice(number, 1, number.len - 1);
        return number.len <= EXTENSION_DIGITS_MAX && all_digits(number);
    }
    return false;
}

static struct bytes without_label(struct bytes raw)
{
    static const char *const labels[] = {"tel:", "tel.", "tel "};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        size_t len = strlen(labels[i]);
        if (raw.len > len && text_same(bytes_slice(raw, 0, len), labels[i]))
            return text_trim(bytes_slice(raw, len, raw.len - len));
    }
    return raw;
}

/* Why the text is no phone number, or NULL. */
static const char *read_digits(struct dialled *out, struct bytes raw)
{
    *out = (struct dialled){.count = 0};
    char digits[DIGITS_MAX];
    struct bytes rest = without_label(raw), here = rest;
    uint32_t point;
    for (; utf8_next(&point, &rest); here = rest) {
        if (point == '+' || point == 0xFF0B) {
            if (out->in_full || out->count > 0)
                return "there is a second + in it; put each phone number into a field of "
                       "its own";
            out->in_full = true;
            continue;
        }
        int kept = compact_point(point);
        if (kept == 0 ||
            (point < 0x80 && point > 0 && strchr("()[]~", (int)point) != NULL) ||
            is_direction_mark(point))
            continue;
        if (kept > 0 && is_digit((uint8_t)kept)) {
            if (out->count == DIGITS_MAX)
                return "that is more than one number; put each into a field of its own";
            digits[out->count++] = (char)kept;
            continue;
        }
        if (out->count == 0 || !is_extension(here))
            return "there is something in it that is neither a digit nor an extension; "
                   "write digits only, with + and the calling code in front";
        out->has_extension = true;
        break;
    }
    size_t from = 0;
    if (!out->in_full && out->count > 2 && digits[0] == '0' && digits[1] == '0') {
        out->in_full = true;
        from = 2;
    }
    out->count -= from;
    size_t at = 0;
    if (out->in_full)
        out->digits[at++] = '+';
    memcpy(out->digits + at, digits + from, out->count);
    out->digits[at + out->count] = '\0';
    return out->count == 0 ? "there are no digits in it" : NULL;
}

/* The part before the hyphen of "gb-sct", in capitals; false when the code is no region's.
 */
static bool region_of(char region[3], const char *country)
{
    if (country == NULL || !is_letter((uint8_t)country[0]) ||
        !is_letter((uint8_t)country[1]) || (country[2] != '\0' && country[2] != '-'))
        return false;
    region[0] = (char)to_upper((uint8_t)country[0]);
    region[1] = (char)to_upper((uint8_t)country[1]);
    region[2] = '\0';
    return true;
}

/* Nobody's calling code, fiction's 999 above all: what was written is all there is to know.
 */
static void keep_unknown(struct value_result *out, const struct dialled *dialled,
                         bool at_home, struct arena *arena)
{
    if (dialled->count < E164_DIGITS_MIN || dialled->count > E164_DIGITS_MAX) {
        verdict_refuse(
            out, arena,
            "a phone number with its calling code has %d to %d digits, this has %zu",
            E164_DIGITS_MIN, E164_DIGITS_MAX, dialled->count);
        return;
    }
    const char *digits = dialled->in_full ? dialled->digits + 1 : dialled->digits;
    struct bytes clean = bytes_text(arena_printf(arena, "+%s", digits));
    if (!at_home)
        verdict_doubt(
            out, clean, arena,
            "no country has a calling code that begins %.3s; the number is kept as it "
            "is",
            digits);
    else if (dialled->has_extension)
        verdict_doubt(out, clean, arena, "the extension is left out");
    else
        verdict_fine(out, clean);
}

static void judge(struct value_result *out, enum phone_verdict verdict, const char *e164,
                  const struct dialled *dialled, const char *region, struct arena *arena)
{
    struct bytes clean = verdict <= PHONE_POSSIBLE ? arena_bytes(arena, bytes_text(e164))
                                                   : bytes_of(NULL, 0);
    const char *where = region != NULL ? region : "its country";
    switch (verdict) {
    case PHONE_VALID:
        if (dialled->has_extension)
            verdict_doubt(out, clean, arena, "the extension is left out");
        else
            verdict_fine(out, clean);
        return;
    case PHONE_POSSIBLE:
        verdict_doubt(out, clean, arena,
                      "the length is right, but %s has no numbers that look like this",
                      where);
        return;
    case PHONE_LOCAL:
        verdict_refuse(
            out, arena,
            "the area code is missing; write the number with + and the calling code");
        return;
    case PHONE_TOO_SHORT:
        verdict_refuse(out, arena,
                       "%zu %s too few for a number of %s; an emergency or short number "
                       "says nothing about whose it is",
                       dialled->count, plural(dialled->count, "digit is", "digits are"),
                       where);
        return;
    case PHONE_TOO_LONG:
        verdict_refuse(out, arena, "%zu digits are too many for a number of %s",
                       dialled->count, where);
        return;
    case PHONE_UNKNOWN_CODE:
    case PHONE_UNREADABLE:
        break;
    }
    verdict_refuse(
        out, arena,
        "without a country the number cannot be read; write it with + and the calling "
        "code, as in +57 601 555 0188, or give the record a country");
}

static void phone_clean(struct value_result *out, struct bytes raw,
                        const struct value_hint *hint, struct arena *arena)
{
    struct dialled dialled;
    const char *wrong = read_digits(&dialled, raw);
    if (wrong != NULL) {
        verdict_refuse(out, arena, "\"%s\" is no phone number: %s", value_shown(raw, arena),
                       wrong);
        return;
    }
    const char *country = hint != NULL ? hint->country : NULL;
    bool at_home = country != NULL && country_is_user_assigned(country);
    const char *number = dialled.in_full ? dialled.digits + 1 : dialled.digits;
    if (strncmp(number, "999", 3) == 0 && (dialled.in_full || at_home)) {
        keep_unknown(out, &dialled, at_home, arena);
        return;
    }
    if (dialled.in_full && number[0] == '0') {
        verdict_refuse(
            out, arena,
            "behind + or 00 comes the calling code of a country, which never begins "
            "with 0");
        return;
    }
    if (!dialled.in_full && at_home) {
        verdict_refuse(out, arena, "a number of %c%c begins with its calling code, 999",
                       to_upper((uint8_t)country[0]), to_upper((uint8_t)country[1]));
        return;
    }
    char e164[PHONE_TEXT_SIZE], region[3];
    bool has_region = !dialled.in_full && region_of(region, country);
    if (!dialled.in_full && !has_region) {
        judge(out, PHONE_UNKNOWN_CODE, NULL, &dialled, NULL, arena);
        return;
    }
    enum phone_verdict verdict =
        phone_read(e164, dialled.digits, has_region ? region : NULL);
    if (verdict == PHONE_UNKNOWN_CODE && dialled.in_full)
        keep_unknown(out, &dialled, false, arena);
    else
        judge(out, verdict, e164, &dialled, has_region ? region : NULL, arena);
}

/* A number without + that is right with one. */
static size_t phone_suggest(struct bytes *out, size_t max, struct bytes raw,
                            struct arena *arena)
{
    struct dialled dialled;
    char e164[PHONE_TEXT_SIZE];
    if (max == 0 || read_digits(&dialled, raw) != NULL || dialled.in_full)
        return 0;
    const char *number = arena_printf(arena, "+%s", dialled.digits);
    if (phone_read(e164, number, NULL) != PHONE_VALID)
        return 0;
    out[0] = arena_bytes(arena, bytes_text(e164));
    return 1;
}

/* FollowTheMoney's, of the text with its plus. */
static double phone_specificity(struct bytes clean)
{
    return value_dampen(7, 11, clean.len);
}

const struct value_type value_type_phone = {
    .name = "phone",
    .label = "phone number (E.164)",
    .ftm = "phone",
    .clean = phone_clean,
    .specificity = phone_specificity,
    .suggest = phone_suggest,
};
