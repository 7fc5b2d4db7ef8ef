/* SPDX-License-Identifier: Apache-2.0 */
#include "record/fold.h"

#include "base/text.h"
#include "record/latin.h"

#include <pthread.h>
#include <stdlib.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

/* A letter of another script may become several of ours. */
enum { UNITS_MAX = 4 * FOLD_IN_MAX };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static UTransliterator *to_latin; /* stateless once open: all threads share it */

static void open_latin(void)
{
    static const UChar id[] = u"Any-Latin; Latin-ASCII; Lower";
    UErrorCode fault = U_ZERO_ERROR;
    to_latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &fault);
    /* ICU without its data: nothing could be found, and nobody would know. */
    if (U_FAILURE(fault))
        abort();
}

/* What ICU makes of apostrophes, ayn, hamza and the Cyrillic signs: no letter, and no end of a
 * word either. */
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

/* ---- Scripts that people write in Latin otherwise than ICU does ---- */

/* Cyrillic and Greek as passports and officers have it: "zh", "shch", "ou" and not "z", "s", "oy".
 * One word a letter, lower case from U+0430 and U+03B1 on. NULL: ICU knows. */
static const char *const cyrillic[] = {
    "a",  "b",    "v", "g", "d", "e",  "zh", "z",  "i", "i",  "k",  "l",
    "m",  "n",    "o", "p", "r", "s",  "t",  "u",  "f", "kh", "ts", "ch",
    "sh", "shch", "",  "y", "",  "e",  "yu", "ya", "e", "e",  "dj", "g",
    "e",  "dz",   "i", "i", "j", "lj", "nj", "c",  "k", "i",  "u",  "dz"};
static const char *const greek[] = {"a", "v", "g",  "d",  "e", "z", "i", "th", "i", "k",
                                    "l", "m", "n",  "x",  "o", "p", "r", "s",  "s", "t",
                                    "i", "f", "ch", "ps", "o", "i", "y", "o",  "i", "o"};
enum { CYRILLIC_FIRST = 0x430, GREEK_FIRST = 0x3B1 };

/* Lower case without the accents of Greek; 0: neither script. */
static uint32_t plain_point(uint32_t point)
{
    static const struct {
        uint16_t accented, plain;
    } accents[] = {{0x386, 0x3B1}, {0x388, 0x3B5}, {0x389, 0x3B7}, {0x38A, 0x3B9},
                   {0x38C, 0x3BF}, {0x38E, 0x3C5}, {0x38F, 0x3C9}, {0x3AC, 0x3B1},
                   {0x3AD, 0x3B5}, {0x3AE, 0x3B7}, {0x3AF, 0x3B9}, {0x390, 0x3B9},
                   {0x3B0, 0x3C5}, {0x3AA, 0x3B9}, {0x3AB, 0x3C5}};
    for (size_t i = 0; point < 0x3D0 && i < sizeof accents / sizeof accents[0]; i++)
        if (accents[i].accented == point)
            return accents[i].plain;
    if (point == 0x490 || point == 0x491)
        return 0x433;
    if (point >= 0x391 && point <= 0x3A9)
        return point + 32;
    if (point >= 0x400 && point <= 0x40F)
        return point + 80;
    if (point >= 0x410 && point <= 0x42F)
        return point + 32;
    return point;
}

/* As it is written in Latin, or NULL when this is for ICU. */
static const char *letters_of(uint32_t point)
{
    uint32_t plain = plain_point(point);
    if (plain >= CYRILLIC_FIRST &&
        plain < CYRILLIC_FIRST + sizeof cyrillic / sizeof cyrillic[0])
        return cyrillic[plain - CYRILLIC_FIRST];
    if (plain >= GREEK_FIRST && plain < GREEK_FIRST + sizeof greek / sizeof greek[0])
        return greek[plain - GREEK_FIRST];
    return NULL;
}

/* Nobody reads it as Latin: two letters, always the same. */
static void put_unknown(struct folding *to, uint32_t point)
{
    uint32_t mixed = point * 2654435761U >> 16;
    put(to, (char)('a' + mixed % 26));
    put(to, (char)('a' + mixed / 26 % 26));
}

static void put_letters(struct folding *to, uint32_t point, uint32_t before)
{
    enum { OMICRON = 0x3BF, UPSILON = 0x3C5 };
    const char *letters = letters_of(point);
    if (plain_point(point) == UPSILON && plain_point(before) == OMICRON)
        letters = "u";
    to->dotted = false;
    for (; letters != NULL && *letters != '\0'; letters++)
        put(to, *letters);
}

