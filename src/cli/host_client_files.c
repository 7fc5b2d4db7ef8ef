/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/host_client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- To be read ---- */

/* What is no file on a disk is read to its end here: the daemon waits for nobody's pipe. */
static int copy_of(int from)
{
    static char piece[64 * 1024];
    int copy = memfd_create("input", MFD_CLOEXEC);
    for (ssize_t got; copy >= 0 && (got = read(from, piece, sizeof piece)) != 0;) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || write(copy, piece, (size_t)got) != got) {
            int error = got < 0 ? errno : ENOSPC;
            close(copy);
            errno = error;
            return -1;
        }
    }
    if (copy >= 0)
        lseek(copy, 0, SEEK_SET);
    return copy;
}

static void open_named(struct host_named_file *file)
{
    struct stat about;
    file->fd = host_open(file->path);
    if (file->fd >= 0 && fstat(file->fd, &about) == 0 && !S_ISREG(about.st_mode)) {
        int other = S_ISDIR(about.st_mode) ? -1 : copy_of(file->fd);
        int error = S_ISDIR(about.st_mode) ? EISDIR : errno;
        close(file->fd);
        file->fd = other;
        errno = error;
    }
    file->error = file->fd < 0 ? errno : 0;
}

static void name_file(struct host_named *named, const char *path)
{
    for (size_t i = 0; i < named->count; i++)
        if (strcmp(named->files[i].path, path) == 0)
            return;
    if (named->count == HOST_FILES_MAX || strlen(path) > UINT16_MAX)
        return;
    struct host_named_file *file = &named->files[named->count++];
    *file = (struct host_named_file){.path = path};
    open_named(file);
}

static bool is_file_option(const struct option *option)
{
    return option->value != NULL && strcmp(option->value, "FILE") == 0;
}

void host_name_files(struct host_named *named, const struct arguments *arguments)
{
    const struct command *command = arguments->command;
    *named = (struct host_named){.count = 0};
    /* `keys FILE` never comes here: it is about no node. */
    if (arguments->count == 1 && strcmp(command->synopsis, "FILE") == 0)
        name_file(named, arguments->words[0]);
    for (size_t i = 0; i < OPTIONS_MAX && command->options[i].name != NULL; i++)
        if (arguments->values[i] != NULL && is_file_option(&command->options[i]) &&
            !command_writes(command, command->options[i].name))
            name_file(named, arguments->values[i]);
}

void host_named_release(struct host_named *named)
{
    for (size_t i = 0; i < named->count; i++)
        if (named->files[i].fd >= 0)
            close(named->files[i].fd);
    *named = (struct host_named){.count = 0};
}

/* ---- To be written ---- */

static void answer(int fd, enum status status, int error, const char *words)
{
    struct buf out = {.max = 1 + HOST_PIECE};
    buf_add_byte(&out, HOST_DID);
    buf_add_byte(&out, (uint8_t)status);
    buf_add_be32(&out, (uint32_t)error);
    buf_add_text(&out, words);
    send(fd, out.at, out.len, MSG_NOSIGNAL);
    buf_release(&out);
}

/* The name as it was typed, or NULL when it is none that may be written. */
static const char *typed_name(const struct arguments *arguments, struct bytes path)
{
    const struct command *command = arguments->command;
    for (size_t i = 0; i < WRITES_MAX && command->writes[i] != NULL; i++) {
        const char *value = argument(arguments, command->writes[i]);
        if (value != NULL && bytes_is(path, value))
            return value;
    }
    return NULL;
}

static enum status open_file(struct host_writing *writing, struct bytes head,
                             struct err *err)
{
    struct cursor cursor = {.rest = head};
    writing->access = cursor_u8(&cursor) != 0 ? FILE_SECRET : FILE_PUBLIC;
    struct bytes mark = cursor_take(&cursor, cursor_u8(&cursor));
    writing->path = typed_name(writing->arguments, cursor.rest);
    buf_release(&writing->content);
    writing->content.max = HOST_FILE_MAX;
    if (writing->path == NULL)
        return fail(err, REFUSED, "%.*s: the service would write a file that nobody named",
                    (int)cursor.rest.len, (const char *)cursor.rest.at);
    char text[UINT8_MAX + 1];
    snprintf(text, sizeof text, "%.*s", (int)mark.len, (const char *)mark.at);
    enum status status = mark.len > 0 ? file_check_replaced(writing->path, text, err) : OK;
    if (status != OK)
        writing->path = NULL;
    return status;
}

static enum status open_rejects(char **path, struct host_writing *writing, struct err *err)
{
    const struct arguments *arguments = writing->arguments;
    if (!command_writes(arguments->command, "rejects") || arguments->count != 1 ||
        writing->rejects != NULL)
        return fail(err, REFUSED, "the service would write a file that nobody named");
    return rejects_open(&writing->rejects, path, arguments->words[0],
                        argument(arguments, "rejects"), err);
}

static enum status add_content(struct host_writing *writing, struct bytes content,
                               struct err *err)
{
    if (writing->path != NULL) {
        buf_add(&writing->content, content);
        return writing->content.overflowed ? fail(err, TOO_LARGE, "%s: longer than %d MiB",
                                                  writing->path, HOST_FILE_MAX >> 20)
                                           : OK;
    }
    if (writing->rejects == NULL)
        return fail(err, REFUSED, "the service would write a file that nobody named");
    bool written = fwrite(content.at, 1, content.len, writing->rejects) == content.len &&
                   fflush(writing->rejects) == 0;
    return written ? OK : fail(err, IO_FAILED, "%s", strerror(errno));
}

static enum status finish_file(struct host_writing *writing, struct err *err)
{
    if (writing->path == NULL)
        return fail(err, REFUSED, "the service would write a file that nobody named");
    enum status status =
        file_write(writing->path, buf_bytes(&writing->content), writing->access, err);
    buf_release(&writing->content);
    writing->path = NULL;
    return status;
}

void host_write(int fd, struct host_writing *writing, enum host_kind kind,
                struct bytes content)
{
    struct err err = {0};
    char *path = NULL;
    enum status status = OK;
    errno = 0;
    if (kind == HOST_OPEN_FILE)
        status = open_file(writing, content, &err);
    else if (kind == HOST_OPEN_REJECTS)
        status = open_rejects(&path, writing, &err);
    else if (kind == HOST_DATA)
        status = add_content(writing, content, &err);
    else
        status = finish_file(writing, &err);
    int error = status != OK ? errno : 0;
    answer(fd, status, error, status != OK ? err.text : path != NULL ? path : "");
    free(path);
}

void host_writing_release(struct host_writing *writing)
{
    if (writing->rejects != NULL)
        fclose(writing->rejects);
    buf_release(&writing->content);
    *writing = (struct host_writing){0};
}
