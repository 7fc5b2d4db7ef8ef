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

/* A node that does not know the call lets us find out. */
static enum status greet(struct run *run, size_t peer, struct err *err)
{
    const struct line_caller *line = &run->matching->line;
    struct buf text = {.max = HELLO_MAX};
    struct hello hello;
    struct let *let = &run->lets[peer];
    unsigned silent_s = matching_silent_s(run->matching, run->partners[peer]);
    if (line->call == NULL)
        return fail(err, IO_FAILED, "there is no line to other nodes");
    if (silent_s > 0 && run->ask.code_count == 0)
        return fail(err, IO_FAILED,
                    "%s did not answer a moment ago, and is not waited for again for %u s, "
                    "unless you name it",
                    run->partners[peer]->code, silent_s);
    enum status status = line->call(line->context, run->partners[peer]->key, HELLO_KIND,
                                    (struct bytes){0}, &text, err);
    if (status == OK && hello_read(&hello, buf_bytes(&text), NULL) == OK) {
        *let = (struct let){.known = true};
        for (size_t i = 0; i < hello.agreement_count; i++)
            let->circles[hello.agreements[i].class] = hello.agreements[i].circle;
        if (hello.agreement_count == 0)
            status =
                fail(err, REFUSED,
                     "%s has not agreed that we ask it for anything; both sides say for "
                     "themselves what the other may ask",
                     run->partners[peer]->code);
    }
    buf_release(&text);
    return status == NOT_FOUND ? OK : status;
}

static enum status meet_once(struct run *run, struct err *err)
{
    run->seen.count = 0;
    for (size_t i = 0; i < run->result->peer_count; i++) {
        struct err why = {0};
        enum status met = greet(run, i, &why);
        if (met == OK)
            met = seen_fetch(&run->seen, run->matching, run->partners[i], run->arena, &why);
        run_blame(run, i, met, why.text);
    }
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
