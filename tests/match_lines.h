/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/match_lines.h: both sides of a session on a socket pair, and taps that remember.
 */
#ifndef TESTS_MATCH_LINES_H
#define TESTS_MATCH_LINES_H

#include "match/session.h"
#include "match_fixture.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINES_WAIT_MS = 60000, SHAPE_FRAMES_MAX = 256, TEXT_ASKS_MAX = 16 };

/* What the responder's thread needs and gives back. */
struct lines_server {
    struct session_line line;
    const struct publication *publication;
    struct responder *responder;
    const uint8_t *peer;
    struct err err; /* empty when the session ended well */
};

static inline void *lines_serve(void *context)
{
    struct lines_server *server = context;
    if (session_serve(&server->line, server->publication, server->responder, server->peer,
                      &server->err) == OK)
        server->err.text[0] = '\0';
    close(server->line.fd);
    return NULL;
}

/* One whole session; the responder answers from a thread of its own. */
static inline enum status
lines_run(struct session_result *result, const struct fixture *fixture,
          const struct publication *publication, const struct requester_options *options,
          struct map_shelf *shelf, const struct session_tap *tap,
          const struct match_item *items, size_t count, struct err *served, struct err *err)
{
    int pair[2];
    pthread_t thread;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    /* Each side has a world of its own: the seeded one is not for two threads. */
    struct world_seeded other;
    world_seeded_init(&other, 99, fixture->seeded.now_ns);
    struct responder_options responding = fixture_responder(fixture, publication);
    responding.world = &other.world;
    struct lines_server server = {.line = {pair[1], LINES_WAIT_MS, NULL},
                                  .publication = publication,
                                  .responder = responder_open(&responding),
                                  .peer = fixture->asker.public_key};
    CHECK(pthread_create(&thread, NULL, lines_serve, &server) == 0);
    struct session_line line = {pair[0], LINES_WAIT_MS, tap};
    enum status status = session_request(result, &line, options, shelf, items, count, err);
    close(pair[0]);
    pthread_join(thread, NULL);
    responder_close(server.responder);
    *served = server.err;
    return status;
}

struct shape_tap {
    struct shape {
        enum transcript_direction direction;
        uint8_t kind;
        size_t len;
    } frames[SHAPE_FRAMES_MAX];
    size_t count;
};

static inline void shape_frame(void *context, enum transcript_direction direction,
                               uint8_t kind, struct bytes body)
{
    struct shape_tap *tap = context;
    if (CHECK(tap->count < SHAPE_FRAMES_MAX))
        tap->frames[tap->count++] = (struct shape){direction, kind, body.len};
}

/* Everything that crossed the line, and where the asks are in it. */
struct text_tap {
    struct buf all;
    struct arena *arena;
    struct bytes asks[TEXT_ASKS_MAX];
    size_t ask_count;
};

static inline void text_frame(void *context, enum transcript_direction direction,
                              uint8_t kind, struct bytes body)
{
    (void)direction;
    struct text_tap *tap = context;
    buf_add(&tap->all, body);
    if (kind == SESSION_ASK && CHECK(tap->ask_count < TEXT_ASKS_MAX))
        tap->asks[tap->ask_count++] = arena_bytes(tap->arena, body);
}

#endif
