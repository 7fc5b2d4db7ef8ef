/* SPDX-License-Identifier: Apache-2.0
 *
 * The schema table against FollowTheMoney's own model (from npm; skipped where it is not
 * installed), our schemata against their page in docs/format, and the look-ups.
 *
 *     test_schema [defaultModel.json]       run in the source folder
 */
#include "record/schema.h"

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "check.h"

#include <unistd.h>

static const char MODEL_PATH[] =
    "node_modules/@opensanctions/followthemoney/dist/defaultModel.json";
static const char PAGE_PATH[] = "docs/format/schema.md";
enum { FILE_MAX = 4 << 20, FTM_SCHEMATA = 69 };

static const char *text_or_none(const char *text)
{
    return text != NULL ? text : "(none)";
}

static bool json_true(const struct json_object *map, const char *key)
{
    return bytes_is(json_text(json_get(map, key)), "true");
}

/* The same words in the same order; what the model leaves out is an empty list. */
static void compare_list(const char *schema, const char *what, const char *const *ours,
                         const struct json_object *theirs)
{
    size_t count = theirs != NULL ? json_count(theirs) : 0, i = 0;
    for (; ours[i] != NULL; i++) {
        struct bytes wanted = i < count ? json_text(json_at(theirs, i)) : (struct bytes){0};
        CHECK_SEEN(bytes_is(wanted, ours[i]), "%s %s %s", schema, what, ours[i]);
    }
    CHECK_SEEN(i == count, "%s %s: %zu, model %zu", schema, what, i, count);
}

/* The same text, or in neither. */
static void compare_text(const char *schema, const char *what, const char *ours,
                         const struct json_object *theirs)
{
    if (theirs == NULL)
        CHECK_SEEN(ours == NULL, "%s %s %s", schema, what, text_or_none(ours));
    else
        CHECK_SEEN(ours != NULL && bytes_is(json_text(theirs), ours), "%s %s %s", schema,
                   what, text_or_none(ours));
}

static void compare_flag(const char *schema, const char *key, bool ours,
                         const struct json_object *theirs)
{
    CHECK_SEEN(ours == json_true(theirs, key), "%s %s %d", schema, key, ours);
}

static void compare_property(const char *schema, const struct property *ours,
                             const struct json_object *theirs)
{
    char name[128];
    snprintf(name, sizeof name, "%s:%s", schema, ours->name);
    CHECK_SEEN(theirs != NULL, "%s is not in the model", name);
    if (theirs == NULL)
        return;
    compare_text(name, "type", value_type(ours->kind)->ftm, json_get(theirs, "type"));
    compare_text(name, "range", ours->range, json_get(theirs, "range"));
    compare_text(name, "format", ours->format, json_get(theirs, "format"));
    compare_flag(name, "matchable", ours->flags & PROPERTY_MATCHABLE, theirs);
    compare_flag(name, "stub", ours->flags & PROPERTY_STUB, theirs);
}

static enum status count_member(void *context, const char *key,
                                const struct json_object *value)
{
    (void)key;
    (void)value;
    size_t *count = context;
    (*count)++;
    return OK;
}

static size_t member_count(const struct json_object *map)
{
    size_t count = 0;
    enum status status = json_each(map, count_member, &count);
    CHECK(status == OK);
    return count;
}

static void compare_schema(const struct schema *ours, const struct json_object *theirs)
{
    CHECK_SEEN(theirs != NULL, "%s is not in the model", ours->name);
    if (theirs == NULL)
        return;
    compare_list(ours->name, "extends", ours->parents, json_get(theirs, "extends"));
    compare_list(ours->name, "caption", ours->captions, json_get(theirs, "caption"));
    compare_list(ours->name, "required", ours->required, json_get(theirs, "required"));
    const struct json_object *edge = json_get(theirs, "edge");
    compare_text(ours->name, "source", ours->edge_source, json_get(edge, "source"));
    compare_text(ours->name, "target", ours->edge_target, json_get(edge, "target"));
    CHECK_SEEN(!!(ours->flags & SCHEMA_EDGE) == (edge != NULL), "%s edge", ours->name);
    compare_flag(ours->name, "matchable", ours->flags & SCHEMA_MATCHABLE, theirs);
    compare_flag(ours->name, "abstract", ours->flags & SCHEMA_ABSTRACT, theirs);
    compare_flag(ours->name, "generated", ours->flags & SCHEMA_GENERATED, theirs);

    const struct json_object *properties = json_get(theirs, "properties");
    size_t count = 0;
    for (const struct property *own = ours->properties; own->name != NULL; own++, count++)
        compare_property(ours->name, own, json_get(properties, own->name));
    size_t wanted = member_count(properties);
    CHECK_SEEN(count == wanted, "%s: %zu properties, model %zu", ours->name, count, wanted);
}

