/* SPDX-License-Identifier: Apache-2.0
 *
 * A record becomes a witness's, an informant's, somebody's who was acquitted, or is another agency's and not to
 * be passed on: no claim tells a partner of it, and none is answered about it, from that moment on.
 */
#include "three_nodes.h"

#include "match/claim.h"

static struct net net;
static struct arena arena;
static unsigned claims_sent;

static enum status count_claims(struct net *where, struct party *from, struct party *to,
                                const char *kind, struct bytes *request, struct buf *answer,
                                struct err *err)
{
    (void)where, (void)from, (void)to, (void)request, (void)answer, (void)err;
    claims_sent += strcmp(kind, "claim") == 0;
    return OK;
}

/* around: ',"status":"suspect"', what stands behind the properties. */
static void hold(const char *code, const char *phone, const char *around)
{
    FILE *file = fopen(temporary_path("held.json"), "w");
    fprintf(file,
            "{\"id\":\"R%s\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Somebody\"],"
            "\"birthDate\":[\"1980-02-03\"],\"phone\":[\"%s\"]}%s}\n",
            phone + 1, phone, around);
    fclose(file);
    CHECK(party_import(net_party(&net, code), temporary_path("held.json"),
                       strcmp(code, "XA") == 0 ? "SINCE" : NULL) == 1);
}

static void publish(void)
{
    struct matching_published published[MATCHING_CIRCLES_MAX];
    struct err err = {0};
    size_t count;
    CHECK_SEEN(matching_publish(published, &count, &net_party(&net, "XB")->matching, NULL,
                                false, &err) == OK,
               "%s", err.text);
}

static enum status find_thing(struct shown *found, struct party *party, const char *phone)
{
    struct receipt *receipt = NULL;
    struct act act = party_act(party, ROLE_ANALYST, VERB_EXPORT);
    if (strcmp(party->code, "XA") == 0)
        party_case(act.case_id, party, "SINCE");
    enum status status = act_perform(&receipt, party->matching.store, &act, NULL);
    while (status == OK && (status = receipt_next(found, receipt, &arena, NULL)) == OK)
        if (strcmp(found->record.id + 1, phone + 1) == 0)
            break;
    receipt_close(receipt);
    return status;
}

/* To another status, or with another birth date. */
static void edit(const char *code, const char *phone, enum person_status becomes,
                 const char *born)
{
    struct party *party = net_party(&net, code);
    struct receipt *receipt = NULL;
    struct shown old;
    struct record record;
    struct err err = {0};
    struct act act = party_act(party, ROLE_ANALYST, VERB_EDIT);
    CHECK(find_thing(&old, party, phone) == OK);
    record = old.record;
    record.status = becomes;
    record.values = NULL;
    record.count = record.capacity = 0;
    for (size_t i = 0; i < old.record.count; i++) {
        const struct record_value *value = &old.record.values[i];
        bool is_birth = strcmp(value->name, "birthDate") == 0;
        CHECK(record_add(&record, value->property, value->name,
                         is_birth && born != NULL ? bytes_text(born) : value->raw, NULL,
                         &err) == OK);
    }
    CHECK_SEEN(record_finish(&record, NULL, &err) == OK, "%s", err.text);
    memcpy(act.object, old.id, ENTRY_ID);
    act.record = &record;
    act.before = old.version;
    act.reason = "the court decided so"; /* what protects ends only with one */
    CHECK_SEEN(act_perform(&receipt, party->matching.store, &act, &err) == OK, "%s",
               err.text);
    receipt_close(receipt);
}

static void erase(const char *code, const char *phone)
{
    struct receipt *receipt = NULL;
    struct shown old;
    struct party *party = net_party(&net, code);
    CHECK(find_thing(&old, party, phone) == OK);
    struct act act = party_act(party, ROLE_ANALYST, VERB_ERASE);
    memcpy(act.object, old.id, ENTRY_ID);
    CHECK(act_perform(&receipt, party->matching.store, &act, NULL) == OK);
    receipt_close(receipt);
}

