/* SPDX-License-Identifier: Apache-2.0
 *
 * Forms of records and payloads: what reads is written back byte for byte.
 */
#include "fuzz.h"

#include "base/memory.h"
#include "store/form.h"
#include "store/payload.h"

#include <stdlib.h>

size_t fuzz_seed(size_t index, const uint8_t **data)
{
#define FORM                                                                               \
    "\1\0\6Person\0\3p-"                                                                   \
    "1\0\0\2XA\0\7suspect\5\0\0\0\0034x4\0\2B2\0\5alert\0\0\0\1\0\4name\0\0"               \
    "\0\0\0\3Ana"
    static const char form[] = FORM, payload[] = "\1\1\0\3why" FORM;
    static const struct bytes seeds[] = {{(const uint8_t *)form, sizeof form - 1},
                                         {(const uint8_t *)payload, sizeof payload - 1}};
    if (index >= sizeof seeds / sizeof seeds[0])
        return 0;
    *data = seeds[index].at;
    return seeds[index].len;
}

static void try_form(struct bytes wire)
{
    struct arena arena = {0};
    struct record record, again;
    struct buf first = {.max = FORM_MAX}, second = {.max = FORM_MAX};
    /* Texts are trimmed and words may be written in any case, so that the first writing may differ
     * from what was read; the second must not differ from the first. */
    if (form_read(&record, wire, "xa", &arena, NULL) == OK &&
        form_add(&first, &record, NULL) == OK) {
        if (form_read(&again, buf_bytes(&first), "xa", &arena, NULL) != OK ||
            form_add(&second, &again, NULL) != OK ||
            !bytes_equal(buf_bytes(&first), buf_bytes(&second)))
            abort();
    }
    buf_release(&first);
    buf_release(&second);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct payload payload;
    try_form(bytes_of(data, size));
    if (payload_read(&payload, bytes_of(data, size), NULL) == OK)
        try_form(payload.body);
    return 0;
}
