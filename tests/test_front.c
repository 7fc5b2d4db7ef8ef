/* SPDX-License-Identifier: Apache-2.0
 *
 * The line between nodes over real TLS on loopback: who is let in, what crosses, and what becomes of it
 * when one end begins anew. Those who mean ill: test_front_hostile.c, test_front_answers.c.
 */
#include "front_party.h"

static struct party xa, xb, stranger;

/* ---- Those who mean well ---- */

static void check_echo(size_t len)
{
    struct buf answer = {.max = LINE_REQUEST_MAX}, request = {.max = LINE_REQUEST_MAX};
    struct err err = {0};
    uint8_t *at = buf_extend(&request, len);
    for (size_t i = 0; i < len; i++)
        at[i] = (uint8_t)(i * 7 + i / 251);
    enum status status = party_call(&xa, &xb, "echo", buf_bytes(&request), &answer, &err);
    CHECK_SEEN(status == OK && bytes_equal(buf_bytes(&answer), buf_bytes(&request)),
               "%zu bytes: %s", len, err.text);
    buf_release(&answer);
    buf_release(&request);
}

static void test_crossing(void)
{
    struct buf answer = {.max = LINE_ANSWER_MAX};
    struct err err = {0};
    uint8_t wanted[4];
    check_echo(0);
    check_echo(1);
    check_echo(16 * 1024);
    check_echo(LINE_REQUEST_MAX);
    for (int i = 0; i < 100; i++)
        check_echo((size_t)i * 13);
    CHECK(party_call(&xa, &xb, "who", (struct bytes){0}, &answer, &err) == OK);
    CHECK(bytes_equal(buf_bytes(&answer), bytes_of(xa.key, 32)));
    store_be32(wanted, 48 * 1024 * 1024);
    enum status status = party_call(&xa, &xb, "large", bytes_of(wanted, 4), &answer, &err);
    CHECK_SEEN(status == OK && answer.len == 48 * 1024 * 1024, "%s", err.text);
    bool same = true;
    for (size_t i = 0; i < answer.len; i += 997)
        same = same && answer.at[i] == (uint8_t)(i * 2654435761U >> 24);
    CHECK(same);
    buf_release(&answer);
    answer.max = 1000;
    status = party_call(&xa, &xb, "large", bytes_of(wanted, 4), &answer, &err);
    CHECK_SEEN(status == TOO_LARGE, "%s", err.text);
    buf_release(&answer);
    check_echo(5);
}

/* Many at once, each with its own answer, and no one in another's way; one partner takes only so many
 * lines, so most are to somebody whom we do not know. */
static bool is_stranger(int i)
{
    return i % 10 != 0 && i % 10 != 4 && i % 10 != 5;
}

static void test_at_once(void)
{
    enum { CALLS = 100 };
    struct line_round round;
    uint8_t requests[CALLS][64], refuse = CONFLICT;
    struct line_caller caller = front_caller(xa.front);
    line_round_open(&round, CALLS);
    for (int i = 0; i < CALLS; i++) {
        memset(requests[i], i, sizeof requests[i]);
        struct bytes request = bytes_of(requests[i], sizeof requests[i]);
        if (is_stranger(i))
            line_round_add(&round, stranger.key, "echo", request, 64);
        else if (i % 10 == 4)
            line_round_add(&round, xb.key, "refuse", bytes_of(&refuse, 1), 64);
        else if (i % 10 == 5)
            line_round_add(&round, xb.key, "echo", request, 63);
        else
            line_round_add(&round, xb.key, "echo", request, 64);
    }
    line_round_make(&round, &caller);
    for (int i = 0; i < CALLS; i++) {
        const struct line_call *call = &round.calls[i];
        enum status wanted = is_stranger(i) ? REFUSED
                             : i % 10 == 4  ? CONFLICT
                             : i % 10 == 5  ? TOO_LARGE
                                            : OK;
        CHECK_SEEN(call->status == wanted, "call %d: %d: %s", i, call->status,
                   call->err.text);
        CHECK(call->status == OK || call->err.text[0] != '\0');
        CHECK(call->waited_ms >= 0 && call->waited_ms < INT32_MAX && !call->silent);
        if (wanted == OK)
            CHECK(bytes_equal(buf_bytes(call->answer),
                              bytes_of(requests[i], sizeof requests[i])));
    }
    line_round_release(&round);
    check_echo(7);
}

static void test_refusals(void)
{
    struct buf answer = {.max = 4096};
    for (uint8_t status = NOT_FOUND; status <= IO_FAILED; status++) {
        struct err err = {0};
        CHECK(party_call(&xa, &xb, "refuse", bytes_of(&status, 1), &answer, &err) ==
              (enum status)status);
        CHECK_TEXT(bytes_text(err.text), "not today: the quota of 10240 is used up");
        CHECK(answer.len == 0);
    }
    struct err err = {0};
    CHECK(party_call(&xa, &xb, "nothing", (struct bytes){0}, &answer, &err) == NOT_FOUND);
    CHECK_SEEN(strstr(err.text, "nothing") != NULL, "%s", err.text);
    CHECK(party_call(&xa, &xb, "nasty", (struct bytes){0}, &answer, &err) == REFUSED);
    CHECK_TEXT(bytes_text(err.text), "red ?[31m, a bell ?,?new line, ??C1, é");
    CHECK(party_call(&xa, &stranger, "echo", (struct bytes){0}, &answer, &err) == REFUSED);
    buf_release(&answer);
}

