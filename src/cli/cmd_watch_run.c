/* SPDX-License-Identifier: Apache-2.0
 *
 * watch run, watch calibrate, alert judge, alert replay: the watch over the records of a node.
 * Reading them is one act, each alert and calibration kept is one, each verdict is one.
 *
 * What an alert was computed with stands in its `seed` (watch_settings_text), so that `alert replay`
 * computes it again and compares the hash.
 */
#include "base/text.h"
#include "cli/json_line.h"
#include "cli/options.h"
#include "cli/watch_answer.h"
#include "cli/watch_node.h"

#include "record/date.h"
#include "watch/load.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_SECONDS = 86400 };

/* The days a run looks at, and what the options say of the rest. */
static int read_options(struct watch_run_options *options,
                        const struct arguments *arguments, const struct world *world)
{
    int32_t today = (int32_t)(world_now_s(world) / DAY_SECONDS);
    *options = (struct watch_run_options){.source = "the node's seizures",
                                          .today = today,
                                          .from = DAY_UNSET,
                                          .to = today,
                                          .calibrate_until = DAY_UNSET};
    int code = watch_option_day(&options->to, arguments, "as-of");
    if (code == EXIT_DONE)
        code = watch_option_alarms(&options->alarms_per_year, arguments);
    if (code == EXIT_DONE)
        code = watch_option_seed(&options->seed, arguments);
    options->from = options->calibrate_until = options->to - WATCH_DAYS + 1;
    return code;
}

/* ---- watch run ---- */

static void tell_kept(void *context, const char *id, const struct watch_alert *alert)
{
    (void)context;
    fprintf(stderr, "kept as %s: %s\n", id, alert->text);
}

static void tell_counts(const struct watch_node *node, unsigned added)
{
    fprintf(stderr, "%u %s kept, %u before", added, plural(added, "alert", "alerts"),
            node->alerts);
    if (node->real + node->artefact > 0)
        fprintf(stderr, "; of those judged, %u of %u were real", node->real,
                node->real + node->artefact);
    fprintf(stderr, "\n");
}

static void tell_scope(const struct watch_node *node)
{
    if (!node->whole)
        fprintf(stderr, "only what lies in the case was watched; without --case the whole "
                        "node is\n");
    if (node->elsewhere > 0)
        fprintf(stderr, "%zu of them %s you do not belong to: counted, not shown\n",
                node->elsewhere, plural(node->elsewhere, "lies in a case", "lie in cases"));
    if (node->withheld > 0)
        fprintf(stderr,
                "%zu more %s not counted: in cases under H3, or said by informants\n",
                node->withheld, plural(node->withheld, "was", "were"));
}

static enum status run_and_keep(struct watch_node *node, struct watch_run_options *options,
                                bool json, struct err *err)
{
    struct watch_result result;
    struct calibration used;
    char calibration[ID_TEXT] = "";
    unsigned added = 0;
    const struct kept_calibration *kept = watch_node_calibration(node, options);
    if (kept != NULL) {
        options->given = &kept->calibration;
        options->calibrate_until = kept->until;
        snprintf(calibration, sizeof calibration, "%s", kept->id);
    }
    options->received_assumed = node->received_assumed;
    watch_run(&result, &used, &node->table, options);
    enum status status = OK;
    if (kept == NULL && used.history_years > 0)
        status = watch_node_keep_calibration(calibration, node, &used,
                                             options->calibrate_until, err);
    fprintf(stderr, "calibration %s, %s\n", calibration[0] == '\0' ? "none" : calibration,
            kept != NULL             ? "kept before"
            : calibration[0] != '\0' ? "made now and kept"
                                     : "the history is too short");
    const struct watch_sight sight = watch_node_sight(node);
    watch_answer(&result, json, &sight);
    tell_scope(node);
    if (status == OK)
        status = watch_node_keep_alerts(&added, node, &result,
                                        watch_settings_text(node, options, calibration),
                                        tell_kept, err);
    tell_counts(node, added);
    calibration_release(&used);
    watch_result_release(&result);
    return status;
}

int run_watch_run(const struct arguments *arguments, const struct world *world)
{
    struct watch_run_options options;
    int code = read_options(&options, arguments, world);
    if (code != EXIT_DONE)
        return code;
    if (arguments->count != 0)
        return misused(arguments,
                       "this watches the node and takes no file: enlace watch FILE");
    struct desk desk;
    struct watch_node node = {0};
    struct err err = {.text = ""};
    code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    bool whole = watch_node_is_whole(&desk);
    if (!whole)
        options.source = "the case's seizures";
    enum status status = watch_node_read(&node, &desk, whole, &err);
    if (status == OK)
        status = run_and_keep(&node, &options, arguments->json, &err);
    watch_node_release(&node);
    return desk_close(&desk, status == OK ? EXIT_DONE : complain(arguments, status, &err));
}

