/* SPDX-License-Identifier: Apache-2.0
 *
 * The daemon's side of host.h.
 */
#include "cli/host_inside.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static struct hosted *current;
static struct {
    void (*others)(void *context);
    void *context;
    bool within, briefly; /* it runs; in the middle of a command of somebody's */
} meanwhile;

/* ---- For commands ---- */

struct hosted *host_current(void)
{
    return current;
}

struct node *host_node(void)
{
    return current != NULL ? current->node : NULL;
}

const char *host_folder(void)
{
    return current != NULL ? current->folder : NULL;
}

struct search *host_search(void)
{
    return current != NULL ? current->search : NULL;
}

uid_t host_uid(void)
{
    return current != NULL ? current->uid : geteuid();
}

bool host_is_terminal(int fd)
{
    return current != NULL ? (current->terminals & 1U << fd) != 0 : isatty(fd) == 1;
}

static bool told_to_end(void)
{
    sigset_t waiting;
    return sigpending(&waiting) == 0 &&
           (sigismember(&waiting, SIGTERM) == 1 || sigismember(&waiting, SIGINT) == 1);
}

static void give_way(bool briefly)
{
    if (meanwhile.others == NULL || meanwhile.within)
        return;
    meanwhile.within = true;
    meanwhile.briefly = briefly;
    meanwhile.others(meanwhile.context);
    meanwhile.within = false;
}

bool host_breathe(void)
{
    uint8_t message[1];
    if (current == NULL)
        return false;
    if (node_answer(current->node, 0, NULL) != OK)
        current->stop = true;
    give_way(true);
    ssize_t len = recv(current->client, message, sizeof message, MSG_DONTWAIT);
    if (len == 0 || (len < 0 && errno != EAGAIN && errno != EINTR))
        current->gone = true;
    if (len == 1 && message[0] == HOST_BREAK)
        current->stop = true;
    return current->stop || current->gone || told_to_end();
}

bool host_wait(int fd, short events, int wait_ms)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t end_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + wait_ms;
    for (;;) {
        int line = current != NULL ? node_line_fd(current->node) : -1;
        struct pollfd wanted[2] = {{.fd = fd, .events = events},
                                   {.fd = line, .events = POLLIN}};
        clock_gettime(CLOCK_MONOTONIC, &now);
        int64_t left = end_ms - ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
        if (left <= 0)
            return false;
        if (poll(wanted, 2, (int)left) < 0 && errno != EINTR)
            return false;
        if (wanted[0].revents != 0)
            return true;
        if (wanted[1].revents != 0 && node_answer(current->node, 0, NULL) != OK)
            return false;
    }
}

/* ---- Its streams ---- */

void host_tell(struct hosted *hosted, enum host_kind kind, struct bytes content)
{
    uint8_t message[1 + HOST_PIECE];
    message[0] = (uint8_t)kind;
    if (content.len > 0)
        memcpy(message + 1, content.at, content.len);
    while (!hosted->gone) {
        ssize_t sent =
            send(hosted->client, message, 1 + content.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0)
            return;
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN || !host_wait(hosted->client, POLLOUT, HOST_PATIENCE_MS))
            hosted->gone = true;
    }
}

size_t host_hear(struct hosted *hosted, uint8_t *message, int wait_ms)
{
    while (!hosted->gone && host_wait(hosted->client, POLLIN, wait_ms)) {
        ssize_t got = recv(hosted->client, message, HOST_MESSAGE_SMALL, MSG_DONTWAIT);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got <= 0)
            break;
        if (message[0] != HOST_BREAK)
            return (size_t)got;
        hosted->stop = true;
    }
    hosted->gone = true;
    return 0;
}

/* To somebody who is gone everything is written, and nothing arrives: the command comes to its end. */
static ssize_t write_stream(enum host_kind kind, const char *at, size_t len)
{
    for (size_t sent = 0; sent < len && !current->gone;) {
        size_t piece = len - sent > HOST_PIECE ? HOST_PIECE : len - sent;
        host_tell(current, kind, bytes_of(at + sent, piece));
        sent += piece;
    }
    return (ssize_t)len;
}

static ssize_t write_out(void *cookie, const char *at, size_t len)
{
    (void)cookie;
    return write_stream(HOST_OUT, at, len);
}

static ssize_t write_error(void *cookie, const char *at, size_t len)
{
    (void)cookie;
    return write_stream(HOST_ERROR, at, len);
}

/* ---- One command ---- */

struct request {
    unsigned terminals;
    char **words;
    int count;
    struct handed files[HOST_FILES_MAX];
    size_t file_count;
};

