/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/xlsx_sheet.h: the rows of one sheet, as texts.
 */
#ifndef FORMATS_XLSX_SHEET_H
#define FORMATS_XLSX_SHEET_H

#include "formats/xlsx_book.h"

enum { XLSX_ROW_MAX = 2 * 1024 * 1024 }; /* bytes of a row's texts */

/* The cells up to the last one with a text; blank ones are empty. Lives until the next. */
struct xlsx_row {
    size_t number; /* as the sheet counts, from 1 */
    const struct bytes *cells;
    size_t count;
};

struct xlsx_sheet;

/* The book and the archive must outlive it. */
MUST_USE enum status xlsx_sheet_open(struct xlsx_sheet **out, struct zip *zip,
                                     const struct xlsx_book *book, const char *part,
                                     struct err *err);
void xlsx_sheet_close(struct xlsx_sheet *sheet);
/* The next row that has a text; NOT_FOUND at the end. */
MUST_USE enum status xlsx_sheet_next(struct xlsx_row *row, struct xlsx_sheet *sheet,
                                     struct err *err);

/* A serial number of Excel's as a day, a moment or a time of day; false when it is none. */
bool xlsx_add_moment(struct buf *out, double serial, bool from_1904);

#endif
