/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/xlsx.h"

#include "base/text.h"
#include "formats/csv_write.h"
#include "formats/xlsx_sheet.h"

#include <stdlib.h>
#include <unistd.h>
#include <zip.h>

enum {
    PARTS_MAX = 10000,     /* entries of the archive */
    LOOK_ROWS = 64,        /* rows among which the header is looked for */
    TABLE_COLUMNS_MIN = 3, /* a sheet of fewer is prose */
    PENDING_MAX = 16 * 1024 * 1024
};

/* What the first rows of a sheet say. */
struct header {
    struct bytes *names;
    size_t count;
    size_t row;   /* its number in the sheet */
    size_t *into; /* column of the sheet -> column of the table; NOWHERE */
    bool taken;
};

enum { NOWHERE = XLSX_COLUMNS_MAX, SHEET_ROWS_MAX = 1048576 };
#define NOT_FIRST SIZE_MAX

struct xlsx {
    char *name;
    struct zip *zip;
    struct xlsx_book book;
    struct arena arena;
    struct header *headers; /* one a sheet */
    struct bytes *columns;  /* of the table */
    size_t column_count;

    size_t next; /* sheet to be opened */
    struct xlsx_sheet *sheet;
    const struct header *header; /* of the open sheet */
    struct buf pending;          /* CSV not given yet, from `given` on */
    size_t given;
    bool begun, ended;
    size_t lines; /* given of the first sheet; NOT_FIRST behind it */
    struct bytes *fields;
};

bool xlsx_looks_like(struct bytes start)
{
    return start.len >= 4 && memcmp(start.at, "PK\x03\x04", 4) == 0;
}

/* --- where the table is --- */

static size_t texts_in(const struct xlsx_row *row)
{
    size_t count = 0;
    for (size_t i = 0; i < row->count; i++)
        count += text_trim(row->cells[i]).len > 0;
    return count;
}

/* The header: the first row with at least half as many texts as the fullest of the first rows. A
 * title stands in one cell or two, whatever the table's width. */
static enum status find_header(struct header *header, struct xlsx *xlsx, const char *part,
                               struct err *err)
{
    struct xlsx_sheet *sheet = NULL;
    enum status status = xlsx_sheet_open(&sheet, xlsx->zip, &xlsx->book, part, err);
    struct arena_mark mark = arena_mark(&xlsx->arena);
    struct xlsx_row rows[LOOK_ROWS], row;
    size_t count = 0, most = 0;
    while (status == OK && count < LOOK_ROWS) {
        status = xlsx_sheet_next(&row, sheet, err);
        if (status != OK)
            break;
        struct bytes *cells = arena_zalloc(&xlsx->arena, row.count, sizeof *cells);
        for (size_t i = 0; i < row.count; i++)
            cells[i] = arena_bytes(&xlsx->arena, text_trim(row.cells[i]));
        rows[count] = (struct xlsx_row){row.number, cells, row.count};
        size_t texts = texts_in(&rows[count++]);
        most = texts > most ? texts : most;
    }
    xlsx_sheet_close(sheet);
    if (status != OK && status != NOT_FOUND)
        return status;
    for (size_t i = 0; i < count; i++) {
        size_t texts = texts_in(&rows[i]);
        if (texts < 2 || 2 * texts < most)
            continue;
        size_t width = rows[i].count;
        *header = (struct header){.count = width, .row = rows[i].number};
        header->names = arena_zalloc(&xlsx->arena, width, sizeof *header->names);
        memcpy(header->names, rows[i].cells, width * sizeof *header->names);
        header->into = arena_zalloc(&xlsx->arena, width, sizeof *header->into);
        return OK;
    }
    arena_rewind(&xlsx->arena, mark);
    return OK;
}

static bool same_name(struct bytes a, struct bytes b)
{
    bool same = a.len == b.len && a.len > 0;
    for (size_t i = 0; same && i < a.len; i++)
        same = to_lower(a.at[i]) == to_lower(b.at[i]);
    return same;
}

static size_t column_named(const struct xlsx *xlsx, struct bytes name)
{
    for (size_t i = 0; i < xlsx->column_count; i++)
        if (same_name(xlsx->columns[i], name))
            return i;
    return NOWHERE;
}

/* The sheet joins the table: its columns go to those of the same name; new ones behind. The first
 * sheet's columns stay as they are, also two of one name: what reads the CSV will see them. */
static void take_sheet(struct xlsx *xlsx, struct header *header, bool first)
{
    header->taken = true;
    for (size_t i = 0; i < header->count; i++) {
        size_t at = first ? NOWHERE : column_named(xlsx, header->names[i]);
        bool blank = header->names[i].len == 0;
        if (at == NOWHERE && (first || !blank) && xlsx->column_count < XLSX_COLUMNS_MAX) {
            at = xlsx->column_count++;
            xlsx->columns[at] = header->names[i];
        }
        header->into[i] = at;
    }
}

