/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/xlsx.h: a workbook (Office Open XML, .xlsx) read as the CSV that it would be saved as.
 *
 * Whatever reads a CSV reads a workbook: formats/source sees the first bytes and asks here for
 * text. The workbook's sheets with the same columns become one table, one behind the other (a
 * sheet a year); docs/format/xlsx.md says how the columns are found. Days are written as
 * 2012-01-31 whatever Excel shows, numbers as the shortest text that is the same number.
 *
 * Nothing is held but the table of shared texts, whose size is limited, and one row: sheets are
 * unpacked and parsed as they are asked for. A file made to do harm (packed a thousandfold,
 * entities, endless elements, indices outside) ends with a sentence.
 */
#ifndef FORMATS_XLSX_H
#define FORMATS_XLSX_H

#include "base/bytes.h"

enum {
    XLSX_SHEETS_MAX = 1024,
    XLSX_COLUMNS_MAX = 4096,
    XLSX_CELL_MAX = 4 * 32767, /* bytes; Excel's own limit is 32,767 characters */
    XLSX_TEXTS_MAX = 16 * 1024 * 1024,
    XLSX_TEXT_BYTES_MAX = 256 * 1024 * 1024,
    XLSX_STYLES_MAX = 65536
};
#define XLSX_PART_MAX (4ull << 30) /* unpacked bytes of one part */

struct xlsx;

/* The bytes begin a ZIP archive. */
bool xlsx_looks_like(struct bytes start);

/* BAD_INPUT: no workbook, or not a readable one; name stands for it in sentences. */
MUST_USE enum status xlsx_open(struct xlsx **out, const char *path, struct err *err);
/* The same of a file that was opened; the descriptor stays the caller's. */
MUST_USE enum status xlsx_open_file(struct xlsx **out, int fd, const char *name,
                                    struct err *err);
/* The bytes must outlive it. */
MUST_USE enum status xlsx_open_bytes(struct xlsx **out, struct bytes content,
                                     const char *name, struct err *err);
void xlsx_close(struct xlsx *xlsx);

/* Up to len bytes more of the CSV (comma, CRLF, UTF-8, a header first); *count is 0 at its end. A
 * part that turns out damaged is BAD_INPUT, with all rows before it given. */
MUST_USE enum status xlsx_read(size_t *count, struct xlsx *xlsx, uint8_t *out, size_t len,
                               struct err *err);

#endif
