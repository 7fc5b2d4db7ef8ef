/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets of values: the choice of watch/sets against all subsets, and rules grown by watch/grow against
 * counts made anew, on small tables with and without a planted set.
 */
#include "check.h"

#include "watch/grow.h"
#include "watch/mix.h"

/* ---- the choice ---- */

static double score_of(const struct set_choice *choices, size_t count, uint64_t set,
                       double cost)
{
    double observed = 0, expected = 0;
    for (size_t i = 0; i < count; i++)
        if (set >> i & 1) {
            observed += choices[i].count;
            expected += choices[i].expected;
        }
    return pattern_llr(observed, expected) - cost * (__builtin_popcountll(set) - 1);
}

static void compare_choices(void)
{
    struct dice dice = {77};
    static const double costs[] = {0, 0.5, 2, 4.1};
    size_t wrong = 0, sets = 0, larger = 0;
    for (int round = 0; round < 4000; round++) {
        struct set_choice choices[SET_VALUES_MAX];
        size_t count = 1 + dice_below(&dice, SET_VALUES_MAX);
        double cost = costs[round % 4];
        for (size_t i = 0; i < count; i++)
            choices[i] = (struct set_choice){dice_below(&dice, 12),
                                             8 * pow(dice_unit(&dice), 4) + 1e-6};
        double best = 0, found;
        for (uint64_t set = 1; set < UINT64_C(1) << count; set++)
            best = fmax(best, score_of(choices, count, set, cost));
        uint64_t chosen = sets_choose(&found, choices, count, cost);
        double score = chosen != 0 ? score_of(choices, count, chosen, cost) : 0;
        wrong += fabs(best - found) > 1e-9 * (1 + best) ||
                 fabs(score - found) > 1e-9 * (1 + best);
        sets += chosen != 0;
        larger += __builtin_popcountll(chosen) > 1;
    }
    CHECK_SEEN(wrong == 0, "%zu are not the best of all subsets", wrong);
    CHECK_SEEN(sets > 2000 && larger > 500, "%zu sets, %zu of more than one", sets, larger);
}

static void check_limits(void)
{
    struct set_choice choices[SET_CHOICES_MAX];
    double score;
    CHECK(sets_choose(&score, choices, 0, 1) == 0 && score == 0);
    for (size_t i = 0; i < SET_CHOICES_MAX; i++)
        choices[i] = (struct set_choice){5 + (i == 7), 0.1};
    uint64_t set = sets_choose(&score, choices, SET_CHOICES_MAX, 2);
    CHECK(__builtin_popcountll(set) == SET_VALUES_MAX && (set >> 7 & 1));
    CHECK(fabs(score - score_of(choices, SET_CHOICES_MAX, set, 2)) < 1e-9);
    for (size_t i = 0; i < SET_CHOICES_MAX; i++)
        choices[i] = (struct set_choice){1, 1};
    CHECK(sets_choose(&score, choices, SET_CHOICES_MAX, 2) == 0 && score == 0);
}

/* ---- grown rules ---- */

enum { DAYS = 800, PLANTED_FROM = 770, THRESHOLD = 9 };
static const enum facet facets[] = {FACET_AGENCY, FACET_SUBSTANCE, FACET_DESTINATION,
                                    FACET_MODE};
enum { FACETS = sizeof facets / sizeof *facets };

static void add_row(struct watch_table *table, int32_t day, const unsigned number[FACETS])
{
    char text[FACETS][24];
    struct facets row = {.day = day, .received = day, .latitude = NAN, .longitude = NAN};
    row.kg = NAN;
    for (int f = 0; f < FACETS; f++) {
        snprintf(text[f], sizeof text[f], "%s %u", f == 1 ? "heroin" : "v", number[f]);
        /* Some agencies never say how. */
        if (facets[f] != FACET_MODE || number[0] % 3 != 1)
            row.text[facets[f]] = bytes_text(text[f]);
    }
    CHECK(watch_table_add(table, &row, table->count + 2, NULL, NULL) == OK);
}

/* Six routes of four facets, a tenth of the answers otherwise. Planted: the first route goes to the
 * destinations 5, 6 and 7, which others have. */
