/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch_daily.h"

#include "base/text.h"
#include "cli/json_line.h"

#include "base/log.h"
#include "record/date.h"
#include "store/note.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

enum { DAY_SECONDS = 86400, VALUE_MAX = 1024 };
static const char *const ran_words[] = {"never", "begun", "done", "failed"};
static const char ORDER[] = "watch:daily", RAN[] = "watch:ran";

/* From reading to keeping. The thread has table, options and result between start and ready. */
struct watch_job {
    struct desk desk;
    struct watch_node node;
    struct watch_run_options options;
    struct watch_ran ran;
    char calibration[ID_TEXT];
    thrd_t thread;
    atomic_bool ready;
    struct watch_result result;
    struct calibration used;
};

/* ---- the two states ---- */

bool watch_order_print(struct buf *out, const struct watch_order *order)
{
    char case_id[ID_TEXT];
    id_text(case_id, order->case_id);
    if (!order->on) {
        buf_add_text(out, "off");
        return true;
    }
    buf_addf(out, "on alarms %.17g seed %llu purpose %s case %s login %s",
             order->alarms_per_year, (unsigned long long)order->seed,
             purpose_word(order->purpose), case_id, order->login);
    return out->len < VALUE_MAX && strlen(order->login) < sizeof order->login;
}

static enum status read_state(char text[VALUE_MAX], struct store *store, const char *name,
                              struct err *err)
{
    struct buf value = {.max = STATE_MAX};
    enum status status = store_state(&value, store, name, err);
    text[0] = '\0';
    if (status == OK)
        snprintf(text, VALUE_MAX, "%.*s", (int)value.len, (const char *)value.at);
    buf_release(&value);
    return status == NOT_FOUND ? OK : status;
}

enum status watch_order_read(struct watch_order *order, struct store *store,
                             struct err *err)
{
    char text[VALUE_MAX], purpose[32], case_id[ID_TEXT];
    unsigned long long seed;
    *order = (struct watch_order){.on = false};
    enum status status = read_state(text, store, ORDER, err);
    if (status != OK || strncmp(text, "on ", 3) != 0)
        return status;
    int read =
        sscanf(text, "on alarms %lf seed %llu purpose %31s case %32s login %127[^\n]",
               &order->alarms_per_year, &seed, purpose, case_id, order->login);
    if (read != 5 || !hex_read(order->case_id, ENTRY_ID, bytes_text(case_id)) ||
        !(order->alarms_per_year > 0))
        return fail(err, CONFLICT, "the order for the daily watch is damaged");
    order->seed = seed;
    order->on = true;
    return purpose_parse(&order->purpose, bytes_text(purpose), err);
}

enum status watch_ran_read(struct watch_ran *ran, struct store *store, struct err *err)
{
    char text[VALUE_MAX], state[16];
    *ran = (struct watch_ran){.state = WATCH_NEVER};
    enum status status = read_state(text, store, RAN, err);
    if (status != OK || sscanf(text, "day %d tries %u kept %u state %15s %199[^\n]",
                               &ran->day, &ran->tries, &ran->kept, state, ran->why) < 4)
        return status;
    ran->state = strcmp(state, "done") == 0     ? WATCH_DONE
                 : strcmp(state, "failed") == 0 ? WATCH_FAILED
                                                : WATCH_BEGUN;
    return OK;
}

static enum status note_ran(struct store *store, const struct watch_ran *ran,
                            struct err *err)
{
    struct buf value = {.max = VALUE_MAX};
    buf_addf(&value, "day %d tries %u kept %u state %s %s", ran->day, ran->tries, ran->kept,
             ran_words[ran->state], ran->why);
    const struct note note = {.verb = VERB_WATCH,
                              .body = buf_bytes(&value),
                              .state = RAN,
                              .value = buf_bytes(&value)};
    enum status status = store_note(NULL, store, &note, err);
    if (status == OK)
        status = store_commit(store, err);
    buf_release(&value);
    return status;
}

/* ---- how it stands ---- */

