/* SPDX-License-Identifier: Apache-2.0
 *
 * The program's side of host.h.
 */
#include "cli/host_client.h"

#include "base/memory.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;

static void on_stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

static const char *node_of(const struct arguments *arguments)
{
    if (!host_is_for_node(arguments))
        return NULL;
    const char *named = argument(arguments, "node");
    return named != NULL ? named : getenv("ENLACE_NODE");
}

static int connect_to(const char *folder)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int size = 2 * HOST_MESSAGE_MAX;
    int place = host_socket_path(address.sun_path, folder);
    if (place < 0)
        return -1;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        fd = -1;
    }
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    close(place);
    return fd;
}

static void add_words(struct buf *out, int argc, char **argv)
{
    uint8_t terminals = 0;
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        terminals |= (uint8_t)((isatty(fd) == 1) << fd);
    buf_add_byte(out, HOST_COMMAND);
    buf_add_byte(out, terminals);
    buf_add_be16(out, (uint16_t)argc);
    for (int i = 0; i < argc; i++) {
        buf_add_be32(out, (uint32_t)strlen(argv[i]));
        buf_add_text(out, argv[i]);
    }
}

/* The names of the files, and their descriptors beside the message. */
static void add_files(struct buf *out, struct msghdr *whole, const struct host_named *named)
{
    struct cmsghdr *head = CMSG_FIRSTHDR(whole);
    int fds[HOST_FILES_MAX];
    size_t count = 0;
    buf_add_byte(out, (uint8_t)named->count);
    for (size_t i = 0; i < named->count; i++) {
        const struct host_named_file *file = &named->files[i];
        buf_add_be16(out, (uint16_t)strlen(file->path));
        buf_add_text(out, file->path);
        buf_add_be32(out, (uint32_t)file->error);
        if (file->error == 0)
            fds[count++] = file->fd;
    }
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(head), fds, count * sizeof(int));
    whole->msg_controllen = CMSG_SPACE(count * sizeof(int));
    if (count == 0)
        whole->msg_control = NULL, whole->msg_controllen = 0;
}

static bool send_command(int fd, const struct arguments *arguments, int argc, char **argv)
{
    struct buf words = {.max = HOST_MESSAGE_MAX};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(HOST_FILES_MAX * sizeof(int))];
    } control = {0};
    struct msghdr whole = {.msg_control = &control, .msg_controllen = sizeof control};
    struct host_named named;
    host_name_files(&named, arguments);
    add_words(&words, argc, argv);
    add_files(&words, &whole, &named);
    struct iovec part = {words.at, words.len};
    whole.msg_iov = &part;
    whole.msg_iovlen = 1;
    errno = E2BIG;
    bool sent = !words.overflowed && sendmsg(fd, &whole, MSG_NOSIGNAL) >= 0;
    host_named_release(&named);
    buf_release(&words);
    return sent;
}

static void send_break(int fd)
{
    static const uint8_t message[] = {HOST_BREAK};
    send(fd, message, sizeof message, MSG_NOSIGNAL);
    stopped = 0;
    /* A second time, for whoever cannot wait, it ends this program; the daemon notices. */
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

/* A person who waits is told why. */
static void tell_busy(int fd)
{
    enum { PATIENCE_MS = 3000 };
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    if (isatty(STDERR_FILENO) == 1 && poll(&wanted, 1, PATIENCE_MS) == 0)
        fputs("the node is at work on something else; this comes next\n", stderr);
}

/* Standard output that is a pipe: whoever reads it slowly holds up this program and not the node, so what
 * cannot be written yet waits here, up to BACKLOG_MAX. */
struct backlog {
    bool is_pipe;
    int error; /* an errno: it cannot be written any more */
    struct buf waiting;
    size_t from; /* what stands before it was written */
};

enum { BACKLOG_MAX = 256 * 1024 * 1024 };

static size_t backlog_len(const struct backlog *backlog)
{
    return backlog->waiting.len - backlog->from;
}

static void backlog_open(struct backlog *backlog)
{
    struct stat about;
    *backlog = (struct backlog){.waiting = {.max = BACKLOG_MAX + 2 * HOST_PIECE}};
    backlog->is_pipe = fstat(STDOUT_FILENO, &about) == 0 &&
                       (S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode));
}

static void backlog_add(struct backlog *backlog, struct bytes content)
{
    if (!backlog->is_pipe)
        fwrite(content.at, 1, content.len, stdout);
    else if (backlog->error == 0)
        buf_add(&backlog->waiting, content);
}