/* What comes of a call, in a fresh front. */
static enum status call_afresh(struct party *from, const struct party *to, struct err *err)
{
    struct buf answer = {.max = 4096};
    party_open(from, -1);
    enum status status = party_call(from, to, "echo", BYTES_OF("x"), &answer, err);
    front_close(from->front);
    from->front = NULL;
    buf_release(&answer);
    return status;
}

static void test_certificates(void)
{
    static const struct {
        const char *name;
        int64_t begins_s;
        enum status status;
        const char *says;
    } cases[] = {
        {"a clock two days behind", -2 * DAY, OK, ""},
        {"a clock two days ahead", 2 * DAY - 60, OK, ""},
        {"expired", -4 * DAY, REFUSED, "the certificate ended"},
        {"not begun", 3 * DAY, REFUSED, "begins only in"},
    };
    struct party caller = party_make("XA");
    party_meet(&caller, &xb, xb.port, false);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        caller.begins_s = cases[i].begins_s;
        enum status status = call_afresh(&caller, &xb, &err);
        CHECK_SEEN(status == cases[i].status && strstr(err.text, cases[i].says) != NULL,
                   "%s: %s %s", cases[i].name, status_name(status), err.text);
    }
    peer_list_release(&caller.peers);
}

static void test_strangers(void)
{
    struct party removed = party_make("XR"), other = party_make("XD");
    struct err err = {0};
    party_meet(&stranger, &xb, xb.port, false);
    CHECK(call_afresh(&stranger, &xb, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "does not know the node") != NULL, "%s", err.text);
    party_meet(&removed, &xb, xb.port, false);
    CHECK(call_afresh(&removed, &xb, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "ended its agreement") != NULL, "%s", err.text);
    /* Another node than the one that is pinned answers at the address. */
    struct party caller = party_make("XA");
    party_meet(&caller, &other, xb.port, false);
    CHECK(call_afresh(&caller, &other, &err) == IO_FAILED);
    CHECK_SEEN(strstr(err.text, "another node answers there") != NULL, "%s", err.text);
    /* And nobody. */
    party_meet(&caller, &other, 1, false);
    CHECK(call_afresh(&caller, &other, &err) == IO_FAILED);
    CHECK_SEEN(strstr(err.text, "cannot be reached") != NULL, "%s", err.text);
    peer_list_release(&caller.peers);
    peer_list_release(&removed.peers);
    peer_list_release(&stranger.peers);
}

/* The answering node ends and comes back at the same port: the kept line is dead, and the call
 * goes through all the same. Then its front is killed while it answers. */
static void test_restarts(void)
{
    struct buf answer = {.max = 4096};
    struct err err = {0};
    check_echo(3);
    close(xb.hold);
    waitpid(xb.process, NULL, 0);
    CHECK(party_call(&xa, &xb, "echo", BYTES_OF("x"), &answer, &err) == IO_FAILED);
    party_serve(&xb, xb.port);
    check_echo(4);
    CHECK(party_call(&xa, &xb, "end-front", (struct bytes){0}, &answer, &err) == IO_FAILED);
    check_echo(5);
    /* Our own front ends. */
    party_end_front(NULL, NULL, (struct bytes){0}, NULL, NULL);
    enum status first = party_call(&xa, &xb, "echo", BYTES_OF("x"), &answer, &err);
    CHECK_SEEN(first == OK || first == IO_FAILED, "%s", err.text);
    check_echo(6);
    buf_release(&answer);
}

/* A host by its name, looked up beside everything else; and a name that is nobody's. */
static void test_names(void)
{
    static const struct {
        const char *host;
        enum status status;
        const char *says;
    } cases[] = {{"localhost", OK, ""},
                 {"nobody.invalid", IO_FAILED, "the host is not found"}};
    struct party caller = party_make("XA");
    struct buf answer = {.max = 4096};
    party_meet(&caller, &xb, xb.port, false);
    party_open(&caller, -1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        struct peer *peer = &caller.peers.items[0];
        snprintf(peer->url, sizeof peer->url, "https://%s:%u", cases[i].host, xb.port);
        CHECK(front_set_peers(caller.front, &caller.peers, &err) == OK);
        enum status status = party_call(&caller, &xb, "echo", BYTES_OF("x"), &answer, &err);
        CHECK_SEEN(status == cases[i].status && strstr(err.text, cases[i].says) != NULL,
                   "%s: %s %s", cases[i].host, status_name(status), err.text);
    }
    buf_release(&answer);
    party_close(&caller);
}

int main(void)
{
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    signal(SIGPIPE, SIG_IGN);
    xa = party_make("XA");
    xb = party_make("XB");
    stranger = party_make("XC");
    struct party removed = party_make("XR");
    party_meet(&xb, &xa, 1, false);
    party_meet(&xb, &removed, 1, true);
    party_serve(&xb, 0);
    party_meet(&xa, &xb, xb.port, false);
    party_open(&xa, -1);
    test_crossing();
    test_at_once();
    test_refusals();
    test_certificates();
    test_strangers();
    test_restarts();
    test_names();
    check_echo(12);
    party_close(&xa);
    party_end(&xb);
    return check_done("front");
}
