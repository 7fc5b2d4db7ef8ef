/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "check.h"
#include "formats/ftm.h"
#include "temporary.h"

#include <sys/resource.h>

struct run {
    struct source *source;
    struct ftm ftm;
    struct record record;
    struct reject reject;
    struct arena arena;
    struct err err;
};

static void run_open(struct run *run, struct bytes file)
{
    *run = (struct run){0};
    CHECK(source_open_bytes(&run->source, file, "test.json", &run->err) == OK);
    ftm_open(&run->ftm, run->source);
}

static enum status run_next(struct run *run)
{
    arena_reset(&run->arena);
    return ftm_read(&run->record, &run->reject, &run->ftm, &run->arena, &run->err);
}

static void run_close(struct run *run)
{
    ftm_release(&run->ftm);
    source_close(run->source);
    arena_release(&run->arena);
}

static void test_whole(void)
{
    struct run run;
    run_open(
        &run,
        BYTES_OF(
            "\n"
            "{\"id\":\"x1\",\"schema\":\"Person\",\"caption\":\"A\",\"datasets\":[\"d\"],"
            "\"target\":true,"
            "\"properties\":{\"name\":[\"Ana Lima\",\"Ana "
            "\\u004cima\"],\"birthDate\":\"1984\","
            "\"height\":[1.75,true,null],\"hobby\":[\"chess\"]},"
            "\"owner\":\"XAPVL\",\"status\":\"witness\",\"handling\":[\"H1\",\"H3: once\"],"
            "\"evaluation\":\"6x6:B2\",\"purpose\":\"border\",\"review\":\"2031-01-31\"}"
            "\r\n"
            "  \n"
            "{\"id\":12,\"schema\":\"Company\"}"));
    CHECK(run_next(&run) == OK);
    struct record *record = &run.record;
    CHECK(record->line == 2 && strcmp(record->schema->name, "Person") == 0);
    CHECK_TEXT(bytes_text(record->id), "x1");
    CHECK_SEEN(record->count == 6, "%zu", record->count);
    CHECK_TEXT(record->values[1].raw, "Ana Lima");
    CHECK_TEXT(record->values[3].raw, "1.75");
    CHECK_TEXT(record->values[4].raw, "true");
    CHECK(record->values[5].property == NULL);
    CHECK_TEXT(bytes_text(record->values[5].name), "hobby");
    CHECK_TEXT(record->values[5].raw, "chess");
    CHECK_TEXT(bytes_text(record->owner), "XAPVL");
    CHECK(record->status == STATUS_WITNESS && record->purpose == PURPOSE_BORDER);
    CHECK(record->handling == (HANDLING_H0 | HANDLING_H1 | HANDLING_H3));
    CHECK_TEXT(bytes_text(record->handling_note), "once");
    CHECK(record->evaluation.scheme == EVALUATION_6X6);
    CHECK_TEXT(bytes_text(record->review), "2031-01-31");
    struct bytes value;
    CHECK(ftm_field(&value, &run.ftm, BYTES_OF("id")) && bytes_is(value, "x1"));
    CHECK(ftm_field(&value, &run.ftm, BYTES_OF("name")) && bytes_is(value, "Ana Lima"));
    CHECK(ftm_field(&value, &run.ftm, BYTES_OF("birthDate")) && bytes_is(value, "1984"));
    CHECK(!ftm_field(&value, &run.ftm, BYTES_OF("email")));
    CHECK(run_next(&run) == OK);
    CHECK(run.record.line == 4 && run.record.count == 0);
    CHECK_TEXT(bytes_text(run.record.id), "12");
    CHECK(run.record.handling == HANDLING_H0);
    CHECK(run_next(&run) == NOT_FOUND);
    CHECK(run_next(&run) == NOT_FOUND);
    run_close(&run);
}

