/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/source.h"

#include "base/memory.h"
#include "formats/xlsx.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum {
    PACKED_CHUNK = 64 * 1024,
    GZIP_WINDOW_BITS = 15 + 16, /* zlib: the largest window, gzip wrapper only */
    DAMAGE_MAX = 256,
};

static const uint8_t gzip_magic[2] = {0x1F, 0x8B};

struct source {
    char *name;
    int fd;              /* -1: everything comes from `memory` */
    struct bytes memory; /* what is left of it */
    bool owns_fd;
    uint64_t bytes;

    bool gzip;
    z_stream unpack;
    uint8_t *packed;      /* PACKED_CHUNK bytes; unpack.next_in points into it */
    bool between_members; /* a gzip member has ended; another one may follow */

    struct xlsx *workbook; /* a workbook gives the bytes of its CSV */

    uint8_t *window;
    size_t from, to, capacity;
    bool ended;
    char damage[DAMAGE_MAX];
};

/* Up to len bytes of the file as it is; *count is 0 at its end. */
static enum status read_file(size_t *count, struct source *source, uint8_t *out, size_t len,
                             struct err *err)
{
    if (source->fd < 0) {
        *count = len < source->memory.len ? len : source->memory.len;
        if (*count > 0)
            memcpy(out, source->memory.at, *count);
        source->memory = bytes_slice(source->memory, *count, source->memory.len - *count);
    } else {
        ssize_t got;
        do
            got = read(source->fd, out, len);
        while (got < 0 && errno == EINTR);
        if (got < 0)
            return fail(err, IO_FAILED, "%s: reading failed after %llu bytes: %s",
                        source->name, (unsigned long long)source->bytes, strerror(errno));
        *count = (size_t)got;
    }
    source->bytes += *count;
    return OK;
}

static void end_damaged(struct source *source, const char *what)
{
    snprintf(source->damage, sizeof source->damage,
             "the compressed file %s (near byte %llu of it); what follows is lost: copy or "
             "download the file again",
             what, (unsigned long long)(source->bytes - source->unpack.avail_in));
    source->ended = true;
}

/* More packed bytes when the last are used up; avail_in stays 0 at the end of the file. */
static enum status feed(struct source *source, struct err *err)
{
    if (source->unpack.avail_in > 0)
        return OK;
    size_t count;
    enum status status = read_file(&count, source, source->packed, PACKED_CHUNK, err);
    if (status == OK) {
        source->unpack.next_in = source->packed;
        source->unpack.avail_in = (uInt)count;
    }
    return status;
}

/* Behind a member: another member, zero bytes of padding (tapes and some tools add them),
 * or the end. */
static enum status next_member(struct source *source, struct err *err)
{
    for (;;) {
        enum status status = feed(source, err);
        if (status != OK)
            return status;
        if (source->unpack.avail_in == 0) {
            source->ended = true;
            return OK;
        }
        if (*source->unpack.next_in != 0)
            break;
        source->unpack.next_in++;
        source->unpack.avail_in--;
    }
    if (*source->unpack.next_in != gzip_magic[0]) {
        end_damaged(source, "has something behind its end that is not gzip");
        return OK;
    }
    inflateReset(&source->unpack);
    source->between_members = false;
    return OK;
}

/* Unpack into the room given until it is full or the file ends. */
static enum status fill_unpacked(size_t *count, struct source *source, uint8_t *room,
                                 size_t len, struct err *err)
{
    z_stream *unpack = &source->unpack;
    unpack->next_out = room;
    unpack->avail_out = (uInt)len;
    enum status status = OK;
    while (status == OK && unpack->avail_out > 0 && !source->ended) {
        if (source->between_members) {
            status = next_member(source, err);
            continue;
        }
        status = feed(source, err);
        if (status != OK)
            break;
        if (unpack->avail_in == 0) {
            end_damaged(source, "is cut off");
            break;
        }
        int code = inflate(unpack, Z_NO_FLUSH);
        if (code == Z_STREAM_END)
            source->between_members = true;
        else if (code == Z_MEM_ERROR)
            status = fail(err, IO_FAILED, "%s: no memory to unpack it", source->name);
        else if (code != Z_OK && code != Z_BUF_ERROR)
            end_damaged(source, "is damaged");
    }
    *count = len - unpack->avail_out;
    return status;
}

