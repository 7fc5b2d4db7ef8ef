/* SPDX-License-Identifier: Apache-2.0 */
#include "link/name_match.h"

#include "base/text.h"
#include "link/name_asian.h"
#include "link/name_variants.h"
#include "link/word_apart.h"

enum { JOINED_MAX = 4 };

/* Company words beyond which a name is the same: of so many bits at most together. */
static const double LEFT_OVER_BITS_MAX = 3;

/* Laid out while words are being paired. */
struct laying {
    const struct name_words_read *a, *b;
    bool used_a[NAME_TOKENS_MAX], used_b[NAME_TOKENS_MAX];
    size_t partner[NAME_TOKENS_MAX]; /* of words of a: the word of b */
    enum name_of of;
    bool asian;  /* both: no slip of the pen is taken for one */
    bool korean; /* ... of one of them the family is */
    bool exact;  /* ... both in Han: another character is another name */
    bool wade;   /* ... and one of them is written after Wade and Giles */
    struct name_match *out;
};

static enum name_kind kind_of(const struct laying *laying)
{
    return laying->of == NAME_OF_PERSON ? NAME_PERSON : NAME_COMPANY;
}

static double worth(enum word_match match)
{
    static const double of[] = {0, 0.7, 0, 0.75, 0.85, 0.92, 0.92, 1};
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
    bool letters = laying->of == NAME_OF_PERSON && a.len == 1 && b.len == 1;
    out->initials += match == WORD_INITIAL || letters;
    out->near += match == WORD_NEAR;
    out->equal += match == WORD_SAME;
    out->score += worth(match);
}

static bool vowelless(const struct laying *laying)
{
    return laying->a->vowelless != laying->b->vowelless;
}

/* "de Groot" beside Degroot. */
static bool joined_alike(struct bytes joined, struct bytes word, bool vowelless)
{
    return joined.len > 0 &&
           (bytes_equal(joined, word) || words_sound_alike(joined, word, vowelless));
}

/* VII, VIII: of long numerals a stroke more or less may be a slip, where the names say the rest. */
static bool is_a_stroke_apart(struct bytes a, struct bytes b)
{
    enum { SHORT = 3 };
    return roman_number(a) > SHORT && roman_number(b) > SHORT && text_distance(a, b) == 1;
}

/* Of two syllables, what stands behind the vowel: Min and Ming, Seo and Seok are two. */
static bool same_end(struct bytes a, struct bytes b)
{
    return a.at[a.len - 1] == b.at[b.len - 1];
}

static enum word_match compare_words(const struct laying *laying, size_t i, size_t j)
{
    struct bytes a = laying->a->words[i], b = laying->b->words[j];
    if (laying->of == NAME_OF_COMPANY && is_a_stroke_apart(a, b))
        return WORD_SIMILAR;
    enum word_match match = word_compare(a, b, kind_of(laying), vowelless(laying));
    if (match >= (laying->asian ? WORD_VARIANT : WORD_SOUNDS))
        return match;
    if (joined_alike(laying->a->joined[i], b, vowelless(laying)) ||
        joined_alike(laying->b->joined[j], a, vowelless(laying)))
        return WORD_SOUNDS;
    if (!laying->asian)
        return match;
    if (laying->exact)
        return match == WORD_INITIAL ? match : WORD_DIFFERS;
    /* Syllables are written in many ways, and few of them are known: Yong, Jong. */
    if (match == WORD_DIFFERS)
        match = word_compare_unknown(a, b, NAME_PERSON, false);
    /* Of one syllable a vowel makes another, but for the many ways to write a Korean one. */
    bool short_words = name_is_syllable(a) && name_is_syllable(b) && !laying->korean;
    if (match == WORD_SOUNDS)
        return same_end(a, b) && !short_words ? match : WORD_DIFFERS;
    uint8_t left[NAME_ASIAN_MAX], right[NAME_ASIAN_MAX];
    if (laying->wade && a.len > 1 && b.len > 1 &&
        bytes_equal(name_asian_sounds(left, a), name_asian_sounds(right, b)))
        return WORD_SOUNDS;
    if (match == WORD_SIMILAR || match == WORD_NEAR || match == WORD_FRONT)
        return laying->a->count > 2 && laying->b->count > 2 && same_end(a, b) &&
                       !short_words
                   ? WORD_NEAR
                   : WORD_DIFFERS;
    return match;
}

/* Pair single words that agree at least so far; the best pairs first. */
static void pair_words(struct laying *laying, enum word_match wanted)
{
    for (size_t i = 0; i < laying->a->count; i++)
        for (size_t j = 0; j < laying->b->count && !laying->used_a[i]; j++) {
            if (laying->used_b[j])
                continue;
            struct bytes a = laying->a->words[i], b = laying->b->words[j];
            if (compare_words(laying, i, j) != wanted)
                continue;
            laying->used_a[i] = laying->used_b[j] = true;
            laying->partner[i] = j;
            note(laying, wanted, a, b);
        }
}

