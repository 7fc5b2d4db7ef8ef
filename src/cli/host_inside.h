/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/host_inside.h: what the two files of the daemon's side of host.h share.
 */
#ifndef CLI_HOST_INSIDE_H
#define CLI_HOST_INSIDE_H

#include "cli/host.h"

/* A file that was named, as the program opened it. */
struct handed {
    const char *path;
    int fd;    /* -1: it was not opened, because of */
    int error; /* an errno */
};

struct hosted {
    struct node *node;
    const char *folder;
    struct search *search;
    uid_t uid;
    int client;
    unsigned terminals; /* bit n: file descriptor n is one */
    bool gone, stop;
    struct handed files[HOST_FILES_MAX];
    size_t file_count;
};

/* The command that runs; NULL when the program runs for itself. */
struct hosted *host_current(void);
void host_tell(struct hosted *hosted, enum host_kind kind, struct bytes content);
/* The next message that is no Ctrl-C, into room of HOST_MESSAGE_SMALL; its length, 0 when nobody is there
 * any more. */
enum { HOST_MESSAGE_SMALL = 1 + HOST_PIECE };
size_t host_hear(struct hosted *hosted, uint8_t *message, int wait_ms);

#endif
