/* SPDX-License-Identifier: Apache-2.0
 *
 * watch FILE, watch replay FILE: notices and alerts of a file of seizures, without a node.
 */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/watch_answer.h"

#include "base/text.h"
#include "record/date.h"
#include "watch/load.h"
#include "watch/report.h"
#include "watch/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DAY_SECONDS = 86400 };
static const double ALARMS_MAX = 1000;

int watch_option_day(int32_t *out, const struct arguments *arguments, const char *name)
{
    const char *text = argument(arguments, name);
    struct date date;
    struct err err = {.text = ""};
    if (text == NULL)
        return EXIT_DONE;
    if (date_parse(&date, bytes_text(text), NULL, &err) != OK || date.precision < DATE_DAY)
        return misused(arguments, "--%s %s: a day is written 2012-01-31", name, text);
    date.precision = DATE_DAY;
    *out = date_day_number(&date);
    return EXIT_DONE;
}

int watch_option_alarms(double *out, const struct arguments *arguments)
{
    const char *text = argument(arguments, "alarms-per-year");
    *out = 1;
    if (text == NULL)
        return EXIT_DONE;
    if (!text_double(out, bytes_text(text)) || *out <= 0 || *out > ALARMS_MAX)
        return misused(arguments, "--alarms-per-year %s: a number above 0, at most %.0f",
                       text, ALARMS_MAX);
    return EXIT_DONE;
}

int watch_option_seed(uint64_t *out, const struct arguments *arguments)
{
    const char *text = argument(arguments, "seed");
    *out = 1;
    if (text != NULL && !text_u64(out, bytes_text(text)))
        return misused(arguments, "--seed %s: a whole number", text);
    return EXIT_DONE;
}

static int read_options(struct watch_run_options *options,
                        const struct arguments *arguments, const struct world *world,
                        bool replay)
{
    *options = (struct watch_run_options){
        .source = arguments->words[0],
        .today = (int32_t)(world_now_s(world) / DAY_SECONDS),
        .from = DAY_UNSET,
        .to = DAY_UNSET,
        .calibrate_until = DAY_UNSET,
    };
    int code = watch_option_day(&options->to, arguments, replay ? "to" : "as-of");
    if (code == EXIT_DONE && replay)
        code = watch_option_day(&options->from, arguments, "from");
    if (code == EXIT_DONE)
        code = watch_option_day(&options->calibrate_until, arguments, "calibrate-until");
    if (code == EXIT_DONE)
        code = watch_option_alarms(&options->alarms_per_year, arguments);
    if (code == EXIT_DONE)
        code = watch_option_seed(&options->seed, arguments);
    if (code == EXIT_DONE && options->from != DAY_UNSET && options->to != DAY_UNSET &&
        options->from > options->to)
        code = misused(arguments, "--from lies after --to");
    if (code == EXIT_DONE && options->from != DAY_UNSET && options->to != DAY_UNSET &&
        options->to - options->from > 50 * 366)
        code = misused(arguments, "--from to --to: at most fifty years at once");
    return code;
}

/* What the page is called says what it is. */
static int check_report(const struct arguments *arguments)
{
    static const char *const known[] = {".html", ".htm", ".xlsx"};
    const char *report = argument(arguments, "report");
    size_t len = report == NULL ? 0 : strlen(report);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t ending = strlen(known[i]);
        if (report == NULL ||
            (len > ending && text_same(bytes_text(report + len - ending), known[i])))
            return EXIT_DONE;
    }
    return misused(
        arguments,
        "--report %s: it ends in .html for a page or .xlsx for a workbook; a PDF "
        "is made by enlace watch briefing",
        report);
}

static int watch_file(const struct arguments *arguments, const struct world *world,
                      bool replay)
{
    if (arguments->count != 1)
        return misused(arguments, "one file of seizures is wanted");
    struct watch_run_options options;
    struct reader_options reading = {.path = arguments->words[0],
                                     .map_path = argument(arguments, "map"),
                                     .no_rejects_file = true};
    int code = read_options(&options, arguments, world, replay);
    if (code == EXIT_DONE)
        code = check_report(arguments);
    if (code == EXIT_DONE)
        code = option_format(&reading.format, arguments);
    if (code != EXIT_DONE)
        return code;
    struct watch_table table = {0};
    struct load_counts counts;
    struct err err = {.text = ""};
    enum status status = load_table(&table, &counts, &reading, &err);
    if (status != OK) {
        watch_table_release(&table);
        return complain(arguments, status, &err);
    }
    options.rejected_count = (size_t)counts.reader.rejected + counts.others;
    options.received_assumed = counts.received_assumed;
    watch_tell_unread(reading.path, &counts);
    struct watch_result result;
    watch_run(&result, NULL, &table, &options);
    watch_answer(&result, arguments->json, NULL);
    const char *report = argument(arguments, "report");
    if (report != NULL && report_write(report, &result, &err) != OK)
        code = complain(arguments, IO_FAILED, &err);
    bool nothing = table.count == 0 && options.rejected_count > 0;
    watch_result_release(&result);
    watch_table_release(&table);
    return code != EXIT_DONE ? code : nothing ? EXIT_REFUSED : EXIT_DONE;
}

int run_watch(const struct arguments *arguments, const struct world *world)
{
    return watch_file(arguments, world, false);
}

int run_watch_replay(const struct arguments *arguments, const struct world *world)
{
    if (argument(arguments, "from") == NULL || argument(arguments, "to") == NULL)
        return misused(arguments, "--from DATE and --to DATE are wanted");
    return watch_file(arguments, world, true);
}
