/* SPDX-License-Identifier: Apache-2.0
 *
 * Crypto-currency addresses: base58 with a checksum (Bitcoin, Tron and their kin), bech32
 * (BIP 173) and bech32m (BIP 350), and Ethereum's hexadecimal.
 *
 *     base58:  version 1 | hash 20 | first 4 bytes of SHA-256 twice over what stands before
 *     bech32:  bc | 1 | witness version, program, 30-bit checksum, five bits a character
 *
 * Ethereum's letters carry a checksum in their case (record/eip55); an address in one case
 * has none.
 */
#include "base/text.h"
#include "record/compact.h"
#include "record/eip55.h"
#include "record/near.h"
#include "record/value_rows.h"

#include <sodium.h>

enum {
    BASE58_MIN = 26,
    BASE58_MAX = 35,
    BASE58_BYTES = 25,
    BASE58_CHECK = 4,
    BECH32_MAX = 90,
    BECH32_CHECK = 6,
    BECH32_DATA_MIN = 8, /* witness version, some program, checksum */
    PROGRAM_MIN = 2,
    PROGRAM_MAX = 40,
    ETHEREUM_DIGITS = EIP55_DIGITS,
};

enum wallet_state { WALLET_RIGHT, WALLET_TEST, WALLET_UNKNOWN_COIN, WALLET_WRONG };

/* ---- Base58 ---------------------------------------------------------------------- */

static const char base58_alphabet[] =
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/* Exactly BASE58_BYTES of them, leading zeros (written as 1) counted. */
static bool base58_read(uint8_t out[BASE58_BYTES], struct bytes text)
{
    memset(out, 0, BASE58_BYTES);
    size_t zeros = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *found = text.at[i] ? strchr(base58_alphabet, text.at[i]) : NULL;
        if (found == NULL)
            return false;
        unsigned carry = (unsigned)(found - base58_alphabet);
        if (carry == 0 && zeros == i)
            zeros++;
        for (size_t j = BASE58_BYTES; j-- > 0;) {
            carry += 58u * out[j];
            out[j] = (uint8_t)carry;
            carry >>= 8;
        }
        if (carry != 0)
            return false;
    }
    size_t leading = 0;
    while (leading < BASE58_BYTES && out[leading] == 0)
        leading++;
    return leading == zeros;
}

/* First byte of an address: which coin, which network. */
static const struct {
    uint8_t version;
    enum wallet_state state;
} base58_versions[] = {
    {0x00, WALLET_RIGHT}, /* Bitcoin, pay to public key hash: 1... */
    {0x05, WALLET_RIGHT}, /* Bitcoin, pay to script hash: 3... */
    {0x41, WALLET_RIGHT}, /* Tron: T... */
    {0x30, WALLET_RIGHT}, /* Litecoin: L... */
    {0x32, WALLET_RIGHT}, /* Litecoin, script: M... */
    {0x1E, WALLET_RIGHT}, /* Dogecoin: D... */
    {0x4C, WALLET_RIGHT}, /* Dash: X... */
    {0x6F, WALLET_TEST},  /* Bitcoin's test network: m..., n... */
    {0xC4, WALLET_TEST},  /* the same, script: 2... */
};

static enum wallet_state base58_state(struct bytes text)
{
    uint8_t address[BASE58_BYTES], once[crypto_hash_sha256_BYTES],
        twice[crypto_hash_sha256_BYTES];
    if (text.len < BASE58_MIN || text.len > BASE58_MAX || !base58_read(address, text))
        return WALLET_WRONG;
    crypto_hash_sha256(once, address, BASE58_BYTES - BASE58_CHECK);
    crypto_hash_sha256(twice, once, sizeof once);
    if (memcmp(twice, address + BASE58_BYTES - BASE58_CHECK, BASE58_CHECK) != 0)
        return WALLET_WRONG;
    for (size_t i = 0; i < sizeof base58_versions / sizeof base58_versions[0]; i++)
        if (base58_versions[i].version == address[0])
            return base58_versions[i].state;
    return WALLET_UNKNOWN_COIN;
}

static bool base58_right(struct bytes text)
{
    return base58_state(text) != WALLET_WRONG;
}

/* ---- Bech32 ---------------------------------------------------------------------- */

/* BIP 173's checksum: the remainder of a polynomial over GF(32). */
static uint32_t bech32_step(uint32_t checksum, uint8_t value)
{
    static const uint32_t generators[5] = {0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD,
                                           0x2A1462B3};
    uint32_t top = checksum >> 25;
    checksum = (checksum & 0x1FFFFFF) << 5 ^ value;
    for (unsigned i = 0; i < 5; i++)
        if (top >> i & 1)
            checksum ^= generators[i];
    return checksum;
}

