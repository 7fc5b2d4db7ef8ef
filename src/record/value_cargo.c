/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands on freight papers beside the container: air waybill, place code, goods code;
 * and the plate of the lorry.
 *
 * Sources: IATA Resolution 600a (air waybill), UN/ECE Recommendation 16 (UN/LOCODE), the
 * WCO's Harmonized System convention.
 */
#include "base/text.h"
#include "record/compact.h"
#include "record/country.h"
#include "record/near.h"
#include "record/value_rows.h"
#include "record/value_tools.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* ---- Air waybills ---------------------------------------------------------------- */

enum { AWB_LEN = 11, AWB_PREFIX = 3, AWB_CHECK_AT = 10 };

static uint8_t awb_check_digit(const uint8_t *text)
{
    unsigned serial = 0;
    for (size_t i = AWB_PREFIX; i < AWB_CHECK_AT; i++)
        serial = serial * 10 + (unsigned)(text[i] - '0');
    return (uint8_t)('0' + serial % 7);
}

static bool awb_right(struct bytes text)
{
    return text.len == AWB_LEN && all_digits(text) && !all_same(text) &&
           text.at[AWB_CHECK_AT] == awb_check_digit(text.at);
}

static bool awb_repair(uint8_t *text, size_t len)
{
    if (len != AWB_LEN || !all_digits(bytes_of(text, AWB_CHECK_AT)))
        return false;
    text[AWB_CHECK_AT] = awb_check_digit(text);
    return true;
}

/* As it is printed: 999-12345675. */
static struct bytes awb_written(struct bytes text, struct arena *arena)
{
    return bytes_text(arena_printf(arena, "%.*s-%.*s", AWB_PREFIX, (const char *)text.at,
                                   AWB_LEN - AWB_PREFIX,
                                   (const char *)text.at + AWB_PREFIX));
}

static void awb_clean(struct value_result *out, struct bytes raw,
                      const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct compact compact;
    compact_init(&compact, raw);
    compact_drop_prefix(&compact, "AWB");
    if (!compact_check(out, &compact, AWB_LEN, "an air waybill number", arena))
        return;
    struct bytes text = compact.text;
    if (!all_digits(text))
        verdict_refuse(
            out, arena,
            "has letters in it: an air waybill number is 3 digits of the airline "
            "and 8 digits");
    else if (all_same(text))
        verdict_refuse(out, arena, "one digit eleven times stands for no air waybill");
    else if (!awb_right(text))
        verdict_refuse(out, arena, "the last digit is %c, but %.*s modulo 7 gives %c",
                       text.at[AWB_CHECK_AT], AWB_CHECK_AT - AWB_PREFIX,
                       (const char *)text.at + AWB_PREFIX, awb_check_digit(text.at));
    else
        verdict_fine(out, awb_written(text, arena));
}

static size_t awb_suggest(struct bytes *out, size_t max, struct bytes raw,
                          struct arena *arena)
{
    static const struct near_rule rule = {
        .len = AWB_LEN,
        .shape = "9",
        .right = awb_right,
        .repair = awb_repair,
        .check_at = AWB_CHECK_AT,
        .check_len = 1,
    };
    struct compact compact;
    compact_init(&compact, raw);
    compact_drop_prefix(&compact, "AWB");
    size_t count = near_suggest(out, max, &rule, compact.text, arena);
    for (size_t i = 0; i < count; i++)
        out[i] = awb_written(out[i], arena);
    return count;
}

const struct value_type value_type_awb = {
    .name = "awb",
    .label = "air waybill number",
    .ftm = "identifier",
    .clean = awb_clean,
    .suggest = awb_suggest,
};

/* ---- Places ---------------------------------------------------------------------- */

enum { LOCODE_LEN = 5 };

static bool locode_right(struct bytes text)
{
    if (text.len != LOCODE_LEN || !all_plain(text) ||
        !country_is_known(bytes_slice(text, 0, 2)))
        return false;
    for (size_t i = 2; i < LOCODE_LEN; i++)
        if (text.at[i] == '0' || text.at[i] == '1')
            return false;
    return true;
}

static void locode_clean(struct value_result *out, struct bytes raw,
                         const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct compact compact;
    compact_init(&compact, raw);
    if (!compact_check(out, &compact, LOCODE_LEN, "a UN/LOCODE", arena))
        return;
    struct bytes text = compact.text;
    if (locode_right(text))
        verdict_fine(out, compact_keep(&compact, text, arena));
    else if (!country_is_known(bytes_slice(text, 0, 2)))
        verdict_refuse(out, arena,
                       "begins with %.2s, which is no country: a UN/LOCODE is a "
                       "country's 2 letters and 3 letters or digits 2 to 9",
                       (const char *)text.at);
    else
        verdict_refuse(out, arena,
                       "has a 0 or 1 behind the country: a UN/LOCODE has letters and the "
                       "digits 2 to 9 there");
}

static size_t locode_suggest(struct bytes *out, size_t max, struct bytes raw,
                             struct arena *arena)
{
    static const struct near_rule rule = {
        .len = LOCODE_LEN, .shape = "AA~", .right = locode_right};
    struct compact compact;
    compact_init(&compact, raw);
    return compact.text.len == LOCODE_LEN
               ? near_suggest(out, max, &rule, compact.text, arena)
               : 0;
}

static double locode_specificity(struct bytes clean)
{
    (void)clean;
    return 0.2;
}

const struct value_type value_type_locode = {
    .name = "locode",
    .label = "place code (UN/LOCODE)",
    .ftm = "identifier",
    .clean = locode_clean,
    .specificity = locode_specificity,
    .suggest = locode_suggest,
};

/* ---- Goods ----------------------------------------------------------------------- */

