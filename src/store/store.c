/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening, committing, closing. The states of a group are in inside.h.
 */
#include "store/append.h"
#include "store/people.h"
#include "store/version.h"

#include "record/normaliser.h"

#include <sodium.h>
#include <stdlib.h>

enum { SETTING_MAX = 1024 };

enum status store_stop(struct store *store, const struct err *why, struct err *err)
{
    if (!store->stopped)
        store->why = *why;
    store->stopped = true;
    return fail(err, IO_FAILED, "the node has stopped: %s", store->why.text);
}

/* ---- Settings ---- */

static const struct {
    const char *name;
    size_t at;
} words[] = {
    {"agency", offsetof(struct store_settings, agency)},
    {"name", offsetof(struct store_settings, name)},
    {"country", offsetof(struct store_settings, country)},
    {"language", offsetof(struct store_settings, language)},
};
enum { WORDS = sizeof words / sizeof words[0] };

static char *word_of(struct store_settings *settings, size_t i)
{
    return (char *)settings + words[i].at;
}

/* Into the database, and into the payload of the node's first entry. */
static enum status write_settings(struct store *store, struct err *err)
{
    struct store_settings *settings = &store->settings;
    uint8_t rules[NORMALISER_HASH];
    const char *fiction = settings->fiction ? "yes" : "no";
    enum status status = OK;
    payload_begin(&store->payload, PAYLOAD_SETTINGS, NULL);
    buf_add_byte(&store->payload, WORDS + 2);
    for (size_t i = 0; i < WORDS && status == OK; i++) {
        struct bytes value = bytes_text(word_of(settings, i));
        payload_add_text(&store->payload, bytes_text(words[i].name));
        payload_add_text(&store->payload, value);
        status = database_set(store->db, words[i].name, value, err);
    }
    payload_add_text(&store->payload, BYTES_OF("fiction"));
    payload_add_text(&store->payload, bytes_text(fiction));
    payload_add_text(&store->payload, BYTES_OF("purpose"));
    payload_add_text(&store->payload, bytes_text(purpose_word(settings->purpose)));
    normaliser_hash(rules);
    if (status == OK)
        status = database_set(store->db, "fiction", bytes_text(fiction), err);
    if (status == OK)
        status = database_set(store->db, "purpose",
                              bytes_text(purpose_word(settings->purpose)), err);
    if (status == OK)
        status = database_set(store->db, "rules", bytes_of(rules, sizeof rules), err);
    return status;
}

