/* SPDX-License-Identifier: Apache-2.0
 *
 * watch briefing FILE: what the watch finds in a file, on two pages for those who decide.
 */
#include "cli/command.h"
#include "cli/json_line.h"
#include "cli/options.h"
#include "cli/watch_answer.h"

#include "base/text.h"
#include "record/date.h"
#include "watch/briefing.h"
#include "watch/load.h"
#include "watch/run.h"

#include <stdio.h>

enum { DAY_SECONDS = 86400 };
static const double ALARMS_MAX = 1000;

struct briefing_wish {
    const char *output;
    enum language language;
    struct watch_run_options run;
    struct reader_options reading;
};

static int read_day(int32_t *out, const struct arguments *arguments, const char *name)
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

static int read_wish(struct briefing_wish *wish, const struct arguments *arguments,
                     const struct world *world)
{
    const char *file = arguments->words[0], *language = argument(arguments, "language");
    const char *alarms = argument(arguments, "alarms-per-year");
    const char *seed = argument(arguments, "seed");
    *wish = (struct briefing_wish){
        .output = argument(arguments, "output"),
        .language = language == NULL ? LANGUAGE_EN : language_find(language),
        .run = {.source = file,
                .today = (int32_t)(world_now_s(world) / DAY_SECONDS),
                .from = DAY_UNSET,
                .to = DAY_UNSET,
                .calibrate_until = DAY_UNSET,
                .alarms_per_year = 1,
                .seed = 1},
        .reading = {
            .path = file, .map_path = argument(arguments, "map"), .no_rejects_file = true}};
    if (wish->output == NULL)
        return misused(arguments, "--output FILE.pdf is wanted");
    if (wish->language == LANGUAGE_COUNT)
        return misused(arguments, "--language %s: it is en, es, fr or pt", language);
    double *rate = &wish->run.alarms_per_year;
    if (alarms != NULL &&
        (!text_double(rate, bytes_text(alarms)) || *rate <= 0 || *rate > ALARMS_MAX))
        return misused(arguments, "--alarms-per-year %s: a number above 0, at most %.0f",
                       alarms, ALARMS_MAX);
    if (seed != NULL && !text_u64(&wish->run.seed, bytes_text(seed)))
        return misused(arguments, "--seed %s: a whole number", seed);
    int code = option_format(&wish->reading.format, arguments);
    if (code == EXIT_DONE)
        code = read_day(&wish->run.to, arguments, "as-of");
    if (code == EXIT_DONE)
        code = read_day(&wish->run.calibrate_until, arguments, "calibrate-until");
    return code;
}

static enum status make(const struct briefing_wish *wish, struct watch_result *result,
                        struct err *err)
{
    struct watch_table table = {0};
    struct load_counts counts;
    struct watch_run_options run = wish->run;
    enum status status = load_table(&table, &counts, &wish->reading, err);
    if (status == OK) {
        watch_tell_unread(wish->reading.path, &counts);
        run.rejected_count = (size_t)counts.reader.rejected + counts.others;
        run.received_assumed = counts.received_assumed;
        watch_run(result, NULL, &table, &run);
        status = briefing_write(wish->output, result, wish->language, err);
    }
    watch_table_release(&table);
    return status;
}

int run_watch_briefing(const struct arguments *arguments, const struct world *world)
{
    if (arguments->count != 1)
        return misused(arguments, "one file of seizures is wanted");
    struct briefing_wish wish;
    int code = read_wish(&wish, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct watch_result result = {.source = ""};
    struct err err = {.text = ""};
    enum status status = make(&wish, &result, &err);
    if (status != OK) {
        code = complain(arguments, status, &err);
    } else if (arguments->json) {
        struct json_line line;
        json_line_begin(&line);
        json_text_member(&line.json, "briefing", wish.output);
        json_text_member(&line.json, "language", language_code(wish.language));
        json_count_member(&line.json, "alerts", result.alert_count);
        json_count_member(&line.json, "notices", result.notice_count);
        json_line_end(&line);
    } else {
        printf("%s: %zu alert%s, %zu notice%s, two pages\n", wish.output,
               result.alert_count, plural(result.alert_count, "", "s"), result.notice_count,
               plural(result.notice_count, "", "s"));
    }
    watch_result_release(&result);
    return code;
}
