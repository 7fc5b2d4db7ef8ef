/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether the agency itself is in doubt: it has come, or come back, or another's rows carry its
 * name.
 */
#include "watch/explain.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum {
    PLACE_ROWS_MIN = 3, /* a year, for a place to be somebody's */
    BORROWED_MIN = 2,
};
static const double ALONE = 0.9; /* of a place's rows */

/* The week from which it has reported without half a year of silence; UINT32_MAX: never. */
static uint32_t reporting_since(const struct question *q)
{
    const struct pattern *p = &q->raised->replay->pattern;
    uint8_t *reports = xcalloc(p->now + 1, 1);
    EACH_ROW_EVER(row, q)
    {
        if (row->day >= p->base_day && row->day < q->from && row->role == ROLE_FIRST)
            reports[(row->day - p->base_day) / 7] = 1;
    }
    uint32_t since = UINT32_MAX, last = 0;
    for (uint32_t week = 0; week <= p->now; week++) {
        if (!reports[week])
            continue;
        if (since == UINT32_MAX || (week - last) * 7 > HALF_YEAR_DAYS)
            since = week;
        last = week;
    }
    free(reports);
    return since;
}

bool explain_newcomer(const struct question *q)
{
    size_t before = 0, last_year = 0;
    EACH_ROW_EVER(row, q)
    {
        if (row->day >= q->from || row->role != ROLE_FIRST)
            continue;
        before++;
        last_year += row->day >= q->from - YEAR_DAYS;
    }
    if (before < KNOWN_MIN || last_year < KNOWN_MIN / 2)
        return true;
    int32_t since = (int32_t)reporting_since(q) * 7;
    return since > HALF_YEAR_DAYS &&
           q->from - (q->raised->replay->pattern.base_day + since) < YEAR_DAYS;
}

/* ---- another's rows ---- */

/* Who seized at each place in the year before a day. */
struct owners {
    uint32_t *owner; /* by place; 0: nobody, or several */
    uint32_t *rows;  /* by agency: all it had in that year */
    double known;
};

static void owners_find(struct owners *out, const struct question *q, int32_t from)
{
    size_t places = q->table->values[FACET_PLACE].count + 1;
    size_t agencies = q->table->values[FACET_AGENCY].count + 1;
    uint32_t *lead = xcalloc(places, sizeof *lead), *all = xcalloc(places, sizeof *all);
    uint32_t *own = xcalloc(places, sizeof *own);
    *out = (struct owners){xcalloc(places, sizeof *out->owner),
                           xcalloc(agencies, sizeof *out->rows), 0};
    /* Who has most of a place is who is left when unlike votes cancel. */
    for (int round = 0; round < 2; round++) {
        EACH_TAKEN(row, q, taken_row)
        {
            uint32_t place = row->value[FACET_PLACE], agency = row->value[FACET_AGENCY];
            if (row->role != ROLE_FIRST || row->day < from - YEAR_DAYS || row->day >= from)
                continue;
            if (round == 1) {
                all[place]++;
                own[place] += out->owner[place] == agency;
                out->rows[agency]++;
                out->known++;
            } else if (lead[place] == 0) {
                out->owner[place] = agency;
                lead[place] = 1;
            } else {
                lead[place] += out->owner[place] == agency ? 1 : UINT32_MAX;
            }
        }
    }
    out->owner[0] = 0;
    for (size_t place = 1; place < places; place++)
        if (all[place] < PLACE_ROWS_MIN || own[place] < ALONE * all[place])
            out->owner[place] = 0;
    free(lead);
    free(all);
    free(own);
}

static void owners_release(struct owners *owners)
{
    free(owners->owner);
    free(owners->rows);
}

/* What the agency has at places of one owner, and what that one still has. */
struct borrowed {
    uint32_t rows, places;
    int32_t since;
};

/* The owner of most of what the agency has where it had nothing; 0: none. */
static uint32_t lender(struct borrowed *out, const struct question *q,
                       const struct owners *owners, int32_t from)
{
    struct borrowed *by = xcalloc(q->table->values[FACET_AGENCY].count + 1, sizeof *by);
    uint8_t *seen = xcalloc(q->table->values[FACET_PLACE].count + 1, 1);
    uint32_t best = 0;
    EACH_ROW(row, q)
    {
        uint32_t place = row->value[FACET_PLACE], owner = owners->owner[place];
        if (row->role != ROLE_FIRST || row->day < from || row->day > q->to || owner == 0 ||
            owner == q->agency)
            continue;
        struct borrowed *b = &by[owner];
        b->since = b->rows == 0 || row->day < b->since ? row->day : b->since;
        b->rows++;
        b->places += !seen[place];
        seen[place] = 1;
        if (best == 0 || b->rows > by[best].rows)
            best = owner;
    }
    *out = by[best];
    free(by);
    free(seen);
    return best;
}

/* The owner has lost what the agency has got, by the number that all others had meanwhile. */
static bool has_lent(const struct question *q, const struct owners *owners, uint32_t owner,
                     const struct borrowed *b)
{
    double others_before = owners->known - owners->rows[owner] - owners->rows[q->agency];
    double others = 0, has = 0;
    EACH_TAKEN(row, q, taken_row)
    {
        if (row->role != ROLE_FIRST || row->day < b->since || row->day > q->to)
            continue;
        has += row->value[FACET_AGENCY] == owner;
        others +=
            row->value[FACET_AGENCY] != owner && row->value[FACET_AGENCY] != q->agency;
    }
    double days = q->to - b->since + 1;
    double share =
        others_before >= 10 * KNOWN_MIN ? others / others_before : days / YEAR_DAYS;
    double expected = owners->rows[owner] * share;
    if (expected <= has)
        return false;
    double loss = expected - has;
    double score = loss - (has > 0 ? has * log(expected / has) : 0);
    double gain = b->rows;
    /* One place may be a new route of the agency's; several of one owner's are not. */
    return score >= (b->places > 1 ? 2 : 4) &&
           fabs(loss - gain) <= 0.5 * fmax(loss, gain) + 1;
}

size_t explain_borrowed(uint32_t *owner, const struct question *q)
{
    /* Its rows at such a place now and then must not pass for the beginning. */
    const int32_t begun[] = {q->from,
                             q->to - 6,
                             q->to - 20,
                             q->to - 41,
                             q->to - RECENT_DAYS + 1,
                             q->to - HALF_YEAR_DAYS + 1};
    for (size_t i = 0; i < sizeof begun / sizeof *begun; i++) {
        struct owners owners;
        struct borrowed b;
        size_t ours = 0;
        owners_find(&owners, q, begun[i]);
        *owner = lender(&b, q, &owners, begun[i]);
        if (*owner != 0 && b.rows >= BORROWED_MIN && has_lent(q, &owners, *owner, &b))
            for (size_t k = 0; k < q->raised->row_count; k++) {
                const struct table_row *row = &q->rows[q->raised->rows[k]];
                uint32_t place = row->value[FACET_PLACE];
                ours +=
                    row->value[FACET_AGENCY] == q->agency &&
                    (owners.owner[place] == *owner || (place == 0 && row->day >= b.since));
            }
        owners_release(&owners);
        if (ours > 0)
            return ours;
    }
    return 0;
}
