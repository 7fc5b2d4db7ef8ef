/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/sim_disk.h: a disk in memory that forgets, fails and lies.
 *
 * What was written is visible at once and durable after a sync. sim_cut takes the power
 * away: of each file stays what was synced, and of what was written since a random part,
 * torn at sectors; of files made and removed since the folder was synced, a random first
 * part. The operation at which that happens, or at which a write or sync fails, is counted:
 * `fail_at`. With `lies` a sync says OK and does nothing: the planted fault that the tests
 * must find.
 */
#ifndef TESTS_SIM_DISK_H
#define TESTS_SIM_DISK_H

#include "base/memory.h"
#include "store/disk.h"

#include <stdio.h>
#include <stdlib.h>

enum { SIM_FILES = 32, SIM_PATH = 64, SIM_NAMES = 64, SIM_SECTOR = 512, SIM_LONG = 8192 };

enum sim_fault { SIM_CUT, SIM_EIO, SIM_ENOSPC };

struct sim_change {
    uint64_t at;
    uint8_t *bytes; /* NULL: the file was cut to `at` */
    size_t len;
};

struct sim_inode {
    struct buf now, durable;
    struct sim_change *changes; /* since the last sync */
    size_t count, capacity;
    bool locked;
};

struct sim_name {
    char path[SIM_PATH];
    struct sim_inode *inode; /* NULL: removed */
};

struct sim_disk {
    struct disk disk;
    struct sim_inode inodes[SIM_FILES];
    size_t inode_count;
    struct sim_name names[SIM_NAMES]; /* in the order in which they were made and removed */
    size_t name_count, names_durable;
    uint64_t operations, fail_at; /* fail_at 0: never */
    enum sim_fault fault;
    bool dead, lies;
    uint64_t state; /* of the generator */
};

struct sim_file {
    struct disk_file base;
    struct sim_disk *sim;
    struct sim_inode *inode;
};

static inline uint64_t sim_draw(struct sim_disk *sim, uint64_t limit)
{
    sim->state = sim->state * 6364136223846793005u + 1442695040888963407u;
    return (sim->state >> 33) % limit;
}

static inline struct sim_inode *sim_find(const struct sim_disk *sim, const char *path)
{
    for (size_t i = sim->name_count; i > 0; i--)
        if (strcmp(sim->names[i - 1].path, path) == 0)
            return sim->names[i - 1].inode;
    return NULL;
}

/* One more operation that changes something: does it go through? */
static inline enum status sim_step(struct sim_disk *sim, struct err *err)
{
    if (sim->dead)
        return fail(err, IO_FAILED, "the power is gone");
    if (++sim->operations != sim->fail_at)
        return OK;
    switch (sim->fault) {
    case SIM_ENOSPC:
        return fail(err, TOO_LARGE, "the disk is full");
    case SIM_EIO:
        return fail(err, IO_FAILED, "the disk failed");
    case SIM_CUT:
        sim->dead = true;
        break;
    }
    return fail(err, IO_FAILED, "the power is gone");
}

static inline void sim_add_name(struct sim_disk *sim, const char *path,
                                struct sim_inode *inode)
{
    if (sim->name_count == SIM_NAMES) { /* what is durable needs only its last word */
        size_t kept = 0;
        for (size_t i = 0; i < sim->name_count; i++) {
            bool last = true;
            for (size_t j = i + 1; j < sim->names_durable; j++)
                last &= strcmp(sim->names[j].path, sim->names[i].path) != 0;
            if (last)
                sim->names[kept++] = sim->names[i];
        }
        sim->names_durable -= sim->name_count - kept;
        sim->name_count = kept;
    }
    struct sim_name *name = &sim->names[sim->name_count++];
    snprintf(name->path, sizeof name->path, "%s", path);
    name->inode = inode;
}

static inline void sim_forget_changes(struct sim_inode *inode)
{
    for (size_t i = 0; i < inode->count; i++)
        free(inode->changes[i].bytes);
    inode->count = 0;
}

