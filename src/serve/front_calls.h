/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/front_calls.h: the lines on which we ask other nodes; only front_*.c include it.
 *
 *     CALL_CONNECTS --it is who is meant, asked--> CALL_WAITS --head--> CALL_RECEIVES
 *
 * libcurl has the lines and keeps them; what is ours is one call, from the core's word to its answer.
 */
#ifndef SERVE_FRONT_CALLS_H
#define SERVE_FRONT_CALLS_H

#include "serve/front_line.h"

#include <curl/curl.h>

enum { CALLS_MAX = 64 };

struct front_state;

enum call_phase { CALL_CONNECTS, CALL_WAITS, CALL_RECEIVES };

struct call {
    struct front_state *front;
    struct call *next;
    uint64_t number;
    uint8_t key[NODE_KEY]; /* who is to be there */
    char url[NODE_URL_MAX + 1];
    struct buf request, answer;
    CURL *easy;
    char curl_says[CURL_ERROR_SIZE];
    struct err why; /* what we found wrong */
    enum call_phase phase;
    int64_t deadline_ms, begun_ms;
    bool silent; /* nobody answered for as long as is waited */
    size_t head_len;
    uint64_t length;
    bool again; /* on a fresh line: the kept one was of no use */
};

/* Before the sandbox. */
MUST_USE enum status front_calls_open(struct front_state *front, struct err *err);
void front_calls_close(struct front_state *front);
void front_call_begin(struct front_state *front, const struct front_request *request);
void front_calls_run(struct front_state *front);
/* Ends the late ones; closes the kept lines when none was used for long. */
void front_calls_look(struct front_state *front);

#endif
