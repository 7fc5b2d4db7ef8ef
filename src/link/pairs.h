/* SPDX-License-Identifier: Apache-2.0
 *
 * link/pairs.h: the pairs of rows, of two files or within one, that are taken for the same
 * thing.
 *
 * By keys: two rows come together through a key both hold, and decide_by_keys decides from
 * all keys they share and from what row a's record asked for (decide_query), and of the
 * hits of a run the doubtful are left out while together they would make too much of the
 * list wrong (pairs_thin). Between two files a key that five or more rows of the second
 * hold points at none of them, as it does in a blind comparison ("many"); so `--keys` and
 * `--private` agree. Protected rows take no part between two files.
 *
 * Plain lays side by side all that may be seen of both (link/score), also what no key
 * carries: rows that share a key or a block (link/thing) are scored. What the keys call a
 * hit stays one; it is weak, and says why, where birth dates or names, seen in the clear, are
 * those of two.
 *
 * In a run of MIXTURE_LONG_RUN rows or more further pairs follow from the hits (link/closure).
 */
#ifndef LINK_PAIRS_H
#define LINK_PAIRS_H

#include "link/decide.h"
#include "link/review.h"
#include "link/side.h"

enum {
    PAIRS_MANY = 5, /* this many holders on the second side: "many", points at none */
    PAIRS_HOLDERS_MAX =
        1000, /* within one file: a key of more rows is a habit, not a thing */
};

enum pairs_mode { PAIRS_PLAIN, PAIRS_KEYS };

enum { PAIR_VIA_MAX = 4 };

struct pair {
    size_t a, b; /* row numbers */
    struct decision decision;
    /* Of a hit that follows from others (link/closure) the rows between a and b; of two files by turns
     * of the second and the first. */
    size_t via[PAIR_VIA_MAX], via_count;
};

struct pairs {
    struct arena arena;
    struct pair *items; /* by a, then b */
    size_t count, capacity;
    uint64_t too_common;         /* keys that pointed at too many rows to be used */
    struct mixture learned;      /* by keys: what the run showed of how records agree */
    const struct review *review; /* set by the caller: what people decided; or NULL */
};

/* b NULL: within a, a < b in each pair. Of pairs only `review` is read. */
void pairs_find(struct pairs *pairs, const struct side *a, const struct side *b,
                enum pairs_mode mode);
void pairs_release(struct pairs *pairs);

/* One key of row a that the other side's row b holds: what both `pairs_find` and a finished
 * blind comparison end in. */
struct shared_key {
    size_t a, b;
    struct key key;
};
/* By a, then b. */
void pairs_sort(struct pairs *pairs);
/* Among the first `count`, which are sorted; NULL: it is none. */
struct pair *pairs_at(const struct pairs *pairs, size_t count, size_t a, size_t b);

/* Sorts shared, decides each pair by what all of them show (link/mixture), keeps the hits,
 * thinned. a: the asking side (its rows' asks, its parts). population: rows of the other
 * side that may be found. within: both rows are a's. */
void pairs_decide(struct pairs *pairs, struct shared_key *shared, size_t count,
                  const struct side *a, uint64_t population, bool within);

/* To each hit between persons, last of all, what people decided of pairs that agree so: it says it, and where they
 * were different the doubt is larger and it may be weak. By keys, or those that only the clear has. */
void pairs_tell_reviewed(struct pairs *pairs, const struct mixture *mixture,
                         enum mixture_kind kind);

/* To each hit that follows from others the sentence by which: the rows' labels in their order. second:
 * the rows of b, or a when within one file. */
void pairs_tell_ways(struct pairs *pairs, const struct side *a, const struct side *second);

/* Does a run show enough for hits to follow from others? A short one does not tell who lives together. */
bool pairs_may_follow(const struct side *a, bool within);

/* A run learns from every so many-th of a's rows. */
size_t pairs_learn_step(const struct side *a);

/* Leaves out the most doubtful persons until no more than one of some 300 pairs
 * is expected to be wrong, or half a pair (many hits with a little doubt would make a bad
 * list together). Hits of a plain comparison that the keys had found stay, and so do, weak then, all names
 * with the whole birth date. */
void pairs_thin(struct pairs *pairs);

/* Against the labels: found pairs that are true, and true pairs that were found. NaN when
 * there is nothing to divide by. */
void pairs_judge(double *recall, double *precision, const struct pairs *pairs,
                 const struct side *a, const struct side *b);

#endif
