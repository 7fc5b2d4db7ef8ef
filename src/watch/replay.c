/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/replay.h"

#include "base/memory.h"
#include "watch/rule.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAYS_A_WEEK = 7,
    LEARN_DAYS = 182,
    NOISE_MAX = 2, /* answers in which a row of an episode may differ from its rule */
};

static const double SURGE_LLR = 3; /* as PARENT_LLR in pattern.c */

void replay_release(struct replay *replay)
{
    if (replay == NULL)
        return;
    pattern_release(&replay->pattern);
    grow_release(&replay->grower);
    where_close(replay->where);
    free(replay->order);
    known_close(replay->known);
    for (int way = 0; way < EPISODE_WAYS; way++)
        free(replay->episode_of[way]);
    for (size_t e = 0; e < replay->episode_count; e++)
        free(replay->episodes[e].doubted);
    free(replay->episodes);
    free(replay->found);
    free(replay->contributing);
    *replay = (struct replay){0};
}

/* By the day received, then the order of the file: a counting sort, and so a stable one. */
static void sort_by_received(struct replay *replay)
{
    const struct replay_options *o = &replay->options;
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t i = 0; i < o->row_count; i++) {
        first = o->rows[i].received < first ? o->rows[i].received : first;
        last = o->rows[i].received > last ? o->rows[i].received : last;
    }
    replay->order = xmalloc((o->row_count + 1) * sizeof *replay->order);
    if (o->row_count == 0)
        return;
    uint32_t *at = xcalloc((size_t)(last - first) + 2, sizeof *at);
    for (size_t i = 0; i < o->row_count; i++)
        at[o->rows[i].received - first + 1]++;
    for (int32_t d = 0; d < last - first; d++)
        at[d + 1] += at[d];
    for (size_t i = 0; i < o->row_count; i++)
        replay->order[at[o->rows[i].received - first]++] = (uint32_t)i;
    free(at);
}

static int by_day(const void *a, const void *b, void *rows)
{
    const struct table_row *table = rows;
    const struct table_row *x = &table[*(const uint32_t *)a],
                           *y = &table[*(const uint32_t *)b];
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (*(const uint32_t *)a > *(const uint32_t *)b) -
           (*(const uint32_t *)a < *(const uint32_t *)b);
}

static void gather_rows(struct replay *replay, const struct candidate *candidate)
{
    const struct pattern *p = &replay->pattern;
    replay->contributing_count = 0;
    unsigned weeks = candidate_weeks(candidate);
    if (candidate->circle != NULL)
        where_rows(&replay->contributing, &replay->contributing_count,
                   &replay->contributing_capacity, NULL, replay->where, candidate);
    for (unsigned w = candidate->circle != NULL ? weeks : 0; w < weeks && w <= p->now; w++)
        for (uint32_t i = p->head[p->now - w]; i != UINT32_MAX; i = p->next[i]) {
            if (!pattern_holds(p, i, candidate))
                continue;
            grow_to((void **)&replay->contributing, &replay->contributing_capacity,
                    replay->contributing_count, sizeof *replay->contributing);
            replay->contributing[replay->contributing_count++] = i;
        }
    if (replay->contributing_count > 0)
        qsort_r(replay->contributing, replay->contributing_count, sizeof(uint32_t), by_day,
                (void *)(uintptr_t)p->rows);
}

/* The rules' answers to a facet have a value in common. */
static bool agree(const struct episode *episode, const struct candidate *candidate,
                  const uint32_t *value, enum facet facet)
{
    const struct value_set *ours = value_sets_find(&episode->sets, facet);
    const struct value_set *its = value_sets_find(candidate->sets, facet);
    if (its == NULL)
        return ours != NULL ? value_set_has(ours, value[facet])
                            : episode->rule[facet] == value[facet];
    for (unsigned i = 0; i < its->count; i++)
        if (ours != NULL ? value_set_has(ours, its->value[i])
                         : episode->rule[facet] == its->value[i])
            return true;
    return false;
}

/* Facets that both rules name, and answer differently. */
static unsigned contradictions(const struct replay *replay, size_t episode,
                               const struct candidate *candidate)
{
    const struct episode *e = &replay->episodes[episode];
    const uint32_t *value = replay->options.rows[candidate->row].value;
    unsigned count = 0;
    for (unsigned rest = candidate->mask; rest != 0; rest &= rest - 1) {
        enum facet f = (enum facet)__builtin_ctz(rest);
        bool named = e->rule[f] != 0 || (e->sets.open >> f & 1);
        count += named && !agree(e, candidate, value, f);
    }
    return count;
}

