/* SPDX-License-Identifier: Apache-2.0 */
#include "link/name_asian.h"

#include "base/text.h"

/* clang-format off */
static const char *const families[] = {
    /* Chinese, after pinyin, Wade and Giles, and as Cantonese, Hokkien and Hakka bearers write. */
    "wang", "li", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "zhou", "xu", "sun", "ma", "zhu", "hu", "guo", "he", "lin", "gao", "luo", "zheng", "liang", "xie", "song", "tang", "feng", "deng", "han", "cao", "zeng", "peng", "xiao", "cai", "pan", "tian", "dong", "yuan", "yu", "jiang", "du", "ye", "cheng", "wei", "su", "lu", "ding", "ren", "lv", "yao", "shen", "zhong", "cui", "tan", "fan", "liao", "shi", "jin", "jia", "xia", "fu", "fang", "zou", "xiong", "bai", "meng", "qin", "qiu", "hou", "jiang", "yin", "xue", "yan", "lei", "long", "tao", "mao", "hao", "gu", "gong", "shao", "wan", "qian", "dai", "mo", "kong", "xiang", "chang", "qi", "niu", "bao", "ouyang", "sima", "xi",
    "chang", "chao", "chou", "hsu", "hsieh", "hsiao", "hsi", "hung", "kuo", "tsai", "tseng", "tsao", "teng", "tsui", "chiang", "chung", "chu", "chien", "chiu", "kung", "sung", "tung", "pai", "mao", "yeh", "lai", "wong", "lee", "cheung", "lau", "chan", "yeung", "chow", "ng", "ho", "kwok", "lam", "leung", "tse", "cheng", "tang", "fung", "yuen", "yip", "mok", "lo", "law", "chiu", "choi", "tam", "yau", "kwan", "goh", "teo", "ong", "koh", "sim", "chua", "lim", "tay", "soh",
    /* Vietnamese. */
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "ngo", "duong", "ly", "trinh", "dinh", "doan", "truong", "cao", "quach",
};

static const char *const korean_families[] = {
    "kim", "gim", "yi", "rhee", "ri", "park", "pak", "bak", "choe", "jung", "jeong", "chong", "kang", "gang", "cho", "jo", "yoon", "yun", "jang", "im", "rim", "oh", "seo", "suh", "so", "shin", "sin", "kwon", "gwon", "hwang", "ahn", "an", "hong", "ryu", "yoo", "jeon", "jun", "ko", "go", "moon", "mun", "yang", "son", "sohn", "bae", "pae", "baek", "paek", "heo", "hur", "nam", "noh", "ha", "joo", "ju", "woo", "koo", "ku", "min", "jin", "na", "ra", "ji", "um", "won", "chun", "bang", "hyun", "ham", "byun", "yeom", "chu", "do", "seok", "sul", "ma", "kil", "wi", "pyo", "myung", "ki", "ban",
};

/* Wade and Giles write so, and pinyin never; and the other way round. "hs" is the surest. */
static const char *const wade_marks[] = {"hs", "ung", "ih", "ieh", "ueh", "tz", "tse", "tsa", "tsu", "tso", "ien", "jen", "kuo", "teh"};
static const char *const pinyin_marks[] = {"zh", "x", "q", "ong", "z"};

/* Both ways to one: what stands first is looked for first. */
static const struct { const char *from, *to; } both_ways[] = {
    {"chih", "ji"}, {"shih", "xi"}, {"jih", "ri"}, {"tzu", "zi"}, {"szu", "xi"}, {"ssu", "xi"}, {"hs", "x"}, {"ts", "z"}, {"tz", "z"},
    {"zh", "j"}, {"ch", "j"}, {"sh", "x"}, {"ung", "ong"}, {"ieh", "ie"}, {"ueh", "ue"}, {"ien", "ian"}, {"uei", "ui"}, {"eh", "e"}, {"ih", "i"}, {"kuo", "guo"},
    {"q", "j"}, {"t", "d"}, {"p", "b"}, {"k", "g"}, {"c", "z"}, {"s", "x"},
};
/* clang-format on */

