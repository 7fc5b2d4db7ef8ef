/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pool.h"
#include "match/audit.h"
#include "match_fixture.h"

#include <stdlib.h>

/* An asker who has planned a list against what an owner published. */
struct asked {
    struct fixture fixture;
    struct publication publication;
    struct requester requester;
    struct arena arena;
    struct match_item *items;
    size_t count;
    struct buf wire; /* the ask of the first batch */
};

static void asked_init(struct asked *asked, size_t count, uint64_t seed)
{
    *asked = (struct asked){.count = count, .wire = {.max = ASK_WIRE_MAX}};
    fixture_init(&asked->fixture, seed);
    struct match_held held[] = {{fixture_phone(1, &asked->arena), 1},
                                {{KEY_EMAIL, BYTES_OF("luar@example.org")}, 1}};
    fixture_publish(&asked->publication, &asked->fixture, held, 2);
    asked->items = arena_zalloc(&asked->arena, count + 1, sizeof *asked->items);
    for (size_t i = 0; i < count; i++)
        asked->items[i] = fixture_phone((unsigned)i, &asked->arena);
    struct requester_options options = fixture_asker(&asked->fixture);
    struct err err = {{0}};
    CHECK_SEEN(requester_begin(&asked->requester, &options,
                               buf_bytes(&asked->publication.epoch_wire), asked->items,
                               count, &err) == OK,
               "%s", err.text);
    CHECK(requester_ask(&asked->wire, &asked->requester, 0, NULL) == OK);
}

static void asked_release(struct asked *asked)
{
    requester_release(&asked->requester);
    publication_release(&asked->publication);
    buf_release(&asked->wire);
    arena_release(&asked->arena);
}

static void test_sizes(void)
{
    static const struct {
        size_t count, size;
    } cases[] = {{1, 8},         {8, 8},     {9, 16},      {16, 16},     {17, 64},
                 {64, 64},       {65, 256},  {257, 1024},  {1025, 4096}, {4097, 10240},
                 {10240, 10240}, {10241, 0}, {SIZE_MAX, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_SEEN(blinding_size(cases[i].count) == cases[i].size, "%zu", cases[i].count);
}

static void test_form(void)
{
    struct asked asked;
    struct ask ask;
    struct err err = {{0}};
    asked_init(&asked, 5, 1);
    struct bytes wire = buf_bytes(&asked.wire);
    CHECK_SEEN(ask_parse(&ask, wire, &err) == OK, "%s", err.text);
    CHECK(ask.count == 8 && ask.class == KEY_PHONE && ask.epoch == FIXTURE_EPOCH);
    CHECK(ask.batch == 0 && ask.reason.purpose == PURPOSE_INVESTIGATION);
    CHECK_TEXT(ask.reason.case_ref, "XB-2026-0009");
    CHECK(memcmp(ask.requester, asked.fixture.asker.public_key, IDENTITY_KEY) == 0);
    CHECK(memcmp(ask.responder, asked.fixture.owner.public_key, IDENTITY_KEY) == 0);

    for (size_t i = 0; i < wire.len; i++) {
        asked.wire.at[i] ^= 1;
        CHECK_SEEN(ask_parse(&ask, wire, NULL) != OK, "byte %zu changed", i);
        asked.wire.at[i] ^= 1;
    }
    for (size_t len = 0; len < wire.len; len++)
        CHECK_SEEN(ask_parse(&ask, bytes_slice(wire, 0, len), NULL) != OK, "cut to %zu",
                   len);
    asked_release(&asked);
}

/* Faults that only a requester with the right key can commit: each is signed. */
static const struct {
    const char *name;
    size_t offset; /* from the front, or from the end of the texts when TEXTS is added */
    uint8_t value;
    const char *sentence;
} faults[] = {
    {"class 16", MAGIC + 64 + CIRCLE_FIELD + 8, 16, "malformed"},
    {"circle with a capital", MAGIC + 64, 'D', "malformed"},
    {"circle without end", MAGIC + 64 + CIRCLE_FIELD - 1, 'x', "malformed"},
    {"purpose", ASK_HEAD + 1, 'x', "xnvestigation"},
    {"basis with a control character", ASK_HEAD + 14 + 2, '\n', "legal basis"},
    {"basis not UTF-8", ASK_HEAD + 14 + 2, 0xFF, "legal basis"},
    {"length of the basis", ASK_HEAD + 14, 0xFF, "malformed"},
};

static void test_signed_faults(void)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct asked asked;
        struct ask ask;
        struct err err = {{0}};
        asked_init(&asked, 5, 2);
        asked.wire.at[faults[i].offset] = faults[i].value;
        fixture_sign_again(&asked.wire, &asked.fixture.asker);
        CHECK_SEEN(ask_parse(&ask, buf_bytes(&asked.wire), &err) != OK &&
                       strstr(err.text, faults[i].sentence) != NULL,
                   "%s: %s", faults[i].name, err.text);
        asked_release(&asked);
    }

    struct asked asked;
    struct ask ask;
    struct err err = {{0}};
    asked_init(&asked, 5, 2);
    size_t elements = asked.wire.len - SIGNATURE - 8 * OPRF_ELEMENT;
    memset(asked.wire.at + elements + 2 * OPRF_ELEMENT, 0, OPRF_ELEMENT);
    fixture_sign_again(&asked.wire, &asked.fixture.asker);
    CHECK_SEEN(ask_parse(&ask, buf_bytes(&asked.wire), &err) == REFUSED &&
                   strstr(err.text, "element 3 is the identity") != NULL,
               "%s", err.text);
    asked.wire.at[elements - 1] = 7; /* of 8 */
    fixture_sign_again(&asked.wire, &asked.fixture.asker);
    CHECK_SEEN(ask_parse(&ask, buf_bytes(&asked.wire), &err) == BAD_INPUT &&
                   strstr(err.text, "7 elements; an ask is padded to") != NULL,
               "%s", err.text);
    asked.wire.at[elements - 1] = 16;
    fixture_sign_again(&asked.wire, &asked.fixture.asker);
    CHECK_SEEN(ask_parse(&ask, buf_bytes(&asked.wire), &err) == BAD_INPUT &&
                   strstr(err.text, "bytes for 16 elements") != NULL,
               "%s", err.text);
    asked_release(&asked);

    struct ask_reason reason = {PURPOSE_WANTED, BYTES_OF(""), BYTES_OF("x")};
    CHECK(ask_check_reason(&reason, NULL) == BAD_INPUT);
    reason = (struct ask_reason){PURPOSE_WANTED, BYTES_OF("x"), BYTES_OF("a\tb")};
    CHECK(ask_check_reason(&reason, NULL) == BAD_INPUT);
}

