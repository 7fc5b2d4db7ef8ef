/* SPDX-License-Identifier: Apache-2.0
 *
 * link/score.h: how likely two things are one, from all that is known of both.
 *
 * After Fellegi and Sunter: each field is compared and falls on a level ("same", "sounds
 * alike", "differs" ...). A level weighs log2(m / u): m, how often true pairs show it; u,
 * how often two strangers do. For a word or postcode that is the same, u is how common that
 * one is among the things at hand (term frequency): the same rare name says more than the
 * same common one. The sum is `bits`, and
 *
 *     expected_false = population * 2^-bits       score = 1 / (1 + expected_false)
 *
 * the number of strangers among so many things who would agree as much with this one. A
 * family shares a name, a house and a postcode; so a pair whose birth dates differ, and of
 * whose names one differs too, is not taken for one person by its address. Birth dates that
 * differ beyond a slip (a digit, two parts exchanged, one part of three) are another
 * person's, unless a number or contact agrees, or a long run has shown how often a date is
 * wrong in its file: then a name in the same street is a weak hit.
 *
 * Persons of whom no name of one is a name of the other are two, whatever else agrees but a
 * number or contact; only where a long run has shown that its file has hardly any households
 * is the whole birth date in one street a weak hit.
 *
 * Names that differ by a letter are two where each is known to be a name (link/name_variants),
 * or where many at hand bear each. Brothers share two surnames and a house: where a name of each
 * is not the other's and no whole birth date agrees, a short run's hit is weak at most. A name
 * that is nobody's (record/nobody) is none.
 *
 * Sisters among companies and associations share all of a name but the word that tells which
 * one is meant (a region, a number, a trade). Where each name has such a word that the other
 * has not, they are two, unless a number says that it is one; with the same contact or house
 * the hit is weak. Where one name alone has such a word (a branch, or the name in full), it
 * is weak, too.
 *
 * Weights are one row a level, by schema. What people decided (link/review) moves what is stated, a
 * number of bits a level.
 */
#ifndef LINK_SCORE_H
#define LINK_SCORE_H

#include "link/frequency.h"
#include "link/mixture.h"
#include "link/thing.h"

enum score_field {
    SCORE_NAME, /* a word of it */
    SCORE_DATE,
    SCORE_POSTCODE,
    SCORE_STREET,
    SCORE_TOWN,
    SCORE_COUNTRY,
    SCORE_NUMBER,  /* document, registration, account, device ... */
    SCORE_CONTACT, /* phone, e-mail, domain */
    SCORE_FIELDS
};

/* A field uses of these what makes sense for it; SCORE_UNKNOWN weighs nothing. */
enum score_level {
    SCORE_UNKNOWN,
    SCORE_DIFFERS,
    SCORE_PART,    /* an initial; a year; the street without the house */
    SCORE_SIMILAR, /* a letter or digit differs; two parts of a date agree */
    SCORE_SOUNDS,  /* sounds alike; day and month swapped */
    SCORE_SAME,
    SCORE_LEVELS
};

struct score_weight {
    double m, u; /* in (0, 1) */
};

struct score_weights {
    struct score_weight of[THING_KINDS][SCORE_FIELDS][SCORE_LEVELS];
    /* Bits of doubt that people's decisions add where things that are no persons agree so (link/review). */
    double reviewed[THING_KINDS][SCORE_FIELDS][SCORE_LEVELS];
};
/* No more than so many are added. */
enum { REVIEWED_BITS_MAX = 16 };

/* "date", "same". */
const char *score_field_word(enum score_field field);
const char *score_level_word(enum score_level level);

/* The shipped weights: estimates of ours, from what is known of how lists go wrong. */
void score_weights_init(struct score_weights *weights);

/* Counts the words of a thing's names and addresses. */
void score_frequency_add(struct frequency *frequency, const struct thing *thing);

enum { SCORE_NAMES_MAX = 12, SCORE_REASONS_MAX = 24 };

/* What a comparison found: the levels and the verdict. */
struct score {
    enum thing_kind kind;
    enum score_level levels[SCORE_FIELDS]; /* SCORE_NAME: the worst of its words */
    enum score_level names[SCORE_NAMES_MAX];
    size_t name_count;
    double bits, expected_false, score;
    double
        person_false; /* of persons: by names, date and address alone; infinite: no hit by these */
    bool hit;
    bool weak;    /* a hit that a namesake would show too */
    bool against; /* birth dates or names are those of two */
    bool
        otherwise_named; /* persons, no name of one is a name of the other, nor does a number agree */
    bool other_sex;
    struct accord accord;               /* of persons: as link/mixture has it */
    const char *why[SCORE_REASONS_MAX]; /* "same birth date"; in the arena */
    size_t why_count;
};

struct score_context {
    const struct score_weights *weights;
    const struct frequency *frequency;
    uint64_t population; /* things that the one could be taken for */
    /* Of persons, what a run has shown of how records agree: then it says how many are wrong. Or NULL. */
    const struct mixture *mixture;
};

void score_pair(struct score *out, const struct thing *a, const struct thing *b,
                const struct score_context *context, struct arena *arena);

#endif
