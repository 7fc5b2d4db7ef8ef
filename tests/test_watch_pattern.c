/* SPDX-License-Identifier: Apache-2.0
 *
 * The counters of watch/pattern against a slow twin that counts the rows anew each time, and the
 * expectation built on them against the recursion as the header writes it.
 */
#include "check.h"

#include "watch/mix.h"
#include "watch/pattern.h"

enum { DAYS = 400, A_DAY = 4, HORIZON = 200, VALUES = 4 };

/* Small tables of four facets, in which every combination comes again and again; some rows are
 * the second substance of an event, some repeat, some come late, some answer nothing. */
static void make_table(struct watch_table *table, uint64_t seed)
{
    struct dice dice = {seed};
    for (int32_t day = 0; day < DAYS; day++) {
        for (int i = 0; i < A_DAY; i++) {
            char text[4][16];
            static const enum facet facets[] = {FACET_AGENCY, FACET_SUBSTANCE, FACET_ORIGIN,
                                                FACET_MODE};
            struct facets row = {.day = day, .latitude = NAN, .longitude = NAN, .kg = NAN};
            row.received = day + (int32_t)(dice_unit(&dice) < 0.1 ? dice_below(&dice, 120)
                                                                  : dice_below(&dice, 9));
            for (int f = 0; f < 4; f++) {
                snprintf(text[f], sizeof text[f], "%s %u", f == 1 ? "heroin" : "v",
                         dice_below(&dice, VALUES));
                if (f == 0 || dice_unit(&dice) > 0.15)
                    row.text[facets[f]] = bytes_text(text[f]);
            }
            CHECK(watch_table_add(table, &row, table->count + 2, NULL, NULL) == OK);
        }
    }
}

struct twin {
    const struct watch_table *table;
    const bool *added;
    int32_t base, today, forgotten_before;
};

static bool holds(const struct table_row *a, const struct table_row *b, unsigned mask)
{
    for (unsigned f = 0; f < FACET_COUNT; f++)
        if ((mask >> f & 1) && a->value[f] != b->value[f])
            return false;
    return true;
}

/* Counts events, not rows: of each event that has a row for which the rule holds, one. */
static void twin_counts(uint32_t *total, uint32_t sums[COUNTS_WINDOWS],
                        const struct twin *twin, const struct table_row *rule,
                        unsigned mask)
{
    bool *seen = calloc(twin->table->event_count + 1, sizeof *seen);
    *total = 0;
    memset(sums, 0, COUNTS_WINDOWS * sizeof *sums);
    for (size_t i = 0; i < twin->table->count; i++) {
        const struct table_row *row = &twin->table->rows[i];
        if (!twin->added[i] || row->day < twin->forgotten_before ||
            !holds(row, rule, mask) || seen[row->event])
            continue;
        seen[row->event] = true;
        ++*total;
        int32_t age = (twin->today - twin->base) / 7 - (row->day - twin->base) / 7;
        for (size_t w = 0; w < COUNTS_WINDOWS; w++)
            sums[w] += age < (int32_t)counts_window_weeks[w];
    }
    free(seen);
}

static void compare_counters(uint64_t seed)
{
    struct watch_table table = {0};
    make_table(&table, seed);
    watch_table_settle(&table);
    struct pattern pattern;
    struct pattern_options options = {.table = &table,
                                      .rows = table.rows,
                                      .row_count = table.count,
                                      .first_day = 0,
                                      .last_day = DAYS + 200,
                                      .horizon_days = HORIZON,
                                      .learn_from = 0,
                                      .known_until = INT32_MAX};
    pattern_init(&pattern, &options);
    bool *added = calloc(table.count, sizeof *added);
    struct dice dice = {seed + 1};
    size_t wrong = 0, compared = 0;
    for (int32_t day = 0; day < DAYS; day++) {
        pattern_advance(&pattern, day);
        struct twin twin = {&table, added, 0, day, (int32_t)pattern.forgotten * 7};
        uint32_t last = UINT32_MAX;
        for (uint32_t i = 0; i < table.count; i++) {
            if (table.rows[i].received != day || table.rows[i].day < twin.forgotten_before)
                continue;
            size_t found;
            pattern_day(&found, &pattern, &i, 1, &(struct pattern_floors){1e9, 1e9});
            added[i] = true;
            last = i;
        }
        if (last == UINT32_MAX || dice_unit(&dice) > 0.2)
            continue;
        for (unsigned mask = 1; mask < 1u << FACET_COUNT; mask++) {
            const struct table_row *row = &table.rows[last];
            bool answers = !(mask >> FACET_COMMODITY & 1);
            for (unsigned f = 0; f < FACET_COUNT; f++)
                answers = answers && (!(mask >> f & 1) || row->value[f] != 0);
            if (!answers)
                continue;
            uint32_t total, sums[COUNTS_WINDOWS], twin_total, twin_sums[COUNTS_WINDOWS];
            pattern_counters(&total, sums, &pattern, last, mask);
            twin_counts(&twin_total, twin_sums, &twin, row, mask);
            wrong += total != twin_total || memcmp(sums, twin_sums, sizeof sums) != 0;
            compared++;
        }
    }
    CHECK_SEEN(compared > 500, "%zu compared", compared);
    CHECK_SEEN(wrong == 0, "seed %llu: %zu of %zu differ", (unsigned long long)seed, wrong,
               compared);
    free(added);
    pattern_release(&pattern);
    watch_table_release(&table);
}

