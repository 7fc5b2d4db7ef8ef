/* SPDX-License-Identifier: Apache-2.0
 *
 * Versions of records: written with their entry and keys, and read again.
 */
#include "store/version.h"
#include "store/append.h"
#include "store/form.h"

#include <sodium.h>

enum status version_prepare(struct version *out, struct store *store,
                            const struct record *record, struct err *err)
{
    buf_clear(&store->form);
    enum status status = form_add(&store->form, record, err);
    if (status != OK)
        return status;
    out->record = record;
    out->form = buf_bytes(&store->form);
    secrets_hash(out->content, store->secrets.content, out->form);
    return OK;
}

static void make_payload(struct store *store, const struct version_write *write,
                         const struct version *version)
{
    bool user = write->row->kind == KIND_USER;
    payload_begin(&store->payload, user ? PAYLOAD_USER : PAYLOAD_RECORD,
                  write->act != NULL ? write->act->reason : NULL);
    if (user)
        buf_add_be32(&store->payload, write->roles);
    buf_add(&store->payload, version->form);
}

static enum status write_keys(struct store *store, const struct record_row *old,
                              const struct record_row *now, const struct record *record,
                              struct err *err)
{
    struct index_names before, after;
    struct record last;
    unsigned roles;
    index_of_record(&after, &store->secrets, record, now, &store->scratch);
    if (old == NULL) {
        index_add(&store->index, &after, now->number);
        return OK;
    }
    enum status status =
        version_read(&last, &roles, store, old->latest, &store->scratch, err);
    if (status != OK)
        return status;
    index_of_record(&before, &store->secrets, &last, old, &store->scratch);
    return index_change(&store->index, store->db, &before, &after, now->number, err);
}

enum status version_write(struct store *store, const struct version_write *write,
                          const struct version *version, struct err *err)
{
    struct record_row old = *write->row, *row = write->row;
    bool is_new = old.number == 0;
    uint64_t sequence = store->head.tree.size;
    if (is_new)
        row->number = sequence;
    if (is_new && row->kind == KIND_CASE)
        row->case_number = sequence; /* a case is filed in itself */
    struct log_line line = {
        .verb = write->verb,
        .act = write->act,
        .object = row->number,
        .case_number = log_case(store, write->act, row->case_number),
        .slot = old.slot,
        .own_slot = !is_new,
    };
    make_payload(store, write, version);
    enum status status = log_append(&row->slot, store, &line, err);
    if (status != OK)
        return status;
    row->latest = sequence;
    row->versions++;
    memcpy(row->content, version->content, sizeof row->content);
    status = is_new ? database_add_record(store->db, row, err)
                    : database_put_record(store->db, row, err);
    if (status == OK)
        status = write_keys(store, is_new ? NULL : &old, row, version->record, err);
    if (status == OK)
        status = words_write(store, row, version->record, is_new, err);
    return status;
}

static enum status take_time(void *context, uint64_t number, struct bytes row,
                             struct err *err)
{
    enum { MS = 1000 };
    struct entry entry;
    (void)number;
    enum status status = entry_parse(&entry, row, err);
    if (status == OK)
        *(int64_t *)context = entry.time_ms / MS;
    return status;
}

/* A record has the sequence of the entry that made it. */
enum status version_entered(int64_t *entered_s, struct store *store, uint64_t number,
                            struct err *err)
{
    return database_entries(store->db, number, 1, take_time, entered_s, err);
}

/* The bytes behind an entry, into store->opened. */
static enum status open_payload(struct payload *payload, struct store *store,
                                uint64_t sequence, struct err *err)
{
    uint64_t slot = 0;
    uint8_t key[SECRET_KEY];
    enum status status = database_payload(&slot, &store->sealed, store->db, sequence, err);
    if (status == OK)
        status = keyring_key(key, store->keyring, slot, err);
    if (status != OK)
        return status;
    status = seal_open(&store->opened, key, sequence, buf_bytes(&store->sealed), err);
    sodium_memzero(key, sizeof key);
    return status == OK ? payload_read(payload, buf_bytes(&store->opened), err) : status;
}

enum status version_read(struct record *record, unsigned *roles, struct store *store,
                         uint64_t sequence, struct arena *arena, struct err *err)
{
    struct payload payload;
    enum status status = open_payload(&payload, store, sequence, err);
    if (status != OK)
        return status;
    struct cursor cursor = {.rest = payload.body};
    *roles = payload.kind == PAYLOAD_USER ? cursor_be32(&cursor) : 0;
    if (payload.kind != PAYLOAD_RECORD && payload.kind != PAYLOAD_USER)
        return fail(err, CONFLICT, "entry %llu holds no version of a record",
                    (unsigned long long)sequence);
    const char *home = store->settings.country[0] != '\0' ? store->settings.country : NULL;
    return form_read(record, cursor.rest, home, arena, err);
}

enum status version_read_note(struct bytes *body, struct store *store, uint64_t sequence,
                              struct arena *arena, struct err *err)
{
    struct payload payload;
    enum status status = open_payload(&payload, store, sequence, err);
    if (status != OK)
        return status;
    if (payload.kind != PAYLOAD_NOTE)
        return fail(err, CONFLICT, "entry %llu has no note",
                    (unsigned long long)sequence);
    *body = arena_bytes(arena, payload.body);
    return OK;
}
