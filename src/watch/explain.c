/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a change of reporting would make the counters jump as a finding says.
 */
#include "watch/explain.h"

#include "base/memory.h"
#include "base/text.h"
#include "record/date.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

enum {
    FRESH_DAYS = 21,
    AGENCIES_ASKED = 200, /* rows looked through for them */
    FEW = 8,              /* answers */
    RELOCATED_ASKED = 50, /* rows whose places are looked up */
    MOVED_KM = 100,       /* beyond a circle: another place may have been meant */
};
static const double MOSTLY = 2.0 / 3;
static const double SURPLUS_LLR = 5;
static const double FORM_CHANGE = 0.3; /* of a column's share of answers */
static const double FORM_ROWS = 0.5;   /* of an agency's rows, since its form changed */

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

/* The form was changed: several columns began or ceased to be filled in. What came before it is
 * another agency's, as it were. */
static bool form_changed(unsigned *columns, const struct question *q, int32_t from)
{
    double rows_before = 0, rows_now = 0, before[FACET_COUNT] = {0}, now[FACET_COUNT] = {0};
    EACH_ROW(row, q, from - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST)
            continue;
        *(row->day < from ? &rows_before : &rows_now) += 1;
        for (size_t f = 0; f < FACET_COUNT; f++)
            (row->day < from ? before : now)[f] += row->value[f] != 0;
    }
    if (rows_before < KNOWN_MIN || rows_now < KNOWN_MIN / 2)
        return false;
    *columns = 0;
    for (size_t f = 0; f < FACET_COUNT; f++)
        if (fabs(now[f] / rows_now - before[f] / rows_before) > FORM_CHANGE)
            *columns |= 1u << f;
    return __builtin_popcount(*columns) >= 2;
}

/* The answers that the form asked for before and after are new together, whatever the others say. Of
 * an agency's rows in the window more than `most` do not: what nearly all of them say is the form. */
static bool stands_without(const struct question *q, unsigned columns, double most)
{
    unsigned mask = q->candidate->mask & ~columns;
    double before = 0, now = 0, all_before = 0, all_now = 0;
    if (__builtin_popcount(mask) < 2 || q->candidate->circle != NULL)
        return false;
    EACH_ROW(row, q, q->from - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST)
            continue;
        bool is_now = row->day >= q->since;
        if (row->day >= q->from && !is_now)
            continue;
        *(is_now ? &all_now : &all_before) += 1;
        if (meets(q, row, mask))
            *(is_now ? &now : &before) += 1;
    }
    double expected = fmax(before, 1) * all_now / fmax(all_before, 1);
    return now <= most * all_now && pattern_llr(now, PATTERN_SLACK * expected) >=
                                        q->raised->replay->options.threshold;
}

/* Seen in the last weeks, or in those of the longest window. */
static bool has_new_form(const struct question *q)
{
    unsigned lately, before;
    bool changed_lately = form_changed(&lately, q, q->to - FRESH_DAYS);
    bool changed = form_changed(&before, q, q->to - RECENT_DAYS);
    unsigned columns = (changed_lately ? lately : 0) | (changed ? before : 0);
    return columns != 0 && !stands_without(q, columns, FORM_ROWS);
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
    bool more =
        pattern_llr(now, PATTERN_SLACK * fmax(before, 1) * days / YEAR_DAYS) >= SURPLUS_LLR;
    return more ? ours : 0;
}

/* One facet's answers in the agency, the year before and in the window; context: only where
 * these facets are answered as in the rule. */
struct answers {
    uint32_t *before, *now;
    double known_before, known_now;
};

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

static bool is_name(enum facet facet)
{
    return facet == FACET_PLACE || facet == FACET_ORIGIN || facet == FACET_DEPARTURE ||
           facet == FACET_TRANSIT || facet == FACET_DESTINATION;
}

static bool has_vanished(const struct answers *a, uint32_t value, bool all)
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
        if (other == value || !has_vanished(a, other, all) ||
            a->now[other] > a->before[other] * span / 2)
            continue;
        double loss = a->before[other] / a->known_before - a->now[other] / a->known_now;
        bool flat = fabs(loss - (is - was)) <= 0.5 * fmax(loss, is - was);
        if (flat &&
            (!is_name(facet) || region ||
             notice_alike(facet, values->text[value], values->text[other])) &&
            (region || explain_gave_way(for_now, q, facet, other, value, q->since)))
            return other;
    }
    return 0;
}

/* The value came up while another went away, and their sum is flat: all over the agency; or, of
 * what only says where it was found, in what is otherwise the same. */
