/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"
#include "cli/host.h"
#include "cli/json_line.h"
#include "cli/peer_answer.h"

#include "base/text.h"
#include "match/blinding.h"
#include "serve/vault_peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int read_count(uint64_t *out, const struct arguments *arguments, const char *option,
                      const char *word, uint64_t max)
{
    if (text_u64(out, bytes_text(word)) && *out <= max)
        return EXIT_DONE;
    return misused(arguments, "--%s is a number from 0 to %llu", option,
                   (unsigned long long)max);
}

static const struct reached not_asked;

/* ---- invite ---- */

static enum status make_invitation(struct buf *text, struct invitation *invitation,
                                   struct desk *desk, const char *url, struct err *err)
{
    struct vault_last last;
    enum status status = node_signed(&last, desk->node, err);
    if (status != OK)
        return status;
    snprintf(invitation->code, sizeof invitation->code, "%s", desk->settings->agency);
    snprintf(invitation->name, sizeof invitation->name, "%s", desk->settings->name);
    snprintf(invitation->url, sizeof invitation->url, "%s", url);
    memcpy(invitation->key, last.public_key, NODE_KEY);
    invitation->made_s = world_now_s(desk->world);
    status = invitation_write(text, invitation, err);
    return status == OK ? vault_sign_invitation(text, node_vault(desk->node), err) : status;
}

static void answer_invitation(const struct arguments *arguments,
                              const struct invitation *invitation, const char *path)
{
    char words[FINGERPRINT_TEXT_MAX];
    struct json_line line;
    fingerprint_write(words, invitation->key);
    if (!arguments->json) {
        printf("The invitation of %s stands in %s. Send it, and tell the other side these "
               "words on another way:\n  %s\n",
               invitation->code, path, words);
        return;
    }
    json_line_begin(&line);
    json_text_member(&line.json, "file", path);
    json_text_member(&line.json, "code", invitation->code);
    json_text_member(&line.json, "url", invitation->url);
    json_text_member(&line.json, "fingerprint", words);
    json_line_end(&line);
}

int run_peer_invite(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct receipt *receipt = NULL;
    struct invitation invitation = {0};
    struct node_address address;
    struct buf text = {.max = INVITATION_MAX};
    struct err err = {0};
    const char *path = argument(arguments, "o"), *url = argument(arguments, "url");
    if (arguments->count != 0)
        return misused(arguments, "this takes no word");
    if (path == NULL || url == NULL)
        return misused(arguments,
                       "say where to write it (-o FILE) and where this node can be "
                       "reached (--url https://HOST:PORT)");
    if (node_address_read(&address, bytes_text(url), &err) != OK)
        return misused(arguments, "--url %.100s: %s", url, err.text);
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act act = desk_act(&desk, VERB_PEER_INVITE);
    code = desk_do(&receipt, &desk, &act);
    receipt_close(receipt);
    if (code != EXIT_DONE)
        return desk_close(&desk, code);
    enum status status = make_invitation(&text, &invitation, &desk, url, &err);
    if (status == OK)
        status = host_write_file(
            path, buf_bytes(&text), FILE_PUBLIC,
            argument(arguments, "force") == NULL ? "enlace invitation" : NULL, &err);
    if (status == OK)
        answer_invitation(arguments, &invitation, path);
    else
        code = complain(arguments, status, &err);
    buf_release(&text);
    return desk_close(&desk, code);
}

/* ---- accept ---- */

static enum status check_stranger(const struct invitation *invitation, struct desk *desk,
                                  const struct peer_list *peers, struct err *err)
{
    struct vault_last last;
    enum status status = node_signed(&last, desk->node, err);
    if (status != OK)
        return status;
    if (memcmp(last.public_key, invitation->key, NODE_KEY) == 0)
        return fail(err, REFUSED,
                    "this is this node's own invitation; it is for the others");
    if (text_same(bytes_text(invitation->code), desk->settings->agency))
        return fail(err, CONFLICT, "\"%s\" is the code of this node itself",
                    invitation->code);
    const struct peer *same_key = peer_by_key(peers, invitation->key);
    const struct peer *same_code = peer_by_code(peers, invitation->code);
    if (same_key != NULL && same_key != same_code)
        return fail(err, CONFLICT, "the same key is known here as %s", same_key->code);
    if (same_code != NULL && !same_code->removed &&
        memcmp(same_code->key, invitation->key, NODE_KEY) != 0)
        return fail(err, CONFLICT,
                    "%s is known here with another key. If its node really is a new one, "
                    "`peer remove %s` first; if not, somebody else made this invitation",
                    invitation->code, same_code->code);
    if (same_code != NULL && !same_code->removed &&
        invitation->made_s < same_code->invited_s)
        return fail(err, REFUSED, "a newer invitation of %s was accepted already",
                    invitation->code);
    return OK;
}

