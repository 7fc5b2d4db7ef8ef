/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/temporary.h: a folder of files for one test, gone at its end.
 *
 * temporary_open once, then temporary_path(name) for a path in it (valid until the eighth call
 * after) and temporary_file(name, bytes) for a file with a content; temporary_close removes all.
 */
#ifndef TESTS_TEMPORARY_H
#define TESTS_TEMPORARY_H

#include "base/bytes.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static char temporary_folder[64];

static inline void temporary_open(void)
{
    strcpy(temporary_folder, "/tmp/enlace-test-XXXXXX");
    if (mkdtemp(temporary_folder) == NULL)
        abort();
}

static inline const char *temporary_path(const char *name)
{
    static char paths[8][256];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", temporary_folder, name);
    return path;
}

static inline const char *temporary_file(const char *name, struct bytes content)
{
    const char *path = temporary_path(name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(content.at, 1, content.len, file) != content.len ||
        fclose(file) != 0)
        abort();
    return path;
}

/* One gzip member in memory; the caller frees out->at. */
static inline void temporary_gzip(struct buf *out, struct bytes content)
{
    z_stream pack = {0};
    if (deflateInit2(&pack, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    uLong room = deflateBound(&pack, content.len);
    uint8_t *at = buf_extend(out, room);
    pack.next_in = (Bytef *)(uintptr_t)content.at;
    pack.avail_in = (uInt)content.len;
    pack.next_out = at;
    pack.avail_out = (uInt)room;
    if (deflate(&pack, Z_FINISH) != Z_STREAM_END)
        abort();
    out->len -= pack.avail_out;
    deflateEnd(&pack);
}

/* Path of a public data file that stands beside the project, or NULL where there is none. */
static inline const char *public_data(const char *name)
{
    static char path[4096];
    const char *root = getenv("ROOT"); /* tests/run sets it */
    snprintf(path, sizeof path, "%s/../shared/data/%s", root != NULL ? root : ".", name);
    return access(path, R_OK) == 0 ? path : NULL;
}

static inline void temporary_close(void)
{
    DIR *folder = opendir(temporary_folder);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.')
            unlink(temporary_path(entry->d_name));
    if (folder != NULL)
        closedir(folder);
    rmdir(temporary_folder);
}

#endif
