/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening, committing, closing. The states of a group are in inside.h.
 */
#include "store/append.h"
#include "store/people.h"
#include "store/settings.h"

#include <sodium.h>
#include <stdlib.h>

enum status store_stop(struct store *store, const struct err *why, struct err *err)
{
    if (!store->stopped)
        store->why = *why;
    store->stopped = true;
    return fail(err, IO_FAILED, "the node has stopped: %s", store->why.text);
}

/* ---- Opening ---- */

static struct store *store_new(const struct store_options *options)
{
    struct store *store = xcalloc(1, sizeof *store);
    store->disk = options->disk != NULL ? options->disk : disk_system();
    store->world = options->world != NULL ? options->world : world_system();
    secrets_init(&store->secrets, options->secret);
    store->database_path = arena_printf(&store->memory, "%s/store.db", options->folder);
    store->keys_path = arena_printf(&store->memory, "%s/store.keys", options->folder);
    store->group = 1;
    store->payload.max = store->form.max = store->opened.max = SEAL_PAYLOAD_MAX;
    store->aside.max = 4 * UINT16_MAX;
    store->sealed.max = SEAL_PAYLOAD_MAX + SEAL_OVERHEAD;
    return store;
}

static struct database_options database_options(const struct store *store,
                                                const struct store_options *options,
                                                bool create)
{
    return (struct database_options){.path = store->database_path,
                                     .disk = store->disk,
                                     .create = create,
                                     .tuning = options->tuning,
                                     .signed_size = options->signed_size};
}

static struct keyring_options keyring_options(const struct store *store,
                                              const uint8_t *node)
{
    return (struct keyring_options){.path = store->keys_path,
                                    .disk = store->disk,
                                    .world = store->world,
                                    .secrets = &store->secrets,
                                    .node = node};
}

/* What an erasing act had noted and a crash kept from being done. */
static enum status finish_erasing(struct store *store, struct err *err)
{
    struct slot_list slots = {0};
    enum status status = database_doomed(&slots, store->db, err);
    if (status == OK && slots.count > 0)
        status = database_check_doomed(store->db, err);
    if (status == OK)
        status = keyring_erase(store->keyring, slots.items, slots.count, err);
    store->doomed_done = slots.count > 0;
    slot_list_release(&slots);
    return status;
}

/* A number too low would have keys that are in use drawn anew. */
static enum status check_next_slot(struct store *store, struct err *err)
{
    uint64_t highest = 0;
    enum status status = database_highest_slot(&highest, store->db, err);
    if (status == OK && store->head.next_slot <= highest)
        status =
            fail(err, CONFLICT,
                 "%s: its next free key would be number %llu, and number %llu is in use; "
                 "put back a copy of the whole folder",
                 store->database_path, (unsigned long long)store->head.next_slot,
                 (unsigned long long)highest);
    return status;
}

static enum status load(struct store *store, struct err *err)
{
    uint8_t node[DATABASE_WRITER];
    enum status status = database_head(&store->head, node, store->db, err);
    if (status != OK)
        return status;
    store->durable_size = store->head.tree.size;
    status = check_next_slot(store, err);
    if (status != OK)
        return status;
    struct keyring_options options = keyring_options(store, node);
    status = keyring_open(&store->keyring, &options, store->head.next_slot, err);
    if (status == OK)
        status = settings_read(store, err);
    if (status == OK && database_was_unclean(store->db)) {
        status = log_verify(store, err);
        store->verified = status == OK;
    }
    if (status == OK)
        status = log_load_tile(store, err);
    if (status == OK)
        status = settings_check_kept(store, err);
    if (status == OK)
        status = finish_erasing(store, err);
    store->loaded = status == OK;
    return status;
}

enum status store_open(struct store **out, const struct store_options *options,
                       struct err *err)
{
    struct store *store = store_new(options);
    struct database_options database = database_options(store, options, false);
    enum status status = database_open(&store->db, &database, err);
    if (status == OK)
        status = load(store, err);
    if (status != OK) {
        store_close(store);
        return status;
    }
    *out = store;
    return OK;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    database_close(store->db, store->loaded && !store->stopped);
    keyring_close(store->keyring);
    secrets_release(&store->secrets);
    index_release(&store->index);
    words_release(&store->words);
    slot_list_release(&store->doomed);
    struct buf *buffers[] = {&store->payload, &store->sealed, &store->form, &store->opened,
                             &store->aside};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        if (buffers[i]->at != NULL)
            sodium_memzero(buffers[i]->at, buffers[i]->capacity);
        buf_release(buffers[i]);
    }
    arena_release(&store->scratch);
    arena_release(&store->memory);
    free(store);
}

