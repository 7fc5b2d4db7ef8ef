/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch_node.h"

#include "cli/host.h"
#include "record/date.h"
#include "store/note.h"
#include "watch/card.h"

#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BREATH = 512, CALIBRATION_DAYS = 91 };
static const char ELSEWHERE[] = "seizuresInCases";
static const char MADE_HERE[] = "watch:calibrations";
static const double SEIZURES_OFF = 0.1; /* of a calibration's, more or fewer by now */

void watch_node_release(struct watch_node *node)
{
    watch_table_release(&node->table);
    free(node->around);
    free(node->marks);
    free(node->calibrations);
    *node = (struct watch_node){0};
}

/* ---- who may see what ---- */

static int by_id(const void *a, const void *b)
{
    return memcmp(((const struct watch_around *)a)->id,
                  ((const struct watch_around *)b)->id, ENTRY_ID);
}

const struct watch_around *watch_node_around(const struct watch_node *node, const char *id)
{
    struct watch_around key;
    if (node->around_count == 0 || !hex_read(key.id, ENTRY_ID, bytes_text(id)))
        return NULL;
    return bsearch(&key, node->around, node->around_count, sizeof key, by_id);
}

static bool may_name(const void *context, const char *id)
{
    const struct watch_around *around = watch_node_around(context, id);
    return around != NULL && around->theirs;
}

struct watch_sight watch_node_sight(const struct watch_node *node)
{
    return (struct watch_sight){may_name, node};
}

bool watch_node_is_whole(const struct desk *desk)
{
    return entry_id_is_none(desk->act.case_id) && !desk->act.case_unknown;
}

static void note_around(struct watch_node *node, const struct shown *shown)
{
    grow_to((void **)&node->around, &node->around_capacity, node->around_count,
            sizeof *node->around);
    struct watch_around *around = &node->around[node->around_count++];
    *around =
        (struct watch_around){.handling = (uint8_t)shown->record.handling,
                              .theirs = !node->whole || entry_id_is_none(shown->case_id)};
    memcpy(around->id, shown->id, ENTRY_ID);
    memcpy(around->case_id, shown->case_id, ENTRY_ID);
}

/* The cases of who sits at the desk: an act, like any list of them. */
static enum status find_theirs(struct watch_node *node, struct err *err)
{
    struct receipt *receipt = NULL;
    struct arena arena = {0};
    struct shown shown;
    struct act act = desk_act(node->desk, VERB_CASE_LIST);
    enum status status = act_perform(&receipt, node->desk->store, &act, err);
    while (status == OK && (status = receipt_next(&shown, receipt, &arena, err)) == OK) {
        for (size_t i = 0; i < node->around_count; i++)
            if (!shown.unread && memcmp(node->around[i].case_id, shown.id, ENTRY_ID) == 0)
                node->around[i].theirs = true;
        arena_reset(&arena);
    }
    receipt_close(receipt);
    arena_release(&arena);
    for (size_t i = 0; i < node->around_count; i++)
        node->elsewhere += !node->around[i].theirs;
    return status == NOT_FOUND ? OK : status;
}

/* ---- seizures of alerts kept ---- */

/* An alert tells by these, and not by ids, which seizures it rests on. */
static uint64_t mark_of(struct bytes id)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    uint64_t mark = 0;
    crypto_hash_sha256(hash, id.at, id.len);
    for (size_t i = 0; i < sizeof mark; i++)
        mark = mark << 8 | hash[i];
    return mark;
}

static void add_mark(struct watch_node *node, uint64_t mark)
{
    grow_to((void **)&node->marks, &node->mark_capacity, node->mark_count,
            sizeof *node->marks);
    node->marks[node->mark_count++] = mark;
}

/* ---- reading ---- */

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