static void add_row(struct watch_table *table, int32_t day, const char *const text[4])
{
    static const enum facet facets[] = {FACET_AGENCY, FACET_ORIGIN, FACET_DESTINATION,
                                        FACET_MODE};
    struct facets row = {
        .day = day, .received = day, .latitude = NAN, .longitude = NAN, .kg = NAN};
    for (int f = 0; f < 4; f++)
        row.text[facets[f]] = bytes_text(text[f]);
    CHECK(watch_table_add(table, &row, table->count + 2, NULL, NULL) == OK);
}

/* Two years of two routes, then a third that mixes their values: it must be found, named in what
 * no route had before, and by nothing else. */
static void find_a_mixture(void)
{
    struct watch_table table = {0};
    static const char *const north[] = {"A", "X", "P", "sea"};
    static const char *const south[] = {"A", "Y", "Q", "air"};
    static const char *const mixed[] = {"A", "X", "Q", "air"};
    for (int32_t day = 0; day < 800; day++)
        add_row(&table, day, day % 2 == 0 ? north : south);
    for (int32_t day = 760; day < 800; day += 10)
        add_row(&table, day, mixed);
    watch_table_settle(&table);
    struct pattern pattern;
    struct pattern_options options = {.table = &table,
                                      .rows = table.rows,
                                      .row_count = table.count,
                                      .first_day = 0,
                                      .last_day = 800,
                                      .horizon_days = 4 * 365,
                                      .known_until = INT32_MAX};
    pattern_init(&pattern, &options);
    struct candidate candidate = {.score = 0};
    unsigned found = 0;
    for (int32_t day = 0; day < 800; day++) {
        pattern_advance(&pattern, day);
        for (uint32_t i = 0; i < table.count; i++) {
            size_t count;
            if (table.rows[i].received != day)
                continue;
            const struct candidate *best =
                pattern_day(&count, &pattern, &i, 1, &(struct pattern_floors){5, 5});
            if (count == 1)
                candidate = *best;
            found += (unsigned)count;
        }
    }
    CHECK_SEEN(found == 2 || found == 3, "found %u", found);
    CHECK(candidate.row == table.count - 1);
    CHECK_SEEN(candidate.observed == 4, "%u", candidate.observed);
    unsigned needed = 1u << FACET_ORIGIN;
    CHECK((candidate.mask & needed) == needed);
    CHECK((candidate.mask & (1u << FACET_DESTINATION | 1u << FACET_MODE)) != 0);
    pattern_release(&pattern);
    watch_table_release(&table);
}

static void check_scores(void)
{
    CHECK(pattern_llr(3, 3) == 0 && pattern_llr(2, 5) == 0);
    CHECK(fabs(pattern_llr(9, 0.4) - (9 * log(9 / 0.4) - 8.6)) < 1e-12);
}

