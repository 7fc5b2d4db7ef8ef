/* SPDX-License-Identifier: Apache-2.0 */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum status fail(struct err *err, enum status status, const char *format, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, format);
        vsnprintf(err->text, sizeof err->text, format, args);
        va_end(args);
    }
    return status;
}

void err_prefix(struct err *err, const char *format, ...)
{
    if (err == NULL)
        return;
    char front[ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(front, sizeof front, format, args);
    va_end(args);

    size_t front_len = strlen(front), old_len = strlen(err->text);
    size_t keep = sizeof err->text - 1 - front_len;
    if (old_len > keep)
        old_len = keep;
    memmove(err->text + front_len, err->text, old_len);
    memcpy(err->text, front, front_len);
    err->text[front_len + old_len] = '\0';
}

const char *status_name(enum status status)
{
    static const char *const names[] = {
        [OK] = "ok",
        [NOT_FOUND] = "not found",
        [BAD_INPUT] = "bad input",
        [TOO_LARGE] = "too large",
        [REFUSED] = "refused",
        [CONFLICT] = "conflict",
        [BUSY] = "busy",
        [IO_FAILED] = "failed",
    };
    return names[status];
}
