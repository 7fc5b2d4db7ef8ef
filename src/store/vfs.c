/* SPDX-License-Identifier: Apache-2.0 */
#include "store/vfs.h"

#include "base/memory.h"

#include <assert.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { NAME_MAX_LEN = 40, PATH_MAX_LEN = 4096, SECTOR = 4096, WAITING_MAX = 1 << 20 };

struct vfs {
    sqlite3_vfs sqlite;
    const struct disk *disk;
    char name[NAME_MAX_LEN];
    enum status failure;
    struct err why;
};

/* SQLite allocates szOsFile bytes of it for each file. */
struct file {
    sqlite3_file sqlite; /* first: SQLite casts */
    struct vfs *vfs;
    struct disk_file *on;
    const char *path;   /* SQLite keeps it as long as the file is open */
    bool name_unsynced; /* as far as we know: whoever made it may have died before a sync */

    /* Written by SQLite and not yet by us: it writes a group of acts in a hundred pieces, each behind
     * the last, and then syncs. They go out as one, before anything else is done with the file. */
    uint8_t *waiting; /* WAITING_MAX bytes, or NULL */
    size_t waiting_len;
    uint64_t waiting_at;
};

/* What a lock or a failed open leaves in why belongs to the caller's sentence too. */
static int code_of(enum status status)
{
    switch (status) {
    case OK:
        return SQLITE_OK;
    case TOO_LARGE:
        return SQLITE_FULL;
    case BUSY:
        return SQLITE_BUSY;
    default:
        return SQLITE_IOERR;
    }
}

static int keep(struct vfs *vfs, enum status status, const struct err *err)
{
    if (status != OK && vfs->failure == OK) {
        vfs->failure =
            status == NOT_FOUND ? IO_FAILED : status; /* a file of ours went away */
        vfs->why = *err;
    }
    return code_of(status);
}

static int write_waiting(struct file *file)
{
    struct err err = {0};
    struct bytes bytes = bytes_of(file->waiting, file->waiting_len);
    if (file->vfs->failure != OK)
        return code_of(file->vfs->failure);
    if (bytes.len == 0)
        return SQLITE_OK;
    file->waiting_len = 0;
    enum status status = file->vfs->disk->write(file->on, bytes, file->waiting_at, &err);
    return keep(file->vfs, status, &err);
}

static int file_close(sqlite3_file *sqlite)
{
    struct file *file = (struct file *)sqlite;
    int code = file->on != NULL ? write_waiting(file) : SQLITE_OK;
    if (file->on != NULL)
        file->vfs->disk->close(file->on);
    file->on = NULL;
    free(file->waiting);
    file->waiting = NULL;
    return code;
}

static int file_read(sqlite3_file *sqlite, void *out, int len, sqlite3_int64 at)
{
    struct file *file = (struct file *)sqlite;
    struct err err = {0};
    size_t got = 0, wanted = (size_t)len;
    if (file->waiting_len > 0 && write_waiting(file) != SQLITE_OK)
        return SQLITE_IOERR_READ;
    enum status status =
        file->vfs->disk->read(&got, file->on, out, wanted, (uint64_t)at, &err);
    if (status != OK)
        return keep(file->vfs, status, &err) == SQLITE_OK ? SQLITE_OK : SQLITE_IOERR_READ;
    if (got < wanted) {
        memset((uint8_t *)out + got, 0, wanted - got); /* SQLite asks for zeros */
        return SQLITE_IOERR_SHORT_READ;
    }
    return SQLITE_OK;
}

static int file_write(sqlite3_file *sqlite, const void *from, int len, sqlite3_int64 at)
{
    struct file *file = (struct file *)sqlite;
    size_t bytes = (size_t)len;
    int code = file->vfs->failure != OK ? code_of(file->vfs->failure) : SQLITE_OK;
    if (file->waiting_len > 0 && ((uint64_t)at != file->waiting_at + file->waiting_len ||
                                  file->waiting_len + bytes > WAITING_MAX))
        code = write_waiting(file);
    if (code != SQLITE_OK)
        return code;
    assert(bytes <= WAITING_MAX);
    if (file->waiting == NULL)
        file->waiting = xmalloc(WAITING_MAX);
    if (file->waiting_len == 0)
        file->waiting_at = (uint64_t)at;
    memcpy(file->waiting + file->waiting_len, from, bytes);
    file->waiting_len += bytes;
    return SQLITE_OK;
}

static int file_truncate(sqlite3_file *sqlite, sqlite3_int64 size)
{
    struct file *file = (struct file *)sqlite;
    struct err err = {0};
    if (write_waiting(file) != SQLITE_OK)
        return code_of(file->vfs->failure);
    enum status status = file->vfs->disk->truncate(file->on, (uint64_t)size, &err);
    return keep(file->vfs, status, &err);
}

static int file_sync(sqlite3_file *sqlite, int flags)
{
    struct file *file = (struct file *)sqlite;
    struct err err = {0};
    (void)flags;
    if (write_waiting(file) != SQLITE_OK)
        return code_of(file->vfs->failure);
    enum status status = file->vfs->disk->sync(file->on, &err);
    if (status == OK && file->name_unsynced) {
        status = file->vfs->disk->sync_folder(file->vfs->disk->context, file->path, &err);
        file->name_unsynced = status != OK;
    }
    return keep(file->vfs, status, &err);
}