static inline struct sim_inode *sim_new_inode(struct sim_disk *sim)
{
    struct sim_inode *inode = NULL;
    for (size_t i = 0; i < SIM_FILES && inode == NULL; i++) {
        inode = &sim->inodes[i];
        for (size_t j = 0; j < sim->name_count; j++)
            if (sim->names[j].inode == &sim->inodes[i])
                inode = NULL;
        if (inode != NULL && inode->locked)
            inode = NULL;
    }
    if (inode == NULL)
        abort();
    sim_forget_changes(inode);
    inode->now.max = inode->durable.max = 1 << 30;
    buf_clear(&inode->now);
    buf_clear(&inode->durable);
    return inode;
}

static inline enum status sim_open(struct disk_file **out, void *context, const char *path,
                                   bool create, struct err *err)
{
    struct sim_disk *sim = context;
    struct sim_inode *inode = sim_find(sim, path);
    if (inode == NULL && !create)
        return fail(err, NOT_FOUND, "%s: there is no such file", path);
    if (inode == NULL) {
        enum status status = sim_step(sim, err);
        if (status != OK)
            return status;
        inode = sim_new_inode(sim);
        sim_add_name(sim, path, inode);
    }
    struct sim_file *file = xcalloc(1, sizeof *file);
    *file = (struct sim_file){{&sim->disk}, sim, inode};
    *out = &file->base;
    return OK;
}

static inline void sim_close(struct disk_file *base)
{
    struct sim_file *file = (struct sim_file *)base;
    file->inode->locked = false;
    free(file);
}

static inline enum status sim_read(size_t *got, struct disk_file *base, void *out,
                                   size_t len, uint64_t at, struct err *err)
{
    struct sim_file *file = (struct sim_file *)base;
    const struct buf *now = &file->inode->now;
    if (file->sim->dead)
        return fail(err, IO_FAILED, "the power is gone");
    *got = at >= now->len ? 0 : now->len - at < len ? now->len - (size_t)at : len;
    if (*got > 0)
        memcpy(out, now->at + at, *got);
    return OK;
}

static inline void sim_put(struct buf *to, uint64_t at, const uint8_t *bytes, size_t len)
{
    if (at + len > to->len) {
        size_t more = (size_t)at + len - to->len;
        uint8_t *end = buf_extend(to, more);
        if (end == NULL)
            abort();
        memset(end, 0, more);
    }
    memcpy(to->at + at, bytes, len);
}

static inline void sim_cut_to(struct buf *to, uint64_t size)
{
    if (size < to->len)
        to->len = (size_t)size;
}

static inline void sim_note(struct sim_inode *inode, uint64_t at, struct bytes content)
{
    grow_to((void **)&inode->changes, &inode->capacity, inode->count,
            sizeof *inode->changes);
    struct sim_change *change = &inode->changes[inode->count++];
    *change = (struct sim_change){.at = at, .len = content.len};
    if (content.at != NULL) {
        change->bytes = xmalloc(content.len);
        memcpy(change->bytes, content.at, content.len);
    }
}

static inline enum status sim_write(struct disk_file *base, struct bytes content,
                                    uint64_t at, struct err *err)
{
    struct sim_file *file = (struct sim_file *)base;
    bool was_dead = file->sim->dead;
    enum status status = sim_step(file->sim, err);
    if (status == OK)
        sim_put(&file->inode->now, at, content.at, content.len);
    if (status == OK ||
        (file->sim->dead && !was_dead)) /* cut in its midst: as luck has it */
        sim_note(file->inode, at, content);
    return status;
}

static inline enum status sim_truncate(struct disk_file *base, uint64_t size,
                                       struct err *err)
{
    struct sim_file *file = (struct sim_file *)base;
    enum status status = sim_step(file->sim, err);
    if (status != OK)
        return status;
    sim_cut_to(&file->inode->now, size);
    sim_note(file->inode, size, (struct bytes){0});
    return OK;
}

