/* SPDX-License-Identifier: Apache-2.0
 *
 * link/word_apart.h: numerals, sides of the compass and countries in the names of companies
 * and ships: alike in letters and two, or one in two languages.
 *
 *     two: II, III     Este, Oeste     Austria, Australia     one: Este, East     Spain, España
 */
#ifndef LINK_WORD_APART_H
#define LINK_WORD_APART_H

#include "link/name_variants.h"

/* Of two folded words that differ; none of them a person's name. */
enum name_forms words_apart(struct bytes a, struct bytes b);

/* What a folded word counts in Roman numerals up to 39, or 0. */
unsigned roman_number(struct bytes word);

#endif
