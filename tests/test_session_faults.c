/* SPDX-License-Identifier: Apache-2.0
 *
 * Dishonest and broken sides: a man in the middle, who holds the owner's and the asker's
 * signing keys (and so plays a dishonest owner or asker too), changes one message of an
 * honest session.
 */
#include "base/frame.h"
#include "match_lines.h"

#include <poll.h>
#include <stdlib.h>

enum { FRAME_LIMIT = 1 << 20, TO_REQUESTER = 0, TO_RESPONDER = 1 };

struct middle {
    const struct fixture *fixture;
    const struct fault *fault;
    bool done;                /* the fault was committed */
    int requester, responder; /* our ends */
};

/* The message as it would have gone out; the fault changes it. */
struct message {
    const struct fixture *fixture;
    uint8_t kind;
    struct buf body;
    enum { PASS, CUT, BREAK_OFF } fate;
};

struct fault {
    const char *name;
    int direction;
    uint8_t kind;
    void (*change)(struct message *message);
    enum status status;   /* what the requester gets */
    const char *sentence; /* a part of it, or of what the responder's side reports */
};

/* Pass one frame on; false when the line is to be given up. */
static bool pass_on(struct middle *middle, int direction)
{
    int from = direction == TO_REQUESTER ? middle->responder : middle->requester;
    int to = direction == TO_REQUESTER ? middle->requester : middle->responder;
    struct message message = {.fixture = middle->fixture, .body = {.max = FRAME_LIMIT}};
    struct frame frame;
    bool alive = frame_read(&frame, &message.body, from, LINES_WAIT_MS, NULL) == OK;
    if (alive) {
        message.kind = frame.kind;
        if (!middle->done && direction == middle->fault->direction &&
            frame.kind == middle->fault->kind) {
            middle->done = true;
            middle->fault->change(&message);
        }
        struct bytes body = buf_bytes(&message.body);
        if (message.fate == BREAK_OFF) {
            const uint8_t head[FRAME_HEAD] = {0, 0, 1, 0, message.kind};
            alive = write(to, head, sizeof head) < 0;
        } else if (message.fate == CUT) {
            alive = false;
        } else {
            alive = frame_write(to, message.kind, body, LINES_WAIT_MS, NULL) == OK;
        }
    }
    buf_release(&message.body);
    return alive;
}

static void *run_middle(void *context)
{
    struct middle *middle = context;
    for (bool alive = true; alive;) {
        struct pollfd ends[2] = {{middle->responder, POLLIN, 0},
                                 {middle->requester, POLLIN, 0}};
        if (poll(ends, 2, LINES_WAIT_MS) <= 0)
            break;
        /* What the responder said before it left still goes through. */
        alive = pass_on(middle, ends[0].revents != 0 ? TO_REQUESTER : TO_RESPONDER);
    }
    close(middle->requester);
    close(middle->responder);
    return NULL;
}

/* --- the faults --- */

enum {
    EPOCH_FROM = MAGIC + IDENTITY_KEY + 8 + CIRCLE_FIELD,
    EPOCH_PREVIOUS = EPOCH_FROM + 8 + 8 + 32,
    EPOCH_BASE = EPOCH_PREVIOUS + 8 + 32,
    EPOCH_ROW = EPOCH_BASE + 8 + 8 + 32 + 1,
    EPOCH_ROW_LEN = 1 + 32 + 2 * (16 + 32 + 8)
};
enum { ANSWER_FIRST = ANSWER_HEAD, ELEMENT = OPRF_ELEMENT };

static void sign_as_owner(struct message *message)
{
    fixture_sign_again(&message->body, &message->fixture->owner);
}
static void flip(struct message *message, size_t at)
{
    if (CHECK(at < message->body.len))
        message->body.at[at] ^= 1;
}
static void flip_and_sign(struct message *message, size_t at)
{
    flip(message, at);
    sign_as_owner(message);
}
static void by_stranger(struct message *message)
{
    memcpy(message->body.at + MAGIC, message->fixture->stranger.public_key, IDENTITY_KEY);
    fixture_sign_again(&message->body, &message->fixture->stranger);
}

