/* SPDX-License-Identifier: Apache-2.0
 *
 * Three agencies: what they find of one another, and that it is nothing else.
 */
#include "three_nodes.h"

#include "match/claim.h"
#include "serve/matching_inside.h"
#include "store/rebuild.h"

#include <sys/stat.h>

static struct net net;
static struct arena arena;

enum { DECOYS = 400 };

/* Records of the usual kinds, with numbers that no other agency has. */
static void add_decoys(struct party *party, unsigned seed)
{
    struct world_seeded random;
    FILE *file = fopen(temporary_path("decoys.json"), "w");
    world_seeded_init(&random, seed, 0);
    for (unsigned i = 0; i < DECOYS; i++) {
        uint32_t n[4];
        char name[3][9];
        world_random(&random.world, n, sizeof n);
        for (unsigned k = 0; k < 3; k++) {
            uint8_t letters[8];
            world_random(&random.world, letters, sizeof letters);
            for (unsigned j = 0; j < 8; j++)
                name[k][j] = (char)('a' + letters[j] % 26);
            name[k][8] = '\0';
        }
        if (i % 3 == 0)
            fprintf(file,
                    "{\"id\":\"D%u\",\"schema\":\"Person\",\"properties\":{\"name\":[\"%s "
                    "%s\"],\"birthDate\":[\"19%02u-%02u-%02u\"],\"phone\":[\"+999%09u\"]},"
                    "\"status\":\"suspect\"}\n",
                    i, name[0], name[1], n[0] % 90 + 10, n[1] % 12 + 1, n[2] % 28 + 1,
                    n[3] % 1000000000);
        else if (i % 3 == 1)
            fprintf(
                file,
                "{\"id\":\"D%u\",\"schema\":\"Company\",\"properties\":{\"name\":[\"%s %s "
                "Import\"],\"email\":[\"%s@example.org\"]}}\n",
                i, name[0], name[1], name[2]);
        else
            fprintf(
                file,
                "{\"id\":\"D%u\",\"schema\":\"Seizure\",\"properties\":{\"date\":[\"2026-"
                "01-"
                "0%u\"],\"country\":[\"xa\"],\"substance\":[\"Cannabis herb\"],\"imei\":[\""
                "%014llu\"],\"packagingMark\":[\"%s\"]}}\n",
                i, n[0] % 9 + 1,
                (unsigned long long)(((uint64_t)n[1] << 32 | n[2]) % 100000000000000ULL),
                name[2]);
    }
    fclose(file);
    CHECK(party_import(party, temporary_path("decoys.json"), NULL) > DECOYS / 2);
}

/* One line a hit, sorted as they come: "XB>XA phone". */
static void say(struct buf *out, const char *from, const struct matching_result *result)
{
    for (size_t i = 0; i < result->hit_count; i++)
        buf_addf(out, "%s>%s %s %s%s\n", from, result->hits[i].peer,
                 key_class_row(result->hits[i].class)->name, result->hits[i].source,
                 result->hits[i].weak ? " weak" : "");
}

static void check_asked(const char *from, const char *peer, const char *wanted)
{
    struct matching_result result;
    struct err err = {0};
    struct buf said = {.max = 1 << 16};
    struct party *party = net_party(&net, from);
    CHECK_SEEN(party_ask(&result, party, "DELFINES", peer, &arena, &err) == OK, "%s",
               err.text);
    for (size_t i = 0; i < result.peer_count; i++)
        CHECK_SEEN(result.peers[i].status == OK, "%s", result.peers[i].error);
    say(&said, from, &result);
    CHECK_TEXT(buf_bytes(&said), wanted);
    buf_release(&said);
}

static const char *example(const char *name)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "examples/%s", name);
    return path;
}

static void set_up(void)
{
    struct matching_published published[MATCHING_CIRCLES_MAX];
    static const char *const codes[] = {"XA", "XB", "XC"}, *const countries[] = {"xa", "xb",
                                                                                 "xc"};
    static const char *const files[] = {"xa.ftm.json", "xb.ftm.json", "xc.ftm.json"};
    struct err err = {0};
    net.world = world_system();
    net.keep_asks = true;
    for (unsigned i = 0; i < 3; i++) {
        struct party *party = net_add(&net, codes[i], countries[i]);
        party_import(party, example(files[i]), "DELFINES");
        add_decoys(party, 100 + i);
    }
    net_agree_all(&net, "delfines", 0);
    for (unsigned i = 0; i < 3; i++) {
        struct act act = party_act(&net.parties[i], ROLE_ANALYST, VERB_EPOCH);
        size_t count;
        enum status status =
            matching_publish(published, &count, &net.parties[i].matching, &act, true, &err);
        CHECK_SEEN(status == OK && count == 1 && published[0].records > 5, "%s", err.text);
    }
}

/* AT-03, AT-04: exactly these, in two rounds, and none of the decoys. */
static void test_hits(void)
{
    check_asked("XB", "XA",
                "XB>XA phone XB-SZ-2026-0009\n"
                "XB>XA mark XB-SZ-2026-0009 weak\n");
    check_asked("XA", "XC",
                "XA>XC imo XA-SZ-2026-0041 weak\n"
                "XA>XC company XA-SZ-2026-0041\n");
    check_asked("XB", "XC",
                "XB>XC account XB-FIU-2026-0117\n"
                "XB>XC person XB-FIU-2026-0117-P\n");
    /* the other way round, too */
    check_asked("XA", "XB",
                "XA>XB phone XA-SZ-2026-0041\n"
                "XA>XB mark XA-SZ-2026-0041 weak\n");
    party_import(net_party(&net, "XA"), example("xa-27-february.ftm.json"), "DELFINES");
    check_asked("XA", "XC",
                "XA>XC imo XA-SZ-2026-0041 weak\n"
                "XA>XC company XA-SZ-2026-0041\n"
                "XA>XC container XA-BK-2026-0003\n");
}

/* ---- What was asked, seen from outside and from inside ---- */

/* The note of an asking, as an audit reads it. */
static void read_asking(struct asking *asking, struct party *party,
                        const uint8_t batch[ENTRY_ID])
{
    struct receipt *receipt = NULL;
    struct bytes note;
    struct err err = {0};
    int64_t time_ms;
    struct act act = party_act(party, ROLE_ANALYST, VERB_MATCH_AUDIT);
    memcpy(act.object, batch, ENTRY_ID);
    enum status status = act_perform(&receipt, party->matching.store, &act, &err);
    if (status == OK)
        status = receipt_note(&note, &time_ms, receipt, &arena, &err);
    if (status == OK)
        status = asking_read(asking, note, &arena, &err);
    CHECK_SEEN(status == OK && time_ms > 0, "%s", err.text);
    receipt_close(receipt);
}

