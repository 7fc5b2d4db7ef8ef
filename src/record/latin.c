/* SPDX-License-Identifier: Apache-2.0 */
#include "record/latin.h"

#include "base/text.h"

#include <assert.h>

enum {
    LETTERS_FIRST = 0xC0,
    LETTERS_END = 0x180,
    COMMA_FIRST = 0x218,
    COMMA_END = 0x21C,
    MARKS_FIRST = 0x300,
    MARKS_END = 0x370,
};

/* One character a code point from U+00C0; '-' is no letter, '2' has two letters, below. */
static const char letters[] = "aaaaaa2ceeeeiiii"  /* C0 */
                              "dnooooo-ouuuuy22"  /* D0 */
                              "aaaaaa2ceeeeiiii"  /* E0 */
                              "dnooooo-ouuuuy2y"  /* F0 */
                              "aaaaaaccccccccdd"  /* 100 */
                              "ddeeeeeeeeeegggg"  /* 110 */
                              "gggghhhhiiiiiiii"  /* 120 */
                              "ii22jjkkqlllllll"  /* 130 */
                              "lllnnnnnnnnnoooo"  /* 140 */
                              "oo22rrrrrrssssss"  /* 150 */
                              "ssttttttuuuuuuuu"  /* 160 */
                              "uuuuwwyyyzzzzzzs"; /* 170 */
static_assert(sizeof letters - 1 == LETTERS_END - LETTERS_FIRST,
              "one character a code point");

static const char *two_letters(uint32_t point)
{
    switch (point) {
    case 0xC6:
    case 0xE6:
        return "ae";
    case 0xDE:
    case 0xFE:
        return "th";
    case 0xDF:
        return "ss";
    case 0x132:
    case 0x133:
        return "ij";
    default: /* 0x152, 0x153 */
        return "oe";
    }
}

int latin_fold(char out[2], uint32_t point)
{
    if (point < 0x80) {
        out[0] = (char)to_lower((uint8_t)point);
        return is_letter((uint8_t)point) || is_digit((uint8_t)point) ? 1 : LATIN_OTHER;
    }
    if (point >= LETTERS_FIRST && point < LETTERS_END) {
        char letter = letters[point - LETTERS_FIRST];
        if (letter == '-')
            return LATIN_OTHER;
        if (letter == '2') {
            memcpy(out, two_letters(point), 2);
            return 2;
        }
        out[0] = letter;
        return 1;
    }
    if (point >= COMMA_FIRST && point < COMMA_END) {
        out[0] = point < COMMA_FIRST + 2 ? 's' : 't';
        return 1;
    }
    return point >= MARKS_FIRST && point < MARKS_END ? LATIN_MARK : LATIN_OTHER;
}
