/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/certificate.h"

#include "base/text.h"
#include "exchange/invitation.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <time.h>

enum {
    SEQUENCE = 0x30,
    SET = 0x31,
    INTEGER = 0x02,
    BIT_STRING = 0x03,
    OCTET_STRING = 0x04
};
enum { OID = 0x06, UTF8 = 0x0C, UTC_TIME = 0x17, BOOLEAN = 0x01, EXPLICIT_0 = 0xA0 };
enum { EXPLICIT_3 = 0xA3, TIME_LEN = 13, SERIAL = 9, SHORT_MAX = 127, HOUR_S = 3600 };
enum { KEY_TEXT = 44, DAY_S = 86400 };

/* ---- DER, written from the inside out ---- */

/* One piece: tag, length, content. */
static void add(struct buf *out, uint8_t tag, struct bytes content)
{
    buf_add_byte(out, tag);
    if (content.len <= SHORT_MAX) {
        buf_add_byte(out, (uint8_t)content.len);
    } else if (content.len <= UINT8_MAX) {
        buf_add_byte(out, 0x81);
        buf_add_byte(out, (uint8_t)content.len);
    } else {
        buf_add_byte(out, 0x82);
        buf_add_be16(out, (uint16_t)content.len);
    }
    buf_add(out, content);
}

/* What stands in `in` becomes one piece of `out`, and `in` is empty again. */
static void wrap(struct buf *out, uint8_t tag, struct buf *in)
{
    add(out, tag, buf_bytes(in));
    buf_clear(in);
}

static void add_algorithm(struct buf *out)
{
    static const uint8_t ed25519[] = {SEQUENCE, 5, OID, 3, 0x2B, 0x65, 0x70};
    buf_add(out, bytes_of(ed25519, sizeof ed25519));
}

static void add_attribute(struct buf *out, uint8_t kind, struct bytes text)
{
    const uint8_t oid[] = {OID, 3, 0x55, 0x04, kind};
    struct buf pair = {.max = CERTIFICATE_MAX}, sequence = {.max = CERTIFICATE_MAX};
    buf_add(&pair, bytes_of(oid, sizeof oid));
    add(&pair, UTF8, text);
    wrap(&sequence, SEQUENCE, &pair);
    wrap(out, SET, &sequence);
    buf_release(&pair);
    buf_release(&sequence);
}

static void add_name(struct buf *out, const char *organisation, const uint8_t key[NODE_KEY])
{
    enum { COMMON_NAME = 3, ORGANISATION = 10 };
    char text[KEY_TEXT];
    struct buf name = {.max = CERTIFICATE_MAX};
    sodium_bin2base64(text, sizeof text, key, NODE_KEY,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    add_attribute(&name, ORGANISATION, bytes_text(organisation));
    add_attribute(&name, COMMON_NAME, bytes_text(text));
    wrap(out, SEQUENCE, &name);
    buf_release(&name);
}

static bool add_time(struct buf *out, int64_t time_s)
{
    static const int64_t end_of_2049 = 2524607999;
    enum { CENTURY = 2 };
    char text[CENTURY + TIME_LEN + 1];
    struct tm parts;
    time_t time = (time_t)time_s;
    if (time_s < 0 || time_s > end_of_2049 || gmtime_r(&time, &parts) == NULL ||
        strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &parts) != CENTURY + TIME_LEN)
        return false;
    add(out, UTC_TIME, bytes_of(text + CENTURY, TIME_LEN));
    return true;
}

static void add_key(struct buf *out, const uint8_t tls_key[TLS_KEY])
{
    uint8_t bits[1 + TLS_KEY] = {0};
    struct buf key = {.max = CERTIFICATE_MAX};
    memcpy(bits + 1, tls_key, TLS_KEY);
    add_algorithm(&key);
    add(&key, BIT_STRING, bytes_of(bits, sizeof bits));
    wrap(out, SEQUENCE, &key);
    buf_release(&key);
}

