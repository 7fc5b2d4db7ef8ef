/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether an answer stands for what was called otherwise before: in one agency, or in all at once.
 *
 * What an old word would have had is summed over the agencies, each by its own share in the year
 * before, so that it does not matter which of them report much just now. A word gave way
 *
 *     to another       one went away, one came up, and the sum is flat
 *     to several       that begin as it did, or alike, or are of its group of substances
 *     with all others  three quarters of the answers are words nobody used, two at least, and the
 *                      old ones have ceased
 *     in its rule      nobody ever used it, the rest of the rule has as many as it always had, and
 *                      none of them has an old word; nor does the agency go on using that which
 *                      the rule had most. Or one of the old words has ceased in the agency, and
 *                      this one is as frequent. Few rows say little: asked again with each that
 *                      comes. A place or substance must share a word with the one before: else it
 *                      is news.
 *
 * Two things are never two words (watch/word_pair). Of what else may be one or two, no more than one
 * in twenty may be called by the old word once the new one is there; and where both were in use
 * side by side for half a year, the old one must have ended at once and altogether, and the new one
 * have come up just then: so categories of a form are merged, while what is displaced grows, and
 * leaves a remainder.
 */
#include "watch/explain.h"

#include "record/country.h"
#include "watch/word_pair.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    COLUMN_MIN = 4, /* answers */
    FEW_BEFORE = 4, /* a year, of the rest of a rule */
};
static const double SURPLUS_LLR = 3;
static const double CEASED_MIN = 1;  /* that an old word would have had by now ... */
static const double ALIKE_MIN = 0.5; /* ... where the two share a word, which says much */
static const double COLUMN_SHARE = 0.75;

struct words {
    double *expected; /* by value: as it was before */
    double *usual;    /* the same by the calendar, whatever else was seized */
    uint32_t *now;
    uint32_t count;
    double rows_before; /* all the answers of the year before, for what a day had */
    double answers;
    int32_t since;
};

static void words_release(struct words *w)
{
    free(w->expected);
    free(w->usual);
    free(w->now);
}

/* The first day of a word, from a year before `from` on; INT32_MAX: it was not used since. */
static int32_t first_day(const struct question *q, enum facet facet, uint32_t value,
                         int32_t from)
{
    EACH_OF(row, q, known_of(q->known, facet, value), from - YEAR_DAYS, q->to)
    {
        if (is_asked(q, row))
            return row->day;
    }
    return INT32_MAX;
}

/* The first day of a word that was not used in the year before `from`, of those that begin like
 * value; INT32_MAX: there is none. */
static int32_t first_use_alike(const struct question *q, enum facet facet, uint32_t value,
                               int32_t from)
{
    const struct table_values *values = &q->table->values[facet];
    int32_t day = INT32_MAX;
    for (uint32_t v = 1; v < values->count; v++) {
        if (!notice_names_alike(values->text[v], values->text[value]))
            continue;
        int32_t first = first_day(q, facet, v, from);
        day = first >= from && first < day ? first : day;
    }
    return day;
}

/* The same of all words. */
static int32_t first_use(const struct question *q, enum facet facet, int32_t from)
{
    size_t count = q->table->values[facet].count;
    uint8_t *used = xcalloc(count + 1, 1);
    int32_t day = INT32_MAX;
    EACH_ROW(row, q, from - YEAR_DAYS, q->to)
    {
        uint8_t *known = &used[row->value[facet]];
        if (row->day >= from && row->day < day && !*known && row->value[facet] != 0)
            day = row->day;
        *known = 1;
    }
    free(used);
    return day;
}

/* The value came up after `from`: since which day, and not as often before. Others that begin
 * like it and came up too may have been first. */
static bool came_up(int32_t *since, const struct question *q, enum facet facet,
                    uint32_t value, int32_t from)
{
    struct known_rows list = known_of(q->known, facet, value);
    double before = (double)known_days(q->known, list, from - YEAR_DAYS, from - 1).count;
    double now = 0;
    *since = q->to + 1;
    EACH_OF(row, q, list, from, q->to)
    {
        if (!is_asked(q, row))
            continue;
        *since = row->day < *since ? row->day : *since;
        now++;
    }
    bool up = now > 0 && before / YEAR_DAYS < now / (q->to - *since + 1);
    if (!up || before > 0) /* somebody used it: explain.c asks about that */
        return up && q->agency == NOTICE_EVERYBODY;
    int32_t first = first_use_alike(q, facet, value, from);
    *since = first < *since ? first : *since;
    return up;
}