/* A rule that only shares in a circle's surge is no story of its own; one that beats it is. */
static bool is_same_story(const struct replay *replay, size_t episode,
                          const struct candidate *candidate)
{
    const struct episode *e = &replay->episodes[episode];
    if (candidate->circle == NULL && e->is_circle &&
        pattern_llr(candidate->observed, candidate->expected * e->surge) >= SURGE_LLR)
        return false;
    return contradictions(replay, episode, candidate) < 2;
}

/* Without the rows of rules that were raised, the circle would still be. */
static bool stands_alone(const struct replay *replay, const struct candidate *candidate)
{
    const struct where_scale *scale = &replay->options.where_scale;
    size_t left = 0;
    for (size_t i = 0; i < replay->contributing_count; i++)
        left += replay->episode_of[BY_RULE][replay->contributing[i]] == 0;
    return left >= 2 &&
           scale->add + scale->times * pattern_llr((double)left,
                                                   PATTERN_SLACK * candidate->expected) >=
               replay->options.threshold;
}

/* Of the episodes of one way, the one that most of the rows belong to and that tells the same
 * story; SIZE_MAX: none. *most: how many. */
static size_t find_owner(size_t *most, const struct replay *replay,
                         const struct candidate *candidate, int way)
{
    const uint32_t *episode_of = replay->episode_of[way];
    size_t best = SIZE_MAX;
    *most = 0;
    for (size_t i = 0; i < replay->contributing_count; i++) {
        uint32_t episode = episode_of[replay->contributing[i]];
        if (episode == 0 || episode - 1 == best)
            continue;
        size_t same = 0;
        for (size_t k = i; k < replay->contributing_count; k++)
            same += episode_of[replay->contributing[k]] == episode;
        if (same > *most && is_same_story(replay, episode - 1, candidate)) {
            *most = same;
            best = episode - 1;
        }
    }
    return best;
}

/* The episode that a third of the rows belong to at least, and that tells the same story, first
 * among those found in the same way; SIZE_MAX: none. *half: it is at least half of them. */
static size_t find_episode(bool *half, const struct replay *replay,
                           const struct candidate *candidate)
{
    int way = candidate->circle != NULL ? BY_CIRCLE : BY_RULE;
    size_t most, episode = find_owner(&most, replay, candidate, way);
    *half = 2 * most >= replay->contributing_count;
    if (episode != SIZE_MAX && 3 * most >= replay->contributing_count)
        return episode;
    if (replay->where == NULL)
        return SIZE_MAX;
    *half = false;
    episode = find_owner(&most, replay, candidate, EPISODE_WAYS - 1 - way);
    if (way == BY_CIRCLE)
        return episode != SIZE_MAX && stands_alone(replay, candidate) ? SIZE_MAX : episode;
    return 3 * most >= replay->contributing_count ? episode : SIZE_MAX;
}

static struct raised raised_of(struct replay *replay, const struct candidate *candidate,
                               size_t index, bool ongoing)
{
    const struct episode *episode = &replay->episodes[index];
    return (struct raised){.candidate = candidate,
                           .rows = replay->contributing,
                           .row_count = replay->contributing_count,
                           .replay = replay,
                           .day = replay->pattern.today,
                           .episode = index,
                           .ongoing = ongoing,
                           .told_expected =
                               episode->alarms > 0 ? episode->told_expected : 0,
                           .told_mask = episode->told_mask,
                           .told_window = episode->told_window};
}

/* Keep what the episode is about, and how far it had come. */
static void name(struct replay *replay, const struct candidate *candidate, size_t index)
{
    struct raised raised = raised_of(replay, candidate, index, false);
    struct episode *episode = &replay->episodes[index];
    struct rule rule;
    rule_of(&rule, &raised);
    memcpy(episode->rule, rule.value, sizeof episode->rule);
    episode->sets = rule.sets;
    episode->told_score = candidate->score;
    episode->told_observed = candidate->observed;
    episode->told_expected = candidate->expected;
    episode->told_mask = candidate->mask;
    episode->told_window = candidate->window;
}

