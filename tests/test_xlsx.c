/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "formats/reader.h"
#include "formats/source.h"
#include "formats/xlsx.h"
#include "formats/xlsx_book.h"
#include "formats/xlsx_sheet.h"
#include "formats/xlsx_write.h"

#include "check.h"
#include "temporary.h"
#include "workbook.h"

#include <sys/resource.h>

enum { CSV_MAX = 1 << 20 };

/* The workbook's CSV, or "! " and the sentence; "| " and the sentence behind what was read. */
static const char *csv_of(struct bytes zip, struct arena *arena)
{
    struct xlsx *xlsx = NULL;
    struct err err = {0};
    if (xlsx_open_bytes(&xlsx, zip, "B", &err) != OK)
        return arena_printf(arena, "! %s", err.text);
    struct buf all = {.max = CSV_MAX};
    for (;;) {
        uint8_t some[37]; /* an odd size: rows cross it */
        size_t count;
        enum status status = xlsx_read(&count, xlsx, some, sizeof some, &err);
        buf_add(&all, bytes_of(some, count));
        if (status != OK)
            buf_addf(&all, "| %s", err.text);
        if (status != OK || count < sizeof some)
            break;
    }
    xlsx_close(xlsx);
    const char *text = arena_text(arena, buf_bytes(&all));
    buf_release(&all);
    return text;
}

#define ROW(cells) "<row>" cells "</row>"
#define TEXT(text) "<c t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define NUMBER(number) "<c><v>" number "</v></c>"

struct value_case {
    const char *name, *cell, *wanted;
};

/* In a workbook whose style 1 is Excel's date, 2 is "yyyy\-mm", 3 is "0.0", 4 is "[h]:mm". */
static const struct value_case value_cases[] = {
    {"text", TEXT("Turbo"), "Turbo"},
    {"escapes", TEXT("a &amp; b _x000D_ _x0041_ _xZZZZ_ _x"), "\"a & b \r A _xZZZZ_ _x\""},
    {"rich text", "<c t=\"s\"><v>1</v></c>", "red and blue"},
    {"phonetic text left out", "<c t=\"s\"><v>2</v></c>", "kanji"},
    {"formula's text", "<c t=\"str\"><f>A1&amp;\"x\"</f><v>Lagos</v></c>", "Lagos"},
    {"whole number", NUMBER("1200"), "1200"},
    {"as Excel writes a tenth", NUMBER("0.10000000000000001"), "0.1"},
    {"exponent", NUMBER("1.5E-3"), "0.0015"},
    {"truth", "<c t=\"b\"><v>1</v></c>", "TRUE"},
    {"error", "<c t=\"e\"><v>#N/A</v></c>", "#N/A"},
    {"day", "<c s=\"1\"><v>40939</v></c>", "2012-01-31"},
    {"day with a format of the file", "<c s=\"2\"><v>40939</v></c>", "2012-01-31"},
    {"moment", "<c s=\"1\"><v>40939.25</v></c>", "2012-01-31 06:00:00"},
    {"a second before midnight", "<c s=\"1\"><v>40938.999999999</v></c>", "2012-01-31"},
    {"clock", "<c s=\"4\"><v>0.5</v></c>", "12:00:00"},
    {"number that is no day", "<c s=\"3\"><v>40939</v></c>", "40939"},
    {"first day", "<c s=\"1\"><v>1</v></c>", "1900-01-01"},
    {"28 February 1900", "<c s=\"1\"><v>59</v></c>", "1900-02-28"},
    {"29 February 1900, which never was", "<c s=\"1\"><v>60</v></c>", "60"},
    {"1 March 1900", "<c s=\"1\"><v>61</v></c>", "1900-03-01"},
    {"day before all days", "<c s=\"1\"><v>-5</v></c>", "-5"},
    {"day after all days", "<c s=\"1\"><v>1e300</v></c>", "1e+300"},
    {"style outside", "<c s=\"99999999\"><v>5</v></c>", "5"},
    {"ISO day", "<c t=\"d\"><v>2012-01-31</v></c>", "2012-01-31"},
    {"quoted", TEXT("a, \"b\""), "\"a, \"\"b\"\"\""},
    {"blank", "<c s=\"1\"/>", ""},
};

static const char styles[] =
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"0.0&quot;days&quot;\"/>"
    "<numFmt numFmtId=\"166\" formatCode=\"[h]:mm\"/></numFmts>"
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/>"
    "<xf numFmtId=\"165\"/><xf numFmtId=\"166\"/></cellXfs></styleSheet>";
