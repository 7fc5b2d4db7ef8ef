/* SPDX-License-Identifier: Apache-2.0
 *
 * What core and front say to one another, read as if it came from a stranger.
 */
#include "fuzz.h"

#include "serve/front_line.h"

#include <stdlib.h>

static void check_request(struct bytes body, bool has_url)
{
    struct front_request read;
    struct err err = {.text = ""};
    if (front_request_read(&read, body, has_url, &err) != OK) {
        if (err.text[0] == '\0')
            abort();
        return;
    }
    struct buf again = {.max = body.len + 64};
    front_request_write(&again, &read, has_url);
    if (!bytes_equal(buf_bytes(&again), body) || !line_kind_valid(read.kind))
        abort();
    buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes body = bytes_of(data, size);
    struct front_answer answer;
    check_request(body, false);
    check_request(body, true);
    if (front_answer_read(&answer, body, NULL) == OK &&
        (answer.status > IO_FAILED || answer.answer.len + 9 != size))
        abort();
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static struct buf bodies[3] = {{.max = 256}, {.max = 256}, {.max = 256}};
    static const uint8_t key[NODE_KEY] = {5};
    const struct front_request request = {.number = 7,
                                          .key = key,
                                          .url = BYTES_OF("https://127.0.0.1:8443"),
                                          .kind = BYTES_OF("ask"),
                                          .request = BYTES_OF("what")};
    if (index >= 3)
        return 0;
    buf_clear(&bodies[index]);
    if (index < 2) {
        front_request_write(&bodies[index], &request, index == 1);
    } else {
        front_answer_begin(&bodies[index], 7, REFUSED);
        buf_add_text(&bodies[index], "no");
    }
    *data = bodies[index].at;
    return bodies[index].len;
}
