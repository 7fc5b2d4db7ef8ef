/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/front_serve.h: the lines on which other nodes ask us; only front_*.c include it.
 *
 *     LINE_WAITS --head--> LINE_RECEIVES --whole--> LINE_WORKS (the core has it)
 *         ^--all sent-- LINE_SENDS <--answer--/
 *
 * libmicrohttpd has the lines, and calls us when something has come (front_serve.c). Who is late or gone
 * is found beside it (front_late.c), by looking at each line about once a second.
 */
#ifndef SERVE_FRONT_SERVE_H
#define SERVE_FRONT_SERVE_H

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
    SERVE_POLLS_MAX = LINES_MAX + 1 + LEAVING_MAX /* one is libmicrohttpd's own */
};

/* What waits to be sent: to one peer, and to all. A single answer is always taken. */
#define FRONT_PEER_BYTES ((size_t)64 << 20)
#define FRONT_ALL_BYTES ((size_t)2 << 30)

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

struct front_state;

/* `front` must stay where it is; before the sandbox. */
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

/* ---- front_head.c ---- */

/* May who is there ask at all? Asked for every request, so that a removal counts at once, and so does the
 * end of a certificate on a line that is kept. Sets line->trust. */
MUST_USE enum status front_check_asker(const struct front_state *front,
                                       struct serve_line *line, struct err *err);
/* Sets line->length. BAD_INPUT, TOO_LARGE: nobody knows, or shall wait for, the end of it. */
MUST_USE enum status front_check_head(struct serve_line *line, const char *method,
                                      const char *version, struct err *err);

/* ---- front_late.c ---- */

void front_line_waits(struct front_state *front, struct serve_line *line);
void front_line_cut(struct serve_line *line);
void front_line_leaves(struct front_state *front, const struct serve_line *line);
void front_leaving_look(struct front_state *front);
void front_serve_look(struct front_state *front);
void front_late_close(struct front_state *front);

#endif
