/* SPDX-License-Identifier: Apache-2.0
 *
 * link/closure.h: who is the same as the same.
 *
 * Of three records of one person two may have too little in common, and each enough with
 * the third. Hits are the edges of a graph, rows its nodes; two rows that a path joins are
 * one person if every hit on it is right. Such a pair is a hit that follows:
 *
 *     two files                       one file
 *     a1 --- b1                       a1 --- a2 --- a3
 *         \                            :..........:
 *     a2 --- b2    a1 ... b2          by way of a2
 *
 * (a1 and a2 both are b1, a2 is b2: by way of b1 and a2.)
 *
 * Edges are hits by names, date and address alone (decision.person_false; a shared phone is a
 * household's, another birth date another's). One on a path, at most, may be without a birth
 * date that agrees in two parts: a row without a date agrees with father and son, and shows
 * nothing of the two. What a path leaves in doubt is the sum w of
 * its hits' shares of wrong ones: path = w / (1 - w). Against it speaks that the two rows are no
 * hit by themselves, the less the more often one person's rows are none: `open`, the share of
 * sides that are no hit among rows that sure hits hold together, which the run shows. So does
 * whoever is joined to one of the two and is a stranger to the other, on both sides: two
 * groups that one hit alone joins are two persons. With `apart` strangers on the side that
 * has fewer,
 *
 *     it is a hit where    path / open ^ (1 + apart)    is at most `most`, and
 *     expected_false       path / open ^ (1/2 + apart), no less than decision.least_false
 *
 * A hit that follows is weak, says by way of whom, and is thinned as all hits are. A hit by
 * itself is stated to be as sure as the surest path between its rows.
 *
 * Bounds: paths of five hits; 128 rows looked at from one; rows of more than 32 hits are walked
 * neither from nor through. Where they cut, less follows, or by a path less sure than the surest.
 *
 * Transitive closure as it is used in entity resolution; that a group must hold together by
 * more than one link is the cohesion of clusters.
 */
#ifndef LINK_CLOSURE_H
#define LINK_CLOSURE_H

#include "link/pairs.h"

struct closure {
    bool within; /* both rows of a pair are of one file */
    double most; /* expected_false up to which what follows is a hit */
    /* Puts into out what rows a and b show by themselves. False: they are not one, whatever
     * follows. */
    bool (*look)(struct decision *out, size_t a, size_t b, void *context);
    void *context;
};

/* pairs: sorted by a, then b, and so afterwards. */
void closure_add(struct pairs *pairs, const struct closure *how);

#endif
