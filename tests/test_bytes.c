/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include "check.h"

static void test_buffer_maximum(void)
{
    struct buf buf = {.max = 4};
    buf_add_text(&buf, "abc");
    CHECK(!buf.overflowed);
    buf_add_text(&buf, "de"); /* does not fit: dropped whole */
    CHECK(buf.overflowed);
    CHECK_TEXT(buf_bytes(&buf), "abc");
    buf_add_byte(&buf, 'd'); /* fits, but the writer already knows */
    CHECK_TEXT(buf_bytes(&buf), "abcd");
    CHECK(buf.overflowed);
    buf_clear(&buf);
    CHECK(!buf.overflowed && buf.len == 0);
    buf_addf(&buf, "%d", 12345);
    CHECK(buf.overflowed && buf.len == 0);
    buf_release(&buf);
    buf_release(&buf);
    CHECK(strcmp(buf_text(&buf), "") == 0);
}

static void test_numbers(void)
{
    uint8_t wire[8];
    store_be64(wire, 0x0102030405060708u);
    CHECK(wire[0] == 1 && wire[7] == 8);
    CHECK(load_be64(wire) == 0x0102030405060708u);
    CHECK(load_le64(wire) == 0x0807060504030201u);
    CHECK(load_be16(wire + 6) == 0x0708);
    store_be32(wire, 0xFFFFFFFFu);
    CHECK(load_be32(wire) == 0xFFFFFFFFu);
}

static void test_cursor(void)
{
    struct cursor cursor = {.rest = BYTES_OF("\x01\x00\x02zz")};
    CHECK(cursor_u8(&cursor) == 1);
    CHECK(cursor_be16(&cursor) == 2);
    CHECK(!cursor.failed);
    CHECK(cursor_be32(&cursor) == 0); /* two bytes are left */
    CHECK(cursor.failed);
    CHECK(cursor_take(&cursor, 1).len == 0); /* and it stays failed */
}

static void test_hex(void)
{
    char text[7];
    uint8_t bytes[3];
    hex_write(text, BYTES_OF("\x00\xAB\xff"));
    CHECK(strcmp(text, "00abff") == 0);
    CHECK(hex_read(bytes, 3, BYTES_OF("00ABff")) && bytes[1] == 0xAB);
    CHECK(!hex_read(bytes, 3, BYTES_OF("00ABf")));
    CHECK(!hex_read(bytes, 3, BYTES_OF("00ABfg")));
}

static void test_order(void)
{
    CHECK(bytes_compare(BYTES_OF("a"), BYTES_OF("b")) < 0);
    CHECK(bytes_compare(BYTES_OF("a"), BYTES_OF("ab")) < 0);
    CHECK(bytes_compare(BYTES_OF("ab"), BYTES_OF("ab")) == 0);
    CHECK(bytes_compare((struct bytes){0}, BYTES_OF("a")) < 0);
    CHECK(bytes_equal((struct bytes){0}, BYTES_OF("")));
}

int main(void)
{
    test_buffer_maximum();
    test_numbers();
    test_cursor();
    test_hex();
    test_order();
    return check_done("bytes");
}
