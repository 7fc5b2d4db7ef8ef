/* SPDX-License-Identifier: Apache-2.0
 *
 * record/company_fold.h: a word of a company's name as it stands in a key: two spellings of one word
 * are one.
 *
 *     müller, mueller -> muler         jørgensen, joergensen -> jorgensen
 *     åkerlund, aakerlund -> akerlund   logistik, logistic -> logistik
 *
 * What is left of an umlaut or ring in ASCII is its plain letter, and so is the letter with an e (or
 * another a) behind it; letters that lists and romanisations exchange are one (ck, hard c and q are k; ph f; w v;
 * y i; x ks); a doubled consonant is one. Words that only join others (and, und, y, et ...) are left out, as is the
 * sign for them. docs/names.md says what this joins that is two.
 */
#ifndef RECORD_COMPANY_FOLD_H
#define RECORD_COMPANY_FOLD_H

#include "base/bytes.h"

struct arena;

/* A word that joins two others. */
bool company_word_joins(struct bytes word);

/* Of a folded (record/name) word; in the arena. */
struct bytes company_word_fold(struct bytes word, struct arena *arena);

#endif
