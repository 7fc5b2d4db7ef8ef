/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/replay.h"

#include "base/memory.h"
#include "watch/rule.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAYS_A_WEEK = 7,
    LEARN_DAYS = 182,
    NOISE_MAX = 2, /* answers in which a row of an episode may differ from its rule */
};

void replay_release(struct replay *replay)
{
    if (replay == NULL)
        return;
    pattern_release(&replay->pattern);
    free(replay->order);
    free(replay->episode_of);
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
    unsigned weeks = counts_window_weeks[candidate->window];
    for (unsigned w = 0; w < weeks && w <= p->now; w++)
        for (uint32_t i = p->head[p->now - w]; i != UINT32_MAX; i = p->next[i]) {
            if (!pattern_matches(&p->rows[i], &p->rows[candidate->row], candidate->mask) ||
                !pattern_counts_row(&p->rows[i], candidate->mask))
                continue;
            grow_to((void **)&replay->contributing, &replay->contributing_capacity,
                    replay->contributing_count, sizeof *replay->contributing);
            replay->contributing[replay->contributing_count++] = i;
        }
    if (replay->contributing_count > 0)
        qsort_r(replay->contributing, replay->contributing_count, sizeof(uint32_t), by_day,
                (void *)(uintptr_t)p->rows);
}

/* Facets that both rules name, and answer differently. */
static unsigned contradictions(const struct replay *replay, size_t episode,
                               const struct candidate *candidate)
{
    const uint32_t *rule = replay->episodes[episode].rule;
    const uint32_t *value = replay->options.rows[candidate->row].value;
    unsigned count = 0;
    for (unsigned rest = candidate->mask; rest != 0; rest &= rest - 1) {
        int f = __builtin_ctz(rest);
        count += rule[f] != 0 && rule[f] != value[f];
    }
    return count;
}

/* The episode that most of the rows belong to, a third of them at least, and that tells the same
 * story; SIZE_MAX: none. *half: it is at least half of them. */
static size_t find_episode(bool *half, const struct replay *replay,
                           const struct candidate *candidate)
{
    size_t best = SIZE_MAX, most = 0;
    for (size_t i = 0; i < replay->contributing_count; i++) {
        uint32_t episode = replay->episode_of[replay->contributing[i]];
        if (episode == 0 || episode - 1 == best)
            continue;
        size_t same = 0;
        for (size_t k = i; k < replay->contributing_count; k++)
            same += replay->episode_of[replay->contributing[k]] == episode;
        if (same > most && contradictions(replay, episode - 1, candidate) < 2) {
            most = same;
            best = episode - 1;
        }
    }
    *half = 2 * most >= replay->contributing_count;
    return 3 * most >= replay->contributing_count ? best : SIZE_MAX;
}

/* Keep what the episode is about, and how far it had come. */
static void name(struct replay *replay, const struct candidate *candidate, size_t index)
{
    struct raised raised = {candidate, replay->contributing,  replay->contributing_count,
                            replay,    replay->pattern.today, index,
                            false};
    struct episode *episode = &replay->episodes[index];
    struct rule rule;
    rule_of(&rule, &raised);
    memcpy(episode->rule, rule.value, sizeof episode->rule);
    episode->told_score = candidate->score;
    episode->told_observed = candidate->observed;
}

static void tell(struct replay *replay, const struct candidate *candidate, size_t index,
                 bool ongoing)
{
    struct raised raised = {candidate, replay->contributing,  replay->contributing_count,
                            replay,    replay->pattern.today, index,
                            ongoing};
    name(replay, candidate, index);
    replay->episodes[index].alarms++;
    if (replay->options.raise != NULL)
        replay->options.raise(replay->options.context, &raised);
}

/* As many in as many weeks, some time before: it comes and goes, or came back. */
static bool came_before(const struct replay *replay, const struct candidate *candidate)
{
    const struct pattern *p = &replay->pattern;
    unsigned weeks = counts_window_weeks[candidate->window];
    uint32_t ring[COUNTS_WEEKS] = {0}, sum = 0;
    for (unsigned week = p->forgotten; week + weeks <= p->now; week++) {
        uint32_t count = 0;
        for (uint32_t i = p->head[week]; i != UINT32_MAX; i = p->next[i])
            count +=
                pattern_matches(&p->rows[i], &p->rows[candidate->row], candidate->mask) &&
                pattern_counts_row(&p->rows[i], candidate->mask);
        sum += count - ring[week % weeks];
        ring[week % weeks] = count;
        if (sum >= candidate->observed)
            return true;
    }
    return false;
}