static enum status read_settings(struct store *store, struct err *err)
{
    struct buf value = {.max = SETTING_MAX};
    uint8_t rules[NORMALISER_HASH];
    enum status status = OK;
    for (size_t i = 0; i < WORDS && status == OK; i++) {
        status = database_setting(&value, store->db, words[i].name, err);
        if (status == OK && value.len >= STORE_WORD_MAX)
            status = fail(err, CONFLICT, "the setting %s is too long", words[i].name);
        if (status == OK)
            memcpy(word_of(&store->settings, i), buf_text(&value), value.len + 1);
    }
    if (status == OK)
        status = database_setting(&value, store->db, "fiction", err);
    store->settings.fiction = status == OK && bytes_is(buf_bytes(&value), "yes");
    if (status == OK)
        status = database_setting(&value, store->db, "purpose", err);
    if (status == OK)
        status = purpose_parse(&store->settings.purpose, buf_bytes(&value), err);
    if (status == OK)
        status = database_setting(&value, store->db, "rules", err);
    normaliser_hash(rules);
    store->rules_changed = !bytes_equal(buf_bytes(&value), bytes_of(rules, sizeof rules));
    buf_release(&value);
    return status;
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

/* The settings are those that the first entry commits to: fiction cannot be unset. */
static enum status check_settings_kept(struct store *store, struct err *err)
{
    struct payload first;
    struct buf value = {.max = SETTING_MAX};
    enum status status = version_payload(&first, store, 0, err);
    struct cursor cursor = {.rest = status == OK ? first.body : (struct bytes){0}};
    bool kept = status == OK && first.kind == PAYLOAD_SETTINGS;
    for (unsigned left = cursor_u8(&cursor); left > 0 && kept; left--) {
        char name[STORE_WORD_MAX] = {0};
        struct bytes word = cursor_take(&cursor, cursor_be16(&cursor));
        struct bytes said = cursor_take(&cursor, cursor_be16(&cursor));
        kept = !cursor.failed && word.len < sizeof name;
        if (!kept)
            break;
        memcpy(name, word.at, word.len);
        kept = database_setting(&value, store->db, name, err) == OK &&
               bytes_equal(buf_bytes(&value), said);
    }
    buf_release(&value);
    if (status == IO_FAILED || kept)
        return status;
    return fail(
        err, CONFLICT,
        "%s: the settings are not those this node was made with; put back a copy of the "
        "whole folder",
        store->database_path);
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
        status = read_settings(store, err);
    if (status == OK && database_was_unclean(store->db)) {
        status = log_verify(store, err);
        store->verified = status == OK;
    }
    if (status == OK)
        status = log_load_tile(store, err);
    if (status == OK)
        status = check_settings_kept(store, err);
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

static enum status check_settings(const struct store_settings *settings, struct err *err)
{
    struct store_settings copy = *settings;
    for (size_t i = 0; i < WORDS; i++)
        if (memchr(word_of(&copy, i), '\0', STORE_WORD_MAX) == NULL)
            return fail(err, TOO_LARGE, "the %s of the node is longer than %d bytes",
                        words[i].name, STORE_WORD_MAX - 1);
    if (settings->agency[0] == '\0')
        return fail(err, BAD_INPUT, "a node needs the code of its agency");
    return OK;
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
        status = write_settings(store, err);
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
    enum status status = check_settings(settings, err);
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

/* ---- Questions that show nothing ---- */

static enum status find_name(uint64_t *number, struct store *store, struct key_row name,
                             const char *what, const char *word, struct err *err)
{
    struct err why = {0};
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    enum status status = index_find_one(number, &store->index, store->db, name, &why);
    if (status == NOT_FOUND)
        return fail(err, NOT_FOUND, "there is no %s \"%.100s\"", what, word);
    return status == OK ? OK : store_stop(store, &why, err);
}

/* Without its keys a node cannot tell who its administrator is, who could have them made again. */
static enum status look_for_user(uint64_t *number, struct store *store, const char *login,
                                 struct err *err)
{
    struct record_filter users = {.choice = RECORDS_USERS};
    struct record_row row;
    size_t count = 0;
    for (uint64_t after = 0;; after = row.number) {
        struct arena arena = {0};
        struct record user;
        unsigned roles;
        enum status status =
            database_records(&row, &count, 1, store->db, &users, after, err);
        if (status != OK)
            return status;
        if (count == 0)
            return NOT_FOUND;
        bool is = version_read(&user, &roles, store, row.latest, &arena, NULL) == OK &&
                  strcmp(user.id, login) == 0;
        arena_release(&arena);
        *number = row.number;
        if (is)
            return OK;
    }
}

enum status store_find_user(uint8_t id[ENTRY_ID], unsigned *roles, struct store *store,
                            const char *login, struct err *err)
{
    uint64_t number;
    struct err why = {0};
    enum status status = find_name(&number, store, index_of_user(&store->secrets, login),
                                   "user", login, err);
    if (status == NOT_FOUND && database_count_keys(store->db) == 0) {
        status = look_for_user(&number, store, login, &why);
        if (status == NOT_FOUND)
            return fail(err, NOT_FOUND, "there is no user \"%.100s\"", login);
        if (status != OK)
            return store_stop(store, &why, err);
    }
    if (status != OK)
        return status;
    secrets_id(id, &store->secrets, number);
    status = database_roles(roles, store->db, number, &why);
    return status == OK ? OK : store_stop(store, &why, err);
}

enum status store_find_case(uint8_t id[ENTRY_ID], struct store *store,
                            const char *reference, struct err *err)
{
    uint64_t number;
    enum status status = find_name(
        &number, store, index_of_case(&store->secrets, reference), "case", reference, err);
    if (status == OK)
        secrets_id(id, &store->secrets, number);
    return status;
}

enum status store_find_source(uint8_t id[ENTRY_ID], struct store *store,
                              const uint8_t who[ENTRY_ID], const uint8_t case_id[ENTRY_ID],
                              const char *source, struct err *err)
{
    uint64_t number, user, case_number = 0;
    bool sees = entry_id_is_none(case_id);
    enum status status = OK;
    if (!sees && secrets_number(&case_number, &store->secrets, case_id) &&
        secrets_number(&user, &store->secrets, who))
        status = database_is_member(&sees, store->db, case_number, user, err);
    if (status == OK && !sees)
        status = NOT_FOUND;
    if (status == OK)
        status = find_name(
            &number, store,
            index_of_source_id(&store->secrets, case_number, "", bytes_text(source)),
            "record", source, err);
    if (status == OK)
        secrets_id(id, &store->secrets, number);
    return status == NOT_FOUND
               ? fail(err, NOT_FOUND, "there is no record \"%.100s\" here", source)
               : status;
}

static enum status add_size(uint64_t *bytes, struct store *store, const char *path,
                            struct err *err)
{
    struct disk_file *file = NULL;
    uint64_t size = 0;
    bool exists = false;
    enum status status = store->disk->exists(&exists, store->disk->context, path, err);
    if (status != OK || !exists)
        return status;
    status = store->disk->open(&file, store->disk->context, path, false, err);
    if (status == OK) {
        status = store->disk->size(&size, file, err);
        store->disk->close(file);
    }
    *bytes += size;
    return status;
}

enum status store_status(struct store_status *out, struct store *store, struct err *err)
{
    struct record_counts counts;
    memset(out, 0, sizeof *out);
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    enum status status = database_count_records(&counts, store->db, err);
    const char *wal = arena_printf(&store->scratch, "%s-wal", store->database_path);
    if (status == OK)
        status = add_size(&out->bytes, store, store->database_path, err);
    if (status == OK)
        status = add_size(&out->bytes, store, wal, err);
    if (status == OK)
        status = add_size(&out->bytes, store, store->keys_path, err);
    if (status != OK)
        return status;
    out->entries = store->head.tree.size;
    out->records = counts.things;
    out->erased = counts.erased;
    out->users = counts.users;
    out->cases = counts.cases;
    out->keys = database_count_keys(store->db);
    merkle_root(out->root, &store->head.tree);
    out->schema = database_schema(store->db);
    out->verified = store->verified;
    return OK;
}
