/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of a key, and the invitation: one form, signed, good for a while.
 */
#include "check.h"
#include "exchange/invitation.h"

#include <ctype.h>
#include <sodium.h>

enum { NOW = 1795730000, DAY = 86400 };

static uint8_t public_key[crypto_sign_PUBLICKEYBYTES],
    secret_key[crypto_sign_SECRETKEYBYTES];

/* ---- Words ---- */

static size_t distance(const char *a, const char *b)
{
    size_t row[32], n = strlen(b);
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            row[j] = best;
        }
    }
    return row[n];
}

static void test_words(void)
{
    size_t nearest = 100;
    for (size_t i = 0; i < 256; i++) {
        const char *word = fingerprint_words[i];
        bool plain = strlen(word) >= 4 && strlen(word) <= 8;
        for (const char *at = word; *at != '\0'; at++)
            plain = plain && *at >= 'a' && *at <= 'z';
        CHECK_SEEN(plain, "%s", word);
        for (size_t j = 0; j < i; j++) {
            size_t apart = distance(word, fingerprint_words[j]);
            nearest = apart < nearest ? apart : nearest;
        }
    }
    CHECK_SEEN(nearest >= 3, "%zu", nearest);
}

static void test_fingerprint(void)
{
    char words[FINGERPRINT_TEXT_MAX], changed[256];
    struct err err = {0};
    uint8_t other[NODE_KEY] = {7};
    fingerprint_write(words, public_key);
    CHECK(fingerprint_check(words, public_key, &err) == OK);
    CHECK(fingerprint_check(words, other, &err) == REFUSED);
    for (size_t i = 0; words[i] != '\0'; i++)
        changed[i] = words[i] == ' ' ? (i % 2 ? '-' : ',') : (char)toupper(words[i]);
    changed[strlen(words)] = '\0';
    CHECK_SEEN(fingerprint_check(changed, public_key, &err) == OK, "%s", err.text);
    /* A word left out, one too many, one that is none, two that changed places. */
    snprintf(changed, sizeof changed, "%s", strchr(words, ' ') + 1);
    CHECK(fingerprint_check(changed, public_key, &err) == BAD_INPUT);
    snprintf(changed, sizeof changed, "%s acorn", words);
    CHECK(fingerprint_check(changed, public_key, &err) == BAD_INPUT);
    snprintf(changed, sizeof changed, "xylophon%s", strchr(words, ' '));
    CHECK(fingerprint_check(changed, public_key, &err) == BAD_INPUT);
    CHECK(fingerprint_check("", public_key, &err) == BAD_INPUT);
    /* Any one word misheard is told from another key, almost always. */
    unsigned misheard = 0, taken_for_another = 0;
    for (unsigned at = 0; at < FINGERPRINT_WORDS; at++)
        for (unsigned i = 0; i < 256; i += 5) {
            char text[512] = "", copy[FINGERPRINT_TEXT_MAX], *rest = copy, *word;
            memcpy(copy, words, sizeof copy);
            for (unsigned n = 0; (word = strsep(&rest, " ")) != NULL; n++)
                snprintf(text + strlen(text), sizeof text - strlen(text), "%s ",
                         n == at ? fingerprint_words[i] : word);
            enum status status = fingerprint_check(text, public_key, NULL);
            misheard += status == BAD_INPUT;
            taken_for_another += status == REFUSED;
        }
    CHECK_SEEN(misheard > 500 && taken_for_another < 10, "%u %u", misheard,
               taken_for_another);
}

/* ---- Addresses ---- */

