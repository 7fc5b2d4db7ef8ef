/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/channel.h"

#include <errno.h>
#include <sys/socket.h>

enum { PIECE = 256 * 1024, KEEP = 64 * 1024 };

/* More of len bytes at `at`; *got of them are there. */
static enum status read_some(size_t *got, uint8_t *at, size_t len, int fd, struct err *err)
{
    while (*got < len) {
        ssize_t count = recv(fd, at + *got, len - *got, MSG_DONTWAIT);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return BUSY;
        if (count <= 0)
            return fail(err, NOT_FOUND, "the other process has closed the line");
        *got += (size_t)count;
    }
    return OK;
}

static enum status read_body(struct channel *channel, struct err *err)
{
    while (channel->in.len < channel->need) {
        size_t len = channel->need - channel->in.len, got = 0;
        len = len > PIECE ? PIECE : len;
        uint8_t *at = buf_extend(&channel->in, len);
        enum status status = read_some(&got, at, len, channel->fd, err);
        channel->in.len -= len - got;
        if (status != OK)
            return status;
    }
    return OK;
}

enum status channel_read(struct frame *frame, struct channel *channel, struct err *err)
{
    if (channel->given) {
        channel->given = false;
        channel->head_len = 0;
        if (channel->in.capacity > KEEP)
            buf_release(&channel->in);
        buf_clear(&channel->in);
    }
    if (channel->head_len < FRAME_HEAD) {
        enum status status =
            read_some(&channel->head_len, channel->head, FRAME_HEAD, channel->fd, err);
        if (status != OK)
            return status;
        uint32_t length = load_be32(channel->head);
        if (length < 1 || length - 1 > channel->max)
            return fail(err, BAD_INPUT, "the other process sends %u bytes at once", length);
        channel->need = length - 1;
        channel->in.max = channel->max;
    }
    enum status status = read_body(channel, err);
    if (status != OK)
        return status;
    channel->given = true;
    *frame = (struct frame){channel->head[FRAME_HEAD - 1], buf_bytes(&channel->in)};
    return OK;
}

struct buf *channel_begin(struct channel *channel, uint8_t kind, size_t body_len)
{
    channel->out.max = SIZE_MAX;
    buf_add_be32(&channel->out, (uint32_t)body_len + 1);
    buf_add_byte(&channel->out, kind);
    return &channel->out;
}

bool channel_has_out(const struct channel *channel)
{
    return channel->sent < channel->out.len;
}

enum status channel_flush(struct channel *channel, struct err *err)
{
    while (channel_has_out(channel)) {
        ssize_t count = send(channel->fd, channel->out.at + channel->sent,
                             channel->out.len - channel->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return OK;
        if (count <= 0)
            return fail(err, NOT_FOUND, "the other process has closed the line");
        channel->sent += (size_t)count;
    }
    if (channel->out.capacity > KEEP)
        buf_release(&channel->out);
    buf_clear(&channel->out);
    channel->sent = 0;
    return OK;
}

void channel_release(struct channel *channel)
{
    buf_release(&channel->in);
    buf_release(&channel->out);
}
