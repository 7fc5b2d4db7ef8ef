/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/front.h: the process that speaks with other nodes, as the core sees it.
 *
 * The front is another process (front_process.c): it parses what comes from outside and has nothing of
 * the node's. Here requests arrive framed, bounded, and with the node key of who asks; here calls go
 * out and come back as bytes. Both are worked on by front_pump, in the core's one thread: there is no
 * other moment at which a handler runs. A call waits for its answer and meanwhile answers others, so
 * that two nodes that ask one another at once do not wait for each other for ever; hence a handler
 * must not call, and whoever calls must have nothing half done.
 *
 * A front that ended is started anew by the next call, and by front_pump.
 */
#ifndef SERVE_FRONT_H
#define SERVE_FRONT_H

#include "exchange/certificate.h"
#include "exchange/line.h"
#include "exchange/peer.h"

struct front;

struct front_options {
    int listen_fd;       /* a listening socket, taken over; -1: it only calls */
    const char *program; /* executed with FRONT_ARGUMENT; NULL: only forked, for tests */
    unsigned hurry;      /* with fork: waits are divided by it; 0: not */
    /* A certificate for a TLS key of the front's, from the vault. */
    enum status (*certify)(void *context, struct buf *certificate,
                           const uint8_t tls_key[TLS_KEY], struct err *err);
    void *context;
};

/* What main() hands to front_process; not a command, and of no use by hand. */
#define FRONT_ARGUMENT "front-process"

/* Comes back when the front has its certificate. */
MUST_USE enum status front_open(struct front **out, const struct front_options *options,
                                struct err *err);
void front_close(struct front *front);

/* Whom to answer and where to call; copied. Again after each change. Nobody is let in before the
 * first time. */
MUST_USE enum status front_set_peers(struct front *front, const struct peer_list *peers,
                                     struct err *err);
/* What is answered; the table and context must stay. Several tables are asked one after another. */
enum { FRONT_TABLES_MAX = 8 };
void front_add_handlers(struct front *front, const struct line_handler *handlers,
                        size_t count, void *context);

/* To poll for reading; may change after a restart. */
int front_fd(const struct front *front);
/* Handles what has come, or comes within wait_ms; OK too when nothing did. A fault of the front is
 * mended by starting it anew; IO_FAILED: it does not start. */
MUST_USE enum status front_pump(struct front *front, int wait_ms, struct err *err);
/* How many requests were answered so far. */
uint64_t front_answers(const struct front *front);

/* The line_caller over TLS. */
struct line_caller front_caller(struct front *front);

/* A socket that listens on "host:port", port 0: any; *port is the one it got. */
MUST_USE enum status front_listen(int *fd, uint16_t *port, const char *address,
                                  struct err *err);

#endif
