/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether an answer stands for what was called otherwise before: in one agency, or in all at once.
 *
 * What an old word would have had is summed over the agencies, each by its own share in the year
 * before, so that it does not matter which of them report much just now. A word gave way
 *
 *     to another       one went away, one came up, and the sum is flat
 *     to several       that begin as it did
 *     with all others  three quarters of the answers are words nobody used, two at least, and the
 *                      old ones have ceased
 *     in its rule      nobody ever used it, the rest of the rule has as many as it always had, and
 *                      none of them has an old word. Only of what a seizure is described by: a new
 *                      substance is news. A place must share a word with the one before.
 */
#include "watch/explain.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    COLUMN_MIN = 4, /* answers */
    FEW_BEFORE = 4, /* a year, of the rest of a rule */
    WORD_MIN = 4,   /* letters */
};
static const double SURPLUS_LLR = 3;
static const double COLUMN_SHARE = 0.75;

struct words {
    double *expected; /* by value: as it was before */
    uint32_t *now;
    uint32_t count;
    double rows_before; /* all the answers of the year before, for what a day had */
    double answers;
    int32_t since;
};

static void words_release(struct words *w)
{
    free(w->expected);
    free(w->now);
}

static bool is_asked(const struct question *q, const struct table_row *row)
{
    return q->agency == NOTICE_EVERYBODY || row->value[FACET_AGENCY] == q->agency;
}

/* The first day of a word that was not used in the year before `from`, of those that begin like
 * value (0: of all); INT32_MAX: there is none. */
static int32_t first_use(const struct question *q, enum facet facet, uint32_t value,
                         int32_t from)
{
    const struct table_values *values = &q->table->values[facet];
    int32_t *first = xmalloc((values->count + 1) * sizeof *first), day = INT32_MAX;
    for (uint32_t v = 0; v <= values->count; v++)
        first[v] = INT32_MAX;
    EACH_TAKEN(row, q, taken_row)
    {
        int32_t *known = &first[row->value[facet]];
        if (is_asked(q, row) && row->day >= from - YEAR_DAYS && row->day < *known)
            *known = row->day;
    }
    for (uint32_t v = 1; v < values->count; v++)
        if (first[v] >= from && first[v] < day &&
            (value == 0 || notice_names_alike(values->text[v], values->text[value])))
            day = first[v];
    free(first);
    return day;
}

/* The value came up after `from`: since which day, and not as often before. Others that begin
 * like it and came up too may have been first. */
static bool came_up(int32_t *since, const struct question *q, enum facet facet,
                    uint32_t value, int32_t from)
{
    double before = 0, now = 0;
    *since = q->to + 1;
    EACH_TAKEN(row, q, taken_row)
    {
        if (row->value[facet] != value || (row->day >= from && !is_asked(q, row)) ||
            row->day > q->to || row->day < from - YEAR_DAYS)
            continue;
        *(row->day < from ? &before : &now) += 1;
        if (row->day >= from && row->day < *since)
            *since = row->day;
    }
    bool up = now > 0 && before / YEAR_DAYS < now / (q->to - *since + 1);
    if (!up || before > 0) /* somebody used it: explain.c asks about that */
        return up && q->agency == NOTICE_EVERYBODY;
    int32_t first = first_use(q, facet, value, from);
    *since = first < *since ? first : *since;
    return up;
}

/* The year before `from` against what came since a day. */
static void words_count(struct words *w, const struct question *q, enum facet facet,
                        int32_t from, int32_t since)
{
    size_t agencies = q->table->values[FACET_AGENCY].count + 1;
    double *before = xcalloc(agencies, sizeof *before);
    double *now = xcalloc(agencies, sizeof *now);
    w->count = q->table->values[facet].count;
    *w = (struct words){xcalloc(w->count + 1, sizeof *w->expected),
                        xcalloc(w->count + 1, sizeof *w->now),
                        w->count,
                        0,
                        0,
                        since};
    /* First how much each agency answers, then what. */
    for (int round = 0; round < 2; round++)
        EACH_TAKEN(row, q, taken_row)
        {
            uint32_t answer = row->value[facet], agency = row->value[FACET_AGENCY];
            bool is_before = row->day < from;
            if (answer == 0 || !is_asked(q, row) || row->day < from - YEAR_DAYS ||
                row->day > q->to || (!is_before && row->day < w->since))
                continue;
            if (round == 0) {
                (is_before ? before : now)[agency]++;
            } else if (before[agency] < KNOWN_MIN) {
                continue;
            } else if (is_before) {
                w->expected[answer] += now[agency] / before[agency];
                w->rows_before++;
            } else {
                w->now[answer]++;
                w->answers++;
            }
        }
    free(before);
    free(now);
}

static bool is_new(const struct words *w, uint32_t value)
{
    return w->now[value] > 0 && w->expected[value] < w->now[value] / 4.0;
}

static double gain(const struct words *w, uint32_t value)
{
    return w->now[value] - w->expected[value];
}

