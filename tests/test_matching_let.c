/* SPDX-License-Identifier: Apache-2.0
 *
 * A partner lets us ask for less than others of its circle, or for less than it did: what it lets us is asked,
 * and what was not is told. An asking is for the case of its records, whatever was said.
 */
#include "three_nodes.h"

#include "exchange/hello.h"

static struct net net;
static struct arena arena;
static bool greets;
static unsigned person_asks;

/* The hello of a node that lives in serve/node.c, of what its book says. */
static enum status greet(struct net *where, struct party *from, struct party *to,
                         const char *kind, struct bytes *request, struct buf *answer,
                         struct err *err)
{
    struct ask ask;
    (void)where, (void)err;
    if (strcmp(kind, "ask") == 0 && ask_parse(&ask, *request, NULL) == OK)
        person_asks += ask.class == KEY_PERSON;
    if (!greets || strcmp(kind, HELLO_KIND) != 0)
        return OK;
    struct peer peer = {.agreement_count = 0};
    for (size_t i = 0; i < to->partner_count; i++)
        for (size_t class = 0; class < KEY_CLASSES; class ++) {
            const struct partner_class *row = &to->partners[i].classes[class];
            struct peer_agreement one = {.class = (enum key_class) class, .quota = 100};
            one.circle = row->circle;
            if (memcmp(to->partners[i].key, from->key, IDENTITY_KEY) == 0 && row->agreed)
                peer_agree(&peer, &one);
        }
    hello_write(answer, to->code, 0, &peer);
    return OK;
}

static void hold(const char *code, const char *phone, const char *name, const char *ref)
{
    FILE *file = fopen(temporary_path("held.json"), "w");
    fprintf(file,
            "{\"id\":\"R%s\",\"schema\":\"Person\",\"properties\":{\"name\":[\"%s\"],"
            "\"birthDate\":[\"1980-02-03\"],\"phone\":[\"%s\"]},\"status\":\"suspect\"}\n",
            phone + 1, name, phone);
    fclose(file);
    CHECK(party_import(net_party(&net, code), temporary_path("held.json"), ref) == 1);
}

static struct partner *partner_of(const char *code, const char *other)
{
    struct party *party = net_party(&net, code);
    for (size_t i = 0; i < party->partner_count; i++)
        if (strcmp(party->partners[i].code, other) == 0)
            return &party->partners[i];
    abort();
}

static void publish(const char *code)
{
    struct matching_published published[MATCHING_CIRCLES_MAX];
    struct err err = {0};
    size_t count;
    enum status status = matching_publish(
        published, &count, &net_party(&net, code)->matching, NULL, false, &err);
    CHECK_SEEN(status == OK, "%s", err.text);
}

static struct matching_result result;

static void ask(const char *ref)
{
    struct err err = {0};
    person_asks = 0;
    enum status status = party_ask(&result, net_party(&net, "XA"), ref, "XB", &arena, &err);
    CHECK_SEEN(status == OK && result.peer_count == 1, "%s", err.text);
}

static void check_phone_alone(const char *when, bool refused)
{
    const struct matching_peer *peer = &result.peers[0];
    CHECK_SEEN(result.hit_count == 1 && result.hits[0].class == KEY_PHONE, "%s: %zu", when,
               result.hit_count);
    CHECK_SEEN(result.asked == 1, "%s: asked %zu", when, result.asked);
    CHECK_SEEN(peer->not_asked[KEY_PERSON] > 1 && peer->not_asked[KEY_PHONE] == 0,
               "%s: %u, %u", when, peer->not_asked[KEY_PERSON], peer->not_asked[KEY_PHONE]);
    CHECK_SEEN((peer->status == REFUSED) == refused &&
                   (!refused || strstr(peer->error, "class person") != NULL),
               "%s: %s", when, peer->error != NULL ? peer->error : "no error");
}

