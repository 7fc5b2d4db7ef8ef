/* SPDX-License-Identifier: Apache-2.0
 *
 * The line between nodes over real TLS on loopback: who is let in, what crosses, and what those who
 * mean ill, are slow, or have a wrong clock come to.
 */
#include "front_party.h"

#include "exchange/http.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <sys/socket.h>

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

/* ---- Those who do not ---- */

struct raw {
    int fd;
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    uint8_t seed[32], key[32];
    int handshake;
};

static int raw_connect(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(xb.port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        abort();
    return fd;
}

enum shows { SHOWS_NOTHING, SHOWS_OURS, SHOWS_FOREIGN, SHOWS_TWO, SHOWS_FORGED };

/* A certificate as others make them, for the same key. */
static void foreign_certificate(struct buf *out, gnutls_privkey_t key)
{
    gnutls_x509_crt_t made;
    gnutls_pubkey_t public_key;
    gnutls_datum_t der;
    uint8_t serial = 1;
    if (gnutls_x509_crt_init(&made) != 0 || gnutls_pubkey_init(&public_key) != 0 ||
        gnutls_pubkey_import_privkey(public_key, key, 0, 0) != 0 ||
        gnutls_x509_crt_set_pubkey(made, public_key) != 0 ||
        gnutls_x509_crt_set_version(made, 3) != 0 ||
        gnutls_x509_crt_set_serial(made, &serial, 1) != 0 ||
        gnutls_x509_crt_set_activation_time(made, time(NULL) - 60) != 0 ||
        gnutls_x509_crt_set_expiration_time(made, time(NULL) + 3600) != 0 ||
        gnutls_x509_crt_set_dn_by_oid(made, GNUTLS_OID_X520_COMMON_NAME, 0, "xa.example",
                                      10) != 0 ||
        gnutls_x509_crt_privkey_sign(made, made, key, GNUTLS_DIG_SHA512, 0) != 0 ||
        gnutls_x509_crt_export2(made, GNUTLS_X509_FMT_DER, &der) != 0)
        abort();
    buf_add(out, bytes_of(der.data, der.size));
    gnutls_free(der.data);
    gnutls_pubkey_deinit(public_key);
    gnutls_x509_crt_deinit(made);
}

static void raw_show(struct raw *raw, enum shows shows)
{
    gnutls_pcert_st *list = gnutls_malloc(2 * sizeof *list);
    gnutls_privkey_t key;
    struct buf der = {.max = 4096};
    uint8_t secret[64];
    unsigned count = shows == SHOWS_TWO ? 2 : 1;
    randombytes_buf(raw->seed, 32);
    crypto_sign_seed_keypair(raw->key, secret, raw->seed);
    gnutls_datum_t x = {raw->key, 32}, k = {raw->seed, 32};
    gnutls_privkey_init(&key);
    gnutls_privkey_import_ecc_raw(key, GNUTLS_ECC_CURVE_ED25519, &x, NULL, &k);
    if (shows == SHOWS_FOREIGN)
        foreign_certificate(&der, key);
    else
        party_certificate(&der, &xa, raw->key);
    if (shows == SHOWS_FORGED)
        der.at[der.len - 1] ^= 1;
    gnutls_datum_t whole = {der.at, (unsigned)der.len};
    for (unsigned i = 0; i < count; i++)
        gnutls_pcert_import_x509_raw(&list[i], &whole, GNUTLS_X509_FMT_DER, 0);
    if (gnutls_certificate_set_key(raw->credentials, NULL, 0, list, (int)count, key) < 0)
        abort();
    gnutls_free(list);
    buf_release(&der);
}

static void raw_open(struct raw *raw, enum shows shows, const char *priority)
{
    *raw = (struct raw){.fd = raw_connect()};
    gnutls_certificate_allocate_credentials(&raw->credentials);
    if (shows != SHOWS_NOTHING)
        raw_show(raw, shows);
    gnutls_init(&raw->session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
    gnutls_priority_set_direct(raw->session, priority, NULL);
    gnutls_credentials_set(raw->session, GNUTLS_CRD_CERTIFICATE, raw->credentials);
    gnutls_transport_set_int(raw->session, raw->fd);
    gnutls_handshake_set_timeout(raw->session, 10000);
    do
        raw->handshake = gnutls_handshake(raw->session);
    while (raw->handshake < 0 && gnutls_error_is_fatal(raw->handshake) == 0);
}

static void raw_close(struct raw *raw)
{
    gnutls_deinit(raw->session);
    gnutls_certificate_free_credentials(raw->credentials);
    close(raw->fd);
}

static void raw_say(struct raw *raw, const char *text)
{
    gnutls_record_send(raw->session, text, strlen(text));
}

/* What is answered until the line ends, or nothing comes for wait_ms. */
static void raw_hear(char *out, size_t size, struct raw *raw, int wait_ms)
{
    size_t len = 0;
    gnutls_record_set_timeout(raw->session, (unsigned)wait_ms);
    while (len + 1 < size) {
        ssize_t got = gnutls_record_recv(raw->session, out + len, size - len - 1);
        if (got <= 0)
            break;
        len += (size_t)got;
    }
    out[len] = '\0';
}

#define GOOD "POST /line/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"

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
        raw_open(&raw, cases[i].shows, "NORMAL:-VERS-ALL:+VERS-TLS1.3");
        CHECK_SEEN(raw.handshake == 0, "%s: %s", cases[i].name,
                   gnutls_strerror(raw.handshake));
        raw_say(&raw, GOOD);
        raw_hear(heard, sizeof heard, &raw, 1500);
        CHECK_SEEN(strstr(heard, cases[i].answer) == heard &&
                       strstr(heard, cases[i].says) != NULL,
                   "%s: %s", cases[i].name, heard);
        raw_close(&raw);
        check_echo(9);
    }
    struct raw raw;
    raw_open(&raw, SHOWS_OURS, "NORMAL:-VERS-ALL:+VERS-TLS1.2");
    CHECK(raw.handshake < 0);
    raw_close(&raw);
}