static bool read_parameters(struct kept_calibration *out, const char *text)
{
    char until[16];
    unsigned long long seed;
    struct calibration *c = &out->calibration;
    *c = (struct calibration){.threshold = NAN};
    int horizon,
        read = sscanf(text,
                      "watch 2 until %10s seed %llu alarms %lf threshold %lf low %lf high "
                      "%lf history %lf "
                      "horizon %d tail %lf %lf %lf judged %lf circles %lf %lf seizures %zu",
                      until, &seed, &c->alarms_per_year, &c->threshold, &c->rate_low,
                      &c->rate_high, &c->history_years, &horizon, &c->tail_from,
                      &c->tail_rate, &c->tail_scale, &c->judged_years, &c->where_scale.add,
                      &c->where_scale.times, &out->seizures);
    c->seed = seed;
    c->horizon_days = horizon;
    return read == 15 && isfinite(c->threshold) && isfinite(c->where_scale.add) &&
           isfinite(c->where_scale.times) && isfinite(c->alarms_per_year) && horizon >= 0 &&
           horizon < 100 * 366 && c->tail_scale >= 0 && c->where_scale.times >= 0 &&
           read_day(&out->until, until);
}

static const char *parameters_text(struct arena *arena, const struct calibration *c,
                                   int32_t until, size_t seizures)
{
    return arena_printf(arena,
                        "watch 2 until %s seed %llu alarms %.17g threshold %.17g low %.17g "
                        "high %.17g history %.17g horizon %d tail %.17g %.17g %.17g judged "
                        "%.17g circles %.17g %.17g seizures %zu",
                        day_text(arena, until), (unsigned long long)c->seed,
                        c->alarms_per_year, c->threshold, c->rate_low, c->rate_high,
                        c->history_years, c->horizon_days, c->tail_from, c->tail_rate,
                        c->tail_scale, c->judged_years, c->where_scale.add,
                        c->where_scale.times, seizures);
}

static void take_alert(struct watch_node *node, const struct record *record)
{
    size_t at = 0;
    const struct record_value *value;
    while ((value = record_next(record, "seizures", &at)) != NULL)
        add_mark(node, mark_of(value->clean));
    char *end = NULL;
    for (const char *marks = raw_text(record, ELSEWHERE, &node->desk->arena);;
         marks = end) {
        unsigned long long mark = strtoull(marks, &end, 16);
        if (end == marks)
            break;
        add_mark(node, mark);
    }
    node->alerts++;
    node->real += bytes_is(record_first(record, "verdict"), "real");
    node->artefact += bytes_is(record_first(record, "verdict"), "artefact");
}

static void take_calibration(struct watch_node *node, const struct shown *shown)
{
    struct kept_calibration kept = {.entered_s = shown->entered_s};
    id_text(kept.id, shown->id);
    /* One of another version of the watch says nothing here. */
    if (!read_parameters(&kept, raw_text(&shown->record, "parameters", &node->desk->arena)))
        return;
    grow_to((void **)&node->calibrations, &node->calibration_capacity,
            node->calibration_count, sizeof *node->calibrations);
    node->calibrations[node->calibration_count++] = kept;
}

static enum status take_record(struct watch_node *node, const struct shown *shown,
                               struct err *err)
{
    const struct record *record = &shown->record;
    struct facets facets;
    if (strcmp(record->schema->name, "Alert") == 0) {
        take_alert(node, record);
        return OK;
    }
    if (strcmp(record->schema->name, "Calibration") == 0) {
        take_calibration(node, shown);
        return OK;
    }
    if (strcmp(record->schema->name, "Seizure") != 0 ||
        facets_of(&facets, record, NULL) != OK)
        return OK;
    char id[ID_TEXT];
    id_text(id, shown->id);
    note_around(node, shown);
    node->received_assumed += facets.received_assumed;
    return watch_table_add(&node->table, &facets, 0, id, err);
}

static enum status read_made_here(struct watch_node *node, struct err *err)
{
    struct buf value = {.max = STATE_MAX};
    enum status status = store_state(&value, node->desk->store, MADE_HERE, err);
    if (status == OK)
        snprintf(node->made_here, sizeof node->made_here, "%.*s", (int)value.len,
                 (const char *)value.at);
    buf_release(&value);
    return status == NOT_FOUND ? OK : status;
}

