/* SPDX-License-Identifier: Apache-2.0
 *
 * record/name.h: names of people and companies, folded so that two ways to write one are equal.
 *
 *     "Élske VAN  Noordt"        -> elske noordt              (person)
 *     "NOORDT FRUIT IMPORT B.V." -> noordt fruit import       (company; legal form: bv)
 *
 * Folding: any script to Latin and to ASCII (ICU "Any-Latin; Latin-ASCII; Lower"; plain ASCII
 * takes a short way with the same result), apostrophes dropped, split at everything that is no
 * letter or digit. From a person's tokens go particles (van, de, al ...) and honorifics, from a
 * company's the legal form; a name that would lose all its tokens keeps them. Of a name that is
 * nobody's (Unknown, John Doe: record/nobody) none is left. Tokens come sorted
 * and each once. Order, case, accents and punctuation so do not count.
 *
 * Each token has a min-entropy in bits: a token in the shipped table of common ones has what the
 * table says; one that is not in it is rarer than all that are. docs/format/keys.md has the
 * tables' sources.
 */
#ifndef RECORD_NAME_H
#define RECORD_NAME_H

#include "base/memory.h"
#include "record/legal_form.h"
#include "record/phonetic.h"
#include "record/script.h"

enum { NAME_TOKENS_MAX = 24, NAME_TEXT_MAX = 1024 };

enum name_kind { NAME_PERSON, NAME_COMPANY };

struct name {
    struct bytes tokens[NAME_TOKENS_MAX]; /* sorted, distinct, ASCII lower case */
    size_t count;
    double bits[NAME_TOKENS_MAX];                   /* min-entropy of each */
    char codes[NAME_TOKENS_MAX][PHONETIC_CODE_MAX]; /* how each sounds */
    bool has_legal_form;                            /* company: one was folded away */
    enum legal_kind legal_kind;                     /* of it */
};

/* A name's words in the order they are written. */
struct name_words_read {
    struct bytes words[NAME_TOKENS_MAX]; /* without particles, honorifics, legal forms */
    struct bytes
        joined[NAME_TOKENS_MAX]; /* of a person: with the particles in front of it in one
                                           * word (degroot); empty where there are none */
    size_t count;
    unsigned
        generation; /* of a person: 1 Senior, 2 Junior or II, 3 III ...; 0 is not said */
    const struct legal_form *form; /* the first that was folded away, or NULL */
    bool vowelless;                /* from a script that leaves vowels out */
};

struct name_read_options {
    enum name_kind kind;
    enum script_reading reading; /* of Han characters */
};

/* Words live in the arena. Count 0 for what name_fold gives count 0, and for a reading that the
 * tables do not have. */
void name_read(struct name_words_read *out, struct bytes text,
               const struct name_read_options *options, struct arena *arena);

/* Tokens live in the arena. A name over NAME_TEXT_MAX bytes, or with more tokens than fit, or
 * without any letter or digit, or that is nobody's has count 0: it is no basis for a comparison. */
void name_fold(struct name *name, struct bytes text, enum name_kind kind,
               struct arena *arena);

/* All tokens with a space between, in the arena: equal for equal names. Empty for count 0. */
struct bytes name_folded(const struct name *name, struct arena *arena);

/* Min-entropy of a birth date (ISO, full): less on 1 January and on firsts of a month, where
 * unknown days are put. */
double name_birth_date_bits(struct bytes date);

/* Min-entropy of one folded token. */
double name_token_bits(struct bytes token, enum name_kind kind);
/* One of the names that many people bear. */
bool name_is_common(struct bytes token);

#endif