static void change_first(struct message *message)
{
    flip(message, 0);
}
static void change_last(struct message *message)
{
    flip(message, message->body.len - 1);
}
static void epoch_expired(struct message *message)
{
    store_be64(message->body.at + EPOCH_FROM + 8, FIXTURE_NOW_S);
    sign_as_owner(message);
}
static void epoch_future(struct message *message)
{
    store_be64(message->body.at + EPOCH_FROM, FIXTURE_NOW_S + CLOCK_SKEW_S + 1);
    sign_as_owner(message);
}
static void epoch_times(struct message *message)
{
    store_be64(message->body.at + EPOCH_FROM + 8, UINT64_MAX);
    sign_as_owner(message);
}
static void epoch_circle(struct message *message)
{
    flip_and_sign(message, MAGIC + IDENTITY_KEY + 8);
}
static void epoch_normaliser(struct message *message)
{
    flip_and_sign(message, EPOCH_FROM + 16);
}
static void epoch_number(struct message *message)
{
    message->body.at[MAGIC + IDENTITY_KEY + 7]++;
    message->body.at[EPOCH_BASE + 7]++;
    sign_as_owner(message);
}
/* A good announcement of what was added to maps. */
static void epoch_delta(struct message *message)
{
    uint8_t *number = message->body.at + MAGIC + IDENTITY_KEY;
    memcpy(message->body.at + EPOCH_PREVIOUS, number, 8);
    number[7]++;
    for (size_t i = 0; i < message->body.at[EPOCH_ROW - 1]; i++)
        message->body.at[EPOCH_ROW + (i + 1) * EPOCH_ROW_LEN - 1] = 1;
    sign_as_owner(message);
}
static void epoch_class(struct message *message)
{
    message->body.at[EPOCH_ROW] = KEY_CLASSES;
    sign_as_owner(message);
}
static void epoch_no_point(struct message *message)
{
    memset(message->body.at + EPOCH_ROW + 1, 0xFF, ELEMENT);
    sign_as_owner(message);
}
static void epoch_no_key(struct message *message)
{
    memset(message->body.at + EPOCH_ROW + 1, 0, ELEMENT);
    sign_as_owner(message);
}
static void epoch_key_again(struct message *message)
{
    message->body.at[EPOCH_ROW + ELEMENT] |= 0x80; /* a second encoding of the same key */
    sign_as_owner(message);
}
static void epoch_other_key(struct message *message)
{
    oprf_hash_to_group(message->body.at + EPOCH_ROW + 1, BYTES_OF("another"),
                       OPRF_VERIFIABLE);
    sign_as_owner(message);
}
static void epoch_root(struct message *message)
{
    flip_and_sign(message, EPOCH_ROW + 1 + ELEMENT + MAP_ID);
}
static void grow(struct message *message)
{
    while (message->body.len <= ANSWER_WIRE_MAX)
        buf_add_byte(&message->body, 0);
}
static void map_expired(struct message *message)
{
    size_t created = MAP_HEADER - SIGNATURE - 32 - 8 - 4 - 4 - 8 - 8 - 8 - 16;
    store_be64(message->body.at + created, FIXTURE_NOW_S - 2);
    store_be64(message->body.at + created + 8, FIXTURE_NOW_S);
    sign_as_owner(message);
}
static void piece_number(struct message *message)
{
    flip(message, 3);
}
static void piece_short(struct message *message)
{
    message->body.len--;
}
static void answer_proof(struct message *message)
{
    flip_and_sign(message, message->body.len - SIGNATURE - DLEQ_PROOF);
}
static void answer_element(struct message *message)
{
    oprf_hash_to_group(message->body.at + ANSWER_FIRST, BYTES_OF("another"),
                       OPRF_VERIFIABLE);
    sign_as_owner(message);
}
static void answer_no_point(struct message *message)
{
    memset(message->body.at + ANSWER_FIRST + 2 * ELEMENT, 0xFF, ELEMENT);
    sign_as_owner(message);
}
static void answer_again(struct message *message)
{
    message->body.at[ANSWER_FIRST + ELEMENT - 1] |= 0x80; /* a second encoding */
    sign_as_owner(message);
}
static void answer_identity(struct message *message)
{
    memset(message->body.at + ANSWER_FIRST + 3 * ELEMENT, 0, ELEMENT);
    sign_as_owner(message);
}
static void answer_swapped(struct message *message)
{
    uint8_t keep[ELEMENT], *first = message->body.at + ANSWER_FIRST;
    memcpy(keep, first, ELEMENT);
    memcpy(first, first + ELEMENT, ELEMENT);
    memcpy(first + ELEMENT, keep, ELEMENT);
    sign_as_owner(message);
}
static void answer_omitted(struct message *message)
{
    struct buf *body = &message->body;
    uint8_t *first = body->at + ANSWER_FIRST;
    memmove(first, first + ELEMENT, body->len - ANSWER_FIRST - ELEMENT);
    body->len -= ELEMENT;
    body->at[ANSWER_HEAD - 1]--;
    sign_as_owner(message);
}
static void answer_count(struct message *message)
{
    message->body.at[ANSWER_HEAD - 1]++;
    sign_as_owner(message);
}
static void answer_digest(struct message *message)
{
    flip_and_sign(message, MAGIC + IDENTITY_KEY);
}
static void answer_cut(struct message *message)
{
    message->body.len /= 2;
}
static void other_kind(struct message *message)
{
    message->kind = 77;
}
static void cut_line(struct message *message)
{
    message->fate = CUT;
}
static void break_off(struct message *message)
{
    message->fate = BREAK_OFF;
}
static void refuse_with(struct message *message, struct bytes body)
{
    message->kind = SESSION_REFUSAL;
    buf_clear(&message->body);
    buf_add(&message->body, body);
}
static void refuse_rudely(struct message *message)
{
    refuse_with(message, BYTES_OF("\x04"
                                  "no\x1b[2J"));
}
static void refuse_busily(struct message *message)
{
    refuse_with(message, BYTES_OF("\x06"
                                  "tomorrow"));
}
static void refuse_silently(struct message *message)
{
    refuse_with(message, BYTES_OF(""));
}
static void refuse_unreadably(struct message *message)
{
    refuse_with(message, BYTES_OF("\x04\xFF"));
}
static void hello_requester(struct message *message)
{
    flip(message, MAGIC);
}
static void hello_responder(struct message *message)
{
    flip(message, MAGIC + IDENTITY_KEY);
}
static void hello_circle(struct message *message)
{
    flip(message, MAGIC + 2 * IDENTITY_KEY);
}
static void hello_circle_form(struct message *message)
{
    message->body.at[MAGIC + 2 * IDENTITY_KEY] = 0;
}
static void wanted_unknown(struct message *message)
{
    message->body.at[0] = KEY_CLASSES;
}
static void wanted_not_offered(struct message *message)
{
    message->body.at[0] = KEY_VIN;
}
static void wanted_two(struct message *message)
{
    buf_add_byte(&message->body, 1);
}
static void ask_too_large(struct message *message)
{
    while (message->body.len <= ASK_WIRE_MAX)
        buf_add_byte(&message->body, 0);
}

