/* SPDX-License-Identifier: Apache-2.0
 *
 * bench/people.h: invented names of people in seven scripts, and how they are mistyped.
 *
 * A name is made of syllables from a seed: given names from a small stock that some use much more
 * than others, family names from a large one. It is kept in Latin letters and in the script of its
 * culture; the Latin form is how an officer would write it, not how a library transliterates.
 * Nobody here exists.
 */
#ifndef BENCH_PEOPLE_H
#define BENCH_PEOPLE_H

#include "base/bytes.h"
#include "base/text.h"

#include <stdio.h>

enum { PEOPLE_TEXT = 256, PEOPLE_WORDS = 4 };

enum culture { IBERIAN, NORTHERN, VIET, SLAVIC, ARAB, GREEK, CHINESE, KOREAN, CULTURES };

/* Per cent of people. */
static const unsigned culture_share[CULTURES] = {28, 24, 6, 16, 10, 5, 7, 4};

struct person {
    enum culture culture;
    char native[PEOPLE_TEXT], latin[PEOPLE_TEXT];
};

static uint64_t people_state = 20261126;

static inline unsigned people_draw(unsigned limit)
{
    people_state = people_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(people_state >> 33) % limit;
}

/* ---- Syllables ---- */

static const char *const onsets[CULTURES][24] = {
    [IBERIAN] = {"m", "r", "l", "c", "s", "t",  "d",  "b",  "g",  "p",
                 "f", "v", "j", "n", "z", "al", "es", "ro", "ra", "qu"},
    [NORTHERN] = {"h",  "w",  "st",  "br", "k", "l", "m", "n",  "j", "d",
                  "th", "gr", "sch", "p",  "v", "f", "b", "cl", "r", "s"},
    [VIET] = {"ng", "tr", "ph", "th", "h", "l", "v", "b", "d", "nh", "kh", "qu", "t", "n"},
    [SLAVIC] = {"v", "iv", "p", "s",  "k",  "n",  "m", "d", "b",  "r",
                "l", "t",  "g", "zh", "sh", "ch", "f", "a", "kh", "z"},
    [ARAB] = {"m", "h", "s", "kh", "f", "y", "q", "r", "l", "n", "b", "d", "j", "z", "sh",
              "t", "w", "k"},
    [GREEK] = {"p", "k", "d", "th", "g", "m", "n", "s", "t", "l", "r", "x", "v", "ch", "f"},
};
static const char *const nuclei[CULTURES][10] = {
    [IBERIAN] = {"a", "e", "i", "o", "u", "ia", "á", "é", "í", "ó"},
    [NORTHERN] = {"a", "e", "i", "o", "u", "oe", "ie", "ö", "ä", "ee"},
    [VIET] = {"a", "ă", "â", "ê", "ế", "ô", "ơ", "ư", "i", "uy"},
    [SLAVIC] = {"a", "e", "i", "o", "u", "a", "e", "i", "o", "a"},
    [ARAB] = {"a", "i", "u", "a", "aa", "a", "i", "ee", "oo", "a"},
    [GREEK] = {"a", "e", "i", "o", "a", "e", "i", "o", "a", "o"},
};
static const char *const endings[CULTURES][10] = {
    [IBERIAN] = {"ez", "s", "n", "ra", "do", "na", "no", "r", "l", ""},
    [NORTHERN] = {"n", "rt", "sen", "mann", "s", "ck", "ld", "r", "ton", ""},
    [VIET] = {"n", "ng", "nh", "m", "t", "c", "p", "", "", ""},
    [SLAVIC] = {"ov", "ev", "in", "ko", "ski", "n", "r", "va", "k", ""},
    [ARAB] = {"d", "m", "n", "r", "l", "b", "f", "", "q", "s"},
    [GREEK] = {"s", "os", "is", "as", "ou", "idis", "akis", "n", "", "poulos"},
};

