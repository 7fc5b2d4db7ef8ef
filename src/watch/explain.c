/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a change of reporting would make the counters jump as a finding says.
 */
#include "watch/explain_parts.h"

#include "base/memory.h"
#include "base/text.h"
#include "record/date.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* A word begins with one of these, in either case. */
static bool has_word(const char *text, const char *const *words, size_t count)
{
    for (const char *at = text; *at != '\0'; at++) {
        bool begins = at == text || !is_letter((uint8_t)at[-1]);
        for (size_t w = 0; begins && w < count; w++)
            if (strncasecmp(at, words[w], strlen(words[w])) == 0)
                return true;
    }
    return false;
}

/* By ship at an airport, by air at a seaport: one of the two answers is another's. */
static bool contradicts_itself(const struct question *q, const struct table_row *row)
{
    static const char *const at_sea[] = {"sea",   "vessel", "boat", "ship",
                                         "marít", "marit",  "mer"};
    static const char *const in_air[] = {"air", "plane", "aére", "aer", "avi"};
    const char *mode = watch_table_text(q->table, FACET_MODE, row->value[FACET_MODE]);
    const char *where =
        watch_table_text(q->table, FACET_INSTALLATION, row->value[FACET_INSTALLATION]);
    bool airport = has_word(where, in_air, COUNT(in_air));
    bool seaport = has_word(where, at_sea, COUNT(at_sea)) && !airport;
    return (airport && has_word(mode, at_sea, COUNT(at_sea))) ||
           (seaport && has_word(mode, in_air, COUNT(in_air)));
}

/* How many of the agency's rows are so, when half of all are at least, and more of the agency's than ever: what
 * is usual there is no slip. */
static double contradicting_rows(const struct question *q)
{
    if (!(q->candidate->mask >> FACET_MODE & 1) &&
        !(q->candidate->mask >> FACET_INSTALLATION & 1))
        return 0;
    double wrong = 0, ours = 0;
    double before = 0, now = 0, days = q->to - q->since + 1;
    for (size_t i = 0; i < q->raised->row_count; i++) {
        const struct table_row *row = &q->rows[q->raised->rows[i]];
        bool is_wrong = contradicts_itself(q, row);
        wrong += is_wrong;
        ours += is_wrong && row->value[FACET_AGENCY] == q->agency;
    }
    if (2 * wrong < (double)q->raised->row_count)
        return 0;
    EACH_ROW(row, q, q->since - YEAR_DAYS, q->to)
    {
        if (contradicts_itself(q, row))
            *(row->day < q->since ? &before : &now) += 1;
    }
    bool more = pattern_llr(now, PATTERN_SLACK * fmax(before, 1) * days / YEAR_DAYS) >=
                EXPLAIN_SURPLUS_LLR;
    return more ? ours : 0;
}

static double rows_of_agency(const struct question *q)
{
    double count = 0;
    for (size_t i = 0; i < q->raised->row_count; i++)
        count += q->rows[q->raised->rows[i]].value[FACET_AGENCY] == q->agency;
    return count;
}

/* Most of it is dated to one first of a month, in an agency that dates many so. */
static bool is_rounded(const struct question *q)
{
    double first = 0, all = 0, ours = 0;
    EACH_ROW(row, q, q->from - YEAR_DAYS, q->to)
    {
        all++;
        first += date_from_day_number(row->day).day == 1;
    }
    for (size_t i = 0; i < q->raised->row_count; i++)
        ours += date_from_day_number(q->rows[q->raised->rows[i]].day).day == 1;
    return all >= KNOWN_MIN && first > 0.12 * all &&
           ours >= EXPLAIN_MOSTLY * (double)q->raised->row_count;
}

/* What is wrong with the agency as a whole. */
static enum watch_notice_kind trouble(const struct question *q)
{
    return explain_newcomer(q)   ? NOTICE_ENTERED
           : explain_new_form(q) ? NOTICE_COMPLETENESS
                                 : NOTICE_KIND_COUNT;
}

