/* SPDX-License-Identifier: Apache-2.0
 *
 * The numbers on ships, boxes and vehicles.
 *
 * Sources: ISO 6346 (containers), IMO Res. A.1117(30) (ship numbers), ITU-R M.585 (MMSI),
 * ISO 3779 and 49 CFR 565 (VIN). docs/format/identifiers.md has the calculations with
 * examples.
 */
#include "base/text.h"
#include "record/compact.h"
#include "record/near.h"
#include "record/value_rows.h"

/* ---- Containers ------------------------------------------------------------------ */

enum { CONTAINER_LEN = 11, CONTAINER_CHECK_AT = 10, REMAINDER_TEN = 10 };

static const char container_shape[] = "AAAA9999999";

static bool container_has_form(struct bytes text)
{
    return text.len == CONTAINER_LEN &&
           shape_break(container_shape, text) == CONTAINER_LEN &&
           strchr("UJZR", text.at[3]) != NULL;
}

/* The sum of value times 2^position, modulo 11: 0 to 10. Letters count 10 to 38 without the
 * multiples of 11. text has the shape. */
static unsigned container_remainder(const uint8_t *text)
{
    static const uint8_t letters[26] = {10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24,
                                        25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38};
    unsigned sum = 0;
    for (unsigned i = 0; i < CONTAINER_CHECK_AT; i++)
        sum += (unsigned)(i < 4 ? letters[text[i] - 'A'] : text[i] - '0') << i;
    return sum % 11;
}

static bool container_right(struct bytes text)
{
    return container_has_form(text) && container_remainder(text.at) % 10 ==
                                           (unsigned)(text.at[CONTAINER_CHECK_AT] - '0');
}

static bool container_repair(uint8_t *text, size_t len)
{
    text[CONTAINER_CHECK_AT] = '0';
    if (!container_has_form(bytes_of(text, len)))
        return false;
    text[CONTAINER_CHECK_AT] = (uint8_t)('0' + container_remainder(text) % 10);
    return true;
}

static void container_clean(struct value_result *out, struct bytes raw,
                            const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct compact compact;
    compact_init(&compact, raw);
    if (!compact_check(out, &compact, CONTAINER_LEN, "an ISO 6346 number", arena))
        return;
    struct bytes text = compact.text;
    size_t at = shape_break(container_shape, text);
    if (at < CONTAINER_LEN) {
        verdict_refuse(out, arena,
                       "character %zu is %c, which should be a %s: an ISO 6346 "
                       "number is 4 letters, 6 digits and a check digit",
                       at + 1, text.at[at], at < 4 ? "letter" : "digit");
        return;
    }
    if (!container_has_form(text)) {
        verdict_refuse(out, arena,
                       "the fourth letter is %c: ISO 6346 has U (container), J "
                       "(equipment), Z (trailer) or R there",
                       text.at[3]);
        return;
    }
    unsigned remainder = container_remainder(text.at);
    unsigned given = (unsigned)(text.at[CONTAINER_CHECK_AT] - '0');
    if (given != remainder % 10)
        verdict_refuse(out, arena, "the check digit is %u, but %.*s gives %u", given,
                       CONTAINER_CHECK_AT, (const char *)text.at, remainder % 10);
    else if (remainder == REMAINDER_TEN)
        verdict_doubt(out, compact_keep(&compact, text, arena), arena,
                      "the check digit stands for remainder 10: such numbers should not be "
                      "issued");
    else
        verdict_fine(out, compact_keep(&compact, text, arena));
}

static size_t container_suggest(struct bytes *out, size_t max, struct bytes raw,
                                struct arena *arena)
{
    static const struct near_rule rule = {
        .len = CONTAINER_LEN,
        .shape = container_shape,
        .right = container_right,
        .repair = container_repair,
        .check_at = CONTAINER_CHECK_AT,
        .check_len = 1,
    };
    struct compact compact;
    compact_init(&compact, raw);
    return near_suggest(out, max, &rule, compact.text, arena);
}

const struct value_type value_type_container = {
    .name = "container",
    .label = "container number (ISO 6346)",
    .ftm = "identifier",
    .clean = container_clean,
    .suggest = container_suggest,
};

/* ---- Ships ----------------------------------------------------------------------- */

enum { IMO_LEN = 7, IMO_CHECK_AT = 6 };

