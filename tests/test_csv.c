/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "check.h"
#include "formats/csv.h"
#include "temporary.h"

/* What csv makes of a file, in one line of text a row:
 *     "2:a|b|c"          line 2, three fields; a quoted one is written <b>
 *     "3!too few ..."    line 3 has a fault
 */
static void dump_row(struct buf *out, const struct csv_row *row, size_t columns)
{
    buf_addf(out, "%zu", row->line);
    if (row->fault != NULL) {
        buf_addf(out, "!%.24s\n", row->fault);
        return;
    }
    for (size_t i = 0; i < columns; i++) {
        struct bytes text = row->fields[i].text;
        buf_add_byte(out, i == 0 ? ':' : '|');
        if (row->fields[i].quoted)
            buf_add_byte(out, '<');
        buf_add(out, text);
        if (row->fields[i].quoted)
            buf_add_byte(out, '>');
    }
    buf_add_byte(out, '\n');
}

static enum status dump(struct buf *out, struct bytes file, struct err *err)
{
    struct source *source = NULL;
    struct csv csv = {0};
    enum status status = source_open_bytes(&source, file, "test.csv", err);
    if (status == OK)
        status = csv_open(&csv, source, err);
    while (status == OK) {
        struct csv_row row;
        status = csv_next(&row, &csv, err);
        if (status == OK)
            dump_row(out, &row, csv.column_count);
    }
    csv_release(&csv);
    source_close(source);
    return status;
}

static const struct {
    const char *name, *file, *rows;
} cases[] = {
    {"plain", "a,b\n1,2\n3,4\n", "2:1|2\n3:3|4\n"},
    {"no line end at the end", "a,b\n1,2", "2:1|2\n"},
    {"CRLF", "a,b\r\n1,2\r\n", "2:1|2\n"},
    {"lone CR", "a,b\r1,2\r3,4\r", "2:1|2\n3:3|4\n"},
    {"semicolon", "a;b\n1,5;2\n", "2:1,5|2\n"},
    {"tab", "a\tb\n1\t\n", "2:1|\n"},
    {"bar", "a|b|c\n1|2|3\n", "2:1|2|3\n"},
    {"one column", "a\n1\n2\n", "2:1\n3:2\n"},
    {"delimiter in a quoted header", "\"a,x,y\";b\n1;2\n", "2:1|2\n"},
    {"Excel's hint", "sep=|\na,b|c\n1|2\n", "3:1|2\n"},
    {"blank lines", "\n\na,b\n\n1,2\n  \n,\n3,4\n\n", "5:1|2\n8:3|4\n"},
    {"quoted", "a,b\n\"1,5\",\"2\"\n", "2:<1,5>|<2>\n"},
    {"quoted empty", "a,b\n\"\",2\n", "2:<>|2\n"},
    {"doubled", "a,b\n\"say \"\"no\"\"\",2\n", "2:<say \"no\">|2\n"},
    {"only a doubled", "a,b\n\"\"\"\",2\n", "2:<\">|2\n"},
    {"quoted line end", "a,b\n\"1\n2\r\n3\",x\n4,5\n", "2:<1\n2\r\n3>|x\n5:4|5\n"},
    {"quoted line end is last", "a,b\n1,\"x\ny\"\n4,5\n", "2:1|<x\ny>\n4:4|5\n"},
    {"blanks before a quote", "a, b\n1, \"2, 3\" \n", "2:1|<2, 3>\n"},
    {"blanks are the field's", "a,b\n 1 , 2\n", "2: 1 | 2\n"},
    {"quote inside", "a,b\n5\" pipe,2\n", "2:5\" pipe|2\n"},
    {"text that begins quoted", "a,b\n\"El Toro\" hotel,2\n", "2:\"El Toro\" hotel|2\n"},
    {"text behind quoted delimiter", "a,b\n\"x,y\" z,2\n3,4\n",
     "2!text stands behind a quo\n3:3|4\n"},
    {"too few", "a,b,c\n1,2\n3,4,5\n", "2!the row has 2 fields, th\n3:3|4|5\n"},
    {"too many", "a,b\n1,2,3\n3,4\n", "2!the row has 3 fields, th\n3:3|4\n"},
    {"blank fields past the end", "a,b\n1,2,, \n3,4\n", "2:1|2\n3:3|4\n"},
    {"blank columns at the end", "a,b,,\n1,2,,\n3,4\n5,\"x\ny\",,\n",
     "2:1|2\n3:3|4\n4:5|<x\ny>\n"},
    {"quote never closed", "a,b\n1,\"2\n3,4\n5,6\n",
     "2!a quotation mark opens a\n3:3|4\n4:5|6\n"},
    {"quote closed by the next one's", "a,b\n1,\"2\n3,\"x\"\n5,6\n",
     "2!text stands behind a quo\n3:3|<x>\n4:5|6\n"},
    {"quote last in the file", "a,b\n1,2\n3,\"", "2:1|2\n3!a quotation mark opens a\n"},
    {"many lines and too many fields", "a,b\n\"1\n2\",3,4,5\n6,7\n",
     "2!a quotation mark opens a\n3!the row has 4 fields, th\n4:6|7\n"},
    {"Latin-1", "a,b\nNARI\xD1O,2\n", "2:NARI\xC3\x91O|2\n"},
    {"Windows-1252", "a,b\n\"\x93x\x94\",\x80\n",
     "2:<\xE2\x80\x9Cx\xE2\x80\x9D>|\xE2\x82\xAC\n"},
    {"header only", "a,b\n", ""},
    {"header without line end", "a,b", ""},
};

