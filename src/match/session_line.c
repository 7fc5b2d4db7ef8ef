/* SPDX-License-Identifier: Apache-2.0 */
#include "match/session_line.h"

#include "base/frame.h"
#include "base/text.h"

static const char *kind_name(uint8_t kind)
{
    static const char *const names[] = {
        [SESSION_HELLO] = "hello",
        [SESSION_EPOCH] = "epoch",
        [SESSION_MAP_WANTED] = "map wanted",
        [SESSION_MAP_HEADER] = "map header",
        [SESSION_MAP_PIECE] = "map piece",
        [SESSION_ASK] = "ask",
        [SESSION_ANSWER] = "answer",
        [SESSION_REFUSAL] = "refusal",
        [SESSION_BYE] = "bye",
    };
    bool known = kind >= SESSION_HELLO && kind <= SESSION_BYE;
    return known ? names[kind] : "unknown";
}

enum status session_send(const struct session_line *line, enum session_kind kind,
                         struct bytes body, struct err *err)
{
    enum status status = frame_write(line->fd, (uint8_t)kind, body, line->wait_ms, err);
    if (status == OK && line->tap != NULL)
        line->tap->frame(line->tap->context, TRANSCRIPT_SENT, (uint8_t)kind, body);
    return status;
}

enum status session_receive(uint8_t *kind, struct bytes *body, struct buf *into,
                            const struct session_line *line, struct err *err)
{
    struct frame frame;
    enum status status = frame_read(&frame, into, line->fd, line->wait_ms, err);
    if (status != OK)
        return status;
    *kind = frame.kind;
    *body = frame.body;
    if (line->tap != NULL)
        line->tap->frame(line->tap->context, TRANSCRIPT_RECEIVED, frame.kind, frame.body);
    return OK;
}

/* The sentence comes from outside and goes to a screen: no control characters, valid
 * UTF-8. */
static enum status take_refusal(struct bytes body, struct err *err)
{
    if (body.len < 1 || body.len > SESSION_REFUSAL_MAX ||
        !utf8_valid(bytes_slice(body, 1, body.len - 1)))
        return fail(err, REFUSED, "the other side refuses, without a readable reason");
    char sentence[SESSION_REFUSAL_MAX];
    size_t len = body.len - 1;
    for (size_t i = 0; i < len; i++) {
        uint8_t c = body.at[1 + i];
        sentence[i] = (char)(c < ' ' || c == 0x7F ? '?' : c);
    }
    sentence[len] = '\0';
    return fail(err, body.at[0] == BUSY ? BUSY : REFUSED, "the other side refuses: %s",
                sentence);
}

enum status session_expect(struct bytes *body, enum session_kind wanted, size_t max,
                           struct buf *into, const struct session_line *line,
                           struct err *err)
{
    uint8_t kind;
    into->max = max < SESSION_REFUSAL_MAX ? SESSION_REFUSAL_MAX : max;
    enum status status = session_receive(&kind, body, into, line, err);
    if (status == NOT_FOUND)
        return fail(err, IO_FAILED, "the other side has closed the line before the %s",
                    kind_name((uint8_t)wanted));
    if (status != OK)
        return status;
    if (kind == SESSION_REFUSAL)
        return take_refusal(*body, err);
    if (kind != wanted)
        return fail(err, BAD_INPUT,
                    "the other side sent a message of kind %u (%s) where the %s "
                    "was due",
                    kind, kind_name(kind), kind_name((uint8_t)wanted));
    if (body->len > max)
        return fail(err, TOO_LARGE,
                    "the other side sent a %s of %zu bytes; the limit is %zu",
                    kind_name(kind), body->len, max);
    return OK;
}

void session_refuse(const struct session_line *line, enum status status,
                    const struct err *why)
{
    struct buf body = {.max = SESSION_REFUSAL_MAX};
    struct bytes sentence = bytes_text(why->text);
    if (sentence.len > SESSION_REFUSAL_MAX - 1)
        sentence = BYTES_OF("the reason is too long to send");
    buf_add_byte(&body, (uint8_t)status);
    buf_add(&body, sentence);
    /* Perhaps nobody is there to read it: the caller ends the session with its own reason. */
    enum status sent = session_send(line, SESSION_REFUSAL, buf_bytes(&body), NULL);
    (void)sent;
    buf_release(&body);
}
