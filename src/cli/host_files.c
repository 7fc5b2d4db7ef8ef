/* SPDX-License-Identifier: Apache-2.0
 *
 * The files that a command names: opened and written by this process, or, where it runs a command that
 * somebody else typed, by the program that it was typed at.
 */
#include "cli/host_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- To be read ---- */

/* -1, with errno, for what was not handed over. */
static int find_handed(const struct hosted *hosted, const char *path)
{
    errno = EACCES;
    for (size_t i = 0; i < hosted->file_count; i++)
        if (strcmp(hosted->files[i].path, path) == 0) {
            errno = hosted->files[i].error;
            return hosted->files[i].fd;
        }
    return -1;
}

static bool is_input(const char *path)
{
    return strcmp(path, "-") == 0;
}

int host_open(const char *path)
{
    const struct hosted *hosted = host_current();
    if (hosted == NULL && !is_input(path))
        return open(path, O_RDONLY | O_CLOEXEC);
    int fd = hosted != NULL ? find_handed(hosted, path) : STDIN_FILENO;
    return fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
}

int host_stat(struct stat *about, const char *path)
{
    const struct hosted *hosted = host_current();
    if (hosted == NULL && !is_input(path))
        return stat(path, about);
    int fd = hosted != NULL ? find_handed(hosted, path) : STDIN_FILENO;
    return fd >= 0 ? fstat(fd, about) : -1;
}

enum status host_read_file(struct bytes *content, const char *path, size_t max,
                           struct arena *arena, struct err *err)
{
    return file_read_opened(content, host_open(path), path, max, arena, err);
}

/* ---- To be written ---- */

/* Says it to the program and waits for what came of it; its words go into err, or *path (malloc's) when
 * all is well. */
static enum status ask(char **path, struct hosted *hosted, enum host_kind kind,
                       struct bytes content, struct err *err)
{
    uint8_t message[HOST_MESSAGE_SMALL];
    host_tell(hosted, kind, content);
    size_t got = hosted->gone ? 0 : host_hear(hosted, message, HOST_PATIENCE_MS);
    struct cursor cursor = {.rest = bytes_of(message, got)};
    unsigned did = cursor_u8(&cursor), status = cursor_u8(&cursor);
    int error = (int)cursor_be32(&cursor);
    if (cursor.failed || did != HOST_DID || status > IO_FAILED) {
        errno = EPIPE;
        return fail(err, IO_FAILED,
                    "the program that would write the file is gone or does not answer");
    }
    errno = error;
    const char *words = (const char *)cursor.rest.at;
    if (status != OK)
        return fail(err, (enum status)status, "%.*s", (int)cursor.rest.len, words);
    if (path != NULL)
        *path = strndup(words, cursor.rest.len);
    return OK;
}

static enum status send_content(struct hosted *hosted, struct bytes content,
                                struct err *err)
{
    enum status status = OK;
    for (size_t sent = 0; sent < content.len && status == OK;) {
        size_t piece = content.len - sent > HOST_PIECE ? HOST_PIECE : content.len - sent;
        status = ask(NULL, hosted, HOST_DATA, bytes_slice(content, sent, piece), err);
        sent += piece;
    }
    return status;
}

enum status host_write_file(const char *path, struct bytes content, enum file_access access,
                            const char *mark, struct err *err)
{
    struct hosted *hosted = host_current();
    struct buf head = {.max = HOST_PIECE};
    enum status status;
    if (hosted == NULL) {
        status = mark != NULL ? file_check_replaced(path, mark, err) : OK;
        return status == OK ? file_write(path, content, access, err) : status;
    }
    buf_add_byte(&head, access == FILE_SECRET);
    buf_add_byte(&head, (uint8_t)(mark != NULL ? strlen(mark) : 0));
    buf_add_text(&head, mark != NULL ? mark : "");
    buf_add_text(&head, path);
    status = ask(NULL, hosted, HOST_OPEN_FILE, buf_bytes(&head), err);
    buf_release(&head);
    if (status == OK)
        status = send_content(hosted, content, err);
    return status == OK ? ask(NULL, hosted, HOST_FINISH, (struct bytes){0}, err) : status;
}

static ssize_t write_rejects(void *cookie, const char *at, size_t len)
{
    int error = 0;
    if (send_content(cookie, bytes_of(at, len), NULL) == OK)
        return (ssize_t)len;
    error = errno;
    errno = error != 0 ? error : EIO;
    return 0;
}

static enum status open_rejects(FILE **file, char **path, const char *input,
                                const char *wanted, struct err *err)
{
    struct hosted *hosted = host_current();
    if (hosted == NULL)
        return rejects_open(file, path, input, wanted, err);
    enum status status = ask(path, hosted, HOST_OPEN_REJECTS, (struct bytes){0}, err);
    if (status != OK)
        return status;
    *file = fopencookie(hosted, "w", (cookie_io_functions_t){.write = write_rejects});
    if (*file == NULL)
        abort(); /* out of memory */
    setvbuf(*file, NULL, _IOFBF, HOST_PIECE);
    return OK;
}

const struct reader_files host_files = {host_open, open_rejects};
