/* SPDX-License-Identifier: Apache-2.0 */
#include "store/note.h"
#include "base/text.h"
#include "store/append.h"
#include "store/findings.h"
#include "store/version.h"

#include <assert.h>
#include <stdlib.h>

static enum status append_note(struct store *store, const struct note *note,
                               uint64_t case_number, struct err *err)
{
    struct log_line line = {
        .verb = note->verb, .object_id = note->object, .case_number = case_number};
    uint64_t slot;
    payload_begin(&store->payload, PAYLOAD_NOTE, NULL);
    buf_add(&store->payload, note->body);
    return log_append(&slot, store, &line, err);
}

static enum status file_claim(uint8_t *id, struct store *store, const struct note *note,
                              uint64_t case_number, struct err *err)
{
    struct record_row row = {.kind = KIND_CLAIM, .case_number = case_number};
    struct version_write write = {.row = &row, .verb = note->verb};
    struct version version;
    enum status status = version_prepare(&version, store, note->record, err);
    if (status == OK)
        status = version_write(store, &write, &version, err);
    if (status == OK && id != NULL)
        secrets_id(id, &store->secrets, row.number);
    return status;
}

/* Was it filed before? */
static enum status find_claim(uint64_t *number, struct store *store, const char *id,
                              struct err *err)
{
    enum status status = index_find_one(number, &store->index, store->db,
                                        index_of_finding(&store->secrets, id), err);
    if (status == NOT_FOUND)
        *number = 0;
    return status == NOT_FOUND ? OK : status;
}

enum status store_note(uint8_t *id, struct store *store, const struct note *note,
                       struct err *err)
{
    struct err why = {0};
    struct record_row about = {0};
    uint64_t before = 0;
    assert(note->body.len <= ACT_NOTE_MAX && note->value.len <= STATE_MAX);
    enum status status = store_begin(store, err);
    if (status != OK)
        return status;
    arena_reset(&store->scratch);
    if (note->record != NULL)
        status = find_claim(&before, store, note->record->id, &why);
    if (status == OK && before != 0) {
        if (id != NULL)
            secrets_id(id, &store->secrets, before);
        return fail(err, CONFLICT, "this claim was filed before");
    }
    if (status == OK && note->about != 0)
        status = database_record(&about, store->db, note->about, &why);
    if (status == OK && (note->record == NULL || note->body.len > 0))
        status = append_note(store, note, about.case_number, &why);
    if (status == OK && note->record != NULL)
        status = file_claim(id, store, note, about.case_number, &why);
    if (status == OK && note->state != NULL)
        status = database_set(store->db, note->state, note->value, &why);
    return status == OK ? OK : store_stop(store, &why, err);
}

enum status store_state(struct buf *value, struct store *store, const char *name,
                        struct err *err)
{
    struct err why = {0};
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    enum status status = database_setting(value, store->db, name, &why);
    if (status == NOT_FOUND)
        return fail(err, NOT_FOUND, "there is no %s yet", name);
    return status == OK ? OK : store_stop(store, &why, err);
}

enum status store_note_stranger(struct store *store, const char *account, uint64_t times,
                                struct err *err)
{
    struct log_line line = {.verb = VERB_REFUSE};
    struct err why = {0}, sentence = {0};
    uint64_t slot;
    assert(strlen(account) <= PAYLOAD_REASON_MAX);
    enum status status = store_begin(store, err);
    if (status != OK)
        return status;
    arena_reset(&store->scratch);
    fail(&sentence, REFUSED, "no user of this node; tried %llu %s since the last entry",
         (unsigned long long)times, plural(times, "time", "times"));
    aside_begin(store, PAYLOAD_REFUSAL, account, (struct bytes){0});
    buf_add_byte(&store->payload, VERB_LOG_IN);
    payload_add_text(&store->payload, bytes_text(sentence.text));
    status = log_append(&slot, store, &line, &why);
    return status == OK ? OK : store_stop(store, &why, err);
}

enum status store_publish(struct receipt **out, struct store *store, struct err *err)
{
    struct err why = {0};
    if (store_check_keys(store, err) != OK)
        return REFUSED;
    enum status status = store_begin(store, err);
    if (status != OK)
        return status;
    struct receipt *receipt = receipt_new(store, VERB_PUBLISH);
    arena_reset(&store->scratch);
    status = findings_publish(receipt, NULL, NULL, &why);
    if (status != OK)
        status = store_stop(store, &why, err);
    if (status == OK)
        status = store_commit(store, err);
    if (status == OK)
        status = receipt_open(receipt, err);
    if (status != OK) {
        receipt_close(receipt);
        return status;
    }
    *out = receipt;
    return OK;
}

