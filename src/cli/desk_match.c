/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk_match.h"

#include "base/pool.h"
#include "cli/host.h"

#include <stdio.h>

static bool breathe(void *context)
{
    (void)context;
    return host_breathe();
}

int desk_matching(struct matching *matching, struct desk *desk)
{
    struct err err = {0};
    bool barred = false;
    enum status status = matching_of_node(matching, desk->node, desk->folder, desk->world);
    matching->pool = pool_open(0);
    if (host_node() != NULL)
        matching->breathe = breathe;
    if (status == OK)
        status = matching_open(matching, &barred, &err);
    if (barred)
        fprintf(stderr,
                "the quotas of this node are older than its log: somebody put a copy "
                "back, and no partner is answered today\n");
    if (status == OK)
        return EXIT_DONE;
    desk_matching_end(matching);
    return complain(desk->arguments, status, &err);
}

void desk_matching_end(struct matching *matching)
{
    pool_close(matching->pool);
    matching->pool = NULL;
}

const char *desk_case_ref(const struct desk *desk)
{
    return argument(desk->arguments, "case");
}

int desk_finding(struct shown *shown, struct desk *desk, enum verb verb, const char *id)
{
    uint8_t wanted[ENTRY_ID];
    struct receipt *receipt = NULL;
    struct err err = {0};
    struct act act = desk_act(desk, verb);
    enum status status = OK;
    int code = desk_id(wanted, desk, id);
    if (code == EXIT_DONE)
        code = desk_do(&receipt, desk, &act);
    if (code != EXIT_DONE)
        return code;
    while (status == OK) {
        status = receipt_next(shown, receipt, &desk->arena, &err);
        if (status == OK && memcmp(shown->id, wanted, ENTRY_ID) == 0)
            break;
    }
    receipt_close(receipt);
    if (status == NOT_FOUND)
        status = fail(&err, NOT_FOUND, "there is no %s with this id that you may see",
                      verb == VERB_HIT_LIST ? "hit" : "claim");
    return status == OK ? EXIT_DONE : complain(desk->arguments, status, &err);
}

static void tell_at_once(const struct matching_result *result)
{
    for (size_t i = 0; i < result->peer_count; i++)
        if (result->peers[i].status != OK)
            fprintf(stderr, "%s was not asked: %s\n", result->peers[i].code,
                    result->peers[i].error);
    for (size_t i = 0; i < result->hit_count; i++)
        fprintf(stderr, "%s holds the same %s: see `enlace hits`\n", result->hits[i].peer,
                key_class_row(result->hits[i].class)->label);
}

void desk_ask_at_once(struct desk *desk, const uint8_t id[ENTRY_ID])
{
    struct matching matching;
    struct matching_result result;
    struct err err = {0};
    struct matching_ask ask = {.act = desk_act(desk, VERB_MATCH),
                               .case_ref = desk_case_ref(desk),
                               .at_once = true};
    /* An ask names the case it is for; a record of no case is asked about by `match`. */
    if (entry_id_is_none(desk->act.case_id) || desk_matching(&matching, desk) != EXIT_DONE)
        return;
    ask.act.objects = id;
    ask.act.object_count = 1;
    if (matching.partners.list != NULL && matching.line.call != NULL) {
        if (matching_run(&result, &matching, &ask, &desk->arena, &err) == OK)
            tell_at_once(&result);
        else
            fprintf(stderr, "nobody was asked about it: %s\n", err.text);
    }
    desk_matching_end(&matching);
}