enum status watch_node_read(struct watch_node *node, struct desk *desk, bool whole,
                            struct err *err)
{
    struct receipt *receipt = NULL;
    struct arena arena = {0};
    struct shown shown;
    *node = (struct watch_node){.desk = desk, .whole = whole};
    struct act act = desk_act(desk, whole ? VERB_WATCH_READ : VERB_EXPORT);
    if (whole)
        memset(act.case_id, 0, ENTRY_ID);
    enum status status = act_perform(&receipt, desk->store, &act, err);
    if (status == OK)
        status = read_made_here(node, err);
    for (size_t i = 1; status == OK; i++) {
        status = receipt_next(&shown, receipt, &arena, err);
        if (status == OK)
            status = take_record(node, &shown, err);
        arena_reset(&arena);
        if (i % BREATH == 0 && node_line_fd(desk->node) >= 0 && status == OK)
            status = node_answer(desk->node, 0, err);
    }
    arena_release(&arena);
    if (status == NOT_FOUND) {
        node->withheld = receipt_withheld(receipt);
        if (node->around_count > 0)
            qsort(node->around, node->around_count, sizeof *node->around, by_id);
        status = whole ? find_theirs(node, err) : OK;
        if (whole)
            watch_node_hide_words(node);
    }
    receipt_close(receipt);
    return status;
}

/* ---- calibrations ---- */

static bool is_good(const struct kept_calibration *kept,
                    const struct watch_run_options *options,
                    const struct watch_table *table)
{
    const struct calibration *c = &kept->calibration;
    if (c->alarms_per_year != options->alarms_per_year || c->seed != options->seed ||
        kept->until > options->from || options->from - kept->until > CALIBRATION_DAYS)
        return false;
    double then = (double)kept->seizures;
    return fabs((double)watch_received_before(table, kept->until) - then) <=
           SEIZURES_OFF * then;
}

const struct kept_calibration *
watch_node_calibration(const struct watch_node *node,
                       const struct watch_run_options *options)
{
    for (size_t i = node->calibration_count; i-- > 0;)
        if (strstr(node->made_here, node->calibrations[i].id) != NULL &&
            is_good(&node->calibrations[i], options, &node->table))
            return &node->calibrations[i];
    return NULL;
}

const struct kept_calibration *watch_node_calibration_by_id(const struct watch_node *node,
                                                            const char *id)
{
    for (size_t i = 0; i < node->calibration_count; i++)
        if (strcmp(node->calibrations[i].id, id) == 0)
            return &node->calibrations[i];
    return NULL;
}

/* ---- keeping ---- */

static enum status add(struct record *record, const char *name, const char *text,
                       struct err *err)
{
    const struct property *property = schema_property(record->schema, bytes_text(name));
    return text[0] == '\0'
               ? OK
               : record_add(record, property, name, bytes_text(text), NULL, err);
}

static enum status add_pairs(struct record *record, const char *const (*pairs)[2],
                             size_t count, struct err *err)
{
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK; i++)
        status = add(record, pairs[i][0], pairs[i][1], err);
    return status;
}

static void begin_record(struct record *record, struct desk *desk, const char *schema,
                         const char *kind)
{
    uint8_t random[ENTRY_ID];
    char made[ID_TEXT];
    record_init(record, schema_find(bytes_text(schema)), &desk->arena);
    world_random(desk->world, random, sizeof random);
    id_text(made, random);
    record->id = arena_printf(&desk->arena, "%s-%s", kind, made);
    record->id_made = true;
    record->purpose = desk->act.purpose;
}

static enum status keep(char id[ID_TEXT], struct desk *desk, const struct record *record,
                        struct err *err)
{
    struct receipt *receipt = NULL;
    uint8_t object[ENTRY_ID];
    struct act act = desk_act(desk, VERB_NEW);
    act.record = record;
    enum status status = act_perform(&receipt, desk->store, &act, err);
    if (status == OK) {
        receipt_object(object, receipt);
        id_text(id, object);
    }
    receipt_close(receipt);
    return status;
}