static bool stands_among(struct bytes word, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_is(word, table[i]))
            return true;
    return false;
}

static bool has_one_of(struct bytes word, const char *const *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (memmem(word.at, word.len, marks[i], strlen(marks[i])) != NULL)
            return true;
    return false;
}

static bool is_vowel(uint8_t c)
{
    return memchr("aeiouyw", c, 7) != NULL;
}

/* Consonants, vowels, and one of n, ng, m, k, t, p, l, h, c behind them: how many times; 0 for a word that
 * is not made so. */
static size_t count_syllables(struct bytes word)
{
    enum { ONSET_MAX = 3, VOWELS_MAX = 4 };
    size_t at = 0, count = 0;
    while (at < word.len) {
        size_t onset = at;
        while (at < word.len && !is_vowel(word.at[at]) && at - onset < ONSET_MAX)
            at++;
        size_t vowels = at;
        while (at < word.len && is_vowel(word.at[at]))
            at++;
        if (at == vowels || at - vowels > VOWELS_MAX)
            return 0;
        bool coda = at < word.len && memchr("nmktplhc", word.at[at], 8) != NULL &&
                    (at + 1 == word.len || !is_vowel(word.at[at + 1]));
        /* ng; nh and ch in Vietnamese */
        if (coda && at + 1 < word.len && memchr("nc", word.at[at], 2) != NULL &&
            memchr("gh", word.at[at + 1], 2) != NULL &&
            (at + 2 == word.len || !is_vowel(word.at[at + 2])))
            at++;
        at += coda;
        count++;
    }
    return word.len > 1 ? count : 0;
}

bool name_is_syllable(struct bytes word)
{
    return count_syllables(word) == 1;
}

static bool is_at_an_end(const struct name_words_read *words, const char *const *table,
                         size_t count)
{
    return words->count > 0 && (stands_among(words->words[0], table, count) ||
                                stands_among(words->words[words->count - 1], table, count));
}

bool name_is_korean(const struct name_words_read *words)
{
    return is_at_an_end(words, korean_families,
                        sizeof korean_families / sizeof *korean_families);
}

bool name_is_asian(const struct name_words_read *words)
{
    enum { WORDS_MIN = 2, WORDS_MAX = 4, SYLLABLES_MAX = 2 };
    size_t count = words->count;
    if (count < WORDS_MIN || count > WORDS_MAX ||
        (!is_at_an_end(words, families, sizeof families / sizeof *families) &&
         !name_is_korean(words)))
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t syllables = count_syllables(words->words[i]);
        if (syllables == 0 || syllables > SYLLABLES_MAX)
            return false;
    }
    return true;
}

bool name_is_wade(const struct name_words_read *words)
{
    bool wade = false;
    for (size_t i = 0; i < words->count; i++) {
        if (has_one_of(words->words[i], wade_marks, sizeof wade_marks / sizeof *wade_marks))
            wade = true;
        else if (has_one_of(words->words[i], pinyin_marks,
                            sizeof pinyin_marks / sizeof *pinyin_marks))
            return false;
    }
    return wade;
}

struct bytes name_asian_sounds(uint8_t out[static NAME_ASIAN_MAX], struct bytes word)
{
    size_t len = 0;
    for (size_t at = 0; at < word.len;) {
        size_t taken = 1;
        const char *to = NULL;
        for (size_t i = 0; i < sizeof both_ways / sizeof *both_ways && to == NULL; i++) {
            size_t from_len = strlen(both_ways[i].from);
            if (word.len - at < from_len ||
                memcmp(word.at + at, both_ways[i].from, from_len) != 0)
                continue;
            to = both_ways[i].to;
            taken = from_len;
        }
        size_t to_len = to != NULL ? strlen(to) : 1;
        if (len + to_len > NAME_ASIAN_MAX)
            break;
        memcpy(out + len, to != NULL ? (const uint8_t *)to : word.at + at, to_len);
        len += to_len;
        at += taken;
    }
    return bytes_of(out, len);
}
