/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/explain.h: one finding, asked about one agency: has its reporting changed?
 *
 * Internal to watch/explain and its parts. Everything is asked of what was known on the finding's
 * day. A change is looked for at several days on which it may have begun, and what came in
 * between is never held against a year that has part in it.
 */
#ifndef WATCH_EXPLAIN_H
#define WATCH_EXPLAIN_H

#include "watch/notice.h"

enum {
    YEAR_DAYS = 365,
    HALF_YEAR_DAYS = 182,
    RECENT_DAYS = 84,
    KNOWN_MIN = 20, /* seizures of an agency that make a history */
};

struct question {
    const struct raised *raised;
    const struct table_row *rows;
    const struct candidate *candidate;
    const struct watch_table *table;
    uint32_t agency;
    uint32_t answer;  /* the rule's, to the facet that is asked about */
    bool for_now;     /* what was found rests on too few rows to be sure */
    int32_t from, to; /* the window */
    int32_t
        since; /* the first day of what contributes: a change may fall into the window */
    size_t recent; /* rows taken before it came more than two years ago */
};

/* The row that was taken so many-th, when it counts. */
static inline const struct table_row *taken_row(const struct question *q, size_t taken)
{
    const struct table_row *row = &q->rows[q->raised->replay->order[taken]];
    return row->role != ROLE_REPEAT && !row->quarantined ? row : NULL;
}

/* The same, when it is the agency's. */
static inline const struct table_row *row_of_agency(const struct question *q, size_t taken)
{
    return q->raised->replay->agency[taken] == q->agency ? taken_row(q, taken) : NULL;
}

/* The same, of everybody when that is asked. */
static inline const struct table_row *asked_row(const struct question *q, size_t taken)
{
    return q->agency == NOTICE_EVERYBODY ? taken_row(q, taken) : row_of_agency(q, taken);
}

/* The row meets the rule in these of its facets. */
static inline bool meets(const struct question *q, const struct table_row *row,
                         unsigned facets)
{
    const struct value_sets *sets = q->candidate->sets;
    unsigned open = sets != NULL ? sets->open : 0;
    for (unsigned k = 0; sets != NULL && k < sets->count; k++)
        if ((facets >> sets->set[k].facet & 1) &&
            !value_set_has(&sets->set[k], row->value[sets->set[k].facet]))
            return false;
    return pattern_matches(row, &q->rows[q->candidate->row], facets & ~open);
}

/* Visit what was known of the last two years, which is all that a change is compared with, or ever;
 * of everybody or of the agency. */
#define EACH_FROM(row, q, get, begin)                                                      \
    for (size_t each_ = (begin); each_ < (q)->raised->replay->taken; each_++)              \
        for (const struct table_row *row = get(q, each_); row != NULL; row = NULL)
#define EACH_TAKEN(row, q, get) EACH_FROM(row, q, get, (q)->recent)
#define EACH_ROW(row, q) EACH_FROM(row, q, row_of_agency, (q)->recent)
#define EACH_ROW_EVER(row, q) EACH_FROM(row, q, row_of_agency, 0)

/* ---- explain_agency ---- */

/* Nothing to compare with: it came, or came back, within the year, or hardly ever reports. */
bool explain_newcomer(const struct question *q);
/* How many of the finding's rows of the agency seem to be another's, *owner: they lie where until
 * now it alone seized, and it has become silent to the same measure. */
size_t explain_borrowed(uint32_t *owner, const struct question *q);

/* ---- explain_small ---- */

/* How many of the finding's rows of the agency are small ones, of a kind that began to be reported. */
size_t explain_small(const struct question *q);

/* ---- explain_words ---- */

/* q->answer stands for what was called otherwise, of the agency or (NOTICE_EVERYBODY) of all. */
bool explain_reworded(const struct question *q, enum facet facet);
/* Nobody ever used q->answer, and but for it the rule is what always was there: its words of before
 * have ceased, in the agency too. */
bool explain_relabelled(const struct question *q, enum facet facet);

#endif
