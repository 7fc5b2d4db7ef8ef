/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <sodium.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    if (sodium_init() < 0) {
        fputs("enlace: libsodium does not start on this machine\n", stderr);
        return EXIT_FAILED;
    }
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
    code = arguments.command->run(&arguments, world_system());
    /* A full disk behind standard output shows only now: an answer cut short is a failure. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("enlace: standard output");
        return EXIT_FAILED;
    }
    return code;
}
