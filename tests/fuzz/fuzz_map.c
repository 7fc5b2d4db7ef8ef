/* SPDX-License-Identifier: Apache-2.0
 *
 * A map from a partner: header and body. Each input is read as it is, and once more with root and
 * signature made good, as a dishonest owner would: then the sizes decide what happens.
 */
#include "../match_fixture.h"
#include "fuzz.h"

#include "base/file.h"

#include <stdlib.h>

enum { BODY_AT = MAP_HEADER, ROOT_AT = MAP_HEADER - SIGNATURE - 32 };

static struct fixture fixture;
static struct publication publication;

static void prepare(void)
{
    static bool ready;
    if (ready)
        return;
    ready = true;
    struct match_held held[] = {{{KEY_PHONE, BYTES_OF("+999550107788")}, 1},
                                {{KEY_PHONE, BYTES_OF("+999550107788")}, 2},
                                {{KEY_PHONE, BYTES_OF("+999550100001")}, 3}};
    if (sodium_init() < 0)
        abort();
    fixture_init(&fixture, 1);
    fixture_publish(&publication, &fixture, held, 3);
    if (check_failed > 0)
        abort();
}

static void read_map(struct bytes wire)
{
    struct map map;
    struct err err;
    if (wire.len < MAP_HEADER ||
        map_read_header(&map, bytes_slice(wire, 0, MAP_HEADER), &err) != OK)
        return;
    /* An answer is of no matter here: only that both are computed. */
    enum status expected =
        map_expect(&map, &publication.epoch, KEY_PHONE, FIXTURE_NOW_S, &err);
    if (map_set_body(&map, bytes_slice(wire, BODY_AT, wire.len - BODY_AT), NULL, &err) !=
        OK)
        return;
    for (uint8_t i = 0; i < 8; i++) {
        uint8_t output[OPRF_OUTPUT];
        struct map_answer answer;
        memset(output, i * 36 + (expected == OK), sizeof output);
        map_find(&answer, &map, output);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    prepare();
    read_map(bytes_of(data, size));
    if (size < MAP_HEADER)
        return 0;
    struct buf wire = {.max = size}, header = {.max = MAP_HEADER};
    buf_add(&wire, bytes_of(data, size));
    memcpy(wire.at + MAGIC, fixture.owner.public_key, IDENTITY_KEY);
    map_root(wire.at + ROOT_AT, bytes_of(wire.at + BODY_AT, size - BODY_AT), NULL);
    buf_add(&header, bytes_of(wire.at, MAP_HEADER));
    fixture_sign_again(&header, &fixture.owner);
    memcpy(wire.at, header.at, MAP_HEADER);
    read_map(buf_bytes(&wire));
    buf_release(&header);
    buf_release(&wire);
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    prepare();
    const struct buf *wire = &publication.map_wires[KEY_PHONE];
    static const size_t cut[] = {0, 0, 1, 12};
    if (index >= sizeof cut / sizeof *cut)
        return 0;
    *data = wire->at;
    return index == 0 ? MAP_HEADER : wire->len - cut[index];
}
