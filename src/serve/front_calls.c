/* SPDX-License-Identifier: Apache-2.0
 *
 * The lines on which we ask other nodes.
 *
 * A line is kept after its answer, and the next call to the same node takes it. It may have been
 * closed by the other side meanwhile, and that shows only when it is used: then, and only if no byte
 * of an answer came, the call is tried once more on a fresh line. Whatever is asked is the same when it
 * is asked twice (the answering side keeps what it answered).
 */
#include "serve/front_lines.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- What came of it ---- */

static void end_call(struct front_state *front, struct call *call, enum status status,
                     struct bytes answer)
{
    enum { HEAD = 9 };
    struct buf *out = channel_begin(&front->core, FRONT_RESULT, HEAD + answer.len);
    front_answer_begin(out, call->number, status);
    buf_add(out, answer);
    buf_release(&call->request);
    free(call);
}

static void fail_call(struct front_state *front, struct call *call, const char *why)
{
    char sentence[ERR_TEXT_MAX];
    snprintf(sentence, sizeof sentence, "%s cannot be reached: %s", call->url, why);
    end_call(front, call, IO_FAILED, bytes_text(sentence));
}

/* ---- Connecting ---- */

/* A number is taken as it is; only a name is looked up, and then the front waits for that. */
static enum status resolve(struct addrinfo **out, const struct node_address *address,
                           struct err *err)
{
    char port[8];
    snprintf(port, sizeof port, "%u", address->port);
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    int code = getaddrinfo(address->host, port, &hints, out);
    if (code == EAI_NONAME) {
        hints.ai_flags = AI_NUMERICSERV;
        code = getaddrinfo(address->host, port, &hints, out);
    }
    if (code != 0)
        return fail(err, IO_FAILED, "the host is not found: %s", gai_strerror(code));
    return OK;
}

static int start_connecting(const struct node_address *address, struct err *err)
{
    struct addrinfo *found = NULL;
    int fd = -1;
    if (resolve(&found, address, err) != OK)
        return -1;
    for (struct addrinfo *at = found; at != NULL && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) != 0 &&
            errno != EINPROGRESS) {
            fail(err, IO_FAILED, "%s", strerror(errno));
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    if (fd < 0 && err->text[0] == '\0')
        fail(err, IO_FAILED, "%s", strerror(errno));
    return fd;
}

static void put_call(struct front_state *front, struct peer_line *line, struct call *call)
{
    line->call = call;
    line->asked = false;
    line->phase = LINE_WORKS;
    line->deadline_ms = front_in(front, (line->greeted ? THINK_MS : GREET_MS));
}

static void call_on_fresh_line(struct front_state *front, struct call *call)
{
    struct err why = {0};
    struct peer_line *line = front_free_line(front, false);
    int fd = line != NULL ? start_connecting(&call->address, &why) : -1;
    if (fd < 0) {
        if (line != NULL)
            front_drop_line(front, line);
        fail_call(front, call, line != NULL ? why.text : "there are too many lines");
        return;
    }
    tls_line_open(&line->tls, fd, &front->identity, false, HTTP_HEAD_MAX);
    memcpy(line->key, call->key, NODE_KEY);
    memcpy(line->url, call->url, sizeof line->url);
    put_call(front, line, call);
}

static struct peer_line *find_kept(struct front_state *front, const struct call *call)
{
    for (size_t i = 0; i < LINES_MAX; i++) {
        struct peer_line *line = &front->lines[i];
        if (line->used && !line->serves && line->call == NULL &&
            line->tls.state == TLS_OPEN && !line->tls.finishing &&
            memcmp(line->key, call->key, NODE_KEY) == 0 &&
            strcmp(line->url, call->url) == 0)
            return line;
    }
    return NULL;
}

void front_call_begin(struct front_state *front, const struct front_request *request)
{
    struct call *call = xcalloc(1, sizeof *call);
    call->number = request->number;
    memcpy(call->key, request->key, NODE_KEY);
    memcpy(call->url, request->url.at, request->url.len);
    memcpy(call->kind, request->kind.at, request->kind.len);
    call->request.max = LINE_REQUEST_MAX;
    buf_add(&call->request, request->request);
    if (node_address_read(&call->address, request->url, NULL) != OK) {
        fail_call(front, call, "this is no address of a node");
        return;
    }
    struct peer_line *kept = find_kept(front, call);
    if (kept == NULL) {
        call_on_fresh_line(front, call);
        return;
    }
    kept->reused = true;
    put_call(front, kept, call);
    front_call_step(front, kept);
}

