/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/front_line.h"

static void add_word(struct buf *out, struct bytes word)
{
    buf_add_be16(out, (uint16_t)word.len);
    buf_add(out, word);
}

void front_request_write(struct buf *out, const struct front_request *request, bool has_url)
{
    buf_add_be64(out, request->number);
    buf_add(out, bytes_of(request->key, NODE_KEY));
    if (has_url)
        add_word(out, request->url);
    add_word(out, request->kind);
    buf_add(out, request->request);
}

enum status front_request_read(struct front_request *out, struct bytes body, bool has_url,
                               struct err *err)
{
    struct cursor cursor = {.rest = body};
    struct front_request read = {.number = cursor_be64(&cursor)};
    struct node_address address;
    read.key = cursor_take(&cursor, NODE_KEY).at;
    if (has_url)
        read.url = cursor_take(&cursor, cursor_be16(&cursor));
    read.kind = cursor_take(&cursor, cursor_be16(&cursor));
    read.request = cursor.rest;
    if (cursor.failed || !line_kind_valid(read.kind) || read.request.len > LINE_REQUEST_MAX)
        return fail(err, BAD_INPUT, "a message between core and front makes no sense");
    if (has_url && node_address_read(&address, read.url, err) != OK)
        return BAD_INPUT;
    *out = read;
    return OK;
}

void front_answer_begin(struct buf *out, uint64_t number, enum status status)
{
    buf_add_be64(out, number);
    buf_add_byte(out, (uint8_t)status);
}

enum status front_answer_read(struct front_answer *out, struct bytes body, struct err *err)
{
    struct cursor cursor = {.rest = body};
    struct front_answer read = {.number = cursor_be64(&cursor)};
    unsigned status = cursor_u8(&cursor);
    read.answer = cursor.rest;
    if (cursor.failed || status > IO_FAILED || read.answer.len > LINE_ANSWER_MAX)
        return fail(err, BAD_INPUT, "a message between core and front makes no sense");
    read.status = (enum status)status;
    *out = read;
    return OK;
}
