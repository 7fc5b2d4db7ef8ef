/* SPDX-License-Identifier: Apache-2.0
 *
 * link/name_ready.h: the words of a name, made ready for being laid beside another's.
 *
 *     "Unknown Smith"                          smith                    (record/nobody)
 *     "María Luján (née Ferrari)"              maria lujan ferrari
 *     "Abdulrahman Saleh"                      abd rahman saleh
 *     "M/V Alba del Sur", "MV Alba del Sur"    alba del sur             of a ship
 *     "Velero Brigade Forty-Four"              velero brigade 44        of a ship or company
 */
#ifndef LINK_NAME_READY_H
#define LINK_NAME_READY_H

#include "record/name.h"

enum name_of { NAME_OF_PERSON, NAME_OF_COMPANY, NAME_OF_SHIP };

/* Words live in the arena; count 0 for what is nobody's name, and for a reading that is not there. */
void name_ready(struct name_words_read *out, struct bytes text, enum name_of of,
                enum script_reading reading, struct arena *arena);

/* Parts a person's words at dots between them, and takes "née", "alias", "a.k.a." and their like out:
 * what stands before and behind are names. */
void name_ready_tidy(struct name_words_read *words);

#endif