/* How much each agency answers a facet: the year before a day, and what came since another. */
struct answering {
    struct answering_agency {
        double before, now;
        bool known;
    } * agency;
    enum facet facet;
    int32_t from, since;
};

static const struct answering_agency *
answering_of(struct answering *all, const struct question *q, uint32_t agency)
{
    struct answering_agency *a = &all->agency[agency];
    if (!a->known)
        *a = (struct answering_agency){
            (double)known_answers(q->known, agency, all->facet, all->from - YEAR_DAYS,
                                  all->from - 1),
            (double)known_answers(q->known, agency, all->facet, all->since, q->to), true};
    return a;
}

/* Whether words_count would say that the value is new, mostly without counting all words. */
static bool may_be_new(struct answering *all, const struct question *q, uint32_t value)
{
    struct known_rows list = known_of(q->known, all->facet, value);
    double now = 0, expected = 0;
    EACH_OF(row, q, list, all->since, q->to)
    {
        now += is_asked(q, row) &&
               answering_of(all, q, row->value[FACET_AGENCY])->before >= KNOWN_MIN;
    }
    if (now == 0)
        return false;
    EACH_OF(row, q, list, all->from - YEAR_DAYS, all->from - 1)
    {
        if (!is_asked(q, row))
            continue;
        const struct answering_agency *a = answering_of(all, q, row->value[FACET_AGENCY]);
        if (a->before >= KNOWN_MIN)
            expected += a->now / a->before;
        if (expected >= now / 4)
            return false;
    }
    return true;
}

/* The year before `from` against what came since a day; false: the value is not new, and nothing
 * was counted. */