static bool is_gone(const struct words *w, uint32_t value, bool alike)
{
    if (w->now[value] == 0)
        return w->expected[value] >= (alike ? 2 : 4);
    return w->expected[value] >= 8 && w->now[value] <= w->expected[value] / 4;
}

static bool is_flat(double loss, double won)
{
    return fabs(loss - won) <= 0.5 * fmax(loss, won);
}

static bool replaces_one(const struct words *w, const struct question *q, enum facet facet,
                         uint32_t value)
{
    const char **text = q->table->values[facet].text;
    bool name =
        facet == FACET_PLACE || (facet >= FACET_ORIGIN && facet <= FACET_DESTINATION);
    for (uint32_t old = 1; old < w->count; old++) {
        bool alike = notice_names_alike(text[value], text[old]);
        if (old == value || (name && !alike) || !is_gone(w, old, alike))
            continue;
        double parts = 0;
        for (uint32_t v = 1; v < w->count; v++)
            parts += alike && is_new(w, v) && notice_names_alike(text[v], text[old])
                         ? gain(w, v)
                         : 0;
        double loss = -gain(w, old);
        if (is_flat(loss, gain(w, value)) || (alike && is_flat(loss, parts)))
            return true;
    }
    return false;
}

static bool replaces_column(const struct words *w, const struct question *q)
{
    double fresh = 0, kinds = 0;
    for (uint32_t v = 1; v < w->count; v++) {
        fresh += is_new(w, v) ? w->now[v] : 0;
        kinds += is_new(w, v);
    }
    double usual = w->rows_before * (q->to - w->since + 1) / YEAR_DAYS;
    return kinds >= 2 && w->answers >= COLUMN_MIN && fresh >= COLUMN_SHARE * w->answers &&
           usual >= COLUMN_MIN - 1 && w->answers - fresh <= usual / 4;
}

/* A whole word of some length is in both. */
static bool share_word(const char *a, const char *b)
{
    size_t length;
    for (; *a != '\0'; a += length) {
        for (; *a == ' ' || *a == ',' || *a == '-'; a++)
            continue;
        length = strcspn(a, " ,-");
        const char *at = length >= WORD_MIN ? b : NULL;
        for (; at != NULL && *at != '\0'; at++)
            if (strncasecmp(at, a, length) == 0 &&
                (at == b || !is_letter((uint8_t)at[-1])) &&
                !is_letter((uint8_t)at[length]) && !is_digit((uint8_t)at[length]))
                return true;
    }
    return false;
}

bool explain_relabelled(const struct question *q, enum facet facet)
{
    const char **text = q->table->values[facet].text;
    uint32_t value = q->answer;
    unsigned rest = q->candidate->mask & ~(1u << facet);
    bool place = facet == FACET_PLACE;
    if (!place && facet != FACET_MODE && facet != FACET_INSTALLATION &&
        facet != FACET_ROUTING && facet != FACET_CONCEALMENT)
        return false;
    double before = 0, alike = 0, now = 0, old = 0;
    int32_t since = q->to + 1;
    EACH_TAKEN(row, q, taken_row)
    {
        if (row->value[facet] != value)
            continue;
        if (row->day < q->from)
            return false;
        since = row->day < since ? row->day : since;
    }
    EACH_TAKEN(row, q, taken_row)
    {
        uint32_t answer = row->value[facet];
        if (answer == 0 || row->day < q->from - YEAR_DAYS || row->day > q->to ||
            !meets(q, row, rest))
            continue;
        if (row->day < q->from) {
            before++;
            alike += !place || share_word(text[value], text[answer]);
        } else if (row->day >= since) {
            now++;
            old += answer != value;
        }
    }
    double expected = before * (q->to - since + 1) / YEAR_DAYS;
    return before >= FEW_BEFORE && old == 0 && alike >= 0.5 * before &&
           pattern_llr(now, PATTERN_SLACK * expected) < SURPLUS_LLR;
}

bool explain_reworded(const struct question *q, enum facet facet)
{
    const int32_t begun[] = {q->from, q->to - RECENT_DAYS + 1, q->to - HALF_YEAR_DAYS + 1,
                             q->to - YEAR_DAYS + 1};
    uint32_t value = q->answer;
    bool reworded = false;
    for (size_t i = 0; i < sizeof begun / sizeof *begun && !reworded; i++) {
        struct words w;
        int32_t since;
        if (!came_up(&since, q, facet, value, begun[i]))
            continue;
        words_count(&w, q, facet, begun[i], since);
        reworded = w.rows_before >= KNOWN_MIN && is_new(&w, value) &&
                   (replaces_one(&w, q, facet, value) || replaces_column(&w, q));
        words_release(&w);
        if (reworded)
            continue;
        /* A word of the new ones may come up late. */
        int32_t first = first_use(q, facet, 0, begun[i]);
        words_count(&w, q, facet, begun[i], first < since ? first : since);
        reworded =
            w.rows_before >= KNOWN_MIN && is_new(&w, value) && replaces_column(&w, q);
        words_release(&w);
    }
    return reworded;
}