enum status watch_status_read(struct watch_status *standing, struct store *store,
                              struct err *err)
{
    enum status status = watch_order_read(&standing->order, store, err);
    return status == OK ? watch_ran_read(&standing->ran, store, err) : status;
}

static void day_words(char out[DATE_TEXT_SIZE], int32_t day)
{
    struct date date = date_from_day_number(day);
    date_print(out, &date);
}

void watch_status_json(struct json_line *line, const struct watch_status *standing)
{
    const struct watch_ran *ran = &standing->ran;
    char day[DATE_TEXT_SIZE];
    json_key(&line->json, "watch");
    json_begin_map(&line->json);
    json_key(&line->json, "daily");
    json_put_bool(&line->json, standing->order.on);
    json_key(&line->json, "last");
    if (ran->state == WATCH_NEVER) {
        json_put_null(&line->json);
    } else {
        day_words(day, ran->day);
        json_put_text(&line->json, bytes_text(day));
    }
    json_text_member(&line->json, "state", ran_words[ran->state]);
    json_count_member(&line->json, "kept", ran->kept);
    if (ran->state == WATCH_FAILED)
        json_text_member(&line->json, "why", ran->why);
    json_end_map(&line->json);
}

void watch_status_words(const struct watch_status *standing)
{
    const struct watch_ran *ran = &standing->ran;
    char day[DATE_TEXT_SIZE];
    printf("  %-10s %s", "watch", standing->order.on ? "every day" : "not by itself");
    if (ran->state != WATCH_NEVER) {
        day_words(day, ran->day);
        printf("; last on %s, %s", day, ran_words[ran->state]);
    }
    if (ran->state == WATCH_DONE)
        printf(", %u alert%s kept", ran->kept, plural(ran->kept, "", "s"));
    if (ran->state == WATCH_FAILED)
        printf(": %s", ran->why);
    printf("\n");
}

/* ---- one day ---- */

static void job_free(struct watch_job *job)
{
    watch_node_release(&job->node);
    watch_result_release(&job->result);
    calibration_release(&job->used);
    arena_release(&job->desk.arena);
    free(job);
}

static int compute(void *context)
{
    struct watch_job *job = context;
    watch_run(&job->result, &job->used, &job->node.table, &job->options);
    atomic_store(&job->ready, true);
    return 0;
}

/* As the person who ordered it, with the roles they have today. */
static enum status sit_down(struct watch_job *job, struct watch_daily *daily,
                            struct node *node, const struct watch_order *order,
                            struct err *err)
{
    struct desk *desk = &job->desk;
    *desk = (struct desk){
        .world = daily->world,
        .folder = daily->folder,
        .node = node,
        .store = node_store(node),
        .act = {.purpose = order->purpose, .reason = "the daily watch, as ordered"}};
    desk->settings = store_settings(desk->store);
    desk->login = arena_printf(&desk->arena, "%s", order->login);
    memcpy(desk->act.case_id, order->case_id, ENTRY_ID);
    enum status status =
        store_find_user(desk->act.who, &desk->roles, desk->store, order->login, err);
    return status == NOT_FOUND
               ? fail(err, REFUSED, "who switched the daily watch on is no user any more")
               : status;
}

static void set_options(struct watch_job *job, const struct watch_order *order)
{
    struct watch_run_options *o = &job->options;
    *o = (struct watch_run_options){.source = "the node's seizures",
                                    .today = job->ran.day,
                                    .from = job->ran.day - WATCH_DAYS + 1,
                                    .to = job->ran.day,
                                    .calibrate_until = job->ran.day - WATCH_DAYS + 1,
                                    .alarms_per_year = order->alarms_per_year,
                                    .seed = order->seed};
    const struct kept_calibration *kept = watch_node_calibration(&job->node, o);
    if (kept == NULL)
        return;
    o->given = &kept->calibration;
    o->calibrate_until = kept->until;
    snprintf(job->calibration, sizeof job->calibration, "%s", kept->id);
}

