/* SPDX-License-Identifier: Apache-2.0
 *
 * What is accepted as an invitation is signed and has one form only; greetings are read too.
 */
#include "fuzz.h"

#include "exchange/hello.h"
#include "exchange/invitation.h"

#include <sodium.h>
#include <stdlib.h>

static const uint8_t seed[crypto_sign_SEEDBYTES] = {9};

static void make(struct buf *out)
{
    struct invitation invitation = {
        .code = "XA", .name = "Agency", .url = "https://[::1]:8443", .made_s = 1795730000};
    uint8_t secret[crypto_sign_SECRETKEYBYTES], signature[INVITATION_SIGNATURE];
    crypto_sign_seed_keypair(invitation.key, secret, seed);
    if (invitation_write(out, &invitation, NULL) != OK)
        abort();
    crypto_sign_detached(signature, NULL, out->at, out->len, secret);
    invitation_add_signature(out, signature);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct invitation read;
    struct hello hello;
    struct node_address address;
    struct err err = {.text = ""};
    struct bytes text = bytes_of(data, size);
    if (invitation_read(&read, text, &err) == OK) {
        struct buf again = {.max = INVITATION_MAX};
        if (invitation_write(&again, &read, NULL) != OK || again.len >= size ||
            memcmp(again.at, data, again.len) != 0)
            abort();
        buf_release(&again);
    } else if (err.text[0] == '\0') {
        abort();
    }
    if (hello_read(&hello, text, &err) == OK && hello.agreement_count > KEY_CLASSES)
        abort();
    if (node_address_read(&address, text, &err) == OK &&
        (address.port == 0 || strlen(address.host) > NODE_HOST_MAX))
        abort();
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static struct buf text = {.max = INVITATION_MAX};
    static const char *const others[] = {
        "enlace hello 1\ncode XA\ntime 1795730000\nagreement phone common 10240\n",
        "https://[2001:db8::1]:8443", "https://xa.example:443"};
    if (index == 0) {
        make(&text);
        *data = text.at;
        return text.len;
    }
    if (index > sizeof others / sizeof others[0])
        return 0;
    *data = (const uint8_t *)others[index - 1];
    return strlen(others[index - 1]);
}
