/* SPDX-License-Identifier: Apache-2.0
 *
 * record/latin.h: Latin letters to plain ASCII, for word tables and simple comparisons.
 *
 * "Côte d'Ivoire" and "COTE D'IVOIRE" must find the same row a million times a second; that
 * needs two small tables, not a library. Letters of Latin-1, Latin Extended-A and
 * Romanian's comma letters lose accent and case (ß is ss, æ is ae, ø is o), as ICU's
 * Latin-ASCII would have it. What compares people's names in any script is record/name.
 */
#ifndef RECORD_LATIN_H
#define RECORD_LATIN_H

#include "base/bytes.h"

enum { LATIN_MARK = 0, LATIN_OTHER = -1 };

/* Lower-case ASCII letters or the digit for one code point: how many (1 or 2) stand in out;
 * LATIN_MARK for an accent that follows its letter, to be skipped; LATIN_OTHER for the
 * rest. */
int latin_fold(char out[2], uint32_t point);

#endif