static void add_extensions(struct buf *out)
{
    static const uint8_t usage[] = {
        EXPLICIT_3, 18,      SEQUENCE, 16,   SEQUENCE,     14, OID,        3, 0x55, 0x1D,
        0x0F,       BOOLEAN, 1,        0xFF, OCTET_STRING, 4,  BIT_STRING, 2, 7,    0x80};
    buf_add(out, bytes_of(usage, sizeof usage));
}

/* ---- Writing ---- */

static bool write_body(struct buf *out, const struct certificate *certificate)
{
    static const uint8_t version_3[] = {EXPLICIT_0, 3, INTEGER, 1, 2};
    uint8_t hash[crypto_hash_sha256_BYTES], serial[SERIAL] = {1};
    struct buf inside = {.max = CERTIFICATE_MAX}, times = {.max = CERTIFICATE_MAX};
    crypto_hash_sha256(hash, certificate->tls_key, TLS_KEY);
    memcpy(serial + 1, hash, SERIAL - 1);
    buf_add(&inside, bytes_of(version_3, sizeof version_3));
    add(&inside, INTEGER, bytes_of(serial, SERIAL));
    add_algorithm(&inside);
    add_name(&inside, "enlace node", certificate->node_key);
    bool fits =
        add_time(&times, certificate->from_s) && add_time(&times, certificate->to_s);
    wrap(&inside, SEQUENCE, &times);
    add_name(&inside, "enlace front", certificate->node_key);
    add_key(&inside, certificate->tls_key);
    add_extensions(&inside);
    buf_clear(out);
    wrap(out, SEQUENCE, &inside);
    buf_release(&inside);
    buf_release(&times);
    return fits && !out->overflowed;
}

enum status certificate_body(struct buf *out, const struct certificate *certificate,
                             struct err *err)
{
    int64_t life_s = certificate->to_s - certificate->from_s;
    if (life_s < 0 || life_s > CERTIFICATE_HOURS * HOUR_S)
        return fail(err, BAD_INPUT, "a TLS key speaks for a node for at most %d hours",
                    CERTIFICATE_HOURS);
    if (!write_body(out, certificate))
        return fail(err, BAD_INPUT, "the clock of this machine is wrong");
    return OK;
}

void certificate_join(struct buf *out, struct bytes body,
                      const uint8_t signature[CERTIFICATE_SIGNATURE])
{
    uint8_t bits[1 + CERTIFICATE_SIGNATURE] = {0};
    struct buf inside = {.max = CERTIFICATE_MAX};
    memcpy(bits + 1, signature, CERTIFICATE_SIGNATURE);
    buf_add(&inside, body);
    add_algorithm(&inside);
    add(&inside, BIT_STRING, bytes_of(bits, sizeof bits));
    buf_clear(out);
    wrap(out, SEQUENCE, &inside);
    buf_release(&inside);
}

/* ---- Reading ---- */

/* The length is fixed, so everything that varies stands at a fixed place; where, a certificate full
 * of marks shows. */
struct layout {
    size_t len, issuer_at, times_at, tls_key_at, signature_at;
};

static size_t find_in(const struct buf *whole, const void *mark, size_t len)
{
    const uint8_t *at = memmem(whole->at, whole->len, mark, len);
    assert(at != NULL);
    return (size_t)(at - whole->at);
}