enum { HS_LEN_MAX = 6, HS_NATIONAL_MAX = 10 };

static void hs_compact(struct compact *compact, struct bytes raw)
{
    compact_init(compact, raw);
    compact_drop_prefix(compact, "HS");
}

static void hs_clean(struct value_result *out, struct bytes raw,
                     const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct compact compact;
    hs_compact(&compact, raw);
    if (!compact_check(out, &compact, 0, "a Harmonized System code", arena))
        return;
    struct bytes text = compact.text;
    if (!all_digits(text) || text.len < 2 || text.len > HS_NATIONAL_MAX) {
        verdict_refuse(out, arena, "a Harmonized System code is 2, 4 or 6 digits");
        return;
    }
    if (text.len % 2 == 1) {
        verdict_refuse(out, arena,
                       "%zu digits: a Harmonized System code has 2, 4 or 6; a "
                       "spreadsheet may have cut off a 0 in front",
                       text.len);
        return;
    }
    unsigned chapter = (unsigned)(text.at[0] - '0') * 10 + (unsigned)(text.at[1] - '0');
    size_t len = text.len < HS_LEN_MAX ? text.len : HS_LEN_MAX;
    struct bytes clean = compact_keep(&compact, bytes_slice(text, 0, len), arena);
    if (chapter == 0)
        verdict_refuse(out, arena,
                       "there is no chapter 00 in the Harmonized System: 01 to 97");
    else if (chapter == 77 || chapter > 97)
        verdict_doubt(out, clean, arena,
                      "chapter %u has no meaning shared by all countries", chapter);
    else if (text.len > HS_LEN_MAX)
        verdict_doubt(out, clean, arena,
                      "a national code: only the first 6 digits mean the same in "
                      "all countries, and are kept");
    else
        verdict_fine(out, clean);
}

static size_t hs_suggest(struct bytes *out, size_t max, struct bytes raw,
                         struct arena *arena)
{
    struct compact compact;
    hs_compact(&compact, raw);
    struct bytes text = compact.text;
    /* With the 0 in front, a first digit of 0 would make chapter 00. */
    if (max == 0 || !all_digits(text) || text.len % 2 == 0 || text.at[0] == '0' ||
        text.len >= HS_NATIONAL_MAX)
        return 0;
    out[0] = bytes_text(arena_printf(arena, "0%.*s", (int)text.len, (const char *)text.at));
    return 1;
}

static double hs_specificity(struct bytes clean)
{
    return clean.len < HS_LEN_MAX ? 0.05 : 0.1;
}

const struct value_type value_type_hs = {
    .name = "hs",
    .label = "goods code (Harmonized System)",
    .ftm = "identifier",
    .clean = hs_clean,
    .specificity = hs_specificity,
    .suggest = hs_suggest,
};

/* ---- Plates ---------------------------------------------------------------------- */

enum { PLATE_MIN = 2, PLATE_MAX = 12, PLATE_RAW_MAX = 256 };

/* Letters that have no ASCII form stay what they are, upper case and composed: a German MÜ,
 * an Arabic or Chinese plate. Gives the number of characters, 0 when one is no letter or
 * digit. */
static size_t plate_other_script(struct bytes *clean, struct bytes raw, struct arena *arena)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar given[PLATE_RAW_MAX], upper[2 * PLATE_RAW_MAX], composed[4 * PLATE_RAW_MAX];
    int32_t len = 0;
    u_strFromUTF8(given, PLATE_RAW_MAX, &len, (const char *)raw.at, (int32_t)raw.len,
                  &code);
    len = u_strToUpper(upper, 2 * PLATE_RAW_MAX, given, len, "", &code);
    len = unorm2_normalize(unorm2_getNFCInstance(&code), upper, len, composed,
                           4 * PLATE_RAW_MAX, &code);
    if (U_FAILURE(code))
        return 0;
    struct buf kept = {.max = 4 * PLATE_RAW_MAX};
    size_t count = 0;
    for (int32_t i = 0; i < len;) {
        UChar32 point;
        U16_NEXT(composed, i, len, point);
        int ascii = compact_point((uint32_t)point);
        if (ascii == 0)
            continue;
        if (ascii < 0 && !u_isalnum(point)) {
            count = 0;
            break;
        }
        utf8_add(&kept, ascii > 0 ? (uint32_t)ascii : (uint32_t)point);
        count++;
    }
    *clean = count > 0 ? arena_bytes(arena, buf_bytes(&kept)) : (struct bytes){0};
    buf_release(&kept);
    return count;
}

static void plate_clean(struct value_result *out, struct bytes raw,
                        const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct compact compact;
    compact_init(&compact, raw);
    size_t count = compact.len;
    struct bytes clean = compact.text;
    if (compact.foreign != 0)
        count = raw.len <= PLATE_RAW_MAX ? plate_other_script(&clean, raw, arena) : 0;
    if (compact.foreign != 0 && count == 0) {
        verdict_refuse(out, arena,
                       "a number plate is 2 to 12 letters and digits, and no other "
                       "signs than blanks, dots, dashes and slashes between them");
        return;
    }
    if (count < PLATE_MIN || count > PLATE_MAX)
        verdict_refuse(out, arena, "%zu character%s: a number plate has 2 to 12", count,
                       plural(count, "", "s"));
    else
        verdict_fine(out, compact_keep(&compact, clean, arena));
}

/* Without its country a plate exists many times. */
static double plate_specificity(struct bytes clean)
{
    return 0.6 * value_dampen(PLATE_MIN, 6, clean.len);
}

const struct value_type value_type_plate = {
    .name = "plate",
    .label = "number plate",
    .ftm = "identifier",
    .clean = plate_clean,
    .specificity = plate_specificity,
};