/* What came, and the descriptors with it. */
static ssize_t receive(int client, uint8_t *message, int fds[HOST_FILES_MAX],
                       size_t *fd_count)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(HOST_FILES_MAX * sizeof(int))];
    } control;
    struct iovec part = {message, HOST_MESSAGE_MAX};
    struct msghdr whole = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = &control,
                           .msg_controllen = sizeof control};
    *fd_count = 0;
    ssize_t len = recvmsg(client, &whole, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (len <= 0)
        return len;
    for (struct cmsghdr *at = CMSG_FIRSTHDR(&whole); at != NULL;
         at = CMSG_NXTHDR(&whole, at))
        if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_RIGHTS && *fd_count == 0) {
            *fd_count = (at->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(fds, CMSG_DATA(at), *fd_count * sizeof(int));
        }
    return (whole.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 ? -1 : len;
}

/* What is handed over must be a file: nobody waits for a pipe here. */
static void check_file(struct handed *file)
{
    struct stat about;
    if (fstat(file->fd, &about) == 0 && S_ISREG(about.st_mode))
        return;
    close(file->fd);
    file->fd = -1;
    file->error = ESPIPE;
}

/* Names and descriptors, put together; each descriptor has a name. */
static bool read_files(struct request *out, struct cursor *cursor, struct arena *arena,
                       const int *fds, size_t fd_count)
{
    size_t count = cursor_u8(cursor), taken = 0;
    bool good = count <= HOST_FILES_MAX;
    for (size_t i = 0; i < count && good; i++) {
        struct handed *file = &out->files[i];
        file->path = arena_text(arena, cursor_take(cursor, cursor_be16(cursor)));
        file->error = (int)cursor_be32(cursor);
        file->fd = -1;
        good = !cursor->failed && (file->error != 0 || taken < fd_count);
        if (good && file->error == 0)
            file->fd = fds[taken++];
        out->file_count += good;
    }
    /* What was not taken is closed here, the rest with the request. */
    for (size_t i = taken; i < fd_count; i++)
        close(fds[i]);
    good = good && taken == fd_count;
    for (size_t i = 0; i < out->file_count && good; i++)
        if (out->files[i].fd >= 0)
            check_file(&out->files[i]);
    return good;
}

static void close_files(struct request *request)
{
    for (size_t i = 0; i < request->file_count; i++)
        if (request->files[i].fd >= 0)
            close(request->files[i].fd);
}

static bool read_words(struct request *out, struct cursor *cursor, struct arena *arena)
{
    if (cursor_u8(cursor) != HOST_COMMAND)
        return false;
    out->terminals = cursor_u8(cursor);
    out->count = cursor_be16(cursor);
    if (cursor->failed || out->count == 0 || out->count > POSITIONALS_MAX + 2 * OPTIONS_MAX)
        return false;
    out->words = arena_zalloc(arena, (size_t)out->count + 1, sizeof *out->words);
    for (int i = 0; i < out->count; i++)
        out->words[i] = arena_text(arena, cursor_take(cursor, cursor_be32(cursor)));
    return !cursor->failed;
}

static bool read_request(struct request *out, struct bytes message, struct arena *arena,
                         const int *fds, size_t fd_count)
{
    struct cursor cursor = {.rest = message};
    bool good = read_words(out, &cursor, arena);
    if (!good)
        cursor = (struct cursor){.failed = true};
    good = read_files(out, &cursor, arena, fds, fd_count) && good;
    return good && !cursor.failed && cursor.rest.len == 0;
}

bool host_is_for_node(const struct arguments *arguments)
{
    const struct command *command = arguments->command;
    bool names_node = false;
    for (size_t i = 0; i < OPTIONS_MAX && command->options[i].name != NULL; i++)
        names_node |= strcmp(command->options[i].name, "node") == 0;
    if (!names_node || arguments->help || strcmp(command->name, "serve") == 0)
        return false;
    /* With a file it is about that; `keys` is about a node only when it names a record of one. */
    if (strncmp(command->synopsis, "[FILE]", 6) == 0 && arguments->count > 0)
        return false;
    return strcmp(command->name, "keys") != 0 || keys_names_record(arguments);
}

static int run_words(const struct request *request, const struct world *world,
                     struct arena *arena)
{
    struct arguments *arguments = arena_zalloc(arena, 1, sizeof *arguments);
    struct err err = {0};
    int code = arguments_parse(arguments, request->count, request->words, &err);
    if (code != EXIT_DONE) {
        fprintf(stderr, "enlace: %s\n", err.text);
        return code;
    }
    if (meanwhile.within && strcmp(arguments->command->name, "rebuild") == 0) {
        fail(&err, BUSY, "the node is at work on its records; rebuild when that is done");
        return complain(arguments, BUSY, &err);
    }
    if (!host_is_for_node(arguments)) {
        fail(&err, REFUSED, "this is no command on a node");
        return complain(arguments, REFUSED, &err);
    }
    return arguments->command->run(arguments, world);
}

static int run_with_streams(const struct request *request, const struct world *world,
                            struct arena *arena)
{
    FILE *own[] = {stdin, stdout, stderr};
    FILE *in = fopen("/dev/null", "r");
    FILE *out = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_out});
    FILE *error = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_error});
    if (in == NULL || out == NULL || error == NULL)
        abort(); /* out of memory or descriptors: started again, the node is as it was */
    setvbuf(error, NULL, _IONBF, 0);
    stdin = in;
    stdout = out;
    stderr = error;
    int code = run_words(request, world, arena);
    if (fflush(stdout) != 0)
        code = EXIT_FAILED;
    stdin = own[0];
    stdout = own[1];
    stderr = own[2];
    fclose(in);
    fclose(out);
    fclose(error);
    return code;
}

