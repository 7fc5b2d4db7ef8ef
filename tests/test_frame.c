/* SPDX-License-Identifier: Apache-2.0 */
#include "base/frame.h"

#include "check.h"

#include <sys/socket.h>
#include <unistd.h>

enum { WAIT_MS = 2000 };

static int ends[2];

static void open_pair(void)
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        abort();
}

static void send_raw(const void *bytes, size_t len)
{
    if (write(ends[0], bytes, len) != (ssize_t)len)
        abort();
}

static enum status receive(struct frame *frame, struct buf *into, struct err *err)
{
    return frame_read(frame, into, ends[1], WAIT_MS, err);
}

static void test_round_trip(void)
{
    struct buf into = {.max = 1000};
    struct frame frame;
    struct err err;
    open_pair();
    CHECK(frame_write(ends[0], 7, BYTES_OF("hello"), WAIT_MS, &err) == OK);
    CHECK(frame_write(ends[0], 8, (struct bytes){0}, WAIT_MS, &err) == OK);
    CHECK(receive(&frame, &into, &err) == OK && frame.kind == 7);
    CHECK_TEXT(frame.body, "hello");
    CHECK(receive(&frame, &into, &err) == OK && frame.kind == 8 && frame.body.len == 0);
    close(ends[0]);
    CHECK(receive(&frame, &into, &err) == NOT_FOUND);
    close(ends[1]);
    buf_release(&into);
}

static void test_faults(void)
{
    static const struct {
        const char *name, *bytes;
        size_t len;
        enum status status;
    } cases[] = {
        {"length nought", "\0\0\0\0\0", 5, BAD_INPUT},
        {"over the limit", "\0\0\1\0\1", 5, TOO_LARGE},
        {"four gigabytes", "\377\377\377\377\1", 5, TOO_LARGE},
        {"cut in the head", "\0\0", 2, IO_FAILED},
        {"cut in the body", "\0\0\0\5\1ab", 7, IO_FAILED},
        {"cut before the body", "\0\0\0\5\1", 5, IO_FAILED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf into = {.max = 100};
        struct frame frame;
        struct err err = {0};
        open_pair();
        send_raw(cases[i].bytes, cases[i].len);
        close(ends[0]);
        enum status status = receive(&frame, &into, &err);
        CHECK_SEEN(status == cases[i].status, "%s: %s", cases[i].name, status_name(status));
        CHECK(err.text[0] != '\0');
        close(ends[1]);
        buf_release(&into);
    }
}

static void test_silence(void)
{
    struct buf into = {.max = 100};
    struct frame frame;
    struct err err;
    open_pair();
    CHECK(frame_read(&frame, &into, ends[1], 10, &err) == BUSY);
    close(ends[1]);
    CHECK(frame_write(ends[0], 1, BYTES_OF("x"), WAIT_MS, &err) == IO_FAILED);
    close(ends[0]);
    buf_release(&into);
}

int main(void)
{
    test_round_trip();
    test_faults();
    test_silence();
    return check_done("frame");
}
