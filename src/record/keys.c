/* SPDX-License-Identifier: Apache-2.0 */
#include "record/keys.h"

#include "base/text.h"
#include "record/company_form.h"
#include "record/date.h"
#include "record/name.h"
#include "record/net.h"
#include "record/person_form.h"

#include <stdlib.h>

enum { DOCUMENT_ALONE_MIN = 8, NATIONAL_NUMBER_MIN = 4 };

static const struct key_class_row class_rows[KEY_CLASSES] = {
    [KEY_PHONE] = {"phone", "phone number", KEY_STRONG, 23},
    [KEY_IMEI] = {"imei", "device (IMEI)", KEY_STRONG, 20},
    [KEY_DOCUMENT] = {"document", "document number", KEY_STRONG, 23},
    [KEY_IMO] = {"imo", "ship (IMO number)", KEY_WEAK, 16},
    [KEY_MMSI] = {"mmsi", "ship's radio (MMSI)", KEY_WEAK, 16},
    [KEY_CONTAINER] = {"container", "container", KEY_STRONG, 22},
    [KEY_VIN] = {"vin", "vehicle (VIN)", KEY_STRONG, 20},
    [KEY_PLATE] = {"plate", "number plate", KEY_WEAK, 17},
    [KEY_ACCOUNT] = {"account", "account", KEY_STRONG, 26},
    [KEY_WALLET] = {"wallet", "crypto wallet", KEY_STRONG, 64},
    [KEY_EMAIL] = {"email", "e-mail address", KEY_STRONG, 24},
    [KEY_DOMAIN] = {"domain", "internet domain", KEY_WEAK, 16},
    [KEY_REGNO] = {"regno", "registration number", KEY_STRONG, 20},
    [KEY_MARK] = {"mark", "packaging mark", KEY_WEAK, 7},
    [KEY_PERSON] = {"person", "name and birth date", KEY_PART, 0},
    [KEY_COMPANY] = {"company", "company name", KEY_STRONG, 0},
};

const struct key_class_row *key_class_row(enum key_class class)
{
    return &class_rows[class];
}

enum status key_class_find(enum key_class *out, struct bytes name, struct err *err)
{
    const char *names[KEY_CLASSES];
    for (int i = 0; i < KEY_CLASSES; i++) {
        names[i] = class_rows[i].name;
        if (bytes_is(name, names[i])) {
            *out = (enum key_class)i;
            return OK;
        }
    }
    const char *near = text_nearest(name, names, KEY_CLASSES);
    return fail(
        err, BAD_INPUT,
        "no key class \"%.*s\"%s%s%s; the classes are phone, imei, "
        "document, imo, mmsi, container, vin, plate, account, wallet, email, domain, "
        "regno, mark, person, company",
        (int)name.len, (const char *)name.at, near ? " (did you mean " : "",
        near ? near : "", near ? "?)" : "");
}

/* How a value of a kind or a property becomes a key. */
enum making {
    AS_IS,      /* the clean form */
    WITH_STATE, /* the record's country, upper case, in front: a number is only one there */
    STATE_IF_KNOWN,
    HOST, /* the host of a URL */
};

static const struct {
    enum value_kind kind;
    enum key_class class;
    enum making making;
} by_kind[] = {
    {VALUE_PHONE, KEY_PHONE, AS_IS},
    {VALUE_IMEI, KEY_IMEI, AS_IS},
    {VALUE_DOCUMENT, KEY_DOCUMENT, STATE_IF_KNOWN},
    {VALUE_IMO, KEY_IMO, AS_IS},
    {VALUE_MMSI, KEY_MMSI, AS_IS},
    {VALUE_CONTAINER, KEY_CONTAINER, AS_IS},
    {VALUE_VIN, KEY_VIN, AS_IS},
    {VALUE_PLATE, KEY_PLATE, WITH_STATE},
    {VALUE_IBAN, KEY_ACCOUNT, AS_IS},
    {VALUE_WALLET, KEY_WALLET, AS_IS},
    {VALUE_EMAIL, KEY_EMAIL, AS_IS},
    {VALUE_DOMAIN, KEY_DOMAIN, AS_IS},
    {VALUE_MARK, KEY_MARK, AS_IS},
};

