/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/screen.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

enum { PIECE = 4096, DELETE = 0x7F, C1_LEAD = 0xC2, C1_FIRST = 0x80, C1_LAST = 0x9F };

/* Of each stream: its file, and whether the last byte may begin a control character of two bytes. */
struct screen {
    int fd;
    bool takes_back; /* a carriage return is ours: the progress of a long command */
    bool after_lead;
};

static char harmless(struct screen *screen, char byte)
{
    uint8_t c = (uint8_t)byte;
    bool second = screen->after_lead && c >= C1_FIRST && c <= C1_LAST;
    screen->after_lead = c == C1_LEAD;
    bool ours = c == '\n' || c == '\t' || (c == '\r' && screen->takes_back);
    bool control = (c < ' ' && !ours) || c == DELETE;
    return control || second ? '?' : byte;
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t did = write(fd, text, len);
        if (did < 0 && errno == EINTR)
            continue;
        if (did <= 0)
            return false;
        text += did;
        len -= (size_t)did;
    }
    return true;
}

static ssize_t screen_write(void *cookie, const char *text, size_t len)
{
    char piece[PIECE];
    for (size_t done = 0; done < len;) {
        size_t count = len - done < PIECE ? len - done : PIECE;
        for (size_t i = 0; i < count; i++)
            piece[i] = harmless(cookie, text[done + i]);
        if (!write_all(((struct screen *)cookie)->fd, piece, count))
            return 0;
        done += count;
    }
    return (ssize_t)len;
}

static FILE *guarded(FILE *stream, struct screen *screen, int fd, int mode)
{
    const cookie_io_functions_t functions = {.write = screen_write};
    if (!isatty(fd))
        return stream;
    *screen = (struct screen){.fd = fd, .takes_back = fd == STDERR_FILENO};
    FILE *guard = fopencookie(screen, "w", functions);
    if (guard == NULL)
        return stream;
    setvbuf(guard, NULL, mode, 0);
    return guard;
}

void screen_guard(void)
{
    static struct screen out, error;
    stdout = guarded(stdout, &out, STDOUT_FILENO, _IOLBF);
    stderr = guarded(stderr, &error, STDERR_FILENO, _IONBF);
}