/* What is known of the hit on our record with the phone. */
static bool find_hit(struct shown *hit, const char *phone)
{
    struct receipt *receipt = NULL;
    struct party *xa = net_party(&net, "XA");
    struct act act = party_act(xa, ROLE_ANALYST, VERB_HIT_LIST);
    bool found = false;
    CHECK(act_perform(&receipt, xa->matching.store, &act, NULL) == OK);
    while (!found && receipt_next(hit, receipt, &arena, NULL) == OK) {
        struct bytes source = record_first(&hit->record, "mineReference");
        found =
            source.len > 1 && bytes_is(bytes_slice(source, 1, source.len - 1), phone + 1);
    }
    receipt_close(receipt);
    return found;
}

static void decide_yes(const struct shown *hit)
{
    struct record record;
    struct receipt *receipt = NULL;
    struct party *xa = net_party(&net, "XA");
    struct act act = party_act(xa, ROLE_ANALYST, VERB_HIT_DECIDE);
    const struct schema *schema = hit->record.schema;
    record_init(&record, schema, &arena);
    record.id = hit->record.id;
    for (size_t i = 0; i < hit->record.count; i++)
        CHECK(record_add(&record, hit->record.values[i].property,
                         hit->record.values[i].name, hit->record.values[i].raw, NULL,
                         NULL) == OK);
    CHECK(record_add(&record, schema_property(schema, BYTES_OF("verdict")), "verdict",
                     BYTES_OF("yes"), NULL, NULL) == OK &&
          record_finish(&record, NULL, NULL) == OK);
    memcpy(act.object, hit->id, ENTRY_ID);
    act.record = &record;
    act.before = hit->version;
    act.reason = "read off the handset";
    CHECK(act_perform(&receipt, xa->matching.store, &act, NULL) == OK);
    receipt_close(receipt);
}

static struct matching_claimed claimed;

static enum status claim(const struct shown *hit, bool acknowledged, struct err *err)
{
    struct party *xa = net_party(&net, "XA");
    struct matching_claim claim = {.act = party_act(xa, ROLE_ANALYST, VERB_CLAIM),
                                   .acknowledged = acknowledged};
    memcpy(claim.act.object, hit->id, ENTRY_ID);
    return matching_claim(&claimed, &xa->matching, &claim, &arena, err);
}

static void ask(struct matching_result *result)
{
    struct err err = {0};
    CHECK_SEEN(party_ask(result, net_party(&net, "XA"), "SINCE", "XB", &arena, &err) == OK,
               "%s", err.text);
}

/* The one that was filed last. */
static struct shown last_claim(const char *code)
{
    struct party *party = net_party(&net, code);
    struct receipt *receipt = NULL;
    struct shown shown, last = {.version = 0};
    struct act act = party_act(party, ROLE_ANALYST, VERB_CLAIM_LIST);
    CHECK(act_perform(&receipt, party->matching.store, &act, NULL) == OK);
    while (receipt_next(&shown, receipt, &arena, NULL) == OK)
        last = shown;
    receipt_close(receipt);
    return last;
}

/* ---- What became of it ---- */

struct became {
    const char *name, *phone;
    enum person_status status;
    const char *born; /* or NULL */
    bool erased;
    const char *sentence; /* on the asking side */
};

static const struct became became[] = {
    {"witness", "+999550100001", STATUS_WITNESS, NULL, false, "witness"},
    {"victim", "+999550100002", STATUS_VICTIM, NULL, false, "victim"},
    {"informant", "+999550100003", STATUS_INFORMANT, NULL, false, "informant"},
    {"acquitted", "+999550100004", STATUS_ACQUITTED, NULL, false, "acquitted"},
    {"minor", "+999550100005", STATUS_SUSPECT, "2020-01-02", false, "minor"},
    {"erased", "+999550100006", STATUS_SUSPECT, NULL, true, "no hit"},
};
enum { BECAME = sizeof became / sizeof became[0] };

static void change(const char *code, const struct became *row)
{
    if (row->erased)
        erase(code, row->phone);
    else
        edit(code, row->phone, row->status, row->born);
}

