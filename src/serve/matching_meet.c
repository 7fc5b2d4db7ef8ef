/* SPDX-License-Identifier: Apache-2.0
 *
 * Whom an asking is for: the partners, what each lets us ask, and what it announces. A partner announces a
 * circle as a whole, which may offer more than it lets us ask.
 */
#include "serve/matching_run.h"

#include "exchange/hello.h"

void run_blame(struct run *run, size_t peer, enum status status, const char *why)
{
    struct matching_peer *row = &run->result->peers[peer];
    row->status = status;
    row->error = status != OK ? arena_text(run->arena, bytes_text(why)) : NULL;
}

static bool is_named(const struct matching_ask *ask, const struct partner *partner)
{
    for (size_t i = 0; i < ask->code_count; i++)
        if (strcasecmp(ask->codes[i], partner->code) == 0)
            return true;
    return ask->code_count == 0;
}

bool run_is_agreed(const struct matching_ask *ask, const struct partner *partner,
                   size_t class)
{
    const struct partner_class *row = &partner->classes[class];
    return row->agreed && (!ask->at_once || row->at_once);
}

static bool has_classes(const struct matching_ask *ask, const struct partner *partner)
{
    bool some = false;
    for (size_t class = 0; class < KEY_CLASSES; class ++)
        some = some || run_is_agreed(ask, partner, class);
    return some;
}

enum status run_choose_partners(struct run *run, struct err *err)
{
    const struct matching_ask *ask = &run->ask;
    enum status status = matching_partners(&run->all, run->matching, run->arena, err);
    if (status != OK)
        return status;
    for (size_t i = 0; i < ask->code_count; i++) {
        bool known = false;
        for (size_t k = 0; k < run->all.count; k++)
            known = known || strcasecmp(ask->codes[i], run->all.items[k].code) == 0;
        if (!known)
            return fail(
                err, NOT_FOUND,
                "there is no agreement with \"%.40s\"; `enlace peer list` shows who "
                "there is",
                ask->codes[i]);
    }
    run->partners = arena_zalloc(run->arena, run->all.count + 1, sizeof *run->partners);
    run->lets = arena_zalloc(run->arena, run->all.count + 1, sizeof *run->lets);
    run->result->peers =
        arena_zalloc(run->arena, run->all.count + 1, sizeof *run->result->peers);
    for (size_t i = 0; i < run->all.count; i++) {
        const struct partner *partner = &run->all.items[i];
        if (!is_named(ask, partner) || !has_classes(ask, partner))
            continue;
        struct matching_peer *peer = &run->result->peers[run->result->peer_count];
        peer->code = arena_text(run->arena, bytes_text(partner->code));
        memset(peer->left, 0xFF, sizeof peer->left);
        run->partners[run->result->peer_count++] = partner;
    }
    return OK;
}

/* ---- What we may ask of it ---- */

bool run_is_let(const struct run *run, size_t peer, size_t class,
                const struct circle *circle)
{
    const struct let *let = &run->lets[peer];
    return !let->known || circle_equal(&let->circles[class], circle);
}

/* Whoever was silent a moment ago and is not named is not waited for. */
static enum status is_waited_for(const struct run *run, size_t peer, struct err *err)
{
    unsigned silent_s = matching_silent_s(run->matching, run->partners[peer]);
    if (silent_s == 0 || run->ask.code_count > 0)
        return OK;
    return fail(err, IO_FAILED,
                "%s did not answer a moment ago, and is not waited for again for %u s, "
                "unless you name it",
                run->partners[peer]->code, silent_s);
}

/* A node that does not know the call lets us find out. */
static enum status take_hello(struct run *run, size_t peer, const struct line_call *call,
                              struct err *err)
{
    struct hello hello;
    struct let *let = &run->lets[peer];
    *err = call->err;
    if (call->status != OK)
        return call->status == NOT_FOUND ? OK : call->status;
    if (hello_read(&hello, buf_bytes(call->answer), NULL) != OK)
        return OK;
    *let = (struct let){.known = true};
    for (size_t i = 0; i < hello.agreement_count; i++)
        let->circles[hello.agreements[i].class] = hello.agreements[i].circle;
    if (hello.agreement_count > 0)
        return OK;
    return fail(err, REFUSED,
                "%s has not agreed that we ask it for anything; both sides say for "
                "themselves what the other may ask",
                run->partners[peer]->code);
}

/* One question to each partner whose status is OK, all at once; what comes of it is its status then. */
static void ask_each(struct run *run, const char *kind, size_t answer_max,
                     enum status (*take)(struct run *run, size_t peer,
                                         const struct line_call *call, struct err *err))
{
    struct line_round round;
    struct matching_result *result = run->result;
    size_t *peers = arena_zalloc(run->arena, result->peer_count + 1, sizeof *peers);
    line_round_open(&round, result->peer_count);
    for (size_t i = 0; i < result->peer_count; i++)
        if (result->peers[i].status == OK) {
            peers[round.count] = i;
            line_round_add(&round, run->partners[i]->key, kind, (struct bytes){0},
                           answer_max);
        }
    line_round_make(&round, &run->matching->line);
    for (size_t i = 0; i < round.count; i++) {
        struct err why = {0};
        enum status status = take(run, peers[i], &round.calls[i], &why);
        run_blame(run, peers[i], status, why.text);
    }
    line_round_release(&round);
}

static enum status take_epochs(struct run *run, size_t peer, const struct line_call *call,
                               struct err *err)
{
    *err = call->err;
    return call->status != OK ? call->status
                              : seen_take(&run->seen, run->matching, run->partners[peer],
                                          buf_bytes(call->answer), run->arena, err);
}

static enum status meet_once(struct run *run, struct err *err)
{
    run->seen.count = 0;
    ask_each(run, HELLO_KIND, HELLO_MAX, take_hello);
    ask_each(run, SEEN_KIND, SEEN_ANSWER_MAX, take_epochs);
    return seen_compare(&run->seen, run->matching, &run->all, run->arena, err);
}

static bool is_behind(const struct run *run)
{
    for (size_t i = 0; i < run->seen.count; i++)
        if (run->seen.items[i].status == BUSY)
            return true;
    return false;
}

/* A partner may announce anew between two of our calls: then another has a later one than we, and we
 * look once more. */
enum status run_meet(struct run *run, struct err *err)
{
    for (size_t i = 0; i < run->result->peer_count; i++) {
        struct err why = {0};
        enum status status = run->matching->line.call == NULL
                                 ? fail(&why, IO_FAILED, "there is no line to other nodes")
                                 : is_waited_for(run, i, &why);
        run_blame(run, i, status, why.text);
    }
    enum status status = meet_once(run, err);
    if (status == OK && is_behind(run))
        status = meet_once(run, err);
    for (size_t i = 0; i < run->seen.count; i++)
        for (size_t p = 0; p < run->result->peer_count; p++)
            if (run->partners[p] == run->seen.items[i].partner &&
                run->seen.items[i].status != OK)
                run_blame(run, p, run->seen.items[i].status, run->seen.items[i].why);
    return status;
}
