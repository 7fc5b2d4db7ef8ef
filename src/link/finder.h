/* SPDX-License-Identifier: Apache-2.0
 *
 * link/finder.h: search in the service of the store, and why a record was found.
 *
 * The store tells a finder the words of its records and asks it (store/finder.h); this is the one
 * that search makes. What it found is explained from the record itself, when that may be read.
 */
#ifndef LINK_FINDER_H
#define LINK_FINDER_H

#include "link/search.h"
#include "store/finder.h"

/* Borrows search, which lives as long as the store that it is attached to. */
struct finder search_as_finder(struct search *search);

enum { FOUND_REASONS_MAX = LIKENESS_WORDS_MAX + 1 };

/* The value of a record that is most like the question. */
struct found_value {
    double score;         /* 0: none is like it at all */
    const char *property; /* "name"; "sourceId" */
    struct bytes value;   /* as given */
    const char *why[FOUND_REASONS_MAX];
    size_t why_count;
};
/* The question names a full date, and the record has birth dates of which none can be it, not even
 * with day and month swapped: then another is meant. */
bool found_other_date(const struct question *question, const struct record *record);
void found_value(struct found_value *out, struct question *question,
                 const struct record *record, struct arena *arena);

#endif