static bool is_renamed(bool *miscoded, bool *for_now, const struct question *q,
                       enum facet facet)
{
    uint32_t value = q->answer;
    bool descriptive = facet == FACET_INSTALLATION || facet == FACET_ROUTING;
    bool renamed = false;
    *miscoded = is_name(facet);
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

/* Regions stand where places stood: the column of places is no longer filled in. */
static bool is_coarser(const struct question *q)
{
    double rows_before = 0, rows_now = 0, before = 0, now = 0;
    if (!q->rows[q->candidate->row].place_is_region)
        return false;
    EACH_ROW(row, q, q->from - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST)
            continue;
        *(row->day < q->from ? &rows_before : &rows_now) += 1;
        *(row->day < q->from ? &before : &now) += row->place_is_region;
    }
    return rows_before >= KNOWN_MIN && rows_now >= 4 &&
           now / rows_now > before / rows_before + 0.15;
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
static bool is_returning(const struct question *q, enum facet facet)
{
    return !is_name(facet) && is_usual_without(q, facet) &&
           (was_out_of_use(q, facet, q->from) || was_out_of_use(q, facet, q->from - 28));
}

/* A region is no answer to where, once the place itself is given. */
static bool is_answered(const struct question *q, const struct table_row *row,
                        enum facet facet)
{
    bool region = facet == FACET_PLACE && row->place_is_region &&
                  !q->rows[q->candidate->row].place_is_region;
    return row->value[facet] != 0 && !region;
}

/* The facet was hardly answered in the year before a day, and is since: all its values come up at
 * once. */
static bool is_answered_since(const struct question *q, enum facet facet, int32_t begun)
{
    double rows_before = 0, rows_now = 0, known_before = 0, known_now = 0;
    EACH_ROW(row, q, begun - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST)
            continue;
        bool known = is_answered(q, row, facet);
        if (row->day < begun) {
            rows_before++;
            known_before += known;
        } else if (row->day >= q->since) {
            rows_now++;
            known_now += known;
        }
    }
    if (rows_before >= KNOWN_MIN && known_before == 0)
        return true;
    if (rows_before < KNOWN_MIN || rows_now < 4 || begun < q->from)
        return false;
    double was = known_before / rows_before, is = known_now / rows_now;
    return is > 0.1 && is > 3 * was &&
           known_now - was * rows_now >= (double)q->raised->row_count / 2;
}

/* In the window, or shortly before it. */
static bool is_newly_answered(const struct question *q, enum facet facet)
{
    return is_answered_since(q, facet, q->from) ||
           is_answered_since(q, facet, q->to - FRESH_DAYS + 1) ||
           is_answered_since(q, facet, q->to - RECENT_DAYS + 1);
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
           ours >= MOSTLY * (double)q->raised->row_count;
}

/* ---- of circles (watch/where) ---- */

static bool is_inside(const struct scan_found *circle, uint32_t spot)
{
    for (size_t i = 0; i < circle->place_count; i++)
        if (circle->places[i] + 1 == spot)
            return true;
    return false;
}

/* Coordinates began to be given: what stood in the middle of the country, or nowhere, stands where
 * it is. */
static bool is_newly_located(const struct question *q)
{
    double rows_before = 0, rows_now = 0, before[2] = {0}, now[2] = {0};
    EACH_ROW(row, q, q->from - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST)
            continue;
        *(row->day < q->from ? &rows_before : &rows_now) += 1;
        double *known = row->day < q->from ? before : now;
        known[0] += !isnan(row->latitude);
        known[1] += row->spot != 0;
    }
    if (rows_before < KNOWN_MIN || rows_now < 4)
        return false;
    return fabs(now[0] / rows_now - before[0] / rows_before) > FORM_CHANGE ||
           now[1] / rows_now > before[1] / rows_before + FORM_CHANGE;
}

static double near_km(const struct scan_place *a, const struct scan_place *b)
{
    double north = a->latitude - b->latitude, east = fabs(a->longitude - b->longitude);
    east = fmin(east, 360 - east) * cos(a->latitude * M_PI / 180);
    return 111.13 * sqrt(north * north + east * east);
}