/* Characters that are read as the syllable behind them. */
static const char *const chinese[][2] = {
    {"王", "wang"},  {"李", "li"},    {"张", "zhang"}, {"刘", "liu"},  {"陈", "chen"},
    {"杨", "yang"},  {"赵", "zhao"},  {"黄", "huang"}, {"周", "zhou"}, {"吴", "wu"},
    {"徐", "xu"},    {"孙", "sun"},   {"胡", "hu"},    {"朱", "zhu"},  {"高", "gao"},
    {"林", "lin"},   {"何", "he"},    {"郭", "guo"},   {"马", "ma"},   {"罗", "luo"},
    {"梁", "liang"}, {"宋", "song"},  {"郑", "zheng"}, {"谢", "xie"},  {"唐", "tang"},
    {"韩", "han"},   {"冯", "feng"},  {"邓", "deng"},  {"曹", "cao"},  {"彭", "peng"},
    {"伟", "wei"},   {"芳", "fang"},  {"娜", "na"},    {"敏", "min"},  {"静", "jing"},
    {"丽", "li"},    {"强", "qiang"}, {"磊", "lei"},   {"军", "jun"},  {"洋", "yang"},
    {"勇", "yong"},  {"艳", "yan"},   {"杰", "jie"},   {"娟", "juan"}, {"涛", "tao"},
    {"明", "ming"},  {"超", "chao"},  {"秀", "xiu"},   {"霞", "xia"},  {"平", "ping"},
    {"刚", "gang"},  {"桂", "gui"},   {"英", "ying"},  {"华", "hua"},  {"玉", "yu"},
    {"红", "hong"},  {"梅", "mei"},   {"云", "yun"},   {"龙", "long"}, {"春", "chun"},
};
enum { CHINESE_COUNT = sizeof chinese / sizeof chinese[0], CHINESE_FAMILY = 30 };

/* ---- Other scripts: the longest letters first ---- */

static const char *const cyrillic[][2] = {
    {"zh", "ж"}, {"sh", "ш"}, {"ch", "ч"}, {"kh", "х"}, {"ski", "ский"},
    {"a", "а"},  {"b", "б"},  {"v", "в"},  {"g", "г"},  {"d", "д"},
    {"e", "е"},  {"z", "з"},  {"i", "и"},  {"k", "к"},  {"l", "л"},
    {"m", "м"},  {"n", "н"},  {"o", "о"},  {"p", "п"},  {"r", "р"},
    {"s", "с"},  {"t", "т"},  {"u", "у"},  {"f", "ф"},  {NULL, NULL}};
static const char *const arabic[][2] = {
    {"kh", "خ"}, {"sh", "ش"}, {"aa", "ا"}, {"ee", "ي"}, {"oo", "و"}, {"a", ""},  {"i", ""},
    {"u", ""},   {"b", "ب"},  {"t", "ت"},  {"j", "ج"},  {"h", "ح"},  {"d", "د"}, {"r", "ر"},
    {"z", "ز"},  {"s", "س"},  {"f", "ف"},  {"q", "ق"},  {"k", "ك"},  {"l", "ل"}, {"m", "م"},
    {"n", "ن"},  {"w", "و"},  {"y", "ي"},  {NULL, NULL}};
static const char *const greek[][2] = {
    {"ou", "ου"}, {"th", "θ"}, {"ch", "χ"}, {"a", "α"}, {"v", "β"},  {"g", "γ"},
    {"d", "δ"},   {"e", "ε"},  {"z", "ζ"},  {"i", "ι"}, {"k", "κ"},  {"l", "λ"},
    {"m", "μ"},   {"n", "ν"},  {"x", "ξ"},  {"o", "ο"}, {"p", "π"},  {"r", "ρ"},
    {"s", "σ"},   {"t", "τ"},  {"f", "φ"},  {"u", "υ"}, {NULL, NULL}};

static inline void people_write(char *out, const char *latin, const char *const (*table)[2])
{
    size_t len = 0;
    while (*latin != '\0') {
        size_t i = 0;
        while (table[i][0] != NULL && strncmp(latin, table[i][0], strlen(table[i][0])) != 0)
            i++;
        if (table[i][0] == NULL) {
            out[len++] = *latin++;
            continue;
        }
        len += (size_t)sprintf(out + len, "%s", table[i][1]);
        latin += strlen(table[i][0]);
    }
    out[len] = '\0';
}

/* ---- Words of a name ---- */

