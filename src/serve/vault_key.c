/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/vault_key.h"

#include "base/file.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[] = "enlace vault 1\n"; /* with its NUL: 16 bytes */

enum {
    MAGIC = sizeof magic,
    SALT = crypto_pwhash_SALTBYTES,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HEAD = MAGIC + 1 + SALT + NONCE,
    BODY = VAULT_SECRET + VAULT_SEED,
    FILE_MAX = HEAD + BODY + TAG,
    SEALING_KEY = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    PASSPHRASE_FILE_MAX = 4096,
};
static_assert(MAGIC == 16, "the page of this format says 16");

/* What the arena holds of a secret file goes with it. */
static void forget(struct bytes content)
{
    if (content.len > 0)
        sodium_memzero((void *)(uintptr_t)content.at, content.len);
}

enum status passphrase_read(char *passphrase, const char *path, struct err *err)
{
    struct arena arena = {0};
    struct bytes content = {0}, line, rest;
    memset(passphrase, 0, PASSPHRASE_MAX);
    enum status status = file_read(&content, path, PASSPHRASE_FILE_MAX, &arena, err);
    /* Not NOT_FOUND: nothing of the node is missing. */
    if (status == NOT_FOUND)
        status =
            fail(err, REFUSED,
                 "%s: there is no such file; ENLACE_PASSPHRASE_FILE must name the file "
                 "with the passphrase of this node",
                 path);
    if (status == OK) {
        rest = content;
        bool some = text_next_part(&line, &rest, '\n');
        if (some && line.len > 0 && line.at[line.len - 1] == '\r')
            line.len--;
        if (!some || line.len == 0)
            status =
                fail(err, BAD_INPUT,
                     "%s: its first line, which should be the passphrase, is empty", path);
        else if (line.len >= PASSPHRASE_MAX || memchr(line.at, 0, line.len) != NULL)
            status =
                fail(err, BAD_INPUT, "%s: a passphrase is one line of at most %d bytes",
                     path, PASSPHRASE_MAX - 1);
        else
            memcpy(passphrase, line.at, line.len);
    }
    forget(content);
    arena_release(&arena);
    return status;
}

static enum status sealing_key(uint8_t key[SEALING_KEY], const char *passphrase,
                               const uint8_t salt[SALT], struct err *err)
{
    if (crypto_pwhash(key, SEALING_KEY, passphrase, strlen(passphrase), salt,
                      crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return fail(err, IO_FAILED,
                    "the passphrase cannot be worked on: 256 MiB of memory are needed");
    return OK;
}

/* Head and body in out; *len is what it comes to. */
static enum status compose(uint8_t out[FILE_MAX], size_t *len, const struct vault_key *key,
                           const char *passphrase, const struct world *world,
                           struct err *err)
{
    uint8_t body[BODY], sealing[SEALING_KEY];
    uint8_t *sealed = out + MAGIC, *salt = sealed + 1, *nonce = salt + SALT;
    enum status status = OK;
    memset(out, 0, FILE_MAX);
    memcpy(out, magic, MAGIC);
    memcpy(body, key->secret, VAULT_SECRET);
    memcpy(body + VAULT_SECRET, key->seed, VAULT_SEED);
    *len = HEAD + BODY;
    if (passphrase == NULL) {
        memcpy(out + HEAD, body, BODY);
    } else {
        *sealed = 1;
        *len += TAG;
        world_random(world, salt, SALT);
        world_random(world, nonce, NONCE);
        status = sealing_key(sealing, passphrase, salt, err);
        if (status == OK)
            crypto_aead_xchacha20poly1305_ietf_encrypt(out + HEAD, NULL, body, BODY, out,
                                                       HEAD, NULL, nonce, sealing);
    }
    sodium_memzero(body, sizeof body);
    sodium_memzero(sealing, sizeof sealing);
    return status;
}

enum status vault_key_create(struct vault_key *key, const char *path,
                             const char *passphrase, const struct world *world,
                             struct err *err)
{
    uint8_t content[FILE_MAX];
    size_t len;
    if (access(path, F_OK) == 0)
        return fail(err, CONFLICT, "%s: there is a key here already", path);
    world_random(world, key->secret, sizeof key->secret);
    world_random(world, key->seed, sizeof key->seed);
    enum status status = compose(content, &len, key, passphrase, world, err);
    if (status == OK)
        status = file_write(path, bytes_of(content, len), FILE_SECRET, err);
    sodium_memzero(content, sizeof content);
    return status;
}

static enum status check_access(const char *path, struct err *err)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return fail(err, errno == ENOENT ? NOT_FOUND : IO_FAILED, "%s: %s", path,
                    errno == ENOENT ? "there is no node here; `enlace init` makes one"
                                    : strerror(errno));
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fail(
            err, REFUSED,
            "%s: others can read the secrets of this node; take the right from them "
            "(chmod 600), and ask who had it",
            path);
    return OK;
}

static enum status unseal(uint8_t body[BODY], const uint8_t content[FILE_MAX],
                          const char *path, const char *passphrase, struct err *err)
{
    const uint8_t *salt = content + MAGIC + 1, *nonce = salt + SALT;
    uint8_t sealing[SEALING_KEY];
    if (passphrase == NULL)
        return fail(
            err, REFUSED,
            "%s is sealed: ENLACE_PASSPHRASE_FILE must name the file with the passphrase",
            path);
    enum status status = sealing_key(sealing, passphrase, salt, err);
    if (status == OK && crypto_aead_xchacha20poly1305_ietf_decrypt(
                            body, NULL, NULL, content + HEAD, BODY + TAG, content, HEAD,
                            nonce, sealing) != 0)
        status = fail(err, REFUSED, "%s: this is not its passphrase", path);
    sodium_memzero(sealing, sizeof sealing);
    return status;
}

enum status vault_key_read(struct vault_key *key, const char *path, const char *passphrase,
                           struct err *err)
{
    struct arena arena = {0};
    struct bytes content = {0};
    uint8_t body[BODY];
    enum status status = check_access(path, err);
    if (status == OK)
        status = file_read(&content, path, FILE_MAX, &arena, err);
    if (status == OK && (content.len < HEAD || memcmp(content.at, magic, MAGIC) != 0 ||
                         content.at[MAGIC] > 1 ||
                         content.len != HEAD + BODY + (content.at[MAGIC] == 1 ? TAG : 0)))
        status = fail(err, BAD_INPUT, "%s: not the key of a node", path);
    if (status == OK && content.at[MAGIC] == 1)
        status = unseal(body, content.at, path, passphrase, err);
    else if (status == OK)
        memcpy(body, content.at + HEAD, BODY);
    if (status == OK) {
        memcpy(key->secret, body, VAULT_SECRET);
        memcpy(key->seed, body + VAULT_SECRET, VAULT_SEED);
    }
    sodium_memzero(body, sizeof body);
    forget(content);
    arena_release(&arena);
    return status;
}
