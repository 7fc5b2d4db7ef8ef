/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/front_lines.h: the lines of the front's process, as its own files see them; only front_*.c
 * include it.
 *
 *     a line that serves:  LINE_WAITS --head--> LINE_RECEIVES --whole--> LINE_WORKS (the core has it)
 *                              ^--all sent-- LINE_SENDS <--answer--/
 *     a line that calls:   LINE_WORKS (connecting, asking, waiting) --head--> LINE_RECEIVES
 *                              ^--next call-- LINE_WAITS <--whole, told to the core--/
 *
 * In every phase the line has a deadline; who is late loses the line. One thread; nothing waits.
 */
#ifndef SERVE_FRONT_LINES_H
#define SERVE_FRONT_LINES_H

#include "base/memory.h"
#include "exchange/http.h"
#include "serve/channel.h"
#include "serve/front_line.h"
#include "serve/tls_line.h"

enum {
    LINES_MAX = 256,       /* all of them */
    LINES_SERVE_MAX = 192, /* so that calls always find one */
    LINES_PEER_MAX = 16    /* that serve one peer */
};

/* What waits to be sent: of one peer, and of all. A single answer is always taken. */
#define FRONT_PEER_BYTES ((size_t)64 << 20)
#define FRONT_ALL_BYTES ((size_t)2 << 30)

/* How long the other side may take. A piece of B bytes may take PIECE_MS + B / SLOWEST a second. */
enum {
    GREET_MS = 10 * 1000,
    IDLE_MS = 120 * 1000,
    PIECE_MS = 20 * 1000,
    SLOWEST = 16 * 1024,
    LEAVE_MS = 2 * 1000,
    CORE_MS = 600 * 1000, /* our own core, which may be importing */
    THINK_MS = 180 * 1000 /* the peer, over an ask */
};

enum line_phase { LINE_WAITS, LINE_RECEIVES, LINE_WORKS, LINE_SENDS };

struct call {
    uint64_t number;
    uint8_t key[NODE_KEY];
    struct node_address address;
    char url[NODE_URL_MAX + 1], kind[LINE_KIND_MAX + 1];
    struct buf request;
};

struct peer_line {
    bool used, serves;
    bool greeted; /* the handshake is done */
    bool begun;   /* LINE_WAITS: something of the next message is there */
    enum line_phase phase;
    struct tls_line tls;
    int64_t deadline_ms;
    struct http_head head; /* LINE_RECEIVES, WORKS, SENDS */
    size_t head_len;
    uint64_t number;       /* serves, LINE_WORKS: what the core knows the request by */
    struct call *call;     /* calls: NULL when it waits for the next one */
    bool reused, asked;    /* calls: an older line; the request was handed to TLS */
    uint8_t key[NODE_KEY]; /* calls: who is to be there */
    char url[NODE_URL_MAX + 1];
};

struct front_peer {
    uint8_t key[NODE_KEY];
    bool removed;
};

struct front_state {
    struct channel core;
    int listen_fd;
    struct tls_identity identity;
    int64_t certified_from_s, certified_to_s, asked_ms;
    struct peer_line lines[LINES_MAX];
    struct front_peer *peers;
    size_t peer_count;
    bool has_peers; /* nobody is let in before: who is known must not be told otherwise */
    uint64_t requests; /* numbered so far */
    int64_t now_ms, now_s;
    unsigned hurry;
    int64_t told_ms; /* of refusals, so that a flood does not fill the journal */
    unsigned told;
};

/* The moment that lies wait_ms ahead. */
int64_t front_in(const struct front_state *front, int64_t wait_ms);
/* Waiting time for so many bytes. */
int64_t front_piece_ms(uint64_t bytes);
void front_drop_line(struct front_state *front, struct peer_line *line);
/* NULL when all are taken. */
struct peer_line *front_free_line(struct front_state *front, bool serves);
/* One event on standard error, unless there were too many just now. */
void front_tell(struct front_state *front, const char *event, const char *why);

/* ---- front_serve.c ---- */

void front_accept(struct front_state *front);
void front_serve_step(struct front_state *front, struct peer_line *line);
/* `from`: a channel's buffer, which is taken; the answer stands behind its first `at` bytes. */
void front_answered(struct front_state *front, const struct front_answer *answer,
                    struct buf *from);

/* ---- front_calls.c ---- */

void front_call_begin(struct front_state *front, const struct front_request *request);
void front_call_step(struct front_state *front, struct peer_line *line);
/* The line ends and so does the call on it, if it cannot be tried once more. */
void front_call_lost(struct front_state *front, struct peer_line *line, const char *why);

#endif
