/* SPDX-License-Identifier: Apache-2.0
 *
 * The program's side of host.h.
 */
#include "cli/host.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
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

/* Standard input as a file that can be handed over: itself when it is one, else a copy of it if the
 * command reads it ("-"). -1: none, lines are sent when they are wanted. */
static int input_file(const struct arguments *arguments)
{
    struct stat about;
    bool wanted = false;
    for (size_t i = 0; i < arguments->count; i++)
        wanted |= strcmp(arguments->words[i], "-") == 0;
    if (!wanted)
        return -1;
    if (fstat(STDIN_FILENO, &about) == 0 && S_ISREG(about.st_mode))
        return dup(STDIN_FILENO);
    int copy = memfd_create("input", MFD_CLOEXEC);
    char piece[64 * 1024];
    ssize_t got = 0;
    while (copy >= 0 && (got = read(STDIN_FILENO, piece, sizeof piece)) > 0)
        if (write(copy, piece, (size_t)got) != got)
            return -1;
    lseek(copy, 0, SEEK_SET);
    return copy;
}

static void add_words(struct buf *out, int argc, char **argv)
{
    char folder[4096] = "/";
    uint8_t terminals = 0;
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        terminals |= (uint8_t)((isatty(fd) == 1) << fd);
    if (getcwd(folder, sizeof folder) == NULL)
        folder[0] = '\0';
    buf_add_byte(out, HOST_COMMAND);
    buf_add_byte(out, terminals);
    buf_add_be16(out, (uint16_t)strlen(folder));
    buf_add_text(out, folder);
    buf_add_be16(out, (uint16_t)argc);
    for (int i = 0; i < argc; i++) {
        buf_add_be32(out, (uint32_t)strlen(argv[i]));
        buf_add_text(out, argv[i]);
    }
}

static bool send_command(int fd, const struct arguments *arguments, int argc, char **argv)
{
    struct buf words = {.max = HOST_MESSAGE_MAX};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    add_words(&words, argc, argv);
    struct iovec part = {words.at, words.len};
    struct msghdr whole = {.msg_iov = &part, .msg_iovlen = 1};
    int input = input_file(arguments);
    if (input >= 0) {
        whole.msg_control = &control;
        whole.msg_controllen = sizeof control;
        struct cmsghdr *head = CMSG_FIRSTHDR(&whole);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(head), &input, sizeof input);
    }
    bool sent = !words.overflowed && sendmsg(fd, &whole, MSG_NOSIGNAL) >= 0;
    if (input >= 0)
        close(input);
    buf_release(&words);
    return sent;
}

static void send_line(int fd)
{
    uint8_t message[1 + HOST_PIECE] = {HOST_INPUT};
    size_t len = 0;
    if (fgets((char *)message + 1, HOST_PIECE, stdin) != NULL)
        len = strlen((const char *)message + 1);
    send(fd, message, 1 + len, MSG_NOSIGNAL);
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

/* Until the exit code comes. */
static int relay(int fd)
{
    uint8_t message[1 + HOST_PIECE];
    tell_busy(fd);
    for (;;) {
        if (stopped)
            send_break(fd);
        ssize_t len = recv(fd, message, sizeof message, 0);
        if (len < 0 && errno == EINTR)
            continue;
        if (len <= 0) {
            fputs(
                "enlace: the service of this node ended in the middle of the command; what "
                "it acknowledged is kept\n",
                stderr);
            return EXIT_FAILED;
        }
        switch (message[0]) {
        case HOST_OUT:
            fwrite(message + 1, 1, (size_t)len - 1, stdout);
            break;
        case HOST_ERROR:
            fflush(stdout);
            fwrite(message + 1, 1, (size_t)len - 1, stderr);
            break;
        case HOST_WANTS_INPUT:
            fflush(stdout);
            send_line(fd);
            break;
        case HOST_EXIT:
            return len == 2 ? message[1] : EXIT_FAILED;
        default:
            break;
        }
    }
}

bool host_forward(int *code, const struct arguments *arguments, int argc, char **argv)
{
    const char *folder = node_of(arguments);
    int fd = folder != NULL && folder[0] != '\0' ? connect_to(folder) : -1;
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
    *code = relay(fd);
    close(fd);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("enlace: standard output");
        *code = EXIT_FAILED;
    }
    return true;
}
