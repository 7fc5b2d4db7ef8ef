/* SPDX-License-Identifier: Apache-2.0
 *
 * store/wal.h: a look at what SQLite left in its log, before SQLite reads it.
 *
 * SQLite takes the frames of the log up to the first that is damaged and forgets the rest, as if a
 * power cut had kept them from being written. But each group is synced before the next is begun:
 * where a frame is damaged and a later group stands behind its own, it was whole once, and was
 * answered for. Then the log is refused instead of shortened. The last group alone cannot be told
 * from one that was cut off while it was written.
 *
 *     header 32: magic 4 | version 4 | page size 4 | number 4 | salt 8 | checksum 8
 *     frame: page number 4 | size of the database after a commit, else 0: 4 | salt 8 | checksum 8 | page
 */
#ifndef STORE_WAL_H
#define STORE_WAL_H

#include "store/disk.h"

/* CONFLICT: a group that was committed is damaged. A log without groups is fine. */
MUST_USE enum status wal_check(const struct disk *disk, struct disk_file *file,
                               const char *path, struct err *err);

#endif