static enum status begin(struct watch_daily *daily, struct node *node,
                         const struct watch_order *order, const struct watch_ran *ran,
                         struct err *err)
{
    struct watch_job *job = xcalloc(1, sizeof *job);
    job->ran = *ran;
    enum status status = sit_down(job, daily, node, order, err);
    if (status == OK)
        status =
            watch_node_read(&job->node, &job->desk, watch_node_is_whole(&job->desk), err);
    if (status == OK) {
        set_options(job, order);
        atomic_init(&job->ready, false);
        if (thrd_create(&job->thread, compute, job) != thrd_success)
            status = fail(err, BUSY, "no thread can be started");
    }
    if (status == OK)
        daily->job = job;
    else
        job_free(job);
    return status;
}

static enum status keep_all(struct watch_job *job, struct err *err)
{
    enum status status = OK;
    if (job->calibration[0] == '\0' && job->used.history_years > 0)
        status = watch_node_keep_calibration(job->calibration, &job->node, &job->used,
                                             job->options.calibrate_until, err);
    if (status == OK)
        status = watch_node_keep_alerts(
            &job->ran.kept, &job->node, &job->result,
            watch_settings_text(&job->node, &job->options, job->calibration), NULL, err);
    return status;
}

static void log_ran(const struct watch_ran *ran)
{
    char kept[16];
    snprintf(kept, sizeof kept, "%u", ran->kept);
    log_event(LOG_INFO, "watch-ran", "kept", kept, NULL);
}

static enum status note_failure(struct node *node, struct watch_ran *ran, struct err *why)
{
    struct err err = {0};
    ran->state = WATCH_FAILED;
    snprintf(ran->why, sizeof ran->why, "%.190s", why->text);
    for (char *at = ran->why; *at != '\0'; at++)
        *at = *at == '\n' ? ' ' : *at;
    return note_ran(node_store(node), ran, &err);
}

static enum status finish(struct watch_daily *daily, struct node *node, struct err *err)
{
    struct watch_job *job = daily->job;
    daily->job = NULL;
    thrd_join(job->thread, NULL);
    struct watch_order order;
    enum status status = watch_order_read(&order, node_store(node), err);
    if (status == OK && (!order.on || strcmp(order.login, job->desk.login) != 0))
        status = fail(err, REFUSED, "it was switched off meanwhile");
    if (status == OK)
        status = keep_all(job, err);
    struct watch_ran ran = job->ran;
    job_free(job);
    if (status != OK) {
        if (note_failure(node, &ran, err) != OK)
            return IO_FAILED;
        return status;
    }
    ran.state = WATCH_DONE;
    log_ran(&ran);
    return note_ran(node_store(node), &ran, err);
}

enum status watch_daily_tick(void *context, struct node *node, struct err *err)
{
    struct watch_daily *daily = context;
    struct store *store = node_store(node);
    struct watch_order order;
    struct watch_ran ran;
    if (daily->job != NULL)
        return atomic_load(&daily->job->ready) ? finish(daily, node, err) : OK;
    enum status status = watch_order_read(&order, store, err);
    if (status == OK)
        status = watch_ran_read(&ran, store, err);
    if (status != OK || !order.on)
        return status;
    int32_t today = (int32_t)(world_now_s(daily->world) / DAY_SECONDS);
    /* A clock that was set back by some minutes makes no second day of one. */
    bool same = ran.state != WATCH_NEVER && (ran.day == today || ran.day == today + 1);
    if (same && (ran.state == WATCH_DONE || ran.tries >= WATCH_DAILY_TRIES))
        return OK;
    ran = (struct watch_ran){
        .state = WATCH_BEGUN, .day = today, .tries = same ? ran.tries + 1 : 1};
    status = note_ran(store, &ran, err);
    if (status == OK)
        status = begin(daily, node, &order, &ran, err);
    else
        return status;
    if (status != OK && note_failure(node, &ran, err) != OK)
        return IO_FAILED;
    return status;
}

void watch_daily_release(struct watch_daily *daily)
{
    struct watch_job *job = daily->job;
    daily->job = NULL;
    if (job == NULL)
        return;
    if (!atomic_load(&job->ready)) {
        thrd_detach(job->thread);
        return;
    }
    thrd_join(job->thread, NULL);
    job_free(job);
}
