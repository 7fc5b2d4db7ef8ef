/* SPDX-License-Identifier: Apache-2.0
 *
 * link/word_likeness.h: how like two words are: one of a question, taken apart once, and one of a line.
 *
 * Two words are like each other when few letters differ (a letter more, less, other, or two
 * swapped), when one begins the other, when one is the other's initial, or when they sound the
 * same (record/fold). The best of these ways counts; the score is 0 to 1, 1 for the same word.
 * Numbers are like each other only by their signs.
 */
#ifndef LINK_WORD_LIKENESS_H
#define LINK_WORD_LIKENESS_H

#include "record/fold.h"

enum { LIKENESS_LETTERS_MAX = 60 }; /* of one word; what is behind is not compared */

/* What two words are worth that sound the same but for one sound. */
#define LIKE_NEARLY_SOUNDS_WORTH 0.6

/* One word taken apart for comparing it many times. */
struct word_pattern {
    struct bytes text;
    uint64_t places[FOLD_SYMBOLS]; /* bit i: letter i is this symbol */
    uint8_t sound[FOLD_SOUND_MAX];
    size_t sound_len;
    uint32_t first_letters; /* bits 1 << letter: words that begin so may sound alike */
    uint64_t symbols;       /* bits 1 << symbol that is in it */
    double weight;
};

/* The sounds of words that were met while one question is asked: lines that are alike have words in
 * common. All-zero is empty; the texts must stay where they are. */
enum { MEMORY_WORDS = 512 };
struct sound_memory {
    struct {
        struct bytes text;
        uint8_t sound[FOLD_SOUND_MAX];
        size_t sound_len;
    } words[MEMORY_WORDS];
};

/* A word of the line; its sound is made when it is first asked for. */
struct line_word {
    struct bytes text;
    bool has_sound, is_joined;
    uint64_t symbols;
    uint8_t sound[FOLD_SOUND_MAX];
    size_t sound_len;
};

enum like_way {
    LIKE_NOT_AT_ALL,
    LIKE_SAME,
    LIKE_LETTERS,
    LIKE_SIGNS,
    LIKE_BEGINS,
    LIKE_INITIAL,
    LIKE_SOUNDS,
    LIKE_NEARLY_SOUNDS
};

struct word_likeness {
    double score;
    enum like_way way;
    unsigned distance;
    struct bytes word; /* of the line */
};

void word_pattern_read(struct word_pattern *pattern, struct bytes word);

/* Letters that differ, as said above; both at most LIKENESS_LETTERS_MAX long. */
unsigned word_pattern_distance(const struct word_pattern *pattern, struct bytes word);

/* memory may be NULL: sounds are made each time. */
void word_likeness(struct word_likeness *out, const struct word_pattern *pattern,
                   struct line_word *line_word, struct sound_memory *memory);

/* What a word counts for, by its length. */
static inline double word_weight(struct bytes word)
{
    return word.len == 1 ? 1 : 2 + (double)(word.len < 8 ? word.len : 8);
}

/* Bits 1 << symbol that is in it. */
static inline uint64_t word_symbols(struct bytes word)
{
    uint64_t symbols = 0;
    for (size_t i = 0; i < word.len; i++)
        symbols |= (uint64_t)1 << fold_symbol(word.at[i]);
    return symbols;
}

/* ... of the ten digits. */
static inline uint64_t word_digit_symbols(void)
{
    return (uint64_t)0x3FF << fold_symbol('0');
}

#endif
