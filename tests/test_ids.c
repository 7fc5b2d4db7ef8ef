/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "check.h"
#include "formats/ids.h"
#include "formats/reader.h"
#include "temporary.h"

#define HEAD16                                                                             \
    "REGION;SUBREGION;COUNTRY;ADMINISTRATIVE_DIVISION;PLACE;SEIZURE_DATE;DRUG_NAME;"       \
    "AMOUNT;"                                                                              \
    "DRUG_UNIT;HIDING_PLACE;INSTALLATION;TRANSPORT;PRODUCING_COUNTRY;DEPARTURE_COUNTRY;"   \
    "DESTINATION_COUNTRY;ROUTING\n"
#define HEAD14                                                                             \
    "Seizure Date,Country/Territory of "                                                   \
    "Seizure,ISO3,Subregion,Region,Drug/Substance,Quantity "                               \
    "Seized,Measurement Unit,City,Administrative Region,Physical Seizure "                 \
    "Location,Trafficking "                                                                \
    "Mode of Transportation,Source,Reporting Channel\n"
#define ROW16                                                                              \
    "Americas;South America;Colombia;ANTIOQUIA;MEDELLIN ;2012-01-21;Cocaine "              \
    "HCL;12.5;Kilogram;"                                                                   \
    "Baggage;Airport;Commercial air;Colombia;Unknown;Spain;Border - outbound\n"
#define ROW14                                                                              \
    "2012-01-21 00:00:00,Colombia,COL,South America,Americas,Cannabis herb,1,kg,Bogota,"   \
    "D.C./Bogota,Airport,Airplane,IDS,Member State\n"

/* Reads bytes as a file; what is asked of it is in the fields. */
struct run {
    struct reader *reader;
    struct arena arena;
    struct record record;
    struct err err;
};

static enum status run_open(struct run *run, struct bytes file)
{
    *run = (struct run){0};
    const char *path = temporary_file("file.csv", file);
    return reader_open(&run->reader, &(struct reader_options){.path = path}, &run->err);
}

static enum status run_next(struct run *run)
{
    return reader_next(&run->record, run->reader, &run->arena, &run->err);
}

static void run_close(struct run *run)
{
    reader_close(run->reader);
    arena_release(&run->arena);
}

/* The one value of the property as given; empty when there is none. */
static struct bytes raw(const struct record *record, const char *property)
{
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->values[i].name, property) == 0)
            return record->values[i].raw;
    return (struct bytes){0};
}

static void test_table(void)
{
    const struct schema *seizure = schema_find(BYTES_OF("Seizure"));
    CHECK(seizure != NULL);
    for (size_t i = 0; ids_layout(i) != NULL; i++) {
        for (const struct ids_column *c = ids_layout(i)->columns; c->header != NULL; c++) {
            CHECK_SEEN(schema_property(seizure, bytes_text(c->property)) != NULL, "%s",
                       c->property);
            CHECK(c->also == NULL || schema_property(seizure, bytes_text(c->also)) != NULL);
        }
    }
    CHECK(schema_property(seizure, BYTES_OF("commodity")) != NULL);
    CHECK(ids_layout(2) == NULL);
}

static void test_16(void)
{
    struct run run;
    CHECK(run_open(&run, BYTES_OF(HEAD16 ROW16)) == OK);
    CHECK(reader_format(run.reader) == READER_IDS);
    CHECK(run_next(&run) == OK);
    struct record *record = &run.record;
    CHECK(strcmp(record->schema->name, "Seizure") == 0 && record->line == 2);
    CHECK_TEXT(raw(record, "agency"), "Colombia");
    CHECK_TEXT(record_first(record, "country"), "co");
    CHECK_TEXT(raw(record, "administrativeRegion"), "ANTIOQUIA");
    CHECK_TEXT(raw(record, "place"), "MEDELLIN "); /* as it stands in the file */
    CHECK_TEXT(record_first(record, "place"), "MEDELLIN");
    CHECK_TEXT(record_first(record, "date"), "2012-01-21");
    CHECK_TEXT(raw(record, "substance"), "Cocaine HCL");
    CHECK_TEXT(raw(record, "commodity"), "cocaine");
    CHECK_TEXT(raw(record, "quantity"), "12.5");
    CHECK_TEXT(raw(record, "unit"), "Kilogram");
    CHECK_TEXT(raw(record, "concealment"), "Baggage");
    CHECK_TEXT(raw(record, "location"), "Airport");
    CHECK_TEXT(raw(record, "transportMode"), "Commercial air");
    CHECK_TEXT(record_first(record, "originCountry"), "co");
    CHECK_TEXT(raw(record, "departureCountry"), "Unknown"); /* kept, and missing */
    CHECK_TEXT(record_first(record, "departureCountry"), "");
    CHECK_TEXT(record_first(record, "destinationCountry"), "es");
    CHECK_TEXT(raw(record, "routing"), "Border - outbound");
    CHECK(record->id_made && text_starts(bytes_text(record->id), "ids-"));
    CHECK(strlen(record->id) == 4 + 32);
    struct bytes value;
    CHECK(reader_field(&value, run.reader, BYTES_OF("PLACE")) &&
          bytes_is(value, "MEDELLIN"));
    CHECK(!reader_field(&value, run.reader, BYTES_OF("NOWHERE")));
    CHECK(run_next(&run) == NOT_FOUND);
    CHECK(reader_counts(run.reader).unusable == 0);
    run_close(&run);
}

