/* SPDX-License-Identifier: Apache-2.0
 *
 * base/text.h: UTF-8 and small words.
 *
 * Everything here is about ASCII and about the encoding, not about language: folding of names
 * stands in record/name. Text that comes from outside is made valid UTF-8 at the door
 * (formats/source) and stays so.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/memory.h"

static inline bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}
static inline bool is_upper(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}
static inline bool is_lower(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}
static inline bool is_letter(uint8_t c)
{
    return is_upper(c) || is_lower(c);
}
/* "row" of one, "rows" of none and of many. */
static inline const char *plural(uint64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}
/* Space, tab, newline, carriage return, vertical tab, form feed. */
static inline bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline uint8_t to_upper(uint8_t c)
{
    return is_lower(c) ? (uint8_t)(c - 32) : c;
}
static inline uint8_t to_lower(uint8_t c)
{
    return is_upper(c) ? (uint8_t)(c + 32) : c;
}

/* Without the white space at both ends: ASCII's, and no-break space (U+00A0). */
struct bytes text_trim(struct bytes text);
/* For a list that people read: what would break the line stands as a sign (U+21B5), so that no value
 * can look like another line. In the arena where it had to be changed. */
struct bytes text_one_line(struct bytes text, struct arena *arena);
/* What leaves no mark on paper: control characters, soft hyphen, zero width space, direction marks, byte
 * order mark. Not the two joiners that Persian and Hindi need. */
bool utf8_is_unseen(uint32_t point);
/* Valid, not empty, without blanks around it, one line, and every sign of it is seen: what is shown is what
 * it says. */
bool text_is_plain_line(struct bytes text);
/* ASCII letters compared without case. */
bool text_same(struct bytes a, const char *b);
bool text_starts(struct bytes text, const char *prefix);
/* The next word of *rest up to one of the separators; separators in a row count as one.
 * false at the end. */
bool text_next_word(struct bytes *word, struct bytes *rest, const char *separators);
/* The part before separator (to *part) and behind it (to *rest); false when *rest is exhausted
 * (its at is NULL). Empty parts count. */
bool text_next_part(struct bytes *part, struct bytes *rest, char separator);

/* Whole text is a decimal number without sign that fits. */
bool text_u64(uint64_t *out, struct bytes text);
/* A number as people write it: also 12,5 and 1.234,56 and 1,234.56. false for 1,234 and 1.234.567, of
 * which nobody knows whether the sign is the decimal one, as for what text_double refuses. */
bool text_amount(double *out, struct bytes text);
/* Whole text is a finite number: optional sign, digits, at most one point, optional exponent.
 * Independent of the locale. */
bool text_double(double *out, struct bytes text);

bool utf8_valid(struct bytes text);
/* One code point of two bytes or more from the front of *rest, which is not empty. */
void utf8_take_long(uint32_t *point, struct bytes *rest);
/* One code point from the front of *rest (valid UTF-8); false at the end. */
static inline bool utf8_next(uint32_t *point, struct bytes *rest)
{
    if (rest->len == 0)
        return false;
    if (rest->at[0] >= 0x80) {
        utf8_take_long(point, rest);
        return true;
    }
    *point = *rest->at++;
    rest->len--;
    return true;
}
void utf8_add(struct buf *out, uint32_t point);
/* Add text as it is where it is UTF-8, each other byte as Windows-1252 would read it. Returns
 * how many bytes were so read. */
size_t utf8_add_repaired(struct buf *out, struct bytes text);

/* Edit distance without case: letters put in, left out, changed, or two neighbours exchanged. For
 * texts over TEXT_DISTANCE_MAX bytes the longer length. */
enum { TEXT_DISTANCE_MAX = 96 };
size_t text_distance(struct bytes a, struct bytes b);
/* Is it no more than `most`? Soon known of two texts that are not alike. */
bool text_is_near(struct bytes a, struct bytes b, size_t most);

/* The table names[0..count-1] entry that differs least from word (for "did you mean"), or NULL
 * when none is near. Compared without case by edit distance, at most a third of the length. */
const char *text_nearest(struct bytes word, const char *const *names, size_t count);

/* Shortest decimal form that reads back as the same number, in out of at least 32 bytes; whole
 * numbers up to 2^53 without an exponent. */
void text_number(char *out, size_t size, double number);

#endif
