/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/xlsx_write.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { NAME_MAX_BYTES = 31, CELL_TEXT_MAX = 32767 };

struct xlsx_writer {
    char *path, *beside; /* written beside, renamed when whole; one thing: in its place */
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *head, *day;
    lxw_row_t row; /* of the next cell */
    lxw_col_t column, width;
    bool begun, too_long;
};

static bool is_in_place(const struct xlsx_writer *writer)
{
    return strcmp(writer->path, writer->beside) == 0;
}

static void release(struct xlsx_writer *writer)
{
    free(writer->path);
    free(writer->beside);
    free(writer);
}

/* Takes both names over. */
static enum status open_writer(struct xlsx_writer **out, char *path, char *beside,
                               struct err *err)
{
    struct xlsx_writer *writer = xcalloc(1, sizeof *writer);
    writer->path = path;
    writer->beside = beside;
    FILE *probe =
        fopen(writer->beside, "wb"); /* the library would print its own sentence */
    if (probe == NULL || fclose(probe) != 0) {
        enum status status = fail(err, IO_FAILED, "%s: the workbook cannot be written: %s",
                                  path, strerror(errno));
        release(writer);
        return status;
    }
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    writer->workbook = workbook_new_opt(writer->beside, &options);
    if (writer->workbook == NULL) {
        enum status status = fail(err, IO_FAILED, "%s: the workbook cannot be begun", path);
        xlsx_writer_drop(writer);
        return status;
    }
    writer->head = workbook_add_format(writer->workbook);
    writer->day = workbook_add_format(writer->workbook);
    format_set_bold(writer->head);
    format_set_num_format(writer->day, "yyyy-mm-dd");
    *out = writer;
    return OK;
}

enum status xlsx_writer_open(struct xlsx_writer **out, const char *path, struct err *err)
{
    size_t room = strlen(path) + 32;
    char *beside = xmalloc(room);
    snprintf(beside, room, "%s.%ld.new", path, (long)getpid());
    return open_writer(out, xstrdup(path), beside, err);
}

enum status xlsx_writer_open_fd(struct xlsx_writer **out, int fd, struct err *err)
{
    char name[48];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    return open_writer(out, xstrdup(name), xstrdup(name), err);
}

static void end_sheet(struct xlsx_writer *writer)
{
    if (writer->sheet != NULL && writer->begun && writer->width > 0)
        worksheet_autofilter(writer->sheet, 0, 0, writer->row,
                             (lxw_col_t)(writer->width - 1));
}

enum status xlsx_writer_sheet(struct xlsx_writer *writer, const char *name, struct err *err)
{
    char clean[NAME_MAX_BYTES + 1];
    size_t len = 0;
    for (const char *at = name; *at != '\0' && len < NAME_MAX_BYTES; at++)
        if (strchr("[]:*?/\\'", *at) == NULL && (uint8_t)*at >= ' ')
            clean[len++] = *at;
    while (len > 0 && !utf8_valid(bytes_of(clean, len)))
        len--;
    clean[len] = '\0';
    end_sheet(writer);
    lxw_error code = workbook_validate_sheet_name(writer->workbook, clean);
    if (code != LXW_NO_ERROR)
        return fail(err, BAD_INPUT, "a sheet cannot have the name \"%s\": %s", name,
                    lxw_strerror(code));
    writer->sheet = workbook_add_worksheet(writer->workbook, clean);
    worksheet_freeze_panes(writer->sheet, 1, 0);
    writer->begun = false;
    writer->row = writer->column = writer->width = 0;
    return OK;
}

void xlsx_writer_row(struct xlsx_writer *writer)
{
    writer->row += writer->begun ? 1 : 0;
    writer->begun = true;
    writer->column = 0;
    writer->too_long |= writer->row >= LXW_ROW_MAX;
}

static lxw_col_t next_column(struct xlsx_writer *writer)
{
    lxw_col_t column = writer->column++;
    if (writer->column > writer->width)
        writer->width = writer->column;
    return column;
}

/* XML 1.0 has no other control characters, not even written as numbers, and not U+FFFE, U+FFFF. */
static void add_allowed(struct buf *out, struct bytes text)
{
    uint32_t point;
    while (utf8_next(&point, &text)) {
        bool control = point < ' ' && point != '\t' && point != '\r' && point != '\n';
        utf8_add(out, control ? ' ' : point == 0xFFFE || point == 0xFFFF ? 0xFFFD : point);
    }
}

void xlsx_writer_text(struct xlsx_writer *writer, struct bytes text)
{
    lxw_col_t column = next_column(writer);
    if (text.len > CELL_TEXT_MAX) {
        text.len = CELL_TEXT_MAX;
        while (text.len > 0 && (text.at[text.len] & 0xC0) == 0x80)
            text.len--;
    }
    if (text.len == 0)
        return;
    struct buf whole = {.max = 4 * CELL_TEXT_MAX}, allowed = {.max = 4 * CELL_TEXT_MAX};
    utf8_add_repaired(&whole, text);
    add_allowed(&allowed, buf_bytes(&whole));
    worksheet_write_string(writer->sheet, writer->row, column, buf_text(&allowed),
                           writer->row == 0 ? writer->head : NULL);
    buf_release(&whole);
    buf_release(&allowed);
}

void xlsx_writer_number(struct xlsx_writer *writer, double number)
{
    lxw_col_t column = next_column(writer);
    if (isfinite(number))
        worksheet_write_number(writer->sheet, writer->row, column, number, NULL);
}

void xlsx_writer_day(struct xlsx_writer *writer, int32_t day)
{
    /* Excel's day 1 is 1900-01-01; what lies before it, and its 29 February 1900, have none. */
    enum { EXCEL_1970 = 25569, MARCH_1900 = 61 };
    if (day + EXCEL_1970 < MARCH_1900) {
        next_column(writer);
        return;
    }
    worksheet_write_number(writer->sheet, writer->row, next_column(writer),
                           day + EXCEL_1970, writer->day);
}

enum status xlsx_writer_close(struct xlsx_writer *writer, struct err *err)
{
    if (writer == NULL)
        return OK;
    end_sheet(writer);
    enum status status = OK;
    lxw_error code = workbook_close(writer->workbook);
    if (code != LXW_NO_ERROR)
        status = fail(err, IO_FAILED, "%s: the workbook cannot be written: %s",
                      writer->path, lxw_strerror(code));
    else if (writer->too_long)
        status = fail(err, BAD_INPUT, "%s: a sheet has more rows than a workbook can hold",
                      writer->path);
    else if (!is_in_place(writer) && rename(writer->beside, writer->path) != 0)
        status = fail(err, IO_FAILED, "%s: the workbook cannot be put in its place",
                      writer->path);
    if (status != OK && !is_in_place(writer))
        unlink(writer->beside);
    release(writer);
    return status;
}

void xlsx_writer_drop(struct xlsx_writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->workbook != NULL)
        (void)workbook_close(writer->workbook); /* the only way to free it */
    if (!is_in_place(writer))
        unlink(writer->beside);
    release(writer);
}
