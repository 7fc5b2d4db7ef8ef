/* SPDX-License-Identifier: Apache-2.0
 *
 * store/vfs.h: SQLite on our disk.
 *
 * One registered sqlite3_vfs for each open database, all of whose files go through a struct
 * disk. It serves one connection with locking_mode=EXCLUSIVE: the database file is locked
 * when it is opened and until it is closed, the WAL index lives in memory, and temporary
 * files are refused, so that no word can reach the disk by a side door.
 *
 * The first write, truncation or sync that fails is remembered with its sentence, and from
 * then on every one is refused: SQLite itself forgives some of them, we do not.
 */
#ifndef STORE_VFS_H
#define STORE_VFS_H

#include "store/disk.h"

struct vfs;

/* Never NULL. Close it after the connection. */
struct vfs *vfs_open(const struct disk *disk);
void vfs_close(struct vfs *vfs);
/* To be given to sqlite3_open_v2. */
const char *vfs_name(const struct vfs *vfs);
/* OK, or what failed first since vfs_open, with its sentence. */
MUST_USE enum status vfs_failure(const struct vfs *vfs, struct err *err);

#endif
