/* SPDX-License-Identifier: Apache-2.0
 *
 * store/disk.h: the disk as the store sees it.
 *
 * Both files of a node, the database and the key file, are read, written and synced through
 * this and nothing else. The program has one, the operating system's; a test supplies its
 * own, which forgets what was not synced, or fails at the n-th call.
 *
 * A write is durable after disk_sync of its file; a new file's or a removal's name after
 * disk_sync_folder. After a failed write or sync nobody knows what is on the disk: the
 * caller stops, and looks again after opening anew.
 */
#ifndef STORE_DISK_H
#define STORE_DISK_H

#include "base/bytes.h"

struct disk;

/* What an implementation puts first in its own file. */
struct disk_file {
    const struct disk *disk;
};

/* Statuses: NOT_FOUND no such file, REFUSED no permission or a read-only disk, BUSY another
 * has the lock, TOO_LARGE the disk is full, IO_FAILED the rest. */
struct disk {
    enum status (*open)(struct disk_file **out, void *context, const char *path,
                        bool create, struct err *err);
    void (*close)(struct disk_file *file);
    /* *got < len only at the end of the file. */
    enum status (*read)(size_t *got, struct disk_file *file, void *out, size_t len,
                        uint64_t at, struct err *err);
    enum status (*write)(struct disk_file *file, struct bytes content, uint64_t at,
                         struct err *err);
    enum status (*truncate)(struct disk_file *file, uint64_t size, struct err *err);
    enum status (*sync)(struct disk_file *file, struct err *err);
    enum status (*size)(uint64_t *size, struct disk_file *file, struct err *err);
    /* For this process alone, until closed; SQLite's own tools respect it too. */
    enum status (*lock)(struct disk_file *file, struct err *err);
    /* Makes the last part of the path; already there is fine. */
    enum status (*make_folder)(void *context, const char *path, struct err *err);
    enum status (*remove)(void *context, const char *path, struct err *err);
    enum status (*exists)(bool *exists, void *context, const char *path, struct err *err);
    /* The names in the folder that holds path. */
    enum status (*sync_folder)(void *context, const char *path, struct err *err);
    void *context;
};

/* The operating system's. */
const struct disk *disk_system(void);

#endif