/* As much as goes in without waiting, which is PIPE_BUF when poll says that it can be written. */
static void backlog_write(struct backlog *backlog)
{
    size_t len = backlog_len(backlog) < PIPE_BUF ? backlog_len(backlog) : PIPE_BUF;
    ssize_t got = write(STDOUT_FILENO, backlog->waiting.at + backlog->from, len);
    if (got < 0 && errno != EINTR && errno != EAGAIN)
        backlog->error = errno;
    backlog->from += got > 0 ? (size_t)got : 0;
    if (backlog->error != 0 || backlog_len(backlog) == 0) {
        buf_clear(&backlog->waiting);
        backlog->from = 0;
    } else if (backlog->from >= backlog->waiting.len / 2 && backlog->from >= HOST_PIECE) {
        memmove(backlog->waiting.at, backlog->waiting.at + backlog->from,
                backlog_len(backlog));
        backlog->waiting.len -= backlog->from;
        backlog->from = 0;
    }
}

/* Until something has come from the service, or Ctrl-C. */
static void wait_writing(int fd, struct backlog *backlog)
{
    while (backlog_len(backlog) > 0 && !stopped) {
        bool full = backlog_len(backlog) >= BACKLOG_MAX;
        struct pollfd wanted[2] = {{.fd = full ? -1 : fd, .events = POLLIN},
                                   {.fd = STDOUT_FILENO, .events = POLLOUT}};
        if (poll(wanted, 2, -1) < 0)
            return;
        if (wanted[1].revents != 0)
            backlog_write(backlog);
        if (wanted[0].revents != 0)
            return;
    }
}

/* All is written, or errno says why not. */
static bool backlog_close(struct backlog *backlog)
{
    while (backlog_len(backlog) > 0) {
        struct pollfd wanted = {.fd = STDOUT_FILENO, .events = POLLOUT};
        if (poll(&wanted, 1, -1) >= 0 || errno != EINTR)
            backlog_write(backlog);
    }
    buf_release(&backlog->waiting);
    errno = backlog->error;
    return backlog->error == 0;
}

/* Until the exit code comes. */
static int relay(int fd, struct host_writing *writing, struct backlog *backlog)
{
    static uint8_t message[1 + HOST_PIECE];
    tell_busy(fd);
    for (;;) {
        if (stopped)
            send_break(fd);
        wait_writing(fd, backlog);
        ssize_t len = recv(fd, message, sizeof message, 0);
        if (len < 0 && errno == EINTR)
            continue;
        if (len <= 0) {
            fputs("enlace: the service of this node ended in the middle of the command, or "
                  "would not wait for this program any longer; what it acknowledged is "
                  "kept\n",
                  stderr);
            return EXIT_FAILED;
        }
        struct bytes content = bytes_of(message + 1, (size_t)len - 1);
        switch (message[0]) {
        case HOST_OUT:
            backlog_add(backlog, content);
            break;
        case HOST_ERROR:
            fflush(stdout);
            fwrite(content.at, 1, content.len, stderr);
            break;
        case HOST_OPEN_FILE:
        case HOST_OPEN_REJECTS:
        case HOST_DATA:
        case HOST_FINISH:
            host_write(fd, writing, (enum host_kind)message[0], content);
            break;
        case HOST_EXIT:
            return content.len == 1 ? content.at[0] : EXIT_FAILED;
        default:
            break;
        }
    }
}

bool host_run_there(int *code, const char *folder, const struct arguments *arguments,
                    int argc, char **argv)
{
    int fd = connect_to(folder);
    struct sigaction action = {.sa_handler = on_stop};
    if (fd < 0)
        return false;
    if (!send_command(fd, arguments, argc, argv)) {
        struct err err = {0};
        close(fd);
        fail(&err, IO_FAILED, "the service of this node does not take the command: %s",
             strerror(errno));
        *code = complain(arguments, IO_FAILED, &err);
        return true;
    }
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    struct host_writing writing = {.arguments = arguments};
    struct backlog backlog;
    backlog_open(&backlog);
    *code = relay(fd, &writing, &backlog);
    host_writing_release(&writing);
    close(fd);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (!backlog_close(&backlog) || fflush(stdout) != 0 || ferror(stdout)) {
        perror("enlace: standard output");
        *code = EXIT_FAILED;
    }
    return true;
}

static char **own_words;

bool host_answers(const char *folder)
{
    int fd = connect_to(folder);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

void host_begin_again(void)
{
    if (own_words != NULL)
        execv("/proc/self/exe", own_words);
}

bool host_forward(int *code, const struct arguments *arguments, int argc, char **argv)
{
    const char *folder = node_of(arguments);
    own_words = argv - 1; /* with the program's name in front, and a NULL behind */
    if (folder == NULL || folder[0] == '\0')
        return false;
    if (strcmp(arguments->command->name, "new") == 0 && arguments->count == 1 &&
        argument(arguments, "try") == NULL) {
        if (!host_answers(folder))
            return false;
        *code = host_type(folder, arguments);
        return true;
    }
    return host_run_there(code, folder, arguments, argc, argv);
}