static enum status note_made_here(struct watch_node *node, const char *id, struct err *err)
{
    struct receipt *receipt = NULL;
    struct act act = desk_act(node->desk, VERB_WATCH);
    const char *made = node->made_here;
    if (strlen(made) >= (WATCH_MADE_MAX - 1) * (size_t)ID_TEXT)
        made += ID_TEXT; /* the oldest goes */
    const char *text = arena_printf(&node->desk->arena, "%s%s\n", made, id);
    act.state = MADE_HERE;
    act.value = bytes_text(text);
    act.note = bytes_text(id);
    enum status status = act_perform(&receipt, node->desk->store, &act, err);
    receipt_close(receipt);
    if (status == OK)
        snprintf(node->made_here, sizeof node->made_here, "%s", text);
    return status;
}

enum status watch_node_keep_calibration(char id[ID_TEXT], struct watch_node *node,
                                        const struct calibration *c, int32_t until,
                                        struct err *err)
{
    struct arena *arena = &node->desk->arena;
    struct record record;
    size_t seizures = watch_received_before(&node->table, until);
    begin_record(&record, node->desk, "Calibration", "calibration");
    const char *const pairs[][2] = {
        {"until", day_text(arena, until)},
        {"seed", arena_printf(arena, "%llu", (unsigned long long)c->seed)},
        {"alarmsPerYear", arena_printf(arena, "%.6g", c->alarms_per_year)},
        {"threshold", arena_printf(arena, "%.6g", c->threshold)},
        {"rateLow", isnan(c->rate_low) ? "" : arena_printf(arena, "%.4g", c->rate_low)},
        {"rateHigh", isnan(c->rate_high) ? "" : arena_printf(arena, "%.4g", c->rate_high)},
        {"historyYears", arena_printf(arena, "%.4g", c->history_years)},
        {"judgedYears", arena_printf(arena, "%.4g", c->judged_years)},
        {"seizureCount", arena_printf(arena, "%zu", seizures)},
        {"parameters", parameters_text(arena, c, until, seizures)},
    };
    enum status status = add_pairs(&record, pairs, sizeof pairs / sizeof *pairs, err);
    if (status == OK)
        status = record_finish(&record, NULL, err);
    if (status == OK)
        status = keep(id, node->desk, &record, err);
    return status == OK ? note_made_here(node, id, err) : status;
}

static bool is_kept(const struct watch_node *node, const struct watch_alert *alert)
{
    size_t same = 0;
    for (size_t i = 0; i < alert->row_count; i++) {
        uint64_t mark = mark_of(bytes_text(alert->rows[i].id));
        for (size_t k = 0; k < node->mark_count; k++)
            if (node->marks[k] == mark) {
                same++;
                break;
            }
    }
    return 2 * same >= alert->row_count;
}

static const char *value_of(const struct watch_alert *alert, enum facet facet)
{
    for (size_t i = 0; i < alert->facet_count; i++)
        if (alert->facets[i].facet == facet && alert->facets[i].value_count == 1 &&
            strcmp(alert->facets[i].values[0], WATCH_HIDDEN) != 0)
            return alert->facets[i].values[0];
    return "";
}

/* The ids that everybody who can read the alert may see; of the others their number and marks. */
static enum status add_seizures(struct record *record, const struct watch_node *node,
                                const struct watch_alert *alert, struct err *err)
{
    struct buf marks = {.max = 32 * 1024 * 1024};
    enum status status = OK;
    for (size_t i = 0; i < alert->row_count && status == OK; i++) {
        const char *id = alert->rows[i].id;
        const struct watch_around *around = watch_node_around(node, id);
        if (around != NULL)
            record->handling |= around->handling;
        if (!node->whole || (around != NULL && entry_id_is_none(around->case_id)))
            status = add(record, "seizures", id, err);
        else
            buf_addf(&marks, "%s%016llx", marks.len > 0 ? " " : "",
                     (unsigned long long)mark_of(bytes_text(id)));
    }
    if (status == OK && marks.len > 0)
        status = record_add(record, NULL, ELSEWHERE, buf_bytes(&marks), NULL, err);
    if ((record->handling & HANDLING_H3) != 0)
        record->handling_note = "as the seizures that it counts";
    buf_release(&marks);
    return status;
}

