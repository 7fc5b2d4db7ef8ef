/* SPDX-License-Identifier: Apache-2.0
 *
 * link/likeness.h: how like a line of words is to what somebody looks for, and why.
 *
 * The words of both are paired so that each word of the question finds the one most like it, in
 * whatever order they stand (two words: link/word_likeness). The score, 0 to 1, is the share of
 * the question that was found, each word by its length, less a little for words of the line that
 * nobody asked for.
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
#include "link/question.h"
#include "record/words.h"

double likeness(const struct question *question, const struct word_line *line);

/* The likeness of the line in words, one sentence a word of the question: "\"tomas\" is there",
 * "\"alveer\" is like \"alvear\" (1 letter)". Adds at most max to why, in the arena; how many. */
size_t likeness_why(const char **why, size_t max, const struct question *question,
                    const struct word_line *line, struct arena *arena);

#endif