static bool words_count(struct words *w, const struct question *q, enum facet facet,
                        int32_t from, int32_t since)
{
    size_t agencies = q->table->values[FACET_AGENCY].count + 1;
    struct answering all = {xcalloc(agencies, sizeof *all.agency), facet, from, since};
    bool is_new = may_be_new(&all, q, q->answer);
    size_t count = is_new ? q->table->values[facet].count : 0;
    *w = (struct words){.count = (uint32_t)count, .since = since};
    if (is_new) {
        w->expected = xcalloc(count + 1, sizeof *w->expected);
        w->usual = xcalloc(count + 1, sizeof *w->usual);
        w->now = xcalloc(count + 1, sizeof *w->now);
        EACH_ROW(row, q, from - YEAR_DAYS, q->to)
        {
            uint32_t answer = row->value[facet];
            bool is_before = row->day < from;
            if (answer == 0 || (!is_before && row->day < since))
                continue;
            const struct answering_agency *a =
                answering_of(&all, q, row->value[FACET_AGENCY]);
            if (a->before < KNOWN_MIN)
                continue;
            if (is_before) {
                w->expected[answer] += a->now / a->before;
                w->usual[answer] += (q->to - since + 1) / (double)YEAR_DAYS;
                w->rows_before++;
            } else {
                w->now[answer]++;
                w->answers++;
            }
        }
    }
    free(all.agency);
    return is_new;
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

/* By the calendar too, and not only because so much else was seized. */
static bool has_fallen(const struct words *w, uint32_t value)
{
    return w->now[value] <= w->usual[value] / 2;
}

/* Another new word for part of what old stood for, as value is. */
static bool is_part(const struct words *w, enum facet facet, const char **text, uint32_t v,
                    uint32_t value, uint32_t old)
{
    return is_new(w, v) &&
           (v == value || notice_alike(facet, text[v], text[old]) ||
            (w->expected[v] == 0 &&
             (notice_names_alike(text[v], text[value]) ||
              (facet == FACET_SUBSTANCE && word_pair_same_group(text[v], text[old])))));
}

static bool replaces_one(bool *for_now, const struct words *w, const struct question *q,
                         enum facet facet, uint32_t value)
{
    const char **text = q->table->values[facet].text;
    bool name =
        facet == FACET_PLACE || (facet >= FACET_ORIGIN && facet <= FACET_DESTINATION);
    for (uint32_t old = 1; old < w->count; old++) {
        if (old == value || !is_gone(w, old, true) || !has_fallen(w, old))
            continue;
        bool alike = notice_alike(facet, text[value], text[old]);
        bool group =
            facet == FACET_SUBSTANCE && word_pair_same_group(text[value], text[old]);
        if ((name && !alike) || !is_gone(w, old, alike))
            continue;
        double parts = 0;
        for (uint32_t v = 1; v < w->count && (alike || group || !name); v++)
            parts += is_part(w, facet, text, v, value, old) ? gain(w, v) : 0;
        double loss = -gain(w, old);
        if ((is_flat(loss, gain(w, value)) || is_flat(loss, parts)) &&
            explain_gave_way(for_now, q, facet, old, value, w->since))
            return true;
    }
    return false;
}

static bool replaces_column(const struct words *w, const struct question *q,
                            enum facet facet)
{
    double fresh = 0, kinds = 0;
    bool country = facet >= FACET_ORIGIN && facet <= FACET_DESTINATION;
    for (uint32_t v = 1; v < w->count; v++) {
        /* A country that is known is no new word for another. */
        if (country && country_find(bytes_text(q->table->values[facet].text[v])) != NULL)
            continue;
        fresh += is_new(w, v) ? w->now[v] : 0;
        kinds += is_new(w, v);
    }
    double usual = w->rows_before * (q->to - w->since + 1) / YEAR_DAYS;
    return kinds >= 2 && w->answers >= COLUMN_MIN && fresh >= COLUMN_SHARE * w->answers &&
           usual >= COLUMN_MIN - 1 && w->answers - fresh <= usual / 4;
}

/* Of a word that nobody used until half a year ago. */
struct beginning {
    int32_t since, from; /* its first day; and the end of what is compared with */
};

static bool find_beginning(struct beginning *out, const struct question *q,
                           enum facet facet)
{
    struct known_rows list = known_of(q->known, facet, q->answer);
    out->since = list.count > 0 ? q->rows[list.rows[0]].day : q->to + 1;
    out->from = out->since < q->from ? out->since : q->from;
    return out->since > q->to - HALF_YEAR_DAYS;
}

/* What the rule without the facet asked about had, and has since the new word is there. */
struct remainder {
    uint32_t *before; /* by answer, in the year before */
    double all_before, alike, now, old;
};

static void count_remainder(struct remainder *out, const struct question *q,
                            enum facet facet, const struct beginning *begun)
{
    const char **text = q->table->values[facet].text;
    unsigned rest = q->candidate->mask & ~(1u << facet);
    *out = (struct remainder){
        .before = xcalloc(q->table->values[facet].count + 1, sizeof *out->before)};
    EACH_OF(row, q, replay_rows_of(q->raised->replay, q->candidate, rest),
            begun->from - YEAR_DAYS, q->to)
    {
        uint32_t answer = row->value[facet];
        if (answer == 0 || !meets(q, row, rest))
            continue;
        if (row->day < begun->from) {
            out->before[answer]++;
            out->all_before++;
            out->alike +=
                facet == FACET_PLACE
                    ? word_pair_share_word(text[q->answer], text[answer])
                    : word_pair(facet, text[q->answer], text[answer]) != TWO_THINGS;
        } else if (row->day >= begun->since) {
            out->now++;
            out->old += answer != q->answer;
        }
    }
}

/* The same facet all over the agency, or everywhere. */
struct usage {
    uint32_t *before, *now; /* by answer */
    double span;            /* of the year before, as long as since then */
};

static void count_usage(struct usage *out, const struct question *q, enum facet facet,
                        const struct beginning *begun)
{
    size_t count = q->table->values[facet].count + 1;
    *out = (struct usage){xcalloc(count, sizeof *out->before),
                          xcalloc(count, sizeof *out->now),
                          (q->to - begun->since + 1) / (double)YEAR_DAYS};
    EACH_ROW(row, q, begun->from - YEAR_DAYS, q->to)
    {
        uint32_t answer = row->value[facet];
        out->before[answer] += row->day < begun->from;
        out->now[answer] += row->day >= begun->since;
    }
}

/* No more of them than there were of what they stand for. */
static bool is_as_ever(double now, double expected)
{
    return pattern_llr(now, PATTERN_SLACK * expected) < SURPLUS_LLR;
}

/* The word that the rule had most goes on as if nothing had happened. */
static bool lives_on(const struct remainder *r, const struct usage *agency, uint32_t words)
{
    uint32_t word = 0;
    for (uint32_t v = 1; v < words; v++)
        if (r->before[v] > r->before[word])
            word = v;
    return agency->now[word] > fmax(0.5, agency->before[word] * agency->span / 4);
}

/* The new word says the same as one that the agency used often and that has ceased: with that one
 * the rule would not be told. */
static bool says_the_same(const struct usage *agency, const struct question *q,
                          enum facet facet, uint32_t old)
{
    const char **text = q->table->values[facet].text;
    double expected = agency->before[old] * agency->span;
    return agency->before[old] >= KNOWN_MIN / 2 && agency->now[old] == 0 &&
           word_pair(facet, text[q->answer], text[old]) == ONE_THING &&
           pattern_llr(agency->now[q->answer], PATTERN_SLACK * expected) <
               q->raised->replay->options.threshold;
}

/* The substances of one group that nobody used before are as many as those of it that were frequent
 * and have ceased, of which there is one at least. */
static bool replaces_in_group(const struct usage *agency, const struct question *q)
{
    const struct table_values *values = &q->table->values[FACET_SUBSTANCE];
    const char *answer = values->text[q->answer];
    double ceased = 0, fresh = 0;
    for (uint32_t v = 1; v < values->count; v++) {
        bool is_fresh = agency->before[v] == 0 && agency->now[v] > 0;
        bool has_ceased = agency->before[v] >= KNOWN_MIN && agency->now[v] == 0;
        if ((!is_fresh && !has_ceased) || !word_pair_same_group(answer, values->text[v]))
            continue;
        fresh += is_fresh ? agency->now[v] : 0;
        ceased += has_ceased ? agency->before[v] * agency->span : 0;
    }
    return ceased >= ALIKE_MIN && is_as_ever(fresh, ceased);
}

/* A word that the rule had has ceased, and the new one is as frequent in the agency as it was. Of
 * places and substances one that shares a word with it. */
static bool has_successor(const struct remainder *r, const struct usage *agency,
                          const struct question *q, enum facet facet)
{
    const struct table_values *values = &q->table->values[facet];
    bool named = facet == FACET_PLACE || facet == FACET_SUBSTANCE;
    if (facet == FACET_SUBSTANCE && agency->before[q->answer] == 0 &&
        replaces_in_group(agency, q))
        return true;
    for (uint32_t v = 1; v < values->count; v++) {
        double expected = agency->before[v] * agency->span;
        if (agency->now[v] > 0 || agency->before[v] == 0)
            continue;
        if (!named && says_the_same(agency, q, facet, v))
            return true;
        bool ours = named ? word_pair_share_word(values->text[q->answer], values->text[v])
                          : r->before[v] > 0 && r->all_before >= FEW_BEFORE &&
                                word_pair(facet, values->text[q->answer],
                                          values->text[v]) != TWO_THINGS;
        if (ours && expected >= (named ? ALIKE_MIN : CEASED_MIN) &&
            is_as_ever(agency->now[q->answer], expected))
            return true;
    }
    return false;
}

bool explain_relabelled(const struct question *q, enum facet facet)
{
    struct beginning begun;
    bool described = facet == FACET_MODE || facet == FACET_INSTALLATION ||
                     facet == FACET_ROUTING || facet == FACET_CONCEALMENT;
    if ((!described && facet != FACET_PLACE && facet != FACET_SUBSTANCE) ||
        !find_beginning(&begun, q, facet))
        return false;
    struct remainder r;
    struct usage agency;
    count_remainder(&r, q, facet, &begun);
    count_usage(&agency, q, facet, &begun);
    bool in_rule = facet != FACET_SUBSTANCE && r.all_before >= FEW_BEFORE &&
                   r.alike >= 0.5 * r.all_before && r.old == 0 &&
                   is_as_ever(r.now, r.all_before * agency.span) &&
                   !lives_on(&r, &agency, q->table->values[facet].count);
    bool relabelled = in_rule || has_successor(&r, &agency, q, facet);
    free(agency.before);
    free(agency.now);
    free(r.before);
    return relabelled;
}

bool explain_reworded(bool *for_now, const struct question *q, enum facet facet)
{
    const int32_t begun[] = {q->from, q->to - RECENT_DAYS + 1, q->to - HALF_YEAR_DAYS + 1,
                             q->to - YEAR_DAYS + 1};
    uint32_t value = q->answer;
    bool reworded = false;
    *for_now = false;
    for (size_t i = 0; i < sizeof begun / sizeof *begun && !reworded; i++) {
        struct words w;
        int32_t since;
        if (!came_up(&since, q, facet, value, begun[i]))
            continue;
        *for_now = false;
        reworded = words_count(&w, q, facet, begun[i], since) &&
                   w.rows_before >= KNOWN_MIN && is_new(&w, value);
        if (reworded && !replaces_one(for_now, &w, q, facet, value)) {
            *for_now = false; /* a column is sure */
            reworded = replaces_column(&w, q, facet);
        }
        words_release(&w);
        if (reworded)
            continue;
        /* A word of the new ones may come up late. */
        int32_t first = first_use(q, facet, begun[i]);
        if (first >= since)
            continue;
        reworded = words_count(&w, q, facet, begun[i], first) &&
                   w.rows_before >= KNOWN_MIN && is_new(&w, value) &&
                   replaces_column(&w, q, facet);
        words_release(&w);
    }
    return reworded;
}