static void make_table(struct watch_table *table, uint64_t seed, bool planted)
{
    static const unsigned routes[6][FACETS] = {{0, 0, 0, 0}, {1, 1, 5, 1}, {2, 2, 6, 2},
                                               {3, 0, 7, 1}, {4, 1, 8, 0}, {0, 2, 9, 2}};
    struct dice dice = {seed};
    for (int32_t day = 0; day < DAYS; day++) {
        for (int i = 0; i < 6; i++) {
            unsigned number[FACETS];
            for (int f = 0; f < FACETS; f++)
                number[f] = dice_unit(&dice) < 0.1 ? dice_below(&dice, f == 2 ? 12 : 3)
                                                   : routes[i][f];
            if (dice_unit(&dice) < 0.6)
                add_row(table, day, number);
        }
        if (planted && day >= PLANTED_FROM && day % 3 == 0) {
            unsigned number[FACETS] = {0, 0, 5 + (unsigned)(day / 3) % 3, 0};
            add_row(table, day, number);
        }
    }
}

/* Events in the window that the candidate counts, from all rows received. */
static uint32_t count_events(const struct watch_table *table, int32_t today,
                             const struct candidate *c)
{
    uint32_t count = 0, last = UINT32_MAX;
    int32_t from = today / 7 - (int32_t)counts_window_weeks[c->window] + 1;
    for (size_t i = 0; i < table->count; i++) {
        const struct table_row *row = &table->rows[i];
        bool holds = row->received <= today && row->day / 7 >= from && row->event != last;
        for (unsigned rest = c->mask; rest != 0 && holds; rest &= rest - 1) {
            enum facet f = (enum facet)__builtin_ctz(rest);
            const struct value_set *set = value_sets_find(c->sets, f);
            holds = set != NULL ? value_set_has(set, row->value[f])
                                : row->value[f] == table->rows[c->row].value[f];
        }
        if (holds) {
            count++;
            last = row->event;
        }
    }
    return count;
}

struct seen {
    size_t seeds, grown, wrong_count, wrong_score, unheld;
    bool planted; /* just the three destinations */
};

static void check_candidate(struct seen *seen, struct pattern *pattern,
                            const struct watch_table *table, const struct candidate *seed)
{
    struct grower grower = {0};
    struct candidate c = *seed, again = *seed;
    grow(&c, &grower, pattern, THRESHOLD);
    grow(&again, &grower, pattern, THRESHOLD);
    CHECK(again.sets == NULL && again.score == seed->score);
    seen->seeds++;
    if (c.sets != NULL) {
        double cost = 0;
        seen->grown++;
        CHECK(c.score > seed->score && c.sets->count >= 1 && c.sets->count <= SETS_MAX);
        for (unsigned k = 0; k < c.sets->count; k++) {
            const struct value_set *set = &c.sets->set[k];
            CHECK(set->count >= 2 && set->count <= SET_VALUES_MAX &&
                  (c.sets->open >> set->facet & 1) && (c.mask >> set->facet & 1));
            CHECK(value_set_has(set, table->rows[c.row].value[set->facet]));
            cost += fmax(1, log(pattern->first[set->facet].distinct)) * (set->count - 1);
        }
        seen->wrong_count += count_events(table, pattern->today, &c) != c.observed;
        seen->unheld += !pattern_holds(pattern, c.row, &c);
        /* Fewer may be told than were observed: first sightings. */
        double most = pattern_llr(c.observed, PATTERN_SLACK * c.expected) - cost;
        seen->wrong_score += c.score > most + 1e-9;
        const struct value_set *to = value_sets_find(c.sets, FACET_DESTINATION);
        bool all = to != NULL && to->count == 3;
        for (unsigned v = 5; v <= 7 && all; v++) {
            char text[24];
            snprintf(text, sizeof text, "v %u", v);
            all = value_set_has(
                to, watch_table_find(table, FACET_DESTINATION, bytes_text(text)));
        }
        seen->planted |= all && c.score >= THRESHOLD;
    }
    grow_release(&grower);
}

