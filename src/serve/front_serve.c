/* SPDX-License-Identifier: Apache-2.0
 *
 * The lines on which other nodes ask us.
 */
#include "serve/front_lines.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Sends what there is to say, and after `close` nothing more is heard on the line. */
static void answer_words(struct front_state *front, struct peer_line *line,
                         enum status status, const char *sentence, bool close)
{
    struct bytes words = bytes_text(sentence);
    http_answer_write(&line->tls.out, http_code(status), words.len, close);
    buf_add(&line->tls.out, words);
    line->phase = LINE_SENDS;
    line->deadline_ms = front_in(front, front_piece_ms(words.len));
    if (close) {
        tls_line_finish(&line->tls);
        front_tell(front, "line-refused", sentence);
    }
}

void front_accept(struct front_state *front)
{
    enum { AT_ONCE = 16 };
    for (int i = 0; i < AT_ONCE; i++) {
        int fd = accept4(front->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        struct peer_line *line = front_free_line(front, true);
        if (line == NULL) {
            close(fd);
            front_tell(front, "line-refused", "there are too many lines");
            return;
        }
        tls_line_open(&line->tls, fd, &front->identity, true, HTTP_HEAD_MAX);
        line->phase = LINE_WAITS;
        line->deadline_ms = front_in(front, GREET_MS);
    }
}

static const struct front_peer *find_peer(const struct front_state *front,
                                          const uint8_t key[NODE_KEY])
{
    for (size_t i = 0; i < front->peer_count; i++)
        if (memcmp(front->peers[i].key, key, NODE_KEY) == 0)
            return &front->peers[i];
    return NULL;
}

static size_t lines_of(const struct front_state *front, const uint8_t key[NODE_KEY])
{
    size_t count = 0;
    for (size_t i = 0; i < LINES_MAX; i++) {
        const struct peer_line *line = &front->lines[i];
        count += line->used && line->serves && line->tls.state == TLS_OPEN &&
                 line->tls.trust == OK &&
                 memcmp(line->tls.peer.node_key, key, NODE_KEY) == 0;
    }
    return count;
}

/* May who is there ask at all? Asked for every request, so that a removal counts at once, and so
 * does the end of a certificate on a line that is kept. */
static enum status check_asker(const struct front_state *front,
                               const struct peer_line *line, struct err *err)
{
    const struct tls_line *tls = &line->tls;
    if (tls->trust != OK)
        return fail(err, REFUSED, "%s", tls->why.text);
    char words[FINGERPRINT_TEXT_MAX];
    const struct front_peer *peer = find_peer(front, tls->peer.node_key);
    fingerprint_write(words, tls->peer.node_key);
    if (peer == NULL)
        return fail(err, REFUSED,
                    "this node does not know the node with the fingerprint %s; exchange "
                    "invitations first, both ways",
                    words);
    if (peer->removed)
        return fail(err, REFUSED, "this node has ended its agreement with yours (%s)",
                    words);
    if (lines_of(front, tls->peer.node_key) > LINES_PEER_MAX)
        return fail(err, BUSY, "a node may have %d lines at once", LINES_PEER_MAX);
    return certificate_check_time(&tls->peer, front->now_s, err);
}

static void read_head(struct front_state *front, struct peer_line *line)
{
    struct err why = {0};
    enum status status =
        http_head_read(&line->head, &line->head_len, buf_bytes(&line->tls.in), HTTP_REQUEST,
                       LINE_REQUEST_MAX, &why);
    if (status == BUSY)
        return;
    if (status == OK)
        status = check_asker(front, line, &why);
    else if (line->tls.trust != OK)
        status = check_asker(front, line, &why);
    if (status != OK) {
        answer_words(front, line, status, why.text, true);
        return;
    }
    line->phase = LINE_RECEIVES;
    line->tls.in.max = line->head_len + (size_t)line->head.length;
    line->deadline_ms = front_in(front, front_piece_ms(line->head.length));
}

static void hand_over(struct front_state *front, struct peer_line *line)
{
    struct buf *in = &line->tls.in;
    size_t whole = line->head_len + (size_t)line->head.length;
    const struct front_request request = {
        .number = ++front->requests,
        .key = line->tls.peer.node_key,
        .kind = bytes_text(line->head.kind),
        .request = bytes_slice(buf_bytes(in), line->head_len, (size_t)line->head.length)};
    struct buf body = {.max = LINE_REQUEST_MAX + FRONT_HEAD_MAX};
    front_request_write(&body, &request, false);
    buf_add(channel_begin(&front->core, FRONT_REQUEST, body.len), buf_bytes(&body));
    buf_release(&body);
    /* What came behind it, early, waits for its turn. */
    struct buf rest = {.max = HTTP_HEAD_MAX};
    buf_add(&rest, bytes_slice(buf_bytes(in), whole, in->len - whole));
    buf_release(in);
    *in = rest;
    line->number = request.number;
    line->phase = LINE_WORKS;
    line->deadline_ms = front_in(front, CORE_MS);
}

void front_serve_step(struct front_state *front, struct peer_line *line)
{
    struct tls_line *tls = &line->tls;
    if (tls->state == TLS_GONE) {
        if (tls->trust != OK && tls->why.text[0] != '\0' && !tls->finishing)
            front_tell(front, "line-lost", tls->why.text);
        front_drop_line(front, line);
        return;
    }
    if (tls->state == TLS_LEAVING && line->phase == LINE_SENDS) {
        line->phase = LINE_WAITS;
        line->deadline_ms = front_in(front, LEAVE_MS);
    }
    if (tls->state != TLS_OPEN)
        return;
    if (!line->greeted) {
        line->greeted = true;
        line->deadline_ms = front_in(front, IDLE_MS);
    }
    if (line->phase == LINE_SENDS && tls_line_sent_all(tls) && !tls->finishing) {
        line->phase = LINE_WAITS;
        line->deadline_ms = front_in(front, IDLE_MS);
        line->begun = false;
    }
    if (line->phase == LINE_WAITS && tls->in.len > 0) {
        if (!line->begun)
            line->deadline_ms = front_in(front, PIECE_MS); /* for the whole head */
        line->begun = true;
        read_head(front, line);
    }
    if (line->phase == LINE_RECEIVES && tls->in.len >= line->head_len + line->head.length)
        hand_over(front, line);
}

/* A peer that asks for large answers on many lines and reads none of them must not fill the memory. */
static bool is_too_much(const struct front_state *front, const struct peer_line *line,
                        size_t more)
{
    size_t of_peer = 0, of_all = 0;
    for (size_t i = 0; i < LINES_MAX; i++) {
        const struct peer_line *other = &front->lines[i];
        if (!other->used || !other->serves || other == line)
            continue;
        size_t waits = other->tls.body.len - other->tls.body_sent;
        of_all += waits;
        if (memcmp(other->tls.peer.node_key, line->tls.peer.node_key, NODE_KEY) == 0)
            of_peer += waits;
    }
    return (of_peer > 0 && of_peer + more > FRONT_PEER_BYTES) ||
           (of_all > 0 && of_all + more > FRONT_ALL_BYTES);
}

void front_answered(struct front_state *front, const struct front_answer *answer,
                    struct buf *from)
{
    struct peer_line *line = NULL;
    for (size_t i = 0; i < LINES_MAX && line == NULL; i++)
        if (front->lines[i].used && front->lines[i].serves &&
            front->lines[i].phase == LINE_WORKS && front->lines[i].number == answer->number)
            line = &front->lines[i];
    if (line == NULL || line->tls.state != TLS_OPEN)
        return; /* who asked is gone */
    if (is_too_much(front, line, answer->answer.len)) {
        answer_words(front, line, BUSY,
                     "answers to your node are still on their way; take those first",
                     false);
        return;
    }
    http_answer_write(&line->tls.out, http_code(answer->status), answer->answer.len,
                      line->head.close);
    /* The buffer changes hands: a map may be large. */
    line->tls.body_sent = (size_t)(answer->answer.at - from->at);
    line->phase = LINE_SENDS;
    line->deadline_ms = front_in(front, front_piece_ms(answer->answer.len));
    if (answer->answer.len > 0) {
        line->tls.body = *from;
        *from = (struct buf){.max = from->max};
    } else {
        line->tls.body_sent = 0;
    }
    if (line->head.close)
        tls_line_finish(&line->tls);
}
