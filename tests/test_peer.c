/* SPDX-License-Identifier: Apache-2.0
 *
 * The book of peers: kept by acts, each an entry; who may change it; and that nobody finds, exports or
 * erases a peer like a thing.
 */
#include "exchange/peer.h"
#include "store/peers.h"
#include "store/rights.h"
#include "store_node.h"
#include "temporary.h"

static struct arena arena;
static struct store *store;

static struct peer example(const char *code, uint8_t key)
{
    struct peer peer = {
        .name = "Polícia Judiciária", .invited_s = 1795730000, .confirmed = true};
    snprintf(peer.code, sizeof peer.code, "%s", code);
    snprintf(peer.url, sizeof peer.url, "https://[::1]:8443");
    memset(peer.key, key, NODE_KEY);
    peer_agree(&peer, &(struct peer_agreement){KEY_PHONE, 500, 1200, true, {"north"}});
    peer_agree(&peer, &(struct peer_agreement){KEY_MARK, 256, 0, false, {"common"}});
    return peer;
}

static enum status write_peer(enum verb verb, enum role role, const struct peer *peer,
                              struct err *err)
{
    struct record record;
    struct act act = node_act(store, "ana", role, verb);
    if (peer_record(&record, peer, &arena, err) != OK)
        return BAD_INPUT;
    memcpy(act.object, peer->id, ENTRY_ID);
    act.before = peer->version;
    act.record = &record;
    return node_do(NULL, store, &act, err);
}

static void load(struct peer_list *list)
{
    struct err err = {0};
    CHECK_SEEN(peer_list_load(list, store, &err) == OK, "%s", err.text);
}

static uint64_t entries(void)
{
    struct store_status status;
    CHECK(store_status(&status, store, NULL) == OK);
    return status.entries;
}

static void test_keeping(void)
{
    struct peer_list list = {0};
    struct err err = {0};
    struct peer wanted = example("XB", 7), changed;
    uint64_t before = entries();
    CHECK_SEEN(write_peer(VERB_PEER_ACCEPT, ROLE_ADMINISTRATOR, &wanted, &err) == OK, "%s",
               err.text);
    CHECK(entries() == before + 1);
    load(&list);
    CHECK(list.count == 1);
    const struct peer *seen = peer_by_code(&list, "xb");
    CHECK(seen != NULL && seen == peer_by_key(&list, wanted.key));
    CHECK(strcmp(seen->code, "XB") == 0 && strcmp(seen->name, wanted.name) == 0 &&
          strcmp(seen->url, wanted.url) == 0 && seen->confirmed && !seen->removed &&
          seen->invited_s == wanted.invited_s && seen->agreement_count == 2);
    const struct peer_agreement *one = peer_agreement(seen, KEY_PHONE);
    CHECK(one != NULL && one->quota == 500 && one->case_quota == 1200 && one->at_once &&
          strcmp(one->circle.name, "north") == 0);
    CHECK(peer_agreement(seen, KEY_PERSON) == NULL);
    CHECK(peer_by_code(&list, "XC") == NULL);

    /* Changed by who saw the last version; not by who did not. */
    changed = *seen;
    peer_agree(&changed, &(struct peer_agreement){KEY_PERSON, 10, 0, false, {"common"}});
    CHECK(write_peer(VERB_PEER_AGREE, ROLE_ADMINISTRATOR, &changed, &err) == OK);
    CHECK(write_peer(VERB_PEER_AGREE, ROLE_ADMINISTRATOR, &changed, &err) == CONFLICT);
    CHECK(write_peer(VERB_PEER_ACCEPT, ROLE_ADMINISTRATOR, &wanted, &err) == CONFLICT);
    load(&list);
    changed = list.items[0];
    CHECK(changed.agreement_count == 3);
    /* A code is for good: it is what the record is found by. */
    snprintf(changed.code, sizeof changed.code, "XQ");
    CHECK(write_peer(VERB_PEER_AGREE, ROLE_ADMINISTRATOR, &changed, &err) == CONFLICT);
    changed = list.items[0];
    changed.removed = true;
    CHECK(write_peer(VERB_PEER_REMOVE, ROLE_ADMINISTRATOR, &changed, &err) == OK);
    load(&list);
    CHECK(list.count == 1 && list.items[0].removed &&
          peer_agreement(&list.items[0], KEY_PHONE) == NULL);
    peer_list_release(&list);
}

