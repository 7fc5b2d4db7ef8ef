/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include "base/memory.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct bytes bytes_slice(struct bytes whole, size_t from, size_t len)
{
    assert(from <= whole.len && len <= whole.len - from);
    return (struct bytes){whole.at + from, len};
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool bytes_is(struct bytes a, const char *text)
{
    return bytes_equal(a, bytes_text(text));
}

int bytes_compare(struct bytes a, struct bytes b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common > 0 ? memcmp(a.at, b.at, common) : 0;
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

void buf_release(struct buf *buf)
{
    if (buf == NULL)
        return;
    free(buf->at);
    *buf = (struct buf){.max = buf->max};
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->overflowed = false;
}

/* Make room for len bytes and a NUL behind them. */
static bool reserve(struct buf *buf, size_t len)
{
    if (len > buf->max - buf->len) {
        buf->overflowed = true;
        return false;
    }
    size_t needed = buf->len + len + 1;
    if (needed > buf->capacity) {
        size_t wanted = buf->capacity < 64 ? 64 : buf->capacity * 2;
        if (buf->max < SIZE_MAX && wanted > buf->max + 1)
            wanted = buf->max + 1;
        if (wanted < needed)
            wanted = needed;
        buf->at = xrealloc(buf->at, wanted, 1);
        buf->capacity = wanted;
    }
    return true;
}

uint8_t *buf_extend(struct buf *buf, size_t len)
{
    if (!reserve(buf, len))
        return NULL;
    uint8_t *room = buf->at + buf->len;
    buf->len += len;
    return room;
}

void buf_add(struct buf *buf, struct bytes more)
{
    uint8_t *room = buf_extend(buf, more.len);
    if (room != NULL && more.len > 0)
        memcpy(room, more.at, more.len);
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, bytes_text(text));
}

void buf_add_byte(struct buf *buf, uint8_t byte)
{
    buf_add(buf, bytes_of(&byte, 1));
}

void buf_add_be16(struct buf *buf, uint16_t number)
{
    uint8_t wire[2];
    store_be16(wire, number);
    buf_add(buf, bytes_of(wire, sizeof wire));
}

void buf_add_be32(struct buf *buf, uint32_t number)
{
    uint8_t wire[4];
    store_be32(wire, number);
    buf_add(buf, bytes_of(wire, sizeof wire));
}

void buf_add_be64(struct buf *buf, uint64_t number)
{
    uint8_t wire[8];
    store_be64(wire, number);
    buf_add(buf, bytes_of(wire, sizeof wire));
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(len >= 0);
    if (reserve(buf, (size_t)len)) {
        vsnprintf((char *)buf->at + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

const char *buf_text(struct buf *buf)
{
    if (buf->at == NULL)
        return "";
    buf->at[buf->len] = '\0';
    return (const char *)buf->at;
}

struct bytes cursor_take(struct cursor *cursor, size_t len)
{
    if (cursor->failed || len > cursor->rest.len) {
        cursor->failed = true;
        return (struct bytes){0};
    }
    struct bytes taken = {cursor->rest.at, len};
    cursor->rest = bytes_slice(cursor->rest, len, cursor->rest.len - len);
    return taken;
}

void cursor_copy(uint8_t *out, struct cursor *cursor, size_t len)
{
    struct bytes taken = cursor_take(cursor, len);
    if (taken.len == len && len > 0)
        memcpy(out, taken.at, len);
    else
        memset(out, 0, len);
}

uint8_t cursor_u8(struct cursor *cursor)
{
    uint8_t wire[1];
    cursor_copy(wire, cursor, sizeof wire);
    return wire[0];
}

uint16_t cursor_be16(struct cursor *cursor)
{
    uint8_t wire[2];
    cursor_copy(wire, cursor, sizeof wire);
    return load_be16(wire);
}

uint32_t cursor_be32(struct cursor *cursor)
{
    uint8_t wire[4];
    cursor_copy(wire, cursor, sizeof wire);
    return load_be32(wire);
}

uint64_t cursor_be64(struct cursor *cursor)
{
    uint8_t wire[8];
    cursor_copy(wire, cursor, sizeof wire);
    return load_be64(wire);
}

void hex_write(char *out, struct bytes from)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < from.len; i++) {
        out[2 * i] = digits[from.at[i] >> 4];
        out[2 * i + 1] = digits[from.at[i] & 15];
    }
    out[2 * from.len] = '\0';
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_read(uint8_t *out, size_t out_len, struct bytes text)
{
    if (text.len != 2 * out_len)
        return false;
    for (size_t i = 0; i < out_len; i++) {
        int high = hex_digit(text.at[2 * i]), low = hex_digit(text.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
