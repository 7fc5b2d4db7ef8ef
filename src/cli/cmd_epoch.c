/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk_match.h"
#include "cli/json_line.h"
#include "cli/options.h"

#include "base/text.h"
#include "base/world.h"
#include "store/rights.h"

#include <stdio.h>

static void answer_new(const struct arguments *arguments,
                       const struct matching_published *published)
{
    char until[11];
    date_text(until, published->until_s);
    if (!arguments->json) {
        printf("circle %-16s epoch %llu: %llu %s of %llu %s, %llu KB, until %s\n",
               published->circle, (unsigned long long)published->number,
               (unsigned long long)published->keys, plural(published->keys, "key", "keys"),
               (unsigned long long)published->records,
               plural(published->records, "record", "records"),
               (unsigned long long)(published->bytes / 1000), until);
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "circle", published->circle);
    json_count_member(&line.json, "epoch", published->number);
    json_count_member(&line.json, "keys", published->keys);
    json_count_member(&line.json, "records", published->records);
    json_count_member(&line.json, "bytes", published->bytes);
    json_text_member(&line.json, "until", until);
    json_line_end(&line);
}

int run_epoch_new(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct matching matching;
    struct matching_published published[MATCHING_CIRCLES_MAX];
    struct receipt *receipt = NULL;
    struct err err = {0};
    size_t count = 0;
    int code = desk_open_bare(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act act = desk_act(&desk, VERB_EPOCH);
    /* Where nothing is agreed no act follows that would be refused. */
    if (right_of(act.role, VERB_EPOCH) == RIGHT_NEVER)
        code = desk_do(&receipt, &desk, &act);
    receipt_close(receipt);
    if (code == EXIT_DONE)
        code = desk_matching(&matching, &desk);
    if (code != EXIT_DONE)
        return desk_close(&desk, code);
    enum status status = matching_publish(published, &count, &matching, &act, true, &err);
    for (size_t i = 0; i < count; i++)
        answer_new(arguments, &published[i]);
    if (status != OK)
        code = complain(arguments, status, &err);
    else if (count == 0)
        fprintf(stderr, "nothing is agreed with anybody yet, so nothing was published "
                        "(enlace peer agree)\n");
    desk_matching_end(&matching);
    return desk_close(&desk, code);
}

static void answer_epoch(const struct arguments *arguments, const struct epoch *epoch,
                         bool expired)
{
    char from[11], until[11];
    date_text(from, epoch->from_s);
    date_text(until, epoch->until_s);
    if (!arguments->json) {
        printf("circle %-16s epoch %llu, %s to %s%s", epoch->circle.name,
               (unsigned long long)epoch->number, from, until, expired ? ", expired" : "");
        if (!epoch_is_base(epoch))
            printf(", added to %llu", (unsigned long long)epoch->base_number);
        printf(":");
        for (size_t i = 0; i < KEY_CLASSES; i++)
            if (epoch->classes[i].offered)
                printf(" %s", key_class_row((enum key_class)i)->name);
        printf("\n");
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "circle", epoch->circle.name);
    json_count_member(&line.json, "epoch", epoch->number);
    json_count_member(&line.json, "base", epoch->base_number);
    json_text_member(&line.json, "from", from);
    json_text_member(&line.json, "until", until);
    json_key(&line.json, "expired");
    json_put_bool(&line.json, expired);
    json_key(&line.json, "classes");
    json_begin_list(&line.json);
    for (size_t i = 0; i < KEY_CLASSES; i++)
        if (epoch->classes[i].offered)
            json_put_text(&line.json, bytes_text(key_class_row((enum key_class)i)->name));
    json_end_list(&line.json);
    json_line_end(&line);
}

int run_epoch_list(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct matching matching;
    struct epoch *epochs = NULL;
    struct err err = {0};
    size_t count = 0;
    int code = desk_begin(&desk, arguments, world, VERB_STATUS);
    if (code != EXIT_DONE)
        return code;
    code = desk_matching(&matching, &desk);
    if (code != EXIT_DONE)
        return desk_close(&desk, code);
    enum status status = matching_epochs(&epochs, &count, &matching, &desk.arena, &err);
    for (size_t i = 0; i < count; i++)
        answer_epoch(arguments, &epochs[i], world_now_s(world) >= epochs[i].until_s);
    if (status == OK && count == 0 && !arguments->json)
        puts("none; nothing is published yet (enlace epoch new, when something is agreed)");
    if (status != OK)
        code = complain(arguments, status, &err);
    desk_matching_end(&matching);
    return desk_close(&desk, code);
}
