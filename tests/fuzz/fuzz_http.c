/* SPDX-License-Identifier: Apache-2.0
 *
 * Heads of HTTP, both sides: the head ends inside the input, says a length within the limit, and
 * one more byte behind it changes nothing.
 */
#include "fuzz.h"

#include "exchange/http.h"

#include <stdlib.h>

static void check_side(struct bytes text, enum http_side side)
{
    struct http_head head, again;
    struct err err = {.text = ""};
    size_t used = 0, used_again = 0;
    enum status status = http_head_read(&head, &used, text, side, LINE_REQUEST_MAX, &err);
    if (status == BUSY)
        return;
    if (status != OK) {
        if (err.text[0] == '\0')
            abort();
        return;
    }
    if (used > text.len || used > HTTP_HEAD_MAX || head.length > LINE_REQUEST_MAX)
        abort();
    if (side == HTTP_REQUEST && !http_kind_valid(bytes_text(head.kind)))
        abort();
    if (http_head_read(&again, &used_again, bytes_slice(text, 0, used), side,
                       LINE_REQUEST_MAX, NULL) != OK ||
        used_again != used || again.length != head.length || again.close != head.close)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_side(bytes_of(data, size), HTTP_REQUEST);
    check_side(bytes_of(data, size), HTTP_ANSWER);
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static const char *const seeds[] = {
        "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\nConnection: "
        "close\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
        "POST /line/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: x\r\n\r\n"};
    if (index >= sizeof seeds / sizeof seeds[0])
        return 0;
    *data = (const uint8_t *)seeds[index];
    return strlen(seeds[index]);
}