/* Theirs changes: no pledge is opened, at once. Back again: it is held. */
static void test_theirs(void)
{
    struct err err = {0};
    struct shown hit;
    for (size_t i = 0; i < BECAME; i++) {
        const struct became *row = &became[i];
        if (!CHECK(find_hit(&hit, row->phone)))
            continue;
        CHECK_SEEN(claim(&hit, false, &err) == OK && claimed.records == 1 &&
                       claimed.held_before == 1,
                   "%s: %s", row->name, err.text);
        change("XB", row);
        CHECK_SEEN(claim(&hit, false, &err) == NOT_FOUND &&
                       strstr(err.text, "no longer held") != NULL,
                   "%s: %s", row->name, err.text);
        /* an informant is not exported, and so not found here */
        struct shown answered = last_claim("XA");
        struct act again =
            party_act(net_party(&net, "XA"), ROLE_ANALYST, VERB_CLAIM_APPROVE);
        memcpy(again.object, answered.id, ENTRY_ID);
        CHECK_TEXT(record_first(&answered.record, "status"), "not held");
        CHECK(strstr(arena_text(&arena, record_first(&answered.record, "reason")),
                     "no longer held") != NULL);
        CHECK(matching_claim_approve(&claimed, &net_party(&net, "XA")->matching, &again,
                                     false, &arena, &err) == REFUSED);
        if (!row->erased && row->status != STATUS_INFORMANT) {
            edit("XB", row->phone, STATUS_SUSPECT, "1980-02-03");
            CHECK_SEEN(claim(&hit, false, &err) == OK && claimed.held_before == 1, "%s: %s",
                       row->name, err.text);
        }
    }
}

/* Ours changes: nothing goes over the line, not what waited either, nor may it be decided. */
static void test_ours(void)
{
    struct party *xa = net_party(&net, "XA");
    struct err err = {0};
    struct shown hit;
    struct record mine;
    for (size_t i = 0; i < BECAME; i++) {
        const struct became *row = &became[i];
        if (!CHECK(find_hit(&hit, row->phone)))
            continue;
        struct shield *shield = matching_shield_open(xa->matching.store, net.world);
        CHECK(matching_hit_stands(&mine, shield, &hit.record, &arena, &err) == OK);
        matching_shield_close(shield);
        change("XA", row);
        claims_sent = 0;
        enum status status = claim(&hit, true, &err);
        CHECK_SEEN(status == (row->erased ? NOT_FOUND : REFUSED) &&
                       strstr(err.text, row->sentence) != NULL && claims_sent == 0,
                   "%s: %d %s", row->name, status, err.text);
        shield = matching_shield_open(xa->matching.store, net.world);
        CHECK_SEEN(matching_hit_stands(&mine, shield, &hit.record, &arena, &err) == REFUSED,
                   "%s", row->name);
        matching_shield_close(shield);
    }
    /* Nor are they asked about any more; who took no part is counted. */
    struct matching_result result;
    ask(&result);
    CHECK_SEEN(result.kept_back == BECAME - 1, "%zu", result.kept_back);
    for (size_t i = 0; i < result.hit_count; i++)
        for (size_t k = 0; k < BECAME; k++)
            CHECK_SEEN(strcmp(result.hits[i].source + 1, became[k].phone + 1) != 0, "%s",
                       became[k].name);
}

/* ---- What another gave ---- */

