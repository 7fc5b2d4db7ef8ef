/* SPDX-License-Identifier: Apache-2.0
 *
 * link/question.h: what somebody looks for, taken apart into words.
 */
#ifndef LINK_QUESTION_H
#define LINK_QUESTION_H

#include "link/word_likeness.h"

enum {
    LIKENESS_WORDS_MAX = 12,
    LIKENESS_TEXT_MAX = 512 /* bytes of the question as typed */
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

#endif
