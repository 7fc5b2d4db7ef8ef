/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/xlsx_write.h: a workbook, row by row, in memory that does not grow with it.
 *
 * Texts are texts: one that begins with = is never a formula; bytes that are not UTF-8 are
 * repaired. A sheet's first row is its header: bold, frozen, with a filter. A cell that Excel
 * cannot hold (over 32,767 bytes) is cut, and a row past its 1,048,576th is BAD_INPUT when the
 * writer is closed.
 */
#ifndef FORMATS_XLSX_WRITE_H
#define FORMATS_XLSX_WRITE_H

#include "base/bytes.h"

struct xlsx_writer;

/* The file is made by xlsx_writer_close, or not at all. */
MUST_USE enum status xlsx_writer_open(struct xlsx_writer **out, const char *path,
                                      struct err *err);
/* The same into an open file that can be sought in; the caller's, and it stays open. */
MUST_USE enum status xlsx_writer_open_fd(struct xlsx_writer **out, int fd, struct err *err);
/* Names must differ; what Excel forbids in one is left out, and it is cut at 31 characters. */
MUST_USE enum status xlsx_writer_sheet(struct xlsx_writer *writer, const char *name,
                                       struct err *err);
void xlsx_writer_row(struct xlsx_writer *writer); /* begins one */
/* The next cell of the row. */
void xlsx_writer_text(struct xlsx_writer *writer, struct bytes text);
void xlsx_writer_number(struct xlsx_writer *writer, double number); /* NAN: blank */
void xlsx_writer_day(struct xlsx_writer *writer, int32_t day);      /* since 1970-01-01 */
/* Writes the file and frees the writer, in any case; NULL is fine. */
MUST_USE enum status xlsx_writer_close(struct xlsx_writer *writer, struct err *err);
/* Frees the writer; no file is made. */
void xlsx_writer_drop(struct xlsx_writer *writer);

#endif
