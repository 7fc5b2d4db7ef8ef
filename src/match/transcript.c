/* SPDX-License-Identifier: Apache-2.0 */
#include "match/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { HEAD = MAGIC + 1, RECORD_HEAD = 1 + 1 + 4, ACCESS = 0600 };

static const uint8_t magic[MAGIC] = "ENLTRN01";

struct transcript {
    FILE *file;
    char *path;
    bool writing;
    int error; /* errno of the first write that failed */
    enum transcript_side side;
    struct buf body;
};

static void write_out(struct transcript *transcript, struct bytes part)
{
    if (transcript->error != 0 || part.len == 0)
        return;
    if (fwrite(part.at, 1, part.len, transcript->file) != part.len)
        transcript->error = errno;
}

static struct transcript *make(FILE *file, const char *path, bool writing)
{
    struct transcript *transcript = xcalloc(1, sizeof *transcript);
    *transcript = (struct transcript){.file = file,
                                      .path = xstrdup(path),
                                      .writing = writing,
                                      .body = {.max = TRANSCRIPT_FRAME_MAX}};
    return transcript;
}

enum status transcript_create(struct transcript **out, const char *path,
                              enum transcript_side side, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, ACCESS);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");
    if (file == NULL) {
        enum status status = fail(err, IO_FAILED, "%s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return status;
    }
    struct transcript *transcript = make(file, path, true);
    uint8_t letter = (uint8_t)side;
    transcript->side = side;
    write_out(transcript, bytes_of(magic, MAGIC));
    write_out(transcript, bytes_of(&letter, 1));
    *out = transcript;
    return OK;
}

static void record_frame(void *context, enum transcript_direction direction, uint8_t kind,
                         struct bytes body)
{
    struct transcript *transcript = context;
    uint8_t head[RECORD_HEAD] = {(uint8_t)direction, kind};
    store_be32(head + 2, (uint32_t)body.len);
    write_out(transcript, bytes_of(head, sizeof head));
    write_out(transcript, body);
}

struct session_tap transcript_tap(struct transcript *transcript)
{
    return (struct session_tap){record_frame, transcript};
}

enum status transcript_open(struct transcript **out, const char *path, struct err *err)
{
    uint8_t head[HEAD];
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return fail(err, errno == ENOENT ? NOT_FOUND : IO_FAILED, "%s: %s", path,
                    strerror(errno));
    bool good =
        fread(head, 1, HEAD, file) == HEAD && memcmp(head, magic, MAGIC) == 0 &&
        (head[MAGIC] == TRANSCRIPT_REQUESTER || head[MAGIC] == TRANSCRIPT_RESPONDER);
    if (!good) {
        fclose(file);
        return fail(err, BAD_INPUT, "%s: this is not a transcript", path);
    }
    *out = make(file, path, false);
    (*out)->side = (enum transcript_side)head[MAGIC];
    return OK;
}

enum status transcript_next(struct transcript_frame *frame, struct transcript *transcript,
                            struct err *err)
{
    uint8_t head[RECORD_HEAD];
    size_t got = fread(head, 1, sizeof head, transcript->file);
    if (got == 0 && feof(transcript->file))
        return NOT_FOUND;
    if (got < sizeof head)
        return fail(err, BAD_INPUT, "%s: the transcript is cut short", transcript->path);
    if (head[0] != TRANSCRIPT_SENT && head[0] != TRANSCRIPT_RECEIVED)
        return fail(err, BAD_INPUT, "%s: the transcript is damaged", transcript->path);
    uint32_t len = load_be32(head + 2);
    buf_clear(&transcript->body);
    uint8_t *body = buf_extend(&transcript->body, len);
    if (body == NULL)
        return fail(err, TOO_LARGE, "%s: a message of %u bytes; the limit is %d",
                    transcript->path, len, TRANSCRIPT_FRAME_MAX);
    if (len > 0 && fread(body, 1, len, transcript->file) != len)
        return fail(err, BAD_INPUT, "%s: the transcript is cut short", transcript->path);
    *frame = (struct transcript_frame){(enum transcript_direction)head[0], head[1],
                                       bytes_of(body, len)};
    return OK;
}

enum transcript_side transcript_side(const struct transcript *transcript)
{
    return transcript->side;
}

enum status transcript_close(struct transcript *transcript, struct err *err)
{
    if (transcript == NULL)
        return OK;
    int error = transcript->error;
    if (transcript->writing && error == 0 &&
        (fflush(transcript->file) != 0 || fsync(fileno(transcript->file)) != 0))
        error = errno;
    if (fclose(transcript->file) != 0 && transcript->writing && error == 0)
        error = errno;
    enum status status = OK;
    if (error != 0)
        status = fail(err, IO_FAILED, "%s: the transcript could not be written: %s",
                      transcript->path, strerror(error));
    buf_release(&transcript->body);
    free(transcript->path);
    free(transcript);
    return status;
}
