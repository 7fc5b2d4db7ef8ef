/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether the agency itself is in doubt: it has come, or come back, or another's rows carry its
 * name.
 */
#include "watch/explain.h"

#include "base/memory.h"
#include "watch/word_pair.h"

#include <math.h>
#include <stdlib.h>

enum {
    PLACE_ROWS_MIN = 3, /* a year, for a place to be somebody's */
    BORROWED_MIN = 2,
    SILENCE_STEP = 7,   /* days */
    SILENCE_AFTER = 28, /* days of reports */
};
static const double ALONE = 0.9;             /* of a place's rows */
static const double NEARLY_SILENT = 1.0 / 8; /* of the usual rows */
static const double SILENT_MIN = 1;          /* that the owner would have had by now */

/* It began to report within the year before a day, or again after half a year of silence: its weeks
 * are looked through backwards. */
static bool has_begun_lately(const struct agency_asked *a)
{
    int32_t since = -1;
    struct known_rows list = known_of(a->known, FACET_AGENCY, a->agency);
    list = known_days(a->known, list, a->base_day, a->day - 1);
    for (size_t i = list.count; i-- > 0;) {
        const struct table_row *row = &a->rows[list.rows[i]];
        int32_t week = (row->day - a->base_day) / 7;
        if (row->role != ROLE_FIRST)
            continue;
        if (since >= 0 && (since - week) * 7 > HALF_YEAR_DAYS)
            break;
        since = week;
        if (a->day - (a->base_day + since * 7) >= YEAR_DAYS)
            return false;
    }
    return since * 7 > HALF_YEAR_DAYS;
}

static double rows_between(const struct agency_asked *a, int32_t from, int32_t to)
{
    return (double)known_answers(a->known, a->agency, FACET_AGENCY, from, to);
}

/* Half a year that ended within the year had hardly any of what was usual before. */
static bool was_nearly_silent(const struct agency_asked *a)
{
    for (int32_t end = a->day - 1; end > a->day - YEAR_DAYS; end -= SILENCE_STEP) {
        int32_t begin = end - HALF_YEAR_DAYS + 1, before = begin - YEAR_DAYS;
        before = before > a->base_day ? before : a->base_day;
        if (begin - before < SILENCE_AFTER)
            break;
        double usual =
            rows_between(a, before, begin - 1) * HALF_YEAR_DAYS / (begin - before);
        if (usual >= KNOWN_MIN && rows_between(a, begin, end) < NEARLY_SILENT * usual)
            return true;
    }
    return false;
}

bool explain_is_newcomer(const struct agency_asked *a)
{
    return rows_between(a, INT32_MIN, a->day - 1) < KNOWN_MIN ||
           rows_between(a, a->day - YEAR_DAYS, a->day - 1) < KNOWN_MIN / 2.0 ||
           has_begun_lately(a) || was_nearly_silent(a);
}

bool explain_newcomer(const struct question *q)
{
    const struct agency_asked asked = {q->known, q->rows, q->agency, q->from,
                                       q->raised->replay->pattern.base_day};
    return explain_is_newcomer(&asked);
}

/* ---- another's rows ---- */

/* Who seized at each place in the year before a day; found when it is asked. */
struct owners {
    uint32_t *owner; /* by place; 0: nobody, or several */
    uint8_t *asked;  /* by place */
    int32_t from;
};

static void owners_begin(struct owners *out, const struct question *q, int32_t from)
{
    size_t places = q->table->values[FACET_PLACE].count + 1;
    *out = (struct owners){xcalloc(places, sizeof *out->owner), xcalloc(places, 1), from};
}

static void owners_release(struct owners *owners)
{
    free(owners->owner);
    free(owners->asked);
}

/* Who has most of a place is who is left when unlike votes cancel. */
static uint32_t find_owner(const struct question *q, uint32_t place, int32_t from)
{
    struct known_rows list = known_days(q->known, known_of(q->known, FACET_PLACE, place),
                                        from - YEAR_DAYS, from - 1);
    uint32_t owner = 0, lead = 0, all = 0, own = 0;
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < list.count; i++) {
            const struct table_row *row = &q->rows[list.rows[i]];
            uint32_t agency = row->value[FACET_AGENCY];
            if (row->role != ROLE_FIRST)
                continue;
            if (round == 1) {
                all++;
                own += owner == agency;
            } else if (lead == 0) {
                owner = agency;
                lead = 1;
            } else {
                lead += owner == agency ? 1 : UINT32_MAX;
            }
        }
    return all < PLACE_ROWS_MIN || own < ALONE * all ? 0 : owner;
}

static uint32_t owner_of(struct owners *owners, const struct question *q, uint32_t place)
{
    if (place == 0)
        return 0;
    if (!owners->asked[place])
        owners->owner[place] = find_owner(q, place, owners->from);
    owners->asked[place] = 1;
    return owners->owner[place];
}

