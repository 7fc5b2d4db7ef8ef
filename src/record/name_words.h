/* SPDX-License-Identifier: Apache-2.0
 *
 * record/name_words.h: the word tables behind record/name.
 *
 * Each is sorted by text (a test checks it). Frequencies are ours, rounded so that they never
 * claim more entropy than there is; docs/format/keys.md says how.
 */
#ifndef RECORD_NAME_WORDS_H
#define RECORD_NAME_WORDS_H

#include <stddef.h>

struct name_word {
    const char *text;
    double bits;
};

struct name_words {
    const struct name_word *words;
    size_t count;
    double other_bits; /* of a word that is not in the table */
};

extern const struct name_words name_particles;     /* and honorifics; bits unused */
extern const struct name_words name_common_tokens; /* of given and family names */
extern const struct name_words name_company_words; /* that many companies share */

/* 24,000 days of birth are about 14.5 bits if all were as likely; registries put up to a
 * twentieth of unknown birthdays on 1 January, and some on the first of a month. */
#define NAME_DATE_BITS 13.5
#define NAME_DATE_BITS_FIRST 11.5
#define NAME_DATE_BITS_NEW_YEAR 9.0
#define NAME_INITIAL_BITS 3.0

#endif
