/* SPDX-License-Identifier: Apache-2.0
 *
 * match/identity.h: the Ed25519 key that signs for one side, and how a message is signed.
 *
 *     magic 8 | ... | signature 64, over everything before it
 *
 * Every signed kind of message begins with its own magic, which is signed too: no message
 * can be passed off as one of another kind. A signature says who wrote the message; whether
 * that is the partner we mean to speak to is asked by whoever reads it.
 */
#ifndef MATCH_IDENTITY_H
#define MATCH_IDENTITY_H

#include "base/bytes.h"

struct world;

enum { IDENTITY_KEY = 32, IDENTITY_SECRET = 64, SIGNATURE = 64, MAGIC = 8, DIGEST = 32 };

struct identity {
    uint8_t public_key[IDENTITY_KEY];
    uint8_t secret_key[IDENTITY_SECRET];
};

/* A new pair from the world's randomness. */
void identity_init(struct identity *identity, const struct world *world);
void identity_release(struct identity *identity);

/* Append the signature over all that stands in message. */
void identity_sign(struct buf *message, const struct identity *identity);
/* The last SIGNATURE bytes of message are signer's, over the rest. */
bool identity_signed(struct bytes message, const uint8_t signer[IDENTITY_KEY]);

/* SHA-256 of a whole message, signature included. */
void message_digest(uint8_t digest[DIGEST], struct bytes message);

#endif
