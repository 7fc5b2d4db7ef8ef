/* SPDX-License-Identifier: Apache-2.0
 *
 * An answer of the rule stands for another that the agency gave before: it took its place, or it is back.
 */
#include "watch/explain_parts.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { FEW = EXPLAIN_FEW };
static const double SURPLUS_LLR = EXPLAIN_SURPLUS_LLR;

static void count_answers(struct answers *out, const struct question *q, enum facet facet,
                          unsigned context)
{
    size_t count = q->table->values[facet].count + 1;
    *out = (struct answers){xcalloc(count, sizeof *out->before),
                            xcalloc(count, sizeof *out->now), 0, 0};
    EACH_ROW(row, q, q->from - YEAR_DAYS, q->to)
    {
        uint32_t value = row->value[facet];
        if (value == 0 || !meets(q, row, context))
            continue;
        if (row->day < q->from) {
            out->before[value]++;
            out->known_before++;
        } else if (row->day >= q->since) {
            out->now[value]++;
            out->known_now++;
        }
    }
}

bool explain_has_vanished(const struct answers *a, uint32_t value, bool all)
{
    double expected = a->before[value] / a->known_before * a->known_now;
    if (a->now[value] == 0)
        return expected >= (all ? 1.5 : 4);
    return expected >= 8 && a->now[value] <= expected / 4;
}

/* Another value whose place this one took. */
static uint32_t find_predecessor(bool *for_now, const struct answers *a,
                                 const struct question *q, enum facet facet, uint32_t value)
{
    double span = (q->to - q->since + 1) / (double)YEAR_DAYS;
    const struct table_values *values = &q->table->values[facet];
    bool region = facet == FACET_PLACE && q->rows[q->candidate->row].place_is_region;
    double was = a->before[value] / a->known_before, is = a->now[value] / a->known_now;
    /* Of a few answers all must be the new one, and it must be new, for that to say something. */
    bool all = a->before[value] == 0 && a->now[value] >= 0.9 * a->known_now;
    if (was >= is / 4 || (a->known_now < FEW && !all))
        return 0;
    for (uint32_t other = 1; other < values->count; other++) {
        if (other == value || !explain_has_vanished(a, other, all) ||
            a->now[other] > a->before[other] * span / 2)
            continue;
        double loss = a->before[other] / a->known_before - a->now[other] / a->known_now;
        bool flat = fabs(loss - (is - was)) <= 0.5 * fmax(loss, is - was);
        if (flat &&
            (!explain_is_name(facet) || region ||
             notice_alike(facet, values->text[value], values->text[other])) &&
            (region || explain_gave_way(for_now, q, facet, other, value, q->since)))
            return other;
    }
    return 0;
}

/* The value came up while another went away, and their sum is flat: all over the agency; or, of
 * what only says where it was found, in what is otherwise the same. */
static bool took_place(bool *miscoded, bool *for_now, const struct question *q,
                       enum facet facet)
{
    uint32_t value = q->answer;
    bool descriptive = facet == FACET_INSTALLATION || facet == FACET_ROUTING;
    bool renamed = false;
    *miscoded = explain_is_name(facet);
    for (int round = 0; round < (descriptive ? 2 : 1) && !renamed; round++) {
        struct answers a;
        count_answers(&a, q, facet, round == 0 ? 0 : q->candidate->mask & ~(1u << facet));
        renamed = a.known_before >= (round == 0 ? KNOWN_MIN : FEW) && a.known_now >= 2 &&
                  find_predecessor(for_now, &a, q, facet, value) != 0;
        free(a.before);
        free(a.now);
    }
    return renamed;
}

/* A word that was in use, went out of use all over the agency, and is back. */
static bool was_out_of_use(const struct question *q, enum facet facet, int32_t until)
{
    double used = 0, known = 0, used_lately = 0, known_lately = 0;
    uint32_t value = q->answer;
    EACH_ROW(row, q, until - YEAR_DAYS, until - 1)
    {
        if (row->value[facet] == 0)
            continue;
        bool lately = row->day >= until - RECENT_DAYS;
        *(lately ? &known_lately : &known) += 1;
        *(lately ? &used_lately : &used) += row->value[facet] == value;
    }
    return used >= KNOWN_MIN / 2 && known_lately >= KNOWN_MIN &&
           used_lately / known_lately < 0.1 * used / known &&
           known_lately * used / known >= 5;
}

/* The answers of the rule that the agency gave in the year before. */
static unsigned usual_answers(const struct question *q)
{
    unsigned known = 1u << FACET_AGENCY;
    EACH_ROW(row, q, q->from - YEAR_DAYS, q->from - 1)
    {
        for (unsigned left = q->candidate->mask & ~known; left != 0; left &= left - 1) {
            unsigned f = (unsigned)__builtin_ctz(left);
            known |= (unsigned)meets(q, row, 1u << f) << f;
        }
    }
    return known;
}

/* But for this answer, and others that are new words too, the rule has as many as it always had, more
 * or less. */
static bool is_usual_without(const struct question *q, enum facet facet)
{
    unsigned rest = q->candidate->mask & usual_answers(q) & ~(1u << facet);
    double before = 0, now = 0, days = q->to - q->from + 1;
    EACH_ROW(row, q, q->from - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST || !meets(q, row, rest))
            continue;
        *(row->day < q->from ? &before : &now) += 1;
    }
    return pattern_llr(now, PATTERN_SLACK * fmax(before, 1) * days / YEAR_DAYS) <
           SURPLUS_LLR;
}

/* By the beginning of the window, or some weeks before: then it came back in between. */
bool explain_returning(const struct question *q, enum facet facet)
{
    return !explain_is_name(facet) && is_usual_without(q, facet) &&
           (was_out_of_use(q, facet, q->from) || was_out_of_use(q, facet, q->from - 28));
}

bool explain_renamed(bool *miscoded, bool *for_now, const struct question *q,
                     enum facet facet)
{
    return took_place(miscoded, for_now, q, facet) && is_usual_without(q, facet);
}