static const struct given {
    const char *name, *phone, *around;
    enum status plain, acknowledged;
    const char *sentence;
    unsigned handling; /* of the claim that goes */
} given[] = {
    {"H1 of ours goes with it", "+999550100011", ",\"handling\":[\"H1\"]", OK, OK, "",
     HANDLING_H0 | HANDLING_H1},
    {"H2 of ours goes with it", "+999550100012", ",\"handling\":[\"H2\"]", OK, OK, "",
     HANDLING_H0 | HANDLING_H2},
    {"H3 of ours needs a word", "+999550100013", ",\"handling\":[\"H3: FIU only\"]",
     REFUSED, OK, "FIU only", HANDLING_H0 | HANDLING_H3},
    {"H2 of a third", "+999550100014", ",\"owner\":\"XC\",\"handling\":[\"H2\"]", REFUSED,
     REFUSED, "XC's, under H2", 0},
    {"H2 of the partner itself", "+999550100015", ",\"owner\":\"XB\",\"handling\":[\"H2\"]",
     OK, OK, "", HANDLING_H0 | HANDLING_H2},
    {"H3 of a third needs a word", "+999550100016",
     ",\"owner\":\"XC\",\"handling\":[\"H1\",\"H3: read\\nin two lines\"]", REFUSED, OK,
     "read in two lines", HANDLING_H0 | HANDLING_H1 | HANDLING_H3},
};
enum { GIVEN = sizeof given / sizeof given[0] };

static void test_given(void)
{
    struct err err = {0};
    struct shown hit;
    for (size_t i = 0; i < GIVEN; i++) {
        const struct given *row = &given[i];
        if (!CHECK(find_hit(&hit, row->phone)))
            continue;
        claims_sent = 0;
        CHECK_SEEN(claim(&hit, false, &err) == row->plain, "%s: %s", row->name, err.text);
        CHECK_SEEN(row->plain == OK || strstr(err.text, row->sentence) != NULL, "%s: %s",
                   row->name, err.text);
        CHECK_SEEN(claim(&hit, true, &err) == row->acknowledged, "%s: %s", row->name,
                   err.text);
        CHECK_SEEN(claims_sent ==
                       (row->plain == OK ? 1U : 0U) + (row->acknowledged == OK ? 1U : 0U),
                   "%s: %u sent", row->name, claims_sent);
        if (row->acknowledged == OK)
            CHECK_SEEN(last_claim("XB").record.handling == row->handling, "%s: %u",
                       row->name, last_claim("XB").record.handling);
    }
}

/* The partner has another node, under its old name: it is told nothing of what the old one held. */
static void test_new_node(void)
{
    struct party *xa = net_party(&net, "XA");
    struct err err = {0};
    struct shown hit;
    uint8_t *key = NULL;
    for (size_t i = 0; i < xa->partner_count; i++)
        if (strcmp(xa->partners[i].code, "XB") == 0)
            key = xa->partners[i].key;
    if (!CHECK(key != NULL && find_hit(&hit, given[0].phone)))
        return;
    claims_sent = 0;
    key[0] ^= 1;
    CHECK_SEEN(claim(&hit, true, &err) == REFUSED && claims_sent == 0 &&
                   strstr(err.text, "another node now") != NULL,
               "%s", err.text);
    key[0] ^= 1;
    CHECK_SEEN(claim(&hit, true, &err) == OK && claims_sent == 1, "%s", err.text);
}

int main(void)
{
    struct matching_result result;
    struct shown hit;
    temporary_open();
    net.world = world_system();
    CHECK(sodium_init() >= 0);
    net_add(&net, "XA", "xa");
    net_add(&net, "XB", "xb");
    net_agree_all(&net, "since", 1 << 20);
    for (size_t i = 0; i < BECAME; i++) {
        hold("XA", became[i].phone, ",\"status\":\"suspect\"");
        hold("XB", became[i].phone, ",\"status\":\"suspect\"");
    }
    for (size_t i = 0; i < GIVEN; i++) {
        hold("XA", given[i].phone, given[i].around);
        hold("XB", given[i].phone, ",\"status\":\"suspect\"");
    }
    publish();
    ask(&result);
    for (size_t i = 0; i < BECAME; i++)
        if (CHECK(find_hit(&hit, became[i].phone)))
            decide_yes(&hit);
    for (size_t i = 0; i < GIVEN; i++)
        if (CHECK(find_hit(&hit, given[i].phone)))
            decide_yes(&hit);
    net.before = count_claims;
    test_theirs();
    test_given();
    test_new_node();
    test_ours();
    net_close(&net);
    arena_release(&arena);
    temporary_close();
    return check_done("matching_since");
}