static uint8_t imo_check_digit(const uint8_t *digits)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < IMO_CHECK_AT; i++)
        sum += (unsigned)(digits[i] - '0') * (IMO_LEN - i);
    return (uint8_t)('0' + sum % 10);
}

static bool imo_right(struct bytes text)
{
    return text.len == IMO_LEN && all_digits(text) && !all_same(text) &&
           text.at[IMO_CHECK_AT] == imo_check_digit(text.at);
}

static bool imo_repair(uint8_t *text, size_t len)
{
    if (len != IMO_LEN || !all_digits(bytes_of(text, IMO_CHECK_AT)))
        return false;
    text[IMO_CHECK_AT] = imo_check_digit(text);
    return true;
}

/* "IMO 9319466", "IMO No. 9319466". */
static void imo_compact(struct compact *compact, struct bytes raw)
{
    compact_init(compact, raw);
    compact_drop_prefix(compact, "IMO");
    compact_drop_prefix(compact, "NO");
}

static void imo_clean(struct value_result *out, struct bytes raw,
                      const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct compact compact;
    imo_compact(&compact, raw);
    if (!compact_check(out, &compact, IMO_LEN, "an IMO ship number", arena))
        return;
    struct bytes text = compact.text;
    if (!all_digits(text)) {
        verdict_refuse(out, arena,
                       "has letters in it: an IMO ship number is 7 digits, with or without "
                       "IMO in front");
    } else if (all_same(text)) {
        verdict_refuse(out, arena, "one digit seven times stands for no ship");
    } else if (text.at[IMO_CHECK_AT] != imo_check_digit(text.at)) {
        verdict_doubt(out, compact_keep(&compact, text, arena), arena,
                      "the check digit is %c, but %.*s gives %c; some real ships "
                      "have such numbers, look again",
                      text.at[IMO_CHECK_AT], IMO_CHECK_AT, (const char *)text.at,
                      imo_check_digit(text.at));
    } else {
        verdict_fine(out, compact_keep(&compact, text, arena));
    }
}

static size_t imo_suggest(struct bytes *out, size_t max, struct bytes raw,
                          struct arena *arena)
{
    static const struct near_rule rule = {
        .len = IMO_LEN,
        .shape = "9",
        .right = imo_right,
        .repair = imo_repair,
        .check_at = IMO_CHECK_AT,
        .check_len = 1,
    };
    struct compact compact;
    imo_compact(&compact, raw);
    return near_suggest(out, max, &rule, compact.text, arena);
}

const struct value_type value_type_imo = {
    .name = "imo",
    .label = "ship number (IMO)",
    .ftm = "identifier",
    .clean = imo_clean,
    .suggest = imo_suggest,
};

/* ---- Ships' radios --------------------------------------------------------------- */

enum { MMSI_LEN = 9, MID_MIN = 201, MID_MAX = 775 };

/* Numbers of nine digits that are not a ship's, by how they begin (ITU-R M.585). */
static const struct {
    const char *prefix, *what;
} mmsi_forms[] = {
    {"00", "a coast station's number, not a ship's"},
    {"0", "the number of a group of ships"},
    {"111", "an aircraft's number for search and rescue"},
    {"8", "the number of a hand-held radio"},
    {"970", "the number of a search and rescue transmitter"},
    {"972", "the number of a man-overboard device"},
    {"974", "the number of an emergency beacon"},
    {"98", "the number of a craft that belongs to a larger ship"},
    {"99", "the number of an aid to navigation"},
};

static void mmsi_clean(struct value_result *out, struct bytes raw,
                       const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct compact compact;
    compact_init(&compact, raw);
    compact_drop_prefix(&compact, "MMSI");
    if (!compact_check(out, &compact, MMSI_LEN, "an MMSI", arena))
        return;
    struct bytes text = compact.text;
    if (!all_digits(text) || all_same(text)) {
        verdict_refuse(out, arena, "%s",
                       all_same(text) ? "one character nine times stands for no ship"
                                      : "has letters in it: an MMSI is 9 digits");
        return;
    }
    int mid = (text.at[0] - '0') * 100 + (text.at[1] - '0') * 10 + (text.at[2] - '0');
    struct bytes clean = compact_keep(&compact, text, arena);
    if (mid >= MID_MIN && mid <= MID_MAX) {
        verdict_fine(out, clean);
        return;
    }
    for (size_t i = 0; i < sizeof mmsi_forms / sizeof mmsi_forms[0]; i++) {
        if (text_starts(text, mmsi_forms[i].prefix)) {
            verdict_doubt(out, clean, arena, "%s", mmsi_forms[i].what);
            return;
        }
    }
    verdict_doubt(out, clean, arena,
                  "begins with %03d: a ship's MMSI begins with its country's three "
                  "digits, 201 to 775",
                  mid);
}