/* What is wrong with one answer of the rule, in this agency. */
static enum watch_notice_kind wrong_answer(struct question *q, enum facet facet)
{
    bool miscoded = false, for_now = false;
    if (explain_reworded(&for_now, q, facet)) {
        q->for_now |= for_now;
        return explain_is_name(facet) && facet != FACET_PLACE ? NOTICE_MISCODING
                                                              : NOTICE_VOCABULARY;
    }
    if (explain_relabelled(q, facet)) {
        q->for_now = true;
        return NOTICE_VOCABULARY;
    }
    if (explain_renamed(&miscoded, &for_now, q, facet)) {
        q->for_now |= for_now;
        return miscoded ? NOTICE_MISCODING : NOTICE_VOCABULARY;
    }
    if (explain_returning(q, facet))
        return NOTICE_VOCABULARY;
    if ((explain_newly_answered(q, facet) ||
         (facet == FACET_PLACE && explain_coarser(q))) &&
        !explain_stands_without(q, 1u << facet, 1))
        return NOTICE_COMPLETENESS;
    return NOTICE_KIND_COUNT;
}

/* The rule's answers to one facet: its set's, or the one; how many. */
static size_t list_answers(uint32_t out[SET_VALUES_MAX], const struct question *q,
                           enum facet facet)
{
    const struct value_set *set = value_sets_find(q->candidate->sets, facet);
    out[0] = q->rows[q->candidate->row].value[facet];
    for (unsigned i = 0; set != NULL && i < set->count; i++)
        out[i] = set->value[i];
    return set != NULL ? set->count : 1;
}

/* Of the finding's rows of the agency (NOTICE_EVERYBODY: of all), those that answer so. */
static double rows_with(const struct question *q, enum facet facet, uint32_t answer)
{
    double count = 0;
    for (size_t i = 0; i < q->raised->row_count; i++) {
        const struct table_row *row = &q->rows[q->raised->rows[i]];
        count += row->value[facet] == answer &&
                 (q->agency == NOTICE_EVERYBODY || row->value[FACET_AGENCY] == q->agency);
    }
    return count;
}

/* What is wrong with the answers of the rule, in this agency; *count of its rows. */
static enum watch_notice_kind wrong_answers(double *count, struct question *q)
{
    enum watch_notice_kind found = NOTICE_KIND_COUNT;
    double most = 0;
    if (q->candidate->circle != NULL && explain_newly_located(q))
        return NOTICE_COMPLETENESS;
    if (q->candidate->circle != NULL && explain_relocated(q))
        return NOTICE_MISCODING;
    for (unsigned rest = q->candidate->mask & ~(1u << FACET_AGENCY); rest != 0;
         rest &= rest - 1) {
        enum facet facet = (enum facet)__builtin_ctz(rest);
        enum watch_notice_kind wrong = NOTICE_KIND_COUNT;
        uint32_t answer[SET_VALUES_MAX];
        size_t answers = list_answers(answer, q, facet);
        double ours = 0;
        for (size_t i = 0; i < answers; i++) {
            q->answer = answer[i];
            enum watch_notice_kind kind = wrong_answer(q, facet);
            if (kind == NOTICE_KIND_COUNT)
                continue;
            wrong = kind;
            if (answers == 1)
                return kind;
            ours += rows_with(q, facet, answer[i]);
        }
        if (ours > most) {
            most = ours;
            found = wrong;
        }
    }
    double contradicting = found == NOTICE_KIND_COUNT ? contradicting_rows(q) : 0;
    if (found != NOTICE_KIND_COUNT)
        *count = most;
    else if (contradicting > 0) {
        found = NOTICE_MISCODING;
        /* Of what most rows contradict the others are no better. */
        if (contradicting < EXPLAIN_MOSTLY * *count)
            *count = contradicting;
    } else if (is_rounded(q))
        found = NOTICE_ROUNDED_DATES;
    return found;
}

static bool came_before(const struct raised *raised, const struct table_row *rows,
                        size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (rows[raised->rows[i]].value[FACET_AGENCY] ==
            rows[raised->rows[index]].value[FACET_AGENCY])
            return true;
    return false;
}

/* So many of the rows have an answer of the rule that is a new word all over. */
static double reworded_everywhere(enum watch_notice_kind *kind, struct question *q)
{
    double most = 0;
    q->agency = NOTICE_EVERYBODY;
    q->for_now = false;
    for (unsigned rest = q->candidate->mask & ~(1u << FACET_AGENCY); rest != 0;
         rest &= rest - 1) {
        enum facet facet = (enum facet)__builtin_ctz(rest);
        uint32_t answer[SET_VALUES_MAX];
        size_t answers = list_answers(answer, q, facet);
        double ours = 0;
        bool for_now = false;
        for (size_t i = 0; i < answers; i++) {
            q->answer = answer[i];
            bool unsure = false, reworded = explain_reworded(&unsure, q, facet);
            if (reworded || explain_relabelled(q, facet))
                ours += rows_with(q, facet, answer[i]);
            for_now |= !reworded || unsure;
        }
        if (ours > most) {
            most = ours;
            q->for_now = for_now;
            *kind = explain_is_name(facet) && facet != FACET_PLACE ? NOTICE_MISCODING
                                                                   : NOTICE_VOCABULARY;
        }
    }
    return most;
}

