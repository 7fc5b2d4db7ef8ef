/* SPDX-License-Identifier: Apache-2.0
 *
 * bench/bench_scan.c: what the space-time scan costs.
 *
 *     bench_scan [quick]     quick: small sizes, to see that it runs
 *
 * A seeded world of the size that the goals are stated for: 2,000 places in clusters over the
 * Earth, some of them crowded, 20,000 cases in a year. Read from files, neighbours found, 999
 * replicates. Then one day of a replay, and the other statistics. Prints one JSON line a measure,
 * the median of the runs; processor time stands beside the clock's, which other work disturbs.
 */
#include "base/memory.h"
#include "base/world.h"
#include "watch/scan.h"
#include "watch/scan_files.h"
#include "watch/scan_kernel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 9, PATH_MAX_LEN = 512 };

struct sizes {
    size_t places, cases;
    unsigned replicates, replay_days;
};

static uint64_t dice = 88172645463325252u;

static double fraction(void)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (double)(dice >> 11) / (double)(1ull << 53);
}

static FILE *create(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

static void write_world(const char *places_path, const char *cases_path,
                        const struct sizes *sizes)
{
    FILE *file = create(places_path);
    for (size_t i = 0; i < sizes->places; i++) {
        double middle = floor(fraction() * 40);
        double latitude = sin(middle * 7) * 45 + 12 * (fraction() - 0.5);
        double longitude = fmod(middle * 67, 340) - 170 + 18 * (fraction() - 0.5);
        fprintf(file, "P%04zu %.5f %.5f\n", i, latitude, longitude);
    }
    fclose(file);
    file = create(cases_path);
    for (size_t i = 0; i < sizes->cases; i++) {
        /* A few places have most of the cases. */
        size_t place = (size_t)(pow(fraction(), 2) * (double)sizes->places);
        unsigned day = (unsigned)(fraction() * 360);
        fprintf(file, "P%04zu 1 2025/%u/%u\n", place, day / 30 + 1, day % 28 + 1);
    }
    fclose(file);
}

static double now_s(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *runs)
{
    qsort(runs, RUNS, sizeof *runs, compare_doubles);
    return runs[RUNS / 2];
}

static void must(enum status status, const struct err *err)
{
    if (status == OK)
        return;
    fprintf(stderr, "bench_scan: %s\n", err->text);
    exit(1);
}

static struct scan *open_world(struct scan_files *files, const char *cases,
                               const char *places, struct pool *pool)
{
    struct err err = {.text = ""};
    struct scan *scan = NULL;
    struct scan_options options = {.radius_km = 1000, .days = 30, .pool = pool};
    must(scan_files_read(files, cases, places, &err), &err);
    must(scan_open(&scan, files->places, files->place_count, &options, &err), &err);
    for (size_t i = 0; i < files->case_count; i++)
        must(scan_add(scan, files->cases[i].place, files->cases[i].day,
                      files->cases[i].count, &err),
             &err);
    return scan;
}

static void measure_whole(const char *cases, const char *places, const struct sizes *sizes,
                          unsigned threads, enum scan_statistic statistic, const char *name,
                          unsigned replicates)
{
    double wall[RUNS], processor[RUNS], llr = 0;
    for (int run = 0; run < RUNS; run++) {
        double start = now_s(CLOCK_MONOTONIC), used = now_s(CLOCK_PROCESS_CPUTIME_ID);
        struct pool *pool = pool_open(threads);
        struct scan_files files;
        struct scan *scan = open_world(&files, cases, places, pool);
        struct scan_question question = {.day = files.last_day, .statistic = statistic};
        struct scan_deals deals = {replicates, 1, 0};
        struct scan_found found;
        struct scan_chance chance;
        struct arena arena = {0};
        struct err err = {.text = ""};
        must(scan_best_of_day(&found, &chance, scan, &question, &deals, &arena, &err),
             &err);
        llr = found.llr;
        scan_close(scan);
        scan_files_release(&files);
        arena_release(&arena);
        pool_close(pool);
        wall[run] = now_s(CLOCK_MONOTONIC) - start;
        processor[run] = now_s(CLOCK_PROCESS_CPUTIME_ID) - used;
    }
    printf("{\"measure\":\"%s\",\"places\":%zu,\"cases\":%zu,\"replicates\":%u,"
           "\"threads\":%u,\"kernel\":\"%s\",\"seconds\":%.4f,\"processor_seconds\":%.4f,"
           "\"llr\":%.6f}\n",
           name, sizes->places, sizes->cases, replicates, threads, scan_kernel()->name,
           median(wall), median(processor), llr);
}

static void measure_replay(const char *cases, const char *places, const struct sizes *sizes)
{
    double runs[RUNS];
    struct scan_files files;
    struct scan *scan = open_world(&files, cases, places, NULL);
    struct arena arena = {0};
    size_t shown = 0;
    for (int run = 0; run < RUNS; run++) {
        double used = now_s(CLOCK_PROCESS_CPUTIME_ID);
        for (unsigned i = 0; i < sizes->replay_days; i++) {
            struct scan_question question = {.day = files.last_day -
                                                    (int32_t)(sizes->replay_days - i),
                                             .least = 5,
                                             .most = 5};
            const struct scan_found *found;
            size_t count;
            struct err err = {.text = ""};
            must(scan_day(&found, &count, scan, &question, &arena, &err), &err);
            shown += count;
            arena_reset(&arena);
        }
        runs[run] = (now_s(CLOCK_PROCESS_CPUTIME_ID) - used) / sizes->replay_days;
    }
    printf("{\"measure\":\"scan of one day in a replay\",\"places\":%zu,\"cases\":%zu,"
           "\"milliseconds\":%.3f,\"found_a_day\":%.2f}\n",
           sizes->places, sizes->cases, 1000 * median(runs),
           (double)shown / RUNS / sizes->replay_days);
    scan_close(scan);
    scan_files_release(&files);
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "quick") == 0;
    struct sizes sizes =
        quick ? (struct sizes){200, 2000, 99, 10} : (struct sizes){2000, 20000, 999, 100};
    const char *folder = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    char places[PATH_MAX_LEN], cases[PATH_MAX_LEN];
    snprintf(places, sizeof places, "%s/enlace-bench-%ld.geo", folder, (long)getpid());
    snprintf(cases, sizeof cases, "%s/enlace-bench-%ld.cas", folder, (long)getpid());
    write_world(places, cases, &sizes);
    for (unsigned threads = 1; threads <= 2; threads++)
        measure_whole(cases, places, &sizes, threads, SCAN_PERMUTATION,
                      "space-time permutation scan, reading and neighbours included",
                      sizes.replicates);
    measure_whole(cases, places, &sizes, 2, SCAN_POISSON, "expectation-based scan",
                  sizes.replicates / 50);
    measure_whole(cases, places, &sizes, 2, SCAN_SUBSET, "scan for sets of any shape",
                  sizes.replicates / 50);
    measure_replay(cases, places, &sizes);
    unlink(places);
    unlink(cases);
    return 0;
}
