/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/csv.h: comma-separated values (RFC 4180), one row at a time, as people really
 * write them.
 *
 * The delimiter ( ; , tab | ) is found in the header, or named by Excel's first line
 * "sep=;". Lines end with CRLF, LF or a lone CR. White space may stand before an opening
 * quotation mark. A quotation mark inside an unquoted field is text. A field that begins
 * with one, has text behind the second and no delimiter between the two ("El Toro" hotel)
 * is text as well.
 *
 * A row that cannot be trusted is given with its `fault` and its first physical line, and
 * reading goes on at the line after that: a quotation mark that is never closed costs one
 * row, not the rest of the file. Faults: too few or too many fields (blank fields past the
 * last column are dropped, Excel writes them), a quoted field that does not end, a row over
 * CSV_ROW_MAX bytes or CSV_FIELDS_MAX fields, a NUL byte, the place where a packed file is
 * cut off.
 *
 * Rows in which every field is blank are skipped. Bytes that are not UTF-8 are read as
 * Windows-1252 and counted. Everything in a row borrows from the reader until the next
 * csv_next.
 */
#ifndef FORMATS_CSV_H
#define FORMATS_CSV_H

#include "base/memory.h"
#include "formats/source.h"

enum { CSV_ROW_MAX = 1024 * 1024, CSV_FIELDS_MAX = 4096, CSV_FAULT_ROW_MAX = 64 * 1024 };

struct csv_field {
    struct bytes text; /* without the quotation marks around it; not trimmed */
    bool quoted;
};

struct csv_row {
    const struct csv_field
        *fields;       /* csv->column_count of them; NULL when there is a fault */
    size_t line;       /* the first line of the row in the file, from 1 */
    struct bytes raw;  /* as in the file, without its line end */
    const char *fault; /* why the row cannot be used, as a sentence; NULL: it can */
    size_t repaired;   /* bytes that were not UTF-8 */
};

struct csv {
    struct source *source;
    struct bytes *columns; /* trimmed header names, in `header` */
    size_t column_count;   /* without blank columns at the end */
    size_t width;          /* with them */
    uint8_t delimiter;

    struct arena header; /* lives as long as the csv */
    struct arena row;    /* lives until the next csv_next */
    size_t line;         /* line that the window begins with */
    struct csv_field *fields;
    size_t field_count, field_capacity;
    bool stops[256]; /* bytes that end an unquoted field */
    bool damage_told;
};

/* Reads the header. The source stays the caller's. BAD_INPUT when there is no usable
 * header. */
MUST_USE enum status csv_open(struct csv *csv, struct source *source, struct err *err);
void csv_release(struct csv *csv);
/* NOT_FOUND at the end of the file. */
MUST_USE enum status csv_next(struct csv_row *row, struct csv *csv, struct err *err);

enum { CSV_NO_COLUMN = -1, CSV_TWO_COLUMNS = -2 };
/* Index of the column with this name, or one of the two above. The case of ASCII letters
 * counts only between columns that differ in nothing else. */
int csv_column(const struct csv *csv, struct bytes name);
/* An unquoted field without the white space around it; a quoted one as it is. */
struct bytes csv_trimmed(const struct csv_field *field);

#endif
