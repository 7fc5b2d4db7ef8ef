/* SPDX-License-Identifier: Apache-2.0
 *
 * The daemon's side of host.h.
 */
#include "cli/host.h"

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

struct hosted {
    struct node *node;
    const char *folder;
    struct search *search;
    uid_t uid;
    int client;
    unsigned terminals; /* bit n: file descriptor n is one */
    bool gone, stop;
    char line[HOST_PIECE]; /* of standard input, as far as it was not read */
    size_t line_len;
};

static struct hosted *current;
static struct {
    void (*others)(void *context);
    void *context;
    bool within;
} meanwhile;

/* ---- For commands ---- */

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

bool host_breathe(void)
{
    uint8_t message[1];
    if (current == NULL)
        return false;
    if (node_answer(current->node, 0, NULL) != OK)
        current->stop = true;
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

/* ---- Its three streams ---- */

static void tell(struct hosted *hosted, enum host_kind kind, struct bytes content)
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

/* To somebody who is gone everything is written, and nothing arrives: the command comes to its end. */
static ssize_t write_stream(enum host_kind kind, const char *at, size_t len)
{
    for (size_t sent = 0; sent < len && !current->gone;) {
        size_t piece = len - sent > HOST_PIECE ? HOST_PIECE : len - sent;
        tell(current, kind, bytes_of(at + sent, piece));
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

/* A person may think as long as they like; meanwhile the node is theirs, so a while is enough. */
static ssize_t read_input(void *cookie, char *at, size_t len)
{
    enum { THINK_MS = 300 * 1000 };
    (void)cookie;
    while (current->line_len == 0 && !current->gone) {
        uint8_t message[1 + HOST_PIECE];
        tell(current, HOST_WANTS_INPUT, (struct bytes){0});
        if (current->gone || !host_wait(current->client, POLLIN, THINK_MS))
            return 0;
        ssize_t got = recv(current->client, message, sizeof message, MSG_DONTWAIT);
        if (got <= 1 || message[0] != HOST_INPUT)
            return 0;
        current->line_len = (size_t)got - 1;
        memcpy(current->line, message + 1, current->line_len);
    }
    size_t take = current->line_len < len ? current->line_len : len;
    memcpy(at, current->line, take);
    memmove(current->line, current->line + take, current->line_len - take);
    current->line_len -= take;
    return (ssize_t)take;
}

/* ---- One command ---- */

struct request {
    unsigned terminals;
    const char *folder; /* where it was typed */
    char **words;
    int count;
    int input; /* its standard input when that is a file; -1 */
};

static ssize_t receive(int client, uint8_t *message, int *input)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {message, HOST_MESSAGE_MAX};
    struct msghdr whole = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = &control,
                           .msg_controllen = sizeof control};
    ssize_t len = recvmsg(client, &whole, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (len <= 0)
        return len;
    for (struct cmsghdr *at = CMSG_FIRSTHDR(&whole); at != NULL;
         at = CMSG_NXTHDR(&whole, at))
        if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_RIGHTS)
            memcpy(input, CMSG_DATA(at), sizeof *input);
    return (whole.msg_flags & MSG_TRUNC) != 0 ? -1 : len;
}

static bool read_request(struct request *out, struct bytes message, struct arena *arena)
{
    struct cursor cursor = {.rest = message};
    if (cursor_u8(&cursor) != HOST_COMMAND)
        return false;
    out->terminals = cursor_u8(&cursor);
    out->folder = arena_text(arena, cursor_take(&cursor, cursor_be16(&cursor)));
    out->count = cursor_be16(&cursor);
    if (cursor.failed || out->count == 0 || out->count > POSITIONALS_MAX + 2 * OPTIONS_MAX)
        return false;
    out->words = arena_zalloc(arena, (size_t)out->count + 1, sizeof *out->words);
    for (int i = 0; i < out->count; i++)
        out->words[i] = arena_text(arena, cursor_take(&cursor, cursor_be32(&cursor)));
    return !cursor.failed && cursor.rest.len == 0;
}

bool host_is_for_node(const struct arguments *arguments)
{
    const struct command *command = arguments->command;
    uint8_t id[16];
    bool names_node = false;
    for (size_t i = 0; i < OPTIONS_MAX && command->options[i].name != NULL; i++)
        names_node |= strcmp(command->options[i].name, "node") == 0;
    if (!names_node || arguments->help || strcmp(command->name, "serve") == 0)
        return false;
    /* `keys` is about a node only when it names a record of one. */
    return strcmp(command->name, "keys") != 0 ||
           (arguments->count == 1 && access(arguments->words[0], F_OK) != 0 &&
            hex_read(id, sizeof id, bytes_text(arguments->words[0])));
}

/* What was handed over as standard input must be a file: nobody waits for a pipe here. */
static void check_input(struct request *request)
{
    struct stat about;
    if (request->input < 0 ||
        (fstat(request->input, &about) == 0 && S_ISREG(about.st_mode)))
        return;
    close(request->input);
    request->input = -1;
}

static bool names_files(const struct arguments *arguments)
{
    const struct command *command = arguments->command;
    for (size_t i = 0; i < OPTIONS_MAX && command->options[i].name != NULL; i++)
        if (arguments->values[i] != NULL && command->options[i].value != NULL &&
            strcmp(command->options[i].value, "FILE") == 0)
            return true;
    return arguments->count > 0 && strncmp(command->synopsis, "FILE", 4) == 0 &&
           strcmp(command->name, "keys") != 0; /* which names a record here */
}

static int run_words(const struct request *request, const struct world *world)
{
    struct arguments
        arguments; /* of its own: another command may be carried out within this one */
    struct err err = {0};
    int code = arguments_parse(&arguments, request->count, request->words, &err);
    if (code != EXIT_DONE) {
        fprintf(stderr, "enlace: %s\n", err.text);
        return code;
    }
    if (meanwhile.within && strcmp(arguments.command->name, "rebuild") == 0) {
        fail(&err, BUSY, "maps are being made of the records; rebuild when that is done");
        return complain(&arguments, BUSY, &err);
    }
    bool is_foreign = current->uid != geteuid() && current->uid != 0;
    if (is_foreign && names_files(&arguments)) {
        fail(&err, REFUSED,
             "this would be read and written with the rights of the node's own account; "
             "only that account names files to it");
        return complain(&arguments, REFUSED, &err);
    }
    if (chdir(is_foreign ? "/" : request->folder) != 0) {
        fail(&err, REFUSED, "%s: the node cannot go there: %s", request->folder,
             strerror(errno));
        return complain(&arguments, REFUSED, &err);
    }
    if (!host_is_for_node(&arguments)) {
        fail(&err, REFUSED, "this is no command on a node");
        return complain(&arguments, REFUSED, &err);
    }
    return arguments.command->run(&arguments, world);
}

static int run_with_streams(const struct request *request, const struct world *world)
{
    FILE *own[] = {stdin, stdout, stderr};
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    FILE *in = fopencookie(NULL, "r", (cookie_io_functions_t){.read = read_input});
    FILE *out = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_out});
    FILE *error = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_error});
    if (in == NULL || out == NULL || error == NULL || nothing < 0)
        abort(); /* out of memory or descriptors: started again, the node is as it was */
    setvbuf(error, NULL, _IONBF, 0);
    if (request->input >= 0)
        dup2(request->input, STDIN_FILENO);
    stdin = request->input >= 0 ? stdin : in;
    stdout = out;
    stderr = error;
    int code = run_words(request, world);
    if (fflush(stdout) != 0)
        code = EXIT_FAILED;
    stdin = own[0];
    stdout = own[1];
    stderr = own[2];
    dup2(nothing, STDIN_FILENO);
    clearerr(stdin);
    close(nothing);
    fclose(in);
    fclose(out);
    fclose(error);
    return code;
}

