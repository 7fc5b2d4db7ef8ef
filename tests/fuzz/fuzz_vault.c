/* SPDX-License-Identifier: Apache-2.0
 *
 * Every question about comparing that the core puts to the vault: the core has been told things by partners,
 * and may have been taken over. The first byte says which question; several may come in one input, each with
 * its length before it, so that the steps of a publication come out of order too. The vault answers with bytes or
 * a sentence, and signs nothing but asks and claims of its own node.
 */
#include "fuzz.h"

#include "../match_fixture.h"
#include "../temporary.h"
#include "base/memory.h"
#include "serve/vault_match.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KINDS = 11, SEED_MAX = 32 * 1024 };
static const enum vault_kind kinds[KINDS] = {
    VAULT_PUBLISH, VAULT_KEYS,   VAULT_PUBLISHED, VAULT_ASK,     VAULT_TOLD,  VAULT_SIGN,
    VAULT_CLAIM,   VAULT_EPOCHS, VAULT_GIVEN_UP,  VAULT_RECOVER, VAULT_RESULT};

static struct fixture fixture;
static struct vault_match *vault;
static struct buf seeds[KINDS + 1];
static uint8_t normaliser[NORMALISER];

static enum status ask(struct buf *answer, unsigned kind, struct bytes body)
{
    struct err err = {0};
    buf_clear(answer);
    enum status status = vault_match_answer(answer, vault, kinds[kind], body, &err);
    if (status != OK && err.text[0] == '\0')
        abort(); /* a refusal says why */
    return status;
}

/* A question as it stands in an input. */
static void put(struct buf *seed, unsigned kind, struct bytes body)
{
    if (seed->max == 0)
        seed->max = SEED_MAX;
    buf_add_byte(seed, (uint8_t)kind);
    buf_add_be16(seed, (uint16_t)body.len);
    buf_add(seed, body);
}

static void prepare(void)
{
    static bool ready;
    static struct vault_match_options options;
    static const uint8_t key[VAULT_MATCH_KEY] = "a key for tests, of no use";
    struct buf answer = {.max = 1 << 20}, body = {.max = 1 << 16},
               wire = {.max = EPOCH_WIRE_MAX};
    if (ready)
        return;
    ready = true;
    if (sodium_init() < 0)
        abort();
    temporary_open();
    atexit(temporary_close);
    fixture_init(&fixture, 41);
    options = (struct vault_match_options){temporary_path("vault"), key, &fixture.owner,
                                           fixture.world};
    options.folder = strdup(options.folder);
    mkdir(options.folder, 0700);
    vault = vault_match_open(&options);
    /* A base of one phone. */
    circle_add(&body, &fixture.circle);
    buf_add(&body, bytes_of(normaliser, NORMALISER));
    buf_add_be64(&body, 0);
    buf_add_byte(&body, 1);
    put(&seeds[0], 0, buf_bytes(&body));
    put(&seeds[KINDS], 0, buf_bytes(&body));
    bool good = ask(&answer, 0, buf_bytes(&body)) == OK;
    buf_clear(&body);
    buf_add_byte(&body, KEY_PHONE);
    buf_add_be64(&body, 3);
    buf_add_be16(&body, 13);
    buf_add(&body, BYTES_OF("+999550107788"));
    put(&seeds[1], 1, buf_bytes(&body));
    put(&seeds[KINDS], 1, buf_bytes(&body));
    good = good && ask(&answer, 1, buf_bytes(&body)) == OK &&
           ask(&answer, 2, (struct bytes){0}) == OK &&
           ask(&answer, 10, (struct bytes){0}) == OK && answer.len > 32;
    put(&seeds[2], 2, (struct bytes){0});
    put(&seeds[KINDS], 2, (struct bytes){0});
    if (!good)
        abort();
    buf_add(&wire, bytes_of(answer.at + 32, answer.len - 32));
    /* An ask under it, and the rest. */
    struct requester requester;
    struct requester_options asking = fixture_asker(&fixture);
    const struct match_item item = {KEY_PHONE, BYTES_OF("+999550107788")};
    struct buf made = {.max = ASK_WIRE_MAX};
    asking.normaliser = normaliser;
    if (requester_begin(&requester, &asking, buf_bytes(&wire), &item, 1, NULL) != OK ||
        requester_ask(&made, &requester, 0, NULL) != OK)
        abort();
    requester_release(&requester);
    buf_clear(&body);
    buf_add(&body, bytes_of(fixture.asker.public_key, IDENTITY_KEY));
    buf_add_be32(&body, 10240);
    buf_add_be32(&body, 102400);
    buf_add_be32(&body, 51200);
    buf_add_be16(&body, (uint16_t)wire.len);
    buf_add(&body, buf_bytes(&wire));
    buf_add(&body, buf_bytes(&made));
    put(&seeds[3], 3, buf_bytes(&body));
    if (ask(&answer, 3, buf_bytes(&body)) != OK)
        abort();
    put(&seeds[4], 4, BYTES_OF("\0\0\0\0\0\0\0\1"));
    put(&seeds[5], 5, bytes_of(made.at, made.len < 400 ? made.len : 400));
    buf_clear(&body);
    circle_add(&body, &fixture.circle);
    buf_add_be64(&body, 1);
    buf_add_byte(&body, KEY_PHONE);
    buf_add_be64(&body, 12345);
    uint8_t rest[DIGEST + 32 + 8 + 32] = {0};
    buf_add(&body, bytes_of(rest, sizeof rest));
    put(&seeds[6], 6, buf_bytes(&body));
    put(&seeds[7], 7, (struct bytes){0});
    put(&seeds[8], 8, (struct bytes){0});
    buf_clear(&body);
    buf_add(&body, bytes_of(fixture.asker.public_key, IDENTITY_KEY));
    buf_add(&body, bytes_of(rest, BATCH_ID + DIGEST));
    buf_add_byte(&body, KEY_PHONE);
    buf_add_be32(&body, 64);
    buf_add_be64(&body, 1770000000);
    buf_add_be16(&body, 3);
    buf_add(&body, BYTES_OF("C-1"));
    put(&seeds[9], 9, buf_bytes(&body));
    put(&seeds[10], 10, (struct bytes){0});
    buf_release(&answer);
    buf_release(&body);
    buf_release(&wire);
    buf_release(&made);
}

static void check_signed(struct bytes message, const struct buf *answer)
{
    bool known = message.len >= MAGIC + IDENTITY_KEY &&
                 (memcmp(message.at, "ENLASK01", MAGIC) == 0 ||
                  memcmp(message.at, "ENLCLM02", MAGIC) == 0) &&
                 memcmp(message.at + MAGIC, fixture.owner.public_key, IDENTITY_KEY) == 0;
    if (!known || answer->len != SIGNATURE)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    prepare();
    struct cursor cursor = {bytes_of(data, size), false};
    struct buf answer = {.max = 1 << 24};
    for (int i = 0; cursor.rest.len > 0 && i < 8; i++) {
        unsigned kind = cursor_u8(&cursor) % KINDS;
        size_t len = cursor_be16(&cursor);
        struct bytes body =
            bytes_slice(cursor.rest, 0, len < cursor.rest.len ? len : cursor.rest.len);
        cursor_take(&cursor, body.len);
        enum status status = ask(&answer, kind, body);
        if (kinds[kind] == VAULT_SIGN && status == OK)
            check_signed(body, &answer);
    }
    buf_release(&answer);
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    prepare();
    if (index > KINDS)
        return 0;
    *data = seeds[index].at;
    return seeds[index].len;
}
