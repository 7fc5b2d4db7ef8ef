/* SPDX-License-Identifier: Apache-2.0 */
#include "store/disk.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The bytes that SQLite's own file locks cover: a write lock on all of them is what it
 * calls exclusive, so that another program's SQLite waits outside. */
enum { LOCK_FROM = 0x40000000, LOCK_BYTES = 512 };

struct system_file {
    struct disk_file base; /* first: a disk_file is cast back to it */
    int fd;
    char *path;
};

static struct system_file *of(struct disk_file *file)
{
    return (struct system_file *)file;
}

static enum status fail_errno(struct err *err, const char *path)
{
    switch (errno) {
    case ENOENT:
        return fail(err, NOT_FOUND, "%s: there is no such file", path);
    case EACCES:
    case EPERM:
    case EROFS:
        return fail(err, REFUSED, "%s: may not be written here (%s)", path,
                    strerror(errno));
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return fail(err, TOO_LARGE, "%s: the disk is full (%s)", path, strerror(errno));
    default:
        return fail(err, IO_FAILED, "%s: the disk failed (%s)", path, strerror(errno));
    }
}

static enum status system_open(struct disk_file **out, void *context, const char *path,
                               bool create, struct err *err)
{
    (void)context;
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT : 0), 0600);
    if (fd < 0)
        return fail_errno(err, path);
    struct system_file *file = xcalloc(1, sizeof *file);
    file->base.disk = disk_system();
    file->fd = fd;
    file->path = xstrdup(path);
    *out = &file->base;
    return OK;
}

static void system_close(struct disk_file *file)
{
    close(of(file)->fd);
    free(of(file)->path);
    free(file);
}

static enum status system_read(size_t *got, struct disk_file *file, void *out, size_t len,
                               uint64_t at, struct err *err)
{
    uint8_t *to = out;
    *got = 0;
    while (*got < len) {
        ssize_t count = pread(of(file)->fd, to + *got, len - *got, (off_t)(at + *got));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail_errno(err, of(file)->path);
        if (count == 0)
            break;
        *got += (size_t)count;
    }
    return OK;
}

static enum status system_write(struct disk_file *file, struct bytes content, uint64_t at,
                                struct err *err)
{
    for (size_t done = 0; done < content.len;) {
        ssize_t count =
            pwrite(of(file)->fd, content.at + done, content.len - done, (off_t)(at + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail_errno(err, of(file)->path);
        done += (size_t)count;
    }
    return OK;
}

static enum status system_truncate(struct disk_file *file, uint64_t size, struct err *err)
{
    return ftruncate(of(file)->fd, (off_t)size) == 0 ? OK : fail_errno(err, of(file)->path);
}

static enum status system_sync(struct disk_file *file, struct err *err)
{
    return fdatasync(of(file)->fd) == 0 ? OK : fail_errno(err, of(file)->path);
}

static enum status system_size(uint64_t *size, struct disk_file *file, struct err *err)
{
    struct stat about;
    if (fstat(of(file)->fd, &about) != 0)
        return fail_errno(err, of(file)->path);
    *size = (uint64_t)about.st_size;
    return OK;
}

static enum status system_lock(struct disk_file *file, struct err *err)
{
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_FROM, .l_len = LOCK_BYTES};
    if (fcntl(of(file)->fd, F_OFD_SETLK, &lock) == 0)
        return OK;
    if (errno == EAGAIN || errno == EACCES)
        return fail(err, BUSY, "%s: another program has this node open; wait for it to end",
                    of(file)->path);
    return fail_errno(err, of(file)->path);
}

static enum status system_make_folder(void *context, const char *path, struct err *err)
{
    (void)context;
    return mkdir(path, 0700) == 0 || errno == EEXIST ? OK : fail_errno(err, path);
}

static enum status system_remove(void *context, const char *path, struct err *err)
{
    (void)context;
    return unlink(path) == 0 ? OK : fail_errno(err, path);
}

static enum status system_exists(bool *exists, void *context, const char *path,
                                 struct err *err)
{
    (void)context;
    struct stat about;
    *exists = stat(path, &about) == 0;
    return *exists || errno == ENOENT ? OK : fail_errno(err, path);
}

static enum status system_sync_folder(void *context, const char *path, struct err *err)
{
    (void)context;
    char *copy = xstrdup(path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status status = fd >= 0 && fsync(fd) == 0 ? OK : fail_errno(err, path);
    if (fd >= 0)
        close(fd);
    free(copy);
    return status;
}

const struct disk *disk_system(void)
{
    static const struct disk disk = {
        .open = system_open,
        .close = system_close,
        .read = system_read,
        .write = system_write,
        .truncate = system_truncate,
        .sync = system_sync,
        .size = system_size,
        .lock = system_lock,
        .make_folder = system_make_folder,
        .remove = system_remove,
        .exists = system_exists,
        .sync_folder = system_sync_folder,
    };
    return &disk;
}
