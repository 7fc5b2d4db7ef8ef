/* SPDX-License-Identifier: Apache-2.0
 *
 * link/frequency.h: how often each value occurs: a word of a name, a postcode, the letters
 * of a key.
 *
 * A table of counts by the hash of a kind of text (whatever kinds its owner has) and the
 * text. All-zero is valid and empty. Only hashes are kept, so that it can be sent elsewhere
 * without a word of it; two texts of one hash are counted as one, once in 2^55 or so.
 *
 * How common a value is of which one has seen few or none besides one's own depends on how
 * the values of its kind are spread. Days of birth are all about as common, family names are
 * not: so each kind's mean share and spread are taken from its counts (frequency_settle),
 * as a Beta distribution of the shares of the values that rows have, by the method of
 * moments (empirical Bayes); and what is reckoned beforehand counts as some rows more.
 */
#ifndef LINK_FREQUENCY_H
#define LINK_FREQUENCY_H

#include "base/bytes.h"

enum { FREQUENCY_KINDS_MAX = 16 };

/* Of the values that rows have of a kind: the mean share of rows that have it too, and so
 * many rows this mean is worth. */
struct frequency_kind {
    char kind;
    double rows; /* that have one, at least */
    double mean, weight;
};

struct frequency {
    struct frequency_slot *counts;
    size_t capacity, used;
    uint64_t things; /* that were counted: for whoever counts them */
    struct frequency_kind kinds[FREQUENCY_KINDS_MAX];
    size_t kind_count;
};

/* One more of a text; an empty one is not counted. */
void frequency_count(struct frequency *frequency, char kind, struct bytes text);
uint64_t frequency_of(const struct frequency *frequency, char kind, struct bytes text);
/* After the last is counted: what kinds there are, and how they are spread. Further kinds than
 * FREQUENCY_KINDS_MAX keep what is reckoned. */
void frequency_settle(struct frequency *frequency);

/* What is reckoned of a share beforehand, and worth so many rows. */
struct frequency_reckoned {
    double share, rows;
};
/* The share of others that have the value, of those that have one of the kind. own: rows that have it and are no others. */
double frequency_share(const struct frequency *frequency, char kind, struct bytes text,
                       double own, struct frequency_reckoned reckoned);
/* All of it, by hashes (nonzero): start with at 0. */
bool frequency_next(uint64_t *hash, uint64_t *count, size_t *at,
                    const struct frequency *frequency);
void frequency_put(struct frequency *frequency, uint64_t hash, uint64_t count);
void frequency_release(struct frequency *frequency);

#endif