static void compare_model(const char *path)
{
    if (access(path, F_OK) != 0) {
        CHECK_SKIP("FollowTheMoney's model is not here: run npm ci");
        return;
    }
    struct arena arena = {0};
    struct json_reader reader = {0};
    struct err err = {.text = ""};
    struct bytes text;
    const struct json_object *root = NULL;
    enum status status = file_read(&text, path, FILE_MAX, &arena, &err);
    if (status == OK)
        status = json_read(&root, &reader, text, &err);
    CHECK_SEEN(status == OK, "%s", err.text);
    if (status == OK) {
        const struct json_object *schemata = json_get(root, "schemata");
        size_t count = 0;
        for (size_t i = 0; i < schema_count(); i++) {
            if (schema_at(i)->flags & SCHEMA_OURS)
                continue;
            count++;
            compare_schema(schema_at(i), json_get(schemata, schema_at(i)->name));
        }
        size_t wanted = member_count(schemata);
        CHECK_SEEN(count == wanted, "%zu schemata, model %zu", count, wanted);
    }
    json_reader_release(&reader);
    arena_release(&arena);
}

/* Whatever a schema names is there: parents, properties, ranges. */
static void check_names(const struct schema *schema)
{
    for (size_t i = 0; schema->parents[i] != NULL; i++)
        CHECK_SEEN(schema_is_a(schema, schema->parents[i]), "%s extends %s", schema->name,
                   schema->parents[i]);
    for (size_t i = 0; schema->captions[i] != NULL; i++)
        CHECK_SEEN(schema_property(schema, bytes_text(schema->captions[i])) != NULL,
                   "%s caption %s", schema->name, schema->captions[i]);
    for (size_t i = 0; schema->required[i] != NULL; i++)
        CHECK_SEEN(schema_property(schema, bytes_text(schema->required[i])) != NULL,
                   "%s requires %s", schema->name, schema->required[i]);
    const char *ends[] = {schema->edge_source, schema->edge_target};
    for (size_t i = 0; i < 2 && (schema->flags & SCHEMA_EDGE); i++) {
        const struct property *end = schema_property(schema, bytes_text(ends[i]));
        CHECK_SEEN(end != NULL && end->kind == VALUE_ENTITY, "%s edge %s", schema->name,
                   ends[i]);
    }
    for (const struct property *own = schema->properties; own->name != NULL; own++) {
        CHECK_SEEN(schema_property(schema, bytes_text(own->name)) == own, "%s:%s twice",
                   schema->name, own->name);
        CHECK_SEEN((own->kind == VALUE_ENTITY) == (own->range != NULL), "%s:%s range",
                   schema->name, own->name);
        if (own->range != NULL)
            CHECK_SEEN(schema_find(bytes_text(own->range)) != NULL, "%s:%s to %s",
                       schema->name, own->name, own->range);
    }
}

/* A property that ours has over again must go out as what FollowTheMoney takes it for. */
static void check_overrides(const struct schema *schema)
{
    for (const struct property *own = schema->properties; own->name != NULL; own++) {
        for (size_t i = 0; schema->parents[i] != NULL; i++) {
            const struct schema *parent = schema_find(bytes_text(schema->parents[i]));
            const struct property *old = schema_property(parent, bytes_text(own->name));
            if (old != NULL)
                CHECK_SEEN(strcmp(value_type(old->kind)->ftm, value_type(own->kind)->ftm) ==
                               0,
                           "%s:%s", schema->name, own->name);
        }
    }
}

static void check_tables(void)
{
    static const char *const wanted[] = {
        "Seizure",      "RouteLeg", "Container", "Phone",    "Device",  "Exhibit",
        "Custody",      "Case",     "Charge",    "Judgment", "Request", "Answer",
        "Grant",        "Hit",      "Claim",     "Alert",    "Plan",    "Forum",
        "Intelligence", "Booking",  "Targeting",
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const struct schema *schema = schema_find(bytes_text(wanted[i]));
        CHECK_SEEN(schema != NULL && schema->flags & SCHEMA_OURS, "%s", wanted[i]);
    }
    size_t ftm = 0;
    for (size_t i = 0; i < schema_count(); i++) {
        const struct schema *schema = schema_at(i);
        CHECK_SEEN(schema_find(bytes_text(schema->name)) == schema, "%s twice",
                   schema->name);
        check_names(schema);
        if (schema->flags & SCHEMA_OURS)
            check_overrides(schema);
        else
            ftm++;
    }
    CHECK_SEEN(ftm == FTM_SCHEMATA, "%zu", ftm);
}

