/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/screen.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

enum { PIECE = 4096, DELETE = 0x7F, C1_LEAD = 0xC2, C1_FIRST = 0x80, C1_LAST = 0x9F };

/* What turns the direction of writing round (U+202A to U+202E, U+2066 to U+2069) makes a line read as
 * another. They share two bytes with signs that can be seen, and become one of those. */
enum { E2 = 0xE2, GENERAL = 0x80, MORE = 0x81, ELLIPSIS = 0xA6, ASTERISK = 0x8E };

/* Of each stream: its file, and whether the last bytes may begin a control character. */
struct screen {
    int fd;
    bool takes_back; /* a carriage return is ours: the progress of a long command */
    bool after_lead;
    uint8_t before[2]; /* the last two bytes */
};

static bool turns_round(const uint8_t before[2], uint8_t c)
{
    return before[0] == E2 && ((before[1] == GENERAL && c >= 0xAA && c <= 0xAE) ||
                               (before[1] == MORE && c >= 0xA6 && c <= 0xA9));
}

static char harmless(struct screen *screen, char byte)
{
    uint8_t c = (uint8_t)byte;
    bool second = screen->after_lead && c >= C1_FIRST && c <= C1_LAST;
    screen->after_lead = c == C1_LEAD;
    bool turns = turns_round(screen->before, c);
    bool general = screen->before[1] == GENERAL;
    screen->before[0] = screen->before[1];
    screen->before[1] = c;
    if (turns)
        return (char)(general ? ELLIPSIS : ASTERISK);
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
