/* SPDX-License-Identifier: Apache-2.0
 *
 * A record from its values to its end: adding, the hints it gives itself, what rejects it, what
 * protects it.
 */
#include "record/record.h"

#include "check.h"

enum { VALUES = 4 };

struct given {
    const char *property, *text;
};

static void add(struct record *record, const char *name, const char *text)
{
    const struct property *property = schema_property(record->schema, bytes_text(name));
    struct err err = {.text = ""};
    CHECK_SEEN(record_add(record, property, name, bytes_text(text), NULL, &err) == OK, "%s",
               err.text);
}

static void make(struct record *record, const char *schema, const struct given *values,
                 struct arena *arena)
{
    record_init(record, schema_find(bytes_text(schema)), arena);
    record->id = "r1";
    for (size_t i = 0; i < VALUES && values[i].property != NULL; i++)
        add(record, values[i].property, values[i].text);
}

static void check_defaults(void)
{
    struct arena arena = {0};
    struct record record;
    make(&record, "Person", (struct given[VALUES]){{"name", "Inés"}}, &arena);
    record.handling = HANDLING_H2;
    CHECK(record_finish(&record, NULL, NULL) == OK);
    CHECK(record.status == STATUS_UNCATEGORISED);
    CHECK(record.handling == (HANDLING_H0 | HANDLING_H2));
    CHECK(record.evaluation.scheme == EVALUATION_4X4);
    CHECK_TEXT(bytes_text(record.evaluation.code), "X4");
    CHECK(record.purpose == PURPOSE_INVESTIGATION);
    CHECK_TEXT(bytes_text(record.owner), "");
    CHECK_TEXT(bytes_text(record.review), "");
    arena_release(&arena);
}

static void check_adding(void)
{
    struct arena arena = {0};
    struct record record;
    record_init(&record, schema_find(BYTES_OF("Person")), &arena);
    record.id = "r1";
    char text[] = "  Lucía Prado\t";
    add(&record, "name", text);
    add(&record, "name", " \t\xC2\xA0 ");
    add(&record, "name", "");
    memset(text, 'x', sizeof text - 1); /* the row's bytes may go */
    add(&record, "alias", "La Prado");
    add(&record, "alias", "L. P.");
    add(&record, "favouriteColour", "red");
    add(&record, "ownershipOwner", "r2");
    add(&record, "birthDate", "n/a");
    CHECK_SEEN(record.count == 6, "%zu", record.count);
    CHECK(record_first(&record, "name").len == 0); /* nothing is usable before the end */

    CHECK(record_finish(&record, NULL, NULL) == OK);
    CHECK_TEXT(record_first(&record, "name"), "Lucía Prado");
    CHECK_TEXT(record_first(&record, "alias"), "La Prado");
    size_t at = 0;
    const struct record_value *value = record_next(&record, "alias", &at);
    CHECK(value != NULL && bytes_is(value->raw, "La Prado"));
    value = record_next(&record, "alias", &at);
    CHECK(value != NULL && bytes_is(value->raw, "L. P."));
    CHECK(record_next(&record, "alias", &at) == NULL);
    CHECK(record_next(&record, "alias", &at) == NULL);

    /* Kept as given, not used, and said why. */
    static const struct {
        const char *name, *raw, *why;
        enum value_grade grade;
    } unused[] = {
        {"favouriteColour", "red", "Person has no property", VALUE_INVALID},
        {"ownershipOwner", "r2", "the record that points here", VALUE_INVALID},
        {"birthDate", "n/a", "", VALUE_MISSING},
    };
    for (size_t i = 0; i < sizeof unused / sizeof unused[0]; i++) {
        value = &record.values[3 + i];
        CHECK_TEXT(bytes_text(value->name), unused[i].name);
        CHECK_TEXT(value->raw, unused[i].raw);
        CHECK_SEEN(value->grade == unused[i].grade, "%s", unused[i].name);
        CHECK_SEEN(strstr(value->why, unused[i].why) != NULL, "%s", value->why);
        CHECK(value->clean.len == 0);
        CHECK(record_first(&record, unused[i].name).len == 0);
    }
    arena_release(&arena);
}