/* The same word for the same number. */
static inline void people_word(char *out, enum culture culture, unsigned number)
{
    uint64_t mix = (number + 1) * 0x9E3779B97F4A7C15u + culture * 0xD1B54A32D192ED03u;
    size_t len = 0;
    unsigned syllables = 1 + (mix >> 60 & 1) + (culture != VIET && (mix >> 58 & 3) != 0);
    for (unsigned i = 0; i < syllables; i++) {
        unsigned count = 0;
        while (count < 24 && onsets[culture][count] != NULL)
            count++;
        mix = mix * 6364136223846793005u + 1442695040888963407u;
        len += (size_t)sprintf(out + len, "%s%s", onsets[culture][(mix >> 33) % count],
                               nuclei[culture][(mix >> 45) % 10]);
    }
    sprintf(out + len, "%s", endings[culture][(mix >> 52) % 10]);
}

/* Some are much more usual than others. */
static inline unsigned people_rank(unsigned stock)
{
    double u = (double)people_draw(1 << 20) / (1 << 20);
    return (unsigned)(u * u * u * stock);
}

static inline void people_korean(struct person *person)
{
    static const char *const leads[] = {"g", "n", "d",  "r", "m", "b", "s",
                                        "",  "j", "ch", "k", "t", "p", "h"};
    static const uint8_t lead_of[] = {0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18};
    static const char *const vowels[] = {"a", "eo", "o", "u", "i", "ae", "yeo", "eu"};
    static const uint8_t vowel_of[] = {0, 4, 8, 13, 20, 1, 6, 18};
    static const char *const tails[] = {"", "n", "m", "ng"};
    static const uint8_t tail_of[] = {0, 4, 16, 21};
    size_t native = 0, latin = 0;
    for (unsigned i = 0; i < 3; i++) {
        unsigned lead = people_draw(14), vowel = people_draw(8), tail = people_draw(4);
        unsigned point =
            0xAC00u + (lead_of[lead] * 21u + vowel_of[vowel]) * 28u + tail_of[tail];
        native += (size_t)sprintf(
            person->native + native, "%c%c%c%s", (int)(0xE0 | point >> 12),
            (int)(0x80 | (point >> 6 & 63)), (int)(0x80 | (point & 63)), i == 0 ? " " : "");
        latin += (size_t)sprintf(person->latin + latin, "%s%s%s%s", leads[lead],
                                 vowels[vowel], tails[tail], i == 0 ? " " : "");
    }
}

static inline void people_chinese(struct person *person)
{
    unsigned family = people_draw(CHINESE_FAMILY);
    size_t native = (size_t)sprintf(person->native, "%s", chinese[family][0]);
    size_t latin = (size_t)sprintf(person->latin, "%s ", chinese[family][1]);
    for (unsigned i = 0; i < 2; i++) {
        unsigned given = people_draw(CHINESE_COUNT);
        native += (size_t)sprintf(person->native + native, "%s", chinese[given][0]);
        latin += (size_t)sprintf(person->latin + latin, "%s", chinese[given][1]);
    }
}

static inline void people_make(struct person *person)
{
    static const unsigned families[CULTURES] = {40000, 60000, 600, 40000,
                                                20000, 20000, 0,   0};
    unsigned share = people_draw(100), culture = 0;
    while (share >= culture_share[culture])
        share -= culture_share[culture++];
    person->culture = (enum culture)culture;
    if (culture == CHINESE) {
        people_chinese(person);
        return;
    }
    if (culture == KOREAN) {
        people_korean(person);
        return;
    }
    size_t len = 0;
    unsigned words = culture == IBERIAN || culture == VIET || culture == ARAB
                         ? 3
                         : 2 + (people_draw(4) == 0);
    for (unsigned i = 0; i < words; i++) {
        char word[64];
        bool given = i == 0 || (culture == ARAB && i == 1);
        people_word(word, person->culture,
                    given ? people_rank(1500) : 1500 + people_rank(families[culture]));
        len += (size_t)sprintf(person->latin + len, "%s%s", i > 0 ? " " : "", word);
    }
    switch (person->culture) {
    case SLAVIC:
        people_write(person->native, person->latin, cyrillic);
        break;
    case ARAB:
        people_write(person->native, person->latin, arabic);
        break;
    case GREEK:
        people_write(person->native, person->latin, greek);
        break;
    default:
        memcpy(person->native, person->latin, sizeof person->native);
    }
}

