/* SPDX-License-Identifier: Apache-2.0
 *
 * Those who answer a node and lie, or are slow, or are another than was meant: what the caller is told,
 * and that nothing is asked of who is not known.
 */
#include "front_raw.h"

#include <poll.h>

static struct party xa, xd;
static int listen_fd = -1;

/* One who answers everybody who comes with the same bytes, in a process of its own, until killed. What
 * was asked of it goes into the pipe `heard`. */
struct liar {
    pid_t process;
    int heard;
};

struct lie {
    enum shows shows;
    int64_t begins_s;
    const char *answer; /* NULL: the line ends when it is asked */
    bool drips;         /* a byte now and then, behind the answer, for ever */
    bool ends;          /* the line, behind the answer */
    uint32_t seed;      /* of faults in the answer; 0: none */
};

static void live_as_liar(const struct lie *lie, int heard)
{
    struct buf text = {.max = 64 * 1024};
    uint32_t seed = lie->seed;
    xd.begins_s = lie->begins_s;
    for (;;) {
        struct raw raw;
        char asked[4096];
        raw_answer(&raw, listen_fd, &xd, lie->shows);
        ssize_t count = 1;
        while (raw.handshake == 0 && count > 0) {
            count = gnutls_record_recv(raw.session, asked, sizeof asked);
            if (count <= 0 || write(heard, asked, (size_t)count) != count ||
                lie->answer == NULL)
                break;
            if (seed != 0)
                raw_mutate(&text, lie->answer, &seed);
            raw_say(&raw, seed != 0 ? buf_text(&text) : lie->answer);
            for (int i = 0; lie->drips && i < 600 && count > 0; i++) {
                count = gnutls_record_send(raw.session, "x", 1);
                usleep(50 * 1000);
            }
            if (lie->ends)
                break;
        }
        raw_close(&raw);
    }
}

static struct liar liar_begin(const struct lie *lie)
{
    int ends[2];
    if (pipe(ends) != 0)
        abort();
    fflush(stdout);
    struct liar liar = {.process = fork(), .heard = ends[0]};
    if (liar.process == 0)
        live_as_liar(lie, ends[1]);
    close(ends[1]);
    return liar;
}

/* How often it was asked comes back. */
static size_t liar_end(struct liar *liar)
{
    char asked[16 * 1024], *at = asked;
    size_t len = 0, count = 0;
    ssize_t got;
    kill(liar->process, SIGKILL);
    waitpid(liar->process, NULL, 0);
    while (len + 1 < sizeof asked &&
           (got = read(liar->heard, asked + len, sizeof asked - len - 1)) > 0)
        len += (size_t)got;
    close(liar->heard);
    asked[len] = '\0';
    while ((at = strstr(at, "POST /line/echo HTTP/1.1")) != NULL) {
        at++;
        count++;
    }
    return len > 0 && count == 0 ? SIZE_MAX : count;
}

#define OK_5 "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"

