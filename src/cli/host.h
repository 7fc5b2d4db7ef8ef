/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/host.h: a command typed at one program and run in another: the daemon that holds the node.
 *
 *     program                                    daemon (core)
 *     --'c' words, files named [descriptors]-->  finds out who it is (SO_PEERCRED), runs the command
 *     <--'o' bytes, 'e' bytes--                  what it writes on standard output, standard error
 *     <--'w' access, path; 'd' bytes ...; 'f'--  a file that was named to be written, whole
 *     <--'j'; 'd' bytes ...--                    the rejects file; --'k' what came of it--> to each
 *     --'b'-->                                   Ctrl-C
 *     <--'x' exit code--
 *
 * Messages of a SOCK_SEQPACKET socket, `socket` in the node's folder: whole or not at all. The daemon
 * runs the very function that the program would have run, one command at a time, in its one thread:
 * so a command is written once, there is one writer, and what a command is in direct mode it is here.
 * Who is slow to read holds up the node for HOST_PATIENCE_MS at most; other nodes are answered
 * meanwhile.
 *
 * No name of a file that somebody types is opened by the daemon. The program opens what is to be read, as
 * the command table says, and hands the descriptors over with the command; what is to be written comes
 * back as bytes, and the program writes it, to no other name than those that were typed to it. So
 * everybody reads and writes with their own rights, and nobody with the node's.
 *
 * Nor does the daemon wait for what somebody types: there is no standard input here. Lines of a record are
 * taken by the program, tried one by one (`new --try`), and sent when all are there (host_typing.c).
 */
#ifndef CLI_HOST_H
#define CLI_HOST_H

#include "base/file.h"
#include "cli/command.h"
#include "formats/reader.h"
#include "serve/node.h"

#include <sys/stat.h>
#include <sys/types.h>

#define HOST_SOCKET "socket"

enum host_kind {
    HOST_COMMAND = 'c',
    HOST_OUT = 'o',
    HOST_ERROR = 'e',
    HOST_OPEN_FILE = 'w', /* secret 1 | mark: length 1, text, 0 none | path */
    HOST_OPEN_REJECTS = 'j',
    HOST_DATA = 'd',
    HOST_FINISH = 'f',
    HOST_DID = 'k', /* status 1 | errno 4 | sentence, or path */
    HOST_BREAK = 'b',
    HOST_EXIT = 'x'
};

enum {
    HOST_MESSAGE_MAX = 192 * 1024, /* what a socket takes at once */
    HOST_PIECE = 16 * 1024,        /* of output */
    HOST_PATIENCE_MS = 30 * 1000,
    HOST_CLIENTS_MAX = 64,
    HOST_FILES_MAX = 4,               /* handed over with one command */
    HOST_FILE_MAX = 512 * 1024 * 1024 /* written by one */
};

/* ---- For commands ---- */

/* The node that holds this command, and who typed it; NULL when the program runs for itself. */
struct node *host_node(void);
const char *host_folder(void);
uid_t host_uid(void);
/* The index over all words of that node, which the daemon keeps from its start on; NULL when the
 * program runs for itself. */
struct search *host_search(void);
/* A file that the person named, opened to be read: as open(2), the caller's; -1 with errno. "-" is their
 * standard input. Where it was handed over, its place is shared with whoever else opened it here. */
int host_open(const char *path);
/* As stat(2), of the same. */
int host_stat(struct stat *about, const char *path);
MUST_USE enum status host_read_file(struct bytes *content, const char *path, size_t max,
                                    struct arena *arena, struct err *err);
/* file_write, to a file that the person named; mark as file_check_replaced takes it, under 256 bytes, or
 * NULL: whatever stands there is written over. */
MUST_USE enum status host_write_file(const char *path, struct bytes content,
                                     enum file_access access, const char *mark,
                                     struct err *err);
/* What a reader opens its files by. */
extern const struct reader_files host_files;
/* isatty, at the program that the command was typed at. */
bool host_is_terminal(int fd);
/* To be called now and then in a long command, between two acts: other nodes are answered. true: who
 * typed it wants it to stop, or is gone. */
bool host_breathe(void);

/* ---- The program's side ---- */

/* When a daemon holds the command's node: has it run there and gives its exit code. false: run it
 * here. */
bool host_forward(int *code, const struct arguments *arguments, int argc, char **argv);
/* Does a daemon hold the node of this folder? */
bool host_answers(const char *folder);
/* When one came to hold it after host_forward had found none: the program begins anew, with the words it was
 * started with. Before anything was read or done. */
void host_begin_again(void);

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

/* What takes long gives way now and then, between two acts, to what others want: to anything where the node
 * itself is at work (host_others), to what is brief in the middle of a command (host_breathe); not from
 * within. others: runs what has come and host_may_run. */
void host_set_others(void (*others)(void *context), void *context);
void host_others(void);
bool host_may_run(int client);

/* Waits for events on fd at most wait_ms, and answers other nodes meanwhile. */
bool host_wait(int fd, short events, int wait_ms);
/* Is the command one on a node, to be run by the service that holds it? */
bool host_is_for_node(const struct arguments *arguments);
/* The folder of a node as an open directory, and "/proc/self/fd/N/socket" to reach it by, so that no
 * path is too long. -1: no such folder. */
int host_socket_path(char out[64], const char *folder);

#endif