/* clang-format off */
static const struct fault faults[] = {
    {"epoch: another message", TO_REQUESTER, SESSION_EPOCH, change_first, BAD_INPUT, "not the announcement of an epoch"},
    {"epoch: signature", TO_REQUESTER, SESSION_EPOCH, change_last, REFUSED, "signature of the announcement"},
    {"epoch: by a stranger", TO_REQUESTER, SESSION_EPOCH, by_stranger, REFUSED, "announced by somebody other"},
    {"epoch: expired", TO_REQUESTER, SESSION_EPOCH, epoch_expired, REFUSED, "epoch: number 7 has expired"},
    {"epoch: not begun", TO_REQUESTER, SESSION_EPOCH, epoch_future, REFUSED, "has not begun"},
    {"epoch: times", TO_REQUESTER, SESSION_EPOCH, epoch_times, BAD_INPUT, "cut short or malformed"},
    {"epoch: circle", TO_REQUESTER, SESSION_EPOCH, epoch_circle, REFUSED, "epoch: it is for the circle"},
    {"epoch: normaliser", TO_REQUESTER, SESSION_EPOCH, epoch_normaliser, REFUSED, "by other rules than we do"},
    {"epoch: class", TO_REQUESTER, SESSION_EPOCH, epoch_class, BAD_INPUT, "cut short or malformed"},
    {"epoch: key that is no point", TO_REQUESTER, SESSION_EPOCH, epoch_no_point, REFUSED, "public key of class phone"},
    {"epoch: key that is the identity", TO_REQUESTER, SESSION_EPOCH, epoch_no_key, REFUSED, "public key of class phone"},
    {"epoch: key in a second encoding", TO_REQUESTER, SESSION_EPOCH, epoch_key_again, REFUSED, "public key of class phone"},
    {"epoch: oversized", TO_REQUESTER, SESSION_EPOCH, grow, TOO_LARGE, "the limit here is"},
    {"another key than the epoch's", TO_REQUESTER, SESSION_EPOCH, epoch_other_key, REFUSED, "with the key that the epoch announces for class phone"},
    {"map of another epoch", TO_REQUESTER, SESSION_EPOCH, epoch_number, REFUSED, "map: of epoch 7, but the current one is 8"},
    {"deltas, where bases are needed", TO_REQUESTER, SESSION_EPOCH, epoch_delta, REFUSED, "a session needs them whole"},
    {"map with another root", TO_REQUESTER, SESSION_EPOCH, epoch_root, REFUSED, "map: not the one that the epoch announces"},
    {"map: another message", TO_REQUESTER, SESSION_MAP_HEADER, change_first, BAD_INPUT, "not the header of a map"},
    {"map: signature", TO_REQUESTER, SESSION_MAP_HEADER, change_last, REFUSED, "signature of the header"},
    {"map: by a stranger", TO_REQUESTER, SESSION_MAP_HEADER, by_stranger, REFUSED, "map: signed by somebody other"},
    {"map: expired", TO_REQUESTER, SESSION_MAP_HEADER, map_expired, REFUSED, "map: the map of class phone has expired"},
    {"piece: changed", TO_REQUESTER, SESSION_MAP_PIECE, change_last, REFUSED, "map: the body is not the one that was signed"},
    {"piece: out of turn", TO_REQUESTER, SESSION_MAP_PIECE, piece_number, BAD_INPUT, "did not come in its turn"},
    {"piece: short", TO_REQUESTER, SESSION_MAP_PIECE, piece_short, BAD_INPUT, "did not come in its turn"},
    {"piece: oversized", TO_REQUESTER, SESSION_MAP_PIECE, grow, TOO_LARGE, "the limit here is"},
    {"answer: another message", TO_REQUESTER, SESSION_ANSWER, change_first, BAD_INPUT, "this is not an answer"},
    {"answer: signature", TO_REQUESTER, SESSION_ANSWER, change_last, REFUSED, "answer: the signature does not verify"},
    {"answer: by a stranger", TO_REQUESTER, SESSION_ANSWER, by_stranger, REFUSED, "answer: signed by somebody other"},
    {"answer: to another ask", TO_REQUESTER, SESSION_ANSWER, answer_digest, REFUSED, "it belongs to another ask"},
    {"answer: proof", TO_REQUESTER, SESSION_ANSWER, answer_proof, REFUSED, "the proof for elements 1 to 8 does not verify"},
    {"answer: element", TO_REQUESTER, SESSION_ANSWER, answer_element, REFUSED, "the proof for elements 1 to 8 does not verify"},
    {"answer: no point", TO_REQUESTER, SESSION_ANSWER, answer_no_point, REFUSED, "element 3 is not a point"},
    {"answer: a second encoding", TO_REQUESTER, SESSION_ANSWER, answer_again, REFUSED, "element 1 is not a point"},
    {"answer: identity", TO_REQUESTER, SESSION_ANSWER, answer_identity, REFUSED, "element 4 is not a point"},
    {"answer: reordered", TO_REQUESTER, SESSION_ANSWER, answer_swapped, REFUSED, "the proof for elements 1 to 8 does not verify"},
    {"answer: one omitted", TO_REQUESTER, SESSION_ANSWER, answer_omitted, REFUSED, "7 elements came back where 8 were asked"},
    {"answer: count", TO_REQUESTER, SESSION_ANSWER, answer_count, BAD_INPUT, "where 9 elements with their proofs take"},
    {"answer: cut", TO_REQUESTER, SESSION_ANSWER, answer_cut, BAD_INPUT, "bytes where 8 elements"},
    {"answer: oversized", TO_REQUESTER, SESSION_ANSWER, grow, TOO_LARGE, "the limit here is"},
    {"answer: another kind", TO_REQUESTER, SESSION_ANSWER, other_kind, BAD_INPUT, "kind 77 (unknown) where the answer was due"},
    {"line closed", TO_REQUESTER, SESSION_ANSWER, cut_line, IO_FAILED, "closed the line before the answer"},
    {"line broken", TO_REQUESTER, SESSION_ANSWER, break_off, IO_FAILED, "broke off in the middle of a message"},
    {"refusal with control characters", TO_REQUESTER, SESSION_ANSWER, refuse_rudely, REFUSED, "the other side refuses: no?[2J"},
    {"refusal for now", TO_REQUESTER, SESSION_ANSWER, refuse_busily, BUSY, "the other side refuses: tomorrow"},
    {"refusal without words", TO_REQUESTER, SESSION_EPOCH, refuse_silently, REFUSED, "without a readable reason"},
    {"refusal not to be read", TO_REQUESTER, SESSION_EPOCH, refuse_unreadably, REFUSED, "without a readable reason"},
    {"hello: another message", TO_RESPONDER, SESSION_HELLO, change_first, REFUSED, "hello: not a greeting"},
    {"hello: another requester", TO_RESPONDER, SESSION_HELLO, hello_requester, REFUSED, "hello: from somebody other"},
    {"hello: another responder", TO_RESPONDER, SESSION_HELLO, hello_responder, REFUSED, "hello: meant for somebody else"},
    {"hello: circle", TO_RESPONDER, SESSION_HELLO, hello_circle, REFUSED, "hello: for the circle"},
    {"hello: no circle", TO_RESPONDER, SESSION_HELLO, hello_circle_form, REFUSED, "circle is malformed"},
    {"hello: short", TO_RESPONDER, SESSION_HELLO, piece_short, REFUSED, "hello: not a greeting"},
    {"hello: another kind", TO_RESPONDER, SESSION_HELLO, other_kind, REFUSED, "where the hello was due"},
    {"map wanted: no class", TO_RESPONDER, SESSION_MAP_WANTED, wanted_unknown, REFUSED, "no such class"},
    {"map wanted: two bytes", TO_RESPONDER, SESSION_MAP_WANTED, wanted_two, REFUSED, "no such class"},
    {"map wanted: not offered", TO_RESPONDER, SESSION_MAP_WANTED, wanted_not_offered, REFUSED, "class vin is not offered"},
    {"ask: another message", TO_RESPONDER, SESSION_ASK, change_first, REFUSED, "this is not an ask"},
    {"ask: signature", TO_RESPONDER, SESSION_ASK, change_last, REFUSED, "ask: the signature does not verify"},
    {"ask: by a stranger", TO_RESPONDER, SESSION_ASK, by_stranger, REFUSED, "other than the partner who sent it"},
    {"ask: oversized", TO_RESPONDER, SESSION_ASK, ask_too_large, IO_FAILED, "the limit here is"},
    {"ask: another kind", TO_RESPONDER, SESSION_ASK, other_kind, REFUSED, "kind 77 is out of place"},
};
/* clang-format on */

