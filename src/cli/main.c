/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/host.h"
#include "cli/screen.h"
#include "serve/front.h"
#include "serve/front_line.h"

#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

/* Puts something there that can only be read. */
static bool hold_place(int place)
{
    int fd = open("/dev/null", O_RDONLY);
    bool held = fd >= 0 && (fd == place || dup2(fd, place) == place);
    if (fd > STDERR_FILENO)
        close(fd);
    return held;
}

/* A program started without one of its three standard files would open the node's in its place, and
 * write its sentences into them. */
static bool fill_standard_files(void)
{
    int fd;
    /* Where nobody can read what is written, writing must fail. */
    if (fcntl(STDOUT_FILENO, F_GETFD) < 0 && !hold_place(STDOUT_FILENO))
        return false;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
    return fd >= 0;
}

int main(int argc, char **argv)
{
    if (!fill_standard_files())
        return EXIT_FAILED;
    /* A reader that has seen enough (`| head`) is no reason to end without closing the node. */
    signal(SIGPIPE, SIG_IGN);
    /* A file that may not grow further is a full disk, and told like one. */
    signal(SIGXFSZ, SIG_IGN);
    if (sodium_init() < 0) {
        fputs("enlace: libsodium does not start on this machine\n", stderr);
        return EXIT_FAILED;
    }
    /* Not a command: the node starts itself anew as the process that speaks with other nodes. */
    if (argc > 1 && strcmp(argv[1], FRONT_ARGUMENT) == 0)
        _exit(front_process(FRONT_CORE_FD, argc > 2 ? FRONT_LISTEN_FD : -1, 1));
    screen_guard();
    static struct arguments arguments;
    struct err err = {0};
    int code = arguments_parse(&arguments, argc - 1, argv + 1, &err);
    if (code != EXIT_DONE) {
        fprintf(stderr, "enlace: %s\n", err.text);
        return code;
    }
    if (arguments.help) {
        print_command_help(arguments.command);
        return EXIT_DONE;
    }
    if (host_forward(&code, &arguments, argc - 1, argv + 1))
        return code;
    code = arguments.command->run(&arguments, world_system());
    /* A full disk behind standard output shows only now: an answer cut short is a failure. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("enlace: standard output");
        return EXIT_FAILED;
    }
    return code;
}
