/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/line.h"

#include "base/text.h"

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
