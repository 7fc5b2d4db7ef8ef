/* SPDX-License-Identifier: Apache-2.0 */
#include "link/word_likeness.h"

#include "base/text.h"

/* Below it two words are not like each other. */
static const double word_least = 0.5;
/* What the ways of being like each other are worth. */
static const double initial_worth = 0.6, begins_worth = 0.7, sounds_worth = 0.8,
                    nearly_sounds_worth = LIKE_NEARLY_SOUNDS_WORTH;

enum { PART_MIN = 3, NUMBER_MIN = 4 };

/* ---- One word ---- */

void word_pattern_read(struct word_pattern *pattern, struct bytes word)
{
    if (word.len > LIKENESS_LETTERS_MAX)
        word.len = LIKENESS_LETTERS_MAX;
    memset(pattern, 0, sizeof *pattern);
    pattern->text = word;
    for (size_t i = 0; i < word.len; i++)
        pattern->places[fold_symbol(word.at[i])] |= (uint64_t)1 << i;
    pattern->symbols = word_symbols(word);
    pattern->sound_len = fold_sound(pattern->sound, word);
    for (uint8_t c = 'a'; c <= 'z' && pattern->sound_len > 0; c++)
        if ((fold_first_sounds(c) & 1U << pattern->sound[0]) != 0)
            pattern->first_letters |= 1U << (c - 'a');
    pattern->weight = word_weight(word);
}

/* ---- Distance: Hyyrö's bit-parallel form of Damerau's, with swapped neighbours ---- */

unsigned word_pattern_distance(const struct word_pattern *pattern, struct bytes word)
{
    size_t len = pattern->text.len;
    if (len == 0 || word.len == 0)
        return (unsigned)(len + word.len);
    uint64_t up = ~(uint64_t)0, down = 0, diagonal = 0, before = 0;
    uint64_t last = (uint64_t)1 << (len - 1);
    unsigned distance = (unsigned)len;
    for (size_t i = 0; i < word.len; i++) {
        uint64_t here = pattern->places[fold_symbol(word.at[i])];
        uint64_t swapped = ((~diagonal & here) << 1) & before;
        diagonal = (((here & up) + up) ^ up) | here | down | swapped;
        uint64_t right = down | ~(diagonal | up), left = diagonal & up;
        distance += (right & last) != 0;
        distance -= (left & last) != 0;
        right = right << 1 | 1;
        left <<= 1;
        up = left | ~(diagonal | right);
        down = right & diagonal;
        before = here;
    }
    return distance;
}

/* ---- Two words ---- */

static void better(struct word_likeness *match, enum like_way way, double score)
{
    if (score > match->score) {
        match->score = score;
        match->way = way;
    }
}

static bool begins(struct bytes word, struct bytes with)
{
    return with.len <= word.len && memcmp(word.at, with.at, with.len) == 0;
}

/* 0: the same; 1: one class more, less or other; 2: more than that. */
static unsigned sound_distance(const uint8_t *a, size_t a_len, const uint8_t *b,
                               size_t b_len)
{
    size_t start = 0, end = 0;
    size_t shorter = a_len < b_len ? a_len : b_len, longer = a_len < b_len ? b_len : a_len;
    while (start < shorter && a[start] == b[start])
        start++;
    while (end < shorter - start && a[a_len - 1 - end] == b[b_len - 1 - end])
        end++;
    size_t differs = longer - start - end;
    return differs > 2 ? 2 : (unsigned)differs;
}

static size_t place_in_memory(struct bytes text)
{
    uint64_t mixed = text.len;
    for (size_t i = 0; i < text.len; i++)
        mixed = (mixed ^ text.at[i]) * 0x9E3779B97F4A7C15u;
    return mixed >> 32 & (MEMORY_WORDS - 1);
}