static void fill_in(struct peer *peer, const struct invitation *invitation,
                    const struct peer *known, bool confirmed)
{
    bool goes_on = known != NULL && !known->removed;
    *peer = goes_on ? *known : (struct peer){0};
    if (known != NULL) {
        memcpy(peer->id, known->id, ENTRY_ID);
        peer->version = known->version;
    }
    /* A peer keeps the code it came with, as it was written then. */
    snprintf(peer->code, sizeof peer->code, "%s",
             known != NULL ? known->code : invitation->code);
    memcpy(peer->name, invitation->name, sizeof peer->name);
    memcpy(peer->url, invitation->url, sizeof peer->url);
    memcpy(peer->key, invitation->key, NODE_KEY);
    peer->invited_s = invitation->made_s;
    peer->confirmed = confirmed || (goes_on && known->confirmed);
}

/* The new version of it, by an act; then the front is told. */
static int write_peer(struct desk *desk, enum verb verb, const struct peer *peer)
{
    struct receipt *receipt = NULL;
    struct record record;
    struct err err = {0};
    enum status status = peer_record(&record, peer, &desk->arena, &err);
    if (status != OK)
        return complain(desk->arguments, status, &err);
    struct act act = desk_act(desk, verb);
    memcpy(act.object, peer->id, ENTRY_ID);
    act.record = &record;
    act.before = peer->version;
    int code = desk_do(&receipt, desk, &act);
    receipt_close(receipt);
    if (code != EXIT_DONE)
        return code;
    status = node_peers_changed(desk->node, &err);
    return status == OK ? EXIT_DONE : complain(desk->arguments, status, &err);
}

static enum status accept(struct peer *peer, struct desk *desk, struct bytes text,
                          struct err *err)
{
    struct invitation invitation;
    const struct peer_list *peers;
    const char *words = argument(desk->arguments, "fingerprint");
    enum status status = invitation_read(&invitation, text, err);
    if (status == OK)
        status = invitation_check_time(&invitation, world_now_s(desk->world), err);
    if (status == OK && words != NULL)
        status = fingerprint_check(words, invitation.key, err);
    if (status == OK)
        status = node_peers(&peers, desk->node, err);
    if (status == OK)
        status = check_stranger(&invitation, desk, peers, err);
    if (status == OK)
        fill_in(peer, &invitation, peer_by_code(peers, invitation.code), words != NULL);
    return status;
}

int run_peer_accept(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct peer peer;
    struct bytes text;
    struct err err = {0};
    if (arguments->count != 1)
        return misused(arguments, "name the file of the invitation");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    enum status status =
        host_read_file(&text, arguments->words[0], INVITATION_MAX, &desk.arena, &err);
    if (status == OK) {
        status = accept(&peer, &desk, text, &err);
        if (status != OK)
            err_prefix(&err, "%.200s: ", arguments->words[0]);
    }
    code = status == OK ? write_peer(&desk, VERB_PEER_ACCEPT, &peer)
                        : complain(arguments, status, &err);
    if (code == EXIT_DONE) {
        peer_answer(arguments, &peer, &not_asked, NULL);
        if (!peer.confirmed)
            fprintf(
                stderr,
                "Have the other side read its ten words to you on another way, and accept "
                "the file again with --fingerprint \"WORDS\".\n");
    }
    return desk_close(&desk, code);
}

/* ---- agree, remove ---- */

static int find_peer(struct peer *peer, struct desk *desk, const char *code)
{
    struct err err = {0};
    const struct peer_list *peers;
    enum status status = node_peers(&peers, desk->node, &err);
    const struct peer *found = status == OK ? peer_by_code(peers, code) : NULL;
    if (status == OK && (found == NULL || found->removed))
        status =
            fail(&err, NOT_FOUND,
                 "there is no peer \"%.60s\"; `enlace peer list` shows them, and one comes "
                 "in by `enlace peer accept`",
                 code);
    if (status != OK)
        return complain(desk->arguments, status, &err);
    *peer = *found;
    return EXIT_DONE;
}

