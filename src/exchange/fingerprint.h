/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange/fingerprint.h: a node's key as ten words that two people read to each other.
 *
 *     digest = SHA-256("enlace fingerprint 1" NUL | key)
 *     words 1 to 9: one of 256 for each of the first nine bytes (72 bits); word 10: a check
 *
 * The check word is the first byte of SHA-256("enlace check 1" NUL | nine bytes), so that a slip of
 * the tongue is told from a wrong key (255 of 256 times). Any two words of the list differ in at
 * least three letters. Who wants to be taken for another must try 2^71 keys.
 */
#ifndef EXCHANGE_FINGERPRINT_H
#define EXCHANGE_FINGERPRINT_H

#include "base/bytes.h"

enum {
    NODE_KEY = 32,
    FINGERPRINT_BYTES = 9,
    FINGERPRINT_WORDS = 10,
    FINGERPRINT_TEXT_MAX = FINGERPRINT_WORDS * 9
};

extern const char *const fingerprint_words[256];

/* "acorn album ...", NUL-terminated. */
void fingerprint_write(char out[FINGERPRINT_TEXT_MAX], const uint8_t key[NODE_KEY]);
/* Are the words, in any case, with blanks, commas or hyphens between them, those of the key?
 * BAD_INPUT: no fingerprint at all, a word or the check is wrong. REFUSED: that of another key. */
MUST_USE enum status fingerprint_check(const char *words, const uint8_t key[NODE_KEY],
                                       struct err *err);

#endif