static void check_limits(void)
{
    struct arena arena = {0};
    struct record record;
    make(&record, "Person", (struct given[VALUES]){{"name", "A"}}, &arena);
    for (size_t i = 1; i < RECORD_VALUES_MAX; i++)
        add(&record, "notes", "x");
    struct err err = {.text = ""};
    const struct property *notes = schema_property(record.schema, BYTES_OF("notes"));
    CHECK(record_add(&record, notes, "notes", BYTES_OF("x"), NULL, &err) == TOO_LARGE);
    CHECK_SEEN(strstr(err.text, "4096") != NULL, "%s", err.text);
    CHECK(record_add(&record, notes, "notes", BYTES_OF(" "), NULL, NULL) == OK);
    CHECK(record.count == RECORD_VALUES_MAX);
    CHECK(record_finish(&record, NULL, NULL) == OK);

    char id[RECORD_ID_MAX + 2];
    memset(id, 'a', sizeof id);
    id[RECORD_ID_MAX + 1] = '\0';
    record.id = id;
    CHECK(record_finish(&record, NULL, &err) == TOO_LARGE);
    id[RECORD_ID_MAX] = '\0';
    CHECK(record_finish(&record, NULL, NULL) == OK);
    arena_release(&arena);
}

static void check_rejections(void)
{
    static const struct {
        const char *label, *schema, *id, *review;
        struct given values[VALUES];
        enum status status;
        const char *says;
    } cases[] = {
        {"no id", "Person", NULL, "", {{"name", "A"}}, BAD_INPUT, "Person has no id"},
        {"empty id", "Person", "", "", {{"name", "A"}}, BAD_INPUT, "no id"},
        {"a person without a name is one all the same",
         "Person",
         "1",
         "",
         {{"passportNumber", "PA0412873"}},
         OK,
         ""},
        {"no date",
         "Seizure",
         "1",
         "",
         {{"country", "xa"}},
         BAD_INPUT,
         "Seizure needs the property date, and there is none"},
        {"bad date",
         "Seizure",
         "1",
         "",
         {{"date", "31 Feb 2026"}},
         BAD_INPUT,
         "Seizure needs the property date: "},
        {"second date is good",
         "Seizure",
         "1",
         "",
         {{"date", "?"}, {"date", "2026-02-03"}},
         OK,
         ""},
        {"required is not inherited",
         "BankAccount",
         "1",
         "",
         {{"bankName", "Luar"}},
         OK,
         ""},
        {"one of two",
         "Charge",
         "1",
         "",
         {{"case", "c1"}},
         BAD_INPUT,
         "Charge needs the property defendant"},
        {"review", "Person", "1", "2031-02-03", {{"name", "A"}}, OK, ""},
        {"review is a year",
         "Person",
         "1",
         "2031",
         {{"name", "A"}},
         BAD_INPUT,
         "review date"},
        {"review is a word",
         "Person",
         "1",
         "never",
         {{"name", "A"}},
         BAD_INPUT,
         "\"never\""},
        {"review on no day",
         "Person",
         "1",
         "2031-02-30",
         {{"name", "A"}},
         BAD_INPUT,
         "2031-02-30"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct record record;
        struct err err = {.text = ""};
        make(&record, cases[i].schema, cases[i].values, &arena);
        record.id = cases[i].id;
        record.review = cases[i].review;
        enum status status = record_finish(&record, NULL, &err);
        CHECK_SEEN(status == cases[i].status, "%s: %s %s", cases[i].label,
                   status_name(status), err.text);
        CHECK_SEEN(strstr(err.text, cases[i].says) != NULL, "%s: %s", cases[i].label,
                   err.text);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

/* 999 550107788 takes its "+" only in a country XA to XZ: so we see which country was used. */
static void check_hints(void)
{
    static const struct {
        const char *label, *home;
        struct given values[VALUES];
        bool fictional;
    } cases[] = {
        {"country", NULL, {{"country", "xa"}}, true},
        {"country before nationality",
         NULL,
         {{"nationality", "es"}, {"country", "xa"}},
         true},
        {"nationality", NULL, {{"nationality", "XA"}}, true},
        {"unusable country", NULL, {{"country", "Nowhere"}, {"citizenship", "xa"}}, true},
        {"jurisdiction", NULL, {{"jurisdiction", "xa"}}, true},
        {"home", "xa", {{"country", "Unknown"}}, true},
        {"own country before home", "xa", {{"country", "es"}}, false},
        {"birth country says nothing", NULL, {{"birthCountry", "xa"}}, false},
        {"four letters are no hint", "xa", {{"country", "suhh"}}, true},
        {"none", NULL, {{"alias", "A"}}, false},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct record record;
        record_init(&record, schema_find(BYTES_OF("Person")), &arena);
        record.id = "r1";
        add(&record, "name", "A");
        add(&record, "phone",
            "999 550107788"); /* before the country: order does not matter */
        for (size_t j = 0; j < VALUES && cases[i].values[j].property != NULL; j++)
            add(&record, cases[i].values[j].property, cases[i].values[j].text);
        CHECK(record_finish(&record, cases[i].home, NULL) == OK);
        bool seen = bytes_is(record_first(&record, "phone"), "+999550107788");
        CHECK_SEEN(seen == cases[i].fictional, "%s", cases[i].label);
        arena_reset(&arena);
    }

    struct record record;
    make(&record, "Person", (struct given[VALUES]){{"name", "A"}}, &arena);
    const struct property *born = schema_property(record.schema, BYTES_OF("birthDate"));
    CHECK(record_add(&record, born, "birthDate", BYTES_OF("12.03.1984"), "%d.%m.%Y",
                     NULL) == OK);
    CHECK(record_finish(&record, NULL, NULL) == OK);
    CHECK_TEXT(record_first(&record, "birthDate"), "1984-03-12");
    arena_release(&arena);
}

static void check_captions(void)
{
    static const struct {
        const char *schema;
        struct given values[VALUES];
        const char *caption;
    } cases[] = {
        {"Person", {{"alias", "El Norte"}, {"name", "Mateo  Ríos"}}, "Mateo  Ríos"},
        {"Vessel",
         {{"imoNumber", "IMO 0007319"}, {"name", "Alba del Sur"}},
         "Alba del Sur"},
        {"BankAccount", {{"accountNumber", "777001"}}, "777001"},
        {"Seizure", {{"date", "2026-02-03"}, {"place", "Puerto Velero"}}, "Puerto Velero"},
        {"Seizure", {{"date", "2026-02-03"}}, "r1"},
        {"Container", {{"number", "CSQU 305438-3"}}, "CSQU 305438-3"},
        {"Similar", {{"matcher", "x"}}, "r1"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct record record;
        struct err err = {.text = ""};
        make(&record, cases[i].schema, cases[i].values, &arena);
        CHECK_SEEN(record_finish(&record, NULL, &err) == OK, "%s", err.text);
        CHECK_TEXT(record_caption(&record), cases[i].caption);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

static void check_protection(void)
{
    static const char TODAY[] = "2026-03-12";
    static const struct {
        const char *label, *schema, *property, *text;
        enum person_status status;
        const char *why; /* NULL: not protected */
    } cases[] = {
        {"suspect", "Person", "alias", "B", STATUS_SUSPECT, NULL},
        {"witness", "Person", "alias", "B", STATUS_WITNESS, "witness"},
        {"victim", "Person", "birthDate", "1984-03-12", STATUS_VICTIM, "victim"},
        {"informant", "Person", "alias", "B", STATUS_INFORMANT, "informant"},
        {"an informant's phone", "Phone", "number", "+999550107788", STATUS_INFORMANT,
         "informant"},
        {"18 today", "Person", "birthDate", "2008-03-12", STATUS_SUSPECT, NULL},
        {"18 tomorrow", "Person", "birthDate", "2008-03-13", STATUS_SUSPECT, "minor"},
        {"old enough month", "Person", "birthDate", "2008-02", STATUS_SUSPECT, NULL},
        {"perhaps not, by month", "Person", "birthDate", "2008-03", STATUS_SUSPECT,
         "minor"},
        {"perhaps not, by year", "Person", "birthDate", "2008", STATUS_SUSPECT, "minor"},
        {"old enough year", "Person", "birthDate", "2007", STATUS_SUSPECT, NULL},
        {"not yet born", "Person", "birthDate", "2031-01-01", STATUS_SUSPECT, "minor"},
        {"no such day, a child's year", "Person", "birthDate", "2012-02-31", STATUS_SUSPECT,
         "minor"},
        {"no such month, perhaps a child's year", "Person", "birthDate", "2008-13-01",
         STATUS_SUSPECT, "minor"},
        {"no such day, long ago", "Person", "birthDate", "1984-02-31", STATUS_SUSPECT,
         NULL},
        {"day first", "Person", "birthDate", "12/05/2012", STATUS_SUSPECT, "minor"},
        {"points", "Person", "birthDate", "12.05.2012", STATUS_SUSPECT, "minor"},
        {"about", "Person", "birthDate", "c. 2012", STATUS_SUSPECT, "minor"},
        {"one year or another", "Person", "birthDate", "2012/2013", STATUS_SUSPECT,
         "minor"},
        {"nothing of it exists", "Person", "birthDate", "2012-13-45", STATUS_SUSPECT,
         "minor"},
        {"with a time", "Person", "birthDate", "2015-02-30T10:00", STATUS_SUSPECT, "minor"},
        {"two digits", "Person", "birthDate", "12-05-12", STATUS_SUSPECT, "minor"},
        {"two digits with a time", "Person", "birthDate", "12.05.12 10:30", STATUS_SUSPECT,
         "minor"},
        {"six digits", "Person", "birthDate", "120512", STATUS_SUSPECT, "minor"},
        {"two digits, a minor's year first", "Person", "birthDate", "12-05-30",
         STATUS_SUSPECT, "minor"},
        {"six digits, long ago", "Person", "birthDate", "120575", STATUS_SUSPECT, NULL},
        {"six digits, the year first", "Person", "birthDate", "750512", STATUS_SUSPECT,
         NULL},
        {"two digits, the year first", "Person", "birthDate", "75-05-12", STATUS_SUSPECT,
         NULL},
        {"two digits and a time, long ago", "Person", "birthDate", "12.05.75 10:15",
         STATUS_SUSPECT, NULL},
        {"two digits, long ago", "Person", "birthDate", "12-05-75", STATUS_SUSPECT, NULL},
        {"words", "Person", "birthDate", "12 мая 2012 г.", STATUS_SUSPECT, "minor"},
        {"Arabic digits", "Person", "birthDate", "١٢/٠٥/٢٠١٢", STATUS_SUSPECT, "minor"},
        {"eight digits, day first", "Person", "birthDate", "32132012", STATUS_SUSPECT,
         "minor"},
        {"day first, long ago", "Person", "birthDate", "12/05/1975", STATUS_SUSPECT, NULL},
        {"unreadable date", "Person", "birthDate", "sometime", STATUS_SUSPECT, NULL},
        {"convicted child", "Person", "birthDate", "2010-01-01", STATUS_CONVICTED, "minor"},
        {"a child's passport", "Passport", "birthDate", "2010-01-01", 0, "minor"},
        {"an adult's passport line", "Person", "passportNumber",
         "PA04128738XAA8403124M3104183<<<<<<<<<<<<<<06", STATUS_SUSPECT, NULL},
        {"a child's passport line", "Person", "passportNumber",
         "PA04128738XAA1003123M3104183<<<<<<<<<<<<<<08", STATUS_SUSPECT, "minor"},
        {"a seizure is no person", "Seizure", "date", "2010-01-01", 0, NULL},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct record record;
        struct given values[VALUES] = {{cases[i].property, cases[i].text}, {"name", "A"}};
        make(&record, cases[i].schema, values, &arena);
        if (strcmp(cases[i].schema, "Passport") == 0) {
            add(&record, "number", "PA0412873");
            add(&record, "holder", "r2");
        }
        record.status = cases[i].status;
        struct err err = {.text = ""};
        CHECK_SEEN(record_finish(&record, NULL, &err) == OK, "%s: %s", cases[i].label,
                   err.text);
        const char *why = "";
        bool seen = record_is_protected(&why, &record, TODAY);
        CHECK_SEEN(seen == (cases[i].why != NULL), "%s: %s", cases[i].label, why);
        CHECK_TEXT(bytes_text(why), cases[i].why != NULL ? cases[i].why : "");
        arena_reset(&arena);
    }

    /* Two birth dates: the youngest counts. */
    struct record record;
    make(&record, "Person",
         (struct given[VALUES]){
             {"name", "A"}, {"birthDate", "1990-01-01"}, {"birthDate", "2010-01-01"}},
         &arena);
    CHECK(record_finish(&record, NULL, NULL) == OK);
    const char *why = "";
    CHECK(record_is_protected(&why, &record, TODAY));
    CHECK(!record_is_protected(&why, &record, "2028-01-01"));
    arena_release(&arena);
}

/* A line of a passport shows a minor wherever it stands; a record that is about nobody is not protected for it. */
static void check_minors_line(void)
{
    static const struct {
        const char *text;
        bool shows;
    } cases[] = {{"PA04128738XAA1003123M3104183<<<<<<<<<<<<<<08", true},
                 {"PA04128738XAA8403124M3104183<<<<<<<<<<<<<<06", false},
                 {"PA0412873", false}};
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct record record;
        struct err err = {.text = ""};
        const char *why = "";
        make(&record, "Seizure",
             (struct given[VALUES]){{"date", "2026-02-03"},
                                    {"documentNumber", cases[i].text}},
             &arena);
        CHECK_SEEN(record_finish(&record, NULL, &err) == OK, "%s", err.text);
        CHECK_SEEN(record_shows_minor(&record, "2026-03-12") == cases[i].shows, "%s",
                   cases[i].text);
        CHECK(!record_is_protected(&why, &record, "2026-03-12"));
        arena_reset(&arena);
    }
    arena_release(&arena);
}

int main(void)
{
    check_defaults();
    check_adding();
    check_limits();
    check_rejections();
    check_hints();
    check_captions();
    check_protection();
    check_minors_line();
    return check_done("record");
}
