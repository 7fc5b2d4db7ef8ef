/* SPDX-License-Identifier: Apache-2.0 */
#include "store/secrets.h"

#include <nettle/aes.h>
#include <sodium.h>

static const char context[crypto_kdf_CONTEXTBYTES] = {'e', 'n', 'l', 's',
                                                      't', 'o', 'r', 'e'};

/* The numbers are part of the format: never give one to another use. */
enum { USE_SLOTS = 1, USE_INDEX = 2, USE_CONTENT = 3, USE_IDS = 4, USE_CHECK = 5 };

void secrets_init(struct secrets *secrets, const uint8_t master[SECRET_KEY])
{
    crypto_kdf_derive_from_key(secrets->slots, SECRET_KEY, USE_SLOTS, context, master);
    crypto_kdf_derive_from_key(secrets->index, SECRET_KEY, USE_INDEX, context, master);
    crypto_kdf_derive_from_key(secrets->content, SECRET_KEY, USE_CONTENT, context, master);
    crypto_kdf_derive_from_key(secrets->ids, SECRET_KEY, USE_IDS, context, master);
    crypto_kdf_derive_from_key(secrets->check, SECRET_CHECK, USE_CHECK, context, master);
}

void secrets_release(struct secrets *secrets)
{
    sodium_memzero(secrets, sizeof *secrets);
}

void secrets_slot_key(uint8_t key[SECRET_KEY], const struct secrets *secrets, uint64_t slot,
                      const uint8_t seed[SECRET_KEY])
{
    uint8_t text[8 + SECRET_KEY];
    store_be64(text, slot);
    memcpy(text + 8, seed, SECRET_KEY);
    crypto_generichash(key, SECRET_KEY, text, sizeof text, secrets->slots, SECRET_KEY);
    sodium_memzero(text, sizeof text);
}

void secrets_hash(uint8_t hash[SECRET_HASH], const uint8_t key[SECRET_KEY],
                  struct bytes text)
{
    crypto_generichash(hash, SECRET_HASH, text.at, text.len, key, SECRET_KEY);
}

void secrets_id(uint8_t id[ENTRY_ID], const struct secrets *secrets, uint64_t number)
{
    struct aes256_ctx aes;
    uint8_t plain[AES_BLOCK_SIZE] = {0};
    store_be64(plain, number);
    aes256_set_encrypt_key(&aes, secrets->ids);
    aes256_encrypt(&aes, sizeof plain, id, plain);
    sodium_memzero(&aes, sizeof aes);
}

bool secrets_number(uint64_t *number, const struct secrets *secrets,
                    const uint8_t id[ENTRY_ID])
{
    struct aes256_ctx aes;
    uint8_t plain[AES_BLOCK_SIZE];
    aes256_set_decrypt_key(&aes, secrets->ids);
    aes256_decrypt(&aes, sizeof plain, plain, id);
    sodium_memzero(&aes, sizeof aes);
    *number = load_be64(plain);
    return load_be64(plain + 8) == 0;
}
