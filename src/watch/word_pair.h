/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/word_pair.h: may two answers be two words for one thing?
 *
 * A word that comes up as another goes away is a change of words, or it is what the watch is for: a
 * drug, a means or a route gives way to another. Some pairs decide that by themselves. Two of our
 * groups of commodities, substances of two groups, means of transport of two kinds, two countries
 * are two things, whatever the numbers do; "Buque" and "Vessel" are one. Of all others the numbers
 * must say (watch/explain_words).
 */
#ifndef WATCH_WORD_PAIR_H
#define WATCH_WORD_PAIR_H

#include "record/facets.h"

enum word_pair {
    TWO_THINGS,
    PERHAPS_ONE,  /* nothing is known of the words */
    ONE_MISCODED, /* two countries, but easily taken for each other, and far apart */
    ONE_THING     /* they share a word, or say the same means of transport */
};

enum word_pair word_pair(enum facet facet, const char *a, const char *b);
/* Both name a substance of one group that is known. */
bool word_pair_same_group(const char *a, const char *b);
/* Two countries that are not one. */
bool word_pair_two_countries(const char *a, const char *b);
/* A whole word of some length is in both. */
bool word_pair_share_word(const char *a, const char *b);

#endif