static bool contains(struct bytes wire, const void *at, size_t len)
{
    return memmem(wire.at, wire.len, at, len) != NULL;
}

/* AT-05: everything that can be made of the true item without a secret, looked for everywhere. */
static void check_dictionary(struct bytes wire, struct bytes item)
{
    uint8_t hash[64], element[OPRF_ELEMENT];
    CHECK(!contains(wire, item.at, item.len));
    crypto_hash_sha256(hash, item.at, item.len);
    CHECK(!contains(wire, hash, 16));
    crypto_hash_sha512(hash, item.at, item.len);
    CHECK(!contains(wire, hash, 16));
    crypto_generichash(hash, 32, item.at, item.len, NULL, 0);
    CHECK(!contains(wire, hash, 16));
    oprf_hash_to_group(element, item, OPRF_VERIFIABLE);
    CHECK(!contains(wire, element, sizeof element));
}

static void test_asks(void)
{
    struct matching_result result;
    struct err err = {0};
    struct asking asking;
    struct party *xa = net_party(&net, "XA");
    size_t from = net.ask_count;
    CHECK(party_ask(&result, xa, "DELFINES", NULL, &arena, &err) == OK && result.asked > 8);
    read_asking(&asking, xa, result.batch);
    CHECK(asking.item_count == result.asked && asking.peer_count == 2);
    for (size_t i = 0; i < asking.item_count; i++) {
        struct bytes text;
        /* the protected witness, whose phone and name these are */
        CHECK(memmem(asking.items[i].value.at, asking.items[i].value.len, "0104411", 7) ==
              NULL);
        CHECK(memmem(asking.items[i].value.at, asking.items[i].value.len, "solar", 5) ==
              NULL);
        CHECK(item_text(&text, &asking.items[i], &arena, &err) == OK);
        for (size_t a = from; a < net.ask_count; a++) {
            check_dictionary(net.asks[a], text);
            check_dictionary(net.asks[a], asking.items[i].value);
        }
    }
    /* No element goes to two partners. */
    for (size_t a = from; a < net.ask_count; a++)
        for (size_t b = from; b < a; b++) {
            struct ask one, other;
            CHECK(ask_parse(&one, net.asks[a], NULL) == OK &&
                  ask_parse(&other, net.asks[b], NULL) == OK);
            CHECK(!contains(net.asks[a], other.elements, OPRF_ELEMENT) &&
                  !contains(net.asks[a], other.commitment, COMMITMENT) &&
                  !contains(net.asks[a], other.batch_id, BATCH_ID) &&
                  !contains(net.asks[a], other.root, 32));
        }
}

/* Two different lists of the same size go over in the same shape. */
static void test_shape(void)
{
    static const char *const lists[2] = {
        "{\"id\":\"1\",\"schema\":\"Phone\",\"properties\":{\"number\":[\"+999550107788\"]}"
        "}\n"
        "{\"id\":\"2\",\"schema\":\"Vessel\",\"properties\":{\"imoNumber\":[\"0007319\"]}}"
        "\n",
        "{\"id\":\"1\",\"schema\":\"Phone\",\"properties\":{\"number\":[\"+999550990000\"]}"
        "}\n"
        "{\"id\":\"2\",\"schema\":\"Vessel\",\"properties\":{\"imoNumber\":[\"0009993\"]}}"
        "\n"};
    static const char *const cases[2] = {"SHAPE-1", "SHAPE-2"};
    struct matching_result result;
    struct err err = {0};
    size_t starts[3];
    for (size_t i = 0; i < 2; i++) {
        starts[i] = net.ask_count;
        temporary_file("list.json", bytes_text(lists[i]));
        party_import(net_party(&net, "XB"), temporary_path("list.json"), cases[i]);
        CHECK(party_ask(&result, net_party(&net, "XB"), cases[i], "XA", &arena, &err) ==
              OK);
    }
    starts[2] = net.ask_count;
    CHECK(starts[1] - starts[0] == 2 && starts[2] - starts[1] == 2);
    for (size_t i = 0; i < 2; i++)
        CHECK(net.asks[starts[0] + i].len == net.asks[starts[1] + i].len);
}

static void test_audit(void)
{
    struct matching_result result;
    struct err err = {0};
    bool valid = false;
    const char *why = "";
    struct party *xa = net_party(&net, "XA");
    CHECK(party_ask(&result, xa, "DELFINES", NULL, &arena, &err) == OK);
    struct act act = party_act(xa, ROLE_ANALYST, VERB_MATCH_AUDIT);
    memcpy(act.object, result.batch, ENTRY_ID);
    CHECK_SEEN(matching_audit(&valid, &why, &xa->matching, &act, &arena, &err) == OK, "%s",
               err.text);
    CHECK_SEEN(valid, "%s", why);
    act.object[3] ^= 1;
    CHECK(matching_audit(&valid, &why, &xa->matching, &act, &arena, &err) == NOT_FOUND);
}

/* The false friend: protected, then as a suspect: dates that agree only when day and month are
 * swapped. And the protected witness of XA, whom XB asks about. */
static void test_false_friend(void)
{
    struct err err = {0};
    struct matching_published published[MATCHING_CIRCLES_MAX];
    size_t count;
    struct matching_result result;
    check_asked("XC", "XA",
                "XC>XA imo XC-IR-2025-0310 weak\n"
                "XC>XA company XC-IR-2025-0310\n");
    temporary_file("friend.json",
                   BYTES_OF("{\"id\":\"XC-P-0900\",\"schema\":\"Person\",\"properties\":{"
                            "\"name\":[\"Tomas Alvear\"],\"birthDate\":[\"1984-12-03\"],"
                            "\"country\":[\"xc\"]},\"status\":\"suspect\"}\n"));
    party_import(net_party(&net, "XC"), temporary_path("friend.json"), "DELFINES");
    CHECK_SEEN(matching_publish(published, &count, &net_party(&net, "XC")->matching, NULL,
                                false, &err) == OK,
               "%s", err.text);
    check_asked("XC", "XA",
                "XC>XA imo XC-IR-2025-0310 weak\n"
                "XC>XA company XC-IR-2025-0310\n");
    check_asked("XA", "XC",
                "XA>XC imo XA-SZ-2026-0041 weak\n"
                "XA>XC company XA-SZ-2026-0041\n"
                "XA>XC container XA-BK-2026-0003\n");
    temporary_file(
        "probe.json",
        BYTES_OF("{\"id\":\"P\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Benigna "
                 "Solar Tejo\"],\"birthDate\":[\"1990-08-21\"],\"phone\":[\"+999 55 010 "
                 "4411\"]},\"status\":\"suspect\"}\n"));
    party_import(net_party(&net, "XB"), temporary_path("probe.json"), "PROBE");
    CHECK(party_ask(&result, net_party(&net, "XB"), "PROBE", "XA", &arena, &err) == OK &&
          result.hit_count == 0 && result.asked > 2);
}

