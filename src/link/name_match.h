/* SPDX-License-Identifier: Apache-2.0
 *
 * link/name_match.h: are these two names one name, and why? Of a person, a company or a ship.
 *
 *     "Wolodymyr Selenskyj" / "Volodymyr Zelenskyy"      same: both sound alike
 *     "SiemensAG" / "Siemens Aktiengeselschaft"          same: words run together
 *     "Putin, V." / "Владимир Путин"                     same: one name, and the other's initial
 *     "Hugo Chacón" / "Hugo Chávez"                      not: one name differs
 *
 * Each word of one name is laid beside one of the other (or several that run together) where they
 * are equal, sound alike, differ by a letter or two, are known forms of one name (Bill, William),
 * or where one is the other's initial. What is left over decides:
 *
 *     nothing on either side          same
 *     on one side only                same for a person of whom two words agree (a middle name,
 *                                     a second surname is often left out); for a company only when
 *                                     what is left over says little (Group, Holding)
 *     on both sides                   not the same: the names differ in something
 *
 * Han characters are read in every way that they can be, the best one counts. Names alone never
 * make a hit between nodes; this is for one's own lists, and one field among others in link/score.
 */
#ifndef LINK_NAME_MATCH_H
#define LINK_NAME_MATCH_H

#include "record/name.h"

enum word_match {
    WORD_DIFFERS,
    WORD_INITIAL,
    WORD_NEAR,    /* short, and by one letter: only when all else is the same */
    WORD_SIMILAR, /* by a letter or two */
    WORD_SOUNDS,
    WORD_VARIANT, /* Bill, William */
    WORD_SAME
};

/* How far two words agree; vowelless as in phonetic_distance. */
enum word_match word_compare(struct bytes a, struct bytes b, bool vowelless);

struct name_match {
    bool same;
    double score;                  /* 0 to 1; same is 0.7 and above */
    size_t agreed, left_a, left_b; /* words */
    size_t initials, near, equal;  /* of those that agree */
    enum word_match weakest;       /* of the words that agree */
    struct bytes word_a, word_b;   /* where it is */
};

/* kind NAME_COMPANY also for ships. Memory from the arena. */
void name_compare(struct name_match *out, struct bytes a, struct bytes b,
                  enum name_kind kind, struct arena *arena);

/* "given name differs by one letter", for a person; in the arena. */
const char *name_match_why(const struct name_match *match, struct arena *arena);

#endif
