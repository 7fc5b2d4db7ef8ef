/* SPDX-License-Identifier: Apache-2.0
 *
 * base/bytes.h: borrowed bytes, and the buffer that owns some.
 *
 * struct bytes borrows: pointer and length, never NUL-terminated by promise. struct buf owns,
 * grows, and is born with a maximum: a write past it is dropped whole and remembered in
 * `overflowed`, so that a writer checks once, at the end. Numbers on the wire are big-endian
 * unless a page in docs/format says otherwise.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/endian.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    const uint8_t *at;
    size_t len;
};

#define BYTES_OF(literal)                                                                  \
    ((struct bytes){(const uint8_t *)("" literal), sizeof(literal) - 1})

static inline struct bytes bytes_of(const void *at, size_t len)
{
    return (struct bytes){at, len};
}

static inline struct bytes bytes_text(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

/* The part [from, from + len); asserts that it lies inside. */
struct bytes bytes_slice(struct bytes whole, size_t from, size_t len);
bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_is(struct bytes a, const char *text);
/* memcmp order, shorter first on a tie. */
int bytes_compare(struct bytes a, struct bytes b);

struct buf {
    uint8_t *at;
    size_t len, capacity, max;
    bool overflowed; /* a write did not fit into max and was dropped */
};

/* All-zero with a max is valid: (struct buf){.max = N}. */
void buf_release(struct buf *buf);
void buf_clear(struct buf *buf);
/* Room for len more bytes at the end, uninitialised, counted; NULL when that passes max. */
uint8_t *buf_extend(struct buf *buf, size_t len);
void buf_add(struct buf *buf, struct bytes more);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_byte(struct buf *buf, uint8_t byte);
void buf_add_be16(struct buf *buf, uint16_t number);
void buf_add_be32(struct buf *buf, uint32_t number);
void buf_add_be64(struct buf *buf, uint64_t number);
void buf_addf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
/* The text with a NUL behind it that is not counted; "" when empty. */
const char *buf_text(struct buf *buf);

static inline struct bytes buf_bytes(const struct buf *buf)
{
    return (struct bytes){buf->at, buf->len};
}

/* Reads a wire form from front to back. A read past the end sets `failed` and gives zeros, so
 * that a parser checks once, before it believes anything it read. */
struct cursor {
    struct bytes rest;
    bool failed;
};

uint8_t cursor_u8(struct cursor *cursor);
uint16_t cursor_be16(struct cursor *cursor);
uint32_t cursor_be32(struct cursor *cursor);
uint64_t cursor_be64(struct cursor *cursor);
struct bytes cursor_take(struct cursor *cursor, size_t len);
/* Copies len bytes to out (zeros on failure). */
void cursor_copy(uint8_t *out, struct cursor *cursor, size_t len);

/* Lower-case hexadecimal; out holds 2 * from.len + 1. */
void hex_write(char *out, struct bytes from);
/* Exactly out_len bytes from 2 * out_len digits, either case. */
bool hex_read(uint8_t *out, size_t out_len, struct bytes text);

#endif
