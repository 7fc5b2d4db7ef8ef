/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions that show nothing of what is kept: names into ids, and how much there is.
 */
#include "store/version.h"

enum status store_check_keys(const struct store *store, struct err *err)
{
    if (database_keys_damaged(store->db))
        return fail(
            err, REFUSED,
            "what records are found by is damaged; run `enlace rebuild` once, which "
            "makes it again");
    if (store->rules_changed)
        return fail(err, REFUSED,
                    "this program makes keys by other rules than the one that made those "
                    "here; run `enlace rebuild` once");
    return OK;
}

static enum status find_name(uint64_t *number, struct store *store, struct key_row name,
                             const char *what, const char *word, struct err *err)
{
    struct err why = {0};
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    enum status status = index_find_one(number, &store->index, store->db, name, &why);
    if (status == NOT_FOUND)
        return fail(err, NOT_FOUND, "there is no %s \"%.100s\"", what, word);
    if (status == CONFLICT && database_keys_damaged(store->db))
        return fail(err, CONFLICT, "%s", why.text);
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
    bool keyless = status == NOT_FOUND && database_count_keys(store->db) == 0;
    if (keyless || (status == CONFLICT && database_keys_damaged(store->db))) {
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
    out->keys_damaged = database_keys_damaged(store->db);
    merkle_root(out->root, &store->head.tree);
    out->schema = database_schema(store->db);
    out->verified = store->verified;
    return OK;
}
