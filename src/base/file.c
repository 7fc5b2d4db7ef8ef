/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_STEP = 64 * 1024 };
#define PART ".part-"

enum status file_read(struct bytes *content, const char *path, size_t max,
                      struct arena *arena, struct err *err)
{
    return file_read_opened(content, open(path, O_RDONLY | O_CLOEXEC), path, max, arena,
                            err);
}

enum status file_read_opened(struct bytes *content, int fd, const char *path, size_t max,
                             struct arena *arena, struct err *err)
{
    struct buf read_in = {.max = max};
    uint8_t step[READ_STEP];
    enum status status = OK;
    if (fd < 0) {
        status = fail(err, errno == ENOENT ? NOT_FOUND : IO_FAILED, "%s: %s", path,
                      strerror(errno));
        goto out;
    }
    for (;;) {
        ssize_t count = read(fd, step, sizeof step);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            status = fail(err, IO_FAILED, "%s: %s", path, strerror(errno));
            goto out;
        }
        if (count == 0)
            break;
        buf_add(&read_in, bytes_of(step, (size_t)count));
        if (read_in.overflowed) {
            status = fail(err, TOO_LARGE, "%s: larger than %zu bytes", path, max);
            goto out;
        }
    }
    *content = arena_bytes(arena, buf_bytes(&read_in));
out:
    if (fd >= 0)
        close(fd);
    explicit_bzero(step, sizeof step); /* it may have been a secret */
    if (read_in.at != NULL)
        explicit_bzero(read_in.at, read_in.capacity);
    buf_release(&read_in);
    return status;
}

static enum status write_all(int fd, struct bytes content)
{
    for (size_t done = 0; done < content.len;) {
        ssize_t count = write(fd, content.at + done, content.len - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return IO_FAILED;
        done += (size_t)count;
    }
    return OK;
}

static enum status sync_folder(const char *path)
{
    char *copy = xstrdup(path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status status = fd >= 0 && fsync(fd) == 0 ? OK : IO_FAILED;
    if (fd >= 0)
        close(fd);
    free(copy);
    return status;
}

enum status file_write(const char *path, struct bytes content, enum file_access access,
                       struct err *err)
{
    struct arena scratch = {0};
    uint64_t chance = 0;
    /* A number that comes again, as that of a process does, would meet what a kill left. */
    if (getentropy(&chance, sizeof chance) != 0)
        chance = (uint64_t)getpid();
    char *temporary =
        arena_printf(&scratch, "%s" PART "%016llx", path, (unsigned long long)chance);
    enum status status = OK;
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)access);
    if (fd < 0) {
        status = fail(err, IO_FAILED, "%s: %s", path, strerror(errno));
        goto out;
    }
    if (write_all(fd, content) != OK || fsync(fd) != 0 || rename(temporary, path) != 0 ||
        sync_folder(path) != OK) {
        status = fail(err, IO_FAILED, "%s: %s", path, strerror(errno));
        unlink(temporary);
    }
out:
    if (fd >= 0)
        close(fd);
    arena_release(&scratch);
    return status;
}

void file_sweep(const char *folder, const char *name)
{
    struct arena scratch = {0};
    const char *part = arena_printf(&scratch, "%s" PART, name);
    DIR *listing = opendir(folder);
    struct dirent *item;
    while (listing != NULL && (item = readdir(listing)) != NULL)
        if (strncmp(item->d_name, part, strlen(part)) == 0)
            unlinkat(dirfd(listing), item->d_name, 0);
    if (listing != NULL)
        closedir(listing);
    arena_release(&scratch);
}

enum status file_check_replaced(const char *path, const char *mark, struct err *err)
{
    enum { HEAD = 1024 };
    uint8_t head[HEAD];
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return OK; /* whatever is wrong with it, writing tells */
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, head, sizeof head) : -1;
    if (fd >= 0)
        close(fd);
    if (got >= 0 && memmem(head, (size_t)got, mark, strlen(mark)) != NULL)
        return OK;
    return fail(
        err, REFUSED,
        "%s: this stands there already, and is not of the kind that would be written "
        "over it; choose another name, or say --force",
        path);
}
