/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/vault_peers.h: what the node key signs for other nodes to see.
 *
 *     core  --'t'-->  vault   TLS key 32                   'k' certificate (exchange/certificate.h)
 *     core  --'i'-->  vault   invitation, all but its end  'k' signature 64
 *
 * The vault puts the certificate together itself, from its own clock, and signs as an invitation only
 * a text that begins as one and names its own key; so neither can be used to have anything else
 * signed: a checkpoint begins with "enlace/", an invitation with "enlace invitation", a certificate
 * with the byte 0x30.
 */
#ifndef SERVE_VAULT_PEERS_H
#define SERVE_VAULT_PEERS_H

#include "exchange/certificate.h"
#include "exchange/invitation.h"
#include "serve/vault.h"

/* For 24 hours from now. */
MUST_USE enum status vault_certify(struct buf *certificate, struct vault *vault,
                                   const uint8_t tls_key[TLS_KEY], struct err *err);
/* Adds the signature line to what invitation_write wrote. */
MUST_USE enum status vault_sign_invitation(struct buf *invitation, struct vault *vault,
                                           struct err *err);

/* ---- The vault's own side, for vault_process.c ---- */

MUST_USE enum status vault_give_certificate(struct buf *answer,
                                            const struct checkpoint_signer *signer,
                                            struct bytes tls_key, const struct world *world,
                                            struct err *err);
MUST_USE enum status vault_give_signature(struct buf *answer,
                                          const struct checkpoint_signer *signer,
                                          struct bytes invitation, struct err *err);

#endif
