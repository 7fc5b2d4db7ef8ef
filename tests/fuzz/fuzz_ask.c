/* SPDX-License-Identifier: Apache-2.0
 *
 * The signed messages: ask, answer, announcement. The first byte says which. Each input is read
 * as it is, and once more with signer and signature made good, so that what stands behind the
 * signature is reached too.
 */
#include "../match_fixture.h"
#include "fuzz.h"

#include <stdlib.h>

enum { KIND_ASK, KIND_ANSWER, KIND_EPOCH, KINDS };

static struct fixture fixture;
static struct publication publication;
static struct buf seeds[KINDS];

static void add_seed(unsigned kind, struct bytes wire)
{
    seeds[kind].max = 1 << 20;
    buf_add_byte(&seeds[kind], (uint8_t)kind);
    buf_add(&seeds[kind], wire);
}

static void prepare(void)
{
    static bool ready;
    if (ready)
        return;
    ready = true;
    struct match_held held = {{KEY_PHONE, BYTES_OF("+999550107788")}, 1};
    struct requester requester;
    struct buf ask = {.max = ASK_WIRE_MAX};
    struct bytes answer;
    if (sodium_init() < 0)
        abort();
    fixture_init(&fixture, 2);
    fixture_publish(&publication, &fixture, &held, 1);
    struct requester_options options = fixture_asker(&fixture);
    struct responder_options responding = fixture_responder(&fixture, &publication);
    struct responder *responder = responder_open(&responding);
    if (requester_begin(&requester, &options, buf_bytes(&publication.epoch_wire), &held.key,
                        1, NULL) != OK)
        abort();
    if (requester_ask(&ask, &requester, 0, NULL) != OK)
        abort();
    if (responder_answer(&answer, responder, buf_bytes(&ask), fixture.asker.public_key,
                         NULL) != OK)
        abort();
    add_seed(KIND_ASK, buf_bytes(&ask));
    add_seed(KIND_ANSWER, answer);
    add_seed(KIND_EPOCH, buf_bytes(&publication.epoch_wire));
    responder_close(responder);
    requester_release(&requester);
    buf_release(&ask);
}

static void read_ask(struct bytes wire)
{
    struct responder_options options = fixture_responder(&fixture, &publication);
    struct ask ask;
    struct bytes answer;
    struct err err;
    if (ask_parse(&ask, wire, &err) != OK)
        return;
    struct responder *responder = responder_open(&options);
    if (responder_answer(&answer, responder, wire, fixture.asker.public_key, &err) == OK) {
        struct answer parsed;
        if (answer_parse(&parsed, answer, &err) != OK || parsed.count != ask.count)
            abort(); /* what we send must be what we would take */
    }
    responder_close(responder);
}

static void read_message(unsigned kind, struct bytes wire)
{
    struct answer answer;
    struct epoch epoch;
    struct err err;
    struct epoch_expected expected = {fixture.owner.public_key, &fixture.circle,
                                      fixture.normaliser, FIXTURE_NOW_S};
    if (kind == KIND_ASK)
        read_ask(wire);
    else if (kind == KIND_ANSWER && answer_parse(&answer, wire, &err) == OK &&
             answer.count == 0)
        abort();
    else if (kind == KIND_EPOCH && epoch_parse(&epoch, wire, &err) == OK &&
             epoch_check(&epoch, &expected, &err) == OK && epoch.number == UINT64_MAX)
        return;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    prepare();
    if (size < 1)
        return 0;
    unsigned kind = data[0] % KINDS;
    struct bytes wire = bytes_of(data + 1, size - 1);
    read_message(kind, wire);
    if (wire.len < MAGIC + IDENTITY_KEY + SIGNATURE)
        return 0;
    const struct identity *signer = kind == KIND_ASK ? &fixture.asker : &fixture.owner;
    struct buf good = {.max = size};
    buf_add(&good, wire);
    memcpy(good.at + MAGIC, signer->public_key, IDENTITY_KEY);
    fixture_sign_again(&good, signer);
    read_message(kind, buf_bytes(&good));
    buf_release(&good);
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    prepare();
    if (index >= KINDS)
        return 0;
    *data = seeds[index].at;
    return seeds[index].len;
}
