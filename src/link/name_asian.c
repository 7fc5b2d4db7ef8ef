/* SPDX-License-Identifier: Apache-2.0 */
#include "link/name_asian.h"

#include "base/text.h"

/* clang-format off */
static const char *const families[] = {
    /* Chinese, after pinyin, Wade and Giles, and as Cantonese, Hokkien and Hakka bearers write. */
    "wang", "li", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "zhou", "xu", "sun", "ma", "zhu", "hu", "guo", "he", "lin", "gao", "luo", "zheng", "liang", "xie", "song", "tang", "feng", "deng", "han", "cao", "zeng", "peng", "xiao", "cai", "pan", "tian", "dong", "yuan", "yu", "jiang", "du", "ye", "cheng", "wei", "su", "lu", "ding", "ren", "lv", "yao", "shen", "zhong", "cui", "tan", "fan", "liao", "shi", "jin", "jia", "xia", "fu", "fang", "zou", "xiong", "bai", "meng", "qin", "qiu", "hou", "jiang", "yin", "xue", "yan", "lei", "long", "tao", "mao", "hao", "gu", "gong", "shao", "wan", "qian", "dai", "mo", "kong", "xiang", "chang", "qi", "niu", "bao", "ouyang", "sima", "xi",
    "chang", "chao", "chou", "hsu", "hsieh", "hsiao", "hsi", "hung", "kuo", "tsai", "tseng", "tsao", "teng", "tsui", "chiang", "chung", "chu", "chien", "chiu", "kung", "sung", "tung", "pai", "mao", "yeh", "lai", "wong", "lee", "cheung", "lau", "chan", "yeung", "chow", "ng", "ho", "kwok", "lam", "leung", "tse", "cheng", "tang", "fung", "yuen", "yip", "mok", "lo", "law", "chiu", "choi", "tam", "yau", "kwan", "goh", "teo", "ong", "koh", "sim", "chua", "lim", "tay", "soh",
    /* Korean. */
    "kim", "gim", "yi", "rhee", "ri", "park", "pak", "bak", "choe", "jung", "jeong", "chong", "kang", "gang", "cho", "jo", "yoon", "yun", "jang", "im", "rim", "oh", "seo", "suh", "so", "shin", "sin", "kwon", "gwon", "hwang", "ahn", "an", "hong", "ryu", "yoo", "jeon", "jun", "ko", "go", "moon", "mun", "yang", "son", "sohn", "bae", "pae", "baek", "paek", "heo", "hur", "nam", "noh", "ha", "joo", "ju", "woo", "koo", "ku", "min", "jin", "na", "ra", "ji", "um", "won", "chun", "bang", "hyun", "ham", "byun", "yeom", "chu", "do", "seok", "sul", "ma", "kil", "wi", "pyo", "myung", "ki", "ban",
    /* Vietnamese. */
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "ngo", "duong", "ly", "trinh", "dinh", "doan", "truong", "cao", "quach",
};

/* Wade and Giles write so, and pinyin never; and the other way round. "hs" is the surest. */
static const char *const wade_marks[] = {"hs", "ung", "ih", "ieh", "ueh", "tz", "tse", "tsa", "tsu", "tso", "ien", "jen", "kuo", "teh"};
static const char *const pinyin_marks[] = {"zh", "x", "q", "ong", "ian", "z"};

/* Both ways to one: what stands first is looked for first. */
static const struct { const char *from, *to; } syllables[] = {
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

/* Consonants, vowels, and one of n, ng, m, k, t, p, l, h behind them: at most twice. */
static bool is_syllables(struct bytes word)
{
    enum { SYLLABLES_MAX = 2, VOWELS_MAX = 4 };
    size_t at = 0, count = 0;
    while (at < word.len && count <= SYLLABLES_MAX) {
        size_t onset = at;
        while (at < word.len && !is_vowel(word.at[at]) && at - onset < 3)
            at++;
        size_t vowels = at;
        while (at < word.len && is_vowel(word.at[at]))
            at++;
        if (at == vowels || at - vowels > VOWELS_MAX)
            return false;
        bool coda = at < word.len && memchr("nmktplh", word.at[at], 7) != NULL &&
                    (at + 1 == word.len || !is_vowel(word.at[at + 1]));
        if (coda && word.at[at] == 'n' && at + 1 < word.len && word.at[at + 1] == 'g' &&
            (at + 2 == word.len || !is_vowel(word.at[at + 2])))
            at++;
        at += coda;
        count++;
    }
    return at == word.len && count <= SYLLABLES_MAX && word.len > 1;
}

bool name_is_asian(const struct name_words_read *words)
{
    enum { WORDS_MIN = 2, WORDS_MAX = 4 };
    size_t count = words->count, family = sizeof families / sizeof *families;
    if (count < WORDS_MIN || count > WORDS_MAX)
        return false;
    if (!stands_among(words->words[0], families, family) &&
        !stands_among(words->words[count - 1], families, family))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!is_syllables(words->words[i]))
            return false;
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
        for (size_t i = 0; i < sizeof syllables / sizeof *syllables && to == NULL; i++) {
            size_t from_len = strlen(syllables[i].from);
            if (word.len - at < from_len ||
                memcmp(word.at + at, syllables[i].from, from_len) != 0)
                continue;
            to = syllables[i].to;
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
