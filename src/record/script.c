/* SPDX-License-Identifier: Apache-2.0 */
#include "record/script.h"

#include "base/text.h"

#include <pthread.h>
#include <stdlib.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum {
    POINTS_MAX = SCRIPT_TEXT_MAX,
    HANGUL_FIRST = 0xAC00,
    HANGUL_END = 0xD7A4,
    NUKTA = 0x93C,
    VIRAMA = 0x94D,
    NAME_RUN_MAX = 4, /* a run of more Han or Hangul characters is no person's name */
};

static pthread_once_t latin_once = PTHREAD_ONCE_INIT;
static UTransliterator *latin; /* stateless once open, so all threads share it */

static void open_latin(void)
{
    static const UChar id[] = u"Any-Latin; Latin-ASCII; Lower";
    UErrorCode fault = U_ZERO_ERROR;
    latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &fault);
    /* ICU without its data: the program cannot work, and must not match wrongly. */
    if (U_FAILURE(fault))
        abort();
}

/* What our tables leave goes through ICU. */
static bool add_by_icu(struct buf *out, struct bytes text)
{
    pthread_once(&latin_once, open_latin);
    UChar units[SCRIPT_LATIN_MAX];
    char utf8[SCRIPT_LATIN_MAX];
    UErrorCode fault = U_ZERO_ERROR;
    int32_t len = 0, limit, utf8_len = 0;
    u_strFromUTF8(units, SCRIPT_LATIN_MAX, &len, (const char *)text.at, (int32_t)text.len,
                  &fault);
    limit = len;
    utrans_transUChars(latin, units, &len, SCRIPT_LATIN_MAX, 0, &limit, &fault);
    u_strToUTF8(utf8, SCRIPT_LATIN_MAX, &utf8_len, units, len, &fault);
    if (U_FAILURE(fault))
        return false;
    buf_add(out, bytes_of(utf8, (size_t)utf8_len));
    return !out->overflowed;
}

static bool is_han(uint32_t point)
{
    return (point >= 0x4E00 && point < 0xA000) || (point >= 0x3400 && point < 0x4DC0) ||
           (point >= 0xF900 && point < 0xFB00) || point == 0x3005 ||
           (point >= 0x20000 && point < 0x30000);
}

static bool is_hangul(uint32_t point)
{
    return point >= HANGUL_FIRST && point < HANGUL_END;
}

static bool is_hebrew(uint32_t point)
{
    return point >= 0x590 && point < 0x600;
}

static bool is_arabic(uint32_t point)
{
    return point >= 0x600 && point < 0x700;
}

static bool is_devanagari(uint32_t point)
{
    return point >= 0x900 && point < 0x966;
}

static bool is_cyrillic(uint32_t point)
{
    return point >= 0x400 && point < 0x530;
}

static bool is_greek(uint32_t point)
{
    return point >= 0x370 && point < 0x400;
}

bool script_has_han(struct bytes text)
{
    if (!utf8_valid(text))
        return false;
    for (uint32_t point; utf8_next(&point, &text);)
        if (is_han(point))
            return true;
    return false;
}

/* The code points of a text and where we are in them. */
struct reading {
    uint32_t points[POINTS_MAX];
    size_t count, at;
    struct buf *out;
    const struct script_options *options;
    bool vowelless, unread;
};

static uint32_t point_at(const struct reading *reading, size_t at)
{
    return at < reading->count ? reading->points[at] : 0;
}

static uint32_t last_point(const struct reading *reading)
{
    return reading->at > 0 ? reading->points[reading->at - 1] : 0;
}

static void add(struct reading *reading, const char *text)
{
    buf_add_text(reading->out, text);
}

/* Two letters that are two sounds must not be read as one: Suhayl is s-h-y-l, not sh-y-l. */
static void add_apart(struct reading *reading, const char *letter)
{
    const struct buf *out = reading->out;
    if (letter[0] == 'h' && out->len > 0 &&
        strchr("sktpdzgcrbj", out->at[out->len - 1]) != NULL)
        add(reading, "a");
    add(reading, letter);
}

/* ---- Arabic and Hebrew: consonants, and vowels of which one sees only the long ones ---- */

static bool is_alif(uint32_t point)
{
    return point == 0x627 || point == 0x623 || point == 0x625 || point == 0x622;
}

