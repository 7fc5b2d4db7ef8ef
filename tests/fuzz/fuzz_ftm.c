/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as FollowTheMoney lines. Each line is a record or a rejection with a reason, in the
 * order of the lines, and H0 is always there.
 */
#include "base/text.h"
#include "formats/ftm.h"
#include "fuzz.h"

#include <assert.h>

static const char *const seeds[] = {
    "{\"id\":\"x1\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Ana\",\"\\u0041\"],"
    "\"birthDate\":\"1984\",\"height\":[1.75,true,null],\"hobby\":[\"chess\"]},"
    "\"status\":\"witness\",\"handling\":[\"H1\",\"H3: x\"],\"evaluation\":\"6x6:B2\","
    "\"purpose\":\"border\",\"review\":\"2031-01-31\",\"owner\":\"XA\"}\n",
    "{\"id\":\"a\",\"schema\":\"Company\"}\r\n\n[1]\n{\"id\":2,\"schema\":\"Persn\"}",
    ("{\"id\":\"v\",\"schema\":\"Vessel\",\"properties\":{\"imoNumber\":[\"0007319\"],"
     "\"flag\":\"xa\",\"phone\":[\"+999 55 010 7788\"]}}\n"),
};

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    if (index >= sizeof seeds / sizeof *seeds)
        return 0;
    *data = (const uint8_t *)seeds[index];
    return strlen(seeds[index]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source *source;
    struct ftm ftm;
    struct arena arena = {0};
    struct err err;
    if (source_open_bytes(&source, bytes_of(data, size), "fuzz", &err) != OK)
        return 0;
    ftm_open(&ftm, source);
    struct record record;
    struct reject reject;
    size_t line = 0;
    enum status status;
    while ((status = ftm_read(&record, &reject, &ftm, &arena, &err)) != NOT_FOUND) {
        assert(reject.line > line && utf8_valid(reject.row));
        line = reject.line;
        if (status == OK) {
            struct bytes id;
            status = record_finish(&record, "xa", &err);
            assert(status == OK || status == BAD_INPUT);
            assert(record.handling & HANDLING_H0);
            assert(ftm_field(&id, &ftm, BYTES_OF("id")) && bytes_is(id, record.id));
        } else {
            assert(status == BAD_INPUT && reject.reason.text[0] != '\0');
        }
        arena_reset(&arena);
    }
    ftm_release(&ftm);
    source_close(source);
    arena_release(&arena);
    return 0;
}