static void tell(struct replay *replay, const struct candidate *candidate, size_t index,
                 bool ongoing)
{
    struct raised raised = raised_of(replay, candidate, index, ongoing);
    name(replay, candidate, index);
    replay->episodes[index].alarms++;
    if (replay->options.raise != NULL)
        replay->options.raise(replay->options.context, &raised);
}

struct known_rows replay_rows_of(const struct replay *replay,
                                 const struct candidate *candidate, unsigned facets)
{
    const struct table_row *row = &replay->options.rows[candidate->row];
    struct known_rows best = known_all(replay->known);
    for (unsigned rest = facets & ~(candidate->sets != NULL ? candidate->sets->open : 0u);
         rest != 0; rest &= rest - 1) {
        enum facet f = (enum facet)__builtin_ctz(rest);
        struct known_rows list = known_of(replay->known, f, row->value[f]);
        best = list.count < best.count ? list : best;
    }
    return best;
}

/* How many the candidate would have counted in each week, from the lists where there are any. */
static void count_weeks(uint32_t *weekly, const struct replay *replay,
                        const struct candidate *candidate)
{
    const struct pattern *p = &replay->pattern;
    int32_t from = p->base_day + (int32_t)p->forgotten * DAYS_A_WEEK;
    if (candidate->circle != NULL && replay->known != NULL) {
        where_weeks(weekly, replay->where, candidate, replay->known);
    } else if (candidate->circle != NULL) {
        size_t none = 0, capacity = 0;
        uint32_t *rows = NULL;
        where_rows(&rows, &none, &capacity, weekly, replay->where, candidate);
        free(rows);
    } else if (replay->known != NULL) {
        struct known_rows list = replay_rows_of(replay, candidate, candidate->mask);
        list = known_days(replay->known, list, from, p->today);
        for (size_t i = 0; i < list.count; i++)
            weekly[(p->rows[list.rows[i]].day - p->base_day) / DAYS_A_WEEK] +=
                pattern_holds(p, list.rows[i], candidate);
    } else {
        for (unsigned week = p->forgotten; week <= p->now; week++)
            for (uint32_t i = p->head[week]; i != UINT32_MAX; i = p->next[i])
                weekly[week] += pattern_holds(p, i, candidate);
    }
}

/* As many in as many weeks, some time before: it comes and goes, or came back. */
static bool came_before(const struct replay *replay, const struct candidate *candidate)
{
    const struct pattern *p = &replay->pattern;
    unsigned weeks = candidate_weeks(candidate);
    uint32_t *weekly = xcalloc(p->now + 1, sizeof *weekly), sum = 0;
    bool came = false;
    count_weeks(weekly, replay, candidate);
    for (unsigned week = p->forgotten; week + weeks <= p->now && !came; week++) {
        sum += weekly[week];
        if (week >= p->forgotten + weeks)
            sum -= weekly[week - weeks];
        came = sum >= candidate->observed;
    }
    free(weekly);
    return came;
}

/* What was taken by now, by answer and day. */
static void know(struct replay *replay)
{
    const struct replay_options *o = &replay->options;
    if (o->explain == NULL)
        return;
    if (replay->known == NULL)
        replay->known = known_open(o->table, o->rows, replay->order, o->row_count);
    known_take(replay->known, replay->taken);
}

bool raised_stands_out(const struct raised *raised, double rows)
{
    const struct replay_options *o = &raised->replay->options;
    double score = pattern_llr(rows, PATTERN_SLACK * raised->candidate->expected);
    if (raised->candidate->circle != NULL)
        score = o->where_scale.add + o->where_scale.times * score;
    return rows >= 2 && score >= o->threshold;
}

/* What is explained is named as it is now, with the agencies that explain it. */
static enum explained ask(struct replay *replay, const struct candidate *candidate,
                          size_t index, bool again)
{
    const struct replay_options *o = &replay->options;
    struct episode *episode = &replay->episodes[index];
    if (o->explain == NULL)
        return EXPLAINED_NOT;
    free(episode->doubted);
    episode->doubted = xcalloc(o->table->values[FACET_AGENCY].count + 1, 1);
    struct raised raised = raised_of(replay, candidate, index, again);
    raised.doubted = episode->doubted;
    enum explained explained = o->explain(o->context, &raised);
    if (explained != EXPLAINED_NOT)
        return explained;
    free(episode->doubted);
    episode->doubted = NULL;
    return EXPLAINED_NOT;
}