static const char texts[] =
    "<sst><si><t>a</t></si><si><r><t>red</t></r><r><t> and blue</t></r></si>"
    "<si><t>kanji</t><rPh><t>reading</t></rPh></si></sst>";

static void check_values(void)
{
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof value_cases / sizeof *value_cases; i++) {
        const struct value_case *one = &value_cases[i];
        const char *sheet = arena_printf(
            &arena,
            SHEET_HEAD ROW(TEXT("x") TEXT("y")) "<row>%s" TEXT("z") "</row>" SHEET_TAIL,
            one->cell);
        struct bytes zip = workbook_of(&sheet, 1, texts, styles, "", &arena);
        const char *csv = csv_of(zip, &arena);
        const char *wanted = arena_printf(&arena, "x,y\r\n%s,z\r\n", one->wanted);
        CHECK_SEEN(strcmp(csv, wanted) == 0, "%s: %s", one->name, csv);
        arena_reset(&arena);
    }
    const char *sheet = SHEET_HEAD ROW(TEXT("x") TEXT("y"))
        ROW("<c s=\"1\"><v>39477</v></c>" TEXT("z")) SHEET_TAIL;
    struct bytes zip =
        workbook_of(&sheet, 1, NULL, styles, "<workbookPr date1904=\"1\"/>", &arena);
    CHECK_TEXT(bytes_text(csv_of(zip, &arena)), "x,y\r\n2012-01-31,z\r\n");
    arena_release(&arena);
}

