/* SPDX-License-Identifier: Apache-2.0
 *
 * The lines on which other nodes ask us: libmicrohttpd's events, and what is answered to them.
 *
 * A request that must be refused is refused when its body is over, which is read and forgotten; only
 * when nobody can say where that is, or when it is too long, at once. Either way the line ends.
 */
#include "serve/front_state.h"

#include "base/log.h"
#include "base/text.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { POOL = 32 * 1024 };

/* ---- Answering ---- */

static enum MHD_Result send_answer(struct front_state *front, struct serve_line *line)
{
    struct MHD_Response *answer = line->answer;
    if (answer == NULL)
        abort(); /* no memory: the core starts another front */
    line->answer = NULL;
    if (line->closes)
        MHD_add_response_header(answer, "Connection", "close");
    MHD_add_response_header(answer, "Content-Type",
                            line->code == line_code(OK) ? "application/octet-stream"
                                                        : "text/plain; charset=utf-8");
    line->phase = LINE_SENDS;
    line->deadline_ms = front_in(front, front_piece_ms(line->on_its_way));
    enum MHD_Result queued = MHD_queue_response(line->connection, line->code, answer);
    MHD_destroy_response(answer);
    return queued;
}

static void set_words(struct serve_line *line, enum status status, const char *sentence)
{
    line->answer = MHD_create_response_from_buffer(
        strlen(sentence), (void *)(uintptr_t)sentence, MHD_RESPMEM_MUST_COPY);
    line->code = line_code(status);
}

/* After these words nothing more is heard on the line. */
static enum MHD_Result refuse(struct front_state *front, struct serve_line *line,
                              enum status status, const char *sentence)
{
    front_tell(front, "line-refused", sentence);
    set_words(line, status, sentence);
    line->closes = true;
    return send_answer(front, line);
}

static enum MHD_Result begin_request(struct front_state *front, struct serve_line *line,
                                     const char *method, const char *version)
{
    struct err why = {0};
    enum status asker = front_check_asker(front, line, &line->words);
    enum status status = front_check_head(line, method, version, &why);
    /* A stranger is told that it is one, and nothing else. */
    if (status != OK)
        return line->trust != OK ? refuse(front, line, asker, line->words.text)
                                 : refuse(front, line, status, why.text);
    line->refused = asker;
    if (asker == OK && line->kind[0] == '\0')
        line->refused = fail(&line->words, NOT_FOUND, "there is nothing at this path");
    line->phase = LINE_RECEIVES;
    line->body = (struct buf){.max = (size_t)line->length};
    line->deadline_ms = front_in(front, front_piece_ms(line->length));
    return MHD_YES;
}

static enum MHD_Result hand_over(struct front_state *front, struct serve_line *line)
{
    const struct front_request request = {.number = ++front->requests,
                                          .key = line->peer.node_key,
                                          .kind = bytes_text(line->kind),
                                          .request = buf_bytes(&line->body)};
    struct buf body = {.max = LINE_REQUEST_MAX + FRONT_HEAD_MAX};
    front_request_write(&body, &request, false);
    buf_add(channel_begin(&front->core, FRONT_REQUEST, body.len), buf_bytes(&body));
    buf_release(&body);
    buf_release(&line->body);
    line->number = request.number;
    line->phase = LINE_WORKS;
    line->deadline_ms = front_in(front, CORE_MS);
    MHD_suspend_connection(line->connection);
    return MHD_YES;
}

/* A peer that asks for large answers on many lines and reads none of them must not fill the memory. */
static bool is_too_much(const struct front_state *front, const struct serve_line *line,
                        size_t more)
{
    size_t of_peer = 0, of_all = 0;
    for (size_t i = 0; i < LINES_MAX; i++) {
        const struct serve_line *other = &front->lines[i];
        if (other->connection == NULL || other == line)
            continue;
        of_all += other->on_its_way;
        if (memcmp(other->peer.node_key, line->peer.node_key, NODE_KEY) == 0)
            of_peer += other->on_its_way;
    }
    return (of_peer > 0 && of_peer + more > FRONT_PEER_BYTES) ||
           (of_all > 0 && of_all + more > FRONT_ALL_BYTES);
}

static void release_answer(void *context)
{
    struct buf *answer = context;
    buf_release(answer);
    free(answer);
}

void front_answered(struct front_state *front, const struct front_answer *answer,
                    struct buf *from)
{
    struct serve_line *line = NULL;
    for (size_t i = 0; i < LINES_MAX && line == NULL; i++)
        if (front->lines[i].connection != NULL && front->lines[i].phase == LINE_WORKS &&
            front->lines[i].number == answer->number)
            line = &front->lines[i];
    if (line == NULL)
        return; /* who asked is gone */
    if (is_too_much(front, line, answer->answer.len)) {
        set_words(line, BUSY,
                  "answers to your node are still on their way; take those first");
    } else {
        /* The buffer changes hands: a map may be large. */
        struct buf *taken = xcalloc(1, sizeof *taken);
        *taken = *from;
        *from = (struct buf){.max = from->max};
        line->answer = MHD_create_response_from_buffer_with_free_callback_cls(
            answer->answer.len, (void *)(uintptr_t)answer->answer.at, release_answer,
            taken);
        line->code = line_code(answer->status);
        line->on_its_way = answer->answer.len;
    }
    line->phase = LINE_SENDS;
    MHD_resume_connection(line->connection);
}

