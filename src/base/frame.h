/* SPDX-License-Identifier: Apache-2.0
 *
 * base/frame.h: length-framed messages over a socket pair or a pipe.
 *
 *     length 4, big-endian | kind 1 | body (length - 1 bytes)
 *
 * The reader says how large a message may be before any memory is taken for it. A peer that
 * closes between two messages is NOT_FOUND (the end); inside one it is IO_FAILED.
 */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H

#include "base/bytes.h"

enum { FRAME_HEAD = 5 };

struct frame {
    uint8_t kind;
    struct bytes body; /* borrowed from the buffer it was read into */
};

/* Wait at most wait_ms for each piece (-1: for ever); BUSY when the time is over. The buffer's
 * max bounds the body; it is cleared first. On a timeout the stream is out of step: close it. */
MUST_USE enum status frame_read(struct frame *frame, struct buf *into, int fd, int wait_ms,
                                struct err *err);
MUST_USE enum status frame_write(int fd, uint8_t kind, struct bytes body, int wait_ms,
                                 struct err *err);

#endif
