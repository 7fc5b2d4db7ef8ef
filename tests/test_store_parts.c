/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the store alone: forms, seals, ids, the key file, rights.
 */
#include "sim_disk.h"
#include "store_node.h"

#include "store/form.h"
#include "store/keyring.h"
#include "store/payload.h"
#include "store/rights.h"
#include "store/seal.h"

#include <sodium.h>

static struct arena arena;
static struct err err;

/* ---- Forms ---- */

static void check_same(const struct record *a, const struct record *b)
{
    CHECK(a->schema == b->schema && strcmp(a->id, b->id) == 0 && a->id_made == b->id_made);
    CHECK(strcmp(a->owner, b->owner) == 0 && a->status == b->status);
    CHECK(a->handling == b->handling && strcmp(a->handling_note, b->handling_note) == 0);
    CHECK(a->evaluation.scheme == b->evaluation.scheme &&
          strcmp(a->evaluation.code, b->evaluation.code) == 0);
    CHECK(a->purpose == b->purpose && strcmp(a->review, b->review) == 0);
    CHECK(a->count == b->count);
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        CHECK(strcmp(a->values[i].name, b->values[i].name) == 0);
        CHECK(bytes_equal(a->values[i].raw, b->values[i].raw));
        CHECK(bytes_equal(a->values[i].clean, b->values[i].clean));
        CHECK(a->values[i].grade == b->values[i].grade);
    }
}

static void test_form(void)
{
    struct record record =
        RECORD(&arena, "Person", "XA-P-0007", "name", "Tomás Alvear Quiroz", "birthDate",
               "1984-03-12", "phone", "+999550107788", "phone", "no number");
    struct record back;
    struct buf form = {.max = FORM_MAX};
    record.owner = "XB";
    record.status = STATUS_SUSPECT;
    record.handling = HANDLING_H0 | HANDLING_H2 | HANDLING_H3;
    record.handling_note = "ask first";
    record.evaluation = (struct evaluation){EVALUATION_6X6, "B2"};
    record.purpose = PURPOSE_ALERT;
    record.review = "2031-02-03";
    CHECK(record_add(&record, NULL, "shoeSize", BYTES_OF("43"), NULL, &err) == OK);
    CHECK(record_add(&record, schema_property(record.schema, BYTES_OF("deathDate")),
                     "deathDate", BYTES_OF("03/02/2020"), "%m/%d/%Y", &err) == OK);
    CHECK(record_finish(&record, "xa", &err) == OK);
    CHECK(form_add(&form, &record, &err) == OK);
    CHECK_SEEN(form_read(&back, buf_bytes(&form), "xa", &arena, &err) == OK, "%s",
               err.text);
    check_same(&record, &back);

    /* Cut off anywhere, or with more behind it, it is no form. */
    for (size_t len = 0; len < form.len; len++)
        CHECK(form_read(&back, bytes_slice(buf_bytes(&form), 0, len), "xa", &arena, &err) ==
              BAD_INPUT);
    buf_add_byte(&form, 0);
    CHECK(form_read(&back, buf_bytes(&form), "xa", &arena, &err) == BAD_INPUT);
    buf_release(&form);
}

static void test_payload(void)
{
    struct buf wire = {.max = 1000};
    struct payload payload;
    payload_begin(&wire, PAYLOAD_REFUSAL, "because");
    buf_add_byte(&wire, 7);
    CHECK(payload_read(&payload, buf_bytes(&wire), &err) == OK);
    CHECK(payload.kind == PAYLOAD_REFUSAL && payload.body.len == 1);
    CHECK_TEXT(payload.reason, "because");
    for (size_t len = 0; len < wire.len - 1; len++)
        CHECK(payload_read(&payload, bytes_slice(buf_bytes(&wire), 0, len), &err) ==
              BAD_INPUT);
    wire.at[1] = PAYLOAD_KINDS;
    CHECK(payload_read(&payload, buf_bytes(&wire), &err) == BAD_INPUT);
    buf_release(&wire);
}

/* ---- Seals and ids ---- */

static void test_seal(void)
{
    struct buf sealed = {.max = 4096}, again = {.max = 4096}, opened = {.max = 4096};
    uint8_t key[SECRET_KEY] = {1}, other[SECRET_KEY] = {2};
    uint8_t commitment[ENTRY_COMMITMENT], second[ENTRY_COMMITMENT],
        computed[ENTRY_COMMITMENT];
    struct bytes words = BYTES_OF("what was done, and to whom");
    seal_close(&sealed, commitment, key, 7, words, world_system());
    seal_close(&again, second, key, 7, words, world_system());
    CHECK(memcmp(commitment, second, sizeof second) != 0); /* salted */
    CHECK(seal_open(&opened, key, 7, buf_bytes(&sealed), &err) == OK);
    CHECK(bytes_equal(buf_bytes(&opened), words));
    seal_commitment(computed, key, buf_bytes(&sealed), words);
    CHECK(memcmp(commitment, computed, sizeof computed) == 0);
    seal_commitment(computed, other, buf_bytes(&sealed),
                    words); /* the words alone say nothing */
    CHECK(memcmp(commitment, computed, sizeof computed) != 0);

    CHECK(seal_open(&opened, key, 8, buf_bytes(&sealed), &err) == REFUSED);
    CHECK(seal_open(&opened, other, 7, buf_bytes(&sealed), &err) == REFUSED);
    for (size_t i = 0; i < sealed.len; i++) {
        sealed.at[i] ^= 0x40;
        CHECK(seal_open(&opened, key, 7, buf_bytes(&sealed), &err) == REFUSED);
        CHECK(opened.len == 0);
        sealed.at[i] ^= 0x40;
    }
    for (size_t len = 0; len < sealed.len; len++)
        CHECK(seal_open(&opened, key, 7, bytes_slice(buf_bytes(&sealed), 0, len), &err) ==
              REFUSED);
    buf_release(&sealed);
    buf_release(&again);
    buf_release(&opened);
}