static void look_for_sets(struct seen *seen, uint64_t seed, bool planted)
{
    struct watch_table table = {0};
    make_table(&table, seed, planted);
    watch_table_settle(&table);
    struct pattern pattern;
    struct pattern_options options = {.table = &table,
                                      .rows = table.rows,
                                      .row_count = table.count,
                                      .first_day = 0,
                                      .last_day = DAYS,
                                      .horizon_days = 3 * DAYS,
                                      .learn_from = 200,
                                      .known_until = INT32_MAX};
    struct pattern_floors floors = {THRESHOLD, GROW_SEED * THRESHOLD};
    pattern_init(&pattern, &options);
    uint32_t next = 0, today[64];
    for (int32_t day = 0; day < DAYS; day++) {
        size_t count = 0, found;
        pattern_advance(&pattern, day);
        for (; next < table.count && table.rows[next].received <= day; next++)
            today[count++] = next;
        const struct candidate *best = pattern_day(&found, &pattern, today, count, &floors);
        struct candidate list[64];
        for (size_t i = 0; i < found; i++)
            list[i] = best[i];
        for (size_t i = 0; i < found && day >= 400; i++)
            check_candidate(seen, &pattern, &table, &list[i]);
    }
    pattern_release(&pattern);
    watch_table_release(&table);
}

/* A rule asked about by its values is what the rule of the row is. */
static void compare_weights(uint64_t seed)
{
    struct watch_table table = {0};
    make_table(&table, seed, true);
    watch_table_settle(&table);
    struct pattern pattern;
    struct pattern_options options = {.table = &table,
                                      .rows = table.rows,
                                      .row_count = table.count,
                                      .first_day = 0,
                                      .last_day = DAYS,
                                      .horizon_days = 3 * DAYS,
                                      .learn_from = 0,
                                      .known_until = INT32_MAX};
    struct pattern_floors floors = {1e9, 1e9};
    size_t wrong = 0, compared = 0;
    pattern_init(&pattern, &options);
    for (uint32_t i = 0; i < table.count; i++) {
        size_t found;
        if (table.rows[i].day > pattern.today)
            pattern_advance(&pattern, table.rows[i].day);
        pattern_day(&found, &pattern, &i, 1, &floors);
        if (table.rows[i].day < 500)
            continue;
        for (unsigned mask = 1; mask < 1u << FACET_COUNT; mask++) {
            bool answers = !(mask >> FACET_COMMODITY & 1) && (mask & (mask - 1)) != 0;
            for (unsigned f = 0; f < FACET_COUNT; f++)
                answers = answers && (!(mask >> f & 1) || table.rows[i].value[f] != 0);
            if (!answers)
                continue;
            struct candidate probe;
            struct weighed weighed;
            pattern_probe(&probe, &pattern, i, mask);
            pattern_weigh(&weighed, &pattern, mask, table.rows[i].value, probe.window);
            if (probe.score <= 0)
                continue;
            compared++;
            wrong +=
                weighed.observed != probe.observed || weighed.expected != probe.expected ||
                weighed.expected_raw != probe.expected_raw ||
                pattern_llr(weighed.told, PATTERN_SLACK * weighed.expected) != probe.score;
        }
    }
    CHECK_SEEN(wrong == 0 && compared > 500, "%zu of %zu differ", wrong, compared);
    pattern_release(&pattern);
    watch_table_release(&table);
}

int main(void)
{
    compare_choices();
    check_limits();
    compare_weights(3);
    for (int planted = 0; planted < 2; planted++) {
        struct seen seen = {.seeds = 0};
        for (uint64_t seed = 1; seed <= 3; seed++)
            look_for_sets(&seen, seed, planted);
        CHECK_SEEN(seen.seeds > 20, "%zu seeds", seen.seeds);
        CHECK_SEEN(seen.wrong_count == 0 && seen.wrong_score == 0 && seen.unheld == 0,
                   "of %zu grown %zu count otherwise, %zu score otherwise, %zu do not hold",
                   seen.grown, seen.wrong_count, seen.wrong_score, seen.unheld);
        CHECK_SEEN(seen.planted == planted, "planted %d, found %d", planted, seen.planted);
    }
    return check_done("watch_sets");
}