/* The places of these rows were written with other coordinates before. */
static bool is_relocated(const struct question *q)
{
    const struct scan_found *circle = q->candidate->circle;
    size_t ours = 0, moved = 0;
    for (size_t i = 0; i < q->raised->row_count; i++) {
        const struct table_row *mine = &q->rows[q->raised->rows[i]];
        double outside = 0, inside = 0;
        if (mine->value[FACET_AGENCY] != q->agency || ours == RELOCATED_ASKED)
            continue;
        ours++;
        EACH_ROW(row, q, q->from - YEAR_DAYS, q->from - 1)
        {
            if (mine->value[FACET_PLACE] == 0 || row->spot == 0 ||
                row->value[FACET_PLACE] != mine->value[FACET_PLACE])
                continue;
            *(is_inside(circle, row->spot) ? &inside : &outside) += 1;
        }
        moved += outside >= 3 && outside >= 4 * inside;
    }
    return ours > 0 && (double)moved >= MOSTLY * (double)ours;
}

/* What stood close by stands in the circle now: its loss is the circle's gain. */
static bool has_moved(const struct question *q)
{
    const struct spots *spots = q->raised->replay->options.spots;
    const struct scan_found *circle = q->candidate->circle;
    struct answers a = {.before = xcalloc(spots->count + 1, sizeof *a.before),
                        .now = xcalloc(spots->count + 1, sizeof *a.now)};
    double was = 0, is = 0;
    EACH_ROW(row, q, q->from - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST || row->spot == 0)
            continue;
        bool inside = is_inside(circle, row->spot);
        if (row->day < q->from) {
            a.before[row->spot]++;
            a.known_before++;
            was += inside;
        } else {
            a.now[row->spot]++;
            a.known_now++;
            is += inside;
        }
    }
    bool moved = false;
    if (a.known_before >= KNOWN_MIN && a.known_now >= FEW) {
        double gain = is / a.known_now - was / a.known_before;
        for (uint32_t spot = 1; spot <= spots->count && !moved; spot++) {
            if (is_inside(circle, spot) || !has_vanished(&a, spot, false) ||
                near_km(&spots->places[spot - 1], &spots->places[circle->centre]) >
                    circle->radius_km + MOVED_KM)
                continue;
            double loss = a.before[spot] / a.known_before - a.now[spot] / a.known_now;
            moved = fabs(loss - gain) <= 0.5 * fmax(loss, gain);
        }
    }
    free(a.before);
    free(a.now);
    return moved;
}

/* The row of the agency whose place most of its rows in the circle name. */
static uint32_t typical_row(const struct question *q)
{
    const struct raised *raised = q->raised;
    uint32_t best = q->candidate->row;
    size_t most = 0;
    for (size_t i = 0; i < raised->row_count && i < AGENCIES_ASKED; i++) {
        const struct table_row *row = &q->rows[raised->rows[i]];
        size_t same = 0;
        for (size_t k = i; k < raised->row_count; k++)
            same += q->rows[raised->rows[k]].value[FACET_PLACE] == row->value[FACET_PLACE];
        if (row->value[FACET_AGENCY] == q->agency && row->value[FACET_PLACE] != 0 &&
            same > most) {
            most = same;
            best = raised->rows[i];
        }
    }
    return best;
}

/* What is wrong with the agency as a whole. */
static enum watch_notice_kind trouble(const struct question *q)
{
    return explain_newcomer(q) ? NOTICE_ENTERED
           : has_new_form(q)   ? NOTICE_COMPLETENESS
                               : NOTICE_KIND_COUNT;
}

/* What is wrong with one answer of the rule, in this agency. */
static enum watch_notice_kind wrong_answer(struct question *q, enum facet facet)
{
    bool miscoded = false, for_now = false;
    if (explain_reworded(&for_now, q, facet)) {
        q->for_now |= for_now;
        return is_name(facet) && facet != FACET_PLACE ? NOTICE_MISCODING
                                                      : NOTICE_VOCABULARY;
    }
    if (explain_relabelled(q, facet)) {
        q->for_now = true;
        return NOTICE_VOCABULARY;
    }
    if (is_renamed(&miscoded, &for_now, q, facet) && is_usual_without(q, facet)) {
        q->for_now |= for_now;
        return miscoded ? NOTICE_MISCODING : NOTICE_VOCABULARY;
    }
    if (is_returning(q, facet))
        return NOTICE_VOCABULARY;
    if ((is_newly_answered(q, facet) || (facet == FACET_PLACE && is_coarser(q))) &&
        !stands_without(q, 1u << facet, 1))
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
    if (q->candidate->circle != NULL && is_newly_located(q))
        return NOTICE_COMPLETENESS;
    if (q->candidate->circle != NULL && (is_relocated(q) || has_moved(q)))
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
        if (contradicting < MOSTLY * *count)
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
            *kind = is_name(facet) && facet != FACET_PLACE ? NOTICE_MISCODING
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
        place.row = typical_row(q);
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
    for (size_t i = 0; i < raised->row_count && i < AGENCIES_ASKED; i++) {
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