static void test_rows(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {.max = 4096};
        struct err err = {.text = ""};
        enum status status = dump(&out, bytes_text(cases[i].file), &err);
        CHECK_SEEN(status == NOT_FOUND, "%s: %s", cases[i].name, err.text);
        CHECK_SEEN(bytes_is(buf_bytes(&out), cases[i].rows), "%s: %s", cases[i].name,
                   buf_text(&out));
        buf_release(&out);
    }
}

static void test_nul(void)
{
    struct buf out = {.max = 4096};
    struct err err;
    CHECK(dump(&out, BYTES_OF("a,b\n1,x\0y\n3,4\n"), &err) == NOT_FOUND);
    CHECK_TEXT(buf_bytes(&out), "2!a NUL byte stands in the\n3:3|4\n");
    CHECK(dump(&out, BYTES_OF("abc,b\0\n1,2\n"), &err) == BAD_INPUT);
    CHECK_SEEN(strstr(err.text, "NUL") != NULL, "%s", err.text);
    buf_release(&out);
}

static void test_headers(void)
{
    struct buf out = {.max = 4096};
    struct err err;
    CHECK(dump(&out, BYTES_OF(""), &err) == BAD_INPUT);
    CHECK_SEEN(strstr(err.text, "empty") != NULL, "%s", err.text);
    CHECK(dump(&out, BYTES_OF("\n \n"), &err) == BAD_INPUT);
    CHECK(dump(&out, BYTES_OF("a,\"b\n1,2\n"), &err) == BAD_INPUT);
    CHECK_SEEN(strstr(err.text, "line 1: the header cannot be read") != NULL, "%s",
               err.text);
    buf_release(&out);

    struct source *source = NULL;
    struct csv csv = {0};
    CHECK(source_open_bytes(&source, BYTES_OF(" Name , \"Year\",name,x,X,x, ,\n"), "t",
                            NULL) == OK);
    CHECK(csv_open(&csv, source, NULL) == OK);
    CHECK(csv.column_count == 6 && csv.width == 8);
    CHECK(csv_column(&csv, BYTES_OF("Name")) == 0);
    CHECK(csv_column(&csv, BYTES_OF("name")) == 2);
    CHECK(csv_column(&csv, BYTES_OF("NAME")) == CSV_TWO_COLUMNS);
    CHECK(csv_column(&csv, BYTES_OF("year")) == 1);
    CHECK(csv_column(&csv, BYTES_OF("x")) == CSV_TWO_COLUMNS);
    CHECK(csv_column(&csv, BYTES_OF("X")) == 4);
    CHECK(csv_column(&csv, BYTES_OF("y")) == CSV_NO_COLUMN);
    csv_release(&csv);
    source_close(source);
}

static void test_raw_and_repair(void)
{
    struct source *source = NULL;
    struct csv csv = {0};
    struct csv_row row;
    CHECK(source_open_bytes(&source, BYTES_OF("a;b\r\n\"1\xD1\n2\"; x\r\n\"open;\xE9\r\n"),
                            "t", NULL) == OK);
    CHECK(csv_open(&csv, source, NULL) == OK);
    CHECK(csv_next(&row, &csv, NULL) == OK);
    CHECK_TEXT(row.raw, "\"1\xC3\x91\n2\"; x");
    CHECK(row.repaired == 1);
    CHECK_TEXT(csv_trimmed(&row.fields[1]), "x");
    CHECK(csv_next(&row, &csv, NULL) == OK);
    CHECK(row.fault != NULL && row.line == 4 && row.repaired == 1);
    CHECK_TEXT(row.raw, "\"open;\xC3\xA9");
    CHECK(csv_next(&row, &csv, NULL) == NOT_FOUND);
    csv_release(&csv);
    source_close(source);
}