/* Only the cached outputs of what is new are computed again. */
static void test_republish(void)
{
    struct matching_published published[MATCHING_CIRCLES_MAX];
    struct err err = {0};
    size_t count;
    struct party *xa = net_party(&net, "XA");
    CHECK(matching_publish(published, &count, &xa->matching, NULL, false, &err) == OK);
    uint64_t number = published[0].number, keys = published[0].keys;
    CHECK(matching_publish(published, &count, &xa->matching, NULL, false, &err) == OK);
    CHECK_SEEN(published[0].evaluated == 0 && published[0].number > number &&
                   published[0].keys == keys,
               "%llu evaluated", (unsigned long long)published[0].evaluated);
    /* after a restart of the vault, too */
    party_close(xa);
    CHECK_SEEN(party_open(xa, &err) == OK, "%s", err.text);
    CHECK(matching_publish(published, &count, &xa->matching, NULL, false, &err) == OK);
    CHECK(published[0].evaluated == 0);
    CHECK(matching_publish(published, &count, &xa->matching, NULL, true, &err) == OK);
    CHECK(published[0].evaluated == published[0].keys);
    check_asked("XB", "XA",
                "XB>XA phone XB-SZ-2026-0009\n"
                "XB>XA mark XB-SZ-2026-0009 weak\n");
}

/* Keys are handed over without waiting; what went wrong with them is told by the next call. */
static void test_late(void)
{
    struct err err = {0};
    struct vault_published published;
    bool barred;
    uint64_t counted;
    party_close(net_party(&net, "XC"));
    CHECK(party_open(net_party(&net, "XC"), &err) == OK);
    struct vault *vault = net_party(&net, "XC")->matching.vault;
    CHECK(vault_publish_keys(vault, BYTES_OF("no keys at all"), &err) == OK);
    CHECK(vault_told(&barred, &counted, vault, 0, &err) ==
          OK); /* another question in between */
    CHECK(vault_publish_keys(vault, BYTES_OF("nor these"), &err) == CONFLICT);
    CHECK_SEEN(strstr(err.text, "nothing was begun") != NULL, "%s", err.text);
    CHECK(vault_publish_keys(vault, BYTES_OF("nor these"), &err) == OK);
    CHECK(vault_publish_end(&published, vault, &err) == CONFLICT);
    CHECK(vault_publish_end(&published, vault, &err) == CONFLICT);
    CHECK(vault_told(&barred, &counted, vault, 0, &err) == OK);
}

/* ---- From a hit to a claim ---- */

static enum status list_findings(struct shown *last, size_t *count, struct party *party,
                                 enum verb verb)
{
    struct receipt *receipt = NULL;
    struct shown shown;
    struct err err = {0};
    struct act act = party_act(party, ROLE_ANALYST, verb);
    enum status status = act_perform(&receipt, party->matching.store, &act, &err);
    *count = 0;
    while (status == OK && (status = receipt_next(&shown, receipt, &arena, &err)) == OK) {
        *last = shown;
        ++*count;
    }
    receipt_close(receipt);
    return status == NOT_FOUND ? OK : status;
}

static enum status decide(struct party *party, const struct shown *hit, const char *verdict)
{
    struct record record;
    struct receipt *receipt = NULL;
    struct act act = party_act(party, ROLE_ANALYST, VERB_HIT_DECIDE);
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
    act.reason = "both numbers were read off the handset";
    enum status status = act_perform(&receipt, party->matching.store, &act, NULL);
    receipt_close(receipt);
    return status;
}

static const char *text_of(struct bytes text)
{
    return arena_text(&arena, text);
}

static struct bytes last_claim;

static enum status keep_claim(struct net *where, struct party *from, struct party *to,
                              const char *kind, struct bytes *request, struct buf *answer,
                              struct err *err)
{
    (void)where, (void)from, (void)to, (void)answer, (void)err;
    if (strcmp(kind, "claim") == 0)
        last_claim = arena_bytes(&arena, *request);
    return OK;
}

