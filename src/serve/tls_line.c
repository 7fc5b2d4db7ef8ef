/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/tls_line.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECES_AT_ONCE = 64 };
enum { PIECE = 16 * 1024, HANDSHAKE_MAX = 16 * 1024, OUT_MAX = 2 * 1024 * 1024 };

static const char PRIORITY[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:-SIGN-ALL:"
                               "+SIGN-EDDSA-ED25519:-GROUP-ALL:+GROUP-X25519";

/* ---- Identity ---- */

/* GnuTLS asks for our end's certificate in every handshake. */
static int give_pair(gnutls_session_t session, const gnutls_datum_t *authorities,
                     int authority_count, const gnutls_pk_algorithm_t *algorithms,
                     int algorithm_count, gnutls_pcert_st **certificate,
                     unsigned *certificate_count, gnutls_privkey_t *key)
{
    struct tls_identity *identity = gnutls_session_get_ptr(session);
    struct tls_pair *pair = &identity->pairs[identity->current];
    (void)authorities, (void)authority_count, (void)algorithms, (void)algorithm_count;
    *certificate_count = 0;
    if (!pair->set)
        return 0;
    *certificate = &pair->certificate;
    *certificate_count = 1;
    *key = pair->key;
    return 0;
}

enum status tls_identity_open(struct tls_identity *identity, struct err *err)
{
    *identity = (struct tls_identity){0};
    int code = gnutls_certificate_allocate_credentials(&identity->credentials);
    if (code == GNUTLS_E_SUCCESS)
        code = gnutls_priority_init(&identity->priority, PRIORITY, NULL);
    if (code != GNUTLS_E_SUCCESS) {
        tls_identity_close(identity);
        return fail(err, IO_FAILED, "TLS does not start here: %s", gnutls_strerror(code));
    }
    gnutls_certificate_set_retrieve_function2(identity->credentials, give_pair);
    return OK;
}

static void drop_pair(struct tls_pair *pair)
{
    if (pair->set) {
        gnutls_pcert_deinit(&pair->certificate);
        gnutls_privkey_deinit(pair->key);
    }
    *pair = (struct tls_pair){0};
}

void tls_identity_close(struct tls_identity *identity)
{
    for (size_t i = 0; i < 2; i++)
        drop_pair(&identity->pairs[i]);
    if (identity->credentials != NULL)
        gnutls_certificate_free_credentials(identity->credentials);
    if (identity->priority != NULL)
        gnutls_priority_deinit(identity->priority);
    sodium_memzero(identity, sizeof *identity);
}

void tls_identity_draw(struct tls_identity *identity)
{
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    randombytes_buf(identity->next_seed, sizeof identity->next_seed);
    crypto_sign_seed_keypair(identity->next_key, secret, identity->next_seed);
    sodium_memzero(secret, sizeof secret);
}

static gnutls_datum_t datum(const void *at, size_t len)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)at, (unsigned)len};
}

enum status tls_identity_take(struct tls_identity *identity, struct bytes der,
                              struct err *err)
{
    struct certificate certificate;
    enum status status = certificate_read(&certificate, der, err);
    if (status == OK && memcmp(certificate.tls_key, identity->next_key, TLS_KEY) != 0)
        status = fail(err, REFUSED, "the vault has certified another key");
    if (status != OK)
        return status;
    struct tls_pair fresh = {0};
    gnutls_datum_t whole = datum(der.at, der.len);
    gnutls_datum_t x = datum(identity->next_key, TLS_KEY);
    gnutls_datum_t k = datum(identity->next_seed, sizeof identity->next_seed);
    int code =
        gnutls_pcert_import_x509_raw(&fresh.certificate, &whole, GNUTLS_X509_FMT_DER, 0);
    if (code != GNUTLS_E_SUCCESS)
        return fail(err, IO_FAILED, "TLS does not take our certificate: %s",
                    gnutls_strerror(code));
    code = gnutls_privkey_init(&fresh.key);
    fresh.set = code == GNUTLS_E_SUCCESS;
    if (fresh.set)
        code = gnutls_privkey_import_ecc_raw(fresh.key, GNUTLS_ECC_CURVE_ED25519, &x, NULL,
                                             &k);
    sodium_memzero(identity->next_seed, sizeof identity->next_seed);
    if (code != GNUTLS_E_SUCCESS) {
        drop_pair(&fresh);
        return fail(err, IO_FAILED, "TLS does not take our key: %s", gnutls_strerror(code));
    }
    identity->current = 1 - identity->current;
    drop_pair(&identity->pairs[identity->current]);
    identity->pairs[identity->current] = fresh;
    return OK;
}

