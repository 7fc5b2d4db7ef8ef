/* SPDX-License-Identifier: Apache-2.0
 *
 * record/words.h: the words a record is searched by: names, aliases, identifiers, addresses,
 * and where something was seized, seen or sent.
 *
 *     count 1 | count x (kind 1 | length 1, folded text)
 *
 * Each text is folded (record/fold) and stands once; an identifier is folded without its spaces.
 * What is INVALID is searched all the same: a container number with a slip in it was still
 * written down. The form is kept sealed by the store and given to whatever searches it.
 */
#ifndef RECORD_WORDS_H
#define RECORD_WORDS_H

#include "record/record.h"

/* The numbers are kept for good. */
enum word_kind {
    WORD_NAME = 1,
    WORD_IDENTIFIER = 2,
    WORD_ADDRESS = 3,
    WORD_PLACE = 4,
    WORD_KINDS
};

enum { WORDS_LINES_MAX = 64, WORDS_MAX = 1 + WORDS_LINES_MAX * (2 + 255) };

/* Changes with every change of what words a record has. */
enum { WORDS_VERSION = 2 };

struct word_line {
    enum word_kind kind;
    struct bytes text; /* not empty, at most 255 bytes */
};

/* Adds the form to out (whose max leaves WORDS_MAX); nothing when the record has no words. */
void words_of_record(struct buf *out, const struct record *record);

/* Visit the lines: rest is the form behind its count byte. false at the end, or where it is
 * none of ours. */
bool words_next(struct word_line *line, struct cursor *cursor);
/* "name", "identifier", "address", "place". */
const char *word_kind_word(enum word_kind kind);
/* Whether a value of this type is searched whatever it says, and as what; 0: not at all. */
enum word_kind word_kind_of(enum value_kind kind);

#endif