static void check_formats(void)
{
    static const char *const dates[] = {"yyyy-mm-dd",      "d/m/yy;@",  "[$-409]mmm",
                                        "[mm]:ss",         "\"on \"dd", "h:mm AM/PM",
                                        "General;yyyy" + 8};
    static const char *const others[] = {
        "General", "0.00", "#,##0\" days\"", "[Red]0.0", "\\d0", "0_d", "0*y",
        "@",       "",     "0;yyyy",         "[$-409]0"};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        CHECK_SEEN(xlsx_format_is_date(dates[i]), "%s", dates[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        CHECK_SEEN(!xlsx_format_is_date(others[i]), "%s", others[i]);
}

struct sheets_case {
    const char *name;
    const char *sheets[4];
    const char *wanted;
};

#define HEAD3 ROW(TEXT("A") TEXT("B") TEXT("C"))
static const struct sheets_case sheets_cases[] = {
    {"a sheet a year, columns in another order, one more",
     {SHEET_HEAD HEAD3 ROW(NUMBER("1") NUMBER("2") NUMBER("3")) SHEET_TAIL,
      SHEET_HEAD ROW(TEXT("C") TEXT(" a ") TEXT("B") TEXT("D"))
          ROW(NUMBER("6") NUMBER("4") NUMBER("5") NUMBER("7")) SHEET_TAIL},
     /* the widest sheet is the table's first */
     "C,a,B,D\r\n3,1,2,\r\n6,4,5,7\r\n"},
    {"a cover, a title above the table, blank rows",
     {SHEET_HEAD ROW(TEXT("Seizures")) ROW(TEXT("Source") TEXT("us")) SHEET_TAIL,
      SHEET_HEAD "<row r=\"2\">" TEXT("Seizures of 2012") "</row><row r=\"4\">" TEXT("A")
          TEXT("B") TEXT("C") "</row><row r=\"5\"/>"
                              "<row r=\"9\">" NUMBER("1") NUMBER("2")
                                  NUMBER("3") "</row>" SHEET_TAIL},
     "\r\n\r\n\r\nA,B,C\r\n\r\n\r\n\r\n\r\n1,2,3\r\n"},
    {"cells with places, gaps, out of order",
     {SHEET_HEAD
      "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>A</v></c>"
      "<c r=\"C1\" t=\"str\"><v>C</v></c></row>"
      "<row r=\"2\"><c r=\"C2\"><v>3</v></c><c r=\"A2\"><v>1</v></c></row>" SHEET_TAIL},
     "A,,C\r\n1,,3\r\n"},
    {"a text under no column is not lost",
     {SHEET_HEAD HEAD3 ROW(NUMBER("1") NUMBER("2") NUMBER("3") NUMBER("4")) SHEET_TAIL},
     "A,B,C\r\n1,2,3,4\r\n"},
    {"another table is told",
     {SHEET_HEAD HEAD3 ROW(NUMBER("1") NUMBER("2") NUMBER("3")) SHEET_TAIL,
      SHEET_HEAD ROW(TEXT("P") TEXT("Q") TEXT("R")) ROW(NUMBER("1")) SHEET_TAIL},
     "A,B,C\r\n1,2,3\r\n\"sheet \"\"S2\"\" was not read: its columns are not those of the "
     "other sheets\"\r\n"},
    {"with a prefix on every name",
     {"<x:worksheet xmlns:x=\"u\"><x:sheetData><x:row><x:c t=\"str\"><x:v>A</x:v></x:c>"
      "<x:c t=\"str\"><x:v>B</x:v></x:c></x:row></x:sheetData></x:worksheet>"},
     "A,B\r\n"},
    {"nothing", {SHEET_HEAD SHEET_TAIL}, "! B: the workbook has no sheet with a table"},
};

static void check_sheets(void)
{
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof sheets_cases / sizeof *sheets_cases; i++) {
        const struct sheets_case *one = &sheets_cases[i];
        size_t count = 0;
        while (count < 4 && one->sheets[count] != NULL)
            count++;
        struct bytes zip = workbook_of(one->sheets, count, NULL, NULL, "", &arena);
        const char *csv = csv_of(zip, &arena);
        CHECK_SEEN(strcmp(csv, one->wanted) == 0, "%s: %s", one->name, csv);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

/* --- files made to do harm, or cut off --- */

static const char *repeated(struct arena *arena, const char *head, const char *part,
                            size_t times, const char *tail)
{
    struct buf text = {.max = 64 * 1024 * 1024};
    buf_add_text(&text, head);
    for (size_t i = 0; i < times; i++)
        buf_add_text(&text, part);
    buf_add_text(&text, tail);
    const char *copy = arena_text(arena, buf_bytes(&text));
    buf_release(&text);
    return copy;
}

static void check_hostile(void)
{
    struct arena arena = {0};
    const char *good = SHEET_HEAD HEAD3 ROW(NUMBER("1") NUMBER("2") NUMBER("3")) SHEET_TAIL;
    struct {
        const char *name, *sheet, *texts, *styles, *wanted;
    } cases[] = {
        {"entities",
         "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>" SHEET_HEAD ROW(
             TEXT("&b;") TEXT("c")) SHEET_TAIL,
         NULL, NULL, "declares a document type"},
        {"entities in texts", good,
         "<!DOCTYPE x [<!ENTITY a SYSTEM "
         "\"file:///etc/passwd\">]><sst><si><t>&a;</t></si></sst>",
         NULL, "declares a document type"},
        {"depth", repeated(&arena, "", "<a>", 1000, ""), NULL, NULL, "nested too deep"},
        {"a tag without end",
         repeated(&arena, "<worksheet><row a=\"", "xxxxxxxx", 400000, ""), NULL, NULL,
         "does not end"},
        {"a row beyond all",
         SHEET_HEAD HEAD3 "<row r=\"99999999999\">" NUMBER("1") "</row>" SHEET_TAIL, NULL,
         NULL, "A,B,C\r\n1,,\r\n"},
        {"text outside", SHEET_HEAD HEAD3 ROW("<c t=\"s\"><v>99</v></c>") SHEET_TAIL, texts,
         NULL, "names a text that the workbook has not"},
        {"text number below nothing", SHEET_HEAD ROW("<c t=\"s\"><v>-1</v></c>") SHEET_TAIL,
         texts, NULL, "names a text that the workbook has not"},
        {"a column outside", SHEET_HEAD HEAD3 ROW("<c r=\"XFD1\"><v>1</v></c>") SHEET_TAIL,
         NULL, NULL, "more than 4096 columns"},
        {"a column beyond all",
         SHEET_HEAD HEAD3 ROW("<c r=\"ZZZZZZZZZZZZZZZZZZZZ1\"><v>1</v></c>") SHEET_TAIL,
         NULL, NULL, "more than 4096 columns"},
        {"a long cell",
         repeated(&arena, SHEET_HEAD "<row><c t=\"str\"><v>", "xxxxxxxx", 20000,
                  "</v></c></row>" SHEET_TAIL),
         NULL, NULL, "longer than a cell may hold"},
        {"a long row",
         repeated(&arena, SHEET_HEAD "<row>",
                  repeated(&arena, "<c t=\"str\"><v>", "xxxxxxxx", 15000, "</v></c>"), 20,
                  "</row>" SHEET_TAIL),
         NULL, NULL, "longer than two mebibytes"},
        {"no XML", "PK and so on", NULL, NULL, "is no XML"},
        {"XML cut off", SHEET_HEAD HEAD3 "<row><c", NULL, NULL, "is no XML"},
        {"empty part", "", NULL, NULL, "is no XML"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes zip =
            workbook_of(&cases[i].sheet, 1, cases[i].texts, cases[i].styles, "", &arena);
        const char *csv = csv_of(zip, &arena);
        CHECK_SEEN(strstr(csv, cases[i].wanted) != NULL, "%s: %.300s", cases[i].name, csv);
    }

    /* 200 MB of blanks in 200 kB: read in little memory, and it ends. */
    struct buf bomb = {.max = 400 * 1024 * 1024};
    buf_add_text(&bomb, SHEET_HEAD HEAD3);
    memset(buf_extend(&bomb, 200 * 1024 * 1024), ' ', 200 * 1024 * 1024);
    buf_add_text(&bomb, SHEET_TAIL);
    struct part parts[] = {
        {"xl/workbook.xml",
         BYTES_OF("<workbook><sheets><sheet name=\"S\" sheetId=\"1\" id=\"r\"/></sheets>"
                  "</workbook>")},
        {"xl/_rels/workbook.xml.rels",
         BYTES_OF("<Relationships>" RELATION("r", "worksheet",
                                             "worksheets/s.xml") "</Relationships>")},
        {"xl/worksheets/s.xml", buf_bytes(&bomb)},
    };
    struct bytes zip = workbook_zip(parts, 3, &arena);
    buf_release(&bomb);
    CHECK(zip.len < 1024 * 1024);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    CHECK_TEXT(bytes_text(csv_of(zip, &arena)), "A,B,C\r\n");
    getrusage(RUSAGE_SELF, &after);
    CHECK_SEEN(after.ru_maxrss - before.ru_maxrss < 32 * 1024, "%ld KiB more",
               after.ru_maxrss - before.ru_maxrss);
    CHECK(strstr(csv_of(workbook_zip(parts, 2, &arena), &arena), "no part xl/worksheets"));
    CHECK(strstr(csv_of(workbook_zip(parts, 1, &arena), &arena), "no Excel workbook"));

    struct part elsewhere[] = {
        {"_rels/.rels", BYTES_OF("<Relationships>" RELATION(
                            "a", "officeDocument", "b/book.xml") "</Relationships>")},
        {"b/book.xml", parts[0].text},
        {"b/_rels/book.xml.rels", BYTES_OF("<Relationships>" RELATION(
                                      "r", "worksheet", "s.xml") "</Relationships>")},
        {"b/s.xml", bytes_text(good)}};
    CHECK_TEXT(bytes_text(csv_of(workbook_zip(elsewhere, 4, &arena), &arena)),
               "A,B,C\r\n1,2,3\r\n");

    /* Cut off and changed everywhere: a sentence or rows, never a crash. */
    zip = workbook_of(&good, 1, texts, styles, "", &arena);
    for (size_t len = 0; len < zip.len; len += 3)
        CHECK(csv_of(bytes_slice(zip, 0, len), &arena)[0] == '!');
    for (size_t i = 0; i < zip.len; i++) {
        uint8_t *copy = arena_alloc(&arena, zip.len);
        memcpy(copy, zip.at, zip.len);
        copy[i] ^= 0x55;
        CHECK(strlen(csv_of(bytes_of(copy, zip.len), &arena)) > 0);
    }
    arena_release(&arena);
}

/* --- what is written is read, both layouts, through the reader that everything uses --- */

static const char *const old_head[] = {"REGION",
                                       "SUBREGION",
                                       "COUNTRY",
                                       "ADMINISTRATIVE_DIVISION",
                                       "PLACE",
                                       "SEIZURE_DATE",
                                       "DRUG_NAME",
                                       "AMOUNT",
                                       "DRUG_UNIT",
                                       "HIDING_PLACE",
                                       "INSTALLATION",
                                       "TRANSPORT",
                                       "PRODUCING_COUNTRY",
                                       "DEPARTURE_COUNTRY",
                                       "DESTINATION_COUNTRY",
                                       "ROUTING"};
static const char *const new_head[] = {"Seizure Date",
                                       "Country/Territory of Seizure",
                                       "ISO3",
                                       "Subregion",
                                       "Region",
                                       "Drug/Substance",
                                       "Quantity Seized",
                                       "Measurement Unit",
                                       "City",
                                       "Administrative Region",
                                       "Physical Seizure Location",
                                       "Trafficking Mode of Transportation",
                                       "Source",
                                       "Reporting Channel"};

static void write_layout(const char *path, const char *const *head, size_t columns,
                         size_t date, size_t amount, size_t years)
{
    struct xlsx_writer *writer = NULL;
    CHECK(xlsx_writer_open(&writer, path, NULL) == OK);
    CHECK(xlsx_writer_sheet(writer, "Cover [1/2]", NULL) == OK);
    xlsx_writer_row(writer);
    xlsx_writer_text(writer, BYTES_OF("Individual drug seizures"));
    for (size_t year = 0; year < years; year++) {
        char name[16];
        snprintf(name, sizeof name, "20%02zu", 11 + year);
        CHECK(xlsx_writer_sheet(writer, name, NULL) == OK);
        xlsx_writer_row(writer);
        for (size_t c = 0; c < columns; c++)
            xlsx_writer_text(writer, bytes_text(head[c]));
        for (int day = 0; day < 100; day++) {
            xlsx_writer_row(writer);
            for (size_t c = 0; c < columns; c++) {
                if (c == date)
                    xlsx_writer_day(writer, 14975 + (int32_t)year * 365 + day);
                else if (c == amount)
                    xlsx_writer_number(writer, day / 10.0);
                else if (c == 1)
                    xlsx_writer_text(writer, BYTES_OF("=cmd|'x'!A1 \x01 caf\xC3\xA9"));
                else
                    xlsx_writer_text(writer,
                                     bytes_text(strstr(head[c], "D") ? "Cocaine" : ""));
            }
        }
    }
    struct err err = {0};
    CHECK_SEEN(xlsx_writer_close(writer, &err) == OK, "%s", err.text);
}

static void check_layout(const char *path, const char *date, size_t rows)
{
    struct reader_options options = {.path = path, .no_rejects_file = true};
    struct reader *reader = NULL;
    struct err err = {0};
    CHECK_SEEN(reader_open(&reader, &options, &err) == OK, "%s", err.text);
    if (reader == NULL)
        return;
    CHECK(reader_format(reader) == READER_IDS);
    struct arena arena = {0};
    struct record record;
    size_t count = 0;
    while (reader_next(&record, reader, &arena, &err) == OK) {
        struct bytes value;
        if (count == 1) {
            CHECK(reader_field(&value, reader, bytes_text(date)));
            CHECK_TEXT(value, "2011-01-02");
        }
        count++;
        arena_reset(&arena);
    }
    struct reader_counts counts = reader_counts(reader);
    CHECK_SEEN(count == rows && counts.rejected == 0, "%zu rows, %lu rejected: %s", count,
               (unsigned long)counts.rejected, reader_first_reason(reader));
    CHECK_TEXT(bytes_text(reader_damage(reader)), "");
    reader_close(reader);
    arena_release(&arena);
}

static void check_layouts(void)
{
    temporary_open();
    const char *path = temporary_path("old.xlsx");
    write_layout(path, old_head, 16, 5, 7, 3);
    check_layout(path, "SEIZURE_DATE", 300);
    path = temporary_path("new.xlsx");
    write_layout(path, new_head, 14, 0, 6, 2);
    check_layout(path, "Seizure Date", 200);
    struct arena arena = {0};
    struct buf packed = {.max = 1 << 24};
    struct bytes book;
    struct err err = {0};
    CHECK(file_read(&book, path, 1 << 24, &arena, &err) == OK);
    temporary_gzip(&packed, book);
    struct reader *reader = NULL;
    struct reader_options options = {
        .path = temporary_file("new.xlsx.gz", buf_bytes(&packed)), .no_rejects_file = true};
    CHECK(reader_open(&reader, &options, &err) == BAD_INPUT);
    CHECK_SEEN(strstr(err.text, "unpack it once") != NULL, "%s", err.text);
    free(packed.at);
    arena_release(&arena);
    struct xlsx_writer *writer = NULL;
    CHECK(xlsx_writer_open(&writer, "/nonexistent/folder/x.xlsx", &err) == IO_FAILED);
    CHECK(xlsx_writer_open(&writer, temporary_path("x.xlsx"), &err) == OK);
    CHECK(xlsx_writer_sheet(writer, "a", &err) == OK);
    CHECK(xlsx_writer_sheet(writer, "A", &err) == BAD_INPUT);
    xlsx_writer_drop(writer);
    CHECK(access(temporary_path("x.xlsx"), F_OK) != 0);
    temporary_close();
}

int main(void)
{
    check_values();
    check_formats();
    check_sheets();
    check_hostile();
    check_layouts();
    return check_done("xlsx");
}
