/* SPDX-License-Identifier: Apache-2.0
 *
 * link/name_match.h: are these two names one name, and why? Of a person, a company or a ship.
 *
 *     "Wolodymyr Selenskyj" / "Volodymyr Zelenskyy"      same: both sound alike
 *     "SiemensAG" / "Siemens Aktiengeselschaft"          same: words run together
 *     "Putin, V." / "Владимир Путин"                     same: one name, and the other's initial
 *     "Hugo Chacón" / "Hugo Chávez"                      not: one name differs
 *     "Luis Hernández" / "Luis Fernández"                not: each is a name that many bear
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
 * Two words that are each known to be a name, or a word that many companies or ships have, are two
 * however alike (link/name_variants); so is what differs in its first letter, or in any letter of a
 * Chinese or Korean name. A name that is nobody's (Unknown, John Doe) is like none.
 *
 * Han characters are read in every way that they can be, the best one counts. Names alone never
 * make a hit between nodes; this is for one's own lists, and one field among others in link/score.
 */
#ifndef LINK_NAME_MATCH_H
#define LINK_NAME_MATCH_H

#include "link/name_ready.h"
#include "link/word_match.h"

/* What makes two of names whose words agree. */
enum name_against {
    NAME_NOTHING_AGAINST,
    NAME_NOBODYS,          /* one is no name: Unknown, N.N. */
    NAME_OTHER_FORM,       /* AG, GmbH */
    NAME_OTHER_GENERATION, /* Junior, Senior */
    NAME_OTHER_INITIALS,   /* George W, George H W */
    NAME_OTHER_ORDER,      /* of a ship: Sea Queen, Queen Sea */
};

struct name_match {
    bool same;
    double score;                  /* 0 to 1; same is 0.7 and above */
    size_t agreed, left_a, left_b; /* words */
    size_t initials, near, equal;  /* of those that agree */
    enum name_against against;     /* though all words agree */
    enum word_match weakest;       /* of the words that agree */
    struct bytes word_a, word_b;   /* where it is */
};

/* Memory from the arena. */
void name_compare(struct name_match *out, struct bytes a, struct bytes b, enum name_of of,
                  struct arena *arena);

/* "qasim and kasem: sound alike", for a person; in the arena. */
const char *name_match_why(const struct name_match *match, struct arena *arena);

#endif
