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
    if (status == IO_FAILED)
        return status;
    if (status != OK) { /* damaged: by what it was found, nobody knows */
        status = index_flush(&store->index, store->db, err);
        if (status == OK)
            status = database_remove_keys_of(store->db, old->number, err);
        index_add(&store->index, &after, now->number);
        return status;
    }
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

static enum status take_entry(void *context, uint64_t sequence, struct bytes row,
                              struct err *err)
{
    (void)sequence;
    return entry_parse(context, row, err);
}

enum status version_entry(struct entry *entry, struct store *store, uint64_t sequence,
                          struct err *err)
{
    *entry = (struct entry){0};
    return database_entries(store->db, sequence, 1, take_entry, entry, err);
}

/* A record has the sequence of the entry that made it. */
enum status version_entered(int64_t *entered_s, struct store *store, uint64_t number,
                            struct err *err)
{
    enum { MS = 1000 };
    struct entry entry;
    enum status status = version_entry(&entry, store, number, err);
    *entered_s = entry.time_ms / MS;
    return status;
}

static bool is_of(const struct entry *entry, struct store *store,
                  const struct shown_row *row)
{
    static const struct {
        enum record_kind kind;
        enum verb first, later;
    } verbs[] = {{KIND_THING, VERB_NEW, VERB_EDIT},
                 {KIND_CASE, VERB_CASE_NEW, VERB_EDIT},
                 {KIND_USER, VERB_USER_ADD, VERB_USER_ADD}};
    uint8_t id[ENTRY_ID];
    bool is_first = entry->sequence == row->number;
    secrets_id(id, &store->secrets, row->number);
    bool is = memcmp(id, entry->object, ENTRY_ID) == 0;
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (verbs[i].kind == row->kind)
            is &= entry->verb == (is_first ? verbs[i].first : verbs[i].later);
    if (is_first && row->kind == KIND_THING) {
        memset(id, 0, sizeof id);
        if (row->case_number != 0)
            secrets_id(id, &store->secrets, row->case_number);
        is &= memcmp(id, entry->case_id, ENTRY_ID) == 0;
    }
    return is;
}

enum status version_check(int64_t *entered_s, struct store *store,
                          const struct shown_row *row, struct err *err)
{
    enum { MS = 1000 };
    struct entry first = {0}, shown = {0};
    enum status status = version_entry(&first, store, row->number, err);
    if (status == OK && row->version != row->number)
        status = version_entry(&shown, store, row->version, err);
    if (status == OK && (first.sequence != row->number || !is_of(&first, store, row) ||
                         (row->version != row->number &&
                          (shown.sequence != row->version || !is_of(&shown, store, row)))))
        status = fail(err, CONFLICT,
                      "the database says of this record what its log does not: somebody "
                      "changed it");
    *entered_s = first.time_ms / MS;
    return status;
}

/* The bytes behind an entry, into store->opened. */
enum status version_payload(struct payload *payload, struct store *store, uint64_t sequence,
                            struct err *err)
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
    enum status status = version_payload(&payload, store, sequence, err);
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

enum status version_name(const char **name, struct store *store, const uint8_t id[ENTRY_ID],
                         struct arena *arena, struct err *err)
{
    struct record_row row = {0};
    struct record record;
    uint64_t number;
    unsigned roles;
    *name = "";
    if (!secrets_number(&number, &store->secrets, id) || number >= store->head.tree.size)
        return OK;
    enum status status = database_record(&row, store->db, number, err);
    bool named = row.kind == KIND_USER || row.kind == KIND_CASE;
    if (status == OK && named)
        status = version_read(&record, &roles, store, row.latest, arena, err);
    if (status == OK && named)
        *name = record.id;
    return status == NOT_FOUND ? OK : status;
}

enum status version_read_note(struct bytes *body, struct store *store, uint64_t sequence,
                              struct arena *arena, struct err *err)
{
    struct payload payload;
    enum status status = version_payload(&payload, store, sequence, err);
    if (status != OK)
        return status;
    if (payload.kind != PAYLOAD_NOTE)
        return fail(err, CONFLICT, "entry %llu has no note", (unsigned long long)sequence);
    *body = arena_bytes(arena, payload.body);
    return OK;
}
