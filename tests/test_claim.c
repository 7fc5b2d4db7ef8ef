/* SPDX-License-Identifier: Apache-2.0
 *
 * The bytes of a claim, and announcements that do or do not go together.
 */
#include "match/chain.h"
#include "match/claim.h"
#include "match/publisher.h"
#include "match_fixture.h"

static struct fixture fixture;

static struct claim example(void)
{
    struct claim claim = {
        .epoch = 7,
        .class = KEY_PHONE,
        .tag = 0x123456789A,
        .reason = {PURPOSE_INVESTIGATION, BYTES_OF("a treaty"), BYTES_OF("XB-2026-0009")},
        .urgency = CLAIM_PRIORITY,
        .handling = HANDLING_H0 | HANDLING_H2};
    memcpy(claim.requester, fixture.asker.public_key, IDENTITY_KEY);
    memcpy(claim.responder, fixture.owner.public_key, IDENTITY_KEY);
    memcpy(claim.id, "0123456789abcdef", CLAIM_ID);
    claim.circle = fixture.circle;
    return claim;
}

static void write_signed(struct buf *wire, const struct claim *claim)
{
    buf_clear(wire);
    claim_write_unsigned(wire, claim);
    identity_sign(wire, &fixture.asker);
}

static void test_form(void)
{
    struct claim claim = example(), read;
    struct buf wire = {.max = CLAIM_WIRE_MAX}, again = {.max = CLAIM_WIRE_MAX};
    struct err err = {0};
    write_signed(&wire, &claim);
    CHECK_SEEN(claim_parse(&read, buf_bytes(&wire), &err) == OK, "%s", err.text);
    CHECK(read.tag == claim.tag && read.epoch == 7 && read.urgency == CLAIM_PRIORITY &&
          read.handling == claim.handling);
    CHECK_TEXT(read.reason.case_ref, "XB-2026-0009");
    write_signed(&again, &read);
    CHECK(bytes_equal(buf_bytes(&wire), buf_bytes(&again)));
    /* every cut, every changed byte */
    for (size_t len = 0; len < wire.len; len++)
        CHECK(claim_parse(&read, bytes_of(wire.at, len), &err) != OK);
    for (size_t at = 0; at < wire.len; at++) {
        wire.at[at] ^= 1;
        CHECK(claim_parse(&read, buf_bytes(&wire), &err) != OK);
        wire.at[at] ^= 1;
    }
    /* signed again, and still not right */
    static const struct {
        size_t at;
        uint8_t byte;
    } bad[] = {{MAGIC + 64 + 32 + 8, KEY_CLASSES}, /* class */
               {MAGIC + 64 + 32 + 9, 1},           /* a tag over 40 bits */
               {MAGIC + 64 + 3, 'A'},              /* circle */
               {CLAIM_HEAD, 3},                    /* length of the purpose */
               {CLAIM_HEAD + 14, 0xFF}};           /* length of the basis */
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        write_signed(&wire, &claim);
        wire.at[bad[i].at] = bad[i].byte;
        fixture_sign_again(&wire, &fixture.asker);
        CHECK_SEEN(claim_parse(&read, buf_bytes(&wire), &err) == BAD_INPUT, "row %zu: %s",
                   i, err.text);
    }
    buf_release(&wire);
    buf_release(&again);
}

static void test_proof(void)
{
    static const uint8_t key[HIT_PROOF] = "sixteen bytes..", other[HIT_PROOF] = "other";
    struct claim claim = example(), changed;
    uint8_t digest[DIGEST], digest2[DIGEST], proof[CLAIM_PROOF];
    claim_digest(digest, &claim);
    claim_prove(proof, key, digest);
    CHECK(claim_proves(proof, key, digest) && !claim_proves(proof, other, digest));
    for (int i = 0; i < 5; i++) {
        changed = claim;
        if (i == 0)
            changed.requester[0] ^= 1;
        else if (i == 1)
            changed.responder[31] ^= 1;
        else if (i == 2)
            changed.epoch++;
        else if (i == 3)
            changed.reason.case_ref = BYTES_OF("XB-2026-0008");
        else
            changed.id[15] ^= 1;
        claim_digest(digest2, &changed);
        CHECK_SEEN(!claim_proves(proof, key, digest2), "%d", i);
    }
}

/* ---- Chains ---- */

struct announced {
    struct epoch epoch;
    struct buf wire;
};

static void announce(struct announced *out, uint64_t number, const struct announced *before,
                     uint8_t flavour)
{
    *out = (struct announced){.wire = {.max = EPOCH_WIRE_MAX}};
    struct epoch *epoch = &out->epoch;
    memcpy(epoch->owner, fixture.owner.public_key, IDENTITY_KEY);
    epoch->number = epoch->base_number = number;
    epoch->circle = fixture.circle;
    epoch->from_s = FIXTURE_NOW_S;
    epoch->until_s = FIXTURE_NOW_S + FIXTURE_DAY_S;
    epoch->normaliser[0] = flavour;
    if (before != NULL) {
        epoch->previous_number = before->epoch.number;
        message_digest(epoch->previous, buf_bytes(&before->wire));
    }
    epoch_write(&out->wire, epoch, &fixture.owner);
}

