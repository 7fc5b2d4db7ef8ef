/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "cli/json_line.h"
#include "cli/options.h"
#include "cli/watch_answer.h"

#include "base/pool.h"
#include "base/text.h"
#include "record/date.h"
#include "watch/load.h"
#include "watch/scan.h"
#include "watch/scan_files.h"
#include "watch/scan_frame.h"
#include "watch/scan_null.h"
#include "watch/scan_table.h"

#include <math.h>
#include <stdio.h>

enum {
    DAYS_USUAL = 30,
    KM_USUAL = 1000,
    REPLICATES_USUAL = 999,
    STOP_AFTER = 50,
    THREADS_MAX = 64
};

struct scan_wish {
    double km;
    uint64_t days, replicates, seed, threads;
    enum scan_statistic statistic;
    int32_t until; /* INT32_MAX: the last day of the file */
    bool sequential;
};

/* A whole number of an option within [least, most]; EXIT_USAGE with the sentence said. */
static int option_number(uint64_t *out, const struct arguments *arguments, const char *name,
                         uint64_t least, uint64_t most)
{
    const char *text = argument(arguments, name);
    if (text == NULL)
        return EXIT_DONE;
    if (!text_u64(out, bytes_text(text)) || *out < least || *out > most)
        return misused(arguments, "--%s %s: it is a whole number from %llu to %llu", name,
                       text, (unsigned long long)least, (unsigned long long)most);
    return EXIT_DONE;
}

static int option_statistic(enum scan_statistic *out, const struct arguments *arguments)
{
    static const char *const names[] = {[SCAN_PERMUTATION] = "permutation",
                                        [SCAN_POISSON] = "poisson",
                                        [SCAN_SUBSET] = "set"};
    const char *text = argument(arguments, "statistic");
    if (text == NULL)
        return EXIT_DONE;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (bytes_is(bytes_text(text), names[i])) {
            *out = (enum scan_statistic)i;
            return EXIT_DONE;
        }
    return misused(arguments, "--statistic %s: it is permutation, poisson or set", text);
}

static int option_until(int32_t *until, const struct arguments *arguments)
{
    const char *text = argument(arguments, "as-of");
    struct date date;
    struct err err = {0};
    if (text == NULL)
        return EXIT_DONE;
    if (date_parse(&date, bytes_text(text), NULL, &err) != OK || date.precision < DATE_DAY)
        return misused(arguments, "--as-of %s: it is a day, as 2025-12-31", text);
    *until = date_day_number(&date);
    return EXIT_DONE;
}

static int read_wish(struct scan_wish *wish, const struct arguments *arguments)
{
    *wish = (struct scan_wish){.km = KM_USUAL,
                               .days = DAYS_USUAL,
                               .replicates = REPLICATES_USUAL,
                               .seed = 1,
                               .until = INT32_MAX,
                               .sequential = argument(arguments, "all-replicates") == NULL};
    const char *km = argument(arguments, "km");
    if (km != NULL && (!text_double(&wish->km, bytes_text(km)) || wish->km < 0))
        return misused(arguments, "--km %s: it is a number of kilometres, 0 or more", km);
    int code = option_number(&wish->days, arguments, "days", 1, SCAN_DAYS_MAX);
    if (code == EXIT_DONE)
        code = option_number(&wish->replicates, arguments, "reps", 0, SCAN_REPLICATES_MAX);
    if (code == EXIT_DONE)
        code = option_number(&wish->seed, arguments, "seed", 0, UINT64_MAX);
    if (code == EXIT_DONE)
        code = option_number(&wish->threads, arguments, "threads", 1, THREADS_MAX);
    if (code == EXIT_DONE)
        code = option_statistic(&wish->statistic, arguments);
    if (code == EXIT_DONE)
        code = option_until(&wish->until, arguments);
    return code;
}

struct scan_result {
    struct scan_found found;
    struct scan_chance chance;
    int32_t day;
    size_t cases;
    struct arena arena;
};

static enum status run(struct scan_result *result, const struct scan_files *files,
                       const struct scan_wish *wish, struct pool *pool, struct err *err)
{
    struct scan_options options = {
        .radius_km = wish->km, .days = (unsigned)wish->days, .pool = pool};
    struct scan_question question = {.statistic = wish->statistic, .most = 1};
    struct scan_deals deals = {(unsigned)wish->replicates, wish->seed,
                               wish->sequential ? STOP_AFTER : 0};
    struct scan *scan = NULL;
    enum status status = scan_open(&scan, files->places, files->place_count, &options, err);
    for (size_t i = 0; status == OK && i < files->case_count; i++)
        status = scan_add(scan, files->cases[i].place, files->cases[i].day,
                          files->cases[i].count, err);
    question.day = result->day = wish->until != INT32_MAX ? wish->until
                                 : files->case_count > 0  ? files->last_day
                                                          : 0;
    if (status == OK)
        status = scan_best_of_day(&result->found, &result->chance, scan, &question, &deals,
                                  &result->arena, err);
    scan_close(scan);
    return status;
}

static void day_text(char out[DATE_TEXT_SIZE], int32_t day)
{
    struct date date = date_from_day_number(day);
    date_print(out, &date);
}

