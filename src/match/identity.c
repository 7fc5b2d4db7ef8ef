/* SPDX-License-Identifier: Apache-2.0 */
#include "match/identity.h"

#include "base/world.h"

#include <assert.h>
#include <nettle/sha2.h>
#include <sodium.h>

void identity_init(struct identity *identity, const struct world *world)
{
    uint8_t seed[crypto_sign_SEEDBYTES];
    world_random(world, seed, sizeof seed);
    crypto_sign_seed_keypair(identity->public_key, identity->secret_key, seed);
    sodium_memzero(seed, sizeof seed);
}

void identity_release(struct identity *identity)
{
    if (identity != NULL)
        sodium_memzero(identity, sizeof *identity);
}

void identity_sign(struct buf *message, const struct identity *identity)
{
    uint8_t signature[SIGNATURE];
    assert(!message->overflowed);
    crypto_sign_detached(signature, NULL, message->at, message->len, identity->secret_key);
    buf_add(message, bytes_of(signature, sizeof signature));
}

bool identity_signed(struct bytes message, const uint8_t signer[IDENTITY_KEY])
{
    if (message.len < SIGNATURE)
        return false;
    size_t text_len = message.len - SIGNATURE;
    return crypto_sign_verify_detached(message.at + text_len, message.at, text_len,
                                       signer) == 0;
}

void message_digest(uint8_t digest[DIGEST], struct bytes message)
{
    struct sha256_ctx sha;
    sha256_init(&sha);
    sha256_update(&sha, message.len, message.at);
    sha256_digest(&sha, DIGEST, digest);
}