static void run_request(struct hosted *hosted, const struct request *request,
                        const struct world *world, struct arena *arena)
{
    struct hosted *outer = current;
    current = hosted;
    uint8_t code = (uint8_t)run_with_streams(request, world, arena);
    host_tell(hosted, HOST_EXIT, bytes_of(&code, 1));
    current = outer;
}

void host_set_others(void (*others)(void *context), void *context)
{
    meanwhile.others = others;
    meanwhile.context = context;
}

void host_others(void)
{
    give_way(false);
}

/* Looked at without taking it. */
bool host_may_run(int client)
{
    if (!meanwhile.briefly)
        return true;
    uint8_t *message = xmalloc(HOST_MESSAGE_MAX);
    struct arena arena = {0};
    struct request request = {0};
    struct err err = {0};
    ssize_t got = recv(client, message, HOST_MESSAGE_MAX, MSG_PEEK | MSG_DONTWAIT);
    struct cursor cursor = {.rest = got > 0 ? bytes_of(message, (size_t)got)
                                            : (struct bytes){0}};
    bool brief = false;
    if (got > 0 && read_words(&request, &cursor, &arena)) {
        struct arguments *arguments = arena_zalloc(&arena, 1, sizeof *arguments);
        brief =
            arguments_parse(arguments, request.count, request.words, &err) == EXIT_DONE &&
            arguments->command->brief;
    }
    free(message);
    arena_release(&arena);
    return brief;
}

void host_run(int client, const struct host_node *host)
{
    struct arena arena = {0};
    uint8_t *message = xmalloc(HOST_MESSAGE_MAX);
    struct ucred who;
    socklen_t len = sizeof who;
    struct hosted *hosted = xcalloc(1, sizeof *hosted);
    struct request request = {0};
    int fds[HOST_FILES_MAX];
    size_t fd_count;
    ssize_t got = receive(client, message, fds, &fd_count);
    struct bytes wire = got > 0 ? bytes_of(message, (size_t)got) : (struct bytes){0};
    bool good = read_request(&request, wire, &arena, fds, fd_count);
    if (good && getsockopt(client, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0) {
        hosted->node = host->node;
        hosted->folder = host->folder;
        hosted->search = host->search;
        hosted->client = client;
        hosted->uid = who.uid;
        hosted->terminals = request.terminals;
        memcpy(hosted->files, request.files, sizeof hosted->files);
        hosted->file_count = request.file_count;
        run_request(hosted, &request, host->world, &arena);
    }
    close_files(&request);
    close(client);
    free(message);
    free(hosted);
    arena_release(&arena);
}

/* ---- The socket ---- */

int host_socket_path(char out[64], const char *folder)
{
    int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        snprintf(out, 64, "/proc/self/fd/%d/" HOST_SOCKET, fd);
    return fd;
}

enum status host_listen(int *fd, const char *folder, struct err *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int place = host_socket_path(address.sun_path, folder);
    if (place < 0)
        return fail(err, NOT_FOUND, "%s: %s", folder, strerror(errno));
    /* Who gets here holds the lock of the node: what is left there is nobody's. */
    unlink(address.sun_path);
    int got = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (got < 0 || bind(got, (const struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(address.sun_path, 0666) != 0 || listen(got, HOST_CLIENTS_MAX) != 0) {
        fail(err, IO_FAILED, "%s/" HOST_SOCKET ": %s", folder, strerror(errno));
        if (got >= 0)
            close(got);
        close(place);
        return IO_FAILED;
    }
    close(place);
    *fd = got;
    return OK;
}
