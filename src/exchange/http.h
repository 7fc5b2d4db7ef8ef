/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange/http.h: the little of HTTP/1.1 that two nodes speak, both ways (RFC 9112).
 *
 *     POST /line/KIND HTTP/1.1            HTTP/1.1 200 OK
 *     Host: xa.example:8443               Content-Length: 5120
 *     Content-Length: 312
 *
 * Both with a body of exactly Content-Length bytes. Other fields are passed over; chunks, upgrades,
 * folded lines, a length given twice or in any form but digits are refused, so that two programs can
 * never disagree on where a message ends. A refusal has the status below and the sentence as body.
 */
#ifndef EXCHANGE_HTTP_H
#define EXCHANGE_HTTP_H

#include "exchange/line.h"

enum { HTTP_HEAD_MAX = 8 * 1024, HTTP_FIELDS_MAX = 64 };

struct http_head {
    char kind[LINE_KIND_MAX + 1]; /* of a request: letters, digits, hyphens, points */
    unsigned code;                /* of an answer */
    uint64_t length;              /* of the body */
    bool close;                   /* no further message on this line */
};

enum http_side { HTTP_REQUEST, HTTP_ANSWER };

/* Reads the head at the front of `text`; *used bytes of it were the head. BUSY without a sentence: it
 * is not all there yet. BAD_INPUT, TOO_LARGE (over HTTP_HEAD_MAX; or body_max), NOT_FOUND (no path
 * of ours): the line is of no use any more. */
MUST_USE enum status http_head_read(struct http_head *out, size_t *used, struct bytes text,
                                    enum http_side side, uint64_t body_max,
                                    struct err *err);

void http_request_write(struct buf *out, const char *host, const char *kind, size_t length);
void http_answer_write(struct buf *out, unsigned code, size_t length, bool close);

/* 200 for OK; and back: what no status has given is IO_FAILED. */
unsigned http_code(enum status status);
enum status http_status(unsigned code);
bool http_kind_valid(struct bytes kind);

#endif
