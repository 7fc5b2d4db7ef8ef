/* SPDX-License-Identifier: Apache-2.0
 *
 * The threshold: the same on any number of threads, higher for fewer alarms, fixed where there is no
 * history; and a replay that comes out the same twice.
 */
#include "check.h"

#include "watch/calibrate.h"
#include "watch/mix.h"

enum { YEARS = 3, YEAR = 365 };

static void make_table(struct watch_table *table, int32_t days)
{
    static const enum facet facets[] = {FACET_AGENCY, FACET_PLACE, FACET_ORIGIN,
                                        FACET_MODE};
    struct dice dice = {42};
    for (int32_t day = 0; day < days; day++) {
        for (int i = 0; i < 5; i++) {
            char text[4][16];
            struct facets row = {
                .day = day, .received = day, .latitude = NAN, .longitude = NAN, .kg = NAN};
            unsigned route = dice_below(&dice, 6);
            for (unsigned f = 0; f < 4; f++) {
                unsigned value =
                    dice_unit(&dice) < 0.15 ? dice_below(&dice, 12) : (route * 5 + f) % 12;
                snprintf(text[f], sizeof text[f], "v%u", value);
                row.text[facets[f]] = bytes_text(text[f]);
            }
            CHECK(watch_table_add(table, &row, table->count + 2, NULL, NULL) == OK);
        }
    }
    watch_table_settle(table);
}

static struct calibration run(const struct watch_table *table, double alarms,
                              unsigned threads, int32_t until)
{
    struct calibration calibration;
    struct calibrate_options options = {.table = table,
                                        .until = until,
                                        .alarms_per_year = alarms,
                                        .seed = 9,
                                        .replicates = 3,
                                        .threads = threads};
    calibrate(&calibration, &options);
    return calibration;
}

static void check_thresholds(const struct watch_table *table)
{
    struct calibration one = run(table, 1, 1, YEARS * YEAR),
                       two = run(table, 1, 2, YEARS * YEAR);
    struct calibration many = run(table, 6, 2, YEARS * YEAR);
    CHECK(one.threshold == two.threshold && one.score_count == two.score_count);
    CHECK_SEEN(one.threshold > many.threshold, "%f %f", one.threshold, many.threshold);
    CHECK(one.history_years == YEARS && one.horizon_days == (YEARS - 1) * YEAR - 84);
    CHECK(one.rate_low < 1 && one.rate_high > 1);
    double before = 0;
    for (double score = 2; score < 40; score += 0.5) {
        double years = calibration_years(&one, score);
        CHECK(years >= before);
        before = years;
    }
    CHECK(fabs(log(calibration_years(&one, one.threshold))) < 0.6);
    calibration_release(&one);
    calibration_release(&two);
    calibration_release(&many);
}

static void check_short_histories(const struct watch_table *table)
{
    struct calibration none = run(table, 1, 1, 200), quarters = run(table, 1, 1, 500);
    CHECK(none.history_years == 0 && none.threshold == 30 &&
          isinf(calibration_years(&none, 50)));
    CHECK(quarters.history_years > 1 && quarters.history_years < 2);
    calibration_release(&none);
    calibration_release(&quarters);
    struct watch_table empty = {0};
    struct calibration nothing = run(&empty, 1, 1, 500);
    CHECK(nothing.history_years == 0);
    calibration_release(&nothing);
    watch_table_release(&empty);
}

static size_t replay_once(const struct watch_table *table, double *sum)
{
    struct replay replay;
    struct replay_options options = {.table = table,
                                     .rows = table->rows,
                                     .row_count = table->count,
                                     .from = 2 * YEAR,
                                     .to = YEARS * YEAR - 1,
                                     .horizon_days = YEAR,
                                     .known_until = 2 * YEAR,
                                     .threshold = 6};
    replay_run(&replay, &options);
    size_t count = replay.episode_count;
    *sum = 0;
    for (size_t i = 0; i < count; i++)
        *sum += replay.episodes[i].score;
    replay_release(&replay);
    return count;
}

int main(void)
{
    struct watch_table table = {0};
    make_table(&table, YEARS * YEAR);
    check_thresholds(&table);
    check_short_histories(&table);
    double first, second;
    size_t episodes = replay_once(&table, &first);
    CHECK_SEEN(episodes > 0, "%zu", episodes);
    CHECK(replay_once(&table, &second) == episodes && first == second);
    watch_table_release(&table);
    return check_done("watch_calibrate");
}
