/* SPDX-License-Identifier: Apache-2.0
 *
 * Those who ask a node and mean ill, or are slow: what each is told, that its line ends, and that the
 * node goes on answering others.
 */
#include "front_raw.h"

#include <poll.h>

static struct party xa, xb;

#define GOOD "POST /line/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
#define START "POST /line/echo HTTP/1.1\r\nHost: x\r\n"
#define LENGTH_5 "Content-Length: 5\r\n"

/* The node is well: another line of the same peer is answered. */
static void check_echo(int number)
{
    struct buf answer = {.max = 64};
    struct err err = {0};
    enum status status = party_call(&xa, &xb, "echo", BYTES_OF("well"), &answer, &err);
    CHECK_SEEN(status == OK && bytes_is(buf_bytes(&answer), "well"), "%d: %s", number,
               err.text);
    buf_release(&answer);
}

/* And so is a fresh one. */
static void check_afresh(void)
{
    struct party caller = party_make("XA");
    struct buf answer = {.max = 64};
    struct err err = {0};
    party_meet(&caller, &xb, xb.port, false);
    party_open(&caller, -1);
    CHECK_SEEN(party_call(&caller, &xb, "echo", BYTES_OF("x"), &answer, &err) == OK, "%s",
               err.text);
    party_close(&caller);
    buf_release(&answer);
}

static size_t count_answers(const char *heard)
{
    size_t count = 0;
    while ((heard = strstr(heard, "HTTP/1.1 ")) != NULL) {
        heard += 9;
        count++;
    }
    return count;
}

