/* SPDX-License-Identifier: Apache-2.0
 *
 * FollowTheMoney's plain types: those that are text with little or no form of their own.
 * Closed lists (gender, language, topic) stand in value_lists.c. docs/format/values.md has
 * the rules.
 */
#include "base/text.h"
#include "record/latin.h"
#include "record/record.h"
#include "record/value_rows.h"
#include "record/value_tools.h"
#include "record/verdict.h"

#include <stdio.h>

enum {
    CHECKSUM_LEN = 40,
    FOLD_MAX = 1024,    /* a longer text is only compared byte for byte */
    WORDS_MAX = 64,     /* of an address, when two are compared */
    MIMETYPE_MAX = 127, /* RFC 6838 4.2, for each half */
};

static void keep(struct value_result *out, struct bytes raw, const struct value_hint *hint,
                 struct arena *arena)
{
    (void)hint;
    (void)arena;
    verdict_fine(out, raw);
}

/* White space in any script: what stands between two words. */
static bool is_blank(uint32_t point)
{
    return point == ' ' || (point >= '\t' && point <= '\r') || point == 0x85 ||
           point == 0xA0 || (point >= 0x2000 && point <= 0x200A) || point == 0x2028 ||
           point == 0x2029 || point == 0x202F || point == 0x205F || point == 0x3000;
}

static bool is_tidy(struct bytes raw)
{
    for (size_t i = 0; i < raw.len; i++)
        if (raw.at[i] < ' ' || raw.at[i] >= 0x7F ||
            (raw.at[i] == ' ' && (i == 0 || i + 1 == raw.len || raw.at[i + 1] == ' ')))
            return false;
    return true;
}

/* One space between words, none around, nothing unseen. Where `breaks`, the ends of lines
 * become
 * ", ". Borrows when there is nothing to do. */
static struct bytes tidy(struct bytes raw, bool breaks, struct arena *arena)
{
    if (is_tidy(raw))
        return raw;
    struct buf out = {.max = 2 * raw.len + 8};
    bool space = false, line = false;
    struct bytes rest = raw;
    uint32_t point;
    while (utf8_next(&point, &rest)) {
        if (is_blank(point)) {
            space = true;
            line |= breaks && (point == '\n' || point == '\r');
        } else if (!utf8_is_unseen(point)) {
            if (out.len > 0 && line && out.at[out.len - 1] != ',')
                buf_add_byte(&out, ',');
            if (out.len > 0 && space)
                buf_add_byte(&out, ' ');
            utf8_add(&out, point);
            space = line = false;
        }
    }
    struct bytes tidied = arena_bytes(arena, buf_bytes(&out));
    buf_release(&out);
    return tidied;
}

static bool strip_pair(struct bytes *text, const char *open, const char *close)
{
    size_t before = strlen(open), behind = strlen(close);
    if (text->len < before + behind || memcmp(text->at, open, before) != 0 ||
        memcmp(text->at + text->len - behind, close, behind) != 0)
        return false;
    *text = text_trim(bytes_slice(*text, before, text->len - before - behind));
    return true;
}

/* Without the quotation marks that stand around the whole, as often as they do. */
static struct bytes unquoted(struct bytes text)
{
    static const char *const pairs[][2] = {{"\"", "\""}, {"'", "'"}, {"“", "”"},
                                           {"„", "“"},   {"„", "”"}, {"«", "»"},
                                           {"‘", "’"},   {"`", "`"}};
    for (bool stripped = true; stripped;) {
        stripped = false;
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
            stripped |= strip_pair(&text, pairs[i][0], pairs[i][1]);
    }
    return text;
}

/* A letter or digit of any script; what lies beyond Latin-1 counts unless it is
 * punctuation. */
static bool has_letter(struct bytes text)
{
    uint32_t point;
    while (utf8_next(&point, &text)) {
        bool is_punctuation =
            (point >= 0x2000 && point < 0x2070) || (point >= 0x3000 && point < 0x3040);
        if (point < 0x80 ? is_letter((uint8_t)point) || is_digit((uint8_t)point)
                         : point >= 0xC0 && !is_punctuation)
            return true;
    }
    return false;
}

/* Latin letters to ASCII, lower case; other scripts as they are; all else a divider,
 * written once between words (0: left out). The length, or 0 when it does not fit. */
