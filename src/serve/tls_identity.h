/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/tls_identity.h: the key with which the front speaks TLS, and who is at the other end.
 *
 * The key is drawn here and certified by the vault (exchange/certificate.h) for at most 24 hours;
 * then the next one is drawn. What answers (libmicrohttpd) asks for the pair in every handshake;
 * what calls (libcurl) reads it, for every new line, from two files in memory that have no name and
 * are reached through this process's own list of open files. Used by the front's process alone.
 */
#ifndef SERVE_TLS_IDENTITY_H
#define SERVE_TLS_IDENTITY_H

#include "exchange/certificate.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

/* What the answering side agrees to: TLS 1.3, X25519, Ed25519. */
#define TLS_PRIORITY                                                                       \
    "SECURE128:-VERS-ALL:+VERS-TLS1.3:-SIGN-ALL:+SIGN-EDDSA-ED25519:-GROUP-ALL:+GROUP-"    \
    "X25519"

enum { TLS_PATH_MAX = 32 };

/* The pair before the current one is kept for handshakes that are under way. */
struct tls_identity {
    uint8_t next_seed[32], next_key[TLS_KEY];
    struct tls_pair {
        bool set;
        gnutls_pcert_st certificate;
        gnutls_privkey_t key;
    } pairs[2];
    unsigned current; /* of pairs */
    struct tls_file {
        int fd;
        char path[TLS_PATH_MAX];
    } certificate_file, key_file; /* DER; empty until there is a certificate */
};

/* Before the sandbox. The identity must stay where it is. */
MUST_USE enum status tls_identity_open(struct tls_identity *identity, struct err *err);
void tls_identity_close(struct tls_identity *identity);
/* Draws the next key; its public half is to be certified. */
void tls_identity_draw(struct tls_identity *identity);
/* The certificate of the key that was drawn last; from now on it is shown. */
MUST_USE enum status tls_identity_take(struct tls_identity *identity, struct bytes der,
                                       struct err *err);
bool tls_identity_certified(const struct tls_identity *identity);

/* A session of the answering side: shows this identity, and asks the other end for its certificate. */
void tls_session_answers(gnutls_session_t session, struct tls_identity *identity);
/* A gnutls_certificate_retrieve_function2 for such sessions. */
int tls_session_give(gnutls_session_t session, const gnutls_datum_t *authorities,
                     int authority_count, const gnutls_pk_algorithm_t *algorithms,
                     int algorithm_count, gnutls_pcert_st **certificate,
                     unsigned *certificate_count, gnutls_privkey_t *key);
/* Whether the greeting is over, so that the other end is known. */
bool tls_session_greeted(gnutls_session_t session);
/* Who is at the other end: the handshake's signature has proved that it has the key in what it showed.
 * REFUSED, with a sentence: it showed none, or none of ours. Says nothing of the time. */
MUST_USE enum status tls_session_peer(struct certificate *out, gnutls_session_t session,
                                      struct err *err);

#endif