static void test_claim(void)
{
    struct shown hit = {.version = 0}, claim = {.version = 0};
    struct err err = {0};
    size_t count, before;
    struct matching_claimed claimed;
    struct buf answer = {.max = CLAIM_RECEIPT_MAX};
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    CHECK(list_findings(&hit, &count, xb, VERB_HIT_LIST) == OK && count >= 4);
    struct bytes peer = record_first(&hit.record, "peer");
    CHECK_TEXT(peer, "XA");
    CHECK(list_findings(&claim, &before, xa, VERB_CLAIM_LIST) == OK && before == 0);

    struct matching_claim claiming = {.act = party_act(xb, ROLE_ANALYST, VERB_CLAIM),
                                      .urgency = CLAIM_IMMEDIATE,
                                      .handling = HANDLING_H1};
    memcpy(claiming.act.object, hit.id, ENTRY_ID);
    CHECK(matching_claim(&claimed, &xb->matching, &claiming, &arena, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "for a person to decide") != NULL, "%s", err.text);
    CHECK(decide(xb, &hit, "yes") == OK);
    CHECK(decide(xb, &hit, "no") == CONFLICT); /* somebody decided meanwhile */
    net.before = keep_claim;
    enum status sent = matching_claim(&claimed, &xb->matching, &claiming, &arena, &err);
    CHECK_SEEN(sent == OK, "%s", err.text);
    net.before = NULL;
    CHECK(!claimed.waits && claimed.records == 1 && claimed.held_before == 1);
    CHECK(list_findings(&claim, &count, xb, VERB_CLAIM_LIST) == OK && count == 1);
    CHECK_SEEN(strtoull(text_of(record_first(&claim.record, "pledge")), NULL, 10) ==
                   claimed.entry,
               "%s", text_of(record_first(&claim.record, "pledge")));

    CHECK(list_findings(&claim, &count, xa, VERB_CLAIM_LIST) == OK && count == 1);
    CHECK(strstr(text_of(record_first(&claim.record, "pledge")),
                 text_of(record_first(&claim.record, "mine"))) != NULL);
    CHECK_TEXT(record_first(&claim.record, "direction"), "received");
    CHECK_TEXT(record_first(&claim.record, "peer"), "XB");
    CHECK_TEXT(record_first(&claim.record, "theirCase"),
               text_of(record_first(&hit.record, "caseReference")));
    CHECK_TEXT(record_first(&claim.record, "urgency"), "immediate");
    CHECK((claim.record.handling & HANDLING_H1) != 0);
    /* which record is meant: the seizure, and it can be read */
    uint8_t mine[ENTRY_ID];
    struct receipt *receipt = NULL;
    struct shown seizure;
    struct act read = party_act(xa, ROLE_ANALYST, VERB_READ);
    CHECK(hex_read(mine, ENTRY_ID, record_first(&claim.record, "mine")));
    memcpy(read.object, mine, ENTRY_ID);
    CHECK(act_perform(&receipt, xa->matching.store, &read, &err) == OK &&
          receipt_next(&seizure, receipt, &arena, &err) == OK);
    CHECK_TEXT(bytes_text(seizure.record.id), "XA-SZ-2026-0041");
    receipt_close(receipt);

    /* Sent again: the same receipt, and no second claim. Changed, or by somebody else: refused. */
    CHECK(net_answer(xa, xb->key, "claim", last_claim, &answer, &err) == OK &&
          answer.len > ENTRY_ID);
    CHECK(list_findings(&claim, &count, xa, VERB_CLAIM_LIST) == OK && count == 1);
    CHECK(net_answer(xa, net_party(&net, "XC")->key, "claim", last_claim, &answer, &err) ==
          REFUSED);
    uint8_t *bent = arena_alloc(&arena, last_claim.len);
    for (size_t at = 0; at < last_claim.len; at += 7) {
        memcpy(bent, last_claim.at, last_claim.len);
        bent[at] ^= 4;
        CHECK(net_answer(xa, xb->key, "claim", bytes_of(bent, last_claim.len), &answer,
                         &err) != OK);
    }
    CHECK(net_answer(xa, xb->key, "claim", bytes_slice(last_claim, 0, 100), &answer,
                     &err) == BAD_INPUT);
    CHECK(list_findings(&claim, &count, xa, VERB_CLAIM_LIST) == OK && count == 1);
    buf_release(&answer);
}

/* A claim with a good signature, and a proof of something else. */
static void test_claim_proof(void)
{
    struct claim claim;
    struct buf wire = {.max = CLAIM_WIRE_MAX}, answer = {.max = 64};
    struct err err = {0};
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    CHECK(claim_parse(&claim, last_claim, &err) == OK);
    claim.id[0] ^= 1; /* the proof is bound to the id */
    claim_write_unsigned(&wire, &claim);
    CHECK(vault_sign_message(xb->matching.vault, &wire, &err) == OK);
    CHECK(net_answer(xa, xb->key, "claim", buf_bytes(&wire), &answer, &err) == NOT_FOUND);
    CHECK_SEEN(strstr(err.text, "no longer held") != NULL, "%s", err.text);
    /* The vault signs nothing but asks and claims of its own node. */
    buf_clear(&wire);
    buf_add_text(&wire,
                 "ENLEPO02 or whatever else somebody wants signed, long enough to be one");
    CHECK(vault_sign_message(xb->matching.vault, &wire, &err) == REFUSED);
    buf_clear(&wire);
    memcpy(claim.requester, xa->key, IDENTITY_KEY);
    claim_write_unsigned(&wire, &claim);
    CHECK(vault_sign_message(xb->matching.vault, &wire, &err) == REFUSED);
    buf_release(&wire);
    buf_release(&answer);
}

/* ---- Claims that come at a bad time ---- */

static struct shown decided_hit(struct party *party)
{
    struct receipt *receipt = NULL;
    struct shown hit = {.version = 0};
    struct act list = party_act(party, ROLE_ANALYST, VERB_HIT_LIST);
    CHECK(act_perform(&receipt, party->matching.store, &list, NULL) == OK);
    while (receipt_next(&hit, receipt, &arena, NULL) == OK)
        if (bytes_is(record_first(&hit.record, "verdict"), "yes") &&
            bytes_is(record_first(&hit.record, "peer"), "XA"))
            break;
    receipt_close(receipt);
    CHECK_TEXT(record_first(&hit.record, "verdict"), "yes");
    return hit;
}

/* XB claims what it asked XA about in the beginning; the record is one that XA had then. */
static void check_claimed(const char *when)
{
    struct party *xb = net_party(&net, "XB");
    struct matching_claimed claimed;
    struct err err = {0};
    struct shown hit = decided_hit(xb);
    struct matching_claim claiming = {.act = party_act(xb, ROLE_ANALYST, VERB_CLAIM)};
    memcpy(claiming.act.object, hit.id, ENTRY_ID);
    CHECK_SEEN(matching_claim(&claimed, &xb->matching, &claiming, &arena, &err) == OK,
               "%s: %s", when, err.text);
    CHECK_SEEN(claimed.records == 1 && claimed.held_before == 1, "%s: %zu, %zu", when,
               claimed.records, claimed.held_before);
}

static unsigned breaths;

static bool claim_and_end(void *context)
{
    (void)context;
    breaths++;
    check_claimed("while maps are made");
    return true;
}

/* Maps under a fresh seed are begun and given up: claims are answered as before, and what was begun is made
 * up for. */
static void test_given_up(void)
{
    struct matching_published published[MATCHING_CIRCLES_MAX];
    struct err err = {0};
    struct epoch *epochs;
    size_t count;
    struct party *xa = net_party(&net, "XA");
    CHECK(matching_epochs(&epochs, &count, &xa->matching, &arena, &err) == OK &&
          count == 1);
    uint64_t number = epochs[0].number;
    xa->matching.breathe = claim_and_end;
    CHECK(matching_publish(published, &count, &xa->matching, NULL, true, &err) == BUSY);
    xa->matching.breathe = NULL;
    CHECK(breaths == 1);
    check_claimed("given up");
    CHECK_SEEN(matching_tend(&xa->matching, &err) == OK, "%s", err.text);
    CHECK(matching_epochs(&epochs, &count, &xa->matching, &arena, &err) == OK &&
          epochs[0].number > number + 1);
    number = epochs[0].number;
    check_claimed("made up for");
    CHECK(matching_tend(&xa->matching, &err) == OK);
    CHECK(matching_epochs(&epochs, &count, &xa->matching, &arena, &err) == OK &&
          epochs[0].number == number);
}

