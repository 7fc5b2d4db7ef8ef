/* SPDX-License-Identifier: Apache-2.0
 *
 * link/search.h: an index in memory over what records are called, for questions with slips in them.
 *
 * Every line of words of every record (record/words) stands here once, and is known by its
 * trigrams: of "alvear" those are -al alv lve vea ear ar-, where - is the end of a word. A name is
 * known by the trigrams of its sounds as well, so that another script finds it. A question counts,
 * for each line, how many of its own trigrams the line has, each by how rare it is; the few hundred
 * lines with most of them are compared with the question letter by letter (link/likeness), and the
 * best records are told.
 *
 * Lines stand in blocks of BLOCK_LINES. A block is made once: for each trigram the 16-bit places of
 * the lines that have it. A question goes through block after block with counters that fit into the
 * processor's cache. The last block is made anew when enough lines wait; lines that wait are
 * compared one by one, so that a record is found as soon as it is put.
 *
 * It knows numbers of records and of cases, and nothing of stores; who asks says which cases may be
 * seen, and a record of another case takes no place from one that may be shown. Everything here is in
 * the clear, in memory alone. One thread owns it.
 */
#ifndef LINK_SEARCH_H
#define LINK_SEARCH_H

#include "link/likeness.h"

enum { SEARCH_HITS_MAX = 1000 };

struct search;

struct search *search_open(void);
void search_close(struct search *search); /* NULL is fine */

/* The record's words, in the form of record/words; it must not be here (search_drop). */
void search_put(struct search *search, uint64_t number, uint64_t case_number,
                struct bytes words);
/* Nothing happens when it is not here. */
void search_drop(struct search *search, uint64_t number);
/* Makes blocks of all lines that wait: after putting many. */
void search_settle(struct search *search);

struct search_hit {
    uint64_t number, case_number;
    double score; /* likeness of its best line */
};

/* case_number is never 0: what is of no case is told to everybody. */
typedef bool search_visible(void *context, uint64_t case_number);

struct search_query {
    struct question *question;
    size_t max;              /* hits, at most SEARCH_HITS_MAX */
    search_visible *visible; /* NULL: everything is */
    void *context;
};

/* Best first, of equal ones the lower number; how many. hits has room for query->max. */
size_t search_find(struct search_hit *hits, struct search *search,
                   const struct search_query *query);

struct search_size {
    uint64_t records,
        lines; /* lines that were dropped count until their block is made anew */
    uint64_t bytes;
};
void search_measure(struct search_size *out, const struct search *search);

#endif
