/* SPDX-License-Identifier: Apache-2.0 */
#include "link/name_match.h"

#include "base/text.h"
#include "link/name_variants.h"

#include <math.h>
#include <stdlib.h>

enum { JOINED_MAX = 4, JOINED_TEXT_MAX = 96 };

/* Company words beyond which a name is the same: of so many bits at most together. */
static const double LEFT_OVER_BITS_MAX = 3;

/* ---- two words ---- */

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

static bool sounds_alike(struct bytes a, struct bytes b, bool vowelless)
{
    double distance = phonetic_distance(a, b, vowelless);
    if (vowelless) {
        size_t heard_a = consonants(a), heard_b = consonants(b);
        size_t least = heard_a < heard_b ? heard_a : heard_b;
        return least > 0 && distance <= (least < 3 ? 0.35 : least < 5 ? 0.55 : 0.8);
    }
    return distance <= fmax(0.26, 0.075 * (double)longer(a, b));
}

/* A digit between letters is a letter that somebody, or a scanner, wrote so: Ig0r. */
static struct bytes without_digits(uint8_t text[static JOINED_TEXT_MAX], struct bytes word)
{
    static const char looks_like[] = "oizeasgtbg";
    if (!has_digit(word) || word.len > JOINED_TEXT_MAX)
        return word;
    memcpy(text, word.at, word.len);
    for (size_t i = 1; i + 1 < word.len; i++)
        if (is_digit(text[i]) && is_lower(text[i - 1]) && is_lower(text[i + 1]))
            text[i] = (uint8_t)looks_like[text[i] - '0'];
    return bytes_of(text, word.len);
}

enum word_match word_compare(struct bytes a, struct bytes b, bool vowelless)
{
    uint8_t text_a[JOINED_TEXT_MAX], text_b[JOINED_TEXT_MAX];
    if (bytes_equal(a, b))
        return WORD_SAME;
    a = without_digits(text_a, a);
    b = without_digits(text_b, b);
    if (name_variants(a, b))
        return WORD_VARIANT;
    if (a.len == 0 || b.len == 0 || has_digit(a) || has_digit(b))
        return WORD_DIFFERS; /* another number is another thing */
    if (a.len == 1 || b.len == 1)
        return a.at[0] == b.at[0] ? WORD_INITIAL : WORD_DIFFERS;
    if (sounds_alike(a, b, vowelless))
        return WORD_SOUNDS;
    size_t len = longer(a, b), distance = text_distance(a, b);
    if (distance <= letters_allowed(len))
        return WORD_SIMILAR;
    /* Of a short word a letter makes another (Min, Ming), unless all else is the same. */
    bool vowel = phonetic_distance(a, b, false) < 0.5;
    return distance <= 1 && (len == 4 || (len < 4 && vowel && a.len == b.len))
               ? WORD_NEAR
               : WORD_DIFFERS;
}

/* ---- two names ---- */

/* Laid out while words are being paired. */
struct laying {
    const struct name_words_read *a, *b;
    bool used_a[NAME_TOKENS_MAX], used_b[NAME_TOKENS_MAX];
    enum name_kind kind;
    struct name_match *out;
};

static double worth(enum word_match match)
{
    static const double of[] = {0, 0.7, 0.75, 0.85, 0.92, 0.92, 1};
    return of[match];
}

static void note(struct laying *laying, enum word_match match, struct bytes a,
                 struct bytes b)
{
    struct name_match *out = laying->out;
    if (out->agreed == 0 || match < out->weakest) {
        out->weakest = match;
        out->word_a = a;
        out->word_b = b;
    }
    out->agreed++;
    out->initials += match == WORD_INITIAL;
    out->near += match == WORD_NEAR;
    out->equal += match == WORD_SAME;
    out->score += worth(match);
}

static bool vowelless(const struct laying *laying)
{
    return laying->a->vowelless != laying->b->vowelless;
}

/* Pair single words that agree at least so far; the best pairs first. */
static void pair_words(struct laying *laying, enum word_match wanted)
{
    for (size_t i = 0; i < laying->a->count; i++)
        for (size_t j = 0; j < laying->b->count && !laying->used_a[i]; j++) {
            if (laying->used_b[j])
                continue;
            struct bytes a = laying->a->words[i], b = laying->b->words[j];
            if (word_compare(a, b, vowelless(laying)) != wanted)
                continue;
            laying->used_a[i] = laying->used_b[j] = true;
            note(laying, wanted, a, b);
        }
}