/* ---- watch calibrate ---- */

static void put_rounded(struct json_line *line, const char *key, double number)
{
    if (isfinite(number)) {
        json_line_rounded(line, key, number);
        return;
    }
    json_key(&line->json, key);
    json_put_null(&line->json);
}

static void answer_calibration(const struct arguments *arguments, const char *id,
                               const struct calibration *c, int32_t until, size_t seizures)
{
    char day[DATE_TEXT_SIZE];
    struct date date = date_from_day_number(until);
    date_print(day, &date);
    if (arguments->json) {
        struct json_line line;
        json_line_begin(&line);
        json_key(&line.json, "calibration");
        id[0] != '\0' ? json_put_text(&line.json, bytes_text(id))
                      : json_put_null(&line.json);
        json_text_member(&line.json, "until", day);
        json_number_member(&line.json, "threshold", c->threshold);
        put_rounded(&line, "alarms_per_year", c->alarms_per_year);
        put_rounded(&line, "rate_low", c->rate_low);
        put_rounded(&line, "rate_high", c->rate_high);
        put_rounded(&line, "history_years", c->history_years);
        put_rounded(&line, "judged_years", c->judged_years);
        json_count_member(&line.json, "seizures", seizures);
        json_count_member(&line.json, "seed", c->seed);
        json_line_end(&line);
        return;
    }
    if (c->history_years <= 0) {
        printf("%zu %s before %s %s less than a year: a fixed threshold of %.0f is "
               "used, and how often an alarm comes for nothing is not known\n",
               seizures, plural(seizures, "seizure", "seizures"), day,
               plural(seizures, "is", "are"), c->threshold);
        return;
    }
    printf("threshold %.2f for %g %s a year (90 %%: %.2g to %.2g)\n", c->threshold,
           c->alarms_per_year, c->alarms_per_year == 1 ? "alarm" : "alarms", c->rate_low,
           c->rate_high);
    printf("from %zu %s in the %.1f years before %s; %.0f years of shuffled history, "
           "seed %llu\n",
           seizures, plural(seizures, "seizure", "seizures"), c->history_years, day,
           c->judged_years, (unsigned long long)c->seed);
    if (id[0] != '\0')
        printf("kept as %s\n", id);
}

static int calibrate_file(const struct arguments *arguments,
                          const struct watch_run_options *options)
{
    struct reader_options reading = {.path = arguments->words[0],
                                     .map_path = argument(arguments, "map"),
                                     .no_rejects_file = true};
    struct watch_table table = {0};
    struct load_counts counts;
    struct calibration calibration;
    struct err err = {.text = ""};
    int code = option_format(&reading.format, arguments);
    if (code != EXIT_DONE)
        return code;
    if (load_table(&table, &counts, &reading, &err) != OK) {
        watch_table_release(&table);
        return complain(arguments, BAD_INPUT, &err);
    }
    watch_tell_unread(reading.path, &counts);
    watch_calibrate(&calibration, &table, options);
    answer_calibration(arguments, "", &calibration, options->calibrate_until,
                       watch_received_before(&table, options->calibrate_until));
    calibration_release(&calibration);
    watch_table_release(&table);
    return EXIT_DONE;
}

static int calibrate_node(const struct arguments *arguments, const struct world *world,
                          const struct watch_run_options *options)
{
    struct desk desk;
    struct watch_node node = {0};
    struct calibration calibration;
    char id[ID_TEXT] = "";
    struct err err = {.text = ""};
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    enum status status = watch_node_read(&node, &desk, watch_node_is_whole(&desk), &err);
    if (status == OK) {
        watch_calibrate(&calibration, &node.table, options);
        if (calibration.history_years > 0)
            status = watch_node_keep_calibration(id, &node, &calibration,
                                                 options->calibrate_until, &err);
        if (status == OK)
            answer_calibration(
                arguments, id, &calibration, options->calibrate_until,
                watch_received_before(&node.table, options->calibrate_until));
        calibration_release(&calibration);
    }
    watch_node_release(&node);
    return desk_close(&desk, status == OK ? EXIT_DONE : complain(arguments, status, &err));
}

int run_watch_calibrate(const struct arguments *arguments, const struct world *world)
{
    struct watch_run_options options;
    int code = read_options(&options, arguments, world);
    if (code == EXIT_DONE)
        code = watch_option_day(&options.calibrate_until, arguments, "until");
    if (code != EXIT_DONE)
        return code;
    if (arguments->count > 1)
        return misused(arguments, "one file at most is wanted, or a node: -n DIR");
    return arguments->count == 1 ? calibrate_file(arguments, &options)
                                 : calibrate_node(arguments, world, &options);
}

/* ---- alert judge ---- */

