/* SPDX-License-Identifier: Apache-2.0
 *
 * What is accepted as a certificate has one form only, and lives 24 hours at most.
 */
#include "fuzz.h"

#include "exchange/certificate.h"

#include <sodium.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct certificate read;
    struct err err = {.text = ""};
    if (certificate_read(&read, bytes_of(data, size), &err) != OK) {
        if (err.text[0] == '\0')
            abort();
        return 0;
    }
    struct buf body = {.max = CERTIFICATE_MAX}, again = {.max = CERTIFICATE_MAX};
    if (certificate_body(&body, &read, NULL) != OK || size < CERTIFICATE_SIGNATURE)
        abort();
    certificate_join(&again, buf_bytes(&body), data + size - CERTIFICATE_SIGNATURE);
    if (!bytes_equal(buf_bytes(&again), bytes_of(data, size)))
        abort();
    buf_release(&body);
    buf_release(&again);
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static const uint8_t seed[crypto_sign_SEEDBYTES] = {9};
    static struct buf der = {.max = CERTIFICATE_MAX};
    struct certificate one = {
        .from_s = 1795730000, .to_s = 1795730000 + 86400, .tls_key = {4}};
    struct buf body = {.max = CERTIFICATE_MAX};
    uint8_t secret[crypto_sign_SECRETKEYBYTES], signature[CERTIFICATE_SIGNATURE];
    if (index > 0)
        return 0;
    crypto_sign_seed_keypair(one.node_key, secret, seed);
    if (certificate_body(&body, &one, NULL) != OK)
        abort();
    crypto_sign_detached(signature, NULL, body.at, body.len, secret);
    certificate_join(&der, buf_bytes(&body), signature);
    buf_release(&body);
    *data = der.at;
    return der.len;
}