static enum status make_alert(struct record *record, struct watch_node *node,
                              const struct watch_alert *alert, const char *settings,
                              struct err *err)
{
    struct desk *desk = node->desk;
    struct arena *arena = &desk->arena;
    bool circle = !isnan(alert->circle.radius_km);
    begin_record(record, desk, "Alert", "alert");
    const char *const pairs[][2] = {
        {"rule", alert->rule_text},
        {"name", alert->text},
        {"detector", watch_detector_name(alert->detector)},
        {"startDate", day_text(arena, alert->from)},
        {"endDate", day_text(arena, alert->to)},
        {"place", circle ? alert->circle.centre : value_of(alert, FACET_PLACE)},
        {"latitude", circle ? arena_printf(arena, "%.4f", alert->circle.latitude) : ""},
        {"longitude", circle ? arena_printf(arena, "%.4f", alert->circle.longitude) : ""},
        {"radiusKm", circle ? arena_printf(arena, "%.1f", alert->circle.radius_km) : ""},
        {"commodity", value_of(alert, FACET_COMMODITY)},
        {"observed", arena_printf(arena, "%u", alert->observed)},
        {"expected", arena_printf(arena, "%.6g", alert->expected)},
        {"yearsBetween", isnan(alert->once_in_years)
                             ? ""
                             : arena_printf(arena, "%.4g", alert->once_in_years)},
        {"seed", settings},
        {"inputHash", alert->hash},
    };
    enum status status = add_pairs(record, pairs, sizeof pairs / sizeof *pairs, err);
    if (status == OK)
        status = add_seizures(record, node, alert, err);
    return status == OK ? record_finish(record, NULL, err) : status;
}

enum status watch_node_keep_alerts(unsigned *added, struct watch_node *node,
                                   const struct watch_result *result, const char *settings,
                                   watch_node_told *told, struct err *err)
{
    enum status status = OK;
    *added = 0;
    for (size_t i = 0; i < result->alert_count && status == OK; i++) {
        const struct watch_alert *alert = &result->alerts[i];
        struct record record;
        char id[ID_TEXT];
        if (alert->standing != WATCH_NEW || is_kept(node, alert))
            continue;
        status = make_alert(&record, node, alert, settings, err);
        if (status == OK)
            status = keep(id, node->desk, &record, err);
        if (status != OK)
            break;
        ++*added;
        if (told != NULL)
            told(NULL, id, alert);
    }
    return status;
}

/* ---- settings ---- */

const char *watch_settings_text(const struct watch_node *node,
                                const struct watch_run_options *options,
                                const char *calibration)
{
    struct arena *arena = &node->desk->arena;
    return arena_printf(arena, "seed %llu from %s to %s until %s alarms %.17g by %s%s",
                        (unsigned long long)options->seed, day_text(arena, options->from),
                        day_text(arena, options->to),
                        day_text(arena, options->calibrate_until), options->alarms_per_year,
                        calibration[0] == '\0' ? "none" : calibration,
                        node->whole ? " over node" : "");
}

bool watch_settings_parse(struct watch_run_options *options, bool *whole,
                          char calibration[ID_TEXT], const char *text)
{
    unsigned long long seed;
    char from[16], to[16], until[16], by[ID_TEXT] = "none", over[8] = "";
    int read =
        sscanf(text, "seed %llu from %15s to %15s until %15s alarms %lf by %32s over %7s",
               &seed, from, to, until, &options->alarms_per_year, by, over);
    if (read < 5)
        return false;
    _Static_assert(ID_TEXT == 33, "the %32s above");
    options->seed = seed;
    *whole = strcmp(over, "node") == 0;
    snprintf(calibration, ID_TEXT, "%s", strcmp(by, "none") == 0 ? "" : by);
    return read_day(&options->from, from) && read_day(&options->to, to) &&
           read_day(&options->calibrate_until, until) && options->from <= options->to;
}