static void publish_phones(struct publication *publication, const struct fixture *fixture,
                           struct arena *arena)
{
    struct match_held held[6];
    for (unsigned i = 0; i < 6; i++)
        held[i] = (struct match_held){fixture_phone(i, arena), i};
    fixture_publish(publication, fixture, held, 6);
}

static void run_fault(const struct fault *fault, const struct fixture *fixture,
                      const struct publication *publication, const struct match_item *items)
{
    int near[2], far[2];
    pthread_t threads[2];
    struct world_seeded other;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, near) == 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, far) == 0);
    world_seeded_init(&other, 99, fixture->seeded.now_ns);
    struct responder_options responding = fixture_responder(fixture, publication);
    responding.world = &other.world;
    struct lines_server server = {.line = {far[1], LINES_WAIT_MS, NULL},
                                  .publication = publication,
                                  .responder = responder_open(&responding),
                                  .peer = fixture->asker.public_key};
    struct middle middle = {fixture, fault, false, near[1], far[0]};
    CHECK(pthread_create(&threads[0], NULL, lines_serve, &server) == 0);
    CHECK(pthread_create(&threads[1], NULL, run_middle, &middle) == 0);

    struct session_line line = {near[0], LINES_WAIT_MS, NULL};
    struct requester_options options = fixture_asker(fixture);
    struct session_result result;
    struct map_shelf shelf = {{{0}}};
    struct err err = {{0}};
    enum status status = session_request(&result, &line, &options, &shelf, items, 3, &err);
    close(near[0]);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    CHECK_SEEN(middle.done, "%s was not committed", fault->name);
    bool said = strstr(err.text, fault->sentence) != NULL ||
                (fault->direction == TO_RESPONDER &&
                 strstr(server.err.text, fault->sentence) != NULL);
    CHECK_SEEN(status == fault->status && said, "%s: %s: %s", fault->name,
               status_name(status), err.text);
    CHECK_SEEN(result.hits.count == 0, "%s", fault->name);
    CHECK_SEEN(server.err.text[0] != '\0', "%s: the responder noticed nothing",
               fault->name);
    responder_close(server.responder);
    match_hits_release(&result.hits);
    map_shelf_release(&shelf);
}