static void test_words(void)
{
    static const struct {
        const char *text;
        bool good, at_once;
        uint32_t quota, case_quota;
    } rows[] = {
        {"phone common 10240", true, false, 10240, 0},
        {"phone common 10240 at-once", true, true, 10240, 0},
        {"phone common 10240 case 20480", true, false, 10240, 20480},
        {"phone common 10240 case 20480 at-once", true, true, 10240, 20480},
        {"phone common 10240 at-once case 20480", false, false, 0, 0},
        {"phone common 10240 case", false, false, 0, 0},
        {"phone common 10240 case 0", false, false, 0, 0},
        {"phone common 10240 case 10000001", false, false, 0, 0},
        {"phone common 10240 case 1 case 1", false, false, 0, 0},
        {"phone common 10240 at-once at-once", false, false, 0, 0},
        {"phone common 10240 soon", false, false, 0, 0},
        {"phone common", false, false, 0, 0},
        {"phone common 0", false, false, 0, 0},
        {"fax common 1", false, false, 0, 0},
        {"", false, false, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct peer_agreement one;
        bool good = peer_agreement_read(&one, bytes_text(rows[i].text));
        CHECK_SEEN(good == rows[i].good, "%s", rows[i].text);
        if (good)
            CHECK_SEEN(one.quota == rows[i].quota && one.at_once == rows[i].at_once &&
                           one.case_quota == rows[i].case_quota,
                       "%s", rows[i].text);
    }
}

static void test_rights(void)
{
    static const enum verb changes[] = {VERB_PEER_ACCEPT, VERB_PEER_AGREE,
                                        VERB_PEER_REMOVE};
    struct err err = {0};
    struct peer peer = example("XC", 9);
    CHECK(write_peer(VERB_PEER_ACCEPT, ROLE_ANALYST, &peer, &err) == REFUSED);
    for (enum role role = ROLE_ANALYST; role < ROLE_END; role++) {
        bool may =
            role == ROLE_LIAISON || role == ROLE_SUPERVISOR || role == ROLE_ADMINISTRATOR;
        for (size_t i = 0; i < 3; i++)
            CHECK_SEEN((right_of(role, changes[i]) == RIGHT_ALWAYS) == may, "%d", role);
        CHECK(right_of(role, VERB_PEER_LIST) == RIGHT_ALWAYS);
    }
    CHECK(right_of(ROLE_NODE, VERB_PEER_AGREE) == RIGHT_NEVER);
}

/* A peer is no thing: not made, edited, erased or exported as one, and in nobody's search. */
static void test_no_thing(void)
{
    struct peer_list list = {0};
    struct err err = {0};
    struct receipt *receipt = NULL;
    struct record record;
    load(&list);
    CHECK(peer_record(&record, &list.items[0], &arena, &err) == OK);
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    act.record = &record;
    CHECK(act_submit(&receipt, store, &act, &err) == BAD_INPUT);
    act = node_act(store, "ana", ROLE_ANALYST, VERB_EDIT);
    memcpy(act.object, list.items[0].id, ENTRY_ID);
    act.record = &record;
    act.before = list.items[0].version;
    CHECK(node_do(NULL, store, &act, &err) == REFUSED);
    act = node_act(store, "ana", ROLE_ANALYST, VERB_ERASE);
    memcpy(act.object, list.items[0].id, ENTRY_ID);
    CHECK(node_do(NULL, store, &act, &err) == REFUSED);
    act = node_act(store, "ana", ROLE_ANALYST, VERB_EXPORT);
    CHECK(act_perform(&receipt, store, &act, &err) == OK && receipt_count(receipt) == 0);
    receipt_close(receipt);
    act = node_act(store, "ana", ROLE_ANALYST, VERB_PEER_LIST);
    CHECK(act_perform(&receipt, store, &act, &err) == OK && receipt_count(receipt) == 1);
    receipt_close(receipt);
    /* And nothing else becomes a peer. */
    struct record phone = RECORD(&arena, "Phone", "P-1", "number", "+999550107788");
    act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    uint8_t id[ENTRY_ID];
    act.record = &phone;
    CHECK(node_do(id, store, &act, &err) == OK);
    act = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_PEER_AGREE);
    memcpy(act.object, id, ENTRY_ID);
    act.record = &record;
    CHECK(node_do(NULL, store, &act, &err) == NOT_FOUND);
    peer_list_release(&list);
}

int main(void)
{
    struct err err = {0};
    temporary_open();
    const struct store_options options = node_options(temporary_path("node"), NULL);
    CHECK_SEEN(node_create(&options, &err) == OK, "%s", err.text);
    CHECK_SEEN(store_open(&store, &options, &err) == OK, "%s", err.text);
    test_keeping();
    test_words();
    test_rights();
    test_no_thing();
    /* Opened again, all is there. */
    store_close(store);
    CHECK(store_open(&store, &options, &err) == OK);
    struct peer_list list = {0};
    load(&list);
    CHECK(list.count == 1 && list.items[0].removed);
    peer_list_release(&list);
    store_close(store);
    arena_release(&arena);
    temporary_close();
    return check_done("peer");
}
