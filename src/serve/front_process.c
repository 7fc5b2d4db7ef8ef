/* SPDX-License-Identifier: Apache-2.0
 *
 * The front's own side: the process that speaks TLS and HTTP with other nodes, both ways.
 *
 * It holds a TLS key of at most 24 hours, the list of node keys that may ask, and what is just being
 * sent. It opens no file, has no secret of the node, and is shut into a sandbox before the first
 * foreign byte. It begins without a certificate: until the core has had one made nobody is let in and
 * no call goes out. It ends with the core's end of the line.
 */
#include "serve/front_lines.h"

#include "base/log.h"
#include "base/world.h"
#include "serve/sandbox.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
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

void front_drop_line(struct front_state *front, struct peer_line *line)
{
    (void)front;
    tls_line_close(&line->tls);
    *line = (struct peer_line){.tls.fd = -1};
}

/* A line that only waits, the longest: it may go when another is needed. */
static struct peer_line *find_idle(struct front_state *front, bool serves)
{
    struct peer_line *idle = NULL;
    for (size_t i = 0; i < LINES_MAX; i++) {
        struct peer_line *line = &front->lines[i];
        bool waits = line->used && line->serves == serves && line->phase == LINE_WAITS &&
                     line->call == NULL;
        if (waits && (idle == NULL || line->deadline_ms < idle->deadline_ms))
            idle = line;
    }
    return idle;
}

struct peer_line *front_free_line(struct front_state *front, bool serves)
{
    struct peer_line *free_line = NULL;
    size_t serving = 0;
    for (size_t i = 0; i < LINES_MAX; i++) {
        if (!front->lines[i].used && free_line == NULL)
            free_line = &front->lines[i];
        serving += front->lines[i].used && front->lines[i].serves;
    }
    if (free_line == NULL || (serves && serving >= LINES_SERVE_MAX)) {
        free_line = find_idle(front, serves);
        if (free_line == NULL)
            return NULL;
        front_drop_line(front, free_line);
    }
    *free_line = (struct peer_line){.used = true, .serves = serves, .tls.fd = -1};
    return free_line;
}

static void step_line(struct front_state *front, struct peer_line *line)
{
    bool progress = true;
    while (line->used && progress) {
        enum line_phase before = line->phase;
        bool asked = line->asked;
        progress = false;
        tls_line_step(&line->tls, front->now_s, &progress);
        if (line->serves)
            front_serve_step(front, line);
        else
            front_call_step(front, line);
        /* In another phase there is something to send, or room to read. */
        progress |= line->used && (line->phase != before || line->asked != asked);
    }
}

static void end_late_line(struct front_state *front, struct peer_line *line)
{
    if (line->serves) {
        if (line->phase != LINE_WAITS || !line->greeted || line->begun)
            front_tell(front, "line-late", "the other side is too slow");
        front_drop_line(front, line);
        return;
    }
    if (line->call != NULL)
        line->reused = false; /* it heard us well; once more would take as long */
    front_call_lost(front, line,
                    line->greeted ? "it did not answer in time" : "there is no answer");
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

static bool certified(const struct front_state *front)
{
    return front->identity.pairs[front->identity.current].set;
}

/* A key speaks for the node for 24 hours at most, and for 12 with us; a clock that was set may have
 * put us outside of that. */
static void renew(struct front_state *front)
{
    bool due = !certified(front) || front->now_s > front->certified_to_s - RENEW_S ||
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

enum { CORE, LISTEN, FIRST_LINE };

static size_t list_polls(struct pollfd *polls, struct peer_line **of,
                         struct front_state *front)
{
    size_t count = FIRST_LINE;
    polls[CORE] = (struct pollfd){
        .fd = front->core.fd,
        .events = (short)(POLLIN | (channel_has_out(&front->core) ? POLLOUT : 0))};
    bool ready = certified(front) && front->has_peers;
    polls[LISTEN] = (struct pollfd){.fd = ready ? front->listen_fd : -1, .events = POLLIN};
    for (size_t i = 0; i < LINES_MAX; i++) {
        struct peer_line *line = &front->lines[i];
        if (!line->used)
            continue;
        of[count] = line;
        polls[count++] =
            (struct pollfd){.fd = line->tls.fd, .events = tls_line_events(&line->tls)};
    }
    return count;
}

static enum status run_once(struct front_state *front, struct err *err)
{
    struct pollfd polls[FIRST_LINE + LINES_MAX];
    struct peer_line *of[FIRST_LINE + LINES_MAX];
    size_t count = list_polls(polls, of, front);
    if (poll(polls, count, TICK_MS / (int)front->hurry) < 0 && errno != EINTR)
        return fail(err, IO_FAILED, "poll: %s", strerror(errno));
    read_clocks(front);
    for (size_t i = FIRST_LINE; i < count; i++)
        if (polls[i].revents != 0 && of[i]->used)
            step_line(front, of[i]);
    if ((polls[LISTEN].revents & POLLIN) != 0)
        front_accept(front);
    enum status status = hear_core(front, err);
    renew(front);
    for (size_t i = 0; i < LINES_MAX; i++) {
        struct peer_line *line = &front->lines[i];
        if (line->used && line->phase == LINE_SENDS)
            step_line(front, line);
        if (line->used && front->now_ms > line->deadline_ms)
            end_late_line(front, line);
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
    front->core.max = FRONT_FROM_CORE_MAX;
    for (size_t i = 0; i < LINES_MAX; i++)
        front->lines[i].tls.fd = -1;
    read_clocks(front);
}

int front_process(int core_fd, int listen_fd, unsigned hurry)
{
    struct front_state *front = xcalloc(1, sizeof *front);
    struct err why = {0};
    bool files = false;
    front->core.fd = core_fd;
    front->listen_fd = listen_fd;
    front->hurry = hurry;
    settle(front);
    enum status status = tls_identity_open(&front->identity, &why);
    if (status == OK)
        status = sandbox_enter(&files, &why);
    if (status == OK && !files)
        log_event(LOG_WARN, "front-sandbox", "files", "this kernel has no Landlock", NULL);
    if (status == OK)
        renew(front);
    while (status == OK)
        status = run_once(front, &why);
    if (status != NOT_FOUND)
        log_event(LOG_ERROR, "front-ended", "why", why.text, NULL);
    for (size_t i = 0; i < LINES_MAX; i++)
        if (front->lines[i].used) {
            if (front->lines[i].call != NULL) {
                buf_release(&front->lines[i].call->request);
                free(front->lines[i].call);
            }
            front_drop_line(front, &front->lines[i]);
        }
    tls_identity_close(&front->identity);
    channel_release(&front->core);
    free(front->peers);
    free(front);
    return status == NOT_FOUND ? EXIT_SUCCESS : EXIT_FAILURE;
}
