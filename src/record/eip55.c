/* SPDX-License-Identifier: Apache-2.0 */
#include "record/eip55.h"

#include "base/text.h"

#include <nettle/sha3.h>
#include <string.h>

enum { RATE = 136, HASH = 32, PREFIX_MAX = 4, TEXT_MAX = PREFIX_MAX + EIP55_DIGITS };

/* Keccak-256 as it was before SHA-3 changed its padding; of a text shorter than one block. */
static void keccak256(uint8_t hash[HASH], const uint8_t *text, size_t len)
{
    struct sha3_state state = {{0}};
    uint8_t block[RATE] = {0};
    memcpy(block, text, len);
    block[len] = 0x01;
    block[RATE - 1] |= 0x80;
    for (size_t i = 0; i < RATE; i++)
        state.a[i / 8] |= (uint64_t)block[i] << i % 8 * 8;
    sha3_permute(&state);
    for (size_t i = 0; i < HASH; i++)
        hash[i] = (uint8_t)(state.a[i / 8] >> i % 8 * 8);
}

/* out: the digits with their letters as the checksum wants them. */
static void write_case(uint8_t out[EIP55_DIGITS], const uint8_t digits[EIP55_DIGITS],
                       const char *prefix)
{
    uint8_t text[TEXT_MAX], hash[HASH];
    size_t start = strlen(prefix);
    memcpy(text, prefix, start);
    for (size_t i = 0; i < EIP55_DIGITS; i++)
        text[start + i] = is_letter(digits[i]) ? (uint8_t)(digits[i] | 0x20) : digits[i];
    keccak256(hash, text, start + EIP55_DIGITS);
    for (size_t i = 0; i < EIP55_DIGITS; i++) {
        unsigned digit = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
        uint8_t small = text[start + i];
        out[i] = is_letter(small) && digit >= 8 ? (uint8_t)(small & ~0x20) : small;
    }
}

bool eip55_holds(const uint8_t digits[EIP55_DIGITS])
{
    static const char *const prefixes[] = {"", "300x", "310x"};
    uint8_t wanted[EIP55_DIGITS];
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        write_case(wanted, digits, prefixes[i]);
        if (memcmp(wanted, digits, EIP55_DIGITS) == 0)
            return true;
    }
    return false;
}

void eip55_write(uint8_t digits[EIP55_DIGITS])
{
    write_case(digits, digits, "");
}