enum status store_current(struct record *record, struct store *store, uint64_t number,
                          struct arena *arena, struct err *err)
{
    struct record_row row = {.erased = true};
    unsigned roles;
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    enum status status = number < store->head.tree.size
                             ? database_record(&row, store->db, number, err)
                             : NOT_FOUND;
    if (status == NOT_FOUND || (status == OK && row.erased))
        return fail(err, NOT_FOUND, "it was erased");
    return status == OK ? version_read(record, &roles, store, row.latest, arena, err)
                        : status;
}

bool store_number(uint64_t *number, const struct store *store, const uint8_t id[ENTRY_ID])
{
    return secrets_number(number, &store->secrets, id);
}

static enum status look_at_entry(void *context, uint64_t sequence, struct bytes wire,
                                 struct err *err)
{
    struct entry entry;
    bool *changed = context;
    enum status status = entry_parse(&entry, wire, err);
    (void)sequence;
    if (status == OK &&
        (entry.verb == VERB_NEW || entry.verb == VERB_EDIT || entry.verb == VERB_ERASE))
        *changed = true;
    return status;
}

enum status store_changed(bool *changed, struct store *store, uint64_t from,
                          struct err *err)
{
    enum { STEP = 4096 };
    *changed = false;
    enum status status = OK;
    for (; from < store->head.tree.size && status == OK && !*changed; from += STEP)
        status = database_entries(store->db, from, STEP, look_at_entry, changed, err);
    return status;
}

enum { NOTES_STEP = 4096 };

/* The entries of a stretch of the log that have such a note. */
struct noted {
    enum verb verb;
    int64_t since_ms;
    uint64_t sequences[NOTES_STEP];
    int64_t times_ms[NOTES_STEP];
    size_t count;
};

static enum status take_noted(void *context, uint64_t sequence, struct bytes wire,
                              struct err *err)
{
    struct noted *noted = context;
    struct entry entry;
    enum status status = entry_parse(&entry, wire, err);
    if (status == OK && entry.verb == noted->verb && entry.time_ms >= noted->since_ms) {
        noted->sequences[noted->count] = sequence;
        noted->times_ms[noted->count++] = entry.time_ms;
    }
    return status;
}

enum status store_notes(struct store *store, enum verb verb, int64_t since_ms,
                        store_on_note *visit, void *context, struct err *err)
{
    struct noted *noted = xcalloc(1, sizeof *noted);
    struct arena arena = {0};
    enum status status = OK;
    noted->verb = verb;
    noted->since_ms = since_ms;
    for (uint64_t from = 0; from < store->head.tree.size && status == OK;
         from += NOTES_STEP) {
        noted->count = 0;
        status = database_entries(store->db, from, NOTES_STEP, take_noted, noted, err);
        for (size_t i = 0; i < noted->count && status == OK; i++) {
            struct bytes body;
            arena_reset(&arena);
            status = version_read_note(&body, store, noted->sequences[i], &arena, err);
            if (status == OK)
                status = visit(context, noted->times_ms[i], body, err);
        }
    }
    arena_release(&arena);
    free(noted);
    return status;
}

enum status store_has_other(bool *has, struct store *store, const uint8_t who[ENTRY_ID],
                            unsigned roles, struct err *err)
{
    static const struct record_filter users = {.choice = RECORDS_USERS};
    struct err why = {0};
    struct record_row row;
    uint64_t after = 0, self = 0;
    size_t count = 1;
    enum status status = OK;
    secrets_number(&self, &store->secrets, who);
    for (*has = false; status == OK && count == 1 && !*has; after = row.number) {
        unsigned held = 0;
        status = database_records(&row, &count, 1, store->db, &users, after, &why);
        if (status == OK && count == 1)
            status = database_roles(&held, store->db, row.number, &why);
        *has = status == OK && count == 1 && row.number != self && (held & roles) != 0;
    }
    return status == OK ? OK : store_stop(store, &why, err);
}

void store_id(uint8_t id[ENTRY_ID], const struct store *store, uint64_t number)
{
    secrets_id(id, &store->secrets, number);
}

uint64_t store_size(const struct store *store)
{
    return store->head.tree.size;
}