/* Properties whose type says less than their name does. */
static const struct {
    const char *name;
    enum key_class class;
    enum making making;
} by_name[] = {
    {"idNumber", KEY_DOCUMENT, STATE_IF_KNOWN},
    {"socialSecurityNumber", KEY_DOCUMENT, STATE_IF_KNOWN},
    {"personalNumber", KEY_DOCUMENT, STATE_IF_KNOWN},
    {"accountNumber", KEY_ACCOUNT, WITH_STATE},
    {"registrationNumber", KEY_REGNO, WITH_STATE},
    {"taxNumber", KEY_REGNO, WITH_STATE},
    {"vatCode", KEY_REGNO, WITH_STATE},
    {"leiCode", KEY_REGNO, AS_IS},
    {"website", KEY_DOMAIN, HOST},
};

/* Hosts that many share and that therefore say nothing about who stands behind a page. */
static const char *const shared_hosts[] = {
    "facebook.com", "instagram.com",    "twitter.com",   "x.com",        "linkedin.com",
    "youtube.com",  "tiktok.com",       "t.me",          "wa.me",        "vk.com",
    "google.com",   "sites.google.com", "wordpress.com", "blogspot.com", "wixsite.com",
    "telegram.me",  "wikipedia.org",
};

enum { STATES_MAX = 6 };

/* Where a number was issued: what the record says of the issuer, else its own country or what
 * comes nearest to it. The country of a sighting is where the thing was seen: likely a plate's
 * own, but nothing that a traveller's document could be keyed with. */
static const char *const general_states[STATES_MAX] = {
    "country", "jurisdiction", "nationality", "citizenship", "flag", "mainCountry"};
static const char *const plate_states[STATES_MAX] = {"plateCountry", "country"};
static const char *const seen_document_states[STATES_MAX] = {"documentCountry"};

struct keying {
    struct key_list *out;
    const struct record *record;
    struct arena *arena;
    struct bytes state, document_state, plate_state; /* upper case; empty when not known */
};

static void add_key(struct keying *keying, enum key_class class, struct bytes value,
                    double bits)
{
    struct key_list *out = keying->out;
    if (value.len == 0 || value.len > KEY_VALUE_MAX || out->count == KEYS_RECORD_MAX)
        return;
    if (out->count == out->capacity) {
        size_t wanted = out->capacity > 0 ? out->capacity * 2 : 16;
        struct key *items = arena_alloc(keying->arena, wanted * sizeof *items);
        if (out->count > 0)
            memcpy(items, out->items, out->count * sizeof *items);
        out->items = items;
        out->capacity = wanted;
    }
    out->items[out->count++] = (struct key){class, value, bits};
}

/* The first of the properties that names a country, upper case. */
static struct bytes state_from(struct keying *keying,
                               const char *const properties[STATES_MAX])
{
    for (size_t i = 0; i < STATES_MAX && properties[i] != NULL; i++) {
        struct bytes state = record_first(keying->record, properties[i]);
        if (state.len < 2)
            continue;
        uint8_t *upper = arena_alloc(keying->arena, state.len);
        for (size_t j = 0; j < state.len; j++)
            upper[j] = to_upper(state.at[j]);
        return bytes_of(upper, state.len);
    }
    return (struct bytes){0};
}

static void find_states(struct keying *keying)
{
    bool sighting = schema_is_a(keying->record->schema, "Sighting");
    keying->state = state_from(keying, general_states);
    keying->plate_state = sighting ? state_from(keying, plate_states) : keying->state;
    keying->document_state =
        sighting ? state_from(keying, seen_document_states) : keying->state;
}

static struct bytes joined(struct keying *keying, struct bytes front, struct bytes back)
{
    uint8_t *text = arena_alloc(keying->arena, front.len + back.len);
    if (front.len > 0)
        memcpy(text, front.at, front.len);
    memcpy(text + front.len, back.at, back.len);
    return bytes_of(text, front.len + back.len);
}

/* Upper case letters and digits alone; other scripts' bytes are kept. */
static struct bytes compact(struct keying *keying, struct bytes text)
{
    uint8_t *kept = arena_alloc(keying->arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++)
        if (is_letter(text.at[i]) || is_digit(text.at[i]) || text.at[i] >= 0x80)
            kept[len++] = to_upper(text.at[i]);
    return bytes_of(kept, len);
}

