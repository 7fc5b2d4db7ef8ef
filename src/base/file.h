/* SPDX-License-Identifier: Apache-2.0
 *
 * base/file.h: whole small files in, whole files out.
 *
 * For mapping files, transcripts and results. Long inputs are streamed by formats/source.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/bytes.h"
#include "base/memory.h"

/* The whole file into the arena; TOO_LARGE over max bytes. */
MUST_USE enum status file_read(struct bytes *content, const char *path, size_t max,
                               struct arena *arena, struct err *err);
/* The same from a descriptor, which is taken over; path is what it is called. -1: errno says why it was
 * not opened. */
MUST_USE enum status file_read_opened(struct bytes *content, int fd, const char *path,
                                      size_t max, struct arena *arena, struct err *err);

enum file_access { FILE_PUBLIC = 0644, FILE_SECRET = 0600 };

/* All or nothing: written beside path, synced, renamed onto it, the folder synced. */
MUST_USE enum status file_write(const char *path, struct bytes content,
                                enum file_access access, struct err *err);

/* May the path be written over? Yes when nothing is there, or what is there has the mark in its first
 * KiB: it is of the same make. REFUSED for somebody's own file. */
MUST_USE enum status file_check_replaced(const char *path, const char *mark,
                                         struct err *err);

/* Removes what a file_write of folder/name left that was killed. Only where nobody else writes. */
void file_sweep(const char *folder, const char *name);

#endif