static bool is_explained(struct replay *replay, const struct candidate *candidate,
                         size_t index)
{
    struct raised raised = {candidate, replay->contributing,  replay->contributing_count,
                            replay,    replay->pattern.today, index,
                            false};
    return replay->options.explain != NULL &&
           replay->options.explain(replay->options.context, &raised);
}

/* Answers of the row that are not the rule's. */
static unsigned mismatches(const struct episode *episode, const struct table_row *row)
{
    unsigned count = 0;
    for (unsigned f = 0; f < FACET_COUNT; f++)
        count += episode->rule[f] != 0 && row->value[f] != 0 &&
                 row->value[f] != episode->rule[f];
    return count;
}

static size_t begin_episode(struct replay *replay)
{
    grow_to((void **)&replay->episodes, &replay->episode_capacity, replay->episode_count,
            sizeof *replay->episodes);
    replay->episodes[replay->episode_count] =
        (struct episode){.first_day = replay->pattern.today};
    return replay->episode_count++;
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
        index = begin_episode(replay);
    struct episode *episode = &replay->episodes[index];
    bool grown = half && candidate->observed >= EPISODE_GROWTH * episode->told_observed;
    /* What was explained is asked again when it has grown. */
    if (is_new || (episode->explained && grown)) {
        episode->explained = is_explained(replay, candidate, index);
        if (episode->explained)
            name(replay, candidate, index);
    }
    episode->last_day = replay->pattern.today;
    if (candidate->score > episode->score)
        episode->score = candidate->score;
    if (!episode->explained && episode->alarms == 0)
        tell(replay, candidate, index, false);
    else if (!episode->explained &&
             (grown || (candidate->score > 1.5 * episode->told_score &&
                        contradictions(replay, index, candidate) > 0)))
        tell(replay, candidate, index, true);
    episode = &replay->episodes[index];
    /* A wide rule also covers what is another story; and what is explained takes no rows from what
     * was told. */
    for (size_t i = 0; i < replay->contributing_count; i++) {
        uint32_t *owner = &replay->episode_of[replay->contributing[i]];
        if (mismatches(episode, &replay->options.rows[replay->contributing[i]]) > NOISE_MAX)
            continue;
        if (*owner == 0 || !episode->explained)
            *owner = (uint32_t)index + 1;
    }
}

static int by_score(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static void run_day(struct replay *replay, int32_t day)
{
    const struct replay_options *o = &replay->options;
    bool judged = day >= o->from;
    if (day < replay->pattern.base_day)
        return;
    pattern_advance(&replay->pattern, day);
    replay->found_count = 0;
    for (; replay->taken < o->row_count; replay->taken++) {
        uint32_t row = replay->order[replay->taken];
        if (o->rows[row].received > day)
            break;
        struct candidate candidate;
        if (!pattern_add(judged ? &candidate : NULL, &replay->pattern, row, o->threshold))
            continue;
        grow_to((void **)&replay->found, &replay->found_capacity, replay->found_count,
                sizeof *replay->found);
        replay->found[replay->found_count++] = candidate;
    }
    if (replay->found_count > 0)
        qsort(replay->found, replay->found_count, sizeof *replay->found, by_score);
    for (size_t i = 0; i < replay->found_count; i++)
        take_candidate(replay, &replay->found[i]);
}

void replay_run(struct replay *replay, const struct replay_options *options)
{
    *replay = (struct replay){.options = *options};
    sort_by_received(replay);
    replay->episode_of = xcalloc(options->row_count + 1, sizeof *replay->episode_of);
    int32_t oldest =
        options->from - options->horizon_days - (COUNTS_WEEKS + 1) * DAYS_A_WEEK;
    int32_t first = options->from;
    for (size_t i = 0; i < options->row_count; i++)
        if (options->rows[i].day < first && options->rows[i].day >= oldest)
            first = options->rows[i].day;
    struct pattern_options pattern = {
        .table = options->table,
        .rows = options->rows,
        .row_count = options->row_count,
        .first_day = first,
        .last_day = options->to,
        .horizon_days = options->horizon_days,
        .learn_from = options->from - LEARN_DAYS,
        .known_until = options->known_until,
    };
    pattern_init(&replay->pattern, &pattern);
    /* What was received before the first day goes in as one. */
    for (int32_t day = first; day <= options->to; day++)
        run_day(replay, day);
}