static void print_json(const struct scan_result *result, const struct scan_files *files,
                       double seconds)
{
    const struct scan_found *found = &result->found;
    char from[DATE_TEXT_SIZE], to[DATE_TEXT_SIZE];
    struct json_line line;
    json_line_begin(&line);
    json_number_member(&line.json, "llr", found->llr);
    json_count_member(&line.json, "observed", found->observed);
    json_number_member(&line.json, "expected", found->expected);
    json_key(&line.json, "centre");
    if (found->place_count > 0)
        json_put_text(&line.json, files->names[found->centre]);
    else
        json_put_null(&line.json);
    json_key(&line.json, "places");
    json_begin_list(&line.json);
    for (size_t i = 0; i < found->place_count; i++)
        json_put_text(&line.json, files->names[found->places[i]]);
    json_end_list(&line.json);
    json_number_member(&line.json, "radius_km", found->radius_km);
    if (found->place_count > 0) {
        day_text(from, found->from);
        day_text(to, found->to);
        json_text_member(&line.json, "from", from);
        json_text_member(&line.json, "to", to);
    } else {
        json_key(&line.json, "from");
        json_put_null(&line.json);
        json_key(&line.json, "to");
        json_put_null(&line.json);
    }
    json_number_member(&line.json, "p", result->chance.p);
    json_number_member(&line.json, "p_gumbel", result->chance.p_gumbel);
    json_number_member(&line.json, "seconds", seconds);
    json_line_end(&line);
}

static void print_words(const struct scan_result *result, const struct scan_files *files,
                        double seconds)
{
    const struct scan_found *found = &result->found;
    char from[DATE_TEXT_SIZE], to[DATE_TEXT_SIZE];
    if (found->place_count == 0) {
        printf("nothing stands out: no circle holds two cases and more than expected\n");
        return;
    }
    day_text(from, found->from);
    day_text(to, found->to);
    printf("%llu %s from %s to %s, expected %.2f\n", (unsigned long long)found->observed,
           plural(found->observed, "case", "cases"), from, to, found->expected);
    printf("around %.*s, within %.2f km: %zu place%s\n",
           (int)files->names[found->centre].len,
           (const char *)files->names[found->centre].at, found->radius_km,
           found->place_count, plural(found->place_count, "", "s"));
    printf("log likelihood ratio %.6f\n", found->llr);
    if (result->chance.replicates > 0)
        printf("by chance: p = %.4g in %u %s", result->chance.p, result->chance.replicates,
               plural(result->chance.replicates, "replicate", "replicates"));
    if (isfinite(result->chance.p_gumbel))
        printf(", %.3g by the Gumbel tail", result->chance.p_gumbel);
    printf("%s%.3f seconds\n", result->chance.replicates > 0 ? "\n" : "", seconds);
}

/* ---- a file of seizures in place of SaTScan's two ---- */

static void tell_placing(const struct scan_placing *placing,
                         const struct load_counts *counts)
{
    uint64_t unused = counts->reader.rejected + counts->others;
    if (unused > 0)
        fprintf(stderr, "%llu of %llu %s could not be used\n", (unsigned long long)unused,
                (unsigned long long)counts->reader.read,
                plural(counts->reader.read, "row", "rows"));
    fprintf(stderr, "%zu %s", placing->exact,
            plural(placing->exact, "seizure by its coordinates",
                   "seizures by their coordinates"));
    if (placing->by_name > 0)
        fprintf(stderr, ", %zu by the name of their place", placing->by_name);
    if (placing->by_country > 0)
        fprintf(stderr, ", %zu in the middle of their country", placing->by_country);
    if (placing->nowhere > 0)
        fprintf(stderr, "; %zu left out, their place and country are on no map",
                placing->nowhere);
    fputs("\n", stderr);
}

/* The table must outlive the files. */
static enum status read_seizures(struct scan_files *files, struct watch_table *table,
                                 const struct reader_options *reading, int32_t as_of,
                                 struct err *err)
{
    struct load_counts counts;
    struct scan_placing placing;
    enum status status = load_table(table, &counts, reading, err);
    if (status == OK) {
        watch_tell_unread(reading->path, &counts);
        watch_table_settle(table);
        status = scan_files_from_table(files, &placing, table, as_of, err);
    }
    if (status == OK)
        tell_placing(&placing, &counts);
    return status;
}

int run_watch_scan(const struct arguments *arguments, const struct world *world)
{
    const char *cases = argument(arguments, "satscan");
    if (arguments->count != 1)
        return misused(arguments, "it takes a file of seizures, or a case file and a "
                                  "coordinates file: watch scan --satscan CASFILE GEOFILE");
    struct scan_wish wish;
    struct reader_options reading = {.path = arguments->words[0],
                                     .map_path = argument(arguments, "map"),
                                     .no_rejects_file = true};
    int code = read_wish(&wish, arguments);
    if (code == EXIT_DONE)
        code = option_format(&reading.format, arguments);
    if (code != EXIT_DONE)
        return code;
    int64_t start = world->monotonic_ns(world->context);
    struct pool *pool = pool_open((unsigned)wish.threads);
    struct watch_table table = {0};
    struct scan_files files = {0};
    struct scan_result result = {0};
    struct err err = {0};
    enum status status = cases != NULL
                             ? scan_files_read(&files, cases, arguments->words[0], &err)
                             : read_seizures(&files, &table, &reading, wish.until, &err);
    if (status == OK)
        status = run(&result, &files, &wish, pool, &err);
    double seconds = (double)(world->monotonic_ns(world->context) - start) / 1e9;
    if (status != OK)
        code = complain(arguments, status, &err);
    else if (arguments->json)
        print_json(&result, &files, seconds);
    else
        print_words(&result, &files, seconds);
    arena_release(&result.arena);
    scan_files_release(&files);
    watch_table_release(&table);
    pool_close(pool);
    return code;
}
