/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/rejects.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define REJECTS_HEADER "line,field,value,reason,row"
#define REJECTS_SUFFIX ".rejects.csv"

enum { REJECTS_MODE = 0600 }; /* rows are somebody's data */

enum status reject_field(struct reject *reject, const char *field, struct bytes value,
                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(reject->reason.text, sizeof reject->reason.text, format, args);
    va_end(args);
    reject->field = field;
    reject->value = value;
    return BAD_INPUT;
}

void rejects_init(struct rejects *rejects, const char *input, const char *wanted,
                  bool silent)
{
    *rejects = (struct rejects){
        .input = input, .wanted = wanted, .silent = silent, .opener = rejects_open};
}

static bool is_input(const char *input, const struct stat *about)
{
    struct stat read;
    int code = strcmp(input, "-") == 0 ? fstat(STDIN_FILENO, &read) : stat(input, &read);
    return code == 0 && read.st_dev == about->st_dev && read.st_ino == about->st_ino;
}

/* An empty file, an earlier rejects file, or no file on a disk at all (/dev/null). */
static bool may_replace(int fd, const struct stat *about)
{
    char first[sizeof REJECTS_HEADER];
    if (!S_ISREG(about->st_mode) || about->st_size == 0)
        return true;
    return pread(fd, first, sizeof first, 0) == (ssize_t)sizeof first &&
           memcmp(first, REJECTS_HEADER "\n", sizeof first) == 0;
}

/* NOT_FOUND when the folder cannot be written, so that another one may be tried. */
static enum status open_at(FILE **file, char **kept, const char *input, const char *path,
                           int extra_flags, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | extra_flags, REJECTS_MODE);
    if (fd < 0 && errno == ENXIO) /* a device that can only be written */
        fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(err,
                    errno == EACCES || errno == EROFS || errno == EPERM ? NOT_FOUND
                                                                        : IO_FAILED,
                    "the rejects file %s cannot be written: %s", path, strerror(errno));
    enum status status = OK;
    struct stat about;
    if (fstat(fd, &about) != 0)
        status = fail(err, IO_FAILED, "the rejects file %s: %s", path, strerror(errno));
    else if (is_input(input, &about))
        status = fail(
            err, CONFLICT,
            "the rejects file %s is the file that is being read; name another one", path);
    else if (!may_replace(fd, &about))
        status = fail(
            err, CONFLICT,
            "%s exists and is not an earlier rejects file, so it is not replaced; name "
            "another one with --rejects",
            path);
    else if (S_ISREG(about.st_mode) && ftruncate(fd, 0) != 0)
        status = fail(err, IO_FAILED, "the rejects file %s: %s", path, strerror(errno));
    FILE *opened = status == OK ? fdopen(fd, "w") : NULL;
    if (opened == NULL) {
        close(fd);
        return status == OK ? fail(err, IO_FAILED, "%s: %s", path, strerror(errno))
                            : status;
    }
    fputs(REJECTS_HEADER "\n", opened);
    *file = opened;
    *kept = xstrdup(path);
    return OK;
}

enum status rejects_open(FILE **file, char **path, const char *input, const char *wanted,
                         struct err *err)
{
    if (wanted != NULL) {
        enum status status = open_at(file, path, input, wanted, 0, err);
        return status == NOT_FOUND ? IO_FAILED : status;
    }
    struct arena scratch = {0};
    const char *name = strcmp(input, "-") == 0 ? "stdin" : input;
    const char *slash = strrchr(name, '/');
    /* A name we chose must not lead through a link that somebody laid there. */
    enum status status =
        open_at(file, path, input, arena_printf(&scratch, "%s" REJECTS_SUFFIX, name),
                O_NOFOLLOW, err);
    if (status == NOT_FOUND && slash != NULL)
        status =
            open_at(file, path, input, arena_printf(&scratch, ".%s" REJECTS_SUFFIX, slash),
                    O_NOFOLLOW, err);
    arena_release(&scratch);
    return status == NOT_FOUND ? IO_FAILED : status;
}

/* Quoted when it must be (RFC 4180). NUL is no text: it is shown as its picture, U+2400. */
static void put_field(FILE *file, struct bytes text)
{
    bool quoted = false;
    for (size_t i = 0; i < text.len && !quoted; i++)
        quoted = text.at[i] != 0 && strchr(",;\t\"\r\n", text.at[i]) != NULL;
    quoted |= text.len > 0 && (text.at[0] == ' ' || text.at[text.len - 1] == ' ');
    if (quoted)
        putc('"', file);
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            putc('"', file);
        if (text.at[i] == 0)
            fputs("\xE2\x90\x80", file);
        else
            putc(text.at[i], file);
    }
    if (quoted)
        putc('"', file);
}

static enum status check_file(const struct rejects *rejects, struct err *err)
{
    if (!ferror(rejects->file))
        return OK;
    return fail(err, IO_FAILED,
                "the rejects file %s cannot be written (%s); it is not complete",
                rejects->path, strerror(errno));
}

enum status rejects_add(struct rejects *rejects, const struct reject *reject,
                        struct err *err)
{
    if (rejects->silent)
        return OK;
    if (rejects->file == NULL) {
        enum status status = rejects->opener(&rejects->file, &rejects->path, rejects->input,
                                             rejects->wanted, err);
        if (status != OK)
            return status;
    }
    fprintf(rejects->file, "%zu,", reject->line);
    put_field(rejects->file, bytes_text(reject->field));
    putc(',', rejects->file);
    put_field(rejects->file, reject->value);
    putc(',', rejects->file);
    put_field(rejects->file, bytes_text(reject->reason.text));
    putc(',', rejects->file);
    put_field(rejects->file, reject->row);
    putc('\n', rejects->file);
    return check_file(rejects, err);
}

enum status rejects_flush(struct rejects *rejects, struct err *err)
{
    if (rejects->file == NULL)
        return OK;
    fflush(rejects->file);
    return check_file(rejects, err);
}

void rejects_release(struct rejects *rejects)
{
    if (rejects == NULL)
        return;
    if (rejects->file != NULL)
        fclose(rejects->file);
    free(rejects->path);
    *rejects = (struct rejects){0};
}