static void test_ids(void)
{
    struct secrets secrets, others;
    uint8_t id[ENTRY_ID];
    uint64_t number;
    secrets_init(&secrets, node_secret);
    secrets_init(&others, (const uint8_t *)"another secret, not this node's.");
    for (uint64_t i = 1; i < UINT64_MAX / 3; i *= 3) {
        secrets_id(id, &secrets, i);
        CHECK(!entry_id_is_none(id) && secrets_number(&number, &secrets, id) &&
              number == i);
        CHECK(!secrets_number(&number, &others, id));
        id[i % ENTRY_ID] ^= 1;
        CHECK(!secrets_number(&number, &secrets, id));
    }
    secrets_release(&secrets);
    CHECK(sodium_is_zero((const uint8_t *)&secrets, sizeof secrets));
}

/* ---- The key file ---- */

static void test_keyring(void)
{
    enum { SLOTS = 500 };
    static struct sim_disk sim;
    static uint8_t keys[SLOTS][SECRET_KEY];
    struct secrets secrets;
    struct keyring *keyring = NULL;
    uint8_t node[KEYRING_NODE] = {5}, key[SECRET_KEY];
    sim_init(&sim, 1);
    secrets_init(&secrets, node_secret);
    const struct keyring_options options = {.path = "keys",
                                            .disk = &sim.disk,
                                            .world = world_system(),
                                            .secrets = &secrets,
                                            .node = node};
    CHECK(keyring_create(&options, &err) == OK);
    CHECK(keyring_open(&keyring, &options, 0, &err) == OK);
    for (uint64_t i = 0; i < SLOTS; i++) {
        uint64_t slot;
        CHECK(keyring_take(&slot, keys[i], keyring, &err) == OK && slot == i);
        CHECK(i == 0 || memcmp(keys[i], keys[i - 1], SECRET_KEY) != 0);
        CHECK(sim_find(&sim, "keys")->count == 0); /* never one that is not synced */
    }
    const uint64_t gone[] = {3, 77, 499};
    CHECK(keyring_erase(keyring, gone, 3, &err) == OK);
    for (int round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < SLOTS; i++) {
            bool erased = i == 3 || i == 77 || i == 499;
            enum status status = keyring_key(key, keyring, i, &err);
            CHECK(status == (erased ? NOT_FOUND : OK));
            CHECK(erased || memcmp(key, keys[i], SECRET_KEY) == 0);
        }
        CHECK(keyring_key(key, keyring, SLOTS, &err) == CONFLICT);
        keyring_close(keyring);
        keyring = NULL;
        sim_cut(&sim);
        CHECK(keyring_open(&keyring, &options, SLOTS, &err) == OK);
    }
    /* What lay ahead at a cut was never used, and is never used: it is drawn anew. */
    uint64_t slot;
    static const uint8_t marks[SECRET_KEY] = {1};
    uint8_t marked[SECRET_KEY];
    sim_put(&sim_find(&sim, "keys")->now, 4096 + SLOTS * SECRET_KEY, marks, SECRET_KEY);
    secrets_slot_key(marked, &secrets, SLOTS, marks);
    CHECK(keyring_take(&slot, key, keyring, &err) == OK && slot == SLOTS);
    CHECK(memcmp(key, marked, SECRET_KEY) != 0);
    keyring_close(keyring);
    secrets_release(&secrets);
    sim_release(&sim);
}

/* ---- Rights ---- */

static void test_rights(void)
{
    static const enum verb content[] = {
        VERB_NEW,   VERB_EDIT,     VERB_READ,        VERB_SEARCH,    VERB_EXPORT,
        VERB_ERASE, VERB_CASE_NEW, VERB_CASE_MEMBER, VERB_CASE_LIST, VERB_IMPORT_BEGIN};
    for (size_t i = 0; i < sizeof content / sizeof content[0]; i++) {
        CHECK(right_of(ROLE_ADMINISTRATOR, content[i]) == RIGHT_NEVER);
        CHECK(right_of(ROLE_OVERSEER, content[i]) == RIGHT_NEVER);
        CHECK(right_of(ROLE_NODE, content[i]) == RIGHT_NEVER);
    }
    for (enum role role = ROLE_ANALYST; role < ROLE_END; role++) {
        static const enum verb things[] = {VERB_READ, VERB_EDIT, VERB_SEARCH, VERB_EXPORT};
        for (size_t i = 0; i < 4;
             i++) /* what touches a case is for its members, whoever asks */
            CHECK(right_of(role, things[i]) != RIGHT_ALWAYS);
        CHECK((right_of(role, VERB_USER_ROLE) == RIGHT_ALWAYS) ==
              (role == ROLE_ADMINISTRATOR));
    }
    CHECK(right_of(ROLE_END, VERB_READ) == RIGHT_NEVER);
    CHECK(right_of(ROLE_ANALYST, (enum verb)255) == RIGHT_NEVER);
}

int main(void)
{
    test_form();
    test_payload();
    test_seal();
    test_ids();
    test_keyring();
    test_rights();
    arena_release(&arena);
    return check_done("store_parts");
}
