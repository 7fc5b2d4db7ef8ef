/* SPDX-License-Identifier: Apache-2.0 */
#include "match/xmd.h"
#include "vectors.h"

static void test_published(void)
{
    struct vectors vectors;
    if (!vectors_open(&vectors, "tests/vectors/rfc9380-xmd-sha512.json"))
        return;
    struct bytes tag = json_text(json_get(vectors.root, "tag"));
    const struct json_object *tests = json_get(vectors.root, "tests");
    CHECK(json_count(tests) == 10);
    for (size_t i = 0; i < json_count(tests); i++) {
        const struct json_object *test = json_at(tests, i);
        struct bytes wanted = vectors_hex(&vectors, json_get(test, "out"));
        uint8_t out[128];
        CHECK(wanted.len == (size_t)json_number(json_get(test, "length")));
        if (!CHECK(wanted.len <= sizeof out))
            break;
        xmd_expand(out, wanted.len, json_text(json_get(test, "message")), tag);
        CHECK_SEEN(same_bytes(out, wanted), "test %zu", i);
    }
    vectors_close(&vectors);
}

/* Lengths that are no multiple of the hash are cut from the last block, and nothing is written
 * behind them; another length is another output from the first byte on. */
static void test_lengths(void)
{
    uint8_t all[XMD_OUT_MAX], some[200];
    xmd_expand(all, sizeof all, BYTES_OF("m"), BYTES_OF("t"));
    for (size_t len = 1; len < 150; len++) {
        memset(some, 0xAA, sizeof some);
        xmd_expand(some, len, BYTES_OF("m"), BYTES_OF("t"));
        CHECK_SEEN(some[len] == 0xAA, "length %zu", len);
        CHECK_SEEN(len < 8 || memcmp(some, all, 8) != 0, "length %zu", len);
    }
    uint8_t other[64];
    xmd_expand(some, 64, BYTES_OF("m"), BYTES_OF("t"));
    xmd_expand(other, 64, BYTES_OF("m"), BYTES_OF("u"));
    CHECK(memcmp(some, other, 64) != 0);
}

int main(void)
{
    test_published();
    test_lengths();
    return check_done("xmd");
}