static void make_layout(struct layout *out)
{
    struct certificate marks = {.from_s = 0, .to_s = 0};
    uint8_t signature[CERTIFICATE_SIGNATURE];
    char name[KEY_TEXT];
    struct buf body = {.max = CERTIFICATE_MAX}, whole = {.max = CERTIFICATE_MAX};
    memset(marks.node_key, 0x11, NODE_KEY);
    memset(marks.tls_key, 0x22, TLS_KEY);
    memset(signature, 0x33, sizeof signature);
    sodium_bin2base64(name, sizeof name, marks.node_key, NODE_KEY,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    bool written = write_body(&body, &marks);
    assert(written);
    (void)written;
    certificate_join(&whole, buf_bytes(&body), signature);
    out->len = whole.len;
    out->issuer_at = find_in(&whole, name, KEY_TEXT - 1);
    out->times_at = find_in(&whole, "700101000000Z", TIME_LEN);
    out->tls_key_at = find_in(&whole, marks.tls_key, TLS_KEY);
    out->signature_at = find_in(&whole, signature, sizeof signature);
    buf_release(&body);
    buf_release(&whole);
}

static bool read_time(int64_t *out, const uint8_t *at)
{
    struct tm parts = {0};
    int numbers[6];
    for (size_t i = 0; i < 6; i++) {
        uint8_t high = at[2 * i], low = at[2 * i + 1];
        if (high < '0' || high > '9' || low < '0' || low > '9')
            return false;
        numbers[i] = 10 * (high - '0') + (low - '0');
    }
    parts.tm_year = numbers[0] < 50 ? numbers[0] + 100 : numbers[0];
    parts.tm_mon = numbers[1] - 1;
    parts.tm_mday = numbers[2];
    parts.tm_hour = numbers[3];
    parts.tm_min = numbers[4];
    parts.tm_sec = numbers[5];
    *out = (int64_t)timegm(&parts);
    return true;
}

static bool read_fields(struct certificate *out, const struct layout *layout,
                        struct bytes der)
{
    enum { TIMES_APART = TIME_LEN + 2 };
    size_t got;
    return sodium_base642bin(out->node_key, NODE_KEY,
                             (const char *)der.at + layout->issuer_at, KEY_TEXT - 1, NULL,
                             &got, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           got == NODE_KEY && read_time(&out->from_s, der.at + layout->times_at) &&
           read_time(&out->to_s, der.at + layout->times_at + TIMES_APART) &&
           memcpy(out->tls_key, der.at + layout->tls_key_at, TLS_KEY) != NULL;
}

enum status certificate_read(struct certificate *out, struct bytes der, struct err *err)
{
    struct certificate read;
    struct layout layout;
    struct buf body = {.max = CERTIFICATE_MAX}, again = {.max = CERTIFICATE_MAX};
    enum status status = OK;
    make_layout(&layout);
    if (der.len != layout.len || !read_fields(&read, &layout, der) ||
        certificate_body(&body, &read, NULL) != OK) {
        status = fail(err, BAD_INPUT, "this is not the certificate of a node of Enlace");
        goto out;
    }
    certificate_join(&again, buf_bytes(&body), der.at + layout.signature_at);
    if (!bytes_equal(buf_bytes(&again), der))
        status = fail(err, BAD_INPUT, "this is not the certificate of a node of Enlace");
    else if (crypto_sign_verify_detached(der.at + layout.signature_at, body.at, body.len,
                                         read.node_key) != 0)
        status = fail(err, REFUSED,
                      "the certificate is not signed by the node key that it names");
    else
        *out = read;
out:
    buf_release(&body);
    buf_release(&again);
    return status;
}

enum status certificate_check_time(const struct certificate *certificate, int64_t now_s,
                                   struct err *err)
{
    if (now_s > certificate->to_s + CLOCK_DAYS * DAY_S)
        return fail(err, REFUSED,
                    "the certificate ended %lld %s ago: its node has stopped renewing it, "
                    "or one of the two clocks is wrong by more than %d days",
                    (long long)(now_s - certificate->to_s) / HOUR_S,
                    plural((uint64_t)(now_s - certificate->to_s) / HOUR_S, "hour", "hours"),
                    CLOCK_DAYS);
    if (now_s < certificate->from_s - CLOCK_DAYS * DAY_S)
        return fail(
            err, REFUSED,
            "the certificate begins only in %lld %s: one of the two clocks is "
            "wrong by more than %d days",
            (long long)(certificate->from_s - now_s) / HOUR_S,
            plural((uint64_t)(certificate->from_s - now_s) / HOUR_S, "hour", "hours"),
            CLOCK_DAYS);
    return OK;
}
