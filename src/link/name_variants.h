/* SPDX-License-Identifier: Apache-2.0
 *
 * link/name_variants.h: what is known of two words of names beforehand.
 *
 *     bill, william          one: forms of one name; also lee and yi, 1st and first
 *     hernandez, fernandez   two: each is a name of its own, so that neither is the other misspelt
 *     hernandez, hernandz    unknown: letters and sounds decide
 *
 * Names that many people bear are known, by language, and words that many ships and companies
 * have (name_known.c); of the latter nothing is said of persons.
 */
#ifndef LINK_NAME_VARIANTS_H
#define LINK_NAME_VARIANTS_H

#include "record/name.h"

enum name_forms {
    NAME_FORMS_UNKNOWN,
    NAME_FORMS_ELSEWHERE, /* both are known, of two languages: one may be the other's spelling */
    NAME_FORMS_ONE,
    NAME_FORMS_TWO
};

/* Of two folded words that differ. kind NAME_COMPANY also for ships. */
enum name_forms name_forms(struct bytes a, struct bytes b, enum name_kind kind);

/* A name, or of a company or ship also a word, that many bear. */
bool name_is_known(struct bytes word, enum name_kind kind);

/* The tables behind it, ending with NULL: rows between commas, each the spellings of one name. */
extern const char *const name_known_people[], *const name_known_things[];

#endif
