/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/xlsx_sheet.h"

#include "base/text.h"
#include "formats/xlsx.h"
#include "formats/xlsx_part.h"
#include "record/date.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_TRUTH, CELL_ERROR };

struct xlsx_sheet {
    struct xlsx_part *part;
    const struct xlsx_book *book;

    struct bytes cells[XLSX_COLUMNS_MAX]; /* while a row is read: offset in texts as `at` */
    size_t offsets[XLSX_COLUMNS_MAX];
    size_t width; /* cells touched in this row */
    struct buf texts;
    size_t row, column; /* of the last one, from 1 */
    bool complete;      /* a row has ended */

    enum cell_type type;
    uint64_t style;
    struct buf value; /* of the cell being read */
    bool taking;
    unsigned phonetic;
};

static bool is(const char *name, const char *wanted)
{
    return strcmp(name, wanted) == 0;
}

/* "AB12" -> 28; 0 when it does not begin with a column. */
static size_t column_of(const char *reference)
{
    size_t column = 0;
    for (; is_letter((uint8_t)*reference); reference++) {
        column = column * 26 + (size_t)(to_upper((uint8_t)*reference) - 'A' + 1);
        if (column > 10 * XLSX_COLUMNS_MAX)
            break;
    }
    return column;
}

static enum cell_type type_of(const char *type)
{
    if (type == NULL || is(type, "n"))
        return CELL_NUMBER;
    if (is(type, "s"))
        return CELL_SHARED;
    if (is(type, "b"))
        return CELL_TRUTH;
    if (is(type, "e"))
        return CELL_ERROR;
    return CELL_TEXT; /* str, inlineStr, d */
}

static void start_row(struct xlsx_sheet *sheet, const char *const *attributes)
{
    const char *number = xlsx_attribute(attributes, "r");
    uint64_t row;
    sheet->row =
        number != NULL && text_u64(&row, bytes_text(number)) ? (size_t)row : sheet->row + 1;
    sheet->column = 0;
}

static void start_cell(struct xlsx_sheet *sheet, const char *const *attributes)
{
    const char *reference = xlsx_attribute(attributes, "r");
    const char *style = xlsx_attribute(attributes, "s");
    size_t column = reference != NULL ? column_of(reference) : 0;
    sheet->column = column > 0 ? column : sheet->column + 1;
    sheet->type = type_of(xlsx_attribute(attributes, "t"));
    if (style == NULL || !text_u64(&sheet->style, bytes_text(style)))
        sheet->style = 0;
    buf_clear(&sheet->value);
}

static void on_start(void *context, const char *name, const char *const *attributes)
{
    struct xlsx_sheet *sheet = context;
    if (is(name, "row"))
        start_row(sheet, attributes);
    else if (is(name, "c"))
        start_cell(sheet, attributes);
    else if (is(name, "rPh"))
        sheet->phonetic++;
    sheet->taking = is(name, "v") || (is(name, "t") && sheet->phonetic == 0);
}

/* --- values --- */

/* Days since 1970-01-01 of day 0. Excel's calendar has a 29 February 1900, so days before it are
 * one later than they should be. */
static bool day_of(int32_t *day, double serial, bool from_1904)
{
    static const double LAST = 2958465; /* 9999-12-31 */
    double whole = floor(serial) + (from_1904 ? 1462 : 0);
    if (!(serial >= 0 && whole <= LAST) || whole == 60)
        return false;
    *day = (int32_t)whole - 25569 + (whole < 60 ? 1 : 0);
    return *day <= 376200; /* the year 2999 */
}

bool xlsx_add_moment(struct buf *out, double serial, bool from_1904)
{
    int32_t day;
    if (!(serial >= 0 && serial < 1e7))
        return false;
    double seconds = round((serial - floor(serial)) * 86400);
    if (seconds >= 86400) {
        serial = floor(serial) + 1;
        seconds = 0;
    }
    unsigned second = (unsigned)seconds;
    bool clock_alone = serial < 1 && !from_1904;
    if (!clock_alone) {
        if (!day_of(&day, serial, from_1904))
            return false;
        struct date date = date_from_day_number(day);
        char text[DATE_TEXT_SIZE];
        date_print(text, &date);
        buf_add_text(out, text);
    }
    if (clock_alone || second > 0)
        buf_addf(out, "%s%02u:%02u:%02u", clock_alone ? "" : " ", second / 3600,
                 second / 60 % 60, second % 60);
    return true;
}