static void read_arabic(struct reading *reading)
{
    const uint32_t *at = reading->points + reading->at;
    bool first = !is_arabic(last_point(reading));
    size_t left = 0;
    while (is_arabic(point_at(reading, reading->at + left)))
        left++;
    reading->vowelless = true;
    if (first && left == 4 && at[0] == 0x627 && at[1] == 0x644 && at[2] == 0x644 &&
        at[3] == 0x647) {
        add(reading, "allah");
        reading->at += 4;
        return;
    }
    if (first && left >= 4 && at[0] == 0x627 && at[1] == 0x644) {
        add(reading, "al ");
        reading->at += 2;
        return;
    }
    uint32_t point = at[0], last = first ? 0 : last_point(reading);
    uint32_t next = left > 1 ? at[1] : 0;
    /* Behind the article a word begins anew. */
    if (last == 0x644 && reading->at >= 2 && reading->points[reading->at - 2] == 0x627 &&
        (reading->at == 2 || !is_arabic(reading->points[reading->at - 3])) &&
        reading->out->len > 0 && reading->out->at[reading->out->len - 1] == ' ')
        last = 0;
    bool sounded = last == 0 || is_alif(last) || is_alif(next);
    if (point == 0x648)
        add(reading, sounded ? "w" : "u");
    else if (point == 0x64A || point == 0x6CC)
        add(reading, sounded && next != 0 ? "y" : "i");
    else if (point == 0x639)
        add(reading, last == 0 ? "a" : "");
    else
        add_apart(reading, script_letter(point) != NULL ? script_letter(point) : "");
    reading->at++;
}

static void read_hebrew(struct reading *reading)
{
    uint32_t point = reading->points[reading->at];
    bool first = !is_hebrew(last_point(reading));
    bool final = !is_hebrew(point_at(reading, reading->at + 1));
    const char *letter = script_letter(point);
    reading->vowelless = true;
    reading->at++;
    switch (point) {
    case 0x5D5: /* vav */
        if (point_at(reading, reading->at) == 0x5D5) {
            reading->at++;
            letter = "v";
        } else {
            letter = first ? "v" : "o";
        }
        break;
    case 0x5D9: /* yod */
        letter = first ? "y" : "i";
        break;
    case 0x5D4: /* he: mute at the end */
        letter = final && !first ? "a" : "h";
        break;
    case 0x5E2: /* ayin */
        letter = first ? "a" : "";
        break;
    case 0x5D1:
        letter = first ? "b" : "v";
        break;
    case 0x5E4:
        letter = first ? "p" : "f";
        break;
    default:
        break;
    }
    add_apart(reading, letter != NULL ? letter : "");
}

/* ---- Devanagari: a consonant has an a behind it, unless marked, or last ---- */

static void read_devanagari(struct reading *reading)
{
    static const struct {
        uint32_t point;
        const char *latin;
    } with_dot[] = {{0x915, "q"}, {0x91C, "z"}, {0x921, "r"}, {0x922, "rh"}, {0x92B, "f"}};
    uint32_t point = reading->points[reading->at++];
    const char *letter = script_letter(point);
    bool consonant =
        (point >= 0x915 && point <= 0x939) || (point >= 0x958 && point <= 0x95F);
    if (consonant && point_at(reading, reading->at) == NUKTA) {
        reading->at++;
        for (size_t i = 0; i < sizeof with_dot / sizeof *with_dot; i++)
            if (with_dot[i].point == point)
                letter = with_dot[i].latin;
    }
    add(reading, letter != NULL ? letter : "");
    uint32_t next = point_at(reading, reading->at);
    bool has_sign = (next >= 0x93E && next <= 0x94C) || next == VIRAMA;
    if (consonant && !has_sign && is_devanagari(next))
        add(reading, "a");
}

/* ---- Greek and Cyrillic: an alphabet, with letters that go together ---- */

static uint32_t greek_plain(uint32_t point)
{
    return point >= 0x391 && point <= 0x3A9 ? point + 0x20 : point;
}

