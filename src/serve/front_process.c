/* SPDX-License-Identifier: Apache-2.0
 *
 * The front's own side: the process that speaks TLS and HTTP with other nodes, both ways.
 *
 * It holds a TLS key of at most 24 hours, the list of node keys that may ask, and what is just being
 * sent. It opens no file, has no secret of the node, and is shut into a sandbox before the first
 * foreign byte. It begins without a certificate: until the core has had one made nobody is let in and
 * no call goes out. It ends with the core's end of the line.
 */
#include "serve/front_state.h"

#include "base/log.h"
#include "base/world.h"
#include "serve/sandbox.h"

#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>

enum {
    HOUR_S = 3600,
    RENEW_S = 12 * HOUR_S, /* so long before its end a certificate is renewed */
    ASK_AGAIN_MS = 30 * 1000,
    TICK_MS = 1000,
    TELL_EVERY_MS = 1000,
    TELL_MAX = 5
};

/* ---- Small things of all lines ---- */

int64_t front_in(const struct front_state *front, int64_t wait_ms)
{
    return front->now_ms + wait_ms / front->hurry;
}

int64_t front_piece_ms(uint64_t bytes)
{
    return PIECE_MS + (int64_t)(bytes / SLOWEST) * 1000;
}

void front_tell(struct front_state *front, const char *event, const char *why)
{
    if (front->now_ms - front->told_ms > TELL_EVERY_MS) {
        front->told_ms = front->now_ms;
        front->told = 0;
    }
    if (front->told++ < TELL_MAX)
        log_event(LOG_WARN, event, "why", why, NULL);
}

/* ---- The core ---- */

static enum status take_peers(struct front_state *front, struct bytes body, struct err *err)
{
    struct cursor cursor = {.rest = body};
    size_t count = body.len / (NODE_KEY + 1);
    if (count > FRONT_PEERS_MAX || body.len != count * (NODE_KEY + 1))
        return fail(err, BAD_INPUT, "the list of peers makes no sense");
    front->peers = xrealloc(front->peers, count + 1, sizeof *front->peers);
    front->peer_count = count;
    front->has_peers = true;
    for (size_t i = 0; i < count; i++) {
        cursor_copy(front->peers[i].key, &cursor, NODE_KEY);
        front->peers[i].removed = cursor_u8(&cursor) != 0;
    }
    return OK;
}

static enum status take_certificate(struct front_state *front, struct bytes der,
                                    struct err *err)
{
    struct certificate certificate;
    enum status status = tls_identity_take(&front->identity, der, err);
    if (status == OK)
        status = certificate_read(&certificate, der, err);
    if (status == OK) {
        front->certified_from_s = certificate.from_s;
        front->certified_to_s = certificate.to_s;
    }
    return status;
}

static enum status take_frame(struct front_state *front, const struct frame *frame,
                              struct err *err)
{
    struct front_request request;
    struct front_answer answer;
    enum status status;
    switch (frame->kind) {
    case FRONT_CERTIFICATE:
        return take_certificate(front, frame->body, err);
    case FRONT_PEERS:
        return take_peers(front, frame->body, err);
    case FRONT_CALL:
        status = front_request_read(&request, frame->body, true, err);
        if (status == OK)
            front_call_begin(front, &request);
        return status;
    case FRONT_ANSWER:
        status = front_answer_read(&answer, frame->body, err);
        if (status == OK)
            front_answered(front, &answer, &front->core.in);
        return status;
    default:
        return fail(err, BAD_INPUT, "the core says what the front does not understand");
    }
}

static enum status hear_core(struct front_state *front, struct err *err)
{
    struct frame frame;
    enum status status;
    while ((status = channel_read(&frame, &front->core, err)) == OK) {
        status = take_frame(front, &frame, err);
        if (status != OK)
            return status;
    }
    return status == BUSY ? OK : status;
}

/* A key speaks for the node for 24 hours at most, and for 12 with us; a clock that was set may have
 * put us outside of that. */
static void renew(struct front_state *front)
{
    bool due = !tls_identity_certified(&front->identity) ||
               front->now_s > front->certified_to_s - RENEW_S ||
               front->now_s < front->certified_from_s - HOUR_S;
    if (!due || (front->asked_ms != 0 && front->now_ms - front->asked_ms < ASK_AGAIN_MS))
        return;
    front->asked_ms = front->now_ms;
    tls_identity_draw(&front->identity);
    buf_add(channel_begin(&front->core, FRONT_WANTS_CERTIFICATE, TLS_KEY),
            bytes_of(front->identity.next_key, TLS_KEY));
}

