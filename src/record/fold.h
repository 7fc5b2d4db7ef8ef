/* SPDX-License-Identifier: Apache-2.0
 *
 * record/fold.h: text in any script, folded for searching.
 *
 *     "Élske VAN  Noordt"  -> elske van noordt
 *     "Иван Петров"        -> ivan petrov
 *     "N.V. Alba-del-Sur"  -> nv alba del sur
 *
 * Folded text is lower-case ASCII letters and digits in words with one space between. Nothing is
 * left out, as record/name leaves out particles: who searches sees what was written. Every script is
 * read by record/script, accents and case are lost, an apostrophe vanishes, dots between single
 * letters too, everything else that is no letter or digit parts two words. A character that nobody can
 * read as Latin becomes two letters that stand for it alone.
 *
 * The sound of a folded word is its code in record/phonetic: what of it survives a change of script.
 */
#ifndef RECORD_FOLD_H
#define RECORD_FOLD_H

#include "base/bytes.h"
#include "record/script.h"

enum {
    FOLD_IN_MAX = 1024, /* bytes of text that are looked at; the rest is left out */
    FOLD_OUT_MAX = 255,
    FOLD_SOUND_MAX = 16,
    FOLD_SYMBOLS = 37, /* nothing, a to z, 0 to 9 */
    FOLD_SOUNDS = 16   /* nothing, and the classes of record/phonetic */
};

/* Adds the folded text, at most FOLD_OUT_MAX bytes of it in whole words where it can be. */
void fold_text(struct buf *out, struct bytes text);
/* In one of the readings that Han characters have; false, and nothing is added, when a character has
 * none in it. */
bool fold_reading(struct buf *out, struct bytes text, enum script_reading reading);
/* The same without the spaces: how identifiers are kept. */
void fold_compact(struct buf *out, struct bytes text);

/* The next word of folded text; false at the end. */
static inline bool fold_next_word(struct bytes *word, struct bytes *rest)
{
    size_t len = 0;
    if (rest->len == 0)
        return false;
    while (len < rest->len && rest->at[len] != ' ')
        len++;
    *word = (struct bytes){rest->at, len};
    len += len < rest->len;
    *rest = (struct bytes){rest->at + len, rest->len - len};
    return true;
}

/* 1 to 26 for a to z, 27 to 36 for digits, 0 for the rest. */
static inline unsigned fold_symbol(uint8_t c)
{
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 1U;
    return c >= '0' && c <= '9' ? c - '0' + 27U : 0;
}

/* The classes of a folded word's sounds, 1 to FOLD_SOUNDS - 1 each; how many. Words with a digit have
 * no sound. */
size_t fold_sound(uint8_t out[static FOLD_SOUND_MAX], struct bytes word);
/* Bits 1 << class of the first sounds that a word can have which begins with this letter: much sooner
 * known than its sound. */
uint32_t fold_first_sounds(uint8_t letter);

#endif
