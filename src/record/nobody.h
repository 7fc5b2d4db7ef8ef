/* SPDX-License-Identifier: Apache-2.0
 *
 * record/nobody.h: names that are nobody's.
 *
 *     "UNKNOWN", "Desconocido", "N.N.", "XXX", "Unknown male 2", "مجهول", "不详"     no name is known
 *     "John Doe", "Fulano de Tal", "Max Mustermann"                              nor here
 *     "Unknown Smith", "FNU Haddad"                                              smith; haddad
 *
 * Whoever fills in a form must write something. Two records that both say "unknown" are not of one
 * person for it; so such words are left out before names are compared. They stay in the record, are
 * shown, and are found by who looks for them.
 */
#ifndef RECORD_NOBODY_H
#define RECORD_NOBODY_H

#include "record/name.h"

/* Takes out of the words of a name what says that none is known: all of them for a name that is
 * nobody's (count 0), else, of a person's, those that say so. text: the name as written. */
void nobody_drop(struct name_words_read *words, struct bytes text, enum name_kind kind);

#endif