static bool count_breath(void *context)
{
    (void)context;
    breaths++;
    return false;
}

/* The tree of pledges goes on under other rules for keys; and what cannot be read is no empty tree. */
static void test_other_rules(void)
{
    struct matching_published published[MATCHING_CIRCLES_MAX];
    struct err err = {0};
    struct epoch *epochs;
    size_t count;
    struct party *xa = net_party(&net, "XA");
    check_claimed("before");
    xa->matching.normaliser[0] ^= 1;
    CHECK(matching_publish(published, &count, &xa->matching, NULL, false, &err) == OK);
    check_claimed("other rules");
    xa->matching.normaliser[0] ^= 1;
    CHECK(matching_publish(published, &count, &xa->matching, NULL, false, &err) == OK);
    check_claimed("the rules there were");

    CHECK(matching_epochs(&epochs, &count, &xa->matching, &arena, &err) == OK);
    struct vault_epoch seeds[VAULT_EPOCHS_MAX];
    CHECK(vault_epochs(seeds, &count, xa->matching.vault, &err) == OK && count > 0);
    const char *path =
        arena_printf(&arena, "%s/vault.pledges.%llu.%s", xa->folder,
                     (unsigned long long)seeds[count - 1].first, epochs[0].circle.name);
    const char *aside = arena_printf(&arena, "%s.aside", path);
    CHECK(rename(path, aside) == 0 && mkdir(path, 0700) == 0);
    breaths = 0;
    xa->matching.breathe = count_breath;
    CHECK(matching_publish(published, &count, &xa->matching, NULL, false, &err) ==
          IO_FAILED);
    CHECK(breaths == 0);
    xa->matching.breathe = NULL;
    CHECK(rmdir(path) == 0 && rename(aside, path) == 0);
    CHECK(matching_publish(published, &count, &xa->matching, NULL, false, &err) == OK);
    check_claimed("read again");
}

/* Our own record is corrected after the ask: what its owner opens is still held against what was asked. */
static void test_edited(void)
{
    struct party *xb = net_party(&net, "XB");
    struct receipt *receipt = NULL;
    struct shown hit = decided_hit(xb), shown;
    struct record record;
    struct err err = {0};
    struct act act = party_act(xb, ROLE_ANALYST, VERB_READ);
    CHECK(hex_read(act.object, ENTRY_ID, record_first(&hit.record, "mine")));
    CHECK(act_perform(&receipt, xb->matching.store, &act, &err) == OK &&
          receipt_next(&shown, receipt, &arena, &err) == OK);
    receipt_close(receipt);
    record_init(&record, shown.record.schema, &arena);
    record.id = shown.record.id;
    record.handling = shown.record.handling;
    for (size_t i = 0; i < shown.record.count; i++) {
        const struct record_value *value = &shown.record.values[i];
        if (strcmp(value->name, "phone") != 0 && strcmp(value->name, "imoNumber") != 0)
            CHECK(record_add(&record, value->property, value->name, value->raw, NULL,
                             NULL) == OK);
    }
    CHECK(record.count < shown.record.count && record_finish(&record, NULL, NULL) == OK);
    act.verb = VERB_EDIT;
    act.record = &record;
    act.before = shown.version;
    CHECK_SEEN(act_perform(&receipt, xb->matching.store, &act, &err) == OK, "%s", err.text);
    receipt_close(receipt);
    check_claimed("our record was edited");
}

/* What was asked about a record goes when the record is erased. */
static void test_erase(void)
{
    struct matching_result result;
    struct err err = {0};
    struct receipt *receipt = NULL;
    bool valid;
    const char *why;
    struct party *xb = net_party(&net, "XB");
    CHECK(party_ask(&result, xb, "PROBE", "XA", &arena, &err) == OK);
    struct act act = party_act(xb, ROLE_ANALYST, VERB_MATCH);
    party_case(act.case_id, xb, "PROBE");
    struct shown shown;
    CHECK(act_perform(&receipt, xb->matching.store, &act, &err) == OK &&
          receipt_next(&shown, receipt, &arena, &err) == OK);
    receipt_close(receipt);
    struct act erase = party_act(xb, ROLE_ANALYST, VERB_ERASE);
    memcpy(erase.object, shown.id, ENTRY_ID);
    CHECK(act_perform(&receipt, xb->matching.store, &erase, &err) == OK);
    receipt_close(receipt);
    struct act audit = party_act(xb, ROLE_ANALYST, VERB_MATCH_AUDIT);
    memcpy(audit.object, result.batch, ENTRY_ID);
    CHECK(matching_audit(&valid, &why, &xb->matching, &audit, &arena, &err) == NOT_FOUND);

    /* So do the hits about it, and nobody else's; and what is derived stays what it was. */
    struct shown hit;
    size_t before, after;
    struct party *xc = net_party(&net, "XC");
    CHECK(party_ask(&result, xc, "DELFINES", "XA", &arena, &err) == OK &&
          result.hit_count >= 2);
    CHECK(list_findings(&hit, &before, xc, VERB_HIT_LIST) == OK && before >= 2);
    erase = party_act(xc, ROLE_ANALYST, VERB_ERASE);
    memcpy(erase.object, result.hits[0].mine, ENTRY_ID);
    size_t gone = 0;
    for (size_t i = 0; i < result.hit_count; i++)
        gone += memcmp(result.hits[i].mine, erase.object, ENTRY_ID) == 0;
    CHECK(gone >= 1);
    CHECK_SEEN(act_perform(&receipt, xc->matching.store, &erase, &err) == OK, "%s",
               err.text);
    receipt_close(receipt);
    CHECK(list_findings(&hit, &after, xc, VERB_HIT_LIST) == OK);
    /* those of an earlier epoch too, which had other tags */
    CHECK_SEEN(after > 0 && after + gone <= before, "%zu of %zu, %zu gone", after, before,
               gone);
    /* The same record twice in one asking is one record. */
    struct act twice = party_act(xc, ROLE_ANALYST, VERB_MATCH);
    uint8_t ids[2 * ENTRY_ID];
    CHECK(after > 0 && hex_read(ids, ENTRY_ID, record_first(&hit.record, "mine")));
    memcpy(ids + ENTRY_ID, ids, ENTRY_ID);
    struct matching_ask ask = {.act = twice};
    ask.act.objects = ids;
    ask.act.object_count = 2;
    CHECK_SEEN(matching_run(&result, &xc->matching, &ask, &arena, &err) == OK, "%s",
               err.text);
    CHECK(!entry_id_is_none(result.batch));
}