static struct bytes joined(uint8_t text[static JOINED_TEXT_MAX],
                           const struct name_words_read *words, const bool *used,
                           size_t from, size_t count)
{
    size_t len = 0;
    for (size_t i = from; i < from + count; i++) {
        if (i >= words->count || used[i] || len + words->words[i].len > JOINED_TEXT_MAX)
            return (struct bytes){0};
        memcpy(text + len, words->words[i].at, words->words[i].len);
        len += words->words[i].len;
    }
    return bytes_of(text, len);
}

/* Words run together must be equal, or nearly: they are long, and would forgive too much. */
static enum word_match run_compare(struct bytes a, struct bytes b, bool vowelless)
{
    if (bytes_equal(a, b))
        return WORD_SAME;
    if (sounds_alike(a, b, vowelless))
        return WORD_SOUNDS;
    return text_distance(a, b) <= (longer(a, b) < 14 ? 1 : 2) ? WORD_SIMILAR : WORD_DIFFERS;
}

/* "JC" beside Jean Claude. */
static void pair_initials(struct laying *laying, bool swapped)
{
    const struct name_words_read *one = swapped ? laying->b : laying->a;
    const struct name_words_read *many = swapped ? laying->a : laying->b;
    bool *used_one = swapped ? laying->used_b : laying->used_a;
    bool *used_many = swapped ? laying->used_a : laying->used_b;
    for (size_t i = 0; i < one->count; i++) {
        struct bytes word = one->words[i];
        if (used_one[i] || word.len < 2 || word.len > 3)
            continue;
        for (size_t j = 0; j + word.len <= many->count && !used_one[i]; j++) {
            bool fits = true;
            for (size_t k = 0; k < word.len; k++)
                fits = fits && !used_many[j + k] && many->words[j + k].at[0] == word.at[k];
            if (!fits)
                continue;
            used_one[i] = true;
            for (size_t k = 0; k < word.len; k++)
                used_many[j + k] = true;
            note(laying, WORD_INITIAL, word, many->words[j]);
        }
    }
}

/* One word of `one` beside several of `many` in a row: AlisherUsmanov, Plat Ono Vich; and two
 * beside two, split elsewhere. */
static void pair_runs(struct laying *laying, bool swapped)
{
    const struct name_words_read *one = swapped ? laying->b : laying->a;
    const struct name_words_read *many = swapped ? laying->a : laying->b;
    bool *used_one = swapped ? laying->used_b : laying->used_a;
    bool *used_many = swapped ? laying->used_a : laying->used_b;
    uint8_t left[JOINED_TEXT_MAX], right[JOINED_TEXT_MAX];
    for (size_t i = 0; i < one->count; i++)
        for (size_t ones = 1; ones <= 2; ones++)
            for (size_t j = 0; j < many->count; j++)
                for (size_t run = 2; run <= JOINED_MAX; run++) {
                    struct bytes a = joined(left, one, used_one, i, ones);
                    struct bytes b = joined(right, many, used_many, j, run);
                    if (a.len < 4 || b.len < 4)
                        continue;
                    enum word_match match = run_compare(a, b, vowelless(laying));
                    if (match == WORD_DIFFERS)
                        continue;
                    for (size_t k = i; k < i + ones; k++)
                        used_one[k] = true;
                    for (size_t k = j; k < j + run; k++)
                        used_many[k] = true;
                    note(laying, match, one->words[i], many->words[j]);
                    /* Several words agreed, though they were laid down as one. */
                    laying->out->agreed += ones - 1 + (run > ones ? 1 : 0);
                    laying->out->score +=
                        worth(match) * (double)(ones - 1 + (run > ones ? 1 : 0));
                }
}

static size_t left_over(double *bits, const struct name_words_read *words, const bool *used,
                        enum name_kind kind)
{
    size_t count = 0;
    *bits = 0;
    for (size_t i = 0; i < words->count; i++)
        if (!used[i]) {
            count++;
            *bits += name_token_bits(words->words[i], kind);
        }
    return count;
}

