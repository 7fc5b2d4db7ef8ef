/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange/certificate.h: what a node shows when a TLS line begins: an X.509 certificate in which
 * its node key says "for at most 24 hours this TLS key speaks for me".
 *
 * What a peer pins is the node key, an Ed25519 key that never leaves the vault. The front makes a
 * fresh Ed25519 key for TLS and has it certified. There is one form of such a certificate only, of
 * fixed length, and reading it is writing it again and comparing: no chain, no extension, no name is
 * interpreted, and whatever differs by a bit is foreign. docs/format/certificate.md shows it.
 *
 *     issuer    O=enlace node,  CN=base64url(node key)
 *     subject   O=enlace front, CN=base64url(node key)
 *     serial    01 and the first 8 bytes of SHA-256(TLS key)
 *     times     UTCTime, so to the end of 2049
 *     key       Ed25519; keyUsage digitalSignature, critical; signed with Ed25519
 */
#ifndef EXCHANGE_CERTIFICATE_H
#define EXCHANGE_CERTIFICATE_H

#include "exchange/fingerprint.h"

enum {
    TLS_KEY = 32,
    CERTIFICATE_SIGNATURE = 64,
    CERTIFICATE_MAX = 512,
    CERTIFICATE_HOURS = 24 /* the longest life of one */
};

struct certificate {
    uint8_t node_key[NODE_KEY], tls_key[TLS_KEY];
    int64_t from_s, to_s; /* UTC, both included */
};

/* What the node key signs. BAD_INPUT: it lives longer than CERTIFICATE_HOURS, or past 2049. */
MUST_USE enum status
certificate_body(struct buf *out, const struct certificate *certificate, struct err *err);
/* Body and signature, as TLS sends it. */
void certificate_join(struct buf *out, struct bytes body,
                      const uint8_t signature[CERTIFICATE_SIGNATURE]);

/* BAD_INPUT: not of our one form. REFUSED: not signed by the node key that it names. Says nothing of
 * whether we know that key, nor of the time. */
MUST_USE enum status certificate_read(struct certificate *out, struct bytes der,
                                      struct err *err);
/* REFUSED: over, or not begun, for a clock that may differ from ours by CLOCK_DAYS. */
MUST_USE enum status certificate_check_time(const struct certificate *certificate,
                                            int64_t now_s, struct err *err);

#endif