static void put_latin(struct folding *to, struct bytes text)
{
    uint32_t point = 0, before;
    while (before = point, utf8_next(&point, &text)) {
        if (letters_of(point) != NULL) {
            put_letters(to, point, before);
            continue;
        }
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

/* Do the tables know all of it? Then ICU has nothing to add. */
static bool is_known(struct bytes text)
{
    uint32_t point;
    while (utf8_next(&point, &text))
        if ((point >= 0x370 || (point >= 0x180 && point < 0x300)) &&
            letters_of(point) == NULL && !is_dropped(point))
            return false;
    return true;
}

static void put_any(struct folding *to, struct bytes text)
{
    UChar units[UNITS_MAX];
    char utf8[UNITS_MAX];
    UErrorCode fault = U_ZERO_ERROR;
    int32_t len = 0, limit, utf8_len = 0;
    pthread_once(&once, open_latin);
    u_strFromUTF8(units, UNITS_MAX, &len, (const char *)text.at, (int32_t)text.len, &fault);
    limit = len;
    utrans_transUChars(to_latin, units, &len, UNITS_MAX, 0, &limit, &fault);
    u_strToUTF8(utf8, UNITS_MAX, &utf8_len, units, len, &fault);
    if (U_FAILURE(fault))
        put_latin(to, text);
    else
        put_latin(to, bytes_of(utf8, (size_t)utf8_len));
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

/* ---- Chinese names ---- */

/* How many characters, when there is nothing but Chinese ones; else 0. */
static size_t count_chinese(struct bytes text)
{
    uint32_t point;
    size_t count = 0;
    for (; utf8_next(&point, &text); count++)
        if (point < 0x3400 || point > 0x9FFF)
            return 0;
    return count;
}

/* ICU parts all syllables; people write "wang linwei", and "ouyang xiuying". */
static void join_syllables(struct folding *to, size_t family)
{
    size_t kept = 0, gaps = 0;
    for (size_t i = 0; i < to->len; i++) {
        if (to->at[i] == ' ' && ++gaps != family)
            continue;
        to->at[kept++] = to->at[i];
    }
    to->len = kept;
}

void fold_text(struct buf *out, struct bytes text)
{
    enum { NAME_MIN = 2, NAME_MAX = 4 };
    struct folding folding = {.len = 0};
    text = cut(text);
    size_t chinese = count_chinese(text);
    if (is_known(text))
        put_latin(&folding, text);
    else
        put_any(&folding, text);
    if (chinese >= NAME_MIN && chinese <= NAME_MAX)
        join_syllables(&folding, chinese == NAME_MAX ? 2 : 1);
    buf_add(out, bytes_of(folding.at, folding.len));
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

enum sound {
    NONE,
    LABIAL,
    GUTTURAL,
    HISS,
    DENTAL_T,
    DENTAL_D,
    FRICATIVE,
    LIQUID_L,
    LIQUID_R,
    NASAL_M,
    NASAL_N,
    GLIDE_J,
    BREATH
};

static bool is_vowel(uint8_t c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

/* What stands at `at`, and how many letters it takes. */
static enum sound sound_at(size_t *taken, struct bytes word, size_t at)
{
    uint8_t c = word.at[at];
    uint8_t next = at + 1 < word.len ? word.at[at + 1] : 0;
    bool last = at + 1 == word.len;
    *taken = 1;
    if (next == 'h' && memchr("scztdpkg", c, 8) != NULL) {
        *taken = 2;
        switch (c) {
        case 't':
            return DENTAL_T;
        case 'd':
            return DENTAL_D;
        case 'p':
            return FRICATIVE;
        case 'k':
            return BREATH;
        case 'g':
            return GUTTURAL;
        default:
            return HISS;
        }
    }
    switch (c) {
    case 'b':
    case 'p':
    case 'v':
        return LABIAL;
    case 'w': /* a consonant before a vowel, else the vowel that Arabic writes so */
        return at == 0 || is_vowel(next) ? LABIAL : NONE;
    case 'c':
        return next == 'e' || next == 'i' || next == 'y' ? HISS : GUTTURAL;
    case 'k':
    case 'q':
    case 'g':
        return GUTTURAL;
    case 's':
    case 'z':
    case 'x':
        return HISS;
    case 't':
        return DENTAL_T;
    case 'd':
        if (next == 'j')
            *taken = 2;
        return next == 'j' ? GLIDE_J : DENTAL_D;
    case 'f':
        return FRICATIVE;
    case 'l':
        return LIQUID_L;
    case 'r':
        return LIQUID_R;
    case 'm':
        return NASAL_M;
    case 'n':
        return NASAL_N;
    case 'j':
        return GLIDE_J;
    case 'y': /* "Yusuf", and not the vowel of "Murphy" */
        return at == 0 && !last ? GLIDE_J : NONE;
    case 'h': /* nobody hears it at the end */
        return last ? NONE : BREATH;
    default:
        return NONE;
    }
}

size_t fold_sound(uint8_t out[static FOLD_SOUND_MAX], struct bytes word)
{
    size_t count = 0, taken;
    for (size_t i = 0; i < word.len; i++)
        if (is_digit(word.at[i]))
            return 0;
    for (size_t i = 0; i < word.len && count < FOLD_SOUND_MAX; i += taken) {
        enum sound sound = sound_at(&taken, word, i);
        if (sound != NONE && (count == 0 || out[count - 1] != sound))
            out[count++] = (uint8_t)sound;
    }
    return count;
}
