/* SPDX-License-Identifier: Apache-2.0
 *
 * watch run, alert judge, alert replay: the watch over the records of a node. Reading them is one
 * act, each alert kept is one, each verdict is one.
 *
 * What an alert was computed with stands in its `seed` ("seed 1 from DATE to DATE until DATE alarms
 * 1"), so that `alert replay` computes it again and compares the hash.
 */
#include "cli/desk.h"
#include "cli/watch_answer.h"

#include "record/date.h"
#include "watch/card.h"
#include "watch/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DAY_SECONDS = 86400 };

/* Alerts that are kept already: their seizures, and how they were judged. */
struct kept {
    struct bytes *seizures;
    size_t count, capacity;
    unsigned alerts, real, artefact;
};

static enum status keep_record(struct watch_table *table, struct kept *kept,
                               const struct shown *shown, struct arena *texts,
                               struct err *err)
{
    const struct record *record = &shown->record;
    if (strcmp(record->schema->name, "Alert") == 0) {
        size_t at = 0;
        const struct record_value *value;
        while ((value = record_next(record, "seizures", &at)) != NULL) {
            grow_to((void **)&kept->seizures, &kept->capacity, kept->count,
                    sizeof *kept->seizures);
            kept->seizures[kept->count++] = arena_bytes(texts, value->clean);
        }
        kept->alerts++;
        kept->real += bytes_is(record_first(record, "verdict"), "real");
        kept->artefact += bytes_is(record_first(record, "verdict"), "artefact");
        return OK;
    }
    struct facets facets;
    if (strcmp(record->schema->name, "Seizure") != 0 ||
        facets_of(&facets, record, NULL) != OK)
        return OK;
    char id[ID_TEXT];
    id_text(id, shown->id);
    return watch_table_add(table, &facets, 0, id, err);
}

/* All seizures and alerts that the person may see, by one act. */
static int read_node(struct watch_table *table, struct kept *kept, struct desk *desk)
{
    struct receipt *receipt = NULL;
    struct arena arena = {0};
    struct shown shown;
    struct err err = {.text = ""};
    struct act act = desk_act(desk, VERB_EXPORT);
    int code = desk_do(&receipt, desk, &act);
    if (code != EXIT_DONE) {
        receipt_close(receipt);
        return code;
    }
    enum status status;
    while ((status = receipt_next(&shown, receipt, &arena, &err)) == OK &&
           (status = keep_record(table, kept, &shown, &desk->arena, &err)) == OK)
        arena_reset(&arena);
    arena_release(&arena);
    receipt_close(receipt);
    return status == NOT_FOUND ? EXIT_DONE : complain(desk->arguments, status, &err);
}

static bool is_kept(const struct kept *kept, const struct watch_alert *alert)
{
    size_t same = 0;
    for (size_t i = 0; i < alert->row_count; i++)
        for (size_t k = 0; k < kept->count; k++)
            if (bytes_is(kept->seizures[k], alert->rows[i].id)) {
                same++;
                break;
            }
    return 2 * same >= alert->row_count;
}

static enum status add(struct record *record, const char *name, const char *text,
                       struct err *err)
{
    const struct property *property = schema_property(record->schema, bytes_text(name));
    return text[0] == '\0'
               ? OK
               : record_add(record, property, name, bytes_text(text), NULL, err);
}

static const char *settings_text(struct arena *arena,
                                 const struct watch_run_options *options)
{
    return arena_printf(arena, "seed %llu from %s to %s until %s alarms %.17g",
                        (unsigned long long)options->seed, day_text(arena, options->from),
                        day_text(arena, options->to),
                        day_text(arena, options->calibrate_until),
                        options->alarms_per_year);
}

static enum status make_record(struct record *record, struct desk *desk,
                               const struct watch_alert *alert, const char *settings,
                               struct err *err)
{
    struct arena *arena = &desk->arena;
    uint8_t random[ENTRY_ID];
    char made[ID_TEXT];
    record_init(record, schema_find(BYTES_OF("Alert")), arena);
    world_random(desk->world, random, sizeof random);
    id_text(made, random);
    record->id = arena_printf(arena, "alert-%s", made);
    record->id_made = true;
    record->purpose = desk->act.purpose;
    const char *years = isnan(alert->once_in_years)
                            ? ""
                            : arena_printf(arena, "%.4g", alert->once_in_years);
    const char *const pairs[][2] = {
        {"rule", alert->rule_text},
        {"name", alert->text},
        {"detector", watch_detector_name(alert->detector)},
        {"startDate", day_text(arena, alert->from)},
        {"endDate", day_text(arena, alert->to)},
        {"observed", arena_printf(arena, "%u", alert->observed)},
        {"expected", arena_printf(arena, "%.6g", alert->expected)},
        {"yearsBetween", years},
        {"seed", settings},
        {"inputHash", alert->hash},
    };
    enum status status = OK;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs && status == OK; i++)
        status = add(record, pairs[i][0], pairs[i][1], err);
    for (size_t i = 0; i < alert->row_count && status == OK; i++)
        status = add(record, "seizures", alert->rows[i].id, err);
    return status == OK ? record_finish(record, NULL, err) : status;
}