static size_t fold(char out[FOLD_MAX], struct bytes text, char divider)
{
    size_t len = 0;
    bool divided = false;
    uint32_t point;
    for (struct bytes here = text; utf8_next(&point, &text); here = text) {
        char folded[2];
        int count = latin_fold(folded, point);
        const void *from = folded;
        size_t from_len = count > 0 ? (size_t)count : 0;
        if (count == LATIN_OTHER && point >= 0x370 &&
            !(point >= 0x2000 && point < 0x2070)) {
            from = here.at;
            from_len = here.len - text.len;
        } else if (count == LATIN_OTHER) {
            divided = true;
        }
        if (from_len == 0)
            continue;
        if (len + from_len + 1 > FOLD_MAX)
            return 0;
        if (divided && len > 0 && divider != 0)
            out[len++] = divider;
        divided = false;
        memcpy(out + len, from, from_len);
        len += from_len;
    }
    return len;
}

/* The tidied text is the value, unless what was undressed says that nothing is known ("Unknown" in
 * quotes), or nothing is left: so it goes through the front door once more. */
static void judge_tidied(struct value_result *out, enum value_kind kind, struct bytes raw,
                         struct bytes clean, const struct value_hint *hint,
                         struct arena *arena)
{
    if (!has_letter(clean))
        verdict_refuse(out, arena, "\"%s\" has no letter or digit, so it is no %s",
                       value_shown(raw, arena), value_type(kind)->label);
    else if (bytes_equal(raw, clean))
        verdict_fine(out, clean);
    else
        value_clean(out, kind, clean, hint, arena);
}

/* ---- name ---- */

static void name_clean(struct value_result *out, struct bytes raw,
                       const struct value_hint *hint, struct arena *arena)
{
    judge_tidied(out, VALUE_NAME, raw, unquoted(tidy(raw, false, arena)), hint, arena);
}

static double name_likeness(struct bytes a, struct bytes b)
{
    char left[FOLD_MAX], right[FOLD_MAX];
    size_t left_len = fold(left, a, ' '), right_len = fold(right, b, ' ');
    if (left_len == 0 || right_len == 0)
        return bytes_equal(a, b);
    return bytes_equal(bytes_of(left, left_len), bytes_of(right, right_len));
}

static double name_specificity(struct bytes clean)
{
    return value_dampen(3, 50, clean.len);
}

const struct value_type value_type_name = {
    .name = "name",
    .label = "name of a person or company",
    .ftm = "name",
    .clean = name_clean,
    .compare = name_likeness,
    .specificity = name_specificity,
};

/* ---- address ---- */

static void address_clean(struct value_result *out, struct bytes raw,
                          const struct value_hint *hint, struct arena *arena)
{
    judge_tidied(out, VALUE_ADDRESS, raw, tidy(raw, true, arena), hint, arena);
}

static size_t distinct_words(struct bytes words[WORDS_MAX], struct bytes text)
{
    size_t count = 0;
    struct bytes word;
    while (count < WORDS_MAX && text_next_word(&word, &text, " ")) {
        size_t i = 0;
        while (i < count && !bytes_equal(words[i], word))
            i++;
        if (i == count)
            words[count++] = word;
    }
    return count;
}

/* The words both have, as a part of all that either has. */
static double address_likeness(struct bytes a, struct bytes b)
{
    char left[FOLD_MAX], right[FOLD_MAX];
    struct bytes left_words[WORDS_MAX], right_words[WORDS_MAX];
    size_t lefts = distinct_words(left_words, bytes_of(left, fold(left, a, ' ')));
    size_t rights = distinct_words(right_words, bytes_of(right, fold(right, b, ' ')));
    if (lefts == 0 || rights == 0)
        return bytes_equal(a, b);
    size_t both = 0;
    for (size_t i = 0; i < lefts; i++)
        for (size_t j = 0; j < rights; j++)
            both += bytes_equal(left_words[i], right_words[j]);
    return (double)both / (double)(lefts + rights - both);
}

static double address_specificity(struct bytes clean)
{
    return value_dampen(10, 60, clean.len);
}

const struct value_type value_type_address = {
    .name = "address",
    .label = "postal address",
    .ftm = "address",
    .clean = address_clean,
    .compare = address_likeness,
    .specificity = address_specificity,
};

/* ---- identifier ---- */