/* Whatever crosses is an entry on both sides: here that records were read, what was asked, what of it was
 * known, each hit, and the end; there each answer, or each refusal. */
static void test_entries(void)
{
    struct matching_result result;
    struct err err = {0};
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    struct buf answer = {.max = 1 << 20};
    CHECK(party_ask(&result, xb, "DELFINES", "XA", &arena, &err) == OK);
    uint64_t here = store_size(xb->matching.store), there = store_size(xa->matching.store);
    unsigned asks = xa->asks;
    CHECK(party_ask(&result, xb, "DELFINES", "XA", &arena, &err) == OK);
    asks = xa->asks - asks;
    CHECK(asks >= 3);
    CHECK_SEEN(store_size(xb->matching.store) == here + 4 + result.hit_count, "%llu",
               (unsigned long long)(store_size(xb->matching.store) - here));
    CHECK_SEEN(store_size(xa->matching.store) == there + asks, "%llu",
               (unsigned long long)(store_size(xa->matching.store) - there));
    there = store_size(xa->matching.store);
    CHECK(net_answer(xa, xb->key, "ask", BYTES_OF("no ask"), &answer, &err) == BAD_INPUT);
    CHECK(store_size(xa->matching.store) == there + 1);
    buf_release(&answer);
}

/* A class may be in another circle than the rest: another map, other keys and tags, one asking. */
static void test_circles(void)
{
    struct matching_result result;
    struct err err = {0};
    struct buf said = {.max = 1 << 12};
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB"),
                 *xc = net_party(&net, "XC");
    struct epoch *epochs;
    size_t count;
    for (size_t i = 0; i < xa->partner_count; i++)
        if (strcmp(xa->partners[i].code, "XB") == 0)
            CHECK(circle_parse(&xa->partners[i].classes[KEY_PHONE].circle,
                               BYTES_OF("narrow"), &err) == OK);
    CHECK_SEEN(matching_tend(&xa->matching, &err) == OK, "%s", err.text);
    CHECK(matching_epochs(&epochs, &count, &xa->matching, &arena, &err) == OK &&
          count == 2);
    CHECK(party_ask(&result, xb, "DELFINES", "XA", &arena, &err) == OK);
    CHECK_SEEN(result.peers[0].status == OK, "%s", result.peers[0].error);
    say(&said, "XB", &result);
    CHECK_TEXT(buf_bytes(&said), "XB>XA phone XB-SZ-2026-0009\n"
                                 "XB>XA mark XB-SZ-2026-0009 weak\n");
    /* One record, two circles: its tags cannot be joined. */
    CHECK(result.hit_count == 2 && result.hits[0].tag != result.hits[1].tag);
    /* XC is not in it, and neither its map nor its answers are for XC. */
    struct buf answer = {.max = 1 << 20}, request = {.max = 64};
    for (size_t i = 0; i < count; i++)
        if (strcmp(epochs[i].circle.name, "narrow") == 0)
            buf_add(&request, bytes_of(epochs[i].classes[KEY_PHONE].map_id, MAP_ID));
    buf_add_byte(&request, KEY_PHONE);
    CHECK(net_answer(xa, xb->key, "map", buf_bytes(&request), &answer, &err) == OK);
    buf_clear(&answer);
    CHECK(net_answer(xa, xc->key, "map", buf_bytes(&request), &answer, &err) == NOT_FOUND);
    buf_release(&answer);
    buf_release(&request);
    buf_release(&said);
}

/* Who does not belong to the case asks nothing for it, sees no hit of it, and audits nothing; the
 * administrator neither. */
static void test_rights(void)
{
    struct matching_result result;
    struct receipt *receipt = NULL;
    struct record record;
    struct err err = {0};
    struct shown shown;
    size_t count;
    bool valid;
    const char *why;
    struct party *xb = net_party(&net, "XB");
    const struct schema *schema = schema_find(BYTES_OF("Person"));
    record_init(&record, schema, &arena);
    record.id = "iris";
    CHECK(record_add(&record, schema_property(schema, BYTES_OF("name")), "name",
                     BYTES_OF("Iris"), NULL, &err) == OK &&
          record_finish(&record, NULL, &err) == OK);
    struct act add = party_act(xb, ROLE_ADMINISTRATOR, VERB_USER_ADD);
    add.record = &record;
    add.roles = 1U << ROLE_INVESTIGATOR;
    CHECK_SEEN(act_perform(&receipt, xb->matching.store, &add, &err) == OK, "%s", err.text);
    receipt_close(receipt);
    CHECK(party_ask(&result, xb, "DELFINES", "XA", &arena, &err) == OK);
    struct matching_ask ask = {.act = party_act(xb, ROLE_INVESTIGATOR, VERB_MATCH),
                               .case_ref = "DELFINES"};
    unsigned roles;
    CHECK(store_find_user(ask.act.who, &roles, xb->matching.store, "iris", &err) == OK);
    party_case(ask.act.case_id, xb, "DELFINES");
    struct matching_result none;
    CHECK(matching_run(&none, &xb->matching, &ask, &arena, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "no case of this name") != NULL, "%s", err.text);
    /* by the record, without naming the case */
    memset(ask.act.case_id, 0, ENTRY_ID);
    ask.act.objects = result.hits[0].mine;
    ask.act.object_count = 1;
    CHECK(matching_run(&none, &xb->matching, &ask, &arena, &err) == REFUSED);
    struct act list = ask.act;
    list.verb = VERB_HIT_LIST;
    list.object_count = 0;
    CHECK(act_perform(&receipt, xb->matching.store, &list, &err) == OK &&
          receipt_next(&shown, receipt, &arena, &err) == NOT_FOUND);
    receipt_close(receipt);
    struct act audit = ask.act;
    memcpy(audit.object, result.batch, ENTRY_ID);
    CHECK(matching_audit(&valid, &why, &xb->matching, &audit, &arena, &err) == REFUSED);
    struct act admin = party_act(xb, ROLE_ADMINISTRATOR, VERB_HIT_LIST);
    CHECK(act_perform(&receipt, xb->matching.store, &admin, &err) == REFUSED);
    /* A hit is not shown like a record, nor exported, nor asked about. */
    struct act read = party_act(xb, ROLE_ANALYST, VERB_READ);
    memcpy(read.object, result.hits[0].id, ENTRY_ID);
    CHECK(act_perform(&receipt, xb->matching.store, &read, &err) == REFUSED);
    struct act export = party_act(xb, ROLE_ANALYST, VERB_EXPORT);
    party_case(export.case_id, xb, "DELFINES");
    CHECK(act_perform(&receipt, xb->matching.store, &export, &err) == OK);
    for (count = 0; receipt_next(&shown, receipt, &arena, &err) == OK; count++)
        CHECK(strcmp(shown.record.schema->name, "Hit") != 0);
    CHECK(count == 5);
    receipt_close(receipt);
}

