/* SPDX-License-Identifier: Apache-2.0
 *
 * link/likeness.h: how like a line of words is to what somebody looks for, and why.
 *
 * The words of both are paired so that each word of the question finds the one most like it, in
 * whatever order they stand. Two words are like each other when few letters differ (a letter
 * more, less, other, or two swapped), when one begins the other, when one is the other's initial,
 * or when they sound the same (record/fold). The score, 0 to 1, is the share of the question that
 * was found, each word by its length, less a little for words of the line that nobody asked for.
 * An identifier is compared as a whole: a part of it is enough, or one wrong sign.
 *
 *     question "alveer tomas"  line "tomas alvear quiroz"
 *       tomas  = tomas            1
 *       alveer ~ alvear           one letter differs
 *       quiroz                    was not asked for
 *
 * This is the order in which search shows what it found; it says nothing about whether two
 * records are the same thing, which link/decide does.
 */
#ifndef LINK_LIKENESS_H
#define LINK_LIKENESS_H

#include "base/memory.h"
#include "record/fold.h"
#include "record/words.h"

enum {
    LIKENESS_WORDS_MAX = 12,
    LIKENESS_LETTERS_MAX = 60, /* of one word; what is behind is not compared */
    LIKENESS_TEXT_MAX = 512    /* bytes of the question as typed */
};

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

struct question {
    struct sound_memory *memory; /* NULL after question_read: sounds are made each time */
    struct word_pattern words[LIKENESS_WORDS_MAX];
    size_t count;
    double weight;             /* of all words */
    struct word_pattern whole; /* all words as one; text empty when that is too long */
    bool has_digit;
    char date[11]; /* the date that was left out, or "" */
    uint8_t text[FOLD_OUT_MAX], compact[FOLD_OUT_MAX];
};

/* false when nothing of the text can be looked for. text: valid UTF-8. A date in it ("1984-03-12") is
 * left out: names are not compared with it. */
bool question_read(struct question *question, struct bytes text);

double likeness(const struct question *question, const struct word_line *line);

/* Letters that differ, as said above; both at most LIKENESS_LETTERS_MAX long. */
unsigned likeness_distance(const struct word_pattern *pattern, struct bytes word);
void word_pattern_read(struct word_pattern *pattern, struct bytes word);

/* The likeness of the line in words, one sentence a word of the question: "\"tomas\" is there",
 * "\"alveer\" is like \"alvear\" (1 letter)". Adds at most max to why, in the arena; how many. */
size_t likeness_why(const char **why, size_t max, const struct question *question,
                    const struct word_line *line, struct arena *arena);

#endif