static void identifier_clean(struct value_result *out, struct bytes raw,
                             const struct value_hint *hint, struct arena *arena)
{
    judge_tidied(out, VALUE_IDENTIFIER, raw, tidy(raw, false, arena), hint, arena);
}

/* Case and dividers do not count. One inside the other (a number with and without its
 * prefix) is nearly as good when the shorter is long. */
static double identifier_likeness(struct bytes a, struct bytes b)
{
    char left[FOLD_MAX], right[FOLD_MAX];
    size_t left_len = fold(left, a, 0), right_len = fold(right, b, 0);
    if (left_len == 0 || right_len == 0)
        return bytes_equal(a, b);
    if (left_len == right_len)
        return memcmp(left, right, left_len) == 0;
    size_t shorter = left_len < right_len ? left_len : right_len;
    bool within = left_len < right_len ? memmem(right, right_len, left, left_len) != NULL
                                       : memmem(left, left_len, right, right_len) != NULL;
    return within ? 0.8 * value_dampen(4, 10, shorter) : 0;
}

static double identifier_specificity(struct bytes clean)
{
    return value_dampen(4, 10, clean.len);
}

const struct value_type value_type_identifier = {
    .name = "identifier",
    .label = "identifier",
    .ftm = "identifier",
    .clean = identifier_clean,
    .compare = identifier_likeness,
    .specificity = identifier_specificity,
};

/* ---- entity ---- */

static void entity_clean(struct value_result *out, struct bytes raw,
                         const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct bytes rest = raw;
    uint32_t point;
    bool whole = raw.len < RECORD_ID_MAX;
    while (whole && utf8_next(&point, &rest))
        whole = !is_blank(point) && !utf8_is_unseen(point);
    if (whole)
        verdict_fine(out, raw);
    else
        verdict_refuse(
            out, arena,
            "\"%s\" is no record's id: an id has fewer than %d characters and no "
            "blanks",
            value_shown(raw, arena), RECORD_ID_MAX);
}

const struct value_type value_type_entity = {
    .name = "entity",
    .label = "id of another record",
    .ftm = "entity",
    .clean = entity_clean,
};

/* ---- number ---- */

/* The digits before the decimals. Thousands may be parted by blanks or an apostrophe, three
 * digits each: nothing else is written so. False when the groups are not of three. */
static bool add_whole_part(struct buf *out, struct bytes *rest)
{
    size_t since_divider = 0, groups = 0;
    for (;;) {
        struct bytes left = *rest;
        uint32_t point;
        if (!utf8_next(&point, &left))
            break;
        if (point < 0x80 && is_digit((uint8_t)point)) {
            buf_add_byte(out, (uint8_t)point);
            since_divider++;
        } else if (is_blank(point) || point == '\'' || point == 0x2019) {
            if (since_divider == 0 || since_divider > 3 ||
                (groups > 0 && since_divider != 3))
                return false;
            groups++;
            since_divider = 0;
        } else {
            break;
        }
        *rest = left;
    }
    return groups == 0 || since_divider == 3;
}

/* Exact: digits are copied, not calculated, so that long amounts keep every digit. */
static bool number_write(struct buf *out, struct bytes raw)
{
    struct buf digits = {.max = raw.len + 1};
    bool minus = raw.at[0] == '-', good;
    if (minus || raw.at[0] == '+')
        raw = bytes_slice(raw, 1, raw.len - 1);
    good = add_whole_part(&digits, &raw);
    size_t whole = digits.len;
    if (raw.len > 0 && raw.at[0] == '.') {
        raw = bytes_slice(raw, 1, raw.len - 1);
        for (; raw.len > 0 && is_digit(raw.at[0]); raw = bytes_slice(raw, 1, raw.len - 1))
            buf_add_byte(&digits, raw.at[0]);
    }
    good = good && raw.len == 0 && digits.len > 0;
    size_t from = 0, to = digits.len;
    while (from < whole && digits.at[from] == '0')
        from++;
    while (to > whole && digits.at[to - 1] == '0')
        to--;
    if (good && minus && to > from)
        buf_add_byte(out, '-');
    if (good && from == whole)
        buf_add_byte(out, '0');
    if (good)
        buf_add(out, bytes_of(digits.at + from, whole - from));
    if (good && to > whole) {
        buf_add_byte(out, '.');
        buf_add(out, bytes_of(digits.at + whole, to - whole));
    }
    buf_release(&digits);
    return good;
}

