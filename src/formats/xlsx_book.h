/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/xlsx_book.h: what stands around the sheets of a workbook: their names and parts, the
 * shared texts, which styles mean a day, and the day that counting begins with.
 */
#ifndef FORMATS_XLSX_BOOK_H
#define FORMATS_XLSX_BOOK_H

#include "base/memory.h"

struct zip;

struct xlsx_sheet_name {
    const char *name, *part;
    bool hidden;
};

/* All-zero is valid and empty. */
struct xlsx_book {
    struct arena arena; /* names */
    struct xlsx_sheet_name *sheets;
    size_t sheet_count, sheet_capacity;
    bool from_1904;

    struct buf texts; /* one behind the other */
    size_t *text_ends;
    size_t text_count, text_capacity;

    bool *style_is_date; /* by the cell's style number */
    size_t style_count, style_capacity;
};

MUST_USE enum status xlsx_book_read(struct xlsx_book *book, struct zip *zip,
                                    struct err *err);
void xlsx_book_release(struct xlsx_book *book);

/* Shared text number; false when there is none. */
bool xlsx_book_text(struct bytes *text, const struct xlsx_book *book, size_t number);
/* A format code shows days or times: y, m, d, h or s outside quotation marks and brackets. */
bool xlsx_format_is_date(const char *code);
/* Add text with Excel's _x000D_ read as the character it stands for. */
void xlsx_add_unescaped(struct buf *out, struct bytes text);

#endif