static void test_answers(void)
{
    static char long_head[12 * 1024];
    static const struct {
        const char *name;
        struct lie lie;
        enum status status;
        const char *says;
        size_t asked;
    } cases[] = {
        {"good", {.answer = OK_5 "\r\nhello"}, OK, "", 2},
        {"refused",
         {.answer = "HTTP/1.1 403 No\r\nContent-Length: 7\r\n\r\nno, not"},
         REFUSED,
         "no, not",
         2},
        {"elsewhere",
         {.answer = "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/line/echo\r\n"
                    "Content-Length: 5\r\n\r\nhello"},
         IO_FAILED,
         "hello",
         2},
        {"unchanged",
         {.answer = "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"},
         IO_FAILED,
         "",
         2},
        {"chunks",
         {.answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                    "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
         IO_FAILED,
         "Transfer-Encoding",
         2},
        {"chunks and a length",
         {.answer = OK_5 "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
         IO_FAILED,
         "Transfer-Encoding",
         2},
        {"two lengths",
         {.answer = OK_5 "Content-Length: 5\r\n\r\nhello"},
         IO_FAILED,
         "its length, once",
         2},
        {"a length as a list",
         {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello"},
         IO_FAILED,
         "its length, once",
         2},
        {"no length",
         {.answer = "HTTP/1.1 200 OK\r\n\r\nhello", .ends = true},
         IO_FAILED,
         "its length, once",
         2},
        {"too long",
         {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 1073741825\r\n\r\n"},
         IO_FAILED,
         "over the limit",
         2},
        {"something in between",
         {.answer = "HTTP/1.1 100 Continue\r\n\r\n" OK_5 "\r\nhello"},
         IO_FAILED,
         "in between",
         2},
        {"another protocol",
         {.answer = "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"},
         IO_FAILED,
         "",
         2},
        {"an old version",
         {.answer = "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
         IO_FAILED,
         "no answer of HTTP/1.1",
         2},
        {"no HTTP", {.answer = "SSH-2.0-OpenSSH\r\n\r\n"}, IO_FAILED, "HTTP", 2},
        {"a long head", {.answer = long_head}, IO_FAILED, "head is longer", 2},
        {"cut in the body",
         {.answer = OK_5 "\r\nhel", .ends = true},
         IO_FAILED,
         "closed the line",
         2},
        {"cut in the head",
         {.answer = "HTTP/1.1 200 OK\r\nConte", .ends = true},
         IO_FAILED,
         "",
         2},
        {"nothing", {.answer = NULL}, IO_FAILED, "closed the line", 2},
        {"more than promised", {.answer = OK_5 "\r\nhello, and more"}, OK, "", 2},
    };
    memset(long_head, 'a', sizeof long_head - 1);
    memcpy(long_head, OK_5 "X: ", sizeof OK_5 "X: " - 1);
    memcpy(long_head + sizeof long_head - 10, "\r\n\r\nhello", 10);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lie lie = cases[i].lie;
        lie.shows = SHOWS_OURS;
        struct liar liar = liar_begin(&lie);
        struct buf answer = {.max = 4096};
        for (int again = 0; again < 2; again++) {
            struct err err = {0};
            enum status status = party_call(&xa, &xd, "echo", BYTES_OF("x"), &answer, &err);
            CHECK_SEEN(status == cases[i].status &&
                           strstr(err.text, cases[i].says) != NULL &&
                           (status != OK || bytes_is(buf_bytes(&answer), "hello")),
                       "%s: %s: %s", cases[i].name, status_name(status), err.text);
        }
        size_t asked = liar_end(&liar);
        CHECK_SEEN(asked == cases[i].asked, "%s: asked %zu times", cases[i].name, asked);
        buf_release(&answer);
    }
}

/* Of whoever does not show the certificate that is meant, nothing is asked. */
static void test_others(void)
{
    static const struct {
        const char *name;
        struct lie lie;
        bool another; /* another node is meant to be there */
        const char *says;
    } cases[] = {
        {"another node",
         {.answer = OK_5 "\r\nhello"},
         true,
         "another node answers there, with the fingerprint"},
        {"a foreign certificate",
         {.shows = SHOWS_FOREIGN},
         false,
         "not the certificate of a node"},
        {"two", {.shows = SHOWS_TWO}, false, "one certificate, not 2"},
        {"forged", {.shows = SHOWS_FORGED}, false, "not signed by the node key"},
        {"expired", {.begins_s = -4 * DAY}, false, "the certificate ended"},
        {"not begun", {.begins_s = 3 * DAY}, false, "begins only in"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lie lie = cases[i].lie;
        lie.shows = lie.shows == SHOWS_NOTHING ? SHOWS_OURS : lie.shows;
        struct party caller = party_make("XA"), other = party_make("XE");
        struct buf answer = {.max = 4096};
        struct liar liar = liar_begin(&lie);
        struct err err = {0};
        party_meet(&caller, cases[i].another ? &other : &xd, xd.port, false);
        party_open(&caller, -1);
        for (int again = 0; again < 2; again++) {
            enum status status = party_call(&caller, cases[i].another ? &other : &xd,
                                            "echo", BYTES_OF("secret"), &answer, &err);
            CHECK_SEEN(status == IO_FAILED && strstr(err.text, cases[i].says) != NULL,
                       "%s: %s %s", cases[i].name, status_name(status), err.text);
        }
        party_close(&caller);
        size_t asked = liar_end(&liar);
        CHECK_SEEN(asked == 0, "%s: something was asked of it", cases[i].name);
        buf_release(&answer);
    }
}

/* The node at an address is another one now, and its kept line still stands: the call finds that out on
 * the kept line or on a fresh one, and what is kept for one node is not used for another. */
static void test_two_keys_one_place(void)
{
    const struct lie lie = {.shows = SHOWS_OURS, .answer = OK_5 "\r\nhello"};
    struct party caller = party_make("XA"), other = party_make("XE");
    struct buf answer = {.max = 4096};
    struct err err = {0};
    struct liar liar = liar_begin(&lie);
    party_meet(&caller, &xd, xd.port, false);
    party_meet(&caller, &other, xd.port, false);
    party_open(&caller, -1);
    CHECK(party_call(&caller, &xd, "echo", BYTES_OF("x"), &answer, &err) == OK);
    CHECK(party_call(&caller, &other, "echo", BYTES_OF("secret"), &answer, &err) ==
          IO_FAILED);
    CHECK_SEEN(strstr(err.text, "another node answers there") != NULL, "%s", err.text);
    CHECK(party_call(&caller, &xd, "echo", BYTES_OF("x"), &answer, &err) == OK);
    party_close(&caller);
    CHECK(liar_end(&liar) == 2);
    buf_release(&answer);
}

/* One call, and whether its silence was noted. */
static enum status call_noting(bool *silent, const struct party *other, struct err *err)
{
    struct buf answer = {.max = 4096};
    struct line_caller caller = front_caller(xa.front);
    struct line_call call = {.peer_key = other->key,
                             .kind = "echo",
                             .request = BYTES_OF("x"),
                             .answer = &answer};
    call.silent = !*silent; /* whatever stood there */
    caller.call(caller.context, &call, 1);
    *silent = call.silent;
    *err = call.err;
    buf_release(&answer);
    return call.status;
}

/* Who refuses the line, closes it, or refuses the call is there, however late we notice. */
static void test_not_silent(void)
{
    static const struct {
        const char *name;
        struct lie lie;
        enum status status;
    } cases[] = {
        {"refuses the call",
         {.answer = "HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nlater"},
         BUSY},
        {"fails", {.answer = "HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno"}, IO_FAILED},
        {"closes the line", {.answer = "", .ends = true}, IO_FAILED},
        {"closes it in the middle",
         {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n", .ends = true},
         IO_FAILED},
        {"speaks otherwise", {.answer = "SSH-2.0\r\n\r\n", .ends = true}, IO_FAILED},
        {"answers", {.answer = OK_5 "\r\nhello"}, OK},
    };
    struct err err = {0};
    bool silent = false;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lie lie = cases[i].lie;
        lie.shows = SHOWS_OURS;
        struct liar liar = liar_begin(&lie);
        enum status status = call_noting(&silent, &xd, &err);
        CHECK_SEEN(status == cases[i].status && !silent, "%s: %s, %d: %s", cases[i].name,
                   status_name(status), silent, err.text);
        liar_end(&liar);
    }
    /* Nobody listens: the line is refused. */
    struct party nobody = party_make("XE");
    uint16_t port;
    int fd;
    CHECK(front_listen(&fd, &port, "127.0.0.1:0", &err) == OK && close(fd) == 0);
    party_meet(&xa, &nobody, port, false);
    CHECK(front_set_peers(xa.front, &xa.peers, &err) == OK);
    CHECK(call_noting(&silent, &nobody, &err) == IO_FAILED && !silent);
    CHECK_SEEN(strstr(err.text, "refused") != NULL, "%s", err.text);
}

static void test_slow(void)
{
    static const struct {
        const char *name;
        struct lie lie;
        const char *says;
    } cases[] = {
        {"drip in the head",
         {.answer = OK_5 "X: ", .drips = true},
         "did not answer in time"},
        {"drip in the body",
         {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n", .drips = true},
         "did not answer in time"},
        {"silence",
         {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n"},
         "did not answer in time"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lie lie = cases[i].lie;
        lie.shows = SHOWS_OURS;
        struct liar liar = liar_begin(&lie);
        struct err err = {0};
        bool silent = false;
        enum status status = call_noting(&silent, &xd, &err);
        CHECK_SEEN(status == IO_FAILED && strstr(err.text, cases[i].says) != NULL,
                   "%s: %s %s", cases[i].name, status_name(status), err.text);
        CHECK_SEEN(silent, "%s: is not taken for silence", cases[i].name);
        size_t asked = liar_end(&liar);
        CHECK_SEEN(asked == 1, "%s: asked %zu times", cases[i].name, asked);
    }
    /* One that takes the line and does not greet. */
    struct err err = {0};
    bool silent = false;
    CHECK(call_noting(&silent, &xd, &err) == IO_FAILED && silent);
    CHECK_SEEN(strstr(err.text, "there is no answer") != NULL, "%s", err.text);
}

/* Answers with faults in them, from a seed: whatever becomes of each, the front lives on. */
static void test_mutations(void)
{
    enum { COUNT = 200 };
    static const char *const seeds[] = {
        OK_5 "Content-Type: text/plain\r\nX: y\r\n\r\nhello",
        "HTTP/1.1 503 Busy\r\nSet-Cookie: a=b\r\nContent-Length: 5\r\n\r\nlater",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: "
        "gzip\r\n\r\n5\r\nhello\r\n0\r\n\r\n"};
    pid_t front = party_front_of(getpid());
    size_t good = 0;
    for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
        const struct lie lie = {.shows = SHOWS_OURS,
                                .answer = seeds[i],
                                .ends = true,
                                .seed = 20261127 + (uint32_t)i};
        struct liar liar = liar_begin(&lie);
        struct buf answer = {.max = 4096};
        for (size_t call = 0; call < COUNT / 3; call++) {
            struct err err = {0};
            enum status status = party_call(&xa, &xd, "echo", BYTES_OF("x"), &answer, &err);
            good += status == OK;
            CHECK_SEEN(status == OK || err.text[0] != '\0' || status != IO_FAILED, "%s",
                       status_name(status));
        }
        liar_end(&liar);
        buf_release(&answer);
    }
    CHECK_SEEN(good > 0 && good < COUNT, "%zu", good);
    CHECK(front != 0 && party_front_of(getpid()) == front);
}

int main(void)
{
    struct err err = {0};
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    signal(SIGPIPE, SIG_IGN);
    xa = party_make("XA");
    xd = party_make("XD");
    if (front_listen(&listen_fd, &xd.port, "127.0.0.1:0", &err) != OK)
        return EXIT_FAILURE;
    party_meet(&xa, &xd, xd.port, false);
    party_open(&xa, -1);
    test_answers();
    test_others();
    test_two_keys_one_place();
    test_mutations();
    test_not_silent();
    test_slow();
    party_close(&xa);
    return check_done("front_answers");
}
