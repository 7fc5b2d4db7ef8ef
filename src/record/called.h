/* SPDX-License-Identifier: Apache-2.0
 *
 * record/called.h: is somebody named in a text?
 *
 *     Tomás Alvear Quiroz -> "alvear quiroz tomas", "alvear tomas", "quiroz tomas"
 *     "... says Alvear, Tomas ..." -> among the runs of its words: "alvear tomas"
 *
 * A person is called by all words of a name, and by the first with each of the others, folded as record/name
 * folds them: in any script, case and order, without particles and honorifics. A text, however long, has each run of up to
 * CALLED_RUN_MAX of its words that begins and ends with one of a gathered name, folded likewise. What parts words is no
 * matter: blanks of any kind, marks, tags (what stands in them is read as well), "&nbsp;", an apostrophe; nor is what is
 * inside without being seen. Where no blanks are written, in Han and Hangul, any two to four characters are looked at, and in
 * Thai, Lao, Khmer and Burmese what is a word of a name.
 * One word alone names nobody. A slip of the pen, a case ending and another reading of Han are not found.
 *
 * Whose names are looked for is gathered first: a text in which none of their words stands is read once.
 */
#ifndef RECORD_CALLED_H
#define RECORD_CALLED_H

#include "record/record.h"

enum {
    CALLED_MAX = 64,   /* of one record; what is beyond is left out */
    CALLED_RUN_MAX = 8 /* words as written: particles count */
};

/* How many; in the arena. 0 of what is no person. */
size_t called_of_record(struct bytes out[CALLED_MAX], const struct record *record,
                        struct arena *arena);
/* Hashes under a key of its own. One thread at a time. */
struct called_words;
struct called_words *called_words_open(void);
void called_words_close(struct called_words *words);
/* The words of what called_of_record gives of it. */
void called_words_add(struct called_words *words, const struct record *record);
/* Until a visit says true, which is given back. folded lives for the visit. Remembers in words what was asked. A text
 * that is not UTF-8 has no words. */
typedef bool called_visit(void *context, struct bytes folded);
bool called_in_text(struct bytes text, struct called_words *words, called_visit *visit,
                    void *context);

#endif
