/* SPDX-License-Identifier: Apache-2.0 */
#include "link/word_match.h"

#include "base/text.h"
#include "link/word_apart.h"

#include <math.h>

enum { WORD_POINTS_MAX = 32 };

/* Further apart, words differ in a consonant that is not another's like; nearer, in vowels. */
static const double CONSONANT_DISTANCE = 0.75;

static bool has_digit(struct bytes word)
{
    for (size_t i = 0; i < word.len; i++)
        if (is_digit(word.at[i]))
            return true;
    return false;
}

static size_t longer(struct bytes a, struct bytes b)
{
    return a.len > b.len ? a.len : b.len;
}

static size_t consonants(struct bytes word)
{
    char code[PHONETIC_SOUNDS_MAX];
    size_t count = phonetic_sounds(code, word), heard = 0;
    for (size_t i = 0; i < count; i++)
        heard += strchr("aeiouhY", code[i]) == NULL;
    return heard;
}

/* How many letters may be wrong in a word of so many: a short word with one wrong is another. */
static size_t letters_allowed(size_t len)
{
    return len < 5 ? 0 : len < 8 ? 1 : len < 14 ? 2 : 3;
}

/* Letters alone are heard. Digits, and the bytes of a script that could not be brought to Latin, say
 * nothing, and would be like anything that says nothing. */
static bool is_heard(struct bytes word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!is_lower(word.at[i]))
            return false;
    return word.len > 0;
}

bool words_sound_alike(struct bytes a, struct bytes b, bool vowelless)
{
    if (!is_heard(a) || !is_heard(b))
        return false;
    double most = fmax(0.26, 0.075 * (double)longer(a, b));
    if (vowelless) {
        size_t heard_a = consonants(a), heard_b = consonants(b);
        size_t least = heard_a < heard_b ? heard_a : heard_b;
        most = least == 0 ? -1 : least < 3 ? 0.35 : least < 5 ? 0.55 : 0.8;
    }
    return phonetic_distance(a, b, vowelless, most) <= most;
}

/* Digits between letters are letters that somebody, or a scanner, wrote so: Ig0r, Wi11iam. A 1 is
 * what the other word has there, if that looks like it. */
static struct bytes without_digits(uint8_t text[static WORD_TEXT_MAX], struct bytes word,
                                   struct bytes other)
{
    static const char looks_like[] = "olzeasgtbg";
    if (!has_digit(word) || word.len > WORD_TEXT_MAX || !is_lower(word.at[0]) ||
        !is_lower(word.at[word.len - 1]))
        return word;
    for (size_t i = 0; i < word.len; i++) {
        bool is_i = word.at[i] == '1' && i < other.len && other.at[i] == 'i';
        text[i] = !is_digit(word.at[i]) ? word.at[i]
                  : is_i                ? 'i'
                                        : (uint8_t)looks_like[word.at[i] - '0'];
    }
    return bytes_of(text, word.len);
}

/* A woman's form of a family name: Belov and Belova, Novak and Novakova, Orlovsky and Orlovskaya. */
static bool is_womans(struct bytes man, struct bytes woman)
{
    static const struct {
        const char *man, *woman;
    } ends[] = {{"ov", "ova"},      {"ev", "eva"},  {"in", "ina"},  {"yn", "yna"},
                {"sky", "skaya"},   {"ski", "ska"}, {"sky", "ska"}, {"cki", "cka"},
                {"tsky", "tskaya"}, {"y", "aya"},   {"", "ova"}};
    enum { STEM_MIN = 3 };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t man_len = strlen(ends[i].man), woman_len = strlen(ends[i].woman);
        if (man.len < STEM_MIN + man_len || woman.len != man.len - man_len + woman_len)
            continue;
        size_t stem = man.len - man_len;
        if (memcmp(man.at, woman.at, stem) == 0 &&
            memcmp(man.at + stem, ends[i].man, man_len) == 0 &&
            memcmp(woman.at + stem, ends[i].woman, woman_len) == 0)
            return true;
    }
    return false;
}

/* A known name beside the same with an a behind it, or with o for a: what makes a woman's name of a
 * man's in most of the world (Hendrik and Hendrika, Amir and Amira), or another family's. */
static bool is_other_ending(struct bytes known, struct bytes other)
{
    enum { KNOWN_MIN = 4 };
    if (known.len < KNOWN_MIN || !name_is_known(known, NAME_PERSON))
        return false;
    uint8_t last = known.at[known.len - 1], others = other.at[other.len - 1];
    if (other.len == known.len + 1)
        return others == 'a' && memcmp(known.at, other.at, known.len) == 0;
    return other.len == known.len &&
           ((last == 'o' && others == 'a') || (last == 'a' && others == 'o')) &&
           memcmp(known.at, other.at, known.len - 1) == 0;
}

