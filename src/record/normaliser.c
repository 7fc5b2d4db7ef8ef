/* SPDX-License-Identifier: Apache-2.0 */
#include "record/normaliser.h"

#include "record/keys.h"
#include "record/phonetic.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <unicode/uversion.h>

enum { GOLDEN_VALUES_MAX = 6 };

/* Fictional records that walk through every rule: scripts, particles, legal forms, notations,
 * check digits. Changing this list changes the hash: a new NORMALISER_VERSION. */
static const struct {
    const char *schema;
    struct {
        const char *name, *value;
    } values[GOLDEN_VALUES_MAX];
} golden[] = {
    {"Person",
     {{"name", "Tomás Alvear Quiroz"},
      {"birthDate", "1984-03-12"},
      {"country", "xa"},
      {"passportNumber", "PA 0412-8738"},
      {"phone", "999 550107788"}}},
    {"Person",
     {{"name", "Élske van Noordt"},
      {"birthDate", "1988-06-07"},
      {"address", "69 Giblin Street, Bittern 4814"},
      {"email", "E.Noordt@Example.ORG"}}},
    {"Person",
     {{"name", "Sara Noordt"}, {"address", "Bittern 4814"}, {"birthDate", "1988"}}},
    {"Person",
     {{"name", "Maria Elske Noordt Velero"},
      {"birthDate", "1988-06-07"},
      {"address", "10 Gull Lane, Velero SW1A 1AA"}}},
    {"Person", {{"name", "Elske Noordt"}, {"birthDate", "1988-06-92"}}},
    {"Person", {{"name", "Élske Noordt"}, {"birthDate", "1988-16-07"}}},
    {"Person", {{"name", "Unknown Okker"}, {"birthDate", "1988-06-07"}}},
    {"Person", {{"name", "John Doe"}, {"alias", "N.N."}, {"birthDate", "1988-06-07"}}},
    {"Person", {{"name", "Elske Noordt Jr."}, {"birthDate", "1988-06-07"}}},
    {"Person", {{"name", "Владимир Щербаков-Ёлкин"}, {"birthDate", "1970-01-01"}}},
    {"Person", {{"name", "محمد عبد الله الحسن"}, {"birthDate", "1961-11-30"}}},
    {"Person",
     {{"name", "ראובן כהן"}, {"alias", "राहुल शर्मा"}, {"birthDate", "1982-04-09"}}},
    {"Person", {{"name", "Ελένη Παπαδοπούλου"}, {"birthDate", "1990-02-01"}}},
    {"Person", {{"name", "金正浩"}, {"alias", "김정호"}, {"birthDate", "1975-05-05"}}},
    {"Person",
     {{"name", "Nguyễn Thị Ánh"}, {"alias", "O'Brien, Seán"}, {"birthDate", "1999-12-31"}}},
    {"Company",
     {{"name", "NOORDT FRUIT IMPORT B.V."},
      {"jurisdiction", "xc"},
      {"registrationNumber", "12 345-678"},
      {"website", "https://www.Example.com/x"}}},
    {"Company",
     {{"name", "ООО «Ромашка Транс»"}, {"alias", "Łódź Spółka z o.o."}, {"country", "xd"}}},
    {"Company",
     {{"name", "北京龙腾贸易有限公司"}, {"alias", "(株)青空商事"}, {"country", "xd"}}},
    {"Company",
     {{"name", "شركة النور الذهبي ذ.م.م"},
      {"alias", "㈜푸른하늘"},
      {"alias", "Noordt Fruit A/S"}}},
    {"Company",
     {{"name", "Müller und Söhne GmbH & Co. KG"},
      {"alias", "Baker & Sons Ltd"},
      {"alias", "Zarandeko Sociedad Anónima"},
      {"country", "xd"}}},
    {"Vessel",
     {{"name", "Alba del Sur"}, {"imoNumber", "IMO 0007319"}, {"mmsi", "201000123"}}},
    {"Seizure",
     {{"date", "2026-02-03"},
      {"country", "xa"},
      {"containerNumber", "qzau 204518-4"},
      {"packagingMark", " Three  DOLPHINS "},
      {"notifyPhone", "+999 55 010 7788"},
      {"consignee", "Noordt Fruit Import BV"}}},
    {"BankAccount", {{"iban", "xc55 norv 0003 0000 0090 9090"}}},
    {"Device", {{"imei", "00-101234-567890-2"}}},
};

static void hash_record(crypto_hash_sha256_state *state, const struct record *record,
                        struct arena *arena)
{
    struct key_list keys;
    keys_of_record(&keys, record, arena);
    for (size_t i = 0; i < keys.count; i++) {
        char *line = arena_printf(
            arena, "%s:%.*s\n", key_class_row(keys.items[i].class)->name,
            (int)keys.items[i].value.len, (const char *)keys.items[i].value.at);
        crypto_hash_sha256_update(state, (const uint8_t *)line, strlen(line));
    }
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static uint8_t golden_hash[NORMALISER_HASH];

static void compute(void)
{
    struct arena arena = {0};
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    char *head = arena_printf(&arena, "enlace normaliser %d phonetic %d icu %s\n",
                              NORMALISER_VERSION, PHONETIC_VERSION, U_ICU_VERSION);
    crypto_hash_sha256_update(&state, (const uint8_t *)head, strlen(head));
    for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++) {
        struct record record;
        struct err err;
        const struct schema *schema = schema_find(bytes_text(golden[i].schema));
        assert(schema != NULL);
        record_init(&record, schema, &arena);
        record.id = "golden";
        for (size_t j = 0; j < GOLDEN_VALUES_MAX && golden[i].values[j].name != NULL; j++) {
            const char *name = golden[i].values[j].name;
            const struct property *property = schema_property(schema, bytes_text(name));
            assert(property != NULL);
            enum status added = record_add(
                &record, property, name, bytes_text(golden[i].values[j].value), NULL, &err);
            assert(added == OK);
        }
        enum status finished = record_finish(&record, NULL, &err);
        assert(finished == OK);
        hash_record(&state, &record, &arena);
    }
    crypto_hash_sha256_final(&state, golden_hash);
    arena_release(&arena);
}

void normaliser_hash(uint8_t hash[NORMALISER_HASH])
{
    pthread_once(&once, compute);
    memcpy(hash, golden_hash, NORMALISER_HASH);
}

void normaliser_describe(char *out)
{
    uint8_t hash[NORMALISER_HASH];
    char hex[2 * NORMALISER_HASH + 1];
    normaliser_hash(hash);
    hex_write(hex, bytes_of(hash, sizeof hash));
    snprintf(out, NORMALISER_TEXT_MAX, "%d (ICU %s) %s", NORMALISER_VERSION, U_ICU_VERSION,
             hex);
}
