/* SPDX-License-Identifier: Apache-2.0
 *
 * The requester's side of a session.
 *
 *     state       what is true                               left by
 *     START       nothing was said                           greet
 *     ANNOUNCED   the epoch is checked, the list is planned  have_map, or finish_asking
 *     MAPPED      the map of the next batch's class stands   ask_batch -> ANNOUNCED
 *                 on the shelf, checked
 *     DONE        all batches are answered; BYE was sent
 *
 * From every state a refusal, a message out of place or a failed check leads out with its
 * sentence; hits of batches answered before remain.
 */
#include "match/session.h"

#include "base/world.h"
#include "match/session_line.h"

#include <stdlib.h>

struct asking {
    const struct session_line *line;
    struct requester requester;
    struct map_shelf *shelf;
    struct map maps[KEY_CLASSES]; /* complete where body.len > 0 */
    struct buf in, out;
};

void map_shelf_release(struct map_shelf *shelf)
{
    if (shelf == NULL)
        return;
    for (size_t i = 0; i < KEY_CLASSES; i++)
        buf_release(&shelf->wires[i]);
}

static enum status greet(struct bytes *epoch_wire, struct asking *asking,
                         const struct requester_options *options, struct err *err)
{
    static const uint8_t magic[MAGIC] = "ENLSES01";
    struct buf hello = {.max = SESSION_HELLO_LEN};
    buf_add(&hello, bytes_of(magic, MAGIC));
    buf_add(&hello, bytes_of(options->identity->public_key, IDENTITY_KEY));
    buf_add(&hello, bytes_of(options->peer, IDENTITY_KEY));
    circle_add(&hello, &options->circle);
    enum status status = session_send(asking->line, SESSION_HELLO, buf_bytes(&hello), err);
    buf_release(&hello);
    if (status != OK)
        return status;
    return session_expect(epoch_wire, SESSION_EPOCH, EPOCH_WIRE_MAX, &asking->in,
                          asking->line, err);
}

/* The map on the shelf, if it is the one announced. */
static bool take_from_shelf(struct asking *asking, enum key_class class)
{
    const struct requester *requester = &asking->requester;
    struct bytes wire = buf_bytes(&asking->shelf->wires[class]);
    struct map *map = &asking->maps[class];
    struct map read;
    if (wire.len < MAP_HEADER ||
        map_read_header(&read, bytes_slice(wire, 0, MAP_HEADER), NULL) != OK ||
        map_expect(&read, &requester->epoch, class, world_now_s(requester->options.world),
                   NULL) != OK ||
        map_set_body(&read, bytes_slice(wire, MAP_HEADER, wire.len - MAP_HEADER),
                     requester->options.pool, NULL) != OK)
        return false;
    *map = read;
    return true;
}

/* The body, piece by piece: each has its number and, but for the last, the full length.
 * Memory grows with what has really come. */
static enum status fetch_body(struct buf *wire, struct asking *asking, uint64_t body_len,
                              struct err *err)
{
    uint64_t left = body_len;
    for (uint32_t number = 0; left > 0; number++) {
        size_t wanted = left < MAP_PIECE ? (size_t)left : MAP_PIECE;
        struct bytes piece;
        enum status status =
            session_expect(&piece, SESSION_MAP_PIECE, SESSION_PIECE_HEAD + MAP_PIECE,
                           &asking->in, asking->line, err);
        if (status != OK)
            return status;
        if (piece.len != SESSION_PIECE_HEAD + wanted || load_be32(piece.at) != number)
            return fail(err, BAD_INPUT,
                        "map: piece %u did not come in its turn, or has the wrong "
                        "length",
                        number);
        buf_add(wire, bytes_slice(piece, SESSION_PIECE_HEAD, wanted));
        left -= wanted;
    }
    return OK;
}