/* ---- The loop ---- */

static void read_clocks(struct front_state *front)
{
    const struct world *world = world_system();
    front->now_ms = world->monotonic_ns(world->context) / 1000000;
    front->now_s = world_now_s(world);
}

enum { CORE, LISTEN, SERVING };

/* Waits for all at once; how many of `polls` are libmicrohttpd's comes back. */
static size_t wait_for_all(struct curl_waitfd *polls, struct front_state *front)
{
    bool ready = tls_identity_certified(&front->identity) && front->has_peers;
    bool writes = channel_has_out(&front->core);
    polls[CORE] = (struct curl_waitfd){
        .fd = front->core.fd,
        .events = (short)(CURL_WAIT_POLLIN | (writes ? CURL_WAIT_POLLOUT : 0))};
    polls[LISTEN] = (struct curl_waitfd){.fd = ready ? front->listen_fd : -1,
                                         .events = CURL_WAIT_POLLIN};
    size_t serving = front_serve_polls(polls + SERVING, front);
    curl_multi_poll(front->multi, polls, (unsigned)(SERVING + serving),
                    front_serve_is_busy(front) ? 0 : TICK_MS / (int)front->hurry, NULL);
    return serving;
}

static enum status run_once(struct front_state *front, struct err *err)
{
    struct curl_waitfd polls[SERVING + SERVE_POLLS_MAX];
    size_t serving = wait_for_all(polls, front);
    read_clocks(front);
    enum status status = hear_core(front, err);
    renew(front);
    front_serve_run(front, polls + SERVING, serving);
    if ((polls[LISTEN].revents & CURL_WAIT_POLLIN) != 0)
        front_accept(front);
    front_calls_run(front);
    if (front->now_ms - front->looked_ms >= TICK_MS / front->hurry) {
        front->looked_ms = front->now_ms;
        front_serve_look(front);
        front_calls_look(front);
    }
    return status == OK ? channel_flush(&front->core, err) : status;
}

static void settle(struct front_state *front)
{
    prctl(PR_SET_NAME, "enlace-front"); /* in ps */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN); /* the core ends us */
    signal(SIGPIPE, SIG_IGN);
    setenv("RES_OPTIONS", "timeout:2 attempts:2", 1);
    /* libmicrohttpd's sets of descriptors hold no more. */
    struct rlimit files = {FD_SETSIZE, FD_SETSIZE};
    setrlimit(RLIMIT_NOFILE, &files);
    front->core.max = FRONT_FROM_CORE_MAX;
    for (size_t i = 0; i < LEAVING_MAX; i++)
        front->leaving[i].fd = -1;
    read_clocks(front);
}

/* All that opens a file or makes a thread possible comes before the sandbox. */
static enum status open_all(struct front_state *front, struct err *err)
{
    bool files = false;
    enum status status = tls_identity_open(&front->identity, err);
    if (status == OK)
        status = front_calls_open(front, err);
    if (status == OK)
        status = front_serve_open(front, err);
    if (status == OK)
        status = sandbox_enter(&files, err);
    if (status == OK && !files)
        log_event(LOG_WARN, "front-sandbox", "files", "this kernel has no Landlock", NULL);
    return status;
}

int front_process(int core_fd, int listen_fd, unsigned hurry)
{
    struct front_state *front = xcalloc(1, sizeof *front);
    struct err why = {0};
    front->core.fd = core_fd;
    front->listen_fd = listen_fd;
    front->hurry = hurry;
    settle(front);
    enum status status = open_all(front, &why);
    if (status == OK)
        renew(front);
    while (status == OK)
        status = run_once(front, &why);
    if (status != NOT_FOUND)
        log_event(LOG_ERROR, "front-ended", "why", why.text, NULL);
    front_serve_close(front);
    front_calls_close(front);
    front_late_close(front);
    tls_identity_close(&front->identity);
    channel_release(&front->core);
    free(front->peers);
    free(front);
    return status == NOT_FOUND ? EXIT_SUCCESS : EXIT_FAILURE;
}