static void read_greek(struct reading *reading)
{
    static const struct {
        uint32_t first, second;
        const char *front, *inside;
    } together[] = {
        {0x3BF, 0x3C5, "ou", "ou"}, {0x3BF, 0x3CD, "ou", "ou"},
        {0x3B1, 0x3C5, "av", "av"}, {0x3B1, 0x3CD, "av", "av"},
        {0x3B5, 0x3C5, "ev", "ev"}, {0x3B5, 0x3CD, "ev", "ev"},
        {0x3BC, 0x3C0, "b", "mb"},  {0x3BD, 0x3C4, "d", "nt"},
        {0x3B3, 0x3BA, "g", "g"},   {0x3B3, 0x3B3, "ng", "ng"},
        {0x3C4, 0x3B6, "tz", "tz"}, {0x3B3, 0x3C7, "nch", "nch"},
    };
    bool inside = is_greek(last_point(reading));
    uint32_t first = greek_plain(reading->points[reading->at]);
    uint32_t second = greek_plain(point_at(reading, reading->at + 1));
    for (size_t i = 0; i < sizeof together / sizeof *together; i++)
        if (together[i].first == first && together[i].second == second) {
            add(reading, inside ? together[i].inside : together[i].front);
            reading->at += 2;
            return;
        }
    add(reading, script_letter(reading->points[reading->at++]));
}

static uint32_t cyrillic_lower(uint32_t point)
{
    return point >= 0x410 && point <= 0x42F ? point + 0x20 : point;
}

static void read_cyrillic(struct reading *reading)
{
    uint32_t point = cyrillic_lower(reading->points[reading->at]);
    bool ends = cyrillic_lower(point_at(reading, reading->at + 1)) == 0x439 &&
                !is_cyrillic(point_at(reading, reading->at + 2));
    if ((point == 0x438 || point == 0x44B) && ends) {
        add(reading, "y"); /* Dmitry, not Dmitriy */
        reading->at += 2;
        return;
    }
    add(reading, script_letter(reading->points[reading->at++]));
}

/* ---- Hangul and Han: a syllable a character, the family name first ---- */

static void add_hangul(struct reading *reading, uint32_t point)
{
    static const char *const front[] = {"g",  "kk", "n", "d",  "tt", "r", "m",
                                        "b",  "pp", "s", "ss", "",   "j", "jj",
                                        "ch", "k",  "t", "p",  "h"};
    static const char *const middle[] = {"a",  "ae", "ya", "yae", "eo", "e",  "yeo",
                                         "ye", "o",  "wa", "wae", "oe", "yo", "u",
                                         "wo", "we", "wi", "yu",  "eu", "ui", "i"};
    static const char *const back[] = {"",  "k",  "k", "k", "n", "n", "n", "t", "l", "k",
                                       "m", "l",  "l", "l", "p", "l", "m", "p", "p", "t",
                                       "t", "ng", "t", "t", "k", "t", "p", "t"};
    enum { SILENT = 11, U = 13 };
    uint32_t number = point - HANGUL_FIRST;
    uint32_t first = number / (21 * 28), vowel = number / 28 % 21;
    add(reading, front[first]);
    add(reading, first == SILENT && vowel == U ? "woo" : middle[vowel]);
    add(reading, back[number % 28]);
}

static void read_hangul(struct reading *reading)
{
    size_t run = 0;
    while (is_hangul(point_at(reading, reading->at + run)))
        run++;
    bool is_name = reading->options->is_person && run <= NAME_RUN_MAX;
    for (size_t i = 0; i < run; i++) {
        uint32_t point = reading->points[reading->at + i];
        bool family = is_name && i == 0 && reading->out->len == 0;
        const char *usual = family ? script_korean_family(point) : NULL;
        if (usual != NULL)
            add(reading, usual);
        else
            add_hangul(reading, point);
        if (family && run > 1)
            add(reading, " ");
    }
    reading->at += run;
}

/* Family names whose character is read otherwise in other words, and those of two characters. */
static const char *mandarin_family(uint32_t point)
{
    switch (point) {
    case 0x66FE:
        return "zeng";
    case 0x5355:
    case 0x55AE:
        return "shan";
    case 0x89E3:
        return "xie";
    case 0x4EC7:
        return "qiu";
    case 0x67E5:
        return "zha";
    case 0x533A:
    case 0x5340:
        return "ou";
    default:
        return NULL;
    }
}

static bool is_double_family(uint32_t first, uint32_t second)
{
    static const uint32_t names[][2] = {
        {0x6B27, 0x9633}, {0x6B50, 0x967D}, {0x53F8, 0x9A6C}, {0x53F8, 0x99AC},
        {0x8BF8, 0x845B}, {0x8AF8, 0x845B}, {0x4E0A, 0x5B98}, {0x53F8, 0x5F92},
        {0x7687, 0x752B}, {0x6155, 0x5BB9}, {0x4EE4, 0x72D0}, {0x516C, 0x5B59},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i][0] == first && names[i][1] == second)
            return true;
    return false;
}

