/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <assert.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { NUMBER_TEXT_MAX = 64, NEAREST_WORD_MAX = 48 };

struct bytes text_one_line(struct bytes text, struct arena *arena)
{
    static const char sign[] = "\xE2\x86\xB5";
    size_t breaks = 0, len = 0;
    for (size_t i = 0; i < text.len; i++)
        breaks += text.at[i] < ' ';
    if (breaks == 0)
        return text;
    uint8_t *line = arena_alloc(arena, text.len + breaks * (sizeof sign - 2));
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] >= ' ') {
            line[len++] = text.at[i];
            continue;
        }
        memcpy(line + len, sign, sizeof sign - 1);
        len += sizeof sign - 1;
    }
    return bytes_of(line, len);
}

bool utf8_is_unseen(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xAD ||
           point == 0x200B || point == 0x200E || point == 0x200F ||
           (point >= 0x202A && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) ||
           point == 0xFEFF;
}

bool text_is_plain_line(struct bytes text)
{
    uint32_t point;
    struct bytes rest = text;
    bool plain = text.len > 0 && utf8_valid(text) && text_trim(text).len == text.len;
    while (plain && rest.len > 0)
        plain = utf8_next(&point, &rest) && !utf8_is_unseen(point) && point != 0x2028 &&
                point != 0x2029;
    return plain;
}

struct bytes text_trim(struct bytes text)
{
    for (;;) {
        if (text.len >= 1 && is_space(text.at[0]))
            text = bytes_slice(text, 1, text.len - 1);
        else if (text.len >= 2 && text.at[0] == 0xC2 && text.at[1] == 0xA0)
            text = bytes_slice(text, 2, text.len - 2);
        else
            break;
    }
    for (;;) {
        size_t n = text.len;
        if (n >= 1 && is_space(text.at[n - 1]))
            text.len = n - 1;
        else if (n >= 2 && text.at[n - 2] == 0xC2 && text.at[n - 1] == 0xA0)
            text.len = n - 2;
        else
            return text;
    }
}

bool text_same(struct bytes a, const char *b)
{
    size_t i = 0;
    for (; i < a.len && b[i] != '\0'; i++)
        if (to_lower(a.at[i]) != to_lower((uint8_t)b[i]))
            return false;
    return i == a.len && b[i] == '\0';
}

bool text_starts(struct bytes text, const char *prefix)
{
    size_t len = strlen(prefix);
    return text.len >= len && memcmp(text.at, prefix, len) == 0;
}

bool text_next_word(struct bytes *word, struct bytes *rest, const char *separators)
{
    size_t from = 0;
    while (from < rest->len && rest->at[from] != 0 && strchr(separators, rest->at[from]))
        from++;
    size_t to = from;
    while (to < rest->len && (rest->at[to] == 0 || !strchr(separators, rest->at[to])))
        to++;
    *word = bytes_slice(*rest, from, to - from);
    *rest = bytes_slice(*rest, to, rest->len - to);
    return word->len > 0;
}

bool text_next_part(struct bytes *part, struct bytes *rest, char separator)
{
    if (rest->at == NULL)
        return false;
    const uint8_t *found = rest->len > 0 ? memchr(rest->at, separator, rest->len) : NULL;
    if (found == NULL) {
        *part = *rest;
        *rest = (struct bytes){0};
        return true;
    }
    size_t len = (size_t)(found - rest->at);
    *part = bytes_slice(*rest, 0, len);
    *rest = bytes_slice(*rest, len + 1, rest->len - len - 1);
    return true;
}

bool text_u64(uint64_t *out, struct bytes text)
{
    uint64_t value = 0;
    if (text.len == 0)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.at[i]) || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text.at[i] - '0'), &value))
            return false;
    }
    *out = value;
    return true;
}

bool text_double(double *out, struct bytes text)
{
    /* Only the characters of a plain number, so that strtod's "inf", "nan", hexadecimal and
     * leading white space do not pass; the program never leaves the C locale for numbers. */
    char copy[NUMBER_TEXT_MAX];
    if (text.len == 0 || text.len >= sizeof copy)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.at[i]) && !strchr("+-.eE", text.at[i]))
            return false;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    char *end;
    double value = strtod(copy, &end);
    if (*end != '\0' || end == copy || !isfinite(value))
        return false;
    *out = value;
    return true;
}