/* ---- A line's life ---- */

static void go(struct tls_line *line, const char *why, ...) PRINTF_LIKE(2, 3);
static void go(struct tls_line *line, const char *why, ...)
{
    va_list args;
    line->state = TLS_GONE;
    if (line->why.text[0] != '\0')
        return;
    va_start(args, why);
    vsnprintf(line->why.text, sizeof line->why.text, why, args);
    va_end(args);
}

void tls_line_open(struct tls_line *line, int fd, const struct tls_identity *identity,
                   bool server, size_t in_max)
{
    *line = (struct tls_line){
        .state = server ? TLS_GREETING : TLS_CONNECTING, .fd = fd, .trust = REFUSED};
    /* A message goes out when it is written: it is never followed by more that could go with it. */
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    line->in.max = in_max;
    line->out.max = OUT_MAX;
    line->body.max = SIZE_MAX;
    unsigned flags = GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS |
                     (server ? GNUTLS_SERVER : GNUTLS_CLIENT);
    int code = gnutls_init(&line->session, flags);
    if (code == GNUTLS_E_SUCCESS)
        code = gnutls_priority_set(line->session, identity->priority);
    if (code == GNUTLS_E_SUCCESS)
        code = gnutls_credentials_set(line->session, GNUTLS_CRD_CERTIFICATE,
                                      identity->credentials);
    if (code != GNUTLS_E_SUCCESS) {
        go(line, "TLS does not start here: %s", gnutls_strerror(code));
        return;
    }
    gnutls_session_set_ptr(line->session, (void *)(uintptr_t)identity);
    gnutls_handshake_set_max_packet_length(line->session, HANDSHAKE_MAX);
    gnutls_transport_set_int(line->session, fd);
    /* Asked for and not demanded: whoever has none is told so in words. */
    if (server)
        gnutls_certificate_server_set_request(line->session, GNUTLS_CERT_REQUEST);
}

void tls_line_close(struct tls_line *line)
{
    if (line->session != NULL)
        gnutls_deinit(line->session);
    if (line->fd >= 0)
        close(line->fd);
    buf_release(&line->in);
    buf_release(&line->out);
    buf_release(&line->body);
    *line = (struct tls_line){.state = TLS_GONE, .fd = -1};
}

void tls_line_finish(struct tls_line *line)
{
    line->finishing = true;
}

bool tls_line_sent_all(const struct tls_line *line)
{
    return line->out_sent == line->out.len && line->body_sent == line->body.len;
}

short tls_line_events(const struct tls_line *line)
{
    bool sends = line->state == TLS_OPEN && !tls_line_sent_all(line);
    switch (line->state) {
    case TLS_CONNECTING:
        return POLLOUT;
    case TLS_GREETING:
        return line->wants_write ? POLLOUT : POLLIN;
    case TLS_OPEN:
        return (short)((sends ? POLLOUT : 0) | (line->in.len < line->in.max ? POLLIN : 0));
    case TLS_LEAVING:
        return POLLIN;
    case TLS_GONE:
        break;
    }
    return 0;
}

/* Who showed which certificate. The signature of the handshake has proved that the other end has the
 * key in it. */
static void identify(struct tls_line *line, int64_t now_s)
{
    unsigned count = 0;
    const gnutls_datum_t *shown =
        gnutls_certificate_type_get(line->session) == GNUTLS_CRT_X509
            ? gnutls_certificate_get_peers(line->session, &count)
            : NULL;
    line->trust = OK;
    if (shown == NULL || count == 0)
        line->trust = fail(&line->why, REFUSED,
                           "who speaks to a node must show the certificate of a node");
    else if (count > 1)
        line->trust =
            fail(&line->why, REFUSED, "a node shows one certificate, not %u", count);
    else
        line->trust =
            certificate_read(&line->peer, bytes_of(shown->data, shown->size), &line->why);
    if (line->trust == OK)
        line->trust = certificate_check_time(&line->peer, now_s, &line->why);
    if (line->trust != OK)
        line->trust = REFUSED;
}