static void add_mandarin(struct reading *reading, uint32_t point, bool family)
{
    const char *usual = family ? mandarin_family(point) : NULL;
    if (usual != NULL) {
        add(reading, usual);
        return;
    }
    struct buf one = {.max = 8};
    utf8_add(&one, point);
    size_t before = reading->out->len;
    reading->unread = !add_by_icu(reading->out, buf_bytes(&one)) || reading->unread;
    /* ICU sets a syllable apart with spaces. */
    while (reading->out->len > before && reading->out->at[reading->out->len - 1] == ' ')
        reading->out->len--;
    buf_release(&one);
}

static void add_japanese(struct reading *reading, const uint32_t *points, size_t count)
{
    bool family = reading->out->len == 0;
    while (count > 0) {
        size_t taken;
        const char *word = script_kanji(&taken, points, count, family);
        if (word == NULL)
            word = script_kanji(&taken, points, count, !family);
        if (word == NULL) {
            reading->unread = true;
            return;
        }
        add(reading, word);
        if (family && taken < count)
            add(reading, " ");
        family = false;
        points += taken;
        count -= taken;
    }
}

static void read_han(struct reading *reading)
{
    const uint32_t *points = reading->points + reading->at;
    size_t run = 0;
    while (is_han(point_at(reading, reading->at + run)))
        run++;
    reading->at += run;
    if (reading->options->reading == SCRIPT_JAPANESE) {
        add_japanese(reading, points, run);
        return;
    }
    bool is_name = reading->options->is_person && run <= NAME_RUN_MAX;
    bool begins = reading->out->len == 0;
    size_t family = !is_name || !begins || run < 2                      ? 0
                    : run > 2 && is_double_family(points[0], points[1]) ? 2
                                                                        : 1;
    for (size_t i = 0; i < run; i++) {
        if (reading->options->reading == SCRIPT_KOREAN) {
            const char *syllable = script_hanja(points[i]);
            reading->unread = reading->unread || syllable == NULL;
            add(reading, syllable != NULL ? syllable : "");
        } else {
            add_mandarin(reading, points[i], begins && i == 0);
        }
        if (!is_name || (family > 0 && i + 1 == family))
            add(reading, " ");
    }
}

static void read_point(struct reading *reading)
{
    uint32_t point = reading->points[reading->at];
    if (is_han(point)) {
        read_han(reading);
    } else if (is_hangul(point)) {
        read_hangul(reading);
    } else if (point >= 0x300 && point < 0x370) {
        reading->at++; /* an accent that stands behind its letter */
    } else if (script_letter(point) == NULL) {
        utf8_add(reading->out, point < 0x80 ? to_lower((uint8_t)point) : point);
        /* Thai and Lao write many vowels, and not the short ones inside. */
        reading->vowelless = reading->vowelless || (point >= 0xE00 && point < 0xF00);
        reading->at++;
    } else if (is_arabic(point)) {
        read_arabic(reading);
    } else if (is_hebrew(point)) {
        read_hebrew(reading);
    } else if (is_devanagari(point)) {
        read_devanagari(reading);
    } else if (is_greek(point)) {
        read_greek(reading);
    } else {
        read_cyrillic(reading);
    }
}

static bool is_ascii(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] >= 0x80)
            return false;
    return true;
}

bool script_to_latin(struct buf *out, bool *vowelless, struct bytes text,
                     const struct script_options *options)
{
    *vowelless = false;
    if (text.len > SCRIPT_TEXT_MAX)
        return false;
    if (is_ascii(text)) {
        for (size_t i = 0; i < text.len; i++)
            buf_add_byte(out, to_lower(text.at[i]));
        return !out->overflowed;
    }
    if (!utf8_valid(text))
        return false;
    struct buf mixed = {.max = SCRIPT_LATIN_MAX};
    struct reading reading = {.out = &mixed, .options = options};
    while (reading.count < POINTS_MAX && utf8_next(&reading.points[reading.count], &text))
        reading.count++;
    while (reading.at < reading.count)
        read_point(&reading);
    bool readable = !reading.unread && !mixed.overflowed;
    if (readable && is_ascii(buf_bytes(&mixed)))
        buf_add(out, buf_bytes(&mixed));
    else if (readable)
        readable = add_by_icu(out, buf_bytes(&mixed));
    buf_release(&mixed);
    *vowelless = reading.vowelless;
    return readable && !out->overflowed;
}
