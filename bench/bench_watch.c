/* SPDX-License-Identifier: Apache-2.0
 *
 * bench/bench_watch.c: the watch in an invented world: how early, how often for nothing.
 *
 *     bench_watch [WORLDS [YEARS [DELAY [SEED [where|fans]]]]]   default 20 worlds, 20 held-out
 *                                              years each; where: with coordinates, and surges;
 *                                              fans: routes with several new values at once
 *     bench_watch others [WORLDS [YEARS [NAME]]] worlds unlike the one of the goal, default 6, 10
 *     bench_watch slice                          one small world, for ./check
 *     bench_watch speed [ROWS [THREADS]]         default 600000, all processors; rules alone
 *     bench_watch all [ROWS]                     notices, rules, circles, explanations
 *     bench_watch csv FILE SEED YEARS [DELAY [inject|surge|fan]]
 *
 * Each world is calibrated on its own first five years, once, and judged on the years after
 * them: first as it is (every alarm is false), then with a new combination every 60 days.
 * Prints one JSON line a measure.
 */
#include "base/pool.h"
#include "watch/calibrate.h"
#include "watch/mix.h"
#include "watch/notice.h"
#include "watchworld.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { YEAR = 365, CALIBRATION_YEARS = 5, FOUND_MAX = 20000 };

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double processor_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* What a slice does less of. */
static int past_years = CALIBRATION_YEARS, inject_every = 60;
static unsigned replicates, first_seed = 1000;
static bool geography, fans;

/* Worlds unlike the one of the goal. */
static const struct kind {
    const char *name;
    struct watchworld_options options;
} kinds[] = {
    {"steep weights", {.zipf = 1.5}},
    {"flat weights", {.zipf = 0.5}},
    {"noise of 20 to 35 %", {.noise_low = 0.20, .noise_high = 0.35}},
    {"five a day", {.a_day = 5}},
    {"sixty a day", {.a_day = 60}},
    {"three agencies", {.agencies = 3}},
    {"30 to 80 % missing", {.missing_low = 0.3, .missing_high = 0.8}},
    {"missing, five a day", {.missing_low = 0.3, .missing_high = 0.8, .a_day = 5}},
};
static const struct kind *kind; /* NULL: that of the goal */

struct tally {
    struct watchworld *world;
    unsigned alarms, ongoing, circles;
    /* of injections */
    bool *found;
    size_t injected, detected;
    int days[FOUND_MAX], seizures[FOUND_MAX];
    double right, wrong, named;
};

/* As the program does: what reporting explains is no alarm, neither when calibrating. */
static enum explained explain(void *context, const struct raised *raised)
{
    struct notice_reason reason;
    (void)context;
    return notice_explains(&reason, raised);
}

static void count_alarm(void *context, const struct raised *raised)
{
    struct tally *tally = context;
    tally->alarms++;
    tally->ongoing += raised->ongoing;
    tally->circles += raised->candidate->circle != NULL;
    if (getenv("WATCH_VERBOSE") != NULL) {
        const struct candidate *c = raised->candidate;
        fprintf(stderr, "  day %d score %.2f mask %04x c %u E %.3g w %u%s\n", raised->day,
                c->score, c->mask, c->observed, c->expected, c->window,
                raised->ongoing ? " again" : "");
    }
}

static bool is_of(const struct injection *in, const struct raised *raised)
{
    const struct table_row *rows = raised->replay->options.rows;
    size_t same = 0;
    for (size_t i = 0; i < raised->row_count; i++)
        for (size_t k = 0; k < in->count; k++)
            same += rows[raised->rows[i]].line == in->lines[k];
    return 2 * same >= raised->row_count;
}

/* Half of what an alarm rests on is the surge. */
static void find_surge(void *context, const struct raised *raised)
{
    struct tally *tally = context;
    for (size_t i = 0; i < tally->world->injection_count; i++) {
        const struct injection *in = &tally->world->injections[i];
        if (tally->found[i] || raised->day < in->first || raised->day > in->last + 60 ||
            !is_of(in, raised))
            continue;
        tally->found[i] = true;
        tally->circles += raised->candidate->circle != NULL;
        int seizures = 0;
        for (size_t s = 0; s < in->count; s++)
            seizures += in->received[s] <= raised->day;
        tally->days[tally->detected] = raised->day - in->first + 1;
        tally->seizures[tally->detected++] = seizures;
    }
}