static int keep_alerts(struct desk *desk, const struct kept *kept,
                       const struct watch_result *result, const char *settings)
{
    unsigned added = 0;
    int code = EXIT_DONE;
    for (size_t i = 0; i < result->alert_count && code == EXIT_DONE; i++) {
        const struct watch_alert *alert = &result->alerts[i];
        if (alert->standing != WATCH_NEW || is_kept(kept, alert))
            continue;
        struct record record;
        struct receipt *receipt = NULL;
        struct err err = {.text = ""};
        enum status status = make_record(&record, desk, alert, settings, &err);
        if (status != OK)
            return complain(desk->arguments, status, &err);
        struct act act = desk_act(desk, VERB_NEW);
        act.record = &record;
        code = desk_do(&receipt, desk, &act);
        if (code == EXIT_DONE) {
            uint8_t id[ENTRY_ID];
            char text[ID_TEXT];
            receipt_object(id, receipt);
            id_text(text, id);
            fprintf(stderr, "kept as %s: %s\n", text, alert->text);
            added++;
        }
        receipt_close(receipt);
    }
    fprintf(stderr, "%u alerts kept, %u before", added, kept->alerts);
    if (kept->real + kept->artefact > 0)
        fprintf(stderr, "; of those judged, %u of %u were real", kept->real,
                kept->real + kept->artefact);
    fprintf(stderr, "\n");
    return code;
}

int run_watch_run(const struct arguments *arguments, const struct world *world)
{
    int32_t today = (int32_t)(world_now_s(world) / DAY_SECONDS);
    struct watch_run_options options = {.source = "the node's seizures",
                                        .today = today,
                                        .from = DAY_UNSET,
                                        .to = today,
                                        .calibrate_until = DAY_UNSET};
    int code = watch_option_day(&options.to, arguments, "as-of");
    if (code == EXIT_DONE)
        code = watch_option_alarms(&options.alarms_per_year, arguments);
    if (code == EXIT_DONE)
        code = watch_option_seed(&options.seed, arguments);
    if (code != EXIT_DONE)
        return code;
    if (arguments->count != 0)
        return misused(arguments,
                       "this watches the node and takes no file: enlace watch FILE");
    options.from = options.calibrate_until = options.to - COUNTS_WEEKS * 7 + 1;
    struct desk desk;
    struct watch_table table = {0};
    struct kept kept = {0};
    code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = read_node(&table, &kept, &desk);
    if (code == EXIT_DONE) {
        struct watch_result result;
        watch_run(&result, &table, &options);
        watch_answer(&result, arguments->json);
        code = keep_alerts(&desk, &kept, &result, settings_text(&desk.arena, &options));
        watch_result_release(&result);
    }
    watch_table_release(&table);
    free(kept.seizures);
    return desk_close(&desk, code);
}

/* ---- alert judge ---- */

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
    struct receipt *receipt = NULL;
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
    struct act act = desk_act(&desk, VERB_EDIT);
    memcpy(act.object, shown.id, ENTRY_ID);
    act.record = &record;
    act.before = shown.version;
    code = desk_do(&receipt, &desk, &act);
    if (code == EXIT_DONE)
        desk_show(&desk, shown.id, &record, shown.entered_s);
    receipt_close(receipt);
    return desk_close(&desk, code);
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

static bool read_day(int32_t *out, const char *text)
{
    struct date date;
    if (date_parse(&date, bytes_text(text), NULL, NULL) != OK || date.precision < DATE_DAY)
        return false;
    *out = date_day_number(&date);
    return true;
}

static bool read_settings(struct watch_run_options *options, const char *text)
{
    unsigned long long seed;
    char from[16], to[16], until[16];
    if (sscanf(text, "seed %llu from %15s to %15s until %15s alarms %lf", &seed, from, to,
               until, &options->alarms_per_year) != 5)
        return false;
    options->seed = seed;
    return read_day(&options->from, from) && read_day(&options->to, to) &&
           read_day(&options->calibrate_until, until) && options->from <= options->to;
}

static int compare(const struct watch_result *result, const char *hash,
                   const struct arguments *arguments)
{
    for (size_t i = 0; i < result->alert_count; i++) {
        if (strcmp(result->alerts[i].hash, hash) != 0)
            continue;
        if (arguments->json)
            watch_answer_alert(&result->alerts[i]);
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
    const char *settings = raw_text(&shown.record, "seed", &desk.arena);
    const char *hash = raw_text(&shown.record, "inputHash", &desk.arena);
    struct watch_table table = {0};
    struct kept kept = {0};
    if (!read_settings(&options, settings))
        code = complain(arguments,
                        fail(&err, BAD_INPUT, "%s does not say what it was computed with",
                             arguments->words[0]),
                        &err);
    if (code == EXIT_DONE)
        code = read_node(&table, &kept, &desk);
    if (code == EXIT_DONE) {
        struct watch_result result;
        watch_run(&result, &table, &options);
        code = compare(&result, hash, arguments);
        watch_result_release(&result);
    }
    watch_table_release(&table);
    free(kept.seizures);
    return desk_close(&desk, code);
}