/* Two batches share nothing when anything in the tuple differs, and are the same when
 * nothing does. */
static void test_blinding(void)
{
    struct fixture fixture;
    struct arena arena = {NULL};
    struct bytes items[5];
    struct blinding first, other;
    fixture_init(&fixture, 3);
    for (unsigned i = 0; i < 5; i++) {
        struct match_item item = fixture_phone(i, &arena);
        CHECK(item_text(&items[i], &item, &arena, NULL) == OK);
    }
    struct blinding_tuple tuple = {
        .seed = fixture.case_seed, .epoch = 7, .class = KEY_PHONE};
    blinding_init(&first, &tuple, items, 5, NULL);
    struct pool *pool = pool_open(3);
    blinding_init(&other, &tuple, items, 5, pool);
    pool_close(pool);
    CHECK(memcmp(first.elements, other.elements, 8 * OPRF_ELEMENT) == 0);
    CHECK(memcmp(first.root, other.root, 32) == 0);
    blinding_release(&other);

    static const uint8_t other_seed[CASE_SEED] = {1};
    struct blinding_tuple tuples[5] = {tuple, tuple, tuple, tuple, tuple};
    tuples[0].peer[0] = 1;
    tuples[1].epoch++;
    tuples[2].class = KEY_EMAIL;
    tuples[3].batch++;
    tuples[4].seed = other_seed;
    unsigned moved = 0;
    for (size_t t = 0; t < 5; t++) {
        blinding_init(&other, &tuples[t], items, 5, NULL);
        unsigned common = 0;
        for (size_t i = 0; i < 8; i++)
            for (size_t k = 0; k < 8; k++)
                common += memcmp(first.elements + i * OPRF_ELEMENT,
                                 other.elements + k * OPRF_ELEMENT, OPRF_ELEMENT) == 0;
        CHECK_SEEN(common == 0, "tuple %zu shares %u elements", t, common);
        CHECK(memcmp(first.batch_id, other.batch_id, BATCH_ID) != 0);
        CHECK(memcmp(first.commitment, other.commitment, COMMITMENT) != 0);
        CHECK(memcmp(first.root, other.root, 32) != 0);
        moved += memcmp(first.positions, other.positions, 5 * sizeof *first.positions) != 0;
        blinding_release(&other);
    }
    CHECK(moved >= 4); /* each keeps the five places with chance 1 in 6720 */
    blinding_release(&first);
    blinding_release(&first);
    arena_release(&arena);
}