/* A row of 3 MiB, and a quotation mark that stays open for 3 MiB, cost one row each. */
static void test_large(void)
{
    enum { LONG = 3 * CSV_ROW_MAX };
    struct buf file = {.max = 4 * LONG}, out = {.max = 4096};
    struct err err = {.text = ""};
    buf_add_text(&file, "a,b\n1,");
    memset(buf_extend(&file, LONG), 'x', LONG);
    buf_add_text(&file, "\r\n3,4\n5,\"6\n");
    while (file.len < 2 * (size_t)LONG)
        buf_add_text(&file, "7,8\n");
    CHECK(dump(&out, buf_bytes(&file), &err) == NOT_FOUND);
    CHECK(out.overflowed);
    CHECK_SEEN(text_starts(buf_bytes(&out),
                           "2!the row is longer than o\n3:3|4\n4!a quotation mark opens a"
                           "\n5:7|8\n6:7|8\n"),
               "%.100s", buf_text(&out));
    buf_clear(&out);
    buf_clear(&file);
    buf_add_text(&file, "a,b\n1");
    memset(buf_extend(&file, 2 * CSV_FIELDS_MAX), ',', 2 * CSV_FIELDS_MAX);
    buf_add_text(&file, "\n3,4\n");
    CHECK(dump(&out, buf_bytes(&file), &err) == NOT_FOUND);
    CHECK_TEXT(buf_bytes(&out), "2!the row has more than 40\n3:3|4\n");
    buf_release(&file);
    buf_release(&out);
}

/* Every line opens a quotation mark that the next lines only carry on: rejected one by one, in
 * time that grows with the file and not with its square. The work is bounded by the columns. */
static void test_hostile_quotes(void)
{
    struct buf file = {.max = 1 << 22}, out = {.max = 1 << 24};
    struct err err = {.text = ""};
    buf_add_text(&file, "a,b\n");
    while (file.len < 3 << 20)
        buf_add_text(&file, "x\",\"\n");
    CHECK(dump(&out, buf_bytes(&file), &err) == NOT_FOUND);
    CHECK(text_starts(buf_bytes(&out), "2!a quotation mark opens a\n3!a quotation"));
    buf_release(&file);
    buf_release(&out);
}

/* Each possible cut of a gzip file: all rows before it, then one fault, never half a row. */
static void test_cut(void)
{
    struct buf text = {.max = 1 << 16}, file = {.max = 1 << 16};
    buf_add_text(&text, "number,square\n");
    for (int i = 1; i <= 300; i++)
        buf_addf(&text, "%d,%d\n", i, i * i);
    temporary_gzip(&file, buf_bytes(&text));
    for (size_t cut = 40; cut < file.len; cut += 7) {
        struct source *source = NULL;
        struct csv csv = {0};
        struct csv_row row;
        if (source_open_bytes(&source, bytes_slice(buf_bytes(&file), 0, cut), "t", NULL) !=
            OK)
            continue;
        size_t rows = 0, faults = 0;
        bool right = true;
        if (csv_open(&csv, source, NULL) == OK) {
            while (csv_next(&row, &csv, NULL) == OK) {
                faults += row.fault != NULL;
                rows += row.fault == NULL;
                long number =
                    row.fault ? 0 : strtol((const char *)row.fields[0].text.at, NULL, 10);
                right &= row.fault != NULL ||
                         number * number ==
                             strtol((const char *)row.fields[1].text.at, NULL, 10);
            }
            CHECK_SEEN(right && faults == 1 && rows < 301, "cut %zu: %zu rows, %zu faults",
                       cut, rows, faults);
        }
        csv_release(&csv);
        source_close(source);
    }
    buf_release(&text);
    buf_release(&file);
}

int main(void)
{
    test_rows();
    test_nul();
    test_headers();
    test_raw_and_repair();
    test_large();
    test_hostile_quotes();
    test_cut();
    return check_done("csv");
}