static enum status fill_plain(size_t *count, struct source *source, uint8_t *room,
                              size_t len, struct err *err)
{
    *count = 0;
    while (*count < len && !source->ended) {
        size_t got;
        enum status status = read_file(&got, source, room + *count, len - *count, err);
        if (status != OK)
            return status;
        *count += got;
        source->ended = got == 0;
    }
    return OK;
}

/* A part that is damaged ends the file; what stands before it has been given. */
static enum status fill_workbook(size_t *count, struct source *source, uint8_t *room,
                                 size_t len, struct err *err)
{
    (void)err;
    struct err why = {0};
    enum status status = xlsx_read(count, source->workbook, room, len, &why);
    source->bytes += *count;
    source->ended = status != OK || *count < len;
    if (status != OK)
        snprintf(source->damage, sizeof source->damage,
                 "the workbook cannot be read on: %s", why.text);
    return OK;
}

enum status source_more(struct source *source, struct err *err)
{
    if (source->ended)
        return OK;
    size_t kept = source->to - source->from;
    assert(kept <= SOURCE_WINDOW_MAX);
    if (source->capacity - source->to < SOURCE_CHUNK) {
        if (kept > 0)
            memmove(source->window, source->window + source->from, kept);
        source->from = 0;
        source->to = kept;
        while (source->capacity - kept < SOURCE_CHUNK) {
            source->capacity *= 2;
            source->window = xrealloc(source->window, source->capacity, 1);
        }
    }
    size_t count;
    enum status status = (source->workbook != NULL ? fill_workbook
                          : source->gzip           ? fill_unpacked
                                                   : fill_plain)(
        &count, source, source->window + source->to, SOURCE_CHUNK, err);
    source->to += count;
    return status;
}

/* The window holds the file's first bytes as they are: start to unpack them. */
static enum status start_gzip(struct source *source, struct err *err)
{
    source->packed = xmalloc(PACKED_CHUNK);
    size_t count = source->to - source->from;
    assert(count <= PACKED_CHUNK);
    memcpy(source->packed, source->window + source->from, count);
    source->from = source->to = 0;
    source->ended = false;
    source->unpack.next_in = source->packed;
    source->unpack.avail_in = (uInt)count;
    if (inflateInit2(&source->unpack, GZIP_WINDOW_BITS) != Z_OK)
        return fail(err, IO_FAILED, "%s: no memory to unpack it", source->name);
    source->gzip = true;
    return source_more(source, err);
}

/* A workbook's directory stands at its end, so it is read from a file or from memory alone. */
static enum status start_workbook(struct source *source, struct bytes memory,
                                  struct err *err)
{
    enum status status;
    if (source->fd < 0)
        status = xlsx_open_bytes(&source->workbook, memory, source->name, err);
    else if (lseek(source->fd, 0, SEEK_SET) != 0)
        status = fail(err, BAD_INPUT,
                      "%s: a workbook or ZIP archive cannot be read from a pipe; name the "
                      "file",
                      source->name);
    else
        status = xlsx_open_file(&source->workbook, source->fd, source->name, err);
    if (status != OK)
        return status;
    source->from = source->to = 0;
    source->bytes = 0;
    source->ended = false;
    return source_more(source, err);
}

/* Byte order marks; and UTF-16 without one, in which every second byte of a header is zero.
 */
static enum status check_encoding(struct source *source, struct err *err)
{
    struct bytes start = source_window(source);
    static const uint8_t utf8_mark[3] = {0xEF, 0xBB, 0xBF};
    if (start.len >= sizeof utf8_mark &&
        memcmp(start.at, utf8_mark, sizeof utf8_mark) == 0) {
        source_take(source, sizeof utf8_mark);
        return OK;
    }
    bool marked = start.len >= 2 && ((start.at[0] == 0xFF && start.at[1] == 0xFE) ||
                                     (start.at[0] == 0xFE && start.at[1] == 0xFF));
    bool wide =
        start.len >= 4 && ((start.at[0] == 0 && start.at[2] == 0 && start.at[1] != 0) ||
                           (start.at[1] == 0 && start.at[3] == 0 && start.at[0] != 0));
    if (marked || wide)
        return fail(
            err, BAD_INPUT,
            "%s: the file is in UTF-16 (\"Unicode text\"); save it as \"CSV UTF-8\" "
            "and try again",
            source->name);
    return OK;
}