static void connect_step(struct tls_line *line, bool *progress)
{
    int fault = 0;
    socklen_t len = sizeof fault;
    struct pollfd wanted = {.fd = line->fd, .events = POLLOUT};
    if (poll(&wanted, 1, 0) == 0)
        return;
    if (getsockopt(line->fd, SOL_SOCKET, SO_ERROR, &fault, &len) != 0)
        fault = errno;
    *progress = true;
    if (fault != 0)
        go(line, "%s", strerror(fault));
    else
        line->state = TLS_GREETING;
}

static void greet_step(struct tls_line *line, int64_t now_s, bool *progress)
{
    int code = gnutls_handshake(line->session);
    line->wants_write = gnutls_record_get_direction(line->session) == 1;
    if (code == GNUTLS_E_AGAIN || code == GNUTLS_E_INTERRUPTED)
        return;
    if (code < 0 && gnutls_error_is_fatal(code) == 0)
        return;
    *progress = true;
    if (code != GNUTLS_E_SUCCESS) {
        go(line, "the TLS handshake failed: %s", gnutls_strerror(code));
        return;
    }
    line->state = TLS_OPEN;
    identify(line, now_s);
}

/* One of the two things to be sent; false when the line takes no more now. */
static bool send_from(struct tls_line *line, struct buf *from, size_t *sent, bool *progress)
{
    while (*sent < from->len) {
        size_t len = from->len - *sent;
        ssize_t count =
            gnutls_record_send(line->session, from->at + *sent, len > PIECE ? PIECE : len);
        if (count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED)
            return false;
        if (count < 0) {
            go(line, "the other side has closed the line while it was written to");
            return false;
        }
        *sent += (size_t)count;
        *progress = true;
    }
    return true;
}

static void send_step(struct tls_line *line, bool *progress)
{
    if (!send_from(line, &line->out, &line->out_sent, progress) ||
        !send_from(line, &line->body, &line->body_sent, progress))
        return;
    /* All is sent: memory goes back, and counting starts anew. */
    if (line->out.len > 0 || line->body.len > 0) {
        buf_release(&line->out);
        buf_release(&line->body);
        line->out_sent = line->body_sent = 0;
    }
    if (line->finishing) {
        gnutls_bye(line->session, GNUTLS_SHUT_WR);
        shutdown(line->fd, SHUT_WR);
        line->state = TLS_LEAVING;
    }
}

/* Into the room that is left; what is read when leaving is forgotten. */
static void read_step(struct tls_line *line, bool *progress)
{
    /* Not for ever, however fast the other side is: others have their turn. */
    for (unsigned i = 0; i < PIECES_AT_ONCE; i++) {
        uint8_t piece[PIECE];
        size_t room = line->in.len < line->in.max ? line->in.max - line->in.len : 0;
        if (line->state == TLS_LEAVING)
            room = sizeof piece;
        room = room > sizeof piece ? sizeof piece : room;
        if (room == 0)
            return;
        ssize_t count = gnutls_record_recv(line->session, piece, room);
        if (count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED)
            return;
        if (count < 0 && gnutls_error_is_fatal((int)count) == 0)
            continue;
        if (count <= 0) {
            go(line, "the other side has closed the line");
            return;
        }
        if (line->state == TLS_LEAVING)
            continue;
        buf_add(&line->in, bytes_of(piece, (size_t)count));
        line->heard = *progress = true;
    }
}

void tls_line_step(struct tls_line *line, int64_t now_s, bool *progress)
{
    if (line->state == TLS_CONNECTING)
        connect_step(line, progress);
    if (line->state == TLS_GREETING)
        greet_step(line, now_s, progress);
    if (line->state == TLS_OPEN)
        send_step(line, progress);
    if (line->state == TLS_OPEN || line->state == TLS_LEAVING)
        read_step(line, progress);
}
