/* SPDX-License-Identifier: Apache-2.0
 *
 * link/name_asian.h: Chinese, Korean and Vietnamese names in Latin letters.
 *
 *     Zhou Min / Zhou Ming        two people: every letter of a syllable makes another one
 *     Hsu Chih-ming / Xu Zhiming  one: Wade and Giles wrote so what pinyin writes otherwise
 *
 * Of such a name a syllable or two is all there is, and most syllables are a name; so what would be
 * a slip of the pen elsewhere is another person.
 */
#ifndef LINK_NAME_ASIAN_H
#define LINK_NAME_ASIAN_H

#include "record/name.h"

/* Two to four words, one at an end a family name that many bear, the others of a syllable or two. */
bool name_is_asian(const struct name_words_read *words);

/* A family name at an end of it is one that Koreans bear, others perhaps too. */
bool name_is_korean(const struct name_words_read *words);
bool name_is_syllable(struct bytes word);

/* One of the words is written after Wade and Giles, and none in a way that only pinyin has. */
bool name_is_wade(const struct name_words_read *words);

/* What a word's syllables are whichever of the two wrote it: consonants that both write, but for
 * others, are one. out holds NAME_ASIAN_MAX; cut off there. */
enum { NAME_ASIAN_MAX = 32 };
struct bytes name_asian_sounds(uint8_t out[static NAME_ASIAN_MAX], struct bytes word);

#endif
