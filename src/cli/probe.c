/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/probe.h"

#include "base/text.h"
#include "record/person_facts.h"

/* Where a class's value is put. A country property makes a second try with our own country, for
 * numbers that are numbers only within one. */
static const struct {
    enum key_class class;
    const char *schema, *property, *country;
} places[] = {
    {KEY_PHONE, "Seizure", "phone", NULL},
    {KEY_IMEI, "Seizure", "imei", NULL},
    {KEY_DOCUMENT, "Seizure", "documentNumber", "documentCountry"},
    {KEY_IMO, "Seizure", "imoNumber", NULL},
    {KEY_MMSI, "Seizure", "mmsi", NULL},
    {KEY_CONTAINER, "Seizure", "containerNumber", NULL},
    {KEY_VIN, "Seizure", "vin", NULL},
    {KEY_PLATE, "Seizure", "plate", "plateCountry"},
    {KEY_ACCOUNT, "Seizure", "iban", NULL},
    {KEY_ACCOUNT, "BankAccount", "accountNumber", "country"},
    {KEY_WALLET, "Seizure", "wallet", NULL},
    {KEY_EMAIL, "Seizure", "email", NULL},
    {KEY_DOMAIN, "Company", "website", NULL},
    {KEY_REGNO, "Company", "registrationNumber", "country"},
    {KEY_REGNO, "Company", "leiCode", NULL},
    {KEY_MARK, "Seizure", "packagingMark", NULL},
    {KEY_COMPANY, "Company", "name", NULL},
};

static void add_key(struct probe *probe, const struct key *key)
{
    for (size_t i = 0; i < probe->count; i++)
        if (probe->keys[i].class == key->class &&
            bytes_equal(probe->keys[i].value, key->value))
            return;
    if (probe->count < PROBE_KEYS_MAX)
        probe->keys[probe->count++] = *key;
}

/* Nothing that is put here can be too long or too much for a record. */
static void put(struct record *record, const char *property, struct bytes text)
{
    const struct property *row = schema_property(record->schema, bytes_text(property));
    enum status status = record_add(record, row, row->name, text, NULL, NULL);
    (void)status;
}

static void make_keys(struct key_list *keys, struct record *record, const char *home)
{
    record->id = "probe";
    /* A Seizure without a date is good enough to be keyed. */
    enum status status = record_finish(record, home, NULL);
    (void)status;
    keys_of_record(keys, record, record->arena);
}

/* The most telling key of a person, one with the whole birth date before others: every record of
 * that name and date has it, whatever else it has. */
static bool tells_more(const struct key *key, const struct key *than)
{
    struct person_facts own = {0}, others = {0};
    person_facts_add(&own, key->value);
    person_facts_add(&others, than->value);
    bool dated = own.date == FACT_DATE, other_dated = others.date == FACT_DATE;
    return dated != other_dated ? dated : key->bits > than->bits;
}

/* "Elske van Noordt 1988-06-07": a name of it with the date, and not each of its names. */
static void probe_person(struct probe *probe, struct bytes text, const char *home,
                         struct arena *arena)
{
    struct record record;
    struct key_list keys;
    const struct key *best = NULL;
    size_t at = text.len;
    while (at > 0 && !is_space(text.at[at - 1]))
        at--;
    record_init(&record, schema_find(BYTES_OF("Person")), arena);
    put(&record, "name", bytes_slice(text, 0, at));
    put(&record, "birthDate", bytes_slice(text, at, text.len - at));
    make_keys(&keys, &record, home);
    for (size_t i = 0; i < keys.count; i++)
        if (keys.items[i].class == KEY_PERSON &&
            (best == NULL || tells_more(&keys.items[i], best)))
            best = &keys.items[i];
    if (best != NULL)
        add_key(probe, best);
}

static void probe_place(struct probe *probe, size_t place, bool at_home, struct bytes text,
                        const char *home, struct arena *arena)
{
    struct record record;
    struct key_list keys;
    record_init(&record, schema_find(bytes_text(places[place].schema)), arena);
    put(&record, places[place].property, text);
    if (at_home)
        put(&record, places[place].country, bytes_text(home));
    make_keys(&keys, &record, home);
    for (size_t i = 0; i < keys.count; i++)
        if (keys.items[i].class == places[place].class)
            add_key(probe, &keys.items[i]);
}

void probe_class(struct probe *probe, enum key_class class, struct bytes text,
                 const char *home, struct arena *arena)
{
    if (class == KEY_PERSON)
        probe_person(probe, text, home, arena);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (places[i].class != class)
            continue;
        probe_place(probe, i, false, text, home, arena);
        if (places[i].country != NULL)
            probe_place(probe, i, true, text, home, arena);
    }
}

void probe_text(struct probe *probe, struct bytes text, const char *home,
                struct arena *arena)
{
    for (enum key_class class = 0; class < KEY_CLASSES; class ++)
        probe_class(probe, class, text, home, arena);
}

void probe_literal(struct probe *probe, enum key_class class, struct bytes value)
{
    add_key(probe, &(struct key){class, value, key_class_row(class)->bits});
}
