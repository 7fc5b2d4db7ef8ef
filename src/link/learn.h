/* SPDX-License-Identifier: Apache-2.0
 *
 * link/learn.h: what people's decisions say of each kind of evidence.
 *
 * A person said of two records that they are the same thing, or that they are not. For each kind of
 * evidence (the same phone, names alike, the same birth date ...) it is counted how often it agreed
 * among the same and among the different, of the pairs in which both records could show it. Its weights
 * are Fellegi and Sunter's, in bits: log2 of P(agrees | same) / P(agrees | different), and likewise when
 * it differs. Half a pair is added to every count, so that little evidence gives small weights and none
 * gives none. They are for people to read: link/score has weights of its own, by levels that are
 * finer than these, and no comparison uses what is learnt here yet.
 */
#ifndef LINK_LEARN_H
#define LINK_LEARN_H

#include "record/keys.h"

struct labelled_pair {
    const struct record *a, *b; /* finished */
    bool same;
};

enum { LEARN_NAMES = KEY_CLASSES, LEARN_BIRTH_DATE, LEARN_COUNTRY, LEARN_KINDS };

struct learned {
    const char *evidence; /* "phone", "names", "birthDate", "country" */
    uint64_t same_agree, same_differ, different_agree, different_differ; /* pairs */
    double agree_bits, differ_bits;
};

void learn_from_pairs(struct learned out[static LEARN_KINDS],
                      const struct labelled_pair *pairs, size_t count);

#endif