static void make_sound(struct line_word *word, struct sound_memory *memory)
{
    size_t place = place_in_memory(word->text);
    word->has_sound = true;
    if (memory != NULL && bytes_equal(memory->words[place].text, word->text)) {
        word->sound_len = memory->words[place].sound_len;
        memcpy(word->sound, memory->words[place].sound, sizeof word->sound);
        return;
    }
    word->sound_len = fold_sound(word->sound, word->text);
    if (memory == NULL || word->is_joined)
        return;
    memory->words[place].text = word->text;
    memory->words[place].sound_len = word->sound_len;
    memcpy(memory->words[place].sound, word->sound, sizeof word->sound);
}

static void compare_sounds(struct word_likeness *match, const struct word_pattern *pattern,
                           struct line_word *word, struct sound_memory *memory)
{
    uint8_t first = word->text.at[0];
    if (pattern->sound_len < 2 || !is_lower(first) ||
        (pattern->first_letters & 1U << (first - 'a')) == 0)
        return;
    if (!word->has_sound)
        make_sound(word, memory);
    unsigned distance =
        sound_distance(pattern->sound, pattern->sound_len, word->sound, word->sound_len);
    size_t longer =
        word->sound_len > pattern->sound_len ? word->sound_len : pattern->sound_len;
    if (distance == 0)
        better(match, LIKE_SOUNDS, sounds_worth);
    else if (distance == 1 && longer >= 3 && word->sound_len >= 2)
        better(match, LIKE_NEARLY_SOUNDS, longer > 3 ? nearly_sounds_worth : word_least);
}

/* A house number, a postcode, a name with a number in it: a digit is no initial and sounds like
 * nothing, and a number that begins what was asked for is another number. */
static void compare_numbers(struct word_likeness *match, const struct word_pattern *pattern,
                            struct bytes word)
{
    struct bytes text = pattern->text;
    if (text.len >= PART_MIN && text.len < word.len && begins(word, text))
        better(match, LIKE_BEGINS,
               begins_worth + (1 - begins_worth) * (double)text.len / (double)word.len);
    if (text.len < NUMBER_MIN || text.len != word.len)
        return;
    match->distance = word_pattern_distance(pattern, word);
    if (match->distance == 1)
        better(match, LIKE_SIGNS, 1 - 1 / (double)text.len);
}

void word_likeness(struct word_likeness *out, const struct word_pattern *pattern,
                   struct line_word *line_word, struct sound_memory *memory)
{
    *out = (struct word_likeness){.word = line_word->text};
    struct bytes text = pattern->text, word = line_word->text;
    if (word.len > LIKENESS_LETTERS_MAX)
        word.len = LIKENESS_LETTERS_MAX;
    bool same_start = text.at[0] == word.at[0];
    if (same_start && bytes_equal(text, word)) {
        out->score = 1;
        out->way = LIKE_SAME;
        return;
    }
    if (((pattern->symbols | line_word->symbols) & word_digit_symbols()) != 0) {
        compare_numbers(out, pattern, word);
        return;
    }
    size_t longer = text.len > word.len ? text.len : word.len;
    size_t shorter = text.len + word.len - longer;
    if (shorter == 1 && same_start)
        better(out, LIKE_INITIAL, initial_worth);
    if (shorter >= PART_MIN && same_start &&
        begins(text.len < word.len ? word : text, text.len < word.len ? text : word))
        better(out, LIKE_BEGINS,
               begins_worth + (1 - begins_worth) * (double)shorter / (double)longer);
    /* Each symbol that the other lacks is a letter that differs. */
    uint64_t lacks = pattern->symbols & ~line_word->symbols;
    uint64_t more = line_word->symbols & ~pattern->symbols;
    size_t least = (size_t)__builtin_popcountll(lacks),
           least_more = (size_t)__builtin_popcountll(more);
    least = least > least_more ? least : least_more;
    if (shorter > 1 && longer <= 2 * shorter && 2 * least <= longer) {
        out->distance = word_pattern_distance(pattern, word);
        double score = 1 - (double)out->distance / (double)longer;
        if (score >= word_least)
            better(out, LIKE_LETTERS, score);
    }
    if (out->score < sounds_worth)
        compare_sounds(out, pattern, line_word, memory);
}