/* Most of the table's columns are the sheet's too. */
static bool belongs(const struct xlsx *xlsx, const struct header *header)
{
    size_t shared = 0, named = 0;
    for (size_t i = 0; i < header->count; i++) {
        named += header->names[i].len > 0;
        shared +=
            header->names[i].len > 0 && column_named(xlsx, header->names[i]) != NOWHERE;
    }
    return named > 0 && 3 * shared >= 2 * named && 2 * shared >= xlsx->column_count;
}

static enum status find_table(struct xlsx *xlsx, struct err *err)
{
    size_t sheets = xlsx->book.sheet_count, widest = sheets;
    xlsx->headers = arena_zalloc(&xlsx->arena, sheets + 1, sizeof *xlsx->headers);
    xlsx->columns = arena_zalloc(&xlsx->arena, XLSX_COLUMNS_MAX + 1, sizeof *xlsx->columns);
    xlsx->fields = arena_zalloc(&xlsx->arena, XLSX_COLUMNS_MAX + 1, sizeof *xlsx->fields);
    for (size_t i = 0; i < sheets; i++) {
        if (xlsx->book.sheets[i].hidden)
            continue;
        enum status status =
            find_header(&xlsx->headers[i], xlsx, xlsx->book.sheets[i].part, err);
        if (status != OK) {
            err_prefix(err, "sheet \"%s\": ", xlsx->book.sheets[i].name);
            return status;
        }
        if (xlsx->headers[i].count > 0 &&
            (widest == sheets || xlsx->headers[i].count > xlsx->headers[widest].count))
            widest = i;
    }
    if (widest == sheets)
        return fail(err, BAD_INPUT, "the workbook has no sheet with a table");
    take_sheet(xlsx, &xlsx->headers[widest], true);
    for (size_t i = 0; i < sheets; i++)
        if (i != widest && belongs(xlsx, &xlsx->headers[i]))
            take_sheet(xlsx, &xlsx->headers[i], false);
    return OK;
}

/* --- opening --- */

static enum status start(struct xlsx **out, struct xlsx *xlsx, struct err *err)
{
    enum status status = OK;
    if (zip_get_num_entries(xlsx->zip, 0) > PARTS_MAX)
        status = fail(err, BAD_INPUT, "the archive has more than 10000 parts");
    if (status == OK)
        status = xlsx_book_read(&xlsx->book, xlsx->zip, err);
    if (status == OK)
        status = find_table(xlsx, err);
    if (status != OK) {
        err_prefix(err, "%s: ", xlsx->name);
        xlsx_close(xlsx);
        return status;
    }
    *out = xlsx;
    return OK;
}

static struct xlsx *new_xlsx(const char *name)
{
    struct xlsx *xlsx = xcalloc(1, sizeof *xlsx);
    *xlsx = (struct xlsx){.name = xstrdup(name), .pending = {.max = PENDING_MAX}};
    return xlsx;
}

static enum status no_archive(struct xlsx *xlsx, zip_error_t *why, struct err *err)
{
    fail(
        err, BAD_INPUT,
        "%s: this ZIP archive or workbook is cut off or damaged (%.200s); copy or download "
        "the file again",
        xlsx->name, zip_error_strerror(why));
    zip_error_fini(why);
    xlsx_close(xlsx);
    return BAD_INPUT;
}

enum status xlsx_open(struct xlsx **out, const char *path, struct err *err)
{
    struct xlsx *xlsx = new_xlsx(path);
    int code = 0;
    xlsx->zip = zip_open(path, ZIP_RDONLY, &code);
    if (xlsx->zip == NULL) {
        zip_error_t why;
        zip_error_init_with_code(&why, code);
        return no_archive(xlsx, &why, err);
    }
    return start(out, xlsx, err);
}

enum status xlsx_open_file(struct xlsx **out, int fd, const char *name, struct err *err)
{
    struct xlsx *xlsx = new_xlsx(name);
    int code = ZIP_ER_OPEN, own = dup(fd);
    if (own >= 0)
        xlsx->zip = zip_fdopen(own, 0, &code); /* which takes it over */
    if (xlsx->zip == NULL) {
        zip_error_t why;
        zip_error_init_with_code(&why, code);
        if (own >= 0)
            close(own);
        return no_archive(xlsx, &why, err);
    }
    return start(out, xlsx, err);
}

enum status xlsx_open_bytes(struct xlsx **out, struct bytes content, const char *name,
                            struct err *err)
{
    struct xlsx *xlsx = new_xlsx(name);
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(content.at, content.len, 0, &why);
    if (source == NULL)
        return no_archive(xlsx, &why, err);
    xlsx->zip = zip_open_from_source(source, ZIP_RDONLY, &why);
    if (xlsx->zip == NULL) {
        zip_source_free(source);
        return no_archive(xlsx, &why, err);
    }
    zip_error_fini(&why);
    return start(out, xlsx, err);
}

