/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/host.h: a command typed at one program and run in another: the daemon that holds the node.
 *
 *     program                                    daemon (core)
 *     --'c' flags, folder, words [stdin]-->      finds out who it is (SO_PEERCRED), runs the command
 *     <--'o' bytes, 'e' bytes--                  what it writes on standard output, standard error
 *     <--'r'--   --'i' bytes-->                  wants a line of standard input; none: its end
 *     --'b'-->                                   Ctrl-C
 *     <--'x' exit code--
 *
 * Messages of a SOCK_SEQPACKET socket, `socket` in the node's folder: whole or not at all. The daemon
 * runs the very function that the program would have run, one command at a time, in its one thread:
 * so a command is written once, there is one writer, and what a command is in direct mode it is here.
 * Who is slow to read holds up the node for HOST_PATIENCE_MS at most; other nodes are answered
 * meanwhile. A command that names files has them read by the daemon, and is therefore refused to
 * everybody whose files are not the daemon's anyway: only to its own user, and to root.
 */
#ifndef CLI_HOST_H
#define CLI_HOST_H

#include "cli/command.h"
#include "serve/node.h"

#include <sys/types.h>

#define HOST_SOCKET "socket"

enum host_kind {
    HOST_COMMAND = 'c',
    HOST_OUT = 'o',
    HOST_ERROR = 'e',
    HOST_WANTS_INPUT = 'r',
    HOST_INPUT = 'i',
    HOST_BREAK = 'b',
    HOST_EXIT = 'x'
};

enum {
    HOST_MESSAGE_MAX = 192 * 1024, /* what a socket takes at once */
    HOST_PIECE = 16 * 1024,        /* of output */
    HOST_PATIENCE_MS = 30 * 1000,
    HOST_CLIENTS_MAX = 64
};

/* ---- For commands ---- */

/* The node that holds this command, and who typed it; NULL when the program runs for itself. */
struct node *host_node(void);
const char *host_folder(void);
uid_t host_uid(void);
/* The index over all words of that node, which the daemon keeps from its start on; NULL when the
 * program runs for itself. */
struct search *host_search(void);
/* isatty, at the program that the command was typed at. */
bool host_is_terminal(int fd);
/* To be called now and then in a long command, between two acts: other nodes are answered. true: who
 * typed it wants it to stop, or is gone. */
bool host_breathe(void);

/* ---- The program's side ---- */

/* When a daemon holds the command's node: has it run there and gives its exit code. false: run it
 * here. */
bool host_forward(int *code, const struct arguments *arguments, int argc, char **argv);

/* ---- The daemon's side ---- */

/* The socket in the folder; in the place of one that was left by a crash. */
MUST_USE enum status host_listen(int *fd, const char *folder, struct err *err);
/* One command from a connected client, which is taken over. */
struct host_node {
    struct node *node;
    const char *folder; /* absolute */
    const struct world *world;
    struct search *search;
};
void host_run(int client, const struct host_node *host);

/* What carries out one command that has come meanwhile, if any: given by the daemon. */
void host_set_others(void (*others)(void *context), void *context);
/* Where nothing is half done, in what may take minutes: commands typed meanwhile are carried out, each whole.
 * Not within a command that was carried out here. */
void host_others(void);
/* Waits for events on fd at most wait_ms, and answers other nodes meanwhile. */
bool host_wait(int fd, short events, int wait_ms);
/* Is the command one on a node, to be run by the service that holds it? */
bool host_is_for_node(const struct arguments *arguments);
/* The folder of a node as an open directory, and "/proc/self/fd/N/socket" to reach it by, so that no
 * path is too long. -1: no such folder. */
int host_socket_path(char out[64], const char *folder);

#endif