static void test_faults(void)
{
    struct fixture fixture;
    struct arena arena = {NULL};
    struct publication publication;
    struct match_item items[3];
    fixture_init(&fixture, 500);
    publish_phones(&publication, &fixture, &arena);
    for (unsigned i = 0; i < 3; i++)
        items[i] = fixture_phone(i, &arena);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        run_fault(&faults[i], &fixture, &publication, items);
    publication_release(&publication);
    arena_release(&arena);
}

/* --- a requester written by hand --- */

struct hand {
    int fd;
    struct buf in;
};

/* Say something; the reply's first message must be of this kind. */
static struct bytes say(struct hand *hand, enum session_kind kind, struct bytes body,
                        enum session_kind wanted)
{
    struct frame frame = {0};
    CHECK(frame_write(hand->fd, (uint8_t)kind, body, LINES_WAIT_MS, NULL) == OK);
    CHECK(frame_read(&frame, &hand->in, hand->fd, LINES_WAIT_MS, NULL) == OK);
    CHECK_SEEN(frame.kind == wanted, "kind %u, wanted %u", frame.kind, (unsigned)wanted);
    return frame.body;
}

static void test_by_hand(void)
{
    struct fixture fixture;
    struct arena arena = {NULL};
    struct publication publication;
    struct requester requester;
    struct frame frame;
    struct world_seeded other;
    int pair[2];
    pthread_t thread;
    fixture_init(&fixture, 501);
    publish_phones(&publication, &fixture, &arena);
    world_seeded_init(&other, 99, fixture.seeded.now_ns);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    struct responder_options responding = fixture_responder(&fixture, &publication);
    responding.world = &other.world;
    struct lines_server server = {.line = {pair[1], LINES_WAIT_MS, NULL},
                                  .publication = &publication,
                                  .responder = responder_open(&responding),
                                  .peer = fixture.asker.public_key};
    CHECK(pthread_create(&thread, NULL, lines_serve, &server) == 0);

    struct hand hand = {pair[0], {.max = FRAME_LIMIT}};
    struct buf hello = {.max = SESSION_HELLO_LEN}, ask = {.max = ASK_WIRE_MAX};
    buf_add_text(&hello, "ENLSES01");
    buf_add(&hello, bytes_of(fixture.asker.public_key, IDENTITY_KEY));
    buf_add(&hello, bytes_of(fixture.owner.public_key, IDENTITY_KEY));
    circle_add(&hello, &fixture.circle);
    struct bytes epoch = say(&hand, SESSION_HELLO, buf_bytes(&hello), SESSION_EPOCH);
    CHECK(bytes_equal(epoch, buf_bytes(&publication.epoch_wire)));
    struct match_item item = fixture_phone(2, &arena);
    struct requester_options options = fixture_asker(&fixture);
    CHECK(requester_begin(&requester, &options, epoch, &item, 1, NULL) == OK);
    CHECK(requester_ask(&ask, &requester, 0, NULL) == OK);

    /* A refused ask does not end the session; the same ask twice has one answer. */
    say(&hand, SESSION_ASK, BYTES_OF("garbage"), SESSION_REFUSAL);
    struct bytes answer = say(&hand, SESSION_ASK, buf_bytes(&ask), SESSION_ANSWER);
    struct bytes first = arena_bytes(&arena, answer);
    CHECK(bytes_equal(first, say(&hand, SESSION_ASK, buf_bytes(&ask), SESSION_ANSWER)));
    CHECK(requester_take(&requester, 0, first, &publication.maps[KEY_PHONE], NULL) == OK);
    CHECK(requester.hits.count == 1);

    /* One map a session. */
    uint8_t phone = KEY_PHONE;
    say(&hand, SESSION_MAP_WANTED, bytes_of(&phone, 1), SESSION_MAP_HEADER);
    CHECK(frame_read(&frame, &hand.in, hand.fd, LINES_WAIT_MS, NULL) == OK);
    CHECK(frame.kind == SESSION_MAP_PIECE);
    struct bytes refusal =
        say(&hand, SESSION_MAP_WANTED, bytes_of(&phone, 1), SESSION_REFUSAL);
    CHECK(memmem(refusal.at, refusal.len, "sent already", strlen("sent already")) != NULL);
    pthread_join(thread, NULL);
    CHECK(strstr(server.err.text, "sent already") != NULL);
    close(pair[0]);
    responder_close(server.responder);
    requester_release(&requester);
    publication_release(&publication);
    buf_release(&hello);
    buf_release(&ask);
    buf_release(&hand.in);
    arena_release(&arena);
}

int main(void)
{
    CHECK(sodium_init() >= 0);
    test_faults();
    test_by_hand();
    return check_done("session_faults");
}