static void test_plan(void)
{
    enum { MANY = ASK_ELEMENTS_MAX + 3 };
    static struct match_item items[MANY + 2], turned[MANY + 2];
    struct fixture fixture;
    struct arena arena = {NULL};
    struct plan plan, again;
    fixture_init(&fixture, 4);
    for (unsigned i = 0; i < MANY; i++)
        items[i] = fixture_phone(i, &arena);
    items[MANY] = items[17]; /* twice */
    items[MANY + 1] = (struct match_item){KEY_IMO, BYTES_OF("0007319")};
    for (size_t i = 0; i < MANY + 2; i++)
        turned[i] = items[MANY + 1 - i];
    struct blinding_tuple tuple = {.seed = fixture.case_seed, .batch = 5};
    CHECK(plan_init(&plan, &tuple, items, MANY + 2, &arena, NULL) == OK);
    CHECK(plan_init(&again, &tuple, turned, MANY + 2, &arena, NULL) == OK);
    CHECK(plan.count == 3 && again.count == 3);
    CHECK(plan.batches[0].count == ASK_ELEMENTS_MAX && plan.batches[0].number == 5);
    CHECK(plan.batches[1].count == 3 && plan.batches[1].number == 6);
    CHECK(plan.batches[2].class == KEY_IMO && plan.batches[2].number == 5);
    CHECK_TEXT(plan.batches[2].items[0], "imo:0007319");

    size_t seen[MANY + 2] = {0}, twice = 0;
    for (size_t b = 0; b < plan.count; b++) {
        const struct plan_batch *batch = &plan.batches[b];
        for (size_t k = 0; k < batch->count; k++) {
            size_t from = k == 0 ? batch->begin : batch->ends[k - 1];
            CHECK(bytes_equal(batch->items[k], again.batches[b].items[k]));
            twice += batch->ends[k] - from == 2;
            for (size_t i = from; i < batch->ends[k]; i++)
                seen[plan.sources[i]]++;
        }
    }
    CHECK(twice == 1);
    size_t once = 0;
    for (size_t i = 0; i < MANY + 2; i++)
        once += seen[i] == 1;
    CHECK(once == MANY + 2);

    struct match_item bad = {KEY_PHONE, BYTES_OF("")};
    struct err err = {{0}};
    CHECK(plan_init(&plan, &tuple, &bad, 1, &arena, &err) == BAD_INPUT);
    static const uint8_t long_value[KEY_VALUE_MAX + 1] = "x";
    bad.value = bytes_of(long_value, sizeof long_value);
    CHECK(plan_init(&plan, &tuple, &bad, 1, &arena, &err) == BAD_INPUT);
    CHECK(plan_init(&plan, &tuple, &bad, 0, &arena, &err) == OK && plan.count == 0);
    /* A value may hold any byte. */
    bad.value = bytes_of("a\0b", 3);
    CHECK(plan_init(&plan, &tuple, &bad, 1, &arena, &err) == OK);
    CHECK(plan.batches[0].items[0].len == strlen("phone:") + 3);
    arena_release(&arena);
}

/* --- audit --- */

typedef void spoil(struct asked *asked);

/* Of an ask with 16 elements. */
static void set_element(struct asked *asked, size_t i, const uint8_t element[OPRF_ELEMENT])
{
    size_t at = asked->wire.len - SIGNATURE - (16 - i) * OPRF_ELEMENT;
    memcpy(asked->wire.at + at, element, OPRF_ELEMENT);
    fixture_sign_again(&asked->wire, &asked->fixture.asker);
}

/* Whoever asks something of its own blinds it as the seed says, so that the answer is of
 * use. */
static void ask_instead(struct asked *asked, size_t i, const char *text)
{
    struct blinding_tuple tuple = {
        .seed = asked->fixture.case_seed, .epoch = FIXTURE_EPOCH, .class = KEY_PHONE};
    uint8_t blind[OPRF_SCALAR], element[OPRF_ELEMENT];
    memcpy(tuple.peer, asked->fixture.owner.public_key, IDENTITY_KEY);
    blinding_blind(blind, &tuple, (uint32_t)i);
    oprf_blind(element, bytes_text(text), blind, OPRF_VERIFIABLE);
    set_element(asked, i, element);
}

