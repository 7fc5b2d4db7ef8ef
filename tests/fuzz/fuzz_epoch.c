/* SPDX-License-Identifier: Apache-2.0
 *
 * Announcements of a partner: as they come, and once more with the signature made good, as a dishonest
 * owner would. What parses is written as it was; it is checked, compared with what was shown before,
 * and a map and a delta are held against it.
 */
#include "../match_fixture.h"
#include "fuzz.h"

#include "match/chain.h"
#include "match/publisher.h"

#include <stdlib.h>

static struct fixture fixture;
static struct buf base, delta;
static struct epoch base_epoch, delta_epoch;
static struct map map;

static void publish(struct buf *out, struct epoch *epoch, struct holdings *held,
                    struct pledges *pledges, uint64_t number, const struct epoch *last)
{
    static const struct publisher_key key = {{KEY_PHONE, BYTES_OF("+999550107788")}, 3};
    struct publication_options like = fixture_owner(&fixture);
    struct publisher_options options = {.world = like.world,
                                        .identity = like.identity,
                                        .seed = like.seed,
                                        .circle = like.circle,
                                        .number = number,
                                        .from_s = like.from_s,
                                        .until_s = like.until_s,
                                        .previous_number = number - 1,
                                        .last = last};
    struct publisher_result result;
    memcpy(options.normaliser, like.normaliser, NORMALISER);
    struct publisher *publisher = publisher_open(&options, held, pledges);
    if (publisher_add(publisher, &key, 1, NULL) != OK ||
        publisher_finish(&result, publisher, NULL) != OK)
        abort();
    *out = (struct buf){.max = EPOCH_WIRE_MAX};
    buf_add(out, buf_bytes(&result.epoch_wire));
    *epoch = result.epoch;
    if (last == NULL) {
        struct bytes wire = buf_bytes(&result.map_wires[KEY_PHONE]);
        if (map_read_header(&map, bytes_slice(wire, 0, MAP_HEADER), NULL) != OK)
            abort();
        held->base_number = result.holdings->base_number;
        held->records = xcalloc(1, sizeof *held->records);
        held->keys = xcalloc(1, sizeof *held->keys);
        held->refs = xcalloc(1, sizeof *held->refs);
        held->records[0] = result.holdings->records[0];
        held->keys[0] = result.holdings->keys[0];
        held->refs[0] = result.holdings->refs[0];
        held->record_count = held->key_count = held->ref_count = 1;
        pledges_add(pledges, result.pledges->leaves[0]);
    } else if (!result.is_delta) {
        abort();
    }
    publisher_close(publisher);
}

static void prepare(void)
{
    static bool ready;
    struct holdings held = {.records = NULL};
    struct pledges pledges = {NULL, 0, 0};
    if (ready)
        return;
    ready = true;
    if (sodium_init() < 0)
        abort();
    fixture_init(&fixture, 31);
    publish(&base, &base_epoch, &held, &pledges, 7, NULL);
    publish(&delta, &delta_epoch, &held, &pledges, 8, &base_epoch);
}

static void read_epoch(struct bytes wire)
{
    struct epoch epoch;
    struct err err;
    const struct epoch_expected expected = {fixture.owner.public_key, &fixture.circle,
                                            fixture.normaliser, FIXTURE_NOW_S};
    if (epoch_parse(&epoch, wire, &err) != OK)
        return;
    if (epoch_is_base(&epoch) != (epoch.base_number == epoch.number) ||
        epoch.base_number > epoch.number)
        abort();
    enum status status = epoch_check(&epoch, &expected, &err);
    if (memcmp(epoch.owner, fixture.owner.public_key, IDENTITY_KEY) != 0)
        return;
    struct buf again = {.max = EPOCH_WIRE_MAX};
    epoch_write(&again, &epoch, &fixture.owner);
    if (!bytes_equal(buf_bytes(&again), wire))
        abort(); /* one form only */
    buf_release(&again);
    for (unsigned class = 0; class < KEY_CLASSES; class ++) {
        bool good =
            map_expect(&map, &epoch, (enum key_class) class, FIXTURE_NOW_S, &err) == OK;
        if (good && (class != KEY_PHONE || epoch.base_number != base_epoch.number))
            abort();
        if (map_expect_delta(&map, &epoch, (enum key_class) class, FIXTURE_NOW_S, &err) ==
            OK)
            abort(); /* it is a base */
    }
    if (status == OK && circle_equal(&epoch.circle, &base_epoch.circle)) {
        enum chain one = chain_compare(&base_epoch, buf_bytes(&base), &epoch, wire),
                   other = chain_compare(&epoch, wire, &base_epoch, buf_bytes(&base));
        if ((one == CHAIN_FORKED) != (other == CHAIN_FORKED) ||
            (one == CHAIN_SAME) != (other == CHAIN_SAME))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    prepare();
    read_epoch(bytes_of(data, size));
    if (size < MAGIC + IDENTITY_KEY + SIGNATURE || size > EPOCH_WIRE_MAX)
        return 0;
    struct buf good = {.max = size};
    buf_add(&good, bytes_of(data, size));
    memcpy(good.at + MAGIC, fixture.owner.public_key, IDENTITY_KEY);
    fixture_sign_again(&good, &fixture.owner);
    read_epoch(buf_bytes(&good));
    buf_release(&good);
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    prepare();
    const struct buf *wires[] = {&base, &delta};
    if (index >= 2)
        return 0;
    *data = wires[index]->at;
    return wires[index]->len;
}
