/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/tls_line.h: one TLS line with another node, either way round, that never blocks.
 *
 *     CONNECTING --connected--> GREETING --handshake done, certificate read--> OPEN
 *     OPEN  --tls_line_finish, all is sent--> LEAVING  (reads and forgets, so that the last answer
 *                                                      arrives before the end of the line)
 *     any   --fault, end--> GONE, with a sentence in `why`
 *
 * TLS 1.3 with Ed25519 certificates of one form (exchange/certificate.h); no resumption, so that
 * every line shows its certificate. Who is at the other end is known in OPEN: `peer` when `trust` is
 * OK; else `why` says what is wrong with it, and what to do about it is the owner's business.
 * Used by the front's process alone.
 */
#ifndef SERVE_TLS_LINE_H
#define SERVE_TLS_LINE_H

#include "exchange/certificate.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

/* Our own end's keys. The one before the last is kept for handshakes that are under way. */
struct tls_identity {
    gnutls_certificate_credentials_t credentials;
    gnutls_priority_t priority;
    uint8_t next_seed[32], next_key[TLS_KEY];
    struct tls_pair {
        bool set;
        gnutls_pcert_st certificate;
        gnutls_privkey_t key;
    } pairs[2];
    unsigned current; /* of pairs */
};

enum tls_state { TLS_CONNECTING, TLS_GREETING, TLS_OPEN, TLS_LEAVING, TLS_GONE };

struct tls_line {
    enum tls_state state;
    int fd;
    gnutls_session_t session;
    enum status trust;
    struct err why;
    struct certificate peer;
    struct buf in; /* born with a maximum by the owner; what does not fit waits */
    struct buf out, body;
    size_t out_sent, body_sent;         /* body_sent starts where the owner says */
    bool wants_write, finishing, heard; /* heard: anything since the last request */
};

/* The identity must stay where it is. */
MUST_USE enum status tls_identity_open(struct tls_identity *identity, struct err *err);
void tls_identity_close(struct tls_identity *identity);
/* Draws the next key; its public half is to be certified. */
void tls_identity_draw(struct tls_identity *identity);
/* The certificate of the key that was drawn last; from now on it is shown. */
MUST_USE enum status tls_identity_take(struct tls_identity *identity, struct bytes der,
                                       struct err *err);

/* Takes fd over. in_max: how much may wait to be read. */
void tls_line_open(struct tls_line *line, int fd, const struct tls_identity *identity,
                   bool server, size_t in_max);
void tls_line_close(struct tls_line *line);
/* Does what can be done without waiting. progress: bytes moved, or the state changed. */
void tls_line_step(struct tls_line *line, int64_t now_s, bool *progress);
/* What to poll for; 0: nothing to be waited for. */
short tls_line_events(const struct tls_line *line);
bool tls_line_sent_all(const struct tls_line *line);
/* Send what there is, then leave. */
void tls_line_finish(struct tls_line *line);

#endif