static void check_first_seen(void)
{
    struct first_seen seen = {0};
    for (uint32_t v = 1; v <= 100; v++)
        first_add(&seen, v);
    for (uint32_t v = 1; v <= 40; v++)
        first_add(&seen, v);
    CHECK(seen.once == 60 && seen.twice == 40 && seen.known == 140 && seen.distinct == 100);
    CHECK(fabs(first_repeats(&seen) - 1) < 1e-12); /* 2 * 41 / 62, at most 1 */
    first_forget(&seen, 1);
    first_forget(&seen, 100);
    CHECK(seen.once == 60 && seen.twice == 39 && seen.distinct == 99);
    CHECK(first_share(&seen, 5000) > 0 && first_share(&seen, 2) > first_share(&seen, 99));
    first_release(&seen);

    int32_t steady[20], growing[] = {1, 20, 30, 36, 40, 44, 46, 48, 50, 52, 53, 54, 55, 56};
    for (int i = 0; i < 20; i++)
        steady[i] = 3 * i;
    struct growth none = first_growth(steady, 20, 0, 59);
    CHECK(isnan(none.doubling_days) || isinf(none.high));
    struct growth grows = first_growth(growing, 14, 1, 56);
    CHECK_SEEN(grows.doubling_days > 8 && grows.doubling_days < 30, "%f",
               grows.doubling_days);
    CHECK(grows.low < grows.doubling_days && grows.high > grows.doubling_days);
    CHECK(isnan(first_growth(growing, 3, 1, 56).doubling_days));
}

/* Weeks that are skipped, late arrivals, news, and more in a week than a byte holds. */
static void check_counts(void)
{
    struct counts counts = {0};
    counts_reserve(&counts, 10);
    struct count_slot *slot = counts_slot(&counts, 77);
    uint32_t sums[COUNTS_WINDOWS];
    CHECK(counts_add(&counts, slot, 10, 10) == NEWS_FIRST);
    CHECK(counts_add(&counts, slot, 10, 10) == NEWS_SECOND);
    CHECK(counts_add(&counts, slot, 10, 10) == NEWS_NONE);
    counts_add(&counts, slot, 10, 10);
    counts_add(&counts, slot, 9, 10);
    counts_sums(sums, &counts, slot, 10);
    CHECK(sums[0] == 4 && sums[1] == 5 && sums[3] == 5 && slot->total == 5);
    counts_add(&counts, slot, 1, 15); /* too late for any window */
    counts_add(&counts, slot, 15, 15);
    counts_sums(sums, &counts, slot, 15);
    CHECK(sums[0] == 1 && sums[1] == 1 && sums[2] == 5 && sums[3] == 6 && slot->total == 7);
    counts_sums(sums, &counts, slot, 40);
    CHECK(sums[3] == 0);
    CHECK(counts_add(&counts, slot, 40, 40) == NEWS_NONE); /* it has a history */
    CHECK(counts_find(&counts, 78) == NULL);
    counts_release(&counts);
}

/* Random additions and pauses, few and very many a week, against a list of them. */
static void compare_counts(uint64_t seed, unsigned a_week)
{
    struct counts counts = {0};
    counts_reserve(&counts, 1);
    struct count_slot *slot = counts_slot(&counts, 5);
    uint32_t in_week[300] = {0}, total = 0;
    struct dice dice = {seed};
    size_t wrong = 0;
    for (unsigned now = 0; now < 300; now += 1 + dice_below(&dice, 3)) {
        for (unsigned n = dice_below(&dice, a_week); n > 0; n--) {
            unsigned week = now - dice_below(&dice, now < 20 ? now + 1 : 20);
            counts_add(&counts, slot, week, now);
            in_week[week]++;
            total++;
        }
        uint32_t sums[COUNTS_WINDOWS];
        counts_sums(sums, &counts, slot, now);
        for (size_t w = 0; w < COUNTS_WINDOWS; w++) {
            uint32_t wanted = 0;
            for (unsigned age = 0; age < counts_window_weeks[w] && age <= now; age++)
                wanted += in_week[now - age];
            wrong += sums[w] != wanted;
        }
        wrong += slot->total != total;
    }
    CHECK_SEEN(wrong == 0 && (slot->wide != 0) == (a_week > 4000), "%u a week: %zu wrong",
               a_week, wrong);
    counts_release(&counts);
}

int main(void)
{
    check_scores();
    check_first_seen();
    check_counts();
    compare_counts(1, 3);
    compare_counts(2, 200);
    compare_counts(3, 20000);
    for (uint64_t seed = 1; seed <= 6; seed++)
        compare_counters(seed * 11);
    find_a_mixture();
    return check_done("watch_pattern");
}
