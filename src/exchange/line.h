/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange/line.h: what crosses between two nodes, whoever carries it.
 *
 * A call is one request and one answer, both bounded byte strings under a short kind ("epoch",
 * "map", "ask", "claim", "hello", "epochs", ...). The transport (HTTPS by the front's process, an
 * in-process pair in tests) knows who is at the other end: the peer's pinned node key. Over HTTP a
 * status travels as a code, and a kind as the end of the path "/line/KIND".
 */
#ifndef EXCHANGE_LINE_H
#define EXCHANGE_LINE_H

#include "base/bytes.h"

enum { LINE_KIND_MAX = 31, LINE_REQUEST_MAX = 1 << 20, LINE_ANSWER_MAX = 1 << 30 };

/* Asking side. peer_key: 32-byte Ed25519 node key. answer: owned by caller, born with its maximum.
 * IO_FAILED not reached; REFUSED/BUSY/NOT_FOUND... the peer's own sentence. */
struct line_caller {
    enum status (*call)(void *context, const uint8_t peer_key[32], const char *kind,
                        struct bytes request, struct buf *answer, struct err *err);
    void *context;
};

/* Answering side, run in the core: from is the authenticated peer key. */
struct line_handler {
    const char *kind;
    enum status (*handle)(void *context, const uint8_t from[32], struct bytes request,
                          struct buf *answer, struct err *err);
};

/* 200 for OK; and back: a code that no status has is IO_FAILED. */
unsigned line_code(enum status status);
enum status line_status(unsigned code);
/* 1 to LINE_KIND_MAX letters, digits, hyphens and points. */
bool line_kind_valid(struct bytes kind);

#endif