const struct store_settings *store_settings(const struct store *store)
{
    return &store->settings;
}

/* ---- Making ---- */

/* A key file without its database is what is left of a node, not a place for a new one. */
static enum status check_place(struct store *store, struct err *err)
{
    bool database = false, keys = false;
    enum status status =
        store->disk->exists(&database, store->disk->context, store->database_path, err);
    if (status == OK)
        status = store->disk->exists(&keys, store->disk->context, store->keys_path, err);
    if (status == OK && keys && !database)
        return fail(
            err, CONFLICT,
            "%s: a key file stands here without its database; put the database back, or "
            "choose another folder",
            store->keys_path);
    return status;
}

/* The database is empty: were the keys those of a making that was interrupted, or of a node? */
static enum status check_keys_unused(struct store *store, struct err *err)
{
    bool used = false;
    enum status status = keyring_was_used(&used, store->disk, store->keys_path, err);
    if (status == OK && used)
        return fail(err, CONFLICT,
                    "%s: a key file in use stands here, and its database is empty; put the "
                    "database back, or choose another folder",
                    store->keys_path);
    return status == NOT_FOUND ? OK : status;
}

static enum status found(struct store *store, const char *first_user, struct err *err)
{
    uint8_t node[DATABASE_WRITER];
    struct log_line line = {.verb = VERB_INIT};
    uint64_t slot;
    world_random(store->world, node, sizeof node);
    struct keyring_options options = keyring_options(store, node);
    enum status status = keyring_create(&options, err);
    if (status == OK)
        status = keyring_open(&store->keyring, &options, 0, err);
    if (status == OK)
        status = store_begin(store, err);
    if (status == OK)
        status = database_found(store->db, node, err);
    if (status == OK)
        status = settings_write(store, err);
    if (status == OK)
        status = log_append(&slot, store, &line, err);
    if (status == OK)
        status = people_found(store, first_user, err);
    return status == OK ? store_commit(store, err) : status;
}

enum status store_create(const struct store_options *options,
                         const struct store_settings *settings, const char *first_user,
                         struct err *err)
{
    enum status status = settings_check(settings, err);
    if (status != OK)
        return status;
    struct store *store = store_new(options);
    uint8_t node[DATABASE_WRITER];
    store->settings = *settings;
    status = store->disk->make_folder(store->disk->context, options->folder, err);
    if (status == OK)
        status = check_place(store, err);
    struct database_options database = database_options(store, options, true);
    if (status == OK)
        status = database_open(&store->db, &database, err);
    if (status != OK)
        goto out;
    switch (database_head(&store->head, node, store->db, NULL)) {
    case OK:
        status = fail(err, CONFLICT, "%s: there is a node here already", options->folder);
        break;
    case NOT_FOUND:
        status = check_keys_unused(store, err);
        if (status == OK)
            status = found(store, first_user, err);
        store->loaded = status == OK;
        break;
    default:
        status = database_head(&store->head, node, store->db, err);
    }
out:
    store_close(store);
    return status;
}

/* ---- Groups ---- */

enum status store_begin(struct store *store, struct err *err)
{
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    if (store->open)
        return OK;
    struct err why = {0};
    enum status status = database_tend(store->db, &why);
    if (status == OK)
        status = database_begin(store->db, &why);
    if (status == OK && store->doomed_done)
        status = database_clear_doomed(store->db, &why);
    if (status == OK)
        store->doomed_done = false;
    if (status == OK)
        status = aside_sweep(store, &why);
    if (status != OK)
        return store_stop(store, &why, err);
    store->open = true;
    return OK;
}

/* The order is what makes erasing final: the note that the slots are to go is durable
 * before the first of them is touched, and they are gone before anybody is told. */
static enum status erase_doomed(struct store *store, struct err *err)
{
    enum status status =
        keyring_erase(store->keyring, store->doomed.items, store->doomed.count, err);
    store->doomed_done = store->doomed.count > 0;
    store->doomed.count = 0;
    return status;
}

enum status store_commit(struct store *store, struct err *err)
{
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    if (!store->open)
        return OK;
    struct err why = {0};
    enum status status = index_flush(&store->index, store->db, &why);
    store->head.next_slot = keyring_next(store->keyring);
    if (status == OK)
        status = database_commit(store->db, &store->head, store->durable_size, &why);
    if (status == OK)
        status = erase_doomed(store, &why);
    if (status != OK)
        return store_stop(store, &why, err);
    store->durable_size = store->head.tree.size;
    store->durable_group = store->group++;
    store->open = false;
    return OK;
}