/* Human-readable parts: what stands before the last 1. */
static const struct {
    const char *prefix;
    enum wallet_state state;
} bech32_networks[] = {
    {"bc1", WALLET_RIGHT},  /* Bitcoin */
    {"ltc1", WALLET_RIGHT}, /* Litecoin */
    {"tb1", WALLET_TEST},
    {"bcrt1", WALLET_TEST},
};

/* The network's row whose prefix text (lower case) begins with, or NULL. */
static const char *bech32_prefix(enum wallet_state *state, struct bytes text)
{
    for (size_t i = 0; i < sizeof bech32_networks / sizeof bech32_networks[0]; i++)
        if (text_starts(text, bech32_networks[i].prefix)) {
            *state = bech32_networks[i].state;
            return bech32_networks[i].prefix;
        }
    return NULL;
}

/* text in lower case. The witness version decides which of the two checksums holds. */
static enum wallet_state bech32_state(struct bytes text)
{
    static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    static const uint32_t bech32_constant = 1, bech32m_constant = 0x2BC830A3;
    enum wallet_state state;
    const char *prefix = bech32_prefix(&state, text);
    if (prefix == NULL || text.len > BECH32_MAX)
        return WALLET_WRONG;
    size_t head = strlen(prefix) - 1;
    uint32_t checksum = 1;
    for (size_t i = 0; i < head; i++)
        checksum = bech32_step(checksum, text.at[i] >> 5);
    checksum = bech32_step(checksum, 0);
    for (size_t i = 0; i < head; i++)
        checksum = bech32_step(checksum, text.at[i] & 31);

    struct bytes data = bytes_slice(text, head + 1, text.len - head - 1);
    if (data.len < BECH32_DATA_MIN)
        return WALLET_WRONG;
    uint8_t version = 0, last = 0;
    for (size_t i = 0; i < data.len; i++) {
        const char *found = data.at[i] ? strchr(alphabet, data.at[i]) : NULL;
        if (found == NULL)
            return WALLET_WRONG;
        uint8_t value = (uint8_t)(found - alphabet);
        checksum = bech32_step(checksum, value);
        if (i == 0)
            version = value;
        if (i + BECH32_CHECK + 1 == data.len)
            last = value;
    }
    /* Five bits a character; what is left over behind whole bytes is under five bits, and
     * zero. */
    size_t bits = (data.len - 1 - BECH32_CHECK) * 5, program = bits / 8, spare = bits % 8;
    bool padded = spare < 5 && (last & ((1u << spare) - 1)) == 0;
    bool sized = version == 0
                     ? program == 20 || program == 32
                     : version <= 16 && program >= PROGRAM_MIN && program <= PROGRAM_MAX;
    bool checked = checksum == (version == 0 ? bech32_constant : bech32m_constant);
    return padded && sized && checked ? state : WALLET_WRONG;
}

static bool bech32_right(struct bytes text)
{
    return bech32_state(text) != WALLET_WRONG;
}

/* ---- The type -------------------------------------------------------------------- */

/* Without "bitcoin:" in front and "?amount=" behind, as payment links have them. */
static struct bytes without_link(struct bytes raw)
{
    const uint8_t *colon = memchr(raw.at, ':', raw.len);
    if (colon != NULL)
        raw = bytes_slice(raw, (size_t)(colon - raw.at) + 1,
                          raw.len - (size_t)(colon - raw.at) - 1);
    const uint8_t *query = raw.len > 0 ? memchr(raw.at, '?', raw.len) : NULL;
    return query != NULL ? bytes_slice(raw, 0, (size_t)(query - raw.at)) : raw;
}

enum letter_case { CASE_NONE = 0, CASE_LOWER = 1, CASE_UPPER = 2, CASE_MIXED = 3 };

static enum letter_case letter_case(struct bytes text)
{
    unsigned seen = CASE_NONE;
    for (size_t i = 0; i < text.len; i++)
        seen |= is_lower(text.at[i]) ? CASE_LOWER : is_upper(text.at[i]) ? CASE_UPPER : 0;
    return (enum letter_case)seen;
}

static struct bytes lowered(struct bytes text, struct arena *arena)
{
    if ((letter_case(text) & CASE_UPPER) == 0)
        return text;
    uint8_t *lower = arena_alloc(arena, text.len);
    for (size_t i = 0; i < text.len; i++)
        lower[i] = to_lower(text.at[i]);
    return bytes_of(lower, text.len);
}

