/* SPDX-License-Identifier: Apache-2.0 */
#include "base/frame.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Wait until fd can be read or written. */
static enum status await(int fd, short events, int wait_ms, struct err *err)
{
    struct pollfd wanted = {.fd = fd, .events = events};
    for (;;) {
        int ready = poll(&wanted, 1, wait_ms);
        if (ready > 0)
            return OK;
        if (ready == 0)
            return fail(err, BUSY, "the other side did not answer within %d ms", wait_ms);
        if (errno != EINTR)
            return fail(err, IO_FAILED, "waiting for the other side: %s", strerror(errno));
    }
}

/* Read exactly len bytes; NOT_FOUND when the stream ends before the first. */
static enum status read_all(int fd, uint8_t *at, size_t len, int wait_ms, struct err *err)
{
    for (size_t got = 0; got < len;) {
        enum status status = await(fd, POLLIN, wait_ms, err);
        if (status != OK)
            return status;
        ssize_t count = read(fd, at + got, len - got);
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (count < 0)
            return fail(err, IO_FAILED, "reading from the other side: %s", strerror(errno));
        if (count == 0 && got == 0)
            return fail(err, NOT_FOUND, "the other side has closed the line");
        if (count == 0)
            return fail(err, IO_FAILED,
                        "the other side broke off in the middle of a message");
        got += (size_t)count;
    }
    return OK;
}

enum status frame_read(struct frame *frame, struct buf *into, int fd, int wait_ms,
                       struct err *err)
{
    uint8_t head[FRAME_HEAD];
    enum status status = read_all(fd, head, sizeof head, wait_ms, err);
    if (status != OK)
        return status;
    uint32_t length = load_be32(head);
    if (length < 1)
        return fail(err, BAD_INPUT, "message of length 0: it must hold at least its kind");
    size_t body_len = length - 1;
    buf_clear(into);
    uint8_t *body = buf_extend(into, body_len);
    if (body == NULL)
        return fail(err, TOO_LARGE, "message of %zu bytes: the limit here is %zu", body_len,
                    into->max);
    status = read_all(fd, body, body_len, wait_ms, err);
    if (status == NOT_FOUND)
        return fail(err, IO_FAILED, "the other side broke off in the middle of a message");
    if (status != OK)
        return status;
    *frame = (struct frame){head[4], bytes_of(body, body_len)};
    return OK;
}

enum status frame_write(int fd, uint8_t kind, struct bytes body, int wait_ms,
                        struct err *err)
{
    assert(body.len < UINT32_MAX);
    uint8_t head[FRAME_HEAD];
    store_be32(head, (uint32_t)body.len + 1);
    head[4] = kind;
    size_t total = sizeof head + body.len;
    for (size_t sent = 0; sent < total;) {
        enum status status = await(fd, POLLOUT, wait_ms, err);
        if (status != OK)
            return status;
        size_t head_left = sent < sizeof head ? sizeof head - sent : 0;
        size_t body_sent = sent < sizeof head ? 0 : sent - sizeof head;
        struct iovec parts[2] = {
            {head + sizeof head - head_left, head_left},
            {(void *)(uintptr_t)(body.at + body_sent), body.len - body_sent},
        };
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
        ssize_t count = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (count < 0 && errno == ENOTSOCK)
            count = writev(fd, parts, 2);
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (count < 0)
            return fail(err, IO_FAILED, "writing to the other side: %s", strerror(errno));
        sent += (size_t)count;
    }
    return OK;
}