/* ---- Slips ---- */

static inline size_t people_points(uint32_t *points, const char *text)
{
    struct bytes rest = bytes_text(text);
    size_t count = 0;
    while (count < PEOPLE_TEXT / 2 && utf8_next(&points[count], &rest))
        count++;
    return count;
}

static inline void people_put(char *out, const uint32_t *points, size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t p = points[i];
        if (p < 0x80) {
            out[len++] = (char)p;
        } else if (p < 0x800) {
            out[len++] = (char)(0xC0 | p >> 6);
            out[len++] = (char)(0x80 | (p & 63));
        } else {
            out[len++] = (char)(0xE0 | p >> 12);
            out[len++] = (char)(0x80 | (p >> 6 & 63));
            out[len++] = (char)(0x80 | (p & 63));
        }
    }
    out[len] = '\0';
}

/* Another final consonant, as one key beside the right one makes it. */
static inline void people_slip_korean(char *text)
{
    uint32_t points[PEOPLE_TEXT];
    size_t count = people_points(points, text);
    uint32_t *last = &points[count - 1];
    *last = (*last - 0xAC00) % 28 == 0 ? *last + 4 : *last - (*last - 0xAC00) % 28;
    people_put(text, points, count);
}

/* A character that is read the same: the slip of who writes Chinese by its sound. */
static inline void people_slip_chinese(char *text)
{
    for (size_t at = 0; text[at] != '\0'; at += 3)
        for (size_t i = 0; i < CHINESE_COUNT; i++)
            for (size_t j = 0; j < CHINESE_COUNT; j++)
                if (i != j && memcmp(text + at, chinese[i][0], 3) == 0 &&
                    strcmp(chinese[i][1], chinese[j][1]) == 0) {
                    memcpy(text + at, chinese[j][0], 3);
                    return;
                }
}

/* One letter lost, doubled, replaced by another of the same name or the alphabet, or swapped with its
 * neighbour. Never a space, and never the only letter of a word. */
static inline void people_slip(char *text)
{
    if ((uint8_t)text[0] >= 0xEA && (uint8_t)text[0] <= 0xED) {
        people_slip_korean(text);
        return;
    }
    if ((uint8_t)text[0] >= 0xE4 && (uint8_t)text[0] <= 0xE9) {
        people_slip_chinese(text);
        return;
    }
    uint32_t points[PEOPLE_TEXT];
    size_t count = people_points(points, text);
    for (unsigned tries = 0; tries < 20; tries++) {
        size_t at = people_draw((unsigned)count);
        bool alone = (at == 0 || points[at - 1] == ' ') &&
                     (at + 1 == count || points[at + 1] == ' ');
        if (points[at] == ' ' || alone)
            continue;
        uint32_t other = points[at] < 0x80 ? 'a' + people_draw(26)
                                           : points[people_draw((unsigned)count)];
        switch (people_draw(4)) {
        case 0:
            memmove(points + at, points + at + 1, (count - at - 1) * sizeof *points);
            count--;
            break;
        case 1:
            memmove(points + at + 1, points + at, (count - at) * sizeof *points);
            points[at] = other == ' ' ? points[at + 1] : other;
            count++;
            break;
        case 2:
            if (other == ' ' || other == points[at])
                continue;
            points[at] = other;
            break;
        default:
            if (at + 1 == count || points[at + 1] == ' ' || points[at + 1] == points[at])
                continue;
            other = points[at];
            points[at] = points[at + 1];
            points[at + 1] = other;
        }
        break;
    }
    people_put(text, points, count);
}

/* The last word comes first. */
static inline void people_swap(char *text)
{
    char *last = strrchr(text, ' ');
    char copy[PEOPLE_TEXT];
    if (last == NULL)
        return;
    *last = '\0';
    snprintf(copy, sizeof copy, "%s %s", last + 1, text);
    memcpy(text, copy, sizeof copy);
}

#endif