/* Each is rejected, and the good line behind it read. */
static void test_rejected(void)
{
#define PERSON "\"id\":\"x\",\"schema\":\"Person\""
    static const struct {
        const char *line, *field, *reason;
    } cases[] = {
        {"{" PERSON, "", "ends before the value"},
        {"{\"id\":\"x\",", "", "ends before the value"},
        {"{" PERSON "} {}", "", "unexpected character"},
        {"nonsense", "", "JSON"},
        {"[1]", "", "not an object"},
        {"null", "", "not an object"},
        {"{\"schema\":\"Person\"}", "id", "no id"},
        {"{\"id\":\" \",\"schema\":\"Person\"}", "id", "no id"},
        {"{\"id\":[\"x\"],\"schema\":\"Person\"}", "id", "no id"},
        {"{\"id\":\"a\\u0000b\",\"schema\":\"Person\"}", "id", "an id is text"},
        {"{\"id\":\"x\"}", "schema", "names no schema"},
        {"{\"id\":\"x\",\"schema\":\"Persn\"}", "schema", "did you mean Person?"},
        {"{" PERSON ",\"properties\":[]}", "properties", "must be an object"},
        {"{" PERSON ",\"properties\":{\"name\":[{\"id\":\"y\"}]}}", "name",
         "named by its id"},
        {"{" PERSON ",\"properties\":{\"name\":{\"id\":\"y\"}}}", "name",
         "named by its id"},
        {"{" PERSON ",\"properties\":{\"name\":[[\"y\"]]}}", "name", "list inside a list"},
        {"{" PERSON ",\"properties\":{\"name\":\"a\\u0000b\"}}", "name", "NUL"},
        {"{" PERSON ",\"status\":\"boss\"}", "status", "witness"},
        {"{" PERSON ",\"status\":7}", "status", "must be text"},
        {"{" PERSON ",\"status\":\"\"}", "status", "must be text"},
        {"{" PERSON ",\"handling\":\"H9\"}", "handling", "H0"},
        {"{" PERSON ",\"handling\":[\"H1\",null,\"X\"]}", "handling", "H0"},
        {"{" PERSON ",\"handling\":[[\"H1\"]]}", "handling", "must be text"},
        {"{" PERSON ",\"evaluation\":\"B2\"}", "evaluation", "scheme"},
        {"{" PERSON ",\"purpose\":\"fun\"}", "purpose", "trends"},
        {"{" PERSON ",\"review\":\"2031\"}", "review", "day"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf file = {.max = 4096};
        struct run run;
        buf_addf(&file, "%s\n{\"id\":\"good\",\"schema\":\"Person\"}\n", cases[i].line);
        run_open(&run, buf_bytes(&file));
        CHECK_SEEN(run_next(&run) == BAD_INPUT, "%s", cases[i].line);
        CHECK(run.reject.line == 1);
        CHECK_TEXT(bytes_text(run.reject.field), cases[i].field);
        CHECK_SEEN(strstr(run.reject.reason.text, cases[i].reason) != NULL, "%s gives: %s",
                   cases[i].line, run.reject.reason.text);
        CHECK_TEXT(run.reject.row, cases[i].line);
        CHECK(run_next(&run) == OK);
        CHECK(run_next(&run) == NOT_FOUND);
        run_close(&run);
        buf_release(&file);
    }
}

static void test_latin1(void)
{
    struct run run;
    run_open(&run, BYTES_OF("{\"id\":\"x\",\"schema\":\"Person\",\"properties\":{\"name\":"
                            "\"Nu\xF1"
                            "ez\"}}\n"));
    CHECK(run_next(&run) == OK);
    CHECK(run.ftm.repaired == 1);
    CHECK_TEXT(run.record.values[0].raw, "Nu\xC3\xB1"
                                         "ez");
    run_close(&run);
}

/* A gzip file cut off: the lines before it, then one rejection that says so. */
static void test_cut(void)
{
    struct buf text = {.max = 1 << 16}, file = {.max = 1 << 16};
    for (int i = 0; i < 200; i++)
        buf_addf(&text, "{\"id\":\"p%d\",\"schema\":\"Person\"}\n", i * 7919 % 1000);
    temporary_gzip(&file, buf_bytes(&text));
    struct run run;
    run_open(&run, bytes_slice(buf_bytes(&file), 0, file.len - 40));
    size_t good = 0, bad = 0;
    for (enum status status; (status = run_next(&run)) != NOT_FOUND;) {
        good += status == OK;
        bad += status == BAD_INPUT;
        CHECK(status == OK || strstr(run.reject.reason.text, "cut off") != NULL);
    }
    CHECK_SEEN(good > 50 && good < 200 && bad == 1, "%zu good, %zu bad", good, bad);
    run_close(&run);
    buf_release(&text);
    buf_release(&file);
}

/* Writes a line with `mebibytes` of text between two good ones, as gzip members that are never
 * all unpacked here. */
static void write_long(struct buf *file, size_t mebibytes)
{
    enum { PIECE = 1 << 20 };
    uint8_t *piece = malloc(PIECE);
    memset(piece, 'z', PIECE);
    temporary_gzip(file, BYTES_OF("{\"id\":\"a\",\"schema\":\"Person\"}\n"
                                  "{\"id\":\"long\",\"schema\":\"Person\","
                                  "\"properties\":{\"notes\":\""));
    for (size_t i = 0; i < mebibytes; i++)
        temporary_gzip(file, bytes_of(piece, PIECE));
    temporary_gzip(file, BYTES_OF("\"}}\n{\"id\":\"b\",\"schema\":\"Person\"}\n"));
    free(piece);
}

static void test_long_lines(void)
{
    struct buf file = {.max = 4 << 20};
    write_long(&file, 100);
    struct run run;
    struct rusage before, after;
    run_open(&run, buf_bytes(&file));
    getrusage(RUSAGE_SELF, &before);
    CHECK(run_next(&run) == OK);
    CHECK(run_next(&run) == BAD_INPUT);
    CHECK_SEEN(strstr(run.reject.reason.text, "longer than 16 MiB") != NULL, "%s",
               run.reject.reason.text);
    CHECK(run.reject.line == 2 && run.reject.row.len == FTM_SHOWN_MAX);
    CHECK(run_next(&run) == OK);
    CHECK_TEXT(bytes_text(run.record.id), "b");
    CHECK(run.record.line == 3);
    CHECK(run_next(&run) == NOT_FOUND);
    getrusage(RUSAGE_SELF, &after);
    CHECK_SEEN(after.ru_maxrss - before.ru_maxrss < 96 * 1024, "%ld KiB more",
               after.ru_maxrss - before.ru_maxrss);
    run_close(&run);
    buf_clear(&file);

    write_long(&file, 1); /* long, and taken: text has no limit of its own here */
    run_open(&run, buf_bytes(&file));
    CHECK(run_next(&run) == OK);
    CHECK(run_next(&run) == OK);
    CHECK(run.record.values[0].raw.len == 1 << 20);
    run_close(&run);
    buf_clear(&file);

    /* many small values: short as text, huge as a tree */
    buf_add_text(&file, "{\"id\":\"x\",\"schema\":\"Person\",\"properties\":{\"name\":[0");
    for (size_t i = 0; i < FTM_MEMBERS_MAX; i++)
        buf_add_text(&file, ",0");
    buf_add_text(&file, "]}}\n");
    run_open(&run, buf_bytes(&file));
    CHECK(run_next(&run) == BAD_INPUT);
    CHECK_SEEN(strstr(run.reject.reason.text, "members") != NULL, "%s",
               run.reject.reason.text);
    run_close(&run);
    buf_release(&file);
}

int main(void)
{
    test_whole();
    test_rejected();
    test_latin1();
    test_cut();
    test_long_lines();
    return check_done("ftm");
}
