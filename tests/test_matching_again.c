/* SPDX-License-Identifier: Apache-2.0
 *
 * A hit that was decided stays decided, over bases and over epochs of the partner; when more of the partner's
 * records hold the thing than did, it does not, and says so.
 */
#include "three_nodes.h"

#include "match/claim.h"

static struct net net;
static struct arena arena;

/* One record with the phone, or with another. */
static void hold(const char *code, const char *id, const char *phone)
{
    FILE *file = fopen(temporary_path("held.json"), "w");
    fprintf(file,
            "{\"id\":\"%s\",\"schema\":\"Phone\",\"properties\":{\"number\":[\"%s\"]}}\n",
            id, phone);
    fclose(file);
    CHECK(party_import(net_party(&net, code), temporary_path("held.json"),
                       strcmp(code, "XB") == 0 ? "AGAIN" : NULL) == 1);
}

static void publish(bool new_epoch)
{
    struct matching_published published[MATCHING_CIRCLES_MAX];
    struct err err = {0};
    size_t count;
    CHECK_SEEN(matching_publish(published, &count, &net_party(&net, "XA")->matching, NULL,
                                new_epoch, &err) == OK,
               "%s", err.text);
}

struct desk {
    struct shown hits[16];
    size_t count;
};

static void read_desk(struct desk *desk)
{
    struct receipt *receipt = NULL;
    struct party *xb = net_party(&net, "XB");
    struct act act = party_act(xb, ROLE_ANALYST, VERB_HIT_LIST);
    desk->count = 0;
    CHECK(act_perform(&receipt, xb->matching.store, &act, NULL) == OK);
    while (desk->count < 16 &&
           receipt_next(&desk->hits[desk->count], receipt, &arena, NULL) == OK)
        desk->count++;
    receipt_close(receipt);
}

static const char *word(const struct shown *hit, const char *name)
{
    struct bytes text = record_first(&hit->record, name);
    return text.len > 0 ? arena_text(&arena, text) : "";
}

static void decide(const struct shown *hit, const char *verdict)
{
    struct record record;
    struct receipt *receipt = NULL;
    struct act act = party_act(net_party(&net, "XB"), ROLE_ANALYST, VERB_HIT_DECIDE);
    const struct schema *schema = hit->record.schema;
    record_init(&record, schema, &arena);
    record.id = hit->record.id;
    for (size_t i = 0; i < hit->record.count; i++)
        if (strcmp(hit->record.values[i].name, "verdict") != 0)
            CHECK(record_add(&record, hit->record.values[i].property,
                             hit->record.values[i].name, hit->record.values[i].raw, NULL,
                             NULL) == OK);
    CHECK(record_add(&record, schema_property(schema, BYTES_OF("verdict")), "verdict",
                     bytes_text(verdict), NULL, NULL) == OK &&
          record_finish(&record, NULL, NULL) == OK);
    memcpy(act.object, hit->id, ENTRY_ID);
    act.record = &record;
    act.before = hit->version;
    act.reason = "read off the handset";
    CHECK(act_perform(&receipt, net_party(&net, "XB")->matching.store, &act, NULL) == OK);
    receipt_close(receipt);
}

static void decide_all(const char *verdict)
{
    struct desk desk;
    read_desk(&desk);
    for (size_t i = 0; i < desk.count; i++)
        decide(&desk.hits[i], verdict);
}

/* What the asking says of its hits: "yes open*", a star where it was decided when there were fewer, sorted
 * as they come; and the desk says the same, and holds so many. */
static void check_asked(const char *when, const char *wanted, size_t on_desk)
{
    struct matching_result result = {.hits = NULL};
    struct err err = {0};
    struct desk desk;
    struct buf said = {.max = 1 << 12};
    size_t told = 0;
    CHECK_SEEN(
        party_ask(&result, net_party(&net, "XB"), "AGAIN", "XA", &arena, &err) == OK &&
            result.peers[0].status == OK,
        "%s: %s%s", when, err.text,
        result.peer_count > 0 && result.peers[0].error != NULL ? result.peers[0].error
                                                               : "");
    read_desk(&desk);
    static const char *const words[] = {"yes", "no", "unsure", "open"};
    for (size_t w = 0; w < 4; w++)
        for (size_t i = 0; i < result.hit_count; i++)
            if (strcmp(result.hits[i].verdict, words[w]) == 0)
                buf_addf(&said, "%s%s%s%s", said.len > 0 ? " " : "",
                         result.hits[i].again ? "" : "new ", words[w],
                         result.hits[i].decided_before ? "*" : "");
    CHECK_SEEN(bytes_is(buf_bytes(&said), wanted), "%s: \"%.*s\", not \"%s\"", when,
               (int)said.len, (const char *)said.at, wanted);
    for (size_t i = 0; i < result.hit_count; i++)
        for (size_t k = 0; k < desk.count; k++) {
            const struct matching_hit *hit = &result.hits[i];
            char tag[16];
            if (memcmp(hit->id, desk.hits[k].id, ENTRY_ID) != 0)
                continue;
            snprintf(tag, sizeof tag, "%010llx", (unsigned long long)hit->tag);
            const char *verdict = word(&desk.hits[k], "verdict");
            told += strcmp(hit->many ? "many" : tag, word(&desk.hits[k], "tag")) == 0 &&
                    strcmp(verdict[0] == '\0' ? "open" : verdict, hit->verdict) == 0 &&
                    (!hit->decided_before || word(&desk.hits[k], "earlier")[0] != '\0');
        }
    CHECK_SEEN(told == result.hit_count, "%s: the desk tells it of %zu of %zu", when, told,
               result.hit_count);
    CHECK_SEEN(desk.count == on_desk, "%s: %zu on the desk", when, desk.count);
    buf_release(&said);
}

