/* SPDX-License-Identifier: Apache-2.0
 *
 * link/review.h: pairs that people have decided, and what they say of what is stated.
 *
 * Somebody said of two records that they are the same thing, or that they are not (clerical review,
 * Fellegi and Sunter). Of each such pair is kept how the two agree, as link/decide sees persons by their
 * keys and link/score everything in the clear, and never who they are; pairs that agree alike are
 * one row with two counts. From the rows a comparison learns by how much the doubt that it states was too
 * small or too large where names, a date, a place ... agree so: log odds of being different are
 * those that are stated plus a coefficient a level (link/logit).
 *
 * Whoever decides looks at what seems alike, so that these pairs tell nothing of how often strangers or
 * one person's records agree (the u and m of link/score): only, given that two agree so, whether they
 * are one. That is what is fitted, and so it does not matter which pairs were looked at. It is fitted anew
 * to what a run has learned by itself (link/mixture), and corrects that alone.
 *
 * The doubt becomes larger, never smaller (whoever decides sees the pairs that were shown, and not those that
 * less doubt would let in: in trials twice as many of these were wrong), and it hides nothing: a hit stays
 * one, and may be weak.
 *
 *     {"learned":[{"schema":"Person","by":"keys","names":"one","date":"the same","place":"unknown",
 *       "place_most":"unknown","strangers":1e-06,"rarer":0,"numbers":1,"same":1,"different":12},
 *      {"schema":"Organization","names":{"same":2,"differs":1},"country":"same","stated":0.1,
 *       "same":0,"different":3}]}
 */
#ifndef LINK_REVIEW_H
#define LINK_REVIEW_H

#include "link/decide.h"

/* What the source would call the record (LinkWeights) in which a case keeps what was learned. */
#define REVIEW_RECORD "link-weights"
/* By which a file of it is known. */
#define REVIEW_MARK "{\"learned\":"

enum { REVIEWED_BITS_BESIDE = 4 };
enum { REVIEW_ROWS_MAX = 200 }; /* kinds of agreement; of more, no pair is counted */

struct reviewed {
    enum thing_kind kind;
    /* Of persons. Rounded, so that few kinds of agreement are many pairs. */
    bool by_keys;
    struct accord accord;
    /* Of others: a level a field, words of names a level, and the doubt that was stated. */
    uint8_t levels[SCORE_FIELDS], names[SCORE_LEVELS];
    double stated;

    uint64_t same, different; /* pairs */
};

struct review {
    struct reviewed rows[REVIEW_ROWS_MAX];
    size_t count;
};

/* The records among which the pairs were decided: how many there are, and how common what they have is. */
struct review_world {
    uint64_t population;
    struct frequency parts, values; /* decide_count; score_frequency_add */
};
/* Counts a finished record. All-zero is valid and empty. */
void review_world_add(struct review_world *world, const struct record *record);
/* After the last. */
void review_world_settle(struct review_world *world);
void review_world_release(struct review_world *world);

/* Counts a pair: two finished records, and whether they are the same thing. false: nothing that is
 * compared is in both, or they agree in a number that is theirs alone, which needs no weight; or there
 * is no room. */
bool review_add(struct review *review, const struct review_world *world,
                const struct record *a, const struct record *b, bool same);

/* Pairs that agree alike become one row. false: there is no room for another. */
bool review_merge(struct review *review, const struct reviewed *row);

void review_write(struct buf *out, const struct review *review);
/* Adds the rows of a text, as many as there is room for. BAD_INPUT with the row; then review is as it
 * was. */
MUST_USE enum status review_read(struct review *review, struct bytes text, struct err *err);

/* How two persons agree by the keys they share, as the text of one row in which nobody has decided yet:
 * what a hit keeps for later. false: it is decided by more, and there is nothing to learn. */
bool review_agreement(struct buf *out, const struct decision *decision);

/* Of persons, by how much the doubt is larger than is stated, in bits: the sum over the levels. */
struct review_doubt {
    double any, names[MIXTURE_NAMES], dates[MIXTURE_DATES], places[MIXTURE_PLACES];
    double agreements[MIXTURE_NAMES][MIXTURE_DATES][MIXTURE_PLACES]; /* just such a one */
    bool decided[MIXTURE_NAMES][MIXTURE_DATES][MIXTURE_PLACES];      /* of such some were */
};
/* What these decisions say to what this mixture states. */
void review_fit(struct review_doubt *out, const struct review *review,
                const struct mixture *mixture, enum mixture_kind kind);
/* The factor: 1 to 2^REVIEWED_BITS_MAX; to 2^REVIEWED_BITS_BESIDE where of just such an agreement nothing
 * was decided. */
double review_factor(const struct review_doubt *doubt, const struct accord *accord);
/* The same of what is no person, into weights->reviewed. */
void review_weights(struct score_weights *weights, const struct review *review);

/* "people decided of pairs that agree so: 1 the same, 12 not", in the arena; NULL: of such
 * pairs nothing was decided. */
const char *review_sentence(const struct review *review, const struct accord *accord,
                            enum mixture_kind kind, struct arena *arena);

/* One way of comparing, for people to read: how many of the pairs were said to be different, as was
 * stated and with what is learned (against what is reckoned, not against a run). */
struct review_sum {
    const char *schema, *by; /* "Person", "keys" or "plain" */
    uint64_t same, different;
    double stated, learned; /* pairs */
};
/* And one level of it. */
struct review_lesson {
    const char *field, *level;
    uint64_t same, different;
    double bits; /* of doubt more, or less */
};
enum { REVIEW_LESSONS_MAX = 64, REVIEW_WAYS = THING_KINDS + 1 };
/* way: below REVIEW_WAYS. Gives how many lessons; 0: nothing was decided. */
size_t review_lessons(struct review_sum *sum,
                      struct review_lesson lessons[static REVIEW_LESSONS_MAX],
                      const struct review *review, size_t way);

#endif