static enum name_forms forms_of(struct bytes a, struct bytes b, enum name_kind kind,
                                bool vowelless)
{
    enum name_forms forms = name_forms(a, b, kind);
    bool initial = a.len <= 1 || b.len <= 1; /* i is in the table, as a number */
    if (forms == NAME_FORMS_ONE || (forms == NAME_FORMS_TWO && !initial))
        return forms;
    if (initial)
        return kind == NAME_COMPANY && a.len * b.len > 0 ? words_apart(a, b)
                                                         : NAME_FORMS_UNKNOWN;
    /* What two languages make of one name has its consonants. */
    if (forms == NAME_FORMS_ELSEWHERE &&
        phonetic_distance(a, b, vowelless, CONSONANT_DISTANCE) > CONSONANT_DISTANCE)
        return NAME_FORMS_TWO;
    if (kind == NAME_COMPANY)
        return words_apart(a, b);
    if (is_womans(a, b) || is_womans(b, a))
        return NAME_FORMS_ONE;
    return is_other_ending(a, b) || is_other_ending(b, a) ? NAME_FORMS_TWO
                                                          : NAME_FORMS_UNKNOWN;
}

/* Words that sound differently, but differ by few letters. */
static enum word_match compare_letters(struct bytes a, struct bytes b)
{
    enum { LONG = 8 };
    size_t len = longer(a, b);
    enum word_match match = WORD_DIFFERS;
    if (text_is_near(a, b, letters_allowed(len)))
        match = WORD_SIMILAR;
    /* Of a short word a letter makes another (Min, Ming), unless all else is the same. */
    else if (text_is_near(a, b, 1) &&
             (len == 4 ||
              (len < 4 && a.len == b.len && phonetic_distance(a, b, false, 0.5) < 0.5)))
        match = WORD_NEAR;
    return match != WORD_DIFFERS && a.at[0] != b.at[0] && len < LONG ? WORD_FRONT : match;
}

/* Letters of a script that could not be brought to Latin; 0 for too many, and for another word. */
static size_t read_points(uint32_t out[static WORD_POINTS_MAX], struct bytes word)
{
    size_t count = 0;
    for (uint32_t point; utf8_next(&point, &word);) {
        if (count == WORD_POINTS_MAX || point < 0x80)
            return 0;
        out[count++] = point;
    }
    return count;
}

/* Levenshtein's distance of letters, not of the bytes that they are written in. */
static size_t point_distance(const uint32_t *a, size_t a_count, const uint32_t *b,
                             size_t b_count)
{
    size_t row[WORD_POINTS_MAX + 1];
    for (size_t j = 0; j <= b_count; j++)
        row[j] = j;
    for (size_t i = 0; i < a_count; i++) {
        size_t corner = row[0]++;
        for (size_t j = 0; j < b_count; j++) {
            size_t kept = row[j + 1], cost = corner + (a[i] != b[j]);
            size_t gap = (kept < row[j] ? kept : row[j]) + 1;
            row[j + 1] = cost < gap ? cost : gap;
            corner = kept;
        }
    }
    return row[b_count];
}

static enum word_match compare_points(struct bytes a, struct bytes b)
{
    uint32_t left[WORD_POINTS_MAX], right[WORD_POINTS_MAX];
    size_t left_count = read_points(left, a), right_count = read_points(right, b);
    size_t most = left_count > right_count ? left_count : right_count;
    if (left_count == 0 || right_count == 0)
        return WORD_DIFFERS;
    return point_distance(left, left_count, right, right_count) <= letters_allowed(most)
               ? WORD_SIMILAR
               : WORD_DIFFERS;
}

/* By sound and letters, of words of which nothing is known. */
enum word_match word_compare_unknown(struct bytes a, struct bytes b, enum name_kind kind,
                                     bool vowelless)
{
    if (!is_heard(a) || !is_heard(b))
        return compare_points(a, b); /* another number is another thing */
    if (a.len == 1 || b.len == 1)
        return a.at[0] == b.at[0] ? WORD_INITIAL : WORD_DIFFERS;
    if (words_sound_alike(a, b, vowelless))
        return WORD_SOUNDS;
    enum word_match match = compare_letters(a, b);
    return match == WORD_FRONT && kind == NAME_COMPANY
               ? (longer(a, b) > 4 ? WORD_SIMILAR : WORD_NEAR)
               : match;
}

enum word_match word_compare(struct bytes a, struct bytes b, enum name_kind kind,
                             bool vowelless)
{
    uint8_t text_a[WORD_TEXT_MAX], text_b[WORD_TEXT_MAX];
    if (bytes_equal(a, b))
        return WORD_SAME;
    struct bytes written = a;
    a = without_digits(text_a, a, b);
    b = without_digits(text_b, b, written);
    if (bytes_equal(a, b))
        return WORD_SIMILAR;
    enum name_forms forms = forms_of(a, b, kind, vowelless);
    if (forms == NAME_FORMS_ONE || forms == NAME_FORMS_TWO)
        return forms == NAME_FORMS_ONE ? WORD_VARIANT : WORD_DIFFERS;
    return word_compare_unknown(a, b, kind, vowelless);
}