/* The first claim to a partner is sent when a second person has looked at it: not by who made it, nor by
 * somebody who has nothing to do with the case. Test_rights has added iris. */
static unsigned claims_sent;

static enum status count_claims(struct net *where, struct party *from, struct party *to,
                                const char *kind, struct bytes *request, struct buf *answer,
                                struct err *err)
{
    (void)where, (void)from, (void)to, (void)request, (void)answer, (void)err;
    claims_sent += strcmp(kind, "claim") == 0;
    return OK;
}

static enum status break_line(struct net *where, struct party *from, struct party *to,
                              const char *kind, struct bytes *request, struct buf *answer,
                              struct err *err)
{
    (void)where, (void)from, (void)to, (void)kind, (void)request, (void)answer;
    return fail(err, IO_FAILED, "the line broke");
}

static void test_four_eyes(void)
{
    struct party *xb = net_party(&net, "XB"), *xc = net_party(&net, "XC");
    struct err err = {0};
    struct receipt *receipt = NULL;
    struct shown hit = {.version = 0}, claim;
    struct matching_claimed claimed;
    unsigned roles;
    size_t before, after;
    struct act list = party_act(xb, ROLE_ANALYST, VERB_HIT_LIST);
    CHECK(act_perform(&receipt, xb->matching.store, &list, &err) == OK);
    while (receipt_next(&hit, receipt, &arena, &err) == OK)
        if (bytes_is(record_first(&hit.record, "peer"), "XC") &&
            record_first(&hit.record, "verdict").len == 0)
            break;
    receipt_close(receipt);
    CHECK_TEXT(record_first(&hit.record, "peer"), "XC");
    CHECK(decide(xb, &hit, "yes") == OK);
    CHECK(list_findings(&claim, &before, xc, VERB_CLAIM_LIST) == OK);

    struct matching_claim claiming = {.act = party_act(xb, ROLE_ANALYST, VERB_CLAIM),
                                      .acknowledged = true,
                                      .urgency = CLAIM_FLASH,
                                      .handling = HANDLING_H2};
    memcpy(claiming.act.object, hit.id, ENTRY_ID);
    net.before = count_claims;
    CHECK_SEEN(matching_claim(&claimed, &xb->matching, &claiming, &arena, &err) == OK, "%s",
               err.text);
    CHECK(claimed.waits && claims_sent == 0);
    struct act approve = party_act(xb, ROLE_ANALYST, VERB_CLAIM_APPROVE);
    memcpy(approve.object, claimed.id, ENTRY_ID);
    CHECK(matching_claim_approve(&claimed, &xb->matching, &approve, true, &arena, &err) ==
          REFUSED);
    CHECK_SEEN(strstr(err.text, "a second person") != NULL, "%s", err.text);
    struct act iris = approve;
    iris.role = ROLE_INVESTIGATOR;
    CHECK(store_find_user(iris.who, &roles, xb->matching.store, "iris", &err) == OK);
    CHECK(matching_claim_approve(&claimed, &xb->matching, &iris, true, &arena, &err) ==
          NOT_FOUND);
    CHECK(claims_sent == 0);
    /* A second claim does not go past the first that waits. */
    CHECK(matching_claim(&claimed, &xb->matching, &claiming, &arena, &err) == OK &&
          claimed.waits && claims_sent == 0);

    struct act join = party_act(xb, ROLE_ANALYST, VERB_CASE_MEMBER);
    party_case(join.case_id, xb, "DELFINES");
    memcpy(join.object, iris.who, ENTRY_ID);
    join.joins = true;
    CHECK_SEEN(act_perform(&receipt, xb->matching.store, &join, &err) == OK, "%s",
               err.text);
    receipt_close(receipt);
    /* The line breaks: it is approved, and not there. So the next one needs a second person, too, and this one
     * can be sent again. */
    uint8_t first[ENTRY_ID];
    memcpy(first, claimed.id, ENTRY_ID);
    net.before = break_line;
    CHECK(matching_claim_approve(&claimed, &xb->matching, &iris, true, &arena, &err) ==
          IO_FAILED);
    net.before = count_claims;
    CHECK(matching_claim(&claimed, &xb->matching, &claiming, &arena, &err) == OK &&
          claimed.waits && claims_sent == 0);
    memcpy(approve.object, first, ENTRY_ID);
    CHECK(matching_claim_approve(&claimed, &xb->matching, &approve, true, &arena, &err) ==
              REFUSED &&
          claims_sent == 0);
    CHECK_SEEN(matching_claim_approve(&claimed, &xb->matching, &iris, true, &arena, &err) ==
                   OK,
               "%s", err.text);
    CHECK(!claimed.waits && claims_sent == 1 && claimed.records == 1 &&
          claimed.held_before == 1);
    CHECK(matching_claim_approve(&claimed, &xb->matching, &iris, true, &arena, &err) ==
          REFUSED);
    CHECK_SEEN(strstr(err.text, "does not wait") != NULL, "%s", err.text);
    CHECK(list_findings(&claim, &after, xc, VERB_CLAIM_LIST) == OK && after == before + 1);
    struct act theirs = party_act(xc, ROLE_ANALYST, VERB_CLAIM_LIST);
    CHECK(act_perform(&receipt, xc->matching.store, &theirs, &err) == OK);
    bool flash = false;
    while (receipt_next(&claim, receipt, &arena, &err) == OK)
        flash = flash || (bytes_is(record_first(&claim.record, "urgency"), "flash") &&
                          bytes_is(record_first(&claim.record, "theirCase"), "DELFINES") &&
                          (claim.record.handling & HANDLING_H2) != 0);
    CHECK(flash);
    receipt_close(receipt);
    /* Now the partner is known: one person is enough. */
    CHECK(matching_claim(&claimed, &xb->matching, &claiming, &arena, &err) == OK &&
          !claimed.waits && claims_sent == 2);
    net.before = NULL;
}

/* A partner that cannot open what it pledged, or opens something else: said, and not believed. */
enum opening_lie {
    NOTHING_OPENED,
    OTHER_SALT,
    OTHER_ENTRY,
    OTHER_PLACE,
    CUT,
    TOO_MANY,
    LIES
};
static enum opening_lie opening_lie;