/* A document's clean form is NUMBER, or cc:NUMBER where the document itself names its issuer
 * (a machine-readable line); that issuer counts before the record's country. */
static void add_document(struct keying *keying, struct bytes clean)
{
    struct bytes state = keying->document_state, number = clean;
    if (clean.len > 3 && clean.at[2] == ':') {
        state = compact(keying, bytes_slice(clean, 0, 2));
        number = bytes_slice(clean, 3, clean.len - 3);
    }
    number = compact(keying, number);
    if (state.len > 0)
        add_key(keying, KEY_DOCUMENT, joined(keying, state, number),
                class_rows[KEY_DOCUMENT].bits);
    else if (number.len >= DOCUMENT_ALONE_MIN)
        add_key(keying, KEY_DOCUMENT, number, class_rows[KEY_DOCUMENT].bits);
}

static void add_domain(struct keying *keying, struct bytes host)
{
    if (text_starts(host, "www."))
        host = bytes_slice(host, 4, host.len - 4);
    for (size_t i = 0; i < sizeof shared_hosts / sizeof shared_hosts[0]; i++)
        if (bytes_is(host, shared_hosts[i]))
            return;
    add_key(keying, KEY_DOMAIN, host, class_rows[KEY_DOMAIN].bits);
}

static void add_made(struct keying *keying, enum key_class class, enum making making,
                     struct bytes clean)
{
    double bits = class_rows[class].bits;
    switch (making) {
    case AS_IS:
        add_key(keying, class, clean, bits);
        return;
    case HOST: {
        struct bytes host;
        if (net_host_of_url(&host, clean))
            add_domain(keying, host);
        return;
    }
    case STATE_IF_KNOWN:
        add_document(keying, clean);
        return;
    case WITH_STATE:
        break;
    }
    struct bytes number = compact(keying, clean);
    struct bytes state = class == KEY_PLATE ? keying->plate_state : keying->state;
    if (state.len > 0 && number.len >= NATIONAL_NUMBER_MIN)
        add_key(keying, class, joined(keying, state, number), bits);
}

static void add_value(struct keying *keying, const struct record_value *value)
{
    enum value_kind kind = value->property->kind;
    if (kind == VALUE_DOMAIN) {
        add_domain(keying, value->clean);
        return;
    }
    for (size_t i = 0; i < sizeof by_kind / sizeof by_kind[0]; i++)
        if (by_kind[i].kind == kind) {
            add_made(keying, by_kind[i].class, by_kind[i].making, value->clean);
            return;
        }
    if (kind != VALUE_IDENTIFIER && kind != VALUE_URL && kind != VALUE_STRING)
        return;
    for (size_t i = 0; i < sizeof by_name / sizeof by_name[0]; i++)
        if (strcmp(by_name[i].name, value->name) == 0) {
            add_made(keying, by_name[i].class, by_name[i].making, value->clean);
            return;
        }
}

enum { PERSON_NAMES_MAX = 16, PERSON_DATES_MAX = 4, PERSON_ADDRESSES_MAX = 4 };

/* A name put together from its parts, where the record has no full one. */
static struct bytes name_of_parts(struct keying *keying)
{
    static const char *const parts[] = {"firstName",  "secondName", "middleName",
                                        "fatherName", "motherName", "lastName"};
    struct bytes whole = {0};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct bytes part = record_first(keying->record, parts[i]);
        if (part.len > 0)
            whole = joined(keying, joined(keying, whole, BYTES_OF(" ")), part);
    }
    return whole;
}

/* Up to max usable values of a property, in their order. */
static size_t list_values(struct bytes *out, size_t count, size_t max,
                          const struct record *record, const char *property)
{
    size_t at = 0;
    for (const struct record_value *value;
         count < max && (value = record_next(record, property, &at)) != NULL;)
        out[count++] = value->clean;
    return count;
}

/* Of birth dates that do not exist, what they still tell: a slip in one digit leaves the others. */
static size_t list_rests(struct bytes dates[PERSON_DATES_MAX], struct keying *keying)
{
    size_t count = 0;
    for (size_t i = 0; i < keying->record->count && count < PERSON_DATES_MAX; i++) {
        const struct record_value *value = &keying->record->values[i];
        char rest[DATE_TEXT_SIZE];
        if (value->grade == VALUE_INVALID && strcmp(value->name, "birthDate") == 0 &&
            date_rest(rest, value->raw, value->format))
            dates[count++] = bytes_text(arena_text(keying->arena, bytes_text(rest)));
    }
    return count;
}