/* What was explained has grown so far that it is asked about again. */
static bool is_asked_again(const struct episode *episode, const struct candidate *candidate,
                           bool grown)
{
    return episode->explained == EXPLAINED
               ? grown
               : episode->explained == EXPLAINED_FOR_NOW &&
                     candidate->observed > episode->told_observed;
}

/* The row has the rule's answers, but for a few: NOISE_MAX of those that it gives, and half of all
 * at most. */
static bool belongs(const struct episode *episode, const struct table_row *row)
{
    unsigned named = episode->sets.count, others = 0;
    if (episode->explained != EXPLAINED_NOT && episode->doubted != NULL &&
        !episode->doubted[row->value[FACET_AGENCY]])
        return false;
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        named += episode->rule[f] != 0;
        others += episode->rule[f] != 0 && row->value[f] != 0 &&
                  row->value[f] != episode->rule[f];
    }
    for (unsigned k = 0; k < episode->sets.count; k++) {
        const struct value_set *set = &episode->sets.set[k];
        others +=
            row->value[set->facet] != 0 && !value_set_has(set, row->value[set->facet]);
    }
    return others <= NOISE_MAX && 2 * others <= named;
}

static size_t begin_episode(struct replay *replay, const struct candidate *candidate)
{
    grow_to((void **)&replay->episodes, &replay->episode_capacity, replay->episode_count,
            sizeof *replay->episodes);
    replay->episodes[replay->episode_count] = (struct episode){
        .first_day = replay->pattern.today, .is_circle = candidate->circle != NULL};
    return replay->episode_count++;
}

static void keep_best(const struct replay *replay, const struct candidate *candidate,
                      struct episode *episode)
{
    const struct where_scale *scale = &replay->options.where_scale;
    double *best = &episode->best[candidate->circle != NULL ? BY_CIRCLE : BY_RULE];
    double score = candidate->circle != NULL
                       ? (candidate->score - scale->add) / scale->times
                       : candidate->score;
    *best = score > *best ? score : *best;
    if (candidate->circle != NULL && episode->is_circle)
        episode->surge = fmax(episode->surge, candidate->observed / candidate->expected);
}

/* The state of an episode is told_observed (0: nothing was said yet) and explained. */
static void take_candidate(struct replay *replay, const struct candidate *candidate)
{
    gather_rows(replay, candidate);
    bool half;
    size_t index = find_episode(&half, replay, candidate);
    if (index == SIZE_MAX && came_before(replay, candidate))
        return;
    bool is_new = index == SIZE_MAX;
    if (is_new)
        index = begin_episode(replay, candidate);
    struct episode *episode = &replay->episodes[index];
    bool same_way = episode->is_circle == (candidate->circle != NULL);
    bool grown =
        same_way && half && candidate->observed >= EPISODE_GROWTH * episode->told_observed;
    if (is_new || is_asked_again(episode, candidate, grown)) {
        episode->explained = ask(replay, candidate, index, !is_new);
        if (episode->explained)
            name(replay, candidate, index);
    }
    episode->last_day = replay->pattern.today;
    if (candidate->score > episode->score)
        episode->score = candidate->score;
    keep_best(replay, candidate, episode);
    bool more = grown || (same_way && candidate->score > 1.5 * episode->told_score &&
                          contradictions(replay, index, candidate) > 0);
    if (episode->explained == EXPLAINED_NOT && episode->alarms == 0)
        tell(replay, candidate, index, false);
    else if (episode->explained == EXPLAINED_NOT && more) {
        /* What was told may have turned out to be reporting. */
        if (ask(replay, candidate, index, true) == EXPLAINED)
            name(replay, candidate, index);
        else
            tell(replay, candidate, index, true);
    }
    episode = &replay->episodes[index];
    /* A wide rule also covers what is another story; and what is explained takes no rows from what
     * was told. */
    for (size_t i = 0; i < replay->contributing_count; i++) {
        uint32_t *owner = &replay->episode_of[episode->is_circle ? BY_CIRCLE : BY_RULE]
                                             [replay->contributing[i]];
        if (!belongs(episode, &replay->options.rows[replay->contributing[i]]))
            continue;
        if (*owner == 0 || episode->explained == EXPLAINED_NOT)
            *owner = (uint32_t)index + 1;
    }
}

static int by_score(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->circle != NULL) - (y->circle != NULL);
}

