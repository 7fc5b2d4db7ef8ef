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

#include "watch/known.h"
#include "watch/notice.h"

enum {
    YEAR_DAYS = 365,
    HALF_YEAR_DAYS = 182,
    RECENT_DAYS = 84,
    KNOWN_MIN = 20,  /* seizures of an agency that make a history */
    EXPLAIN_FEW = 8, /* answers */
    EXPLAIN_ROWS_ASKED =
        200, /* of a finding: looked through for the agencies that have part in it */
};
static const double EXPLAIN_MOSTLY = 2.0 / 3; /* of the rows */
static const double EXPLAIN_SURPLUS_LLR = 5;  /* more than ever was */

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
    struct known *known; /* by its day */
};

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

/* The agency's rows known by now, or (NOTICE_EVERYBODY) everybody's. */
static inline struct known_rows asked_rows(const struct question *q)
{
    return q->agency == NOTICE_EVERYBODY ? known_all(q->known)
                                         : known_of(q->known, FACET_AGENCY, q->agency);
}

/* Visit those of a list, or of the agency asked, that lie between two days, both included. */
#define EACH_OF(row, q, list, from, to)                                                    \
    for (struct known_rows each_ = known_days((q)->known, (list), (from), (to));           \
         each_.count > 0; each_.rows++, each_.count--)                                     \
        for (const struct table_row *row = &(q)->rows[*each_.rows]; row != NULL; row = NULL)
#define EACH_ROW(row, q, from, to) EACH_OF(row, q, asked_rows(q), from, to)

/* Is the row of the agency asked, or is everybody? */
static inline bool is_asked(const struct question *q, const struct table_row *row)
{
    return q->agency == NOTICE_EVERYBODY || row->value[FACET_AGENCY] == q->agency;
}

/* ---- explain_agency ---- */

/* Nothing to compare with: it came, or came back, within the year, or hardly ever reports. */
bool explain_newcomer(const struct question *q);
/* The same of any agency and day; what is known begins on base_day. */
struct agency_asked {
    struct known *known;
    const struct table_row *rows;
    uint32_t agency;
    int32_t day, base_day;
};
bool explain_is_newcomer(const struct agency_asked *asked);
/* How many of the finding's rows of the agency seem to be another's, *owner: they lie where until
 * now it alone seized, and it has become silent to the same measure. *for_now: it is silent, but one
 * row of its own would show that it is not. */
size_t explain_borrowed(uint32_t *owner, bool *for_now, const struct question *q);

/* How many of the finding's rows of the agency are others of it, of the same day and weight, with an older
 * name of the place that is alike. */
size_t explain_repeated(const struct question *q);

/* ---- explain_small ---- */

/* How many of the finding's rows of the agency are small ones, of a kind that began to be reported. */
size_t explain_small(const struct question *q);

/* ---- explain_gave_way ---- */

/* The old word may stand for the same as value, which came up on a day as it went away. *for_now: a
 * row more may show that it does not. */
bool explain_gave_way(bool *for_now, const struct question *q, enum facet facet,
                      uint32_t old, uint32_t value, int32_t since);

/* ---- explain_words ---- */

/* q->answer stands for what was called otherwise, of the agency or (NOTICE_EVERYBODY) of all. */
bool explain_reworded(bool *for_now, const struct question *q, enum facet facet);
/* Nobody ever used q->answer, and but for it the rule is what always was there: its words of before
 * have ceased, in the agency too. */
bool explain_relabelled(const struct question *q, enum facet facet);

#endif
