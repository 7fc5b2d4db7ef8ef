/* SPDX-License-Identifier: Apache-2.0 */
#include "match/xmd.h"

#include <assert.h>
#include <sodium.h>

enum { BLOCK = 128, HASH = crypto_hash_sha512_BYTES };

/* DST_prime: the tag and, behind it, its length in one byte. */
static void add_tag(crypto_hash_sha512_state *sha, struct bytes tag)
{
    uint8_t length = (uint8_t)tag.len;
    crypto_hash_sha512_update(sha, tag.at, tag.len);
    crypto_hash_sha512_update(sha, &length, 1);
}

void xmd_expand(uint8_t *out, size_t out_len, struct bytes message, struct bytes tag)
{
    assert(out_len >= 1 && out_len <= XMD_OUT_MAX && tag.len <= XMD_TAG_MAX);
    static const uint8_t zero_block[BLOCK];
    uint8_t first[HASH], block[HASH];
    const uint8_t behind[3] = {(uint8_t)(out_len >> 8), (uint8_t)out_len, 0};

    crypto_hash_sha512_state sha;
    crypto_hash_sha512_init(&sha);
    crypto_hash_sha512_update(&sha, zero_block, sizeof zero_block);
    crypto_hash_sha512_update(&sha, message.at, message.len);
    crypto_hash_sha512_update(&sha, behind, sizeof behind);
    add_tag(&sha, tag);
    crypto_hash_sha512_final(&sha, first);

    memset(block, 0, sizeof block);
    uint8_t number = 1;
    for (size_t done = 0; done < out_len; number++) {
        for (size_t i = 0; i < HASH; i++)
            block[i] ^= first[i];
        crypto_hash_sha512_init(&sha);
        crypto_hash_sha512_update(&sha, block, sizeof block);
        crypto_hash_sha512_update(&sha, &number, 1);
        add_tag(&sha, tag);
        crypto_hash_sha512_final(&sha, block);
        size_t len = out_len - done < HASH ? out_len - done : HASH;
        memcpy(out + done, block, len);
        done += len;
    }
    sodium_memzero(&sha, sizeof sha);
    sodium_memzero(first, sizeof first);
    sodium_memzero(block, sizeof block);
}
