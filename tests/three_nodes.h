/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/three_nodes.h: agencies in one process: each with its store, its vault (a process of its own)
 * and its book of partners; the line between them is a function call.
 *
 * Everybody and everything in it is fictional.
 */
#ifndef TESTS_THREE_NODES_H
#define TESTS_THREE_NODES_H

#include "base/pool.h"
#include "check.h"
#include "formats/reader.h"
#include "serve/matching_ask.h"
#include "serve/matching_claim.h"
#include "serve/node.h"
#include "store/import.h"
#include "temporary.h"

#include <limits.h>
#include <sodium.h>

enum { PARTIES_MAX = 12 };

struct party {
    struct net *net;
    char code[8], folder[PATH_MAX];
    struct node *node;
    struct matching matching;
    uint8_t key[IDENTITY_KEY];
    struct partner partners[PARTIES_MAX];
    size_t partner_count;
    unsigned asks, maps; /* calls that this party has answered */
};

/* Stands between two parties: may change what goes over, answer itself, or refuse to carry it. */
typedef enum status net_tamper(struct net *net, struct party *from, struct party *to,
                               const char *kind, struct bytes *request, struct buf *answer,
                               struct err *err);

struct net {
    struct party parties[PARTIES_MAX];
    size_t count;
    const struct world *world;
    net_tamper *before, *after; /* or NULL: the call, the answer */
    void *tamper;
    struct bytes last_ask; /* as it went over, in the arena */
    struct arena arena;
    struct bytes *asks; /* all of them, with `keep_asks` */
    size_t ask_count, ask_capacity;
    bool keep_asks;
};

static inline struct party *net_party(struct net *net, const char *code)
{
    for (size_t i = 0; i < net->count; i++)
        if (strcmp(net->parties[i].code, code) == 0)
            return &net->parties[i];
    abort();
}

static enum status net_answer(struct party *to, const uint8_t from[32], const char *kind,
                              struct bytes request, struct buf *answer, struct err *err)
{
    to->asks += strcmp(kind, "ask") == 0;
    to->maps += strcmp(kind, "map") == 0;
    for (size_t i = 0; i < match_handler_count; i++)
        if (strcmp(match_handlers[i].kind, kind) == 0)
            return match_handlers[i].handle(&to->matching, from, request, answer, err);
    return fail(err, NOT_FOUND, "no such call");
}

static enum status net_call_one(struct party *from, const uint8_t peer_key[32],
                                const char *kind, struct bytes request, struct buf *answer,
                                struct err *err)
{
    struct party *to = NULL;
    struct net *net = from->net;
    CHECK(strlen(kind) <= LINE_KIND_MAX && request.len <= LINE_REQUEST_MAX &&
          answer->max > 0 && answer->max <= LINE_ANSWER_MAX);
    for (size_t i = 0; i < net->count; i++)
        if (memcmp(net->parties[i].key, peer_key, 32) == 0)
            to = &net->parties[i];
    if (to == NULL || (to->node == NULL && net->before == NULL))
        return fail(err, IO_FAILED, "nobody is there");
    if (strcmp(kind, "ask") == 0) {
        net->last_ask = arena_bytes(&net->arena, request);
        if (net->keep_asks) {
            grow_to((void **)&net->asks, &net->ask_capacity, net->ask_count,
                    sizeof *net->asks);
            net->asks[net->ask_count++] = net->last_ask;
        }
    }
    enum status status = OK;
    if (net->before != NULL)
        status = net->before(net, from, to, kind, &request, answer, err);
    /* What stood between may have answered itself. */
    if (status == OK && answer->len == 0)
        status = net_answer(to, from->key, kind, request, answer, err);
    if (status == OK && net->after != NULL)
        status = net->after(net, from, to, kind, &request, answer, err);
    return status;
}

static void net_call(void *context, struct line_call *calls, size_t count)
{
    for (size_t i = 0; i < count; i++)
        calls[i].status = net_call_one(context, calls[i].peer_key, calls[i].kind,
                                       calls[i].request, calls[i].answer, &calls[i].err);
}

static enum status party_partners(void *context, const struct partner **list, size_t *count,
                                  struct arena *arena, struct err *err)
{
    const struct party *party = context;
    (void)arena, (void)err;
    *list = party->partners;
    *count = party->partner_count;
    return OK;
}

static enum status party_open(struct party *party, struct err *err)
{
    const struct node_options options = {.folder = party->folder,
                                         .world = party->net->world};
    bool barred;
    enum status status = node_open(&party->node, &options, err);
    if (status != OK)
        return status;
    party->matching = (struct matching){
        .store = node_store(party->node),
        .vault = node_vault(party->node),
        .world = party->net->world,
        .folder = party->folder,
        .partners = {party_partners, party},
        .line = {net_call, party},
    };
    status = matching_open(&party->matching, &barred, err);
    memcpy(party->key, party->matching.key, IDENTITY_KEY);
    return status;
}

static inline void party_close(struct party *party)
{
    struct err err = {0};
    CHECK_SEEN(node_close(party->node, &err) == OK, "%s", err.text);
    party->node = NULL;
}

