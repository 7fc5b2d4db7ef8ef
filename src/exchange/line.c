/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/line.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>

/* ---- Asking ---- */

enum status line_call_one(const struct line_caller *caller, const uint8_t peer_key[32],
                          const char *kind, struct bytes request, struct buf *answer,
                          struct err *err)
{
    struct line_call call = {
        .peer_key = peer_key, .kind = kind, .request = request, .answer = answer};
    caller->call(caller->context, &call, 1);
    if (err != NULL && call.status != OK)
        *err = call.err;
    return call.status;
}

void line_round_open(struct line_round *round, size_t room)
{
    *round = (struct line_round){.calls = xcalloc(room + 1, sizeof *round->calls),
                                 .answers = xcalloc(room + 1, sizeof *round->answers),
                                 .room = room};
}

void line_round_release(struct line_round *round)
{
    for (size_t i = 0; i < round->count; i++)
        buf_release(&round->answers[i]);
    free(round->calls);
    free(round->answers);
    *round = (struct line_round){0};
}

void line_round_add(struct line_round *round, const uint8_t peer_key[32], const char *kind,
                    struct bytes request, size_t answer_max)
{
    if (round->count == round->room)
        abort();
    struct buf *answer = &round->answers[round->count];
    answer->max = answer_max;
    round->calls[round->count++] = (struct line_call){
        .peer_key = peer_key, .kind = kind, .request = request, .answer = answer};
}

void line_round_make(struct line_round *round, const struct line_caller *caller)
{
    if (round->count > 0)
        caller->call(caller->context, round->calls, round->count);
}

/* ---- Codes ---- */

static const struct {
    enum status status;
    unsigned code;
} codes[] = {
    {OK, 200},      {NOT_FOUND, 404}, {BAD_INPUT, 400}, {TOO_LARGE, 413},
    {REFUSED, 403}, {CONFLICT, 409},  {BUSY, 503},      {IO_FAILED, 500},
};
enum { CODES = sizeof codes / sizeof codes[0] };

unsigned line_code(enum status status)
{
    for (size_t i = 0; i < CODES; i++)
        if (codes[i].status == status)
            return codes[i].code;
    return 500;
}

enum status line_status(unsigned code)
{
    for (size_t i = 0; i < CODES; i++)
        if (codes[i].code == code)
            return codes[i].status;
    return IO_FAILED;
}

bool line_kind_valid(struct bytes kind)
{
    if (kind.len == 0 || kind.len > LINE_KIND_MAX)
        return false;
    for (size_t i = 0; i < kind.len; i++)
        if (!is_letter(kind.at[i]) && !is_digit(kind.at[i]) && kind.at[i] != '-' &&
            kind.at[i] != '.')
            return false;
    return true;
}
