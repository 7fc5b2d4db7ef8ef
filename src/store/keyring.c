/* SPDX-License-Identifier: Apache-2.0 */
#include "store/keyring.h"

#include "base/memory.h"

#include <sodium.h>
#include <stdlib.h>

enum { HEAD = 4096, MAGIC = 16, SLOT = SECRET_KEY };
enum { NODE_AT = MAGIC, CHECK_AT = MAGIC + KEYRING_NODE };
/* Filled ahead: little by a command that does one act, much by an import. */
enum { AHEAD_FIRST = 64, AHEAD_MOST = 16384 };

static const uint8_t magic[MAGIC] = "enlace keys 1\n";

struct keyring {
    const struct disk *disk;
    const struct world *world;
    const struct secrets *secrets;
    struct disk_file *file;
    uint64_t next, filled; /* slots [next, filled) are durable and free */
    uint64_t ahead_from;   /* slot of ahead[0] */
    size_t ahead_count;
    uint8_t *ahead; /* the slots filled last, so that taking one reads nothing */
};

static uint64_t place_of(uint64_t slot)
{
    return HEAD + slot * SLOT;
}

enum status keyring_create(const struct keyring_options *options, struct err *err)
{
    uint8_t head[HEAD] = {0};
    struct disk_file *file = NULL;
    const struct disk *disk = options->disk;
    memcpy(head, magic, MAGIC);
    memcpy(head + NODE_AT, options->node, KEYRING_NODE);
    memcpy(head + CHECK_AT, options->secrets->check, SECRET_CHECK);
    enum status status = disk->open(&file, disk->context, options->path, true, err);
    if (status == OK)
        status = disk->truncate(file, 0, err);
    if (status == OK)
        status = disk->write(file, bytes_of(head, sizeof head), 0, err);
    if (status == OK)
        status = disk->sync(file, err);
    if (status == OK)
        status = disk->sync_folder(disk->context, options->path, err);
    if (file != NULL)
        disk->close(file);
    return status;
}

enum status keyring_was_used(bool *used, const struct disk *disk, const char *path,
                             struct err *err)
{
    struct disk_file *file = NULL;
    uint64_t size = 0;
    enum status status = disk->open(&file, disk->context, path, false, err);
    if (status != OK)
        return status;
    status = disk->size(&size, file, err);
    disk->close(file);
    *used = size > HEAD + AHEAD_FIRST * SLOT;
    return status;
}

static enum status check_head(struct keyring *keyring,
                              const struct keyring_options *options, struct err *err)
{
    uint8_t head[HEAD];
    size_t got = 0;
    enum status status =
        keyring->disk->read(&got, keyring->file, head, sizeof head, 0, err);
    if (status != OK)
        return status;
    if (got < sizeof head || memcmp(head, magic, MAGIC) != 0)
        return fail(err, BAD_INPUT, "%s: this is no key file of Enlace, or it was damaged",
                    options->path);
    if (memcmp(head + NODE_AT, options->node, KEYRING_NODE) != 0)
        return fail(err, REFUSED, "%s: this key file belongs to another node",
                    options->path);
    if (sodium_memcmp(head + CHECK_AT, options->secrets->check, SECRET_CHECK) != 0)
        return fail(err, REFUSED,
                    "%s: the secret that was given is not the one this node was made with",
                    options->path);
    return OK;
}

enum status keyring_open(struct keyring **out, const struct keyring_options *options,
                         uint64_t next, struct err *err)
{
    struct keyring *keyring = xcalloc(1, sizeof *keyring);
    keyring->disk = options->disk;
    keyring->world = options->world;
    keyring->secrets = options->secrets;
    keyring->next = keyring->filled = next;
    uint64_t size = 0;
    enum status status = keyring->disk->open(&keyring->file, options->disk->context,
                                             options->path, false, err);
    if (status == NOT_FOUND)
        status = fail(err, NOT_FOUND,
                      "%s: the key file of this node is missing, and without it nobody can "
                      "read what is kept here; put it back",
                      options->path);
    if (status == OK)
        status = check_head(keyring, options, err);
    if (status == OK)
        status = keyring->disk->size(&size, keyring->file, err);
    if (status == OK && (next > size / SLOT || size < place_of(next)))
        status =
            fail(err, CONFLICT,
                 "%s: the key file ends before the keys that the database uses; put back "
                 "the key file that belongs to it",
                 options->path);
    if (status != OK) {
        keyring_close(keyring);
        return status;
    }
    *out = keyring;
    return OK;
}