static void find_injection(void *context, const struct raised *raised)
{
    struct tally *tally = context;
    struct rule rule;
    rule_of(&rule, raised);
    for (size_t i = 0; i < tally->world->injection_count; i++) {
        const struct injection *in = &tally->world->injections[i];
        unsigned right, wrong;
        if (tally->found[i] || raised->day < in->first || raised->day > in->last + 60 ||
            !injection_consistent(&right, &wrong, tally->world, in, &rule))
            continue;
        tally->found[i] = true;
        int seizures = 0;
        for (size_t s = 0; s < in->count; s++)
            seizures += in->received[s] <= raised->day;
        tally->days[tally->detected] = raised->day - in->first + 1;
        tally->seizures[tally->detected++] = seizures;
        tally->right += right;
        tally->wrong += wrong;
        tally->named += right + wrong;
    }
}

static void run(struct tally *tally, replay_raise *raise,
                const struct watchworld_options *options,
                const struct calibration *calibration)
{
    struct watchworld world;
    struct replay replay;
    watchworld_init(&world, options);
    tally->world = &world;
    tally->found = xcalloc(INJECTIONS_MAX, sizeof *tally->found);
    struct spots spots;
    spots_find(&spots, &world.table, world.first_day + past_years * YEAR);
    struct replay_options replay_options = {
        .table = &world.table,
        .rows = world.table.rows,
        .row_count = world.table.count,
        .from = world.first_day + past_years * YEAR,
        .to = world.first_day + options->days - 1,
        .horizon_days = calibration->horizon_days,
        .known_until = world.first_day + past_years * YEAR,
        .threshold = calibration->threshold,
        .spots = &spots,
        .where_scale = calibration->where_scale,
        .explain = explain,
        .raise = raise,
        .context = tally,
    };
    replay_run(&replay, &replay_options);
    if (getenv("WATCH_VERBOSE") && raise == find_injection)
        for (size_t i = 0; i < world.injection_count; i++)
            if (!tally->found[i])
                fprintf(stderr, "  never found %zu: %zu seizures\n", i,
                        world.injections[i].count);
    replay_release(&replay);
    tally->injected += world.injection_count;
    free(tally->found);
    spots_release(&spots);
    watchworld_release(&world);
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void be_of_kind(struct watchworld_options *options)
{
    if (kind == NULL)
        return;
    options->zipf = kind->options.zipf;
    options->noise_low = kind->options.noise_low;
    options->noise_high = kind->options.noise_high;
    options->missing_low = kind->options.missing_low;
    options->missing_high = kind->options.missing_high;
    options->agencies = kind->options.agencies;
    options->a_day = kind->options.a_day > 0 ? kind->options.a_day : options->a_day;
}

static void print_found(const char *measure, struct tally *t, double delay)
{
    size_t n = t->detected;
    if (n == 0)
        return;
    qsort(t->days, n, sizeof(int), by_number);
    qsort(t->seizures, n, sizeof(int), by_number);
    printf("{\"measure\":\"%s\",\"value\":%.4f,\"injections\":%zu,"
           "\"median_days\":%d,\"median_seizures\":%d,\"recall\":%.3f,\"precision\":%.3f,"
           "\"delay\":%.0f,\"world\":\"%s\"}\n",
           measure, (double)n / (double)t->injected, t->injected, t->days[n / 2],
           t->seizures[n / 2], t->right / (7.0 * (double)n), t->right / t->named, delay,
           kind != NULL ? kind->name : "of the goal");
}

static void judge(unsigned worlds, int years, double delay)
{
    static struct tally quiet, injected, fanned, surges;
    quiet = injected = fanned = surges = (struct tally){.world = NULL};
    double sum_squares = 0;
    for (unsigned w = 0; w < worlds; w++) {
        struct watchworld_options options = {.seed = first_seed + w,
                                             .days = (past_years + years) * YEAR,
                                             .a_day = 22,
                                             .delay_median = delay,
                                             .geography = geography,
                                             .skewed_noise = w % 2 == 1};
        be_of_kind(&options);
        struct watchworld past;
        watchworld_init(&past, &options);
        struct spots spots;
        spots_find(&spots, &past.table, past.first_day + past_years * YEAR);
        struct calibration calibration;
        struct calibrate_options calibrate_options = {.table = &past.table,
                                                      .spots = &spots,
                                                      .until = past.first_day +
                                                               past_years * YEAR,
                                                      .alarms_per_year = 1,
                                                      .explain = explain,
                                                      .replicates = replicates,
                                                      .seed = w + 1};
        double start = now_s();
        calibrate(&calibration, &calibrate_options);
        double seconds = now_s() - start;
        spots_release(&spots);
        watchworld_release(&past);
        unsigned before = quiet.alarms, ongoing = quiet.ongoing;
        run(&quiet, count_alarm, &options, &calibration);
        options.inject_from = past_years * YEAR;
        options.inject_every = inject_every;
        options.inject_days = 120;
        if (getenv("WATCH_QUIET") == NULL)
            run(&injected, find_injection, &options, &calibration);
        options.fans = true;
        if (fans)
            run(&fanned, find_injection, &options, &calibration);
        options.fans = false;
        options.surges = true;
        if (geography)
            run(&surges, find_surge, &options, &calibration);
        double rate = (quiet.alarms - before) / (double)years;
        sum_squares += rate * rate;
        fprintf(
            stderr,
            "world %u: threshold %.2f (tail %.2f at %.2f, scale %.2f), %.2f alarms a year "
            "(%u again); calibrated in %.1f s\n",
            w, calibration.threshold, calibration.tail_rate, calibration.tail_from,
            calibration.tail_scale, rate, quiet.ongoing - ongoing, seconds);
        if (geography)
            fprintf(stderr, " circles: %u of %u alarms so far; scale %.2f + %.2f x\n",
                    quiet.circles, quiet.alarms, calibration.where_scale.add,
                    calibration.where_scale.times);
        for (double r = 4; r > 0.2; r /= 2) {
            size_t index = (size_t)(r * calibration.judged_years);
            if (index < calibration.score_count)
                fprintf(stderr, " %.2f/y: %.2f fit %.2f;", r, calibration.scores[index],
                        calibration.tail_from +
                            calibration.tail_scale * log(calibration.tail_rate / r));
        }
        fprintf(stderr, "\n");
        calibration_release(&calibration);
    }
    double total = worlds * (double)years, ratio = quiet.alarms / total;
    double variance =
        worlds > 1 ? (sum_squares - worlds * ratio * ratio) / (worlds - 1) : ratio;
    double error = 1.645 * sqrt(variance / worlds);
    const char *name = kind != NULL ? kind->name : "of the goal";
    printf("{\"measure\":\"watch: realised over nominal false "
           "alarms\",\"value\":%.3f,\"low\":%.3f,"
           "\"high\":%.3f,\"worlds\":%u,\"years\":%.0f,\"delay\":%.0f,\"world\":\"%s\"}\n",
           ratio, ratio - error, ratio + error, worlds, total, delay, name);
    size_t k = surges.detected;
    qsort(surges.days, k, sizeof(int), by_number);
    qsort(surges.seizures, k, sizeof(int), by_number);
    if (k > 0)
        printf("{\"measure\":\"watch: local surges found\",\"value\":%.4f,\"surges\":%zu,"
               "\"by_circle\":%.3f,\"median_days\":%d,\"median_seizures\":%d}\n",
               (double)k / (double)surges.injected, surges.injected,
               surges.circles / (double)k, surges.days[k / 2], surges.seizures[k / 2]);
    print_found("watch: injections found", &injected, delay);
    print_found("watch: fans found", &fanned, delay);
    fflush(stdout);
}

static void speed(size_t rows, unsigned threads)
{
    struct watchworld_options options = {
        .seed = 7, .days = 10 * YEAR, .a_day = (double)rows / (10 * YEAR) / 1.13};
    struct watchworld world;
    watchworld_init(&world, &options);
    struct replay replay;
    struct tally tally = {.world = &world};
    struct pool *pool = pool_open(threads);
    struct replay_options replay_options = {.table = &world.table,
                                            .rows = world.table.rows,
                                            .row_count = world.table.count,
                                            .from = world.first_day,
                                            .to = world.first_day + options.days - 1,
                                            .horizon_days = 4 * YEAR,
                                            .known_until = INT32_MAX,
                                            .threshold = 25,
                                            .pool = pool,
                                            .raise = count_alarm,
                                            .context = &tally};
    double start = now_s(), processor = processor_s();
    replay_run(&replay, &replay_options);
    double seconds = now_s() - start;
    processor = processor_s() - processor;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"measure\":\"watch: pattern replay, "
           "daily\",\"value\":%.3f,\"unit\":\"s\",\"processor\":%.3f,\"threads\":%u,"
           "\"rows\":%zu,\"conjunctions\":%zu,\"alarms\":%u,\"peak_mb\":%ld}\n",
           seconds, processor, pool_threads(pool), world.table.count,
           pattern_conjunctions(&replay.pattern), tally.alarms, usage.ru_maxrss / 1024);
    replay_release(&replay);
    pool_close(pool);
    watchworld_release(&world);
}

