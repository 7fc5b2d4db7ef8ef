/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/tls_identity.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HANDSHAKE_MAX = 16 * 1024 };

/* ---- Files in memory ---- */

static enum status open_file(struct tls_file *file, const char *name, struct err *err)
{
    file->fd = memfd_create(name, MFD_CLOEXEC);
    if (file->fd < 0)
        return fail(err, IO_FAILED, "no file in memory: %s", strerror(errno));
    snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->fd);
    if (access(file->path, R_OK) != 0)
        return fail(err, IO_FAILED, "%s cannot be read; is /proc there?", file->path);
    return OK;
}

/* Of always the same length, so that nothing of the one before stays behind it. */
static bool write_file(const struct tls_file *file, struct bytes content)
{
    return pwrite(file->fd, content.at, content.len, 0) == (ssize_t)content.len;
}

/* RFC 8410, section 7: an Ed25519 key as PKCS #8. */
static bool write_key_file(const struct tls_file *file, const uint8_t seed[32])
{
    static const uint8_t head[] = {0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                   0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};
    uint8_t whole[sizeof head + 32];
    memcpy(whole, head, sizeof head);
    memcpy(whole + sizeof head, seed, 32);
    bool written = write_file(file, bytes_of(whole, sizeof whole));
    sodium_memzero(whole, sizeof whole);
    return written;
}

/* ---- Life ---- */

enum status tls_identity_open(struct tls_identity *identity, struct err *err)
{
    *identity = (struct tls_identity){.certificate_file.fd = -1, .key_file.fd = -1};
    enum status status = open_file(&identity->certificate_file, "certificate", err);
    if (status == OK)
        status = open_file(&identity->key_file, "key", err);
    if (status != OK)
        tls_identity_close(identity);
    return status;
}

static void drop_pair(struct tls_pair *pair)
{
    if (pair->set) {
        gnutls_pcert_deinit(&pair->certificate);
        gnutls_privkey_deinit(pair->key);
    }
    *pair = (struct tls_pair){0};
}

void tls_identity_close(struct tls_identity *identity)
{
    static const uint8_t nothing[32];
    for (size_t i = 0; i < 2; i++)
        drop_pair(&identity->pairs[i]);
    if (identity->key_file.fd >= 0) {
        write_key_file(&identity->key_file, nothing);
        close(identity->key_file.fd);
    }
    if (identity->certificate_file.fd >= 0)
        close(identity->certificate_file.fd);
    sodium_memzero(identity, sizeof *identity);
    identity->certificate_file.fd = identity->key_file.fd = -1;
}

void tls_identity_draw(struct tls_identity *identity)
{
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    randombytes_buf(identity->next_seed, sizeof identity->next_seed);
    crypto_sign_seed_keypair(identity->next_key, secret, identity->next_seed);
    sodium_memzero(secret, sizeof secret);
}

static gnutls_datum_t datum(const void *at, size_t len)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)at, (unsigned)len};
}

static enum status make_pair(struct tls_pair *out, const struct tls_identity *identity,
                             struct bytes der, struct err *err)
{
    struct tls_pair fresh = {0};
    gnutls_datum_t whole = datum(der.at, der.len);
    gnutls_datum_t x = datum(identity->next_key, TLS_KEY);
    gnutls_datum_t k = datum(identity->next_seed, sizeof identity->next_seed);
    int code =
        gnutls_pcert_import_x509_raw(&fresh.certificate, &whole, GNUTLS_X509_FMT_DER, 0);
    if (code != GNUTLS_E_SUCCESS)
        return fail(err, IO_FAILED, "TLS does not take our certificate: %s",
                    gnutls_strerror(code));
    code = gnutls_privkey_init(&fresh.key);
    fresh.set = code == GNUTLS_E_SUCCESS;
    if (fresh.set)
        code = gnutls_privkey_import_ecc_raw(fresh.key, GNUTLS_ECC_CURVE_ED25519, &x, NULL,
                                             &k);
    if (code != GNUTLS_E_SUCCESS) {
        drop_pair(&fresh);
        return fail(err, IO_FAILED, "TLS does not take our key: %s", gnutls_strerror(code));
    }
    *out = fresh;
    return OK;
}

enum status tls_identity_take(struct tls_identity *identity, struct bytes der,
                              struct err *err)
{
    struct certificate certificate;
    struct tls_pair fresh = {0};
    enum status status = certificate_read(&certificate, der, err);
    if (status == OK && memcmp(certificate.tls_key, identity->next_key, TLS_KEY) != 0)
        status = fail(err, REFUSED, "the vault has certified another key");
    if (status == OK)
        status = make_pair(&fresh, identity, der, err);
    if (status == OK && (!write_key_file(&identity->key_file, identity->next_seed) ||
                         !write_file(&identity->certificate_file, der))) {
        drop_pair(&fresh);
        status = fail(err, IO_FAILED, "a file in memory: %s", strerror(errno));
    }
    sodium_memzero(identity->next_seed, sizeof identity->next_seed);
    if (status != OK)
        return status;
    identity->current = 1 - identity->current;
    drop_pair(&identity->pairs[identity->current]);
    identity->pairs[identity->current] = fresh;
    return OK;
}

bool tls_identity_certified(const struct tls_identity *identity)
{
    return identity->pairs[identity->current].set;
}

/* ---- Sessions ---- */

void tls_session_answers(gnutls_session_t session, struct tls_identity *identity)
{
    gnutls_session_set_ptr(session, identity);
    gnutls_handshake_set_max_packet_length(session, HANDSHAKE_MAX);
    /* Asked for and not demanded: whoever has none is told so in words. */
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST);
}

int tls_session_give(gnutls_session_t session, const gnutls_datum_t *authorities,
                     int authority_count, const gnutls_pk_algorithm_t *algorithms,
                     int algorithm_count, gnutls_pcert_st **certificate,
                     unsigned *certificate_count, gnutls_privkey_t *key)
{
    struct tls_identity *identity = gnutls_session_get_ptr(session);
    struct tls_pair *pair = &identity->pairs[identity->current];
    (void)authorities, (void)authority_count, (void)algorithms, (void)algorithm_count;
    *certificate_count = 0;
    if (!pair->set)
        return 0;
    *certificate = &pair->certificate;
    *certificate_count = 1;
    *key = pair->key;
    return 0;
}

bool tls_session_greeted(gnutls_session_t session)
{
    return gnutls_handshake_get_last_in(session) == GNUTLS_HANDSHAKE_FINISHED;
}

enum status tls_session_peer(struct certificate *out, gnutls_session_t session,
                             struct err *err)
{
    unsigned count = 0;
    const gnutls_datum_t *shown = NULL;
    if (session != NULL && gnutls_certificate_type_get(session) == GNUTLS_CRT_X509)
        shown = gnutls_certificate_get_peers(session, &count);
    if (shown == NULL || count == 0)
        return fail(err, REFUSED,
                    "who speaks to a node must show the certificate of a node");
    if (count > 1)
        return fail(err, REFUSED, "a node shows one certificate, not %u", count);
    return certificate_read(out, bytes_of(shown->data, shown->size), err) == OK ? OK
                                                                                : REFUSED;
}
