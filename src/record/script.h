/* SPDX-License-Identifier: Apache-2.0
 *
 * record/script.h: a name in any script, to lower-case Latin letters without accents.
 *
 *     Щербаков -> shcherbakov     القرضاوي -> al qrdaui      김정은 -> kim jeongeun
 *     Μπακογιάννης -> bakogiannis  राहुल -> rahul            习近平 -> xi jinping
 *
 * ICU brings every script to Latin, but for a library's catalogue: Щ becomes an s with a mark,
 * which is lost in ASCII. For the scripts in which most names reach us we therefore have tables of
 * our own that follow passports and newspapers: Cyrillic, Greek, Arabic (with Persian's and Urdu's
 * letters), Hebrew, Devanagari, Armenian,
 * Georgian, Hangul. All others, and what remains, ICU reads ("Any-Latin;
 * Latin-ASCII; Lower").
 *
 * Han characters are read in three ways, since the script does not say whose name it is: Mandarin
 * (ICU), Korean and Japanese (small tables of the characters that names are made of). A name's
 * first syllable is set apart, as it is when such a name is written in Latin.
 * docs/names.md has the tables with their reasons. Stateless; any thread.
 */
#ifndef RECORD_SCRIPT_H
#define RECORD_SCRIPT_H

#include "base/bytes.h"

enum { SCRIPT_TEXT_MAX = 1024, SCRIPT_LATIN_MAX = 4 * SCRIPT_TEXT_MAX };

enum script_reading { SCRIPT_MANDARIN, SCRIPT_KOREAN, SCRIPT_JAPANESE, SCRIPT_READINGS };

struct script_options {
    bool is_person;              /* set the family name apart in Han and Hangul */
    enum script_reading reading; /* of Han characters */
};

/* Adds to out. *vowelless: some of it came from a script that leaves vowels out. false when text
 * is over SCRIPT_TEXT_MAX bytes or cannot be read in that way (a character without a reading). */
bool script_to_latin(struct buf *out, bool *vowelless, struct bytes text,
                     const struct script_options *options);

/* The text has Han characters, and so more than one reading. */
bool script_has_han(struct bytes text);

/* The tables' own part, for script.c: Latin letters for one code point of an alphabet, "" for one that is not sounded, NULL for one of another script. */
const char *script_letter(uint32_t point);
/* Of a character in names: NULL when the tables do not have it. */
const char *script_hanja(uint32_t point);
/* The longest word of the Japanese tables that points[0..count-1] begins with: its reading, and
 * how many characters it has; NULL when there is none. */
const char *script_kanji(size_t *taken, const uint32_t *points, size_t count, bool family);
/* A Korean family name of one syllable as it is usually written, or NULL. */
const char *script_korean_family(uint32_t syllable);

#endif