void front_call_lost(struct front_state *front, struct peer_line *line, const char *why)
{
    struct call *call = line->call;
    bool again = line->reused && line->phase == LINE_WORKS && line->tls.in.len == 0;
    line->call = NULL;
    if (call != NULL && !again)
        fail_call(front, call, why);
    front_drop_line(front, line);
    if (call != NULL && again)
        call_on_fresh_line(front, call);
}

/* ---- Asking ---- */

/* Before a byte of the request is sent: is it who it is meant for? */
static bool check_answerer(const struct front_state *front, const struct peer_line *line,
                           struct err *why)
{
    const struct tls_line *tls = &line->tls;
    char words[FINGERPRINT_TEXT_MAX];
    if (tls->trust != OK) {
        fail(why, REFUSED, "%s", tls->why.text);
        return false;
    }
    if (memcmp(tls->peer.node_key, line->key, NODE_KEY) != 0) {
        fingerprint_write(words, tls->peer.node_key);
        fail(why, REFUSED,
             "another node answers there, with the fingerprint %s; nothing was asked of it",
             words);
        return false;
    }
    return certificate_check_time(&tls->peer, front->now_s, why) == OK;
}

static void ask(struct front_state *front, struct peer_line *line)
{
    struct call *call = line->call;
    struct tls_line *tls = &line->tls;
    char host[NODE_HOST_MAX + 16];
    bool is_v6 = strchr(call->address.host, ':') != NULL;
    snprintf(host, sizeof host, is_v6 ? "[%s]:%u" : "%s:%u", call->address.host,
             call->address.port);
    http_request_write(&tls->out, host, call->kind, call->request.len);
    buf_add(&tls->out, buf_bytes(&call->request));
    tls->in.max = HTTP_HEAD_MAX;
    line->asked = true;
    line->deadline_ms =
        front_in(front, front_piece_ms(call->request.len) - PIECE_MS + THINK_MS);
}

static void take_answer(struct front_state *front, struct peer_line *line)
{
    struct buf *in = &line->tls.in;
    struct call *call = line->call;
    struct bytes answer =
        bytes_slice(buf_bytes(in), line->head_len, (size_t)line->head.length);
    enum status status = http_status(line->head.code);
    if (status != OK && answer.len >= ERR_TEXT_MAX)
        answer.len = ERR_TEXT_MAX - 1;
    line->call = NULL;
    end_call(front, call, status, answer);
    bool out_of_step = in->len > line->head_len + line->head.length;
    buf_release(in);
    line->phase = LINE_WAITS;
    line->deadline_ms = front_in(front, IDLE_MS);
    if (line->head.close || out_of_step)
        front_drop_line(front, line);
}

static void read_answer(struct front_state *front, struct peer_line *line)
{
    struct err why = {0};
    enum status status = OK;
    if (line->phase == LINE_WORKS) {
        status = http_head_read(&line->head, &line->head_len, buf_bytes(&line->tls.in),
                                HTTP_ANSWER, LINE_ANSWER_MAX, &why);
        if (status == BUSY)
            return;
        if (status != OK) {
            front_call_lost(front, line, why.text);
            return;
        }
        line->phase = LINE_RECEIVES;
        line->tls.in.max = line->head_len + (size_t)line->head.length;
        line->deadline_ms = front_in(front, front_piece_ms(line->head.length));
    }
    if (line->tls.in.len >= line->head_len + line->head.length)
        take_answer(front, line);
}

void front_call_step(struct front_state *front, struct peer_line *line)
{
    struct tls_line *tls = &line->tls;
    struct err why = {0};
    if (tls->state == TLS_OPEN && !line->greeted) {
        line->greeted = true;
        line->deadline_ms = front_in(front, THINK_MS);
    }
    if (line->call != NULL && tls->in.len > 0)
        read_answer(front, line);
    if (!line->used)
        return;
    if (tls->state == TLS_GONE || (line->call == NULL && tls->in.len > 0)) {
        front_call_lost(front, line, tls->why.text);
        return;
    }
    if (tls->state == TLS_OPEN && line->call != NULL && !line->asked) {
        if (!check_answerer(front, line, &why)) {
            line->reused = false;
            front_call_lost(front, line, why.text);
            return;
        }
        ask(front, line);
    }
}