static bool is_item_position(const struct asked *asked, size_t i)
{
    for (size_t k = 0; k < asked->requester.out[0].blinding.items; k++)
        if (asked->requester.out[0].blinding.positions[k] == i)
            return true;
    return false;
}

static size_t padding_position(const struct asked *asked)
{
    size_t i = 0;
    while (is_item_position(asked, i))
        i++;
    return i;
}

static void spoil_nothing(struct asked *asked)
{
    (void)asked;
}
static void spoil_order(struct asked *asked)
{
    struct match_item first = asked->items[0];
    asked->items[0] = asked->items[8];
    asked->items[8] = first;
}
static void spoil_list_changed(struct asked *asked)
{
    asked->items[3].value = BYTES_OF("+999550108888");
}
static void spoil_list_added(struct asked *asked)
{
    asked->items[asked->count++] =
        (struct match_item){KEY_PHONE, BYTES_OF("+999550108888")};
}
static void spoil_list_missing(struct asked *asked)
{
    asked->count--;
}
static void spoil_asked_changed(struct asked *asked)
{
    ask_instead(asked, asked->requester.out[0].blinding.positions[2],
                "phone:+999550107788");
}
static void spoil_asked_added(struct asked *asked)
{
    ask_instead(asked, padding_position(asked), "phone:+999550107788");
}
static void spoil_padding(struct asked *asked)
{
    uint8_t element[OPRF_ELEMENT];
    oprf_hash_to_group(element, BYTES_OF("not derived"), OPRF_VERIFIABLE);
    set_element(asked, padding_position(asked), element);
}
static void spoil_no_point(struct asked *asked)
{
    uint8_t element[OPRF_ELEMENT];
    memset(element, 0xFF, sizeof element);
    set_element(asked, padding_position(asked), element);
}
static void spoil_positions(struct asked *asked)
{
    /* Two listed items change places, each blinded for its new one. */
    const struct requester *requester = &asked->requester;
    char text[2][ITEM_MAX + 1] = {{0}};
    for (size_t k = 0; k < 2; k++) {
        struct bytes item = requester->plan.batches[0].items[k];
        memcpy(text[k], item.at, item.len);
    }
    ask_instead(asked, requester->out[0].blinding.positions[0], text[1]);
    ask_instead(asked, requester->out[0].blinding.positions[1], text[0]);
}
static void spoil_root(struct asked *asked)
{
    asked->wire.at[ASK_HEAD - 1] ^= 1;
    fixture_sign_again(&asked->wire, &asked->fixture.asker);
}
static void spoil_batch_id(struct asked *asked)
{
    asked->wire.at[ASK_HEAD - 32 - COMMITMENT - 1] ^= 1;
    fixture_sign_again(&asked->wire, &asked->fixture.asker);
}
static void spoil_batch_number(struct asked *asked)
{
    /* Everything is derived from the number: another one is another seed to the audit. */
    asked->wire.at[ASK_HEAD - 32 - COMMITMENT - BATCH_ID - 1] = 1;
    fixture_sign_again(&asked->wire, &asked->fixture.asker);
}
static void spoil_seed(struct asked *asked)
{
    asked->fixture.case_seed[0] ^= 1;
}
static void spoil_signature(struct asked *asked)
{
    asked->wire.at[asked->wire.len - 1] ^= 1;
}

static const struct {
    const char *name;
    spoil *spoil;
    bool valid;
    enum audit_fault fault;
    const char *sentence;
} audits[] = {
    {"the true list", spoil_nothing, true, 0, ""},
    {"the true list in another order", spoil_order, true, 0, ""},
    {"list: one changed", spoil_list_changed, false, AUDIT_CHANGED,
     "\"phone:+999550108888\""},
    {"list: one added", spoil_list_added, false, AUDIT_MISSING,
     "\"phone:+999550108888\" stands"},
    {"list: one missing", spoil_list_missing, false, AUDIT_ADDED, "neither an item"},
    {"ask: one changed", spoil_asked_changed, false, AUDIT_CHANGED, "asks something else"},
    {"ask: one added", spoil_asked_added, false, AUDIT_ADDED, "neither an item"},
    {"ask: padding", spoil_padding, false, AUDIT_ADDED, "neither an item"},
    {"ask: no point", spoil_no_point, false, AUDIT_ADDED, "neither an item"},
    {"ask: positions", spoil_positions, false, AUDIT_DERIVED, "only items of the list"},
    {"ask: root", spoil_root, false, AUDIT_DERIVED, "only items of the list"},
    {"ask: batch id", spoil_batch_id, false, AUDIT_DERIVED, "only items of the list"},
    {"ask: batch number", spoil_batch_number, false, AUDIT_SEED,
     "not made from the case seed"},
    {"another seed", spoil_seed, false, AUDIT_SEED, "not made from the case seed"},
    {"signature", spoil_signature, false, AUDIT_FORM, "signature does not verify"},
};