static enum status fetch_map(struct asking *asking, enum key_class class, struct err *err)
{
    const struct requester *requester = &asking->requester;
    struct buf *wire = &asking->shelf->wires[class];
    struct map *map = &asking->maps[class];
    uint8_t wanted = (uint8_t) class;
    struct bytes header;
    struct map read;
    enum status status =
        session_send(asking->line, SESSION_MAP_WANTED, bytes_of(&wanted, 1), err);
    if (status == OK)
        status = session_expect(&header, SESSION_MAP_HEADER, MAP_HEADER, &asking->in,
                                asking->line, err);
    if (status == OK)
        status = map_read_header(&read, header, err);
    if (status == OK)
        status = map_expect(&read, &requester->epoch, class,
                            world_now_s(requester->options.world), err);
    if (status != OK)
        return status;
    uint64_t body_len = map_body_len(&read);
    buf_clear(wire);
    wire->max = MAP_HEADER + (size_t)body_len;
    buf_add(wire, header);
    status = fetch_body(wire, asking, body_len, err);
    if (status == OK)
        status = map_set_body(&read, bytes_of(wire->at + MAP_HEADER, (size_t)body_len),
                              requester->options.pool, err);
    if (status == OK)
        *map = read;
    else
        buf_clear(wire);
    return status;
}

static enum status have_map(struct asking *asking, enum key_class class, struct err *err)
{
    if (asking->maps[class].body.len > 0 || take_from_shelf(asking, class))
        return OK;
    return fetch_map(asking, class, err);
}

static enum status ask_batch(struct asking *asking, size_t batch, struct err *err)
{
    struct requester *requester = &asking->requester;
    enum key_class class = requester->plan.batches[batch].class;
    struct bytes answer;
    buf_clear(&asking->out);
    enum status status = requester_ask(&asking->out, requester, batch, err);
    if (status == OK)
        status = session_send(asking->line, SESSION_ASK, buf_bytes(&asking->out), err);
    if (status == OK)
        status = session_expect(&answer, SESSION_ANSWER, ANSWER_WIRE_MAX, &asking->in,
                                asking->line, err);
    if (status == OK)
        status = requester_take(requester, batch, answer, &asking->maps[class], err);
    return status;
}

static enum status ask_all(struct session_result *result, struct asking *asking,
                           struct err *err)
{
    const struct plan *plan = &asking->requester.plan;
    enum status status = OK;
    for (size_t i = 0; i < plan->count && status == OK; i++) {
        const struct plan_batch *batch = &plan->batches[i];
        if (!requester_offered(&asking->requester, i)) {
            result->not_offered[batch->class] = true;
            continue;
        }
        status = have_map(asking, batch->class, err);
        if (status == OK)
            status = ask_batch(asking, i, err);
        if (status == OK)
            result->asked += batch->count;
    }
    return status;
}

enum status session_request(struct session_result *result, const struct session_line *line,
                            const struct requester_options *options,
                            struct map_shelf *shelf, const struct match_item *items,
                            size_t count, struct err *err)
{
    *result = (struct session_result){.asked = 0};
    struct asking *asking = xcalloc(1, sizeof *asking);
    struct bytes epoch_wire;
    asking->line = line;
    asking->shelf = shelf;
    asking->in.max = EPOCH_WIRE_MAX;
    asking->out.max = ASK_WIRE_MAX;
    enum status status = greet(&epoch_wire, asking, options, err);
    if (status == OK)
        status =
            requester_begin(&asking->requester, options, epoch_wire, items, count, err);
    if (status == OK && !epoch_is_base(&asking->requester.epoch))
        status =
            fail(err, REFUSED,
                 "epoch: announces what was added to maps; a session needs them whole");
    if (status == OK)
        status = ask_all(result, asking, err);
    if (status == OK)
        status = session_send(line, SESSION_BYE, BYTES_OF(""), err);
    requester_finish(&result->hits, &asking->requester);
    requester_release(&asking->requester);
    buf_release(&asking->in);
    buf_release(&asking->out);
    free(asking);
    return status;
}