static void test_what_is_shown(void)
{
    static const struct {
        const char *name;
        enum shows shows;
        const char *answer, *says;
    } cases[] = {
        {"ours", SHOWS_OURS, "HTTP/1.1 200", "hello"},
        {"none", SHOWS_NOTHING, "HTTP/1.1 403", "must show the certificate of a node"},
        {"foreign", SHOWS_FOREIGN, "HTTP/1.1 403",
         "not the certificate of a node of Enlace"},
        {"two", SHOWS_TWO, "HTTP/1.1 403", "one certificate, not 2"},
        {"forged", SHOWS_FORGED, "HTTP/1.1 403", "not signed by the node key"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct raw raw;
        char heard[2048];
        raw_open(&raw, xb.port, &xa, cases[i].shows, RAW_TLS);
        CHECK_SEEN(raw.handshake == 0, "%s: %s", cases[i].name,
                   gnutls_strerror(raw.handshake));
        raw_say(&raw, GOOD);
        raw_hear(heard, sizeof heard, &raw, 1500);
        CHECK_SEEN(strstr(heard, cases[i].answer) == heard &&
                       strstr(heard, cases[i].says) != NULL,
                   "%s: %s", cases[i].name, heard);
        /* No line goes on where another has left off: each shows its certificate. */
        CHECK((gnutls_session_get_flags(raw.session) & GNUTLS_SFLAGS_SESSION_TICKET) == 0);
        raw_close(&raw);
        check_echo(9);
    }
    struct raw raw;
    raw_open(&raw, xb.port, &xa, SHOWS_OURS, "NORMAL:-VERS-ALL:+VERS-TLS1.2");
    CHECK(raw.handshake < 0);
    raw_close(&raw);
}

/* words NULL: libmicrohttpd says what is wrong itself, and in 0.9.75 it begins to say it twice. */
static void test_bad_requests(void)
{
    static const struct {
        const char *name, *says, *answer, *words;
    } cases[] = {
        {"too long", START "Content-Length: 1048577\r\n\r\n", "413", "over the limit"},
        {"far too long", START "Content-Length: 99999999999999999999\r\n\r\n", "413", NULL},
        {"two lengths", START LENGTH_5 LENGTH_5 "\r\nhello", "400", "given twice"},
        {"two lengths that differ", START LENGTH_5 "Content-Length: 9\r\n\r\nhello", "400",
         "given twice"},
        {"length with a sign", START "Content-Length: +5\r\n\r\nhello", "400", NULL},
        {"length below nought", START "Content-Length: -5\r\n\r\nhello", "400", NULL},
        {"length in hexadecimal", START "Content-Length: 0x5\r\n\r\nhello", "400", NULL},
        {"length as a list", START "Content-Length: 5, 5\r\n\r\nhello", "400", NULL},
        {"no length", START "\r\n", "400", "does not say its length"},
        {"chunks", START "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400",
         "Transfer-Encoding"},
        {"chunks and a length",
         START LENGTH_5 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400",
         "Transfer-Encoding"},
        {"a length and chunks of another kind",
         START "Transfer-Encoding: identity\r\n" LENGTH_5 "\r\nhello", "400",
         "Transfer-Encoding"},
        {"a second request behind a refused one",
         START LENGTH_5 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" GOOD, "400",
         "Transfer-Encoding"},
        {"a second request in a body that is refused",
         "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 72\r\n\r\n" GOOD GOOD, "404",
         "nothing at this path"},
        {"expectations", START LENGTH_5 "Expect: 100-continue\r\n\r\n", "400", "Expect"},
        {"upgrade", START LENGTH_5 "Connection: upgrade\r\nUpgrade: h2c\r\n\r\nhello",
         "400", "Upgrade"},
        {"two hosts", START "Host: y\r\n" LENGTH_5 "\r\nhello", "400",
         "host is given twice"},
        {"no host", "POST /line/echo HTTP/1.1\r\n" LENGTH_5 "\r\nhello", "400",
         "does not say its host"},
        {"a control character",
         START "X: a\x01"
               "b\r\n" LENGTH_5 "\r\nhello",
         "400", "control character"},
        {"GET", "GET /line/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "400",
         "with POST"},
        {"HEAD", "HEAD /line/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "400",
         ""},
        {"CONNECT", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "400",
         ""},
        {"HTTP/1.0", "POST /line/echo HTTP/1.0\r\nHost: x\r\n" LENGTH_5 "\r\nhello", "400",
         "no request of HTTP/1.1"},
        {"no path", "POST /v1/line HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "404",
         "nothing at this path"},
        {"a path upwards",
         "POST /line/../echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "404", ""},
        {"a path in disguise",
         "POST /line/%65cho HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "404", ""},
        {"a question",
         "POST /line/echo?x=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "404", ""},
        {"no kind", "POST /line/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "404",
         ""},
        {"a kind too long",
         "POST /line/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\nHost: "
         "x\r\nContent-Length: 0\r\n\r\n",
         "404", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct raw raw;
        char heard[4096], wanted[32];
        snprintf(wanted, sizeof wanted, "HTTP/1.1 %s ", cases[i].answer);
        raw_open(&raw, xb.port, &xa, SHOWS_OURS, "NORMAL");
        raw_say(&raw, cases[i].says);
        bool ended = raw_hear(heard, sizeof heard, &raw, 3000);
        bool ours = cases[i].words == NULL ||
                    (count_answers(heard) == 1 && strstr(heard, cases[i].words) != NULL);
        CHECK_SEEN(strstr(heard, wanted) == heard && ours && ended &&
                       strstr(heard, " 200 ") == NULL,
                   "%s: %s%s", cases[i].name, heard, ended ? "" : " (goes on)");
        raw_close(&raw);
    }
    check_echo(1);
}

/* No HTTP, or less than was promised: an end without an answer. */
static void test_cut_off(void)
{
    static const struct {
        const char *name, *says;
    } cases[] = {
        {"no HTTP", "\x01\x02\x03\x04\r\n\r\n"},
        {"an answer for a request", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
        {"cut in the body", START "Content-Length: 50\r\n\r\nhel"},
        {"cut in the head", "POST /line/echo HTTP/1.1\r\nHo"},
        {"silence", ""},
    };
    struct raw raws[sizeof cases / sizeof cases[0]];
    char heard[4096];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        raw_open(&raws[i], xb.port, &xa, SHOWS_OURS, "NORMAL");
        if (cases[i].says[0] != '\0')
            raw_say(&raws[i], cases[i].says);
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool ended = raw_hear(heard, sizeof heard, &raws[i], 12000);
        CHECK_SEEN(ended && strstr(heard, " 200 ") == NULL, "%s: %s", cases[i].name, heard);
        raw_close(&raws[i]);
        check_echo(2);
    }
}

/* Two requests at once are answered one after the other, on one line. */
static void test_two_at_once(void)
{
    struct raw raw;
    char heard[4096];
    raw_open(&raw, xb.port, &xa, SHOWS_OURS, "NORMAL");
    raw_say(&raw, GOOD GOOD);
    bool ended = raw_hear(heard, sizeof heard, &raw, 1500);
    CHECK_SEEN(count_answers(heard) == 2 && strstr(heard, "HTTP/1.1 200") == heard &&
                   !ended,
               "%s", heard);
    raw_say(&raw, "POST /line/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" LENGTH_5
                  "\r\nhello");
    ended = raw_hear(heard, sizeof heard, &raw, 1500);
    CHECK_SEEN(count_answers(heard) == 1 && ended && strstr(heard, "hello") != NULL, "%s",
               heard);
    raw_close(&raw);
}

static void test_long_heads(void)
{
    static const struct {
        const char *name;
        size_t fields, value;
        const char *says; /* NULL: nothing, it is cut off */
    } cases[] = {{"one long field", 1, 9000, "longer than 8192 bytes"},
                 {"many fields", 70, 1, "over 64 fields"},
                 {"more than fits", 40, 1000, NULL}};
    for (size_t i = 0; i < 3; i++) {
        struct raw raw;
        char heard[4096];
        struct buf head = {.max = 1 << 20};
        buf_add_text(&head, START LENGTH_5);
        for (size_t field = 0; field < cases[i].fields; field++) {
            buf_add_text(&head, "X-A: ");
            for (size_t at = 0; at < cases[i].value; at++)
                buf_add_byte(&head, 'a');
            buf_add_text(&head, "\r\n");
        }
        buf_add_text(&head, "\r\nhello");
        raw_open(&raw, xb.port, &xa, SHOWS_OURS, "NORMAL");
        raw_say(&raw, buf_text(&head));
        bool ended = raw_hear(heard, sizeof heard, &raw, 3000);
        CHECK_SEEN(ended && strstr(heard, " 200 ") == NULL &&
                       (cases[i].says == NULL || (strstr(heard, "HTTP/1.1 413") == heard &&
                                                  strstr(heard, cases[i].says) != NULL)),
                   "%s: %s", cases[i].name, heard);
        raw_close(&raw);
        buf_release(&head);
    }
    check_echo(3);
}

/* A refusal arrives though the rest of what is refused is never asked for. */
static void test_last_words(void)
{
    struct raw raw;
    char heard[4096], piece[16 * 1024 + 1];
    memset(piece, 'x', sizeof piece - 1);
    piece[sizeof piece - 1] = '\0';
    raw_open(&raw, xb.port, &xa, SHOWS_OURS, "NORMAL");
    raw_say(&raw, START "Content-Length: 50000000\r\n\r\n");
    for (int i = 0; i < 20; i++)
        raw_say(&raw, piece);
    raw_hear(heard, sizeof heard, &raw, 3000);
    CHECK_SEEN(strstr(heard, "HTTP/1.1 413") == heard, "%s", heard);
    raw_close(&raw);
}

/* Requests with faults in them, from a seed: whatever becomes of each, the front lives on. */
static void test_mutations(void)
{
    enum { COUNT = 200 };
    static const char *const seeds[] = {
        GOOD GOOD,
        START "Content-Length: 3\r\nX-Other: a, b\r\nConnection: close\r\n\r\nabc",
        START
        "Transfer-Encoding: chunked\r\nCookie: a=b; c=d\r\n\r\n5\r\nhello\r\n0\r\n\r\n"};
    struct buf text = {.max = 64 * 1024};
    pid_t front = party_front_of(xb.process);
    uint32_t seed = 20261127;
    for (size_t i = 0; i < COUNT; i++) {
        struct raw raw;
        char heard[2048];
        raw_mutate(&text, seeds[i % 3], &seed);
        raw_open(&raw, xb.port, &xa, SHOWS_OURS, "NORMAL");
        if (text.len > 0)
            gnutls_record_send(raw.session, text.at, text.len);
        raw_hear(heard, sizeof heard, &raw, 20);
        raw_close(&raw);
    }
    buf_release(&text);
    check_echo(8);
    CHECK(front != 0 && party_front_of(xb.process) == front);
}

/* ---- Those who are slow ---- */

/* A byte now and then, in the head, in the body, and in the greeting: the line ends when the time for
 * the whole is over, however busy it looks. */
static void test_drip(void)
{
    static const char *const begin[] = {"POST /line/echo?",
                                        START "Content-Length: 500\r\n\r\n", NULL};
    static const uint8_t hello[] = {0x16, 0x03, 0x01, 0x01, 0x00, 0x01,
                                    0x00, 0x00, 0xFC, 0x03, 0x03};
    for (size_t which = 0; which < 3; which++) {
        struct raw raw = {.fd = -1};
        bool ended = false;
        if (begin[which] != NULL) {
            raw_open(&raw, xb.port, &xa, SHOWS_OURS, "NORMAL");
            raw_say(&raw, begin[which]);
        } else {
            raw.fd = raw_connect(xb.port);
        }
        for (size_t i = 0; i < 60 && !ended; i++) {
            uint8_t byte = i < sizeof hello ? hello[i] : 'x';
            struct pollfd end = {.fd = raw.fd, .events = POLLRDHUP};
            if (begin[which] != NULL)
                gnutls_record_send(raw.session, &byte, 1);
            else
                send(raw.fd, &byte, 1, MSG_NOSIGNAL);
            ended = poll(&end, 1, 100) == 1;
        }
        CHECK_SEEN(ended, "drip %zu", which);
        if (begin[which] != NULL)
            raw_close(&raw);
        else
            close(raw.fd);
        check_echo(4);
    }
}

/* An answer of 6 MiB that is asked for at the start and taken only at the end has been cut off between. */
static struct raw slow_reader;
static time_t slow_since;
enum { SLOW_S = 22 }; /* PIECE_MS and a second for each 16 KiB, in a hurry */

static void begin_slow_reader(void)
{
    static const uint8_t wanted[4] = {0x00, 0x60, 0x00, 0x00};
    slow_since = time(NULL);
    raw_open(&slow_reader, xb.port, &xa, SHOWS_OURS, "NORMAL");
    raw_say(&slow_reader,
            "POST /line/large HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n");
    gnutls_record_send(slow_reader.session, wanted, sizeof wanted);
}

static void test_slow_reader(void)
{
    size_t taken = 0;
    char piece[16 * 1024];
    ssize_t got = 0;
    while (time(NULL) < slow_since + SLOW_S)
        usleep(100 * 1000);
    gnutls_record_set_timeout(slow_reader.session, 3000);
    while ((got = gnutls_record_recv(slow_reader.session, piece, sizeof piece)) > 0)
        taken += (size_t)got;
    CHECK_SEEN(got != GNUTLS_E_TIMEDOUT && taken < (6 << 20), "%zu bytes", taken);
    raw_close(&slow_reader);
}

/* Who asks and is gone before the answer does not keep its lines: it may have 16. */
static void test_gone(void)
{
    enum { LINES = 16 };
    struct raw raws[LINES];
    for (int i = 0; i < LINES; i++) {
        raw_open(&raws[i], xb.port, &xa, SHOWS_OURS, "NORMAL");
        raw_say(&raws[i],
                "POST /line/sleep HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    }
    for (int i = 0; i < LINES; i++)
        raw_close(&raws[i]);
    usleep(250 * 1000); /* the core has answered one of them, at most two */
    check_afresh();
}

/* ---- Those who want too much ---- */

static void test_lines_of_one(void)
{
    enum {
        LINES = 20,
        MAY = 14
    }; /* two more: check_echo's kept one, and the slow reader */
    struct raw raws[LINES];
    char heard[2048];
    int answered = 0, refused = 0;
    check_echo(6);
    for (int i = 0; i < LINES; i++) {
        raw_open(&raws[i], xb.port, &xa, SHOWS_OURS, "NORMAL");
        raw_say(&raws[i], GOOD);
        raw_hear(heard, sizeof heard, &raws[i], 200);
        answered += strstr(heard, "HTTP/1.1 200") == heard;
        refused += strstr(heard, "HTTP/1.1 503") == heard &&
                   strstr(heard, "16 lines at once") != NULL;
    }
    CHECK_SEEN((answered == MAY || answered == MAY + 1) && refused == LINES - answered,
               "%d and %d", answered, refused);
    for (int i = 0; i < LINES; i++)
        raw_close(&raws[i]);
    check_echo(7);
}

/* More lines than there may be, all of them greeted: a new one takes the place of the one that has
 * waited longest. */
static void test_many_lines(void)
{
    enum { LINES = 230 };
    static struct raw raws[LINES];
    int greeted = 0;
    for (int i = 0; i < LINES; i++) {
        raw_open(&raws[i], xb.port, &xa, SHOWS_NOTHING, "NORMAL");
        greeted += raws[i].handshake == 0;
    }
    CHECK_SEEN(greeted == LINES, "%d", greeted);
    check_afresh();
    for (int i = 0; i < LINES; i++)
        raw_close(&raws[i]);
}

/* Large answers asked for on several lines and not taken: the first is kept for them, no other. */
static void test_greed(void)
{
    static const char large[] =
        "POST /line/large HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n\x03\x01\x01\x01";
    struct raw raws[3];
    char heard[2048];
    for (size_t i = 0; i < 3; i++) {
        raw_open(&raws[i], xb.port, &xa, SHOWS_OURS, "NORMAL");
        raw_say(&raws[i], large);
        if (i == 0)
            usleep(1000 * 1000);
    }
    for (size_t i = 1; i < 3; i++) {
        raw_hear(heard, sizeof heard, &raws[i], 8000);
        CHECK_SEEN(strstr(heard, "HTTP/1.1 503") == heard &&
                       strstr(heard, "take those first") != NULL,
                   "%s", heard);
    }
    check_echo(13);
    for (size_t i = 0; i < 3; i++)
        raw_close(&raws[i]);
}

/* No TLS at all: nothing, noise, or a line that is opened and left, many times. */
static void test_noise(void)
{
    enum { LINES = 300 };
    int fds[LINES];
    char noise[4096];
    randombytes_buf(noise, sizeof noise);
    int fd = raw_connect(xb.port);
    CHECK(send(fd, noise, sizeof noise, MSG_NOSIGNAL) > 0);
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    CHECK(poll(&wanted, 1, 5000) == 1);
    close(fd);
    for (int i = 0; i < LINES; i++)
        fds[i] = raw_connect(xb.port);
    check_echo(11); /* on the kept line */
    for (int i = 0; i < LINES; i++)
        close(fds[i]);
    usleep(700 * 1000); /* their time to greet is over */
    check_afresh();
}

int main(void)
{
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    signal(SIGPIPE, SIG_IGN);
    xa = party_make("XA");
    xb = party_make("XB");
    party_meet(&xb, &xa, 1, false);
    party_serve(&xb, 0);
    party_meet(&xa, &xb, xb.port, false);
    party_open(&xa, -1);
    check_echo(0);
    size_t before = party_descriptors(&xb);
    test_what_is_shown();
    begin_slow_reader();
    test_bad_requests();
    test_cut_off();
    test_two_at_once();
    test_long_heads();
    test_last_words();
    test_mutations();
    test_drip();
    test_gone();
    test_lines_of_one();
    test_many_lines();
    test_greed();
    test_noise();
    test_slow_reader();
    check_echo(12);
    usleep(1000 * 1000);
    size_t after = party_descriptors(&xb);
    CHECK_SEEN(before > 0 && after <= before + 1, "%zu descriptors, then %zu", before,
               after);
    party_close(&xa);
    party_end(&xb);
    return check_done("front_hostile");
}
