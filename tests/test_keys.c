/* SPDX-License-Identifier: Apache-2.0 */
#include "record/keys.h"
#include "record/normaliser.h"

#include "check.h"

enum { VALUES_MAX = 8, KEYS_WANTED_MAX = 24 };

struct key_case {
    const char *name, *schema;
    const char *values[VALUES_MAX][2];
    const char *keys[KEYS_WANTED_MAX]; /* all of them, sorted by class and value */
};

static const struct key_case cases[] = {
    {"phone with two noughts",
     "Phone",
     {{"number", "00999 55-010-7788"}},
     {"phone:+999550107788"}},
    {"phone with plus", "Phone", {{"number", "+999 55 010 7788"}}, {"phone:+999550107788"}},
    {"phone as written at home",
     "Phone",
     {{"number", "999 550107788"}, {"country", "xa"}},
     {"phone:+999550107788"}},
    {"two notations of one number are one key",
     "Person",
     {{"name", "A"}, {"phone", "00999 55-010-7788"}, {"phone", "+999550107788"}},
     {"phone:+999550107788"}},
    {"invalid is never a key", "Booking", {{"containerNumber", "QZAU2045148"}}, {NULL}},
    {"container", "Container", {{"number", "qzau 204518-4"}}, {"container:QZAU2045184"}},
    {"imo",
     "Vessel",
     {{"name", "Alba del Sur"}, {"imoNumber", "IMO 0007319"}},
     {"imo:0007319"}},
    {"imei of 15 and of 16 digits",
     "Device",
     {{"imei", "001012345678902"}},
     {"imei:00101234567890"}},
    {"account",
     "BankAccount",
     {{"iban", "XC55 NORV 0003 0000 0090 9090"}},
     {"account:XC55NORV0003000000909090"}},
    {"document with its country",
     "Person",
     {{"name", "A"}, {"passportNumber", "PA 0412-8738"}, {"nationality", "xa"}},
     {"document:XAPA04128738"}},
    {"document from the machine-readable line",
     "Person",
     {{"name", "A"}, {"passportNumber", "PA04128738XAA8403124M3104183<<<<<<<<<<<<<<06"}},
     {"document:XAPA0412873"}},
    {"long document without a country",
     "Person",
     {{"name", "A"}, {"passportNumber", "PA04128738"}},
     {"document:PA04128738"}},
    {"short document without a country",
     "Person",
     {{"name", "A"}, {"passportNumber", "12345"}},
     {NULL}},
    {"person",
     "Person",
     {{"name", "Élske van Noordt"}, {"birthDate", "1988-06-07"}},
     {"person:*dt *ke 1988-06-07",     "person:*dt 1988-06-07",
      "person:*ke 1988-06-07",         "person:e.n. 1988-06-07",
      "person:el* no* 1988--07",       "person:el* no* 1988-06",
      "person:els* 1988-06-07",        "person:els* noo* --06-07",
      "person:noo* 1988-06-07",        "person:~ALSK *dt --06-07",
      "person:~ALSK *rdt 1988--07",    "person:~ALSK *rdt 1988-06",
      "person:~ALSK 1988-06-07",       "person:~ALSK noo* 1988",
      "person:~ALSK ~NRDT --06-07",    "person:~ALSK ~NRDT 1988",
      "person:~ALSK ~NRDT 1988--07",   "person:~ALSK ~NRDT 1988-06",
      "person:~ALSK ~NRDT 1988-06/07", "person:~NRDT *ke --06-07",
      "person:~NRDT *ske 1988--07",    "person:~NRDT *ske 1988-06",
      "person:~NRDT 1988-06-07",       "person:~NRDT els* 1988"}},
    {"person in other words",
     "Person",
     {{"name", "NOORDT, Elske van"}, {"birthDate", "1988-06-07"}},
     {"person:*dt *ke 1988-06-07",     "person:*dt 1988-06-07",
      "person:*ke 1988-06-07",         "person:e.n. 1988-06-07",
      "person:el* no* 1988--07",       "person:el* no* 1988-06",
      "person:els* 1988-06-07",        "person:els* noo* --06-07",
      "person:noo* 1988-06-07",        "person:~ALSK *dt --06-07",
      "person:~ALSK *rdt 1988--07",    "person:~ALSK *rdt 1988-06",
      "person:~ALSK 1988-06-07",       "person:~ALSK noo* 1988",
      "person:~ALSK ~NRDT --06-07",    "person:~ALSK ~NRDT 1988",
      "person:~ALSK ~NRDT 1988--07",   "person:~ALSK ~NRDT 1988-06",
      "person:~ALSK ~NRDT 1988-06/07", "person:~NRDT *ke --06-07",
      "person:~NRDT *ske 1988--07",    "person:~NRDT *ske 1988-06",
      "person:~NRDT 1988-06-07",       "person:~NRDT els* 1988"}},
    {"initials are no name",
     "Person",
     {{"name", "J. K."}, {"birthDate", "1988-06-07"}},
     {NULL}},
    {"never a name alone", "Person", {{"name", "Elske van Noordt"}}, {NULL}},
    {"with a year alone, by the sound of both",
     "Person",
     {{"name", "Elske van Noordt"}, {"birthDate", "1988"}},
     {"person:~ALSK noo* 1988", "person:~ALSK ~NRDT 1988", "person:~NRDT els* 1988"}},
    {"what is left of a day that does not exist",
     "Person",
     {{"name", "Élske van Noordt"}, {"birthDate", "1988-06-92"}},
     {"person:el* no* 1988-06", "person:~ALSK *rdt 1988-06", "person:~ALSK 1988-06",
      "person:~ALSK noo* 1988", "person:~ALSK ~NRDT 1988", "person:~ALSK ~NRDT 1988-06",
      "person:~NRDT *ske 1988-06", "person:~NRDT 1988-06", "person:~NRDT els* 1988"}},
    {"... of a month",
     "Person",
     {{"name", "Élske van Noordt"}, {"birthDate", "1988-16-07"}},
     {"person:el* no* 1988--07", "person:~ALSK *rdt 1988--07", "person:~ALSK 1988--07",
      "person:~ALSK noo* 1988", "person:~ALSK ~NRDT 1988", "person:~ALSK ~NRDT 1988--07",
      "person:~NRDT *ske 1988--07", "person:~NRDT 1988--07", "person:~NRDT els* 1988"}},
    {"one that exists stands before it",
     "Person",
     {{"name", "Elske van Noordt"}, {"birthDate", "1988-06-92"}, {"birthDate", "1988"}},
     {"person:~ALSK noo* 1988", "person:~ALSK ~NRDT 1988", "person:~NRDT els* 1988"}},
    {"a common token on 1 January is too weak, and so are its day and month",
     "Person",
     {{"name", "Maria Noordt"}, {"birthDate", "1988-01-01"}},
     {"person:maria noordt 1988-01-01", "person:noordt 1988-01-01",
      "person:~MR *rdt 1988--01", "person:~MR *rdt 1988-01", "person:~MR 1988-01/01",
      "person:~MR ~NRDT 1988", "person:~MR ~NRDT 1988--01", "person:~MR ~NRDT 1988-01",
      "person:~MR ~NRDT 1988-01/01", "person:~NRDT *ria 1988--01",
      "person:~NRDT *ria 1988-01", "person:~NRDT 1988-01-01", "person:~NRDT 1988-01/01",
      "person:~NRDT mar* 1988"}},
    {"an address gives keys with the name and with the birth date",
     "Person",
     {{"name", "Elske Noordt"}, {"address", "69 Giblin Street, Bittern 4814"}},
     {"person:*dt #4814/69",         "person:*dt &VTRN =KVLN",   "person:*dt *ke #4814/69",
      "person:*dt *ke %gb #4814",    "person:*ke #4814/69",      "person:*ke &VTRN =KVLN",
      "person:e.n. %gb #4814",       "person:el* no* #4814/69",  "person:els* &VTRN =KVLN",
      "person:els* =KVLN/69",        "person:els* noo* &VTRN",   "person:noo* &VTRN =KVLN",
      "person:noo* =KVLN/69",        "person:~ALSK #4814",       "person:~ALSK %gb/69",
      "person:~ALSK &VTRN =KVLN",    "person:~ALSK =KVLN/69",    "person:~ALSK ~NRDT &VTRN",
      "person:~ALSK ~NRDT &VTRN/69", "person:~ALSK ~NRDT =KVLN", "person:~NRDT #4814",
      "person:~NRDT %gb/69",         "person:~NRDT &VTRN =KVLN", "person:~NRDT =KVLN/69"}},
    {"a common name beside a postcode takes street and town along",
     "Person",
     {{"name", "Sara Noordt"}, {"address", "69 Giblin Street, Bittern 4814"}},
     {"person:*dt #4814/69",       "person:*dt &VTRN =KVLN",  "person:*dt *ra #4814/69",
      "person:*dt *ra %gb #4814",  "person:*ra #4814/69",     "person:*ra &VTRN =KVLN",
      "person:n.s. %gb #4814",     "person:no* sa* #4814/69", "person:noo* &VTRN =KVLN",
      "person:noo* =KVLN/69",      "person:noo* sar* &VTRN",  "person:sar* &VTRN =KVLN",
      "person:sar* =KVLN/69",      "person:~NRDT #4814",      "person:~NRDT %gb/69",
      "person:~NRDT &VTRN =KVLN",  "person:~NRDT =KVLN/69",   "person:~NRDT ~SR &VTRN",
      "person:~NRDT ~SR &VTRN/69", "person:~NRDT ~SR =KVLN",  "person:~SR %gb #4814",
      "person:~SR %gb/69",         "person:~SR &VTRN =KVLN",  "person:~SR =KVLN/69"}},
    {"all that a person may have",
     "Person",
     {{"name", "Élske van Noordt"},
      {"birthDate", "1988-06-07"},
      {"address", "69 Giblin Street, Bittern 4814"}},
     {"person:#4814 --06-07",        "person:#4814 1988-06",
      "person:&VTRN 1988-06-07",     "person:&VTRN =KVLN --06-07",
      "person:&VTRN/69 1988",        "person:*dt &VTRN =KVLN",
      "person:*dt *ke #4814/69",     "person:*dt 1988-06-07",
      "person:*ke &VTRN =KVLN",      "person:*ke 1988-06-07",
      "person:=KVLN 1988--07",       "person:e.n. 1988-06-07",
      "person:el* no* 1988-06",      "person:els* =KVLN/69",
      "person:els* noo* &VTRN",      "person:noo* =KVLN/69",
      "person:~ALSK #4814",          "person:~ALSK 1988-06-07",
      "person:~ALSK ~NRDT &VTRN/69", "person:~ALSK ~NRDT --06-07",
      "person:~ALSK ~NRDT 1988",     "person:~ALSK ~NRDT =KVLN",
      "person:~NRDT #4814",          "person:~NRDT 1988-06-07"}},
    {"two words of a company with its country",
     "Company",
     {{"name", "Noordt Velero Import B.V."}, {"country", "xc"}},
     {"company:import noordt velero", "company:noordt velero +XC"}},
    {"name from its parts",
     "Person",
     {{"name", "-"},
      {"firstName", "Elske"},
      {"lastName", "Noordt"},
      {"birthDate", "1988-06-07"}},
     {"person:*dt *ke 1988-06-07",     "person:*dt 1988-06-07",
      "person:*ke 1988-06-07",         "person:e.n. 1988-06-07",
      "person:el* no* 1988--07",       "person:el* no* 1988-06",
      "person:els* 1988-06-07",        "person:els* noo* --06-07",
      "person:noo* 1988-06-07",        "person:~ALSK *dt --06-07",
      "person:~ALSK *rdt 1988--07",    "person:~ALSK *rdt 1988-06",
      "person:~ALSK 1988-06-07",       "person:~ALSK noo* 1988",
      "person:~ALSK ~NRDT --06-07",    "person:~ALSK ~NRDT 1988",
      "person:~ALSK ~NRDT 1988--07",   "person:~ALSK ~NRDT 1988-06",
      "person:~ALSK ~NRDT 1988-06/07", "person:~NRDT *ke --06-07",
      "person:~NRDT *ske 1988--07",    "person:~NRDT *ske 1988-06",
      "person:~NRDT 1988-06-07",       "person:~NRDT els* 1988"}},
    {"company",
     "Company",
     {{"name", "NOORDT FRUIT IMPORT B.V."}},
     {"company:fruit import noordt"}},
    {"company of one word", "Company", {{"name", "Noordt BV"}}, {NULL}},
    {"consignee with a legal form",
     "Seizure",
     {{"date", "2026-02-03"}, {"consignee", "Noordt Fruit Import BV"}},
     {"company:fruit import noordt"}},
    {"consignee who may be a person",
     "Seizure",
     {{"date", "2026-02-03"}, {"consignee", "Tomás Alvear Quiroz"}},
     {NULL}},
    {"packaging mark",
     "Seizure",
     {{"date", "2026-02-03"}, {"packagingMark", "Three  DOLPHINS"}},
     {"mark:three dolphins"}},
    {"plate with its country",
     "RoadVehicle",
     {{"registrationNumber", "NV-482-K"}, {"country", "xc"}},
     {"plate:XCNV482K"}},
    {"plate without one", "RoadVehicle", {{"registrationNumber", "NV-482-K"}}, {NULL}},
    {"vin", "RoadVehicle", {{"vin", "ZZZENLAC70A000117"}}, {"vin:ZZZENLAC70A000117"}},
    {"company register",
     "Company",
     {{"name", "Noordt BV"}, {"registrationNumber", "12 345-678"}, {"jurisdiction", "xc"}},
     {"regno:XC12345678", "company:noordt .limited +XC"}},
    {"words of a company that are common, with its country",
     "Company",
     {{"name", "Noordt Trading B.V."}, {"jurisdiction", "xc"}},
     {NULL}},
    {"a company of two words",
     "Company",
     {{"name", "Noordt Shipping & Co"}, {"jurisdiction", "xc"}},
     {"company:noordt shiping . +XC"}},
    {"a site of one's own",
     "Company",
     {{"name", "Noordt BV"}, {"website", "https://www.example.com/x"}},
     {"domain:example.com"}},
    {"a site that millions share",
     "Company",
     {{"name", "Noordt BV"}, {"website", "https://www.facebook.com/noordt"}},
     {NULL}},
};

