/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/front_line.h: what core and front say to one another; only front*.c include it.
 *
 * Frames of base/frame over a socket pair, big-endian; a word is length 2, bytes.
 *
 *     front --'w'--> core    TLS key 32                          to be certified
 *     core  --'c'--> front   certificate
 *     core  --'p'--> front   many of: node key 32 | removed 1     whom to answer from now on
 *     front --'q'--> core    number 8 | node key 32 | word kind | request
 *     core  --'a'--> front   number 8 | status 1 | answer, or the sentence
 *     core  --'k'--> front   number 8 | node key 32 | word url | word kind | request
 *     front --'r'--> core    number 8 | status 1 | answer, or the sentence
 *     front --'s'--> core    the same: nobody answered for as long as is waited
 *
 * The core writes and waits; the front always reads, and never waits for the core, so that neither
 * can hold the other. Each takes apart what it gets as if it came from a stranger: a front that was
 * taken over can say no more than this.
 */
#ifndef SERVE_FRONT_LINE_H
#define SERVE_FRONT_LINE_H

#include "exchange/certificate.h"
#include "exchange/invitation.h"
#include "exchange/line.h"

enum front_kind {
    FRONT_WANTS_CERTIFICATE = 'w',
    FRONT_CERTIFICATE = 'c',
    FRONT_PEERS = 'p',
    FRONT_REQUEST = 'q',
    FRONT_ANSWER = 'a',
    FRONT_CALL = 'k',
    FRONT_RESULT = 'r',
    FRONT_SILENCE = 's',
};

enum {
    FRONT_CORE_FD = 3,   /* in the front's process */
    FRONT_LISTEN_FD = 4, /* there only when it listens */
    FRONT_HEAD_MAX = 1024,
    FRONT_FROM_CORE_MAX = LINE_ANSWER_MAX + FRONT_HEAD_MAX,
    FRONT_PEERS_MAX = 4096
};

/* 'q', and 'k' with its url. Borrowed from the body of the frame. */
struct front_request {
    uint64_t number;
    const uint8_t *key;
    struct bytes url, kind, request;
};
/* 'a', 'r' and 's'. */
struct front_answer {
    uint64_t number;
    enum status status;
    struct bytes answer;
};

void front_request_write(struct buf *out, const struct front_request *request,
                         bool has_url);
/* BAD_INPUT: not of this form, no kind or address of a node, or over a limit. */
MUST_USE enum status front_request_read(struct front_request *out, struct bytes body,
                                        bool has_url, struct err *err);
/* The front of one, to which the answer is added. */
void front_answer_begin(struct buf *out, uint64_t number, enum status status);
MUST_USE enum status front_answer_read(struct front_answer *out, struct bytes body,
                                       struct err *err);

/* The whole life of the front's process; what it comes back with is its exit code. listen_fd: -1 when
 * it only calls. hurry: all waiting for others is divided by it; 1, but in tests. */
int front_process(int core_fd, int listen_fd, unsigned hurry);

#endif
