/* SPDX-License-Identifier: Apache-2.0 */
#include "record/fold.h"

#include "base/text.h"
#include "record/latin.h"
#include "record/phonetic.h"
#include "record/script.h"

#include <assert.h>

/* Apostrophes and what is left of the Cyrillic signs: no letter, and no end of a word either. */
static bool is_dropped(uint32_t point)
{
    static const uint32_t marks[] = {'\'',  '`',   '"',   0xB4,  0x2018, 0x2019,
                                     0x2BC, 0x2BB, 0x2BF, 0x2BE, 0x2B9,  0x2BA};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (point == marks[i])
            return true;
    return false;
}

/* ---- Words, as they come ---- */

struct folding {
    uint8_t at[FOLD_OUT_MAX];
    size_t len;
    size_t word; /* where the last word begins */
    bool parted; /* something stood there that ends a word */
    bool dotted; /* the last word is single letters with dots behind them */
    bool full;
};

static void put(struct folding *to, char c)
{
    if (to->full)
        return;
    if (to->parted && to->len > 0) {
        if (to->len + 2 > FOLD_OUT_MAX) {
            to->full = true;
            return;
        }
        to->at[to->len++] = ' ';
        to->word = to->len;
    }
    to->parted = false;
    if (to->len == FOLD_OUT_MAX) {
        /* No half word at the end, unless it is the only one. */
        if (to->word > 0)
            to->len = to->word - 1;
        to->full = true;
        return;
    }
    to->at[to->len++] = (uint8_t)c;
}

/* "b.v." is one word, "st.petersburg" two. */
static void put_dot(struct folding *to)
{
    bool single = !to->parted && to->len == to->word + 1;
    bool grows = to->dotted && !to->parted && to->len > to->word;
    to->dotted = single || grows;
    if (!to->dotted)
        to->parted = true;
}

/* Nobody reads it as Latin: two letters, always the same. */
static void put_unknown(struct folding *to, uint32_t point)
{
    uint32_t mixed = point * 2654435761U >> 16;
    put(to, (char)('a' + mixed % 26));
    put(to, (char)('a' + mixed / 26 % 26));
}

static void put_latin(struct folding *to, struct bytes text)
{
    uint32_t point;
    while (utf8_next(&point, &text)) {
        char letters[2];
        int count = latin_fold(letters, point);
        if (count == LATIN_MARK || is_dropped(point))
            continue;
        if (point == '.') {
            put_dot(to);
            continue;
        }
        if (count == LATIN_OTHER && point < 0x370) {
            to->parted = true;
            to->dotted = false;
            continue;
        }
        /* Behind "b." another "v" goes on with the word; a longer word does not. */
        bool one = to->dotted && (text.len == 0 || !is_letter(text.at[0]));
        if (to->dotted && !one)
            to->parted = true;
        if (!one)
            to->dotted = false;
        if (count == LATIN_OTHER)
            put_unknown(to, point);
        for (int i = 0; i < count; i++)
            put(to, letters[i]);
    }
}

/* Does latin_fold know all of it? Then the other scripts need not be asked. */
static bool is_latin(struct bytes text)
{
    uint32_t point;
    while (utf8_next(&point, &text))
        if (point >= 0x180 && !(point >= 0x300 && point < 0x370) && !is_dropped(point))
            return false;
    return true;
}

/* At most FOLD_IN_MAX bytes, and no half character at the end. */
static struct bytes cut(struct bytes text)
{
    if (text.len <= FOLD_IN_MAX)
        return text;
    text.len = FOLD_IN_MAX;
    while (text.len > 0 && (text.at[text.len] & 0xC0) == 0x80)
        text.len--;
    return text;
}

bool fold_reading(struct buf *out, struct bytes text, enum script_reading reading)
{
    const struct script_options options = {.is_person = true, .reading = reading};
    struct folding folding = {.len = 0};
    struct buf latin = {.max = SCRIPT_LATIN_MAX};
    bool vowelless, read = true;
    text = cut(text);
    if (is_latin(text)) {
        put_latin(&folding, text);
    } else {
        read = script_to_latin(&latin, &vowelless, text, &options);
        put_latin(&folding, read ? buf_bytes(&latin) : text);
    }
    buf_release(&latin);
    if (read || reading == SCRIPT_MANDARIN)
        buf_add(out, bytes_of(folding.at, folding.len));
    return read;
}

void fold_text(struct buf *out, struct bytes text)
{
    /* What cannot be read stands there letter by letter all the same. */
    bool read = fold_reading(out, text, SCRIPT_MANDARIN);
    (void)read;
}

void fold_compact(struct buf *out, struct bytes text)
{
    struct buf folded = {.max = FOLD_OUT_MAX};
    fold_text(&folded, text);
    for (size_t i = 0; i < folded.len; i++)
        if (folded.at[i] != ' ')
            buf_add_byte(out, folded.at[i]);
    buf_release(&folded);
}

/* ---- Sounds ---- */

static const char sound_classes[] = "KJSVFTDLRMNPHA";
static_assert(sizeof sound_classes - 1 < FOLD_SOUNDS, "0 is no class");

uint32_t fold_first_sounds(uint8_t letter)
{
    /* From a to z: c may be k, s or ch; k may be kh; p may be ph. */
    static const char *const first[] = {"A",  "V",   "KSJ", "DJ", "A", "F",  "K",  "H", "A",
                                        "J",  "KH",  "L",   "M",  "N", "A",  "PF", "K", "R",
                                        "SJ", "TJS", "A",   "V",  "V", "KS", "JA", "SJ"};
    uint32_t bits = 0;
    if (!is_lower(letter))
        return 0;
    for (const char *class = first[letter - 'a']; *class != '\0'; class ++)
        bits |= 1U << (strchr(sound_classes, *class) - sound_classes + 1);
    return bits;
}

size_t fold_sound(uint8_t out[static FOLD_SOUND_MAX], struct bytes word)
{
    char code[PHONETIC_CODE_MAX];
    for (size_t i = 0; i < word.len; i++)
        if (is_digit(word.at[i]))
            return 0;
    size_t len = phonetic_code(code, word);
    for (size_t i = 0; i < len; i++) {
        const char *class = memchr(sound_classes, code[i], sizeof sound_classes - 1);
        out[i] = (uint8_t)(class != NULL ? class - sound_classes + 1 : FOLD_SOUNDS - 1);
    }
    return len;
}