static enum status add(struct record *record, const char *name, const char *text,
                       struct err *err)
{
    const struct property *property = schema_property(record->schema, bytes_text(name));
    return record_add(record, property, name, bytes_text(text), NULL, err);
}

int run_alert_judge(const struct arguments *arguments, const struct world *world)
{
    static const char *const verdicts[] = {"real", "unclear", "artefact"};
    bool known = false;
    for (size_t i = 0; arguments->count == 2 && i < sizeof verdicts / sizeof *verdicts; i++)
        known = known || strcmp(arguments->words[1], verdicts[i]) == 0;
    if (!known)
        return misused(arguments,
                       "an id and a verdict are wanted: real, unclear or artefact");
    struct desk desk;
    struct shown shown;
    struct record record;
    struct err err = {.text = ""};
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = desk_read(&shown, &desk, arguments->words[0]);
    if (code != EXIT_DONE)
        return desk_close(&desk, code);
    enum status status = OK;
    if (strcmp(shown.record.schema->name, "Alert") != 0)
        status = fail(&err, BAD_INPUT, "%s is a %s and no alert", arguments->words[0],
                      shown.record.schema->name);
    record = shown.record;
    record.values = NULL;
    record.count = record.capacity = 0;
    for (size_t i = 0; i < shown.record.count && status == OK; i++) {
        const struct record_value *value = &shown.record.values[i];
        if (strcmp(value->name, "verdict") != 0)
            status = record_add_exactly(&record, value->property, value->name, value->raw,
                                        value->format, &err);
    }
    if (status == OK)
        status = add(&record, "verdict", arguments->words[1], &err);
    if (status == OK)
        status = record_finish(&record, NULL, &err);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    return desk_close(&desk, desk_edit(&desk, &shown, &record));
}

/* ---- alert replay ---- */

/* As it was written; a checksum may be of a kind that its type does not know. */
static const char *raw_text(const struct record *record, const char *name,
                            struct arena *arena)
{
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->values[i].name, name) == 0)
            return arena_text(arena, record->values[i].raw);
    return "";
}

static int compare(const struct watch_result *result, const char *hash,
                   const struct watch_node *node, const struct arguments *arguments)
{
    const struct watch_sight sight = watch_node_sight(node);
    for (size_t i = 0; i < result->alert_count; i++) {
        if (strcmp(result->alerts[i].hash, hash) != 0)
            continue;
        if (arguments->json)
            watch_answer_alert(&result->alerts[i], &sight);
        else
            printf("the same: %s\n", result->alerts[i].text);
        return EXIT_DONE;
    }
    fprintf(stderr,
            "enlace alert replay: computed again it is not the same; seizures were added, "
            "changed or erased since\n");
    return EXIT_REFUSED;
}

int run_alert_replay(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct shown shown;
    struct err err = {.text = ""};
    if (arguments->count != 1)
        return misused(arguments, "name one alert by its id");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = desk_read(&shown, &desk, arguments->words[0]);
    if (code != EXIT_DONE)
        return desk_close(&desk, code);
    struct watch_run_options options = {.source = "the node's seizures",
                                        .today =
                                            (int32_t)(world_now_s(world) / DAY_SECONDS)};
    char calibration[ID_TEXT] = "";
    const char *settings = raw_text(&shown.record, "seed", &desk.arena);
    const char *hash = raw_text(&shown.record, "inputHash", &desk.arena);
    struct watch_node node = {0};
    enum status status = OK;
    bool whole = false;
    /* Over what it was computed then, whatever case was named now. */
    memcpy(desk.act.case_id, shown.case_id, ENTRY_ID);
    desk.act.case_unknown = false;
    if (strcmp(shown.record.schema->name, "Alert") != 0)
        status = fail(&err, BAD_INPUT, "%s is a %s and no alert", arguments->words[0],
                      shown.record.schema->name);
    else if (!watch_settings_parse(&options, &whole, calibration, settings))
        status = fail(&err, BAD_INPUT, "%s does not say what it was computed with",
                      arguments->words[0]);
    if (status == OK)
        status = watch_node_read(&node, &desk, whole, &err);
    if (status == OK && calibration[0] != '\0') {
        const struct kept_calibration *kept =
            watch_node_calibration_by_id(&node, calibration);
        if (kept != NULL)
            options.given = &kept->calibration;
        else
            fprintf(stderr, "its calibration %s is no longer there; it is made again\n",
                    calibration);
    }
    code = status == OK ? EXIT_DONE : complain(arguments, status, &err);
    if (code == EXIT_DONE) {
        struct watch_result result;
        watch_run(&result, NULL, &node.table, &options);
        code = compare(&result, hash, &node, arguments);
        watch_result_release(&result);
    }
    watch_node_release(&node);
    return desk_close(&desk, code);
}
