/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "base/bytes.h"

#include <stdarg.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096 };

static enum log_level least_level = LOG_INFO;

void log_set_level(enum log_level least)
{
    least_level = least;
}

static void add_value(struct buf *line, const char *value)
{
    if (value[0] != '\0' && strpbrk(value, " \"\\\n\r\t=") == NULL) {
        buf_add_text(line, value);
        return;
    }
    buf_add_byte(line, '"');
    for (const char *c = value; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            buf_add_byte(line, '\\');
        buf_add_byte(line, (uint8_t)*c < ' ' ? ' ' : (uint8_t)*c);
    }
    buf_add_byte(line, '"');
}

void log_event(enum log_level level, const char *event, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if (level < least_level)
        return;
    struct buf line = {.max = LINE_MAX_BYTES};
    buf_addf(&line, "%s %s", names[level], event);
    va_list args;
    va_start(args, event);
    for (const char *key; (key = va_arg(args, const char *)) != NULL;) {
        buf_addf(&line, " %s=", key);
        add_value(&line, va_arg(args, const char *));
    }
    va_end(args);
    buf_add_byte(&line, '\n');
    /* One write, so that lines of several processes do not mix. */
    ssize_t written = write(STDERR_FILENO, line.at, line.len);
    (void)written;
    buf_release(&line);
}