/* Groups of three digits with the sign between, the first of one to three. */
static bool is_grouped(struct bytes whole, char sign)
{
    size_t first = 0;
    while (first < whole.len && is_digit(whole.at[first]))
        first++;
    if (first == 0 || first > 3 || (whole.len - first) % 4 != 0)
        return false;
    for (size_t i = first; i < whole.len; i++)
        if ((i - first) % 4 == 0 ? whole.at[i] != (uint8_t)sign : !is_digit(whole.at[i]))
            return false;
    return true;
}

bool text_amount(double *out, struct bytes text)
{
    char copy[NUMBER_TEXT_MAX];
    size_t comma = text.len, point = text.len, len = 0;
    for (size_t i = 0; i < text.len; i++) {
        comma = text.at[i] == ',' ? i : comma;
        point = text.at[i] == '.' ? i : point;
    }
    if (comma == text.len)
        return text_double(out, text);
    /* The sign that stands last is the decimal one; a comma alone is it unless three digits follow. */
    size_t last = point == text.len || comma > point ? comma : point;
    bool both = point != text.len;
    struct bytes whole = bytes_slice(text, 0, last);
    if (text.len >= sizeof copy || text.len - last == 1 || last == 0 ||
        (both ? !is_grouped(whole, last == comma ? '.' : ',')
              : memchr(whole.at, ',', whole.len) != NULL || text.len - last == 4))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (i == last)
            copy[len++] = '.';
        else if (is_digit(text.at[i]) || (i == 0 && text.at[i] == '-'))
            copy[len++] = (char)text.at[i];
        else if (text.at[i] != ',' && text.at[i] != '.')
            return false;
    }
    return text_double(out, bytes_of(copy, len));
}

