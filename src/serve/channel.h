/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/channel.h: the frames of base/frame on a socket, for a process that must not wait.
 *
 * What is written stands in a queue until the socket takes it; what is read is put together over as
 * many calls as it needs. All-zero with fd and max is valid.
 */
#ifndef SERVE_CHANNEL_H
#define SERVE_CHANNEL_H

#include "base/frame.h"

struct channel {
    int fd;
    size_t max; /* of the body of a frame that comes in */
    struct buf in, out;
    uint8_t head[FRAME_HEAD];
    size_t head_len, need, sent;
    bool given; /* the frame in `in` was handed out; the next read empties it */
};

/* BUSY without a sentence: not all there yet. NOT_FOUND: the end. The body stands in channel->in, and
 * may be taken from there, until the next call. */
MUST_USE enum status channel_read(struct frame *frame, struct channel *channel,
                                  struct err *err);
/* Begins a frame of which the caller adds body_len bytes to the buffer that comes back. */
struct buf *channel_begin(struct channel *channel, uint8_t kind, size_t body_len);
/* As much as goes. NOT_FOUND: the other side is gone. */
MUST_USE enum status channel_flush(struct channel *channel, struct err *err);
bool channel_has_out(const struct channel *channel);
void channel_release(struct channel *channel);

#endif