static enum status bend_receipt(struct net *where, struct party *from, struct party *to,
                                const char *kind, struct bytes *request, struct buf *answer,
                                struct err *err)
{
    struct claim_receipt receipt;
    (void)where, (void)from, (void)to, (void)request;
    if (strcmp(kind, "claim") != 0)
        return OK;
    CHECK_SEEN(claim_receipt_read(&receipt, buf_bytes(answer), err) == OK, "%s", err->text);
    CHECK(receipt.records == 1 && receipt.opened == 1);
    if (opening_lie == NOTHING_OPENED)
        receipt.opened = 0;
    else if (opening_lie == OTHER_SALT)
        receipt.openings[0].salt[3] ^= 1;
    else if (opening_lie == OTHER_ENTRY)
        receipt.openings[0].entry--;
    else if (opening_lie == OTHER_PLACE)
        receipt.openings[0].place ^= 1;
    buf_clear(answer);
    claim_receipt_write(answer, &receipt);
    if (opening_lie == CUT)
        answer->len -= 5;
    if (opening_lie == TOO_MANY)
        answer->at[CLAIM_ID] = CLAIM_RECORDS_MAX + 1;
    return OK;
}

static void test_openings(void)
{
    struct party *xb = net_party(&net, "XB");
    struct err err = {0};
    struct receipt *receipt = NULL;
    struct shown hit, claim;
    struct matching_claimed claimed;
    struct act list = party_act(xb, ROLE_ANALYST, VERB_HIT_LIST);
    CHECK(act_perform(&receipt, xb->matching.store, &list, &err) == OK);
    while (receipt_next(&hit, receipt, &arena, &err) == OK)
        if (bytes_is(record_first(&hit.record, "verdict"), "yes"))
            break;
    receipt_close(receipt);
    struct matching_claim claiming = {.act = party_act(xb, ROLE_ANALYST, VERB_CLAIM),
                                      .acknowledged = true};
    memcpy(claiming.act.object, hit.id, ENTRY_ID);
    net.after = bend_receipt;
    for (opening_lie = 0; opening_lie < LIES; opening_lie++) {
        enum status status =
            matching_claim(&claimed, &xb->matching, &claiming, &arena, &err);
        if (opening_lie >= CUT)
            CHECK_SEEN(status == BAD_INPUT, "%d: %s", opening_lie, err.text);
        else
            CHECK_SEEN(status == OK && claimed.records == 1 && claimed.held_before == 0,
                       "%d: %s", opening_lie, err.text);
        struct act claims = party_act(xb, ROLE_ANALYST, VERB_CLAIM_LIST);
        CHECK(act_perform(&receipt, xb->matching.store, &claims, &err) == OK);
        while (receipt_next(&claim, receipt, &arena, &err) == OK)
            if (memcmp(claim.id, claimed.id, ENTRY_ID) == 0 && opening_lie < CUT)
                CHECK_TEXT(record_first(&claim.record, "pledge"), "none");
        receipt_close(receipt);
    }
    net.after = NULL;
}

/* A folder of an earlier build: what was announced in another form counts as nothing, here and there. */
static void make_old(struct party *party, const char *name, size_t at)
{
    struct buf value = {.max = STATE_MAX};
    struct err err = {0};
    CHECK_SEEN(store_state(&value, party->matching.store, name, &err) == OK, "%s",
               err.text);
    CHECK(memcmp(value.at + at, "ENLEPO", 6) == 0);
    value.at[at + MAGIC - 1]--;
    const struct note note = {.verb = VERB_EPOCH,
                              .body = buf_bytes(&value),
                              .state = name,
                              .value = buf_bytes(&value)};
    CHECK(store_note(NULL, party->matching.store, &note, &err) == OK &&
          store_commit(party->matching.store, &err) == OK);
    buf_release(&value);
}

static void test_old_form(void)
{
    struct matching_result result;
    struct epoch *epochs;
    struct err err = {0};
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    size_t count, left;
    char hex[2 * IDENTITY_KEY + 1];
    CHECK(matching_epochs(&epochs, &count, &xa->matching, &arena, &err) == OK);
    hex_write(hex, bytes_of(xa->key, IDENTITY_KEY));
    for (size_t i = 0; i < count; i++) {
        const char *circle = epochs[i].circle.name;
        make_old(xa, arena_printf(&arena, "epoch:%s", circle), 12);
        make_old(xb, arena_printf(&arena, "seen:%s:%s", hex, circle), 0);
        if (strcmp(circle, "delfines") == 0)
            make_old(net_party(&net, "XC"), arena_printf(&arena, "seen:%s:%s", hex, circle),
                     0);
    }
    CHECK(matching_epochs(&epochs, &left, &xa->matching, &arena, &err) == OK && left == 0);
    CHECK_SEEN(matching_tend(&xa->matching, &err) == OK, "%s", err.text);
    CHECK(matching_epochs(&epochs, &left, &xa->matching, &arena, &err) == OK &&
          left == count && epoch_is_base(&epochs[0]) && epochs[0].previous_number == 0);
    CHECK_SEEN(party_ask(&result, xb, "DELFINES", "XA", &arena, &err) == OK, "%s",
               err.text);
    CHECK_SEEN(result.peer_count == 1 && result.peers[0].status == OK, "%s",
               result.peer_count == 1 ? result.peers[0].error : "nobody asked");
}

/* The keys and the tree of a node with hits and claims are made again as they were. */
static void test_rebuild(void)
{
    struct rebuild rebuild;
    struct err err = {0};
    for (size_t i = 0; i < net.count; i++) {
        struct act act = party_act(&net.parties[i], ROLE_ADMINISTRATOR, VERB_REBUILD);
        CHECK_SEEN(store_rebuild(&rebuild, net.parties[i].matching.store, &act, &err) == OK,
                   "%s", err.text);
        CHECK(rebuild.same);
    }
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    temporary_open();
    set_up();
    test_hits();
    test_asks();
    test_shape();
    test_audit();
    test_false_friend();
    test_republish();
    test_late();
    test_claim();
    test_claim_proof();
    test_given_up();
    test_other_rules();
    test_entries();
    test_circles();
    test_erase();
    test_rights();
    test_four_eyes();
    test_openings();
    test_edited();
    test_old_form();
    test_rebuild();
    net_close(&net);
    arena_release(&arena);
    temporary_close();
    return check_done("matching");
}
