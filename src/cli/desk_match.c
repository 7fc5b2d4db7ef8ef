/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk_match.h"

#include "base/pool.h"
#include "base/text.h"
#include "cli/host.h"

#include <stdio.h>

static bool breathe(void *context)
{
    (void)context;
    host_others(); /* it is called between two acts, with nothing half done */
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

int desk_check_reason(struct desk *desk)
{
    struct err err = {0};
    const char *basis = argument(desk->arguments, "basis"), *ref = desk_case_ref(desk);
    const struct ask_reason reason = {
        desk->act.purpose,
        basis != NULL && basis[0] != '\0' ? bytes_text(basis) : BYTES_OF("the agreement"),
        ref != NULL ? bytes_text(ref) : BYTES_OF("no case"),
    };
    return ask_check_reason(&reason, &err) == OK ? EXIT_DONE
                                                 : misused(desk->arguments, "%s", err.text);
}

bool desk_is_confirmed(struct desk *desk, struct bytes code)
{
    const struct peer_list *peers;
    if (node_peers(&peers, desk->node, NULL) != OK)
        return false;
    const struct peer *peer = peer_by_code(peers, arena_text(&desk->arena, code));
    return peer != NULL && peer->confirmed;
}

void desk_say_unconfirmed(struct desk *desk, struct bytes code)
{
    if (!desk_is_confirmed(desk, code))
        fprintf(stderr,
                "nobody has compared the fingerprint of %.*s: it may be somebody else "
                "(enlace peer accept FILE --fingerprint WORDS)\n",
                (int)code.len, (const char *)code.at);
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

/* Is anybody to be asked at once of anything? */
static bool asks_at_once(struct desk *desk)
{
    const struct peer_list *peers;
    if (node_peers(&peers, desk->node, NULL) != OK)
        return false;
    for (size_t i = 0; i < peers->count; i++)
        for (size_t k = 0; k < peers->items[i].agreement_count; k++)
            if (!peers->items[i].removed && peers->items[i].agreements[k].at_once)
                return true;
    return false;
}

/* An ask names the case it is for, and is charged to a quota: many at a time are for a person to ask. */
static bool may_ask_at_once(size_t count, bool of_case)
{
    if (!of_case)
        fprintf(
            stderr,
            "%zu new or changed %s of no case, and an ask names one: no partner was asked "
            "at once (enlace match --record ID --case REF)\n",
            count, plural(count, "record is", "records are"));
    else if (count > AT_ONCE_MAX)
        fprintf(
            stderr,
            "%zu records are new or changed, and no more than %d are asked about at once: "
            "no partner was asked (enlace match --case REF --peers all)\n",
            count, AT_ONCE_MAX);
    return of_case && count <= AT_ONCE_MAX;
}

void desk_ask_at_once(struct desk *desk, const uint8_t *ids, size_t count,
                      const uint8_t case_id[ENTRY_ID])
{
    struct matching matching;
    struct matching_result result;
    struct err err = {0};
    struct matching_ask ask = {.act = desk_act(desk, VERB_MATCH), .at_once = true};
    if (count == 0 || !asks_at_once(desk) ||
        !may_ask_at_once(count, !entry_id_is_none(case_id)) ||
        desk_matching(&matching, desk) != EXIT_DONE)
        return;
    memcpy(ask.act.case_id, case_id, ENTRY_ID);
    ask.act.objects = ids;
    ask.act.object_count = count;
    if (matching.partners.list != NULL && matching.line.call != NULL) {
        if (matching_run(&result, &matching, &ask, &desk->arena, &err) == OK)
            tell_at_once(&result);
        else
            fprintf(stderr, "nobody was asked about it: %s\n", err.text);
    }
    desk_matching_end(&matching);
}

const char *desk_unconfirmed_word(struct desk *desk, struct bytes peer)
{
    return desk_is_confirmed(desk, peer) ? "" : " (whose fingerprint nobody has compared)";
}

void desk_put_confirmed(struct json_writer *json, struct desk *desk, struct bytes peer)
{
    json_key(json, "confirmed");
    json_put_bool(json, desk_is_confirmed(desk, peer));
}

int desk_tell_claims(struct desk *desk, const uint8_t hit[ENTRY_ID], const char *what)
{
    struct receipt *receipt = NULL;
    struct shown claim;
    struct err err = {0};
    struct act act = desk_act(desk, VERB_CLAIM_LIST);
    char wanted[ID_TEXT], id[ID_TEXT];
    memset(act.case_id, 0, ENTRY_ID);
    id_text(wanted, hit);
    int code = desk_do(&receipt, desk, &act);
    while (code == EXIT_DONE && receipt_next(&claim, receipt, &desk->arena, &err) == OK) {
        struct bytes state = record_first(&claim.record, "status");
        if (!bytes_is(record_first(&claim.record, "hit"), wanted) ||
            (!bytes_is(state, "open") && !bytes_is(state, "waiting")))
            continue;
        id_text(id, claim.id);
        fprintf(stderr, "%s: claim %s (%s)\n", what, id,
                bytes_is(state, "waiting")
                    ? "waits for a second person: enlace claim withdraw"
                    : "it was sent, and is not taken back by this");
    }
    receipt_close(receipt);
    return code;
}
