/* SPDX-License-Identifier: Apache-2.0
 *
 * The one form of certificate: others (GnuTLS) read in it what we say; we read nothing else.
 */
#include "check.h"
#include "exchange/certificate.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sodium.h>

enum { NOW = 1795730000, HOUR = 3600, DAY = 86400 };

static uint8_t node_key[32], node_secret[64], tls_key[32], tls_secret[64];

static struct certificate example(void)
{
    struct certificate out = {.from_s = NOW, .to_s = NOW + 24 * HOUR};
    memcpy(out.node_key, node_key, NODE_KEY);
    memcpy(out.tls_key, tls_key, TLS_KEY);
    return out;
}

static void make(struct buf *out, const struct certificate *certificate)
{
    struct buf body = {.max = CERTIFICATE_MAX};
    uint8_t signature[CERTIFICATE_SIGNATURE];
    CHECK(certificate_body(&body, certificate, NULL) == OK);
    crypto_sign_detached(signature, NULL, body.at, body.len, node_secret);
    certificate_join(out, buf_bytes(&body), signature);
    buf_release(&body);
}

static void test_round_trip(void)
{
    struct buf der = {.max = CERTIFICATE_MAX};
    struct certificate wanted = example(), seen;
    struct err err = {0};
    make(&der, &wanted);
    CHECK_SEEN(certificate_read(&seen, buf_bytes(&der), &err) == OK, "%s", err.text);
    CHECK(memcmp(seen.node_key, node_key, 32) == 0 &&
          memcmp(seen.tls_key, tls_key, 32) == 0 && seen.from_s == wanted.from_s &&
          seen.to_s == wanted.to_s);
    unsigned bad = 0, forged = 0, taken = 0;
    for (size_t i = 0; i < der.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            der.at[i] ^= (uint8_t)(1U << bit);
            enum status status = certificate_read(&seen, buf_bytes(&der), &err);
            bad += status == BAD_INPUT;
            forged += status == REFUSED;
            taken += status == OK;
            der.at[i] ^= (uint8_t)(1U << bit);
        }
        taken += certificate_read(&seen, bytes_of(der.at, i), &err) == OK;
    }
    CHECK_SEEN(taken == 0 && bad > 100 && forged > 100, "%u %u %u", bad, forged, taken);
    buf_add_byte(&der, 0);
    CHECK(certificate_read(&seen, buf_bytes(&der), &err) == BAD_INPUT);
    buf_release(&der);
}

static void test_lives(void)
{
    static const struct {
        int64_t from_s, to_s;
        enum status status;
    } cases[] = {
        {NOW, NOW + 24 * HOUR, OK},
        {NOW, NOW + 24 * HOUR + 1, BAD_INPUT},
        {NOW, NOW - 1, BAD_INPUT},
        {0, 1, OK},
        {-5, 5, BAD_INPUT},
        {2524607000, 2524607999, OK},
        {2524607000, 2524608000, BAD_INPUT},
    };
    struct buf body = {.max = CERTIFICATE_MAX};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct certificate one = example();
        one.from_s = cases[i].from_s;
        one.to_s = cases[i].to_s;
        CHECK_SEEN(certificate_body(&body, &one, NULL) == cases[i].status, "case %zu", i);
    }
    buf_release(&body);
}

static void test_clocks(void)
{
    static const struct {
        int64_t now_s;
        enum status status;
    } cases[] = {
        {NOW, OK},
        {NOW - 2 * DAY, OK},
        {NOW - 2 * DAY - 1, REFUSED},
        {NOW + 24 * HOUR + 2 * DAY, OK},
        {NOW + 24 * HOUR + 2 * DAY + 1, REFUSED},
    };
    struct certificate one = example();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_SEEN(certificate_check_time(&one, cases[i].now_s, NULL) == cases[i].status,
                   "case %zu", i);
}

/* What another program makes of it. */
static void test_gnutls(void)
{
    struct buf der = {.max = CERTIFICATE_MAX};
    struct certificate one = example();
    gnutls_x509_crt_t read;
    char name[256];
    size_t len = sizeof name;
    make(&der, &one);
    gnutls_datum_t whole = {der.at, (unsigned)der.len};
    CHECK(gnutls_x509_crt_init(&read) == 0);
    CHECK(gnutls_x509_crt_import(read, &whole, GNUTLS_X509_FMT_DER) == 0);
    CHECK(gnutls_x509_crt_get_version(read) == 3);
    CHECK(gnutls_x509_crt_get_activation_time(read) == NOW);
    CHECK(gnutls_x509_crt_get_expiration_time(read) == NOW + 24 * HOUR);
    CHECK(gnutls_x509_crt_get_pk_algorithm(read, NULL) == GNUTLS_PK_EDDSA_ED25519);
    CHECK(gnutls_x509_crt_get_signature_algorithm(read) == GNUTLS_SIGN_EDDSA_ED25519);
    unsigned usage = 0, critical = 0;
    CHECK(gnutls_x509_crt_get_key_usage(read, &usage, &critical) == 0);
    CHECK(usage == GNUTLS_KEY_DIGITAL_SIGNATURE && critical != 0);
    CHECK(gnutls_x509_crt_get_issuer_dn(read, name, &len) == 0);
    CHECK_SEEN(strstr(name, "O=enlace node") != NULL, "%s", name);
    gnutls_x509_crt_deinit(read);
    buf_release(&der);
}

int main(void)
{
    static const uint8_t seeds[2][32] = {{1}, {2}};
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    crypto_sign_seed_keypair(node_key, node_secret, seeds[0]);
    crypto_sign_seed_keypair(tls_key, tls_secret, seeds[1]);
    test_round_trip();
    test_lives();
    test_clocks();
    test_gnutls();
    return check_done("certificate");
}