/* What of the changes reaches the platter: all, or as luck has it. */
static inline void sim_settle(struct sim_disk *sim, struct sim_inode *inode, bool all)
{
    for (size_t i = 0; i < inode->count; i++) {
        const struct sim_change *change = &inode->changes[i];
        if (!all && sim_draw(sim, 2) == 0)
            continue;
        if (change->bytes == NULL) {
            sim_cut_to(&inode->durable, change->at);
            continue;
        }
        bool torn = !all && sim_draw(sim, change->len > SIM_LONG ? 2 : 3) == 0;
        /* Of what was written in one piece the disk may have got to some place. */
        size_t reached =
            torn && sim_draw(sim, 2) == 0 ? sim_draw(sim, change->len) : change->len;
        for (size_t from = 0; from < change->len;) {
            size_t end = ((size_t)(change->at + from) / SIM_SECTOR + 1) * SIM_SECTOR -
                         (size_t)change->at;
            end = end < change->len ? end : change->len;
            if (!torn || (reached < change->len ? from < reached : sim_draw(sim, 2) == 0))
                sim_put(&inode->durable, change->at + from, change->bytes + from,
                        end - from);
            from = end;
        }
    }
    sim_forget_changes(inode);
}

static inline enum status sim_sync(struct disk_file *base, struct err *err)
{
    struct sim_file *file = (struct sim_file *)base;
    enum status status = sim_step(file->sim, err);
    if (status != OK) {
        /* After a failed sync nobody knows; some systems even forget what was to be synced.
         * */
        if (!file->sim->dead)
            sim_settle(file->sim, file->inode, false);
        return status;
    }
    if (!file->sim->lies)
        sim_settle(file->sim, file->inode, true);
    return OK;
}

static inline enum status sim_size(uint64_t *size, struct disk_file *base, struct err *err)
{
    (void)err;
    *size = ((struct sim_file *)base)->inode->now.len;
    return OK;
}

static inline enum status sim_lock(struct disk_file *base, struct err *err)
{
    struct sim_inode *inode = ((struct sim_file *)base)->inode;
    if (inode->locked)
        return fail(err, BUSY, "another program has this node open");
    inode->locked = true;
    return OK;
}

static inline enum status sim_make_folder(void *context, const char *path, struct err *err)
{
    (void)context, (void)path, (void)err;
    return OK;
}

static inline enum status sim_remove(void *context, const char *path, struct err *err)
{
    enum status status = sim_step(context, err);
    if (status != OK)
        return status;
    if (sim_find(context, path) == NULL)
        return fail(err, NOT_FOUND, "%s: there is no such file", path);
    sim_add_name(context, path, NULL);
    return OK;
}

static inline enum status sim_exists(bool *exists, void *context, const char *path,
                                     struct err *err)
{
    (void)err;
    *exists = sim_find(context, path) != NULL;
    return OK;
}

static inline enum status sim_sync_folder(void *context, const char *path, struct err *err)
{
    struct sim_disk *sim = context;
    (void)path;
    enum status status = sim_step(sim, err);
    if (status == OK && !sim->lies)
        sim->names_durable = sim->name_count;
    return status;
}

static inline void sim_init(struct sim_disk *sim, uint64_t seed)
{
    *sim = (struct sim_disk){
        .disk = {sim_open, sim_close, sim_read, sim_write, sim_truncate, sim_sync, sim_size,
                 sim_lock, sim_make_folder, sim_remove, sim_exists, sim_sync_folder, sim},
        .state = seed * 2 + 1,
    };
}

static inline void sim_release(struct sim_disk *sim)
{
    for (size_t i = 0; i < SIM_FILES; i++) {
        sim_forget_changes(&sim->inodes[i]);
        free(sim->inodes[i].changes);
        buf_release(&sim->inodes[i].now);
        buf_release(&sim->inodes[i].durable);
    }
}

/* The power goes, and comes back. Nothing may be open. */
static inline void sim_cut(struct sim_disk *sim)
{
    size_t lost = sim->name_count - sim->names_durable;
    sim->name_count = sim->names_durable + sim_draw(sim, lost + 1);
    sim->names_durable = sim->name_count;
    for (size_t i = 0; i < SIM_FILES; i++) {
        struct sim_inode *inode = &sim->inodes[i];
        sim_settle(sim, inode, false);
        buf_clear(&inode->now);
        buf_add(&inode->now, buf_bytes(&inode->durable));
    }
    sim->dead = false;
    sim->fail_at = 0;
}

#endif
