/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/front_state.h: the front's process, as its own files see it; only front_*.c include it.
 *
 * libmicrohttpd has the lines on which we are asked (front_serve.h), libcurl those on which we ask
 * (front_calls.h); both read and write TLS and HTTP when the front's one loop lets them, and neither
 * waits. What they do not know is ours: who may ask and who must answer (the node key), what a request
 * and an answer between nodes may look like at all, and by when the other side must have done its part.
 * Every phase of a line has a deadline for the whole of it, however busy the line looks; who is late
 * loses the line. One thread, but for libcurl's that look up a host name.
 */
#ifndef SERVE_FRONT_STATE_H
#define SERVE_FRONT_STATE_H

#include "base/memory.h"
#include "serve/channel.h"
#include "serve/front_calls.h"
#include "serve/front_serve.h"

enum { HEAD_MAX = 8 * 1024, FIELDS_MAX = 64 }; /* of a request; HEAD_MAX of an answer too */

/* How long the other side may take. A piece of B bytes may take PIECE_MS + B / SLOWEST a second. */
enum {
    GREET_MS = 10 * 1000,
    REACH_MS = 4 * 1000,     /* the same, when we call: somebody waits for it */
    LONG_WAIT_MS = 2 * 1000, /* what libcurl gives up after so long was silence */
    IDLE_MS = 120 * 1000,
    PIECE_MS = 20 * 1000,
    SLOWEST = 16 * 1024,
    LEAVE_MS = 2 * 1000,
    CORE_MS = 600 * 1000, /* our own core, which may be importing */
    THINK_MS = 180 * 1000 /* the peer, over an ask */
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

#endif