struct terms {
    bool classes[KEY_CLASSES];
    uint64_t quota, case_quota; /* case_quota: 0 where nothing is said */
    bool has_quota, has_case_quota, has_circle, at_once, not_at_once;
    struct circle circle;
};

/* Whatever is asked is padded: under the size of the smallest ask a quota allows nothing. */
static int check_least(const struct terms *terms, const struct arguments *arguments)
{
    const int least = (int)blinding_size(1);
    if (terms->has_quota && terms->quota > 0 && terms->quota < (uint64_t)least)
        return misused(arguments,
                       "--quota: the smallest ask counts as %d keys, so with fewer a day "
                       "nothing could be asked; 0 ends a class",
                       least);
    if (terms->has_case_quota && terms->case_quota > 0 &&
        terms->case_quota < (uint64_t)least)
        return misused(arguments,
                       "--case-quota: the smallest ask counts as %d keys, so with fewer a "
                       "case nothing could be asked",
                       least);
    return EXIT_DONE;
}

static int read_terms(struct terms *terms, const struct arguments *arguments)
{
    const char *classes = argument(arguments, "class"),
               *quota = argument(arguments, "quota"),
               *case_quota = argument(arguments, "case-quota");
    struct bytes rest = bytes_text(classes != NULL ? classes : ""), word;
    bool any = false;
    const char *circle = argument(arguments, "circle");
    terms->has_circle = circle != NULL;
    if (circle == NULL)
        circle = CIRCLE_COMMON;
    while (text_next_word(&word, &rest, ", ")) {
        enum key_class class;
        struct err err = {0};
        if (key_class_find(&class, word, &err) != OK)
            return misused(arguments, "--class: %s", err.text);
        terms->classes[class] = any = true;
    }
    if (!any)
        return misused(arguments, "say for which classes: --class phone,imei,document");
    struct err err = {0};
    if (circle_parse(&terms->circle, bytes_text(circle), &err) != OK)
        return misused(arguments, "--circle %.60s: %s", circle, err.text);
    terms->has_quota = quota != NULL;
    terms->has_case_quota = case_quota != NULL;
    terms->at_once = argument(arguments, "at-once") != NULL;
    terms->not_at_once = argument(arguments, "not-at-once") != NULL;
    if (terms->at_once && terms->not_at_once)
        return misused(arguments, "--at-once, or --not-at-once");
    int code = quota != NULL
                   ? read_count(&terms->quota, arguments, "quota", quota, QUOTA_MAX)
                   : EXIT_DONE;
    if (code == EXIT_DONE && case_quota != NULL)
        code =
            read_count(&terms->case_quota, arguments, "case-quota", case_quota, QUOTA_MAX);
    if (code == EXIT_DONE)
        code = check_least(terms, arguments);
    return code;
}

/* What was agreed before, and is not named, stays. */
static struct peer_agreement one_agreed(const struct terms *terms, enum key_class class,
                                        const struct peer_agreement *before)
{
    struct peer_agreement one = {
        .class = class, .quota = peer_usual_quota(class), .circle = terms->circle};
    if (before != NULL)
        one = *before;
    if (terms->has_quota)
        one.quota = (uint32_t)terms->quota;
    if (terms->has_case_quota)
        one.case_quota = (uint32_t)terms->case_quota;
    if (terms->has_circle)
        one.circle = terms->circle;
    one.at_once = terms->at_once || (one.at_once && !terms->not_at_once);
    return one;
}

static void agree(struct peer *peer, const struct terms *terms)
{
    for (enum key_class class = 0; class < KEY_CLASSES; class ++) {
        if (!terms->classes[class])
            continue;
        const struct peer_agreement one =
            one_agreed(terms, class, peer_agreement(peer, class));
        peer_agree(peer, &one);
    }
}

/* What was agreed for the classes that are named. */
static void note_before(struct before *before, const struct peer *peer,
                        const struct terms *terms)
{
    for (size_t i = 0; i < peer->agreement_count; i++)
        if (terms->classes[peer->agreements[i].class])
            before->items[before->count++] = peer->agreements[i];
}