/* With the tag and the proof that are kept now. */
static void check_claimed(const char *when)
{
    struct party *xb = net_party(&net, "XB");
    struct matching_claimed claimed;
    struct err err = {0};
    struct desk desk;
    read_desk(&desk);
    struct matching_claim claim = {.act = party_act(xb, ROLE_ANALYST, VERB_CLAIM)};
    memcpy(claim.act.object, desk.hits[0].id, ENTRY_ID);
    CHECK_SEEN(matching_claim(&claimed, &xb->matching, &claim, &arena, &err) == OK &&
                   claimed.records == 1 && claimed.held_before == 1,
               "%s: %s", when, err.text);
}

static void test_one(void)
{
    hold("XA", "A1", "+999550100001");
    hold("XB", "B1", "+999550100001");
    publish(true);
    check_asked("first", "new open", 1);
    check_asked("at once again", "open", 1);
    decide_all("yes");
    check_asked("decided", "yes", 1);
    publish(false);
    check_asked("another base", "yes", 1);
    publish(true);
    check_asked("another epoch", "yes", 1);
    check_claimed("another epoch");
    publish(true);
    publish(true);
    check_asked("two epochs on", "yes", 1);
    check_claimed("two epochs on");
    decide_all("no");
    publish(true);
    check_asked("a no stays, too", "no", 1);
    /* Another thing of ours, another record of theirs: nobody's verdict. */
    hold("XA", "A9", "+999550100009");
    hold("XB", "B9", "+999550100009");
    publish(true);
    check_asked("another thing", "no new open", 2);
    decide_all("yes");
}

static void test_more(void)
{
    hold("XA", "A2", "+999550100001");
    publish(false);
    check_asked("one record more", "yes yes new open*", 3);
    check_asked("and looked at again", "yes yes open*", 3);
    publish(true);
    check_asked("two, decided unlike, in another epoch", "yes open* open*", 3);
    decide_all("yes");
    publish(true);
    check_asked("two, decided alike", "yes yes yes", 3);
    hold("XA", "A3", "+999550100001");
    publish(true);
    check_asked("three, of which two were decided", "yes open* open* new open*", 4);
    decide_all("no");
    hold("XA", "A4", "+999550100001");
    hold("XA", "A5", "+999550100001");
    publish(true);
    check_asked("many", "no open*", 4);
    decide_all("unsure");
    publish(true);
    check_asked("still many", "unsure unsure", 4);
}

/* One record of ours, two values, two records of theirs: each verdict stays with its value. */
static void test_two_values(void)
{
    struct desk desk;
    FILE *file = fopen(temporary_path("two.json"), "w");
    fprintf(file,
            "{\"id\":\"B7\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Ana Sol\"],"
            "\"phone\":[\"+999550100070\",\"+999550100071\"]},\"status\":\"suspect\"}\n");
    fclose(file);
    CHECK(party_import(net_party(&net, "XB"), temporary_path("two.json"), "AGAIN") == 1);
    hold("XA", "A70", "+999550100070");
    hold("XA", "A71", "+999550100071");
    publish(true);
    check_asked("two values", "unsure unsure new open new open", 6);
    for (int round = 0; round < 3; round++) {
        size_t right = 0;
        read_desk(&desk);
        for (size_t i = 0; i < desk.count; i++) {
            char asked[64] = "";
            struct bytes hex = record_first(&desk.hits[i].record, "asked");
            bool of_two = hex.len < 64 && hex_read((uint8_t *)asked, hex.len / 2, hex) &&
                          strncmp(asked, "+99955010007", 12) == 0;
            const char *wanted = asked[12] == '0' ? "yes" : "no";
            if (of_two && round == 0)
                decide(&desk.hits[i], wanted);
            right += of_two && strcmp(word(&desk.hits[i], "verdict"), wanted) == 0;
        }
        CHECK_SEEN(right == (round > 0 ? 2 : 0), "%zu in round %d", right, round);
        publish(true);
        check_asked("two values, decided", "yes no unsure unsure", 6);
    }
}