static void ethereum_clean(struct value_result *out, struct bytes text, struct arena *arena)
{
    struct bytes digits = bytes_slice(text, 2, text.len - 2);
    uint8_t address[ETHEREUM_DIGITS / 2];
    if (!hex_read(address, sizeof address, digits))
        verdict_refuse(out, arena,
                       "begins as an Ethereum address, which is 0x and 40 digits 0 to 9 "
                       "or a to f; this has %zu behind the 0x",
                       digits.len);
    else if (all_same(digits))
        verdict_refuse(out, arena,
                       "nobody holds this address: it only burns what is sent there");
    else if (letter_case(digits) == CASE_MIXED && !eip55_holds(digits.at))
        verdict_refuse(out, arena,
                       "the checksum in its capital letters (EIP-55) is wrong: a character "
                       "is mistyped or of the wrong case");
    else
        verdict_fine(out, lowered(text, arena));
}

static void judge(struct value_result *out, enum wallet_state state, struct bytes clean,
                  struct arena *arena)
{
    switch (state) {
    case WALLET_RIGHT:
        verdict_fine(out, clean);
        return;
    case WALLET_TEST:
        verdict_doubt(out, clean, arena, "an address of a test network: it holds no money");
        return;
    case WALLET_UNKNOWN_COIN:
        verdict_doubt(
            out, clean, arena,
            "the checksum is right, but its first byte names no currency we know");
        return;
    case WALLET_WRONG:
        verdict_refuse(out, arena,
                       "the checksum is wrong: a character is mistyped, missing or of "
                       "the wrong case");
    }
}

static bool is_ethereum(struct bytes text)
{
    return text.len >= 2 && text.at[0] == '0' && to_lower(text.at[1]) == 'x';
}

/* May it be bech32: a known prefix in either case. */
static bool is_bech32(struct bytes lower)
{
    enum wallet_state state;
    return bech32_prefix(&state, lower) != NULL;
}

static void wallet_clean(struct value_result *out, struct bytes raw,
                         const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct bytes text = without_link(raw);
    uint8_t ignored[BASE58_BYTES];
    if (text.len > BECH32_MAX || text.len < BASE58_MIN) {
        verdict_refuse(out, arena, "%zu %s: a wallet address has 26 to 90", text.len,
                       plural(text.len, "character", "characters"));
    } else if (is_ethereum(text)) {
        ethereum_clean(out, text, arena);
    } else if (is_bech32(lowered(text, arena))) {
        if (letter_case(text) == CASE_MIXED)
            verdict_refuse(out, arena,
                           "small and capital letters mixed: an address that begins "
                           "with bc1 has only one of the two");
        else
            judge(out, bech32_state(lowered(text, arena)), lowered(text, arena), arena);
    } else if (base58_read(ignored, text)) {
        judge(out, base58_state(text), text, arena);
    } else {
        verdict_refuse(out, arena,
                       "no form of address we know: Bitcoin, Litecoin, Dogecoin and "
                       "Dash (1, 3, L, M, D, X or bc1 in front), Tron (T) and "
                       "Ethereum (0x)");
    }
}

/* The same address with its capital letters as they should be. */
static size_t ethereum_suggest(struct bytes *out, size_t max, struct bytes text,
                               struct arena *arena)
{
    uint8_t address[ETHEREUM_DIGITS / 2];
    struct bytes digits = bytes_slice(text, 2, text.len - 2);
    if (max == 0 || !hex_read(address, sizeof address, digits) || all_same(digits) ||
        letter_case(digits) != CASE_MIXED || eip55_holds(digits.at))
        return 0;
    uint8_t *right = arena_alloc(arena, text.len);
    memcpy(right, "0x", 2);
    memcpy(right + 2, digits.at, digits.len);
    eip55_write(right + 2);
    out[0] = bytes_of(right, text.len);
    return 1;
}

static size_t wallet_suggest(struct bytes *out, size_t max, struct bytes raw,
                             struct arena *arena)
{
    static const struct near_rule base58_rule = {.shape = "b", .right = base58_right};
    static const struct near_rule bech32_rule = {.shape = "c", .right = bech32_right};
    struct bytes text = without_link(raw);
    if (text.len < BASE58_MIN || text.len > BECH32_MAX)
        return 0;
    if (is_ethereum(text))
        return ethereum_suggest(out, max, text, arena);
    struct bytes lower = lowered(text, arena);
    if (is_bech32(lower))
        return near_suggest(out, max, &bech32_rule, lower, arena);
    return text.len <= BASE58_MAX ? near_suggest(out, max, &base58_rule, text, arena) : 0;
}

const struct value_type value_type_wallet = {
    .name = "wallet",
    .label = "crypto-currency address",
    .ftm = "identifier",
    .clean = wallet_clean,
    .suggest = wallet_suggest,
};