/* What the agency had in that year; everybody, when it is NOTICE_EVERYBODY. */
static double had(const struct question *q, uint32_t agency, int32_t from, int32_t to)
{
    double sum = 0;
    if (agency != NOTICE_EVERYBODY)
        return (double)known_answers(q->known, agency, FACET_AGENCY, from, to);
    for (uint32_t a = 0; a == 0 || a < q->table->values[FACET_AGENCY].count; a++)
        sum += (double)known_answers(q->known, a, FACET_AGENCY, from, to);
    return sum;
}

/* What the agency has at places of one owner, and what that one still has. */
struct borrowed {
    uint32_t rows, places;
    int32_t since;
};

/* The owner of most of what the agency has where it had nothing; 0: none. */
static uint32_t lender(struct borrowed *out, const struct question *q,
                       struct owners *owners)
{
    struct borrowed *by = xcalloc(q->table->values[FACET_AGENCY].count + 1, sizeof *by);
    uint8_t *seen = xcalloc(q->table->values[FACET_PLACE].count + 1, 1);
    uint32_t best = 0;
    EACH_ROW(row, q, owners->from, q->to)
    {
        uint32_t place = row->value[FACET_PLACE];
        uint32_t owner = row->role == ROLE_FIRST ? owner_of(owners, q, place) : 0;
        if (owner == 0 || owner == q->agency)
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

/* The owner has lost what the agency has got, by the number that all others had meanwhile. *for_now:
 * it has been silent since then, but not long enough to tell. */
static bool has_lent(bool *for_now, const struct question *q, const struct owners *owners,
                     uint32_t owner, const struct borrowed *b)
{
    *for_now = false;
    int32_t from = owners->from - YEAR_DAYS, to = owners->from - 1;
    double owned = had(q, owner, from, to);
    double others_before =
        had(q, NOTICE_EVERYBODY, from, to) - owned - had(q, q->agency, from, to);
    double has = had(q, owner, b->since, q->to);
    double others = had(q, NOTICE_EVERYBODY, b->since, q->to) - has -
                    had(q, q->agency, b->since, q->to);
    double days = q->to - b->since + 1;
    double share =
        others_before >= 10 * KNOWN_MIN ? others / others_before : days / YEAR_DAYS;
    double expected = owned * share;
    if (expected <= has)
        return false;
    double loss = expected - has;
    double score = loss - (has > 0 ? has * log(expected / has) : 0);
    double gain = b->rows;
    /* One place may be a new route of the agency's; several of one owner's are not. */
    double enough = b->places > 1 ? 2 : 4;
    *for_now = has == 0 && owned >= KNOWN_MIN && expected >= SILENT_MIN && score < enough;
    return (score >= enough || *for_now) && fabs(loss - gain) <= 0.5 * fmax(loss, gain) + 1;
}

/* ---- the same rows again, under another spelling of their place ---- */

static bool is_twin(const struct question *q, const struct table_row *a,
                    const struct table_row *b)
{
    const char **text = q->table->values[FACET_PLACE].text;
    uint32_t x = a->value[FACET_PLACE], y = b->value[FACET_PLACE];
    if (a == b || a->kg != b->kg || x == y || x == 0 || y == 0)
        return false;
    for (enum facet f = 0; f < FACET_COUNT; f++)
        if (f != FACET_PLACE && a->value[f] != b->value[f])
            return false;
    return notice_names_alike(text[x], text[y]) || word_pair_share_word(text[x], text[y]);
}

static int32_t first_day_of(const struct question *q, uint32_t place)
{
    struct known_rows list = known_of(q->known, FACET_PLACE, place);
    return list.count > 0 ? q->rows[list.rows[0]].day : INT32_MAX;
}

size_t explain_repeated(const struct question *q)
{
    size_t again = 0;
    for (size_t i = 0; i < q->raised->row_count; i++) {
        const struct table_row *mine = &q->rows[q->raised->rows[i]];
        bool is_again = false;
        if (mine->value[FACET_AGENCY] != q->agency || isnan(mine->kg))
            continue;
        EACH_ROW(row, q, mine->day, mine->day)
        {
            is_again |=
                is_twin(q, mine, row) && first_day_of(q, row->value[FACET_PLACE]) <
                                             first_day_of(q, mine->value[FACET_PLACE]);
        }
        again += is_again;
    }
    return again;
}

size_t explain_borrowed(uint32_t *owner, bool *for_now, const struct question *q)
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
        owners_begin(&owners, q, begun[i]);
        *owner = lender(&b, q, &owners);
        if (*owner != 0 && b.rows >= BORROWED_MIN &&
            has_lent(for_now, q, &owners, *owner, &b))
            for (size_t k = 0; k < q->raised->row_count; k++) {
                const struct table_row *row = &q->rows[q->raised->rows[k]];
                uint32_t place = row->value[FACET_PLACE];
                ours += row->value[FACET_AGENCY] == q->agency &&
                        (owner_of(&owners, q, place) == *owner ||
                         (place == 0 && row->day >= b.since));
            }
        owners_release(&owners);
        if (ours > 0)
            return ours;
    }
    return 0;
}