static inline struct party *net_add(struct net *net, const char *code, const char *country)
{
    struct party *party = &net->parties[net->count++];
    struct store_settings settings = {.name = "Test", .language = "en", .fiction = true};
    struct err err = {0};
    party->net = net;
    snprintf(party->code, sizeof party->code, "%s", code);
    snprintf(party->folder, sizeof party->folder, "%s", temporary_path(code));
    snprintf(settings.agency, sizeof settings.agency, "%s", code);
    snprintf(settings.country, sizeof settings.country, "%s", country);
    const struct node_options options = {.folder = party->folder, .world = net->world};
    CHECK_SEEN(node_create(&options, &settings, "ana", &err) == OK, "%s", err.text);
    CHECK_SEEN(party_open(party, &err) == OK, "%s", err.text);
    return party;
}

/* a lets b ask for all classes, in the circle. */
static void net_agree(struct party *a, struct party *b, const char *circle, uint32_t quota)
{
    struct partner *partner = &a->partners[a->partner_count++];
    *partner = (struct partner){.basis = ""};
    snprintf(partner->code, sizeof partner->code, "%s", b->code);
    memcpy(partner->key, b->key, IDENTITY_KEY);
    for (size_t i = 0; i < KEY_CLASSES; i++) {
        partner->classes[i] =
            (struct partner_class){.agreed = true, .at_once = true, .quota = quota};
        CHECK(circle_parse(&partner->classes[i].circle, bytes_text(circle), NULL) == OK);
    }
}

static inline void net_agree_all(struct net *net, const char *circle, uint32_t quota)
{
    for (size_t a = 0; a < net->count; a++)
        for (size_t b = 0; b < net->count; b++)
            if (a != b)
                net_agree(&net->parties[a], &net->parties[b], circle, quota);
}

static inline void net_close(struct net *net)
{
    for (size_t i = 0; i < net->count; i++)
        if (net->parties[i].node != NULL)
            party_close(&net->parties[i]);
    free(net->asks);
    arena_release(&net->arena);
}

static inline struct act party_act(struct party *party, enum role role, enum verb verb)
{
    struct act act = {.role = role, .verb = verb, .purpose = PURPOSE_INVESTIGATION};
    unsigned roles;
    if (store_find_user(act.who, &roles, party->matching.store, "ana", NULL) != OK)
        abort();
    return act;
}

/* Opened when it is not there yet. */
static inline void party_case(uint8_t id[ENTRY_ID], struct party *party,
                              const char *reference)
{
    struct arena arena = {0};
    struct record record;
    struct receipt *receipt = NULL;
    struct err err = {0};
    const struct schema *schema = schema_find(BYTES_OF("Case"));
    if (store_find_case(id, party->matching.store, reference, NULL) == OK)
        return;
    record_init(&record, schema, &arena);
    record.id = reference;
    struct act act = party_act(party, ROLE_ANALYST, VERB_CASE_NEW);
    act.record = &record;
    if (record_add(&record, schema_property(schema, BYTES_OF("caseNumber")), "caseNumber",
                   bytes_text(reference), NULL, &err) != OK ||
        record_finish(&record, NULL, &err) != OK)
        abort();
    CHECK_SEEN(act_perform(&receipt, party->matching.store, &act, &err) == OK, "%s",
               err.text);
    receipt_object(id, receipt);
    receipt_close(receipt);
    arena_release(&arena);
}

/* Into the case, or into none. */
static inline uint64_t party_import(struct party *party, const char *path,
                                    const char *reference)
{
    struct reader *reader = NULL;
    struct import *import = NULL;
    struct record record;
    struct arena arena = {0};
    struct err err = {0};
    struct act act = party_act(party, ROLE_ANALYST, VERB_IMPORT_BEGIN);
    const struct reader_options options = {
        .path = path,
        .no_rejects_file = true,
        .home = store_settings(party->matching.store)->country};
    if (reference != NULL)
        party_case(act.case_id, party, reference);
    enum status status = reader_open(&reader, &options, &err);
    if (status == OK)
        status = import_open(&import, party->matching.store, &act, &err);
    while (status == OK) {
        status = reader_next(&record, reader, &arena, &err);
        if (status == OK)
            status = import_add(import, &record, &err);
        arena_reset(&arena);
    }
    if (status == NOT_FOUND)
        status = import_finish(import, &err);
    CHECK_SEEN(status == OK, "%s: %s", path, err.text);
    uint64_t added = import != NULL ? import_counts(import).added : 0;
    import_close(import);
    reader_close(reader);
    arena_release(&arena);
    return added;
}

static inline enum status party_ask(struct matching_result *result, struct party *party,
                                    const char *reference, const char *peer,
                                    struct arena *arena, struct err *err)
{
    struct matching_ask ask = {.act = party_act(party, ROLE_ANALYST, VERB_MATCH),
                               .case_ref = reference,
                               .codes = &peer,
                               .code_count = peer != NULL};
    ask.act.reason = "Directive (EU) 2023/977, article 4";
    party_case(ask.act.case_id, party, reference);
    return matching_run(result, &party->matching, &ask, arena, err);
}

#endif