static void test_audit(void)
{
    for (size_t i = 0; i < sizeof audits / sizeof *audits; i++) {
        struct asked asked;
        struct audit_report report;
        asked_init(&asked, 10, 20 + i);
        audits[i].spoil(&asked);
        struct bytes ask = buf_bytes(&asked.wire);
        struct audit_case audited = {.seed = asked.fixture.case_seed,
                                     .asks = &ask,
                                     .ask_count = 1,
                                     .items = asked.items,
                                     .item_count = asked.count};
        CHECK(audit_run(&report, &audited, NULL, &asked.arena, NULL) == OK);
        CHECK_SEEN(report.valid == audits[i].valid, "%s", audits[i].name);
        CHECK_SEEN(report.valid == (report.count == 0), "%s", audits[i].name);
        if (!audits[i].valid && report.count > 0)
            CHECK_SEEN(report.count == 1 && report.findings[0].fault == audits[i].fault &&
                           strstr(report.findings[0].sentence, audits[i].sentence) != NULL,
                       "%s: %zu: %s", audits[i].name, report.count,
                       report.findings[0].sentence);
        asked_release(&asked);
    }
}

static void test_audit_of_several(void)
{
    struct asked first, other;
    struct audit_report report;
    asked_init(&first, 10, 50);
    asked_init(&other, 10, 51);
    struct bytes asks[3] = {buf_bytes(&first.wire), buf_bytes(&first.wire),
                            buf_bytes(&other.wire)};
    struct audit_case audited = {.seed = first.fixture.case_seed,
                                 .asks = asks,
                                 .ask_count = 2,
                                 .items = first.items,
                                 .item_count = 10};
    /* Sent twice is asked once. */
    CHECK(audit_run(&report, &audited, NULL, &first.arena, NULL) == OK);
    CHECK(report.valid && report.asks == 1 && report.elements == 16 && report.items == 10);
    audited.ask_count = 3;
    CHECK(audit_run(&report, &audited, NULL, &first.arena, NULL) == OK);
    CHECK(!report.valid && report.findings[0].fault == AUDIT_MIXED);
    /* An ask that did not go out at all. */
    audited.ask_count = 0;
    CHECK(audit_run(&report, &audited, NULL, &first.arena, NULL) == OK);
    CHECK(!report.valid && report.count == 10 && report.findings[0].fault == AUDIT_MISSING);
    /* Unless its class was not on offer. */
    struct epoch epoch = first.publication.epoch;
    epoch.classes[KEY_PHONE].offered = false;
    audited.epoch = &epoch;
    CHECK(audit_run(&report, &audited, NULL, &first.arena, NULL) == OK);
    CHECK(report.valid);
    asked_release(&first);
    asked_release(&other);
}

/* --- the responder --- */

struct ledger {
    unsigned charged;
    size_t elements;
    bool empty;
};

static enum status charge(void *context, const struct ask *ask, struct err *err)
{
    struct ledger *ledger = context;
    if (ledger->empty)
        return fail(err, BUSY, "quota: nothing left today; ask again tomorrow");
    ledger->charged++;
    ledger->elements += ask->count;
    return OK;
}