static struct bytes joined(uint8_t text[static WORD_TEXT_MAX],
                           const struct name_words_read *words, const bool *used,
                           size_t from, size_t count)
{
    size_t len = 0;
    for (size_t i = from; i < from + count; i++) {
        if (i >= words->count || used[i] || len + words->words[i].len > WORD_TEXT_MAX)
            return (struct bytes){0};
        memcpy(text + len, words->words[i].at, words->words[i].len);
        len += words->words[i].len;
    }
    return bytes_of(text, len);
}

/* Words run together must be equal, or nearly: they are long, and would forgive too much. */
static enum word_match run_compare(const struct laying *laying, struct bytes a,
                                   struct bytes b)
{
    uint8_t left[NAME_ASIAN_MAX], right[NAME_ASIAN_MAX];
    if (bytes_equal(a, b))
        return WORD_SAME;
    if (laying->exact)
        return WORD_DIFFERS;
    enum name_forms forms = name_forms(a, b, kind_of(laying));
    if (forms == NAME_FORMS_ONE || forms == NAME_FORMS_TWO)
        return forms == NAME_FORMS_ONE ? WORD_VARIANT : WORD_DIFFERS;
    if (laying->wade &&
        bytes_equal(name_asian_sounds(left, a), name_asian_sounds(right, b)))
        return WORD_SOUNDS;
    if (words_sound_alike(a, b, vowelless(laying)))
        return WORD_SOUNDS;
    return !laying->asian &&
                   text_distance(a, b) <= ((a.len > b.len ? a.len : b.len) < 14 ? 1 : 2)
               ? WORD_SIMILAR
               : WORD_DIFFERS;
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
 * beside two, split elsewhere; that agree at least so far. */
static void pair_runs(struct laying *laying, bool swapped, enum word_match least)
{
    const struct name_words_read *one = swapped ? laying->b : laying->a;
    const struct name_words_read *many = swapped ? laying->a : laying->b;
    bool *used_one = swapped ? laying->used_b : laying->used_a;
    bool *used_many = swapped ? laying->used_a : laying->used_b;
    uint8_t left[WORD_TEXT_MAX], right[WORD_TEXT_MAX];
    for (size_t i = 0; i < one->count; i++)
        for (size_t ones = 1; ones <= 2; ones++)
            for (size_t j = 0; j < many->count; j++)
                for (size_t run = 2; run <= JOINED_MAX; run++) {
                    struct bytes a = joined(left, one, used_one, i, ones);
                    struct bytes b = joined(right, many, used_many, j, run);
                    if (a.len < 4 || b.len < 4)
                        continue;
                    enum word_match match = run_compare(laying, a, b);
                    if (match == WORD_DIFFERS || match < least)
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

/* Beside a company's name these say little, and no table of words has them. */
static bool says_little(struct bytes word)
{
    static const char *const words[] = {
        "compania", "companhia", "compagnie", "company",  "cia",      "co",
        "firma",    "firm",      "empresa",   "empresas", "sociedad", "sociedade",
        "societe",  "societa",   "grupo",     "groupe",   "gruppe",   "gruppo",
        "group",    "shrka",     "al",        "el",       "the",      "jituan"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (bytes_is(word, words[i]))
            return true;
    return false;
}

static size_t left_over(double *bits, const struct name_words_read *words, const bool *used,
                        enum name_kind kind)
{
    size_t count = 0;
    *bits = 0;
    for (size_t i = 0; i < words->count; i++)
        if (!used[i]) {
            count++;
            *bits += kind == NAME_COMPANY && says_little(words->words[i])
                         ? 0
                         : name_token_bits(words->words[i], kind);
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

static bool has_initial(const struct name_words_read *words, const bool *used)
{
    for (size_t i = 0; i < words->count; i++)
        if (words->words[i].len == 1 && (used == NULL || !used[i]))
            return true;
    return false;
}

/* Words of a, each beside one of b, do not come in b's order. */
static bool is_swapped(const struct laying *laying)
{
    size_t before = 0;
    for (size_t i = 0; i < laying->a->count; i++) {
        if (laying->partner[i] == NAME_TOKENS_MAX)
            continue;
        if (laying->partner[i] < before)
            return true;
        before = laying->partner[i];
    }
    return false;
}

static enum name_against against(const struct laying *laying)
{
    const struct name_words_read *a = laying->a, *b = laying->b;
    enum legal_kind legal_a = legal_form_kind(a->form), legal_b = legal_form_kind(b->form);
    if (legal_a != LEGAL_EITHER && legal_b != LEGAL_EITHER && legal_a != legal_b)
        return NAME_OTHER_FORM;
    if (laying->of == NAME_OF_SHIP && is_swapped(laying))
        return NAME_OTHER_ORDER;
    if (laying->of != NAME_OF_PERSON)
        return NAME_NOTHING_AGAINST;
    if (a->generation > 0 && b->generation > 0 && a->generation != b->generation)
        return NAME_OTHER_GENERATION;
    /* Who writes initials writes them all. */
    bool both = has_initial(a, NULL) && has_initial(b, NULL);
    return both && (has_initial(a, laying->used_a) || has_initial(b, laying->used_b))
               ? NAME_OTHER_INITIALS
               : NAME_NOTHING_AGAINST;
}

static void compare_read(struct name_match *out, const struct name_words_read *a,
                         const struct name_words_read *b, enum name_of of, bool in_han)
{
    struct laying laying = {.a = a, .b = b, .of = of, .out = out};
    *out = (struct name_match){.against = NAME_NOBODYS};
    if (a->count == 0 || b->count == 0)
        return;
    for (size_t i = 0; i < a->count; i++)
        laying.partner[i] = NAME_TOKENS_MAX;
    laying.asian = of == NAME_OF_PERSON && name_is_asian(a) && name_is_asian(b);
    laying.korean = laying.asian && (name_is_korean(a) || name_is_korean(b));
    laying.exact = laying.asian && in_han;
    laying.wade = laying.asian && name_is_wade(a) != name_is_wade(b);
    pair_words(&laying, WORD_SAME);
    pair_words(&laying, WORD_VARIANT);
    pair_runs(&laying, false, WORD_VARIANT);
    pair_runs(&laying, true, WORD_VARIANT);
    pair_words(&laying, WORD_SOUNDS);
    pair_runs(&laying, false, WORD_SIMILAR);
    pair_runs(&laying, true, WORD_SIMILAR);
    pair_words(&laying, WORD_SIMILAR);
    pair_words(&laying, WORD_NEAR);
    pair_words(&laying, WORD_INITIAL);
    pair_initials(&laying, false);
    pair_initials(&laying, true);

    double bits_a, bits_b;
    out->left_a = left_over(&bits_a, a, laying.used_a, kind_of(&laying));
    out->left_b = left_over(&bits_b, b, laying.used_b, kind_of(&laying));
    out->against = against(&laying);
    out->same = out->against == NAME_NOTHING_AGAINST &&
                is_enough(out, bits_a + bits_b, kind_of(&laying));
    double left = (double)(out->left_a + out->left_b);
    double base = out->score / ((double)out->agreed + left / 2);
    if (out->agreed == 0)
        base = 0;
    out->score = out->same ? 0.7 + 0.3 * base : 0.69 * base;
}

void name_compare(struct name_match *out, struct bytes a, struct bytes b, enum name_of of,
                  struct arena *arena)
{
    size_t readings_a = script_has_han(a) ? SCRIPT_READINGS : 1;
    size_t readings_b = script_has_han(b) ? SCRIPT_READINGS : 1;
    *out = (struct name_match){.against = NAME_NOBODYS};
    for (size_t i = 0; i < readings_a; i++)
        for (size_t j = 0; j < readings_b; j++) {
            /* Two names in Han are read the same way. */
            if (readings_a > 1 && readings_b > 1 && i != j)
                continue;
            struct name_words_read left, right;
            struct name_match match;
            name_ready(&left, a, of, (enum script_reading)i, arena);
            name_ready(&right, b, of, (enum script_reading)j, arena);
            compare_read(&match, &left, &right, of, readings_a > 1 && readings_b > 1);
            if (match.score > out->score || (i == 0 && j == 0))
                *out = match;
        }
}

const char *name_match_why(const struct name_match *match, struct arena *arena)
{
    static const char *const how[] = {
        "differ",
        "one is the other's initial",
        "differ in their first letter",
        "are short and differ by a letter",
        "differ by a letter or two",
        "sound alike",
        "are forms of one name",
        "are the same",
    };
    static const char *const against[] = {
        [NAME_NOBODYS] = "one of them is no name",
        [NAME_OTHER_FORM] = "their legal forms are of two kinds",
        [NAME_OTHER_GENERATION] = "one is another generation's: Junior, Senior",
        [NAME_OTHER_INITIALS] = "one has an initial that the other has not",
        [NAME_OTHER_ORDER] = "the words stand in another order",
    };
    if (against[match->against] != NULL)
        return against[match->against];
    if (match->agreed == 0)
        return "the names have no word in common";
    if (!match->same && match->left_a > 0 && match->left_b > 0)
        return "each name has a word that the other has not";
    if (!match->same && match->initials == match->agreed)
        return "initials alone agree";
    if (!match->same && match->left_a + match->left_b > 0)
        return "one name has a word that the other has not";
    return arena_printf(arena, "%.*s and %.*s: %s", (int)match->word_a.len,
                        (const char *)match->word_a.at, (int)match->word_b.len,
                        (const char *)match->word_b.at, how[match->weakest]);
}