static void run_request(struct hosted *hosted, const struct request *request,
                        const struct world *world)
{
    struct hosted *outer = current;
    int place = outer != NULL ? open(".", O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    current = hosted;
    uint8_t code = (uint8_t)run_with_streams(request, world);
    if (place >= 0 ? fchdir(place) != 0 : chdir("/") != 0)
        log_event(LOG_WARN, "chdir", "why", strerror(errno), NULL);
    if (place >= 0)
        close(place);
    tell(hosted, HOST_EXIT, bytes_of(&code, 1));
    current = outer;
}

void host_set_others(void (*others)(void *context), void *context)
{
    meanwhile.others = others;
    meanwhile.context = context;
}

void host_others(void)
{
    if (meanwhile.others == NULL || meanwhile.within)
        return;
    meanwhile.within = true;
    meanwhile.others(meanwhile.context);
    meanwhile.within = false;
}

void host_run(int client, const struct host_node *host)
{
    struct arena arena = {0};
    uint8_t *message = xmalloc(HOST_MESSAGE_MAX);
    struct ucred who;
    socklen_t len = sizeof who;
    struct hosted *hosted = xcalloc(1, sizeof *hosted);
    struct request request = {.input = -1};
    ssize_t got = receive(client, message, &request.input);
    if (got > 0 && getsockopt(client, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 &&
        read_request(&request, bytes_of(message, (size_t)got), &arena)) {
        check_input(&request);
        hosted->node = host->node;
        hosted->folder = host->folder;
        hosted->search = host->search;
        hosted->client = client;
        hosted->uid = who.uid;
        hosted->terminals = request.terminals;
        run_request(hosted, &request, host->world);
    }
    if (request.input >= 0)
        close(request.input);
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
