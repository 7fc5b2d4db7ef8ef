/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/front_raw.h: an end of a line that says and hears exactly what a test wants it to, with any
 * certificate: one that asks a node (raw_open), or answers one (raw_answer).
 */
#ifndef TESTS_FRONT_RAW_H
#define TESTS_FRONT_RAW_H

#include "front_party.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sys/socket.h>

#define RAW_TLS "NORMAL:-VERS-ALL:+VERS-TLS1.3"

struct raw {
    int fd;
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    uint8_t seed[32], key[32];
    int handshake;
};

static inline int raw_connect(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        abort();
    return fd;
}

enum shows { SHOWS_NOTHING, SHOWS_OURS, SHOWS_FOREIGN, SHOWS_TWO, SHOWS_FORGED };

/* A certificate as others make them, for the same key. */
static inline void foreign_certificate(struct buf *out, gnutls_privkey_t key)
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

static inline void raw_show(struct raw *raw, const struct party *as, enum shows shows)
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
        party_certificate(&der, as, raw->key);
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

static inline void raw_greet(struct raw *raw, const struct party *as, enum shows shows,
                             unsigned side, const char *priority)
{
    gnutls_certificate_allocate_credentials(&raw->credentials);
    if (shows != SHOWS_NOTHING)
        raw_show(raw, as, shows);
    gnutls_init(&raw->session, side | GNUTLS_NO_SIGNAL);
    gnutls_priority_set_direct(raw->session, priority, NULL);
    gnutls_credentials_set(raw->session, GNUTLS_CRD_CERTIFICATE, raw->credentials);
    if (side == GNUTLS_SERVER)
        gnutls_certificate_server_set_request(raw->session, GNUTLS_CERT_REQUEST);
    gnutls_transport_set_int(raw->session, raw->fd);
    gnutls_handshake_set_timeout(raw->session, 10000);
    do
        raw->handshake = gnutls_handshake(raw->session);
    while (raw->handshake < 0 && gnutls_error_is_fatal(raw->handshake) == 0);
}

static inline void raw_open(struct raw *raw, uint16_t port, const struct party *as,
                            enum shows shows, const char *priority)
{
    *raw = (struct raw){.fd = raw_connect(port)};
    raw_greet(raw, as, shows, GNUTLS_CLIENT, priority);
}

/* The next one who comes. */
static inline void raw_answer(struct raw *raw, int listen_fd, const struct party *as,
                              enum shows shows)
{
    *raw = (struct raw){.fd = -1};
    do
        raw->fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
    while (raw->fd < 0 && (errno == EINTR || errno == EAGAIN) && usleep(1000) == 0);
    if (raw->fd < 0)
        abort();
    raw_greet(raw, as, shows, GNUTLS_SERVER, RAW_TLS);
}

/* Some bytes of a message changed, left out, put in twice, or the rest of it cut off. */
static inline void raw_mutate(struct buf *out, const char *from, uint32_t *seed)
{
    static const char likely[] = "\r\n\r\n :0,\t;=\0\x7F\xFF"
                                 "9-+";
    size_t len = strlen(from), at = 0;
    buf_clear(out);
    while (at < len) {
        *seed = *seed * 1664525 + 1013904223;
        unsigned chance = *seed >> 24, which = *seed >> 8 & 0xFF;
        char byte = from[at];
        if (chance < 4)
            byte = likely[which % (sizeof likely - 1)];
        else if (chance < 6)
            byte = (char)which;
        else if (chance == 6)
            at += which % 8; /* left out */
        else if (chance == 7)
            at -= at < which % 32 ? at : which % 32; /* once more */
        else if (chance == 8 && which < 64)
            return;
        buf_add_byte(out, (uint8_t)byte);
        at++;
    }
}

static inline void raw_close(struct raw *raw)
{
    gnutls_deinit(raw->session);
    gnutls_certificate_free_credentials(raw->credentials);
    close(raw->fd);
}

static inline void raw_say(struct raw *raw, const char *text)
{
    gnutls_record_send(raw->session, text, strlen(text));
}

/* What is answered until the line ends (true), or nothing comes for wait_ms. */
static inline bool raw_hear(char *out, size_t size, struct raw *raw, int wait_ms)
{
    size_t len = 0;
    ssize_t got = 1;
    gnutls_record_set_timeout(raw->session, (unsigned)wait_ms);
    while (len + 1 < size) {
        got = gnutls_record_recv(raw->session, out + len, size - len - 1);
        if (got <= 0)
            break;
        len += (size_t)got;
    }
    out[len] = '\0';
    return got <= 0 && got != GNUTLS_E_TIMEDOUT;
}

#endif
