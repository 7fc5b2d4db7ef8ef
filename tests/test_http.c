/* SPDX-License-Identifier: Apache-2.0
 *
 * The little HTTP that nodes speak: what is taken, what is refused, and every cut of it.
 */
#include "check.h"
#include "exchange/hello.h"
#include "exchange/http.h"

static const struct {
    const char *name, *text;
    enum http_side side;
    enum status status;
    uint64_t length;
} cases[] = {
    {"request", "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n",
     HTTP_REQUEST, OK, 12},
    {"fields in any case and order",
     "POST /line/ask HTTP/1.1\r\ncontent-LENGTH:7 \r\nX-Other: a, b\r\nHOST: x:1\r\n\r\n",
     HTTP_REQUEST, OK, 7},
    {"answer", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", HTTP_ANSWER, OK, 5},
    {"answer without words", "HTTP/1.1 403\r\nContent-Length: 0\r\n\r\n", HTTP_ANSWER, OK,
     0},
    {"not all there", "POST /line/ask HTTP/1.1\r\nHost: x\r\n", HTTP_REQUEST, BUSY, 0},
    {"nothing", "", HTTP_REQUEST, BUSY, 0},
    {"GET", "GET /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", HTTP_REQUEST,
     BAD_INPUT, 0},
    {"HTTP/1.0", "POST /line/ask HTTP/1.0\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
     HTTP_REQUEST, BAD_INPUT, 0},
    {"another path", "POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
     HTTP_REQUEST, NOT_FOUND, 0},
    {"a path upwards", "POST /line/../ask HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
     HTTP_REQUEST, NOT_FOUND, 0},
    {"no kind", "POST /line/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
     HTTP_REQUEST, NOT_FOUND, 0},
    {"a kind too long",
     "POST /line/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\nHost: x\r\nContent-Length: "
     "0\r\n\r\n",
     HTTP_REQUEST, NOT_FOUND, 0},
    {"no length", "POST /line/ask HTTP/1.1\r\nHost: x\r\n\r\n", HTTP_REQUEST, BAD_INPUT, 0},
    {"no host", "POST /line/ask HTTP/1.1\r\nContent-Length: 0\r\n\r\n", HTTP_REQUEST,
     BAD_INPUT, 0},
    {"two hosts",
     "POST /line/ask HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n",
     HTTP_REQUEST, BAD_INPUT, 0},
    {"two lengths",
     "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
     HTTP_REQUEST, BAD_INPUT, 0},
    {"length with a sign",
     "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n", HTTP_REQUEST,
     BAD_INPUT, 0},
    {"length in hexadecimal",
     "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\n", HTTP_REQUEST,
     BAD_INPUT, 0},
    {"length as a list",
     "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\n", HTTP_REQUEST,
     BAD_INPUT, 0},
    {"length over 64 bits",
     "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
     HTTP_REQUEST, BAD_INPUT, 0},
    {"length over the limit",
     "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n", HTTP_REQUEST,
     TOO_LARGE, 0},
    {"chunks",
     "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: "
     "chunked\r\n\r\n",
     HTTP_REQUEST, BAD_INPUT, 0},
    {"expectations",
     "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: "
     "100-continue\r\n\r\n",
     HTTP_REQUEST, BAD_INPUT, 0},
    {"upgrade",
     "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nUpgrade: h2c\r\n\r\n",
     HTTP_REQUEST, BAD_INPUT, 0},
    {"bare LF", "POST /line/ask HTTP/1.1\nHost: x\nContent-Length: 0\n\n", HTTP_REQUEST,
     BAD_INPUT, 0},
    {"a folded line",
     "POST /line/ask HTTP/1.1\r\nHost: x\r\n folded: y\r\nContent-Length: 0\r\n\r\n",
     HTTP_REQUEST, BAD_INPUT, 0},
    {"a blank before the colon",
     "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length : 0\r\n\r\n", HTTP_REQUEST,
     BAD_INPUT, 0},
    {"a control character",
     "POST /line/ask HTTP/1.1\r\nHost: x\x01\r\nContent-Length: 0\r\n\r\n", HTTP_REQUEST,
     BAD_INPUT, 0},
    {"an answer for a request", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
     HTTP_REQUEST, BAD_INPUT, 0},
    {"100 Continue", "HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n", HTTP_ANSWER,
     BAD_INPUT, 0},
    {"no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", HTTP_ANSWER, BAD_INPUT, 0},
    {"begins with an empty line",
     "\r\nPOST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", HTTP_REQUEST,
     BAD_INPUT, 0},
};

static void test_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_head head;
        struct err err = {0};
        size_t used = 0;
        struct bytes text = bytes_text(cases[i].text);
        uint64_t max = cases[i].side == HTTP_REQUEST ? LINE_REQUEST_MAX : LINE_ANSWER_MAX;
        enum status status = http_head_read(&head, &used, text, cases[i].side, max, &err);
        CHECK_SEEN(status == cases[i].status, "%s: %s %s", cases[i].name,
                   status_name(status), err.text);
        CHECK_SEEN((err.text[0] != '\0') == (status != OK && status != BUSY), "%s: %s",
                   cases[i].name, err.text);
        if (status == OK)
            CHECK_SEEN(used == text.len && head.length == cases[i].length, "%s",
                       cases[i].name);
    }
}

/* Every beginning of a good head is "not all there yet", and what comes behind it is not read. */
static void test_cuts(void)
{
    struct buf text = {.max = 4096};
    struct http_head head;
    size_t used = 0;
    http_request_write(&text, "[::1]:8443", "epoch", 99);
    size_t len = text.len;
    for (size_t i = 0; i < len; i++)
        CHECK(http_head_read(&head, &used, bytes_of(text.at, i), HTTP_REQUEST, 100, NULL) ==
              BUSY);
    buf_add_text(&text, "\r\n\r\n\x00\xFF");
    CHECK(http_head_read(&head, &used, buf_bytes(&text), HTTP_REQUEST, 100, NULL) == OK);
    CHECK(used == len && head.length == 99 && strcmp(head.kind, "epoch") == 0 &&
          !head.close);
    buf_clear(&text);
    http_answer_write(&text, 503, 12, true);
    CHECK(http_head_read(&head, &used, buf_bytes(&text), HTTP_ANSWER, 100, NULL) == OK);
    CHECK(used == text.len && head.code == 503 && head.length == 12 && head.close);
    buf_release(&text);
}

static void test_limits(void)
{
    struct buf text = {.max = 1 << 20};
    struct http_head head;
    size_t used = 0;
    buf_add_text(&text, "POST /line/ask HTTP/1.1\r\nHost: x\r\nX-A: ");
    while (text.len < HTTP_HEAD_MAX)
        buf_add_byte(&text, 'a');
    CHECK(http_head_read(&head, &used, buf_bytes(&text), HTTP_REQUEST, 100, NULL) ==
          TOO_LARGE);
    buf_clear(&text);
    buf_add_text(&text, "POST /line/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n");
    for (int i = 0; i < HTTP_FIELDS_MAX; i++)
        buf_add_text(&text, "a: b\r\n");
    buf_add_text(&text, "\r\n");
    CHECK(http_head_read(&head, &used, buf_bytes(&text), HTTP_REQUEST, 100, NULL) ==
          TOO_LARGE);
    buf_release(&text);
}

static void test_codes(void)
{
    for (enum status status = OK; status <= IO_FAILED; status++)
        CHECK(http_status(http_code(status)) == status);
    CHECK(http_status(418) == IO_FAILED);
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
    test_cases();
    test_cuts();
    test_limits();
    test_codes();
    test_hello();
    return check_done("http");
}
