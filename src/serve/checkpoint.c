/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/checkpoint.h"

#include "base/text.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

enum { KEY_ID = 4, ALGORITHM = 0x01, SIGNATURE = crypto_sign_BYTES, NAME_BYTES = 8 };
enum { BASE64 = sodium_base64_VARIANT_ORIGINAL, BASE64_MAX = 128 };

#define EM_DASH "\xE2\x80\x94"

static void origin_of(char out[CHECKPOINT_NAME_MAX], const uint8_t key[CHECKPOINT_PUBLIC])
{
    char hex[2 * NAME_BYTES + 1];
    hex_write(hex, bytes_of(key, NAME_BYTES));
    snprintf(out, CHECKPOINT_NAME_MAX, "enlace/%s", hex);
}

static void key_id(uint8_t out[KEY_ID], const char *origin,
                   const uint8_t key[CHECKPOINT_PUBLIC])
{
    static const uint8_t between[] = {'\n', ALGORITHM};
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const uint8_t *)origin, strlen(origin));
    crypto_hash_sha256_update(&state, between, sizeof between);
    crypto_hash_sha256_update(&state, key, CHECKPOINT_PUBLIC);
    crypto_hash_sha256_final(&state, hash);
    memcpy(out, hash, KEY_ID);
}

static void add_base64(struct buf *out, const uint8_t *at, size_t len)
{
    char text[BASE64_MAX];
    sodium_bin2base64(text, sizeof text, at, len, BASE64);
    buf_add_text(out, text);
}

void checkpoint_write(struct buf *out, const struct tree_head *head,
                      const struct checkpoint_signer *signer)
{
    char origin[CHECKPOINT_NAME_MAX];
    uint8_t signature[KEY_ID + SIGNATURE];
    origin_of(origin, signer->public_key);
    buf_clear(out);
    buf_addf(out, "%s\n%" PRIu64 "\n", origin, head->size);
    add_base64(out, head->root, sizeof head->root);
    buf_add_byte(out, '\n');
    key_id(signature, origin, signer->public_key);
    crypto_sign_detached(signature + KEY_ID, NULL, out->at, out->len, signer->secret_key);
    buf_addf(out, "\n" EM_DASH " %s ", origin);
    add_base64(out, signature, sizeof signature);
    buf_add_byte(out, '\n');
}

static bool read_base64(uint8_t *out, size_t len, struct bytes text)
{
    size_t got;
    return sodium_base642bin(out, len, (const char *)text.at, text.len, NULL, &got, NULL,
                             BASE64) == 0 &&
           got == len;
}

/* Behind `line`, the front of it; false when it does not begin so. */
static bool drop_front(struct bytes *line, const char *front)
{
    if (!text_starts(*line, front))
        return false;
    *line = bytes_slice(*line, strlen(front), line->len - strlen(front));
    return true;
}

enum status checkpoint_read(struct tree_head *head, struct bytes text,
                            const uint8_t public_key[CHECKPOINT_PUBLIC], struct err *err)
{
    char origin[CHECKPOINT_NAME_MAX], front[CHECKPOINT_NAME_MAX + 8];
    uint8_t id[KEY_ID], signature[KEY_ID + SIGNATURE];
    struct bytes rest = text, name = {0}, size = {0}, root = {0}, blank = {0}, line = {0};
    struct tree_head read;
    origin_of(origin, public_key);
    key_id(id, origin, public_key);
    snprintf(front, sizeof front, EM_DASH " %s ", origin);
    bool whole = text_next_part(&name, &rest, '\n') && text_next_part(&size, &rest, '\n') &&
                 text_next_part(&root, &rest, '\n');
    size_t signed_len = whole && rest.at != NULL ? (size_t)(rest.at - text.at) : 0;
    whole = whole && text_next_part(&blank, &rest, '\n') &&
            text_next_part(&line, &rest, '\n') && blank.len == 0;
    if (!whole || !text_u64(&read.size, size) || !read_base64(read.root, MERKLE_HASH, root))
        return fail(err, BAD_INPUT, "this is no checkpoint of a log");
    if (!bytes_is(name, origin) || !drop_front(&line, front) ||
        !read_base64(signature, sizeof signature, line) ||
        memcmp(signature, id, KEY_ID) != 0 ||
        crypto_sign_verify_detached(signature + KEY_ID, text.at, signed_len, public_key) !=
            0)
        return fail(err, REFUSED, "the checkpoint is not signed by the key of this node");
    *head = read;
    return OK;
}

void checkpoint_verifier(char out[CHECKPOINT_VERIFIER_MAX],
                         const uint8_t public_key[CHECKPOINT_PUBLIC])
{
    char origin[CHECKPOINT_NAME_MAX], hex[2 * KEY_ID + 1], base64[BASE64_MAX];
    uint8_t id[KEY_ID], key[1 + CHECKPOINT_PUBLIC] = {ALGORITHM};
    origin_of(origin, public_key);
    key_id(id, origin, public_key);
    hex_write(hex, bytes_of(id, KEY_ID));
    memcpy(key + 1, public_key, CHECKPOINT_PUBLIC);
    sodium_bin2base64(base64, sizeof base64, key, sizeof key, BASE64);
    snprintf(out, CHECKPOINT_VERIFIER_MAX, "%s+%s+%s", origin, hex, base64);
}
