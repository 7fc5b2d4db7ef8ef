/* SPDX-License-Identifier: Apache-2.0
 *
 * base/endian.h: numbers in bytes, at any address. Here and not in a .c file because the map and
 * the tree read a hundred million of them.
 */
#ifndef BASE_ENDIAN_H
#define BASE_ENDIAN_H

#include <stdint.h>
#include <string.h>

static inline uint16_t load_be16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t load_be32(const uint8_t *at)
{
    return (uint32_t)load_be16(at) << 16 | load_be16(at + 2);
}

static inline uint64_t load_be64(const uint8_t *at)
{
    return (uint64_t)load_be32(at) << 32 | load_be32(at + 4);
}

static inline uint64_t load_le64(const uint8_t *at)
{
    return __builtin_bswap64(load_be64(at));
}

static inline void store_be16(uint8_t *at, uint16_t number)
{
    at[0] = (uint8_t)(number >> 8);
    at[1] = (uint8_t)number;
}

static inline void store_be32(uint8_t *at, uint32_t number)
{
    store_be16(at, (uint16_t)(number >> 16));
    store_be16(at + 2, (uint16_t)number);
}

static inline void store_be64(uint8_t *at, uint64_t number)
{
    store_be32(at, (uint32_t)(number >> 32));
    store_be32(at + 4, (uint32_t)number);
}

static inline void store_le64(uint8_t *at, uint64_t number)
{
    store_be64(at, __builtin_bswap64(number));
}

#endif