/* ---- libmicrohttpd's events ---- */

static struct serve_line *line_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != NULL ? info->socket_context : NULL;
}

/* The path as it was sent, before anything in it is interpreted. */
static void *on_path(void *context, const char *path, struct MHD_Connection *connection)
{
    struct serve_line *line = line_of(connection);
    struct bytes kind = bytes_text(path);
    (void)context;
    if (line == NULL)
        return NULL;
    line->kind[0] = '\0';
    if (text_starts(kind, "/line/")) {
        kind = bytes_slice(kind, 6, kind.len - 6);
        if (line_kind_valid(kind)) {
            memcpy(line->kind, kind.at, kind.len);
            line->kind[kind.len] = '\0';
        }
    }
    return line;
}

/* Called for the head, for each piece of the body, behind it, and when a line goes on. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *url, const char *method, const char *version,
                                  const char *piece, size_t *piece_len, void **request)
{
    struct front_state *front = context;
    struct serve_line *line = *request;
    (void)connection, (void)url;
    if (line == NULL || line->cut)
        return MHD_NO;
    switch (line->phase) {
    case LINE_WAITS:
        return begin_request(front, line, method, version);
    case LINE_RECEIVES:
        if (*piece_len > 0) {
            if (line->refused == OK)
                buf_add(&line->body, bytes_of(piece, *piece_len));
            *piece_len = 0;
            return MHD_YES;
        }
        return line->refused == OK ? hand_over(front, line)
                                   : refuse(front, line, line->refused, line->words.text);
    case LINE_SENDS:
        return send_answer(front, line);
    case LINE_WORKS:
        break;
    }
    return MHD_YES;
}

static void forget_request(struct serve_line *line)
{
    buf_release(&line->body);
    if (line->answer != NULL)
        MHD_destroy_response(line->answer);
    line->answer = NULL;
    line->on_its_way = 0;
    line->kind[0] = '\0';
}

static void on_done(void *context, struct MHD_Connection *connection, void **request,
                    enum MHD_RequestTerminationCode how)
{
    struct serve_line *line = *request;
    (void)connection;
    if (line == NULL)
        return;
    forget_request(line);
    /* An end that was not ours to write a last word on needs no waiting. */
    if (how == MHD_REQUEST_TERMINATED_CLIENT_ABORT)
        line->cut = true;
    front_line_waits(context, line);
}

static struct serve_line *free_line(struct front_state *front)
{
    for (size_t i = 0; i < LINES_MAX; i++)
        if (front->lines[i].connection == NULL)
            return &front->lines[i];
    return NULL;
}

static void begin_line(struct front_state *front, struct MHD_Connection *connection,
                       void **context)
{
    struct serve_line *line = free_line(front);
    const union MHD_ConnectionInfo *session =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (line == NULL || session == NULL || fd == NULL)
        abort(); /* front_accept has seen to it */
    *line = (struct serve_line){.connection = connection,
                                .session = session->tls_session,
                                .fd = fd->connect_fd,
                                .trust = REFUSED,
                                .deadline_ms = front_in(front, GREET_MS)};
    tls_session_answers(line->session, &front->identity);
    *context = line;
}

static void on_line(void *context, struct MHD_Connection *connection, void **line_context,
                    enum MHD_ConnectionNotificationCode what)
{
    struct front_state *front = context;
    struct serve_line *line = *line_context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        begin_line(front, connection, line_context);
    } else if (line != NULL) {
        if (!line->cut)
            front_line_leaves(front, line);
        forget_request(line);
        *line = (struct serve_line){0};
        *line_context = NULL;
    }
}

static void on_panic(void *context, const char *file, unsigned line, const char *reason)
{
    (void)context, (void)file, (void)line;
    log_event(LOG_ERROR, "front-ended", "why", reason != NULL ? reason : "panic", NULL);
    abort(); /* the core starts another front */
}

/* ---- Life ---- */

enum status front_serve_open(struct front_state *front, struct err *err)
{
    if (front->listen_fd < 0)
        return OK;
    MHD_set_panic_func(on_panic, NULL);
    front->daemon = MHD_start_daemon(
        MHD_USE_TLS | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
            MHD_USE_SUPPRESS_DATE_NO_CLOCK,
        0, NULL, NULL, on_request, front, MHD_OPTION_HTTPS_CERT_CALLBACK, tls_session_give,
        MHD_OPTION_HTTPS_PRIORITIES, TLS_PRIORITY, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)LINES_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL,
        MHD_OPTION_NOTIFY_CONNECTION, on_line, front, MHD_OPTION_NOTIFY_COMPLETED, on_done,
        front, MHD_OPTION_URI_LOG_CALLBACK, on_path, front, MHD_OPTION_END);
    return front->daemon != NULL
               ? OK
               : fail(err, IO_FAILED, "libmicrohttpd does not start here");
}