/* XB agrees phone alone with XA, and everything with XC, in one circle. */
static void test_fewer(void)
{
    struct partner *xa = partner_of("XB", "XA");
    ask("LET");
    CHECK_SEEN(result.hit_count == 2 && result.peers[0].not_asked[KEY_PERSON] == 0, "%zu",
               result.hit_count);
    size_t all = result.asked;
    CHECK(all > 2);
    for (size_t class = 0; class < KEY_CLASSES; class ++)
        xa->classes[class].agreed = class == KEY_PHONE;
    greets = false;
    ask("LET"); /* under the announcement that it has, and the maps that it kept */
    check_phone_alone("an ask that is refused", true);
    publish("XB");
    ask("LET");
    check_phone_alone("a map that is refused", true);
    CHECK(person_asks == 0);
    greets = true;
    ask("LET");
    check_phone_alone("what it lets us is known", false);
    CHECK(person_asks == 0);
    /* In another circle it is another agreement. */
    CHECK(circle_parse(&xa->classes[KEY_PERSON].circle, BYTES_OF("other"), NULL) == OK);
    xa->classes[KEY_PERSON].agreed = true;
    publish("XB");
    ask("LET");
    CHECK_SEEN(result.hit_count == 2 && result.asked == all && result.peers[0].status == OK,
               "%zu, %zu of %zu", result.hit_count, result.asked, all);
    for (size_t class = 0; class < KEY_CLASSES; class ++)
        xa->classes[class].agreed = false;
    ask("LET");
    CHECK_SEEN(result.hit_count == 0 && result.asked == 0 &&
                   result.peers[0].status == REFUSED &&
                   strstr(result.peers[0].error, "has not agreed") != NULL,
               "%s", result.peers[0].error);
    for (size_t class = 0; class < KEY_CLASSES; class ++)
        xa->classes[class].agreed = true;
    CHECK(circle_parse(&xa->classes[KEY_PERSON].circle, BYTES_OF("let"), NULL) == OK);
    publish("XB");
}

/* ---- For which case ---- */

static struct bytes told;

static enum status keep_case(struct net *where, struct party *from, struct party *to,
                             const char *kind, struct bytes *request, struct buf *answer,
                             struct err *err)
{
    struct ask ask;
    (void)where, (void)from, (void)to, (void)answer, (void)err;
    if (strcmp(kind, "ask") == 0 && ask_parse(&ask, *request, NULL) == OK)
        told = arena_bytes(&arena, ask.reason.case_ref);
    return OK;
}

static enum status ask_records(const uint8_t *ids, size_t count, const char *ref,
                               struct err *err)
{
    struct party *xa = net_party(&net, "XA");
    struct matching_ask ask = {.act = party_act(xa, ROLE_ANALYST, VERB_MATCH),
                               .case_ref = ref};
    if (ref != NULL)
        party_case(ask.act.case_id, xa, ref);
    ask.act.objects = ids;
    ask.act.object_count = count;
    told = (struct bytes){0};
    return matching_run(&result, &xa->matching, &ask, &arena, err);
}

static void first_of(uint8_t id[ENTRY_ID], const char *ref)
{
    struct receipt *receipt = NULL;
    struct shown shown;
    struct party *xa = net_party(&net, "XA");
    struct act act = party_act(xa, ROLE_ANALYST, VERB_EXPORT);
    if (ref != NULL)
        party_case(act.case_id, xa, ref);
    CHECK(act_perform(&receipt, xa->matching.store, &act, NULL) == OK);
    while (receipt_next(&shown, receipt, &arena, NULL) == OK)
        if (ref != NULL || entry_id_is_none(shown.case_id))
            memcpy(id, shown.id, ENTRY_ID);
    receipt_close(receipt);
}

static void test_case(void)
{
    struct err err = {0};
    uint8_t ids[3 * ENTRY_ID] = {0};
    uint8_t *one = ids, *other = ids + ENTRY_ID, *none = ids + 2 * ENTRY_ID;
    hold("XA", "+999550100002", "Somebody Else", "OTHER");
    hold("XA", "+999550100003", "Of No Case", NULL);
    first_of(one, "LET");
    first_of(other, "OTHER");
    first_of(none, NULL);
    net.before = keep_case;
    CHECK(ask_records(one, 1, NULL, &err) == OK);
    CHECK_TEXT(told, "LET");
    CHECK(ask_records(one, 1, "LET", &err) == OK);
    CHECK_TEXT(told, "LET");
    CHECK(ask_records(one, 1, "OTHER", &err) == REFUSED && told.len == 0);
    CHECK_SEEN(strstr(err.text, "of another case") != NULL, "%s", err.text);
    CHECK(ask_records(one, 2, NULL, &err) == REFUSED && told.len == 0);
    CHECK(ask_records(none, 1, NULL, &err) == OK);
    CHECK_TEXT(told, "no case");
    CHECK(ask_records(none, 1, "OTHER", &err) == OK);
    CHECK_TEXT(told, "OTHER");
    CHECK(ask_records(other, 2, NULL, &err) == OK);
    CHECK_TEXT(told, "OTHER");
}

int main(void)
{
    temporary_open();
    net.world = world_system();
    CHECK(sodium_init() >= 0);
    net_add(&net, "XA", "xa");
    net_add(&net, "XB", "xb");
    net_add(&net, "XC", "xc");
    net_agree_all(&net, "let", 1 << 20);
    hold("XA", "+999550100001", "Ruperta Benavides Lund", "LET");
    hold("XB", "+999550100001", "Ruperta Benavides Lund", NULL);
    publish("XB");
    net.before = greet;
    test_fewer();
    test_case();
    net_close(&net);
    arena_release(&arena);
    temporary_close();
    return check_done("matching_let");
}
