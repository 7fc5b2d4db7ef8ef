/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/way_in.h"

#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OTHERS = S_IRWXG | S_IRWXO, PASSING = S_IXGRP | S_IXOTH };

/* ---- Whose it is ---- */

static const char *name_of(uid_t uid, struct arena *arena)
{
    enum { ROOM = 16 * 1024 };
    struct passwd entry, *found = NULL;
    getpwuid_r(uid, &entry, arena_alloc(arena, ROOM), ROOM, &found);
    return found != NULL ? found->pw_name : arena_printf(arena, "#%lu", (unsigned long)uid);
}

enum status way_in_check_owner(const char *folder, struct err *err)
{
    struct arena arena = {0};
    struct stat about;
    enum status status = OK;
    /* Who made the node made its key; the folder may have been there before. */
    bool found = stat(arena_printf(&arena, "%s/vault.key", folder), &about) == 0 ||
                 (errno == EACCES && stat(folder, &about) == 0);
    if (!found && errno == EACCES)
        status = fail(err, IO_FAILED,
                      "%s: your account may not go there. A node of several people runs as "
                      "a service in a folder that they may pass through (docs/service.md)",
                      folder);
    else if (found && about.st_uid != geteuid()) {
        const char *owner = name_of(about.st_uid, &arena);
        status = fail(err, IO_FAILED,
                      "%s: this node belongs to the account \"%s\", which alone opens it; "
                      "others come in through its service, which does not answer. \"%s\" "
                      "starts it: enlace serve (docs/service.md)",
                      folder, owner, owner);
    }
    if (status == OK && found)
        status = way_in_check_folder(folder, err);
    arena_release(&arena);
    return status;
}

enum status way_in_check_folder(const char *folder, struct err *err)
{
    struct stat about;
    if (stat(folder, &about) != 0 || (about.st_mode & S_IWOTH) == 0)
        return OK;
    return fail(err, REFUSED,
                "%s: everybody may write in this folder, and could put theirs in the place "
                "of its files; chmod o-w %s",
                folder, folder);
}

/* ---- The way to the socket ---- */

/* What is not for others: all but the socket and what is signed. */
static void shut_all(int folder)
{
    DIR *listing = fdopendir(dup(folder));
    struct dirent *item;
    while (listing != NULL && (item = readdir(listing)) != NULL) {
        struct stat about;
        const char *name = item->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
            strcmp(name, "checkpoint") == 0 ||
            fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        bool ours = S_ISREG(about.st_mode) || S_ISDIR(about.st_mode);
        if (ours && (about.st_mode & OTHERS) != 0)
            fchmodat(folder, name, about.st_mode & 07777 & ~(mode_t)OTHERS, 0);
    }
    if (listing != NULL)
        closedir(listing);
}

/* Each folder above it; rights given by other ways than these bits are not seen. */
static enum status check_above(const char *folder, struct err *err)
{
    struct arena arena = {0};
    enum status status = OK;
    char *path = arena_text(&arena, bytes_text(folder));
    for (char *slash; status == OK && (slash = strrchr(path, '/')) != NULL;) {
        struct stat about;
        *slash = '\0';
        const char *above = path[0] != '\0' ? path : "/";
        if (stat(above, &about) == 0 && (about.st_mode & S_IXOTH) == 0)
            status = fail(err, REFUSED,
                          "others cannot pass through %s, so they do not reach this node; "
                          "move it to where they can (/var/lib/...), or chmod o+x %s",
                          above, above);
    }
    arena_release(&arena);
    return status;
}

enum status way_in_open(const char *folder, struct err *err)
{
    struct stat about;
    enum status status = OK;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0)
        status = fail(err, REFUSED, "%s: %s", folder, strerror(errno));
    if (status == OK) {
        shut_all(fd);
        bool passes = (about.st_mode & PASSING) == PASSING;
        if (!passes && fchmod(fd, (about.st_mode & 07777) | PASSING) != 0)
            status = fail(err, REFUSED, "%s: others cannot be let through it: %s", folder,
                          strerror(errno));
    }
    if (fd >= 0)
        close(fd);
    return status == OK ? check_above(folder, err) : status;
}