void xlsx_close(struct xlsx *xlsx)
{
    if (xlsx == NULL)
        return;
    xlsx_sheet_close(xlsx->sheet);
    if (xlsx->zip != NULL)
        zip_discard(xlsx->zip);
    xlsx_book_release(&xlsx->book);
    arena_release(&xlsx->arena);
    buf_release(&xlsx->pending);
    free(xlsx->name);
    free(xlsx);
}

/* --- the CSV --- */

/* A table among the sheets that is not read must not go unsaid: a row that cannot be read says
 * it, in the rejects file. */
static void tell_left_out(struct xlsx *xlsx, size_t i)
{
    const struct header *header = &xlsx->headers[i];
    const struct xlsx_sheet_name *sheet = &xlsx->book.sheets[i];
    size_t named = 0;
    for (size_t c = 0; c < header->count; c++)
        named += header->names[c].len > 0;
    if (header->taken || named < TABLE_COLUMNS_MIN)
        return;
    char text[512];
    snprintf(text, sizeof text,
             "sheet \"%s\" was not read: its columns are not those of the other sheets",
             sheet->name);
    struct bytes field = bytes_text(text);
    csv_write_row(&xlsx->pending, &field, 1, ',');
}

/* Row to table: cells go where their columns went. A text under no column makes the row longer
 * than the header, so that it is rejected and not cut. */
static void add_row(struct xlsx *xlsx, const struct xlsx_row *row)
{
    memset(xlsx->fields, 0, (xlsx->column_count + 1) * sizeof *xlsx->fields);
    size_t count = xlsx->column_count;
    for (size_t i = 0; i < row->count; i++) {
        size_t at = i < xlsx->header->count ? xlsx->header->into[i] : NOWHERE;
        if (row->cells[i].len == 0)
            continue;
        if (at == NOWHERE && text_trim(row->cells[i]).len > 0) {
            at = xlsx->column_count;
            count = xlsx->column_count + 1;
        }
        if (at != NOWHERE)
            xlsx->fields[at] = row->cells[i];
    }
    csv_write_row(&xlsx->pending, xlsx->fields, count, ',');
}

/* Blank lines for rows that are not given, so that in the first sheet a line of the CSV has the
 * number of its row (where no cell holds several lines). */
static void pad_to(struct xlsx *xlsx, size_t row)
{
    if (xlsx->lines == NOT_FIRST)
        return;
    for (; xlsx->lines + 1 < row && row <= SHEET_ROWS_MAX; xlsx->lines++)
        buf_add_text(&xlsx->pending, "\r\n");
    xlsx->lines++;
}

static enum status next_sheet(struct xlsx *xlsx, struct err *err)
{
    if (xlsx->header != NULL)
        xlsx->lines = NOT_FIRST;
    while (xlsx->next < xlsx->book.sheet_count) {
        size_t i = xlsx->next++;
        if (xlsx->headers[i].taken) {
            xlsx->header = &xlsx->headers[i];
            return xlsx_sheet_open(&xlsx->sheet, xlsx->zip, &xlsx->book,
                                   xlsx->book.sheets[i].part, err);
        }
        tell_left_out(xlsx, i);
    }
    xlsx->ended = true;
    return OK;
}

/* At least one row more in pending, or ended. */
static enum status fill(struct xlsx *xlsx, struct err *err)
{
    buf_clear(&xlsx->pending);
    xlsx->given = 0;
    if (!xlsx->begun) {
        size_t first = 0;
        while (!xlsx->headers[first].taken)
            first++;
        pad_to(xlsx, xlsx->headers[first].row);
        csv_write_row(&xlsx->pending, xlsx->columns, xlsx->column_count, ',');
        xlsx->begun = true;
    }
    while (xlsx->pending.len == 0 && !xlsx->ended) {
        struct xlsx_row row;
        enum status status =
            xlsx->sheet == NULL ? NOT_FOUND : xlsx_sheet_next(&row, xlsx->sheet, err);
        if (status == NOT_FOUND) {
            xlsx_sheet_close(xlsx->sheet);
            xlsx->sheet = NULL;
            status = next_sheet(xlsx, err);
        } else if (status == OK && row.number > xlsx->header->row) {
            pad_to(xlsx, row.number);
            add_row(xlsx, &row);
        }
        if (status != OK) {
            xlsx->ended = true;
            err_prefix(err, "sheet \"%s\": ", xlsx->book.sheets[xlsx->next - 1].name);
            return status;
        }
    }
    return OK;
}

enum status xlsx_read(size_t *count, struct xlsx *xlsx, uint8_t *out, size_t len,
                      struct err *err)
{
    *count = 0;
    while (*count < len) {
        if (xlsx->given == xlsx->pending.len) {
            if (xlsx->ended)
                return OK;
            enum status status = fill(xlsx, err);
            if (status != OK)
                return status;
            continue;
        }
        size_t part = xlsx->pending.len - xlsx->given;
        part = part < len - *count ? part : len - *count;
        memcpy(out + *count, xlsx->pending.at + xlsx->given, part);
        xlsx->given += part;
        *count += part;
    }
    return OK;
}