static void test_14(void)
{
    struct run run;
    CHECK(run_open(&run, BYTES_OF("\xEF\xBB\xBF" HEAD14 ROW14)) == OK);
    CHECK(run_next(&run) == OK);
    CHECK_TEXT(raw(&run.record, "agency"), "COL");
    CHECK_TEXT(record_first(&run.record, "country"), "co");
    CHECK_TEXT(raw(&run.record, "date"), "2012-01-21 00:00:00");
    CHECK_TEXT(raw(&run.record, "commodity"), "cannabis");
    CHECK_TEXT(raw(&run.record, "place"), "Bogota");
    CHECK_TEXT(raw(&run.record, "administrativeRegion"), "D.C./Bogota");
    CHECK_TEXT(raw(&run.record, "location"), "Airport");
    CHECK_TEXT(raw(&run.record, "transportMode"), "Airplane");
    CHECK_TEXT(raw(&run.record, "source"), "IDS");
    CHECK_TEXT(raw(&run.record, "reportingChannel"), "Member State");
    run_close(&run);
}

/* Columns in another order, some missing, one that no layout has, a received date. */
static void test_other_columns(void)
{
    struct run run;
    CHECK(run_open(&run,
                   BYTES_OF("received_date,Officer note,drug_name,country,seizure_date\n"
                            "2012-02-01,seen twice,Heroin,Peru,2012-01-21\n")) == OK);
    CHECK(reader_format(run.reader) == READER_IDS);
    CHECK(run_next(&run) == OK);
    CHECK_TEXT(record_first(&run.record, "receivedDate"), "2012-02-01");
    CHECK_TEXT(raw(&run.record, "commodity"), "opioid");
    CHECK_TEXT(raw(&run.record, "Officer note"), "seen twice");
    CHECK(reader_counts(run.reader).unknown == 1);
    run_close(&run);
}

/* Coordinates are read in both layouts, whatever they hold; a bad number is unusable. */
static void test_coordinates(void)
{
    static const char *const files[] = {
        "COUNTRY;SEIZURE_DATE;DRUG_NAME;LATITUDE;LONGITUDE\n"
        "Peru;2012-01-21;Heroin;-12.05;-77.04\nPeru;2012-01-22;Heroin;12 S;\n",
        "Seizure Date,Country/Territory of Seizure,Drug/Substance,Latitude,Longitude\n"
        "2012-01-21,Peru,Heroin,-12.05,-77.04\n2012-01-22,Peru,Heroin,12 S,\n"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct run run;
        CHECK(run_open(&run, bytes_text(files[i])) == OK);
        CHECK(run_next(&run) == OK);
        CHECK_TEXT(record_first(&run.record, "latitude"), "-12.05");
        CHECK_TEXT(record_first(&run.record, "longitude"), "-77.04");
        CHECK(run_next(&run) == OK);
        CHECK_TEXT(raw(&run.record, "latitude"), "12 S");
        CHECK(record_first(&run.record, "latitude").len == 0);
        CHECK(reader_counts(run.reader).unusable >= 1);
        run_close(&run);
    }
}

