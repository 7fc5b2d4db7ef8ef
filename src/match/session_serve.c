/* SPDX-License-Identifier: Apache-2.0
 *
 * The responder's side of a session.
 *
 *     state   what is true                            left by
 *     START   nothing was said                        answer_hello
 *     OPEN    the requester is whom we expect, and    serve_one, which stays here for
 *             has our announcement                    MAP_WANTED and ASK
 *     DONE    BYE came
 *
 * A map goes out once a session for each class, so that small messages cannot draw large
 * ones for ever. A message that is out of place or malformed is answered with a refusal and
 * ends the session; an ask that is refused does not.
 */
#include "match/session_line.h"

struct serving {
    const struct session_line *line;
    const struct publication *publication;
    struct responder *responder;
    const uint8_t *peer;
    bool map_sent[KEY_CLASSES];
    struct buf in;
};

static enum status answer_hello(struct serving *serving, struct err *err)
{
    static const uint8_t magic[MAGIC] = "ENLSES01";
    const struct epoch *epoch = &serving->publication->epoch;
    struct bytes hello;
    enum status status = session_expect(&hello, SESSION_HELLO, SESSION_HELLO_LEN,
                                        &serving->in, serving->line, err);
    if (status != OK)
        return status;
    if (hello.len != SESSION_HELLO_LEN || memcmp(hello.at, magic, MAGIC) != 0)
        return fail(err, BAD_INPUT, "hello: not a greeting of this protocol");
    struct cursor cursor = {bytes_slice(hello, MAGIC, hello.len - MAGIC), false};
    struct bytes requester = cursor_take(&cursor, IDENTITY_KEY);
    struct bytes responder = cursor_take(&cursor, IDENTITY_KEY);
    struct circle circle;
    circle_read(&circle, &cursor);
    if (cursor.failed)
        return fail(err, BAD_INPUT, "hello: the name of the circle is malformed");
    if (!bytes_equal(requester, bytes_of(serving->peer, IDENTITY_KEY)))
        return fail(err, REFUSED, "hello: from somebody other than the partner expected");
    if (!bytes_equal(responder, bytes_of(epoch->owner, IDENTITY_KEY)))
        return fail(err, REFUSED, "hello: meant for somebody else");
    if (!circle_equal(&circle, &epoch->circle))
        return fail(err, REFUSED, "hello: for the circle \"%s\", but this is \"%s\"",
                    circle.name, epoch->circle.name);
    return session_send(serving->line, SESSION_EPOCH,
                        buf_bytes(&serving->publication->epoch_wire), err);
}

static enum status send_body(const struct session_line *line, struct bytes body,
                             struct err *err)
{
    struct buf piece = {.max = SESSION_PIECE_HEAD + MAP_PIECE};
    enum status status = OK;
    uint32_t number = 0;
    for (size_t from = 0; from < body.len && status == OK; from += MAP_PIECE) {
        size_t left = body.len - from;
        buf_clear(&piece);
        buf_add_be32(&piece, number++);
        buf_add(&piece, bytes_slice(body, from, left < MAP_PIECE ? left : MAP_PIECE));
        status = session_send(line, SESSION_MAP_PIECE, buf_bytes(&piece), err);
    }
    buf_release(&piece);
    return status;
}

static enum status send_map(struct serving *serving, struct bytes wanted, struct err *err)
{
    if (wanted.len != 1 || wanted.at[0] >= KEY_CLASSES)
        return fail(err, BAD_INPUT, "map wanted: no such class");
    enum key_class class = (enum key_class)wanted.at[0];
    const char *name = key_class_row(class)->name;
    if (!serving->publication->epoch.classes[class].offered)
        return fail(err, REFUSED, "map wanted: class %s is not offered in this circle",
                    name);
    if (serving->map_sent[class])
        return fail(err, REFUSED, "map wanted: the map of class %s was sent already", name);
    serving->map_sent[class] = true;
    struct bytes wire = buf_bytes(&serving->publication->map_wires[class]);
    enum status status = session_send(serving->line, SESSION_MAP_HEADER,
                                      bytes_slice(wire, 0, MAP_HEADER), err);
    if (status == OK)
        status = send_body(serving->line,
                           bytes_slice(wire, MAP_HEADER, wire.len - MAP_HEADER), err);
    return status;
}

/* What is wrong with the ask goes to the requester alone: the session goes on. */
static enum status answer_ask(struct serving *serving, struct bytes ask, struct err *err)
{
    struct err why = {{0}};
    struct bytes answer;
    enum status status =
        responder_answer(&answer, serving->responder, ask, serving->peer, &why);
    if (status == OK)
        return session_send(serving->line, SESSION_ANSWER, answer, err);
    session_refuse(serving->line, status, &why);
    return OK;
}

static enum status serve_one(bool *done, struct serving *serving, struct err *err)
{
    uint8_t kind;
    struct bytes body;
    serving->in.max = ASK_WIRE_MAX;
    enum status status = session_receive(&kind, &body, &serving->in, serving->line, err);
    if (status == NOT_FOUND)
        return fail(err, IO_FAILED, "the other side has gone away without a word");
    if (status != OK)
        return status;
    switch (kind) {
    case SESSION_MAP_WANTED:
        return send_map(serving, body, err);
    case SESSION_ASK:
        return answer_ask(serving, body, err);
    case SESSION_BYE:
        *done = true;
        return OK;
    default:
        return fail(err, BAD_INPUT, "a message of kind %u is out of place here", kind);
    }
}

enum status session_serve(const struct session_line *line,
                          const struct publication *publication,
                          struct responder *responder, const uint8_t peer[IDENTITY_KEY],
                          struct err *err)
{
    struct serving serving = {
        .line = line, .publication = publication, .responder = responder, .peer = peer};
    struct err why = {{0}};
    bool done = false;
    enum status status = answer_hello(&serving, &why);
    while (status == OK && !done)
        status = serve_one(&done, &serving, &why);
    /* A line that failed carries no refusal. */
    if (status != OK && status != IO_FAILED)
        session_refuse(line, status, &why);
    if (status != OK && err != NULL)
        *err = why;
    buf_release(&serving.in);
    return status;
}