/* Length of the well-formed sequence at the front (RFC 3629), 0 if there is none. */
static size_t sequence_len(struct bytes text, uint32_t *point)
{
    uint8_t first = text.at[0];
    if (first < 0x80) {
        *point = first;
        return 1;
    }
    size_t len = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.len < len)
        return 0;
    uint32_t value = first & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((text.at[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (text.at[i] & 0x3F);
    }
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < least[len] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *point = value;
    return len;
}

/* How many of the first bytes are ASCII; eight at a time. */
static size_t ascii_run(struct bytes text)
{
    size_t i = 0;
    for (; i + 8 <= text.len; i += 8) {
        uint64_t word;
        memcpy(&word, text.at + i, 8);
        if (word & 0x8080808080808080u)
            break;
    }
    while (i < text.len && text.at[i] < 0x80)
        i++;
    return i;
}

bool utf8_valid(struct bytes text)
{
    for (;;) {
        size_t run = ascii_run(text);
        text = bytes_slice(text, run, text.len - run);
        if (text.len == 0)
            return true;
        uint32_t point;
        size_t len = sequence_len(text, &point);
        if (len == 0)
            return false;
        text = bytes_slice(text, len, text.len - len);
    }
}

void utf8_take_long(uint32_t *point, struct bytes *rest)
{
    size_t len = sequence_len(*rest, point);
    if (len == 0) { /* a caller's mistake; stay safe and move on */
        *point = 0xFFFD;
        len = 1;
    }
    *rest = bytes_slice(*rest, len, rest->len - len);
}

void utf8_add(struct buf *out, uint32_t point)
{
    uint8_t wire[4];
    size_t len;
    if (point < 0x80) {
        wire[0] = (uint8_t)point;
        len = 1;
    } else if (point < 0x800) {
        wire[0] = (uint8_t)(0xC0 | point >> 6);
        len = 2;
    } else if (point < 0x10000) {
        wire[0] = (uint8_t)(0xE0 | point >> 12);
        len = 3;
    } else {
        wire[0] = (uint8_t)(0xF0 | point >> 18);
        len = 4;
    }
    for (size_t i = 1; i < len; i++)
        wire[i] = (uint8_t)(0x80 | (point >> (6 * (len - 1 - i)) & 0x3F));
    buf_add(out, bytes_of(wire, len));
}

size_t utf8_add_repaired(struct buf *out, struct bytes text)
{
    /* Windows-1252, 0x80 to 0x9F; where it defines nothing the C1 control stays (WHATWG). */
    static const uint16_t windows[32] = {
        0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
        0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0x8D,   0x17D,  0x8F,
        0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178,
    };
    size_t repaired = 0;
    for (;;) {
        size_t run = ascii_run(text);
        buf_add(out, bytes_slice(text, 0, run));
        text = bytes_slice(text, run, text.len - run);
        if (text.len == 0)
            return repaired;
        uint32_t point;
        size_t len = sequence_len(text, &point);
        if (len > 0) {
            buf_add(out, bytes_slice(text, 0, len));
        } else {
            uint8_t byte = text.at[0];
            utf8_add(out, byte < 0xA0 ? windows[byte - 0x80] : byte);
            repaired++;
            len = 1;
        }
        text = bytes_slice(text, len, text.len - len);
    }
}

/* The distance where it is at most `most`, else something more: a row of which everything is
 * beyond ends it. */
static size_t distance_within(struct bytes a, struct bytes b, size_t most)
{
    static_assert(TEXT_DISTANCE_MAX < UINT8_MAX, "a distance is one byte");
    uint8_t cost[TEXT_DISTANCE_MAX + 1][TEXT_DISTANCE_MAX + 1];
    if (a.len > TEXT_DISTANCE_MAX || b.len > TEXT_DISTANCE_MAX)
        return a.len > b.len ? a.len : b.len;
    if (a.len > b.len + most || b.len > a.len + most)
        return a.len > b.len ? a.len - b.len : b.len - a.len;
    for (size_t i = 0; i <= a.len; i++)
        cost[i][0] = (uint8_t)i;
    for (size_t j = 0; j <= b.len; j++)
        cost[0][j] = (uint8_t)j;
    unsigned before = 0; /* the least of the row above: two exchanged may go by it */
    for (size_t i = 1; i <= a.len; i++) {
        unsigned nearest = cost[i][0];
        for (size_t j = 1; j <= b.len; j++) {
            uint8_t x = to_lower(a.at[i - 1]), y = to_lower(b.at[j - 1]);
            unsigned least = cost[i - 1][j - 1] + (x != y);
            if (cost[i - 1][j] + 1U < least)
                least = cost[i - 1][j] + 1U;
            if (cost[i][j - 1] + 1U < least)
                least = cost[i][j - 1] + 1U;
            if (i > 1 && j > 1 && x == to_lower(b.at[j - 2]) &&
                to_lower(a.at[i - 2]) == y && cost[i - 2][j - 2] + 1U < least)
                least = cost[i - 2][j - 2] + 1U;
            cost[i][j] = (uint8_t)least;
            nearest = least < nearest ? least : nearest;
        }
        if (nearest > most && before > most)
            return nearest;
        before = nearest;
    }
    return cost[a.len][b.len];
}

size_t text_distance(struct bytes a, struct bytes b)
{
    return distance_within(a, b, TEXT_DISTANCE_MAX);
}

bool text_is_near(struct bytes a, struct bytes b, size_t most)
{
    return distance_within(a, b, most) <= most;
}

const char *text_nearest(struct bytes word, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t best_distance = word.len / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        struct bytes name = bytes_text(names[i]);
        if (name.len > NEAREST_WORD_MAX || word.len > NEAREST_WORD_MAX)
            continue;
        size_t distance = text_distance(word, name);
        if (distance < best_distance) {
            best = names[i];
            best_distance = distance;
        }
    }
    return best;
}

void text_number(char *out, size_t size, double number)
{
    /* Whole numbers that a double holds exactly have all their digits; "%g" would write 20 as 2e+01. */
    static const double exact_max = 9007199254740992.0;
    if (fabs(number) < exact_max && trunc(number) == number) {
        snprintf(out, size, "%.0f", number + 0.0); /* and nothing is -0 */
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(out, size, "%.*g", digits, number);
        if (strtod(out, NULL) == number)
            return;
    }
}
