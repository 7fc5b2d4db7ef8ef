/* SPDX-License-Identifier: Apache-2.0
 *
 * What crosses between nodes, whoever carries it: statuses as codes, kinds, and the first word.
 */
#include "check.h"
#include "exchange/hello.h"
#include "exchange/line.h"

static void test_codes(void)
{
    for (int status = OK; status <= IO_FAILED; status++)
        CHECK(line_status(line_code((enum status)status)) == (enum status)status);
    CHECK(line_code(OK) == 200 && line_code(BUSY) == 503 &&
          line_code((enum status)99) == 500);
    CHECK(line_status(204) == IO_FAILED && line_status(301) == IO_FAILED &&
          line_status(0) == IO_FAILED);
}

static void test_kinds(void)
{
    static const struct {
        const char *kind;
        bool valid;
    } cases[] = {
        {"ask", true},     {"a", true},       {"epochs.2", true},
        {"end-now", true}, {"..", true},      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true},
        {"", false},       {"a/b", false},    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
        {"a b", false},    {"%61sk", false},  {"ask?x=1", false},
        {"a_b", false},    {"a\r\nb", false}, {"\xC3\xA9", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_SEEN(line_kind_valid(bytes_text(cases[i].kind)) == cases[i].valid, "%s",
                   cases[i].kind);
    CHECK(!line_kind_valid(BYTES_OF("a\0b")));
}

static void test_hello(void)
{
    struct peer asker = {0};
    struct hello hello;
    struct err err = {0};
    struct buf text = {.max = HELLO_MAX};
    peer_agree(&asker, &(struct peer_agreement){KEY_PERSON, 10240, .circle = {"common"}});
    peer_agree(&asker, &(struct peer_agreement){KEY_PHONE, 64, .circle = {"north"}});
    peer_agree(&asker, &(struct peer_agreement){KEY_IMO, 8, .circle = {"common"}});
    peer_agree(&asker, &(struct peer_agreement){KEY_IMO, 0, .circle = {"common"}});
    CHECK(asker.agreement_count == 2 && asker.agreements[0].class == KEY_PHONE);
    hello_write(&text, "XA", 1795730000, &asker);
    CHECK_SEEN(hello_read(&hello, buf_bytes(&text), &err) == OK, "%s", err.text);
    CHECK(hello.agreement_count == 2 && hello.time_s == 1795730000 &&
          strcmp(hello.code, "XA") == 0 && hello.agreements[1].quota == 10240 &&
          strcmp(hello.agreements[0].circle.name, "north") == 0);
    /* A class of a newer program is passed over; whatever else is not a line of it is not. */
    buf_add_text(&text, "agreement drone common 5\n");
    CHECK(hello_read(&hello, buf_bytes(&text), &err) == OK && hello.agreement_count == 2);
    buf_add_text(&text, "something\n");
    CHECK(hello_read(&hello, buf_bytes(&text), &err) == BAD_INPUT);
    CHECK(hello_read(&hello, BYTES_OF("enlace hello 2\ncode XA\ntime 5\n"), &err) ==
          BAD_INPUT);
    CHECK(hello_read(&hello, BYTES_OF("enlace hello 1\ncode X A\ntime 5\n"), &err) ==
          BAD_INPUT);
    CHECK(hello_read(&hello, (struct bytes){0}, &err) == BAD_INPUT);
    asker.removed = true;
    CHECK(peer_agreement(&asker, KEY_PHONE) == NULL);
    buf_release(&text);
}

int main(void)
{
    test_codes();
    test_kinds();
    test_hello();
    return check_done("line");
}