static void add_person(struct keying *keying)
{
    static const char *const properties[] = {"name", "alias", "previousName"};
    struct bytes texts[PERSON_NAMES_MAX], dates[PERSON_DATES_MAX],
        places[PERSON_ADDRESSES_MAX];
    struct address addresses[PERSON_ADDRESSES_MAX];
    struct name *names = arena_alloc(keying->arena, PERSON_NAMES_MAX * sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++)
        count = list_values(texts, count, PERSON_NAMES_MAX, keying->record, properties[i]);
    if (count == 0)
        texts[count++] = name_of_parts(keying);
    for (size_t i = 0; i < count; i++)
        name_fold(&names[i], texts[i], NAME_PERSON, keying->arena);
    struct person_source source = {
        .names = names, .name_count = count, .dates = dates, .addresses = addresses};
    source.date_count =
        list_values(dates, 0, PERSON_DATES_MAX, keying->record, "birthDate");
    if (source.date_count == 0)
        source.date_count = list_rests(dates, keying);
    source.address_count =
        list_values(places, 0, PERSON_ADDRESSES_MAX, keying->record, "address");
    for (size_t i = 0; i < source.address_count; i++)
        address_read(&addresses[i], places[i], keying->arena);
    struct person_forms forms;
    person_forms_make(&forms, &source, keying->arena);
    for (size_t i = 0; i < forms.count; i++)
        add_key(keying, KEY_PERSON, forms.items[i].value, forms.items[i].bits);
}

/* All forms of a company's name. In a property that may as well name a person (a consignee), only a legal
 * form shows that it is a company, and the country of such a record is not the company's. */
static void add_company(struct keying *keying, struct bytes text, bool surely_company)
{
    struct name name;
    struct company_forms forms;
    name_fold(&name, text, NAME_COMPANY, keying->arena);
    if (name.count == 0 || (!surely_company && !name.has_legal_form))
        return;
    bool own = schema_is_a(keying->record->schema, "Organization");
    company_forms_make(&forms, &name, own ? keying->state : (struct bytes){0},
                       keying->arena);
    for (size_t i = 0; i < forms.count; i++)
        add_key(keying, KEY_COMPANY, forms.items[i].value, forms.items[i].bits);
}

/* Every usable value of a property as a company's name. */
static void add_company_property(struct keying *keying, const char *property,
                                 bool surely_company)
{
    size_t at = 0;
    for (const struct record_value *value;
         (value = record_next(keying->record, property, &at)) != NULL;)
        add_company(keying, value->clean, surely_company);
}

static void add_companies(struct keying *keying)
{
    static const char *const names[] = {"name", "alias", "previousName"};
    static const char *const parties[] = {"shipper", "consignee", "notifyParty"};
    const struct schema *schema = keying->record->schema;
    bool surely = schema_is_a(schema, "Organization");
    if (surely || schema_is_a(schema, "LegalEntity"))
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            add_company_property(keying, names[i], surely);
    if (schema_is_a(schema, "Sighting")) {
        for (size_t i = 0; i < sizeof parties / sizeof parties[0]; i++)
            add_company_property(keying, parties[i], false);
        add_company_property(keying, "companyName", true);
    }
}

int key_compare(const struct key *a, const struct key *b)
{
    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    return bytes_compare(a->value, b->value);
}

static int key_order(const void *left, const void *right)
{
    return key_compare(left, right);
}

void keys_of_record(struct key_list *out, const struct record *record, struct arena *arena)
{
    *out = (struct key_list){0};
    struct keying keying = {.out = out, .record = record, .arena = arena};
    find_states(&keying);
    for (size_t i = 0; i < record->count; i++) {
        const struct record_value *value = &record->values[i];
        if (value->property != NULL && value_usable(value->grade))
            add_value(&keying, value);
    }
    if (schema_is_a(record->schema, "Person"))
        add_person(&keying);
    else
        add_companies(&keying);

    if (out->count == 0)
        return;
    qsort(out->items, out->count, sizeof *out->items, key_order);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (kept == 0 || key_compare(&out->items[kept - 1], &out->items[i]) != 0)
            out->items[kept++] = out->items[i];
    out->count = kept;
}