/* Read the first bytes and see what they are. path: NULL when all of it is in memory. */
static enum status start(struct source *source, struct err *err)
{
    struct bytes memory = source->memory;
    source->capacity = 2 * SOURCE_CHUNK;
    source->window = xmalloc(source->capacity);
    enum status status = fill_plain(&source->to, source, source->window, PACKED_CHUNK, err);
    if (status != OK)
        return status;
    if (source->to >= sizeof gzip_magic && memcmp(source->window, gzip_magic, 2) == 0) {
        status = start_gzip(source, err);
        if (status == OK && source->to == source->from && source->damage[0] != '\0')
            status = fail(err, BAD_INPUT, "%s: %s", source->name, source->damage);
    }
    if (status == OK && !source->gzip && xlsx_looks_like(source_window(source)))
        return start_workbook(source, memory, err);
    return status == OK ? check_encoding(source, err) : status;
}

static enum status check_opened(const struct source *source, const char *path,
                                struct err *err)
{
    if (source->fd < 0 && errno == ENOENT)
        return fail(err, NOT_FOUND, "%s: there is no such file", path);
    if (source->fd < 0 && errno != EISDIR)
        return fail(err, IO_FAILED, "%s: cannot be opened: %s", path, strerror(errno));
    struct stat about = {.st_mode = S_IFDIR};
    if (source->fd >= 0 && fstat(source->fd, &about) != 0)
        return fail(err, IO_FAILED, "%s: %s", path, strerror(errno));
    if (S_ISDIR(about.st_mode))
        return fail(err, BAD_INPUT, "%s: this is a folder; name a file in it", path);
    return OK;
}

static enum status open_file(struct source **out, int fd, bool owns, const char *path,
                             struct err *err)
{
    struct source *source = xcalloc(1, sizeof *source);
    source->fd = fd;
    source->owns_fd = owns && fd >= 0;
    enum status status = check_opened(source, path, err);
    source->name = xstrdup(strcmp(path, "-") == 0 ? "standard input" : path);
    if (status == OK)
        status = start(source, err);
    if (status == OK)
        *out = source;
    else
        source_close(source);
    return status;
}

enum status source_open(struct source **out, const char *path, struct err *err)
{
    bool piped = strcmp(path, "-") == 0;
    int fd = piped ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    return open_file(out, fd, !piped, path, err);
}

enum status source_open_file(struct source **out, int fd, const char *path, struct err *err)
{
    return open_file(out, fd, true, path, err);
}

enum status source_open_bytes(struct source **out, struct bytes content, const char *name,
                              struct err *err)
{
    struct source *source = xcalloc(1, sizeof *source);
    source->fd = -1;
    source->memory = content;
    source->name = xstrdup(name);
    enum status status = start(source, err);
    if (status == OK)
        *out = source;
    else
        source_close(source);
    return status;
}

void source_close(struct source *source)
{
    if (source == NULL)
        return;
    if (source->owns_fd)
        close(source->fd);
    if (source->gzip)
        inflateEnd(&source->unpack);
    xlsx_close(source->workbook);
    free(source->packed);
    free(source->window);
    free(source->name);
    free(source);
}

struct bytes source_window(const struct source *source)
{
    return bytes_of(source->window + source->from, source->to - source->from);
}

void source_take(struct source *source, size_t len)
{
    assert(len <= source->to - source->from);
    source->from += len;
}

bool source_ended(const struct source *source)
{
    return source->ended;
}

const char *source_damage(const struct source *source)
{
    return source->damage;
}

uint64_t source_bytes(const struct source *source)
{
    return source->bytes;
}

const char *source_name(const struct source *source)
{
    return source->name;
}
