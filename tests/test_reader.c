/* SPDX-License-Identifier: Apache-2.0
 *
 * The reader as a whole, and its rejects file: what is recognised, what is refused, what is kept.
 */
#include "base/file.h"
#include "base/text.h"
#include "check.h"
#include "formats/reader.h"
#include "temporary.h"

#include <errno.h>

#define IDS_HEAD "COUNTRY;SEIZURE_DATE;DRUG_NAME;AMOUNT\n"
#define MAP "schema = Person\nid = id\nname = name\nbirthDate = born %d/%m/%Y\n"

/* Reads a whole file: how many records came, and the status that ended it. */
struct result {
    enum status status;
    size_t records;
    struct reader_counts counts;
    enum reader_format format;
    char reason[ERR_TEXT_MAX], damage[ERR_TEXT_MAX], rejects[512];
    struct err err;
};

static struct result read_all(const struct reader_options *options)
{
    struct result result = {0};
    struct reader *reader = NULL;
    struct arena arena = {0};
    result.status = reader_open(&reader, options, &result.err);
    while (result.status == OK) {
        struct record record;
        arena_reset(&arena);
        result.status = reader_next(&record, reader, &arena, &result.err);
        result.records += result.status == OK;
    }
    if (reader != NULL) {
        result.counts = reader_counts(reader);
        result.format = reader_format(reader);
        snprintf(result.reason, sizeof result.reason, "%s", reader_first_reason(reader));
        snprintf(result.damage, sizeof result.damage, "%s", reader_damage(reader));
        snprintf(result.rejects, sizeof result.rejects, "%s",
                 reader_rejects(reader) ? reader_rejects(reader) : "");
    }
    reader_close(reader);
    arena_release(&arena);
    return result;
}

static void check_file(const char *path, const char *content)
{
    struct arena arena = {0};
    struct bytes seen = {0};
    struct err err = {.text = ""};
    CHECK_SEEN(file_read(&seen, path, 1 << 20, &arena, &err) == OK, "%s", err.text);
    CHECK_TEXT(seen, content);
    arena_release(&arena);
}

static void test_recognised(void)
{
    const char *map = temporary_file("m.map", BYTES_OF(MAP));
    struct buf packed = {.max = 4096};
    temporary_gzip(&packed, BYTES_OF(IDS_HEAD "Peru;2012-01-01;Heroin;1\n"));
    const struct {
        const char *name;
        struct bytes file;
        const char *map;
        enum reader_format format;
    } cases[] = {
        {"ids", BYTES_OF(IDS_HEAD "Peru;2012-01-01;Heroin;1\n"), NULL, READER_IDS},
        {"ids.gz", buf_bytes(&packed), NULL, READER_IDS},
        {"ids as CSV", BYTES_OF("id,name,born\n1,Ana,1/2/1984\n"), map, READER_CSV},
        {"ftm", BYTES_OF("\n {\"id\":\"a\",\"schema\":\"Person\"}\n"), NULL, READER_FTM},
        {"CSV that begins as JSON", BYTES_OF("[x],id,name,born\n1,2,3,\n"), map,
         READER_CSV},
        {"ftm with mark", BYTES_OF("\xEF\xBB\xBF{\"id\":\"a\",\"schema\":\"Person\"}\n"),
         NULL, READER_FTM},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct result result = read_all(&(struct reader_options){
            .path = temporary_file("any", cases[i].file), .map_path = cases[i].map});
        CHECK_SEEN(result.status == NOT_FOUND && result.records == 1, "%s: %s",
                   cases[i].name, result.err.text);
        CHECK_SEEN(result.format == cases[i].format, "%s", cases[i].name);
        CHECK(result.counts.read == 1 && result.counts.bytes == cases[i].file.len);
        CHECK(result.rejects[0] == '\0');
    }
    buf_release(&packed);
}

