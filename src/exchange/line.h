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

/* ---- Asking ---- */

/* peer_key: 32-byte Ed25519 node key. answer: owned by caller, born with its maximum.
 * status: IO_FAILED not reached; REFUSED/BUSY/NOT_FOUND... the peer's own sentence. */
struct line_call {
    const uint8_t *peer_key;
    const char *kind;
    struct bytes request;
    struct buf *answer;
    /* What came of it. */
    enum status status;
    struct err err;
    int64_t waited_ms; /* by whoever called, who may have been busy with something else */
    /* IO_FAILED, and nobody answered for as long as is waited: neither was the line refused nor closed. */
    bool silent;
};

struct line_caller {
    /* Makes them all at once, and comes back when each has ended: several partners that are slow or
     * silent are waited for together. A partner may refuse more than a few lines of one caller. */
    void (*call)(void *context, struct line_call *calls, size_t count);
    void *context;
};

/* One call. */
MUST_USE enum status line_call_one(const struct line_caller *caller,
                                   const uint8_t peer_key[32], const char *kind,
                                   struct bytes request, struct buf *answer,
                                   struct err *err);

/* Calls that are made at once, with the answers; all-zero: none. */
struct line_round {
    struct line_call *calls;
    struct buf *answers;
    size_t count, room;
};

/* For at most so many calls. */
void line_round_open(struct line_round *round, size_t room);
void line_round_release(struct line_round *round);
/* What they point to stays the caller's, and must stay until the round is made. At most room times. */
void line_round_add(struct line_round *round, const uint8_t peer_key[32], const char *kind,
                    struct bytes request, size_t answer_max);
void line_round_make(struct line_round *round, const struct line_caller *caller);

/* ---- Answering ---- */

/* Run in the core: from is the authenticated peer key. */
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