static void check_kinds(void)
{
    static const struct {
        const char *schema, *property;
        enum value_kind kind; /* VALUE_KINDS: there is no such property */
    } cases[] = {
        {"Vessel", "imoNumber", VALUE_IMO},
        {"Vessel", "mmsi", VALUE_MMSI},
        {"Vessel", "registrationNumber", VALUE_IDENTIFIER},
        {"Airplane", "registrationNumber", VALUE_IDENTIFIER},
        {"Vehicle", "registrationNumber", VALUE_IDENTIFIER},
        {"RoadVehicle", "registrationNumber", VALUE_PLATE},
        {"RoadVehicle", "vin", VALUE_VIN},
        {"RoadVehicle", "name", VALUE_NAME},
        {"Vehicle", "vin", VALUE_KINDS},
        {"Organization", "imoNumber", VALUE_IDENTIFIER},
        {"Company", "swiftBic", VALUE_BIC},
        {"BankAccount", "iban", VALUE_IBAN},
        {"Event", "ibanMentioned", VALUE_IBAN},
        {"Passport", "number", VALUE_DOCUMENT},
        {"Passport", "passportNumber", VALUE_DOCUMENT},
        {"Person", "passportNumber", VALUE_DOCUMENT},
        {"Person", "idNumber", VALUE_IDENTIFIER},
        {"CryptoWallet", "publicKey", VALUE_WALLET},
        {"Document", "contentHash", VALUE_CHECKSUM},
        {"Seizure", "containerNumber", VALUE_CONTAINER},
        {"Seizure", "packagingMark", VALUE_MARK},
        {"Seizure", "country", VALUE_COUNTRY},
        {"Seizure", "date", VALUE_DATE},
        {"Intelligence", "vin", VALUE_VIN},
        {"Booking", "containerNumber", VALUE_CONTAINER},
        {"Targeting", "containerNumber", VALUE_CONTAINER},
        {"Intelligence", "substance", VALUE_KINDS},
        {"Person", "Name", VALUE_KINDS},
        {"Person", "", VALUE_KINDS},
        {"Person", "nam", VALUE_KINDS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct schema *schema = schema_find(bytes_text(cases[i].schema));
        const struct property *property =
            schema_property(schema, bytes_text(cases[i].property));
        CHECK_SEEN((property != NULL ? property->kind : VALUE_KINDS) == cases[i].kind,
                   "%s:%s", cases[i].schema, cases[i].property);
    }
}

static void check_look_ups(void)
{
    static const struct {
        const char *schema, *kind_of;
        bool holds;
    } cases[] = {
        {"Person", "Person", true},       {"Person", "LegalEntity", true},
        {"Person", "Thing", true},        {"Person", "Organization", false},
        {"Company", "Asset", true},       {"Company", "Value", true},
        {"Company", "LegalEntity", true}, {"Message", "PlainText", true},
        {"Thing", "Person", false},       {"Seizure", "Sighting", true},
        {"Seizure", "Interval", true},    {"Seizure", "Event", false},
        {"RoadVehicle", "Asset", true},   {"Person", "Nobody", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct schema *schema = schema_find(bytes_text(cases[i].schema));
        CHECK_SEEN(schema_is_a(schema, cases[i].kind_of) == cases[i].holds, "%s is a %s",
                   cases[i].schema, cases[i].kind_of);
    }
    CHECK(schema_find(BYTES_OF("person")) == NULL);
    CHECK(schema_find(BYTES_OF("")) == NULL);
    CHECK(schema_find(BYTES_OF("Person\0")) == NULL);

    const struct schema *person = schema_find(BYTES_OF("Person"));
    CHECK_TEXT(bytes_text(text_or_none(schema_nearest(BYTES_OF("Seisure")))), "Seizure");
    CHECK_TEXT(bytes_text(text_or_none(schema_nearest(BYTES_OF("person")))), "Person");
    CHECK(schema_nearest(BYTES_OF("Xylophone")) == NULL);
    CHECK_TEXT(
        bytes_text(text_or_none(schema_property_nearest(person, BYTES_OF("birthdate")))),
        "birthDate");
    CHECK_TEXT(bytes_text(text_or_none(
                   schema_property_nearest(person, BYTES_OF("pasportNumber")))),
               "passportNumber");
    CHECK(schema_property_nearest(person, BYTES_OF("zzzzzz")) == NULL);
}

/* ---- docs/format/schema.md: "### Name" opens a schema, "| `property` | type | meaning |"
 * is one of its properties; an entity's type is "entity: Range". ---- */

static void check_row(const struct schema *schema, struct bytes line)
{
    struct bytes cell, name, type, meaning;
    text_next_part(&cell, &line, '|');
    text_next_part(&name, &line, '|');
    text_next_part(&type, &line, '|');
    text_next_part(&meaning, &line, '|');
    name = text_trim(name);
    CHECK(name.len > 2);
    name = bytes_slice(name, 1, name.len - 2); /* the backquotes */
    type = text_trim(type);

    const struct property *own = schema->properties;
    while (own->name != NULL && !bytes_is(name, own->name))
        own++;
    CHECK_SEEN(own->name != NULL, "the page has %s:%.*s", schema->name, (int)name.len,
               (const char *)name.at);
    if (own->name == NULL)
        return;
    char wanted[128];
    snprintf(wanted, sizeof wanted, "%s%s%s", value_type(own->kind)->name,
             own->range != NULL ? ": " : "", own->range != NULL ? own->range : "");
    CHECK_SEEN(bytes_is(type, wanted), "%s:%s is %s, the page says %.*s", schema->name,
               own->name, wanted, (int)type.len, (const char *)type.at);
    CHECK_SEEN(text_trim(meaning).len > 0, "%s:%s has no meaning", schema->name, own->name);
}

static size_t own_count(const struct schema *schema)
{
    size_t count = 0;
    while (schema->properties[count].name != NULL)
        count++;
    return count;
}

/* The section about schema (NULL: none is open) ends here, and had so many rows. */
static void close_section(const struct schema *schema, size_t rows)
{
    if (schema != NULL)
        CHECK_SEEN(rows == own_count(schema), "%s: %zu rows", schema->name, rows);
}

static void check_page(void)
{
    struct arena arena = {0};
    struct err err = {.text = ""};
    struct bytes page = {0}, line;
    enum status status = file_read(&page, PAGE_PATH, FILE_MAX, &arena, &err);
    CHECK_SEEN(status == OK, "%s", err.text);

    const struct schema *schema = NULL;
    size_t rows = 0, pages = 0, ours = 0;
    while (text_next_part(&line, &page, '\n')) {
        if (text_starts(line, "### ") || text_starts(line, "## ")) {
            close_section(schema, rows);
            schema = NULL;
            rows = 0;
        }
        if (text_starts(line, "### ")) {
            schema = schema_find(text_trim(bytes_slice(line, 4, line.len - 4)));
            pages++;
            CHECK_SEEN(schema != NULL && schema->flags & SCHEMA_OURS, "%.*s", (int)line.len,
                       (const char *)line.at);
        } else if (schema != NULL && text_starts(line, "| `")) {
            check_row(schema, line);
            rows++;
        }
    }
    close_section(schema, rows);
    for (size_t i = 0; i < schema_count(); i++)
        ours += (schema_at(i)->flags & SCHEMA_OURS) != 0;
    CHECK_SEEN(pages == ours, "%zu schemata on the page, %zu in the table", pages, ours);
    arena_release(&arena);
}

static void check_may_be_one(void)
{
    static const struct {
        const char *a, *b;
        bool may;
    } rows[] = {
        {"Person", "Person", true},        {"Person", "LegalEntity", true},
        {"Company", "PublicBody", true},   {"Company", "Organization", true},
        {"Vessel", "Airplane", true},      {"Vessel", "Asset", true},
        {"Seizure", "Seizure", true},      {"Person", "Company", false},
        {"Person", "Phone", false},        {"Phone", "Device", false},
        {"Person", "LinkDecision", false}, {"LinkDecision", "LinkDecision", false},
        {"Ownership", "Ownership", false}, {"Hit", "Hit", false},
        {"Container", "Vessel", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct schema *a = schema_find(bytes_text(rows[i].a)),
                            *b = schema_find(bytes_text(rows[i].b));
        CHECK_SEEN(a != NULL && b != NULL, "%s, %s", rows[i].a, rows[i].b);
        CHECK_SEEN(schema_may_be_one(a, b) == rows[i].may &&
                       schema_may_be_one(b, a) == rows[i].may,
                   "%s, %s", rows[i].a, rows[i].b);
    }
}

int main(int argc, char **argv)
{
    check_tables();
    check_kinds();
    check_look_ups();
    check_page();
    compare_model(argc > 1 ? argv[1] : MODEL_PATH);
    check_may_be_one();
    return check_done("schema");
}