/* Words of which one may be missing without another name being meant. */
static bool is_enough(const struct name_match *match, double left_bits, enum name_kind kind)
{
    if (match->agreed == 0 || (match->left_a > 0 && match->left_b > 0))
        return false;
    if (match->initials == match->agreed)
        return false;
    if (match->near > 0 &&
        (match->near > 1 || match->equal + 1 != match->agreed || match->equal == 0))
        return false;
    if (match->left_a + match->left_b == 0)
        return true;
    if (kind == NAME_COMPANY)
        return left_bits <= LEFT_OVER_BITS_MAX;
    return match->agreed >= 2 && match->left_a + match->left_b <= match->agreed;
}

static void compare_read(struct name_match *out, const struct name_words_read *a,
                         const struct name_words_read *b, enum name_kind kind)
{
    struct laying laying = {.a = a, .b = b, .kind = kind, .out = out};
    *out = (struct name_match){0};
    if (a->count == 0 || b->count == 0)
        return;
    pair_words(&laying, WORD_SAME);
    pair_words(&laying, WORD_VARIANT);
    pair_words(&laying, WORD_SOUNDS);
    pair_runs(&laying, false);
    pair_runs(&laying, true);
    pair_words(&laying, WORD_SIMILAR);
    pair_words(&laying, WORD_NEAR);
    pair_words(&laying, WORD_INITIAL);
    pair_initials(&laying, false);
    pair_initials(&laying, true);

    double bits_a, bits_b;
    out->left_a = left_over(&bits_a, a, laying.used_a, kind);
    out->left_b = left_over(&bits_b, b, laying.used_b, kind);
    enum legal_kind legal_a = legal_form_kind(a->form), legal_b = legal_form_kind(b->form);
    bool other_form =
        legal_a != LEGAL_EITHER && legal_b != LEGAL_EITHER && legal_a != legal_b;
    out->same = !other_form && is_enough(out, bits_a + bits_b, kind);
    double left = (double)(out->left_a + out->left_b);
    double base = out->score / ((double)out->agreed + left / 2);
    if (out->agreed == 0)
        base = 0;
    out->score = out->same ? 0.7 + 0.3 * base : 0.69 * base;
}

/* The article inside an Arabic compound is written as it sounds or not at all: Abdulrahman,
 * Abderrahman, abd al-Rahman are abd rahman here. */
static void split_compounds(struct name_words_read *words)
{
    enum { FRONT = 3, ARTICLE = 2, REST_MIN = 4 };
    for (size_t i = 0; i < words->count && words->count < NAME_TOKENS_MAX; i++) {
        struct bytes word = words->words[i];
        if (word.len < FRONT + ARTICLE + REST_MIN || memcmp(word.at, "abd", FRONT) != 0 ||
            strchr("aeiou", word.at[FRONT]) == NULL ||
            strchr("lrsnz", word.at[FRONT + 1]) == NULL)
            continue;
        memmove(words->words + i + 2, words->words + i + 1,
                (words->count - i - 1) * sizeof *words->words);
        words->words[i] = bytes_slice(word, 0, FRONT);
        words->words[i + 1] =
            bytes_slice(word, FRONT + ARTICLE, word.len - FRONT - ARTICLE);
        words->count++;
    }
}

static void drop_ship_words(struct name_words_read *words)
{
    static const char *const kinds[] = {"mv",  "mt",  "ms",  "ss",  "fv",     "sv",   "my",
                                        "mts", "msv", "lng", "lpg", "vessel", "ship", "the",
                                        "and", "und", "et",  "y",   "e",      "of"};
    size_t kept = 0;
    for (size_t i = 0; i < words->count; i++) {
        bool drop = false;
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            drop = drop || bytes_is(words->words[i], kinds[k]);
        if (!drop)
            words->words[kept++] = words->words[i];
    }
    if (kept > 0)
        words->count = kept;
}

/* Numbers from eleven on in words, English, Spanish, Portuguese and French; those below are in the
 * table of variants. */
