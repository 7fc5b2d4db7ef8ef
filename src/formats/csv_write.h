/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/csv_write.h: a row of CSV (RFC 4180): CRLF behind it, a field quoted when it must be.
 *
 * Fields go out as they are: the reader (formats/csv.h) gives them back byte for byte.
 */
#ifndef FORMATS_CSV_WRITE_H
#define FORMATS_CSV_WRITE_H

#include "base/bytes.h"

void csv_write_row(struct buf *out, const struct bytes *fields, size_t count,
                   uint8_t delimiter);

#endif
