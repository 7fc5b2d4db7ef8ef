/* SPDX-License-Identifier: Apache-2.0
 *
 * Packaging marks: the logo on a brick of cocaine, in the words of whoever saw it.
 *
 * "Three Dolphins", "THREE  DOLPHINS" and "three-dolphins" are one mark; so are "Três
 * Golfinhos" and "TRES GOLFINHOS", because capitals are often written without accents.
 * Case is folded and forms of one letter are made one (NFKC), accents of Latin, Greek and
 * Cyrillic go; quotes, dots and the like go; dashes, commas, slashes and brackets part
 * words; symbols (a star, a crown) stay.
 */
#include "base/text.h"
#include "record/compact.h"
#include "record/value_rows.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* A character grows to at most six UTF-16 units for each of its UTF-8 bytes (U+FDFA). */
enum { MARK_RAW_MAX = 1024, MARK_UNITS = 6 * MARK_RAW_MAX };

enum treatment { KEEP, DROP, PART };

static enum treatment treatment_of(UChar32 point)
{
    if (point >= 0x300 && point <= 0x36F) /* accents */
        return DROP;
    if (strchr(",;:/\\&_|", point < 0x80 ? (int)point : 'x') != NULL)
        return PART;
    switch (u_charType(point)) {
    case U_DASH_PUNCTUATION:
    case U_CONNECTOR_PUNCTUATION:
    case U_START_PUNCTUATION:
    case U_END_PUNCTUATION:
    case U_SPACE_SEPARATOR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_CONTROL_CHAR:
        return PART;
    case U_INITIAL_PUNCTUATION:
    case U_FINAL_PUNCTUATION:
    case U_OTHER_PUNCTUATION:
    case U_FORMAT_CHAR:
    case U_MODIFIER_SYMBOL: /* ` and ´, which people take for quotes */
        return DROP;
    default:
        return KEEP;
    }
}

/* Folded and taken apart into letters and accents; false when it does not fit. */
static bool fold(UChar *out, int32_t *len, struct bytes raw)
{
    UChar given[MARK_RAW_MAX], folded[MARK_UNITS];
    UErrorCode code = U_ZERO_ERROR;
    u_strFromUTF8(given, MARK_RAW_MAX, len, (const char *)raw.at, (int32_t)raw.len, &code);
    *len = unorm2_normalize(unorm2_getNFKCCasefoldInstance(&code), given, *len, folded,
                            MARK_UNITS, &code);
    *len = unorm2_normalize(unorm2_getNFDInstance(&code), folded, *len, out, MARK_UNITS,
                            &code);
    return U_SUCCESS(code);
}

/* Composed again, so that what kept its accents has one form. */
static struct bytes composed(const UChar *text, int32_t len, struct arena *arena)
{
    UChar whole[MARK_UNITS];
    UErrorCode code = U_ZERO_ERROR;
    len =
        unorm2_normalize(unorm2_getNFCInstance(&code), text, len, whole, MARK_UNITS, &code);
    size_t room = (size_t)len * 3;
    char *out = arena_alloc(arena, room + 1);
    int32_t written = 0;
    u_strToUTF8(out, (int32_t)room + 1, &written, whole, len, &code);
    return U_SUCCESS(code) ? bytes_of(out, (size_t)written) : (struct bytes){0};
}

static struct bytes clean_words(struct bytes raw, struct arena *arena)
{
    UChar text[MARK_UNITS], kept[MARK_UNITS];
    int32_t len, count = 0;
    bool gap = false;
    if (!fold(text, &len, raw))
        return (struct bytes){0};
    for (int32_t i = 0; i < len;) {
        UChar32 point;
        U16_NEXT(text, i, len, point);
        enum treatment treatment = treatment_of(point);
        gap = gap || treatment == PART;
        if (treatment != KEEP)
            continue;
        if (gap && count > 0)
            kept[count++] = ' ';
        gap = false;
        U16_APPEND_UNSAFE(kept, count, point);
    }
    return composed(kept, count, arena);
}

/* Most marks are a few plain words: the same result without ICU. */
static bool is_plain(struct bytes raw)
{
    for (size_t i = 0; i < raw.len; i++)
        if (!is_letter(raw.at[i]) && !is_digit(raw.at[i]) && raw.at[i] != ' ')
            return false;
    return true;
}

static struct bytes plain_words(struct bytes raw, struct arena *arena)
{
    uint8_t *out = arena_alloc(arena, raw.len);
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++)
        if (raw.at[i] != ' ' || (len > 0 && out[len - 1] != ' '))
            out[len++] = to_lower(raw.at[i]);
    return bytes_of(out, len);
}

static void mark_clean(struct value_result *out, struct bytes raw,
                       const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    if (raw.len > MARK_RAW_MAX) {
        verdict_refuse(out, arena,
                       "%zu bytes of text: a packaging mark is a few words, at most %d",
                       raw.len, MARK_RAW_MAX);
        return;
    }
    struct bytes clean = is_plain(raw) ? plain_words(raw, arena) : clean_words(raw, arena);
    if (clean.len == 0)
        verdict_refuse(out, arena, "has no letter, digit or symbol in it");
    else
        verdict_fine(out, clean);
}

/* A fashion, not an owner: several groups press the same mark. */
static double mark_specificity(struct bytes clean)
{
    return clean.len < 4 ? 0.1 : 0.4;
}

const struct value_type value_type_mark = {
    .name = "mark",
    .label = "packaging mark",
    .ftm = "string",
    .clean = mark_clean,
    .specificity = mark_specificity,
};