void keyring_close(struct keyring *keyring)
{
    if (keyring == NULL)
        return;
    if (keyring->file != NULL)
        keyring->disk->close(keyring->file);
    if (keyring->ahead != NULL)
        sodium_memzero(keyring->ahead, keyring->ahead_count * SLOT);
    free(keyring->ahead);
    free(keyring);
}

static enum status fill_ahead(struct keyring *keyring, struct err *err)
{
    size_t count = keyring->ahead_count == 0 ? AHEAD_FIRST : 4 * keyring->ahead_count;
    if (count > AHEAD_MOST)
        count = AHEAD_MOST;
    if (keyring->ahead != NULL) /* moved, they would stay behind */
        sodium_memzero(keyring->ahead, keyring->ahead_count * SLOT);
    free(keyring->ahead);
    keyring->ahead = xmalloc(count * SLOT);
    keyring->ahead_count = count;
    keyring->ahead_from = keyring->filled;
    world_random(keyring->world, keyring->ahead, count * SLOT);
    enum status status =
        keyring->disk->write(keyring->file, bytes_of(keyring->ahead, count * SLOT),
                             place_of(keyring->filled), err);
    if (status == OK)
        status = keyring->disk->sync(keyring->file, err);
    if (status == OK)
        keyring->filled += count;
    return status;
}

enum status keyring_take(uint64_t *slot, uint8_t key[SECRET_KEY], struct keyring *keyring,
                         struct err *err)
{
    if (keyring->next == keyring->filled) {
        enum status status = fill_ahead(keyring, err);
        if (status != OK)
            return status;
    }
    *slot = keyring->next++;
    secrets_slot_key(key, keyring->secrets, *slot,
                     keyring->ahead + (*slot - keyring->ahead_from) * SLOT);
    return OK;
}

uint64_t keyring_next(const struct keyring *keyring)
{
    return keyring->next;
}

static enum status check_slot(const struct keyring *keyring, uint64_t slot, struct err *err)
{
    return slot < keyring->next
               ? OK
               : fail(err, CONFLICT, "the database names a key that was never given out");
}

enum status keyring_key(uint8_t key[SECRET_KEY], struct keyring *keyring, uint64_t slot,
                        struct err *err)
{
    uint8_t seed[SLOT];
    size_t got = 0;
    enum status status = check_slot(keyring, slot, err);
    if (status == OK)
        status = keyring->disk->read(&got, keyring->file, seed, sizeof seed, place_of(slot),
                                     err);
    if (status != OK)
        return status;
    if (got < sizeof seed)
        return fail(err, IO_FAILED, "the key file is shorter than it was");
    if (sodium_is_zero(seed, sizeof seed))
        return fail(err, NOT_FOUND, "the words were erased");
    secrets_slot_key(key, keyring->secrets, slot, seed);
    sodium_memzero(seed, sizeof seed);
    return OK;
}

enum status keyring_erase(struct keyring *keyring, const uint64_t *slots, size_t count,
                          struct err *err)
{
    static const uint8_t zeros[SLOT];
    for (size_t i = 0; i < count; i++) {
        enum status status = check_slot(keyring, slots[i], err);
        if (status == OK)
            status = keyring->disk->write(keyring->file, bytes_of(zeros, sizeof zeros),
                                          place_of(slots[i]), err);
        if (status != OK)
            return status;
        if (keyring->ahead != NULL && slots[i] >= keyring->ahead_from &&
            slots[i] < keyring->ahead_from + keyring->ahead_count)
            sodium_memzero(keyring->ahead + (slots[i] - keyring->ahead_from) * SLOT, SLOT);
    }
    return count > 0 ? keyring->disk->sync(keyring->file, err) : OK;
}
