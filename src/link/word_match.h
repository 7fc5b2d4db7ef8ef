/* SPDX-License-Identifier: Apache-2.0
 *
 * link/word_match.h: how far two words of names agree.
 *
 *     elske, elske          the same
 *     bill, william         forms of one name (link/name_variants)
 *     novak, novakova       a woman's form
 *     kazem, qasim          sound alike (record/phonetic)
 *     wi11iam, william      as a scanner reads
 *     larsen, larson        a letter or two in five to thirteen
 *     hernandez, fernandez  differ: each is known to be a name
 *     2005, 2006            differ: another number is another thing
 */
#ifndef LINK_WORD_MATCH_H
#define LINK_WORD_MATCH_H

#include "record/name.h"

enum word_match {
    WORD_DIFFERS,
    WORD_INITIAL,
    WORD_FRONT,   /* by its first letter, in which slips are rare: Parker, Barker */
    WORD_NEAR,    /* short, and by one letter: only when all else is the same */
    WORD_SIMILAR, /* by a letter or two */
    WORD_SOUNDS,
    WORD_VARIANT, /* Bill, William */
    WORD_SAME
};

/* How far two words agree; vowelless as in phonetic_distance. */
enum word_match word_compare(struct bytes a, struct bytes b, enum name_kind kind,
                             bool vowelless);
/* The same of words of which nothing is known beforehand: by sounds and letters alone. */
enum word_match word_compare_unknown(struct bytes a, struct bytes b, enum name_kind kind,
                                     bool vowelless);

/* Of words of letters a to z; others are never alike. */
bool words_sound_alike(struct bytes a, struct bytes b, bool vowelless);

enum { WORD_TEXT_MAX = 96 }; /* of a word: what is longer is compared as it is written */

#endif