/* All that a watch does each day: notices, rules, circles, and what explains them. */
static void speed_of_all(size_t rows)
{
    struct watchworld_options options = {.seed = 7,
                                         .days = 10 * YEAR,
                                         .a_day = (double)rows / (10 * YEAR) / 1.13,
                                         .delay_median = 10,
                                         .geography = true};
    struct watchworld world;
    watchworld_init(&world, &options);
    struct tally tally = {.world = &world};
    struct notice_list notices = {0};
    struct arena arena = {0};
    struct spots spots;
    struct replay replay;
    /* Seizures lie around the places: as many spots as the watch ever looks at. */
    struct dice dice = {9};
    for (size_t i = 0; i < world.table.count; i++) {
        world.table.rows[i].latitude += (float)(3 * dice_unit(&dice));
        world.table.rows[i].longitude += (float)(3 * dice_unit(&dice));
    }
    double start = now_s();
    notices_find(&notices, &world.table, world.first_day + options.days - 1,
                 world.first_day + options.days - 1, &arena);
    spots_find(&spots, &world.table, INT32_MAX);
    struct replay_options replay_options = {.table = &world.table,
                                            .rows = world.table.rows,
                                            .row_count = world.table.count,
                                            .from = world.first_day,
                                            .to = world.first_day + options.days - 1,
                                            .horizon_days = 4 * YEAR,
                                            .known_until = INT32_MAX,
                                            .threshold = 25,
                                            .spots = &spots,
                                            .where_scale = {5, 1.5},
                                            .explain = explain,
                                            .raise = count_alarm,
                                            .context = &tally};
    replay_run(&replay, &replay_options);
    double seconds = now_s() - start;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"measure\":\"watch: all detectors, daily\",\"value\":%.3f,\"unit\":\"s\","
           "\"processor\":%.3f,\"rows\":%zu,\"spots\":%zu,\"alarms\":%u,\"circles\":%u,"
           "\"notices\":%zu,\"peak_mb\":%ld}\n",
           seconds, (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec * 1e-6,
           world.table.count, spots.count, tally.alarms, tally.circles, notices.count,
           usage.ru_maxrss / 1024);
    replay_release(&replay);
    notices_release(&notices);
    spots_release(&spots);
    arena_release(&arena);
    watchworld_release(&world);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "slice") == 0) {
        past_years = 2;
        inject_every = 24;
        replicates = 2;
        judge(1, 1, 0);
    } else if (argc > 1 && strcmp(argv[1], "others") == 0) {
        for (kind = kinds; kind < kinds + sizeof kinds / sizeof *kinds; kind++)
            if (argc <= 4 || strcmp(argv[4], kind->name) == 0)
                judge(argc > 2 ? (unsigned)atoi(argv[2]) : 6, argc > 3 ? atoi(argv[3]) : 10,
                      0);
    } else if (argc > 1 && strcmp(argv[1], "speed") == 0) {
        speed(argc > 2 ? strtoul(argv[2], NULL, 10) : 600000,
              argc > 3 ? (unsigned)atoi(argv[3]) : 0);
    } else if (argc > 1 && strcmp(argv[1], "all") == 0) {
        speed_of_all(argc > 2 ? strtoul(argv[2], NULL, 10) : 600000);
    } else if (argc > 4 && strcmp(argv[1], "csv") == 0) {
        struct watchworld_options options = {.seed = strtoull(argv[3], NULL, 10),
                                             .days = atoi(argv[4]) * YEAR,
                                             .a_day = 22,
                                             .delay_median = argc > 5 ? atof(argv[5]) : 0};
        if (argc > 6) {
            options.inject_from = CALIBRATION_YEARS * YEAR;
            options.inject_every = 60;
            options.inject_days = 120;
            options.geography = options.surges = strcmp(argv[6], "surge") == 0;
            options.fans = strcmp(argv[6], "fan") == 0;
        }
        struct watchworld world;
        watchworld_init(&world, &options);
        watchworld_write(&world, argv[2]);
        for (size_t i = 0; i < world.injection_count; i++)
            printf("{\"first\":%d,\"values\":[%u,%u,%u,%u,%u,%u,%u]}\n",
                   world.injections[i].first, world.injections[i].value[0],
                   world.injections[i].value[1], world.injections[i].value[2],
                   world.injections[i].value[3], world.injections[i].value[4],
                   world.injections[i].value[5], world.injections[i].value[6]);
        watchworld_release(&world);
    } else {
        first_seed = argc > 4 ? (unsigned)atoi(argv[4]) : first_seed;
        geography = argc > 5 && strcmp(argv[5], "where") == 0;
        fans = argc > 5 && strcmp(argv[5], "fans") == 0;
        judge(argc > 1 ? (unsigned)atoi(argv[1]) : 20, argc > 2 ? atoi(argv[2]) : 20,
              argc > 3 ? atof(argv[3]) : 0);
    }
    return EXIT_SUCCESS;
}
