/* SPDX-License-Identifier: Apache-2.0 */
#include "store/seal.h"

#include <assert.h>
#include <sodium.h>

void seal_commitment(uint8_t commitment[ENTRY_COMMITMENT], const uint8_t key[SECRET_KEY],
                     struct bytes sealed, struct bytes payload)
{
    uint8_t salt[ENTRY_SALT];
    crypto_generichash(salt, sizeof salt, sealed.at, SEAL_NONCE, key, SECRET_KEY);
    entry_commit(commitment, salt, payload);
    sodium_memzero(salt, sizeof salt);
}

void seal_close(struct buf *sealed, uint8_t commitment[ENTRY_COMMITMENT],
                const uint8_t key[SECRET_KEY], uint64_t sequence, struct bytes payload,
                const struct world *world)
{
    uint8_t place[8];
    store_be64(place, sequence);
    buf_clear(sealed);
    uint8_t *at = buf_extend(sealed, payload.len + SEAL_OVERHEAD);
    assert(at != NULL); /* whoever makes a payload keeps it under SEAL_PAYLOAD_MAX */
    world_random(world, at, SEAL_NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        at + SEAL_NONCE, NULL, payload.at, payload.len, place, sizeof place, NULL, at, key);
    seal_commitment(commitment, key, buf_bytes(sealed), payload);
}

enum status seal_open(struct buf *payload, const uint8_t key[SECRET_KEY], uint64_t sequence,
                      struct bytes sealed, struct err *err)
{
    uint8_t place[8];
    store_be64(place, sequence);
    buf_clear(payload);
    if (sealed.len < SEAL_OVERHEAD || sealed.len > SEAL_PAYLOAD_MAX + SEAL_OVERHEAD)
        return fail(err, REFUSED, "the payload of entry %llu has an impossible length",
                    (unsigned long long)sequence);
    uint8_t *at = buf_extend(payload, sealed.len - SEAL_OVERHEAD);
    if (at == NULL)
        return fail(err, TOO_LARGE,
                    "the payload of entry %llu is too large to be read here",
                    (unsigned long long)sequence);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(at, NULL, NULL, sealed.at + SEAL_NONCE,
                                                   sealed.len - SEAL_NONCE, place,
                                                   sizeof place, sealed.at, key) != 0) {
        buf_clear(payload);
        return fail(
            err, REFUSED,
            "the payload of entry %llu cannot be opened: it was damaged or exchanged",
            (unsigned long long)sequence);
    }
    return OK;
}