static void test_replay_and_charge(void)
{
    struct asked asked;
    struct ledger ledger = {0};
    struct bytes answer, again;
    struct err err = {{0}};
    asked_init(&asked, 10, 60);
    struct responder_options options =
        fixture_responder(&asked.fixture, &asked.publication);
    options.charge = charge;
    options.charge_context = &ledger;
    struct responder *responder = responder_open(&options);
    const uint8_t *peer = asked.fixture.asker.public_key;
    struct bytes wire = buf_bytes(&asked.wire);

    ledger.empty = true;
    CHECK(responder_answer(&answer, responder, wire, peer, &err) == BUSY);
    CHECK(strstr(err.text, "ask again tomorrow") != NULL);
    ledger.empty = false;
    CHECK(responder_answer(&answer, responder, wire, peer, &err) == OK);
    CHECK(ledger.charged == 1 && ledger.elements == 16);
    /* The same bytes: the same answer, byte for byte, and no charge, even with nothing
     * left. */
    ledger.empty = true;
    CHECK(responder_answer(&again, responder, wire, peer, &err) == OK);
    CHECK(bytes_equal(answer, again) && ledger.charged == 1);
    CHECK(responder_answer(&again, responder, wire, asked.fixture.stranger.public_key,
                           &err) == REFUSED);
    CHECK(strstr(err.text, "other than the partner who sent it") != NULL);

    /* The batch id with other bytes. */
    ledger.empty = false;
    ask_instead(&asked, 0, "phone:+999550107788");
    CHECK(responder_answer(&again, responder, buf_bytes(&asked.wire), peer, &err) ==
          REFUSED);
    CHECK_SEEN(strstr(err.text, "already asked with other content") != NULL, "%s",
               err.text);
    CHECK(ledger.charged == 1);
    asked.wire.at[ASK_HEAD - 32 - COMMITMENT - 1] ^= 1;
    fixture_sign_again(&asked.wire, &asked.fixture.asker);
    CHECK(responder_answer(&again, responder, buf_bytes(&asked.wire), peer, &err) == OK);
    CHECK(ledger.charged == 2);

    /* After expiry nothing is answered any more, not even again. */
    asked.fixture.seeded.now_ns = asked.publication.epoch.until_s * INT64_C(1000000000);
    CHECK(responder_answer(&again, responder, buf_bytes(&asked.wire), peer, &err) ==
          REFUSED);
    CHECK_SEEN(strstr(err.text, "has expired") != NULL, "%s", err.text);
    responder_close(responder);
    asked_release(&asked);
}

/* What stands in the ask and is not for this responder. */
static void test_wrong_address(void)
{
    static const struct {
        const char *name;
        size_t offset;
        uint8_t change;
        const char *sentence;
    } cases[] = {
        {"responder", MAGIC + IDENTITY_KEY, 1, "addressed to somebody else"},
        {"circle", MAGIC + 2 * IDENTITY_KEY, 1, "for the circle \"eelfines\""},
        {"epoch", MAGIC + 2 * IDENTITY_KEY + CIRCLE_FIELD + 7, 1,
         "for epoch 6, but the current"},
        {"class", MAGIC + 2 * IDENTITY_KEY + CIRCLE_FIELD + 8, KEY_PHONE ^ KEY_IMO,
         "class imo is not offered"},
    };
    struct asked asked;
    asked_init(&asked, 5, 61);
    struct ledger ledger = {0};
    struct responder_options options =
        fixture_responder(&asked.fixture, &asked.publication);
    options.charge = charge;
    options.charge_context = &ledger;
    struct responder *responder = responder_open(&options);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes answer;
        struct err err = {{0}};
        uint8_t *at = asked.wire.at + cases[i].offset;
        *at ^= cases[i].change;
        fixture_sign_again(&asked.wire, &asked.fixture.asker);
        CHECK_SEEN(responder_answer(&answer, responder, buf_bytes(&asked.wire),
                                    asked.fixture.asker.public_key, &err) == REFUSED &&
                       strstr(err.text, cases[i].sentence) != NULL,
                   "%s: %s", cases[i].name, err.text);
        *at ^= cases[i].change;
    }
    CHECK(ledger.charged == 0);

    /* A bad element is found when it is evaluated: paid for, and named. */
    struct bytes answer;
    struct err err = {{0}};
    memset(asked.wire.at + asked.wire.len - SIGNATURE - OPRF_ELEMENT, 0xFF, OPRF_ELEMENT);
    fixture_sign_again(&asked.wire, &asked.fixture.asker);
    CHECK(responder_answer(&answer, responder, buf_bytes(&asked.wire),
                           asked.fixture.asker.public_key, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "element 8 is not a point") != NULL, "%s", err.text);
    CHECK(ledger.charged == 1);
    responder_close(responder);
    asked_release(&asked);
}

int main(void)
{
    CHECK(sodium_init() >= 0);
    test_sizes();
    test_form();
    test_signed_faults();
    test_blinding();
    test_plan();
    test_audit();
    test_audit_of_several();
    test_replay_and_charge();
    test_wrong_address();
    return check_done("ask");
}
