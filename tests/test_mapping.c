/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "check.h"
#include "formats/mapping.h"

#define HEADER "id,first,last,born,Seizure Date,phone,kind,note\n"

/* A mapping bound to HEADER and rows of it. */
struct run {
    struct source *source;
    struct csv csv;
    struct mapping mapping;
    struct csv_row row;
    struct record record;
    struct reject reject;
    struct arena arena;
    struct err err;
};

static enum status run_open(struct run *run, const char *mapping, const char *file)
{
    *run = (struct run){0};
    CHECK(source_open_bytes(&run->source, bytes_text(file), "list.csv", &run->err) == OK);
    CHECK(csv_open(&run->csv, run->source, &run->err) == OK);
    enum status status =
        mapping_parse(&run->mapping, bytes_text(mapping), "people.map", &run->err);
    return status == OK ? mapping_bind(&run->mapping, &run->csv, &run->err) : status;
}

static enum status run_next(struct run *run)
{
    arena_reset(&run->arena);
    run->reject = (struct reject){.field = ""};
    enum status status = csv_next(&run->row, &run->csv, &run->err);
    if (status != OK)
        return status;
    return mapping_read(&run->record, &run->reject, &run->mapping, &run->csv, &run->row,
                        &run->arena);
}

static void run_close(struct run *run)
{
    mapping_release(&run->mapping);
    csv_release(&run->csv);
    source_close(run->source);
    arena_release(&run->arena);
}

/* All values of the property, with "/" between. */
static const char *values(const struct record *record, const char *property)
{
    static char out[512];
    out[0] = '\0';
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->values[i].name, property) == 0)
            snprintf(out + strlen(out), sizeof out - strlen(out), "%s%.*s",
                     out[0] ? "/" : "", (int)record->values[i].raw.len,
                     (const char *)record->values[i].raw.at);
    return out;
}

#define CHECK_VALUES(run, property, wanted)                                                \
    CHECK_TEXT(bytes_text(values(&(run)->record, property)), wanted)

static void test_whole(void)
{
    struct run run;
    CHECK(run_open(&run,
                   "\xEF\xBB\xBF# people of the case\r\n"
                   "schema    = Person   # FollowTheMoney's\r\n"
                   "\r\n"
                   "id        = id\r\n"
                   "name      = first + last\r\n"
                   "name      = \"Don\" + last\r\n"
                   "birthDate = born %d/%m/%Y\r\n"
                   "phone     = phone\r\n"
                   "phone     = [ Phone ]\r\n"
                   "country   = \"xa\"\r\n"
                   "summary   = \"say \"\"no\"\" # here\"  # and a comment\r\n"
                   "notes     = [Seizure Date]+note\r\n"
                   "@status   = kind\r\n"
                   "@handling = \"H1 H2\"\r\n"
                   "@handling = \"H3: for this case\"\r\n"
                   "@owner    = \"XAPVL\"\r\n"
                   "@evaluation = \"4x4:B2\"\r\n"
                   "@purpose  = \"border\"\r\n"
                   "@review   = \"2031-01-31\"\r\n",
                   HEADER "7, Ana , Lima ,31/12/1984,2026-02-03,\" 55 \",witness,\"n 1\"\n"
                          ",Ana,,,,,,\n"
                          "8,,,,,,,x\n"
                          "9,a,b,,,,boss,\n") == OK);
    CHECK_SEEN(run.err.text[0] == '\0', "%s", run.err.text);
    CHECK(run_next(&run) == OK);
    CHECK(strcmp(run.record.schema->name, "Person") == 0);
    CHECK_TEXT(bytes_text(run.record.id), "7");
    CHECK_VALUES(&run, "name", "Ana Lima/Don Lima");
    CHECK_VALUES(&run, "birthDate", "31/12/1984");
    CHECK_VALUES(&run, "phone", "55/55");
    CHECK_VALUES(&run, "country", "xa");
    CHECK_VALUES(&run, "summary", "say \"no\" # here");
    CHECK_VALUES(&run, "notes", "2026-02-03 n 1");
    CHECK(run.record.status == STATUS_WITNESS && run.record.purpose == PURPOSE_BORDER);
    CHECK(run.record.handling == (HANDLING_H0 | HANDLING_H1 | HANDLING_H2 | HANDLING_H3));
    CHECK_TEXT(bytes_text(run.record.handling_note), "for this case");
    CHECK_TEXT(bytes_text(run.record.owner), "XAPVL");
    CHECK_TEXT(bytes_text(run.record.review), "2031-01-31");
    CHECK(strcmp(run.record.evaluation.code, "B2") == 0);
    CHECK(record_finish(&run.record, NULL, &run.err) == OK);
    CHECK_TEXT(record_first(&run.record, "birthDate"), "1984-12-31");

    CHECK(run_next(&run) ==
          OK); /* no id, and a constant beside a blank column says nothing */
    CHECK(run.record.id == NULL && run.record.status == STATUS_UNCATEGORISED);
    CHECK_VALUES(&run, "name", "Ana");
    CHECK_VALUES(&run, "phone", "");
    CHECK(run_next(&run) == OK);
    CHECK_VALUES(&run, "name", "");
    CHECK_VALUES(&run, "notes", "x");

    CHECK(run_next(&run) == BAD_INPUT); /* protection hangs on the status */
    CHECK_TEXT(bytes_text(run.reject.field), "kind");
    CHECK_TEXT(run.reject.value, "boss");
    CHECK_SEEN(strstr(run.reject.reason.text, "witness") != NULL, "%s",
               run.reject.reason.text);
    run_close(&run);
}