static void test_bad_requests(void)
{
    static const struct {
        const char *name, *says, *answer;
    } cases[] = {
        {"two at once", GOOD GOOD, "HTTP/1.1 200"},
        {"too long",
         "POST /line/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n",
         "HTTP/1.1 413"},
        {"GET", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400"},
        {"no path", "POST /v1/line HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
         "HTTP/1.1 404"},
        {"no HTTP", "\x01\x02\x03\x04\r\n\r\n", "HTTP/1.1 400"},
        {"chunks",
         "POST /line/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
         "chunked\r\n\r\n0\r\n\r\n",
         "HTTP/1.1 400"},
        /* These say less than they promise, and are cut off without an answer. */
        {"cut in the body",
         "POST /line/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhel", ""},
        {"cut in the head", "POST /line/echo HTTP/1.1\r\nHo", ""},
        {"silence", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct raw raw;
        char heard[4096];
        raw_open(&raw, SHOWS_OURS, "NORMAL");
        if (cases[i].says[0] != '\0')
            raw_say(&raw, cases[i].says);
        raw_hear(heard, sizeof heard, &raw, cases[i].answer[0] != '\0' ? 1500 : 10000);
        CHECK_SEEN(strncmp(heard, cases[i].answer, strlen(cases[i].answer)) == 0 &&
                       (cases[i].answer[0] != '\0') == (heard[0] != '\0'),
                   "%s: %s", cases[i].name, heard);
        if (i == 0) /* both are answered, one after the other, on one line */
            CHECK_SEEN(strstr(heard + 10, "HTTP/1.1 200") != NULL, "%s", heard);
        raw_close(&raw);
        check_echo(10);
    }
}

/* A byte now and then: the line ends when the time for the whole is over, however busy it looks. */
static void test_drip(void)
{
    struct raw raw;
    bool ended = false;
    raw_open(&raw, SHOWS_OURS, "NORMAL");
    for (size_t i = 0; i < 100 && !ended; i++) {
        char byte = GOOD[i % 20];
        ended = gnutls_record_send(raw.session, &byte, 1) < 0;
        usleep(100 * 1000);
    }
    CHECK(ended);
    raw_close(&raw);
}

/* Large answers asked for on several lines and not taken: the first is kept for them, no other. */
static void test_greed(void)
{
    static const char large[] =
        "POST /line/large HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n\x03\x01\x01\x01";
    struct raw raws[3];
    char heard[2048];
    for (size_t i = 0; i < 3; i++) {
        raw_open(&raws[i], SHOWS_OURS, "NORMAL");
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
    int fd = raw_connect();
    CHECK(send(fd, noise, sizeof noise, MSG_NOSIGNAL) > 0);
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    CHECK(poll(&wanted, 1, 5000) == 1);
    close(fd);
    for (int i = 0; i < LINES; i++)
        fds[i] = raw_connect();
    check_echo(11); /* on the kept line */
    for (int i = 0; i < LINES; i++)
        close(fds[i]);
    usleep(700 * 1000); /* their time to greet is over */
    struct party caller = party_make("XA");
    struct err err = {0};
    party_meet(&caller, &xb, xb.port, false);
    CHECK_SEEN(call_afresh(&caller, &xb, &err) == OK, "%s", err.text);
    peer_list_release(&caller.peers);
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
    test_refusals();
    test_certificates();
    test_strangers();
    test_restarts();
    test_what_is_shown();
    test_bad_requests();
    test_drip();
    test_greed();
    test_noise();
    check_echo(12);
    party_close(&xa);
    party_end(&xb);
    return check_done("front");
}
