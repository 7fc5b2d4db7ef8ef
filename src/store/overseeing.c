/* SPDX-License-Identifier: Apache-2.0 */
#include "store/overseeing.h"

#include "store/append.h"
#include "store/version.h"

#include <stdlib.h>

/* Names of users and cases that were opened already: few, in a log of many entries. */
enum { PAGE = 256, NAMES_MAX = 256 };

struct name {
    uint8_t id[ENTRY_ID];
    const char *text;
};

struct log_reader {
    uint64_t next, end;                       /* entries [next, end) were not looked at */
    uint8_t who[ENTRY_ID], case_id[ENTRY_ID]; /* all zero: anybody, any case */
    struct entry page[PAGE];
    size_t count, at;
    struct name names[NAMES_MAX];
    size_t name_count;
    struct arena memory; /* the names */
};

void overseeing_release(struct log_reader *reader)
{
    if (reader != NULL)
        arena_release(&reader->memory);
    free(reader);
}

/* ---- The acts ---- */

static enum status log_note(struct receipt *receipt, const struct act *act, struct err *err)
{
    struct store *store = receipt->store;
    uint64_t slot;
    struct log_line line = {
        .verb = receipt->verb, .act = act, .case_number = log_case(store, act, 0)};
    if (!entry_id_is_none(act->object))
        line.object_id = act->object;
    receipt->sequence = store->head.tree.size;
    aside_begin(store, PAYLOAD_NOTE, act->reason, (struct bytes){0});
    if (receipt->verb == VERB_LOG_READ) {
        buf_add_be64(&store->payload, act->from);
        buf_add_be64(&store->payload, act->to);
    }
    return log_append(&slot, store, &line, err);
}

enum status overseeing_read(struct receipt *receipt, const struct act *act,
                            const struct record_row *object, struct err *err)
{
    (void)object;
    if (act->role != ROLE_OVERSEER && entry_id_is_none(act->case_id))
        return refuse(receipt, REFUSED,
                      "the whole log is read by the overseer; name one of your cases with "
                      "--case");
    enum status status = log_note(receipt, act, err);
    if (status != OK)
        return status;
    struct log_reader *reader = xcalloc(1, sizeof *reader);
    reader->next = act->from;
    reader->end = act->to < receipt->sequence ? act->to + 1 : receipt->sequence + 1;
    memcpy(reader->who, act->object, ENTRY_ID);
    memcpy(reader->case_id, act->case_id, ENTRY_ID);
    receipt->reader = reader;
    return OK;
}

enum status overseeing_verify(struct receipt *receipt, const struct act *act,
                              const struct record_row *object, struct err *err)
{
    (void)object;
    return log_note(receipt, act, err);
}

/* ---- What an entry says ---- */

static bool is_wanted(const struct log_reader *reader, const struct entry *entry)
{
    return (entry_id_is_none(reader->who) ||
            memcmp(reader->who, entry->actor, ENTRY_ID) == 0) &&
           (entry_id_is_none(reader->case_id) ||
            memcmp(reader->case_id, entry->case_id, ENTRY_ID) == 0);
}

static enum status take_entry(void *context, uint64_t sequence, struct bytes wire,
                              struct err *err)
{
    struct log_reader *reader = context;
    struct entry *entry = &reader->page[reader->count];
    if (sequence != reader->next)
        return fail(err, CONFLICT, "entry %llu of the log is missing",
                    (unsigned long long)reader->next);
    if (entry_parse(entry, wire, err) != OK || entry->sequence != sequence)
        return fail(err, CONFLICT,
                    "entry %llu of the log is damaged; `enlace log verify` says more",
                    (unsigned long long)sequence);
    reader->next = sequence + 1;
    reader->count += is_wanted(reader, entry);
    return OK;
}

static enum status next_page(struct log_reader *reader, struct store *store,
                             struct err *err)
{
    enum status status = OK;
    reader->count = reader->at = 0;
    while (status == OK && reader->count == 0 && reader->next < reader->end) {
        uint64_t from = reader->next, left = reader->end - from;
        status = database_entries(store->db, from, left < PAGE ? left : PAGE, take_entry,
                                  reader, err);
        if (status == OK && reader->next == from)
            return fail(err, CONFLICT, "entry %llu of the log is missing",
                        (unsigned long long)from);
    }
    return status;
}

/* The login of a user, or the reference of a case: the id that stands in the record of either. Of one
 * that cannot be read, and of what is none of ours, empty. */
static enum status name_of(const char **out, struct log_reader *reader, struct store *store,
                           const uint8_t id[ENTRY_ID], struct err *err)
{
    *out = "";
    if (entry_id_is_none(id))
        return OK;
    for (size_t i = 0; i < reader->name_count; i++)
        if (memcmp(reader->names[i].id, id, ENTRY_ID) == 0) {
            *out = reader->names[i].text;
            return OK;
        }
    enum status status = version_name(out, store, id, &reader->memory, err);
    if (status != OK &&
        status != IO_FAILED) { /* damaged: its entries can be read all the same */
        *out = "";
        status = OK;
    }
    if (status == OK && reader->name_count < NAMES_MAX) {
        struct name *name = &reader->names[reader->name_count++];
        memcpy(name->id, id, ENTRY_ID);
        name->text = *out;
    }
    return status;
}

/* Which act was refused stands in the payload; nobody can say once that is gone. */
static void read_refusal(struct log_row *row, struct store *store)
{
    struct payload payload;
    if (version_payload(&payload, store, row->sequence, NULL) != OK ||
        payload.kind != PAYLOAD_REFUSAL || payload.body.len == 0 ||
        !verb_is_known(payload.body.at[0]))
        return;
    row->verb = (enum verb)payload.body.at[0];
}

enum status receipt_entry(struct log_row *out, struct receipt *receipt, struct err *err)
{
    struct log_reader *reader = receipt->reader;
    struct store *store = receipt->store;
    enum status status = receipt_open(receipt, err);
    if (status != OK)
        return status;
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    if (reader->at == reader->count)
        status = next_page(reader, store, err);
    if (status != OK)
        return status;
    if (reader->at == reader->count)
        return fail(err, NOT_FOUND, "there is no more");
    const struct entry *entry = &reader->page[reader->at++];
    *out = (struct log_row){.sequence = entry->sequence,
                            .time_ms = entry->time_ms,
                            .role = entry->role,
                            .verb = entry->verb,
                            .refused = entry->verb == VERB_REFUSE,
                            .has_purpose = entry->has_purpose,
                            .purpose = entry->purpose};
    memcpy(out->object, entry->object, ENTRY_ID);
    memcpy(out->case_id, entry->case_id, ENTRY_ID);
    if (out->refused)
        read_refusal(out, store);
    status = name_of(&out->who, reader, store, entry->actor, err);
    return status == OK ? name_of(&out->case_name, reader, store, entry->case_id, err)
                        : status;
}
