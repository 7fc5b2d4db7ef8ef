/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/source.h: the bytes of a file, plain or gzip, through one sliding window.
 *
 *     file:  ......taken......|----------- window -----------|......not yet read......
 *                             source_take moves this edge    source_more moves this one
 *
 * A gzip file (also several members behind one another) is unpacked as it streams, so what
 * it unpacks to costs no memory. A UTF-8 byte order mark is dropped; UTF-16 is refused with
 * a sentence. The window grows only while its user asks for more without taking: whoever
 * parses sets the limit of a row or line and stops asking there.
 *
 * A workbook (.xlsx) is given as the CSV that it would be saved as (formats/xlsx.h); one inside a
 * gzip file is not, nor one from a pipe.
 *
 * A gzip file that is cut off or damaged gives all bytes before the fault and then ends;
 * source_damage says what is wrong. Only a disk that fails is an error on the way.
 */
#ifndef FORMATS_SOURCE_H
#define FORMATS_SOURCE_H

#include "base/bytes.h"

enum { SOURCE_CHUNK = 256 * 1024, SOURCE_WINDOW_MAX = 32 * 1024 * 1024 };

struct source;

/* "-" is standard input. NOT_FOUND when there is no such file; BAD_INPUT for UTF-16, and
 * for a gzip file of which nothing can be read. */
MUST_USE enum status source_open(struct source **out, const char *path, struct err *err);
/* The same of a file that somebody else has opened: the descriptor is taken over, path is what it is
 * called. -1: errno says why it was not opened. */
MUST_USE enum status source_open_file(struct source **out, int fd, const char *path,
                                      struct err *err);
/* The same over bytes in memory, which must outlive it; name stands for them in sentences.
 */
MUST_USE enum status source_open_bytes(struct source **out, struct bytes content,
                                       const char *name, struct err *err);
void source_close(struct source *source);

/* What has been read and not taken. Valid until the next source_more. */
struct bytes source_window(const struct source *source);
/* Make the window longer; no longer than before means the end. Its bytes may move. */
MUST_USE enum status source_more(struct source *source, struct err *err);
void source_take(struct source *source, size_t len);
/* Nothing more will come into the window. */
bool source_ended(const struct source *source);

/* What is wrong with the gzip data, as a sentence, once the window has reached it; else "".
 */
const char *source_damage(const struct source *source);
/* Bytes of the file read so far, packed as it is. */
uint64_t source_bytes(const struct source *source);
/* The path as given, or "standard input". */
const char *source_name(const struct source *source);

#endif
