/* SPDX-License-Identifier: Apache-2.0
 *
 * store/finder.h: what an index over the words of records must do for the store.
 *
 * The store knows what may be seen and writes down what was asked; how words are found is the
 * business of whoever gives it a finder (link/finder). Attached, it is told the words of every
 * record (record/words), those of every act from then on, and asked by VERB_SEARCH with a text.
 *
 * So that a start need not read every record, their words are also kept in the database, sealed:
 * one piece for every 16,384 numbers, each under a key of its own that is overwritten when a record
 * of the piece is erased or the piece is written anew. Whatever of it is missing or out of date is
 * made from the records. docs/format/store.md has the form.
 */
#ifndef STORE_FINDER_H
#define STORE_FINDER_H

#include "store/store.h"

typedef bool finder_visible(void *context, uint64_t case_number);

struct finder_question {
    struct bytes text;
    size_t max;
    finder_visible *visible; /* never asked about case 0, which everybody may see */
    void *visible_context;
};

struct finder {
    void *context; /* lives as long as the store */
    /* Of a record that is not there (or no more). words: the form of record/words, not empty. */
    void (*put)(void *context, uint64_t number, uint64_t case_number, struct bytes words);
    void (*drop)(void *context, uint64_t number); /* if it is there */
    /* Numbers of records, the best first; how many, at most max. */
    size_t (*find)(uint64_t *numbers, void *context,
                   const struct finder_question *question);
};

enum { FINDER_RECORDS_MAX = 1000 };

/* Tells it all words there are. Before the first act of the store; once. What is missing from the
 * sealed pieces is added to them on the way. */
MUST_USE enum status store_attach(struct store *store, const struct finder *finder,
                                  struct err *err);

#endif