static void fill(struct record *record, const struct key_case *item, struct arena *arena)
{
    const struct schema *schema = schema_find(bytes_text(item->schema));
    struct err err = {0};
    if (!CHECK(schema != NULL))
        abort();
    record_init(record, schema, arena);
    record->id = "test";
    for (size_t i = 0; i < VALUES_MAX && item->values[i][0] != NULL; i++) {
        const char *name = item->values[i][0];
        const struct property *property = schema_property(schema, bytes_text(name));
        CHECK_SEEN(property != NULL, "%s has no %s", item->schema, name);
        CHECK(record_add(record, property, name, bytes_text(item->values[i][1]), NULL,
                         &err) == OK);
    }
    CHECK_SEEN(record_finish(record, NULL, &err) == OK, "%s: %s", item->name, err.text);
}

static void test_case(const struct key_case *item)
{
    struct arena arena = {0};
    struct record record;
    struct key_list keys;
    fill(&record, item, &arena);
    keys_of_record(&keys, &record, &arena);
    size_t wanted = 0;
    while (wanted < KEYS_WANTED_MAX && item->keys[wanted] != NULL)
        wanted++;
    CHECK_SEEN(keys.count == wanted, "%s: %zu keys", item->name, keys.count);
    for (size_t i = 0; i < keys.count; i++) {
        const struct key *key = &keys.items[i];
        char *text = arena_printf(&arena, "%s:%.*s", key_class_row(key->class)->name,
                                  (int)key->value.len, (const char *)key->value.at);
        CHECK_SEEN(i < wanted && strcmp(text, item->keys[i]) == 0, "%s: %s", item->name,
                   text);
        CHECK_SEEN(key->bits > 0, "%s", text);
        /* A form that is guessed as easily as a name alone must not become a key. */
        if (key->class == KEY_PERSON || key->class == KEY_COMPANY)
            CHECK_SEEN(key->bits >= 16, "%s has %f bits", text, key->bits);
    }
    arena_release(&arena);
}