static void test_faults(void)
{
    static const struct {
        const char *mapping, *sentence;
    } cases[] = {
        {"", "no line names the schema"},
        {"name = first\n", "line 1: the first line must name the schema"},
        {"schema = Persn\n", "line 1: there is no schema \"Persn\"; did you mean Person?"},
        {"schema = Person\nschema = Person\n", "line 2: the schema is named twice"},
        {"schema = Person x\n", "line 1: something stands behind"},
        {"schema = Person\n\nbirthdate = born\n",
         "line 3: Person has no property \"birthdate\"; did you mean birthDate?"},
        {"schema = Person\nname = frst\n",
         "line 2: list.csv has no column \"frst\"; did you mean \"first\"?"},
        {"schema = Person\nname = first last\n", "line 2: \"last\" is not understood"},
        {"schema = Person\nname = first +\n",
         "line 2: a column name or a quoted text is missing"},
        {"schema = Person\nname =\n", "line 2: a column name or a quoted text is missing"},
        {"schema = Person\nname first\n", "line 2: a line is written as"},
        {"schema = Person\n= first\n", "line 2: a line is written as"},
        {"schema = Person\nname = \"Ana\n", "line 2: a quotation mark is not closed"},
        {"schema = Person\nname = \"\"\n", "line 2: the quoted text is empty"},
        {"schema = Person\nname = [first\n", "line 2: the bracket"},
        {"schema = Person\nname = first %Y\n", "line 2: a date format stands here"},
        {"schema = Person\nbirthDate = born + first %Y\n",
         "line 2: a date format stands behind"},
        {"schema = Person\nbirthDate = born %Q\n", "line 2: "},
        {"schema = Person\nid = id\nid = first\n", "line 3: the id is given twice"},
        {"schema = Person\n@state = kind\n",
         "line 2: \"@state\" is unknown; behind @ stands one"},
        {"schema = Person\n@status = \"boss\"\n", "line 2: \"boss\" is no status"},
        {"schema = Person\n@review = \"soon\"\n", "line 2: the review date"},
        {"schema = Person\nownershipOwner = first\n",
         "line 2: Person.ownershipOwner follows"},
        {"schema = Person\nname = \xFF\n", "not UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        enum status status = run_open(&run, cases[i].mapping, HEADER);
        CHECK_SEEN(status == BAD_INPUT, "%s", cases[i].mapping);
        CHECK_SEEN(strstr(run.err.text, cases[i].sentence) != NULL, "%s gives: %s",
                   cases[i].mapping, run.err.text);
        CHECK(text_starts(bytes_text(run.err.text), "people.map"));
        run_close(&run);
    }
}

static void test_limits(void)
{
    struct buf text = {.max = 2 * MAPPING_FILE_MAX};
    struct mapping mapping;
    struct err err;
    buf_add_text(&text, "schema = Person\n");
    for (int i = 0; i < MAPPING_LINES_MAX; i++)
        buf_add_text(&text, "name = first\n");
    CHECK(mapping_parse(&mapping, buf_bytes(&text), "m", &err) == OK);
    CHECK(mapping.count == MAPPING_LINES_MAX);
    mapping_release(&mapping);
    buf_add_text(&text, "name = first\n");
    CHECK(mapping_parse(&mapping, buf_bytes(&text), "m", &err) == BAD_INPUT);
    mapping_release(&mapping);

    buf_clear(&text);
    buf_add_text(&text, "schema = Person\nname = first");
    for (int i = 0; i < MAPPING_TERMS_MAX; i++)
        buf_add_text(&text, " + first");
    CHECK(mapping_parse(&mapping, buf_bytes(&text), "m", &err) == BAD_INPUT);
    CHECK_SEEN(strstr(err.text, "more than 32 columns") != NULL, "%s", err.text);
    mapping_release(&mapping);

    buf_clear(&text);
    memset(buf_extend(&text, MAPPING_FILE_MAX + 1), '#', MAPPING_FILE_MAX + 1);
    CHECK(mapping_parse(&mapping, buf_bytes(&text), "m", &err) == TOO_LARGE);
    mapping_release(&mapping);
    buf_release(&text);

    /* An id longer than a record may have costs the row. */
    struct buf file = {.max = 4096};
    buf_add_text(&file, HEADER);
    memset(buf_extend(&file, RECORD_ID_MAX + 1), 'x', RECORD_ID_MAX + 1);
    buf_add_text(&file, ",,,,,,,\n");
    struct run run;
    CHECK(run_open(&run, "schema = Person\nid = id\n", buf_text(&file)) == OK);
    CHECK(run_next(&run) == BAD_INPUT);
    CHECK_TEXT(bytes_text(run.reject.field), "id");
    run_close(&run);
    buf_release(&file);
}

static void test_column_twice(void)
{
    struct run run;
    CHECK(run_open(&run, "schema = Person\nname = a\n", "a,b,a\n1,2,3\n") == BAD_INPUT);
    CHECK_SEEN(strstr(run.err.text, "line 2: the column \"a\" stands twice") != NULL, "%s",
               run.err.text);
    run_close(&run);
    CHECK(run_open(&run, "schema = Person\nname = b\n", "a,b,a\n1,2,3\n") == OK);
    run_close(&run);
}

int main(void)
{
    test_whole();
    test_faults();
    test_limits();
    test_column_twice();
    return check_done("mapping");
}
