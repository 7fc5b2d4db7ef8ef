/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/front.h"

#include "base/frame.h"
#include "base/text.h"
#include "serve/front_line.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { START_MS = 20 * 1000, PIECE_MS = 60 * 1000, LOST_MS = 900 * 1000, BACKLOG = 64 };
enum { AT_ONCE = 32 }; /* calls; the front's process has lines for twice as many */
enum { FROM_FRONT_MAX = LINE_ANSWER_MAX + FRONT_HEAD_MAX };

struct front {
    struct front_options options;
    int line;
    pid_t process; /* 0: none runs */
    bool certified;
    struct peer_list peers;
    bool has_peers;
    struct {
        const struct line_handler *handlers;
        size_t count;
        void *context;
    } tables[FRONT_TABLES_MAX];
    size_t table_count;
    struct buf in;
    uint64_t answers;
    /* The calls that wait; those that ended have a time. */
    struct line_call *calls;
    size_t call_count, open_count;
    uint64_t first_number; /* of calls[0] */
    uint64_t next_number;
    int64_t began_ms;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- The process ---- */

static void become_front(struct front *front, int line)
{
    char name[] = "enlace", argument[] = FRONT_ARGUMENT;
    char listens[] = "listens", *argv[] = {name, argument, NULL, NULL};
    int listen_fd = front->options.listen_fd;
    if (listen_fd >= 0)
        argv[2] = listens;
    /* Out of one another's way, then to their places, without close-on-exec. */
    int safe_line = fcntl(line, F_DUPFD, FRONT_LISTEN_FD + 1);
    int safe_listen = listen_fd >= 0 ? fcntl(listen_fd, F_DUPFD, FRONT_LISTEN_FD + 1) : -1;
    int nothing = open("/dev/null", O_RDWR);
    if (safe_line < 0 || nothing < 0)
        _exit(EXIT_FAILURE);
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    dup2(safe_line, FRONT_CORE_FD);
    if (safe_listen >= 0)
        dup2(safe_listen, FRONT_LISTEN_FD);
    close_range(safe_listen >= 0 ? FRONT_LISTEN_FD + 1 : FRONT_CORE_FD + 1, ~0U, 0);
    if (front->options.program == NULL)
        _exit(front_process(FRONT_CORE_FD, safe_listen >= 0 ? FRONT_LISTEN_FD : -1,
                            front->options.hurry > 0 ? front->options.hurry : 1));
    execv(front->options.program, argv);
    _exit(EXIT_FAILURE);
}

static void end_process(struct front *front)
{
    if (front->line >= 0)
        close(front->line);
    front->line = -1;
    front->certified = false;
    if (front->process > 0)
        while (waitpid(front->process, NULL, 0) < 0 && errno == EINTR)
            continue;
    front->process = 0;
}

static enum status write_all(struct front *front, struct bytes content, struct err *err)
{
    while (content.len > 0) {
        ssize_t count = send(front->line, content.at, content.len, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return fail(err, IO_FAILED, "the front, which speaks with other nodes, ended");
        content = bytes_slice(content, (size_t)count, content.len - (size_t)count);
    }
    return OK;
}

/* A frame in two pieces, of which the second may be large. */
static enum status send_frame(struct front *front, enum front_kind kind, struct bytes head,
                              struct bytes body, struct err *err)
{
    uint8_t start[FRAME_HEAD];
    store_be32(start, (uint32_t)(head.len + body.len + 1));
    start[FRAME_HEAD - 1] = (uint8_t)kind;
    enum status status = write_all(front, bytes_of(start, sizeof start), err);
    if (status == OK)
        status = write_all(front, head, err);
    return status == OK ? write_all(front, body, err) : status;
}

static enum status tell_peers(struct front *front, struct err *err)
{
    struct buf list = {.max = FRONT_PEERS_MAX * (NODE_KEY + 1)};
    for (size_t i = 0; i < front->peers.count; i++) {
        buf_add(&list, bytes_of(front->peers.items[i].key, NODE_KEY));
        buf_add_byte(&list, front->peers.items[i].removed);
    }
    enum status status =
        list.overflowed
            ? fail(err, TOO_LARGE, "over %d peers", FRONT_PEERS_MAX)
            : send_frame(front, FRONT_PEERS, (struct bytes){0}, buf_bytes(&list), err);
    buf_release(&list);
    return status;
}

static enum status take_frame(struct front *front, int wait_ms, struct err *err);

static enum status start(struct front *front, struct err *err)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return fail(err, IO_FAILED, "no line to the front: %s", strerror(errno));
    /* Nothing is flushed first: the child ends without stdio, and this may be called from within the
     * writing of a stream. */
    pid_t process = fork();
    if (process == 0)
        become_front(front, ends[1]);
    int fault = errno;
    close(ends[1]);
    front->line = ends[0];
    front->process = process > 0 ? process : 0;
    enum status status = OK;
    if (process < 0)
        status = fail(err, IO_FAILED, "no process for the front: %s", strerror(fault));
    while (status == OK && !front->certified)
        status = take_frame(front, START_MS, err);
    if (status == OK && front->has_peers)
        status = tell_peers(front, err);
    if (status != OK)
        end_process(front);
    return status;
}

enum status front_open(struct front **out, const struct front_options *options,
                       struct err *err)
{
    struct front *front = xcalloc(1, sizeof *front);
    front->options = *options;
    front->line = -1;
    front->in.max = FROM_FRONT_MAX;
    enum status status = start(front, err);
    if (status != OK) {
        front_close(front);
        return status;
    }
    *out = front;
    return OK;
}

void front_close(struct front *front)
{
    if (front == NULL)
        return;
    end_process(front);
    if (front->options.listen_fd >= 0)
        close(front->options.listen_fd);
    peer_list_release(&front->peers);
    buf_release(&front->in);
    free(front);
}

/* ---- Peers, handlers ---- */

enum status front_set_peers(struct front *front, const struct peer_list *peers,
                            struct err *err)
{
    front->peers.count = 0;
    front->has_peers = true;
    for (size_t i = 0; i < peers->count; i++) {
        grow_to((void **)&front->peers.items, &front->peers.capacity, i,
                sizeof *peers->items);
        front->peers.items[i] = peers->items[i];
        front->peers.count++;
    }
    if (front->peers.count > FRONT_PEERS_MAX)
        return fail(err, TOO_LARGE, "over %d peers", FRONT_PEERS_MAX);
    /* One that ended is started anew, and told then. */
    if (front->process != 0 && tell_peers(front, NULL) != OK)
        end_process(front);
    return OK;
}

void front_add_handlers(struct front *front, const struct line_handler *handlers,
                        size_t count, void *context)
{
    if (front->table_count == FRONT_TABLES_MAX)
        abort();
    front->tables[front->table_count].handlers = handlers;
    front->tables[front->table_count].count = count;
    front->tables[front->table_count++].context = context;
}

int front_fd(const struct front *front)
{
    return front->line;
}

uint64_t front_answers(const struct front *front)
{
    return front->answers;
}

/* ---- What comes from the front ---- */

static enum status handle(struct front *front, const struct front_request *request,
                          struct buf *answer, struct err *why)
{
    const struct peer *peer = peer_by_key(&front->peers, request->key);
    if (peer == NULL || peer->removed)
        return fail(why, REFUSED, "this node has no agreement with yours");
    for (size_t i = 0; i < front->table_count; i++)
        for (size_t j = 0; j < front->tables[i].count; j++) {
            const struct line_handler *handler = &front->tables[i].handlers[j];
            if (bytes_is(request->kind, handler->kind))
                return handler->handle(front->tables[i].context, request->key,
                                       request->request, answer, why);
        }
    return fail(why, NOT_FOUND, "this node does not answer to \"%.*s\"",
                (int)request->kind.len, (const char *)request->kind.at);
}

/* A request is copied out of the line's buffer: a handler may take long, and nothing may change
 * under it. */
static enum status answer_request(struct front *front, struct bytes body, struct err *err)
{
    struct front_request request;
    struct arena arena = {0};
    struct buf answer = {.max = LINE_ANSWER_MAX}, head = {.max = FRONT_HEAD_MAX};
    struct err why = {0};
    enum status status =
        front_request_read(&request, arena_bytes(&arena, body), false, err);
    if (status != OK)
        goto out;
    enum status outcome = handle(front, &request, &answer, &why);
    if (outcome == OK && answer.overflowed)
        outcome = fail(&why, TOO_LARGE, "the answer is over %d bytes", LINE_ANSWER_MAX);
    if (outcome != OK) {
        buf_release(&answer);
        buf_add_text(&answer, why.text);
    }
    front->answers++;
    front_answer_begin(&head, request.number, outcome);
    status = send_frame(front, FRONT_ANSWER, buf_bytes(&head), buf_bytes(&answer), err);
out:
    buf_release(&answer);
    buf_release(&head);
    arena_release(&arena);
    return status;
}

/* A sentence of another node, shown to a person here: one line of valid text, and nothing that a
 * terminal would obey. */
static void take_sentence(struct err *why, struct bytes sentence)
{
    size_t len = sentence.len < sizeof why->text ? sentence.len : sizeof why->text - 1;
    bool valid = utf8_valid(bytes_slice(sentence, 0, len));
    for (size_t i = 0; i < len; i++) {
        uint8_t c = sentence.at[i];
        bool control = c < ' ' || c == 0x7F ||
                       (valid && c == 0xC2 && i + 1 < len && sentence.at[i + 1] < 0xA0);
        why->text[i] = control || (!valid && c >= 0x80) ? '?' : (char)c;
        if (control && c == 0xC2) /* a control character of two bytes */
            why->text[++i] = '?';
    }
    why->text[len] = '\0';
}

static bool has_ended(const struct line_call *call)
{
    return call->waited_ms >= 0;
}

static void end_call(struct front *front, struct line_call *call, enum status status)
{
    call->status = status;
    call->waited_ms = now_ms() - front->began_ms;
    front->open_count--;
}

static enum status take_result(struct front *front, struct bytes body, bool silent,
                               struct err *err)
{
    struct front_answer result;
    enum status status = front_answer_read(&result, body, err);
    uint64_t which = status == OK ? result.number - front->first_number : 0;
    if (status != OK || which >= front->call_count || has_ended(&front->calls[which]))
        return status; /* of a call that was given up */
    struct line_call *call = &front->calls[which];
    end_call(front, call, result.status);
    call->silent = silent && result.status == IO_FAILED;
    if (result.status != OK) {
        take_sentence(&call->err, result.answer);
        return OK;
    }
    buf_clear(call->answer);
    buf_add(call->answer, result.answer);
    if (call->answer->overflowed)
        call->status = fail(&call->err, TOO_LARGE, "the answer has %zu bytes: over %zu",
                            result.answer.len, call->answer->max);
    return OK;
}

static enum status certify(struct front *front, struct bytes tls_key, struct err *err)
{
    struct buf certificate = {.max = CERTIFICATE_MAX};
    if (tls_key.len != TLS_KEY)
        return fail(err, BAD_INPUT, "the front asks for what it does not get");
    enum status status =
        front->options.certify(front->options.context, &certificate, tls_key.at, err);
    if (status == OK)
        status = send_frame(front, FRONT_CERTIFICATE, (struct bytes){0},
                            buf_bytes(&certificate), err);
    buf_release(&certificate);
    front->certified = front->certified || status == OK;
    return status;
}

static enum status take_frame(struct front *front, int wait_ms, struct err *err)
{
    struct frame frame;
    struct pollfd wanted = {.fd = front->line, .events = POLLIN};
    int ready = poll(&wanted, 1, wait_ms);
    if (ready <= 0)
        return front->certified ? OK : fail(err, IO_FAILED, "the front does not start");
    enum status status = frame_read(&frame, &front->in, front->line, PIECE_MS, NULL);
    if (status != OK)
        return fail(err, IO_FAILED, "the front, which speaks with other nodes, ended");
    switch (frame.kind) {
    case FRONT_WANTS_CERTIFICATE:
        status = certify(front, frame.body, err);
        break;
    case FRONT_REQUEST:
        status = answer_request(front, frame.body, err);
        break;
    case FRONT_RESULT:
    case FRONT_SILENCE:
        status = take_result(front, frame.body, frame.kind == FRONT_SILENCE, err);
        break;
    default:
        status = fail(err, BAD_INPUT, "the front says what the core does not understand");
    }
    enum { KEEP = 64 * 1024 };
    if (front->in.capacity > KEEP)
        buf_release(&front->in);
    return status;
}

enum status front_pump(struct front *front, int wait_ms, struct err *err)
{
    if (front->process == 0)
        return start(front, err);
    if (take_frame(front, wait_ms, NULL) == OK)
        return OK;
    end_process(front);
    return start(front, err);
}

/* ---- Calling ---- */

static enum status begin_call(struct front *front, struct line_call *call, uint64_t number)
{
    struct err *err = &call->err;
    const struct peer *peer = peer_by_key(&front->peers, call->peer_key);
    if (peer == NULL || peer->removed)
        return fail(err, REFUSED,
                    "this node has no such peer; `enlace peer list` shows them");
    if (call->request.len > LINE_REQUEST_MAX)
        return fail(err, TOO_LARGE, "a request has at most %d bytes", LINE_REQUEST_MAX);
    const struct front_request question = {.number = number,
                                           .key = call->peer_key,
                                           .url = bytes_text(peer->url),
                                           .kind = bytes_text(call->kind),
                                           .request = call->request};
    struct buf body = {.max = LINE_REQUEST_MAX + FRONT_HEAD_MAX};
    front_request_write(&body, &question, true);
    enum status status =
        send_frame(front, FRONT_CALL, (struct bytes){0}, buf_bytes(&body), err);
    if (status != OK)
        end_process(front);
    buf_release(&body);
    return status;
}

static void call_at_once(struct front *front, struct line_call *calls, size_t count)
{
    front->calls = calls;
    front->call_count = front->open_count = count;
    front->first_number = front->next_number;
    front->next_number += count;
    front->began_ms = now_ms();
    for (size_t i = 0; i < count; i++) {
        calls[i].waited_ms = -1;
        calls[i].silent = false;
    }
    struct err why = {0};
    enum status started = front->process != 0 ? OK : start(front, &why);
    for (size_t i = 0; i < count && started == OK && front->process != 0; i++) {
        enum status status = begin_call(front, &calls[i], front->first_number + i);
        if (status != OK)
            end_call(front, &calls[i], status);
        if (status != OK && front->process == 0)
            why = calls[i].err;
    }
    while (front->open_count > 0 && now_ms() - front->began_ms < LOST_MS)
        if (front->process == 0 || take_frame(front, 1000, &why) != OK) {
            end_process(front);
            break;
        }
    for (size_t i = 0; i < count; i++)
        if (!has_ended(&calls[i]))
            end_call(front, &calls[i],
                     fail(&calls[i].err, IO_FAILED, "%s",
                          why.text[0] != '\0' ? why.text : "the call came to no end"));
    front->calls = NULL;
    front->call_count = 0;
}

static void call(void *context, struct line_call *calls, size_t count)
{
    struct front *front = context;
    if (front->calls != NULL) {
        for (size_t i = 0; i < count; i++)
            calls[i].status = fail(&calls[i].err, BUSY, "who answers does not ask");
        return;
    }
    for (size_t done = 0; done < count; done += AT_ONCE)
        call_at_once(front, calls + done, count - done < AT_ONCE ? count - done : AT_ONCE);
}

struct line_caller front_caller(struct front *front)
{
    return (struct line_caller){call, front};
}

/* ---- Listening ---- */

static enum status split(char *host, size_t host_size, const char **port,
                         const char *address, struct err *err)
{
    const char *colon = strrchr(address, ':');
    size_t len = colon != NULL ? (size_t)(colon - address) : 0;
    const char *start = address;
    if (len >= 2 && address[0] == '[' && address[len - 1] == ']') {
        start++;
        len -= 2;
    }
    if (len == 0 || len >= host_size)
        return fail(err, BAD_INPUT,
                    "\"%.100s\": where to listen is written host:port, for example "
                    "127.0.0.1:0 (port 0: any that is free)",
                    address);
    memcpy(host, start, len);
    host[len] = '\0';
    *port = colon + 1;
    return OK;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage own;
    socklen_t len = sizeof own;
    char port[8] = "0";
    if (getsockname(fd, (struct sockaddr *)&own, &len) == 0)
        getnameinfo((struct sockaddr *)&own, len, NULL, 0, port, sizeof port,
                    NI_NUMERICSERV);
    return (uint16_t)strtoul(port, NULL, 10);
}

enum status front_listen(int *fd, uint16_t *port, const char *address, struct err *err)
{
    enum { HOST_MAX = 256 };
    char host[HOST_MAX];
    const char *service = "";
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICSERV | AI_PASSIVE},
                    *found = NULL;
    enum status status = split(host, sizeof host, &service, address, err);
    if (status != OK)
        return status;
    int code = getaddrinfo(host, service, &hints, &found), on = 1;
    if (code != 0)
        return fail(err, BAD_INPUT, "%s: %s", address, gai_strerror(code));
    int got = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (got >= 0)
        setsockopt(got, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (got < 0 || bind(got, found->ai_addr, found->ai_addrlen) != 0 ||
        listen(got, BACKLOG) != 0) {
        status =
            fail(err, IO_FAILED, "%s: cannot listen there: %s", address, strerror(errno));
        if (got >= 0)
            close(got);
    } else {
        *fd = got;
        *port = port_of(got);
    }
    freeaddrinfo(found);
    return status;
}