int run_peer_agree(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct peer peer;
    struct terms terms = {0};
    if (arguments->count != 1)
        return misused(arguments, "name the peer by its code");
    int code = read_terms(&terms, arguments);
    if (code == EXIT_DONE)
        code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct before before = {.count = 0};
    code = find_peer(&peer, &desk, arguments->words[0]);
    if (code == EXIT_DONE) {
        note_before(&before, &peer, &terms);
        agree(&peer, &terms);
        code = write_peer(&desk, VERB_PEER_AGREE, &peer);
    }
    if (code == EXIT_DONE) {
        peer_answer(arguments, &peer, &not_asked, &before);
        if (!peer.confirmed)
            fprintf(stderr,
                    "Nobody has compared the fingerprint of %s yet: see `enlace help "
                    "peer accept`.\n",
                    peer.code);
    }
    return desk_close(&desk, code);
}

int run_peer_remove(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct peer peer;
    if (arguments->count != 1)
        return misused(arguments, "name the peer by its code");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = find_peer(&peer, &desk, arguments->words[0]);
    if (code == EXIT_DONE) {
        peer.removed = true;
        peer.confirmed = false;
        peer.agreement_count = 0;
        code = write_peer(&desk, VERB_PEER_REMOVE, &peer);
    }
    if (code == EXIT_DONE)
        peer_answer(arguments, &peer, &not_asked, NULL);
    return desk_close(&desk, code);
}

/* ---- list ---- */

struct listed {
    struct peer peer;
    struct reached reached;
};

/* All peers of the book, as the act of listing them gives. */
struct book {
    struct listed *items;
    size_t count, capacity;
};

static int read_book(struct book *book, struct desk *desk)
{
    struct receipt *receipt = NULL;
    struct shown shown;
    struct err err = {0};
    enum status status = OK;
    struct act act = desk_act(desk, VERB_PEER_LIST);
    int code = desk_do(&receipt, desk, &act);
    while (code == EXIT_DONE && status == OK) {
        status = receipt_next(&shown, receipt, &desk->arena, &err);
        if (status != OK)
            break;
        grow_to((void **)&book->items, &book->capacity, book->count, sizeof *book->items);
        struct listed *listed = &book->items[book->count];
        *listed = (struct listed){.reached = {.asked = false}};
        status = peer_read(&listed->peer, &shown, &err);
        book->count += status == OK;
    }
    receipt_close(receipt);
    if (code == EXIT_DONE && status != NOT_FOUND)
        return complain(desk->arguments, status, &err);
    return code;
}

static void take_greeting(struct reached *reached, const struct line_call *call,
                          const struct desk *desk)
{
    *reached = (struct reached){.asked = true, .status = call->status, .why = call->err};
    if (reached->status == OK)
        reached->status =
            hello_read(&reached->hello, buf_bytes(call->answer), &reached->why);
    reached->clock_s = reached->hello.time_s - world_now_s(desk->world);
}

/* Everybody at once: those that are slow or silent are waited for together. */
static void reach_all(struct book *book, struct desk *desk)
{
    struct line_caller caller = node_caller(desk->node);
    struct line_round round;
    size_t next = 0;
    line_round_open(&round, book->count);
    for (size_t i = 0; i < book->count; i++)
        if (!book->items[i].peer.removed)
            line_round_add(&round, book->items[i].peer.key, HELLO_KIND, (struct bytes){0},
                           HELLO_MAX);
    line_round_make(&round, &caller);
    for (size_t i = 0; i < book->count; i++)
        if (!book->items[i].peer.removed)
            take_greeting(&book->items[i].reached, &round.calls[next++], desk);
    line_round_release(&round);
}

int run_peer_list(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct book book = {.count = 0};
    if (arguments->count != 0)
        return misused(arguments, "this lists all peers and takes no word");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = read_book(&book, &desk);
    if (code == EXIT_DONE && argument(arguments, "reach") != NULL)
        reach_all(&book, &desk);
    for (size_t i = 0; i < book.count; i++)
        peer_answer(arguments, &book.items[i].peer, &book.items[i].reached, NULL);
    if (code == EXIT_DONE && book.count == 0 && !arguments->json)
        printf("none; this lists all peers\n");
    free(book.items);
    return desk_close(&desk, code);
}