/* Circles of the day, on the scale of the rules. */
static void look_around(struct replay *replay)
{
    const struct where_scale *scale = &replay->options.where_scale;
    size_t before = replay->found_count;
    double floor = (replay->options.threshold - scale->add) / scale->times;
    where_look(&replay->found, &replay->found_count, &replay->found_capacity, replay->where,
               floor > 0 ? floor : 0);
    for (size_t i = before; i < replay->found_count; i++)
        replay->found[i].score = scale->add + scale->times * replay->found[i].score;
}

/* Rules of the day, grown; what is too weak to be told even so is left out. */
static void find_rules(struct replay *replay, size_t from, bool judged)
{
    const double threshold = replay->options.threshold;
    const struct pattern_floors floors = {judged ? threshold : (double)INFINITY,
                                          judged ? GROW_SEED * threshold
                                                 : (double)INFINITY};
    size_t found;
    const struct candidate *best = pattern_day(
        &found, &replay->pattern, replay->order + from, replay->taken - from, &floors);
    grow_begin(&replay->grower);
    replay->found_count = 0;
    for (size_t i = 0; i < found; i++) {
        struct candidate candidate = best[i];
        grow(&candidate, &replay->grower, &replay->pattern, threshold);
        if (candidate.score < threshold)
            continue;
        grow_to((void **)&replay->found, &replay->found_capacity, replay->found_count,
                sizeof *replay->found);
        replay->found[replay->found_count++] = candidate;
    }
}

static void run_day(struct replay *replay, int32_t day)
{
    const struct replay_options *o = &replay->options;
    bool judged = day >= o->from;
    if (day < replay->pattern.base_day)
        return;
    pattern_advance(&replay->pattern, day);
    if (replay->where != NULL)
        where_advance(replay->where, day);
    size_t from = replay->taken;
    for (; replay->taken < o->row_count; replay->taken++) {
        uint32_t row = replay->order[replay->taken];
        if (o->rows[row].received > day)
            break;
        if (replay->where != NULL)
            where_add(replay->where, row);
    }
    find_rules(replay, from, judged);
    if (judged && replay->where != NULL)
        look_around(replay);
    if (replay->found_count > 0)
        qsort(replay->found, replay->found_count, sizeof *replay->found, by_score);
    if (replay->found_count > 0)
        know(replay);
    for (size_t i = 0; i < replay->found_count; i++)
        take_candidate(replay, &replay->found[i]);
}

/* Weeks begin on Mondays, whatever day is looked at first: a replay that begins on another day counts the same
 * rows in the same weeks. */
static int32_t monday_before(int32_t day)
{
    static const int32_t monday = 4; /* 1970-01-05; a day's number counts from 1970-01-01 */
    int32_t behind = (day - monday) % DAYS_A_WEEK;
    return day - (behind < 0 ? behind + DAYS_A_WEEK : behind);
}

void replay_run(struct replay *replay, const struct replay_options *options)
{
    *replay = (struct replay){.options = *options};
    sort_by_received(replay);
    for (int way = 0; way < EPISODE_WAYS; way++)
        replay->episode_of[way] = xcalloc(options->row_count + 1, sizeof(uint32_t));
    int32_t oldest =
        options->from - options->horizon_days - (COUNTS_WEEKS + 1) * DAYS_A_WEEK;
    int32_t first = options->from;
    for (size_t i = 0; i < options->row_count; i++)
        if (options->rows[i].day < first && options->rows[i].day >= oldest)
            first = options->rows[i].day;
    first = monday_before(first);
    struct pattern_options pattern = {
        .table = options->table,
        .rows = options->rows,
        .row_count = options->row_count,
        .first_day = first,
        .last_day = options->to,
        .horizon_days = options->horizon_days,
        .learn_from = options->from - LEARN_DAYS,
        .known_until = options->known_until,
        .pool = options->pool,
    };
    pattern_init(&replay->pattern, &pattern);
    struct where_options where = {
        .spots = options->spots,
        .table = options->table,
        .rows = options->rows,
        .row_count = options->row_count,
        .base_day = first,
        .last_day = options->to,
        .horizon_days = options->horizon_days,
        .known_until = options->known_until,
    };
    if (options->where_scale.times > 0)
        replay->where = where_open(&where);
    /* What was received before the first day goes in as one. */
    for (int32_t day = first; day <= options->to; day++)
        run_day(replay, day);
}