static void add_number(struct xlsx_sheet *sheet)
{
    const struct xlsx_book *book = sheet->book;
    struct bytes text = text_trim(buf_bytes(&sheet->value));
    double number;
    if (!text_double(&number, text)) {
        buf_add(&sheet->texts, text);
        return;
    }
    bool date = sheet->style < book->style_count && book->style_is_date[sheet->style];
    if (date && xlsx_add_moment(&sheet->texts, number, book->from_1904))
        return;
    char shortest[32];
    text_number(shortest, sizeof shortest, number);
    buf_add_text(&sheet->texts, shortest);
}

static void add_value(struct xlsx_sheet *sheet)
{
    uint64_t number;
    struct bytes value = buf_bytes(&sheet->value), text;
    switch (sheet->type) {
    case CELL_NUMBER:
        add_number(sheet);
        return;
    case CELL_SHARED:
        if (!text_u64(&number, text_trim(value)) ||
            !xlsx_book_text(&text, sheet->book, (size_t)number))
            xlsx_part_fail(sheet->part, "a cell names a text that the workbook has not");
        else
            buf_add(&sheet->texts, text);
        return;
    case CELL_TRUTH:
        buf_add_text(&sheet->texts, bytes_is(value, "1") ? "TRUE" : "FALSE");
        return;
    case CELL_ERROR:
    case CELL_TEXT:
        xlsx_add_unescaped(&sheet->texts, value);
        return;
    }
}

/* A cell ends: its text stands behind those before it. A later one at the same place wins. */
static void end_cell(struct xlsx_sheet *sheet)
{
    if (sheet->value.overflowed) {
        xlsx_part_fail(sheet->part, "a text is longer than a cell may hold");
        return;
    }
    if (sheet->value.len == 0)
        return;
    size_t from = sheet->texts.len;
    add_value(sheet);
    if (sheet->texts.overflowed) {
        xlsx_part_fail(sheet->part, "a row is longer than two mebibytes");
        return;
    }
    if (sheet->texts.len == from)
        return;
    if (sheet->column > XLSX_COLUMNS_MAX) {
        xlsx_part_fail(sheet->part, "it has more than 4096 columns");
        return;
    }
    for (; sheet->width < sheet->column; sheet->width++)
        sheet->cells[sheet->width] = (struct bytes){NULL, 0};
    sheet->cells[sheet->column - 1].len = sheet->texts.len - from;
    sheet->offsets[sheet->column - 1] = from;
}

static void on_end(void *context, const char *name)
{
    struct xlsx_sheet *sheet = context;
    sheet->taking = false;
    if (is(name, "rPh") && sheet->phonetic > 0)
        sheet->phonetic--;
    if (is(name, "c")) {
        end_cell(sheet);
    } else if (is(name, "row") && sheet->width > 0) {
        sheet->complete = true;
        xlsx_part_pause(sheet->part);
    }
}

static void on_text(void *context, const char *text, size_t len)
{
    struct xlsx_sheet *sheet = context;
    if (sheet->taking)
        buf_add(&sheet->value, bytes_of(text, len));
}

/* --- the rows --- */

enum status xlsx_sheet_open(struct xlsx_sheet **out, struct zip *zip,
                            const struct xlsx_book *book, const char *part, struct err *err)
{
    static const struct xlsx_events events = {on_start, on_end, on_text};
    struct xlsx_sheet *sheet = xcalloc(1, sizeof *sheet);
    sheet->book = book;
    sheet->texts.max = XLSX_ROW_MAX;
    sheet->value.max = XLSX_CELL_MAX;
    enum status status = xlsx_part_open(&sheet->part, zip, part, &events, sheet, err);
    if (status == OK)
        *out = sheet;
    else
        xlsx_sheet_close(sheet);
    return status == NOT_FOUND ? BAD_INPUT : status;
}

void xlsx_sheet_close(struct xlsx_sheet *sheet)
{
    if (sheet == NULL)
        return;
    xlsx_part_close(sheet->part);
    buf_release(&sheet->texts);
    buf_release(&sheet->value);
    free(sheet);
}

enum status xlsx_sheet_next(struct xlsx_row *row, struct xlsx_sheet *sheet, struct err *err)
{
    sheet->complete = false;
    sheet->width = 0;
    buf_clear(&sheet->texts);
    while (!sheet->complete) {
        enum status status = xlsx_part_step(sheet->part, err);
        if (status != OK)
            return status;
    }
    for (size_t i = 0; i < sheet->width; i++)
        if (sheet->cells[i].len > 0)
            sheet->cells[i].at = sheet->texts.at + sheet->offsets[i];
    *row = (struct xlsx_row){sheet->row, sheet->cells, sheet->width};
    return OK;
}
