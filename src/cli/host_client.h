/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/host_client.h: the files that were named to a program whose command a daemon runs.
 *
 * Opened here, with the rights of whoever typed the command. Which of its words are files, and which of
 * them are written, the command table says (`writes`); the daemon is told no more than these, and cannot
 * ask for another.
 */
#ifndef CLI_HOST_CLIENT_H
#define CLI_HOST_CLIENT_H

#include "cli/host.h"

/* Those that are read. */
struct host_named {
    struct host_named_file {
        const char *path;
        int fd;    /* of a file on a disk, or of a copy of what was none (a pipe) */
        int error; /* why there is none; 0 */
    } files[HOST_FILES_MAX];
    size_t count;
};

void host_name_files(struct host_named *named, const struct arguments *arguments);
void host_named_release(struct host_named *named);

/* Those that are written. All-zero with the arguments is valid. */
struct host_writing {
    const struct arguments *arguments;
    FILE *rejects;
    const char *path; /* of a file whose content is coming, one of those typed */
    enum file_access access;
    struct buf content;
};

/* Does what the daemon asks for, and tells it over fd what came of it. */
void host_write(int fd, struct host_writing *writing, enum host_kind kind,
                struct bytes content);
void host_writing_release(struct host_writing *writing);

/* Has the daemon run what these words say, parsed as the arguments, and gives its exit code. false: there is
 * none. */
bool host_run_there(int *code, const char *folder, const struct arguments *arguments,
                    int argc, char **argv);

/* `new` without properties: takes them line by line, and has the daemon run the command when all are
 * there. Gives its exit code. */
int host_type(const char *folder, const struct arguments *arguments);

#endif
