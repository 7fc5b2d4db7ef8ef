/* SPDX-License-Identifier: Apache-2.0 */
#include "match/cell.h"

#include "match/tag.h"

#include <nettle/sha2.h>

enum { CHECK = CELL - TAG_BYTES, PART = 32 };

/* The finaliser of splitmix64: every bit of x reaches every bit of the result. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

uint64_t cell_hash(const uint8_t output[OPRF_OUTPUT], unsigned j, uint64_t seed)
{
    uint64_t first = load_be64(output), second = load_be64(output + 8);
    return mix(mix(first + seed + (j + 1) * 0x9E3779B97F4A7C15u) ^ second);
}

/* 49 bytes: with its padding exactly one block of SHA-256. */
static void derive(uint8_t digest[SHA256_DIGEST_SIZE], const uint8_t output[OPRF_OUTPUT],
                   const uint8_t map_id[MAP_ID], unsigned j)
{
    uint8_t text[PART + MAP_ID + 1];
    memcpy(text, output + PART, PART);
    memcpy(text + PART, map_id, MAP_ID);
    text[PART + MAP_ID] = (uint8_t)j;
    struct sha256_ctx sha;
    sha256_init(&sha);
    sha256_update(&sha, sizeof text, text);
    sha256_digest(&sha, SHA256_DIGEST_SIZE, digest);
}

void cell_seal(uint8_t label[CELL], const uint8_t output[OPRF_OUTPUT],
               const uint8_t map_id[MAP_ID], unsigned j, uint64_t tag)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    derive(digest, output, map_id, j);
    for (size_t i = 0; i < CHECK; i++)
        label[i] = digest[CELL + i] ^ digest[i];
    for (size_t i = 0; i < TAG_BYTES; i++)
        label[CHECK + i] = (uint8_t)(tag >> 8 * (TAG_BYTES - 1 - i)) ^ digest[CHECK + i];
}

bool cell_open(uint64_t *tag, const uint8_t label[CELL], const uint8_t output[OPRF_OUTPUT],
               const uint8_t map_id[MAP_ID], unsigned j)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    derive(digest, output, map_id, j);
    for (size_t i = 0; i < CHECK; i++)
        if ((label[i] ^ digest[i]) != digest[CELL + i])
            return false;
    uint64_t found = 0;
    for (size_t i = CHECK; i < CELL; i++)
        found = found << 8 | (uint8_t)(label[i] ^ digest[i]);
    *tag = found;
    return true;
}
