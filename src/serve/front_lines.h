/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/front_lines.h: the lines of the front's process, as its own files see them; only front_*.c
 * include it.
 *
 * libmicrohttpd has the lines on which we are asked, libcurl those on which we ask; both read and write
 * TLS and HTTP when the front's one loop lets them, and neither waits. What they do not know is ours:
 * who may ask and who must answer (the node key), what a request and an answer between nodes may look
 * like at all, and by when the other side must have done its part.
 *
 *     a line that serves:  LINE_WAITS --head--> LINE_RECEIVES --whole--> LINE_WORKS (the core has it)
 *                              ^--all sent-- LINE_SENDS <--answer--/
 *     a call:              CALL_CONNECTS --known, asked--> CALL_WAITS --head--> CALL_RECEIVES
 *
 * In every phase there is a deadline for the whole of it, however busy the line looks; who is late
 * loses the line. One thread, but for libcurl's that look up a host name.
 */
#ifndef SERVE_FRONT_LINES_H
#define SERVE_FRONT_LINES_H

#include "base/memory.h"
#include "serve/channel.h"
#include "serve/front_line.h"
#include "serve/tls_identity.h"

#include <curl/curl.h>
#include <microhttpd.h>

enum {
    LINES_SERVE_MAX = 192,
    LINES_PEER_MAX = 16,                         /* that serve one peer */
    LINES_AT_ONCE = 16,                          /* accepted in one turn */
    LINES_MAX = LINES_SERVE_MAX + LINES_AT_ONCE, /* some of them just being closed */
    LEAVING_MAX = 64,
    SERVE_POLLS_MAX = LINES_MAX + 1 + LEAVING_MAX, /* one is libmicrohttpd's own */
    CALLS_MAX = 64,
    HEAD_MAX = 8 * 1024, /* of a request and of an answer */
    FIELDS_MAX = 64
};

/* What waits to be sent: to one peer, and to all. A single answer is always taken. */
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

/* Invariants: 1. `answer` is set only in LINE_SENDS, and until it is handed to libmicrohttpd. 2. In
 * LINE_WORKS, and only there, libmicrohttpd has the line suspended. 3. What is `cut` does nothing more. */
struct serve_line {
    struct MHD_Connection *connection; /* NULL: not in use */
    gnutls_session_t session;
    int fd;
    enum line_phase phase;
    bool greeted; /* the handshake is over */
    bool begun;   /* LINE_WAITS: something of the next message is there */
    bool cut;     /* it was late, or another needed its place */
    int64_t deadline_ms;
    uint64_t heard; /* bytes so far, when it began to wait */
    bool known;     /* the next three are set */
    enum status trust;
    struct err why;
    struct certificate peer;
    /* The request. refused: told with `words` when its body is over. */
    char kind[LINE_KIND_MAX + 1]; /* empty: there is nothing at its path */
    uint64_t length;
    struct buf body;
    enum status refused;
    struct err words;
    uint64_t number; /* what the core knows it by */
    struct MHD_Response *answer;
    unsigned code;
    bool closes;       /* after the answer */
    size_t on_its_way; /* bytes of the answer */
};

/* A line that we have closed: what still comes is read and forgotten for a while, because an end with
 * something unread would take our last words with it. */
struct leaving_line {
    int fd;
    int64_t deadline_ms;
};

enum call_phase { CALL_CONNECTS, CALL_WAITS, CALL_RECEIVES };

struct call {
    struct front_state *front;
    struct call *next;
    uint64_t number;
    uint8_t key[NODE_KEY]; /* who is to be there */
    char url[NODE_URL_MAX + 1];
    struct buf request, answer;
    CURL *easy;
    char curl_says[CURL_ERROR_SIZE];
    struct err why; /* what we found wrong */
    enum call_phase phase;
    int64_t deadline_ms;
    size_t head_len;
    uint64_t length;
    bool again; /* on a fresh line: the kept one was of no use */
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
    struct MHD_Daemon *daemon; /* NULL: it only calls */
    struct serve_line lines[LINES_MAX];
    struct leaving_line leaving[LEAVING_MAX];
    CURLM *multi;
    struct curl_slist *fields; /* of every request */
    struct call *calls;
    int64_t called_ms;
    struct front_peer *peers;
    size_t peer_count;
    bool has_peers; /* nobody is let in before: who is known must not be told otherwise */
    uint64_t requests; /* numbered so far */
    int64_t now_ms, now_s, looked_ms;
    unsigned hurry;
    int64_t told_ms; /* of refusals, so that a flood does not fill the journal */
    unsigned told;
};

/* The moment that lies wait_ms ahead. */
int64_t front_in(const struct front_state *front, int64_t wait_ms);
/* Waiting time for so many bytes. */
int64_t front_piece_ms(uint64_t bytes);
/* One event on standard error, unless there were too many just now. */
void front_tell(struct front_state *front, const char *event, const char *why);

/* ---- front_serve.c: `front` must stay where it is; opened before the sandbox ---- */

MUST_USE enum status front_serve_open(struct front_state *front, struct err *err);
void front_serve_close(struct front_state *front);
void front_accept(struct front_state *front);
/* What is waited for, at most SERVE_POLLS_MAX of them; then, with what came of it, its turn. */
size_t front_serve_polls(struct curl_waitfd *polls, struct front_state *front);
void front_serve_run(struct front_state *front, const struct curl_waitfd *polls,
                     size_t count);
/* It has something to do without waiting. */
bool front_serve_is_busy(struct front_state *front);
/* `from`: a channel's buffer, which is taken; the answer stands behind its first bytes. */
void front_answered(struct front_state *front, const struct front_answer *answer,
                    struct buf *from);

/* ---- front_late.c: who is late, who is gone ---- */

void front_line_waits(struct front_state *front, struct serve_line *line);
void front_line_cut(struct serve_line *line);
void front_line_leaves(struct front_state *front, const struct serve_line *line);
void front_leaving_look(struct front_state *front);
void front_serve_look(struct front_state *front);
void front_late_close(struct front_state *front);

/* ---- front_calls.c ---- */

MUST_USE enum status front_calls_open(struct front_state *front, struct err *err);
void front_calls_close(struct front_state *front);
void front_call_begin(struct front_state *front, const struct front_request *request);
void front_calls_run(struct front_state *front);
/* Ends the late ones; closes the kept lines when none was used for long. */
void front_calls_look(struct front_state *front);

#endif
