/* SPDX-License-Identifier: Apache-2.0
 *
 * record/normaliser.h: which rules made a key.
 *
 * Two sides whose rules differ would miss hits without a word. So the version of our rules, the
 * versions of ICU and libphonenumber, and the digest of what all of them make of a fixed golden
 * corpus go into every announcement; a difference is refused with a sentence.
 */
#ifndef RECORD_NORMALISER_H
#define RECORD_NORMALISER_H

#include <stdint.h>

enum { NORMALISER_VERSION = 7, NORMALISER_HASH = 32, NORMALISER_TEXT_MAX = 160 };

/* SHA-256 over version, library versions and the keys of the golden corpus. */
void normaliser_hash(uint8_t hash[NORMALISER_HASH]);

/* "1 (ICU 72.1, libphonenumber 8.12, 3f2a…)", for a person; out holds NORMALISER_TEXT_MAX. */
void normaliser_describe(char *out);

#endif
