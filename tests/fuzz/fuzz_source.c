/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a file: plain, gzip whole or damaged. The window must never lose or invent a byte
 * of a plain file, and everything must end.
 */
#include "formats/source.h"
#include "fuzz.h"

#include <assert.h>

/* "a,b\n1,2\n" by gzip -n. */
static const uint8_t packed[] = {0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03,
                                 0x4B, 0xD4, 0x49, 0xE2, 0x32, 0xD4, 0x31, 0xE2, 0x02, 0x00,
                                 0x7B, 0x07, 0x97, 0x0A, 0x08, 0x00, 0x00, 0x00};

static const struct {
    const uint8_t *at;
    size_t len;
} seeds[] = {
    {(const uint8_t *)"\xEF\xBB\xBF"
                      "a,b\n1,2\n",
     11},
    {(const uint8_t *)"\xFF\xFE"
                      "a\0,\0",
     6},
    {packed, sizeof packed},
};

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    if (index >= sizeof seeds / sizeof *seeds)
        return 0;
    *data = seeds[index].at;
    return seeds[index].len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source *source;
    struct err err;
    if (source_open_bytes(&source, bytes_of(data, size), "fuzz", &err) != OK)
        return 0;
    size_t total = 0;
    for (;;) {
        struct bytes window = source_window(source);
        size_t take = window.len / 2 + 1 < window.len ? window.len / 2 + 1 : window.len;
        total += take;
        source_take(source, take);
        if (source_ended(source))
            break;
        enum status status = source_more(source, &err);
        assert(status == OK);
    }
    total += source_window(source).len;
    bool gzip = size >= 2 && data[0] == 0x1F && data[1] == 0x8B;
    bool marked = size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0;
    assert(gzip || total == size - (marked ? 3 : 0));
    assert(source_bytes(source) <= size);
    source_close(source);
    return 0;
}