static int file_size(sqlite3_file *sqlite, sqlite3_int64 *size)
{
    struct file *file = (struct file *)sqlite;
    struct err err = {0};
    uint64_t bytes = 0;
    if (write_waiting(file) != SQLITE_OK)
        return code_of(file->vfs->failure);
    enum status status = file->vfs->disk->size(&bytes, file->on, &err);
    *size = (sqlite3_int64)bytes;
    return keep(file->vfs, status, &err);
}

/* The disk's own lock is held from open to close, so that SQLite's five steps are one. */
static int file_lock(sqlite3_file *sqlite, int level)
{
    (void)sqlite, (void)level;
    return SQLITE_OK;
}

static int file_reserved(sqlite3_file *sqlite, int *out)
{
    (void)sqlite;
    *out = 0;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *sqlite, int operation, void *argument)
{
    (void)sqlite, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *sqlite)
{
    (void)sqlite;
    return SECTOR;
}

/* A power cut during a write harms no byte outside it: SQLite's own assumption for Unix. */
static int file_device(sqlite3_file *sqlite)
{
    (void)sqlite;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_lock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
};

static int vfs_file_open(sqlite3_vfs *sqlite, const char *path, sqlite3_file *out,
                         int flags, int *flags_out)
{
    struct vfs *vfs = sqlite->pAppData;
    struct file *file = (struct file *)out;
    struct err err = {0};
    memset(file, 0, sizeof *file);
    if (path == NULL) /* a temporary file */
        return SQLITE_CANTOPEN;
    bool create = (flags & SQLITE_OPEN_CREATE) != 0;
    enum status status = vfs->disk->open(&file->on, vfs->disk->context, path, create, &err);
    if (status == OK && (flags & SQLITE_OPEN_MAIN_DB))
        status = vfs->disk->lock(file->on, &err);
    if (status != OK) {
        if (file->on != NULL)
            vfs->disk->close(file->on);
        file->on = NULL;
        keep(vfs, status, &err);
        return status == BUSY ? SQLITE_BUSY : SQLITE_CANTOPEN;
    }
    file->vfs = vfs;
    file->path = path;
    file->name_unsynced = true;
    file->sqlite.pMethods = &methods;
    if (flags_out != NULL)
        *flags_out = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *sqlite, const char *path, int sync_folder)
{
    struct vfs *vfs = sqlite->pAppData;
    struct err err = {0};
    if (vfs->failure != OK)
        return code_of(vfs->failure);
    enum status status = vfs->disk->remove(vfs->disk->context, path, &err);
    if (status == NOT_FOUND)
        return SQLITE_IOERR_DELETE_NOENT;
    if (status == OK && sync_folder)
        status = vfs->disk->sync_folder(vfs->disk->context, path, &err);
    return keep(vfs, status, &err);
}

static int vfs_access(sqlite3_vfs *sqlite, const char *path, int flags, int *out)
{
    struct vfs *vfs = sqlite->pAppData;
    struct err err = {0};
    bool exists = false;
    (void)flags;
    enum status status = vfs->disk->exists(&exists, vfs->disk->context, path, &err);
    *out = exists;
    return keep(vfs, status, &err);
}

/* The store gives a path that is good as it is. */
static int vfs_full_path(sqlite3_vfs *sqlite, const char *path, int size, char *out)
{
    (void)sqlite;
    return snprintf(out, (size_t)size, "%s", path) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int vfs_random(sqlite3_vfs *sqlite, int len, char *out)
{
    (void)sqlite;
    randombytes_buf(out, (size_t)len);
    return len;
}

static int vfs_sleep(sqlite3_vfs *sqlite, int microseconds)
{
    (void)sqlite;
    usleep((useconds_t)microseconds);
    return microseconds;
}

/* Our SQL never asks SQLite for the time; the entry point must exist. */
static int vfs_time(sqlite3_vfs *sqlite, double *out)
{
    (void)sqlite;
    *out = 2440587.5 + (double)time(NULL) / 86400.0; /* the Julian day of 1970-01-01 */
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *sqlite, int size, char *out)
{
    (void)sqlite;
    if (size > 0)
        out[0] = '\0';
    return 0;
}

struct vfs *vfs_open(const struct disk *disk)
{
    struct vfs *vfs = xcalloc(1, sizeof *vfs);
    vfs->disk = disk;
    snprintf(vfs->name, sizeof vfs->name, "enlace-%p", (void *)vfs);
    vfs->sqlite = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = sizeof(struct file),
        .mxPathname = PATH_MAX_LEN,
        .zName = vfs->name,
        .pAppData = vfs,
        .xOpen = vfs_file_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_path,
        .xRandomness = vfs_random,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
        .xGetLastError = vfs_last_error,
    };
    int code = sqlite3_vfs_register(&vfs->sqlite, 0);
    assert(code == SQLITE_OK);
    (void)code;
    return vfs;
}

void vfs_close(struct vfs *vfs)
{
    if (vfs == NULL)
        return;
    sqlite3_vfs_unregister(&vfs->sqlite);
    free(vfs);
}

const char *vfs_name(const struct vfs *vfs)
{
    return vfs->name;
}

enum status vfs_failure(const struct vfs *vfs, struct err *err)
{
    if (vfs->failure != OK && err != NULL)
        *err = vfs->why;
    return vfs->failure;
}