static void test_rejected(void)
{
    static const struct {
        const char *name, *date, *amount, *field, *reason;
    } cases[] = {
        {"no date", "", "1", "SEIZURE_DATE", "missing"},
        {"unknown date", "Unknown", "1", "SEIZURE_DATE", "missing"},
        {"day first", "21/01/2012", "1", "SEIZURE_DATE", ""},
        {"no such day", "2012-02-30", "1", "SEIZURE_DATE", "30"},
        {"month alone", "2012-02", "1", "SEIZURE_DATE", "whole date"},
        {"a comma that may be either", "2012-01-21", "1,500", "AMOUNT", "not a number"},
        {"words", "2012-01-21", "much", "AMOUNT", "not a number"},
        {"infinite", "2012-01-21", "inf", "AMOUNT", "not a number"},
        {"below zero", "2012-01-21", "-1", "AMOUNT", "below zero"},
        {"blank amount", "2012-01-21", "", NULL, NULL},
        {"unknown amount", "2012-01-21", "Unknown", NULL, NULL},
        {"tiny amount", "2012-01-21", "1.4000000000000001e-05", NULL, NULL},
        {"zero", "2012-01-21", "0", NULL, NULL},
        {"amount in blanks", "2012-01-21", " 7 ", NULL, NULL},
        {"with a time", "2012-01-21 00:00:00", "1", NULL, NULL},
        {"with T", "2012-01-21T13:05", "1", NULL, NULL},
        {"decimal comma", "2012-01-21", "1,5", NULL, NULL},
        {"a workbook's number", "40929", "1", NULL, NULL},
        {"a number of another time", "99999", "1", "SEIZURE_DATE", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf file = {.max = 4096};
        struct run run;
        buf_addf(&file, "COUNTRY;SEIZURE_DATE;DRUG_NAME;AMOUNT\nPeru;%s;Heroin;%s\n",
                 cases[i].date, cases[i].amount);
        CHECK(run_open(&run, buf_bytes(&file)) == OK);
        enum status status = run_next(&run);
        const char *reason = reader_first_reason(run.reader);
        if (cases[i].field == NULL) {
            CHECK_SEEN(status == OK, "%s: %s", cases[i].name, reason);
        } else {
            CHECK_SEEN(status == NOT_FOUND && reader_counts(run.reader).rejected == 1, "%s",
                       cases[i].name);
            CHECK_SEEN(strstr(reason, cases[i].field) != NULL &&
                           strstr(reason, cases[i].reason) != NULL &&
                           text_starts(bytes_text(reason), "line 2, "),
                       "%s: %s", cases[i].name, reason);
        }
        run_close(&run);
        buf_release(&file);
    }
}

static void test_refused_headers(void)
{
    struct run run;
    CHECK(run_open(&run, BYTES_OF("COUNTRY;SEIZURE_DATE;DRUG_NAME;COUNTRY\na;b;c;d\n")) ==
          BAD_INPUT);
    CHECK_SEEN(strstr(run.err.text, "COUNTRY stands twice") != NULL, "%s", run.err.text);
    const char *path =
        temporary_file("file.csv", BYTES_OF("COUNTRY;PLACE;DRUG_NAME\na;b;c\n"));
    CHECK(reader_open(&run.reader,
                      &(struct reader_options){.path = path, .format = READER_IDS},
                      &run.err) == BAD_INPUT);
    CHECK_SEEN(strstr(run.err.text, "lacks SEIZURE_DATE") != NULL, "%s", run.err.text);
}

/* Identical rows are all kept, told apart by their ordinal, and the same at a second reading;
 * the order of the columns and quotation marks do not matter, the text does. */
static void test_repeats(void)
{
    static const char *const files[] = {
        HEAD16 ROW16 ROW16 ROW16,
        "PLACE,COUNTRY,DRUG_NAME,SEIZURE_DATE\n"
        "\"Lima\",Peru,Heroin,2012-01-01\n"
        "Lima,Peru,Heroin,2012-01-01\n"
        "Lima ,Peru,Heroin,2012-01-01\n",
        ("SEIZURE_DATE,PLACE,COUNTRY,DRUG_NAME,NOTE\n"
         "2012-01-01,Lima,Peru,Heroin,\n"),
    };
    char ids[3][3][REPEATS_PREFIX_MAX + 80] = {0};
    bool repeated[3][3] = {0};
    for (size_t f = 0; f < 3; f++) {
        struct run run;
        CHECK(run_open(&run, bytes_text(files[f])) == OK);
        for (size_t i = 0; i < 3 && run_next(&run) == OK; i++) {
            snprintf(ids[f][i], sizeof ids[f][i], "%s", run.record.id);
            repeated[f][i] = reader_repeated(run.reader);
        }
        CHECK(reader_counts(run.reader).repeated == (f == 0 ? 2 : f == 1 ? 1 : 0));
        run_close(&run);
    }
    char second[sizeof ids[0][0] + 2];
    snprintf(second, sizeof second, "%s-2", ids[0][0]);
    CHECK(strcmp(ids[0][1], second) == 0);
    second[strlen(second) - 1] = '3';
    CHECK(strcmp(ids[0][2], second) == 0);
    CHECK(!repeated[0][0] && repeated[0][1] && repeated[0][2]);
    CHECK(!repeated[1][0] && repeated[1][1] && !repeated[1][2]);
    CHECK(strcmp(ids[1][0], ids[1][2]) != 0);
    CHECK(strcmp(ids[1][0], ids[2][0]) == 0);
}

/* Ordinals of contents that repeat in a mixed order, against plain counting. */
static void test_ordinals(void)
{
    enum { CONTENTS = 57, ROWS = 20000 };
    struct repeats repeats = {0};
    struct arena arena = {0};
    unsigned counted[CONTENTS] = {0};
    uint32_t state = 12345;
    size_t wrong = 0;
    for (size_t row = 0; row < ROWS; row++) {
        state = state * 1664525u + 1013904223u;
        uint8_t content = (uint8_t)((state >> 16) % CONTENTS * (state >> 30) / 3);
        bool repeated;
        const char *id =
            repeats_identify(&repeated, &repeats, "t-", bytes_of(&content, 1), row, &arena);
        const char *dash = strchr(id + 2, '-');
        unsigned ordinal = dash == NULL ? 1 : (unsigned)strtoul(dash + 1, NULL, 10);
        wrong += ordinal != ++counted[content] || repeated != (ordinal > 1);
        arena_reset(&arena);
    }
    CHECK_SEEN(wrong == 0, "%zu wrong", wrong);
    CHECK(repeats.count == ROWS);
    repeats_release(&repeats);
    arena_release(&arena);
}

static void test_commodities(void)
{
    static const struct {
        const char *substance, *group;
    } cases[] = {
        {"Cocaine hydrochloride (HCl, powder cocaine)", "cocaine"},
        {"Crack cocaine", "cocaine"},
        {"Coca leaf", "cocaine"},
        {"Coca\xC3\xADna", "cocaine"},
        {"Heroin", "opioid"},
        {"Hero\xC3\xADna", "opioid"},
        {"Opium Poppy", "opioid"},
        {"Fentanyl", "opioid"},
        {"Cannabis resin", "cannabis"},
        {"HASHISH", "cannabis"},
        {"Synthetic Cannabinoid", "nps"},
        {"4-fluoromethcathinone", "nps"},
        {"Cathinone", "ats"},
        {"Ecstasy", "ats"},
        {"Methamphetamine", "ats"},
        {"MDMA", "ats"},
        {"MDP2P", "precursor"},
        {"Pseudoephedrine", "precursor"},
        {"Potassium Permanganate", "precursor"},
        {"Diazepam", "sedative"},
        {"GHB", "sedative"},
        {"LSD", "hallucinogen"},
        {"Ketamine", "hallucinogen"},
        {"Khat", "plant"},
        {"Alcohol", "other"},
        {"", "other"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_SEEN(
            strcmp(commodity_of(bytes_text(cases[i].substance)), cases[i].group) == 0,
            "%s: %s", cases[i].substance, commodity_of(bytes_text(cases[i].substance)));
    char longest[4096];
    memset(longest, 'z', sizeof longest);
    CHECK(strcmp(commodity_of(bytes_of(longest, sizeof longest)), "other") == 0);
}

static void test_public_table(void)
{
    struct run run = {0};
    const char *path = public_data("seizures/ids-2011-2012.csv.gz");
    if (path == NULL) {
        CHECK_SKIP("the public table of 2011-2012 is not here");
        return;
    }
    CHECK(reader_open(&run.reader,
                      &(struct reader_options){.path = path, .no_rejects_file = true},
                      &run.err) == OK);
    while (run_next(&run) == OK)
        arena_reset(&run.arena);
    struct reader_counts counts = reader_counts(run.reader);
    CHECK_SEEN(counts.read == 45113, "%llu", (unsigned long long)counts.read);
    CHECK_SEEN(counts.repeated == 4195, "%llu", (unsigned long long)counts.repeated);
    CHECK_SEEN(counts.rejected == 0, "%s", reader_first_reason(run.reader));
    CHECK_SEEN(counts.unusable <= 10, "%llu", (unsigned long long)counts.unusable);
    run_close(&run);
}

int main(void)
{
    temporary_open();
    test_table();
    test_16();
    test_14();
    test_other_columns();
    test_rejected();
    test_coordinates();
    test_refused_headers();
    test_repeats();
    test_ordinals();
    test_commodities();
    test_public_table();
    temporary_close();
    return check_done("ids");
}