static void test_at_most_24(void)
{
    struct arena arena = {0};
    struct record record;
    struct key_list keys;
    struct err err = {0};
    const struct schema *schema = schema_find(BYTES_OF("Person"));
    const struct property *alias = schema_property(schema, BYTES_OF("alias"));
    record_init(&record, schema, &arena);
    record.id = "many";
    CHECK(record_add(&record, schema_property(schema, BYTES_OF("name")), "name",
                     BYTES_OF("Elske Noordt"), NULL, &err) == OK);
    CHECK(record_add(&record, schema_property(schema, BYTES_OF("birthDate")), "birthDate",
                     BYTES_OF("1988-06-07"), NULL, &err) == OK);
    for (int i = 0; i < 40; i++) {
        char *name = arena_printf(&arena, "Alias%c Other%c", 'a' + i % 26, 'a' + i / 2);
        CHECK(record_add(&record, alias, "alias", bytes_text(name), NULL, &err) == OK);
    }
    CHECK(record_finish(&record, NULL, &err) == OK);
    keys_of_record(&keys, &record, &arena);
    CHECK_SEEN(keys.count <= KEYS_PERSON_MAX && keys.count > 10, "%zu", keys.count);
    arena_release(&arena);
}

static void test_normaliser(void)
{
    uint8_t one[NORMALISER_HASH], two[NORMALISER_HASH];
    normaliser_hash(one);
    normaliser_hash(two);
    CHECK(memcmp(one, two, sizeof one) == 0);
    char text[NORMALISER_TEXT_MAX];
    normaliser_describe(text);
    CHECK(strstr(text, "ICU") != NULL);
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        test_case(&cases[i]);
    test_at_most_24();
    test_normaliser();
    enum key_class class;
    struct err err;
    CHECK(key_class_find(&class, BYTES_OF("imo"), &err) == OK && class == KEY_IMO);
    CHECK(key_class_find(&class, BYTES_OF("imoo"), &err) == BAD_INPUT &&
          strstr(err.text, "imo?") != NULL);
    return check_done("keys");
}