void front_serve_close(struct front_state *front)
{
    if (front->daemon == NULL)
        return;
    for (size_t i = 0; i < LINES_MAX; i++)
        if (front->lines[i].connection != NULL)
            front_line_cut(&front->lines[i]);
    front_serve_run(front, NULL, 0); /* none may be suspended */
    MHD_stop_daemon(front->daemon);
    front->daemon = NULL;
}

/* ---- Its part of the loop ---- */

/* The file descriptors that it wants to hear of stand in sets of FD_SETSIZE; no other is ever opened
 * here (front_process sees to it). Its way with epoll is of no use to us: a handshake that stands still
 * would keep it busy. */
size_t front_serve_polls(struct curl_waitfd *polls, struct front_state *front)
{
    fd_set reads, writes, faults;
    int last = -1;
    size_t count = 0;
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_ZERO(&faults);
    if (front->daemon == NULL || MHD_get_fdset2(front->daemon, &reads, &writes, &faults,
                                                &last, FD_SETSIZE) != MHD_YES)
        return 0;
    for (int fd = 0; fd <= last && count <= LINES_MAX; fd++) {
        int events = (FD_ISSET(fd, &reads) ? CURL_WAIT_POLLIN : 0) |
                     (FD_ISSET(fd, &writes) ? CURL_WAIT_POLLOUT : 0) |
                     (FD_ISSET(fd, &faults) ? CURL_WAIT_POLLPRI : 0);
        if (events != 0)
            polls[count++] = (struct curl_waitfd){.fd = fd, .events = (short)events};
    }
    for (size_t i = 0; i < LEAVING_MAX; i++)
        if (front->leaving[i].fd >= 0)
            polls[count++] = (struct curl_waitfd){.fd = front->leaving[i].fd,
                                                  .events = CURL_WAIT_POLLIN};
    return count;
}

void front_serve_run(struct front_state *front, const struct curl_waitfd *polls,
                     size_t count)
{
    fd_set reads, writes, faults;
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_ZERO(&faults);
    for (size_t i = 0; i < count; i++) {
        if ((polls[i].revents & CURL_WAIT_POLLIN) != 0)
            FD_SET(polls[i].fd, &reads);
        if ((polls[i].revents & CURL_WAIT_POLLOUT) != 0)
            FD_SET(polls[i].fd, &writes);
        if ((polls[i].revents & CURL_WAIT_POLLPRI) != 0)
            FD_SET(polls[i].fd, &faults);
    }
    if (front->daemon != NULL)
        MHD_run_from_select(front->daemon, &reads, &writes, &faults);
    front_leaving_look(front);
}

bool front_serve_is_busy(struct front_state *front)
{
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    return front->daemon != NULL && MHD_get_timeout(front->daemon, &wait_ms) == MHD_YES &&
           wait_ms == 0;
}

/* ---- Accepting ---- */

/* A line that only waits, the longest: it may go when another is needed. */
static struct serve_line *find_idle(struct front_state *front)
{
    struct serve_line *idle = NULL;
    for (size_t i = 0; i < LINES_MAX; i++) {
        struct serve_line *line = &front->lines[i];
        if (line->connection != NULL && !line->cut && line->phase == LINE_WAITS &&
            (idle == NULL || line->deadline_ms < idle->deadline_ms))
            idle = line;
    }
    return idle;
}

static bool make_room(struct front_state *front)
{
    size_t serving = 0;
    for (size_t i = 0; i < LINES_MAX; i++)
        serving += front->lines[i].connection != NULL && !front->lines[i].cut;
    if (serving < LINES_SERVE_MAX)
        return free_line(front) != NULL;
    struct serve_line *idle = find_idle(front);
    if (idle != NULL)
        front_line_cut(idle);
    return idle != NULL && free_line(front) != NULL;
}

void front_accept(struct front_state *front)
{
    for (int i = 0; i < LINES_AT_ONCE; i++) {
        struct sockaddr_storage from = {0};
        socklen_t len = sizeof from;
        int fd = accept4(front->listen_fd, (struct sockaddr *)&from, &len,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        if (!make_room(front)) {
            close(fd);
            front_tell(front, "line-refused", "there are too many lines");
            return;
        }
        /* Takes the descriptor over, also when it fails. */
        if (MHD_add_connection(front->daemon, fd, (struct sockaddr *)&from, len) != MHD_YES)
            front_tell(front, "line-refused", "there are too many lines");
    }
}