static const struct {
    const char *word;
    unsigned value;
} number_words[] = {
    {"eleven", 11},    {"twelve", 12},   {"thirteen", 13},  {"fourteen", 14},
    {"fifteen", 15},   {"sixteen", 16},  {"seventeen", 17}, {"eighteen", 18},
    {"nineteen", 19},  {"twenty", 20},   {"thirty", 30},    {"forty", 40},
    {"fourty", 40},    {"fifty", 50},    {"sixty", 60},     {"seventy", 70},
    {"eighty", 80},    {"ninety", 90},   {"once", 11},      {"doce", 12},
    {"trece", 13},     {"catorce", 14},  {"quince", 15},    {"veinte", 20},
    {"treinta", 30},   {"cuarenta", 40}, {"cincuenta", 50}, {"sesenta", 60},
    {"setenta", 70},   {"ochenta", 80},  {"noventa", 90},   {"vinte", 20},
    {"trinta", 30},    {"quarenta", 40}, {"cinquenta", 50}, {"sessenta", 60},
    {"oitenta", 80},   {"vingt", 20},    {"trente", 30},    {"quarante", 40},
    {"cinquante", 50}, {"soixante", 60},
};
static const char *const unit_words[][4] = {
    {"one", "uno", "um", "un"},         {"two", "dos", "dois", "deux"},
    {"three", "tres", "tres", "trois"}, {"four", "cuatro", "quatro", "quatre"},
    {"five", "cinco", "cinco", "cinq"}, {"six", "seis", "seis", "six"},
    {"seven", "siete", "sete", "sept"}, {"eight", "ocho", "oito", "huit"},
    {"nine", "nueve", "nove", "neuf"},
};

static unsigned number_of(struct bytes word)
{
    for (size_t i = 0; i < sizeof number_words / sizeof *number_words; i++)
        if (bytes_is(word, number_words[i].word))
            return number_words[i].value;
    return 0;
}

static unsigned unit_of(struct bytes word)
{
    if (word.len == 1 && word.at[0] >= '1' && word.at[0] <= '9')
        return word.at[0] - (unsigned)'0';
    for (unsigned i = 0; i < 9; i++)
        for (size_t k = 0; k < 4; k++)
            if (bytes_is(word, unit_words[i][k]))
                return i + 1;
    return 0;
}

/* "forty four", "forty 4" are 44. */
static void write_numbers(struct name_words_read *words, struct arena *arena)
{
    for (size_t i = 0; i < words->count; i++) {
        unsigned number = number_of(words->words[i]);
        if (number == 0)
            continue;
        unsigned unit =
            i + 1 < words->count && number % 10 == 0 ? unit_of(words->words[i + 1]) : 0;
        words->words[i] = bytes_text(arena_printf(arena, "%u", number + unit));
        if (unit == 0)
            continue;
        memmove(words->words + i + 1, words->words + i + 2,
                (words->count - i - 2) * sizeof *words->words);
        words->count--;
    }
}

void name_compare(struct name_match *out, struct bytes a, struct bytes b,
                  enum name_kind kind, struct arena *arena)
{
    size_t readings_a = script_has_han(a) ? SCRIPT_READINGS : 1;
    size_t readings_b = script_has_han(b) ? SCRIPT_READINGS : 1;
    *out = (struct name_match){0};
    for (size_t i = 0; i < readings_a; i++)
        for (size_t j = 0; j < readings_b; j++) {
            /* Two names in Han are read the same way. */
            if (readings_a > 1 && readings_b > 1 && i != j)
                continue;
            const struct name_read_options how_a = {kind, (enum script_reading)i};
            const struct name_read_options how_b = {kind, (enum script_reading)j};
            struct name_words_read left, right;
            struct name_match match;
            name_read(&left, a, &how_a, arena);
            name_read(&right, b, &how_b, arena);
            if (kind == NAME_PERSON) {
                split_compounds(&left);
                split_compounds(&right);
            } else {
                drop_ship_words(&left);
                drop_ship_words(&right);
                write_numbers(&left, arena);
                write_numbers(&right, arena);
            }
            compare_read(&match, &left, &right, kind);
            if (match.score > out->score)
                *out = match;
        }
}

const char *name_match_why(const struct name_match *match, struct arena *arena)
{
    static const char *const how[] = {
        "differ",
        "one is the other's initial",
        "are short and differ by a letter",
        "differ by a letter or two",
        "sound alike",
        "are forms of one name",
        "are the same",
    };
    if (match->agreed == 0)
        return "the names have no word in common";
    if (!match->same && match->left_a > 0 && match->left_b > 0)
        return arena_printf(arena, "each name has a word that the other has not");
    return arena_printf(arena, "%.*s and %.*s: %s", (int)match->word_a.len,
                        (const char *)match->word_a.at, (int)match->word_b.len,
                        (const char *)match->word_b.at, how[match->weakest]);
}