static void erase(const char *code, const char *id)
{
    struct party *party = net_party(&net, code);
    struct receipt *receipt = NULL;
    struct shown shown;
    struct act act = party_act(party, ROLE_ANALYST, VERB_EXPORT);
    bool found = false;
    CHECK(act_perform(&receipt, party->matching.store, &act, NULL) == OK);
    while (!found && receipt_next(&shown, receipt, &arena, NULL) == OK)
        found = strcmp(shown.record.id, id) == 0;
    receipt_close(receipt);
    act = party_act(party, ROLE_ANALYST, VERB_ERASE);
    memcpy(act.object, shown.id, ENTRY_ID);
    CHECK(found && act_perform(&receipt, party->matching.store, &act, NULL) == OK);
    receipt_close(receipt);
}

/* The hit on the value, by its end; how many others say that they were not found. */
static struct shown find_hit(const char *phone, size_t *others_gone)
{
    struct desk desk;
    struct shown found = {.version = 0};
    read_desk(&desk);
    *others_gone = 0;
    for (size_t i = 0; i < desk.count; i++) {
        char asked[64] = "";
        struct bytes hex = record_first(&desk.hits[i].record, "asked");
        bool is = hex.len < 64 && hex_read((uint8_t *)asked, hex.len / 2, hex) &&
                  strcmp(asked, phone) == 0;
        if (is)
            found = desk.hits[i];
        else
            *others_gone += word(&desk.hits[i], "notFoundOn")[0] != '\0';
    }
    return found;
}

/* What the partner holds no more says so, and since when; and not when it is found again. */
static void test_gone(void)
{
    size_t others;
    erase("XA", "A71");
    check_asked("the map is the old one", "yes no unsure unsure", 6);
    CHECK(word((struct shown[]){find_hit("+999550100071", &others)}, "notFoundOn")[0] ==
          '\0');
    publish(true);
    check_asked("one is gone", "yes unsure unsure", 6);
    struct shown gone = find_hit("+999550100071", &others);
    CHECK_SEEN(strlen(word(&gone, "notFoundOn")) == 10 &&
                   strcmp(word(&gone, "verdict"), "no") == 0 && others == 0,
               "\"%s\" %zu", word(&gone, "notFoundOn"), others);
    check_asked("still", "yes unsure unsure", 6);
    CHECK(find_hit("+999550100071", &others).version == gone.version);
    hold("XA", "A72", "+999550100071");
    publish(true);
    check_asked("and is there again", "yes no unsure unsure", 6);
    struct shown back = find_hit("+999550100071", &others);
    CHECK(word(&back, "notFoundOn")[0] == '\0' && others == 0);
}

/* Of two hits on one thing, the one that is not found and the one that is: the second goes on under the next
 * seed, with its own verdict, and the first stays what it was. */
static void test_gone_beside(void)
{
    static const char phone[] = "+999550100080";
    struct desk desk;
    size_t others, is_gone = 0, is_there = 0;
    hold("XA", "A80", phone);
    hold("XB", "B8", phone);
    publish(true);
    check_asked("one more thing", "yes no unsure unsure new open", 7);
    decide((struct shown[]){find_hit(phone, &others)}, "yes");
    erase("XA", "A80");
    publish(false);
    check_asked("the thing is gone", "yes no unsure unsure", 7);
    struct shown gone = find_hit(phone, &others);
    CHECK(strlen(word(&gone, "notFoundOn")) == 10 && others == 0);
    hold("XA", "A81", phone);
    publish(false);
    check_asked("another of theirs", "yes no unsure unsure new open", 8);
    read_desk(&desk);
    for (size_t i = 0; i < desk.count; i++)
        if (word(&desk.hits[i], "verdict")[0] == '\0')
            decide(&desk.hits[i], "no");
    for (int round = 0; round < 2; round++) {
        publish(true);
        check_asked("under another seed", "yes no no unsure unsure", 8);
    }
    read_desk(&desk);
    for (size_t i = 0; i < desk.count; i++) {
        bool same = strcmp(desk.hits[i].record.id, gone.record.id) == 0;
        bool not_found = word(&desk.hits[i], "notFoundOn")[0] != '\0';
        is_there += !not_found;
        is_gone += same && not_found && desk.hits[i].version == gone.version &&
                   strcmp(word(&desk.hits[i], "verdict"), "yes") == 0;
    }
    CHECK_SEEN(is_gone == 1 && is_there == 7, "%zu %zu", is_gone, is_there);
    /* And when the partner holds neither, both are gone. */
    erase("XA", "A81");
    publish(true);
    check_asked("neither", "yes no unsure unsure", 8);
    read_desk(&desk);
    is_gone = 0;
    for (size_t i = 0; i < desk.count; i++)
        is_gone += word(&desk.hits[i], "notFoundOn")[0] != '\0';
    CHECK_SEEN(is_gone == 2, "%zu", is_gone);
}

int main(void)
{
    temporary_open();
    net.world = world_system();
    CHECK(sodium_init() >= 0);
    net_add(&net, "XA", "xa");
    net_add(&net, "XB", "xb");
    net_agree_all(&net, "again", 1 << 20);
    test_one();
    test_more();
    test_two_values();
    test_gone();
    test_gone_beside();
    net_close(&net);
    arena_release(&arena);
    temporary_close();
    return check_done("matching_again");
}
