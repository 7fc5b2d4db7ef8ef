/* SPDX-License-Identifier: Apache-2.0
 *
 * record/phonetic.h: how a name sounds, told so that it survives a change of script.
 *
 *     mohammed, muhamad, mhmd      -> MMD
 *     yusuf, jusuf, yousef         -> JSF
 *     shcherbakov, serbakova       -> SRVKV, SRVKV
 *
 * A word in Latin letters (record/script) is first heard as sounds, one letter each: `sh` is one
 * sound, `x` two, a doubled letter one. phonetic_code keeps of these the classes that
 * transliterators confuse least, and is for looking up: two ways to write a name should have one
 * code. phonetic_distance compares the sounds themselves, vowels included, and is for judging.
 * docs/names.md has each class with its reason. PHONETIC_VERSION changes with any code.
 *
 *     code  sounds                       code  sounds
 *     K     k g q x(ks) hard c gh        T     t th
 *     J     j dj zh ch; y in front       D     d dh
 *     S     s z sh ts soft c             L R M N P
 *     V     v w b                        H     h kh, in front alone
 *     F     f ph                         A     any vowel in front; vowels inside are dropped
 */
#ifndef RECORD_PHONETIC_H
#define RECORD_PHONETIC_H

#include "base/bytes.h"

enum {
    PHONETIC_VERSION = 1,
    PHONETIC_SOUNDS_MAX = 64, /* of a word; the rest is not heard */
    PHONETIC_CODE_MAX = 16,   /* with the NUL behind it */
};

/* Sounds of a word in lower-case ASCII letters; other bytes are not heard. Returns how many;
 * out is not terminated. Vowels are aeiou, consonants "kgsztdpbfvwmnlrhY" and, for two letters,
 * X (sh) C (ch) Z (zh) J (j, dj) H (kh) T (ts). */
size_t phonetic_sounds(char out[static PHONETIC_SOUNDS_MAX], struct bytes word);

/* The code, upper case with a NUL; "" when no letter is heard. Returns its length. */
size_t phonetic_code(char out[static PHONETIC_CODE_MAX], struct bytes word);

/* What must be changed to make one of the other: 1 for a consonant, less for sounds that are
 * confused and for vowels; with vowelless (one of them comes from a script that leaves vowels
 * out) next to nothing for a vowel. Symmetric; 0 for words that sound the same. Of words farther apart
 * than `most` it is some number above that, and soon known. */
double phonetic_distance(struct bytes a, struct bytes b, bool vowelless, double most);

#endif