/* What is wrong with the rows of one agency, *count of them. */
static void ask_agency(struct notice_reason *out, double *count, struct question *q)
{
    const struct candidate *candidate = q->candidate;
    struct candidate place;
    if (candidate->circle != NULL) {
        place = *candidate;
        place.row = explain_typical_row(q);
        if (q->rows[place.row].value[FACET_PLACE] != 0)
            place.mask |= 1u << FACET_PLACE;
        q->candidate = &place;
    }
    q->for_now = false;
    *out = (struct notice_reason){.kind = trouble(q), .agency = q->agency};
    *count = rows_of_agency(q);
    if (out->kind == NOTICE_KIND_COUNT)
        out->kind = wrong_answers(count, q);
    if (out->kind == NOTICE_KIND_COUNT) {
        bool for_now = false;
        size_t borrowed = explain_borrowed(&out->owner, &for_now, q);
        size_t small = explain_small(q), again = explain_repeated(q);
        size_t most = small > borrowed ? small : borrowed;
        out->kind = most == 0          ? NOTICE_KIND_COUNT
                    : small > borrowed ? NOTICE_SIZES
                                       : NOTICE_MISCODING;
        if (again > most) {
            most = again;
            out->kind = NOTICE_REPEATS;
        }
        *count = (double)most;
        out->owner = out->kind == NOTICE_MISCODING ? out->owner : 0;
        q->for_now = for_now && out->kind == NOTICE_MISCODING;
    }
    out->for_now =
        q->for_now && (out->kind == NOTICE_VOCABULARY || out->kind == NOTICE_MISCODING);
    q->candidate = candidate;
}

/* Each agency that has part in it is asked; what those leave over whose reporting changed must
 * still stand out by itself. */
enum explained notice_explains(struct notice_reason *out, const struct raised *raised)
{
    const struct pattern *p = &raised->replay->pattern;
    const struct candidate *candidate = raised->candidate;
    unsigned weeks = candidate_weeks(candidate);
    struct question q = {
        .raised = raised,
        .rows = raised->replay->options.rows,
        .candidate = candidate,
        .table = raised->replay->options.table,
        .from = p->base_day + (weeks > p->now ? 0 : (int32_t)(p->now + 1 - weeks) * 7),
        .to = raised->day,
        .since = raised->replay->options.rows[raised->rows[0]].day,
        .known = raised->replay->known,
    };
    *out = (struct notice_reason){.kind = NOTICE_KIND_COUNT};
    double left = (double)raised->row_count, most = 0;
    bool for_now = false;
    for (size_t i = 0; i < raised->row_count && i < EXPLAIN_ROWS_ASKED; i++) {
        if (came_before(raised, q.rows, i))
            continue;
        struct notice_reason reason;
        double count;
        q.agency = q.rows[raised->rows[i]].value[FACET_AGENCY];
        ask_agency(&reason, &count, &q);
        if (reason.kind == NOTICE_KIND_COUNT)
            continue;
        left -= count;
        raised->doubted[q.agency] = 1;
        for_now |= reason.for_now;
        if (count > most) {
            most = count;
            *out = reason;
        }
    }
    if (most > 0 && !raised_stands_out(raised, left) && !for_now)
        return EXPLAINED;
    struct notice_reason agency = *out;
    *out = (struct notice_reason){NOTICE_VOCABULARY, NOTICE_EVERYBODY, 0, false};
    double all = reworded_everywhere(&out->kind, &q);
    out->for_now = q.for_now;
    if (all > 0 && !raised_stands_out(raised, (double)raised->row_count - all)) {
        for (size_t i = 0; i < raised->row_count; i++)
            raised->doubted[q.rows[raised->rows[i]].value[FACET_AGENCY]] = 1;
        if (q.for_now && most > 0 && !raised_stands_out(raised, left))
            *out = agency; /* no less sure, and it says whose */
        return q.for_now ? EXPLAINED_FOR_NOW : EXPLAINED;
    }
    if (most == 0 || raised_stands_out(raised, left))
        return EXPLAINED_NOT;
    *out = agency;
    return EXPLAINED_FOR_NOW;
}
