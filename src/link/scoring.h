/* SPDX-License-Identifier: Apache-2.0
 *
 * link/scoring.h: one comparison of link/score while it is made: what its fields share, and
 * its names.
 */
#ifndef LINK_SCORING_H
#define LINK_SCORING_H

#include "link/score.h"

/* A word of a name that tells which of several is meant, and that the other name has not. */
enum name_odds { ODDS_NONE, ODDS_ONE_SIDE, ODDS_BOTH_SIDES };

struct scoring {
    struct score *out;
    const struct score_context *context;
    const struct score_weight (*weights)[SCORE_LEVELS];
    struct arena *arena;
    bool persons;                 /* one of them may be one */
    double name_bits, place_bits; /* of out->bits */
    double chance_bits;           /* how seldom strangers agree so: the u of it all */
    double other_bits;            /* of out->bits, those of numbers, contacts, country */
    bool one_home;                /* nothing says that it is not one house */
    bool one_street;
    bool
        common_words; /* of two organisations: all words that agree are such that many have */
    enum name_odds odds; /* of two organisations or ships: what their names have apart */
    bool
        two_names; /* of two persons: words laid side by side are each known to be a name */
    bool generations; /* ... one is Junior, the other Senior */
};

/* One more sentence, in the arena; beyond SCORE_REASONS_MAX it is left out. */
void scoring_say(struct scoring *scoring, const char *why);

/* Share of things that have the value: what they show, and what is known otherwise. */
double scoring_share(const struct frequency *frequency, char kind, struct bytes text,
                     double otherwise);

/* Bits of a level: what it says, log2(m / u); how seldom strangers show it, log2(1 / u);
 * and what it says when u is how common the agreeing value is. */
double scoring_weight(const struct scoring *scoring, enum score_field field,
                      enum score_level level);
double scoring_chance(const struct scoring *scoring, enum score_field field,
                      enum score_level level);
double scoring_weight_shared(const struct scoring *scoring, enum score_field field,
                             enum score_level level, double share);

/* Lays the names of both side by side: the levels of their words, the bits, the sentences. */
void scoring_names(struct scoring *scoring, const struct thing *a, const struct thing *b);

/* The other fields, each from both: levels, bits, sentences. In score_fields.c. */
void scoring_dates(struct scoring *scoring, const struct thing *a, const struct thing *b);
void scoring_places(struct scoring *scoring, const struct thing *a, const struct thing *b);
void scoring_country(struct scoring *scoring, const struct thing *a, const struct thing *b);
void scoring_sex(struct scoring *scoring, const struct thing *a, const struct thing *b);
void scoring_keys(struct scoring *scoring, const struct thing *a, const struct thing *b);

#endif
