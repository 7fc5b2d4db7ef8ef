/* SPDX-License-Identifier: Apache-2.0
 *
 * watch daily: switches the daily run of the service on and off, and says how it stands.
 */
#include "cli/json_line.h"
#include "cli/watch_answer.h"
#include "cli/watch_daily.h"

#include <stdio.h>
#include <string.h>

static enum status order(struct desk *desk, const struct watch_order *order,
                         struct err *err)
{
    struct buf value = {.max = 1024};
    struct receipt *receipt = NULL;
    struct act act = desk_act(desk, VERB_WATCH);
    enum status status = OK;
    if (!watch_order_print(&value, order))
        status = fail(err, TOO_LARGE, "the login name is too long");
    act.state = "watch:daily";
    act.note = act.value = buf_bytes(&value);
    if (status == OK)
        status = act_perform(&receipt, desk->store, &act, err);
    receipt_close(receipt);
    buf_release(&value);
    return status;
}

static int read_order(struct watch_order *order, const struct arguments *arguments)
{
    *order = (struct watch_order){.on = false};
    if (arguments->count > 1 ||
        (arguments->count == 1 && strcmp(arguments->words[0], "on") != 0 &&
         strcmp(arguments->words[0], "off") != 0))
        return misused(arguments, "on, off, or nothing is wanted");
    order->on = arguments->count == 1 && strcmp(arguments->words[0], "on") == 0;
    int code = watch_option_alarms(&order->alarms_per_year, arguments);
    return code == EXIT_DONE ? watch_option_seed(&order->seed, arguments) : code;
}

int run_watch_daily(const struct arguments *arguments, const struct world *world)
{
    struct watch_order wish;
    struct desk desk;
    struct receipt *receipt = NULL;
    struct err err = {.text = ""};
    int code = read_order(&wish, arguments);
    if (code == EXIT_DONE)
        code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    enum status status = OK;
    if (arguments->count == 1) {
        wish.purpose = desk.act.purpose;
        memcpy(wish.case_id, desk.act.case_id, ENTRY_ID);
        snprintf(wish.login, sizeof wish.login, "%s", desk.login);
        status = order(&desk, &wish, &err);
    } else {
        struct act act = desk_act(&desk, VERB_STATUS);
        status = act_perform(&receipt, desk.store, &act, &err);
        receipt_close(receipt);
    }
    struct watch_status standing;
    if (status == OK)
        status = watch_status_read(&standing, desk.store, &err);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    if (arguments->json) {
        struct json_line line;
        json_line_begin(&line);
        watch_status_json(&line, &standing);
        json_line_end(&line);
    } else {
        watch_status_words(&standing);
    }
    return desk_close(&desk, EXIT_DONE);
}