static void test_addresses(void)
{
    static const struct {
        const char *url, *host;
        unsigned port;
    } cases[] = {
        {"https://127.0.0.1:8443", "127.0.0.1", 8443},
        {"https://xa.example", "xa.example", 443},
        {"https://[::1]:65535", "::1", 65535},
        {"https://[2001:db8::7]", "2001:db8::7", 443},
        {"https://a-b.example:1", "a-b.example", 1},
        {"http://xa.example:1", NULL, 0},
        {"https://", NULL, 0},
        {"https://:8443", NULL, 0},
        {"https://xa.example:", NULL, 0},
        {"https://xa.example:0", NULL, 0},
        {"https://xa.example:065", NULL, 0},
        {"https://xa.example:65536", NULL, 0},
        {"https://xa.example:80/", NULL, 0},
        {"https://xa.example/path", NULL, 0},
        {"https://user@xa.example", NULL, 0},
        {"https://xa example", NULL, 0},
        {"https://[::1", NULL, 0},
        {"https://[::1]8443", NULL, 0},
        {"https://-xa.example", NULL, 0},
        {"https://xa.example\n", NULL, 0},
        {"", NULL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct node_address address;
        struct err err = {0};
        enum status status = node_address_read(&address, bytes_text(cases[i].url), &err);
        if (cases[i].host == NULL) {
            CHECK_SEEN(status == BAD_INPUT && err.text[0] != '\0', "%s", cases[i].url);
            continue;
        }
        CHECK_SEEN(status == OK && strcmp(address.host, cases[i].host) == 0 &&
                       address.port == cases[i].port,
                   "%s: %s %u %s", cases[i].url, address.host, address.port, err.text);
    }
}

/* ---- Invitations ---- */

static void make(struct buf *out, const struct invitation *invitation)
{
    uint8_t signature[INVITATION_SIGNATURE];
    CHECK(invitation_write(out, invitation, NULL) == OK);
    crypto_sign_detached(signature, NULL, out->at, out->len, secret_key);
    invitation_add_signature(out, signature);
}

static struct invitation example(void)
{
    struct invitation out = {.code = "XA",
                             .name = "Agência de Investigação XA",
                             .url = "https://127.0.0.1:8443",
                             .made_s = NOW};
    memcpy(out.key, public_key, NODE_KEY);
    return out;
}

static void test_round_trip(void)
{
    struct buf text = {.max = INVITATION_MAX};
    struct invitation wanted = example(), seen;
    struct err err = {0};
    make(&text, &wanted);
    CHECK_SEEN(invitation_read(&seen, buf_bytes(&text), &err) == OK, "%s", err.text);
    CHECK(strcmp(seen.code, "XA") == 0 && strcmp(seen.name, wanted.name) == 0 &&
          strcmp(seen.url, wanted.url) == 0 && seen.made_s == NOW &&
          memcmp(seen.key, public_key, NODE_KEY) == 0);
    /* Any byte changed, put in or left out, and any cut. */
    unsigned bad = 0, forged = 0, taken = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t was = text.at[i];
        for (unsigned bit = 0; bit < 8; bit++) {
            text.at[i] = (uint8_t)(was ^ 1U << bit);
            enum status status = invitation_read(&seen, buf_bytes(&text), &err);
            bad += status == BAD_INPUT;
            forged += status == REFUSED;
            taken += status == OK;
        }
        text.at[i] = was;
        taken += invitation_read(&seen, bytes_of(text.at, i), &err) == OK;
    }
    CHECK_SEEN(taken == 0 && bad > 100 && forged > 100, "%u %u %u", bad, forged, taken);
    buf_add_byte(&text, '\n');
    CHECK(invitation_read(&seen, buf_bytes(&text), &err) == BAD_INPUT);
    CHECK(invitation_read(&seen, (struct bytes){0}, &err) == BAD_INPUT);
    buf_release(&text);
}

static void test_words_that_cannot_stand(void)
{
    struct buf text = {.max = INVITATION_MAX};
    struct invitation cases[6];
    for (size_t i = 0; i < 6; i++)
        cases[i] = example();
    strcpy(cases[0].code, "X A");
    strcpy(cases[1].code, "");
    strcpy(cases[2].name, "two\nlines");
    strcpy(cases[3].name, " blank");
    strcpy(cases[4].name, "\xFF\xFE");
    strcpy(cases[5].url, "ftp://xa.example");
    for (size_t i = 0; i < 6; i++)
        CHECK_SEEN(invitation_write(&text, &cases[i], NULL) == BAD_INPUT, "%zu", i);
    buf_release(&text);
}

static void test_time(void)
{
    static const struct {
        int64_t days;
        enum status status;
    } cases[] = {{0, OK}, {-2, OK}, {-3, REFUSED}, {30, OK}, {32, OK}, {33, REFUSED}};
    struct invitation invitation = example();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_SEEN(invitation_check_time(&invitation, NOW + cases[i].days * DAY, NULL) ==
                       cases[i].status,
                   "%lld days", (long long)cases[i].days);
}

int main(void)
{
    static const uint8_t seed[crypto_sign_SEEDBYTES] = {1, 2, 3};
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    crypto_sign_seed_keypair(public_key, secret_key, seed);
    test_words();
    test_fingerprint();
    test_addresses();
    test_round_trip();
    test_words_that_cannot_stand();
    test_time();
    return check_done("invitation");
}