static void number_clean(struct value_result *out, struct bytes raw,
                         const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct buf clean = {.max = raw.len + 2};
    double number;
    char text[32];
    if (number_write(&clean, raw)) {
        verdict_fine(out, arena_bytes(arena, buf_bytes(&clean)));
    } else if (text_amount(&number, raw)) { /* with an exponent, or a decimal comma */
        text_number(text, sizeof text, number);
        verdict_fine(out, arena_bytes(arena, bytes_text(text)));
    } else if (memchr(raw.at, ',', raw.len) != NULL) {
        verdict_refuse(
            out, arena,
            "\"%s\": a comma can part thousands or begin the decimals; write the number "
            "with a full stop for decimals and nothing between thousands: 1234.5",
            value_shown(raw, arena));
    } else {
        verdict_refuse(
            out, arena,
            "\"%s\" is no number; write digits, with a full stop for decimals, and no "
            "unit: 1234.5",
            value_shown(raw, arena));
    }
    buf_release(&clean);
}

const struct value_type value_type_number = {
    .name = "number",
    .label = "number",
    .ftm = "number",
    .clean = number_clean,
    .specificity = value_says_nothing,
};

/* ---- checksum, mimetype ---- */

static void checksum_clean(struct value_result *out, struct bytes raw,
                           const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    uint8_t sum[CHECKSUM_LEN / 2];
    if (!hex_read(sum, sizeof sum, raw)) {
        verdict_refuse(
            out, arena,
            "\"%s\" is no SHA-1 checksum: one has 40 digits from 0 to 9 and a to f",
            value_shown(raw, arena));
        return;
    }
    char *text = arena_alloc(arena, CHECKSUM_LEN + 1);
    hex_write(text, bytes_of(sum, sizeof sum));
    verdict_fine(out, bytes_of(text, CHECKSUM_LEN));
}

const struct value_type value_type_checksum = {
    .name = "checksum",
    .label = "checksum (SHA-1)",
    .ftm = "checksum",
    .clean = checksum_clean,
};

/* RFC 6838 4.2: a letter or digit, then these. */
static bool is_media_name(struct bytes name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_letter(name.at[i]) && !is_digit(name.at[i]) &&
            (i == 0 || name.at[i] == 0 || strchr("!#$&-^_.+", name.at[i]) == NULL))
            return false;
    return name.len > 0 && name.len <= MIMETYPE_MAX;
}

static void mimetype_clean(struct value_result *out, struct bytes raw,
                           const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    const uint8_t *parameters = memchr(raw.at, ';', raw.len);
    struct bytes text =
        text_trim(bytes_of(raw.at, parameters ? (size_t)(parameters - raw.at) : raw.len));
    struct bytes rest = text, type, subtype;
    if (!text_next_part(&type, &rest, '/') || !text_next_part(&subtype, &rest, '/') ||
        rest.at != NULL || !is_media_name(type) || !is_media_name(subtype)) {
        verdict_refuse(
            out, arena,
            "\"%s\" is no media type; one has two words with a slash between, as "
            "application/pdf",
            value_shown(raw, arena));
        return;
    }
    uint8_t *clean = arena_alloc(arena, text.len);
    for (size_t i = 0; i < text.len; i++)
        clean[i] = to_lower(text.at[i]);
    verdict_fine(out, bytes_of(clean, text.len));
}

const struct value_type value_type_mimetype = {
    .name = "mimetype",
    .label = "media type",
    .ftm = "mimetype",
    .clean = mimetype_clean,
    .specificity = value_says_nothing,
};

/* ---- kept as they are ---- */

const struct value_type value_type_string = {
    .name = "string",
    .label = "short text",
    .ftm = "string",
    .clean = keep,
    .specificity = value_says_nothing,
};

const struct value_type value_type_text = {
    .name = "text",
    .label = "long text",
    .ftm = "text",
    .clean = keep,
    .specificity = value_says_nothing,
};

const struct value_type value_type_html = {
    .name = "html",
    .label = "text with markup",
    .ftm = "html",
    .clean = keep,
    .specificity = value_says_nothing,
};

const struct value_type value_type_json = {
    .name = "json",
    .label = "nested data",
    .ftm = "json",
    .clean = keep,
    .specificity = value_says_nothing,
};