static void test_chain(void)
{
    enum { FIRST, SECOND, THIRD, OTHER_SECOND, OTHER_THIRD, SKIPS, COUNT };
    struct announced a[COUNT];
    announce(&a[FIRST], 3, NULL, 0);
    announce(&a[SECOND], 5, &a[FIRST], 0);
    announce(&a[THIRD], 9, &a[SECOND], 0);
    announce(&a[OTHER_SECOND], 5, &a[FIRST], 1);       /* the same number, another map */
    announce(&a[OTHER_THIRD], 9, &a[OTHER_SECOND], 0); /* goes on from it */
    announce(&a[SKIPS], 9, &a[FIRST], 0);              /* leaves the second out */
    static const struct {
        int a, b;
        enum chain wanted;
    } rows[] = {
        {FIRST, FIRST, CHAIN_SAME},           {FIRST, SECOND, CHAIN_FOLLOWS},
        {SECOND, FIRST, CHAIN_BEFORE},        {SECOND, THIRD, CHAIN_FOLLOWS},
        {FIRST, THIRD, CHAIN_FOLLOWS}, /* what stands between is not known */
        {SECOND, OTHER_SECOND, CHAIN_FORKED}, {OTHER_SECOND, SECOND, CHAIN_FORKED},
        {SECOND, OTHER_THIRD, CHAIN_FORKED},  {OTHER_THIRD, SECOND, CHAIN_FORKED},
        {THIRD, OTHER_THIRD, CHAIN_FORKED},   {SECOND, SKIPS, CHAIN_FORKED},
        {SKIPS, SECOND, CHAIN_FORKED},        {FIRST, SKIPS, CHAIN_FOLLOWS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum chain seen = chain_compare(&a[rows[i].a].epoch, buf_bytes(&a[rows[i].a].wire),
                                        &a[rows[i].b].epoch, buf_bytes(&a[rows[i].b].wire));
        CHECK_SEEN(seen == rows[i].wanted, "row %zu: %d", i, seen);
    }
    for (int i = 0; i < COUNT; i++) {
        struct epoch read;
        CHECK(epoch_parse(&read, buf_bytes(&a[i].wire), NULL) == OK &&
              read.previous_number == a[i].epoch.previous_number);
        buf_release(&a[i].wire);
    }
}

/* ---- The publisher, against the slow twin: publication.c makes the same map contents ---- */

static void test_publisher(void)
{
    enum { KEYS = 60 };
    struct arena arena = {0};
    struct match_held held[KEYS];
    struct publisher_key keys[KEYS];
    struct publication publication = {0};
    struct publisher_result result;
    struct holdings none = {0};
    struct err err = {0};
    for (unsigned i = 0; i < KEYS; i++) {
        held[i] = (struct match_held){fixture_phone(i / 6, &arena), i % 11};
        keys[i] = (struct publisher_key){held[i].key, held[i].record};
    }
    fixture_publish(&publication, &fixture, held, KEYS);
    struct publication_options like = fixture_owner(&fixture);
    struct publisher_options options = {.world = like.world,
                                        .identity = like.identity,
                                        .seed = like.seed,
                                        .circle = like.circle,
                                        .number = like.number,
                                        .from_s = like.from_s,
                                        .until_s = like.until_s};
    memcpy(options.normaliser, like.normaliser, NORMALISER);
    struct pledges no_pledges = {NULL, 0, 0};
    struct publisher *publisher = publisher_open(&options, &none, &no_pledges);
    for (unsigned i = 0; i < KEYS; i += 7)
        CHECK(publisher_add(publisher, keys + i, KEYS - i < 7 ? KEYS - i : 7, &err) == OK);
    CHECK_SEEN(publisher_finish(&result, publisher, &err) == OK, "%s", err.text);
    CHECK(result.evaluated == 10 && result.holdings->key_count == 10 &&
          result.holdings->record_count == 11);
    CHECK(memcmp(result.epoch.classes[KEY_PHONE].public_key,
                 publication.epoch.classes[KEY_PHONE].public_key, OPRF_ELEMENT) == 0);
    struct map map;
    struct bytes wire = buf_bytes(&result.map_wires[KEY_PHONE]);
    CHECK(map_read_header(&map, bytes_slice(wire, 0, MAP_HEADER), &err) == OK &&
          map_set_body(&map, bytes_slice(wire, MAP_HEADER, wire.len - MAP_HEADER), NULL,
                       &err) == OK);
    CHECK(map.records == publication.maps[KEY_PHONE].records &&
          map.keys == publication.maps[KEY_PHONE].keys);
    for (unsigned i = 0; i < 12; i++) {
        struct match_item item = fixture_phone(i, &arena);
        struct bytes text;
        uint8_t output[OPRF_OUTPUT];
        struct map_answer one, other;
        CHECK(item_text(&text, &item, &arena, NULL) == OK);
        oprf_evaluate(output, publication.keys.secret[KEY_PHONE], text, OPRF_VERIFIABLE);
        map_find(&one, &map, output);
        map_find(&other, &publication.maps[KEY_PHONE], output);
        CHECK(one.count == other.count && one.many == other.many && one.many == (i < 10));
    }
    publisher_close(publisher);
    publication_release(&publication);
    arena_release(&arena);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    fixture_init(&fixture, 11);
    test_form();
    test_proof();
    test_chain();
    test_publisher();
    return check_done("claim");
}