static void test_refused(void)
{
    static const struct {
        const char *name, *file;
        enum reader_format format;
        const char *sentence;
    } cases[] = {
        {"empty", "", READER_GUESS, "empty"},
        {"only blanks", " \n\r\n", READER_GUESS, "empty"},
        {"empty as CSV", "", READER_CSV, "empty"},
        {"a damaged workbook", "PK\x03\x04zip", READER_GUESS, "cut off or damaged"},
        {"PDF", "%PDF-1.7", READER_GUESS, "PDF"},
        {"XML", "<?xml?>", READER_GUESS, "XML"},
        {"JSON list", "[\n{\"id\":\"a\"}]", READER_GUESS, "JSON lines are needed"},
        {"CSV without mapping", "number,name\n1,Ana\n", READER_GUESS, "id     = [number]"},
        {"CSV asked for", "number,name\n1,Ana\n", READER_CSV, "name   = [name]"},
        {"one column", "number\n1\n", READER_GUESS, "schema = Person"},
        {"not IDS", "number,name\n1,Ana\n", READER_IDS, "the header lacks"},
        {"quote in the header", "a,\"b\n1,2\n", READER_GUESS, "line 1: the header"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct result result = read_all(&(struct reader_options){
            .path = temporary_file("any", bytes_text(cases[i].file)),
            .format = cases[i].format});
        CHECK_SEEN(result.status == BAD_INPUT, "%s: %s", cases[i].name, result.err.text);
        CHECK_SEEN(strstr(result.err.text, cases[i].sentence) != NULL, "%s: %s",
                   cases[i].name, result.err.text);
        CHECK_SEEN(strstr(result.err.text, temporary_folder) != NULL, "%s",
                   result.err.text);
    }
    const char *map = temporary_file("m.map", BYTES_OF(MAP));
    struct result result = read_all(&(struct reader_options){
        .path = temporary_file("any", BYTES_OF("{}\n")), .map_path = map});
    CHECK(result.status == BAD_INPUT);
    result = read_all(&(struct reader_options){
        .path = temporary_file("any", BYTES_OF("id,name\n1,Ana\n")), .map_path = map});
    CHECK_SEEN(result.status == BAD_INPUT && strstr(result.err.text, "no column \"born\""),
               "%s", result.err.text);
    result = read_all(&(struct reader_options){.path = temporary_path("any"),
                                               .map_path = temporary_path("absent.map")});
    CHECK_SEEN(result.status == NOT_FOUND && strstr(result.err.text, "absent.map"), "%s",
               result.err.text);
}

/* Bad values and missing names cost no row; they are counted. */
static void test_mapped_values(void)
{
    const char *map = temporary_file("m.map", BYTES_OF(MAP));
    struct result result = read_all(
        &(struct reader_options){.path = temporary_file("any", BYTES_OF("id,name,born\n"
                                                                        "1,Ana,31/12/1984\n"
                                                                        "2,Eva,99/99/1984\n"
                                                                        "3,,1/1/1990\n"
                                                                        ",Rui,1/1/1991\n"
                                                                        ",Rui,1/1/1991\n")),
                                 .map_path = map});
    CHECK(result.status == NOT_FOUND && result.records == 5);
    CHECK(result.counts.read == 5 && result.counts.rejected == 0);
    CHECK(result.counts.unusable == 1 && result.counts.repeated == 1);
    const char *first = result.counts.first_unusable.text;
    CHECK_SEEN(strncmp(first, "line 3, birthDate: ", 19) == 0 &&
                   strstr(first, "99") != NULL,
               "%s", first);
}

static void test_rejects_file(void)
{
    const char *path =
        temporary_file("in.csv", BYTES_OF(IDS_HEAD "Peru;2012-01-01;Heroin;1\n"
                                                   "Peru;;Heroin;1\n"
                                                   "Peru;2012-01-01;\"a \"\"b\"\", c\";x\n"
                                                   "Peru;2012-01-01\n"
                                                   "Per\xFA;2012-01-02;=1+1;1\n"));
    char wanted[512];
    snprintf(wanted, sizeof wanted, "%s.rejects.csv", path);
    struct result result = read_all(&(struct reader_options){.path = path});
    CHECK(result.status == NOT_FOUND && result.records == 2);
    CHECK(result.counts.read == 5 && result.counts.rejected == 3 &&
          result.counts.repaired == 1);
    CHECK(strcmp(result.rejects, wanted) == 0);
    CHECK_TEXT(bytes_text(result.reason),
               "line 3, SEIZURE_DATE: the date of the seizure is missing");
    check_file(
        wanted,
        "line,field,value,reason,row\n"
        "3,SEIZURE_DATE,,the date of the seizure is missing,\"Peru;;Heroin;1\"\n"
        "4,AMOUNT,x,\"\"\"x\"\" is not a number; write it as 1234.5, with a point and "
        "nothing between the thousands\",\"Peru;2012-01-01;\"\"a \"\"\"\"b\"\"\"\", "
        "c\"\";x\"\n"
        "5,,,\"the row has 2 fields, the header has 4 columns\",\"Peru;2012-01-01\"\n");
    struct stat about;
    CHECK(stat(wanted, &about) == 0 && (about.st_mode & 0777) == 0600);

    /* An earlier rejects file is replaced; the same with the name given. */
    result = read_all(&(struct reader_options){.path = path});
    CHECK(result.status == NOT_FOUND && result.counts.rejected == 3);
    result = read_all(
        &(struct reader_options){.path = path, .rejects_path = temporary_path("mine.csv")});
    CHECK(result.status == NOT_FOUND && strstr(result.rejects, "mine.csv") != NULL);
    /* None is made when none is wanted, or nothing is rejected. */
    unlink(wanted);
    result = read_all(&(struct reader_options){.path = path, .no_rejects_file = true});
    CHECK(result.counts.rejected == 3 && result.rejects[0] == '\0');
    CHECK(access(wanted, F_OK) != 0);
}

/* A title above the header; lines are those of the file. */
static void test_titles(void)
{
    const char *path = temporary_file("title.csv", BYTES_OF("Seizures 2012;;;\n\n" IDS_HEAD
                                                            "Peru;2012-01-01;Heroin;1\n"
                                                            "Peru;;Heroin;1\n"));
    struct result result =
        read_all(&(struct reader_options){.path = path, .no_rejects_file = true});
    CHECK(result.status == NOT_FOUND && result.records == 1);
    CHECK_TEXT(bytes_text(result.reason),
               "line 5, SEIZURE_DATE: the date of the seizure is missing");
    CHECK_TEXT(bytes_text(result.counts.reasons[0].text), result.reason);
    /* Without any header the first line is what is shown. */
    path = temporary_file("none.csv", BYTES_OF("a;b\n1;2\n3;4\n"));
    result = read_all(&(struct reader_options){.path = path, .no_rejects_file = true});
    CHECK_SEEN(result.status == BAD_INPUT && strstr(result.err.text, "[a]") != NULL, "%s",
               result.err.text);
}

static void test_rejects_refused(void)
{
    const char *path = temporary_file("in.csv", BYTES_OF(IDS_HEAD "Peru;;Heroin;1\n"));
    struct result result =
        read_all(&(struct reader_options){.path = path, .rejects_path = path});
    CHECK_SEEN(result.status == CONFLICT && strstr(result.err.text, "that is being read"),
               "%s", result.err.text);
    check_file(path, IDS_HEAD "Peru;;Heroin;1\n");

    const char *other = temporary_file("precious.txt", BYTES_OF("line 1 of my novel"));
    result = read_all(&(struct reader_options){.path = path, .rejects_path = other});
    CHECK_SEEN(result.status == CONFLICT && strstr(result.err.text, "not replaced"), "%s",
               result.err.text);
    check_file(other, "line 1 of my novel");

    result = read_all(&(struct reader_options){.path = path, .rejects_path = "/dev/full"});
    CHECK_SEEN(result.status == IO_FAILED && strstr(result.err.text, strerror(ENOSPC)),
               "%s", result.err.text);
    result = read_all(&(struct reader_options){
        .path = path, .rejects_path = temporary_path("absent/r.csv")});
    CHECK_SEEN(result.status == IO_FAILED, "%s", result.err.text);

    char link[512];
    snprintf(link, sizeof link, "%s.rejects.csv", path);
    unlink(link);
    CHECK(symlink(other, link) == 0);
    result = read_all(&(struct reader_options){.path = path});
    CHECK_SEEN(result.status == IO_FAILED, "%s", result.err.text);
    check_file(other, "line 1 of my novel");
}

/* Where the input's folder cannot be written, the rejects stand in the current one. */
static void test_rejects_elsewhere(void)
{
    if (geteuid() == 0) {
        CHECK_SKIP("root may write every folder");
        return;
    }
    const char *path = temporary_file("in2.csv", BYTES_OF(IDS_HEAD "Peru;;Heroin;1\n"));
    char here[4096];
    if (getcwd(here, sizeof here) == NULL || chdir("/tmp") != 0)
        return;
    chmod(temporary_folder, 0500);
    struct result result = read_all(&(struct reader_options){.path = path});
    chmod(temporary_folder, 0700);
    CHECK_SEEN(strcmp(result.rejects, "./in2.csv.rejects.csv") == 0, "%s", result.rejects);
    unlink("in2.csv.rejects.csv");
    CHECK(chdir(here) == 0);
}

static void test_cut_gzip(void)
{
    struct buf text = {.max = 1 << 16}, packed = {.max = 1 << 16};
    buf_add_text(&text, IDS_HEAD);
    for (int i = 0; i < 300; i++)
        buf_addf(&text, "Peru;2012-01-%02d;Heroin;%d.%d\n", i % 28 + 1, i, i * 7919 % 100);
    temporary_gzip(&packed, buf_bytes(&text));
    struct result result = read_all(&(struct reader_options){
        .path =
            temporary_file("cut.gz", bytes_slice(buf_bytes(&packed), 0, packed.len / 2))});
    CHECK(result.status == NOT_FOUND);
    CHECK_SEEN(result.records > 10 && result.records < 300, "%zu", result.records);
    CHECK(result.counts.rejected == 1 && result.counts.read == result.records + 1);
    CHECK_SEEN(strstr(result.damage, "cut off") != NULL, "%s", result.damage);
    CHECK_SEEN(strstr(result.reason, "cut off") != NULL, "%s", result.reason);
    buf_release(&text);
    buf_release(&packed);
}

static void test_paths(void)
{
    struct result result = read_all(&(struct reader_options){.path = temporary_folder});
    CHECK(result.status == BAD_INPUT);
    result = read_all(&(struct reader_options){.path = temporary_path("absent")});
    CHECK(result.status == NOT_FOUND && strstr(result.err.text, "no such file") != NULL);
    /* Standard input: its rejects have a name of their own. */
    int pipes[2];
    CHECK(pipe(pipes) == 0);
    static const char text[] = IDS_HEAD "Peru;2012-01-01;Heroin;1\n";
    CHECK(write(pipes[1], text, sizeof text - 1) == (ssize_t)sizeof text - 1);
    close(pipes[1]);
    int kept = dup(STDIN_FILENO);
    dup2(pipes[0], STDIN_FILENO);
    result = read_all(&(struct reader_options){.path = "-"});
    CHECK(result.status == NOT_FOUND && result.records == 1);
    dup2(kept, STDIN_FILENO);
    close(kept);
    close(pipes[0]);
}

static void test_public_data(void)
{
    static const char febrl[] =
        "schema    = Person\n"
        "id        = rec_id\n"
        "name      = given_name + surname\n"
        "birthDate = date_of_birth %Y%m%d\n"
        "address   = street_number + address_1 + suburb + postcode + "
        "state\n"
        "country   = \"au\"\n"
        "@status   = \"suspect\"\n";
    static const char fake[] =
        "schema = Person\nid = unique_id\nname = first_name + surname\n"
        "birthDate = dob\nemail = email\n";
    static const struct {
        const char *name, *map;
        size_t records;
    } cases[] = {
        {"people/febrl1.csv", febrl, 1000},    {"people/febrl2.csv", febrl, 5000},
        {"people/febrl3.csv", febrl, 5000},    {"people/fake_1000.csv", fake, 1000},
        {"ftm/donations.ftm.json", NULL, 475},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = public_data(cases[i].name);
        if (path == NULL) {
            CHECK_SKIP(cases[i].name);
            continue;
        }
        const char *map = cases[i].map == NULL
                              ? NULL
                              : temporary_file("data.map", bytes_text(cases[i].map));
        struct result result = read_all(&(struct reader_options){
            .path = path, .map_path = map, .no_rejects_file = true});
        CHECK_SEEN(result.records == cases[i].records, "%s: %zu", cases[i].name,
                   result.records);
        CHECK_SEEN(result.counts.rejected == 0, "%s: %s", cases[i].name, result.reason);
        CHECK(result.counts.unknown == 0 && result.counts.repeated == 0);
    }
}

/* Which number is the month: told when the column shows it, and only then. */
static void test_day_order(void)
{
    static const char map[] = "schema = Person\nid = id\nname = name\nbirthDate = born\n";
    static const struct {
        const char *rows; /* of born alone, or of an IDS file's date */
        bool ids;
        const char *told; /* "" nothing */
    } cases[] = {
        {"31/12/2021\n01/01/2021\n", false,
         "birthDate: the first number is over 12 in 1 of 2 dates, as in 31/12/2021, and "
         "the "
         "second in none: the second is the month. If that is so, write %d/%m/%Y behind "
         "the "
         "column in the mapping file"},
        {"01.02.2021\n2.28.2021\n02.29.2021\n", false,
         "birthDate: the second number is over 12 in 2 of 3 dates, as in 2.28.2021, and "
         "the "
         "first in none: the first is the month. If that is so, write %m.%d.%Y behind the "
         "column in the mapping file"},
        {"31-12-2021\n2021-01-05\n", false,
         "birthDate: the first number is over 12 in 1 of 1 date, as in 31-12-2021, and the "
         "second in none: the second is the month. If that is so, write %d-%m-%Y behind "
         "the "
         "column in the mapping file; 1 other is written otherwise and would not be read "
         "so"},
        {"31/12/2021\n01/01/2021\n", true,
         "SEIZURE_DATE: the first number is over 12 in 1 of 2 dates, as in 31/12/2021, and "
         "the second in none: the second is the month. If that is so, write %d/%m/%Y "
         "behind "
         "the column in a mapping file, and read with --format csv"},
        {"01/02/2021\n12/12/2021\n", false, ""}, /* nothing shows it */
        {"31/12/2021\n12/31/2021\n", false, ""}, /* each says another thing */
        {"31/12/2021\n31/13/2021\n", false, ""}, /* so does this one alone */
        {"31/12/2021\n30.11.2021\n", false, ""}, /* no format reads both */
        {"31/12/21\n30/12/21\n", false, ""},     /* no format reads them */
        {"31/12/2021 05:00\n", false, ""},
        {"2021-12-31\n20210101\n\n?\n", false, ""},
        {"31/12/2021123456789012345678901234567890\n31//2021\n/12/2021\n31/12\n31/12/\n",
         false, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024];
        size_t len = (size_t)snprintf(text, sizeof text, "%s",
                                      cases[i].ids ? IDS_HEAD : "id,name,born\n");
        int row = 1;
        for (const char *at = cases[i].rows; *at != '\0';
             at += strcspn(at, "\n") + 1, row++)
            len += (size_t)snprintf(
                text + len, sizeof text - len,
                cases[i].ids ? "Spain;%.*s;Cocaine;1\n" : "R%.*s,Somebody,%.*s\n",
                cases[i].ids ? (int)strcspn(at, "\n") : 1,
                cases[i].ids ? at : &"0123456789"[row], (int)strcspn(at, "\n"), at);
        const char *path = temporary_file("dates.csv", bytes_text(text));
        char kept[512];
        snprintf(kept, sizeof kept, "%s", path);
        const char *map_path =
            cases[i].ids ? NULL : temporary_file("dates.map", bytes_text(map));
        struct result result = read_all(&(struct reader_options){
            .path = kept, .map_path = map_path, .no_rejects_file = true});
        CHECK(result.counts.read == (size_t)row - 1);
        CHECK_SEEN(strcmp(result.counts.day_order.text, cases[i].told) == 0, "%s: %s",
                   cases[i].rows, result.counts.day_order.text);
    }
    /* A format was said: then nothing is left to tell. */
    struct result result = read_all(&(struct reader_options){
        .path = temporary_file("dates.csv", BYTES_OF("id,name,born\n1,A,31/12/2021\n")),
        .map_path = temporary_file("dates.map", BYTES_OF(MAP)),
        .no_rejects_file = true});
    CHECK(result.records == 1 && result.counts.day_order.text[0] == '\0');
}

int main(void)
{
    temporary_open();
    test_day_order();
    test_recognised();
    test_refused();
    test_mapped_values();
    test_rejects_file();
    test_titles();
    test_rejects_refused();
    test_rejects_elsewhere();
    test_cut_gzip();
    test_paths();
    test_public_data();
    temporary_close();
    return check_done("reader");
}
