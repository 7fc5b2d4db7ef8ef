/* SPDX-License-Identifier: Apache-2.0
 *
 * Claims from partners, receipts of our own claims, and notes of askings from our own disk: the first byte
 * says which. A claim is given a second time with a good signature, to come behind that check.
 */
#include "fuzz.h"

#include "../match_fixture.h"
#include "match/claim.h"
#include "serve/matching_inside.h"

enum { CLAIM, NOTE, RECEIPT, KINDS };

static struct fixture fixture;
static struct buf seeds[KINDS];

static void prepare(void)
{
    static bool ready;
    if (ready)
        return;
    ready = true;
    if (sodium_init() < 0)
        abort();
    fixture_init(&fixture, 3);
    struct claim claim = {
        .epoch = 7,
        .class = KEY_PHONE,
        .tag = 12345,
        .circle = fixture.circle,
        .reason = {PURPOSE_INVESTIGATION, BYTES_OF("a treaty"), BYTES_OF("XB-1")},
        .handling = HANDLING_H0};
    memcpy(claim.requester, fixture.asker.public_key, IDENTITY_KEY);
    memcpy(claim.responder, fixture.owner.public_key, IDENTITY_KEY);
    struct buf wire = {.max = CLAIM_WIRE_MAX}, note = {.max = 1 << 16};
    claim_write_unsigned(&wire, &claim);
    identity_sign(&wire, &fixture.asker);
    const struct match_item items[] = {{KEY_PHONE, BYTES_OF("+999550107788")},
                                       {KEY_IMO, BYTES_OF("0007319")}};
    const struct bytes asks[] = {BYTES_OF("first ask"), BYTES_OF("second")};
    const struct asked_peer peer = {.code = BYTES_OF("XA"),
                                    .epoch_wire = BYTES_OF("announcement"),
                                    .classes = 9,
                                    .asks = asks,
                                    .ask_count = 2};
    const struct asking asking = {
        .items = items, .item_count = 2, .peers = &peer, .peer_count = 1};
    if (asking_write(&note, &asking, NULL) != OK)
        abort();
    seeds[CLAIM].max = seeds[NOTE].max = 1 << 17;
    buf_add_byte(&seeds[CLAIM], CLAIM);
    buf_add(&seeds[CLAIM], buf_bytes(&wire));
    buf_add_byte(&seeds[NOTE], NOTE);
    buf_add(&seeds[NOTE], buf_bytes(&note));
    struct claim_receipt receipt = {.id = {7}, .records = 2, .opened = 1};
    receipt.openings[0] =
        (struct pledge_opening){.entry = 5, .place = 1, .path = {.count = 2}};
    seeds[RECEIPT].max = CLAIM_RECEIPT_MAX + 1;
    buf_add_byte(&seeds[RECEIPT], RECEIPT);
    claim_receipt_write(&seeds[RECEIPT], &receipt);
    buf_release(&wire);
    buf_release(&note);
}

static void read_receipt(struct bytes wire)
{
    struct claim_receipt receipt;
    struct buf out = {.max = CLAIM_RECEIPT_MAX};
    const struct tree_head head = {.size = 4};
    struct err err;
    if (claim_receipt_read(&receipt, wire, &err) != OK)
        return;
    claim_receipt_write(&out, &receipt);
    if (!bytes_equal(buf_bytes(&out), wire))
        abort();
    /* Nobody makes a path to a root of zeros. */
    for (size_t i = 0; i < receipt.opened; i++)
        if (pledge_check(&receipt.openings[i], &head, KEY_PHONE, BYTES_OF("+999550107788"),
                         &err) == OK)
            abort();
    buf_release(&out);
}

static void read_claim(struct bytes wire)
{
    struct claim claim, again;
    struct buf out = {.max = CLAIM_WIRE_MAX};
    struct err err;
    if (claim_parse(&claim, wire, &err) != OK)
        return;
    /* One form only: what parses is written as it was. */
    claim_write_unsigned(&out, &claim);
    if (!bytes_equal(buf_bytes(&out), bytes_slice(wire, 0, wire.len - SIGNATURE)))
        abort();
    if (claim_parse(&again, wire, &err) != OK)
        abort();
    buf_release(&out);
}

static void read_note(struct bytes wire)
{
    struct arena arena = {0};
    struct asking asking;
    struct buf out = {.max = 1 << 20};
    struct err err;
    if (asking_read(&asking, wire, &arena, &err) == OK &&
        (asking_write(&out, &asking, &err) != OK || !bytes_equal(buf_bytes(&out), wire)))
        abort();
    buf_release(&out);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    prepare();
    if (size < 1)
        return 0;
    struct bytes wire = bytes_of(data + 1, size - 1);
    if (data[0] % KINDS == NOTE) {
        read_note(wire);
        return 0;
    }
    if (data[0] % KINDS == RECEIPT) {
        read_receipt(wire);
        return 0;
    }
    read_claim(wire);
    if (wire.len < MAGIC + IDENTITY_KEY + SIGNATURE)
        return 0;
    struct buf good = {.max = size};
    buf_add(&good, wire);
    memcpy(good.at + MAGIC, fixture.asker.public_key, IDENTITY_KEY);
    fixture_sign_again(&good, &fixture.asker);
    read_claim(buf_bytes(&good));
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
