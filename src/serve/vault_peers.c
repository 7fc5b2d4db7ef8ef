/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/vault_peers.h"

#include "base/text.h"
#include "serve/vault_line.h"

#include <sodium.h>

enum { HOUR_S = 3600 };

/* ---- The core's side ---- */

enum status vault_certify(struct buf *certificate, struct vault *vault,
                          const uint8_t tls_key[TLS_KEY], struct err *err)
{
    struct bytes der;
    enum status status =
        vault_ask(&der, vault, VAULT_WANT_CERTIFICATE, bytes_of(tls_key, TLS_KEY), err);
    if (status != OK)
        return status;
    buf_clear(certificate);
    buf_add(certificate, der);
    return OK;
}

enum status vault_sign_invitation(struct buf *invitation, struct vault *vault,
                                  struct err *err)
{
    struct bytes signature;
    enum status status =
        vault_ask(&signature, vault, VAULT_WANT_INVITATION, buf_bytes(invitation), err);
    if (status == OK && signature.len != INVITATION_SIGNATURE)
        status = fail(err, IO_FAILED, "the vault does not make sense");
    if (status == OK)
        invitation_add_signature(invitation, signature.at);
    return status;
}

/* ---- The vault's side ---- */

enum status vault_give_certificate(struct buf *answer,
                                   const struct checkpoint_signer *signer,
                                   struct bytes tls_key, const struct world *world,
                                   struct err *err)
{
    struct certificate certificate = {.from_s = world_now_s(world)};
    struct buf body = {.max = CERTIFICATE_MAX};
    uint8_t signature[CERTIFICATE_SIGNATURE];
    if (tls_key.len != TLS_KEY)
        return fail(err, BAD_INPUT, "this is no TLS key");
    certificate.to_s = certificate.from_s + CERTIFICATE_HOURS * HOUR_S;
    memcpy(certificate.node_key, signer->public_key, NODE_KEY);
    memcpy(certificate.tls_key, tls_key.at, TLS_KEY);
    enum status status = certificate_body(&body, &certificate, err);
    if (status == OK) {
        crypto_sign_detached(signature, NULL, body.at, body.len, signer->secret_key);
        certificate_join(answer, buf_bytes(&body), signature);
    }
    buf_release(&body);
    return status;
}

enum status vault_give_signature(struct buf *answer, const struct checkpoint_signer *signer,
                                 struct bytes invitation, struct err *err)
{
    uint8_t signature[INVITATION_SIGNATURE];
    char key[2 * NODE_KEY + 16] = "\nkey ";
    hex_write(key + strlen(key), bytes_of(signer->public_key, NODE_KEY));
    if (invitation.len > INVITATION_MAX ||
        !text_starts(invitation, INVITATION_FIRST_LINE) ||
        memmem(invitation.at, invitation.len, key, strlen(key)) == NULL)
        return fail(err, BAD_INPUT, "this is no invitation of this node");
    crypto_sign_detached(signature, NULL, invitation.at, invitation.len,
                         signer->secret_key);
    buf_add(answer, bytes_of(signature, sizeof signature));
    return OK;
}