const struct value_type value_type_mmsi = {
    .name = "mmsi",
    .label = "ship's radio number (MMSI)",
    .ftm = "identifier",
    .clean = mmsi_clean,
};

/* ---- Vehicles -------------------------------------------------------------------- */

enum { VIN_LEN = 17, VIN_CHECK_AT = 8 };

static const char vin_unused[] = "IOQ"; /* too much like 1 and 0 */

static bool vin_has_form(struct bytes text)
{
    if (text.len != VIN_LEN || all_same(text))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (strchr(vin_unused, text.at[i]) != NULL)
            return false;
    return true;
}

/* 49 CFR 565.15: the sum of value times weight, modulo 11, ten is X. text has the form. */
static char vin_check_digit(const uint8_t *text)
{
    static const char letters[] = "12345678.12345.7.923456789"; /* A to Z */
    static const uint8_t weights[VIN_LEN] = {8, 7, 6, 5, 4, 3, 2, 10, 0,
                                             9, 8, 7, 6, 5, 4, 3, 2};
    unsigned sum = 0;
    for (size_t i = 0; i < VIN_LEN; i++)
        sum += weights[i] *
               (unsigned)((is_digit(text[i]) ? text[i] : (uint8_t)letters[text[i] - 'A']) -
                          '0');
    return "0123456789X"[sum % 11];
}

static void vin_clean(struct value_result *out, struct bytes raw,
                      const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct compact compact;
    compact_init(&compact, raw);
    compact_drop_prefix(&compact, "VIN");
    if (!compact_check(out, &compact, VIN_LEN, "a vehicle identification number", arena))
        return;
    struct bytes text = compact.text;
    if (all_same(text)) {
        verdict_refuse(out, arena, "one character seventeen times stands for no vehicle");
        return;
    }
    for (size_t i = 0; i < VIN_LEN; i++) {
        if (strchr(vin_unused, text.at[i]) == NULL)
            continue;
        verdict_refuse(out, arena,
                       "character %zu is the letter %c: a vehicle "
                       "identification number has no I, O or Q, it is "
                       "probably the digit %c",
                       i + 1, text.at[i], text.at[i] == 'I' ? '1' : '0');
        return;
    }
    char expected = vin_check_digit(text.at);
    struct bytes clean = compact_keep(&compact, text, arena);
    if (text.at[VIN_CHECK_AT] == (uint8_t)expected)
        verdict_fine(out, clean);
    else
        verdict_doubt(out, clean, arena,
                      "the check digit, character 9, is %c, but the rest gives %c: "
                      "wrong if the vehicle was made for North America, elsewhere "
                      "it need not be right",
                      text.at[VIN_CHECK_AT], expected);
}

/* Only the letters that cannot be: a check digit that need not be right proves no slip. */
static size_t vin_suggest(struct bytes *out, size_t max, struct bytes raw,
                          struct arena *arena)
{
    struct compact compact;
    compact_init(&compact, raw);
    compact_drop_prefix(&compact, "VIN");
    if (compact.foreign != 0 || compact.text.len != VIN_LEN || vin_has_form(compact.text) ||
        max == 0)
        return 0;
    uint8_t *fixed = arena_alloc(arena, VIN_LEN);
    for (size_t i = 0; i < VIN_LEN; i++) {
        uint8_t c = compact.text.at[i];
        fixed[i] = strchr(vin_unused, c) == NULL ? c : c == 'I' ? '1' : '0';
    }
    out[0] = bytes_of(fixed, VIN_LEN);
    return vin_has_form(out[0]) ? 1 : 0;
}

const struct value_type value_type_vin = {
    .name = "vin",
    .label = "vehicle identification number (ISO 3779)",
    .ftm = "identifier",
    .clean = vin_clean,
    .suggest = vin_suggest,
};
